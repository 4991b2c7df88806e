"""Pages to text: what their reader sees is indexed, what is around it or hidden is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.document import Block, Metadata
from indexer.html_text import declared_charset, html_blocks

PROSE = [
    "Chassé pendant des siècles pour sa fourrure, le castor a presque disparu des rivières de France.",
    "Une douzaine de lâchers plus tard, il occupe de nouveau la Loire et ses affluents, où il abat saules et peupliers.",
    "Les riverains s’y habituent, même si les arbres fruitiers en souffrent parfois au bord de l’eau.",
]
PAGE = f"""<!DOCTYPE html>
<html lang="fr"><head>
<title>Le retour du castor</title>
<meta name="author" content="Anne Petit">
<meta property="og:site_name" content="Le Courrier">
<meta property="article:published_time" content="2021-03-04T10:00:00+01:00">
<link rel="canonical" href="https://exemple.fr/castor">
<style>p {{ color: red }}</style><script>var secret = "script caché";</script>
</head><body>
<nav><ul><li><a href="/">Accueil du site</a></li><li><a href="/c">Contact du site</a></li></ul></nav>
<div id="cookie-banner" class="cookie-consent"><p>Nous utilisons des cookies.</p><button>Tout accepter</button></div>
<main><article>
<h1>Le retour du castor</h1>
<p>{PROSE[0]}</p>
<h2>La Loire</h2>
<p>{PROSE[1]}</p>
<p style="display:none">Ce texte caché ne doit pas être lu, ni indexé, ni cité, quoi qu’il dise de très long.</p>
<p hidden>Ce second texte caché ne doit pas être lu non plus, quoi qu’il dise de très long ou de très vrai.</p>
<p style="font-size: 0">Ce troisième texte caché ne doit pas être lu non plus, quoi qu’il dise de très long.</p>
<ul><li>Il pèse vingt kilos à l’âge adulte.</li><li>Il vit en famille dans un terrier.</li></ul>
<p>{PROSE[2]}</p>
</article></main>
<footer><p>Tous droits réservés au Courrier</p></footer>
</body></html>"""


def pieces(source: str) -> list[tuple[str, str]]:
    text, blocks, _ = html_blocks(source)
    return [(block.kind, text[block.start : block.end]) for block in blocks]


def test_prose_headings_and_items_are_kept_in_order() -> None:
    found = pieces(PAGE)
    assert [text for kind, text in found if kind == "prose"] == PROSE
    assert ("heading", "La Loire") in found
    assert [text for kind, text in found if kind == "item"] == [
        "Il pèse vingt kilos à l’âge adulte.",
        "Il vit en famille dans un terrier.",
    ]
    assert found.index(("heading", "La Loire")) < found.index(("prose", PROSE[1]))


def told(source: str) -> list[tuple[str, str]]:
    text, blocks, _ = html_blocks(source)
    return [(block.kind, text[block.start : block.end]) for block in blocks]


OPENING = "<p>Le jardin partagé ouvre au mois de mai, quand la terre est assez chaude pour les semis.</p>"


def test_headings_of_a_page_without_main_content_are_kept() -> None:
    page = f"<html><body><h1>Le jardin</h1>{OPENING * 3}<h2>Les outils</h2><p>La bêche et le râteau sont dans la cabane, au fond.</p></body></html>"
    assert ("heading", "Les outils") in told(page)


def test_what_an_item_says_above_its_own_list_is_kept() -> None:
    page = (
        f"<html><body><main>{OPENING * 3}<ul><li>La cotisation est de 85 euros :<ul><li>réduite, elle est de 40 euros.</li></ul></li>"
        "<li>Le badge est de 10 euros.</li></ul><table><tr><td><p>Mardi</p></td><td><p>14 h</p></td></tr></table></main></body></html>"
    )
    items = [text for kind, text in told(page) if kind == "item"]
    assert items[:3] == [
        "La cotisation est de 85 euros :",
        "réduite, elle est de 40 euros.",
        "Le badge est de 10 euros.",
    ]
    assert "Mardi" in " ".join(items[3:])


def test_a_year_of_the_text_is_not_its_date() -> None:
    page = f"<html><body><main>{OPENING * 3}<p>Fondée en 2012, la société compte douze membres depuis 2015.</p></main></body></html>"
    assert html_blocks(page)[2].date is None


@pytest.mark.parametrize("sign", ['<a class="headerlink" href="#x">¶</a>', '<a class="header-anchor" href="#x">#</a>'])
def test_signs_of_links_are_no_text(sign: str) -> None:
    text, _, _ = html_blocks(
        f"<html><body><main><h1>Le jardin</h1><h2>Les outils{sign}</h2>{OPENING * 3}</main></body></html>"
    )
    assert "Les outils" in text
    assert "¶" not in text
    assert "#" not in text


@pytest.mark.parametrize(
    "words", ["Accueil du site", "Tout accepter", "cookies", "script caché", "texte caché", "Tous droits", "color"]
)
def test_what_is_around_the_text_or_hidden_is_not_in_it(words: str) -> None:
    assert words not in html_blocks(PAGE)[0]


def test_a_page_says_what_it_is() -> None:
    assert html_blocks(PAGE)[2] == Metadata(
        "Le retour du castor", "Anne Petit", "Le Courrier", "2021-03-04", "https://exemple.fr/castor"
    )


def test_an_almost_empty_page_gives_its_few_words() -> None:
    assert pieces("<html><body><p>Le local ferme à 20 h.</p></body></html>") == [("prose", "Le local ferme à 20 h.")]


def test_text_without_any_mark_is_a_paragraph() -> None:
    assert pieces("Le local ferme à 20 h.") == [("prose", "Le local ferme à 20 h.")]


@pytest.mark.parametrize(
    "source",
    ["", "   ", "<html></html>", "<!-- rien -->", "<html><head><title>x</title></head><body></body></html>", "<p></p>",
     "<?xml version='1.0' encoding='utf-8'?>", "<body hidden><p>Caché.</p></body>",
     "<html><body><script>var x = 1;</script></body></html>", "<html><body><style>p { color: red }</style></body></html>",
     "<html><body><nav><a href='/'>Accueil</a></nav></body></html>"],
)  # fmt: skip
def test_a_page_without_text_gives_none(source: str) -> None:
    assert pieces(source) == []


@pytest.mark.parametrize(
    ("style", "shown"),
    [("font-size:0.9em", True), ("font-size: 0.75rem; color: red", True), ("font-size:06px", True), ("font-size: .8em", True),
     ("font-size:0", False), ("font-size:0px", False), ("FONT-SIZE : 0.0em ; color: red", False), ("font-size:0!important", False),
     ("color: red; font-size: 0%", False), ("font-size: .0em", False)],
)  # fmt: skip
def test_small_print_is_read_and_print_of_no_size_is_not(style: str, shown: bool) -> None:
    page = f'<html><body><p>{PROSE[0]}</p><p style="{style}">{PROSE[1]}</p></body></html>'
    assert [text for _, text in pieces(page)] == PROSE[: 2 if shown else 1]


@pytest.mark.parametrize("mark", ["p", "div"])
def test_a_page_inside_one_form_is_read_without_its_controls(mark: str) -> None:
    written = "".join(f"<{mark}>{text}</{mark}>" for text in PROSE)
    page = f"""<html><body><form method="post" action="./page.aspx"><input type="hidden" name="__VIEWSTATE" value="dDwt">
