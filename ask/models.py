"""``ask models``: which models there are, how they get here, whether they are sound, and which one writes."""

import json
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ask.edge import ANSWERED, FAILED, Lang, LangOption, fail
from ask.places import places
from ask.progress import bytes_told, shown_progress
from ask.show import note, safe
from indexer.errors import CoulissesError, GeneratorAddressInvalid, PullInterrupted
from indexer.resources import resource

if TYPE_CHECKING:
    from ask.settings_file import SettingsFile
    from service.models.presets import Preset
    from service.models.store import Store

app = typer.Typer(help="Les modèles : les lister, en télécharger, les vérifier, choisir celui qui rédige.")
JsonOption = Annotated[bool, typer.Option("--json", help="En JSON.")]

_WORDS = {
    "fr": {
        "name": "nom", "kind": "rôle", "title": "modèle", "size": "taille", "memory": "mémoire", "licence": "licence",
        "state": "état", "generator": "rédacteur", "embedder": "vecteurs", "reader": "lecteur",
        "calibration": "calibrage", "bundled": "fourni", "absent": "—", "partial": "incomplet", "present": "là",
        "damaged": "abîmé", "chosen": "choisi",
        "never": "* jamais essayé par les auteurs de Coulisses. Mémoire : une estimation.",
        "elsewhere": "Rédacteur choisi : {generator}", "nobody": "Aucun rédacteur choisi (`ask models use NOM`).",
        "pulled": "« {preset} » est là, vérifié : {folder} ({size} reçus, révision {revision}).",
        "package": "« {preset} » est là, vérifié : {folder}.",
        "then": "Pour l’employer : {command}",
        "sound": "sain", "told": "{name} : {state}",
        "unattested": "rien à quoi le comparer ; SHA-256 {sha256}", "known": "sain, c’est « {preset} »",
        "nothing": "Rien à vérifier.",
        "written": "Rédacteur : {generator} (réglages : {path}).",
        "none": "Plus de rédacteur : les réponses sont des citations ({path}).",
        "index": "C’est un modèle de vecteurs : il se choisit en indexant.",
    },
    "en": {
        "name": "name", "kind": "role", "title": "model", "size": "size", "memory": "memory", "licence": "licence",
        "state": "state", "generator": "generator", "embedder": "embedder", "reader": "reader",
        "calibration": "calibration", "bundled": "bundled", "absent": "—", "partial": "partial", "present": "here",
        "damaged": "damaged", "chosen": "chosen",
        "never": "* never run by the authors of Coulisses. Memory: an estimate.",
        "elsewhere": "Generator chosen: {generator}", "nobody": "No generator chosen (`ask models use NAME`).",
        "pulled": "“{preset}” is here, verified: {folder} ({size} received, revision {revision}).",
        "package": "“{preset}” is here, verified: {folder}.",
        "then": "To use it: {command}",
        "sound": "sound", "told": "{name}: {state}",
        "unattested": "nothing to compare it with; SHA-256 {sha256}", "known": "sound, it is “{preset}”",
        "nothing": "Nothing to verify.",
        "written": "Generator: {generator} (settings: {path}).",
        "none": "No generator any more: answers are quotes ({path}).",
        "index": "This is an embedder: it is chosen when indexing.",
    },
}  # fmt: skip


@app.callback(invoke_without_command=True)
def _alone(context: typer.Context, lang: LangOption = Lang.fr) -> None:
    if context.invoked_subcommand is None:
        list_models(as_json=False, lang=lang)
    else:
        context.default_map = {context.invoked_subcommand: {"lang": lang.value}}


@app.command("list")
def list_models(as_json: JsonOption = False, lang: LangOption = Lang.fr) -> None:
    """Les modèles fournis et les préréglages : d’où ils viennent, ce qu’ils pèsent, s’ils sont là."""
    from service.models.presets import load_presets
    from service.models.shipped import shipped

    try:
        store, chosen = _store(), _settings().generator()
        presets = load_presets()
        rows: list[dict[str, Any]] = [
            {
                "name": one.name, "kind": one.name, "title": f"coulisses-{one.name}", "bytes": one.size,
                "state": "bundled", "path": str(one.folder), "run_here": True, "chosen": False,
            }
            for one in shipped(resource("models"))
        ]  # fmt: skip
        rows += [_row(preset, store, chosen) for preset in presets.values()]
    except CoulissesError as error:
        fail(error, lang)
    if as_json:
        typer.echo(json.dumps({"generator": chosen, "models": rows}, ensure_ascii=False))
        return
    _table(rows, lang)
    words = _WORDS[lang]
    typer.echo(words["never"])
    if chosen in (None, "none"):
        typer.echo(words["nobody"])
    elif not any(row["chosen"] for row in rows):
        typer.echo(words["elsewhere"].format(generator=safe(str(chosen))))


