"""Tiny files in public formats become folders that are indexed and evaluated as they are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.beir import read_beir
from eval.exchange import file_name, write_exchange
from eval.gold import load_gold
from eval.run import check_spans, evaluate
from eval.squad import read_squad
from eval.texts import read_texts
from indexer.build import build
from indexer.errors import ImportFolderTaken, ImportUnreadable, QuestionsUnwritable
from indexer.index import open_index
from indexer.manifest import Settings
from service.engine import open_engine

CASTOR = "Le castor abat les peupliers le long de la Loire. Il vit en famille dans un terrier, à trois ou à huit.\nIl dort le jour."
LOUTRE = (
    "La loutre nage de nuit, seule, sur dix kilomètres de rivière. Elle mange surtout des poissons et des écrevisses."
)


def answer(context, text, shift=0):
    return {"text": text, "answer_start": context.index(text) + shift}


def squad(tmp_path, **changes):
    qas = [
        {"id": "a", "question": "Où le castor abat-il les arbres ?", "answers": [answer(CASTOR, "la Loire"), answer(CASTOR, "le long de la Loire")]},
        {"id": "b", "question": "Quand dort-il ?", "answers": [answer(CASTOR, "le jour", shift=-3)], "is_impossible": False},
        {"id": "c", "question": "Que mange le castor ?", "answers": [], "is_impossible": True},
        {"id": "d", "question": "Que mange-t-il ?", "answers": [{"text": "des frites", "answer_start": 3}]},
    ]  # fmt: skip
    loutre = [
        {"id": "a", "question": "quand dort-il ?", "answers": [answer(LOUTRE, "de nuit")]},
        {"id": "e", "question": "Que mange le castor ?", "answers": [answer(LOUTRE, "des poissons")]},
    ]
    data = [
        {"title": "\ufeffLe castor / <i>Europe</i>", "paragraphs": [{"context": CASTOR, "qas": qas}]},
        {"title": "le CASTOR  <i>europe</i>", "paragraphs": [{"context": "  " + LOUTRE, "qas": []}, {"context": LOUTRE, "qas": loutre}]},
        {"title": "Vide", "paragraphs": [{"context": "\0\0", "qas": []}]},
    ]  # fmt: skip
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"version": "v2.0", "data": data, **changes}), encoding="utf-8")
    return path


def beir(tmp_path, part="test"):
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    documents = [
        {"_id": "D/1", "title": "Castor", "text": CASTOR}, {"_id": "d_1", "title": "", "text": f"{LOUTRE}\n"}, {"_id": "3", "title": "", "text": ""},
    ]  # fmt: skip
    queries = [
        {"_id": "q1", "text": "Que mange la loutre ?"},
        {"_id": "q2", "text": "Qui vit en rivière ?"},
        {"_id": "q3", "text": "Rien ?"},
    ]
    for name, lines in (("corpus", documents), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    (folder / "qrels" / f"{part}.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td_1\t1\nq1\tD/1\t0\nq2\tD/1\t2\nq2\td_1\t1\nq3\t3\t1\n", encoding="utf-8"
    )
    return folder


def test_squad_answers_are_whole_sentences_with_the_short_answer_as_fact(tmp_path):
    exchange = read_squad(squad(tmp_path))
    by_id = {one.id: one for one in exchange.questions}
    first, second = exchange.texts
    assert (first, second) == ("Le_castor_i_Europe_i.txt", "le_CASTOR_i_europe_i-2.txt")
    assert [span.quote for span in by_id["a"].spans] == ["Le castor abat les peupliers le long de la Loire."]
    assert by_id["a"].facts == ("la Loire",)
    # the same words asked of two articles are one question with two places
    assert [span.file for span in by_id["b"].spans] == [first, second]
    assert by_id["b"].spans[0].quote == "Il dort le jour."
    # unanswerable in its paragraph, answered by another article
    assert by_id["e"].answerable
    assert set(by_id) == {"a", "b", "e"}
    assert sorted(exchange.left_out.values()) == [1, 1, 1]
    for one in exchange.questions:
        assert all(exchange.texts[span.file][span.start : span.end] == span.quote for span in one.spans)


def test_a_squad_question_without_answer_is_unanswerable(tmp_path):
    qas = [{"id": "c", "question": "Que mange le castor ?", "answers": [], "is_impossible": True}]
    data = [{"title": "Castor", "paragraphs": [{"context": CASTOR, "qas": qas}]}]
    (one,) = read_squad(squad(tmp_path, data=data)).questions
    assert (one.answerable, one.kind, one.spans, one.facts) == (False, "near_miss", (), ())


@given(
    st.lists(
        st.sampled_from(
            [
                CASTOR,
                "Oui.",
                "Menu",
                "M. Roux (né ici) dort… Non ?",
                "\u00a0a\r\n\r\nb. ",
                "« C’est tout »",
                "é\u0301 1. Z",
            ]
        ),
        min_size=1,
        max_size=5,
    ).map(" ".join),
    st.data(),
)
def test_every_imported_span_is_verbatim_and_holds_its_answer(tmp_path_factory, context, data):
    start = data.draw(st.integers(0, len(context) - 1))
    words = context[start : data.draw(st.integers(start + 1, len(context)))]
    if not words.strip():
        return
    qas = [{"id": "a", "question": "?", "answers": [{"text": words, "answer_start": start}]}]
    article = {
        "title": "T",
        "paragraphs": [
            {"context": "Le phare guide les pêcheurs depuis toujours.", "qas": []},
            {"context": context, "qas": qas},
        ],
    }
    path = tmp_path_factory.mktemp("squad") / "s.json"
    path.write_text(json.dumps({"data": [article]}), encoding="utf-8")
    exchange = read_squad(path)
    ((span,),) = [one.spans for one in exchange.questions]
    assert exchange.texts["T.txt"][span.start : span.end] == span.quote
    assert words.strip() in span.quote
    assert exchange.questions[0].facts == (words.strip(),)


def test_beir_documents_are_texts_and_whole_where_they_are_relevant(tmp_path):
    exchange = read_beir(beir(tmp_path))
    assert list(exchange.texts) == ["D_1.txt", "d_1-2.txt"]
    asked = {one.question: [span.file for span in one.spans] for one in exchange.questions}
    assert asked == {"Que mange la loutre ?": ["d_1-2.txt"], "Qui vit en rivière ?": ["D_1.txt", "d_1-2.txt"]}
    for one in exchange.questions:
        assert all(exchange.texts[span.file].rstrip("\n") == span.quote for span in one.spans)
    assert sorted(exchange.left_out.values()) == [1, 1]


def test_the_part_of_the_judgements_is_chosen_or_the_one_there_is(tmp_path):
    folder = beir(tmp_path, "dev")
    assert len(read_beir(folder).questions) == 2
    with pytest.raises(ImportUnreadable, match=r"qrels/test\.tsv"):
        read_beir(folder, "test")


@pytest.mark.parametrize("read", [read_squad, read_beir])
def test_what_is_imported_is_indexed_and_evaluated_as_it_is(tmp_path, read, bundled_model, counting):
    exchange = read(squad(tmp_path) if read is read_squad else beir(tmp_path))
    folder, gold = tmp_path / "sous" / "textes", tmp_path / "gold.jsonl"
    write_exchange(exchange, folder, gold)
    assert {text.path: text.text for text in read_texts(folder)} == exchange.texts
    build(folder, tmp_path / "index", Settings(), bundled_model, threads=2)
    questions = load_gold(gold)
    assert tuple(questions) == exchange.questions
    check_spans(questions, open_index(tmp_path / "index"))
    outcome = evaluate(questions, open_engine(tmp_path / "index"))
    assert all(one.relevant for one in outcome.asked)
    with pytest.raises(ImportFolderTaken, match="textes"):
        write_exchange(exchange, folder, tmp_path / "other.jsonl")


@pytest.mark.parametrize(
    "content", ["", "[]", '{"data": []}', '{"data": [{}]}', '{"data": [{"paragraphs": [{"qas": [3]}]}]}']
)
def test_what_is_in_neither_format_is_told(tmp_path, content):
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(ImportUnreadable, match=r"a\.json"):
        read_squad(tmp_path / "a.json")
    with pytest.raises(ImportUnreadable):
        read_beir(tmp_path)


def test_an_import_without_a_question_is_told_in_either_language(tmp_path):
    folder = beir(tmp_path)
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n", encoding="utf-8")
    for read, path in ((read_squad, squad(tmp_path, data=[])), (read_beir, folder)):
        with pytest.raises(ImportUnreadable, match="aucune question") as told:
            read(path)
        assert "no question" in told.value.sentence("en")
        assert "aucune" not in told.value.sentence("en")


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    exchange = read_squad(squad(tmp_path))
    (tmp_path / "file").write_text("x")
    for folder, gold in (("file/t", "g.jsonl"), ("t", "file/g.jsonl")):
        with pytest.raises(QuestionsUnwritable):
            write_exchange(exchange, tmp_path / folder, tmp_path / gold)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "squad.json"]


@given(st.lists(st.text(max_size=80), max_size=8))
def test_file_names_are_plain_and_never_the_same(titles):
    taken: set[str] = set()
    for title in titles:
        name = file_name(title, taken)
        assert name.lower() not in taken
        assert not name.startswith(".")
        assert "/" not in name
        taken.add(name.lower())
