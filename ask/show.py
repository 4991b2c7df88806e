"""An answer as a person reads it at a terminal."""

import shutil
import sys
import textwrap
from typing import TextIO

from service.answer import Answer, AnswerSentence, Citation, Explanation
from service.wording import LONGEST_HEADING, WORDS, about, in_words, items, quoted, safe, shorten

__all__ = ["Page", "note", "safe", "shorten", "wants_colour"]

_BOLD, _DIM, _CYAN, _YELLOW = "1", "2", "36", "33"
_WORDS = {
    "fr": {
        **WORDS["fr"], "why": "Pourquoi ces passages",
        "dense": "sens", "lexical": "mots", "rank": "rang", "no": "hors liste", "words": "mots communs :",
        "none": "aucun", "reader": "lecteur",
        "prose": "Rédigé d’après ces citations, et vérifié :",
        "confidence": "confiance", "time": "durée", "index": "index",
    },
    "en": {
        **WORDS["en"], "why": "Why these passages",
        "dense": "meaning", "lexical": "words", "rank": "rank", "no": "not listed", "words": "words in common:",
        "none": "none", "reader": "reader",
        "prose": "Written from these quotes, and checked:",
        "confidence": "confidence", "time": "time", "index": "index",
    },
}  # fmt: skip


class Page:
    """Writes to a stream: wrapped to its width, in colour only on a terminal."""

    def __init__(self, stream: TextIO, lang: str, colour: bool) -> None:
        self._stream = stream
        self._words = _WORDS[lang]
        self._lang = lang
        self._colour = colour
        self._width = min(shutil.get_terminal_size((88, 24)).columns, 100)

    def answer(self, answer: Answer) -> None:
        """A whole answer: quotes, the prose where there is some, why each passage matched where asked for."""
        self.quotes(answer)
        if answer.status == "answered":
            for number, sentence in enumerate(answer.sentences):
                self.sentence(sentence, first=number == 0)
        self.end(answer)

    def quotes(self, answer: Answer) -> None:
        """Quotes with their sources, or the refusal and what is nearest."""
        for typed, read in answer.corrections:
            self._line(f"{self._words['read']} {self._quoted(read)} {self._words['for']} {self._quoted(typed)}", _DIM)
        if answer.status == "refused":
            self._refusal(answer)
        for citation in answer.citations:
            self._citation(citation)
        if answer.disagreement:
            self._disagreement(answer)
        if answer.stale:
            self._line(f"{self._words['stale']} {', '.join(safe(path) for path in answer.stale)}", _YELLOW)
            self._line(self._words["stale_do"], _YELLOW)
        self._stream.flush()  # the prose may be long in coming

    def sentence(self, sentence: AnswerSentence, *, first: bool) -> None:
        """A sentence of prose with its markers; before the first, a line that tells the prose from the quotes."""
        if first:
            self._line("")
            self._line(self._words["prose"], _DIM)
        self._wrapped(f"{safe(sentence.text)} {''.join(f'[{n}]' for n in sentence.citations)}", "", _BOLD)
        self._stream.flush()

    def end(self, answer: Answer) -> None:
        """What comes after quotes and prose: why there is no more of it, why each passage matched."""
        if answer.prose is not None and answer.prose.fault is not None:
            fault = answer.prose.fault
            self._wrapped(safe(fault.fr if self._lang == "fr" else fault.en), "", _YELLOW)
        if answer.explanations:
            self._explanations(answer)

    def explanation(self, explanation: Explanation, number: int) -> None:
        """One passage, its ranks, and the words it shares with the question."""
        words = self._words
        dense = f"{words['rank']} {explanation.dense_rank}" if explanation.dense_rank else words["no"]
        lexical = f"{words['rank']} {explanation.lexical_rank}" if explanation.lexical_rank else words["no"]
        score = explanation.reader_score
        read = "" if score is None else f"{words['reader']} : {score:+.1f} · "
        self._line(f"{number}. {safe(explanation.title or explanation.path)}  {explanation.score:.3f}", _BOLD)
        self._line(
            f"   {words['dense']} : {dense} ({explanation.dense_score:.3f}) · "
            f"{words['lexical']} : {lexical} ({explanation.lexical_score:.2f}) · "
            f"{read}{words['words']} {', '.join(explanation.matched) or words['none']}"
        )
        self._wrapped(shorten(explanation.text, 160), "   ", _DIM)

    def _refusal(self, answer: Answer) -> None:
        self._line(self._words["refused"], _BOLD)
        if answer.missing_terms:
            self._line(f"{self._words['missing']} {', '.join(self._quoted(term) for term in answer.missing_terms)}")
        if answer.nearest:
            self._line(self._words["nearest"])
        for citation in answer.nearest:
            self._wrapped(self._quoted(shorten(citation.quote, 220)), "  – ", _DIM, hanging="    ")
            self._line(f"    {self._source(citation)}", _CYAN)

        if answer.could_answer:
            self._line(self._words["could"])
        for question in answer.could_answer:
            self._wrapped(self._quoted(shorten(question, 220)), "  – ", _DIM, hanging="    ")

    def _disagreement(self, answer: Answer) -> None:
        told = [
            f"{self._quoted(citation.short_answer or '')} [{citation.n}] "
            f"({in_words(citation.date, self._lang) or self._words['undated']})"
            for citation in answer.citations
            if citation.n in answer.disagreement
        ]
        self._wrapped(f"{self._words['differ']} {', '.join(told)}", "", _YELLOW)

    def _citation(self, citation: Citation) -> None:
        """The short answer first where there is one, then the quote, then its source."""
        mark = f"[{citation.n}] "
        style: str | None = _BOLD
        if citation.short_answer is not None and safe(citation.short_answer) != safe(citation.quote):
            self._wrapped(safe(citation.short_answer), mark, _BOLD, hanging=" " * len(mark))
            mark, style = " " * len(mark), None
        told = quoted("\n".join(map(safe, items(citation.quote))), self._lang)
        for item in told.split("\n"):
            self._wrapped(item, mark, style, hanging=" " * len(mark))
            mark = " " * len(mark)
        self._line(" " * len(mark) + self._source(citation), _CYAN)

    def _source(self, citation: Citation) -> str:
        where = safe(citation.path)
        if citation.line is not None:
            where += f", {self._words['line']} {citation.line}"
        elif citation.heading:
            where += f", {self._quoted(shorten(citation.heading, LONGEST_HEADING))}"
        told = ", ".join(about(citation, self._lang))
        return f"{told} — {where}" if told else where

    def _explanations(self, answer: Answer) -> None:
        self._line("")
        total = answer.timings.get("total", 0.0)
        self._line(
            f"{self._words['why']} ({self._words['confidence']} {answer.confidence:.2f}, "
            f"{self._words['time']} {total:.0f} ms, {self._words['index']} {answer.index})",
            _BOLD,
        )
        for number, explanation in enumerate(answer.explanations, 1):
            self.explanation(explanation, number)

    def _quoted(self, text: str) -> str:
        return quoted(safe(text), self._lang)

    def _wrapped(self, text: str, first: str, style: str | None, hanging: str | None = None) -> None:
        lines = textwrap.wrap(
            text, self._width, initial_indent=first, subsequent_indent=first if hanging is None else hanging,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        for line in lines:
            self._line(line, style)

    def _line(self, text: str, style: str | None = None) -> None:
        painted = f"\x1b[{style}m{text}\x1b[0m" if style and self._colour and text else text
        self._stream.write(painted + "\n")


def wants_colour(stream: TextIO, environment: dict[str, str]) -> bool:
    """Colour only on a terminal whose user has not said no (no-color.org)."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def note(text: str) -> None:
    """A line for the person, beside the answer: standard error."""
    sys.stderr.write(safe(text) + "\n")
