"""What stands above a text: where it ends, and what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Metadata
from indexer.front_matter import front_matter

CASTOR = Metadata("Le retour du castor", "Anne Petit", "Le Courrier", "2021-03-04", "https://exemple.fr/castor")
YAML = "---\ntitle: Le retour du castor\nauthor: Anne Petit\ndate: 2021-03-04\nsite: Le Courrier\nurl: https://exemple.fr/castor\n---"
TOML = (
    '+++\ntitle = "Le retour du castor"\nauthors = ["Anne Petit"]\ndate = 2021-03-04T10:00:00Z\nsource = "Le Courrier"\n'
    'link = "https://exemple.fr/castor"\ndraft = false\n[extra]\na = 1\n+++'
)
LINES = "Titre : Le retour du castor\nAuteur : Anne Petit\nDate: 2021-03-04 15:00\nSite: Le Courrier\nLien: https://exemple.fr/castor\nSummary: Il est\n  revenu.\nStatus: published\nMusique:\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("above", [YAML, TOML, LINES])
def test_each_kind_is_read(above: str, end: str) -> None:
    above = above.replace("\n", end)
    body, metadata = front_matter(f"{above}{end}Il est revenu." if above.endswith(("-", "+")) else f"{above}{end}Il")
    assert (body, metadata) == (len(above), CASTOR)


@pytest.mark.parametrize("above", ["+++\ntitre = [\n+++", "---\ntitre: [\n---", "+++\n+++", "---\n---"])
def test_what_cannot_be_read_says_nothing(above: str) -> None:
    assert front_matter(f"{above}\n\nIl est revenu.") == (len(above), Metadata())


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (
            "title: Réunion : budget 2024\nauthor: 'Anne Petit'\ntags:\n  - a",
            Metadata("Réunion : budget 2024", "Anne Petit"),
        ),
        ("title: @moi\ndate: 2021-03-04", Metadata("@moi", date="2021-03-04")),
        ("title: {{title}}\nauthor: Anne : Luc", Metadata(author="Anne : Luc")),
        ("Titre: Le castor\nAUTEUR: Anne", Metadata("Le castor", "Anne")),
        ("author: [{name: Anne Petit, orcid: 00}, {name: Luc}]", Metadata(author="Anne Petit, Luc")),
        ("author: {name: Anne Petit}\ntitle: '[[notes/Semis|Les semis]]'", Metadata("Les semis", "Anne Petit")),
        ("author: [{orcid: 00}]\ncréé: 2021-03", Metadata(date="2021-03")),
    ],
)
def test_what_people_write_is_understood(inside: str, expected: Metadata) -> None:
    assert front_matter(f"---\n{inside}\n---\nIl est revenu.")[1] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Anne : bonjour\nLuc : bonsoir\n",
        "Titre : Le castor\n\nIl est revenu.",  # one known name alone
        "Titre : Le castor\nAuteur : Anne\nIl est revenu.",  # a line that is none
        "\nTitre : Le castor\nAuteur : Anne\n",
        "---\ntitre: jamais fermé\n",
        "--- \n\nUne ligne.",
        "---\n\nUne ligne.\n\n...\n\nUne autre.",
        "",
    ],
)
def test_text_is_no_front_matter(text: str) -> None:
    assert front_matter(text) == (0, Metadata())


@given(st.text(alphabet="-+\n\r :.titredaeu=\"'[]", max_size=120))
def test_any_text_has_a_beginning(text: str) -> None:
    body, _ = front_matter(text)
    assert 0 <= body <= len(text)
