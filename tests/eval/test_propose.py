"""Proposals are whole sentences of the texts, and what a person wrote into their file stays."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.gold import load_gold
from eval.proposals import accept, add_proposals
from eval.propose import propose
from eval.rows import append_rows, known_questions, row
from eval.texts import find_text, read_texts, split_of
from indexer.errors import EmptyCorpus, ProposalFaulty, QuestionsUnwritable
from tests.conftest import write_folder

FILES = {
    "castor.md": "# Le retour du castor\n\nLe castor est un rongeur semi-aquatique de la famille des castoridés. Il vit en famille dans un terrier creusé sous la berge.\n\n"
    "## Pourquoi le castor abat-il des arbres ?\n\nIl se nourrit de leur écorce tout l’hiver et bâtit des barrages avec les branches. Les riverains s’en plaignent.\n",
    "sous/entretien.txt": "Un entretien\n\nRevue : Qu’est-ce que la règle du silence ?\n\nJeanne Roux : La règle du silence veut que personne ne parle pendant la représentation. Elle date de 1900.\n\n"
    "Revue : Et vous, qu’en pensez-vous ?\n\nJeanne Roux : Le théâtre de la Ville a été inauguré en 1862, et je m’y tais depuis toujours.\n",
    "image.bin": "\0",
}
EXPECTED = {
    "Que dit le texte du retour du castor ?", "Qu’est-ce que le castor ?", "Pourquoi le castor abat-il des arbres ?",
    "Qu’est-ce que la règle du silence ?",
}  # fmt: skip


@pytest.fixture
def texts_folder(tmp_path):
    (tmp_path / "textes").mkdir()
    return write_folder(tmp_path / "textes", FILES)


def test_headings_interviews_and_statements_are_proposed_with_whole_sentences(texts_folder):
    texts = read_texts(texts_folder)
    assert [text.path for text in texts] == ["castor.md", "sous/entretien.txt"]
    proposals = propose(texts, 10)
    assert {one.question for one in proposals} == EXPECTED
    edges = {
        t.path: (
            {s.start for p in t.paragraphs for s in p.sentences},
            {s.end for p in t.paragraphs for s in p.sentences},
        )
        for t in texts
    }
    for one in proposals:
        for span in one.spans:
            assert (texts_folder / span.file).read_bytes().decode()[span.start : span.end] == span.quote
            assert span.start in edges[span.file][0]
            assert span.end in edges[span.file][1]
        assert all(fact in one.spans[0].quote for fact in one.facts)
    assert len(propose(texts, 1)) == 2


PIECES = [
    "Le castor est un rongeur de la famille des castoridés.", "La tour Eiffel a été inaugurée en 1889.", "Il pleut.",
    "Qu’est-ce que le back-office ?", "## Le retour du castor", "\r\n", "\u00a0", "« Non ! »", "M. Roux dort.",
    "La France compte 67,8 millions d’habitants au 1er janvier de cette année-là.", "- ", "Mots\nsans fin",
]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12),
    st.sampled_from([" ", "\n\n", "\n"]),
    st.sampled_from(["t.txt", "t.md"]),
)
def test_every_proposed_span_is_verbatim(tmp_path, pieces, between, name):
    folder = tmp_path / "f"
    folder.mkdir(exist_ok=True)
    write_folder(folder, {name: between.join(pieces)})
    try:
        (text,) = read_texts(folder)
    except EmptyCorpus:
        return
    for proposal in propose([text], 50):
        for span in proposal.spans:
            assert text.text[span.start : span.end] == span.quote
        assert all(fact in proposal.spans[0].quote for fact in proposal.facts)


def test_one_question_of_two_texts_has_two_places(tmp_path):
    line = "Le castor est un rongeur semi-aquatique de la famille des castoridés.\n"
    (proposal,) = propose(read_texts(write_folder(tmp_path, {"a.txt": line, "b.txt": line})), 5)
    assert [span.file for span in proposal.spans] == ["a.txt", "b.txt"]


def decide(path: Path, **by_question) -> None:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        line.update(by_question.get(line["kind"], {}))
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def test_a_person_s_edits_stay_and_only_new_proposals_are_added(texts_folder, tmp_path):
    path = tmp_path / "p.jsonl"
    assert add_proposals(path, propose(read_texts(texts_folder), 10), []) == len(EXPECTED)
    decide(path, why={"accepted": True, "question": "Le castor : pourquoi abat-il des arbres ?"})
    edited = path.read_bytes().rstrip(b"\n")
    path.write_bytes(edited)  # an editor that leaves out the last line end
    (texts_folder / "castor.md").write_text("Note.\n\n" + FILES["castor.md"], encoding="utf-8")  # everything moves
    loutre = texts_folder / "loutre.txt"
    loutre.write_text("La loutre est une mammifère carnivore des rivières propres.\n", encoding="utf-8")
    assert add_proposals(path, propose(read_texts(texts_folder), 10), []) == 1
    assert path.read_bytes().startswith(edited + b"\n")
    assert add_proposals(path, propose(read_texts(texts_folder), 10), []) == 0


def test_accepted_lines_become_rows_of_the_gold_set_once(texts_folder, tmp_path):
    path, gold = tmp_path / "p.jsonl", tmp_path / "gold.jsonl"
    add_proposals(path, propose(read_texts(texts_folder), 10), [])
    decide(path, why={"accepted": True}, definition={"accepted": True}, fact={"accepted": False})
    (texts_folder / "castor.md").write_text("\n\n" + FILES["castor.md"], encoding="utf-8")  # the quotes have moved
    found = accept(path, lambda file: find_text(texts_folder, file), known_questions(gold))
    append_rows(gold, [row(one) for one in found.rows])
    assert (len(found.rows), found.refused, found.undecided) == (3, 1, 0)
    for one in load_gold(gold):
        (span,) = one.spans
        text = (texts_folder / span.file).read_bytes().decode()
        assert text[span.start : span.end] == span.quote
        assert one.split == split_of(span.file)
    again = accept(path, lambda file: find_text(texts_folder, file), known_questions(gold))
    assert (again.rows, again.known) == ((), 3)
    assert add_proposals(tmp_path / "other.jsonl", propose(read_texts(texts_folder), 10), known_questions(gold)) == 1


@pytest.mark.parametrize(
    ("edit", "french", "english"),
    [
        ({"accepted": "oui"}, "est null, true ou false", "is null, true or false"),
        ({"accepted": True, "spans": []}, "il y faut une question", "it takes a question"),
        ({"accepted": True, "question": " "}, "il y faut une question", "it takes a question"),
        ({"accepted": True, "facts": ["absent du texte"]}, "aucune des citations", "none of the quotes"),
        ({"accepted": True, "spans": [{"file": "absent.txt"}]}, "pas de texte", "is no text"),
        ({"accepted": True, "spans": [{"file": "castor.md", "start": 0, "end": 4, "quote": "rien de tel"}]},
         "n’est pas dans", "is not in"),
    ],
)  # fmt: skip
def test_a_faulty_line_is_named(texts_folder, tmp_path, edit, french, english):
    path = tmp_path / "p.jsonl"
    add_proposals(path, propose(read_texts(texts_folder), 10), [])
    decide(path, why=edit)
    with pytest.raises(ProposalFaulty, match=f"ligne 3.*{french}") as told:
        accept(path, lambda file: find_text(texts_folder, file), [])
    assert english in told.value.sentence("en")
    assert french not in told.value.sentence("en")


@pytest.mark.parametrize("content", [b"pas du JSON\n", b"[1]\n", b"\xff\n"])
def test_a_file_that_is_none_is_told(tmp_path, content):
    path = tmp_path / "p.jsonl"
    path.write_bytes(content)
    with pytest.raises(ProposalFaulty):
        add_proposals(path, [], [])


def test_what_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(QuestionsUnwritable):
        append_rows(tmp_path / "file" / "p.jsonl", [{}])
