import dataclasses
import io

import pytest

from ask.show import Page, safe, shorten, wants_colour
from service.answer import Answer, Citation

CITATION = Citation(
    1, "id", "Titre", "Ann Onyme", None, "2021-05-01", "a.txt", None, None, 7, 0, 5, "Un\u00a0mot\r\n\x1b[31mrouge", "", "", 0.9
)  # fmt: skip


def answer(**changes) -> Answer:
    fields = {
        "question": "?", "status": "quotes", "lang": "fr", "answer": "", "sentences": (), "citations": (CITATION,),
        "nearest": (), "missing_terms": (), "could_answer": (), "disagreement": (), "corrections": (), "rewritten_question": None, "confidence": 0.5, "stale": (),
        "timings": {}, "models": {}, "index": "gen-000001",
    }  # fmt: skip
    return Answer(**{**fields, **changes})


def shown(given: Answer, lang: str = "fr", colour: bool = False) -> str:
    stream = io.StringIO()
    Page(stream, lang, colour).answer(given)
    return stream.getvalue()


def test_a_quote_with_its_source():
    assert (
        shown(answer())
        == "[1] «\u00a0Un\u00a0mot [31mrouge\u00a0»\n    Titre, Ann Onyme, 1er mai 2021 — a.txt, ligne 7\n"
    )


def test_a_list_has_a_line_for_each_item():
    listed = dataclasses.replace(CITATION, quote="Il faut :\n\n- une clé\nde fer ;\n- \x1b[31mde l'eau.")
    assert shown(answer(citations=(listed,))).splitlines()[:3] == [
        "[1] «\u00a0Il faut :",
        "    - une clé de fer ;",
        "    - [31mde l'eau.\u00a0»",
    ]


def test_a_long_heading_is_cut():
    told = shown(answer(citations=(dataclasses.replace(CITATION, line=None, heading="mot " * 60),)))
    assert max(map(len, told.splitlines())) < 200
    assert "mot …\u00a0»" in told


def test_in_english():
    assert "“Un\u00a0mot [31mrouge”" in shown(answer(), "en")
    assert "1 May 2021 — a.txt, line 7" in shown(answer(), "en")


def test_colour_only_where_asked_for():
    assert "\x1b[" not in shown(answer())
    assert "\x1b[1m" in shown(answer(), colour=True)


@pytest.mark.parametrize(("tty", "environment", "colour"), [
    (True, {}, True), (False, {}, False), (True, {"NO_COLOR": "1"}, False), (True, {"TERM": "dumb"}, False),
])  # fmt: skip
def test_colour_only_on_a_terminal(tty, environment, colour):
    class Stream(io.StringIO):
        def isatty(self) -> bool:
            return tty

    assert wants_colour(Stream(), environment) is colour


def test_a_refusal_and_its_help():
    text = shown(answer(status="refused", citations=(), nearest=(CITATION,), missing_terms=("zirconium",)))
    assert "Les textes ne répondent pas" in text
    assert "Absent des textes : «\u00a0zirconium\u00a0»" in text
    assert "– «\u00a0Un\u00a0mot" in text


def test_corrections_and_stale_files_are_told():
    text = shown(answer(corrections=(("paradoxxe", "paradoxe"),), stale=("b.txt",)))
    assert "Lu : «\u00a0paradoxe\u00a0» pour «\u00a0paradoxxe\u00a0»" in text
    assert "b.txt" in text
    assert "ask index" in text


@pytest.mark.parametrize("hidden", ["\x1b]0;titre\x07", "\u202etxt.exe", "a\u200bb", "\x9b31m"])
def test_what_could_steer_a_terminal_or_hide_is_taken_out(hidden):
    assert not set(safe(hidden)) & set("\x1b\x07\u202e\u200b\x9b")


def test_shorten_cuts_between_words():
    assert shorten("un deux trois", 8) == "un deux …"
    assert shorten("un deux", 8) == "un deux"
