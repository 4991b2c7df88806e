"""``ask evaluate init | accept | add | import``: a set of questions for anyone's folder.

The files stand beside the folder and bear its name: ``textes/`` has ``textes.questions.proposed.jsonl`` and
``textes.questions.jsonl``. Not inside it, where the next ``ask index`` would find them as files that it cannot read and
see the folder changed with each edit; not in the current folder, where two corpora's questions would meet.
"""

import functools
from pathlib import Path
from typing import Annotated

import typer

from ask.edge import Lang, LangOption, fail
from ask.places import places
from ask.show import note, safe
from indexer.errors import AdditionIncomplete, CoulissesError, IndexNotFound

_SENTENCES = {
    "fr": {
        "none": "Aucune question nouvelle à proposer pour {folder} ({texts} textes lus). Écrivez-en par `ask evaluate add`.",
        "proposed": "Questions proposées dans {path} : {n}.",
        "decide": "Écrivez true ou false à la place de null après « accepted », modifiez ce qui doit l’être, puis lancez "
        "`ask evaluate accept`.",
        "accepted": "Questions ajoutées à {path} : {n} (déjà là : {known}, refusées : {refused}, à décider : {undecided}).",
        "run": "Pour mesurer : `ask index {folder}`, puis `ask evaluate {path}`.",
        "added": "Ajoutée à {path} : {id}, partie {split}.",
        "unindexed": "Attention : {file}, ligne {line} : l’indexation laisse cet endroit de côté (titre ou menu). "
        "Il ne sera jamais cité.",
        "imported": "Questions dans {path} : {questions} (dont sans réponse : {unanswerable}). Textes dans {folder} : {texts}.",
        "left": "Laissés de côté ({why}) : {n}.",
    },
    "en": {
        "none": "No new question to propose for {folder} ({texts} texts read). Write some with `ask evaluate add`.",
        "proposed": "Questions proposed in {path}: {n}.",
        "decide": "Write true or false in place of null after “accepted”, edit what needs it, then run `ask evaluate accept`.",
        "accepted": "Questions added to {path}: {n} (already there: {known}, refused: {refused}, undecided: {undecided}).",
        "run": "To measure: `ask index {folder}`, then `ask evaluate {path}`.",
        "added": "Added to {path}: {id}, part {split}.",
        "unindexed": "Mind: {file}, line {line}: indexing leaves this place out (heading or menu). It will never be quoted.",
        "imported": "Questions in {path}: {questions} (unanswerable: {unanswerable}). Texts in {folder}: {texts}.",
        "left": "Left out ({why}): {n}.",
    },
}  # fmt: skip

FolderArgument = Annotated[
    Path | None, typer.Argument(metavar="DOSSIER", help="Le dossier de textes (sinon : celui du dernier index).")
]
ProposalsOption = Annotated[
    Path | None, typer.Option("--proposals", help="Fichier des propositions (sinon : à côté du dossier).")
]
GoldOption = Annotated[Path | None, typer.Option("--gold", help="Jeu de questions (sinon : à côté du dossier).")]


def mount(app: typer.Typer) -> None:
    """Add the four commands to the app of ``ask evaluate``."""
    app.command()(init)
    app.command()(accept)
    app.command()(add)
    app.command("import")(import_)


def init(
    folder: FolderArgument = None,
    proposals: ProposalsOption = None,
    gold: GoldOption = None,
    most: Annotated[int, typer.Option("--most", min=1, help="Propositions par texte, au plus.")] = 10,
    lang: LangOption = Lang.fr,
) -> None:
    """Propose des questions tirées des textes, à accepter ou à refuser une par une. Ce qui y est déjà n’est pas touché."""
    words = _SENTENCES[lang]
    try:
        from eval.proposals import add_proposals
        from eval.propose import propose
        from eval.rows import known_questions
        from eval.texts import read_texts

        folder = folder or _chosen_folder()
        path = proposals or beside(folder, "questions.proposed.jsonl")
        texts = read_texts(folder)
        known = known_questions(gold or beside(folder, "questions.jsonl"))
        added = add_proposals(path, propose(texts, most), known)
    except CoulissesError as error:
        fail(error, lang)
    if not added:
        note(words["none"].format(folder=folder, texts=len(texts)))
        return
    note(words["proposed"].format(n=added, path=path))
    note(words["decide"])


def accept(
    folder: FolderArgument = None,
    proposals: ProposalsOption = None,
    gold: GoldOption = None,
    lang: LangOption = Lang.fr,
) -> None:
    """Ajoute au jeu de questions les propositions acceptées, chaque citation vérifiée à sa place."""
    words = _SENTENCES[lang]
    try:
        from eval.proposals import accept as accept_proposals
        from eval.rows import append_rows, known_questions, row
        from eval.texts import find_text

        folder = folder or _chosen_folder()
        path = gold or beside(folder, "questions.jsonl")
        found = accept_proposals(
            proposals or beside(folder, "questions.proposed.jsonl"),
            functools.cache(functools.partial(find_text, folder)),
            known_questions(path),
        )
        if found.rows:
            append_rows(path, [row(question) for question in found.rows])
    except CoulissesError as error:
        fail(error, lang)
    note(
        words["accepted"].format(
            n=len(found.rows), path=path, known=found.known, refused=found.refused, undecided=found.undecided
        )
    )
    if found.rows:
        note(words["run"].format(folder=folder, path=path))


