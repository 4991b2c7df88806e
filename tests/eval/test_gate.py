"""The gate on scores made for it, and on a few real changes; ``bench/gate.py`` plants ten of each."""

import dataclasses
import json

import pytest

from eval.compare import Flips
from eval.gate import Breach, Fall, Gate, load_gate, read_baseline, unmet, write_baseline
from eval.gold import SEEDS_GOLD, load_gold
from eval.judge import judge
from eval.measures import BY_NAME
from eval.run import evaluate
from indexer.errors import BaselineOfOtherQuestions, ResultsUnreadable, ResultsUnwritable
from service.engine import Engine, Wishes
from tests.eval.making import scored

GATE = Gate(0.02, 0.001, {"false refusals": 0.2}, {"R@5": 0.5})
BASELINE = [scored(f"q{n}", f"c{n // 2}", R_at_5=1, false_refusals=0) for n in range(40)]


def with_losses(every, **changes):
    return [
        dataclasses.replace(one, measures={**one.measures, **changes}) if n % every == 0 else one
        for n, one in enumerate(BASELINE)
    ]


def test_the_same_scores_pass():
    assert unmet(BASELINE, BASELINE, GATE) == []


def test_a_sure_loss_is_named_with_its_questions():
    (fall,) = unmet(with_losses(4, **{"R@5": 0.0}), BASELINE, GATE)
    assert fall.difference.measure.name == "R@5"
    assert fall.questions[:2] == ("q0", "q4")
    assert fall.margin == 0.02


def test_a_loss_that_chance_explains_or_the_margin_allows_passes():
    assert unmet(with_losses(40, **{"R@5": 0.0}), BASELINE, GATE) == []
    assert unmet(with_losses(2, **{"R@5": 0.99}), BASELINE, GATE) == []
    assert unmet(with_losses(4, **{"false refusals": 1.0}), BASELINE, Gate(0.0, 0.0, {"false refusals": 0.5}, {})) == []


def test_a_text_that_is_lost_is_caught_though_the_interval_over_texts_does_not_tell():
    old = [scored(f"q{n}", f"c{n % 5}", right_quote_shown=1) for n in range(100)]
    new = [scored(f"q{n}", f"c{n % 5}", right_quote_shown=n % 5 > 0) for n in range(100)]
    (flips,) = unmet(new, old, GATE)
    assert isinstance(flips, Flips)
    assert len(flips.worse) == 20
    assert unmet(old, new, GATE) == []


def test_a_gain_passes_where_less_is_better_too():
    worse = with_losses(2, **{"false refusals": 1.0, "R@5": 0.5})
    assert unmet(BASELINE, worse, GATE) == []
    found = unmet(worse, BASELINE, GATE)
    assert {one.difference.measure.name for one in found if isinstance(one, Fall)} == {"R@5", "false refusals"}


def test_a_floor_is_held_whatever_the_baseline():
    low = with_losses(1, **{"R@5": 0.4})
    assert unmet(low, low, GATE) == [Breach(BY_NAME["R@5"], 0.4, 0.5)]
    high = with_losses(1, **{"false refusals": 0.9})
    assert unmet(high, high, Gate(0.0, 0.0, {}, {"false refusals": 0.8})) == [
        Breach(BY_NAME["false refusals"], 0.9, 0.8)
    ]


def test_a_measure_that_is_neither_good_nor_bad_is_not_held():
    old, new = ([scored(f"q{n}", quotes_per_answer=quotes) for n in range(9)] for quotes in (3, 1))
    assert unmet(new, old, GATE) == []


@pytest.mark.parametrize(
    "asked",
    [BASELINE[1:], [*BASELINE, scored("new")], [dataclasses.replace(BASELINE[0], digest="other"), *BASELINE[1:]]],
)
def test_a_baseline_of_other_questions_is_refused(asked):
    with pytest.raises(BaselineOfOtherQuestions, match="1 questions"):
        unmet(asked, BASELINE, GATE)


def test_one_split_is_held_to_its_part_of_the_baseline():
    both = [*BASELINE, scored("other", split="untouched", R_at_5=1)]
    assert unmet(BASELINE, both, GATE) == []


def test_a_baseline_is_read_as_it_was_written_a_question_a_line(tmp_path):
    path = tmp_path / "baseline.json"
    write_baseline(path, BASELINE)
    assert read_baseline(path) == BASELINE
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(BASELINE) + 4
    with pytest.raises(ResultsUnwritable):
        write_baseline(tmp_path / "absent" / "b.json", BASELINE)


@pytest.mark.parametrize("data", [{}, {"format": 9}, {"format": 1, "measures": ["R@5"], "questions": [["q"]]}])
def test_what_is_no_baseline_is_told(tmp_path, data):
    (tmp_path / "b.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ResultsUnreadable):
        read_baseline(tmp_path / "b.json")


def test_the_shipped_gate_bounds_known_measures():
    shipped, any_folder = load_gate(shipped=True), load_gate(shipped=False)
    assert shipped.floors["citations verbatim"] == any_folder.floors["citations verbatim"] == 1.0
    assert set(any_folder.floors) == {"citations verbatim"}
    assert 0 < shipped.margin < 0.05


@pytest.mark.parametrize(
    "text", ["[margins]\n", '[margins]\ndefault = 0.1\n"R@6" = 1\n[flips]\np = 0.1\n[floors]\n[shipped]\n']
)
def test_a_gate_that_names_an_unknown_measure_or_no_margin_is_told(tmp_path, text):
    (tmp_path / "gate.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ResultsUnreadable):
        load_gate(tmp_path / "gate.toml", shipped=True)


@pytest.fixture(scope="module")
def questions():
    return load_gold(SEEDS_GOLD)[::2]


@pytest.fixture(scope="module")
def floor(seeds_engine):
    """Without the reader: reading hundreds of passages would take minutes."""
    return Engine(seeds_engine.index, seeds_engine.embedder, seeds_engine.calibrations)


@pytest.fixture(scope="module")
def real(floor, questions):
    return judge(evaluate(questions, floor), "").scored


def asked(questions, engine, wishes):
    return judge(evaluate(questions, engine, wishes), "").scored


def test_a_moved_threshold_is_caught(floor, questions, real):
    moved = Engine(floor.index, floor.embedder, floor.calibrations.refusing(1.4))
    found = unmet(asked(questions, moved, Wishes()), real, load_gate(shipped=False))
    assert "false refusals" in {one.difference.measure.name for one in found if isinstance(one, Fall)}


def test_a_dropped_leg_is_caught(floor, questions, real):
    assert unmet(asked(questions, floor, Wishes(dense_weight=1.0)), real, load_gate(shipped=False))


def test_another_order_of_questions_passes(floor, questions, real):
    assert unmet(asked(questions[::-1], floor, Wishes(explain=True)), real, load_gate(shipped=False)) == []
