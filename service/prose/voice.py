"""The voice of a verb: « A nomme B » or « B est nommé par A »."""

from service.prose.words import Words

_BE = frozenset(
    "est sont etait etaient ete fut furent sera seront serait seraient etre soit soient etant "
    "is are was were be been being".split()
)


def passive(words: Words, place: int) -> bool:
    """Whether the verb at a place, if it is one, is in the passive."""
    clause = words.words[place].clause
    before = [word.form for word in words.words[max(place - 3, 0) : place] if word.clause == clause]
    after = [word.form for word in words.words[place + 1 : place + 5]]
    return (
        any(form in _BE for form in before) or "par" in after[:2] or "by" in after or ("par" in after and "s" in before)
    )
