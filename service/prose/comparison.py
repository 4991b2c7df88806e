"""A sentence beside the quotes that it cites: which of their words each of its content words stands for."""

from collections.abc import Set
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from service.prose.lexicon import alike, converse, opposite
from service.prose.numbers import Number
from service.prose.words import Word, Words

MEANS_THE_SAME = 0.8  # cosine of two words from which one stands for the other
ROOTED = 0.62  # the same, where they begin alike
PRONOUNS = frozenset(
    "il elle ils elles celui celle ceux celles ce cela cette cet ces lui leur on nous y he she it they".split()
)

Likeness = dict[tuple[str, str], float]  # cosines of a sentence's word and a quote's, both as written in lower case


@dataclass(frozen=True, slots=True)
class Match:
    """The word of a quote that a word of the sentence stands for; ``place`` counts in that quote."""

    quote: int
    place: int
    strength: float
    opposed: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One sentence beside its quotes.

    ``topic`` and ``before`` are terms that it may use though no quote has them, ``titled`` those of the titles; ``forms``
    are all the words of the quotes; ``matches`` has the content words of the sentence, by their places, for which the
    quotes have one.
    """

    said: Words
    quotes: list[Words]
    question: Words
    titles: list[Words]
    topic: Set[str]
    titled: Set[str]
    before: Set[str]
    forms: Set[str]
    matches: dict[int, Match]

    def matched(self, match: Match) -> Word:
        """The word of a quote that a match is with."""
        return self.quotes[match.quote].words[match.place]

    def held(self, quote: int) -> set[int]:
        """The places of a quote's words that the sentence has."""
        return {match.place for match in self.matches.values() if match.quote == quote}

    def holders(self) -> dict[tuple[int, int], int]:
        """Quote and place of each word that the sentence has: its place in the sentence."""
        return {(match.quote, match.place): place for place, match in self.matches.items()}


def compare(
    said: Words,
    quotes: list[Words],
    question: Words,
    titles: list[Words],
    around: Set[str],
    before: Set[str],
    likeness: Likeness,
) -> Comparison:
    """Lay a sentence beside its quotes; ``around`` and ``before`` are the terms around and before them."""
    titled = {word.term for title in titles for word in title.words if word.content}
    topic = titled | {word.term for word in question.words if word.term in around}
    pronoun = any(word.form in PRONOUNS for quote in quotes for word in quote.words)
    forms = {word.form for quote in quotes for word in quote.words}
    matches = _matches(said, quotes, likeness)
    return Comparison(said, quotes, question, titles, topic, titled, before if pronoun else frozenset(), forms, matches)


def _matches(said: Words, quotes: list[Words], likeness: Likeness) -> dict[int, Match]:
    """Of each content word, the best candidate: the word itself, else the one whose clause shares the most with its own."""
    candidates = {place: _candidates(word, quotes, likeness) for place, word in enumerate(said.words) if word.content}
    overlap: dict[tuple[int, int, int], float] = {}
    for place, found in candidates.items():
        for one in found:
            key = (said.words[place].clause, one.quote, quotes[one.quote].words[one.place].clause)
            overlap[key] = overlap.get(key, 0.0) + one.strength
    matches = {}
    for place, found in candidates.items():
        clause = said.words[place].clause
        if found:
            matches[place] = max(
                found,
                key=lambda one: (
                    round(one.strength, 2) >= 0.99,
                    overlap[(clause, one.quote, quotes[one.quote].words[one.place].clause)],
                    one.strength, -one.quote, -one.place,
                ),
            )  # fmt: skip
    return matches


def _candidates(word: Word, quotes: list[Words], likeness: Likeness) -> list[Match]:
    same, near, opposed = [], [], []
    mine = (word.form, word.base)
    for q, quote in enumerate(quotes):
        for place, other in enumerate(quote.words):
            if same_word(word, other):
                same.append(Match(q, place, 1.0))
            elif word.name:
                continue
            elif opposite(mine, theirs := (other.form, other.base)):
                opposed.append(Match(q, place, 0.5, opposed=True))
            elif alike(mine, theirs) or _same_root(word, other):
                near.append(Match(q, place, 0.9))
            elif converse(mine, theirs):
                near.append(Match(q, place, 0.8, turned=True))
            else:
                cosine = likeness.get((word.surface, other.surface), 0.0)
                if cosine >= (ROOTED if word.form[:4] == other.form[:4] else MEANS_THE_SAME):
                    near.append(Match(q, place, cosine))
    if same:
        itself = any(quotes[one.quote].words[one.place].base == word.base for one in same)
        return opposed if opposed and not itself and _nearer(word, quotes, opposed, same) else same
    if opposed and (not any(one.strength >= 0.9 for one in near) or _nearer(word, quotes, opposed, near)):
        return opposed
    return near


def _nearer(word: Word, quotes: list[Words], opposed: list[Match], near: list[Match]) -> bool:
    """« décentralisé » beside « centralisé » and « décentralisation »: that of the same ending counts."""

    def ends(one: Match) -> bool:
        return quotes[one.quote].words[one.place].form[-3:] == word.form[-3:]

    return any(map(ends, opposed)) and not any(map(ends, near))


def same_word(one: Word, other: Word) -> bool:
    """Whether two words are one, however inflected."""
    return one.term == other.term or one.base == other.base or one.form == other.form


def _same_root(one: Word, other: Word) -> bool:
    shared = next(
        (at for at, (a, b) in enumerate(zip(one.term, other.term, strict=False)) if a != b),
        min(len(one.term), len(other.term)),
    )
    shorter, longer = sorted((len(one.term), len(other.term)))
    if shared == shorter >= 4 and longer - shorter <= 3:
        return True
    if shared >= 5 and shared >= 0.75 * min(len(one.term), len(other.term)):
        return True
    return len(one.form) >= 10 and OSA.distance(one.form, other.form, score_cutoff=1) <= 1  # a typing error of the text


def same_number(one: Number, other: Number) -> bool:
    """Whether two numbers have one value, whatever their units and bounds."""
    if one.value != other.value:
        return False
    return one.kind == other.kind or {one.kind, other.kind} == {"number", "ordinal"}


def place_of(words: Words, number: Number) -> int:
    """The place of a number's first word."""
    return next((place for place, word in enumerate(words.words) if word.end > number.start), len(words.words) - 1)


def misplaced(said: Words, place: int, own: list[tuple[Words, int]], rivals: list[tuple[Words, int]]) -> bool:
    """Whether a word's clause speaks of what the quotes tell of its rivals (its opposite, another number), not of it."""
    mine = _clause_of(said, place)
    theirs = set().union(*(_clause_of(quote, at) for quote, at in own))
    others = set().union(*(_clause_of(quote, at) for quote, at in rivals))
    return len(mine & others - theirs) > len(mine & theirs - others)


def _clause_of(words: Words, place: int) -> set[str]:
    """The content words of a word's clause, without itself."""
    clause = words.words[place].clause
    return {w.base for at, w in enumerate(words.words) if w.clause == clause and w.content and at != place}
