"""Quantifiers, modality, conditions and exceptions."""

import pytest

from service.prose.verdict import Reason
from tests.service.prose.checked import assert_verdict


@pytest.mark.parametrize(
    ("quote", "sentence", "reason"),
    [
        ("Certains clients paient.", "Tous les clients paient.", Reason.QUANTIFIER),
        ("Certains clients paient.", "Les clients paient.", Reason.QUANTIFIER),
        ("Les clients ne paient pas toujours.", "Les clients ne paient jamais.", Reason.QUANTIFIER),
        ("Le client peut payer.", "Le client doit payer.", Reason.MODALITY),
        ("La hausse semble durable.", "La hausse est durable.", Reason.MODALITY),
        ("Il est interdit d’entrer, sauf si le gardien l’autorise.", "Il est interdit d’entrer, même si le gardien l’autorise.", Reason.CONDITION),
        ("La piscine ouvre à huit heures, sauf le lundi.", "La piscine ouvre à huit heures le lundi.", Reason.CONDITION),
        ("La piscine ouvre à huit heures, sauf le lundi.", "La piscine ouvre à huit heures.", None),
        ("Les agents votent, à l’exception des stagiaires.", "Les stagiaires votent.", Reason.CONDITION),
        ("Les agents votent, à l’exception des stagiaires.", "Les agents votent, sauf les stagiaires.", None),
        ("Les agents et les stagiaires votent, sauf les stagiaires mineurs.", "Les stagiaires votent.", None),
        ("Si la pluie tombe, le marché ferme.", "Le marché ferme.", Reason.CONDITION),
        ("S’il pleut, le marché ferme à midi.", "Le marché ferme à midi.", Reason.CONDITION),
        ("Si la pluie tombe, c’est que le marché ferme.", "Le marché ferme.", None),
        ("Si la pluie tombe, le marché ferme.", "En cas de pluie, le marché ferme.", None),
        ("Si la pluie tombe, le marché ferme. La gare est chauffée.", "La gare est chauffée.", None),
        ("Rien ne prouve que le vaccin cause la maladie.", "Le vaccin cause la maladie.", Reason.MODALITY),
        ("Rien ne prouve que le vaccin cause la maladie.", "Selon le texte, rien ne prouve que le vaccin cause la maladie.", None),
        ("Le maire nie que la ville vende le terrain.", "La ville vend le terrain.", Reason.MODALITY),
        ("Cela ne signifie pas que le bail est gratuit.", "Le bail est gratuit.", Reason.MODALITY),
        ("Nul doute que le bail est gratuit.", "Le bail est gratuit.", None),
        ("Le maire affirme que la ville vend le terrain.", "La ville vend le terrain.", None),
    ],
)  # fmt: skip
def test_no_more_is_said_than_in_the_quote(embedder, quote, sentence, reason):
    assert_verdict(embedder, quote, sentence, reason)
