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
