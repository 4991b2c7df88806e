"""Hostile documents shown by real Markdown renderers: their letters stay, no link, image or HTML comes of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from service.answer import Answer, AnswerSentence, Citation, Drafted, Finished, Quoted
from service.markdown import Teller, code, escape, source, told
from service.wording import safe

# with the extensions that chat clients turn on, and HTML let through as the least careful of them do
RENDERER = MarkdownIt("gfm-like", {"html": True, "linkify": True})
HOSTILE = [
    "![x](https://mal.com/p.png?q=secret)", "[cliquez](https://mal.com)", "[cliquez ici](//mal.com/a b)", "<img src=x onerror=alert(1)>",
    "<https://mal.com>", "https://mal.com/?q=secret", "www.mal.com", "mal.com/secret", "qui@mal.com", "mailto:qui@mal.com",
    "<script>alert(1)</script>", "[1]: https://mal.com", "[x][1]", "![x][1]", "&lt;img src=x&gt;", "&#33;[x](y)", "`<b>`", "``` a", "**gras**", "__gras__",
    "~~rayé~~", "\\![x](https://mal.com)", "\\[x](y)", "[a](<b c> 'd')", "[a](javascript:alert(1))", "[1]", "[12]", "$x$", "# titre", "> cité", "- un", "1. un",
    "| a | b |", "---", "===", "<!-- a -->", "<![CDATA[ a ]]>", "[^1]", "http://[::1]/a", "HTTP://MAL.COM/A`B", "(voir https://mal.com/a_b_c).", "*a*", "_a_", "a_b_c", "\u202egro.moc\u202c",
]  # fmt: skip


def leaves(text: str) -> list:
    return [leaf for token in RENDERER.parse(text) for leaf in [token, *(token.children or [])]]


def harmless(text: str) -> None:
    kinds = {leaf.type for leaf in leaves(text)}
    assert not {kind for kind in kinds if re.search("link|image|html", kind)}, kinds


def plain(text: str) -> str:
    return "".join(leaf.content for leaf in leaves(text) if leaf.type in ("text", "code_inline", "text_special"))


def test_the_renderer_does_make_links_of_what_is_not_escaped():
    made = [text for text in HOSTILE if any(re.search("link|image|html", leaf.type) for leaf in leaves(f"« {text} »"))]
    assert len(made) > 18
    assert {"www.mal.com", "mal.com/secret", "qui@mal.com", "![x](https://mal.com/p.png?q=secret)"} <= set(made)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown_letter_by_letter(text):
    shown = f"« {escape(text)} » [1]"
    harmless(shown)
    assert plain(shown) == f"« {safe(text)} » [1]"
    assert len(leaves(shown)) == 3 + sum(leaf.type in ("text", "code_inline", "text_special") for leaf in leaves(shown))


@given(
    st.lists(st.sampled_from([*HOSTILE, *"\\`*_[]()<>!&#$~:/.@ \n\u00a0"]) | st.text(max_size=8), max_size=8),
    st.sampled_from(["", " ", "\n"]),
)
def test_no_put_together_of_hostile_pieces_gets_through(pieces, between):
    text = between.join(pieces)
    shown = f"« {escape(text)} » [1]"
    harmless(shown)
    # markdown shows U+0000 as U+FFFD and strips what it counts as space at the ends of a line
    assert plain(shown) == f"« {safe(text)} » [1]"


@given(st.text(alphabet="`a .<[", max_size=20))
def test_code_is_code(text):
    if safe(text).strip("` "):
        assert plain(code(text)) == safe(text)
        harmless(code(text))


def test_usual_french_is_left_as_it_is():
    text = "Le « back-office » (ou arrière-guichet) coûte 1 200 € : qu’en dit-on […] ? L. 1234-5, c.-à-d. 50 % & plus."
    assert escape(text) == text


def test_a_document_does_not_seem_to_cite():
    assert "[2]" not in escape("Voir [2] et [3].")


def citation(n: int = 1, **fields) -> Citation:
    one = {
        "n": n, "document": "0123456789ab", "title": "Le titre", "author": "Ann Onyme", "publication": None, "date": "2021-05-01",
        "path": "a_b.txt", "url": "https://mal.com", "heading": None, "line": 7, "start": 0, "end": 9, "quote": "La cotisation est de 220 €.",
        "before": "", "after": "", "score": 0.9,
    }  # fmt: skip
    return Citation(**{**one, **fields})


def answer(**fields) -> Answer:
    one = {
        "question": "?", "status": "quotes", "lang": "fr", "answer": "", "sentences": (), "citations": (citation(),), "nearest": (), "missing_terms": (),
        "could_answer": (), "disagreement": (), "corrections": (), "rewritten_question": None, "confidence": 0.5, "stale": (), "timings": {}, "models": {},
        "index": "gen-000001",
    }  # fmt: skip
    return Answer(**{**one, **fields})


SOURCES = "**Sources**\n\n- [1] Le titre, Ann Onyme, 1er mai 2021 — `a_b.txt`, ligne 7"


def test_quotes_with_their_short_answer_then_the_sources():
    one = answer(citations=(citation(short_answer="220 €", short_start=21, short_end=26),))
    assert told(one) == f"**220 €** — «\u00a0La cotisation est de 220 €.\u00a0» [1]\n\n{SOURCES}"


def test_prose_comes_between_the_quotes_and_the_sources_and_the_pieces_are_the_whole():
    quotes, sentence = answer(), AnswerSentence("On paie 220 € <b>.", (1, 2), True, 0.9)
    done = answer(status="answered", sentences=(sentence, sentence))
    teller = Teller()
    pieces = [teller.piece(event) for event in (Quoted(quotes), Drafted(sentence), Drafted(sentence), Finished(done))]
    prose = "On paie 220 € &lt;b>. [1][2]"
    assert "".join(pieces) == f"«\u00a0La cotisation est de 220 €.\u00a0» [1]\n\n{prose} {prose}\n\n{SOURCES}"


def test_the_pieces_of_quotes_and_refusals_are_their_whole():
    for one in (answer(), answer(status="refused", citations=(), nearest=(citation(),), stale=("b.txt",))):
        teller = Teller()
        assert "".join(teller.piece(event) for event in (Quoted(one), Finished(one))) == told(one)


def test_a_refusal_tells_what_is_missing_what_is_near_and_what_could_be_asked():
    one = answer(
        status="refused", citations=(), nearest=(citation(quote="mot " * 100),), missing_terms=("<i>",),
        could_answer=("Combien ?",), corrections=(("cotisaton", "cotisation"),), stale=("a.txt",),
    )  # fmt: skip
    text = told(one)
    harmless(text)
    assert text.startswith(
        "*Lu : «\u00a0cotisation\u00a0» pour «\u00a0cotisaton\u00a0»*\n\n**Les textes ne répondent pas"
    )
    assert "Absent des textes : «\u00a0&lt;i>\u00a0»" in text
    assert " …\u00a0» — Le titre, Ann Onyme, 1er mai 2021 — `a_b.txt`, ligne 7" in text
    assert "Les textes répondent en revanche à :\n\n- «\u00a0Combien ?\u00a0»" in text
    assert text.endswith("Modifié ou supprimé depuis l’indexation, donc écarté : `a.txt`. Relancez `ask index`.")


def test_in_english_and_where_sources_differ():
    two = (citation(short_answer="220 €"), citation(2, short_answer="230 €", date=None))
    text = told(answer(lang="en", citations=two, disagreement=(1, 2)))
    assert "The sources do not agree: “220 €” [1] (1 May 2021), “230 €” [2] (undated)" in text
    assert "line 7" in text


@pytest.mark.parametrize("field", ["title", "author", "publication", "heading", "path", "quote", "short_answer"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_field_of_a_citation_gets_through(field, text):
    harmless(told(answer(citations=(citation(**{field: text, "line": None}),))))


def test_the_address_of_a_source_is_not_in_the_text():
    assert "mal.com" not in source(citation(), "fr")
