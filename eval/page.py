"""A filed evaluation as one HTML page that asks nothing of anybody: figures, curve, times, worst questions, comparison.

Questions and texts enter as text (``eval/markup.py``). What the untouched split missed is counted but not shown, unless it
is asked for: who reads it can no longer judge by it.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from eval.compare import Change, Comparison, Difference, compare
from eval.costs import Stage, Step
from eval.curve import Point, curve
from eval.figures import Figure, figures
from eval.gold import SPLITS
from eval.markup import Html, el, join
from eval.measures import AREA, BY_NAME, Measure
from eval.page_words import Words
from eval.plots import Axis, Bar, Head, Line, Row, bars, curves, parts
from eval.results import Found, Judged, Quote, Results, read_results
from eval.wording import holds
from indexer.errors import ResultsUnreadable, ResultsUnwritable

_STYLE = Path(__file__).with_suffix(".css")
_UNTOUCHED = "untouched"
_MOST = 40  # questions told in full, of each list
_NEAREST = 3
_IN_SHORT = ("right quote shown", "whole answer shown", "R@5", "evidence recall", "fact recall", "false refusals",
             "false answers", AREA.name)  # fmt: skip
_GROUPS = {
    "retrieval": ("R@1", "R@5", "R@10", "MRR@10", "nDCG@10", "MRR@10, dense leg", "MRR@10, lexical leg", "evidence in first five"),
    "quoting": (
        "right quote shown", "first quote right", "whole answer shown", "evidence precision", "evidence recall"
    ),
    "citing": ("citation recall", "citation precision", "answer F1", "fact recall"),
    "refusing": ("false refusals", "false answers", AREA.name),
    "verifying": ("language of the answer", "citations verbatim", "citations whole"),
}  # fmt: skip
_OF_A_KIND = ("R@5", "MRR@10", "right quote shown", "whole answer shown", "evidence recall", "fact recall", "answer F1",
              "false refusals", "false answers")  # fmt: skip
_FAULTS = ("false_answer", "wrong_quote", "false_refusal", "partial")  # the gravest first
_PARTS = {None: 0, "partial": 1, "false_refusal": 2, "wrong_quote": 3, "false_answer": 3}  # of a bar


@dataclass(frozen=True, slots=True)
class FiledCosts:
    """What a run cost, as it was filed beside its results."""

    date: str
    index: str
    opening: Step | None
    first: Step
    stages: tuple[Stage, ...]
    peak_megabytes: float


@dataclass(frozen=True, slots=True)
class Filed:
    """A run by its name; ``costs`` is ``None`` where they were not filed."""

    name: str
    results: Results
    costs: FiledCosts | None


def write_page(out: Path, run: Path, before: Path | None = None, lang: str = "fr", reveal: bool = False) -> None:
    """Write the page of a filed run (``find_results`` gives its path), compared with the run ``before`` it.

    ``reveal`` shows the missed questions of the untouched split too. Raises ``ResultsUnreadable``, ``ResultsUnwritable``.
    """
    told = page(read_filed(run), read_filed(before) if before else None, lang, reveal)
    try:
        out.write_text(told, encoding="utf-8")
    except OSError as error:
        raise ResultsUnwritable(path=out, why=error.strerror or error) from error


def read_filed(path: Path) -> Filed:
    """A run and its costs. Raises ``ResultsUnreadable``."""
    costs = path.with_suffix(".costs.json")
    return Filed(path.stem, read_results(path), _read_costs(costs) if costs.is_file() else None)


def _read_costs(path: Path) -> FiledCosts:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return FiledCosts(
            str(data["date"]),
            str(data["index"]),
            Step(**data["opening"]) if data["opening"] else None,
            Step(**data["first"]),
            tuple(Stage(**stage) for stage in data["stages"]),
            float(data["peak_megabytes"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsUnreadable(path=path, why=error) from error


def page(run: Filed, before: Filed | None = None, lang: str = "fr", reveal: bool = False) -> str:
    """The page's HTML: the same bytes for the same runs."""
    return _Page(run, before, Words(lang), reveal).html()


