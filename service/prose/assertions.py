"""Rules of assertions: no sentence says more surely, more widely or with fewer conditions what its quotes say."""

import re
from collections.abc import Iterator

from service.prose.comparison import Comparison, place_of, same_number, same_word
from service.prose.lexicon import (
    ASSERTS_THAT,
    CAN,
    CERTAIN,
    CONDITIONS,
    DENIALS,
    DENIES_THAT,
    EXCEPTIONS,
    EXEMPT,
    HEDGES,
    LIGHT,
    MUST,
    NEGATION_ENDS,
    RESTS_ON,
    RULES,
    WEAKENING,
)
from service.prose.numbers import Number
from service.prose.verdict import Blame, Reason
from service.prose.words import Words

_PUNCTUATION = re.compile(r"[,;:.?!()]")
_CONDITIONAL = frozenset(("aurait", "auraient", "serait", "seraient"))


def quantifiers(comparison: Comparison) -> Iterator[Blame]:
    """« tous » for « certains », or for « certains » nothing."""
    quotes = comparison.quotes
    given = {name for quote in quotes for _, name in quote.quantifiers}
    if any(number.kind == "share" and number.value == 1 for quote in quotes for number in quote.numbers):
        given.add("all")
    said = {name for _, name in comparison.said.quantifiers}
    for place, name in comparison.said.quantifiers:
        rests = RESTS_ON[name] & given
        if not rests:
            if name == "some" and not given:
                continue
            yield Blame(Reason.QUANTIFIER, (comparison.said.words[place].form,))
    holders = comparison.holders()
    for q, quote in enumerate(quotes):
        for place, name in quote.quantifiers:
            if name not in WEAKENING or said & (RESTS_ON[name] | {"few", "some", "most", "almost"}):
                continue
            number = next((n for n in quote.numbers if 0 <= n.start - quote.words[place].end <= 4), None)
            if number is None and (q, _weakened(quote, place)) in holders:
                yield Blame(Reason.QUANTIFIER, (quote.words[place].form,))


def _weakened(quote: Words, place: int) -> int | None:
    """The word that a quantifier weakens: the next one, or the one before « pas toujours »."""
    if quote.words[place - 1 : place] and quote.words[place - 1].form == "pas":
        return next((p for p in range(place - 2, -1, -1) if quote.words[p].content), None)
    following = next((p for p in range(place + 1, len(quote.words)) if quote.words[p].content), None)
    return following if following is not None and following - place <= 4 else None


def modality(comparison: Comparison) -> Iterator[Blame]:
    """« doit » for « peut », « est » for « semble » or for « rien ne prouve que »."""
    said = {word.form for word in comparison.said.words}
    given = comparison.forms
    must, can = _modals(comparison.said)
    theirs = [_modals(quote) for quote in comparison.quotes]
    musts, cans = any(one for one, _ in theirs), any(other for _, other in theirs)
    if must and not musts and cans and not given & RULES:
        yield Blame(Reason.MODALITY, tuple(sorted(said & MUST)))
    if can and musts and not cans:
        yield Blame(Reason.MODALITY, tuple(sorted(said & CAN)))
    if said & CERTAIN and not given & CERTAIN:
        yield Blame(Reason.MODALITY, tuple(sorted(said & CERTAIN)))
    if "doute" in said and "doute" not in given:
        yield Blame(Reason.MODALITY, ("doute",))
    if not _hedges(comparison.said):
        yield from _unhedged(comparison)


def _unhedged(comparison: Comparison) -> Iterator[Blame]:
    """What a quote does not say for sure, or does not say to be, said as a fact."""
    said = comparison.said
    denies = said.scopes or _not_said_to_be(said) or any(word.form.startswith(DENIES_THAT) for word in said.words)
    for q, quote in enumerate(comparison.quotes):
        held = comparison.held(q)
        for place in _hedges(quote):
            clauses = {quote.words[place].clause, quote.words[place].clause + 1}
            if sum(quote.words[at].clause in clauses for at in held) >= 2:
                yield Blame(Reason.MODALITY, (quote.words[place].form,))
        if denies:
            continue
        for place in _not_said_to_be(quote):
            if sum(quote.words[at].clause == quote.words[place].clause for at in held) >= 2:
                yield Blame(Reason.MODALITY, (quote.words[place - 1].form,))


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


