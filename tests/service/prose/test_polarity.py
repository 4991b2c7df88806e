"""Opposites and denials."""

import pytest

from service.prose.verdict import Reason
from tests.service.prose.checked import assert_verdict


@pytest.mark.parametrize(
    ("quote", "sentence", "reason"),
    [
        ("Le bail est renouvelable.", "Le bail n’est pas renouvelable.", Reason.NEGATION),
        ("Le bail n’est pas renouvelable.", "Le bail est renouvelable.", Reason.NEGATION),
        ("J’ai vu ce film hier et c’était bien.", "J’ai vu ce film hier et ce n’était pas bien.", Reason.NEGATION),
        ("Le prix augmente chaque mois.", "Le prix diminue chaque mois.", Reason.OPPOSITE),
        ("Contrairement au train, le bus est gratuit.", "Le train est gratuit.", Reason.NEGATION),
        ("Contrairement aux trains, les bus sont gratuits.", "Les trains sont gratuits.", Reason.NEGATION),
    ],
)  # fmt: skip
def test_nothing_is_turned_into_its_opposite(embedder, quote, sentence, reason):
    assert_verdict(embedder, quote, sentence, reason)
