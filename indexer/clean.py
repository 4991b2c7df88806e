"""A raw document to the document that is indexed: its prose, title, author and date; what is around it left out.

Nothing is rewritten: cleaning chooses blocks, so that every offset stays that of the file (HTML: of its extracted text).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, islice

from indexer.analysis import fold
from indexer.chrome import COUNTED, Verdict, calls_to_action, find_author, is_byline, is_counter, judge
from indexer.dates import find_date
from indexer.document import Block, Document, Metadata, RawDocument, Section, Unit
from indexer.errors import FileWithoutText
from indexer.legible import legible

VERSION = "clean-3"

# « Title - 3 views », « Titre (12 commentaires) »: the line that heads an item of a list of items
_HEADED = re.compile(r"^(?P<title>.*\S)\s*[-–—|·(\[]\s*(?P<count>\d[\d\u00a0 .,]*)\s*(?P<unit>[^\W\d_]{3,})\s*[)\]]?$")
# « Objet : Re: Travaux »; and the lines above a letter that are no title: « Cc : … », « BP 1204 », « 44000 Nantes »
_SUBJECT = re.compile(r"^(?:objet|subject|sujet)\s*:\s*(?:(?:re|tr|fwd?)\s*:\s*)*(\S.*)", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"^(?:(?:de|a|cc|cci|from|to|date|tel|ref|n/ref|v/ref)\b[^:]{0,12}:|bp \d|\d{5} "
    r"|\d+(?: bis| ter)?,? (?:rue|avenue|av|bd|boulevard|place|allee|quai|chemin|impasse|route)\b)"
)
_ABOVE_LETTER = 12  # blocks among which a letter's subject stands
_SAYS = re.compile(r"[^\W\d_]{3}")
_FEWEST_ITEMS = 3
# Counters that prose has too: « Cuisson (20 minutes) », « Chapitre 2 - 30 pages »
_COUNTED_ANYWHERE = frozenset("minute minutes min page pages point points fois element elements".split())
# « Article 12 », « Chapitre premier », « 1.2 Objet », « IV. »: numbered, it is one heading among others
_NUMBERED = re.compile(
    r"^(?:(?:article|art\.|chapitre|section|partie|annexe|module|etape|lecon|acte|scene|chapter|part|step)\s+\S+"
    r"|\d+(?:\.\d+)*[.)]?\s|[ivx]+[.)]\s)"
)
_LONGEST_HEADING = 20  # words
_TO_SECTION = re.compile(r"\s*\[[^\[\]]*\]\(#[^()\s]*\)\s*")
_LEAST_ANNOUNCING = 5  # words
_LEAST_TOLD = 15  # words
_MOST_HEADINGS = 4  # lines right above the text, title among them
_LONG_PARAGRAPH = 45  # words


@dataclass(frozen=True, slots=True)
class _Judged:
    block: Block
    text: str
    verdict: Verdict


def clean(raw: RawDocument, catalogued: Metadata) -> Document:
    """Choose what of a raw document is indexed. ``catalogued`` (from the folder's catalogue) wins over what is found.

    Raises ``FileWithoutText`` when no prose is left.
    """
    judged = _judge_all(raw)
    found = raw.metadata
    items = _items(judged)
    if items:
        units = items
    else:
        kept = _keep(judged, raw.format == "markdown")
        bare = raw.format == "text" and not any(o.verdict is Verdict.BAD and _SAYS.search(o.text) for o in judged)
        title, author, date = _head(judged, kept, found, bare)
        if bare and kept:
            kept = _keep_written(judged, kept, title)
        found = replace(found, title=title, author=author, date=date)
        units = (Unit(None, _sections(kept, title)),)
    units = tuple(unit for unit in units if unit.sections)
    if not units:
        raise FileWithoutText()
    return Document(
        id=document_id(raw.path),
        path=raw.path,
        format=raw.format,
        sha256=raw.sha256,
        text=raw.text,
        metadata=_first_of(catalogued, found),
        units=units,
    )


def document_id(path: str) -> str:
    """The id of the document at ``path``: 12 hexadecimal digits that give nothing of the path away."""
    return hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _first_of(first: Metadata, second: Metadata) -> Metadata:
    return Metadata(
        title=first.title or second.title,
        author=first.author or second.author,
        publication=first.publication or second.publication,
        date=first.date or second.date,
        url=first.url or second.url,
    )


def _judge_all(raw: RawDocument) -> list[_Judged]:
    text = legible(raw.text, raw.format)
    texts = [text[block.start : block.end].strip() for block in raw.blocks]
    repeated = {text for text, count in Counter(fold(text) for text in texts).items() if count > 1}
    judged = []
    for block, text in zip(raw.blocks, texts, strict=True):
        if not text:
            continue  # nothing but marks: an image
        verdict = judge(text, item=block.kind == "item")
        if (
            raw.format == "markdown"
            and block.kind == "item"
            and _TO_SECTION.fullmatch(raw.text, block.start, block.end)
        ):
            verdict = Verdict.BAD  # a line of the table of contents
        if verdict is Verdict.SHORT and fold(text) in repeated and block.kind != "heading":
            verdict = Verdict.BAD  # the same few words twice: a button
        told = block.kind == "heading" and block.level != 1 and _is_told(text, verdict)
        if block.kind == "heading" and not told and _heads(raw.format, text, verdict):
            verdict = Verdict.SHORT
        judged.append(_Judged(replace(block, kind="prose", level=0) if told else block, text, verdict))
    return judged


def _is_told(text: str, verdict: Verdict) -> bool:
    """Whether what is marked as a heading is a sentence set in large type, to be quoted like any other."""
    return verdict is Verdict.GOOD and text.endswith((".", "…")) and len(text.split()) >= _LEAST_TOLD


def _heads(format_name: str, text: str, verdict: Verdict) -> bool:
    """Whether a marked heading is one: « ## 12 mars 2023 », « ## Contact » in Markdown, which has no buttons."""
    if verdict is Verdict.BYLINE:
        return find_author(text) is None
    return verdict is not Verdict.BAD or format_name == "markdown"


def _head(
    judged: Sequence[_Judged], kept: Sequence[_Judged], found: Metadata, bare: bool
) -> tuple[str | None, str | None, str | None]:
    """Title, author and date as the first blocks give them, where the format itself said nothing. What is ``bare``, with
    nothing of a page around it, begins with its title."""
    title, author, date = found.title, found.author, found.date
    first_prose = next((i for i, one in enumerate(judged) if one.verdict is Verdict.GOOD), len(judged))
    for one in judged[: first_prose + 3]:
        if one.verdict is Verdict.BYLINE:
            author = author or find_author(one.text)
            date = date or find_date(one.text)
    if title is None:  # a letter
        subjects = (_SUBJECT.match(_one_line(one.text)) for one in judged[:_ABOVE_LETTER])
        title = next((subject[1] for subject in subjects if subject), None)
    if title is None and bare and judged and _may_title(judged[0]):
        title = _one_line(judged[0].text)
    if title is None:
        texts = {one.block.start for one in kept if one.block.kind != "heading"}
        first_text = next((i for i, one in enumerate(judged) if one.block.start in texts), len(judged))
        head = [one for one in judged[:first_prose] if one.verdict is Verdict.SHORT]
        marked = [one for one in head if one.block.kind == "heading" and one.block.level == 1]
        # the title stands right above the text or its byline; kickers and menus stand above the title
        above = _last_before_byline(judged[:first_text])
        chosen = marked[0] if marked else above if above else _title_above(judged, first_text)
        title = _one_line(chosen.text) if chosen else None
    return title, author, date


def _may_title(one: _Judged) -> bool:
    """A line that is no sentence, neither numbered nor cut off (« Madame, »)."""
    return (
        one.verdict is Verdict.SHORT
        and not _NUMBERED.match(fold(one.text))
        and not _ADDRESSED.match(fold(one.text))
        and not one.text.rstrip().endswith((",", ";", ":"))
    )


def _title_above(judged: Sequence[_Judged], first_text: int) -> _Judged | None:
    """The longest of the lines right above the text: a kicker, or the text's first heading, is shorter."""
    run: list[_Judged] = []
    for one in reversed(judged[:first_text]):
        if one.verdict is not Verdict.SHORT or len(run) == _MOST_HEADINGS:
            break
        run.insert(0, one)
    candidates = [one for one in run if _may_title(one) and _is_title(judged, one)]
    return max(candidates, key=lambda one: len(one.text.split()), default=None)


def _is_title(judged: Sequence[_Judged], candidate: _Judged) -> bool:
    """A heading above the prose is the title when no other block parts them, or when the trail of the page names it."""
    trail = " ".join(fold(one.text) for one in judged if one.verdict is Verdict.BAD)
    index = judged.index(candidate)
    names_page = fold(candidate.text) in trail
    starts_like_title = candidate.text[:1].isupper() or candidate.text[:1].isdigit() or candidate.text[:1] in '«“"ÉÀ'
    return names_page or (
        starts_like_title and all(one.verdict is not Verdict.BAD for one in judged[index + 1 : index + 2])
    )


def _last_before_byline(head: Sequence[_Judged]) -> _Judged | None:
    for index, one in enumerate(head):
        if one.verdict is Verdict.BYLINE:
            shorts = [before for before in head[:index] if _may_title(before)]
            return shorts[-1] if shorts else None
    return None


def _keep(judged: Sequence[_Judged], written: bool) -> list[_Judged]:
    """Prose and its headings. Doubtful blocks are decided by their neighbours, as in jusText, but for what is
    ``written`` (Markdown): it has no menus."""
    good = [index for index, one in enumerate(judged) if one.verdict is Verdict.GOOD]
    if not good:  # a text of short lines only: keep what is not chrome
        return [one for one in judged if one.verdict in (Verdict.NEAR, Verdict.SHORT)]
    listed, edges = _listed(judged), _edges(judged, good[0], good[-1])
    kept: list[_Judged] = []
    for index, one in enumerate(judged):
        if one.verdict is Verdict.GOOD:
            if not (_is_short(one) and calls_to_action(one.text) and _between_chrome(judged, index)):
                kept.append(one)
        elif one.verdict is Verdict.NEAR:
            if _near_is_prose(judged, index, edges) or (written and not calls_to_action(one.text)):
                kept.append(one)
        elif one.verdict is Verdict.SHORT and index in listed:
            kept.append(one)
        elif one.verdict is Verdict.SHORT and _is_heading(judged, index):
            kept.append(replace(one, block=replace(one.block, kind="heading")))
    return kept


def _keep_written(judged: Sequence[_Judged], kept: Sequence[_Judged], title: str | None) -> list[_Judged]:
    """What is kept of a plain text without any chrome: no line of it is lost. Of short lines one below the other only
    the last heads the text."""
    heads = {one.block.start: one for one in kept}
    written: list[_Judged] = []
    for index, one in enumerate(judged):
        if one.verdict in (Verdict.BAD, Verdict.BYLINE) or (title and fold(_one_line(one.text)) == fold(title)):
            continue
        chosen = heads.get(one.block.start, one)
        promoted = chosen.block.kind == "heading" and one.block.kind != "heading"
        below = judged[index + 1].verdict if index + 1 < len(judged) else Verdict.BAD
        written.append(one if promoted and below not in (Verdict.GOOD, Verdict.NEAR) else chosen)
    return written or list(kept)


def _neighbour(judged: Sequence[_Judged], index: int, step: int) -> Verdict:
    """The verdict of the nearest block that is not a byline, chrome at the edges of the text."""
    index += step
    while 0 <= index < len(judged) and judged[index].verdict is Verdict.BYLINE:
        index += step
    return judged[index].verdict if 0 <= index < len(judged) else Verdict.BAD


def _is_short(one: _Judged) -> bool:
    """A long paragraph is prose whatever stands around it."""
    return len(one.text.split()) < _LONG_PARAGRAPH


def _between_chrome(judged: Sequence[_Judged], index: int) -> bool:
    """Chrome on both sides: a sentence that speaks its language is chrome too."""
    return _neighbour(judged, index, -1) is _neighbour(judged, index, 1) is Verdict.BAD and 0 < index < len(judged) - 1


def _among_chrome(judged: Sequence[_Judged], index: int) -> bool:
    """Chrome on at least one side, and nothing that speaks for prose on the other."""
    before, after = _neighbour(judged, index, -1), _neighbour(judged, index, 1)
    inside = 0 < index < len(judged) - 1
    return inside and Verdict.BAD in (before, after) and {before, after} <= {Verdict.BAD, Verdict.SHORT}


def _runs(judged: Sequence[_Judged], belongs: Callable[[_Judged], bool]) -> Iterator[range]:
    """The longest stretches of blocks that all belong."""
    for belonging, group in groupby(range(len(judged)), key=lambda index: belongs(judged[index])):
        if belonging:
            indices = list(group)
            yield range(indices[0], indices[-1] + 1)


@dataclass(frozen=True, slots=True)
class _Edges:
    """What stands outside the prose, found once: a page may be thousands of short lines.

    ``beside``: for each block there, the nearest one towards the prose that is neither a short sentence nor a byline.
    ``colons``: how many blocks before each end in a colon. ``figures``: the bullets of runs that tell figures.
    ``above``: the last block before each that is no bullet, −1 where there is none.
    """

    beside: dict[int, int]
    colons: list[int]
    figures: frozenset[int]
    above: list[int]

    def announced(self, first: int, end: int) -> bool:
        """Whether one of the blocks ``first`` to ``end`` (excluded) ends in a colon."""
        return self.colons[end] > self.colons[first]


def _edges(judged: Sequence[_Judged], first_good: int, last_good: int) -> _Edges:
    beside: dict[int, int] = {}
    for good, outside in ((first_good, range(first_good - 1, -1, -1)), (last_good, range(last_good + 1, len(judged)))):
        nearest = good
        for index in outside:
            beside[index] = nearest
            if judged[index].verdict not in (Verdict.NEAR, Verdict.BYLINE):
                nearest = index
    colons = list(accumulate((one.text.rstrip().endswith(":") for one in judged), initial=0))
    bullets = _runs(judged, lambda one: one.block.kind == "item")
    figures = frozenset(i for run in bullets if _tells_figures(judged, run) for i in run)
    others = (-1 if one.block.kind == "item" else index for index, one in enumerate(judged))
    return _Edges(beside, colons, figures, list(accumulate(others, max, initial=-1)))


def _near_is_prose(judged: Sequence[_Judged], index: int, edges: _Edges) -> bool:
    """A short sentence or list item belongs to the text inside it, or where it goes on with it at its edges."""
    one = judged[index]
    if one.text.endswith(":") and index + 1 < len(judged) and judged[index + 1].verdict in (Verdict.BAD, Verdict.SHORT):
        return False  # announces what is left out
    if one.block.kind != "item" and calls_to_action(one.text) and _among_chrome(judged, index):
        return False
    if index not in edges.beside:
        return True
    position = edges.beside[index]
    beside = judged[position].verdict
    if one.block.kind == "item" and not re.search(r"[.!?…;,:]\W*$", one.text):
        # bullets at the edges of a page: a menu, unless a sentence announces them
        if beside is not Verdict.BAD and index in edges.figures:
            return True
        # the prose itself may announce them, and so may a line between; never the bullet behind the prose
        announced = edges.announced(position, index) if position < index else edges.announced(index, position + 1)
        if beside is Verdict.SHORT and judged[position].block.kind == "heading":
            return position < index and _is_announced(judged, edges.above[index])
        return beside is Verdict.GOOD and (announced or len(one.text.split()) > 6)
    if beside is Verdict.GOOD:
        return True
    # behind a heading that is itself behind prose
    return beside is Verdict.SHORT and judged[position].block.kind == "heading" and not calls_to_action(one.text)


def _is_announced(judged: Sequence[_Judged], above: int) -> bool:
    """Whether the line of some length right above a list ends in a colon: « Suivez-nous : » heads a menu."""
    text = judged[above].text.rstrip() if above >= 0 else ""
    return text.endswith(":") and len(text.split()) >= _LEAST_ANNOUNCING


def _listed(judged: Sequence[_Judged]) -> frozenset[int]:
    """The short lines of lists without bullets: announced by a colon, or telling figures or dates."""
    return frozenset(index for run in _runs(judged, _is_bare) if _is_list(judged, run) for index in run)


def _is_list(judged: Sequence[_Judged], run: range) -> bool:
    above = judged[run.start - 1] if run.start else None
    if len(run) < _FEWEST_ITEMS or above is None or above.verdict is not Verdict.GOOD:
        return False
    texts = [judged[index].text for index in run]
    figures = sum(any(c.isdigit() for c in text) and not _NUMBERED.match(fold(text)) for text in texts)
    return above.text.rstrip().endswith(":") or figures * 2 > len(run)


def _is_bare(one: _Judged) -> bool:
    return one.verdict is Verdict.SHORT and one.block.kind == "prose"


def _tells_figures(judged: Sequence[_Judged], run: range) -> bool:
    """Whether most bullets of a run hold a number, as ingredients, prices and hours do: a menu does not."""
    return sum(any(c.isdigit() for c in judged[index].text) for index in run) * 2 > len(run)


def _is_heading(judged: Sequence[_Judged], index: int) -> bool:
    """A line that is no sentence heads what follows when prose follows, with at most one other heading between."""
    if judged[index].block.kind == "heading":
        return True
    if len(judged[index].text.split()) > _LONGEST_HEADING:
        return True
    if index == 0 and judged[index].text[0].islower():
        return False  # « dans ÉDITOS » above a text names its shelf
    behind = (judged[i].verdict for i in range(index + 1, len(judged)))
    following = list(islice((verdict for verdict in behind if verdict is not Verdict.BYLINE), 2))
    if not following or following[0] is Verdict.BAD:
        return False
    if following[0] in (Verdict.GOOD, Verdict.NEAR):
        return True
    return len(following) == 2 and following[1] is Verdict.GOOD


def _sections(kept: Sequence[_Judged], title: str | None) -> tuple[Section, ...]:
    """Blocks of prose under their headings; the title heads nothing."""
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    blocks: list[Block] = []

    def close() -> None:
        if blocks:
            sections.append(Section(" › ".join(text for _, text in path) or None, tuple(blocks)))
            blocks.clear()

    for one in kept:
        if one.block.kind != "heading":
            blocks.append(one.block)
            continue
        close()
        text = _one_line(one.text)
        if title is not None and fold(text) == fold(title):
            path.clear()  # what stands above the title heads nothing below it
            continue
        level = one.block.level or 2
        path[:] = [(depth, heading) for depth, heading in path if depth < level] + [(level, text)]
    close()
    if not sections and path:  # headings alone, no prose: they are all there is
        sections.append(Section(None, tuple(one.block for one in kept)))
    return tuple(sections)


def _items(judged: Sequence[_Judged]) -> tuple[Unit, ...]:
    """The items of a list of items (bookmarks, threads, search results), each headed by a title and a counter.

    Found by form: at least three lines end in a counter of the same thing. ``()`` when the document is no such list.
    """
    heads: list[int] = []
    units = Counter[str]()
    for index, one in enumerate(judged):
        if (match := _HEADED.match(_one_line(one.text))) and one.block.kind != "item" and _is_counted(match):
            heads.append(index)
            units[fold(match.group("unit")).rstrip("s")] += 1
    if not units:
        return ()
    unit, count = units.most_common(1)[0]
    heads = [
        index
        for index in heads
        if (match := _HEADED.match(_one_line(judged[index].text))) and fold(match.group("unit")).rstrip("s") == unit
    ]
    if count < _FEWEST_ITEMS:
        return ()
    signed = _signatures(judged, heads)
    before = tuple(one.block for one in judged[: heads[0]] if one.verdict is Verdict.GOOD)
    last_bulleted = max((i for i, one in enumerate(judged) if one.block.kind == "item"), default=len(judged))
    found: list[Unit] = []
    for head, following in zip(heads, [*heads[1:], len(judged)], strict=True):
        match = _HEADED.match(_one_line(judged[head].text))
        end = following - 1 if following in signed else following
        blocks = [
            one.block
            for index, one in enumerate(judged[head + 1 : end], start=head + 1)
            if not is_counter(one.text)
            and (one.block.kind == "item" or (one.verdict in (Verdict.GOOD, Verdict.NEAR) and index <= last_bulleted))
            and (one.verdict is not Verdict.BAD or one.block.kind == "item")
            and not is_byline(one.text)
        ]
        title = match.group("title").rstrip(" -–—|·") if match else None
        sections = (Section(None, tuple(blocks)),) if blocks else ()
        found.append(Unit(title, sections))
    return (Unit(None, (Section(None, before),)), *found) if before else tuple(found)


def _is_counted(match: re.Match[str]) -> bool:
    unit = fold(match.group("unit"))
    return unit in COUNTED and unit not in _COUNTED_ANYWHERE


def _signatures(judged: Sequence[_Judged], heads: Sequence[int]) -> frozenset[int]:
    """Heads above which a name stands: « Aurialie Jublin ». Taken as such when most items have one."""
    signed = frozenset(
        head
        for head in heads
        if head > 0
        and len(judged[head - 1].text.split()) <= 4
        and judged[head - 1].block.kind != "item"
        and judged[head - 1].verdict is not Verdict.NEAR
    )
    return signed if len(signed) >= 0.8 * len(heads) else frozenset()


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