def conditions(comparison: Comparison) -> Iterator[Blame]:
    """A condition that no quote makes, or that the sentence leaves out."""
    yield from _even_if(comparison)
    said = {word.form for word in comparison.said.words}
    if not (comparison.said.scopes or said & EXCEPTIONS or any(form.startswith(EXEMPT) for form in said)):
        yield from _exceptions(comparison)
    if not (said & CONDITIONS or _hedges(comparison.said)):
        yield from _suppositions(comparison)


def _even_if(comparison: Comparison) -> Iterator[Blame]:
    """« même si », where the quote does not say it."""
    forms = [word.form for word in comparison.said.words]
    if "meme" in comparison.forms:
        return
    for one, following in zip(forms, forms[1:], strict=False):
        if one == "meme" and following in ("si", "s", "pour", "en", "lorsque", "quand", "sans", "apres", "avec"):
            yield Blame(Reason.CONDITION, (one, following))


def _exceptions(comparison: Comparison) -> Iterator[Blame]:
    """« ouvert le lundi » for « ouvert, sauf le lundi »: of what a quote excepts, and tells nowhere else."""
    said, quotes = comparison.said, comparison.quotes
    excepted = [(q, part) for q, quote in enumerate(quotes) for part in _excepted(quote)]
    for q, part in excepted:
        others = [
            word for at, quote in enumerate(quotes) for place, word in enumerate(quote.words)
            if not (at == q and place in part)
        ]  # fmt: skip
        for match in comparison.matches.values():
            word = comparison.matched(match)
            inside = match.quote == q and match.place in part and word.form not in LIGHT
            if inside and not any(same_word(word, other) for other in others):
                yield Blame(Reason.CONDITION, (word.form,))
        mine = _numbers_in(quotes[q], part)
        theirs = [n for at, quote in enumerate(quotes) for n in quote.numbers if not (at == q and n in mine)]
        for number in said.numbers:
            if any(same_number(number, one) for one in mine) and not any(same_number(number, one) for one in theirs):
                yield Blame(Reason.CONDITION, (said.text[number.start : number.end],))


def _excepted(words: Words) -> list[range]:
    """What a text excepts: « sauf le lundi », « à l’exception des stagiaires »."""
    forms = [word.form for word in words.words]
    return [
        _stretch(words, place) for place, form in enumerate(forms)
        if form in EXCEPTIONS and (not form.startswith("exception") or forms[max(place - 2, 0) : place] == ["a", "l"])
    ]  # fmt: skip


def _suppositions(comparison: Comparison) -> Iterator[Blame]:
    """« Le marché ferme » for « Si la pluie tombe, le marché ferme »."""
    for q, quote in enumerate(comparison.quotes):
        held = comparison.held(q)
        for place, word in enumerate(quote.words):
            following = quote.words[place + 1].form if place + 1 < len(quote.words) else ""
            if not (word.first and (word.form == "si" or (word.form == "s" and following in ("il", "ils")))):
                continue
            supposed = _stretch(quote, place)
            rest = range(supposed.stop, len(quote.words))
            main = range(supposed.stop, next((at for at in rest if quote.words[at].first), len(quote.words)))
            told = any(
                same_number(number, one) for number in comparison.said.numbers for one in _numbers_in(quote, supposed)
            )
            if [one.form for one in quote.words[main.start : main.start + 2]] == ["c", "est"]:
                continue  # « si P, c’est que Q »: both are so
            if len(held.intersection(main)) >= 2 and not held.intersection(supposed) and not told:
                yield Blame(Reason.CONDITION, (word.form,))


def _stretch(words: Words, place: int) -> range:
    """The words from a place to the next punctuation."""
    end = _PUNCTUATION.search(words.text, words.words[place].end)
    last = end.start() if end else len(words.text)
    return range(place, next((at for at, word in enumerate(words.words) if word.start > last), len(words.words)))


def _numbers_in(words: Words, part: range) -> list[Number]:
    """The numbers of a stretch of words."""
    return [number for number in words.numbers if place_of(words, number) in part]
