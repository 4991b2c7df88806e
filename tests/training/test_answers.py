import pytest

from training.answers import exact_and_f1, normalised


@pytest.mark.parametrize(
    ("said", "accepted", "exact", "f1"),
    [
        ("Joseph Schumpeter", ["joseph schumpeter"], 1.0, 1.0),
        ("l’Assemblée nationale", ["Assemblee nationale"], 1.0, 1.0),
        ("220 €", ["220 €", "220"], 1.0, 1.0),
        ("en 1854", ["1854"], 0.0, 2 / 3),
        ("", ["1854"], 0.0, 0.0),
        ("Victor Hugo", ["Émile Zola"], 0.0, 0.0),
    ],
)
def test_answers_compare_as_in_squad_but_in_french(said, accepted, exact, f1):
    assert exact_and_f1(said, accepted) == (exact, pytest.approx(f1))


def test_case_accents_articles_and_punctuation_do_not_count():
    assert normalised("« L’État, c’est moi. »") == ["etat", "c", "est", "moi"]
