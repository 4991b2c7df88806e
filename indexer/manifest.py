"""What a generation says of itself, as JSON: format, models and settings, files of the folder, checksums of its own."""

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer import analysis, clean
from indexer.analysis import AnalyserRules
from indexer.document import Skipped
from indexer.embedder import EmbedderChoice
from indexer.errors import IndexDamaged, IndexFormatUnknown, IndexNotFound
from indexer.passages import PassageSizes

FORMAT = 2
MANIFEST = "manifest.json"
CURRENT = "CURRENT"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that decides what an index holds beside the folder's files. Change one, and every file is done again."""

    embedder: EmbedderChoice = EmbedderChoice()
    sizes: PassageSizes = PassageSizes()
    analysis: str = f"{analysis.VERSION}/{clean.VERSION}"
    rules: AnalyserRules = AnalyserRules()


@dataclass(frozen=True, slots=True)
class Manifest:
    """``sources`` are the SHA-256 of the folder's files (and of its catalogue) by path, skipped files included."""

    generation: str
    created: str
    folder: str
    settings: Settings
    embedder_fingerprint: str
    dimension: int
    vectors: str
    documents: int
    passages: int
    sentences: int
    sources: dict[str, str]
    skipped: tuple[Skipped, ...]
    checksums: dict[str, str]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write the manifest into its generation's folder."""
        text = json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(index: Path) -> Manifest:
    """The manifest of the current generation.

    Raises ``IndexNotFound``, ``IndexFormatUnknown`` or ``IndexDamaged`` (also when its own checksum does not hold).
    """
    try:
        name, _, checksum = (index / CURRENT).read_text(encoding="ascii").strip().partition(" ")
    except FileNotFoundError as error:
        raise IndexNotFound(index=index) from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(index=index, file=CURRENT) from error
    if not re.fullmatch(r"gen-\d+", name):
        raise IndexDamaged(index=index, file=CURRENT)
    try:
        data = (index / name / MANIFEST).read_bytes()
    except OSError as error:
        raise IndexDamaged(index=index, file=f"{name}/{MANIFEST}") from error
    if hashlib.sha256(data).hexdigest() != checksum:
        raise IndexDamaged(index=index, file=f"{name}/{MANIFEST}")
    fields: dict[str, Any] = json.loads(data)
    if fields.get("format") != FORMAT:
        raise IndexFormatUnknown(index=index, found=fields.get("format"), expected=FORMAT)
    try:
        settings = fields["settings"]
        fields["settings"] = Settings(
            EmbedderChoice(**settings["embedder"]),
            PassageSizes(**settings["sizes"]),
            settings["analysis"],
            AnalyserRules(**settings.get("rules", {})),
        )
        fields["skipped"] = tuple(Skipped(**one) for one in fields["skipped"])
        return Manifest(**fields)
    except (KeyError, TypeError) as error:
        raise IndexDamaged(index=index, file=f"{name}/{MANIFEST}") from error


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
