import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import FrenchAnalyser
from service.prose.words import read_words

ANALYSER = FrenchAnalyser()


def denied(text: str) -> set[str]:
    return {word.form for word in read_words(text, ANALYSER).words if word.content and word.denied % 2}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le prestataire n’est pas responsable des retards.", {"responsable", "retards"}),
        ("Il est interdit à l’employeur de réduire les salaires.", {"reduire", "salaires"}),
        ("Aucune organisation n’échappera aux conséquences.", {"echappera"}),
        ("Une organisation à but non lucratif et reconnue.", {"lucratif"}),
        ("Il est géré sans but lucratif.", {"but", "lucratif"}),
        ("On ne compte pas moins de 500 clients.", set()),
        ("Il ne travaille que le lundi.", set()),
        ("Sans aucun doute, il viendra.", set()),
        ("Ils ne sont pas faits par des humains mais par des robots.", {"humains"}),
        ("L’appareil ne chauffe ni eau ni lait.", {"chauffe", "eau", "lait"}),
        ("Par téléphone plutôt que par courrier.", {"courrier"}),
        ("Contrairement aux trains, le bus roule.", {"trains"}),
        ("Des motifs de sexe ne sauraient motiver la décision.", {"motiver", "decision"}),
        ("Il marche sans jamais courir.", {"courir"}),
        ("Ce n’est plus qu’un souvenir.", set()),
        ("Ce n’est plus un souvenir.", {"souvenir"}),
        ("Il est né pas loin du phare.", {"loin", "phare"}),
        ("Évitez les espaces.", {"espaces"}),
        ("La faute revient aux phares.", set()),
        ("Il part faute de phares.", {"phares"}),
    ],
)
def test_what_is_denied(text, words):
    assert denied(text) == words


def quantifiers(text: str) -> list[str]:
    return [name for _, name in read_words(text, ANALYSER).quantifiers]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tous les clients", ["all"]), ("tout travail", ["all"]), ("tout en marchant", []), ("chaque mois", []),
        ("la plupart des gens", ["most"]), ("peu à peu", []), ("il ne lit que des romans", ["only"]),
        ("une seule personne", []), ("en partie", ["some"]), ("tout au long de la saison", ["all"]),
        ("pas toujours", ["some"]), ("pas seulement", []),
    ],
)  # fmt: skip
def test_quantifiers(text, names):
    assert quantifiers(text) == names


def test_names_are_capitals_that_open_no_sentence():
    words = read_words("Hier, Anselme Tréguier est venu. Demain il part à Brest.", ANALYSER).words
    assert [word.surface for word in words if word.name] == ["anselme", "tréguier", "brest"]


@given(st.text(max_size=120))
def test_any_text_is_read(text):
    words = read_words(text, ANALYSER)
    assert all(text[word.start : word.end].lower() == word.surface for word in words.words)
    assert all(0 <= place < len(words.words) for scope in words.scopes for place in scope)
