import xml.etree.ElementTree as ElementTree

import pytest

from eval.plots import Axis, Bar, Head, Line, Row, bars, curves, parts

HEAD = Head("plot", "Mesures <1>", "Une barre & plus")
UNIT = Axis(0.0, 1.0, ((0.0, "0"), (0.5, "½"), (1.0, "1")))


def drawn(svg, kind=None):
    """The elements of a plot, or those of a class."""
    found = ElementTree.fromstring(svg)
    return [one for one in found.iter() if kind is None or kind in one.get("class", "").split()]


@pytest.mark.parametrize(
    "svg",
    [
        bars(HEAD, [Row("R@5 <b>", (Bar(0.5, "0,5"), None))], UNIT),
        parts(HEAD, [("<i>", "1 & 2", (1, 2))]),
        curves(HEAD, [Line("all", ((0.0, 1.0), (1.0, 0.5)), (0.5, 0.7))], UNIT, UNIT, ("<x>", "<y>")),
        bars(HEAD, [], UNIT),
        parts(HEAD, []),
    ],
)
def test_a_plot_is_one_image_with_title_and_description(svg):
    root = ElementTree.fromstring(svg)
    ids = {one.get("id"): one.text for one in root.iter() if one.get("id")}
    assert root.get("role") == "img"
    assert [ids[name] for name in root.get("aria-labelledby").split()] == ["Mesures <1>", "Une barre & plus"]


def test_a_bar_is_as_long_as_its_value_and_a_whisker_as_its_interval():
    svg = bars(HEAD, [Row("m", (Bar(0.6, "0,6", (0.5, 0.75)), Bar(0.2, "0,2")))], UNIT)
    first, second = drawn(svg, "bar")
    assert (first.get("x"), first.get("width"), second.get("width")) == ("0.00%", "60.00%", "20.00%")
    between, low, high = drawn(svg, "whisker")
    assert (between.get("x1"), between.get("x2")) == ("50.00%", "75.00%")
    assert (low.get("x1"), high.get("x1")) == ("50.00%", "75.00%")


def test_a_series_without_a_value_has_no_bar():
    svg = bars(HEAD, [Row("m", (None, Bar(0.2, "0,2")))], UNIT)
    assert [bar.get("class") for bar in drawn(svg, "bar")] == ["bar s1"]
    assert "".join(drawn(svg, "value")[0].itertext()) == "– · 0,2"


def test_bars_grow_from_the_origin_to_either_side():
    axis = Axis(-1.0, 1.0, ((-1.0, "-1"), (0.0, "0"), (1.0, "+1")))
    svg = bars(HEAD, [Row("a", (Bar(-0.5, "-"),)), Row("b", (Bar(0.5, "+"),))], axis)
    assert [(bar.get("x"), bar.get("width")) for bar in drawn(svg, "bar")] == [
        ("25.00%", "25.00%"),
        ("50.00%", "25.00%"),
    ]
    assert len(drawn(svg, "origin")) == 2


def test_what_lies_outside_an_axis_is_at_its_end():
    assert [UNIT.share(value) for value in (-1, 0.25, 7)] == [0, 0.25, 1]


def test_a_mark_stands_at_its_value():
    (mark,) = drawn(bars(HEAD, [Row("m", (Bar(0.2, "", None, 0.9),))], UNIT), "mark")
    assert mark.get("cx") == "90.00%"


def test_parts_fill_the_bar_in_proportion():
    svg = parts(HEAD, [("k", "", (1, 0, 2, 1))])
    assert [(part.get("class"), part.get("x"), part.get("width")) for part in drawn(svg, "part")] == [
        ("part p0", "0.00%", "25.00%"),
        ("part p2", "25.00%", "50.00%"),
        ("part p3", "75.00%", "25.00%"),
    ]


def test_a_curve_goes_through_its_points_and_marks_one():
    svg = curves(HEAD, [Line("all", ((0.0, 1.0), (0.5, 0.5)), (0.5, 0.5))], UNIT, UNIT, ("x", "y"))
    assert drawn(svg, "line")[0].get("points") == "0.0,0.0 500.0,500.0"
    (dot,) = drawn(svg, "dot")
    assert (dot.get("cx"), float(dot.get("cy"))) == ("50.00%", 152.0)


def test_end_labels_stay_within_the_plot():
    svg = bars(HEAD, [Row("m", (Bar(0.2, ""),))], UNIT)
    assert [label.get("text-anchor") for label in drawn(svg, "tick")] == ["start", "middle", "end"]
