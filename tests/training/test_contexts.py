import json

from training.contexts import QUESTIONS, closed_up, held_contexts, identity, plain, repository_contexts
from training.judged import PROMPTED, UNTOUCHED


def rows(name: str) -> list[dict]:
    return [json.loads(line) for line in (QUESTIONS / name).read_text(encoding="utf-8").splitlines()]


def test_signs_that_stand_apart_are_closed_up():
    assert closed_up("L' eau ( douce ) , dit -il , « coule » .\n") == "L'eau (douce), dit -il, « coule ».\n"


def test_a_notice_of_the_encyclopaedia_is_left_out():
    assert closed_up("Othon\nPour les articles homonymes , voir Othon IV .\nIl régna .\n") == "Othon\nIl régna.\n"


def test_markup_goes():
    assert plain("## Un *titre*\n[lien](a.html) <b>gras</b>") == "Un *titre*\nlien gras"


def test_what_is_held_teaches_nothing():
    held, untouched = held_contexts(), {row["context"] for row in rows(UNTOUCHED)}
    taught = {row["context"] for row in rows("reading.jsonl")}
    drafted = {row["context"] for row in rows("drafts.jsonl")}
    assert held
    assert untouched
    assert not held & taught
    assert not untouched & (held | taught | drafted)


def test_the_untouched_drafts_under_the_prompt_are_on_passages_of_their_own():
    parts = {part: {row["context"] for row in rows(PROMPTED) if row["part"] == part} for part in ("dev", "untouched")}
    assert parts["untouched"]
    assert parts["untouched"] <= held_contexts()
    assert not parts["untouched"] & parts["dev"]


def test_every_context_is_named_once_and_can_be_found():
    known = [row["context"] for row in rows("contexts.jsonl")]
    assert len(known) == len(set(known))
    assert held_contexts() <= set(repository_contexts())  # whose passages the held questions are asked of
    for name in ("reading.jsonl", "held.jsonl", "drafts.jsonl", UNTOUCHED, PROMPTED):
        assert {row["context"] for row in rows(name)} <= set(known), name


def test_a_context_is_named_by_its_text():
    assert identity("Le castor.") == identity("Le castor.") != identity("Le castor !")


def test_a_question_says_what_answers_it_or_nothing():
    for name in ("reading.jsonl", "held.jsonl"):
        for row in rows(name):
            assert bool(row["answer"]) == bool(row["sentence"]), row
            unanswered = row["kind"] in {"near_miss", "false_premise", "other_entity", "off_subject"}
            assert unanswered == (not row["answer"]), row


def test_half_of_the_drafts_are_right():
    for name in ("drafts.jsonl", UNTOUCHED):
        drafts = rows(name)
        assert 0.45 < sum(row["supported"] for row in drafts) / len(drafts) < 0.55
        assert all(row["cited"] and row["draft"].strip() for row in drafts)
