"""French word → weighted English meanings, from open lexicons.

Sources: WOLF (CeCILL-C) and Wiktionary (CC BY-SA) through the Open Multilingual Wordnet (omwn/omw-data), Princeton
WordNet 3.0 for the English side, the terms the laws of Canada define (justicecanada/laws-lois-xml, Open Government
Licence – Canada), and a hand-written table of function words (function_words.tsv).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import simplemma
import wordfreq

from training.text import fold

Meanings = list[tuple[str, float]]

FUNCTION_WORDS = Path(__file__).with_name("function_words.tsv")
# A human wrote the Wiktionary links; most of WOLF's were drawn automatically.
TRUST = {"wolf-fr.tab": 0.5, "wiktionary-fr.tab": 1.0}
LAW_TERM_WEIGHT = 0.4
KEPT_MEANINGS = 4
SHARPNESS = 1.5


def function_words() -> dict[str, Meanings]:
    """The hand-written table: French word → equally weighted English meanings, the first one counting double."""
    table: dict[str, Meanings] = {}
    for line in FUNCTION_WORDS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, meanings = line.split("\t")
            table[word] = [(m, 2.0 if i == 0 else 1.0) for i, m in enumerate(meanings.split("|"))]
    return table


def synsets(wordnet: Path) -> dict[str, list[str]]:
    """WordNet synset (`00001740-n`) → its English lemmas, most usual first."""
    table: dict[str, list[str]] = {}
    for pos, name in {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}.items():
        for line in (wordnet / f"data.{name}").read_text(encoding="latin1").splitlines():
            if not line.startswith("  "):
                fields = line.split()
                lemmas = (fields[4 + 2 * i] for i in range(int(fields[3], 16)))
                bare = (re.sub(r"\(.*\)", "", lemma) for lemma in lemmas)
                table[f"{fields[0]}-{pos}"] = [lemma.replace("_", " ").lower() for lemma in bare]
    return table


def usage(wordnet: Path) -> Counter[str]:
    """English lemma → how often WordNet's tagged texts use it."""
    count: Counter[str] = Counter()
    for line in (wordnet / "cntlist.rev").read_text(encoding="latin1").splitlines():
        fields = line.split()
        if len(fields) >= 3:
            count[fields[0].split("%")[0].replace("_", " ")] += int(fields[2])
    return count


def heaviest(weights: dict[str, float]) -> Meanings:
    """The meanings worth keeping, heaviest first."""
    return sorted(weights.items(), key=lambda item: -item[1])[: 2 * KEPT_MEANINGS]


def lemma_meanings(lexicons: Path, wordnet: Path) -> dict[str, Meanings]:
    """French lemma (accents kept, lower case) → English meanings, heaviest first."""
    score: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    english, count = synsets(wordnet), usage(wordnet)
    for name, trust in TRUST.items():
        for line in (lexicons / name).read_text(encoding="utf-8").splitlines():
            fields = line.split("\t")
            if line.startswith("#") or len(fields) < 3 or "lemma" not in fields[1] or " " in fields[2]:
                continue
            for i, lemma in enumerate(english.get(fields[0].replace("-s", "-a"), [])):
                score[fields[2].lower()][lemma] += trust / (1 + i) * (1 + 0.3 * math.log1p(count[lemma]))
    for line in (lexicons / "law-terms.en-fr.tsv").read_text(encoding="utf-8").splitlines():
        fields = line.lower().split("\t")
        if len(fields) == 2 and " " not in fields[1] and len(fields[0].split()) <= 3:
            score[fields[1]][fields[0]] += LAW_TERM_WEIGHT
    return {word: heaviest(meanings) for word, meanings in score.items()}


def _normalised(meanings: Meanings) -> Meanings:
    """The heaviest meanings, sharpened so that rare senses weigh little, weights summing to one."""
    kept = [(m, w**SHARPNESS) for m, w in meanings[:KEPT_MEANINGS]]
    total = sum(w for _, w in kept)
    return [(m, w / total) for m, w in kept]


def surface_meanings(lexicons: Path, wordnet: Path, words: int) -> Iterator[tuple[str, Meanings]]:
    """Each of the `words` most frequent French word forms that the lexicon knows, folded, with its meanings.

    An inflected form takes its lemma's meanings (simplemma). Forms that fold to the same letters (côté, côte, cote)
    share one token: their meanings are mixed in proportion to their frequency (wordfreq).
    """
    lemmas, functions = lemma_meanings(lexicons, wordnet), function_words()
    mixed: dict[str, dict[str, float]] = {}
    for word in list(functions) + [w for w in wordfreq.top_n_list("fr", words) if w not in functions]:
        if not word.isalpha():
            continue
        meanings = functions.get(word) or lemmas.get(word)
        meanings = meanings or lemmas.get(simplemma.lemmatize(word, lang="fr").lower())
        if meanings:
            frequency = wordfreq.word_frequency(word, "fr") + 1e-9
            mixture = mixed.setdefault(fold(word), defaultdict(float))
            for meaning, weight in _normalised(meanings):
                mixture[meaning] += frequency * weight
    for key, mixture in mixed.items():
        total = sum(mixture.values())
        yield key, [(m, w / total) for m, w in heaviest(mixture)]
