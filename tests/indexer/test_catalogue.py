"""The catalogue: what is known of the files that their text does not say."""

from pathlib import Path

import pytest

from indexer.catalogue import read_catalogue
from indexer.document import Metadata
from indexer.errors import CatalogueUnreadable


def catalogue(folder: Path, text: str) -> dict[str, Metadata]:
    (folder / "catalogue.toml").write_text(text, encoding="utf-8")
    return read_catalogue(folder)


def test_a_folder_without_catalogue_has_an_empty_one(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path) == {}


def test_each_table_is_a_file(tmp_path: Path) -> None:
    text = """
["a.txt"]
title = "L’été"
author = "Anne Petit"
publication = "Le Courrier"
date = 2024-06-30
url = "https://exemple.fr"

["dossier/b.md"]
date = "2019"
"""
    assert catalogue(tmp_path, text) == {
        "a.txt": Metadata("L’été", "Anne Petit", "Le Courrier", "2024-06-30", "https://exemple.fr"),
        "dossier/b.md": Metadata(date="2019"),
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[", "catalogue.toml"),
        ('["a.txt"]\ntitle = ', "Invalid value"),
        ('title = "L’été"', "title"),
        ('["a.txt"]\ntitel = "L’été"', "titel"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_told_with_its_fault(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(CatalogueUnreadable, match=why):
        catalogue(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ('titre = "L’été"', "« titre » n’est pas une table", "“titre” is not a table"),
        ('["a.txt"]\ntitel = "x"\nannee = 1', "« a.txt » : annee, titel", "unknown field for “a.txt”: annee, titel"),
        ('["a.txt"]\ndate = "jamais"', "date illisible pour « a.txt » : jamais", "unreadable date for “a.txt”: jamais"),
    ],
)
def test_the_fault_is_told_in_the_language_of_the_sentence(
    tmp_path: Path, text: str, french: str, english: str
) -> None:
    with pytest.raises(CatalogueUnreadable) as caught:
        catalogue(tmp_path, text)
    assert f"{french})." in caught.value.sentence("fr")
    assert f"({english})" in caught.value.sentence("en")
    assert "«" not in caught.value.sentence("en")


def test_a_catalogue_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_bytes('["a.txt"]\ntitle = "L\xe9t\xe9"'.encode("latin-1"))
    with pytest.raises(CatalogueUnreadable):
        read_catalogue(tmp_path)


def test_the_catalogue_of_the_seeds_names_only_files_that_are_there(seeds: Path) -> None:
    names = read_catalogue(seeds)
    assert set(names) == {path.name for path in seeds.glob("*.txt")}
    assert names["000_9df9c6625010bd9b.txt"].date == "2024-06-30"
