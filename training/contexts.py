"""The texts that the written questions were asked of, cut again from where they stand; none of them is kept here.

training/questions/contexts.jsonl names each by the first twelve digits of its SHA-256 and says where it is: a paragraph
of PIAF's train half, rows of the data folder, or words of a file in a public repository, at a commit, markup aside.
training/questions/reading.jsonl holds the questions.
"""

import gzip
import hashlib
import html
import json
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from training.reader_texts import Reading, cut
from training.split import part_of

QUESTIONS = Path(__file__).with_name("questions")
BLOG, NOTES = "parallel/digital-service-blog.en-fr.tsv", "qa/laws-notes.fr.tsv.gz"
_WORD = re.compile(r"\w+")
_MARKUP = (
    (re.compile(r"<note\b.*?</note>", re.DOTALL), " "),
    (re.compile(r"<[^>]+>"), ""),
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?"), r"\1"),
    (re.compile(r"\*\*|__|^#+ |^> ?", re.MULTILINE), ""),
)
# French as taggers write it, « l' eau , ( douce ) . », a sentence a line
_SPACED = (
    (re.compile(r"^(?:Pour les articles homonymes|Cet article).*\n", re.MULTILINE), ""),
    (re.compile(r"(?<=\w)(['’]) (?=\w)"), r"\1"),
    (re.compile(r" ([.,)\]…])"), r"\1"),
    (re.compile(r"([(\[]) "), r"\1"),
)


def held_contexts() -> frozenset[str]:
    """The contexts that teach neither reader nor encoder: the calibration is fitted on their questions and drafts."""
    lines = (QUESTIONS / "held.jsonl").read_text(encoding="utf-8").splitlines()
    return frozenset(json.loads(line)["context"] for line in lines)


def repository_contexts() -> list[str]:
    """The contexts that stand in repositories, in their order: an encyclopaedia, guides, blogs, courses, old books."""
    rows = map(json.loads, (QUESTIONS / "contexts.jsonl").read_text(encoding="utf-8").splitlines())
    return [row["context"] for row in rows if row["from"] == "repository"]


def written(data: Path, clones: Path | None, file: str = "reading.jsonl") -> Iterator[Reading]:
    """The written questions whose text is at hand. ``clones`` holds a bare clone ``owner+name/repo`` of each repository.

    A question whose context cannot be cut again, or in which its answer no longer stands, is left out.
    """
    texts = contexts(data, clones)
    for line in (QUESTIONS / file).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["context"] not in texts:
            continue
        title, text = texts[row["context"]]
        answer = None
        if row["answer"]:
            sentence = text.find(row["sentence"])
            start = text.find(row["answer"], max(sentence, 0))
            if start < 0:
                continue
            answer = (start, start + len(row["answer"]))
        accepted = (row["answer"],) if row["answer"] else ()
        yield Reading(row["question"], title, text, cut(text), answer, accepted, title, "fr", "written")


@cache
def contexts(data: Path, clones: Path | None) -> dict[str, tuple[str, str]]:
    """Id → title and text of each context that can be had."""
    return dict(_contexts(data, clones))


def _contexts(data: Path, clones: Path | None) -> Iterator[tuple[str, tuple[str, str]]]:
    of_piaf = dict(paragraphs(data))
    blog = [line.split("\t")[1] for line in (data / BLOG).read_text(encoding="utf-8").split("\n") if "\t" in line]
    with gzip.open(data / NOTES, "rt", encoding="utf-8") as lines:
        notes = [line.rstrip("\n").split("\t") for line in lines]
    for line in (QUESTIONS / "contexts.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text: str | None
        match row["from"]:
            case "piaf":
                text = of_piaf.get(row["context"])
            case "blog":
                text = " ".join(blog[row["first"] : row["first"] + row["lines"]])
            case "notes":
                text = notes[row["first"]][3]
            case _:
                text = _from_repository(clones, row) if clones and row["words"] else None
        if text is not None:
            yield row["context"], (row["title"], text)


def identity(text: str) -> str:
    """The name of a context."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def plain(raw: str) -> str:
    """A Markdown, HTML or TEI file without its markup."""
    for pattern, instead in _MARKUP:
        raw = pattern.sub(instead, raw)
    return unicodedata.normalize("NFC", html.unescape(raw))


def closed_up(raw: str) -> str:
    """A text whose words and signs stand apart, with the spaces that French wants."""
    for pattern, instead in _SPACED:
        raw = pattern.sub(instead, raw)
    return raw


def paragraphs(data: Path) -> Iterator[tuple[str, str]]:
    for article in json.loads((data / "qa/piaf-v1.0-part.json").read_text(encoding="utf-8"))["data"]:
        if part_of(article["title"]) == "train":
            for paragraph in article["paragraphs"]:
                yield identity(paragraph["context"]), paragraph["context"]


def _from_repository(clones: Path, row: dict[str, str | int]) -> str | None:
    clone = clones / str(row["repository"]).replace("/", "+") / "repo"
    if not clone.is_dir():
        return None
    shown = subprocess.run(
        ["git", "-C", str(clone), "show", f"{row['commit']}:{row['path']}"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    text = closed_up(shown) if row.get("spaced") else plain(shown)
    words = list(_WORD.finditer(text))[int(row["first"]) : int(row["first"]) + int(row["words"])]
    end = words[-1].end()
    while (
        end < len(text)
        and text[end] in (".!?…»\")”' ,]" if row.get("spaced") else ".!?…»\")”' \u00a0\u202f")
        and not (text[end] == " " and text[end - 1] in ".!?…»")
    ):
        end += 1
    return " ".join(text[words[0].start() : end].split())
