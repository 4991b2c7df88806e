"""A drafted sentence and the quotes that it cites to a verdict: shown, or dropped, and why.

The rule is that of a careful copy editor: every number, name and content word of the sentence must be found in the quotes
(as itself, as a word of the same root, or as one that means the same by its vector), with the same denials, quantifiers,
modality, bounds and roles. What cannot be found makes the sentence unsupported. No model is asked for its opinion.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from rapidfuzz.distance import OSA

from indexer.analysis import FrenchAnalyser, fold
from indexer.embedder import Embedder, Vectors
from service.answer import Citation
from service.prose.lexicon import (
    ASSERTS_THAT,
    BECAUSE,
    BECAUSE_OF,
    CAN,
    CAUSAL,
    CERTAIN,
    CONDITIONS,
    DENIALS,
    DENIES_THAT,
    DIRECTIONS,
    EXCEPTIONS,
    EXEMPT,
    HEDGES,
    LEADS_TO,
    LIGHT,
    MUST,
    NEGATION_ENDS,
    RESTS_ON,
    RESULTS_FROM,
    RULES,
    WEAKENING,
    alike,
    converse,
    opposite,
)
from service.prose.numbers import UNITS, Number, ranges_of, units_of
from service.prose.words import Word, Words, read_words
from service.understand import language

MEANS_THE_SAME = 0.8  # cosine of two words from which one stands for the other
ROOTED = 0.62  # the same, where they begin alike
_MARKUP = re.compile(r"[\[\]<>{}|`]|\bsource\s*\d|https?://", re.IGNORECASE)
# In a sentence that holds one, a number without a bound may still tell the quote's: « le maximum est de 50 ».
_LIMIT = re.compile(
    r"\b(?:(?:au|ou|et|voire) (?:moins|plus)|au-delà|dès|environ|près|minim|maxim|limit|plafon|seuil|dépass|excéd|"
    r"inférieur|supérieur|jusqu|partir|compter|franchi|attei|suivant|ultérieur)"
)
_CLOCK = re.compile(r"\bà\s$")
_AS_MANY_AS = re.compile(r"\bpas moins d(?:es?\s|['’])$")
_PUNCTUATION = re.compile(r"[,;:.?!()]")


ATTACHED = 3  # words between a name or number and what it is told of
OPENING = 6  # words at the beginning of a sentence that may name what a pronoun of the quote stands for
PRONOUNS = frozenset(
    "il elle ils elles celui celle ceux celles ce cela cette cet ces lui leur on nous y he she it they".split()
)
# Between what they bind, the order counts: « A pour B », « A plutôt que B ».
PIVOTS = frozenset("pour contre plutot devant envers sur avant apres pendant before after for against than".split())


class Reason(StrEnum):
    """Why a sentence is not supported. The values are names of metrics."""

    EMPTY = "empty"
    MARKUP = "markup"
    LANGUAGE = "language"
    UNCITED = "uncited"
    REPEATED = "repeated"
    ECHO = "echo"
    NUMBER = "number"
    UNIT = "unit"
    BOUND = "bound"
    NAME = "name"
    INVENTED = "invented"
    OPPOSITE = "opposite"
    NEGATION = "negation"
    QUANTIFIER = "quantifier"
    MODALITY = "modality"
    CONDITION = "condition"
    ROLE = "role"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence is supported, how far its words are (0 to 1), why not, and the words that gave it away."""

    supported: bool
    score: float
    reasons: tuple[Reason, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Match:
    """The word of a sentence that a word of a quote stands for; ``place`` counts in that quote."""

    quote: int
    place: int
    strength: float
    opposed: bool = False
    turned: bool = False


class Checker:
    """Compares sentences with the quotes of one answer. Keeps the vectors of their words."""

    def __init__(self, question: str, lang: str, citations: Sequence[Citation], embedder: Embedder) -> None:
        self._embedder = embedder
        self._analyser = analyser = FrenchAnalyser()
        self._lang = lang
        self._question = read_words(question, analyser)
        self._quotes = {citation.n: read_words(citation.quote, analyser) for citation in citations}
        self._around = {
            citation.n: {word.term for word in read_words(_around(citation), analyser).words} for citation in citations
        }
        self._before = {
            citation.n: [word for word in read_words(citation.before, analyser).words if word.content and not word.name]
            for citation in citations
        }
        self._raw = {citation.n: citation.quote for citation in citations}
        self._titled = {
            citation.n: {word.term for word in read_words(citation.title or "", analyser).words if word.content}
            for citation in citations
        }
        self._vectors: dict[str, Vectors] = {}

    def check(self, sentence: str, cited: Sequence[int]) -> Verdict:
        """Whether the quotes numbered ``cited`` support the sentence (without its markers)."""
        quotes = [self._quotes[n] for n in cited if n in self._quotes]
        if not quotes:
            return Verdict(False, 0.0, (Reason.UNCITED,))
        if not re.search(r"\w", sentence):
            return Verdict(False, 0.0, (Reason.EMPTY,))
        if any(_same(sentence, self._raw[n]) for n in cited if n in self._raw):
            return Verdict(True, 1.0)
        if _MARKUP.search(sentence):
            return Verdict(False, 0.0, (Reason.MARKUP,))
        if language(sentence, self._lang) != self._lang:
            return Verdict(False, 0.0, (Reason.LANGUAGE,))
        around = set().union(*(self._around[n] for n in cited if n in self._around))
        before = {word.term for n in cited for word in self._before.get(n, ())}
        titled = set().union(*(self._titled[n] for n in cited if n in self._titled))
        said = read_words(sentence, self._analyser)
        likeness = self._likeness(said, quotes)
        return _Comparison(said, quotes, self._question, around, titled, before, likeness).verdict()

    def _likeness(self, said: Words, quotes: list[Words]) -> dict[tuple[str, str], float]:
        """Cosines of the sentence's content words that stand in no quote, and the quotes' content words."""
        held = {word.term for quote in quotes for word in quote.words}
        asked = sorted({w.surface for w in said.words if w.content and w.term not in held})
        given = sorted({w.surface for quote in quotes for w in quote.words if w.content})
        if not asked or not given:
            return {}
        new = [word for word in dict.fromkeys([*asked, *given]) if word not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._embedder.embed_questions(new), strict=True))
        cosines = np.stack([self._vectors[w] for w in asked]) @ np.stack([self._vectors[w] for w in given]).T
        return {(one, other): float(cosines[i, j]) for i, one in enumerate(asked) for j, other in enumerate(given)}


