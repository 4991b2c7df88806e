"""``ask evaluate``: run, baseline, compare, report, ablate, and the making of questions (``ask/questions.py``).

What is not one of them is a run's argument.
"""

import os
import shlex
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from ask.edge import ANSWERED, FAILED, IndexOption, Lang, LangOption, fail, open_chosen
from ask.places import places
from ask.questions import mount
from ask.show import note
from indexer.errors import BaselineMissing, CoulissesError

if TYPE_CHECKING:
    from eval.results import Results
    from eval.run import Outcome

RESULTS = Path(".coulisses-eval")


class _RunGroup(TyperGroup):
    """``ask evaluate …`` is ``ask evaluate run …``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_RunGroup,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    help="Mesure les réponses sur un jeu de questions, et compare les mesures. Sans commande : run.",
)

GoldArgument = Annotated[
    Path | None, typer.Argument(metavar="QUESTIONS", help="Jeu de questions (JSONL) ; sinon celui des textes fournis.")
]
SplitOption = Annotated[str | None, typer.Option("--split", help="Une seule partie : tune ou untouched.")]
ResultsOption = Annotated[
    Path, typer.Option("--results", help="Dossier où les mesures sont classées.", envvar="COULISSES_RESULTS")
]
BaselineOption = Annotated[
    Path | None, typer.Option("--baseline", help="Fichier de référence (sinon : à côté du jeu de questions).")
]
WriteOption = Annotated[
    Path | None, typer.Option("--write", help="Écrit aussi le tableau entre les repères de ce document.")
]


@app.command()
def run(
    gold: GoldArgument = None,
    index: IndexOption = None,
    split: SplitOption = None,
    gate: Annotated[bool, typer.Option("--gate", help="Échoue (code 1) si une mesure recule.")] = False,
    baseline: BaselineOption = None,
    failures: Annotated[bool, typer.Option("--failures", help="Montre les questions manquées.")] = False,
    results: ResultsOption = RESULTS,
    name: Annotated[str | None, typer.Option("--name", help="Nom du classement (sinon : celui du commit).")] = None,
    write: WriteOption = None,
    no_reader: Annotated[bool, typer.Option("--no-reader", help="Sans le lecteur.")] = False,
    both: Annotated[bool, typer.Option("--both", help="Mesure aussi sans le lecteur, et compare.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="En JSON.")] = False,
    lang: LangOption = Lang.fr,
) -> None:
    """Pose les questions, mesure les réponses et classe les mesures par commit."""
    missed: list[str] = []
    try:
        from eval.results import file_results
        from eval.table import Table

        judged, outcome = _measure(gold, index, split, lang, use_reader=not no_reader)
        table = Table(sys.stdout, lang)
        if as_json:
            _print_json(judged, outcome)
        else:
            table.figures(judged)
            table.costs(outcome.costs)
            if failures:
                table.failures(judged)
        if write:
            _write_figures(write, judged)
        filed = _file_name(name, gold, split)
        note(str(file_results(results, filed, judged, outcome)))
        if both:
            from eval.compare import compare as compare_results

            floor, floor_outcome = _measure(gold, index, split, lang, use_reader=False)
            note(str(file_results(results, f"{filed}-floor", floor, floor_outcome)))
            table.comparison(compare_results(floor, judged), f"{filed}-floor", filed)
        if gate:
            missed = table.complaints(_unmet(judged, gold, index, baseline))
        for line in missed:
            note(line)
    except CoulissesError as error:
        fail(error, lang)
    raise typer.Exit(FAILED if missed else ANSWERED)


@app.command()
def baseline(
    gold: GoldArgument = None,
    index: IndexOption = None,
    filed: Annotated[
        str | None, typer.Option("--from", help="Une évaluation classée (nom ou fichier), sans reposer les questions.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Fichier à écrire.")] = None,
    results: ResultsOption = RESULTS,
    lang: LangOption = Lang.fr,
) -> None:
    """Écrit la référence à laquelle `run --gate` compare : à faire dans un commit à part."""
    try:
        from eval.gate import write_baseline

        if filed:
            from eval.results import find_results, read_results

            judged = read_results(find_results(results, filed))
        else:
            judged, _ = _measure(gold, index, None, lang)
        path = out or _baseline_of(gold)
        write_baseline(path, judged.scored)
        note(str(path))
    except CoulissesError as error:
        fail(error, lang)


@app.command()
def compare(
    before: Annotated[str, typer.Argument(metavar="AVANT", help="Nom ou fichier d’une évaluation.")],
    after: Annotated[str, typer.Argument(metavar="APRÈS", help="Nom ou fichier d’une autre.")],
    results: ResultsOption = RESULTS,
    as_json: Annotated[bool, typer.Option("--json", help="En JSON.")] = False,
    lang: LangOption = Lang.fr,
) -> None:
    """Compare deux évaluations : écarts appariés, tests, et chaque réponse qui a changé."""
    try:
        import dataclasses
        import json

        from eval.compare import compare as compare_results
        from eval.results import find_results, read_results
        from eval.table import Table

        sides = [read_results(find_results(results, one)) for one in (before, after)]
        comparison = compare_results(*sides)
        if as_json:
            typer.echo(json.dumps(dataclasses.asdict(comparison), ensure_ascii=False))
        else:
            Table(sys.stdout, lang).comparison(comparison, Path(before).stem, Path(after).stem)
    except CoulissesError as error:
        fail(error, lang)


@app.command()
def report(
    run: Annotated[str, typer.Argument(metavar="MESURE", help="Nom ou fichier d’une évaluation.")],
    before: Annotated[str | None, typer.Option("--before", help="Une autre, à laquelle la comparer.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Page à écrire (sinon : à côté de la mesure).")] = None,
    untouched: Annotated[
        bool,
        typer.Option(
            "--untouched", help="Montre aussi les questions manquées de la partie intacte : elle ne l’est plus."
        ),
    ] = False,
    results: ResultsOption = RESULTS,
    lang: LangOption = Lang.fr,
) -> None:
    """Écrit une page HTML, seule et sans réseau : mesures, courbes, pires questions avec leurs passages."""
    try:
        from eval.page import write_page
        from eval.results import find_results

        found = find_results(results, run)
        page = out or found.with_suffix(".html")
        write_page(page, found, find_results(results, before) if before else None, lang, reveal=untouched)
        note(str(page))
    except CoulissesError as error:
        fail(error, lang)


@app.command()
def ablate(
    gold: GoldArgument = None,
    folder: Annotated[Path | None, typer.Option("--folder", help="Dossier de textes du jeu de questions.")] = None,
    split: Annotated[str, typer.Option("--split", help="La partie qui décide : tune, ou all.")] = "tune",
    embedder: Annotated[list[str] | None, typer.Option("--embedder", help="Un modèle de plus à mesurer.")] = None,
    write: WriteOption = None,
    lang: LangOption = Lang.fr,
) -> None:
    """Mesure ce que vaut chaque pièce : recherche, règles d’analyse, taille des passages, modèle."""
    try:
        from eval.ablate import ablate as ablate_variants
        from eval.ablate import as_markdown, variants
        from eval.document import write_between
        from eval.gold import SEEDS_GOLD, load_gold
        from indexer.embedder import EmbedderChoice
        from indexer.resources import resource

        questions = load_gold(gold or SEEDS_GOLD, None if split == "all" else split)
        chosen = variants([EmbedderChoice(one) for one in embedder or ()])
        with tempfile.TemporaryDirectory() as workspace:
            found = ablate_variants(
                questions,
                folder or resource("seeds"),
                resource("models") / "embedder",
                Path(workspace),
                chosen,
                os.cpu_count() or 1,
                lambda variant: note(f"{variant.group} : {variant.name}"),
            )
            table = as_markdown(list(found))
        typer.echo(table, nl=False)
        if write:
            write_between(write, "ask evaluate ablate", table)
    except CoulissesError as error:
        fail(error, lang)


def _measure(
    gold: Path | None, index: Path | None, split: str | None, lang: Lang, *, use_reader: bool = True
) -> tuple["Results", "Outcome"]:
    from eval.costs import Step, memory_megabytes
    from eval.gold import SEEDS_GOLD, load_gold
    from eval.judge import judge
    from eval.run import evaluate
    from service.engine import Wishes

    path = gold or SEEDS_GOLD
    questions = load_gold(path, split)
    target = index or (None if gold else places().seeds_index)
    if target and target.resolve() == places().seeds_index.resolve():
        from ask.indexing import refresh_seeds

        refresh_seeds(target, lang)  # its making is no part of the opening that is timed
    start = time.perf_counter()
    engine = open_chosen(target, lang)
    opening = Step((time.perf_counter() - start) * 1000, memory_megabytes())
    outcome = evaluate(questions, engine, Wishes(use_reader=use_reader), opening=opening)
    return judge(outcome, path.name), outcome


def _unmet(judged: "Results", gold: Path | None, index: Path | None, baseline: Path | None) -> Any:
    from eval.gate import load_gate, read_baseline, unmet

    path = baseline or _baseline_of(gold)
    if not path.is_file():
        named = (("", gold), ("--index", index), ("--out", baseline))
        words = [word for option, value in named if value for word in (option, str(value)) if word]
        raise BaselineMissing(path=path, command=shlex.join(["ask", "evaluate", "baseline", *words]))
    return unmet(judged.scored, read_baseline(path), load_gate(shipped=gold is None))


def _baseline_of(gold: Path | None) -> Path:
    from eval.gate import SEEDS_BASELINE

    return gold.with_suffix(".baseline.json") if gold else SEEDS_BASELINE


def _file_name(name: str | None, gold: Path | None, split: str | None) -> str:
    from eval.commit import commit_name

    return name or "-".join(part for part in (commit_name(Path.cwd()), gold.stem if gold else "", split) if part)


def _print_json(judged: "Results", outcome: "Outcome") -> None:
    import dataclasses
    import json

    from eval.costs import stages

    data = {
        "index": outcome.index,
        "models": outcome.models,
        "figures": {
            group: {name: dataclasses.asdict(figure) for name, figure in found.items()}
            for group, found in judged.figures().items()
        },
        "stages": [dataclasses.asdict(stage) for stage in stages(outcome.costs)],
        "peak_megabytes": outcome.costs.peak_megabytes,
    }
    typer.echo(json.dumps(data, ensure_ascii=False))


def _write_figures(path: Path, judged: "Results") -> None:
    """The figures as documents hold them: in English, without times, which belong to a machine."""
    import io

    from eval.document import write_between
    from eval.table import Table

    text = io.StringIO()
    Table(text, "en").figures(judged)
    lines = "\n".join(line.rstrip() for line in text.getvalue().splitlines())
    write_between(path, "ask evaluate run", f"```\n{lines}\n```")


mount(app)
