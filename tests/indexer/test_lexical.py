"""The lexical index: French stems meet, weights weigh, the same search gives the same hits."""

from pathlib import Path

import pytest

from indexer.analysis import FrenchAnalyser
from indexer.errors import IndexDamaged
from indexer.lexical import LexicalIndex, write_lexical

PASSAGES = [
    # document, body, title and heading
    (0, "Les livreurs travaillent la nuit sous la pluie.", "Le travail de nuit"),
    (0, "La caissière se repose le dimanche.", "Le travail de nuit"),
    (1, "Le robot répond aux clients de la banque.", "La banque en ligne"),
    (1, "Le livreur sonne, le client répond.", "La banque en ligne"),
    (2, "Le castor abat les peupliers.", "Le castor"),
    (2, "Le castor abat les peupliers.", "Le castor"),
]


@pytest.fixture
def index(tmp_path: Path, analyser: FrenchAnalyser) -> LexicalIndex:
    return LexicalIndex(written(tmp_path / "lexical", analyser))


def written(folder: Path, analyser: FrenchAnalyser) -> Path:
    write_lexical(
        folder, [(document, analyser.terms(body), analyser.terms(above)) for document, body, above in PASSAGES]
    )
    return folder


def terms(question: str) -> list[tuple[str, float]]:
    return [(term, 1.0) for term in FrenchAnalyser().terms(question)]


def ids(hits: list[tuple[int, float]]) -> list[int]:
    return [passage for passage, _ in hits]


@pytest.mark.parametrize("question", ["livreur", "livreurs", "LIVREURS", "le livreur ?"])
def test_french_stems_meet(index: LexicalIndex, question: str) -> None:
    assert set(ids(index.search(terms(question), 10))) == {0, 3}


def test_the_best_comes_first_with_its_score(index: LexicalIndex) -> None:
    hits = index.search(terms("le robot répond aux clients"), 10)
    assert ids(hits) == [2, 3]
    assert hits[0][1] > hits[1][1] > 0


def test_a_weight_of_a_term_scales_its_score(index: LexicalIndex) -> None:
    ((_, plain),) = index.search([("robot", 1.0)], 1)
    ((_, doubled),) = index.search([("robot", 2.0)], 1)
    assert doubled == pytest.approx(2 * plain, rel=1e-5)


def test_weights_decide_between_passages(index: LexicalIndex, analyser: FrenchAnalyser) -> None:
    (rest,), (robot,) = analyser.terms("repose"), analyser.terms("robot")
    assert ids(index.search([(rest, 3.0), (robot, 0.5)], 2)) == [1, 2]
    assert ids(index.search([(rest, 0.5), (robot, 3.0)], 2)) == [2, 1]


def test_a_title_is_found_but_weighs_less_than_the_text(index: LexicalIndex) -> None:
    hits = index.search(terms("travail"), 10)
    assert set(ids(hits)) == {0, 1}
    assert all(score > 0 for _, score in hits)
    hits = index.search(terms("banque"), 10)
    assert ids(hits) == [2, 3]  # the text and the title, then the title alone


def test_a_search_can_be_restricted_to_documents_and_keeps_its_scores(index: LexicalIndex) -> None:
    everywhere = dict(index.search(terms("livreur"), 10))
    assert index.search(terms("livreur"), 10, [1]) == [(3, pytest.approx(everywhere[3]))]
    assert index.search(terms("livreur"), 10, [2]) == []
    assert index.search(terms("livreur"), 10, []) == []


def test_ties_are_broken_by_id(index: LexicalIndex) -> None:
    hits = index.search(terms("castor"), 10)
    assert ids(hits) == [4, 5]
    assert hits[0][1] == hits[1][1]
    assert ids(index.search(terms("castor"), 1)) == [4]


@pytest.mark.parametrize("question", ["", "le la les", "inconnu"])
def test_nothing_to_find_finds_nothing(index: LexicalIndex, question: str) -> None:
    assert index.search(terms(question), 10) == []


def test_how_many_passages_hold_a_term_in_their_text(index: LexicalIndex) -> None:
    assert [index.passages_with(term) for term, _ in terms("livreur castor banque nuit inconnu")] == [2, 2, 1, 1, 0]


def test_two_builds_give_the_same_hits(tmp_path: Path, analyser: FrenchAnalyser) -> None:
    first, second = (LexicalIndex(written(tmp_path / name, analyser)) for name in ("one", "two"))
    for question in ("livreur client", "castor travail banque", "nuit"):
        assert first.search(terms(question), 10) == second.search(terms(question), 10)


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage"])
def test_a_damaged_folder_is_told(tmp_path: Path, analyser: FrenchAnalyser, damage: str) -> None:
    folder = tmp_path / "lexical"
    if damage == "empty":
        folder.mkdir()
    elif damage == "garbage":
        (written(folder, analyser) / "meta.json").write_text("{")
    with pytest.raises(IndexDamaged, match="lexical"):
        LexicalIndex(folder)
