"""The texts the encoder learns from, read and cleaned; nothing here reads PUD, STSB or Sequoia.

Parallel: provisions of the laws of Canada (justicecanada/laws-lois-xml, Open Government Licence – Canada), Python's
documentation (python/python-docs-fr, CC0), a blog on digital public services (cds-snc/digital-canada-ca, MIT).
Question → passage: marginal notes of the same laws, the train half of PIAF's part (etalab-ia/piaf-code, CC BY 4.0),
questions written for this project (contexts.py).
Word ↔ word: the lexicons (lexicon.py).
"""

import gzip
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.contexts import QUESTIONS, contexts, written
from training.lexicon import Meanings
from training.split import part_of

Pair = tuple[str, str]  # English, French

PARALLEL = {"blog": "digital-service-blog.en-fr.tsv", "docs": "python-docs.en-fr.tsv", "laws": "laws.en-fr.tsv.gz"}
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-Ý«“\"0-9])")


@dataclass(frozen=True)
class Note:
    """A law's marginal note, in both languages, and the French text of the section it announces."""

    english: str
    french: str
    section: str


@dataclass(frozen=True)
class Asked:
    """A question, its paragraph cut into sentences, the number of the sentence that answers, the paragraph's number."""

    question: str
    sentences: list[str]
    answer: int
    paragraph: int
    title: str = ""


def _lines(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield html.unescape(line.rstrip("\n")).split("\t")


def parallel(data: Path, name: str, longest: int = 240) -> list[Pair]:
    """Sentence pairs of one corpus, none longer than `longest` characters, lengths that do not contradict each other."""
    pairs = []
    for fields in _lines(data / "parallel" / PARALLEL[name]):
        if len(fields) == 2:
            english, french = (f.strip() for f in fields)
            ratio = len(french) / max(len(english), 1)
            words = sum(w.isalpha() for w in english.split())
            if 12 <= len(french) <= longest and 0.6 <= ratio <= 2.0 and words >= 2 and english != french:
                pairs.append((english, french))
    return list(dict.fromkeys(pairs))


def law_notes(data: Path, longest: int = 420) -> list[Note]:
    """Notes of at least eight characters; sections are cut at `longest` characters."""
    rows = (f for f in _lines(data / "qa/laws-notes.fr.tsv.gz") if len(f) == 4)
    notes = (Note(english, french, section[:longest]) for _, english, french, section in rows)
    return [n for n in notes if len(n.french) >= 8 and len(n.section) >= 60 and n.french[:1].isalpha()]


def sentences(text: str) -> list[tuple[int, str]]:
    """A rough cut into sentences, with where each starts."""
    starts = [0] + [m.end() for m in SENTENCE_END.finditer(text)]
    return [(a, text[a:b].strip()) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def piaf_train(data: Path) -> list[Asked]:
    """The questions of the train half of PIAF's part."""
    asked, paragraph_number = [], 0
    for article in json.loads((data / "qa/piaf-v1.0-part.json").read_text(encoding="utf-8"))["data"]:
        if part_of(article["title"]) != "train":
            continue
        title = article["title"].replace("_", " ")
        for paragraph in article["paragraphs"]:
            cut = sentences(paragraph["context"])
            starts = np.array([start for start, _ in cut])
            for qa in paragraph["qas"]:
                answer = int((starts <= qa["answers"][0]["answer_start"]).sum()) - 1
                asked.append(Asked(qa["question"], [s for _, s in cut], answer, paragraph_number, title))
            paragraph_number += 1
    return asked


def written_asked(data: Path, clones: Path, known: list[Asked]) -> list[Asked]:
    """The written questions that their passage answers; a paragraph of `known` keeps its number, others count on.

    Passages of repositories whose FAQs are measured on (faq.py) are left out.
    """
    rows = [json.loads(line) for line in (QUESTIONS / "contexts.jsonl").read_text(encoding="utf-8").splitlines()]
    faqs = (QUESTIONS / "faq.jsonl").read_text(encoding="utf-8").splitlines()
    measured = {json.loads(line)["repository"] for line in faqs}
    texts = contexts(data, clones)
    kept = {texts[row["context"]] for row in rows if row["context"] in texts and row.get("repository") not in measured}
    numbers = {folded("".join(q.sentences)): q.paragraph for q in known}
    asked = []
    for one in written(data, clones):
        if one.sentence is None or (one.title, one.text) not in kept:
            continue
        number = numbers.setdefault(folded(one.text), 1 + max(numbers.values(), default=-1))
        asked.append(Asked(one.question, [one.text[a:b] for a, b in one.sentences], one.sentence, number, one.title))
    return asked


def folded(text: str) -> str:
    """A text without its spaces, by which it is known again however it was cut."""
    return "".join(text.split())


def lexicon_pairs(lemmas: dict[str, Meanings], most: int = 3, lightest: float = 0.25) -> list[Pair]:
    """Dictionary entries (English, French): each word's weightiest meanings, those not far behind the first."""
    pairs = []
    for french, meanings in sorted(lemmas.items()):
        for english, weight in meanings[:most]:
            if weight >= lightest * meanings[0][1] and english.lower() != french and len(french) > 1:
                pairs.append((english, french.replace("_", " ")))
    return pairs


def wordnet_sentences(wordnet: Path) -> list[str]:
    """English glosses and examples of WordNet 3.0: everyday English, to keep what the encoder knew of it."""
    texts = []
    for name in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"data.{name}").read_text(encoding="latin1").splitlines():
            if not line.startswith("  ") and "| " in line:
                texts += [t.strip(' "') for t in line.split("| ", 1)[1].split(";")]
    return sorted({t for t in texts if len(t) >= 12})
