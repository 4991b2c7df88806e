"""``ask`` as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ask.edge import open_chosen
from ask.main import ANSWERED, FAILED, INTERRUPTED, MISUSED, REFUSED, app
from indexer.errors import GeneratorFailed
from service.engine import Engine
from service.schema import AnswerModel
from tests.service.prose.scripted import Scripted

PARADOX = "qu'est-ce que le paradoxe du back-office"
NOTHING = "quelle est la recette de la ratatouille niçoise"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home whose index of the shipped texts is built by the first question."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def ask(home, monkeypatch):
    monkeypatch.setenv("COULISSES_HOME", str(home))
    monkeypatch.delenv("COULISSES_INDEX", raising=False)

    def run(*arguments: str, stdin: str = ""):
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return run


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A home of its own, for tests that choose another folder."""
    monkeypatch.setenv("COULISSES_HOME", str(tmp_path / "home"))
    folder = tmp_path / "Mes textes"
    folder.mkdir()
    (folder / "phare.txt").write_text(
        "Le phare\n\nLe phare de la pointe nord guide les pêcheurs depuis 1854 par tous les temps.\n", encoding="utf-8"
    )
    (folder / "photo.txt").write_bytes(b"\x89PNG\0\0\0")
    (folder / "notes.pdf").write_bytes(b"%PDF-1.4")

    def run(*arguments: str, stdin: str = ""):
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return run, folder


def test_the_first_question_builds_the_index_and_answers(ask):
    done = ask(PARADOX)
    assert done.exit_code == ANSWERED
    assert "plus on se libère des temps" in done.stdout
    assert "000_9df9c6625010bd9b.txt, ligne 13" in done.stdout
    assert "30 juin 2024" in done.stdout
    assert "\x1b[" not in done.output


def test_words_need_no_quotes_and_options_may_come_first(ask):
    assert "[1]" in ask("paradoxe", "du", "back-office").stdout
    assert "[1]" in ask("--top-k", "3", "--lang", "fr", PARADOX).stdout


def test_a_refusal_has_its_own_exit_code_and_names_what_is_missing(ask):
    done = ask(NOTHING)
    assert done.exit_code == REFUSED
    assert "ne répondent pas" in done.stdout
    assert "ratatouille" in done.stdout
    assert "ligne" in done.stdout


def test_english_messages(ask):
    assert "do not answer" in ask("--lang", "en", NOTHING).stdout
    assert "line 13" in ask("--lang", "en", PARADOX).stdout


def test_json_is_the_answer_s_shape(ask):
    answer = AnswerModel.model_validate_json(ask("--json", PARADOX).stdout)
    assert answer.status == "quotes"


def test_questions_from_standard_input(ask):
    done = ask("--json", "-", stdin=f"{PARADOX}\n\n{NOTHING}\n")
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == ["quotes", "refused"]
    assert done.exit_code == REFUSED
    assert "[1]" in ask(stdin=PARADOX + "\n").stdout


def test_explain_tells_why(ask):
    done = ask("--explain", PARADOX)
    assert "Pourquoi ces passages" in done.stdout
    assert "mots communs : " in done.stdout
    assert "rang 1" in done.stdout


def test_source_and_since(ask):
    assert "000_" not in ask("--source", "001_", "le travail gratuit des clients").stdout
    assert ask("--source", "nulle part", PARADOX).exit_code == MISUSED
    assert ask("--since", "2199", PARADOX).exit_code == REFUSED
    wrong = ask("--since", "jadis", PARADOX)
    assert wrong.exit_code == MISUSED
    assert "Date illisible" in wrong.output


@pytest.mark.parametrize("words", [["   "], ["???"], ["mot " * 400]])
def test_a_bad_question_is_wrong_usage_in_one_sentence(ask, words):
    done = ask(*words)
    assert done.exit_code == MISUSED
    assert "question" in done.output
    assert "Traceback" not in done.output


def test_an_empty_standard_input_is_an_empty_question(ask):
    assert ask("-", stdin="\n\n").exit_code == MISUSED


def test_a_folder_is_indexed_named_files_are_skipped_and_questions_go_to_it(own):
    run, folder = own
    done = run("index", str(folder))
    assert done.exit_code == ANSWERED, done.output
    assert "1 documents, 1 passages" in done.output
    assert "photo.txt : contenu binaire" in done.output
    assert "notes.pdf : format .pdf non pris en charge" in done.output
    answer = run("--json", "Depuis quand le phare guide-t-il les pêcheurs ?")
    assert json.loads(answer.stdout)["citations"][0]["path"] == "phare.txt"
    again = run("index")
    assert "Rien n’a changé" in again.output


def test_status_and_check(own):
    run, folder = own
    run("index", str(folder))
    status = run("index", "--status")
    assert str(folder) in status.stdout
    assert "phare.txt" in status.stdout
    data = json.loads(run("index", "--status", "--json").stdout)
    assert [document["path"] for document in data["documents"]] == ["phare.txt"]
    assert {one["path"] for one in data["skipped"]} == {"photo.txt", "notes.pdf"}
    assert "sain" in run("index", "--check").output


def test_a_prefix_without_its_model_is_refused(own):
    run, folder = own
    done = run("index", str(folder), "--query-prompt", "query: ")
    assert done.exit_code == MISUSED
    assert "--embedder" in done.output


def test_a_damaged_index_is_told_and_can_be_made_again(own):
    run, folder = own
    run("index", str(folder))
    location = Path(json.loads(run("index", "--status", "--json").stdout)["index"])
    damaged = next(location.glob("gen-*")) / "corpus.sqlite"
    damaged.write_bytes(damaged.read_bytes()[:-100])
    for arguments in (["index", "--check"], ["Depuis quand le phare guide-t-il ?"]):
        done = run(*arguments)
        assert done.exit_code == FAILED
        assert "abîmé" in done.output
        assert "--rebuild" in done.output
    assert run("index", "--rebuild").exit_code == ANSWERED
    assert run("Depuis quand le phare guide-t-il les pêcheurs ?").exit_code == ANSWERED


