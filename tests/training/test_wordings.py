import hashlib

import pytest

from eval.gold import SEEDS_GOLD, load_gold
from training.wordings import GOLD_ENGLISH, PIAF_ENGLISH, Wording, read_wordings


def test_every_answered_french_question_of_the_gold_set_has_its_english_wording_and_history():
    french = {q.id: q for q in load_gold(SEEDS_GOLD) if q.answerable and q.lang == "fr"}
    english = read_wordings(GOLD_ENGLISH)
    assert list(english) == list(french)
    assert [len(one.history) for one in english.values()] == [len(one.history) for one in french.values()]
    assert not {one.question for one in english.values()} & {one.question for one in french.values()}


def test_piaf_wordings_are_of_the_questions_of_dev_and_untouched():
    wordings = read_wordings(PIAF_ENGLISH)
    assert len(wordings) == 1014
    # of PIAF's ids, which its file alone holds
    assert hashlib.sha256("\n".join(wordings).encode()).hexdigest() == PIAF_IDS


PIAF_IDS = "6b5703f1a38fc8ce606895b5fd5d1ae5b7b219c13a6b5d27f199cc17eec32a0f"


def test_a_turn_of_a_chat_has_what_was_asked_before(tmp_path):
    path = tmp_path / "en.tsv"
    path.write_text("a\tWho?\tWhat is it?\tAnd that?\nb\tWhy so?\n", encoding="utf-8")
    assert read_wordings(path) == {"a": Wording("Who?", ("What is it?", "And that?")), "b": Wording("Why so?")}


@pytest.mark.parametrize("text", ["a\n", "a\t\n", "a\tWho?\na\tWhy?\n", "a\tWho?\t \n"])
def test_an_id_without_a_wording_or_twice_is_refused(tmp_path, text):
    path = tmp_path / "en.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"en\.tsv:"):
        read_wordings(path)