@app.command()
def pull(
    name: Annotated[str, typer.Argument(metavar="NOM", help="Un préréglage de `ask models list`.")],
    revision: Annotated[
        str | None, typer.Option(help="Une autre révision du dépôt (commit, branche ou étiquette).")
    ] = None,
    lang: LangOption = Lang.fr,
) -> None:
    """Télécharge un modèle, le vérifie, et le garde. Interrompu, il reprend où il en était."""
    from service.models.hub import Hub
    from service.models.presets import find_preset, load_presets
    from service.models.pull import pull as receive

    words = _WORDS[lang]
    try:
        preset, store = find_preset(load_presets(), name), _store()
        if preset.package is not None:
            _verified(preset, store, lang)
            note(words["package"].format(preset=name, folder=store.folder_of(preset)))
        else:
            with shown_progress(lang, in_bytes=True) as progress:
                record, received = receive(preset, store, Hub(os.environ.get("HF_ENDPOINT")), progress, revision)
            size = bytes_told(received, lang)
            folder = store.folder_of(preset)
            note(words["pulled"].format(preset=name, folder=folder, size=size, revision=record.revision[:12]))
        note(words["then"].format(command=_command(preset, store)))
    except KeyboardInterrupt:
        fail(PullInterrupted(preset=name), lang)
    except CoulissesError as error:
        fail(error, lang)


@app.command()
def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NOM|CHEMIN]…", help="Sinon : tout ce qui est là.")
    ] = None,
    lang: LangOption = Lang.fr,
) -> None:
    """Relit les fichiers des modèles et les compare avec leurs sommes. Code 1 si l’un n’est plus ce qu’il était."""
    from service.models.presets import load_presets
    from service.models.shipped import shipped

    words = _WORDS[lang]
    try:
        presets, store = load_presets(), _store()
        bundled = {one.name: one for one in shipped(resource("models"))}
        here = [name for name, preset in presets.items() if store.state(preset) in ("present", "damaged")]
    except CoulissesError as error:
        fail(error, lang)
    code = ANSWERED
    for name in names or [*bundled, *here]:
        try:
            if name in bundled:
                bundled[name].verify()
                told = words["sound"]
            elif name in presets:
                _verified(presets[name], store, lang)
                told = words["sound"]
            else:
                told = _look_at(name, presets, lang)
            typer.echo(words["told"].format(name=safe(name), state=told))
        except CoulissesError as error:
            note(error.sentence(lang))
            code = FAILED
    raise typer.Exit(code)


@app.command()
def use(
    what: Annotated[
        str, typer.Argument(metavar="NOM|CHEMIN|ADRESSE|none", help="Préréglage, fichier GGUF, http://…, ou none.")
    ],
    model: Annotated[str | None, typer.Option(help="Le nom du modèle, pour une adresse.")] = None,
    adapter: Annotated[Path | None, typer.Option(help="Un adaptateur (GGUF), pour un fichier.")] = None,
    lang: LangOption = Lang.fr,
) -> None:
    """Choisit ce qui rédige les réponses. Un modèle de vecteurs se choisit en indexant : dit par quelle commande."""
    from ask.settings_file import NONE, GeneratorChoice
    from service.models.by_path import look
    from service.models.presets import find_preset, load_presets

    words = _WORDS[lang]
    try:
        presets, store, settings = load_presets(), _store(), _settings()
        generator: str | None = None
        command = ""
        if what == NONE:
            generator = NONE
        elif what.startswith(("http://", "https://")):
            generator = _address(what)
        elif what in presets or not _like_a_path(what):
            preset = find_preset(presets, what)
            _verified(preset, store, lang)
            if preset.kind == "generator":
                generator = str(store.folder_of(preset) / preset.files[0].name)
            else:
                command = _command(preset, store)
        else:
            found = look(Path(what))
            if found.kind == "generator":
                generator = str(found.path)
            else:
                command = shlex.join(["ask", "index", "--embedder", str(found.path)])
        if generator is None:
            note(words["index"])
            typer.echo(command)
            return
        choice = GeneratorChoice(generator, model, str(look(adapter).path) if adapter else None)
        settings.choose(choice)
        note(words["none" if generator == NONE else "written"].format(generator=generator, path=settings.path))
    except CoulissesError as error:
        fail(error, lang)