<label>Votre recherche</label><select><option>Tous les articles</option></select><textarea>Écrivez ici</textarea>
<main>{written}</main><button>Envoyer</button></form></body></html>"""
    assert [text for _, text in pieces(page)] == PROSE


def test_a_form_beside_the_text_is_left_out() -> None:
    form = "<form><h3>Notre lettre</h3><p>Recevez notre lettre chaque semaine.</p><input name='courriel'></form>"
    page = f"<html><body><article><p>{PROSE[0]}</p>{form}<p>{PROSE[1]}</p></article>{form}</body></html>"
    assert [text for _, text in pieces(page)] == PROSE[:2]


def test_a_malformed_page_is_read_all_the_same() -> None:
    source = f"<html><body><div><p>{PROSE[0]}<p>{PROSE[1]}</div></i></p><b><p>{PROSE[2]}"
    assert [text for _, text in pieces(source)] == PROSE


def test_an_xhtml_page_with_its_own_declaration_is_read() -> None:
    source = f'<?xml version="1.0" encoding="iso-8859-1"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{PROSE[0]}</p></body></html>'
    assert [text for _, text in pieces(source)] == [PROSE[0]]


def test_entities_are_characters() -> None:
    text, _, _ = html_blocks("<p>L&rsquo;&eacute;t&eacute; co&ucirc;te 12&nbsp;&euro; &amp; plus.</p>")
    assert text.replace("\u00a0", " ") == "L’été coûte 12 € & plus."


@pytest.mark.parametrize(
    "around", ["{}", "<html><body><article>{}" + f"<p>{PROSE[0]}</p><p>{PROSE[1]}</p></article></body></html>"]
)
def test_emphasis_and_links_add_no_space_to_a_quote(around: str) -> None:
    page = around.format("<p>Le <b>castor</b> est <a href='/x'>revenu</a>, <i>dit</i>-on, sur la Loire.</p>")
    assert pieces(page)[0] == ("prose", "Le castor est revenu, dit-on, sur la Loire.")


@pytest.mark.parametrize(
    ("page", "charset"),
    [
        (b'<meta charset="iso-8859-1">', "iso-8859-1"),
        (b"<META CHARSET=utf-8>", "utf-8"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">', "windows-1252"),
        (b"<html><p>charset=x</p></html>", None),
        (b" " * 5000 + b'<meta charset="iso-8859-1">', None),
    ],
)
def test_the_encoding_that_a_page_declares(page: bytes, charset: str | None) -> None:
    assert declared_charset(page) == charset


def test_blocks_lie_in_the_text_two_line_ends_apart() -> None:
    text, blocks, _ = html_blocks(PAGE)
    assert "\n\n".join(text[block.start : block.end] for block in blocks) == text
    assert all(isinstance(block, Block) for block in blocks)


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<ul><li>", "</li></ul>", "<h2>", "<table><tr><td>", "</", "<!--", "-->",
                         "<script>", "</script>", "<p hidden>", "&eacute;", "&#0;", "&#xD800;", "\x0c", "<br>", "<svg>", "<a href=x>"]),
        st.sampled_from(PROSE),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    ),
    max_size=12,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(FRAGMENTS)
def test_no_page_breaks_the_reader(fragments: list[str]) -> None:
    text, blocks, _ = html_blocks("".join(fragments))
    position = 0
    for block in blocks:
        assert position <= block.start < block.end <= len(text)
        position = block.end
    text.encode("utf-8")  # what cannot be written down must not come out


@pytest.mark.parametrize(
    "control", ["\x1f", "&#x1f;", "&#031", "\ufffe", "\uffff", "&#xFFFE;", "&#x0ffff", "&#65534;", "&#65535;"]
)
def test_control_characters_break_nothing(control: str) -> None:
    head = f'<head><title>Titre {control}</title><meta name="author" content="Anne {control} Petit"></head>'
    page = f"<html>{head}<body><p>Un{control} mot.<br>{control} Un <script>x</script>{control} autre{control} mot.</p>"
    text, _, _ = html_blocks(page)
    assert not any(c in "\x1f\ufffe\uffff" for c in text)
    assert "autre mot" in " ".join(text.split())


def test_other_characters_given_by_number_are_left_alone() -> None:
    text, _, _ = html_blocks("<p>L&#39;&#233;t&#xE9; co&#xfb;te 12&#8364;&#x202f;; &#128512; &#x1F600; &#655340;.</p>")
    assert text == "L'été coûte 12€\u202f; 😀 😀 \U0009ffec."
