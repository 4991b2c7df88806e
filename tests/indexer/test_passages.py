"""Passages: whole sentences in order, neighbours share one, and nothing is too long for the embedder."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.build import passage_inputs
from indexer.clean import clean
from indexer.document import Block, Document, Metadata, RawDocument, Section, SplitDocument, Unit
from indexer.embedder import OnnxEmbedder
from indexer.errors import FileWithoutText
from indexer.html_text import html_blocks
from indexer.markdown_text import markdown_blocks
from indexer.passages import PassageSizes, context, passage_text, split
from indexer.plain_text import plain_blocks

SIZES = PassageSizes()


def count_words(texts: list[str]) -> list[int]:
    return [len(text.split()) + 2 for text in texts]


def document(*sections: tuple[str | None, list[str]], title: str | None = None) -> Document:
    """A document of one unit, its sections given as heading and paragraphs."""
    text, made = "", []
    for heading, paragraphs in sections:
        blocks = []
        for paragraph in paragraphs:
            blocks.append(Block(len(text), len(text) + len(paragraph), "prose"))
            text += paragraph + "\n\n"
        made.append(Section(heading, tuple(blocks)))
    return Document("0", "a.txt", "text", "0", text, Metadata(title=title), (Unit(None, tuple(made)),))


def split_by_words(made: Document, sizes: PassageSizes = SIZES, max_tokens: int = 512) -> SplitDocument:
    return split(made, count_words, max_tokens, sizes)


def sentences_of(split_document: SplitDocument) -> list[str]:
    return [split_document.document.text[s.start : s.end] for s in split_document.sentences]


TEN_WORDS = "La route est longue, le soir tombe et il pleut."


def test_a_passage_is_closed_before_it_grows_past_its_size() -> None:
    made = split_by_words(document((None, [TEN_WORDS] * 60)))
    words = [len(passage_text(made, passage).split()) for passage in made.passages]
    assert len(words) > 3
    assert all(170 <= count <= 180 for count in words[:-1])
    assert words[-1] <= 180


def test_neighbours_overlap_by_one_sentence() -> None:
    made = split_by_words(document((None, [TEN_WORDS] * 60)))
    assert all(after.first == before.last for before, after in zip(made.passages, made.passages[1:], strict=False))


def test_a_heading_closes_a_passage_that_is_long_enough_and_nothing_overlaps_it() -> None:
    made = split_by_words(document(("Un", [TEN_WORDS] * 8), ("Deux", [TEN_WORDS] * 8)))
    assert [(p.first, p.last, p.heading) for p in made.passages] == [(0, 7, "Un"), (8, 15, "Deux")]


def test_short_sections_share_a_passage_that_has_their_headings() -> None:
    made = split_by_words(document(("Un", [TEN_WORDS]), ("Deux", [TEN_WORDS])))
    assert [(p.first, p.last, p.heading) for p in made.passages] == [(0, 1, "Un · Deux")]


def test_an_answer_of_a_few_sentences_has_the_heading_that_asks_for_it() -> None:
    made = split_by_words(document(("Le tarif ?", [TEN_WORDS] * 2), ("La résiliation ?", [TEN_WORDS] * 2)))
    assert [(p.first, p.last, p.heading) for p in made.passages] == [(0, 1, "Le tarif ?"), (2, 3, "La résiliation ?")]


def test_titles_and_headings_travel_with_what_is_embedded() -> None:
    made = split_by_words(document(("Partie › Chapitre", ["Il pleut."]), title="Le livre"))
    assert passage_inputs(made) == ["Le livre — Partie › Chapitre\nIl pleut."]
    assert context("Le livre", None) == "Le livre"
    assert context(None, None) == ""


def test_without_title_or_heading_the_sentences_stand_alone() -> None:
    assert passage_inputs(split_by_words(document((None, ["Il pleut. Elle sort."])))) == ["Il pleut. Elle sort."]


def test_the_title_of_an_item_wins_over_that_of_the_document() -> None:
    text = "Il pleut."
    section = Section(None, (Block(0, len(text), "prose"),))
    made = Document("0", "a.txt", "text", "0", text, Metadata(title="Le livre"), (Unit("L’item", (section,)),))
    assert split_by_words(made).passages[0].title == "L’item"


def test_passages_never_cross_units() -> None:
    first, second = "Il pleut.", "Elle sort."
    text = f"{first} {second}"
    units = (
        Unit("Un", (Section(None, (Block(0, len(first), "prose"),)),)),
        Unit("Deux", (Section(None, (Block(len(first) + 1, len(text), "prose"),)),)),
    )
    made = split_by_words(Document("0", "a.txt", "text", "0", text, Metadata(), units))
    assert [(p.first, p.last, p.title) for p in made.passages] == [(0, 0, "Un"), (1, 1, "Deux")]


def test_a_long_sentence_is_cut_at_a_clause() -> None:
    clause = "la route est longue et le soir tombe sur les champs où il pleut depuis le matin"
    sentence = "; ".join([clause] * 12) + "."
    made = sentences_of(split_by_words(document((None, [sentence]))))
    assert len(made) > 1
    assert all(piece.endswith((";", ".")) for piece in made)
    assert " ".join(made) == sentence


def test_a_sentence_that_begins_an_item_of_a_list_is_told() -> None:
    paragraph, item = "Il faut deux choses. Les voici :", f"une clé. {' ; '.join([TEN_WORDS[:-1]] * 15)}."
    text = f"{paragraph}\n{item}"
    blocks = (Block(0, len(paragraph), "prose"), Block(len(paragraph) + 1, len(text), "item"))
    unit = Unit(None, (Section(None, blocks),))
    made = split_by_words(Document("0", "a.txt", "text", "0", text, Metadata(), (unit,)))
    assert [s.item for s in made.sentences[:3]] == [False, False, True]
    assert len(made.sentences) > 4  # the second sentence of the item was cut
    assert not any(s.item for s in made.sentences[3:])


def test_fields_of_a_block_are_a_sentence_each() -> None:
    text = "**Date :** 3 mai\n**Lieu :** la mairie\n__Présents__ : Anne, Luc\n"
    unit = Unit(None, (Section(None, (Block(0, len(text) - 1, "prose"),)),))
    made = split_by_words(Document("0", "a.md", "markdown", "0", text, Metadata(), (unit,)))
    assert sentences_of(made) == text.splitlines()


def test_marks_without_a_word_make_no_sentence() -> None:
    assert sentences_of(split_by_words(document((None, ["Il pleut.", "* * *", "Elle sort."])))) == [
        "Il pleut.",
        "Elle sort.",
    ]


# With the embedder itself

MONSTERS = {
    "a sentence of 5,000 words": document((None, ["mot " * 4999 + "fin."])),
    "a word of 20,000 characters": document((None, ["a" * 20_000])),
    "20,000 characters without a space": document((None, ["a-b/c," * 3333])),
    "20,000 signs": document((None, ["Il dit : " + "€" * 20_000])),
    "rare words": document((None, ["anticonstitutionnellement hexakosioihexekontahexaphobie " * 400])),
    "fifty headings of short sections": document(*((f"Partie numéro {n}", [TEN_WORDS]) for n in range(50))),
    "a heading of 300 words": document(("Un titre de partie " * 75, [TEN_WORDS] * 40)),
    "a title of 600 words": document((None, [TEN_WORDS] * 40), title="Un titre de livre " * 150),
    "another script": document((None, ["漢字かな交じり文" * 1000])),
}


@pytest.mark.parametrize("monster", sorted(MONSTERS))
def test_nothing_is_longer_than_the_embedder_reads(monster: str, embedder: OnnxEmbedder) -> None:
    made = split(MONSTERS[monster], embedder.count_tokens, embedder.max_tokens, SIZES)
    assert made.passages
    assert max(embedder.count_tokens(passage_inputs(made))) <= embedder.max_tokens
    assert max(embedder.count_tokens(sentences_of(made))) <= embedder.max_tokens


def test_a_cut_sentence_loses_no_letter(embedder: OnnxEmbedder) -> None:
    for monster in MONSTERS.values():
        made = split(monster, embedder.count_tokens, embedder.max_tokens, SIZES)
        written = "".join(
            "".join(monster.text[b.start : b.end] for b in s.blocks) for u in monster.units for s in u.sections
        )
        assert "".join("".join(sentences_of(made)).split()) == "".join(written.split())


# Any document of the three formats

WORDS = "la route est longue et le soir tombe sur les champs où il pleut depuis ce matin sans que nul ne sorte".split()
SENTENCES = st.builds(
    lambda words, end: (" ".join(words)).capitalize() + end,
    st.lists(st.sampled_from(WORDS), min_size=3, max_size=40),
    st.sampled_from([".", " !", " ?", "…", ". [3]", ", etc."]),
)
PARAGRAPHS = st.lists(st.lists(SENTENCES, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=12)


def as_text(paragraphs: list[str]) -> RawDocument:
    text = "\r\n\r\n".join(paragraphs)
    return RawDocument("a.txt", "text", "0", text, plain_blocks(text), Metadata())


def as_markdown(paragraphs: list[str]) -> RawDocument:
    text = "# Titre du texte\n\n" + "\n\n".join(
        ("- " if index % 3 == 2 else "## Partie\n\n" if index % 4 == 3 else "") + paragraph
        for index, paragraph in enumerate(paragraphs)
    )
    return RawDocument("a.md", "markdown", "0", text, *markdown_blocks(text))


def as_html(paragraphs: list[str]) -> RawDocument:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return RawDocument(
        "a.html", "html", "0", *html_blocks(f"<html><body><article><h1>Titre</h1>{body}</article></body></html>")
    )


@pytest.mark.parametrize("read_as", [as_text, as_markdown, as_html])
@settings(deadline=None, max_examples=25)
@given(paragraphs=PARAGRAPHS, words=st.integers(20, 180), most=st.integers(10, 110))
def test_passages_are_whole_sentences_in_order_and_hold_them_all(
    read_as: Callable[[list[str]], RawDocument], paragraphs: list[str], words: int, most: int
) -> None:
    raw = read_as(paragraphs)
    try:
        cleaned = clean(raw, Metadata())
    except FileWithoutText:
        return
    made = split_by_words(cleaned, PassageSizes(words, words // 3, most))
    position = 0
    for sentence in made.sentences:
        assert position <= sentence.start < sentence.end <= len(raw.text)
        assert raw.text[sentence.start : sentence.end].strip() == raw.text[sentence.start : sentence.end] != ""
        position = sentence.end
    reached = -1
    for passage in made.passages:
        assert passage.first in (reached, reached + 1)  # at most one sentence again, none left out
        assert passage.last > reached
        reached = passage.last
    assert reached == len(made.sentences) - 1
