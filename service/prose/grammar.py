"""The numbers of the quotes to a grammar (GBNF) in which no other citation can be written."""

from collections.abc import Sequence
from itertools import combinations

FEWEST_WORDS, MOST_WORDS = 3, 45  # of a sentence
MOST_CITED = 3  # quotes that one sentence may cite
# No square bracket but in a marker, nothing of a chat's own marks, no line end. A no-break space is part of a word.
_CHARACTERS = r"[^\[\]<>{}|\\\x00-\x20]"


def grammar_of(numbers: Sequence[int], sentences: int, words: int = MOST_WORDS, letters: int | None = None) -> str:
    """One to ``sentences`` sentences of at most so many words, of so many letters at most if they are to be bounded, each
    sentence ending with one to three of ``numbers`` in ascending order: « … [1][3] »."""
    given = sorted(set(numbers))
    cited = [
        '"' + "".join(f"[{n}]" for n in chosen) + '"'
        for size in range(1, min(MOST_CITED, len(given)) + 1)
        for chosen in combinations(given, size)
    ]
    return "\n".join(
        (
            f'root ::= sentence (" " sentence){{0,{sentences - 1}}}',
            f'sentence ::= word (" " word){{{FEWEST_WORDS - 1},{words - 1}}} " " cited',
            f"word ::= {_CHARACTERS}{'+' if letters is None else f'{{1,{letters}}}'}",
            f"cited ::= {' | '.join(cited)}",
            "",
        )
    )
