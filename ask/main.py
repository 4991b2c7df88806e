"""``ask``: what is not a subcommand is a question."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from ask.asker import Asker
from ask.edge import ANSWERED, FAILED, INTERRUPTED, MISUSED, REFUSED, IndexOption, Lang, LangOption, fail
from ask.evaluate import app as evaluate_app
from ask.mcp import mcp
from ask.models import app as models_app
from ask.places import places
from ask.show import Page, note, wants_colour
from indexer.errors import CoulissesError, EmbedderUnnamed, QuestionEmpty, QuestionTooLong, QuestionUndecodable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.answer import Answer, Event

__all__ = ["ANSWERED", "FAILED", "INTERRUPTED", "MISUSED", "REFUSED", "app", "main"]


class _QuestionGroup(TyperGroup):
    """A group whose commands give way to a question: ``ask "…"`` is ``ask question "…"``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args[:1] == ["--"]:
            args = ["question", *args]
        elif not args:
            args = ["--help"] if sys.stdin.isatty() else ["question"]
        elif args[0] not in self.commands and args[0] not in ("--help", "--version", "--install-completion",
                                                              "--show-completion"):  # fmt: skip
            args = ["question", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_QuestionGroup,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    help="Pose une question à un dossier de textes français : des citations exactes, ou un refus utile.\n\n"
    'ask "qu’est-ce que le paradoxe du back-office ?"',
)

app.add_typer(evaluate_app, name="evaluate")
app.add_typer(models_app, name="models")
app.command()(mcp)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Affiche la version.", is_eager=True)] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"coulisses {installed('coulisses')}")
        raise typer.Exit(ANSWERED)


@app.command(hidden=True)
def question(
    words: Annotated[list[str] | None, typer.Argument(metavar="QUESTION", help="« - » : lire l’entrée.")] = None,
    top_k: Annotated[int, typer.Option("--top-k", "-k", min=1, max=50, help="Passages lus.")] = 8,
    source: Annotated[list[str] | None, typer.Option("--source", "-s", help="Seulement ces sources.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Seulement depuis cette date (AAAA[-MM[-JJ]]).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Une ligne de JSON par question.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Dit pourquoi chaque passage a été pris.")] = False,
    no_reader: Annotated[bool, typer.Option("--no-reader", help="Sans le lecteur : plus vite, moins juste.")] = False,
    quotes: Annotated[bool, typer.Option("--quotes", help="Des citations seules, sans rédaction.")] = False,
    alone: Annotated[bool, typer.Option("--alone", help="Sans passer par un service en marche.")] = False,
    index: IndexOption = None,
    lang: LangOption = Lang.fr,
) -> None:
    """Répond à une question par des citations vérifiées.

    Codes : 0 réponse, 3 refus, 2 mauvais usage, 1 échec, 130 interrompu (ce qui est affiché reste valable).
    """
    asker: Asker | None = None
    code = ANSWERED
    try:
        questions = _questions(words)
        asker = Asker(
            index, lang, top_k, tuple(source or ()), _date(since, lang), explain=explain, use_reader=not no_reader,
            use_prose=not quotes, alone=alone,
        )  # fmt: skip
        page = Page(sys.stdout, lang, wants_colour(sys.stdout, dict(os.environ)))
        for number, one in enumerate(questions):
            heading = ("\n" if number else "") + f"> {one}" if len(questions) > 1 else None
            try:
                answer = asker.ask(one) if as_json else _shown(asker.answering(one), page, heading)
            except (QuestionEmpty, QuestionTooLong) as error:
                if len(questions) == 1:
                    raise
                note(f"{number + 1} : {error.sentence(lang)}")  # the other questions are asked all the same
                code = MISUSED
                continue
            if answer.status == "refused" and code == ANSWERED:
                code = REFUSED
            if as_json:
                from service.schema import AnswerModel

                typer.echo(AnswerModel.of(answer).model_dump_json())
        sys.stdout.flush()  # here, where a reader that has left is no failure
    except CoulissesError as error:
        fail(error, lang)
    except BrokenPipeError:  # `ask … | head`: who reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        typer.echo()  # what is shown stands: every sentence of it was checked
        raise typer.Exit(INTERRUPTED) from None
    finally:
        if asker is not None:
            asker.close()
    raise typer.Exit(code)


