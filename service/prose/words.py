"""A text to its words, as a checker reads them: clauses, what is denied, quantifiers, names."""

import re
from dataclasses import dataclass

from indexer.analysis import FrenchAnalyser
from indexer.stopwords import ENGLISH_STOP_WORDS, FRENCH_STOP_WORDS
from service.prose.lexicon import (
    CLAUSE_ENDS,
    DENIALS,
    DENYING,
    DENYING_NOUNS,
    DIRECTIONS,
    INSTEAD,
    MODALS,
    NEGATION_ENDS,
    QUANTIFIER_OF,
)
from service.prose.numbers import TIMES, Number, numbers_of, plain

_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(plain(word) for word in FRENCH_STOP_WORDS | ENGLISH_STOP_WORDS)
_CLAUSE_END = re.compile(r"[,;:.?!()]|…\s*\W*[A-ZÀ-Þ]?$|\s[-–—]\s")
_SENTENCE_END = re.compile(r"[.?!…:«“\"]\s*$")
_REACH = 8  # words between « ne » and its second half
# Bare « ne » that denies all the same: « ne saurait », « ne peut refuser ».
_BARE = frozenset(("cesse cessent saurait sauraient sait peut peuvent puisse pouvait pourra ose osent").split())
_REFUSING = ("refus", "empech", "interdi")  # in any tense
_NO_DENIAL = {
    "pas": frozenset(("moins", "seulement", "uniquement", "exclusivement")),
    "non": frozenset(("seulement", "plus")),
    "sans": frozenset(("doute", "cesse")),
    "aucun": frozenset(("doute",)),
    "not": frozenset(("only",)),
}
_PREPOSITIONS = frozenset(
    "par de des du d le la les l un une a au aux pour dans avec en sur by of the to for in on".split()
)
_TOUT = frozenset(("tout", "toute"))  # « tout travail »; not « tout en », « tout au plus »
_AFTER_TOUT_NOT = frozenset(
    "en au aux a de d le la les un une ce cet cette simplement juste comme autant moins plus ailleurs abord suite fait".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word: where it stands, folded (``form``), as written in lower case (``surface``), its stem, its clause.

    ``base`` is the stem that it has if it is a verb in « -ent », which the stemmer leaves as it is.

    ``denied`` counts the denials that reach it; an odd number denies it.
    """

    start: int
    end: int
    form: str
    surface: str
    term: str
    base: str
    clause: int
    content: bool
    name: bool
    first: bool
    denied: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text; ``scopes`` are the places that each denial reaches, what it falls upon first."""

    text: str
    words: tuple[Word, ...]
    numbers: tuple[Number, ...]
    scopes: tuple[range, ...]
    quantifiers: tuple[tuple[int, str], ...]


def read_words(text: str, analyser: FrenchAnalyser) -> Words:
    """Read a text of a sentence or a few."""
    numbers = numbers_of(text)
    folded = plain(text)
    matches = list(_WORD.finditer(text))
    # folded, « né » would be the « ne » of a denial
    forms = ["nee" if match.group() == "né" else folded[match.start() : match.end()].strip() for match in matches]
    clauses = _clauses(text, matches, forms)
    denials = _Denials(text, matches, forms, clauses)
    denied = [sum(place in scope for scope in denials.scopes) for place in range(len(matches))]
    words = []
    for place, (match, form) in enumerate(zip(matches, forms, strict=True)):
        numeric = any(number.start < match.end() and match.start() < number.end for number in numbers)
        named = match.group()[0].isupper()
        first = place == 0 or bool(_SENTENCE_END.search(text[: match.start()]))
        content = form in DIRECTIONS or (
            form not in _STOP and form not in MODALS and form not in QUANTIFIER_OF and len(form) > 1
            and not (numeric and not (named and not first))
        )  # fmt: skip
        words.append(
            Word(
                match.start(), match.end(), form, match.group().lower(), analyser.stem(form), _base(form, analyser),
                clauses[place], content,
                named and not first, first, denied[place],
            )
        )  # fmt: skip
    return Words(
        text, tuple(words), numbers, tuple(denials.scopes), tuple(sorted([*_quantifiers(forms), *denials.only]))
    )


def _base(form: str, analyser: FrenchAnalyser) -> str:
    plural = len(form) >= 6 and form.endswith("ent") and not form.endswith("ment")
    return analyser.stem(form[:-3] + "e" if plural else form)


def _clauses(text: str, matches: list[re.Match[str]], forms: list[str]) -> list[int]:
    clause, before = 0, 0
    clauses: list[int] = []
    for match, form in zip(matches, forms, strict=True):
        if_he = form == "s" and text[match.end() + 1 : match.end() + 3] == "il"
        if _CLAUSE_END.search(text[before : match.start()]) or (clauses and (form in CLAUSE_ENDS or if_he)):
            clause += 1
        clauses.append(clause)
        before = match.end()
    return clauses


class _Denials:
    """What each denial of a text reaches, as places of words; and where « ne … que » says "only"."""

    def __init__(self, text: str, matches: list[re.Match[str]], forms: list[str], clauses: list[int]) -> None:
        self._text = text
        self._matches = matches
        self._forms = forms
        self._clauses = clauses
        self._used: set[int] = set()
        self.scopes: list[range] = []
        self.only: list[tuple[int, str]] = []
        for place, form in enumerate(forms):
            elided = form == "n" and text[matches[place].end() : matches[place].end() + 1] in ("'", "’")
            if form == "ne" or elided:
                self._ne(place)
        for place in range(len(forms)):
            if place not in self._used:
                self._alone(place)

    def _end_of(self, place: int) -> int:
        """Where the clause of a word ends."""
        clauses = self._clauses
        return next((p for p in range(place, len(clauses)) if clauses[p] != clauses[place]), len(clauses))

    def _stretch(self, place: int) -> int:
        """Where the punctuated stretch ends: « ne » looks over « que » for its second half."""
        for p in range(place, len(self._forms) - 1):
            if _CLAUSE_END.search(self._text[self._matches[p].end() : self._matches[p + 1].start()]):
                return p + 1
        return len(self._forms)

    def _second(self, place: int) -> int | None:
        """The second half of « ne »: « pas », « aucun » … or « que »."""
        forms = self._forms
        for p in range(place + 1, min(place + _REACH, self._stretch(place))):
            if forms[p] == "plus" and (que := self._no_more_than(p)) is not None:
                return que
            if forms[p] in NEGATION_ENDS or forms[p] in ("que", "qu"):
                return p
        if forms[place + 1 : place + 2] and forms[place + 1] in _BARE:  # « ne peut A, B ou C qu’à … »
            further = range(place + 1, min(place + 2 * _REACH, len(forms)))
            return next((p for p in further if forms[p] in ("que", "qu")), None)
        return None

    def _no_more_than(self, plus: int) -> int | None:
        """The « que » of « n’est plus qu’un souvenir »."""
        forms = self._forms
        further = range(plus + 1, min(plus + 6, len(forms) - 1))
        return next((p for p in further if forms[p] == "qu" and forms[p + 1] in ("un", "une")), None)

    def _ne(self, place: int) -> None:
        forms, clauses = self._forms, self._clauses
        second = self._second(place)
        earlier = [p for p in range(place) if clauses[p] == clauses[place] and forms[p] in NEGATION_ENDS | DENIALS]
        if second is not None and forms[second] in ("que", "qu"):
            self.only.append((place, "only"))
            self._used.update(earlier)
        elif second is not None:
            self._used.add(second)
            if forms[second] == "ni":
                self._used.update(p for p in range(second, self._end_of(place)) if forms[p] == "ni")
            if _denies(forms, second):
                end = max(self._end_of(place), second + 1)
                self.scopes.append(range(_instead(forms, place, end), end))
        elif earlier or (place + 1 < len(forms) and forms[place + 1] in _BARE):
            self._used.update(earlier)
            self.scopes.append(range(place, self._end_of(place)))

    def _alone(self, place: int) -> None:
        """A denial without « ne »."""
        forms, form = self._forms, self._forms[place]
        following = forms[place + 1 : place + 2]
        end = self._end_of(place)
        if form == "non" and place and forms[place - 1] == "ou":
            return  # « ou non »
        if form in DENIALS or form == "pas":
            if not _denies(forms, place):
                return
            if form == "sans":  # « sans jamais aucun » denies once
                self._used.update(p for p in range(place, end) if forms[p] in NEGATION_ENDS)
            if form == "non" and following in (["pas"], ["point"]):
                self._used.add(place + 1)
                if forms[place + 2 : place + 3] in (["parce"], ["que"], ["pour"]):  # up to « mais »
                    end = next((p for p in range(place, len(forms)) if forms[p] == "mais"), len(forms))
            elif form == "non" and following and following[0] not in _STOP:
                end = min(end, place + 2)  # « non lucratif » denies one word
            self.scopes.append(range(place + 1, end))
        elif form in DENYING or form.startswith(_REFUSING):
            # « interdit à l’employeur de … »: what follows « de »
            of = next((p for p in range(place + 1, min(place + 6, end)) if forms[p] in ("de", "d")), place)
            self.scopes.append(range(of + 1, min(end, of + 5) if form in DENYING_NOUNS else end))
        elif any((form, following) == (one, [two]) for one, two in INSTEAD) and place + 2 < len(forms):
            self.scopes.append(range(place + 2, self._end_of(place + 2)))


def _instead(forms: list[str], place: int, end: int) -> int:
    """Where the reach of a denial begins: « ne sont pas faits par A mais par B » denies A, not what is done."""
    if end + 1 < len(forms) and forms[end] in ("mais", "but") and forms[end + 1] in _PREPOSITIONS:
        return next((p for p in range(end - 1, place, -1) if forms[p] in _PREPOSITIONS), place)
    return place


def _denies(forms: list[str], place: int) -> bool:
    following = set(forms[place + 1 : place + 3])
    return not following & _NO_DENIAL.get(forms[place], frozenset())


def _quantifiers(forms: list[str]) -> list[tuple[int, str]]:
    padded = ["", *forms, "", ""]
    found = []
    for place, form in enumerate(forms):
        before, following, later = padded[place], padded[place + 2], padded[place + 3]
        if form in _TOUT:
            if _quantifies(before, following, later):
                found.append((place, "all"))
        elif form in QUANTIFIER_OF and not _is_idiom(form, before, following, later):
            partly = before == "pas" and QUANTIFIER_OF[form] == "all"  # « pas toujours » is sometimes
            found.append((place, "some" if partly else QUANTIFIER_OF[form]))
    return found


def _quantifies(before: str, following: str, later: str) -> bool:
    """« tout travail », « toute la journée », « tout au long »; not « tout en », « tout à fait »."""
    if {following, later} & TIMES.keys() or before in ("pas", "avant", "apres", "malgre", "sur"):
        return False
    if (following, later) == ("au", "long") or following in ("le", "la"):
        return True
    return following != "" and following not in _AFTER_TOUT_NOT


def _is_idiom(form: str, before: str, following: str, later: str) -> bool:
    """Where a quantifier's word is none: « chaque jour » tells how often, « un seul ou plusieurs » nothing."""
    if form in ("chaque", "tous", "toutes", "every"):
        return bool({following, later} & TIMES.keys())
    if form in ("seul", "seule"):
        return before in ("un", "une")
    if form in ("seulement", "uniquement", "exclusivement"):
        return before in ("pas", "non")
    if form == "peu":
        return "a" in (before, following)  # « peu à peu »
    if form == "pres":
        return following not in ("de", "d")
    if form == "partie":
        return before != "en" and not (before == "une" and following in ("de", "des", "du"))
    return False
