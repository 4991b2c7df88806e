"""Figures, comparisons and the gate's complaints as a person reads them at a terminal, in French or in English."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from eval.compare import Change, Comparison, Difference, Flips
from eval.costs import Costs, stages
from eval.figures import Figure
from eval.gate import Breach, Fall
from eval.measures import BY_NAME, Measure
from eval.results import Judged, Results

_WIDTH = 100
_NAMES = 32
_OF_A_KIND = ("R@5", "MRR@10", "right quote shown", "evidence recall", "fact recall", "answer F1", "false refusals",
              "false answers")  # fmt: skip
_SHORT = {
    "fr": {"right quote shown": "citation", "evidence recall": "preuves", "fact recall": "faits", "answer F1": "F1",
           "false refusals": "refus", "false answers": "à tort"},
    "en": {"right quote shown": "quote", "evidence recall": "evidence", "fact recall": "facts", "answer F1": "F1",
           "false refusals": "refused", "false answers": "false"},
}  # fmt: skip
_WORDS = {
    "fr": {
        "questions": "questions", "answerable": "avec réponse", "unanswerable": "sans réponse", "all": "toutes",
        "kind": "genre", "stage": "étape", "cold": "à froid", "warm": "à chaud", "slow": "95 %", "ms": "ms",
        "opening": "ouverture", "first": "première question", "whole": "question entière", "memory": "mémoire, au plus",
        "MB": "Mo", "gold": "attendu", "before": "avant", "after": "après", "difference": "écart", "interval": "à 95 %",
        "paired": "{n} questions comparées.", "apart": "{n} questions sans vis-à-vis : {ids}",
        "flips": "McNemar", "better": "en mieux", "worse": "en pire", "changed": "{n} réponses changées",
        "mark_worse": "en pire", "mark_better": "en mieux", "mark_other": "autre", "refused": "refus",
        "answered": "rédigée", "quotes": "citations", "nearest": "au plus près", "same": "Rien n’a changé.",
        "fall": "{measure} : {before:.3f} → {after:.3f}, écart {low:+.3f} à {high:+.3f}, marge {margin} ({ids})",
        "flipped": "{measure} : {worse} questions en pire, {better} en mieux, p = {p:.1g} ({ids})",
        "floor": "{measure} : {value:.3f}, au moins {floor}", "ceiling": "{measure} : {value:.3f}, au plus {floor}",
        "none": "–",
    },
    "en": {
        "questions": "questions", "answerable": "answerable", "unanswerable": "unanswerable", "all": "all",
        "kind": "kind", "stage": "stage", "cold": "cold", "warm": "warm", "slow": "95 %", "ms": "ms",
        "opening": "opening", "first": "first question", "whole": "whole question", "memory": "memory, at most",
        "MB": "MB", "gold": "expected", "before": "before", "after": "after", "difference": "difference",
        "interval": "95 %", "paired": "{n} questions compared.", "apart": "{n} questions without a pair: {ids}",
        "flips": "McNemar", "better": "better", "worse": "worse", "changed": "{n} answers changed",
        "mark_worse": "worse", "mark_better": "better", "mark_other": "other", "refused": "refused",
        "answered": "drafted", "quotes": "quotes", "nearest": "nearest", "same": "Nothing has changed.",
        "fall": "{measure}: {before:.3f} → {after:.3f}, difference {low:+.3f} to {high:+.3f}, margin {margin} ({ids})",
        "flipped": "{measure}: {worse} questions worse, {better} better, p = {p:.1g} ({ids})",
        "floor": "{measure}: {value:.3f}, at least {floor}", "ceiling": "{measure}: {value:.3f}, at most {floor}",
        "none": "–",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """Writes to a stream in ``lang``."""

    stream: TextIO
    lang: str

    def figures(self, results: Results) -> None:
        """All questions and each split with intervals; then each kind."""
        found = results.figures()
        columns = {name: values for name, values in found.items() if not name.startswith("kind ")}
        self._line(f"{'':<{_NAMES}}" + "".join(f"{self._group(name):>22}" for name in columns))
        groups = {
            name: [j for j in results.questions if name in ("all", f"split {j.scored.split}")] for name in columns
        }
        for word, counts in (
            ("questions", [len(group) for group in groups.values()]),
            ("answerable", [sum(j.answerable for j in group) for group in groups.values()]),
            ("unanswerable", [sum(not j.answerable for j in group) for group in groups.values()]),
        ):
            self._line(f"{self._word(word):<{_NAMES}}" + "".join(f"{count:>8}{'':14}" for count in counts))
        for name in found["all"]:
            cells = "".join(f"{_figure(values.get(name)):>22}" for values in columns.values())
            self._line(f"{self._name(BY_NAME[name]):<{_NAMES}}{cells}")
        heads = "".join(f"{_SHORT[self.lang].get(name, name):>10}" for name in _OF_A_KIND)
        self._line(f"\n{self._word('kind'):<16}{'n':>4}{heads}")
        for name, values in found.items():
            if name.startswith("kind "):
                n = sum(judged.scored.kind == name[5:] for judged in results.questions)
                cells = "".join(f"{f'{values[m].value:.3f}' if m in values else '–':>10}" for m in _OF_A_KIND)
                self._line(f"{name[5:]:<16}{n:>4}{cells}")

    def costs(self, costs: Costs) -> None:
        """Milliseconds by stage, of the first question and of the others, and memory."""
        self._line(
            f"\n{self._word('stage'):<{_NAMES}}" + "".join(f"{self._word(w):>10}" for w in ("cold", "warm", "slow"))
        )
        for stage in stages(costs):
            cold = f"{stage.cold:.1f}" if stage.cold is not None else self._word("none")
            self._line(f"{stage.name:<{_NAMES}}{cold:>10}{stage.warm:>10.1f}{stage.slow:>10.1f}  {self._word('ms')}")
        steps = {"opening": costs.opening, "first": costs.first}
        for word, step in steps.items():
            if step is not None:
                self._line(
                    f"{self._word(word):<{_NAMES}}{step.milliseconds:>10.1f}  {self._word('ms')}, "
                    f"{self._word('memory')} {step.peak_megabytes:.0f} {self._word('MB')}"
                )
        self._line(f"{self._word('memory'):<{_NAMES}}{costs.peak_megabytes:>10.0f}  {self._word('MB')}")

    def failures(self, results: Results) -> None:
        """The questions that went wrong, with what was shown and what was expected."""
        for judged in results.questions:
            wrong = judged.scored.measures.get("right quote shown") == 0 or judged.scored.measures.get("false answers")
            if wrong:
                self._line(f"\n{self._about(judged)}")
                for quote in judged.quotes or judged.nearest:
                    self._line(f"  {'✓' if quote.right else '✗'} {_short(quote.text)}")
                for span in judged.spans:
                    self._line(f"  {self._word('gold')} : {_short(span.quote)}")

    def comparison(self, comparison: Comparison, before: str, after: str) -> None:
        """Differences, flips, and every question answered otherwise, both answers side by side."""
        self._line(self._word("paired").format(n=comparison.paired))
        if comparison.apart:
            self._line(self._word("apart").format(n=len(comparison.apart), ids=_few(comparison.apart)))
        heads = (before[:12], after[:12], self._word("difference"), self._word("interval"))
        self._line(f"\n{'':<{_NAMES}}{heads[0]:>13}{heads[1]:>13}{heads[2]:>12}{heads[3]:>20}")
        for difference in comparison.differences:
            self._line(self._difference(difference))
        self._line("")
        for flips in comparison.flips:
            self._line(self._flips(flips))
        if not comparison.changes:
            self._line(f"\n{self._word('same')}")
            return
        self._line(f"\n{self._word('changed').format(n=len(comparison.changes))}")
        for change in comparison.changes:
            self._change(change)

    def complaints(self, found: Iterable[Fall | Breach | Flips]) -> list[str]:
        """What the gate complains of, a sentence each."""
        lines = []
        for one in found:
            if isinstance(one, Breach):
                word = "ceiling" if one.measure.lower else "floor"
                lines.append(self._word(word).format(measure=self._name(one.measure), value=one.value, floor=one.floor))
            elif isinstance(one, Flips):
                lines.append(
                    self._word("flipped").format(
                        measure=self._name(one.measure), better=len(one.better), worse=len(one.worse), p=one.p,
                        ids=_few(one.worse),
                    )
                )  # fmt: skip
            else:
                low, high = one.difference.interval or (one.difference.value, one.difference.value)
                lines.append(
                    self._word("fall").format(
                        measure=self._name(one.difference.measure), before=one.difference.before,
                        after=one.difference.after, low=low, high=high, margin=one.margin, ids=_few(one.questions),
                    )
                )  # fmt: skip
        return lines

    def _difference(self, difference: Difference) -> str:
        gain = difference.gain
        mark = (
            ""
            if gain is None or not difference.measure.judged
            else " ▲"
            if gain[0] > 0
            else " ▼"
            if gain[1] < 0
            else ""
        )
        told = (
            f"[{difference.interval[0]:+.3f} {difference.interval[1]:+.3f}]"
            if difference.interval
            else self._word("none")
        )
        return (
            f"{self._name(difference.measure):<{_NAMES}}{difference.before:>13.3f}{difference.after:>13.3f}"
            f"{difference.value:>+12.3f}{told:>20}{mark}"
        )

    def _flips(self, flips: Flips) -> str:
        return (
            f"{self._word('flips')}, {self._name(flips.measure):<{_NAMES - 9}}{len(flips.better):>4} "
            f"{self._word('better')}, {len(flips.worse)} {self._word('worse')}, p = {flips.p:.3f}"
        )

    def _change(self, change: Change) -> None:
        mark = {True: "mark_better", False: "mark_worse", None: "mark_other"}[change.better]
        self._line(f"\n{self._word(mark)} · {self._asked(change.after)}")
        for span in change.after.spans:
            self._line(f"  {self._word('gold')} : {_short(span.quote)}")
        half = (_WIDTH - 3) // 2
        left, right = (self._shown(judged, half) for judged in (change.before, change.after))
        for row in range(max(len(left), len(right))):
            one, other = (side[row] if row < len(side) else "" for side in (left, right))
            self._line(f"{one:<{half}} │ {other}".rstrip())

    def _shown(self, judged: Judged, width: int) -> list[str]:
        """A column: status, then the drafted answer and the quotes, or what was nearest."""
        lines = [f"{self._word(judged.status)} ({judged.scored.confidence:.2f})"]
        if judged.status == "answered":
            lines += textwrap.wrap(judged.answer, width)
        for quote in judged.quotes:
            lines += textwrap.wrap(f"{'✓' if quote.right else '✗'} {_short(quote.text, 300)}", width)
        for quote in () if judged.quotes else judged.nearest[:1]:
            lines += textwrap.wrap(f"{self._word('nearest')} : {_short(quote.text, 160)}", width)
        return lines

    def _about(self, judged: Judged) -> str:
        return f"{self._asked(judged)}\n  {self._word(judged.status)} ({judged.scored.confidence:.2f})"

    def _asked(self, judged: Judged) -> str:
        told = " / ".join((*judged.history, judged.question))
        return f"{judged.scored.id} {judged.scored.split} {judged.scored.kind} : {told}"

    def _group(self, name: str) -> str:
        return self._word("all") if name == "all" else name.removeprefix("split ")

    def _name(self, measure: Measure) -> str:
        return measure.fr if self.lang == "fr" else measure.name

    def _word(self, word: str) -> str:
        return _WORDS[self.lang][word]

    def _line(self, text: str) -> None:
        self.stream.write(text + "\n")


def _figure(figure: Figure | None) -> str:
    if figure is None:
        return f"–{'':14}"
    told = f"[{figure.interval[0]:.2f} {figure.interval[1]:.2f}]" if figure.interval else ""
    return f"{figure.value:.3f} {told:<13}"


def _short(text: str, most: int = 140) -> str:
    text = "".join(
        letter for letter in " ".join(text.split()) if letter.isprintable()
    )  # nothing that steers a terminal
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def _few(ids: Sequence[str], most: int = 12) -> str:
    return ", ".join(ids[:most]) + (" …" if len(ids) > most else "")
