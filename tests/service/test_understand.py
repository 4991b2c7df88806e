import pytest

from indexer.errors import QuestionEmpty, QuestionTooLong
from service.engine import Engine
from service.understand import LONGEST_QUESTION, understand


def ask(engine: Engine, question: str):
    return understand(question, engine.index, engine.embedder)


@pytest.mark.parametrize("question", ["", "   ", "?", "… !", "\n\t"])
def test_a_question_without_a_word_is_empty(seeds_engine, question):
    with pytest.raises(QuestionEmpty):
        ask(seeds_engine, question)


def test_an_over_long_question_is_refused_with_its_length(seeds_engine):
    with pytest.raises(QuestionTooLong, match=str(LONGEST_QUESTION)):
        ask(seeds_engine, "mot " * LONGEST_QUESTION)


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("Qu’est-ce que le paradoxe du back-office ?", "fr"),
        ("c quoi le back office", "fr"),
        ("What is the back-office paradox?", "en"),
        ("who wrote about cooperative nomadism", "en"),
        ("travail gratuit", "fr"),
    ],
)
def test_language(seeds_engine, question, lang):
    assert ask(seeds_engine, question).lang == lang


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Combien de clients répondent ?", "number"),
        ("Quel est le montant du virement ?", "number"),
        ("En quelle année le texte a-t-il paru ?", "date"),
        ("Quand le back-office a-t-il crevé l’écran ?", "date"),
        ("Qui a théorisé la destruction créatrice ?", "person"),
        ("Pourquoi parle-t-on d’un paradoxe ?", "reason"),
        ("Qu’est-ce que le back-office ?", "definition"),
        ("c'est quoi le back-office", "definition"),
        ("How many people answer?", "number"),
        ("Why is it a paradox?", "reason"),
    ],
)
def test_what_the_question_word_asks_for(seeds_engine, question, expected):
    assert expected in ask(seeds_engine, question).expects


def test_a_word_of_a_heading_alone_is_known(engine_of):
    engine = engine_of(
        {
            "a.md": "# Le jardin\n\n## Statuts de Zorglubine\n\nElle se réunit chaque année au mois de mai dans la grande salle.\n"
        }
    )
    (term,) = (term for term in ask(engine, "Que fait la Zorglubine ?").terms if term.typed == "Zorglubine")
    assert (term.known, term.corrected) == (True, ())


def test_words_known_and_unknown(seeds_engine):
    terms = {term.typed: term for term in ask(seeds_engine, "Le paradoxe du zirconium").terms}
    assert terms["paradoxe"].known
    assert not terms["zirconium"].known
    assert terms["zirconium"].corrected == ()
    assert terms["zirconium"].weight > terms["paradoxe"].weight > 0


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("paradoxxe", ("paradoxe",)),
        ("sytnec", ("syntec",)),
        ("individualisaton", ("individualisation",)),
        ("backofice", ("backoffice",)),
    ],
)
def test_typing_errors_are_read_as_the_corpus_s_word(seeds_engine, typed, read):
    (term,) = ask(seeds_engine, typed).terms
    assert term.corrected == read
    assert not term.known


def test_a_short_word_is_mended_beside_the_rest_of_its_hyphenated_word(seeds_engine):
    query = ask(seeds_engine, "parradoxe du bak office")
    assert [term.corrected for term in query.terms] == [("paradoxe",), ("back",), ()]
    assert query.mended == "paradoxe du back office"
    for left_alone in ("le bak du bureau", "Bak office", "le bak, l'office"):
        assert all(not term.corrected for term in ask(seeds_engine, left_alone).terms)


def test_two_words_written_as_one(engine_of):
    engine = engine_of({"a.txt": "Le grand livre ouvert est posé sur la table de la salle commune depuis hier soir.\n"})
    (term,) = ask(engine, "grandlivre").terms
    assert term.corrected == ("grand", "livre")


@pytest.mark.parametrize("word", ["chat", "2019", "xyzt", "Zuboff"])
def test_short_words_numbers_and_far_words_are_left_alone(seeds_engine, word):
    (term,) = ask(seeds_engine, word).terms
    assert term.corrected == ()


def test_hyphenated_words_keep_their_joined_form_only_where_the_corpus_has_it(seeds_engine):
    assert "backoffic" in {term.term for term in ask(seeds_engine, "le back-office").terms}
    assert "porteavion" not in {term.term for term in ask(seeds_engine, "le porte-avion").terms}


def test_names_and_numbers_are_named_terms(seeds_engine):
    named = {term.typed: term.named for term in ask(seeds_engine, "Que dit Denis Maillard du travail en 2024 ?").terms}
    assert named == {"Denis": True, "Maillard": True, "travail": False, "2024": True}
