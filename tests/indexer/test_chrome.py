"""What one block looks like by itself: prose, a short sentence, a heading, a byline, or chrome."""

import pytest

from indexer.chrome import Verdict, find_author, is_breadcrumb, is_byline, is_counter, judge

TABLE = {
    Verdict.GOOD: [
        "Depuis deux ans, les loyers des villes moyennes progressent plus vite que ceux des métropoles.",
        "On m’a demandé de partager mon bureau avec deux collègues que je ne connaissais pas.",
        "Il ne faut pas oublier que, dans la logique mercantile généralisée, si c’est gratuit, c’est que vous êtes le produit",
        "The canal was dug by hand over eleven years, by men who came from all over the county.",
    ],
    Verdict.NEAR: [
        "Elle part.",
        "Oui.",
        "Et le froid ?",
        "L’offre recule.",
        "Votre abonnement prendra fin le 31 mars.",
        "Le menu change chaque jour.",
        "Horaires : 9 h – 12 h",
        "Tarif : 45 €",
        "Voici ce qu’il faut :",
    ],
    Verdict.SHORT: [
        "Le phénix capitaliste",
        "Profession : contributeur bénévole",
        "Concert d’inauguration le 12 mars 1999",
        "Le 4 mai 1902 : ouverture de la première ligne",
    ],
    Verdict.BYLINE: [
        "publié le 30/06/2024 Par Laurent Ottavi",
        "jeudi 10 août 2017, par Contribution",
        "Par Mustapha BenKalfate",
        "Mis à jour le 3 mai 2014 à 10h15",
        "12 mars 2020",
        "Nantes, le 3 février 2022",
        "Propos recueillis par Anne Petit",
        "By John Smith",
        "Published on March 3, 2019",
    ],
    Verdict.BAD: [
        "S’abonner",
        "Se connecter",
        "Déjà abonné ? Connectez-vous",
        "Lisez la suite et soutenez un média indépendant sans publicité",
        "Tapez votre recherche et pressez ENTREE pour la valider",
        "Transmettez-nous votre CV en cliquant sur le lien suivant, et recevez les commentaires par écrit.",
        "Nous utilisons des cookies pour améliorer votre expérience.",
        "This website uses cookies to improve your experience.",
        "Il vous reste 65 % de cet article à lire. La suite est réservée aux abonnés.",
        "Accueil > Réflexions > Le client moderne comme employé à titre gratuit",
        "12 commentaires",
        "...42 more annotations...",
        "(1 204 vues)",
        "Lecture 4 min.",
        "Temps de lecture : 7 minutes",
        "1 - 20 of 64 Next › Last »",
        "Page 2 sur 12",
        "Mentions légales",
        "Skip to main content",
        "* * *",
        "———",
        "12",
    ],
}


@pytest.mark.parametrize(("verdict", "text"), [(verdict, text) for verdict, texts in TABLE.items() for text in texts])
def test_a_block_by_itself(verdict: Verdict, text: str) -> None:
    assert judge(text, item=False) is verdict


@pytest.mark.parametrize("text", ["le pain", "Hausse du prix du repas"])
def test_a_bullet_makes_a_short_line_doubtful_rather_than_a_heading(text: str) -> None:
    assert (judge(text, item=False), judge(text, item=True)) == (Verdict.SHORT, Verdict.NEAR)


@pytest.mark.parametrize("text", ["12 personnes", "3 enfants jouent dans la cour.", "500 000 clients", "Article 3"])
def test_a_number_of_things_is_no_counter(text: str) -> None:
    assert not is_counter(text)


@pytest.mark.parametrize("text", ["Il habite 3 > 2", "pain / sel", "Un texte. » Puis un autre"])
def test_two_parts_are_no_breadcrumb(text: str) -> None:
    assert not is_breadcrumb(text)


@pytest.mark.parametrize(
    "text",
    [
        "Il est né le 3 mai 1920.",
        "Travaux votés en mars 2020 par le conseil, contre l’avis du maire de la ville et de ses adjoints",
    ],
)
def test_a_sentence_with_a_date_is_no_byline(text: str) -> None:
    assert not is_byline(text)


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("publié le 30/06/2024 Par Laurent Ottavi", "Laurent Ottavi"),
        ("Par Jean-Pierre d’Ormesson et Anne de La Tour", "Jean-Pierre d’Ormesson et Anne de La Tour"),
        ("Publié par Hélène le 4 septembre 2021", "Hélène"),
        ("By John Smith", "John Smith"),
        ("par avion", None),
        ("Publié le 4 mai", None),
    ],
)
def test_the_author_of_a_byline(text: str, author: str | None) -> None:
    assert find_author(text) == author
