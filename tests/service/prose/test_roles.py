"""Who does what to whom, and what is told of which."""

import pytest

from service.prose.verdict import Reason
from tests.service.prose.checked import assert_verdict, checker


@pytest.mark.parametrize(
    ("quote", "sentence", "reason"),
    [
        ("Le conseil nomme le directeur.", "Le directeur nomme le conseil.", Reason.ROLE),
        ("Le directeur est nommé par le conseil.", "Le conseil nomme le directeur.", None),
        ("Le village compte 157 habitants en 2020, après un pic de population de 374 âmes en 1954.", "Le village a connu un pic de population de 157 âmes.", Reason.ROLE),
        ("La halle est à Quimper et le phare qui éclaire la baie est à Brest.", "Le phare qui éclaire la baie est à Quimper.", Reason.ROLE),
        ("Née à Quimper, elle fait un long séjour à Brest en 1917.", "Elle fait un long séjour à Quimper.", Reason.ROLE),
        ("Née à Quimper, elle fait un long séjour à Brest en 1917.", "Née à Quimper, elle fait un séjour à Brest.", None),
        ("Il est né à Brest et mort, après trois ans de maladie, à Lorient.", "Il est né à Lorient.", Reason.ROLE),
        ("Le fleuve naît dans la montagne puis coule dans la plaine.", "Le fleuve naît dans la plaine puis coule dans la montagne.", Reason.ROLE),
    ],
)  # fmt: skip
def test_roles_are_those_of_the_quote(embedder, quote, sentence, reason):
    assert_verdict(embedder, quote, sentence, reason)


def test_a_list_tells_nothing_apart(embedder):
    told = checker(embedder, "La société compte des bureaux à Brest, à Quimper et à Lorient.")
    assert told.check("La société compte des bureaux à Lorient.", (1,)).supported


def test_a_number_is_misplaced_whatever_it_is_written_with(embedder):
    told = checker(embedder, "La visite dure quarante minutes, la promenade trente minutes.")
    assert told.check("La visite dure 40 minutes.", (1,)).supported
    assert not told.check("La visite dure 30 minutes.", (1,)).supported


def test_the_subject_of_the_question_may_stand_for_a_pronoun(embedder):
    quote = "Trois lignes la desservent : deux mènent de Quimper à Brest, une à Lorient."
    told = checker(embedder, quote, question="Combien de lignes desservent Lorient ?")
    assert told.check("Trois lignes desservent Lorient.", (1,)).supported
