"""Quotes are found where they stand, as they stand."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eval.amend import Wanted, amend, find_quote, places
from eval.texts import find_text
from indexer.errors import (
    AdditionIncomplete,
    FactNotQuoted,
    FileBinary,
    QuestionKnown,
    QuoteNotFound,
    QuoteRepeated,
    TextUnknown,
)
from tests.conftest import write_folder

PHARE = "Le phare\n\nL’île d’Œuf a « un phare\u00a0» blanc, haut de 500\u202f000 millimètres. Il guide\nles pêcheurs.\n\nIl fait froid. Il fait froid.\n"


@pytest.fixture
def island(tmp_path):
    return write_folder(
        tmp_path, {"sous/phare.txt": PHARE, "notes.txt": "Le bac part à midi chaque jour de la semaine.\n"}
    )


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Il guide\nles pêcheurs.", "Il guide\nles pêcheurs."),
        ("il guide les  PÊCHEURS.", "Il guide\nles pêcheurs."),
        ("L'ile d'", None),
        ("L'île d'OEUF", "L’île d’Œuf"),
        ('"un phare "', "« un phare\u00a0»"),
        ("500 000 millimètres", "500\u202f000 millimètres"),
        ("pe\u0302cheurs", "pêcheurs"),
        ("pe", None),
    ],
)
def test_a_quote_is_found_but_for_its_typing(quote, found):
    spans = [PHARE[start:end] for start, end in places(PHARE, quote)]
    assert spans == ([found] if found else [])


@given(st.text("aeé’'«» \u00a0\u202f\n-–œŒßfﬁ\u00adİ\u0301.", min_size=1, max_size=40), st.data())
def test_any_slice_however_typed_is_found_at_its_place(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    for typed in (quote, quote.replace("’", "'"), quote.replace("\u202f", " ").replace("\n", "  ")):
        for a, b in places(text, typed):
            assert 0 <= a < b <= len(text)
            assert text[a:b] == text[a:b].strip()
    # cut before an accent, a letter is another letter
    assume(
        quote.strip() and not any(mark in quote for mark in "\u0301\u00ad") and text[end : end + 1] not in ("\u0301",)
    )
    found = places(text, quote.replace("’", "'").replace("\u00a0", " "))
    left = start + len(quote) - len(quote.lstrip())
    assert not found or (left, left + len(quote.strip())) in found or places(text, quote) != found


@given(st.text("abé ’\n\u00a0", min_size=1, max_size=30), st.integers(0, 29), st.integers(1, 30))
def test_a_slice_in_capitals_and_plain_spaces_is_among_the_places(text, start, length):
    quote = text[start : start + length]
    assume(quote.strip())
    left = start + len(quote) - len(quote.lstrip())
    typed = " ".join(quote.upper().replace("’", "'").split())
    found = places(text, typed)
    assert (left, left + len(quote.strip())) in found


def test_a_text_is_named_by_path_by_place_or_by_name(island):
    for file in ("sous/phare.txt", "phare.txt", str(island / "sous" / "phare.txt")):
        assert find_text(island, file).path == "sous/phare.txt"
    with pytest.raises(TextUnknown, match=r"sous/phare\.txt"):
        find_text(island, "fare.txt")
    (island / "image.txt").write_bytes(b"\0\0\0")
    with pytest.raises(FileBinary):
        find_text(island, "image.txt")


def test_a_quote_nowhere_or_in_many_places_is_told_with_what_is_nearest(island):
    text = find_text(island, "phare.txt")
    with pytest.raises(QuoteNotFound, match=r"ligne 3 : « L’île d’Œuf a"):
        find_quote(text, "L'ile d'Oeuf avait un phare blanc")
    with pytest.raises(QuoteRepeated, match=r"2 endroits .*\(lignes 6\)"):
        find_quote(text, "Il fait froid.")
    with pytest.raises(AdditionIncomplete):
        find_quote(text, "  ")


def added(island, known=(), **fields):
    wanted = Wanted(
        **{"question": "Que guide le phare ?", "quotes": (("phare.txt", "Il guide les pêcheurs."),), **fields}
    )
    return amend(wanted, lambda file: find_text(island, file), known, "gold.jsonl")


def test_a_question_becomes_a_row_with_the_quote_verbatim(island):
    row = added(island, facts=("les  Pêcheurs",))
    (span,) = row.spans
    assert PHARE[span.start : span.end] == span.quote == "Il guide\nles pêcheurs."
    assert (row.id, row.kind, row.lang, row.facts, row.history) == ("q001", "fact", "fr", ("les pêcheurs",), ())
    second = added(island, known=(row,), question="What does the lighthouse guide?", kind="english")
    assert (second.id, second.lang, second.split) == ("q002", "en", row.split)


def test_kinds_follow_from_what_is_given(island):
    assert added(island, quotes=()).kind == "near_miss"
    assert added(island, quotes=(("phare.txt", "Il guide"), ("notes.txt", "Le bac part"))).kind == "several"
    follow_up = added(island, after=("Que fait le phare ?",))
    assert (follow_up.kind, follow_up.history) == ("follow_up", ("Que fait le phare ?",))


def test_what_cannot_be_added_is_told(island):
    row = added(island)
    with pytest.raises(QuestionKnown, match="q001"):
        added(island, known=(row,), question="que guide le  PHARE ?")
    added(island, known=(row,), after=("Et la nuit ?",))  # in a chat it is another question
    with pytest.raises(FactNotQuoted, match="baleines"):
        added(island, facts=("baleines",))
    with pytest.raises(AdditionIncomplete):
        added(island, question=" ")
