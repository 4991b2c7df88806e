"""``ask index``: building, status and check, told to a person."""

import json
import os
import sys
from pathlib import Path

from ask.places import Places
from ask.progress import shown_progress
from ask.show import note, safe
from indexer.build import BuildReport, build
from indexer.corpus import Corpus
from indexer.embedder import EmbedderChoice
from indexer.errors import IndexFault, IndexFolderUnknown, IndexNotFound
from indexer.generation import CORPUS
from indexer.index import check_index
from indexer.manifest import Manifest, Settings, read_manifest
from indexer.resources import resource

_SHOWN = 12  # skipped files named one by one

_SENTENCES = {
    "fr": {
        "first": "Premier usage : indexation des textes fournis.",
        "done": "{documents} documents, {passages} passages : index prêt ({generation}).",
        "unchanged": "Rien n’a changé : {documents} documents, {passages} passages ({generation}).",
        "changes": "Ajoutés : {added}, modifiés : {modified}, supprimés : {deleted}. Textes vectorisés : {embedded}.",
        "skipped": "Non indexés ({n}) :", "more": "… et {n} autres (voir `ask index --status`)",
        "goes": "Les questions portent désormais sur {folder}.",
        "folder": "Dossier", "index": "Index", "created": "Créé le", "model": "Modèle", "vectors": "Vecteurs",
        "counts": "Contenu", "counted": "{documents} documents, {passages} passages, {sentences} phrases",
        "sound": "L’index est sain : {files} fichiers vérifiés, {sentences} phrases à leur place ({generation}).",
    },
    "en": {
        "first": "First use: indexing the bundled texts.",
        "done": "{documents} documents, {passages} passages: index ready ({generation}).",
        "unchanged": "Nothing has changed: {documents} documents, {passages} passages ({generation}).",
        "changes": "Added: {added}, changed: {modified}, deleted: {deleted}. Texts embedded: {embedded}.",
        "skipped": "Not indexed ({n}):", "more": "… and {n} more (see `ask index --status`)",
        "goes": "Questions now go to {folder}.",
        "folder": "Folder", "index": "Index", "created": "Created", "model": "Model", "vectors": "Vectors",
        "counts": "Content", "counted": "{documents} documents, {passages} passages, {sentences} sentences",
        "sound": "The index is sound: {files} files verified, {sentences} sentences in place ({generation}).",
    },
}  # fmt: skip


def index_it(
    folder: Path | None,
    location: Path | None,
    where: Places,
    choice: EmbedderChoice | None,
    lang: str,
    *,
    rebuild: bool,
) -> Path:
    """Build or update the index of ``folder`` (of the chosen index's folder when ``None``). Returns where it is."""
    words = _SENTENCES[lang]
    target = location or (where.index_of(folder) if folder else where.chosen())
    known = _known(target)
    if folder is None and known is None and target.resolve() != where.seeds_index.resolve():
        raise IndexNotFound(index=target) if not target.exists() else IndexFolderUnknown(index=target)
    if folder is None:
        folder = Path(known.folder) if known else resource("seeds")
    settings = Settings(choice or (known.settings.embedder if known else EmbedderChoice()))
    with shown_progress(lang) as progress:
        report = build(
            folder, target, settings, resource("models") / "embedder", os.cpu_count() or 1, progress, rebuild=rebuild
        )
    _tell(report, lang)
    note(words["goes"].format(folder=folder.resolve()))
    return target


def refresh_seeds(target: Path, lang: str, *, rebuild: bool = False) -> None:
    """Make the index of the shipped texts where it is missing or of another version; silent when it is not."""
    known = _known(target)
    if known is None:
        note(_SENTENCES[lang]["first"])
    settings = Settings(known.settings.embedder if known else EmbedderChoice())
    with shown_progress(lang) as progress:
        build(
            resource("seeds"),
            target,
            settings,
            resource("models") / "embedder",
            os.cpu_count() or 1,
            progress,
            rebuild=rebuild,
        )


def show_status(target: Path, lang: str, *, as_json: bool) -> None:
    """What an index holds: folder, model, counts, documents, files left out. Raises like ``read_manifest``."""
    manifest = read_manifest(target)
    documents = Corpus(target / manifest.generation / CORPUS).documents()
    if as_json:
        data = {
            "index": str(target), "folder": manifest.folder, "generation": manifest.generation,
            "created": manifest.created, "embedder": manifest.settings.embedder.model,
            "fingerprint": manifest.embedder_fingerprint, "vectors": manifest.vectors,
            "documents": [
                {"id": d.id, "path": d.path, "title": d.metadata.title, "author": d.metadata.author,
                 "publication": d.metadata.publication, "date": d.metadata.date}
                for d in documents
            ],
            "passages": manifest.passages, "sentences": manifest.sentences,
            "skipped": [{"path": one.path, "why": one.en if lang == "en" else one.fr} for one in manifest.skipped],
        }  # fmt: skip
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
        return
    words = _SENTENCES[lang]
    rows = {
        "folder": manifest.folder,
        "index": f"{target} ({manifest.generation})",
        "created": manifest.created,
        "model": f"{manifest.settings.embedder.model} ({manifest.embedder_fingerprint})",
        "vectors": f"{manifest.vectors}, {manifest.dimension}",
        "counts": _counted(words["counted"], manifest),
    }
    for name, value in rows.items():
        sys.stdout.write(f"{words[name]:<12}{safe(value)}\n")
    for document in documents:
        about = (
            document.metadata.title,
            document.metadata.author,
            document.metadata.publication,
            document.metadata.date,
        )
        told = ", ".join(safe(part) for part in about if part)
        sys.stdout.write(f"  {document.id}  {safe(document.path)}" + (f" — {told}" if told else "") + "\n")
    _tell_skipped(manifest, lang, len(manifest.skipped))


def check_it(target: Path, lang: str) -> None:
    """Verify an index throughout. Raises the classes under ``IndexFault``."""
    manifest = check_index(target)
    note(
        _SENTENCES[lang]["sound"].format(
            files=len(manifest.checksums), sentences=manifest.sentences, generation=manifest.generation
        )
    )


def _known(target: Path) -> Manifest | None:
    try:
        return read_manifest(target)
    except IndexFault:
        return None  # missing or unusable: the build makes it anew, with the bundled embedder


def _tell(report: BuildReport, lang: str) -> None:
    words = _SENTENCES[lang]
    if report.changed:
        note(
            words["changes"].format(
                added=len(report.added),
                modified=len(report.modified),
                deleted=len(report.deleted),
                embedded=report.embedded,
            )
        )
    note(_counted(words["done" if report.changed else "unchanged"], report.manifest))
    _tell_skipped(report.manifest, lang, _SHOWN)


def _tell_skipped(manifest: Manifest, lang: str, shown: int) -> None:
    words = _SENTENCES[lang]
    if manifest.skipped:
        note(words["skipped"].format(n=len(manifest.skipped)))
    for one in manifest.skipped[:shown]:
        sys.stderr.write(f"  {safe(one.path)} : {safe(one.en if lang == 'en' else one.fr)}\n")
    if len(manifest.skipped) > shown:
        note("  " + words["more"].format(n=len(manifest.skipped) - shown))


def _counted(sentence: str, manifest: Manifest) -> str:
    return sentence.format(
        documents=manifest.documents, passages=manifest.passages, sentences=manifest.sentences,
        generation=manifest.generation,
    )  # fmt: skip
