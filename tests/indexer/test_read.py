"""Files as folders really hold them: encodings, things that are no files, files that cannot be read."""

import errno
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import RawDocument
from indexer.errors import (
    FileBinary,
    FileDamaged,
    FileNotRegular,
    FileTooLarge,
    FileUndecodable,
    FolderDenied,
    FolderLinked,
    FolderNotFound,
    FormatUnsupported,
)
from indexer.read import LARGEST_FILE, SourceFile, decode, list_files, read, read_bytes

TEXT = "L’employé reçoit 12 € à Noël : « Bœuf ».\r\nPuis il sort."


def put(folder: Path, name: str, data: bytes = b"Bonjour.") -> SourceFile:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return SourceFile(name, path)


def read_file(folder: Path, name: str, data: bytes) -> RawDocument:
    source = put(folder, name, data)
    return read(source, read_bytes(source, folder))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_reads_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    raw = read_file(tmp_path, "a.txt", TEXT.encode(encoding))
    assert raw.text == TEXT
    assert [raw.text[block.start : block.end] for block in raw.blocks] == TEXT.split("\r\n")


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_both_byte_orders_of_utf_16(mark: bytes, encoding: str) -> None:
    assert decode(mark + TEXT.encode(encoding)) == TEXT


def test_line_ends_stay_as_they_are() -> None:
    assert decode(b"a\r\nb\rc\n") == "a\r\nb\rc\n"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_in_utf_8_comes_back_whole(text: str) -> None:
    assert decode(("x" + text).encode()) == "x" + text


@pytest.mark.parametrize("declared", ["iso-8859-1", "ISO-8859-15", "windows-1252", "latin1"])
def test_a_page_is_read_in_the_encoding_that_it_declares(tmp_path: Path, declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>Le salarié a reçu sa prime à Noël dernier.</p></body></html>'
    raw = read_file(tmp_path, "a.html", page.encode(declared))
    assert raw.text == "Le salarié a reçu sa prime à Noël dernier."


def test_the_euro_of_iso_8859_15_is_no_currency_sign(tmp_path: Path) -> None:
    page = '<html><head><meta charset="iso-8859-15"></head><body><p>La séance coûte 12 € par élève.</p></body></html>'
    assert "12 €" in read_file(tmp_path, "a.html", page.encode("iso-8859-15")).text


@pytest.mark.parametrize("declared", ["latin1", "iso-8859-1", "us-ascii"])
def test_a_page_that_says_latin_1_means_windows_1252(declared: str) -> None:
    assert decode("12 € l’œuf".encode("cp1252"), declared) == "12 € l’œuf"


def test_a_page_in_utf_8_that_declares_another_encoding_is_in_utf_8() -> None:
    assert decode("l’été".encode(), "iso-8859-1") == "l’été"


@pytest.mark.parametrize("declared", ["nothing-known", "base64", "rot13", "undefined", "idna", "punycode", "hex"])
def test_a_declaration_that_makes_no_sense_is_passed_over(declared: str) -> None:
    assert decode("l’été déjà fini".encode("cp1252"), declared) == "l’été déjà fini"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0", b"%PDF-1.7\n\0\1\2\3", b"text" + b"\1\2\3\4" * 20])
def test_binary_content_is_told(data: bytes) -> None:
    with pytest.raises(FileBinary):
        decode(data)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\xef\xbb\xbf\xe9", b"d\xe9j\xe0 \x81\x8d"])
def test_what_is_neither_utf_8_nor_windows_1252_is_told(data: bytes) -> None:
    with pytest.raises(FileUndecodable):
        decode(data)


FRENCH = "Été comme hiver,\nl’élève déjà reçu à Noël\ns’en réjouit où qu’il soit."


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (FRENCH.encode().replace(b"No\xc3\xab", b"No\xab"), 2),
        (FRENCH.encode().replace("à".encode(), b"\xe0"), 2),
        (b"\xe9" + FRENCH.encode() * 10, 1),
        ((FRENCH + "é").encode()[:-1], 3),
        (FRENCH.encode() * 100 + b"\x81\x8d", 201),
    ],
)
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1"])
def test_utf_8_with_a_stray_byte_is_told_rather_than_read_as_something_else(
    data: bytes, line: int, declared: str | None
) -> None:
    with pytest.raises(FileDamaged, match=f"ligne {line} .*UTF-8"):
        decode(data, declared)


