"""Example questions: from the texts, and answered by them."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from indexer.build import build
from indexer.index import open_index
from indexer.manifest import Settings
from indexer.resources import resource
from service.engine import Engine
from service.web.app import create_app
from service.web.examples import MOST_EXAMPLES, MOST_TRIED, _candidates
from tests.service.web.making import served, serving

TEXTS = {
    "castor.md": "# Le retour du castor\n\nPourquoi le castor abat-il des arbres ? Le castor abat des arbres pour bâtir son "
    "barrage. Et pourquoi ? Comment fait-il cela ? Que pensez-vous du castor ?\n\n## Sa famille\n\nLe castor vit en famille.\n",
    "piscine.txt": "La piscine ferme à vingt heures.\n\nCombien coûte l’entrée de la piscine ? L’entrée de la piscine coûte quatre euros.\n",
    "sans.txt": "Il pleut souvent en novembre sur la côte.\n",
}


class Counted(Engine):
    """The real engine, and what it was asked."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.asked = []

    def ask(self, question, wishes):
        assert not wishes.use_prose  # a model would write for nobody
        self.asked.append(question)
        return super().ask(question, wishes)


@pytest.fixture
def counted(engine_of):
    engine = engine_of(TEXTS)
    return Counted(engine.index, engine.embedder, engine.calibrations, engine.reader)


def test_they_stand_in_the_texts_alone_and_are_answered(counted):
    with served(create_app(counted)) as address, httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        told = client.get("/examples").json()
        assert told["index"] == counted.index.manifest.generation
        assert told["questions"][:2] == [
            "Pourquoi le castor abat-il des arbres ?",
            "Combien coûte l’entrée de la piscine ?",
        ]
        assert len(told["questions"]) <= MOST_EXAMPLES
        for question in told["questions"]:
            assert client.post("/ask", json={"question": question}).json()["status"] == "quotes"


def test_they_are_found_once_a_generation_however_many_ask(counted):
    with serving(create_app(counted)) as client, ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: client.get("/examples").json(), range(4)))
    assert all(one == told[0] for one in told)
    assert len(counted.asked) == len(set(counted.asked)) <= MOST_TRIED


def test_a_new_generation_has_its_own(engine_of, tmp_path):
    engine = engine_of(TEXTS)
    with served(create_app(engine)) as address, httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        first = client.get("/examples").json()
        (tmp_path / "texts" / "castor.md").unlink()
        build(tmp_path / "texts", tmp_path / "index", Settings(), resource("models") / "embedder", 2)
        second = client.get("/examples").json()
    assert first["index"] != second["index"] == open_index(tmp_path / "index").manifest.generation
    assert not any("castor" in question for question in second["questions"])


def test_what_leans_on_the_sentences_before_it_is_not_offered(counted):
    offered = list(_candidates(counted.index))
    assert not {"Et pourquoi ?", "Comment fait-il cela ?", "Que pensez-vous du castor ?"} & set(offered)
    assert "Que disent les textes sur « Le retour du castor » ?" in offered


@pytest.mark.parametrize("heading", ["Qui vient ?", "… et la suite", "« Citation »", "a" * 200])
def test_no_question_is_made_of_a_heading_that_would_read_badly(engine_of, heading):
    engine = engine_of({"a.md": f"# {heading}\n\nLe castor vit en famille au bord de l’eau.\n"})
    assert not [question for question in _candidates(engine.index) if question.startswith("Que disent")]


def test_a_corpus_without_questions_or_titles_has_no_examples(engine_of):
    engine = engine_of({"sans.txt": TEXTS["sans.txt"]})
    with served(create_app(engine)) as address:
        assert httpx.get(f"{address}/examples", trust_env=False).json()["questions"] == []