def fault(judged: Judged) -> str | None:
    """What went wrong with a question, ``None`` where nothing did."""
    measures = judged.scored.measures
    if not judged.answerable:
        return "false_answer" if judged.status != "refused" else None
    if judged.status == "refused":
        return "false_refusal"
    if not measures.get("right quote shown"):
        return "wrong_quote"
    return None if measures.get("whole answer shown", 1.0) else "partial"


def worst(questions: Iterable[Judged]) -> list[Judged]:
    """The questions that went wrong: what was stated wrongly by confidence, refusals and parts from the farthest off."""

    def gravity(judged: Judged) -> tuple[int, float, float]:
        kind = _FAULTS.index(fault(judged) or "")
        recall = judged.scored.measures.get("evidence recall", 0.0)
        confidence = judged.scored.confidence
        return kind, recall, -confidence if kind < _FAULTS.index("false_refusal") else confidence

    return sorted((judged for judged in questions if fault(judged)), key=gravity)


def highlighted(told: str, start: int, marks: Iterable[tuple[int, int, str, str]]) -> Html:
    """A text that begins at ``start`` of its file, with parts of the file (start, end, class, word for it) marked in it."""
    inside = [(max(a - start, 0), min(b - start, len(told)), kind, word) for a, b, kind, word in marks]
    inside = [mark for mark in inside if mark[0] < mark[1]]
    cuts = sorted({0, len(told), *(end for mark in inside for end in mark[:2])})
    pieces: list[str] = []
    for a, b in zip(cuts, cuts[1:], strict=False):
        over = [(kind, word) for first, last, kind, word in inside if first <= a and b <= last]
        kinds, words = (list(dict.fromkeys(pair[place] for pair in over)) for place in (0, 1))
        piece = told[a:b]
        if not over:
            pieces.append(piece)
            continue
        pieces.append(el("mark", _unseen(f"[{', '.join(words)}] "), piece, _unseen(" [/]"), class_=" ".join(kinds)))
    return join(pieces)


def _unseen(told: str) -> Html:
    """A word for those who hear the page."""
    return el("span", told, class_="unseen")


