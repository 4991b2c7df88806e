"""Markdown to blocks: offsets point into the source, marks are left out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Metadata
from indexer.markdown_text import markdown_blocks


def kinds(text: str) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, text[block.start : block.end]) for block in markdown_blocks(text)[0]]


def metadata(text: str) -> Metadata:
    return markdown_blocks(text)[1]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_headings_paragraphs_and_items(end: str) -> None:
    text = """\
# Titre

Un paragraphe
sur deux lignes.

## Sous-titre ##

- un
  - deux
1. trois

> Une citation.

Titre souligné
==============

Autre
-----
""".replace("\n", end)
    assert kinds(text) == [
        ("heading", 1, "Titre"),
        ("prose", 0, f"Un paragraphe{end}sur deux lignes."),
        ("heading", 2, "Sous-titre"),
        ("item", 0, "un"),
        ("item", 0, "deux"),
        ("item", 0, "trois"),
        ("prose", 0, "Une citation."),
        ("heading", 1, "Titre souligné"),
        ("heading", 2, "Autre"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#\u00a0Le jardin\n\n##\u202fLes outils\n", [("heading", 1, "Le jardin"), ("heading", 2, "Les outils")]),
        ("#Le jardin partagé\n\nIl ouvre.\n", [("heading", 1, "Le jardin partagé"), ("prose", 0, "Il ouvre.")]),
        ("##2.1. Règles de base\nElles sont là.\n", [("heading", 2, "2.1. Règles de base"), ("prose", 0, "Elles sont là.")]),
        ("#Le jardin\n##Les outils", [("heading", 1, "Le jardin"), ("heading", 2, "Les outils")]),
        ("##**Les outils**##\n", [("heading", 2, "**Les outils**")]),
        ("-\u00a0bêche\n-\u00a0râteau\n", [("item", 0, "bêche"), ("item", 0, "râteau")]),
        ("1.\u00a0bêche\n2.\u00a0râteau\n", [("item", 0, "bêche"), ("item", 0, "râteau")]),
    ],
)  # fmt: skip
def test_a_mark_without_its_plain_space_is_one_all_the_same(
    text: str, expected: list[tuple[str, int, str]], end: str
) -> None:
    assert kinds(text.replace("\n", end)) == expected


@pytest.mark.parametrize(
    "text",
    ["#MeToo a tout changé.", "#jardin #ville", "#jardin", "#1 des ventes", "#Le jardin\nouvre en mai", "####### sept"],
)
def test_a_hashtag_is_text(text: str) -> None:
    assert kinds(text) == [("prose", 0, text)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "text",
    [
        ":::note\nLa clé est là.\n:::\n:::warning Attention\nElle est lourde.\n:::\n",
        "::: {.callout-note}\n## Titre\nLa clé est là.\n:::\n\nElle est lourde.\n",
        "!!! note\n\n    La clé est là.\n\n    Elle est lourde.\n",
        '=== "Association"\n\n    La clé est là.\n\n=== "Mairie"\n\n    Elle est lourde.\n',
        '??? tip "Les clés"\n    La clé est là.\n\n    !!! note\n\n        Elle est lourde.\n',
        "> [!tip] À retenir\n> La clé est là.\n\nElle est lourde.\n",
        "{{% notice note %}}\nLa clé est là.\n{{% /notice %}}\n\nElle est lourde.\n{: .notice--info}\n",
        "[TOC]\n\nimport Clé from '@site/clé';\n\nLa clé est là.\n\n\\newpage\n\nElle est lourde.\n",
        "{% highlight python %}\nprint('clé')\n{% endhighlight %}\n\nLa clé est là.\n\nElle est lourde.\n",
        "<div>\n<p>logo</p>\n</div>\n\nLa clé est là.\n\n```\n:::\n!!! note\n```\n\nElle est lourde.\n",
    ],
)
def test_frames_are_no_text_and_hide_none(text: str, end: str) -> None:
    told = [piece for kind, _, piece in kinds(text.replace("\n", end)) if kind == "prose"]
    assert told == ["La clé est là.", "Elle est lourde."]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("=== Horaires ===\n\nIl pleut.", ["=== Horaires ===", "Il pleut."]),
        ("!!! URGENT réunion\n\nIl pleut.", ["!!! URGENT réunion", "Il pleut."]),
        ("{% note %}Il pleut.{% endnote %}", ["{% note %}Il pleut.{% endnote %}"]),
        ("> [!warning]- La date limite est le 3 mars", ["[!warning]- La date limite est le 3 mars"]),
        (":::tip Pensez à éteindre le four.", [":::tip Pensez à éteindre le four."]),
        ("{% comment %}x{% endcomment %}\n\nIl pleut.", ["{% comment %}x{% endcomment %}", "Il pleut."]),
        ("{% highlight %}\nabc\n\nIl pleut.", ["abc", "Il pleut."]),
        ("- un\n\n    !!! note\n        Dedans.\n\n    Fin de un.", ["un", "Dedans.", "Fin de un."]),
        ("``` a ``` b\n\n!!! note\n    Dedans.", ["``` a ``` b", "Dedans."]),
        ("```\n~~~\n```\n\n!!! note\n    Dedans.", ["Dedans."]),
    ],
)
def test_what_only_looks_like_a_frame_is_text(text: str, told: list[str]) -> None:
    assert [piece for _, _, piece in kinds(text)] == told


def test_a_box_ends_where_its_indent_ends() -> None:
    assert kinds("!!! note\n    Dedans.\n\nDehors.\n\n    du code\n") == [
        ("prose", 0, "Dedans."),
        ("prose", 0, "Dehors."),
    ]


def test_a_heading_in_html_is_one() -> None:
    text = '<h1 align="center">Mobilo\n<img src="a.png"></h1>\n<p>Du HTML</p>\n\n## Installation\n\nIl pleut.\n'
    assert [one[:2] for one in kinds(text)] == [("heading", 1), ("heading", 2), ("prose", 0)]
    assert kinds(text)[0][2].startswith("Mobilo")


def test_a_paragraph_below_an_item_belongs_to_it() -> None:
    assert kinds("- un\n\n  suite\n\nfin") == [("item", 0, "un"), ("item", 0, "suite"), ("prose", 0, "fin")]


def test_a_row_of_a_table_is_an_item() -> None:
    text = "| Nom | Prix |\n|-----|-----:|\n| Pain | 1 € |\n| Sel | 2 € |\n"
    assert kinds(text) == [("item", 0, "Nom | Prix"), ("item", 0, "Pain | 1 €"), ("item", 0, "Sel | 2 €")]


@pytest.mark.parametrize(
    "left_out",
    [
        "```\nprint('code')\n```",
        "    du code\n    indenté",
        "<div>du HTML</div>",
        "---",
        "<!-- remarque -->",
        "[lien]: http://x.fr",
    ],
)
def test_code_and_marks_alone_are_left_out(left_out: str) -> None:
    assert kinds(f"Avant.\n\n{left_out}\n\nAprès.") == [("prose", 0, "Avant."), ("prose", 0, "Après.")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_gives_the_metadata_and_is_no_text(end: str) -> None:
    text = """\
