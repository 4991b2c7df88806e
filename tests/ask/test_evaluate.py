"""``ask evaluate`` as a user runs it, on a folder of one's own."""

import json
import re
import shlex

import pytest
from typer.testing import CliRunner

from ask.main import ANSWERED, FAILED, app

TEXT = (
    "Le phare\n\nLe phare de la pointe nord guide les pêcheurs depuis 1854 par tous les temps. "
    "La gardienne du phare allume la lampe chaque soir avant la tombée de la nuit.\n"
)


def row(name, question, quote=None):
    start = TEXT.index(quote) if quote else 0
    spans = [{"file": "phare.txt", "start": start, "end": start + len(quote), "quote": quote}] if quote else []
    return {
        "id": name, "question": question, "kind": "fact" if quote else "off_topic", "lang": "fr", "split": "tune",
        "answerable": bool(quote), "spans": spans, "facts": ["1854"] if quote and "1854" in quote else [], "history": [],
    }  # fmt: skip


ROWS = [
    row("q1", "Depuis quand le phare guide-t-il les pêcheurs ?",
        "Le phare de la pointe nord guide les pêcheurs depuis 1854 par tous les temps."),
    row("q2", "Qui allume la lampe du phare ?",
        "La gardienne du phare allume la lampe chaque soir avant la tombée de la nuit."),
    row("q3", "Quelle est la recette de la ratatouille niçoise ?"),
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("evaluate")
    (home / "texts").mkdir()
    (home / "texts" / "phare.txt").write_text(TEXT, encoding="utf-8", newline="")
    (home / "gold.jsonl").write_text("".join(json.dumps(one) + "\n" for one in ROWS), encoding="utf-8")
    run = CliRunner().invoke(
        app, ["index", str(home / "texts"), "--index", str(home / "index")], env={"COULISSES_HOME": str(home)}
    )
    assert run.exit_code == ANSWERED, run.output
    return home


@pytest.fixture
def evaluate(home, tmp_path, monkeypatch):
    monkeypatch.setenv("COULISSES_HOME", str(home))
    monkeypatch.setenv("COULISSES_INDEX", str(home / "index"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])

    return run


def test_alone_it_runs_and_files_its_results_where_it_is_called(evaluate, home, tmp_path):
    done = evaluate(home / "gold.jsonl", "--name", "a")
    assert done.exit_code == ANSWERED, done.output
    assert "bonne citation montrée" in done.stdout
    assert "étape" in done.stdout
    assert (tmp_path / ".coulisses-eval" / "a.json").is_file()
    assert (tmp_path / ".coulisses-eval" / "a.costs.json").is_file()


def test_two_runs_are_the_same_byte_for_byte_and_compare_as_such(evaluate, home, tmp_path):
    for name in ("a", "b"):
        assert evaluate("run", home / "gold.jsonl", "--name", name, "--results", tmp_path / "r").exit_code == ANSWERED
    assert (tmp_path / "r" / "a.json").read_bytes() == (tmp_path / "r" / "b.json").read_bytes()
    done = evaluate("compare", "a", tmp_path / "r" / "b.json", "--results", tmp_path / "r")
    assert done.exit_code == ANSWERED, done.output
    assert "Rien n’a changé." in done.stdout
    data = json.loads(evaluate("compare", "a", "b", "--results", tmp_path / "r", "--json").stdout)
    assert data["paired"] == 3
    assert "Nothing has changed." in evaluate("compare", "a", "b", "--results", tmp_path / "r", "--lang", "en").stdout


def test_without_a_name_it_is_filed_by_commit_questions_and_split(evaluate, home, tmp_path):
    evaluate(home / "gold.jsonl", "--split", "tune")
    assert len(list((tmp_path / ".coulisses-eval").glob("*-gold-tune.json"))) == 1


def test_json(evaluate, home):
    data = json.loads(evaluate(home / "gold.jsonl", "--json").stdout)
    assert data["figures"]["all"]["false answers"]["n"] == 1
    assert data["models"]["embedder"].startswith("bundled@")


@pytest.mark.parametrize("options", [(), ("--baseline", "une référence.json")])
def test_the_command_told_for_a_missing_baseline_makes_it(evaluate, tmp_path, options):
    gold = tmp_path / "mes questions.jsonl"
    gold.write_text("".join(json.dumps(one) + "\n" for one in ROWS), encoding="utf-8")
    missing = evaluate(gold, "--gate", *options)
    assert missing.exit_code == FAILED
    command = shlex.split(re.search(r"`(ask evaluate baseline [^`]*)`", " ".join(missing.output.split())).group(1))
    assert evaluate(*command[2:]).exit_code == ANSWERED
    assert evaluate(gold, "--gate", *options).exit_code == ANSWERED


def test_the_gate_passes_on_its_baseline_and_fails_on_a_better_one(evaluate, home, tmp_path):
    missing = evaluate(home / "gold.jsonl", "--gate")
    assert missing.exit_code == FAILED
    assert "gold.baseline.json" in missing.output
    path = tmp_path / "b.json"
    assert evaluate("baseline", home / "gold.jsonl", "--out", path).exit_code == ANSWERED
    assert evaluate(home / "gold.jsonl", "--gate", "--baseline", path, "--name", "a").exit_code == ANSWERED
    assert evaluate("baseline", "--from", "a", "--out", tmp_path / "c.json").exit_code == ANSWERED
    assert (tmp_path / "c.json").read_bytes() == path.read_bytes()
    data = json.loads(path.read_text(encoding="utf-8"))
    for question in data["questions"]:
        if question[2] == "fact":
            question[-1][data["measures"].index("answer F1")] = 1.0
        question[4] = question[0]  # each a text of its own
    path.write_text(json.dumps(data), encoding="utf-8")
    done = evaluate("run", home / "gold.jsonl", "--gate", "--baseline", path)
    assert done.exit_code == FAILED
    assert "F1 de la réponse" in done.output


def test_figures_and_ablations_are_written_into_a_document(evaluate, home, tmp_path, monkeypatch):
    from eval import ablate

    monkeypatch.setattr(ablate, "variants", lambda _: [ablate.Variant("search", "fused")])
    path = tmp_path / "quality.md"
    path.write_text(
        "".join(f"<!-- ask evaluate {name} -->\n<!-- /ask evaluate {name} -->\n" for name in ("run", "ablate"))
    )
    assert evaluate(home / "gold.jsonl", "--write", path).exit_code == ANSWERED
    done = evaluate("ablate", home / "gold.jsonl", "--folder", home / "texts", "--split", "all", "--write", path)
    assert done.exit_code == ANSWERED, done.output
    text = path.read_text(encoding="utf-8")
    assert "right quote shown" in text
    assert done.stdout.strip() in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "nul", "nul"], "Aucune évaluation « nul »"),
        (["/nulle/part.jsonl"], "jeu de questions"),
        (["ablate", "/nulle/part.jsonl"], "jeu de questions"),
        (["baseline", "/nulle/part.jsonl"], "jeu de questions"),
    ],
)
def test_a_failure_is_one_french_sentence(evaluate, arguments, said):
    done = evaluate(*arguments)
    assert done.exit_code == FAILED
    assert said in done.output
    assert "Traceback" not in done.output


def test_help_names_the_commands_and_a_run_s_options_are_those_of_evaluate(evaluate):
    text = evaluate("--help").stdout
    assert all(command in text for command in ("run", "baseline", "compare", "ablate"))
    assert "--gate" in evaluate("run", "--help").stdout
