"""Files of a folder to raw documents: which files there are, how they are decoded, which blocks they hold."""

import codecs
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.document import Block, Metadata, RawDocument
from indexer.errors import (
    FileBinary,
    FileDamaged,
    FileDenied,
    FileNameUndecodable,
    FileNotRegular,
    FileTooLarge,
    FileUndecodable,
    FolderDenied,
    FolderLinked,
    FolderNotFound,
    FormatUnsupported,
    UnreadableFile,
)
from indexer.plain_text import plain_blocks

FORMATS = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html",
}  # fmt: skip
CATALOGUE = "catalogue.toml"
LARGEST_FILE = 50_000_000  # bytes
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the folder: its path relative to it, with ``/``, and where it is.

    ``fault``: it is a folder that is not gone into, and why.
    """

    path: str
    location: Path
    fault: type[UnreadableFile] | None = None


def list_files(folder: Path) -> list[SourceFile]:
    """Every file below ``folder`` in the order of their paths, hidden ones and the catalogue left out.

    A folder that is not gone into stands for its files. Raises ``FolderNotFound``.
    """
    if not folder.is_dir():
        raise FolderNotFound(folder=folder)
    return sorted(_walk(folder), key=lambda source: source.path)


def _walk(folder: Path) -> Iterator[SourceFile]:
    denied: list[OSError] = []
    for directory, names, files in os.walk(folder, onerror=denied.append):  # does not follow links: no loops
        names[:] = sorted(name for name in names if not name.startswith("."))
        for location in (Path(directory, name) for name in names):
            if location.is_symlink():
                yield SourceFile(location.relative_to(folder).as_posix(), location, FolderLinked)
        for name in files:
            location = Path(directory, name)
            if not name.startswith(".") and location != folder / CATALOGUE:
                yield SourceFile(location.relative_to(folder).as_posix(), location)
    for error in denied:
        location = Path(error.filename)
        yield SourceFile(location.relative_to(folder).as_posix(), location, FolderDenied)


def read_bytes(source: SourceFile, folder: Path) -> bytes:
    """The bytes of a file that can be read here. Raises a subclass of ``UnreadableFile``."""
    try:
        source.path.encode("utf-8")
    except UnicodeEncodeError as error:
        raise FileNameUndecodable() from error
    if source.fault:
        raise source.fault()
    suffix = source.location.suffix.lower()
    if suffix not in FORMATS:
        raise FormatUnsupported(suffix=suffix or source.location.name)
    try:
        resolved = source.location.resolve(strict=True)
        status = resolved.stat()
        if not stat.S_ISREG(status.st_mode) or not resolved.is_relative_to(folder.resolve()):
            raise FileNotRegular()
        if status.st_size > LARGEST_FILE:
            raise FileTooLarge(size=status.st_size // 1_000_000, limit=LARGEST_FILE // 1_000_000)
        return resolved.read_bytes()
    except (FileNotFoundError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        raise FileNotRegular() from error
    except OSError as error:
        raise FileDenied() from error


def read(source: SourceFile, data: bytes) -> RawDocument:
    """Decode a file and find its blocks. Raises ``FileBinary``, ``FileDamaged`` or ``FileUndecodable``."""
    format_name = FORMATS[source.location.suffix.lower()]
    if format_name == "html":
        from indexer.html_text import declared_charset  # trafilatura takes 0.4 s to import: only for pages

        text = decode(data, declared_charset(data))
    else:
        text = decode(data)
    text, blocks, metadata = _blocks(format_name, text)
    return RawDocument(source.path, format_name, hashlib.sha256(data).hexdigest(), text, blocks, metadata)


def _blocks(format_name: str, text: str) -> tuple[str, tuple[Block, ...], Metadata]:
    if format_name == "html":
        from indexer.html_text import html_blocks

        return html_blocks(text)
    if format_name == "markdown":
        from indexer.markdown_text import markdown_blocks

        return text, *markdown_blocks(text)
    return text, plain_blocks(text), Metadata()


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of a file: by its byte order mark (left out of the text), as declared, UTF-8, then Windows-1252.

    Line ends stay as they are, so that offsets are those of the file's characters.
    Raises ``FileBinary``, ``FileDamaged`` or ``FileUndecodable``.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], (encoding,))
    head = data[:65536]
    if b"\0" in head or len(head) - len(head.translate(None, _CONTROLS)) > len(head) // 100:
        raise FileBinary()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_utf_8_but_for_a_few(data):
            raise FileDamaged(line=data.count(b"\n", 0, error.start) + 1) from error
    try:
        declared = codecs.lookup(declared).name if declared else None
    except LookupError:
        declared = None
    # pages that say latin-1 mean Windows-1252 (WHATWG)
    preferred = ("cp1252",) if declared in ("iso8859-1", "ascii") else (declared,) if declared else ()
    return _strict(data, (*preferred, "cp1252"))


def _is_utf_8_but_for_a_few(data: bytes) -> bool:
    """Whether bytes that are not UTF-8 hold far more of its characters than strays: other encodings hold next to none.

    Read in another encoding, each of them would become two or three characters.
    """
    sound = data.decode("utf-8", "ignore")
    strays = len(data) - len(sound.encode("utf-8"))
    beyond_ascii = len(sound) - len(sound.encode("ascii", "ignore"))
    return beyond_ascii > 2 * strays


def _strict(data: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):  # LookupError: a codec that does not make text
            continue
    raise FileUndecodable()
