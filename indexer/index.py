"""An open index: everything that answering a question reads, verified before it is opened."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.corpus import Corpus
from indexer.errors import IndexDamaged
from indexer.generation import CORPUS, LEXICAL, PASSAGES, SENTENCES, TERMS, verify
from indexer.lexical import LexicalIndex
from indexer.manifest import Manifest, read_manifest
from indexer.vectors import PassageVectors, read_half_vectors


@dataclass(frozen=True, slots=True)
class Index:
    """The current generation of an index. Safe to read from several threads."""

    location: Path
    manifest: Manifest
    corpus: Corpus
    passages: PassageVectors
    sentences: NDArray[np.float16]
    terms: NDArray[np.float16]
    lexical: LexicalIndex


def open_index(location: Path) -> Index:
    """Verify and open the current generation.

    Raises ``IndexNotFound``, ``IndexFormatUnknown`` or ``IndexDamaged``: a generation is whole or not there.
    """
    manifest = read_manifest(location)
    folder = verify(location, manifest)
    index = Index(
        location,
        manifest,
        Corpus(folder / CORPUS),
        PassageVectors(folder / PASSAGES, manifest.dimension),
        read_half_vectors(folder / SENTENCES, manifest.dimension),
        read_half_vectors(folder / TERMS, manifest.dimension),
        LexicalIndex(folder / LEXICAL),
    )
    if len(index.passages) != manifest.passages or len(index.sentences) != manifest.sentences:
        raise IndexDamaged(index=location, file=manifest.generation)
    return index


def check_index(location: Path) -> Manifest:
    """Everything ``open_index`` verifies, and the inside of the database and the spans. Raises like it."""
    index = open_index(location)
    index.corpus.check()
    for document in index.corpus.documents():
        text = index.corpus.text(document.number)
        for passage in index.corpus.passages(document.number):
            for sentence in index.corpus.sentences(passage.first, passage.last):
                if not 0 <= sentence.start < sentence.end <= len(text) or sentence.document != document.number:
                    raise IndexDamaged(index=location, file=CORPUS)
    return index.manifest