---
titre: Le retour du castor
auteurs:
  - Anne Petit
  - Luc Roux
date: 2021-03-04
source: Le Courrier
lien: https://exemple.fr/castor
---

Il est revenu.
""".replace("\n", end)
    assert metadata(text) == Metadata(
        "Le retour du castor", "Anne Petit, Luc Roux", "Le Courrier", "2021-03-04", "https://exemple.fr/castor"
    )
    assert kinds(text) == [("prose", 0, "Il est revenu.")]


@pytest.mark.parametrize(
    "front",
    ["titre: [", "- une\n- liste", "rien", "titre: ''", "titre: ~", "titre: null", "date: jamais", "? {a: 1}\n: b",
     "date: 0000-00-00", "date: 2024-02-30", "date: 2024-13-01 25:00:00", "date: !!timestamp jamais", 'titre: "\\U00110000"',
     "titre: " + "[" * 500 + "]" * 500],
)  # fmt: skip
def test_front_matter_that_says_nothing_does_no_harm(front: str) -> None:
    text = f"---\n{front}\n---\n\nIl est revenu.\n"
    assert metadata(text) == Metadata()
    assert kinds(text) == [("prose", 0, "Il est revenu.")]


@pytest.mark.parametrize("date", ["0000-00-00", "2024-02-30"])
def test_a_date_that_there_is_not_costs_no_title(date: str) -> None:
    assert metadata(f"---\ntitre: Le castor\ndate: {date}\n---\n\nIl est revenu.\n") == Metadata("Le castor")


def test_half_a_character_in_front_matter_can_be_written_down() -> None:
    assert metadata('---\ntitre: "Le \\uD83D castor"\n---\n\nIl est revenu.\n') == Metadata("Le ? castor")


def test_a_line_at_the_top_is_no_front_matter() -> None:
    assert kinds("---\n\nIl est revenu.") == [("prose", 0, "Il est revenu.")]


@settings(max_examples=150)
@given(
    st.text(
        st.one_of(st.sampled_from("ab é#-*>|`~_[]()<>&!.:1\n\r\t "), st.characters(exclude_categories=["Cs"])),
        max_size=200,
    )
)
def test_any_text_gives_blocks_in_order_that_lie_in_it(text: str) -> None:
    position = 0
    for block in markdown_blocks(text)[0]:
        assert position <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip()
        position = block.end
