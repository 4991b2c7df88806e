"""A text to its words, as a checker reads them: clauses, what is denied, quantifiers, names."""

import re
from dataclasses import dataclass

from indexer.analysis import FrenchAnalyser
from indexer.stopwords import ENGLISH_STOP_WORDS, FRENCH_STOP_WORDS
from service.prose.lexicon import (
    CLAUSE_ENDS,
    DENIALS,
    DENYING,
    INSTEAD,
    MODALS,
    NEGATION_ENDS,
    QUANTIFIER_OF,
)
from service.prose.numbers import TIMES, Number, numbers_of, plain

_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(plain(word) for word in FRENCH_STOP_WORDS | ENGLISH_STOP_WORDS)
_CLAUSE_END = re.compile(r"[,;:.?!()…]|\s[-–—]\s")
_SENTENCE_END = re.compile(r"[.?!…:«“\"]\s*$")
_REACH = 8  # words between « ne » and its second half
# Bare « ne » that denies all the same: « ne saurait », « ne peut refuser ».
_BARE = frozenset(("cesse cessent saurait sauraient sait peut peuvent puisse pouvait pourra ose osent").split())
_NO_DENIAL = {
    "pas": frozenset(("moins", "seulement", "uniquement", "exclusivement")),
    "non": frozenset(("seulement", "plus")),
    "sans": frozenset(("doute", "cesse")),
    "not": frozenset(("only",)),
}
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
    forms = [folded[match.start() : match.end()].strip() for match in matches]
    clauses = _clauses(text, matches, forms)
    scopes, only = _denials(text, matches, forms, clauses)
    denied = [sum(place in scope for scope in scopes) for place in range(len(matches))]
    words = []
    for place, (match, form) in enumerate(zip(matches, forms, strict=True)):
        numeric = any(number.start < match.end() and match.start() < number.end for number in numbers)
        named = match.group()[0].isupper()
        first = place == 0 or bool(_SENTENCE_END.search(text[: match.start()]))
        content = (
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
    return Words(text, tuple(words), numbers, tuple(scopes), tuple(sorted([*_quantifiers(forms), *only])))


def _base(form: str, analyser: FrenchAnalyser) -> str:
    plural = len(form) >= 6 and form.endswith("ent") and not form.endswith("ment")
    return analyser.stem(form[:-3] + "e" if plural else form)


def _clauses(text: str, matches: list[re.Match[str]], forms: list[str]) -> list[int]:
    clause, before = 0, 0
    clauses: list[int] = []
    for match, form in zip(matches, forms, strict=True):
        if _CLAUSE_END.search(text[before : match.start()]) or (clauses and form in CLAUSE_ENDS):
            clause += 1
        clauses.append(clause)
        before = match.end()
    return clauses


def _denials(
    text: str, matches: list[re.Match[str]], forms: list[str], clauses: list[int]
) -> tuple[list[range], list[tuple[int, str]]]:
    """What each denial reaches, as places of words; and where « ne … que » says "only"."""
    scopes: list[range] = []
    only: list[tuple[int, str]] = []
    used: set[int] = set()

    def end_of(place: int) -> int:
        return next((p for p in range(place, len(forms)) if clauses[p] != clauses[place]), len(forms))

    def stops(place: int) -> int:
        """Where the punctuated stretch ends: « ne » looks over « que » for its second half."""
        for p in range(place, len(forms) - 1):
            if _CLAUSE_END.search(text[matches[p].end() : matches[p + 1].start()]):
                return p + 1
        return len(forms)

    for place, form in enumerate(forms):
        if form not in ("ne", "n") or (
            form == "n" and text[matches[place].end() : matches[place].end() + 1] not in "'’"
        ):
            continue
        reach = range(place + 1, min(place + _REACH, stops(place)))
        second = next((p for p in reach if forms[p] in NEGATION_ENDS or forms[p] in ("que", "qu")), None)
        if second is not None and forms[second] in ("que", "qu"):
            only.append((place, "only"))
            used.update(p for p in range(place) if clauses[p] == clauses[place] and forms[p] in DENIALS)
        elif second is not None:
            used.add(second)
            if forms[second] == "ni":
                used.update(p for p in range(second, end_of(place)) if forms[p] == "ni")
            if _denies(forms, second):
                scopes.append(range(place, max(end_of(place), second + 1)))
        else:
            earlier = [p for p in range(place) if clauses[p] == clauses[place] and forms[p] in NEGATION_ENDS]
            if earlier:
                used.update(earlier)
                scopes.append(range(place, end_of(place)))
            elif place + 1 < len(forms) and forms[place + 1] in _BARE:
                scopes.append(range(place, end_of(place)))
    for place, form in enumerate(forms):
        if place in used:
            continue
        if form == "non" and place and forms[place - 1] == "ou":
            continue  # « ou non »
        if form in DENIALS or form == "pas":
            if _denies(forms, place):
                end = end_of(place)
                if form == "non" and forms[place + 1 : place + 2] in (["pas"], ["point"]):
                    used.add(place + 1)
                elif form == "non" and place + 1 < len(forms) and forms[place + 1] not in _STOP:
                    end = min(end, place + 2)  # « non lucratif » denies one word
                scopes.append(range(place + 1, end))
        elif form in DENYING:
            # « interdit à l’employeur de … »: what follows « de »
            of = next((p for p in range(place + 1, min(place + 6, end_of(place))) if forms[p] in ("de", "d")), place)
            scopes.append(range(of + 1, end_of(place)))
        elif any((form, forms[place + 1 : place + 2]) == (one, [two]) for one, two in INSTEAD):
            scopes.append(range(place + 2, _end_after(place + 2, clauses)))
    return scopes, only


def _end_after(place: int, clauses: list[int]) -> int:
    if place >= len(clauses):
        return place
    return next((p for p in range(place, len(clauses)) if clauses[p] != clauses[place]), len(clauses))


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
            found.append((place, QUANTIFIER_OF[form]))
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
        return before in ("un", "une") and following == "ou"
    if form == "pres":
        return following not in ("de", "d")
    if form == "partie":
        return before != "en" and not (before == "une" and following in ("de", "des", "du"))
    return False
