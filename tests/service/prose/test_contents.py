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
        ("La foire aura lieu le 3 mai.", "La foire se tiendra le 3 mai.", None),
        ("Le fleuve mesure 200 kilomètres.", "La longueur du fleuve est de 200 kilomètres.", None),
        ("Le fleuve a une largeur de 200 mètres.", "La longueur du fleuve est de 200 mètres.", Reason.INVENTED),
        ("Le billet est à 135 euros.", "Le billet coûte 135 euros.", None),
        ("Le billet est au guichet.", "Le billet coûte au guichet.", Reason.INVENTED),
        ("Il écrit Le Phare (1941).", "Le Phare est paru en 1941.", None),
        ("Il écrit Le Phare en 1941.", "Le Phare est paru en 1941.", Reason.INVENTED),
        ("La cotisation est de 20 euros par an.", "La cotisation annuelle est de 20 euros.", None),
        ("La cotisation est de 20 euros.", "La cotisation annuelle est de 20 euros.", Reason.INVENTED),
        ("Elle rompt le pacte civil de solidarité.", "Elle rompt le PACS.", None),
        ("Elle rompt le pacte civil de solidarité.", "Elle rompt le PLU.", Reason.NAME),
    ],
)  # fmt: skip
def test_names_and_words_are_those_of_the_quote(embedder, quote, sentence, reason):
    assert_verdict(embedder, quote, sentence, reason)


def test_the_question_said_again_is_no_answer(embedder):
    asked = checker(embedder, "Le phare éclaire la baie.", question="Qu’éclaire le phare ?")
    assert asked.check("Le phare éclaire.", (1,)).reasons == (Reason.ECHO,)
