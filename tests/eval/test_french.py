import pytest

from eval.french import elides, inverted, noun_phrase, what_is


@pytest.mark.parametrize(
    ("word", "elided"),
    [("habitants", True), ("hectares", True), ("hôpitaux", True), ("héros", False), ("hauts", False), ("hameaux", False),
     ("écoles", True), ("œuvres", True), ("salariés", False), ("onze", False), ("yaourts", False)],
)  # fmt: skip
def test_elision(word, elided):
    assert elides(word) is elided


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Le castor", "Qu’est-ce que le castor ?"),
        ("Un quota", "Qu’est-ce qu’un quota ?"),
        ("L’étang", "Qu’est-ce que l’étang ?"),
        ("Les castors", "Que sont les castors ?"),
        ("Aquinetic", "Qu’est-ce qu’Aquinetic ?"),
        ("Hermès", None),
    ],
)
def test_what_is(text, question):
    phrase = noun_phrase(text)
    assert phrase is not None
    assert what_is(phrase) == question


@pytest.mark.parametrize(
    "text",
    ["Ce castor", "Il", "Celle-ci", "Le livre que j’ai lu", "La loi", "Le fait", "Son terrier", "Le castor, rongeur",
     "- Le castor", "Cependant", "Le trou noir en question", "La première", "L’autre rive", "Le retour du", ""],
)  # fmt: skip
def test_a_phrase_that_leans_on_its_text_is_none(text):
    assert noun_phrase(text) is None


def test_what_names_one_thing_is_specific():
    assert noun_phrase("La loi Travail").specific
    assert noun_phrase("La loi de 1905").specific
    assert not noun_phrase("La loutre").specific
    assert not noun_phrase("Une école de médecine").specific


@pytest.mark.parametrize(
    ("subject", "auxiliary", "participle", "clause"),
    [
        ("La tour Eiffel", "a été", "inaugurée", "la tour Eiffel a-t-elle été inaugurée"),
        ("Les Halles de Paris", "ont été", "démolies", "les Halles de Paris ont-elles été démolies"),
        ("Le mur de Berlin", "est", "construit", "le mur de Berlin est-il construit"),
        ("Denis Maillard", "fut", "élu", "Denis Maillard fut-il élu"),
        ("La tour Eiffel", "a été", "inauguré", None),
        ("Le mur de Berlin", "sont", "construits", None),
    ],
)
def test_inversion_agrees_or_is_none(subject, auxiliary, participle, clause):
    assert inverted(noun_phrase(subject), auxiliary, participle) == clause
