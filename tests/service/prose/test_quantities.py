"""Numbers with their units and bounds, and what they count."""

import pytest

from service.prose.verdict import Reason
from tests.service.prose.checked import assert_verdict, checker


@pytest.mark.parametrize(
    ("quote", "sentence", "reason"),
    [
        ("Le délai est de trente jours.", "Le délai est de 30 jours.", None),
        ("Le délai est de trente jours.", "Le délai est de vingt jours.", Reason.NUMBER),
        ("Le délai est de trente jours.", "Le délai est de trente mois.", Reason.UNIT),
        ("Plus de 90 % des clients paient.", "Moins de 90 % des clients paient.", Reason.BOUND),
        ("Le préavis est de trois mois.", "Le préavis est d’un mois.", Reason.NUMBER),
        ("Le préavis est de 1 mois.", "Le préavis est d’un mois.", None),
        ("Un jour, le conseil nomma trois directeurs.", "Le conseil nomma trois directeurs.", None),
        ("La remise est valable jusqu’au 30 juin.", "La remise est valable à partir du 30 juin.", Reason.BOUND),
        ("La remise est valable à compter du 30 juin.", "La remise est valable à partir du 30 juin.", None),
        ("La loi s’applique dès le 30 juin.", "La loi s’applique à partir du 30 juin.", None),
        ("La loi s’applique à partir du 30 juin 2024.", "La loi s’applique le 30 juin 2024.", None),
        ("La piscine est ouverte à partir de 8 heures.", "La piscine ouvre à 8 heures.", None),
        ("La loi vise les entreprises de moins de 50 salariés.", "La loi vise les entreprises de 50 salariés.", Reason.BOUND),
        ("Le bail dure au moins 6 mois.", "Le bail dure 6 mois.", Reason.BOUND),
        ("Le bail dure au moins 6 mois.", "Le bail doit au moins durer 6 mois.", None),
        ("Le bail dure au minimum 6 mois.", "Le minimum du bail est de 6 mois.", None),
        ("Le phare n’accueille pas moins de 90 clients.", "Le phare accueille 90 clients.", None),
        ("Le rabais vaut pour les versions 2 et plus récentes.", "Le rabais vaut pour les versions 2 et suivantes.", None),
        ("Une taxe de 2 % par mois est due.", "Une taxe de 2 % par an est due.", Reason.UNIT),
        ("Plus d’un tiers des clients paient.", "Un tiers des clients paient.", Reason.BOUND),
        ("Deux tiers des clients paient.", "Un tiers des clients paient.", Reason.NUMBER),
        ("Les trois quarts des clients paient.", "75 % des clients paient.", None),
        ("Le loyer passe de 500 à 700 euros.", "Le loyer passe de 700 à 500 euros.", Reason.NUMBER),
        ("Le loyer passe de 500 à 700 euros.", "Le loyer passe de 500 euros à 700 euros.", None),
        ("Le billet coûte 135 €.", "Le billet coûte 135 euros.", None),
        ("Le billet coûte 135 $.", "Le billet coûte 135 euros.", Reason.UNIT),
        ("Le parc ferme à 20 h.", "Le parc ferme à 20 heures.", None),
        ("Le trajet prend 20 min.", "Le trajet prend 20 minutes.", None),
        ("Le bail commence le 1er janvier.", "Le bail commence le premier janvier.", None),
        ("Le village a 60 zones de pêche, dont 3 en 2026.", "Le village a une soixantaine de zones.", None),
        ("La porte a un loquet et la porte a une clé.", "Les deux portes ont un loquet et une clé.", None),
        ("La porte a un loquet et la porte a une clé.", "Les trois portes ont un loquet et une clé.", Reason.NUMBER),
        ("Le musée coûte 3 M€.", "Le musée coûte 3 millions d’euros.", None),
        ("Le musée coûte 3 Md€.", "Le musée coûte 3 millions d’euros.", Reason.NUMBER),
        ("La ville vend des logements neufs.", "La ville vend un logement neuf.", None),
    ],
)  # fmt: skip
def test_numbers_are_those_of_the_quote(embedder, quote, sentence, reason):
    assert_verdict(embedder, quote, sentence, reason)


def test_the_number_of_a_title_stands_after_its_word(embedder):
    told = checker(embedder, "Le jeu sort tardivement sur téléphone.", title="Phare 2")
    assert told.check("Phare 2 sort tardivement sur téléphone.", (1,)).supported
    assert Reason.NUMBER in told.check("Phare 3 sort tardivement sur téléphone.", (1,)).reasons
    assert Reason.NUMBER in told.check("Le jeu sort tardivement sur 2 téléphones.", (1,)).reasons
