"""The French analyser: the table of all that is written in many ways and means the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import AnalyserRules, FrenchAnalyser, fold

ANALYSER = FrenchAnalyser()

SAME_TERMS = [
    # both apostrophes, and every elision
    ("l'employé", "l’employé"),
    ("l’employé", "employé"),
    ("d'usine", "usine"),
    ("j’appelle", "appelle"),
    ("m’expliquait", "expliquait"),
    ("t’attend", "attend"),
    ("s'interrogeait", "interrogeait"),
    ("c’existe", "existe"),
    ("n’échappera", "échappera"),
    ("qu’usine", "usine"),
    ("jusqu'Angers", "jusqu’Angers"),
    ("jusqu’Angers", "Angers"),
    ("lorsqu’arrive", "arrive"),
    ("puisqu’arrive", "arrive"),
    ("quoiqu’arrive", "arrive"),
    ("quelqu’usine", "usine"),
    ("presqu’île", "île"),
    ("entr’aide", "aide"),
    ("L’USINE", "usine"),
    ("d‘usine", "usine"),
    ("l`usine", "usine"),
    # accents, capitals, ligatures
    ("Sécurité", "securite"),
    ("SÉCURITÉ", "sécurité"),
    ("réglementations", "reglementation"),
    ("œuvre", "oeuvre"),
    ("Œuvre", "OEUVRE"),
    ("main-d’œuvre", "main-d'oeuvre"),
    ("curriculum vitæ", "curriculum vitae"),
    ("garçon", "garcon"),
    ("Noël", "noel"),
    # hyphens: plain, typographic, no-break
    ("back-office", "back‐office"),
    ("back-office", "back‑office"),
    ("Back-Office", "back-office"),
    # inclusive forms meet the plain form
    ("infirmier(e)s", "infirmiers"),
    ("infirmier(e)", "infirmier"),
    ("auteur·es", "auteurs"),
    ("auteur·rice·s", "auteurs"),
    ("théorisée", "théorisé"),
    ("publiées", "publié"),
    ("théorisee", "théorisé"),
    ("salarié·e·s", "salariés"),
    ("salarié•e•s", "salariés"),
    ("salarié·e", "salarié"),
    ("étudiant.e.s", "étudiants"),
    ("étudiant·es", "étudiants"),
    ("citoyen-ne-s", "citoyens"),
    ("agriculteur.trice.s", "agriculteurs"),
    ("vendeur·euse·s", "vendeurs"),
    ("professionnel·le·s", "professionnels"),
    ("chef·fe·s", "chefs"),
    # digits grouped by plain, no-break, narrow no-break and thin spaces, or by points
    ("500 000", "500000"),
    ("500\u00a0000", "500000"),
    ("500\u202f000", "500000"),
    ("500\u2009000", "500000"),
    ("1 200 000", "1.200.000"),
    ("1 234,50 €", "1234,50 €"),
    # decimals, percents
    ("3,5", "3.5"),
    ("90 %", "90%"),
    ("90\u202f%", "90 %"),
    ("4,9€", "4,9 €"),
    # dates
    ("18.10.2016", "18/10/2016"),
    ("1/9/2016", "01/09/2016"),
    # articles of a code
    ("L. 1234-5", "L1234-5"),
    ("L.1234-5", "L1234-5"),
    ("L 1234-5", "L1234-5"),
    ("L.\u00a01234-5", "L1234-5"),
    ("L. 1234‑5", "L1234-5"),
    ("R.* 421-1", "R421-1"),
    ("D. 123", "D123"),
    ("l1234-5", "L. 1234-5"),
    ("l. 1234-5", "L. 1234-5"),
    ("l.1234‑5-1", "L. 1234-5-1"),
    ("article l 1234-5", "article L. 1234-5"),
    ("r421-1", "R.* 421-1"),
    ("d. 4321-12", "D. 4321-12"),
    ("d'1-2", "1-2"),
    ("d’2019-2020", "2019-2020"),
    # ordinals
    ("1er", "1"),
    ("1ère", "1re"),
    ("2e", "2ème"),
    ("3ème", "3"),
    ("2nde", "2e"),
    # singular and plural, verb forms
    ("livreurs", "livreur"),
    ("indemnisations", "indemnisation"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME_TERMS)
def test_two_ways_to_write_the_same_give_the_same_terms(one: str, other: str) -> None:
    assert ANALYSER.terms(one) == ANALYSER.terms(other) != []


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_an_invisible_character_inside_a_word_does_not_part_it(invisible: str) -> None:
    assert ANALYSER.terms(f"la sécu{invisible}rité sociale") == ANALYSER.terms("la sécurité sociale")


@pytest.mark.parametrize("word", ["sécurité", "garçon", "Noël", "salarié·e·s", "l’été d’après", "reçu", "où"])
def test_accents_written_as_combining_marks_are_the_same_accents(word: str) -> None:
    decomposed = unicodedata.normalize("NFD", word)
    assert ANALYSER.terms(f"un {decomposed} vu") == ANALYSER.terms(f"un {word} vu")


DIFFERENT_TERMS = [
    ("L. 1234-5", "L. 1234-6"),
    ("L. 1234-5", "R. 1234-5"),
    ("l1234-5", "r1234-5"),
    ("500 000", "500 001"),
    ("3,5", "35"),
    ("18/10/2016", "19/10/2016"),
    ("usine", "atelier"),
    ("poste", "impôt"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT_TERMS)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert not set(ANALYSER.terms(one)) >= set(ANALYSER.terms(other))


@pytest.mark.parametrize("writing", ["back office", "backoffice", "back-office", "Back-Offices", "BackOffice"])
def test_a_hyphenated_word_meets_its_parts_and_the_joined_word(writing: str) -> None:
    assert set(ANALYSER.terms(writing)) & set(ANALYSER.terms("back-office"))


def test_a_hyphenated_word_gives_its_parts_then_the_joined_word() -> None:
    assert [token.surface for token in ANALYSER.tokens("le back-office")] == ["back", "office", "backoffice"]


def test_a_word_in_camel_case_gives_its_parts() -> None:
    assert [token.surface for token in ANALYSER.tokens("OpenStreet")] == ["open", "street", "openstreet"]


@pytest.mark.parametrize("inverted", ["est-ce", "dit-il", "a-t-il", "lui-même", "celui-ci"])
def test_an_inversion_is_no_compound(inverted: str) -> None:
    assert all("-" not in term for term in ANALYSER.terms(inverted))
    assert fold(inverted).replace("-", "") not in [token.surface for token in ANALYSER.tokens(inverted)]


@pytest.mark.parametrize(
    "stop",
    ["le", "la", "les", "l’", "d'", "qu’il", "à", "a", "où", "ou", "été", "ete", "même", "meme", "très", "tres",
     "aujourd’hui", "aujourd'hui", "c’est", "quelqu’un", "The", "of", "ÉTAIENT", "ça", "ca", "jusqu’à"],
)  # fmt: skip
def test_function_words_give_no_term_accented_or_not(stop: str) -> None:
    assert ANALYSER.terms(stop) == []


@pytest.mark.parametrize(
    ("grouped", "apart"),
    [("en 2020 300 personnes", ["2020", "300"]), ("01 23 45 67 89", ["01", "23", "45", "67", "89"])],
)
def test_numbers_side_by_side_are_not_one_number(grouped: str, apart: list[str]) -> None:
    assert [term for term in ANALYSER.terms(grouped) if term[0].isdigit()] == apart


def test_a_date_is_also_found_by_its_year() -> None:
    assert "2016" in ANALYSER.terms("Le Monde 18.10.2016")


def test_a_number_after_a_capital_a_is_a_number() -> None:
    assert "2000" in ANALYSER.terms("A 2000 mètres d’altitude, l’air est rare.")


@pytest.mark.parametrize("text", ["a 10-12", "a 100-120", "d 10-12", "bol 1234-5"])
def test_a_small_letter_before_numbers_makes_no_article(text: str) -> None:
    letter, numbers = text.split()
    assert ANALYSER.terms(text) == ANALYSER.terms(letter) + ANALYSER.terms(numbers)


def test_tokens_know_where_they_stand() -> None:
    text = "L’employé du back-office : 500 000 €, art. L. 1234-5, salarié·e·s."
    found = [(token.surface, text[token.start : token.end]) for token in ANALYSER.tokens(text)]
    assert found == [
        ("employe", "employé"),
        ("back", "back"),
        ("office", "office"),
        ("backoffice", "back-office"),
        ("500000", "500 000"),
        ("art", "art"),
        ("l1234-5", "L. 1234-5"),
        ("salaries", "salarié·e·s"),
    ]


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Œuvre", "oeuvre"), ("D’où", "d'ou"), ("ÇA", "ca"), ("sécu\u00adrité", "securite"), ("ﬁn", "fin"), ("Straße", "strasse")],
)  # fmt: skip
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


TRICKY = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("aeé·().-'’–LRD 0123456789,/\u00a0\u202f\u00ad\u200b\u2060œ"))
)


@given(TRICKY)
def test_tokens_lie_in_the_text_in_order(text: str) -> None:
    ends = 0
    for token in ANALYSER.tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.end >= ends  # a joined form ends with its last part
        ends = token.end


@given(TRICKY)
def test_terms_are_never_empty_and_never_hold_a_space(text: str) -> None:
    for term in ANALYSER.terms(text):
        assert term
        assert not any(character.isspace() for character in term)


@given(TRICKY)
def test_analysis_is_deterministic(text: str) -> None:
    assert ANALYSER.tokens(text) == FrenchAnalyser().tokens(text)


@given(TRICKY)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


WORDS = (
    "sécurité réglementation ingénierie créé âgé forêt maïs naïveté août garçon reçu leçon œuvre cœur vœu cæsium élève "
    "détérioré où à été même très île hôpital enquête dégât pâques employée salarié précarité précaire télétravail "
    "décentralisé indépendant prévoyance santé épuisement numérisation société bien-être sur-mesure ci-après là-bas"
).split()


@given(st.lists(st.sampled_from(WORDS), min_size=1), st.booleans())
def test_a_text_typed_without_accents_gives_the_same_terms(words: list[str], upper: bool) -> None:
    text = " ".join(words)
    text = text.upper() if upper else text
    bare = "".join(
        character
        for character in unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE"))
        if not unicodedata.combining(character)
    )  # fmt: skip
    assert bare.isascii()
    assert ANALYSER.terms(bare) == ANALYSER.terms(text)


@pytest.mark.parametrize(
    ("rule", "text", "terms"),
    [
        ("stemming", "les salariées", ["salariees"]),
        ("stop_words", "le salarié", ["le", "salar"]),
        ("accents", "à l’école", ["écol"]),
        ("elision", "presqu’île", ["presqu", "ile", "presquil"]),
        ("compounds", "back-office", ["back", "offic"]),
        ("inclusive", "salarié·e·s", ["salar", "e"]),
        ("figures", "500 000", ["500", "000"]),
    ],
)
def test_each_rule_can_be_left_out(rule: str, text: str, terms: list[str]) -> None:
    without = FrenchAnalyser(AnalyserRules(**{rule: False})).terms(text)
    assert without == terms
    assert without != ANALYSER.terms(text)
