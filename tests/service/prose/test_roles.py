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
    ],
)  # fmt: skip
def test_roles_are_those_of_the_quote(embedder, quote, sentence, reason):
    assert_verdict(embedder, quote, sentence, reason)


def test_a_list_tells_nothing_apart(embedder):
    told = checker(embedder, "La société compte des bureaux à Brest, à Quimper et à Lorient.")
    assert told.check("La société compte des bureaux à Lorient.", (1,)).supported
