"""The one exception tree: as drawn, and each class says in two languages what is wrong and what to do."""

import re
import string

import pytest

from indexer import errors
from indexer.errors import CoulissesError


def tree(cls: type[CoulissesError]) -> dict[str, dict]:
    return {sub.__name__: tree(sub) for sub in cls.__subclasses__() if sub.__module__ == errors.__name__}


def drawn() -> dict[str, dict]:
    """The tree of the docstring."""
    root: dict[str, dict] = {}
    open_branches = [root]
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"^    ((?:[│ ]   )*(?:[├└]── )?)([A-Z]\w+)", line):
            depth = len(match.group(1)) // 4
            branch: dict[str, dict] = {}
            open_branches[depth][match.group(2)] = branch
            open_branches[depth + 1 :] = [branch]
    return root


def every_class(cls: type[CoulissesError] = CoulissesError) -> list[type[CoulissesError]]:
    return [
        cls,
        *(one for sub in cls.__subclasses__() if sub.__module__ == errors.__name__ for one in every_class(sub)),
    ]


LEAVES = [cls for cls in every_class() if not tree(cls)]


def fields_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_the_tree_is_as_drawn() -> None:
    assert drawn() == {"CoulissesError": tree(CoulissesError)}
    assert len(LEAVES) > 20


@pytest.mark.parametrize("cls", LEAVES, ids=lambda cls: cls.__name__)
def test_each_class_has_its_own_sentence_in_both_languages_with_the_same_fields(cls: type[CoulissesError]) -> None:
    assert {"fr", "en"} <= set(vars(cls))
    assert fields_of(cls.fr) == fields_of(cls.en)
    assert cls.fr != cls.en


@pytest.mark.parametrize("cls", every_class(), ids=lambda cls: cls.__name__)
def test_the_fields_fill_both_sentences(cls: type[CoulissesError]) -> None:
    fields = {name: f"<{name}>" for name in fields_of(cls.fr)}
    error = cls(**fields)
    assert str(error) == error.sentence("fr")
    assert error.fields == fields
    for lang in ("fr", "en"):
        assert all(value in error.sentence(lang) for value in fields.values())
        assert "{" not in error.sentence(lang)


def test_a_field_that_is_french_gives_way_to_its_english() -> None:
    error = errors.GoldError(path="a.jsonl", line=3, why="aucune question", why_en="no question")
    assert "aucune question" in str(error) == error.sentence("fr")
    assert "no question" in error.sentence("en")
    assert "aucune" not in error.sentence("en")


def test_one_class_catches_them_all() -> None:
    assert all(issubclass(cls, CoulissesError) for cls in every_class())
    names = {name for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, Exception)}
    assert names == {cls.__name__ for cls in every_class()}
