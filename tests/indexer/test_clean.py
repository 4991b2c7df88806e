"""Cleaning: on the real seeds and on many other pages, chrome goes and prose stays."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from indexer.clean import clean, document_id
from indexer.document import Document, Metadata, RawDocument
from indexer.errors import FileWithoutText
from indexer.html_text import html_blocks
from indexer.markdown_text import markdown_blocks
from indexer.plain_text import plain_blocks
from indexer.read import SourceFile, read
from tests.indexer.pages import PAGES


def clean_text(text: str, catalogued: Metadata | None = None) -> Document:
    return clean(RawDocument("a.txt", "text", "0", text, plain_blocks(text), Metadata()), catalogued or Metadata())


def clean_markdown(text: str) -> Document:
    return clean(RawDocument("a.md", "markdown", "0", text, *markdown_blocks(text)), Metadata())


def kept(document: Document) -> list[str]:
    return [
        document.text[block.start : block.end]
        for unit in document.units
        for section in unit.sections
        for block in section.blocks
    ]


def above(document: Document) -> list[str]:
    """Every title and heading that travels with a passage."""
    headings = [section.heading for unit in document.units for section in unit.sections]
    titles = [unit.title for unit in document.units]
    return [text for text in [document.metadata.title, *titles, *headings] if text]


# The seeds


@pytest.fixture(scope="module")
def cleaned_seeds(seeds: Path) -> dict[str, Document]:
    """The seeds by their first three digits, as they are found without the catalogue."""
    sources = [SourceFile(path.name, path) for path in sorted(seeds.glob("*.txt"))]
    return {one.path[:3]: clean(read(one, one.location.read_bytes()), Metadata()) for one in sources}


PROSE_OF_SEEDS = {
    "000": [
        "La classe des services", "Laurent Ottavi (Élucid)", "Denis Maillard : J’appelle", "La numérisation, enfin",
        "Élucid : Qu’est-ce", "Denis Maillard : Je parle",
    ],
    "001": [
        "En 2008, AutreFutur", "Le modèle économique", "Déjà, dans les années 90", "Avec le web 2.0", "Et pour convaincre",
        "Dans d’autres communautés", "Certains joueurs", "Du partage de la valeur", "L’économie collaborative", "L’absence de contrepartie",
        "Le Web 2.0 est devenu", "(Dmytri Kleiner", "Il ne faut pas oublier", "Contribution inspirée", "Les faux-semblants",
        "L’activité des clients", "Le travail du consommateur",
    ],
    "002": ["Dans ce numéro", "C’est désormais un fait", "Toutefois, ce changement"],
    "003": [
        "Qui n’a pas soudain", "L’ère du numérique", "C’est donc ça", "Il suffit de jeter", "Amazon détruit", "Les plus grandes",
        "En théorie", "J’ai récemment", "D’ici 2025", "Ces exemples", "64% des français", "Ce monde dans lequel", "Il suffit pourtant",
        "Les métiers de l’humain et", "D’ailleurs, il ne faut", "Coachs, professeurs", "Les grands gagnants", "En 2010, on avait ri",
        "Quel problèmes", "Il y a certainement", "Un grand plan",
    ],
}  # fmt: skip


@pytest.mark.parametrize("seed", sorted(PROSE_OF_SEEDS))
def test_the_prose_of_a_seed_is_kept_whole_and_nothing_else(cleaned_seeds: dict[str, Document], seed: str) -> None:
    found = kept(cleaned_seeds[seed])
    assert len(found) == len(PROSE_OF_SEEDS[seed])
    assert all(text.startswith(first) for text, first in zip(found, PROSE_OF_SEEDS[seed], strict=True))


@pytest.mark.parametrize(
    ("seed", "chrome"),
    [
        (
            "000",
            [
                "publié le",
                "Lisez la suite",
                "S’abonner",
                "Accès illimité",
                "chroniques",
                "bien plus encore",
                "Connectez-vous",
            ],
        ),
        ("001", ["Accueil >", "jeudi 10 août"]),
        ("002", ["LIBRES PROPOS", "Articles récents", "Tapez votre recherche"]),
        ("003", ["Par Mustapha", "CADEAU", "JOBTIMISE", "Transmettez-nous", "Évaluer gratuitement", "Non merci"]),
        (
            "004",
            [
                "Skip to main",
                "Home/",
                "Rss Feed",
                "views",
                "annotation",
                "Next ›",
                "items per page",
                "Aurialie Jublin",
                "abrugiere",
            ],
        ),
    ],
)
def test_the_chrome_of_a_seed_is_gone(cleaned_seeds: dict[str, Document], seed: str, chrome: list[str]) -> None:
    document = cleaned_seeds[seed]
    shown = "\n".join(kept(document) + above(document))
    for words in chrome:
        assert words in document.text
        assert words not in shown


def test_the_seeds_say_their_title_author_and_date(cleaned_seeds: dict[str, Document]) -> None:
    said = {seed: (d.metadata.title, d.metadata.author, d.metadata.date) for seed, d in cleaned_seeds.items()}
    assert said == {
        "000": (None, "Laurent Ottavi", "2024-06-30"),
        "001": ("Le client moderne comme employé à titre gratuit", "Contribution", "2017-08-10"),
        "002": (None, None, None),
        "003": ("Les jobs de rêve attendent qu’on les crée", "Mustapha BenKalfate", None),
        "004": (None, None, None),
    }


def test_the_headings_of_a_seed_head_their_sections(cleaned_seeds: dict[str, Document]) -> None:
    (unit,) = cleaned_seeds["003"].units
    assert [section.heading for section in unit.sections] == [
        None,
        "Destruction d’emploi massive…",
        "…et la qualité des services va dramatiquement décliner",
        "Les humains ont besoin d’autres humains pour s’occuper d’eux",
        "Les métiers du contact humain sont la solution d’avenir",
    ]


def test_a_page_of_bookmarks_gives_its_items_each_under_its_own_title(cleaned_seeds: dict[str, Document]) -> None:
    document = cleaned_seeds["004"]
    heads = re.findall(r"^(.+?)[ -]* - \d+ views$", document.text, re.MULTILINE)
    assert len(heads) == 20
    assert [unit.title for unit in document.units] == [" ".join(head.split()) for head in heads]
    for unit, head, following in zip(document.units, heads, [*heads[1:], "1 - 20 of 64"], strict=True):
        blocks = [block for section in unit.sections for block in section.blocks]
        assert document.text.index(head) < blocks[0].start
        assert blocks[-1].end <= document.text.index(following)


# Other pages


def lines_of(page: str) -> Iterator[tuple[str, int, str]]:
    """``(mark, offset, line)`` of each line that holds anything, the offset in the page without its margin."""
    position = 0
    for row in page.splitlines():
        mark, line = row[:1], row[2:]
        if line.strip():
            yield mark, position, line
        position += len(line) + 1


@pytest.mark.parametrize("name", sorted(PAGES))
def test_chrome_goes_and_prose_stays(name: str) -> None:
    page = PAGES[name]
    document = clean_text("\n".join(row[2:] for row in page.splitlines()))
    spans = [(b.start, b.end) for unit in document.units for section in unit.sections for b in section.blocks]
    headings = "\n".join(above(document))
    wrong = []
    for mark, start, line in lines_of(page):
        last = start + len(line.rstrip()) - 1
        inside = any(a <= last < b for a, b in spans)
        heads = re.sub(r"^\d+\. | - \d+ réponses?$", "", line) in headings
        expected = {"+": inside, "#": inside or heads, "-": not inside and not heads, "~": True}[mark]
        if not expected:
            wrong.append(f"{mark} {line}")
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "title", "author", "date"),
    [
        (
            "news_paywall",
            "Pourquoi les loyers augmentent encore dans les villes moyennes",
            "Claire Martin",
            "2023-03-12",
        ),
        ("blog", "Trois semaines à vélo le long de la Loire", "Hélène", "2021-09-04"),
        ("spip_magazine", "Une histoire des cantines d’usine", "Jeanne Roux", "2014-05-03"),
        ("recipe", "Riz au lait à la vanille", None, None),
        ("law", "Titre II : Du contrat de travail", None, None),
        ("minutes", "Compte rendu de la réunion du 14 janvier 2020", None, None),
        ("poem", "Chanson du batelier", None, None),
        ("interview", "« Le silence est une matière »", "Anne Petit", None),
        ("english", "How the canal was dug", "John Smith", "2019-03-03"),
        ("letter", None, None, "2022-02-03"),
        ("note", None, None, None),
    ],
)
def test_a_page_says_its_title_author_and_date(
    name: str, title: str | None, author: str | None, date: str | None
) -> None:
    metadata = clean_text("\n".join(row[2:] for row in PAGES[name].splitlines())).metadata
    assert (metadata.title, metadata.author, metadata.date) == (title, author, date)


def test_each_thread_of_a_list_stands_under_its_own_title() -> None:
    document = clean_text("\n".join(row[2:] for row in PAGES["forum"].splitlines()))
    assert [unit.title for unit in document.units] == [
        "Mes tomates ont des taches noires",
        "Quand tailler un olivier en pot ?",
        "Paillage et limaces",
        "Récupérer l’eau de pluie",
    ]


@pytest.mark.parametrize("name", ["training", "prices", "recipe"])
def test_durations_prices_and_quantities_make_no_list_of_items(name: str) -> None:
    assert len(clean_text("\n".join(row[2:] for row in PAGES[name].splitlines())).units) == 1


def test_a_stanza_is_one_block() -> None:
    document = clean_text("\n".join(row[2:] for row in PAGES["poem"].splitlines()))
    assert len(kept(document)) == 2


PROGRAMME = """\
Fête du jardin

