from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from indexer.build import build
from indexer.manifest import CURRENT, Settings
from service.serving import ServedEngine
from tests.service.conftest import MODEL

FIRST = "Le phare de la pointe nord guide les pêcheurs depuis 1854 par tous les temps."
SECOND = "Le moulin de la colline moud encore le blé des fermes voisines chaque automne."


def test_a_new_generation_is_taken_up_and_the_old_text_no_longer_answers(engine_of):
    engine = engine_of({"a.txt": FIRST + "\n"})
    served = ServedEngine(engine)
    assert served.current() is engine
    folder = Path(engine.index.manifest.folder)
    (folder / "b.txt").write_text(SECOND + "\n", encoding="utf-8")
    (folder / "a.txt").unlink()
    build(folder, engine.index.location, Settings(), MODEL, 1)
    renewed = served.current()
    assert renewed is not engine
    assert [d.path for d in renewed.index.corpus.documents()] == ["b.txt"]
    assert served.current() is renewed


def test_a_new_generation_that_cannot_be_opened_leaves_the_old_one_serving(engine_of):
    engine = engine_of({"a.txt": FIRST + "\n"})
    served = ServedEngine(engine)
    (engine.index.location / CURRENT).write_text("gen-000009 " + "0" * 64 + "\n", encoding="ascii")
    assert served.current() is engine
    assert served.current().ask("Depuis quand le phare guide-t-il les pêcheurs ?").question


def test_who_still_reads_a_generation_is_not_disturbed_when_its_files_are_deleted(engine_of):
    engine = engine_of({"a.txt": FIRST + "\n"})
    folder, location = Path(engine.index.manifest.folder), engine.index.location
    for number in range(2):  # the second build deletes the first generation
        (folder / f"b{number}.txt").write_text(SECOND + "\n", encoding="utf-8")
        build(folder, location, Settings(), MODEL, 1)
    assert not (location / engine.index.manifest.generation).exists()
    with ThreadPoolExecutor(1) as pool:  # a thread that has never read it
        answer = pool.submit(engine.ask, "Depuis quand le phare guide-t-il les pêcheurs ?").result()
    assert [citation.path for citation in answer.citations] == ["a.txt"]
    assert answer.index == "gen-000001"


def test_a_generation_made_while_the_engine_was_being_opened_is_taken_up(engine_of):
    engine = engine_of({"a.txt": FIRST + "\n"})
    folder = Path(engine.index.manifest.folder)
    (folder / "b.txt").write_text(SECOND + "\n", encoding="utf-8")
    build(folder, engine.index.location, Settings(), MODEL, 1)
    renewed = ServedEngine(engine).current()
    assert renewed.index.manifest.generation == "gen-000002"
    assert renewed.embedder is engine.embedder  # the models are not loaded again
    assert renewed.reader is engine.reader
