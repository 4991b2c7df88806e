"""Texts to proposed questions, by rule, for a person to accept: few that are right rather than many to be sorted out.

Three sources: headings, questions that stand in the text, and statements. Every proposal's quote is one or two whole
sentences of one paragraph, as the indexer splits them.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from eval.asked import Question, asked_in, asked_of
from eval.gold import GoldSpan
from eval.statements import questions_of
from eval.texts import Paragraph, Text
from indexer.document import Sentence

_ANSWERING = 2  # sentences after a question, or under a heading, that are taken for its answer
_FEWEST_WORDS = 8  # of an answer


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question that a text answers. ``rule`` tells how it was found; ``facts`` stand verbatim in the first span.

    ``id`` is of the rule, the file and the wording: it stays when the text around moves.
    """

    id: str
    question: str
    kind: str
    rule: str
    spans: tuple[GoldSpan, ...]
    facts: tuple[str, ...]


def propose(texts: list[Text], most: int) -> list[Proposal]:
    """At most ``most`` proposals a text, in reading order. One asked of several texts has a span in each."""
    proposals: dict[str, Proposal] = {}
    for text in texts:
        kept = 0
        for proposal in _of_text(text):
            key = proposal.question.casefold()
            if earlier := proposals.get(key):
                spans = tuple(dict.fromkeys((*earlier.spans, *proposal.spans)))
                proposals[key] = replace(earlier, spans=spans)
            elif kept < most:
                proposals[key] = proposal
                kept += 1
    return list(proposals.values())


def _of_text(text: Text) -> Iterator[Proposal]:
    for number, paragraph in enumerate(text.paragraphs):
        if paragraph.heading and (answer := _answer(text, paragraph)):
            if asked := asked_in(paragraph.heading):
                yield _proposal(text, asked, "question heading", answer)
            elif asked := asked_of(paragraph.heading):
                yield _proposal(text, asked, "heading", answer)
        if asked := _asked(text, paragraph):
            following = text.paragraphs[number + 1] if number + 1 < len(text.paragraphs) else None
            if following and not following.heading and (answer := _answer(text, following)):
                yield _proposal(text, asked, "question in the text", answer)
        for sentence in paragraph.sentences:
            wording = text.sentence(sentence)
            for found in questions_of(wording):
                facts = (wording[slice(*found.fact)],) if found.fact else ()
                asked = Question(found.question, found.kind)
                yield _proposal(text, asked, found.rule, (sentence.start, sentence.end), facts)


def _asked(text: Text, paragraph: Paragraph) -> Question | None:
    """The question that a whole paragraph is: that of an interviewer, or of a list of questions and answers."""
    whole = Sentence(paragraph.sentences[0].start, paragraph.sentences[-1].end)
    return asked_in(text.sentence(whole)) if whole.end - whole.start < 400 else None


def _answer(text: Text, paragraph: Paragraph) -> tuple[int, int] | None:
    """The first sentences of a paragraph, ``None`` where they are a question or too short to answer one."""
    first, *others = paragraph.sentences[:_ANSWERING]
    last = others[-1] if others and not text.sentence(others[-1]).endswith("?") else first
    words = text.text[first.start : last.end]
    if text.sentence(first).endswith(("?", ":")) or len(words.split()) < _FEWEST_WORDS:
        return None
    return first.start, last.end


def _proposal(text: Text, asked: Question, rule: str, place: tuple[int, int], facts: tuple[str, ...] = ()) -> Proposal:
    span = GoldSpan(text.path, *place, text.text[slice(*place)])
    made_of = "\n".join((rule, text.path, asked.question, span.quote))
    digest = hashlib.sha256(made_of.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return Proposal(f"p-{digest}", asked.question, asked.kind, rule, (span,), facts)