@dataclass(frozen=True)
class _Page:
    """``say`` gives the words; every part of the page is a method."""

    run: Filed
    before: Filed | None
    say: Words
    reveal: bool

    def html(self) -> str:
        sections = [section for section in self._sections() if section[2]]
        title = (
            self.say("against", name=self.run.name, before=self.before.name)
            if self.before
            else self.say("title", name=self.run.name)
        )
        head = el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", http_equiv="Content-Security-Policy",
               content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
            el("meta", name="color-scheme", content="light dark"),
            el("link", rel="icon", href="data:,"),
            el("title", title),
            el("style", Html(_STYLE.read_text(encoding="utf-8"))),
        )  # fmt: skip
        links = (el("li", el("a", name, href=f"#{anchor}")) for anchor, name, _ in sections)
        body = el(
            "body",
            el("a", self.say("skip"), href="#content", class_="skip"),
            el("header", el("h1", title), self._about()),
            el("nav", el("ul", *links), aria_label=self.say("contents")),
            el(
                "main",
                *(
                    el("section", el("h2", name, id=f"{anchor}-head"), *inside, id=anchor,
                       aria_labelledby=f"{anchor}-head")
                    for anchor, name, inside in sections
                ),
                id="content",
            ),
            el("footer", el("p", self.say("made", command="ask evaluate report"))),
        )  # fmt: skip
        return f'<!doctype html>\n<html lang="{self.say.lang}">{head}{body}</html>\n'

    def _sections(self) -> Iterator[tuple[str, str, list[Html]]]:
        """Each part of the page: its anchor, its name, what is in it."""
        yield "summary", self.say("summary"), self._summary()
        if self._comparison:
            yield "comparison", self.say("comparison"), self._compared(self._comparison)
        yield "measures", self.say("measures"), self._measures()
        yield "kinds", self.say("kinds"), self._kinds()
        yield "curve", self.say("curve"), self._curve()
        yield "times", self.say("times"), self._times()
        yield "worst", self.say("worst"), self._worst()
        yield "every", self.say("every"), self._every()
        yield "glossary", self.say("glossary"), self._glossary()

    # What the parts rest on

    @cached_property
    def _questions(self) -> tuple[Judged, ...]:
        return self.run.results.questions

    @cached_property
    def _figures(self) -> dict[str, dict[str, Figure]]:
        return self.run.results.figures()

    @cached_property
    def _splits(self) -> list[str]:
        """The splits that there are, in their order: the series of the plots."""
        found = dict.fromkeys(judged.scored.split for judged in self._questions)
        return [split for split in SPLITS if split in found] + [split for split in found if split not in SPLITS]

    @cached_property
    def _by_kind(self) -> dict[str, dict[str, dict[str, Figure]]]:
        """The figures of each kind: of all its questions, and of those of each split."""
        return {
            kind: {
                "all": self._figures[f"kind {kind}"],
                **{
                    split: figures([one for one in self.run.results.scored if (one.kind, one.split) == (kind, split)])
                    for split in self._splits
                },
            }
            for kind in dict.fromkeys(judged.scored.kind for judged in self._questions)
        }

    @cached_property
    def _comparison(self) -> Comparison | None:
        return compare(self.before.results, self.run.results) if self.before else None

    def _told(self, judged: Judged) -> bool:
        """Whether the text of a question may be shown."""
        return self.reveal or judged.scored.split != _UNTOUCHED

    # Head

    def _about(self) -> Html:
        results, costs = self.run.results, self.run.costs
        answerable = sum(judged.answerable for judged in self._questions)
        texts = {span.file for judged in self._questions for span in judged.spans}
        rows = [(self.say("gold"), results.gold)]
        if costs:
            rows += [(self.say("date"), self.say.date(costs.date)), (self.say("index"), costs.index)]
        rows += [(self.say("model", role=role), name) for role, name in results.models.items()]
        return join((
            el("p", self.say("counted", n=len(self._questions), yes=answerable, no=len(self._questions) - answerable,
                             texts=len(texts)), class_="lead"),
            el("dl", *(el("div", el("dt", name), el("dd", told)) for name, told in rows), class_="about"),
        ))  # fmt: skip

    # In short

    def _summary(self) -> list[Html]:
        found = self._figures["all"] if self._questions else {}
        moved = {d.measure.name: d for d in self._comparison.differences} if self._comparison else {}
        tiles = [self._tile(BY_NAME[name], found[name], moved.get(name)) for name in _IN_SHORT if name in found]
        return [el("dl", *tiles, class_="tiles"), el("p", self.say("interval_note"), class_="note"), self._became()]

    def _tile(self, measure: Measure, figure: Figure, moved: Difference | None) -> Html:
        told = [
            el("dt", self.say.measure(measure)),
            el("dd", self.say.number(figure.value), class_="big"),
            el("dd", self.say.interval(figure.interval) if figure.interval else self.say("nothing"), class_="ends"),
        ]
        if measure.lower:
            told.append(el("dd", self.say("lower"), class_="note"))
        if moved:
            verdict = _verdict(moved)
            signed = self.say.number(moved.value, signed=True)
            told.append(el("dd", f"{signed} · {self.say(verdict)}", class_=f"verdict {verdict}"))
        return el("div", *told)

    def _became(self) -> Html:
        """What became of the questions of each kind."""
        rows = []
        for kind in self._by_kind:
            counts = [0, 0, 0, 0]
            for judged in self._questions:
                if judged.scored.kind == kind:
                    counts[_PARTS[fault(judged)]] += 1
            rows.append((self.say.kind(kind), counts))
        head = Head("became", self.say("became"), self.say("became_desc"))
        names = [self.say(f"p{part}") for part in range(4)]
        plot = parts(head, [(kind, self.say("good", n=counts[0], total=sum(counts)), counts) for kind, counts in rows])
        table = self._table(
            self.say("became"), [self.say("kind"), *names], [[kind, *map(str, counts)] for kind, counts in rows]
        )
        return self._plot(head, plot, table, [(f"part p{part}", name) for part, name in enumerate(names)])

    # Measures

    def _measures(self) -> list[Html]:
        plots = []
        for group, names in _GROUPS.items():
            present = [BY_NAME[name] for name in names if name in self._figures["all"]]
            if present:
                head = Head(f"measures-{group}", self.say(group), self._of_splits("plot_desc"))
                groups = {split: self._figures[f"split {split}"] for split in self._splits}
                rows = [self._row(self.say.measure(m), m.name, list(groups.values())) for m in present]
                plots.append(self._plot(head, bars(head, rows, self._unit), None, self._keys))
        columns = {name: found for name, found in self._figures.items() if not name.startswith("kind ")}
        heads = [self.say("measure")]
        for name in columns:
            heads += [self.say.split(name.removeprefix("split ")), self.say("n")]
        rows_told = [
            [
                self._named(BY_NAME[name]),
                *(cell for found in columns.values() for cell in self._cells(found.get(name))),
            ]
            for name in self._figures["all"]
        ]
        return [
            el("div", *plots, class_="plots"),
            self._table(self.say("measures"), heads, rows_told),
            el("p", self.say("interval_note"), class_="note"),
        ]

    def _kinds(self) -> list[Html]:
        plots = []
        for place, name in enumerate(_OF_A_KIND):
            measure = BY_NAME[name]
            kinds = {kind: found for kind, found in self._by_kind.items() if name in found["all"]}
            if not kinds:
                continue
            head = Head(f"kinds-{place}", self._plainly(measure), self._of_splits("kind_desc"))
            rows = [
                self._row(self.say.kind(kind), name, [found[split] for split in self._splits])
                for kind, found in kinds.items()
            ]
            told = [
                [self.say.kind(kind), *(cell for group in found.values() for cell in self._cells(group.get(name)))]
                for kind, found in kinds.items()
            ]
            heads = [self.say("kind")]
            for column in ("all", *self._splits):
                heads += [self.say.split(column), self.say("n")]
            table = self._table(self.say.measure(measure), heads, told)
            plots.append(self._plot(head, bars(head, rows, self._unit), table, self._keys))
        return [el("div", *plots, class_="plots")]

    def _row(self, label: str, name: str, groups: Sequence[Mapping[str, Figure]]) -> Row:
        found = [group.get(name) for group in groups]
        return Row(label, tuple(Bar(f.value, self.say.number(f.value, 2), f.interval) if f else None for f in found))

    def _cells(self, figure: Figure | None) -> tuple[str, str]:
        """Value with interval, and over how many questions."""
        if figure is None:
            return self.say("nothing"), self.say("nothing")
        ends = self.say.interval(figure.interval) if figure.interval else self.say("nothing")
        return join((self.say.number(figure.value), " ", el("span", ends, class_="ends"))), str(figure.n)

    @cached_property
    def _unit(self) -> Axis:
        return Axis(0.0, 1.0, tuple((share / 4, self.say.number(share / 4, 2)) for share in range(5)))

    @property
    def _keys(self) -> list[tuple[str, str]]:
        return [(f"bar s{series}", self.say.split(split)) for series, split in enumerate(self._splits)]

    def _of_splits(self, word: str) -> str:
        return self.say(word, series=", ".join(self.say.split(split) for split in self._splits))

    def _plainly(self, measure: Measure) -> str:
        return f"{self.say.measure(measure)} ({self.say('lower')})" if measure.lower else self.say.measure(measure)

    def _named(self, measure: Measure) -> Html:
        name = self.say.measure(measure)
        return join((name, " ", el("small", f"({self.say('lower')})"))) if measure.lower else join((name,))

    # Curve

    def _curve(self) -> list[Html]:
        groups: list[tuple[str, str, Sequence[Judged]]] = [("all", self.say("all"), self._questions)]
        if len(self._splits) > 1:
            groups += [
                (f"s{series}", self.say.split(split), [j for j in self._questions if j.scored.split == split])
                for series, split in enumerate(self._splits)
            ]
        if self.before:
            groups.append(
                ("before", self.say("before_line", name=self.before.name), self.before.results.questions)
            )  # fmt: skip
        lines = [(style, name, _curve_of(questions)) for style, name, questions in groups if questions]
        if not self._questions or not lines:
            return []
        served = [judged.scored.accurate for judged in self._questions if judged.status != "refused"]
        answered = len(served) / len(self._questions)
        accuracy = sum(served) / len(served) if served else math.nan
        least = min(point.accuracy for _, _, points in lines for point in points)
        floor = min(math.floor(min(least, accuracy if served else 1.0) * 10) / 10, 0.9)
        tenths = range(10, round(floor * 10) - 1, -1 if floor > 0.4 else -2)
        up = Axis(floor, 1.0, tuple((tenth / 10, self.say.percent(tenth / 10)) for tenth in tenths))
        across = Axis(0.0, 1.0, tuple((share / 4, self.say.percent(share / 4)) for share in range(5)))
        told = self.say("curve_desc", answered=self.say.percent(answered), accuracy=self.say.percent(accuracy))
        head = Head("answering", self.say("by_rate"), told)
        drawn = [
            Line(
                style,
                tuple((point.answered, point.accuracy) for point in points),
                (answered, accuracy) if style == "all" and served else None,
            )
            for style, _, points in lines
        ]
        plot = curves(head, drawn, across, up, (self.say("answer_rate"), self.say("accuracy")))
        keys = [(f"line {style}", name) for style, name, _ in lines] + [("dot all", self.say("in_service"))]
        rows = [
            [
                self.say.percent(share / 10),
                self.say.number(_at(lines[0][2], share / 10).threshold),
                *(self.say.number(_at(points, share / 10).accuracy) for _, _, points in lines),
            ]
            for share in range(1, 11)
        ]
        heads = [self.say("rate"), self.say("threshold"), *(name for _, name, _ in lines)]
        return [el("p", told), self._plot(head, plot, self._table(self.say("by_rate"), heads, rows), keys)]

    # Times

    def _times(self) -> list[Html]:
        costs, olds = self.run.costs, self.before.costs if self.before else None
        if costs is None:
            return [el("p", self.say("no_costs"))]
        most = max((max(stage.slow, stage.cold or 0.0) for stage in costs.stages), default=1.0)
        step = _round_step(most / 4)
        ticks = tuple(
            (step * n, self.say("ms", n=self.say.number(step * n, 0))) for n in range(math.ceil(most / step) + 1)
        )
        head = Head("stages", self.say("by_stage"), self.say("times_desc"))
        rows = [
            Row(
                self.say.stage(stage.name),
                (
                    Bar(
                        stage.warm,
                        self.say("ms", n=self.say.number(stage.warm, 1)),
                        (stage.warm, stage.slow),
                        stage.cold,
                    ),
                ),
            )
            for stage in costs.stages
        ]
        plot = bars(head, rows, Axis(0.0, ticks[-1][0] or 1.0, ticks))
        keys = [("bar s0", self.say("key_warm")), ("whisker", self.say("key_slow")), ("mark", self.say("key_cold"))]
        columns = ("cold", "warm", "slow")
        before = {stage.name: stage for stage in olds.stages} if olds else {}
        heads = [self.say("stage"), *(self.say(column) for column in columns)]
        if self.before and olds:
            heads += [self.say("of_before", what=self.say(column), name=self.before.name) for column in columns]
        told = [
            [self.say.stage(stage.name), *self._stage(stage), *(self._stage(before.get(stage.name)) if olds else ())]
            for stage in costs.stages
        ]
        stages = self._table(self.say("by_stage"), heads, told)
        return [self._plot(head, plot, stages, keys), self._steps(costs)]

    def _stage(self, stage: Stage | None) -> tuple[str, str, str]:
        cold, warm, slow = (stage.cold, stage.warm, stage.slow) if stage else (None, None, None)
        told = [self.say("nothing") if value is None else self.say.number(value, 1) for value in (cold, warm, slow)]
        return told[0], told[1], told[2]

    def _steps(self, costs: FiledCosts) -> Html:
        steps = {"opening": costs.opening, "first": costs.first}
        rows = [
            [
                self.say(word),
                self.say("ms", n=self.say.number(step.milliseconds, 0)),
                self._megabytes(step.peak_megabytes),
            ]
            for word, step in steps.items()
            if step
        ]
        rows.append([self.say("every"), self.say("nothing"), self._megabytes(costs.peak_megabytes)])
        heads = [self.say("step"), self.say("time"), self.say("memory")]
        return self._table(self.say("steps"), heads, rows)

    def _megabytes(self, megabytes: float) -> str:
        return self.say("megabytes", n=self.say.number(megabytes, 0))

    # Questions

    def _worst(self) -> list[Html]:
        wrong = worst(self._questions)
        shown = [judged for judged in wrong if self._told(judged)]
        hidden = len(wrong) - len(shown)
        told = [el("p", self.say("worst_note"), self._marks_key())] if shown else []
        if hidden:
            told.append(el("p", self.say("hidden", n=hidden), class_="note"))
        if not wrong:
            told.append(el("p", self.say("none_wrong")))
        for kind in _FAULTS:
            group = [judged for judged in shown if fault(judged) == kind]
            if group:
                told.append(el("h3", f"{self.say(kind)} ({len(group)})"))
                told += self._few([self._question(judged, self._answer_and_gold(judged)) for judged in group])
        return told

    def _marks_key(self) -> Html:
        keys = (el("mark", self.say(f"mark_{kind}"), class_=kind) for kind in ("gold", "shown"))
        return join((self.say("legend_marks"), " ", join(keys, ", "), "."))

    def _few(self, told: Sequence[Html]) -> list[Html]:
        """Some of a long list, and how many there are."""
        if len(told) <= _MOST:
            return list(told)
        return [*told[:_MOST], el("p", self.say("cut", shown=_MOST, n=len(told)), class_="note")]

    def _question(self, judged: Judged, inside: Html, mark: str = "") -> Html:
        """A question to be unfolded."""
        scored = judged.scored
        facts = [
            *([mark] if mark else []), scored.id, self.say.kind(scored.kind), self.say.split(scored.split),
            f"{self.say('confidence')} {self.say.number(scored.confidence, 2)}",
        ]  # fmt: skip
        history = (
            el("p", self.say("asked_before", questions=" / ".join(judged.history)), class_="note")
            if judged.history
            else Html()
        )
        return el(
            "details",
            el("summary", el("span", judged.question, class_="asked", lang=judged.lang, dir="auto"),
               el("span", " · ".join(facts), class_="facts")),
            history,
            inside,
            class_="question",
        )  # fmt: skip

    def _answer_and_gold(self, judged: Judged) -> Html:
        return join((
            el("div", self._shown(judged, self.say("shown")), self._expected(judged), class_="sides"),
            self._passages(judged),
        ))  # fmt: skip

    def _shown(self, judged: Judged, title: str) -> Html:
        """What came back: the drafted answer, the quotes, or what was nearest."""
        told = [el("h4", title)]
        if judged.status == "answered":
            told += [el("p", self.say("drafted"), class_="note"), el("p", judged.answer, dir="auto")]
        quotes: Sequence[Quote] = judged.quotes
        if judged.status == "refused":
            quotes = judged.nearest[:_NEAREST]
            told.append(el("p", self.say("refused" if quotes else "refused_only"), class_="note"))
        gold = [(span.file, span.start, span.end) for span in judged.spans]
        for quote in quotes:
            marks = [(a, b, "gold", self.say("mark_gold")) for path, a, b in gold if path == quote.path]
            word = self.say("right" if quote.right else "wrong")
            told.append(self._quoted(highlighted(quote.text, quote.start, marks), quote, word))
        return el("div", *told)

    def _expected(self, judged: Judged) -> Html:
        told = [el("h4", self.say("expected"))]
        if not judged.spans:
            told.append(el("p", self.say("nothing_expected")))
        for span in judged.spans:
            marks = self._shown_in(judged, span.file)
            place = self.say("place", path=span.file, start=span.start, end=span.end)
            told.append(_blockquote(highlighted(span.quote, span.start, marks), place))
        if judged.facts:
            said = " ".join((judged.answer, *(quote.text for quote in judged.quotes)))
            facts = (
                el("li", self.say("held" if holds(said, fact) else "missing"), self.say("colon"), fact)
                for fact in judged.facts
            )
            told += [el("p", self.say("facts"), class_="note"), el("ul", *facts, class_="plain")]
        return el("div", *told)

    def _passages(self, judged: Judged) -> Html:
        if not judged.found:
            return Html()
        rank = next((place for place, found in enumerate(judged.found, 1) if found.relevant), None)
        told = self.say("passages", n=len(judged.found))
        if judged.answerable:
            told += self.say("colon") + (self.say("relevant_at", rank=rank) if rank else self.say("relevant_nowhere"))
        return el(
            "details",
            el("summary", told),
            el(
                "ol",
                *(self._passage(found, judged, place) for place, found in enumerate(judged.found, 1)),
                class_="plain",
            ),
        )

    def _passage(self, found: Found, judged: Judged, rank: int) -> Html:
        marks = [(s.start, s.end, "gold", self.say("mark_gold")) for s in judged.spans if s.file == found.path]
        marks += self._shown_in(judged, found.path)
        place = self.say("place", path=found.path, start=found.start, end=found.end)
        word = [self.say("rank", rank=rank), *([self.say("relevant")] if found.relevant else []), place]
        return el("li", _blockquote(highlighted(found.text, found.start, marks), " · ".join(word)))

    def _shown_in(self, judged: Judged, path: str) -> list[tuple[int, int, str, str]]:
        return [(q.start, q.end, "shown", self.say("mark_shown")) for q in judged.quotes if q.path == path]

    def _quoted(self, told: Html, quote: Quote, word: str) -> Html:
        place = self.say("place", path=quote.path, start=quote.start, end=quote.end)
        return _blockquote(told, f"{word} · {place}")

    def _every(self) -> list[Html]:
        rows = [
            [
                judged.scored.id,
                judged.question if self._told(judged) else self.say("withheld"),
                self.say.kind(judged.scored.kind),
                self.say.split(judged.scored.split),
                self.say(f"status_{fault(judged)}" if fault(judged) else "right_outcome"),
                self.say.number(judged.scored.confidence, 2),
            ]
            for judged in self._questions
        ]
        heads = ("id", "wording", "kind", "split", "status", "confidence_head")
        table = self._table(self.say("every"), [self.say(head) for head in heads], rows, words=4)
        return [el("details", el("summary", f"{self.say('figures')} ({len(rows)})"), table)]

    def _glossary(self) -> list[Html]:
        told = (
            el("div", el("dt", self._named(BY_NAME[name])), el("dd", self.say.meaning(BY_NAME[name])))
            for name in self._figures["all"]
        )
        return [el("dl", *told, class_="glossary")]

    # Comparison

    def _compared(self, comparison: Comparison) -> list[Html]:
        before = self.before.name if self.before else ""
        told = [el("p", self.say("paired", n=comparison.paired))]
        if comparison.apart:
            told.append(el("p", self.say("apart", ids=", ".join(comparison.apart)), class_="note"))
        if comparison.differences:
            told.append(self._differences(comparison, before))
        rows = [
            [self.say.measure(one.measure), str(len(one.better)), str(len(one.worse)), self.say.number(one.p)]
            for one in comparison.flips
        ]
        heads = [self.say(head) for head in ("measure", "in_better", "in_worse", "p")]
        told.append(self._table(self.say("flips"), heads, rows))
        told.append(el("h3", f"{self.say('changes')} ({len(comparison.changes)})"))
        shown = [change for change in comparison.changes if self._told(change.after)]
        if len(shown) < len(comparison.changes):
            told.append(el("p", self.say("hidden_changes", n=len(comparison.changes) - len(shown)), class_="note"))
        if not comparison.changes:
            told.append(el("p", self.say("no_changes")))
        return [*told, *self._few([self._change(change) for change in shown])]

    def _differences(self, comparison: Comparison, before: str) -> Html:
        title = self.say("differences", before=before, after=self.run.name)
        head = Head("differences", title, self.say("difference_desc"))
        judged = [one for one in comparison.differences if one.measure.judged]
        ends = [abs(end) for one in judged for end in (one.value, *(one.interval or ()))]
        most = max(0.02, math.ceil(max(ends, default=0.0) * 20) / 20)
        ticks = tuple((most * step / 2, self.say.number(most * step / 2, 3, signed=True)) for step in range(-2, 3))
        rows = [
            Row(self._plainly(one.measure), (Bar(one.value, self._moved(one), one.interval),)) for one in judged
        ]  # fmt: skip
        told = [
            [
                self._named(one.measure), self.say.number(one.before), self.say.number(one.after),
                self.say.number(one.value, signed=True),
                self.say.interval(one.interval, signed=True, decimals=3) if one.interval else self.say("nothing"),
                self.say(_verdict(one)) if one.measure.judged else self.say("nothing"),
            ]
            for one in comparison.differences
        ]  # fmt: skip
        heads = [self.say("measure"), before, self.run.name, self.say("difference"), self.say("interval"),
                 self.say("verdict")]  # fmt: skip
        plot = bars(head, rows, Axis(-most, most, ticks))
        return self._plot(head, plot, self._table(title, heads, told), [])

    def _moved(self, difference: Difference) -> str:
        verdict = _verdict(difference)
        told = self.say.number(difference.value, signed=True)
        return f"{self.say(verdict)} {told}" if verdict in ("better", "worse") else told

    def _change(self, change: Change) -> Html:
        mark = {True: "change_better", False: "change_worse", None: "change_other"}[change.better]
        names = self.before.name if self.before else "", self.run.name
        inside = join((
            el("div", *(self._shown(side, name) for side, name in zip((change.before, change.after), names, strict=True)),
               class_="sides"),
            self._expected(change.after),
        ))  # fmt: skip
        return self._question(change.after, inside, self.say(mark))

    # Pieces

    def _plot(self, head: Head, plot: str, table: Html | None, keys: Sequence[tuple[str, str]]) -> Html:
        """A plot with its title and key, and its figures to be unfolded."""
        legend = el("ul", *(el("li", el("span", class_=f"key {kind}"), name) for kind, name in keys), class_="keys")
        return el(
            "figure",
            el("figcaption", head.title),
            legend if len(keys) > 1 else Html(),
            Html(plot),
            el("details", el("summary", self.say("figures")), table) if table else Html(),
        )

    def _table(self, caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], words: int = 0) -> Html:
        """The first column names the rows; the others are numbers, but for the first ``words`` of them."""

        def kind(column: int) -> str:
            return "word" if column <= words else "number"

        columns = (el("th", head, scope="col", class_=kind(place)) for place, head in enumerate(heads))
        body = (
            el(
                "tr",
                el("th", row[0], scope="row"),
                *(el("td", cell, class_=kind(place)) for place, cell in enumerate(row[1:], 1)),
            )
            for row in rows
        )
        table = el("table", el("caption", caption), el("thead", el("tr", *columns)), el("tbody", *body))
        return el(
            "div", table, class_="scroll", tabindex="0", role="region", aria_label=self.say("scroll", caption=caption)
        )


def _blockquote(told: Html, place: str) -> Html:
    """A quote with where it stands; the texts are French."""
    return el("figure", el("blockquote", told, lang="fr", dir="auto"), el("figcaption", place), class_="quote")


def _verdict(difference: Difference) -> str:
    """``better`` or ``worse`` as far as the interval tells, else ``even``; ``same`` where nothing moved."""
    gain = difference.gain
    if difference.value == 0 and gain in (None, (0.0, 0.0)):
        return "same"
    if gain is None or not difference.measure.judged or gain[0] <= 0 <= gain[1]:
        return "even"
    return "better" if gain[0] > 0 else "worse"


def _curve_of(questions: Sequence[Judged]) -> list[Point]:
    return curve([one.scored.confidence for one in questions], [one.scored.accurate for one in questions])


def _at(points: Sequence[Point], share: float) -> Point:
    """The first point at which so many are answered."""
    return next(point for point in points if point.answered >= share - 1e-9)


def _round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, at least so much."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-3)))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least)