def _around(citation: Citation) -> str:
    told = (citation.title, citation.heading, citation.author, citation.publication, citation.before, citation.after)
    return "\n".join(part for part in told if part)


def _same(sentence: str, quote: str) -> bool:
    """Whether the sentence is the quote, whatever its spaces, apostrophes, guillemets and end."""
    return _bare(sentence) == _bare(quote)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


class _Comparison:
    """One sentence beside its quotes."""

    def __init__(
        self,
        said: Words,
        quotes: list[Words],
        question: Words,
        around: set[str],
        titled: set[str],
        before: set[str],
        likeness: dict[tuple[str, str], float],
    ) -> None:
        self.said = said
        self.quotes = quotes
        self.question = question
        self.topic = titled | {word.term for word in question.words if word.term in around}
        self.before = before if any(word.form in PRONOUNS for quote in quotes for word in quote.words) else set()
        self.likeness = likeness
        self.held = {word.term for quote in quotes for word in quote.words}
        self.forms = {word.form for quote in quotes for word in quote.words}
        self.joined = {
            _root(quote.words[i].form + quote.words[i + 1].form)
            for quote in quotes
            for i in range(len(quote.words) - 1)
        }
        self.reasons: dict[Reason, list[str]] = {}
        self.matches: dict[int, _Match] = {}

    def verdict(self) -> Verdict:
        score = self._content()
        for check in (
            self._numbers, self._opposites, self._denials, self._quantifiers, self._modality, self._conditions, self._comparatives,
            self._roles, self._attachments, self._causes,
            self._echo,
        ):  # fmt: skip
            check()
        words = tuple(dict.fromkeys(word for found in self.reasons.values() for word in found))
        return Verdict(not self.reasons, round(score, 4), tuple(self.reasons), words)

    def _blame(self, reason: Reason, *words: str) -> None:
        self.reasons.setdefault(reason, []).extend(words)

    # content words and names

    def _content(self) -> float:
        """Match each content word; blame those that nothing holds. Returns the share of words held."""
        candidates = {place: self._candidates(word) for place, word in enumerate(self.said.words) if word.content}
        overlap: dict[tuple[int, int, int], float] = {}
        for place, found in candidates.items():
            for one in found:
                key = (self.said.words[place].clause, one.quote, self.quotes[one.quote].words[one.place].clause)
                overlap[key] = overlap.get(key, 0.0) + one.strength
        held = 0.0
        for place, found in candidates.items():
            word = self.said.words[place]
            if found:
                self.matches[place] = max(
                    found,
                    key=lambda one: (
                        round(one.strength, 2) >= 0.99,
                        overlap[(word.clause, one.quote, self.quotes[one.quote].words[one.place].clause)],
                        one.strength, -one.quote, -one.place,
                    ),
                )  # fmt: skip
                match = self.matches[place]
                other = self.quotes[match.quote].words[match.place]
                if match.opposed and word.denied % 2 == other.denied % 2:
                    self._blame(Reason.OPPOSITE, word.form, other.form)
                held += 1.0
            elif word.term in self.topic or self._is_light(word) or self._is_compound(place) or self._is_unit(word):
                held += 1.0
            elif place < OPENING and word.term in self.before:
                held += 1.0  # what a pronoun of the quote stands for
            else:
                self._blame(Reason.NAME if word.name else Reason.INVENTED, word.form)
        return held / len(candidates) if candidates else 1.0

    def _candidates(self, word: Word) -> list[_Match]:
        same, near, opposed = [], [], []
        mine = (word.form, word.base)
        for q, quote in enumerate(self.quotes):
            for place, other in enumerate(quote.words):
                if _same_word(word, other):
                    same.append(_Match(q, place, 1.0))
                elif word.name:
                    continue
                elif opposite(mine, theirs := (other.form, other.base)):
                    opposed.append(_Match(q, place, 0.5, opposed=True))
                elif alike(mine, theirs) or _same_root(word, other):
                    near.append(_Match(q, place, 0.9))
                elif converse(mine, theirs):
                    near.append(_Match(q, place, 0.8, turned=True))
                else:
                    likeness = self.likeness.get((word.surface, other.surface), 0.0)
                    if likeness >= (ROOTED if word.form[:4] == other.form[:4] else MEANS_THE_SAME):
                        near.append(_Match(q, place, likeness))
        if same:
            return opposed if opposed and self._nearer(word, opposed, same) else same
        if opposed and (not any(one.strength >= 0.9 for one in near) or self._nearer(word, opposed, near)):
            return opposed
        return near

    def _nearer(self, word: Word, opposed: list[_Match], near: list[_Match]) -> bool:
        """« décentralisé » beside « centralisé » and « décentralisation »: that of the same ending counts."""

        def ends(one: _Match) -> bool:
            return self.quotes[one.quote].words[one.place].form[-3:] == word.form[-3:]

        return any(map(ends, opposed)) and not any(map(ends, near))

    def _is_compound(self, place: int) -> bool:
        """« cofondé » beside « co-fondateur »."""
        return _root(self.said.words[place].form) in self.joined

    def _is_light(self, word: Word) -> bool:
        """« avant » and « après » weigh, where nothing in the quotes says when."""
        return word.form in LIGHT and bool(DIRECTIONS.get(word.form, self.forms) & self.forms)

    def _is_unit(self, word: Word) -> bool:
        """The « euros » of « 135 euros », where the quote has « 135 € »."""
        unit = UNITS.get(word.form)
        return unit is not None and any(
            number.unit == unit == other.unit and 0 <= word.start - number.end <= 4 and _equal(number, other)
            for number in self.said.numbers for quote in self.quotes for other in quote.numbers
        )  # fmt: skip

    # numbers

    def _numbers(self) -> None:
        given = [(number, quote) for quote in self.quotes for number in quote.numbers]
        for number in self.said.numbers:
            same = [(other, quote) for other, quote in given if _equal(number, other)]
            told = self.said.text[number.start : number.end]
            if not same:
                whole = number.kind == "share" and number.value == 1
                if not (whole and any(name == "all" for quote in self.quotes for _, name in quote.quantifiers)):
                    self._blame(Reason.NUMBER, told)
                continue
            if all(_units_differ(number, other) for other, _ in same):
                self._blame(Reason.UNIT, told)
            elif self._bounds_differ(number, same):
                self._blame(Reason.BOUND, told)
            else:
                self._counted(number, same)
                beside = self._beside(number)
                rivals = [
                    (q, w)
                    for q, w in self._at_numbers()
                    if any(q is quote for _, quote in same)
                    and w.kind == number.kind
                    and not any(_equal(w, one) for one in beside)
                ]
                own = [(q, w) for q, w in self._at_numbers() if any(w is o for o, _ in same)]
                at = next((p for p, word in enumerate(self.said.words) if word.end > number.start), None)
                if at is not None and self._misplaced(
                    at, [(q, _place_of(q, w)) for q, w in own], [(q, _place_of(q, w)) for q, w in rivals]
                ):
                    self._blame(Reason.NUMBER, told)
        extra = units_of(self.said.text) - {number.unit for number, _ in given}
        extra -= frozenset().union(*(units_of(quote.text) for quote in self.quotes))
        if extra:
            self._blame(Reason.UNIT, *sorted(extra))
        ranges = [pair for quote in self.quotes for pair in ranges_of(quote.text, quote.numbers)]
        for low, high in ranges_of(self.said.text, self.said.numbers):
            straight = any(_equal(low, one) and _equal(high, other) for one, other in ranges)
            if not straight and any(_equal(low, other) and _equal(high, one) for one, other in ranges):
                self._blame(Reason.NUMBER, self.said.text[low.start : high.end])

    def _bounds_differ(self, number: Number, same: list[tuple[Number, Words]]) -> bool:
        """Whether a number has another bound than in the quotes, or none and they all have one.

        A date does well without: « entre en vigueur le 3 mai » for « s’applique à partir du 3 mai »; so does « pas moins de ».
        """
        bounds = {other.bound for other, _ in same}
        dated = any(_is_date(words, one) for one, words in [(number, self.said), *same])
        if number.bound is None:
            stressed = any(_AS_MANY_AS.search(quote.text[: other.start].lower()) for other, quote in same)
            amount = number.kind in ("number", "share") and not dated and not stressed
            return amount and None not in bounds and not _LIMIT.search(self.said.text.lower())
        return number.bound not in bounds and not (dated and None in bounds)

    def _beside(self, number: Number) -> list[Number]:
        """The numbers of a number's own clause."""
        clause = self.said.words[_place_of(self.said, number)].clause
        return [one for one in self.said.numbers if self.said.words[_place_of(self.said, one)].clause == clause]

    def _at_numbers(self) -> list[tuple[Words, Number]]:
        return [(quote, number) for quote in self.quotes for number in quote.numbers]

    def _misplaced(self, place: int, own: list[tuple[Words, int]], rivals: list[tuple[Words, int]]) -> bool:
        """Whether a word's clause speaks of what the quotes tell of its rivals (its opposite, another number), not of it."""
        mine = _clause_of(self.said, place)
        theirs = set().union(*(_clause_of(quote, at) for quote, at in own))
        others = set().union(*(_clause_of(quote, at) for quote, at in rivals))
        return len(mine & others - theirs) > len(mine & theirs - others)

    def _opposites(self) -> None:
        """Of two opposites that a quote holds both, the one that it tells of something else."""
        for place, match in self.matches.items():
            word = self.said.words[place]
            if match.strength < 0.99 or match.opposed:
                continue
            own, rivals = [], []
            for quote in self.quotes:
                for at, other in enumerate(quote.words):
                    if _same_word(word, other):
                        own.append((quote, at))
                    elif opposite((word.form, word.base), (other.form, other.base)):
                        rivals.append((quote, at))
            said_both = any(
                opposite((word.form, word.base), (other.form, other.base)) for other in self.said.words
                if other.clause == word.clause
            )  # fmt: skip
            if rivals and not said_both and self._misplaced(place, own, rivals):
                self._blame(Reason.OPPOSITE, word.form)

    def _counted(self, number: Number, same: list[tuple[Number, Words]]) -> None:
        """« 500 000 demandes » for « 500 000 clients … 1,2 million de demandes »: the number counts something else."""
        noun = _noun_after(self.said, number)
        if noun is None or (number.unit and UNITS.get(noun.form) == number.unit):  # « 135 euros » counts no euros
            return
        for other, quote in same:
            theirs = _noun_after(quote, other)
            if theirs is None or theirs.term == noun.term:
                return
            counted = [_noun_after(quote, one) for one in quote.numbers if one is not other and not _equal(one, other)]
            if not any(one is not None and one.term == noun.term for one in counted):
                return
        self._blame(Reason.NUMBER, self.said.text[number.start : number.end], noun.form)

    # denials

    def _denials(self) -> None:
        """What a denial falls upon first must be denied on the other side too."""
        held = {(match.quote, match.place): place for place, match in self.matches.items()}
        heads = {next((place for place in scope if place in self.matches), None) for scope in self.said.scopes}
        for q, quote in enumerate(self.quotes):
            heads |= {next((held[q, place] for place in scope if (q, place) in held), None) for scope in quote.scopes}
        for place in sorted(head for head in heads if head is not None):
            match, word = self.matches[place], self.said.words[place]
            other = self.quotes[match.quote].words[match.place]
            if not match.opposed and word.denied % 2 != other.denied % 2:
                self._blame(Reason.NEGATION, word.form)

    # quantifiers, modality, conditions

    def _quantifiers(self) -> None:
        given = {name for quote in self.quotes for _, name in quote.quantifiers}
        if any(number.kind == "share" and number.value == 1 for quote in self.quotes for number in quote.numbers):
            given.add("all")
        said = {name for _, name in self.said.quantifiers}
        for place, name in self.said.quantifiers:
            rests = RESTS_ON[name] & given
            if not rests:
                if name == "some" and not given:
                    continue
                self._blame(Reason.QUANTIFIER, self.said.words[place].form)
        held = {(match.quote, match.place): place for place, match in self.matches.items()}
        for q, quote in enumerate(self.quotes):
            for place, name in quote.quantifiers:
                if name not in WEAKENING or said & (RESTS_ON[name] | {"few", "some", "most", "almost"}):
                    continue
                following = next((p for p in range(place + 1, len(quote.words)) if quote.words[p].content), None)
                number = next((n for n in quote.numbers if 0 <= n.start - quote.words[place].end <= 4), None)
                if number is None and following is not None and (q, following) in held and following - place <= 4:
                    self._blame(Reason.QUANTIFIER, quote.words[place].form)

    def _modality(self) -> None:
        said = {word.form for word in self.said.words}
        given = self.forms
        must, can = self._modals(self.said)
        theirs = [self._modals(quote) for quote in self.quotes]
        musts, cans = any(one for one, _ in theirs), any(other for _, other in theirs)
        if must and not musts and cans and not given & RULES:
            self._blame(Reason.MODALITY, *sorted(said & MUST))
        if can and musts and not cans:
            self._blame(Reason.MODALITY, *sorted(said & CAN))
        if said & CERTAIN and not given & CERTAIN:
            self._blame(Reason.MODALITY, *sorted(said & CERTAIN))
        if "doute" in said and "doute" not in given:
            self._blame(Reason.MODALITY, "doute")
        if not _hedges(self.said):
            for q, quote in enumerate(self.quotes):
                held = {match.place for match in self.matches.values() if match.quote == q}
                for place in _hedges(quote):
                    clauses = {quote.words[place].clause, quote.words[place].clause + 1}
                    if sum(quote.words[at].clause in clauses for at in held) >= 2:
                        self._blame(Reason.MODALITY, quote.words[place].form)
                if self.said.scopes or _not_said_to_be(self.said) or any(form.startswith(DENIES_THAT) for form in said):
                    continue
                for place in _not_said_to_be(quote):
                    if sum(quote.words[at].clause == quote.words[place].clause for at in held) >= 2:
                        self._blame(Reason.MODALITY, quote.words[place - 1].form)

    @staticmethod
    def _modals(words: Words) -> tuple[bool, bool]:
        """Whether something must be, and whether something can be: « ne peut » obliges, « n’est pas tenu » leaves free."""
        must = can = False
        for word, following in zip(words.words, [*words.words[1:], None], strict=True):
            right = word.form == "droit" and following is not None and following.form in ("de", "d")
            if word.form in MUST:
                must = True
            elif word.form in CAN or right:
                must, can = (True, can) if word.denied % 2 else (must, True)
        return must, can

    def _conditions(self) -> None:
        self._even_if()
        said = {word.form for word in self.said.words}
        if not (self.said.scopes or said & EXCEPTIONS or any(form.startswith(EXEMPT) for form in said)):
            self._exceptions()
        if not (said & CONDITIONS or _hedges(self.said)):
            self._suppositions()

    def _exceptions(self) -> None:
        """« ouvert le lundi » for « ouvert, sauf le lundi »: of what a quote excepts, and tells nowhere else."""
        excepted = [(q, part) for q, quote in enumerate(self.quotes) for part in _excepted(quote)]
        for q, part in excepted:
            others = [
                word for at, quote in enumerate(self.quotes) for place, word in enumerate(quote.words)
                if not (at == q and place in part)
            ]  # fmt: skip
            for match in self.matches.values():
                word = self.quotes[match.quote].words[match.place]
                inside = match.quote == q and match.place in part and word.form not in LIGHT
                if inside and not any(_same_word(word, other) for other in others):
                    self._blame(Reason.CONDITION, word.form)
            mine = _numbers_in(self.quotes[q], part)
            theirs = [n for at, quote in enumerate(self.quotes) for n in quote.numbers if not (at == q and n in mine)]
            for number in self.said.numbers:
                if any(_equal(number, one) for one in mine) and not any(_equal(number, one) for one in theirs):
                    self._blame(Reason.CONDITION, self.said.text[number.start : number.end])

    def _suppositions(self) -> None:
        """« Le marché ferme » for « Si la pluie tombe, le marché ferme »."""
        for q, quote in enumerate(self.quotes):
            held = {match.place for match in self.matches.values() if match.quote == q}
            for place, word in enumerate(quote.words):
                following = quote.words[place + 1].form if place + 1 < len(quote.words) else ""
                if not (word.first and (word.form == "si" or (word.form == "s" and following in ("il", "ils")))):
                    continue
                supposed = _stretch(quote, place)
                rest = range(supposed.stop, len(quote.words))
                main = range(supposed.stop, next((at for at in rest if quote.words[at].first), len(quote.words)))
                told = any(_equal(number, one) for number in self.said.numbers for one in _numbers_in(quote, supposed))
                if [one.form for one in quote.words[main.start : main.start + 2]] == ["c", "est"]:
                    continue  # « si P, c’est que Q »: both are so
                if len(held.intersection(main)) >= 2 and not held.intersection(supposed) and not told:
                    self._blame(Reason.CONDITION, word.form)

    def _even_if(self) -> None:
        """« même si », where the quote does not say it."""
        forms = [word.form for word in self.said.words]
        if "meme" in self.forms:
            return
        for one, following in zip(forms, forms[1:], strict=False):
            if one == "meme" and following in ("si", "s", "pour", "en", "lorsque", "quand", "sans", "apres", "avec"):
                self._blame(Reason.CONDITION, one, following)

    # roles and causes

    def _roles(self) -> None:
        """« A dépasse B » for « B dépasse A »: the same word between the same two, in the other order, in one voice."""
        places = sorted(self.matches)
        for place in places:
            match = self.matches[place]
            before = [self.matches[p] for p in places if p < place and self.matches[p].quote == match.quote]
            if match.turned and before and all(one.place < match.place for one in before):
                self._blame(Reason.ROLE, self.said.words[place].form)
        for middle, word in enumerate(self.said.words):
            if word.name or not (word.content or word.form in PIVOTS):
                continue
            found = [
                self._turned(middle, quote, pivot)
                for quote in self.quotes for pivot, other in enumerate(quote.words) if _same_word(word, other)
            ]  # fmt: skip
            if any(one is not None for one in found) and all(one != () for one in found):
                self._blame(Reason.ROLE, word.form, *next(one for one in found if one))
                return

    def _turned(self, middle: int, quote: Words, pivot: int) -> tuple[str, ...] | None:
        """The words that stand on the other side of a word in the quote; ``()`` if all stand as there, else ``None``."""
        before, after = _sides_of(self.said, middle)
        theirs_before, theirs_after = _sides_of(quote, pivot)
        first = before & theirs_after - theirs_before - after
        second = after & theirs_before - theirs_after - before
        verbs = _is_verb(self.said, middle) and _is_verb(quote, pivot)
        straight = bool(before & theirs_before) or bool(after & theirs_after)
        if (first and second) or (
            verbs and ((second and not before & theirs_before) or (first and not after & theirs_after))
        ):
            return (*sorted(first), *sorted(second)) if _passive(self.said, middle) == _passive(quote, pivot) else ()
        return () if straight else None

    def _attachments(self) -> None:
        """« née en 1821 » for « née en 1769 … morte en 1821 »: a name or number beside a word that the quote has beside
        another one. Names of one list, with no word between them, are not told apart."""
        anchors = [
            (place, match) for place, match in self.matches.items()
            if not self.said.words[place].name and self.said.words[place].form not in LIGHT and self._stands_once(match)
        ]  # fmt: skip
        for place, q, own in self._items():
            near = [
                (at > place, abs(at - place), at, match.place) for at, match in anchors
                if match.quote == q and self.said.words[at].clause == self.said.words[place].clause
                and abs(at - place) <= ATTACHED and _passive(self.said, at) == _passive(self.quotes[q], match.place)
            ]  # fmt: skip
            if not near:
                continue
            behind, _, _, anchor = min(near)  # a word that stands before rather than one behind
            rivals = [
                at for at in _items_of(self.quotes[q], self.said.words[place].name)
                if abs(at - own) > 2 and (at < anchor) == behind
            ]  # fmt: skip
            for rival in rivals:
                between = self.quotes[q].words[min(rival, own) + 1 : max(rival, own)]
                parted = any(word.content and not word.name for word in between)
                if parted and abs(anchor - rival) + ATTACHED <= abs(anchor - own):
                    self._blame(Reason.ROLE, self.said.words[place].form)
                    return

    def _stands_once(self, match: _Match) -> bool:
        quote = self.quotes[match.quote]
        return sum(_same_word(word, quote.words[match.place]) for word in quote.words) == 1

    def _items(self) -> list[tuple[int, int, int]]:
        """Names and numbers of the sentence that stand once in a quote: place, quote, place there."""
        found = []
        for name in (True, False):
            for place in _items_of(self.said, name):
                word = self.said.words[place]
                for q, quote in enumerate(self.quotes):
                    at = [p for p in _items_of(quote, name) if _same_word(quote.words[p], word)]
                    if len(at) == 1:
                        found.append((place, q, at[0]))
        return found

    def _comparatives(self) -> None:
        """« plus » and « moins », and the order of « plus … plus … »."""
        said = _comparatives_of(self.said)
        given = [_comparatives_of(quote) for quote in self.quotes]
        for name in ("plus", "moins"):
            mine = [place for place, one in said if one == name]
            theirs = [one for found in given for _, one in found]
            if mine and theirs and name not in theirs:
                self._blame(Reason.OPPOSITE, name)
        for quote, found in zip(self.quotes, given, strict=True):
            if len(said) == len(found) == 2:
                first = {w.base for w in self.said.words[said[0][0] : said[1][0]] if w.content}
                second = {w.base for w in self.said.words[said[1][0] :] if w.content}
                theirs_first = {w.base for w in quote.words[found[0][0] : found[1][0]] if w.content}
                theirs_second = {w.base for w in quote.words[found[1][0] :] if w.content}
                turned = len(first & theirs_second - theirs_first) + len(second & theirs_first - theirs_second)
                straight = len(first & theirs_first - theirs_second) + len(second & theirs_second - theirs_first)
                if turned > straight:
                    self._blame(Reason.ROLE, "plus")

    def _causes(self) -> None:
        """A cause told as its effect, or one that no quote tells."""
        said = _causes_of(self.said)
        given = [cause for quote in self.quotes for cause in _causes_of(quote)]
        for mine in said:
            straight = turned = 0
            for theirs in given:
                same = _shared(mine.cause, theirs.cause, theirs.effect) + _shared(
                    mine.effect, theirs.effect, theirs.cause
                )
                other = _shared(mine.cause, theirs.effect, theirs.cause) + _shared(
                    mine.effect, theirs.cause, theirs.effect
                )
                if theirs.denied and not mine.denied:
                    same, other = other, same
                straight, turned = straight + same, turned + other
            denied = bool(given) and all(theirs.denied for theirs in given) and not mine.denied
            if turned > straight or denied or (not given and mine.told and not self._tells_cause()):
                self._blame(Reason.CAUSE, mine.word)

    def _tells_cause(self) -> bool:
        spaced = [f" {' '.join(word.form for word in quote.words)} " for quote in self.quotes]
        return (
            bool(self.forms & CAUSAL)
            or any(":" in quote.text for quote in self.quotes)
            or any(told in text for text in spaced for told in _CAUSAL_PHRASES)
        )

    # echo

    def _echo(self) -> None:
        asked = {word.term for word in self.question.words}
        words = [word for word in self.said.words if word.content and word.form not in LIGHT]
        if (
            not self.said.numbers
            and all(word.term in asked for word in words)
            and not any(word.denied for word in self.said.words)
        ):
            self._blame(Reason.ECHO)