def _shown(events: "Iterator[Event]", page: Page, heading: str | None) -> "Answer":
    """Show an answer as it comes: quotes, each sentence of prose, the end. Returns the whole."""
    from service.answer import Drafted, Quoted

    drafted = 0
    for event in events:
        if isinstance(event, Drafted):
            page.sentence(event.sentence, first=drafted == 0)
            drafted += 1
        elif isinstance(event, Quoted):
            if heading is not None:
                typer.echo(heading)
            page.quotes(event.answer)
        else:
            page.end(event.answer)
            return event.answer
    raise RuntimeError("the events ended without an answer")


def _questions(words: list[str] | None) -> list[str]:
    """The question of the command line, or those of standard input, one a line. Raises ``QuestionUndecodable``."""
    if words is not None and words != ["-"]:
        return [" ".join(words)]
    try:
        return [line.strip() for line in sys.stdin if line.strip()] or [""]
    except UnicodeDecodeError as error:
        raise QuestionUndecodable() from error


@app.command()
def index(
    folder: Annotated[Path | None, typer.Argument(metavar="DOSSIER", help="Le dossier de textes.")] = None,
    location: IndexOption = None,
    status: Annotated[bool, typer.Option("--status", help="Dit ce que contient l’index.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Vérifie l’index de fond en comble.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Refait tout, sans rien reprendre.")] = False,
    seeds: Annotated[bool, typer.Option("--seeds", help="Revient aux textes fournis.")] = False,
    embedder: Annotated[
        str | None, typer.Option("--embedder", help="Modèle sentence-transformers (nom ou dossier), ou « bundled ».")
    ] = None,
    query_prompt: Annotated[str | None, typer.Option(help="Préfixe des questions pour --embedder.")] = None,
    passage_prompt: Annotated[str | None, typer.Option(help="Préfixe des passages pour --embedder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="--status en JSON.")] = False,
    lang: LangOption = Lang.fr,
) -> None:
    """Indexe un dossier de textes, ou met son index à jour ; les questions porteront sur lui."""
    from ask.indexing import check_it, index_it, show_status
    from indexer.embedder import EmbedderChoice
    from indexer.resources import resource

    try:
        where = places()
        if seeds:
            folder = resource("seeds")
        if status or check:
            target = location or (where.index_of(folder) if folder else where.chosen())
            show_status(target, lang, as_json=as_json) if status else check_it(target, lang)
            return
        if not embedder and (query_prompt or passage_prompt):
            raise EmbedderUnnamed()
        choice = EmbedderChoice(embedder, query_prompt, passage_prompt) if embedder else None
        target = index_it(folder, location, where, choice, lang, rebuild=rebuild)
        where.choose(target)
    except CoulissesError as error:
        fail(error, lang)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Adresse d’écoute (sinon : 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port d’écoute (sinon : 8765).", min=0, max=65535)] = None,
    index: IndexOption = None,
    listen_anywhere: Annotated[
        bool,
        typer.Option(
            "--listen-anywhere", help="Écoute hors de la machine sans clé : l’accès est protégé par ailleurs."
        ),
    ] = False,
    lang: LangOption = Lang.fr,
) -> None:
    """Ouvre le service HTTP : POST /ask, GET /search, GET /documents/{id}. Réglages : docs/operate.md."""
    from ask.serving import serve_it

    try:
        serve_it({"host": host, "port": port, "index": index, "listen_anywhere": listen_anywhere or None}, lang)
    except CoulissesError as error:
        fail(error, lang)


def _date(text: str | None, lang: Lang) -> str | None:
    from indexer.dates import find_date

    if text is None:
        return None
    date = find_date(text)
    if date is None:
        note(f"Date illisible : « {text} ». Écrivez AAAA, AAAA-MM ou AAAA-MM-JJ." if lang == Lang.fr
             else f"Unreadable date: “{text}”. Write YYYY, YYYY-MM or YYYY-MM-DD.")  # fmt: skip
        raise typer.Exit(MISUSED)
    return date


def main() -> None:
    """Entry point of the command."""
    app()


if __name__ == "__main__":
    main()
