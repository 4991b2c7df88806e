import io
import json
import tomllib

import pytest

from eval.gold import SEEDS_GOLD, load_gold
from eval.measures import summary
from eval.report import GATE, print_report, unmet
from eval.run import evaluate


@pytest.fixture(scope="module")
def outcome(seeds_engine):
    questions = load_gold(SEEDS_GOLD)
    return evaluate([*questions[:8], *questions[-8:]], seeds_engine)


def test_the_report_gives_every_measure_by_split_and_kind(outcome):
    stream = io.StringIO()
    print_report(outcome, stream, as_json=False, failures=True)
    text = stream.getvalue()
    for measure in summary(outcome.asked):
        assert measure in text
    for one in outcome.asked:
        assert one.gold.kind in text
        assert one.gold.split in text


def test_the_report_as_json(outcome):
    stream = io.StringIO()
    print_report(outcome, stream, as_json=True, failures=False)
    data = json.loads(stream.getvalue())
    assert data["figures"]["all"]["questions"] == 16
    assert data["models"]["embedder"].startswith("bundled@")


def test_the_gate_names_what_does_not_hold(outcome, monkeypatch, tmp_path):
    split = outcome.asked[0].gold.split
    strict = tmp_path / "gate.toml"
    strict.write_text(
        f'[{split}]\n"R@5" = 1.01\n"false refusals" = -0.01\n"citations verbatim" = 1.0\n', encoding="utf-8"
    )
    monkeypatch.setattr("eval.report.GATE", strict)
    assert len(unmet(outcome)) == 2
    assert all(split in line for line in unmet(outcome))


def test_the_shipped_gate_bounds_known_measures(outcome):
    gate = tomllib.loads(GATE.read_text(encoding="utf-8"))
    assert set(gate) <= {"tune", "untouched"}
    for bounds in gate.values():
        assert set(bounds) <= set(summary(outcome.asked))
        assert bounds["citations verbatim"] == 1.0
