import shutil
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import ModelDamaged, ModelNotFound
from indexer.resources import resource
from indexer.sentences import split_sentences
from service.reader import UNREAD, Packed, PassageText, Reader, unpack

FOLDER = resource("models") / "reader"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(FOLDER, 2)


def passage(text: str, title: str = "") -> PassageText:
    return PassageText(title, text, tuple((s.start, s.end) for s in split_sentences(text)))


MUSEUM = passage(
    "Le musée ouvre ses portes à neuf heures du matin. L’entrée coûte 12 euros pour les adultes. Il ferme le lundi, "
    "jour où les gardiens se reposent.",
    "Le musée du sel",
)


@pytest.mark.parametrize(
    ("question", "sentence", "short"),
    [
        ("Combien coûte l’entrée du musée ?", 1, "12 euros"),
        ("Quel jour le musée du sel est-il fermé ?", 2, "lundi"),
        ("À quelle heure le musée ouvre-t-il ?", 0, "neuf heures"),
    ],
)
def test_the_sentence_that_answers_and_its_words(reader, question, sentence, short):
    (reading,) = reader.read(question, [MUSEUM])
    assert max(range(3), key=lambda place: reading.log_odds[place]) == sentence
    found = reading.short[sentence]
    assert short in MUSEUM.text[found.start : found.end]


def test_what_stands_between_two_sentences_is_no_part_of_either_s_answer():
    text = "La salle ouvre à midi.\nTarif 220 €\nElle ferme le soir."
    sentences = ((0, 22), (35, 54))
    tokens = [
        (0, 2),
        (3, 8),
        (9, 14),
        (15, 16),
        (17, 21),
        (21, 22),
        (23, 28),
        (29, 32),
        (33, 34),
        (35, 39),
        (40, 45),
        (46, 48),
        (49, 53),
        (53, 54),
    ]
    packed = Packed([0] * 16, [1] * 16, 1, tokens, [0] * 9 + [1] * 5)
    scores = np.zeros((16, 4), np.float32)
    scores[8, 0] = scores[9, 1] = 9.0  # « 220 € »
    reading = unpack(scores, packed, PassageText("", text, sentences))
    for short, (start, end) in zip(reading.short, sentences, strict=True):
        assert start <= short.start < short.end <= end


def test_a_question_that_the_passage_answers_has_better_odds_than_one_that_it_does_not(reader):
    (right,) = reader.read("Combien coûte l’entrée du musée ?", [MUSEUM])
    (wrong,) = reader.read("Qui a découvert la pénicilline ?", [MUSEUM])
    assert max(right.log_odds) > 0 > max(wrong.log_odds)


@settings(max_examples=60)
@given(
    st.text(alphabet="aeéœ l’'-«»()12%.?!…,;:\n\u00a0\u202f\U0001f600ßſ", max_size=300),
    st.text(alphabet="abéî’?. ", max_size=80),
)
def test_whatever_the_text_each_sentence_has_its_odds_and_a_span_inside_it(reader, text, question):
    given_passage = passage(text)
    (reading,) = reader.read(question, [given_passage])
    assert len(reading.log_odds) == len(reading.short) == len(given_passage.sentences)
    for (start, end), odds, short in zip(given_passage.sentences, reading.log_odds, reading.short, strict=True):
        assert odds == odds  # no NaN
        assert short is None or start <= short.start <= short.end <= end


def test_what_else_is_read_changes_nothing(reader):
    other = passage("La pluie tombe depuis mardi sur la côte. Les bateaux restent au port.")
    question = "Combien coûte l’entrée du musée ?"
    assert reader.read(question, [other, MUSEUM, other])[1] == reader.read(question, [MUSEUM])[0]


def test_after_the_deadline_only_the_first_passage_is_read(reader):
    assert len(reader.read("Combien ?", [MUSEUM] * 9, deadline=time.monotonic() - 1)) == 1
    assert len(reader.read("Combien ?", [MUSEUM] * 9, deadline=time.monotonic() + 60)) == 9


def test_what_is_too_long_is_left_unread_at_its_end(reader):
    long = passage(" ".join(f"La phrase numéro {n} de ce passage ne dit rien de bien utile." for n in range(60)))
    (reading,) = reader.read("Que dit la phrase numéro 3 ?", [long])
    assert reading.log_odds[-1] == UNREAD
    assert reading.short[-1] is None
    assert reading.log_odds[0] > UNREAD


def test_a_changed_file_is_seen(tmp_path):
    folder = tmp_path / "reader"
    shutil.copytree(FOLDER, folder)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelDamaged, match=r"config\.json"):
        Reader(folder, 1)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ModelNotFound, match="nowhere"):
        Reader(tmp_path / "nowhere", 1)