def _equal(one: Number, other: Number) -> bool:
    if one.value != other.value:
        return False
    return one.kind == other.kind or {one.kind, other.kind} == {"number", "ordinal"}


def _units_differ(one: Number, other: Number) -> bool:
    return one.unit is not None and one.unit != other.unit


def _is_date(words: Words, number: Number) -> bool:
    """Whether a number is a day, a month, a year in four digits or the time of « à 8 heures »."""
    told = words.text[number.start : number.end]
    clock = number.unit == "hour" and _CLOCK.search(words.text[: number.start].lower()) is not None
    day = any(month.kind == "month" and 0 <= month.start - number.end <= 3 for month in words.numbers)
    year = told.isdigit() and len(told) == 4 and number.unit is None
    return day or clock or year or number.kind in ("month", "weekday")


def _numbers_in(words: Words, part: range) -> list[Number]:
    """The numbers of a stretch of words."""
    return [number for number in words.numbers if _place_of(words, number) in part]


def _stretch(words: Words, place: int) -> range:
    """The words from a place to the next punctuation."""
    end = _PUNCTUATION.search(words.text, words.words[place].end)
    last = end.start() if end else len(words.text)
    return range(place, next((at for at, word in enumerate(words.words) if word.start > last), len(words.words)))


def _excepted(words: Words) -> list[range]:
    """What a text excepts: « sauf le lundi », « à l’exception des stagiaires »."""
    forms = [word.form for word in words.words]
    return [
        _stretch(words, place) for place, form in enumerate(forms)
        if form in EXCEPTIONS and (not form.startswith("exception") or forms[max(place - 2, 0) : place] == ["a", "l"])
    ]  # fmt: skip


