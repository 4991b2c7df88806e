"""The rule of causes: a sentence's causes are those of its quotes, and none is told as its effect."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.prose.comparison import Comparison
from service.prose.lexicon import BECAUSE, BECAUSE_OF, CAUSAL, LEADS_TO, RESULTS_FROM
from service.prose.verdict import Blame, Reason
from service.prose.voice import passive
from service.prose.words import Words

_CAUSAL_PHRASES = (" ce qui ", " c est que ", " c est qu ", " ne serait ce que ", " de sorte ", " si bien ")


@dataclass(frozen=True, slots=True)
class _Cause:
    """A cause and its effect as content words, the word that binds them, whether it says « parce que » in so many words."""

    word: str
    cause: set[str]
    effect: set[str]
    told: bool
    denied: bool


def causes(comparison: Comparison) -> Iterator[Blame]:
    """A cause told as its effect, or one that no quote tells."""
    said = _causes_of(comparison.said)
    given = [cause for quote in comparison.quotes for cause in _causes_of(quote)]
    for mine in said:
        straight = turned = 0
        for theirs in given:
            same = _shared(mine.cause, theirs.cause, theirs.effect) + _shared(mine.effect, theirs.effect, theirs.cause)
            other = _shared(mine.cause, theirs.effect, theirs.cause) + _shared(mine.effect, theirs.cause, theirs.effect)
            if theirs.denied and not mine.denied:
                same, other = other, same
            straight, turned = straight + same, turned + other
        denied = bool(given) and all(theirs.denied for theirs in given) and not mine.denied
        if turned > straight or denied or (not given and mine.told and not _tells_cause(comparison)):
            yield Blame(Reason.CAUSE, (mine.word,))


def _shared(mine: set[str], theirs: set[str], without: set[str]) -> int:
    return len(mine & theirs - without)


def _tells_cause(comparison: Comparison) -> bool:
    """Whether the quotes tell a cause in some other way."""
    spaced = [f" {' '.join(word.form for word in quote.words)} " for quote in comparison.quotes]
    return (
        bool(comparison.forms & CAUSAL)
        or any(":" in quote.text for quote in comparison.quotes)
        or any(told in text for text in spaced for told in _CAUSAL_PHRASES)
    )


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
            because or form in RESULTS_FROM or (form not in ("donc", "so", "therefore") and passive(words, place))
        )
        cause, effect = (after, before) if backwards else (before, after)
        found.append(_Cause(form, cause, effect, because, words.words[place].denied % 2 == 1))
    return found
