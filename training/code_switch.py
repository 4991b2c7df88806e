"""English text → text half in French: words swapped for their translations, offsets carried along.

Code-switching for zero-shot transfer (Qin et al. 2020, CoSDA-ML, arXiv 2006.06402), with the lexicons that the
transplant used. The word order stays English; what the reader is to learn is that the words mean the same.
"""

import re
from bisect import bisect
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import simplemma
import wordfreq

from training.lexicon import function_words, lemma_meanings
from training.reader_texts import Reading, Span

_WORD = re.compile(r"[A-Za-z]+")
# What a question asks for hangs on these, and word by word they would go wrong.
_PHRASES = (
    (r"\bhow (?:many|much)\b", "combien de"), (r"\bhow long\b", "combien de temps"), (r"\bhow often\b", "à quelle fréquence"),
    (r"\bhow old\b", "quel âge"), (r"\b(?:in |on |during )?(?:what|which) (year|century|day|month)\b", r"en quel \1"),
    (r"\bwhat (?:is|are|was|were)\b", "qu'est-ce que"), (r"\bwhose\b", "de qui"), (r"\bby who(?:m)?\b", "par qui"),
    (r"\bwhat (?:kind|type|sort)s? of\b", "quel type de"), (r"\b(?:did|does|do)\b", "est-ce que"), (r"\bwhom\b", "qui"),
)  # fmt: skip
Swaps = dict[str, tuple[list[str], list[float]]]  # English lemma → French words, cumulated shares


def swaps(lexicons: Path, wordnet: Path, most: int = 3) -> Swaps:
    """The lexicon turned round: the most usual translations of each English word."""
    weights: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for french, meanings in lemma_meanings(lexicons, wordnet).items():
        if " " in french or "_" in french:
            continue
        total = sum(weight for _, weight in meanings)
        usual = wordfreq.zipf_frequency(french, "fr")
        for english, weight in meanings:
            if english.isalpha() and usual > 1.5:
                weights[english][french] += weight / total * usual * weight
    functions: dict[str, dict[str, float]] = defaultdict(dict)
    for french, meanings in function_words().items():
        for english, _ in meanings:
            if english.isalpha() and len(french) > 1:
                functions[english][french] = wordfreq.word_frequency(french, "fr") + 1e-6
    weights.update(functions)  # written by hand: they replace what the lexicons say
    table: Swaps = {}
    for english, candidates in weights.items():
        best = sorted(candidates.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        shares = np.array([weight for _, weight in best])
        table[english] = ([word for word, _ in best], np.cumsum(shares / shares.sum()).tolist())
    return table


@cache
def _lemma(word: str) -> str:
    return simplemma.lemmatize(word, lang="en").lower()


def translate(
    text: str, spans: list[Span], table: Swaps, rate: float, random: np.random.Generator
) -> tuple[str, list[Span]]:
    """``text`` with a share ``rate`` of its words swapped; ``spans`` follow, a border inside a word goes to its end."""
    parts: list[str] = []
    borders: list[tuple[int, int]] = []  # where each word starts before and after
    at = length = 0
    draws = iter(random.random(2 * len(text) + 2).tolist())
    for match in _WORD.finditer(text):
        start, word = match.start(), match.group()
        parts.append(text[at:start])
        length += start - at
        named = word[0].isupper() and start > 0 and text[start - 2 : start] not in (". ", "? ")
        swapped = word
        if len(word) > 1 and next(draws) < (0.3 * rate if named else rate):
            found = table.get(word.lower()) or table.get(_lemma(word))
            if found:
                swapped = found[0][min(bisect(found[1], next(draws)), len(found[0]) - 1)]
        borders.append((start, length))
        parts.append(swapped)
        length += len(swapped)
        at = match.end()
        borders.append((at, length))
    parts.append(text[at:])
    before = [0, *(old for old, _ in borders)]
    after = [0, *(new for _, new in borders)]

    def moved(place: int) -> int:
        i = bisect(before, place) - 1
        inside = i % 2 == 1 and place > before[i]  # odd places start a word
        return after[i + 1] if inside and i + 1 < len(after) else after[i] + place - before[i]

    return "".join(parts), [(moved(a), moved(b)) for a, b in spans]


def switched(reading: Reading, table: Swaps, rate: float, random: np.random.Generator) -> Reading:
    """A reading with words swapped in question, title and text."""
    asked = reading.question
    for pattern, french in _PHRASES:
        if random.random() < rate:
            asked = re.sub(pattern, french, asked, flags=re.IGNORECASE)
    question, _ = translate(asked, [], table, rate, random)
    title, _ = translate(reading.title, [], table, rate / 2, random)
    spans = [*reading.sentences, *([reading.answer] if reading.answer else [])]
    text, spans = translate(reading.text, spans, table, rate, random)
    sentences = tuple(spans[: len(reading.sentences)])
    answer = spans[-1] if reading.answer else None
    return Reading(
        question, title, text, sentences, answer, reading.answers, reading.group, reading.lang, reading.source
    )