def _store() -> "Store":
    from service.models.store import Store

    return Store(places().home / "models")


def _settings() -> "SettingsFile":
    from ask.settings_file import SettingsFile
    from service.settings import settings_file

    return SettingsFile(settings_file(places().home))


def _row(preset: "Preset", store: "Store", chosen: str | None) -> dict[str, Any]:
    state = store.state(preset)
    folder = store.folder_of(preset) if state != "absent" else None
    return {
        "name": preset.name, "kind": preset.kind, "title": preset.title, "bytes": preset.size,
        "memory": preset.memory, "licence": preset.licence, "languages": preset.languages, "context": preset.context,
        "repository": preset.repository, "revision": preset.revision, "package": preset.package,
        "files": [{"name": file.name, "bytes": file.size, "sha256": file.sha256} for file in preset.files],
        "query_prompt": preset.query_prompt, "passage_prompt": preset.passage_prompt,
        "run_here": preset.run_here, "state": state, "path": str(folder) if folder else None,
        "chosen": folder is not None and chosen == str(folder / preset.files[0].name),
    }  # fmt: skip


def _table(rows: list[dict[str, Any]], lang: str) -> None:
    from rich.console import Console
    from rich.table import Table

    words = _WORDS[lang]
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("name", "kind", "title", "size", "memory", "licence", "state"):
        table.add_column(
            words[column], justify="right" if column in ("size", "memory") else "left", no_wrap=column != "title"
        )
    for row in rows:
        state = words[row["state"]] + (f", {words['chosen']}" if row["chosen"] else "")
        memory = "≈ " + bytes_told(int(row["memory"] * 1e9), lang) if "memory" in row else ""
        table.add_row(
            row["name"] + ("" if row["run_here"] else " *"), words[row["kind"]], row["title"],
            bytes_told(row["bytes"], lang), memory, row.get("licence", ""), state,
        )  # fmt: skip
    width = min(max(shutil.get_terminal_size((100, 24)).columns, 80), 120)
    Console(file=sys.stdout, width=width, highlight=False).print(table)


def _verified(preset: "Preset", store: "Store", lang: str) -> None:
    """Every byte of the preset, compared. Raises like ``Store.verify``."""
    with shown_progress(lang, in_bytes=True) as progress:
        store.verify(preset, progress)


def _command(preset: "Preset", store: "Store") -> str:
    """The command that puts the preset to use."""
    if preset.kind == "generator":
        return f"ask models use {preset.name}"
    words = ["ask", "index", "--embedder", str(store.folder_of(preset))]
    if preset.query_prompt:
        words += ["--query-prompt", preset.query_prompt]
    if preset.passage_prompt:
        words += ["--passage-prompt", preset.passage_prompt]
    return shlex.join(words)


def _look_at(name: str, presets: dict[str, "Preset"], lang: str) -> str:
    """What there is to say of a model at a path. Raises ``ModelFileUnsuitable``, ``ModelDamaged``, ``PresetUnknown``."""
    from service.models.by_path import look
    from service.models.presets import find_preset
    from service.models.store import file_sha256

    if not _like_a_path(name):
        find_preset(presets, name)
    found = look(Path(name))
    words = _WORDS[lang]
    if found.path.is_dir():
        return words["sound"]
    sha256 = file_sha256(found.path)
    known = [p.name for p in presets.values() for file in p.files if file.sha256 == sha256]
    return words["known"].format(preset=known[0]) if known else words["unattested"].format(sha256=sha256)


def _like_a_path(what: str) -> bool:
    return os.sep in what or what.endswith(".gguf") or Path(what).exists()


def _address(text: str) -> str:
    """The address of a service. Raises ``GeneratorAddressInvalid``."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        sound = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound or any(ord(char) <= 32 for char in text):
        raise GeneratorAddressInvalid(address=safe(text))
    return text
