from pathlib import Path

import pytest

from ask.places import Places, places
from indexer.errors import IndexUnwritable
from indexer.resources import resource


def test_each_folder_has_an_index_of_its_own(tmp_path):
    where = Places(tmp_path / "home")
    first, second = tmp_path / "a" / "Été & co", tmp_path / "b" / "Été & co"
    first.mkdir(parents=True)
    second.mkdir(parents=True)
    assert where.index_of(first) != where.index_of(second)
    assert where.index_of(first).name.startswith("ete-co-")
    assert where.index_of(first) == where.index_of(first / ".." / "Été & co")
    assert where.index_of(resource("seeds")) == where.seeds_index


def test_questions_go_to_the_shipped_texts_until_another_index_is_chosen(tmp_path):
    where = Places(tmp_path / "home")
    assert where.chosen() == where.seeds_index
    where.choose(tmp_path / "index")
    assert where.chosen() == tmp_path / "index"


def test_a_home_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(IndexUnwritable):
        Places(tmp_path / "file").choose(tmp_path / "index")


def test_the_home_may_be_set(monkeypatch, tmp_path):
    monkeypatch.setenv("COULISSES_HOME", str(tmp_path))
    assert places().home == tmp_path
    monkeypatch.delenv("COULISSES_HOME")
    assert isinstance(places().home, Path)
