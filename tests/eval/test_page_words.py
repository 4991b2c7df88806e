import math
import string

import pytest

from eval.measures import BY_NAME
from eval.page_words import _MEANINGS, _WORDS, Words

FR, EN = Words("fr"), Words("en")


def test_both_languages_say_the_same_things():
    assert _WORDS["fr"].keys() == _WORDS["en"].keys()
    for word, told in _WORDS["fr"].items():
        fields = [
            {field for _, field, _, _ in string.Formatter().parse(side) if field} for side in (told, _WORDS["en"][word])
        ]
        assert fields[0] == fields[1], word


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_measure_has_a_meaning(lang):
    assert _MEANINGS[lang].keys() == BY_NAME.keys()


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "french", "english"),
    [
        (0.8925, 3, False, "0,892", "0.892"),
        (1234.5, 1, False, "1\u202f234,5", "1,234.5"),
        (-0.5, 2, True, "\u22120,50", "\u22120.50"),
        (0.5, 2, True, "+0,50", "+0.50"),
        (-0.0001, 3, True, "0,000", "0.000"),
        (math.nan, 3, False, "–", "–"),
    ],
)
def test_numbers_are_printed_as_in_the_language(value, decimals, signed, french, english):
    assert FR.number(value, decimals, signed) == french
    assert EN.number(value, decimals, signed) == english


def test_intervals_shares_and_dates():
    assert (FR.interval((0.5, 0.75)), EN.interval((0.5, 0.75))) == ("[0,50\u00a0; 0,75]", "[0.50, 0.75]")
    assert (FR.percent(0.784), EN.percent(0.784)) == ("78\u00a0%", "78%")
    assert FR.date("2026-11-22T04:40:50+00:00") == "22 novembre 2026, 04:40 UTC"
    assert EN.date("hier") == "hier"


def test_no_line_breaks_before_french_punctuation_and_told_texts_stay_as_they_are():
    assert FR("title", name="a ; b") == "Évaluation «\u00a0a ; b\u00a0»"


def test_unknown_kinds_stages_and_splits_keep_their_names():
    assert (FR.kind("near_miss"), FR.kind("my_own"), EN.kind("near_miss")) == ("presque dit", "my own", "near miss")
    assert (FR.stage("search"), FR.stage("rerank"), EN.stage("search")) == ("chercher", "rerank", "search")
    assert (FR.split("tune"), FR.split("mine")) == ("réglage", "mine")
