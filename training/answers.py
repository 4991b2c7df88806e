"""Two short answers → how far they are one: SQuAD's exact match and token F1 (Rajpurkar et al. 2016), for French."""

import re
import string
from collections import Counter
from collections.abc import Sequence

from indexer.analysis import fold

_ARTICLES = re.compile(r"\b(?:le|la|les|l|un|une|des|du|de|d|the|a|an)\b")


def normalised(answer: str) -> list[str]:
    """SQuAD's normalisation in French: no case, accents, punctuation or articles."""
    plain = fold(answer).translate(str.maketrans(dict.fromkeys(string.punctuation + "’«»–—", " ")))
    return _ARTICLES.sub(" ", plain).split()


def exact_and_f1(said: str, accepted: Sequence[str]) -> tuple[float, float]:
    """Best exact match and best token F1 over the accepted answers."""
    best = (0.0, 0.0)
    for answer in accepted:
        ours, theirs = normalised(said), normalised(answer)
        shared = sum((Counter(ours) & Counter(theirs)).values())
        f1 = 2 * shared / (len(ours) + len(theirs)) if shared else 0.0
        best = max(best[0], float(ours == theirs)), max(best[1], f1)
    return best
