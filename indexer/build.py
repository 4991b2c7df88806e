"""The way of a folder to its index: list, read, clean, split, embed, analyse, write, publish."""

import datetime
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from indexer.analysis import FrenchAnalyser
from indexer.catalogue import read_catalogue
from indexer.clean import clean
from indexer.corpus import Corpus, write_corpus
from indexer.document import Document, Metadata, Skipped, SplitDocument
from indexer.embedder import BUNDLED, Embedder, Progress, Vectors, bundled_fingerprint, load_embedder
from indexer.errors import EmptyCorpus, FileUnparsable, IndexFault, IndexUnwritable, UnreadableFile
from indexer.generation import (
    CORPUS,
    LEXICAL,
    PASSAGES,
    SENTENCES,
    TERMS,
    checksums,
    discard_unfinished,
    generation_name,
    new_generation,
    publish,
    verify,
    writer_lock,
)
from indexer.journal import VectorJournal, text_key
from indexer.legible import legible
from indexer.lexical import write_lexical
from indexer.manifest import Manifest, Settings, read_manifest
from indexer.passages import context, passage_text, split
from indexer.read import CATALOGUE, FORMATS, SourceFile, list_files, read, read_bytes
from indexer.vectors import PassageVectors, read_half_vectors, write_half_vectors, write_passage_vectors

JOURNAL = "vectors.journal"
_SHORTEST_WITH_MEANING = 3  # letters


class BuildProgress(Protocol):
    """Told how far a build is."""

    def stage(self, name: str, total: int) -> Progress:
        """A stage begins: ``"read"`` (files) or ``"embed"`` (texts). Returns what to call with each advance."""
        ...


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. ``embedded`` counts the texts that had to be embedded; ``changed`` is false when none had to."""

    manifest: Manifest
    changed: bool
    added: tuple[str, ...]
    modified: tuple[str, ...]
    deleted: tuple[str, ...]
    embedded: int


@dataclass(frozen=True, slots=True)
class _Survey:
    """The folder as it is now: readable files with their bytes' SHA-256, and the files that cannot be read."""

    files: tuple[tuple[SourceFile, str], ...]
    sources: dict[str, str]
    skipped: tuple[Skipped, ...]
    catalogue: dict[str, Metadata]


def build(
    folder: Path,
    index: Path,
    settings: Settings,
    bundled_model: Path,
    threads: int,
    progress: BuildProgress | None = None,
    *,
    rebuild: bool = False,
    embedder: Embedder | None = None,
) -> BuildReport:
    """Bring the index of a folder up to date. Whole or not at all: the old generation serves until the new one is.

    ``embedder`` is the one of the settings where it is already loaded; without it, it is loaded when it is needed.
    Raises the classes under ``CorpusError``, ``ModelError`` and ``IndexFault``.
    """
    survey = _survey(folder)
    current = None if rebuild else _previous(index)
    if current is not None and _is_current(current, survey, folder, settings, bundled_model):
        return BuildReport(current, False, (), (), (), 0)  # nothing to write: no lock is needed
    with writer_lock(index):
        previous = None if rebuild else _previous(index)
        if previous is not None and _is_current(previous, survey, folder, settings, bundled_model):
            return BuildReport(previous, False, (), (), (), 0)
        embedder = embedder or load_embedder(settings.embedder, bundled_model, threads)
        kept = _open_previous(index, previous, settings, embedder, survey)
        documents, unreadable = _documents(folder, survey, embedder, settings, kept, progress)
        if not documents:
            raise EmptyCorpus(folder=folder, formats=", ".join(sorted(FORMATS)))
        try:
            manifest, embedded = _write(
                index, folder, settings, embedder, documents, survey, unreadable, kept, progress
            )
        except (OSError, sqlite3.OperationalError) as error:
            discard_unfinished(index)  # the disk may be full of it
            raise IndexUnwritable(index=index, why=getattr(error, "strerror", None) or error) from error
    before = previous.sources if previous else {}
    return BuildReport(
        manifest,
        True,
        tuple(sorted(set(survey.sources) - set(before) - {CATALOGUE})),
        tuple(sorted(p for p, digest in survey.sources.items() if before.get(p, digest) != digest)),
        tuple(sorted(set(before) - set(survey.sources) - {CATALOGUE})),
        embedded,
    )


