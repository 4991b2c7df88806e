import io
import re

import pytest

from eval.compare import compare
from eval.gate import Gate, unmet
from eval.judge import judge
from eval.measures import MEASURES
from eval.table import Table
from tests.eval.making import asked, citation, outcome

RIGHT, WRONG = citation(quote="La bonne phrase."), citation(start=50, end=60, quote="La \x1b[31mmauvaise phrase.")


def made(*quotes):
    """Ten questions over ten texts that show these quotes, and one that nothing answers."""
    return outcome(
        *(asked(name=f"q{n}", citations=quotes, hits=(1,), relevant=[(1,)], fact=("phrase",)) for n in range(10)),
        asked(name="q10", answerable=False, kind="off_topic", split="untouched", confidence=0.1),
    )


def written(lang, write):
    stream = io.StringIO()
    write(Table(stream, lang))
    return stream.getvalue()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_measure_is_told_by_split_and_kind(lang):
    text = written(lang, lambda table: table.figures(judge(made(RIGHT), "g")))
    for measure in MEASURES:
        assert (measure.fr if lang == "fr" else measure.name) in text
    assert re.search(r"tune +untouched", text)
    assert re.search(r"off_topic +1 ", text)
    assert "1.000 [1.00 1.00]" in text


def test_costs_are_told_by_stage():
    text = written("fr", lambda table: table.costs(made(RIGHT).costs))
    assert re.search(r"search +4\.0 +2\.0 +2\.0 +ms", text)
    assert "120  Mo" in text


def test_failures_show_what_was_given_and_what_was_expected_and_steer_no_terminal():
    text = written("fr", lambda table: table.failures(judge(made(WRONG), "g")))
    assert "✗ La [31mmauvaise phrase." in text
    assert "attendu : xxxxxxxxxx" in text
    assert "q10" not in text
    assert written("fr", lambda table: table.failures(judge(made(RIGHT), "g"))) == ""


@pytest.mark.parametrize(("lang", "words"), [("fr", "10 réponses changées"), ("en", "10 answers changed")])
def test_a_comparison_shows_both_answers_side_by_side(lang, words):
    comparison = compare(judge(made(RIGHT), "g"), judge(made(WRONG), "g"))
    text = written(lang, lambda table: table.comparison(comparison, "abc", "def"))
    assert words in text
    assert re.search(r"✓ La bonne phrase\. +│ ✗ La \[31mmauvaise phrase\.", text)
    assert re.search(r"1\.000 +0\.000 +-1\.000 +\[-1\.000 -1\.000\] ▼", text)
    assert "p = 0.002" in text


def test_nothing_changed_is_said():
    one = judge(made(RIGHT), "g")
    assert "Rien n’a changé." in written("fr", lambda table: table.comparison(compare(one, one), "a", "b"))


@pytest.mark.parametrize(("lang", "fall", "floor"), [("fr", "écart -1.000", "au moins 0.9"), ("en", "difference -1.000", "at least 0.9")])  # fmt: skip
def test_complaints_name_measure_figures_and_questions(lang, fall, floor):
    found = unmet(
        judge(made(WRONG), "g").scored, judge(made(RIGHT), "g").scored, Gate(0.01, 0.01, {}, {"right quote shown": 0.9})
    )
    lines = Table(io.StringIO(), lang).complaints(found)
    assert floor in lines[0]
    assert any(fall in line and "q0, q1" in line for line in lines)
    assert lines[-1].endswith("p = 0.002 (q0, q1, q2, q3, q4, q5, q6, q7, q8, q9)")