def _items_of(words: Words, name: bool) -> list[int]:
    """The places of the names of a text, or of its numbers."""
    if name:
        return [place for place, word in enumerate(words.words) if word.name]
    return [place for place, word in enumerate(words.words) if word.form.isdigit()]


def _noun_after(words: Words, number: Number) -> Word | None:
    following = (word for word in words.words if word.start >= number.end and word.content)
    word = next(following, None)
    return word if word is not None and word.start - number.end <= 12 else None


def _root(form: str) -> str:
    return form[: max(6, len(form) * 2 // 3)]


def _same_word(one: Word, other: Word) -> bool:
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


_BE = frozenset(
    "est sont etait etaient ete fut furent sera seront serait seraient etre soit soient etant "
    "is are was were be been being".split()
)


_NOMINAL = frozenset(
    "le la les l un une des du de d ce cet cette ces son sa ses leur leurs notre nos votre vos mon ma mes au aux a en par "
    "pour sans avec sur dans chaque tout toute tous toutes aucun aucune quel quelle entre et ou the an of in".split()
)


def _is_verb(words: Words, place: int) -> bool:
    """Whether a word is likely a verb with a complement: no article or preposition before, one after."""
    if place == 0 or place + 1 >= len(words.words) or words.words[place].form in PIVOTS:
        return False
    return words.words[place - 1].form not in _NOMINAL and words.words[place + 1].form in _NOMINAL


def _passive(words: Words, place: int) -> bool:
    clause = words.words[place].clause
    before = [word.form for word in words.words[max(place - 3, 0) : place] if word.clause == clause]
    after = [word.form for word in words.words[place + 1 : place + 5]]
    return (
        any(form in _BE for form in before) or "par" in after[:2] or "by" in after or ("par" in after and "s" in before)
    )


def _shared(mine: set[str], theirs: set[str], without: set[str]) -> int:
    return len(mine & theirs - without)


def _place_of(words: Words, number: Number) -> int:
    return next((place for place, word in enumerate(words.words) if word.end > number.start), len(words.words) - 1)


def _clause_of(words: Words, place: int) -> set[str]:
    """The content words of a word's clause, without itself."""
    clause = words.words[place].clause
    return {w.base for at, w in enumerate(words.words) if w.clause == clause and w.content and at != place}


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


_CAUSAL_PHRASES = (" ce qui ", " c est que ", " c est qu ", " ne serait ce que ", " de sorte ", " si bien ")
_CONDITIONAL = frozenset(("aurait", "auraient", "serait", "seraient"))
_COMPARE = {"plus": "plus", "davantage": "plus", "mieux": "plus", "moins": "moins", "pire": "moins"}


def _not_said_to_be(words: Words) -> list[int]:
    """The « que » of « rien ne prouve que », « il nie que »: what follows is not said to be; « nul doute que » says it."""
    found = []
    for place, word in enumerate(words.words):
        if word.form not in ("que", "qu"):
            continue
        before = [one.form for one in words.words[:place] if one.clause == word.clause - 1]
        ended = bool({"ne", "n"} & set(before)) and bool(NEGATION_ENDS & set(before))
        denied = ended or bool(DENIALS & set(before))
        verb = before[-3:]
        denies = any(form.startswith(DENIES_THAT) for form in verb)
        if denied != denies and (denies or any(form.startswith(ASSERTS_THAT) for form in verb)):
            found.append(place)
    return found


def _hedges(words: Words) -> list[int]:
    """Where a text says that it is not sure: « il semble », « il se peut », « peut-être », a conditional."""
    forms = ["", *(word.form for word in words.words), "", ""]
    return [
        place
        for place, (before, form, following, later) in enumerate(
            zip(forms, forms[1:], forms[2:], forms[3:], strict=False)
        )
        if form in HEDGES
        or (before, form) == ("se", "peut")
        or (form in _CONDITIONAL and place + 1 < len(words.words) and words.words[place + 1].content)
        or ((form, following) == ("peut", "etre") and later in ("que", "qu", ""))
    ]


@dataclass(frozen=True, slots=True)
class _Cause:
    """A cause and its effect as content words, the word that binds them, whether it says « parce que » in so many words."""

    word: str
    cause: set[str]
    effect: set[str]
    told: bool
    denied: bool


def _causes_of(words: Words) -> list[_Cause]:
    found = []
    forms = [word.form for word in words.words]
    for place, form in enumerate(forms):
        following = forms[place + 1] if place + 1 < len(forms) else ""
        because = form in BECAUSE or (form, following) in BECAUSE_OF
        if not because and form not in LEADS_TO and form not in RESULTS_FROM:
            continue
        last = next((p for p in range(place + 1, len(forms)) if forms[p] in BECAUSE or forms[p] == "mais"), len(forms))
        before = {word.base for word in words.words[:place] if word.content}
        after = {word.base for word in words.words[place + 1 : last] if word.content}
        of = max((p for p in range(place) if forms[p] == "dont"), default=None)
        if form.startswith("consequence") and of is not None and words.words[of].clause == words.words[place].clause:
            after = {word.base for word in words.words[:of] if word.content}  # « A, dont B est une conséquence »
            before = {word.base for word in words.words[of:place] if word.content}
        if because and not before:  # « Parce que A, B »
            comma = words.text.find(",", words.words[place].end)
            if comma < 0:
                continue
            after = {word.base for word in words.words[place + 1 :] if word.content and word.start < comma}
            before = {word.base for word in words.words[place + 1 :] if word.content and word.start > comma}
        backwards = (
            because or form in RESULTS_FROM or (form not in ("donc", "so", "therefore") and _passive(words, place))
        )
        cause, effect = (after, before) if backwards else (before, after)
        found.append(_Cause(form, cause, effect, because, words.words[place].denied % 2 == 1))
    return found


def _comparatives_of(words: Words) -> list[tuple[int, str]]:
    """Where « plus » and « moins » compare: not those of a negation, of a number or of « au moins »."""
    forms = [word.form for word in words.words]
    found = []
    for place, form in enumerate(forms):
        if form not in _COMPARE:
            continue
        word = words.words[place]
        before, following = forms[place - 1] if place else "", forms[place + 1] if place + 1 < len(forms) else ""
        bounds = any(
            -2 <= number.start - word.end <= 6 or 0 <= word.start - number.end <= 12 for number in words.numbers
        )
        denies = form == "plus" and word.denied and {"ne", "n"} & set(forms[max(place - 5, 0) : place])
        if form == "moins" and before == "pas" and not bounds:
            found.append((place, "plus"))
            continue
        if bounds or denies or before in ("au", "non", "pas") or (before in ("de", "en") and following not in ("en",)
                                                                 and forms[place - 2 : place - 1] != [form]):  # fmt: skip
            continue
        if before == "en" and forms[place - 2 : place - 1] == [form]:
            continue  # the second half of « de plus en plus »
        found.append((place, _COMPARE[form]))
    return found
