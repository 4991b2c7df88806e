"""A quote that announces what follows (« Il faut trois choses : ») to the quote with what it announces."""

import re
from dataclasses import replace
from itertools import pairwise

from indexer.corpus import StoredSentence
from indexer.index import Index
from indexer.legible import legible
from indexer.list_marks import LIST_MARK
from service.answer import Evidence

_LONGEST = 700  # characters of a quote with its list
_MOST = 40  # sentences looked at
_ANNOUNCES = re.compile(r":[\s*_]*(?:\[\d{1,3}\]\s*)?$")  # a note's number may stand behind it
_GAP = re.compile(rf"[\s>|*_:\-]*(?:{LIST_MARK}\s[\s*_]*)?")  # no words: marks, a table's rules
_LINE_END = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]")


def with_announced(chosen: list[Evidence], index: Index) -> list[Evidence]:
    """The same quotes, each that ends in a colon going on over the list, or the sentence, that it announces; of two
    items of one list, the whole list.

    Of two quotes that would then overlap the better stays. A quote stays one span of its document.
    """
    leads = [_lead(one, index) for one in chosen]
    kept: list[Evidence] = []
    for one, lead in zip(chosen, leads, strict=True):
        longer = _announced(one, one.sentence, index)
        if lead is not None and leads.count(lead) > 1:
            whole = _announced(one, lead, index)
            longer = whole if whole.end >= longer.end else longer
        within = [other for other in kept if _overlap(longer, other)]
        if not within:
            kept.append(longer)
        elif len(within) == 1 and longer.start <= within[0].start and within[0].end <= longer.end:
            # what announces a quote that is better: the whole, in its place
            kept[kept.index(within[0])] = replace(within[0], start=longer.start, end=longer.end)
        elif not any(_overlap(one, other) for other in kept):
            kept.append(one)
    return kept


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.document == other.document and one.start < other.end and other.start < one.end


def _announced(one: Evidence, first: int, index: Index) -> Evidence:
    """The quote from sentence ``first`` on, over what that announces."""
    text = index.corpus.text(one.document)
    run = [s for s in index.corpus.sentences(first, first + _MOST) if s.document == one.document]
    return replace(one, start=run[0].start, end=_end(text, run)) if _announces(run[0], text, index) else one


def _announces(sentence: StoredSentence, text: str, index: Index) -> bool:
    format_name = index.corpus.document_at(sentence.document).format
    return bool(_ANNOUNCES.search(legible(text[sentence.start : sentence.end], format_name)))


def _lead(one: Evidence, index: Index) -> int | None:
    """The sentence that announces the list in which a quote stands, if it is in one."""
    run = [s for s in index.corpus.sentences(max(one.sentence - _MOST, 0), one.sentence) if s.document == one.document]
    text = index.corpus.text(one.document)
    for after, before in pairwise(reversed(run)):
        gap = text[before.end : after.start]
        if len(gap) > _LONGEST or not _GAP.fullmatch(gap) or (_LINE_END.search(gap) and not after.item):
            return None
        if after.item and not before.item and _announces(before, text, index):
            return before.id
    return None


def _end(text: str, run: list[StoredSentence]) -> int:
    """Where what the first sentence of a run announces ends: all the items of a list, or one sentence."""
    end = run[0].end
    for before, after in pairwise(run):
        gap = text[before.end : after.start]
        if after.end - run[0].start > _LONGEST or not _GAP.fullmatch(gap):
            break  # a heading, or what is no text, stands between; or it goes on for too long
        if run[1].item and not after.item and _LINE_END.search(gap):
            break  # the list is over
        if not run[1].item and before is not run[0] and text[before.end - 1] not in ";,":
            break  # no list: the one sentence is whole
        end = after.end
    return end