def test_back_to_the_shipped_texts(own):
    run, folder = own
    run("index", str(folder))
    assert run("index", "--seeds").exit_code == ANSWERED
    assert "000_9df9c6625010bd9b.txt" in run(PARADOX).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["index", "/nulle/part"], "n’existe pas"),
        (["index", "--status", "/nulle/part"], "Il n’y a pas d’index"),
        (["--index", "/nulle/part", "bonjour le monde"], "Il n’y a pas d’index"),
        (["evaluate", "/nulle/part.jsonl"], "jeu de questions"),
    ],
)
def test_a_failure_is_one_french_sentence(ask, arguments, said):
    done = ask(*arguments)
    assert done.exit_code == FAILED
    assert said in done.output
    assert "Traceback" not in done.output


def test_an_empty_folder_is_told(own, tmp_path):
    run, _ = own
    (tmp_path / "vide").mkdir()
    done = run("index", str(tmp_path / "vide"))
    assert done.exit_code == FAILED
    assert "aucun texte" in done.output


def test_help_and_version(ask):
    assert "Pose une question" in ask("--help").stdout
    assert ask("--version").stdout.startswith("coulisses ")


def test_a_reader_that_leaves_early_is_no_failure(home):
    done = subprocess.run(
        f'{sys.executable} -m ask.main --explain "{PARADOX}" | head -n 1; exit ${{PIPESTATUS[0]}}',
        shell=True, executable="/bin/bash", env={"COULISSES_HOME": str(home), "PATH": "/usr/bin:/bin"},
        cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == ANSWERED
    assert "Traceback" not in done.stderr


def test_a_bad_line_does_not_stop_the_others(ask):
    done = ask("--json", "-", stdin=f"{PARADOX}\n???\n{PARADOX}\n")
    assert len([line for line in done.stdout.splitlines() if line.startswith("{")]) == 2
    assert done.exit_code == MISUSED
    assert "2 : La question est vide" in done.output


def test_an_empty_argument_is_an_empty_question_and_does_not_wait_for_input(ask):
    assert ask("", stdin=PARADOX).exit_code == MISUSED


def test_a_question_that_is_not_utf8_is_told(ask):
    done = ask("quel d\udce9lai")
    assert done.exit_code == MISUSED
    assert "UTF-8" in done.output


def test_the_repair_of_a_lost_manifest_asks_for_the_folder(own):
    run, folder = own
    run("index", str(folder))
    location = Path(json.loads(run("index", "--status", "--json").stdout)["index"])
    next(location.glob("gen-*/manifest.json")).write_bytes(b"{}")
    done = run("index", "--rebuild")
    assert done.exit_code == FAILED
    assert "DOSSIER --rebuild" in done.output
    assert run("index", str(folder), "--rebuild").exit_code == ANSWERED


def test_the_shipped_texts_index_mends_itself(own, tmp_path):
    run, _ = own
    assert run(PARADOX).exit_code == ANSWERED
    damaged = next((tmp_path / "home" / "indexes" / "seeds").glob("gen-*")) / "sentences.npy"
    damaged.write_bytes(b"")
    assert run(PARADOX).exit_code == ANSWERED


PROSE = "Plus on se libère des temps et des lieux du travail, plus on a besoin de travailleurs du back-office."


@pytest.fixture
def writing(ask, monkeypatch):
    """``ask`` with a generator that writes what it is told to."""

    def run(text: str, *arguments: str, **more):
        def opened(*given):
            engine = open_chosen(*given)
            return Engine(engine.index, engine.embedder, engine.calibrations, engine.reader, Scripted(text, **more))

        monkeypatch.setattr("ask.asker.open_chosen", opened)
        return ask(*arguments)

    return run


def test_prose_follows_the_quotes(writing, ask):
    plain = ask(PARADOX).stdout
    done = writing(f"{PROSE} [1] Ils sont douze. [1]", PARADOX)
    assert done.exit_code == ANSWERED
    assert done.stdout.startswith(plain)
    added = " ".join(done.stdout[len(plain) :].split())
    assert added == f"Rédigé d’après ces citations, et vérifié : {PROSE} [1]"


def test_quotes_only(writing, ask):
    plain = ask(PARADOX).stdout
    assert writing(f"{PROSE} [1]", "--quotes", PARADOX).stdout == plain


def test_json_is_the_whole_answer_with_its_prose(writing):
    answer = AnswerModel.model_validate_json(writing(f"{PROSE} [1]", "--json", PARADOX).stdout)
    assert answer.status == "answered"
    assert answer.prose.drafted == 1


def test_a_fault_of_the_generator_is_told_in_a_sentence(writing):
    done = writing("|", PARADOX, fault=GeneratorFailed(model="m", why="w"))
    assert done.exit_code == ANSWERED
    assert "Les citations restent valables" in " ".join(done.stdout.split())


def test_a_preset_that_cannot_be_had_leaves_the_quotes(ask, monkeypatch):
    monkeypatch.setenv("COULISSES_GENERATOR", "nosuch")
    done = ask(PARADOX)
    assert done.exit_code == ANSWERED
    assert "nosuch" in done.output
    assert "plus on se libère" in " ".join(done.stdout.split())


def test_interrupted_while_it_writes_what_is_shown_stands(writing):
    done = writing(f"{PROSE} [1] Ensuite|", PARADOX, fault=KeyboardInterrupt())
    assert done.exit_code == INTERRUPTED
    assert "[1]" in done.stdout
    assert "Traceback" not in done.output
