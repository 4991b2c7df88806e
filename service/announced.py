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
_ANNOUNCES = re.compile(r":[\s*_]*(?:\[?\d{1,3}\]?\s*)?$")  # a note's number may stand behind it
_MARK = rf"{LIST_MARK}\s"
_GAP = re.compile(rf"[\s>|*_:\-]*(?:{_MARK}[\s*_]*)?")  # no words: marks, a table's rules
_LINE_END = re.compile(r"[\r\n\x0b\x0c\x85\u2028\u2029]")
_ITEM = re.compile(rf"[\s>|]*[\r\n][\s>|]*(?={_MARK}\S)|\s*\n\s*\n\s*")


def with_announced(chosen: list[Evidence], index: Index) -> list[Evidence]:
    """The same quotes, each that ends in a colon going on over the list, or the sentence, that it announces.

    Of two quotes that would then overlap the better stays. A quote stays one span of its document.
    """
    kept: list[Evidence] = []
    for one in chosen:
        longer = _announced(one, index)
        if not any(k.document == one.document and k.start < longer.end and longer.start < k.end for k in kept):
            kept.append(longer)
    return kept


def items(quote: str) -> list[str]:
    """What a quote announces with and the items of its list, marks and all; the whole quote where it holds no list."""
    return _ITEM.split(quote)


def _announced(one: Evidence, index: Index) -> Evidence:
    text = index.corpus.text(one.document)
    quote = legible(text[one.start : one.end], index.corpus.document_at(one.document).format)
    if not _ANNOUNCES.search(quote):
        return one
    run = index.corpus.sentences(one.sentence, one.sentence + _MOST)
    return replace(one, end=_end(text, [sentence for sentence in run if sentence.document == one.document]))


def _end(text: str, run: list[StoredSentence]) -> int:
    """Where what the first sentence of a run announces ends: all the items of a list, or one sentence."""
    end = run[0].end
    for before, after in pairwise(run):
        gap = text[before.end : after.start]
        if not _GAP.fullmatch(gap) or after.end - run[0].start > _LONGEST:
            break  # a heading, or what is no text, stands between; or it goes on for too long
        if run[1].item and not after.item and _LINE_END.search(gap):
            break  # the list is over
        if not run[1].item and before is not run[0] and text[before.end - 1] not in ";,":
            break  # no list: the one sentence is whole
        end = after.end
    return end
