"""``ask evaluate init | accept | add | import`` as a user runs them, on an app of the test's own."""

import json

import pytest
import typer
from typer.testing import CliRunner

from ask.edge import ANSWERED, FAILED, MISUSED
from ask.questions import beside, mount
from eval.gold import load_gold
from indexer.build import build
from indexer.manifest import Settings


@pytest.fixture
def evaluate(tmp_path, monkeypatch):
    monkeypatch.setenv("COULISSES_HOME", str(tmp_path / "home"))
    app = typer.Typer(pretty_exceptions_enable=False)
    mount(app)
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_questions_are_proposed_accepted_and_added(evaluate, folder):
    proposals, gold = beside(folder, "questions.proposed.jsonl"), beside(folder, "questions.jsonl")
    assert proposals.parent == folder.parent
    done = evaluate("init", folder)
    assert done.exit_code == ANSWERED
    assert f"Questions proposées dans {proposals} : 1." in done.output
    (line,) = lines(proposals)
    assert line["accepted"] is None
    assert line["question"] == "Que dit le texte du retour du castor ?"
    assert "Aucune question nouvelle" in evaluate("init", folder).output
    proposals.write_text(json.dumps({**line, "accepted": True}, ensure_ascii=False), encoding="utf-8")
    assert "questions.jsonl : 1 (déjà là : 0" in evaluate("accept", folder).output
    assert "questions.jsonl : 0 (déjà là : 1" in evaluate("accept", folder).output
    done = evaluate("add", "Quand ferme le local à vélos ?", "--folder", folder, "--file", "vélo.txt", "--quote",
                    "le local a velos", "--kind", "fact")  # fmt: skip
    assert done.exit_code == MISUSED
    assert "ligne 1 : « Le local à vélos ferme à vingt heures. »" in done.output
    done = evaluate("add", "Quand ferme le local à vélos ?", "--folder", folder, "--file", folder / "vélo.txt", "--quote",
                    "le local à vélos FERME à vingt heures.", "--fact", "vingt heures", "--lang", "fr")  # fmt: skip
    assert done.exit_code == ANSWERED, done.output
    assert evaluate("add", "Et le dimanche ?", "--folder", folder, "--unanswerable", "--after", "Quand ferme le local ?",
                    "--kind", "follow_up").exit_code == ANSWERED  # fmt: skip
    questions = load_gold(gold)
    assert [one.kind for one in questions] == ["fact", "fact", "follow_up"]
    assert questions[1].spans[0].quote == "Le local à vélos ferme à vingt heures."
    assert questions[2].history == ("Quand ferme le local ?",)


@pytest.mark.parametrize(
    "options",
    [(), ("--unanswerable", "--fact", "x"), ("--file", "a.txt"), ("--quote", "x"),
     ("--file", "vélo.txt", "--quote", "La clé", "--unanswerable"),
     ("--file", "vélo.txt", "--file", "castor.md", "--quote", "La clé")],
)  # fmt: skip
def test_what_is_missing_is_told(evaluate, folder, options):
    done = evaluate("add", "Où est la clé ?", "--folder", folder, *options)
    assert done.exit_code == MISUSED
    assert "--unanswerable" in done.output
    assert not beside(folder, "questions.jsonl").exists()


def test_a_quote_that_is_never_indexed_is_minded(evaluate, folder):
    done = evaluate("add", "Qui revient ?", "--folder", folder, "--file", "castor.md", "--quote", "retour du castor",
                    "--messages", "en")  # fmt: skip
    assert done.exit_code == ANSWERED
    assert "never be quoted" in done.output


def test_the_folder_is_that_of_the_chosen_index(evaluate, folder, tmp_path, bundled_model, counting):
    build(folder, tmp_path / "index", Settings(), bundled_model, threads=2)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "chosen").write_text(f"{tmp_path / 'index'}\n", encoding="utf-8")
    done = evaluate("add", "Où est la clé ?", "--file", "vélo.txt", "--quote", "La clé est chez la gardienne.")
    assert done.exit_code == ANSWERED
    assert len(load_gold(beside(folder, "questions.jsonl"))) == 1


def test_a_squad_file_is_imported(evaluate, tmp_path):
    context = "Le phare guide les pêcheurs depuis 1854 par tous les temps."
    qas = [
        {"id": "a", "question": "Depuis quand ?", "answers": [{"text": "1854", "answer_start": context.index("1854")}]}
    ]
    source = tmp_path / "s.json"
    source.write_text(json.dumps({"data": [{"title": "Phare", "paragraphs": [{"context": context, "qas": qas}]}]}))
    done = evaluate("import", source, "--to", tmp_path / "phare")
    assert done.exit_code == ANSWERED
    assert ": 1 (dont sans réponse : 0)" in done.output
    assert load_gold(tmp_path / "phare.questions.jsonl")[0].spans[0].quote == context
    assert evaluate("import", source, "--to", tmp_path / "phare").exit_code == FAILED
    assert "SQuAD" in evaluate("import", tmp_path / "absent.json", "--to", tmp_path / "x").output


def test_a_folder_that_is_none_is_told(evaluate, tmp_path):
    done = evaluate("init", tmp_path / "absent")
    assert done.exit_code == FAILED
    assert "n’existe pas" in done.output
