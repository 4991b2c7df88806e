"""An answer as Markdown for chat clients, in which nothing that a document says becomes a link, an image or HTML.

A chat client fetches an image as soon as it shows it: a document that could make one would tell its address whatever a
question brings to light. So document text keeps its letters and loses its powers: what Markdown would read is escaped,
and what looks like an address stands as code, which no client makes a link of.
"""

import re

from service.answer import Answer, AnswerSentence, Citation, Drafted, Event, Quoted
from service.wording import LONGEST_HEADING, WORDS, about, in_words, quoted, safe, shorten

_LONGEST_NEAR = 220  # characters of a passage named on a refusal
# Bare domains too: some clients make links of them (linkify-it's fuzzy links).
_ADDRESS = re.compile(r":/|//|www\.|mailto:|\S@\S|[\w-]\.[^\W\d_]{2,}", re.IGNORECASE)
_BEFORE, _AFTER = "([«“\"'‘’", ".,;:!?)]»”\"'’…"  # what may stand around an address and is not part of it
_MARK = re.compile(r"\[(\d+)\]")  # a document must not seem to cite
_ENTITY = re.compile(r"&(?=#?\w+;)")
# not inside a word, where an underscore is text; by a backslash, which is harmless where Markdown is not rendered
_STYLE = re.compile(r"[*~$]|(?<![^\W_])_|_(?![^\W_])")


def escape(text: str) -> str:
    """Text of a document on one line of Markdown: shown as it is, whatever it holds."""
    return re.sub(r"\S+", lambda word: _word(word[0]), safe(text))


def code(text: str) -> str:
    """Text as a code span: no client reads anything into it."""
    text = safe(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


class Teller:
    """Tells the events of one answer as they come: the pieces, put together, are the whole text."""

    def __init__(self) -> None:
        self._drafted = False

    def piece(self, event: Event) -> str:
        """What an event adds to the text: the quotes or the refusal, a sentence of prose, at last the sources."""
        if isinstance(event, Quoted):
            return _refusal(event.answer) if event.answer.status == "refused" else _quotes(event.answer)
        if isinstance(event, Drafted):
            gap = " " if self._drafted else "\n\n"
            self._drafted = True
            return gap + _sentence(event.sentence)
        return _end(event.answer)


def told(answer: Answer) -> str:
    """The text of an answer by quotes, or of a refusal, whole."""
    return _refusal(answer) + _end(answer) if answer.status == "refused" else _quotes(answer) + _end(answer)


def source(citation: Citation, lang: str) -> str:
    """Title, author, publication, date, path and line of a citation. Its address is left to the structured answer."""
    where = code(citation.path)
    if citation.line is not None:
        where += f", {WORDS[lang]['line']} {citation.line}"
    elif citation.heading:
        where += f", {quoted(escape(shorten(citation.heading, LONGEST_HEADING)), lang)}"
    known = ", ".join(escape(part) for part in about(citation, lang))
    return f"{known} — {where}" if known else where


def _word(word: str) -> str:
    if not _ADDRESS.search(word):
        return _plain(word)
    start, end = len(word) - len(word.lstrip(_BEFORE)), len(word.rstrip(_AFTER))
    if start >= end:
        return _plain(word)
    return _plain(word[:start]) + code(word[start:end]) + _plain(word[end:])


def _plain(text: str) -> str:
    text = _ENTITY.sub("&amp;", text)
    text = text.replace("\\", "&#92;").replace("`", "&#96;").replace("<", "&lt;").replace("](", "]&#40;")
    return _STYLE.sub(r"\\\g<0>", _MARK.sub(r"&#91;\1&#93;", text))


def _quotes(answer: Answer) -> str:
    lang = answer.lang
    paragraphs = _corrections(answer)
    for citation in answer.citations:
        short = citation.short_answer
        lead = "" if short is None or safe(short) == safe(citation.quote) else f"**{escape(short)}** — "
        paragraphs.append(f"{lead}{quoted(escape(citation.quote), lang)} [{citation.n}]")
    if answer.disagreement:
        words = WORDS[lang]
        differing = ", ".join(
            f"{quoted(escape(one.short_answer or ''), lang)} [{one.n}] ({in_words(one.date, lang) or words['undated']})"
            for one in answer.citations
            if one.n in answer.disagreement
        )
        paragraphs.append(f"{words['differ']} {differing}")
    return "\n\n".join(paragraphs)


def _refusal(answer: Answer) -> str:
    lang, words = answer.lang, WORDS[answer.lang]
    paragraphs = [*_corrections(answer), f"**{words['refused']}**"]
    if answer.missing_terms:
        missing = ", ".join(quoted(escape(term), lang) for term in answer.missing_terms)
        paragraphs.append(f"{words['missing']} {missing}")
    if answer.nearest:
        near = [
            f"- {quoted(escape(shorten(one.quote, _LONGEST_NEAR)), lang)} — {source(one, lang)}"
            for one in answer.nearest
        ]
        paragraphs += [words["nearest"], "\n".join(near)]
    if answer.could_answer:
        could = [f"- {quoted(escape(one), lang)}" for one in answer.could_answer]
        paragraphs += [words["could"], "\n".join(could)]
    return "\n\n".join(paragraphs)


def _corrections(answer: Answer) -> list[str]:
    words, lang = WORDS[answer.lang], answer.lang
    return [
        f"*{words['read']} {quoted(escape(read), lang)} {words['for']} {quoted(escape(typed), lang)}*"
        for typed, read in answer.corrections
    ]


def _sentence(sentence: AnswerSentence) -> str:
    marks = "".join(f"[{n}]" for n in sentence.citations)
    return f"{escape(sentence.text)} {marks}".rstrip()


def _end(answer: Answer) -> str:
    """The list of sources, and what was set aside."""
    words, text = WORDS[answer.lang], ""
    if answer.citations:
        listed = "\n".join(f"- [{one.n}] {source(one, answer.lang)}" for one in answer.citations)
        text += f"\n\n**{words['sources']}**\n\n{listed}"
    if answer.stale:
        text += f"\n\n{words['stale']} {', '.join(code(path) for path in answer.stale)}. {words['stale_do']}"
    return text
