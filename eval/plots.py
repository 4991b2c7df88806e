"""Plots as SVG: bars with intervals, parts of a whole, curves.

Widths are shares of the width that the page gives, heights and letters are in pixels: a plot is as legible on a phone as on
a desk. Colours are classes of the page's style sheet, and never tell anything alone. To a reader who does not see it, a
plot is one image with a title and a description; its numbers stand in a table beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.markup import text

_LETTERS, _BAR, _GAP, _BETWEEN, _AXIS = 18, 10, 3, 12, 22  # pixels of height
_CURVE = 280
_GRAIN = 1000  # units of a curve's own square


@dataclass(frozen=True, slots=True)
class Head:
    """What names a plot: ``name`` is the stem of its ids in the page."""

    name: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``least`` to ``most``, with the labels of some values. Bars grow from ``origin``."""

    least: float
    most: float
    ticks: tuple[tuple[float, str], ...]
    origin: float = 0.0

    def share(self, value: float) -> float:
        """How far along the axis a value lies, 0 to 1: one outside it is at its end."""
        return min(max((value - self.least) / (self.most - self.least), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A value as ``told`` in letters, with its interval and one more value, ``mark``, where there are such."""

    value: float
    told: str
    interval: tuple[float, float] | None = None
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Bars of the same thing, one for each series, ``None`` where a series has none."""

    name: str
    bars: tuple[Bar | None, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A curve through points, from left to right, drawn as the class ``style``, and the one to be marked with a dot."""

    style: str
    points: tuple[tuple[float, float], ...]
    dot: tuple[float, float] | None = None


def bars(head: Head, rows: Sequence[Row], axis: Axis) -> str:
    """A bar for each series of each row, under the row's name and values, with whiskers for intervals."""
    drawn, y = [], 0
    for row in rows:
        drawn.append(_letters(row.name, [bar.told if bar else "–" for bar in row.bars], y))
        y += _LETTERS
        height = len(row.bars) * (_BAR + _GAP) - _GAP
        drawn.append(_track(axis, y, height))
        for series, bar in enumerate(row.bars):
            if bar is not None:
                drawn.append(_bar(bar, series, axis, y + series * (_BAR + _GAP)))
        if axis.least < axis.origin:
            drawn.append(_upright("origin", axis.share(axis.origin), y - 2, y + height + 2))
        y += height + _BETWEEN
    return _image(head, [*drawn, *_axis(axis, y)], y + _AXIS)


def parts(head: Head, rows: Sequence[tuple[str, str, Sequence[int]]]) -> str:
    """For each row (name, what is told at its right, counts) a bar cut in proportion to its counts."""
    drawn, y = [], 0
    for name, told, counts in rows:
        drawn.append(_letters(name, [told], y))
        y += _LETTERS
        total, before = sum(counts), 0
        for part, count in enumerate(counts):
            if count:
                x, width = _share(before / total), _share(count / total)
                drawn.append(f'<rect class="part p{part}" x="{x}" y="{y}" width="{width}" height="{_BAR + 4}"/>')
            before += count
        y += _BAR + 4 + _BETWEEN
    return _image(head, drawn, max(y - _BETWEEN, 1))


def curves(head: Head, lines: Sequence[Line], across: Axis, up: Axis, names: tuple[str, str]) -> str:
    """Lines over a grid; ``names`` are those of the axes. The page leaves room for the labels at the left."""
    drawn = [f'<text class="tick" x="0" y="12">{text(names[1])} ↑</text>']
    top, bottom = 24, _CURVE

    def height(value: float) -> float:
        return round(bottom - up.share(value) * (bottom - top), 1)

    for value, label in up.ticks:
        y = height(value)
        drawn.append(f'<line class="grid" x1="0" y1="{y}" x2="100%" y2="{y}"/>')
        drawn.append(f'<text class="tick" x="-8" y="{y + 4}" text-anchor="end">{text(label)}</text>')
    for value, _ in across.ticks:
        drawn.append(_upright("grid", across.share(value), top, bottom))
    drawn.append(
        f'<svg x="0" y="{top}" width="100%" height="{bottom - top}" viewBox="0 0 {_GRAIN} {_GRAIN}" '
        'preserveAspectRatio="none" overflow="visible">'
    )
    for line in lines:
        path = " ".join(f"{across.share(x) * _GRAIN:.1f},{(1 - up.share(y)) * _GRAIN:.1f}" for x, y in line.points)
        drawn.append(f'<polyline class="line {line.style}" points="{path}"/>')
    drawn.append("</svg>")
    for line in lines:
        if line.dot:
            x, y = line.dot
            drawn.append(f'<circle class="dot {line.style}" cx="{_share(across.share(x))}" cy="{height(y)}" r="5"/>')
    drawn += _axis(across, bottom)
    drawn.append(f'<text class="tick" x="100%" y="{bottom + 36}" text-anchor="end">{text(names[0])} →</text>')
    return _image(head, drawn, bottom + 42, "plot curve")


def _image(head: Head, drawn: Iterable[str], height: int, kind: str = "plot") -> str:
    title, description = f"{head.name}-title", f"{head.name}-desc"
    return (
        f'<svg class="{kind}" role="img" aria-labelledby="{title} {description}" width="100%" height="{height}">'
        f'<title id="{title}">{text(head.title)}</title><desc id="{description}">{text(head.description)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def _letters(name: str, told: Sequence[str], y: int) -> str:
    """The name at the left, at the right the values in the order and the ink of their series."""
    values = '<tspan class="tick"> · </tspan>'.join(
        f'<tspan class="ink{series if len(told) > 1 else ""}">{text(value)}</tspan>'
        for series, value in enumerate(told)
    )
    return (
        f'<text class="name" x="0" y="{y + 13}">{text(name)}</text>'
        f'<text class="value" x="100%" y="{y + 13}" text-anchor="end">{values}</text>'
    )


def _track(axis: Axis, y: int, height: int) -> str:
    ticks = "".join(_upright("notch", axis.share(value), y, y + height) for value, _ in axis.ticks)
    return f'<rect class="track" x="0" y="{y}" width="100%" height="{height}"/>{ticks}'


def _bar(bar: Bar, series: int, axis: Axis, y: int) -> str:
    ends = sorted((axis.share(axis.origin), axis.share(bar.value)))
    x, width = _share(ends[0]), _share(ends[1] - ends[0])
    drawn = f'<rect class="bar s{series}" x="{x}" y="{y}" width="{width}" height="{_BAR}"/>'
    middle = y + _BAR / 2
    if bar.interval is not None:
        low, high = (axis.share(end) for end in bar.interval)
        drawn += (
            f'<line class="whisker" x1="{_share(low)}" y1="{middle}" x2="{_share(high)}" y2="{middle}"/>'
            f"{_upright('whisker', low, y + 1, y + _BAR - 1)}{_upright('whisker', high, y + 1, y + _BAR - 1)}"
        )
    if bar.mark is not None:
        drawn += f'<circle class="mark" cx="{_share(axis.share(bar.mark))}" cy="{middle}" r="4"/>'
    return drawn


def _axis(axis: Axis, y: int) -> list[str]:
    """Labels under their values; those at the ends stay within the plot."""
    anchors = {0.0: "start", 1.0: "end"}
    return [
        f'<text class="tick" x="{_share(share)}" y="{y + 14}" text-anchor="{anchors.get(share, "middle")}">'
        f"{text(label)}</text>"
        for share, label in ((axis.share(value), label) for value, label in axis.ticks)
    ]


def _upright(kind: str, share: float, top: float, bottom: float) -> str:
    return f'<line class="{kind}" x1="{_share(share)}" y1="{top}" x2="{_share(share)}" y2="{bottom}"/>'


def _share(share: float) -> str:
    return f"{share * 100:.2f}%"