Samedi 12 juin
9h00 Accueil des participants
10h30 Visite guidée
12h30 Repas, menu à 12 €
20h00 Concert

Le jardin ouvre ses portes à tous ceux qui aiment la terre et les fleurs.

Contact : Nadège Colin, 06 12 34 56 78
Inscription obligatoire avant le 5 juin
Parking gratuit
"""


def test_no_line_of_a_text_without_chrome_is_lost() -> None:
    document = clean_text(PROGRAMME)
    told = {*kept(document), *above(document)}
    lost = [line for line in PROGRAMME.splitlines() if line and line not in told]
    assert [line for line in lost if line not in ("Samedi 12 juin",)] == []
    assert document.metadata.title == "Fête du jardin"


def test_a_text_that_is_all_title_is_kept() -> None:
    assert kept(clean_text("Titre seul")) == ["Titre seul"]


def test_the_subject_of_a_letter_is_its_title() -> None:
    letter = """\
Anne Petit
12, rue du Stade
44000 Nantes

Nantes, le 3 mai 2021

Objet : Re: Fuite d'eau dans la cave

Madame, je vous écris au sujet de la fuite d'eau qui dure depuis dix jours dans notre cave.
"""
    assert clean_text(letter).metadata.title == "Fuite d'eau dans la cave"


# Markdown and pages


def test_headings_of_markdown_nest() -> None:
    document = clean_markdown(
        "# Livre\n\nOuverture du livre.\n\n## Partie\n\n### Chapitre\n\nIl pleut.\n\n## Autre\n\nElle sort.\n"
    )
    (unit,) = document.units
    assert document.metadata.title == "Livre"
    assert [section.heading for section in unit.sections] == [None, "Partie › Chapitre", "Autre"]


@pytest.mark.parametrize("heading", ["Contact", "Menu", "Abonnement", "12 mars 2023", "Accueil"])
def test_a_heading_of_markdown_is_a_heading_whatever_it_says(heading: str) -> None:
    document = clean_markdown(
        f"# Journal\n\nIl a plu toute la nuit sur la ville.\n\n## {heading}\n\nElle est sortie à l’aube.\n"
    )
    assert document.units[0].sections[-1].heading == heading
    assert kept(document) == ["Il a plu toute la nuit sur la ville.", "Elle est sortie à l’aube."]


def test_what_is_written_in_markdown_is_no_menu() -> None:
    document = clean_markdown(
        "# Le jardin\n\n- [Les outils](#outils)\n- [Le reste](#reste)\n\nVous retrouverez :\n\n* Judo\n* Tir à l'arc\n\n"
        "Il a plu toute la nuit sur la ville.\n\nOn y vend :\n\n* des tomates\n* des radis\n"
    )
    assert kept(document) == [
        "Vous retrouverez :",
        "Judo",
        "Tir à l'arc",
        "Il a plu toute la nuit sur la ville.",
        "On y vend :",
        "des tomates",
        "des radis",
    ]


def test_a_sentence_in_large_type_is_told_and_heads_nothing() -> None:
    sentence = "Que vous travailliez seul ou en équipe, il est bon de savoir que les données du jardin sont protégées."
    document = clean_markdown(f"# Journal\n\n## Partie\n\n#### {sentence}\n\nIl a plu toute la nuit sur la ville.\n")
    assert kept(document) == [sentence, "Il a plu toute la nuit sur la ville."]
    assert [section.heading for section in document.units[0].sections] == ["Partie"]


def test_the_title_of_markdown_is_its_first_heading_even_numbered() -> None:
    assert (
        clean_markdown("# Chapitre 3 : la mer\n\nIl a plu toute la nuit sur la ville.\n").metadata.title
        == "Chapitre 3 : la mer"
    )


def test_chrome_left_in_a_page_goes_too() -> None:
    source = """<html><body><article><h1>Le retour du castor</h1>
