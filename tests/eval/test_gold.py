import json
import re

import pytest

from eval.gold import SEEDS_GOLD, load_gold
from eval.run import check_spans
from indexer.errors import GoldError

ROW = {
    "id": "q1", "question": "Depuis quand le phare guide-t-il ?", "kind": "fact", "lang": "fr", "split": "tune",
    "answerable": True, "spans": [{"file": "a.txt", "start": 0, "end": 8, "quote": "Le phare"}], "facts": ["phare"],
}  # fmt: skip


def written(tmp_path, *rows):
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


def test_the_shipped_gold_set_is_valid_and_its_spans_are_verbatim(seeds_engine):
    questions = load_gold(SEEDS_GOLD)
    check_spans(questions, seeds_engine.index)
    assert sum(question.answerable for question in questions) >= 60
    assert sum(not question.answerable for question in questions) >= 25


def test_the_splits_of_the_shipped_gold_set_share_no_whole_document():
    files = {
        split: {span.file for question in load_gold(SEEDS_GOLD, split) for span in question.spans}
        for split in ("tune", "untouched")
    }
    # the list of bookmarks is many pages in one file: its items are shared out, not the file
    assert {file[:4] for file in files["tune"] & files["untouched"]} <= {"004_"}


def test_a_valid_row_is_read(tmp_path):
    (question,) = load_gold(written(tmp_path, ROW))
    assert question.spans[0].quote == "Le phare"
    assert question.facts == ("phare",)


def test_a_row_may_have_questions_before_it(tmp_path):
    after = {**ROW, "history": ["Qui garde le phare ?"], "kind": "follow_up"}
    other = {**ROW, "id": "q2", "history": ["Qui garde le port ?"], "kind": "comparison"}
    plain = {**ROW, "id": "q3"}
    questions = load_gold(written(tmp_path, after, other, plain))
    assert [question.history for question in questions] == [("Qui garde le phare ?",), ("Qui garde le port ?",), ()]
    assert [question.needs_all for question in questions] == [False, True, False]
    with pytest.raises(GoldError, match="répétée"):
        load_gold(written(tmp_path, after, {**after, "id": "q2"}))


@pytest.mark.parametrize(
    "change",
    [
        {"history": "Qui ?"},
        {"history": [" "]},
        {"history": [3]},
        {"history": None},
        {"split": "dev"},
        {"answerable": False},
        {"spans": []},
        {"spans": [{"file": "a.txt", "start": 8, "end": 8, "quote": ""}]},
        {"spans": [{"file": "a.txt", "start": 0, "end": 9, "quote": "Le phare"}]},
        {"spans": [{"file": "a.txt"}]},
        {"question": " "},
        {"surplus": 1},
    ],
)
def test_a_faulty_row_is_named_by_its_line(tmp_path, change):
    good = {**ROW, "id": "q0", "question": "Autre ?"}
    with pytest.raises(GoldError, match="ligne 2") as told:
        load_gold(written(tmp_path, good, {**ROW, **change}))
    assert not re.search("[«»éèàçê’]", told.value.sentence("en"))


def test_repeated_ids_and_questions_are_refused(tmp_path):
    with pytest.raises(GoldError, match="q1"):
        load_gold(written(tmp_path, ROW, {**ROW, "question": "Autre ?"}))
    with pytest.raises(GoldError, match="répétée"):
        load_gold(written(tmp_path, ROW, {**ROW, "id": "q2"}))


def test_what_is_not_json_or_not_there_is_told(tmp_path):
    path = tmp_path / "gold.jsonl"
    with pytest.raises(GoldError, match=r"gold\.jsonl"):
        load_gold(path)
    path.write_text("pas du JSON\n", encoding="utf-8")
    with pytest.raises(GoldError, match="ligne 1"):
        load_gold(path)
    path.write_text(json.dumps(ROW), encoding="utf-8")
    with pytest.raises(GoldError, match="inconnue") as told:
        load_gold(path, "dev")
    assert "unknown part “dev” (known: tune, untouched)" in told.value.sentence("en")


@pytest.mark.parametrize(
    ("file", "english"),
    [
        ("absent.txt", "q1: this file is not in the index"),
        ("000_9df9c6625010bd9b.txt", "q1: the quote is not in its place"),
    ],
)
def test_a_span_that_is_not_in_its_file_is_named(tmp_path, seeds_engine, file, english):
    row = {**ROW, "spans": [{"file": file, "start": 0, "end": 8, "quote": "Le phare"}]}
    with pytest.raises(GoldError, match="q1 : ") as told:
        check_spans(load_gold(written(tmp_path, row)), seeds_engine.index)
    assert english in told.value.sentence("en")


@pytest.mark.parametrize(
    "change", [{"question": None}, {"spans": [{"file": "a.txt", "start": "0", "end": 8, "quote": "Le phare"}]}]
)
def test_a_field_of_another_type_is_told(tmp_path, change):
    with pytest.raises(GoldError, match="ligne 1"):
        load_gold(written(tmp_path, {**ROW, **change}))


def test_an_empty_set_is_told(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(GoldError, match="aucune question") as told:
        load_gold(path)
    assert "no question" in told.value.sentence("en")
