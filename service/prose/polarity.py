"""Rules of polarity: no sentence says the opposite of its quotes, by an opposite word, a denial or « plus » for « moins »."""

from collections.abc import Iterator

from service.prose.comparison import Comparison, misplaced, same_word
from service.prose.lexicon import opposite
from service.prose.verdict import Blame, Reason
from service.prose.words import Words

_COMPARE = {"plus": "plus", "davantage": "plus", "mieux": "plus", "moins": "moins", "pire": "moins"}


def opposites(comparison: Comparison) -> Iterator[Blame]:
    """Of two opposites that a quote holds both, the one that it tells of something else."""
    said = comparison.said
    for place, match in comparison.matches.items():
        word = said.words[place]
        if match.strength < 0.99 or match.opposed:
            continue
        own, rivals = [], []
        for quote in comparison.quotes:
            for at, other in enumerate(quote.words):
                if same_word(word, other):
                    own.append((quote, at))
                elif opposite((word.form, word.base), (other.form, other.base)):
                    rivals.append((quote, at))
        said_both = any(
            opposite((word.form, word.base), (other.form, other.base)) for other in said.words
            if other.clause == word.clause
        )  # fmt: skip
        if rivals and not said_both and misplaced(said, place, own, rivals):
            yield Blame(Reason.OPPOSITE, (word.form,))


def denials(comparison: Comparison) -> Iterator[Blame]:
    """What a denial falls upon first must be denied on the other side too; one that falls upon no word of the quotes
    (« ce n'est pas bien ») needs a denial in them."""
    said, matches = comparison.said, comparison.matches
    if not any(quote.scopes for quote in comparison.quotes):
        for scope in said.scopes:
            if scope and not any(place in matches for place in scope):
                yield Blame(Reason.NEGATION, (said.words[min(scope)].form,))
    holders = comparison.holders()
    heads = {next((place for place in scope if place in matches), None) for scope in said.scopes}
    for q, quote in enumerate(comparison.quotes):
        heads |= {next((holders[q, place] for place in scope if (q, place) in holders), None) for scope in quote.scopes}
    for place in sorted(head for head in heads if head is not None):
        match, word = matches[place], said.words[place]
        if not match.opposed and word.denied % 2 != comparison.matched(match).denied % 2:
            yield Blame(Reason.NEGATION, (word.form,))


def comparatives(comparison: Comparison) -> Iterator[Blame]:
    """« plus » and « moins », and the order of « plus … plus … »."""
    said = _comparatives_of(comparison.said)
    given = [_comparatives_of(quote) for quote in comparison.quotes]
    for name in ("plus", "moins"):
        mine = [place for place, one in said if one == name]
        theirs = [one for found in given for _, one in found]
        if mine and theirs and name not in theirs:
            yield Blame(Reason.OPPOSITE, (name,))
    for quote, found in zip(comparison.quotes, given, strict=True):
        if len(said) == len(found) == 2:
            first = {w.base for w in comparison.said.words[said[0][0] : said[1][0]] if w.content}
            second = {w.base for w in comparison.said.words[said[1][0] :] if w.content}
            theirs_first = {w.base for w in quote.words[found[0][0] : found[1][0]] if w.content}
            theirs_second = {w.base for w in quote.words[found[1][0] :] if w.content}
            turned = len(first & theirs_second - theirs_first) + len(second & theirs_first - theirs_second)
            straight = len(first & theirs_first - theirs_second) + len(second & theirs_second - theirs_first)
            if turned > straight:
                yield Blame(Reason.ROLE, ("plus",))


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
