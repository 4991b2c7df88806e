"""A text as it is read: as long as the file's own, its marks made spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.legible import legible


def words(text: str) -> str:
    return " ".join(legible(text, "markdown").split())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("la [cotation](https://www.exemple.ch/a_(b).pdf) du club", "la cotation du club"),
        ('[le site](http://exemple.fr "Son titre") et [l’autre][2]', "le site et l’autre"),
        ("[![le logo](logo.png)](http://exemple.fr) du club", "le logo du club"),
        ("dans 125 pays. **[1](#note)** Ailleurs, [2](/b)", "dans 125 pays. Ailleurs, 2"),
        ("**[Le jardin](#jardin)** et _[l’eau](eau.md)_", "Le jardin et l’eau"),
        ("[voir [1]](http://exemple.fr)", "voir [1]"),
        ("**une** *note* __de__ _bas_ ~~de~~ `page`[^3]", "une note de bas de page"),
        ("l’**usure** ; *l’**usure***", "l’ usure ; l’ usure"),
        ("## La monnaie\n\n> citée\n> deux fois", "La monnaie citée deux fois"),
        ("un<br/>deux <em class='x'>trois</em> a < b > c", "un deux trois a < b > c"),
        ("fini.<!-- plus --> Suite :rocket: {/* ici */}%%là%%", "fini. Suite"),
        (
            "- [x] bêcher [[notes/Semis|les semis]] et [[Jardin]]\n[ ] biner ![[photo.png]]",
            "- bêcher les semis et Jardin biner",
        ),
        ('## Titre {#id .cls}\n![a](b.png){width=50%} {{< ref "x" >}}{% include y %}', "Titre a"),
        ("==surligné== et a == b, [@durand2020, p. 12]", "surligné et a == b,"),
        ("1\\. Les chiens\\\ndix&nbsp;euros, syndic\\_lilas", "1 . Les chiens dix euros, syndic\\_lilas"),
        # no marks
        ("il est 12:30:45, x^{i=1}, {a}, (x) [x]", "il est 12:30:45, x^{i=1}, {a}, (x) [x]"),
        ("2 * 3 * 4, nom_de_variable, 5*6, # dièse", "2 * 3 * 4, nom_de_variable, 5*6, # dièse"),
        ("[1] et [x] à faire, f(x) [sic] (oui)", "[1] et [x] à faire, f(x) [sic] (oui)"),
    ],
)
def test_marks_are_not_read(text: str, read: str) -> None:
    assert words(text) == read


@given(st.text(alphabet="ab [](){}!*_`~<>/#^\\\n\r\"'é.:=%@-x&;|$", max_size=200))
def test_every_offset_stays(text: str) -> None:
    read = legible(text, "markdown")
    assert len(read) == len(text)
    assert all(after in (before, " ") for before, after in zip(text, read, strict=True))
    assert [at for at, c in enumerate(read) if c in "\r\n"] == [at for at, c in enumerate(text) if c in "\r\n"]


@pytest.mark.parametrize("format_name", ["text", "html"])
def test_other_formats_have_no_marks(format_name: str) -> None:
    assert legible("*a* [b](c)", format_name) == "*a* [b](c)"


@pytest.mark.parametrize(
    "piece",
    ["[", "[a](", "![", "*", "_a", "<a ", "](", "\\", "[^", "<!--", "{{", "{%a", "[[a", "%%a", "{#a", ":a", "=="],
)
def test_marks_without_end_take_no_longer_than_others(piece: str) -> None:
    assert len(legible(piece * 50_000, "markdown")) == len(piece) * 50_000
