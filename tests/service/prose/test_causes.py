"""A cause and its effect."""

from service.prose.verdict import Reason
from tests.service.prose.checked import assert_verdict


def test_a_cause_is_not_told_as_its_effect(embedder):
    assert_verdict(
        embedder,
        "Le vent a retardé la course parce que la digue était rompue.",
        "La digue était rompue parce que le vent a retardé la course.",
        Reason.CAUSE,
    )
