import pytest

from eval.wording import holds, language, normalised, token_f1


def test_case_accents_articles_and_punctuation_do_not_count():
    assert normalised("L’Été, à la mer !") == ["ete", "a", "mer"]
    assert normalised("les 500\u202f000 salariés") == ["500000", "salaries"]


@pytest.mark.parametrize(
    ("answer", "reference", "f1"),
    [
        ("Denis Maillard", "denis maillard", 1.0),
        ("le philosophe Denis Maillard", "Denis Maillard", 0.8),
        ("un autre", "Denis Maillard", 0.0),
        ("non non non", "non", 0.5),
        ("le", "la", 1.0),
        ("le", "maire", 0.0),
    ],
)
def test_f1_counts_words_in_common(answer, reference, f1):
    assert token_f1(answer, reference) == pytest.approx(f1)


def test_a_fact_is_held_whatever_the_spaces_and_apostrophes():
    assert holds("Plus de 220\u00a0€ l’an", "220 € L'AN")
    assert not holds("Plus de 220 €", "230 €")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C’est ce que disent les textes.", "fr"),
        ("That is what the texts say.", "en"),
        ("Python 3", None),
        ("", None),
    ],
)
def test_the_language_is_told_by_function_words(text, found):
    assert language(text) == found
