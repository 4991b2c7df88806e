import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.prose.grammar import FEWEST_WORDS, MOST_WORDS, grammar_of


def matcher(numbers: list[int], sentences: int) -> re.Pattern[str]:
    """The grammar as a regular expression: its rules call one another without recursion."""
    rules = dict(line.split(" ::= ", 1) for line in grammar_of(numbers, sentences).strip().splitlines())

    def expand(rule: str) -> str:
        parts = re.findall(r'"[^"]*"|\[\^(?:\\.|[^\]])*\]|[a-z]+|[(){}|+]|\d+,\d+|\s+', rules[rule])
        assert "".join(parts) == rules[rule]
        out = []
        for part in parts:
            if part.startswith('"'):
                out.append(re.escape(part[1:-1]))
            elif part in rules:
                out.append(f"(?:{expand(part)})")
            elif part.strip():
                out.append(part)
        return "".join(out)

    return re.compile(expand("root"))


def test_sentences_end_with_given_numbers():
    legal = matcher([1, 3], 2)
    assert legal.fullmatch("Le phare est haut. [1]")
    assert legal.fullmatch("Le phare est haut. [1][3] Il a été construit en 1839. [3]")
    assert legal.fullmatch("Il compte 500\u00a0000 clients. [3]")


@pytest.mark.parametrize(
    "text",
    ["Le phare est haut.", "Le phare est haut. [2]", "Le phare est haut. [3][1]", "Le phare [1] est haut.", "[1]", "",
     "Le phare est haut. [1] Il est beau. [1] Il est vieux. [1]", "Le phare est haut. [1]\n", "Le phare <|im_end|> est. [1]",
     "Le phare est haut. [1][1]", "Deux mots [1]", "mot " * MOST_WORDS + "mot [1]", "Le phare est haut. [13]"],
)  # fmt: skip
def test_nothing_else_can_be_written(text):
    assert not matcher([1, 3], 2).fullmatch(text)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5, unique=True), st.integers(FEWEST_WORDS, MOST_WORDS))
def test_every_number_can_be_cited_alone(numbers, words):
    legal = matcher(numbers, 3)
    for number in range(1, 10):
        assert bool(legal.fullmatch("mot " * words + f"[{number}]")) is (number in numbers)