<p>Chassé pendant des siècles pour sa fourrure, le castor a presque disparu des rivières de France.</p>
<p>12 commentaires</p><p>Partager sur Facebook</p>
<p>Il occupe de nouveau la Loire et ses affluents, où il abat saules et peupliers.</p></article></body></html>"""
    document = clean(RawDocument("a.html", "html", "0", *html_blocks(source)), Metadata())
    assert [text.split()[0] for text in kept(document)] == ["Chassé", "Il"]
    assert document.metadata.title == "Le retour du castor"


# The document


def test_what_the_catalogue_says_wins_over_what_the_text_says() -> None:
    text = "Un titre\nPar Anne Petit\nLe 4 mai 2020\nIl a plu toute la nuit sur la ville et sur les champs."
    document = clean_text(text, Metadata(title="Le vrai titre", publication="Le Courrier"))
    assert document.metadata == Metadata("Le vrai titre", "Anne Petit", "Le Courrier", "2020-05-04")


@pytest.mark.parametrize("text", ["", "S’abonner\nSe connecter\n12 commentaires", "* * *", "publié le 30/06/2024"])
def test_a_file_without_prose_is_told(text: str) -> None:
    with pytest.raises(FileWithoutText):
        clean_text(text)


def test_the_text_itself_is_never_changed() -> None:
    text = "\ufeff  Il a plu\u00a0toute la nuit sur la ville ;\r\nelle est sortie.\r\n"
    assert clean_text(text).text == text


def test_the_id_of_a_document_is_that_of_its_path() -> None:
    assert document_id("a.txt") == document_id("a.txt") != document_id("b.txt")
    assert re.fullmatch("[0-9a-f]{12}", document_id("é/œ.txt"))
    assert re.fullmatch("[0-9a-f]{12}", document_id("\udce9.txt"))


PROSE = "Voici ce qu’il faut apporter à la réunion de demain matin, avec les noms de tous les participants :"


def calls(text: str) -> int:
    """How many calls it takes to clean a text: the same on any machine, however busy."""
    count = 0

    def told(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(told)
    try:
        clean_text(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("line", ["Mot bref {}", "- mot bref {}", "- mot {}, 12 g", "Elle sort {}."])
def test_twice_the_lines_take_twice_the_work(line: str) -> None:
    def listing(count: int) -> str:
        return "\n\n".join([PROSE, *(line.format(f"{'abcdefghij'[n % 10]}{n:x}") for n in range(count))])

    assert len(kept(clean_text(listing(300)))) == 301
    assert calls(listing(300)) < 2.5 * calls(listing(150))