def _survey(folder: Path) -> _Survey:
    files: list[tuple[SourceFile, str]] = []
    sources: dict[str, str] = {}
    skipped: list[Skipped] = []
    for source in list_files(folder):
        try:
            digest = hashlib.sha256(read_bytes(source, folder)).hexdigest()
        except UnreadableFile as error:
            named = source.path.encode("utf-8", "replace").decode()
            skipped.append(Skipped(named, error.sentence("fr"), error.sentence("en")))
            sources[named] = type(error).__name__
        else:
            files.append((source, digest))
            sources[source.path] = digest
    catalogue = read_catalogue(folder)
    if catalogue:
        sources[CATALOGUE] = hashlib.sha256((folder / CATALOGUE).read_bytes()).hexdigest()
    return _Survey(tuple(files), sources, tuple(skipped), catalogue)


def _previous(index: Path) -> Manifest | None:
    """The current generation's manifest; ``None`` where there is none to go on from: then all is done anew."""
    try:
        return read_manifest(index)
    except IndexFault:
        return None


def _is_current(manifest: Manifest, survey: _Survey, folder: Path, settings: Settings, bundled_model: Path) -> bool:
    if manifest.sources != survey.sources or manifest.settings != settings or manifest.folder != str(folder.resolve()):
        return False
    if settings.embedder.model == BUNDLED:
        return manifest.embedder_fingerprint == bundled_fingerprint(bundled_model)
    return True


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the last generation made that still holds: documents by path, and vectors with the texts they are of."""

    documents: dict[str, SplitDocument]
    vectors: tuple[tuple[list[str], Callable[[list[int]], Vectors]], ...]


def _open_previous(
    index: Path, manifest: Manifest | None, settings: Settings, embedder: Embedder, survey: _Survey
) -> _Kept:
    nothing = _Kept({}, ())
    if manifest is None or manifest.settings != settings or manifest.embedder_fingerprint != embedder.fingerprint:
        return nothing
    try:
        folder = verify(index, manifest)
        corpus = Corpus(folder / CORPUS)
        order = tuple(corpus.split_document(one.number) for one in corpus.documents())
        # another catalogue may say something else of any document: read them all again
        same = manifest.sources.get(CATALOGUE) == survey.sources.get(CATALOGUE)
        sentences = read_half_vectors(folder / SENTENCES, manifest.dimension)
        terms = read_half_vectors(folder / TERMS, manifest.dimension)
        return _Kept(
            {split_document.document.path: split_document for split_document in order} if same else {},
            (
                (_all(passage_inputs, order), PassageVectors(folder / PASSAGES, manifest.dimension).of),
                (_all(sentence_inputs, order), lambda rows: sentences[rows].astype(np.float32)),
                ([surface for _, surface in corpus.vocabulary()], lambda rows: terms[rows].astype(np.float32)),
            ),
        )
    except IndexFault:
        return nothing  # damaged: nothing of it is taken over, everything is made again


def _documents(
    folder: Path,
    survey: _Survey,
    embedder: Embedder,
    settings: Settings,
    kept: _Kept,
    progress: BuildProgress | None,
) -> tuple[list[SplitDocument], list[Skipped]]:
    """Every readable file, cleaned and split; unchanged ones as they were."""
    advance = progress.stage("read", len(survey.files)) if progress else None
    documents: list[SplitDocument] = []
    unreadable: list[Skipped] = []
    for source, digest in survey.files:
        old = kept.documents.get(source.path)
        if old is not None and old.document.sha256 == digest:
            documents.append(old)
        else:
            try:
                document = _read_clean(source, folder, survey.catalogue.get(source.path, Metadata()))
                documents.append(split(document, embedder.count_tokens, embedder.max_tokens, settings.sizes))
            except UnreadableFile as error:
                unreadable.append(Skipped(source.path, error.sentence("fr"), error.sentence("en")))
        if advance:
            advance(1)
    return documents, unreadable


def _read_clean(source: SourceFile, folder: Path, catalogued: Metadata) -> Document:
    data = read_bytes(source, folder)
    try:
        return clean(read(source, data), catalogued)
    except (ValueError, RecursionError) as error:  # a form that its parser cannot take: one file must not stop the rest
        raise FileUnparsable(why=type(error).__name__) from error


def _write(
    index: Path,
    folder: Path,
    settings: Settings,
    embedder: Embedder,
    documents: list[SplitDocument],
    survey: _Survey,
    unreadable: list[Skipped],
    kept: _Kept,
    progress: BuildProgress | None,
) -> tuple[Manifest, int]:
    generation = new_generation(index)
    analysis = _analyse(generation, documents, FrenchAnalyser(settings.rules))
    passages, sentences = _all(passage_inputs, documents), _all(sentence_inputs, documents)
    surfaces = [surface for _, surface in analysis.vocabulary]
    journal = VectorJournal(index / JOURNAL, embedder.fingerprint, embedder.dimension)
    wanted = {text_key(text) for text in (*passages, *sentences, *surfaces)}
    for texts, vectors in kept.vectors:
        journal.add_known([text_key(text) for text in texts], vectors, wanted)
    advance = progress.stage("embed", len(passages) + len(sentences) + len(surfaces)) if progress else None
    passage_vectors, embedded = journal.embed(embedder, passages, advance)
    sentence_vectors, more = journal.embed(embedder, sentences, advance)
    term_vectors, most = journal.embed(embedder, surfaces, advance)
    write_corpus(generation / CORPUS, documents, analysis.terms, analysis.words, analysis.vocabulary)
    kind = write_passage_vectors(generation / PASSAGES, passage_vectors)
    write_half_vectors(generation / SENTENCES, sentence_vectors)
    write_half_vectors(generation / TERMS, term_vectors)
    manifest = Manifest(
        generation=generation_name(generation),
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        folder=str(folder.resolve()),
        settings=settings,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        vectors=kind,
        documents=len(documents),
        passages=len(passage_vectors),
        sentences=len(sentence_vectors),
        sources=survey.sources,
        skipped=tuple(sorted([*survey.skipped, *unreadable], key=lambda one: one.path)),
        checksums=checksums(generation),
    )
    publish(index, generation, manifest)
    journal.remove()
    return manifest, embedded + more + most


def passage_inputs(split_document: SplitDocument) -> list[str]:
    """What is embedded for each passage: title and heading, then its sentences."""
    inputs = []
    for passage in split_document.passages:
        above = context(passage.title, passage.heading)
        text = passage_text(split_document, passage)
        inputs.append(f"{above}\n{text}" if above else text)
    return inputs


def sentence_inputs(split_document: SplitDocument) -> list[str]:
    """What is embedded for each sentence: the sentence alone."""
    text = legible(split_document.document.text, split_document.document.format)
    return [text[sentence.start : sentence.end] for sentence in split_document.sentences]


def _all(inputs: Callable[[SplitDocument], list[str]], documents: Sequence[SplitDocument]) -> list[str]:
    return [text for document in documents for text in inputs(document)]


@dataclass(frozen=True, slots=True)
class _Analysis:
    """Terms of each sentence joined by spaces, by document; counts of words; terms with their commonest word."""

    terms: list[list[str]]
    words: Counter[str]
    vocabulary: list[tuple[str, str]]


def _analyse(generation: Path, documents: list[SplitDocument], analyser: FrenchAnalyser) -> _Analysis:
    """Write the lexical index, and tell what it is made of."""
    words: Counter[str] = Counter()
    terms: list[list[str]] = []
    rows: list[tuple[int, list[str], list[str]]] = []
    for number, document in enumerate(documents):
        sentences: list[str] = []
        for wording in sentence_inputs(document):
            tokens = analyser.tokens(wording)
            words.update(token.surface for token in tokens)
            sentences.append(" ".join(token.term for token in tokens))
        for passage in document.passages:
            above = analyser.tokens(context(passage.title, passage.heading))
            words.update(token.surface for token in above)
            rows.append((number, sentences[passage.first : passage.last + 1], [token.term for token in above]))
        terms.append(sentences)
    write_lexical(generation / LEXICAL, rows)
    commonest: dict[str, tuple[int, str]] = {}
    for surface, count in words.items():
        term = analyser.stem(surface)
        # numbers have no meaning of their own: only the same number answers
        if surface.isalpha() and len(surface) >= _SHORTEST_WITH_MEANING:
            commonest[term] = min(commonest.get(term, (0, "")), (-count, surface))
    return _Analysis(terms, words, [(term, commonest[term][1]) for term in sorted(commonest)])
