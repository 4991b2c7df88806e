"""Names and content words that no quote has, and the question said again."""

import pytest

from service.prose.verdict import Reason
from tests.service.prose.checked import assert_verdict, checker


@pytest.mark.parametrize(
    ("quote", "sentence", "reason"),
    [
        ("Anselme Tréguier construisit le phare.", "Anselme Le Goff construisit le phare.", Reason.NAME),
        ("Le phare éclaire la baie.", "Le phare éclaire la baie et le cimetière.", Reason.INVENTED),
        ("Le dossier est rendu le 3 mai.", "Le dossier est rendu avant le 3 mai.", Reason.INVENTED),
        ("Le dossier est rendu au plus tard le 3 mai.", "Le dossier est rendu avant le 3 mai.", None),
    ],
)  # fmt: skip
def test_names_and_words_are_those_of_the_quote(embedder, quote, sentence, reason):
    assert_verdict(embedder, quote, sentence, reason)


def test_the_question_said_again_is_no_answer(embedder):
    asked = checker(embedder, "Le phare éclaire la baie.", question="Qu’éclaire le phare ?")
    assert asked.check("Le phare éclaire.", (1,)).reasons == (Reason.ECHO,)
