"""Plain text to blocks: what a line is, and which lines belong together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.plain_text import plain_blocks


def blocks(text: str) -> list[str]:
    return [text[block.start : block.end] for block in plain_blocks(text)]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in plain_blocks(text)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\r\n\r\n", "\u2028", "\x0c"])
def test_a_line_is_a_paragraph(end: str) -> None:
    assert blocks(f"Il pleut.{end}  Elle sort. {end}Fin.") == ["Il pleut.", "Elle sort.", "Fin."]


@pytest.mark.parametrize("text", ["", "\n\n", "  \r\n\t\u00a0", "\ufeff\n\u200b"])
def test_no_visible_character_no_block(text: str) -> None:
    assert plain_blocks(text) == ()


WRAPPED = """\
La commune entretient quatorze ponts, dont neuf datent d’avant 1950.
Trois d’entre eux ont été fermés aux poids lourds à la suite d’une
inspection menée au printemps, et deux autres font l’objet d’une
surveillance renforcée depuis que des fissures y ont été relevées.

Le coût des réparations est estimé à deux millions d’euros, que la
commune ne peut avancer seule. Une demande de subvention a été faite
au département, qui rendra sa réponse avant la fin de l’année.
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_paragraph_wrapped_by_hand_is_one_block(end: str) -> None:
    text = WRAPPED.replace("\n", end)
    assert [block.split()[0] + "…" + block.split()[-1] for block in blocks(text)] == ["La…relevées.", "Le…l’année."]


def test_long_lines_are_paragraphs_however_short_the_next_one_is() -> None:
    long = "Une phrase assez longue pour que la ligne ne soit pas le fait d’un retour à la ligne posé à la main, loin de là, vraiment."
    text = "\n".join([long, "Non.", long, "Oui.", long, "Soit.", long])
    assert len(blocks(text)) == 7


def test_a_stanza_stays_together() -> None:
    text = "Je descends le fleuve lent,\nMon bateau sans voile,\nJe compte en dormant\nLes vieilles étoiles.\n\nLe vent parle bas,\nL’eau ne répond,\nEt je vais.\n"
    assert blocks(text) == text.rstrip("\n").split("\n\n")


def test_a_list_of_short_lines_is_no_stanza() -> None:
    assert blocks("Accueil\nArticles\nContact\nPlan du site") == ["Accueil", "Articles", "Contact", "Plan du site"]


@pytest.mark.parametrize("bullet", ["•", "●", "-", "–", "—", "*", "+", "►", "1.", "12)", "(3)", "a)"])
def test_a_bullet_makes_an_item_and_is_left_out(bullet: str) -> None:
    assert kinds(f"Liste :\n{bullet} le pain\n  {bullet} le sel") == [
        ("prose", "Liste :"),
        ("item", "le pain"),
        ("item", "le sel"),
    ]


@pytest.mark.parametrize("mark", ["1°", "1°)", "A)", "1/", "ii)", "o\t", "\uf0b7", "☐", "[ ]", "- [x]", "12)"])
def test_what_numbers_a_line_makes_an_item(mark: str) -> None:
    assert kinds(f"Liste :\n{mark} le pain") == [("prose", "Liste :"), ("item", "le pain")]


def test_a_bullet_alone_on_its_line_marks_the_next_line() -> None:
    assert kinds("•\u00a0\n   Le pain.\nLe sel.") == [("item", "Le pain."), ("prose", "Le sel.")]


@pytest.mark.parametrize(
    "text",
    [
        "-5 degrés ce matin",
        "2019 fut une année sèche",
        "*important* à lire",
        "3,5 % de hausse",
        "1er mai : fête du village",
        "20° à l'ombre",
        "o rage, o désespoir",
        "[note] à lire",
    ],
)
def test_what_only_looks_like_a_bullet_is_kept(text: str) -> None:
    assert kinds(text) == [("prose", text)]


def test_a_numbered_line_alone_between_empty_lines_is_a_heading() -> None:
    text = "1. Objet du contrat\n\nLe contrat règle tout.\n\n2. Durée\n\nUn an."
    assert kinds(text) == [
        ("heading", "Objet du contrat"),
        ("prose", "Le contrat règle tout."),
        ("heading", "Durée"),
        ("prose", "Un an."),
    ]


@pytest.mark.parametrize(
    "text", ["1. Pain\n2. Sel\n3. Eau", "1. Pain\n\n2. Sel\n\n3. Eau", "Voici :\n\n1. Le pain est cuit.\n\nFin."]
)
def test_a_numbered_list_has_no_heading(text: str) -> None:
    assert "heading" not in [kind for kind, _ in kinds(text)]


LINES = st.lists(
    st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("ab .,•-1)\u00a0\r")), max_size=90),
    max_size=25,
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_blocks_are_in_order_disjoint_and_tight(lines: list[str], end: str) -> None:
    text = end.join(lines)
    position = 0
    for block in plain_blocks(text):
        assert position <= block.start < block.end <= len(text)
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        position = block.end


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1), min_size=1, max_size=20), st.data())
def test_nothing_visible_is_lost_but_bullets(words: list[str], data: st.DataObject) -> None:
    ends = [data.draw(st.sampled_from([" ", "\n", "\n\n", "\n• ", "\r\n", "\n1. "])) for _ in words]
    text = "".join(word + end for word, end in zip(words, ends, strict=True))
    assert " ".join(blocks(text)).split() == words
