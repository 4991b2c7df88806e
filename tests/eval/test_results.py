import json

import pytest

from eval.gold import SEEDS_GOLD, load_gold
from eval.judge import judge
from eval.results import as_json, file_results, find_results, read_results
from eval.run import evaluate
from indexer.errors import ResultsNotFound, ResultsUnreadable, ResultsUnwritable
from tests.eval.making import asked, citation, outcome


@pytest.fixture
def made():
    return outcome(
        asked(citations=(citation(quote="« été »"),), hits=(1, 2), relevant=[(2,)], fact=("été",), name="q1"),
        asked(answerable=False, name="q2", confidence=0.1),
    )


def test_two_runs_give_the_same_bytes(seeds_engine):
    questions = load_gold(SEEDS_GOLD)[::8]
    first, second = (as_json(judge(evaluate(questions, seeds_engine), "seeds.jsonl")) for _ in range(2))
    assert first == second
    assert "timings" not in first


def test_what_is_filed_is_read_again(made, tmp_path):
    results = judge(made, "gold.jsonl")
    path = file_results(tmp_path / "filed", "abc", results, made)
    assert read_results(path) == results
    assert (tmp_path / "filed" / ".gitignore").read_text() == "*\n"
    costs = json.loads((tmp_path / "filed" / "abc.costs.json").read_text())
    assert costs["stages"][0]["name"] == "search"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["figures"]["all"]["right quote shown"]["value"] == 1.0
    row = data["questions"][0]
    assert row["quotes"] == [{"path": "a.txt", "start": 0, "end": 10, "text": "« été »", "right": True}]
    assert [found["relevant"] for found in row["found"]] == [False, True]
    assert row["scored"]["measures"]["MRR@10"] == 0.5


def test_a_folder_that_is_there_keeps_its_own_rules(made, tmp_path):
    file_results(tmp_path, "abc", judge(made, "g"), made)
    assert not (tmp_path / ".gitignore").exists()


def test_results_are_found_by_name_or_path(made, tmp_path):
    path = file_results(tmp_path / "filed", "abc", judge(made, "g"), made)
    assert find_results(tmp_path / "filed", "abc") == path
    assert find_results(tmp_path, str(path)) == path
    with pytest.raises(ResultsNotFound, match=r"connues : abc\)"):
        find_results(tmp_path / "filed", "other")
    with pytest.raises(ResultsNotFound):
        find_results(tmp_path / "nowhere", "abc")


@pytest.mark.parametrize(
    "text", ["", "{}", '{"format": 0}', '{"format": 1, "gold": "g", "models": {}, "questions": [{}]}']
)
def test_what_is_no_result_is_told(tmp_path, text):
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(ResultsUnreadable, match=r"a\.json"):
        read_results(tmp_path / "a.json")


def test_a_place_that_cannot_be_written_is_told(made, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultsUnwritable):
        file_results(tmp_path / "file", "abc", judge(made, "g"), made)
