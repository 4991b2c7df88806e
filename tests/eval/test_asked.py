import pytest

from eval.asked import asked_in, asked_of


@pytest.mark.parametrize(
    ("words", "question", "kind"),
    [
        ("Qu’est-ce que le paradoxe du back-office ?", "Qu’est-ce que le paradoxe du back-office ?", "definition"),
        ("Élucid : Qu’est-ce que le « paradoxe » ?", "Qu’est-ce que le « paradoxe » ?", "definition"),
        ("1. comment s’inscrire à la piscine\u00a0?", "Comment s’inscrire à la piscine ?", "how"),
        ("Pourquoi le castor abat-il des arbres ?", "Pourquoi le castor abat-il des arbres ?", "why"),
        ("Combien de temps faut-il pour guérir ?", "Combien de temps faut-il pour guérir ?", "number"),
        ("Quand la piscine ouvre-t-elle ?", "Quand la piscine ouvre-t-elle ?", "date"),
    ],
)
def test_a_question_of_the_text_is_asked_as_it_is(words, question, kind):
    asked = asked_in(words)
    assert asked is not None
    assert (asked.question, asked.kind) == (question, kind)


@pytest.mark.parametrize(
    "words",
    ["Le retour du castor", "C’est donc ça, le progrès ?", "Que pensez-vous de la loi ?", "Quelle fonction occupe-t-il ?",
     "Pourquoi cela ?", "Quel rôle joue la loi ? Et pourquoi ?", "Et la nuit ?", "Pourquoi ?", "Comment y remédier ?"],
)  # fmt: skip
def test_a_question_that_leans_on_its_text_is_not_asked(words):
    assert asked_in(words) is None


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("Le retour du castor", "Que dit le texte du retour du castor ?"),
        ("L’avenir de l’hôpital", "Que dit le texte de l’avenir de l’hôpital ?"),
        ("La fin du travail à la chaîne", "Que dit le texte de la fin du travail à la chaîne ?"),
        ("Les métiers de l’humain", "Que dit le texte des métiers de l’humain ?"),
        ("Le castor revient", None),
        ("Retour du castor", None),
        ("Le retour du castor inquiète", None),
        ("Les humains ont besoin de repos", None),
    ],
)
def test_a_heading_is_asked_of_only_where_its_french_is_sure(heading, question):
    asked = asked_of(heading)
    assert (asked.question if asked else None) == question
