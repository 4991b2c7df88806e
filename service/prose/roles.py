"""Rules of roles: who does what to whom, and what is told of which, are as in the quotes."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.prose.comparison import Comparison, Match, place_of, same_number, same_word
from service.prose.lexicon import LIGHT
from service.prose.numbers import Number
from service.prose.verdict import Blame, Reason
from service.prose.voice import passive
from service.prose.words import Words

ATTACHED = 3  # words between a name or number and what it is told of
NEAR = 6  # words of a sentence between a name or number and the word before it that it is told of
FAR = 10  # the same in a quote
# Between what they bind, the order counts: « A pour B », « A plutôt que B ».
PIVOTS = frozenset(
    "pour contre plutot devant envers sur avant apres pendant puis ensuite before after for against than then".split()
)
_NOMINAL = frozenset(
    "le la les l un une des du de d ce cet cette ces son sa ses leur leurs notre nos votre vos mon ma mes au aux a en par "
    "pour sans avec sur dans chaque tout toute tous toutes aucun aucune quel quelle entre et ou the an of in".split()
)


def roles(comparison: Comparison) -> Iterator[Blame]:
    """« A dépasse B » for « B dépasse A »: the same word between the same two, in the other order, in one voice."""
    said, matches = comparison.said, comparison.matches
    places = sorted(matches)
    for place in places:
        match = matches[place]
        before = [matches[p] for p in places if p < place and matches[p].quote == match.quote]
        if match.turned and before and all(one.place < match.place for one in before):
            yield Blame(Reason.ROLE, (said.words[place].form,))
    for middle, word in enumerate(said.words):
        if word.name or not (word.content or word.form in PIVOTS):
            continue
        found = [
            _turned(said, middle, quote, pivot)
            for quote in comparison.quotes for pivot, other in enumerate(quote.words) if same_word(word, other)
        ]  # fmt: skip
        if any(one is not None for one in found) and all(one != () for one in found):
            yield Blame(Reason.ROLE, (word.form, *next(one for one in found if one)))
            return


def _turned(said: Words, middle: int, quote: Words, pivot: int) -> tuple[str, ...] | None:
    """The words that stand on the other side of a word in the quote; ``()`` if all stand as there, else ``None``."""
    before, after = _sides_of(said, middle)
    theirs_before, theirs_after = _sides_of(quote, pivot)
    first = before & theirs_after - theirs_before - after
    second = after & theirs_before - theirs_after - before
    verbs = _is_verb(said, middle) and _is_verb(quote, pivot)
    straight = bool(before & theirs_before) or bool(after & theirs_after)
    if (first and second) or (
        verbs and ((second and not before & theirs_before) or (first and not after & theirs_after))
    ):
        return (*sorted(first), *sorted(second)) if passive(said, middle) == passive(quote, pivot) else ()
    return () if straight else None


def _sides_of(words: Words, place: int) -> tuple[set[str], set[str]]:
    """The content words of the clause before and after a word."""
    clause = words.words[place].clause
    content = [(at, word.base) for at, word in enumerate(words.words) if word.clause == clause and word.content]
    opens = next(at for at, word in enumerate(words.words) if word.clause == clause)
    if words.words[opens].form in ("qui", "who", "which"):  # whose subject stands before
        content = [
            (at, words.words[at].base) for at in range(max(opens - 3, 0), opens) if words.words[at].content
        ] + content
    return {base for at, base in content if at < place}, {base for at, base in content if at > place}


def _is_verb(words: Words, place: int) -> bool:
    """Whether a word is likely a verb with a complement: no article or preposition before, one after."""
    if place == 0 or place + 1 >= len(words.words) or words.words[place].form in PIVOTS:
        return False
    return words.words[place - 1].form not in _NOMINAL and words.words[place + 1].form in _NOMINAL


def attachments(comparison: Comparison) -> Iterator[Blame]:
    """« née en 1821 » for « née en 1769 … morte en 1821 »: a name or number beside a word that the quote has beside
    another one. Names of one list, with no word between them, are not told apart."""
    said, quotes = comparison.said, comparison.quotes
    anchors = [
        (place, match) for place, match in comparison.matches.items()
        if not said.words[place].name and said.words[place].form not in LIGHT and _stands_once(comparison, match)
    ]  # fmt: skip
    for place, q, own in _items(comparison):
        near = [
            (at > place, abs(at - place), at, match.place) for at, match in anchors
            if match.quote == q and said.words[at].clause == said.words[place].clause
            and abs(at - place) <= ATTACHED and passive(said, at) == passive(quotes[q], match.place)
        ]  # fmt: skip
        if not near:
            continue
        behind, _, _, anchor = min(near)  # a word that stands before rather than one behind
        rivals = [
            at for at in _items_of(quotes[q], said.words[place].name)
            if abs(at - own) > 2 and (at < anchor) == behind
        ]  # fmt: skip
        for rival in rivals:
            between = quotes[q].words[min(rival, own) + 1 : max(rival, own)]
            parted = any(word.content and not word.name for word in between)
            if parted and abs(anchor - rival) + ATTACHED <= abs(anchor - own):
                yield Blame(Reason.ROLE, (said.words[place].form,))
                return


def slots(comparison: Comparison) -> Iterator[Blame]:
    """« un séjour à Nîmes » for « un séjour à Marseille », where « Nîmes » is told of something else: after a word of the
    quote stands another name or number of the same kind, which the sentence has not there."""
    said, known = comparison.said, _known(comparison)
    for item in _slotted(said):
        anchor = _anchor(comparison, item.place)
        if anchor is None or (item.number is None and said.words[item.place].term in known):
            continue
        quote = comparison.quotes[anchor.quote]
        following = [
            one for one in _slotted(quote) if anchor.place < one.place <= anchor.place + FAR and item.rivals(one)
        ]
        others = [one for one in following if not any(_is_same(said, mine, quote, one) for mine in _slotted(said))]
        if others and not any(_is_same(said, item, quote, one) for one in following):
            yield Blame(Reason.ROLE, (said.words[item.place].form,))


@dataclass(frozen=True, slots=True)
class _Item:
    """A name or a number of a text."""

    place: int
    number: Number | None

    def rivals(self, other: "_Item") -> bool:
        """Whether the other can stand in its place: names, and numbers of one kind and unit."""
        if self.number is None or other.number is None:
            return self.number is other.number
        return (self.number.kind, self.number.unit) == (other.number.kind, other.number.unit)


def _slotted(words: Words) -> list[_Item]:
    names = [_Item(place, None) for place, word in enumerate(words.words) if word.name]
    return names + [_Item(place_of(words, number), number) for number in words.numbers]


def _is_same(said: Words, item: _Item, quote: Words, other: _Item) -> bool:
    if item.number is None or other.number is None:
        return item.number is other.number and same_word(said.words[item.place], quote.words[other.place])
    return same_number(item.number, other.number)


def _anchor(comparison: Comparison, place: int) -> Match | None:
    """The word before a name or number that it is told of, if a quote has that word once."""
    said = comparison.said
    named = said.words[place].name
    for at in range(place - 1, max(place - NEAR, 0) - 1, -1):
        word = said.words[at]
        if word.clause != said.words[place].clause or (word.name and not named):
            return None
        if at in comparison.matches and not word.name and word.form not in LIGHT:
            match = comparison.matches[at]
            return match if match.strength > 0.8 and _stands_once(comparison, match) else None
    return None


def _stands_once(comparison: Comparison, match: Match) -> bool:
    matched = comparison.matched(match)
    return sum(same_word(word, matched) for word in comparison.quotes[match.quote].words) == 1


def _items(comparison: Comparison) -> list[tuple[int, int, int]]:
    """Names and numbers of the sentence that stand once in a quote: place, quote, place there.

    Not the names that are known without it.
    """
    found = []
    known = _known(comparison)
    for name in (True, False):
        for place in _items_of(comparison.said, name):
            word = comparison.said.words[place]
            if name and word.term in known:
                continue
            for q, quote in enumerate(comparison.quotes):
                at = [p for p in _items_of(quote, name) if same_word(quote.words[p], word)]
                if len(at) == 1:
                    found.append((place, q, at[0]))
    return found


def _known(comparison: Comparison) -> set[str]:
    """The terms of the question and the titles, by which a sentence names its subject where the quote has a pronoun."""
    return {word.term for word in comparison.question.words} | comparison.titled


def _items_of(words: Words, name: bool) -> list[int]:
    """The places of the names of a text, or of its numbers."""
    if name:
        return [place for place, word in enumerate(words.words) if word.name]
    return [place for place, word in enumerate(words.words) if word.form.isdigit()]
