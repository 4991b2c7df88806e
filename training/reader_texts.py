"""What the reader learns from: questions, the passages they were asked of, the words that answer or nothing that does.

- SQuAD, the development halves of 1.1 and 2.0 (English; rajpurkar/SQuAD-explorer, branch gh-pages, folder explore/: the
  pages that show each article; CC BY-SA 4.0). Nothing here is measured on SQuAD.
- PIAF's part, split by article (etalab-ia/piaf-code, CC BY 4.0).
- Questions written for this project on paragraphs of PIAF's train half and on other French prose, with what nearly
  answers and does not: contexts.py.
"""

import hashlib
import html
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.sentences import split_sentences
from training.split import part_of

Span = tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """A question asked of a text. ``answer`` is a span of ``text``, ``None`` where nothing in it answers.

    ``group`` names the article: other texts of one group are the hardest to tell from the right one. ``answers`` are
    all the wordings that were accepted, for measuring.
    """

    question: str
    title: str
    text: str
    sentences: tuple[Span, ...]
    answer: Span | None
    answers: tuple[str, ...]
    group: str
    lang: str
    source: str

    @property
    def sentence(self) -> int | None:
        """Number of the sentence that holds the start of the answer."""
        return None if self.answer is None else sentence_of(self.sentences, self.answer)


def sentence_of(sentences: tuple[Span, ...], answer: Span) -> int:
    """The sentence that shares the most characters with a span."""
    return max(
        range(len(sentences)),
        key=lambda i: (min(sentences[i][1], answer[1]) - max(sentences[i][0], answer[0]), -i),
    )


def cut(text: str) -> tuple[Span, ...]:
    """Sentences, as the indexer cuts them."""
    return tuple((sentence.start, sentence.end) for sentence in split_sentences(text))


def squad(repository: Path) -> Iterator[Reading]:
    """Both development sets of SQuAD from a bare clone of rajpurkar/SQuAD-explorer."""
    listed = _git(repository, "ls-tree", "-r", "--name-only", "gh-pages", "explore/")
    seen: set[str] = set()
    for name in sorted(n for n in listed.splitlines() if re.fullmatch(r"explore/(1\.1|v2\.0)/dev/.+\.html", n)):
        page = _git(repository, "show", f"gh-pages:{name}")
        group = Path(name).stem
        for part in page.split('<div class="para-wrap">')[1:]:
            text = html.unescape(_between(part, "<pre>", "</pre>"))
            sentences = cut(text)
            for asked in part.split('<div class="qa-wrap"')[1:]:
                key = _between(asked, 'data-id="', '"')
                if key in seen or not sentences:
                    continue
                seen.add(key)
                question = html.unescape(_between(asked, '<strong class="question">', "</strong>")).strip()
                found = re.findall(r'<span class="answer">(.*?)</span>', asked, re.DOTALL)
                accepted = [a for a in (html.unescape(a) for a in found) if a and "<No Answer>" not in a]
                span = _place(text, question, sentences, accepted)
                if accepted and span is None:
                    continue
                yield Reading(
                    question, group.replace("_", " "), text, sentences, span, tuple(accepted), group, "en", "squad"
                )


def piaf(path: Path, part: str) -> Iterator[Reading]:
    """One part of PIAF, by article."""
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        if part_of(article["title"]) != part:
            continue
        title = article["title"].replace("_", " ")
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            sentences = cut(text)
            for qa in paragraph["qas"]:
                start, wording = qa["answers"][0]["answer_start"], qa["answers"][0]["text"]
                accepted = tuple(answer["text"] for answer in qa["answers"])
                span = (start, start + len(wording))
                yield Reading(qa["question"], title, text, sentences, span, accepted, article["title"], "fr", "piaf")


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def _between(text: str, before: str, after: str) -> str:
    start = text.index(before) + len(before)
    return text[start : text.index(after, start)]


def _place(text: str, question: str, sentences: tuple[Span, ...], accepted: list[str]) -> Span | None:
    """Where the shortest accepted answer stands: within a longer one, else in the sentence likest the question."""
    places = [(a, m.start()) for a in accepted for m in re.finditer(re.escape(a), text)]
    if not places:
        return None
    short = min((a for a, _ in places), key=len)
    asked = set(re.findall(r"\w+", question.lower()))

    def fit(start: int) -> tuple[int, int]:
        within = sum(at <= start and start + len(short) <= at + len(a) for a, at in places)
        first, last = sentences[sentence_of(sentences, (start, start + len(short)))]
        return within, len(asked & set(re.findall(r"\w+", text[first:last].lower())))

    start = max((at for a, at in places if a == short), key=lambda at: (*fit(at), -at))
    return start, start + len(short)


def fingerprint(readings: list[Reading]) -> str:
    """Of what was read: for the model card."""
    digest = hashlib.sha256()
    for one in readings:
        digest.update(f"{one.question}\t{one.text}\t{one.answer}\n".encode())
    return digest.hexdigest()[:16]