def add(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    file: Annotated[
        list[str] | None, typer.Option("--file", help="Le texte qui répond ; un seul, ou un par citation.")
    ] = None,
    quote: Annotated[list[str] | None, typer.Option("--quote", help="La citation qui répond (répétable).")] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", help="Ce qu’une bonne réponse contient (répétable).")
    ] = None,
    unanswerable: Annotated[bool, typer.Option("--unanswerable", help="Les textes n’y répondent pas.")] = False,
    kind: Annotated[str | None, typer.Option("--kind", help="Genre : fact, definition, why, how, several…")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Langue de la question (sinon : devinée).")] = None,
    after: Annotated[list[str] | None, typer.Option("--after", help="Question posée avant elle (répétable).")] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Dossier de textes (sinon : celui du dernier index).")
    ] = None,
    gold: GoldOption = None,
    messages: Annotated[
        Lang, typer.Option("--messages", help="Langue des messages.", envvar="COULISSES_LANG")
    ] = Lang.fr,
) -> None:
    """Ajoute une question au jeu : la citation est cherchée dans le fichier, à l’identique ou à la frappe près."""
    words = _SENTENCES[messages]
    try:
        import json

        from eval.amend import Wanted, amend
        from eval.rows import append_rows, known_questions, row
        from eval.texts import find_text

        pairs = _pairs(file or [], quote or [])
        if unanswerable == bool(pairs) or (unanswerable and (file or fact)):
            raise AdditionIncomplete()
        folder = folder or _chosen_folder()
        path = gold or beside(folder, "questions.jsonl")
        find = functools.cache(functools.partial(find_text, folder))
        wanted = Wanted(question, pairs, tuple(fact or ()), kind, lang, tuple(after or ()))
        added = amend(wanted, find, known_questions(path), path)
        append_rows(path, [row(added)])
        for span in added.spans:
            text = find(span.file)
            if not text.is_prose(span.start, span.end):
                note(words["unindexed"].format(file=safe(span.file), line=text.line(span.start)))
    except CoulissesError as error:
        fail(error, messages)
    note(words["added"].format(path=path, id=added.id, split=added.split))
    typer.echo(json.dumps(row(added), ensure_ascii=False))


def import_(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="Fichier SQuAD (JSON), ou dossier BEIR.")],
    folder: Annotated[Path, typer.Option("--to", metavar="DOSSIER", help="Dossier de textes à créer.")],
    gold: GoldOption = None,
    part: Annotated[str | None, typer.Option("--part", help="BEIR : test, dev ou train.")] = None,
    lang: LangOption = Lang.fr,
) -> None:
    """Fait d’un jeu public (SQuAD ou BEIR) un dossier de textes et un jeu de questions."""
    words = _SENTENCES[lang]
    try:
        from eval.beir import read_beir
        from eval.exchange import write_exchange
        from eval.squad import read_squad

        path = gold or beside(folder, "questions.jsonl")
        exchange = read_beir(source, part) if source.is_dir() else read_squad(source)
        write_exchange(exchange, folder, path)
    except CoulissesError as error:
        fail(error, lang)
    unanswerable = sum(not question.answerable for question in exchange.questions)
    note(
        words["imported"].format(
            questions=len(exchange.questions), unanswerable=unanswerable, path=path, texts=len(exchange.texts),
            folder=folder,
        )
    )  # fmt: skip
    for (french, english), count in exchange.left_out.items():
        note(words["left"].format(n=count, why=english if lang == Lang.en else french))
    note(words["run"].format(folder=folder, path=path))


def beside(folder: Path, name: str) -> Path:
    """Where a folder's file of questions stands: beside it, under its name."""
    resolved = folder.resolve()
    return resolved.parent / f"{resolved.name or 'textes'}.{name}"


def _pairs(files: list[str], quotes: list[str]) -> tuple[tuple[str, str], ...]:
    """Each quote with its file. Raises ``AdditionIncomplete``."""
    if len(files) == 1:
        files = files * len(quotes)
    if len(files) != len(quotes):
        raise AdditionIncomplete()
    return tuple(zip(files, quotes, strict=True))


def _chosen_folder() -> Path:
    """The folder that questions go to. Raises the classes under ``IndexFault``."""
    from indexer.manifest import read_manifest
    from indexer.resources import resource

    where = places()
    chosen = where.chosen()
    try:
        return Path(read_manifest(chosen).folder)
    except IndexNotFound:
        if chosen.resolve() != where.seeds_index.resolve():
            raise
        return resource("seeds")