@pytest.mark.parametrize("text", [FRENCH, "é", "La suite « Ã© » trahit l’UTF-8 lu de travers, là où était un é."])
def test_windows_1252_is_not_taken_for_damaged_utf_8(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


def test_an_empty_file_has_no_block(tmp_path: Path) -> None:
    raw = read_file(tmp_path, "a.txt", b"")
    assert (raw.text, raw.blocks) == ("", ())


def test_a_document_knows_its_path_format_and_checksum(tmp_path: Path) -> None:
    raw = read_file(tmp_path, "dossier/a.MD", b"# Titre\n\nTexte.")
    assert (raw.path, raw.format, raw.sha256) == (
        "dossier/a.MD",
        "markdown",
        hashlib.sha256(b"# Titre\n\nTexte.").hexdigest(),
    )


# The folder


def test_files_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ["b.txt", "a/z.txt", "a.txt", "Z.md", "a/b/c.html"]:
        put(tmp_path, name)
    assert [source.path for source in list_files(tmp_path)] == ["Z.md", "a.txt", "a/b/c.html", "a/z.txt", "b.txt"]


def test_hidden_files_and_the_catalogue_are_left_out(tmp_path: Path) -> None:
    for name in [".hidden.txt", ".git/a.txt", "catalogue.toml", "a.txt", "deep/catalogue.toml"]:
        put(tmp_path, name)
    assert [source.path for source in list_files(tmp_path)] == ["a.txt", "deep/catalogue.toml"]


def test_a_folder_that_links_to_itself_is_walked_once(tmp_path: Path) -> None:
    put(tmp_path, "a/b.txt")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert [source.path for source in list_files(tmp_path) if not source.fault] == ["a/b.txt"]


def test_a_link_to_a_folder_is_not_followed_and_named(tmp_path: Path) -> None:
    put(tmp_path, "outside/b.txt")
    put(tmp_path, "in/a.txt")
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "outside", target_is_directory=True)
    (tmp_path / "in" / ".hidden").symlink_to(tmp_path / "outside", target_is_directory=True)
    file, linked = list_files(tmp_path / "in")
    assert (file.path, linked.path) == ("a.txt", "linked")
    with pytest.raises(FolderLinked):
        read_bytes(linked, tmp_path / "in")


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.txt")
    put(tmp_path, "closed/deep/b.txt")
    real = os.scandir

    def refusing(path: str) -> object:
        if Path(path).name == "deep":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path)

    monkeypatch.setattr("os.scandir", refusing)  # rights do not hold root back
    file, closed = list_files(tmp_path)
    assert (file.path, closed.path) == ("a.txt", "closed/deep")
    with pytest.raises(FolderDenied):
        read_bytes(closed, tmp_path)


@pytest.mark.parametrize("what", ["missing", "file"])
def test_a_folder_that_is_none_is_told(tmp_path: Path, what: str) -> None:
    put(tmp_path, "file")
    with pytest.raises(FolderNotFound, match=what):
        list_files(tmp_path / what)


# What is no readable file


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "README", "a.txt.bak"])
def test_an_unsupported_suffix_is_named(tmp_path: Path, name: str) -> None:
    source = put(tmp_path, name)
    with pytest.raises(FormatUnsupported, match=source.location.suffix or name):
        read_bytes(source, tmp_path)


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (source,) = list_files(tmp_path)
    with pytest.raises(FileNotRegular):
        read_bytes(source, tmp_path)


@pytest.mark.parametrize("target", ["missing.txt", "a.txt", "../outside.txt", "/etc/passwd", "folder"])
def test_a_link_that_leads_to_no_file_of_the_folder_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "in" / "folder").mkdir(parents=True)
    (tmp_path / "outside.txt").write_text("Secret.")
    (tmp_path / "in" / "a.txt").symlink_to(target)
    with pytest.raises(FileNotRegular):
        read_bytes(SourceFile("a.txt", tmp_path / "in" / "a.txt"), tmp_path / "in")


def test_a_link_to_a_file_of_the_folder_is_read(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", b"Bonjour.")
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert read_bytes(SourceFile("b.txt", tmp_path / "b.txt"), tmp_path) == b"Bonjour."


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    source = put(tmp_path, "a.txt")
    os.truncate(source.location, LARGEST_FILE + 1)
    with pytest.raises(FileTooLarge, match="50 Mo"):
        read_bytes(source, tmp_path)


def test_a_file_gone_in_the_meantime_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotRegular):
        read_bytes(SourceFile("a.txt", tmp_path / "a.txt"), tmp_path)
