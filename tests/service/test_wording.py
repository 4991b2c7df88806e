import pytest

from service.wording import in_words, items, quoted, safe, shorten


@pytest.mark.parametrize(
    ("iso", "french", "english"),
    [("2021-05-01", "1er mai 2021", "1 May 2021"), ("2021-08", "août 2021", "August 2021"), ("2021", "2021", "2021"),
     (None, None, None)],
)  # fmt: skip
def test_a_date_in_words(iso, french, english):
    assert (in_words(iso, "fr"), in_words(iso, "en")) == (french, english)


def test_quotation_marks_of_each_language():
    assert (quoted("a", "fr"), quoted("a", "en")) == ("«\u00a0a\u00a0»", "“a”")


def test_text_is_made_one_line_without_hidden_letters_and_cut_between_words():
    assert safe("travail\u2028le\x0bsoir\x85\x0cvenu") == "travail le soir venu"
    assert safe(" a\r\n\tb\u200b\x1b[31m\u202ec ") == "a b[31mc"
    assert shorten("un deux trois", 9) == "un deux …"


@pytest.mark.parametrize(
    ("quote", "parts"),
    [
        ("Il faut :\n\n* une clé ;\n* de l'eau,\nde pluie.", ["Il faut :", "* une clé ;", "* de l'eau,\nde pluie."]),
        ("> Il faut :\r\n> 1. une clé\r\n> 2. de l'eau", ["> Il faut :", "1. une clé", "2. de l'eau"]),
        ("Il faut :\n\nune clé\n\nde l'eau", ["Il faut :", "une clé", "de l'eau"]),
        ("Il faut\nune clé - ou deux.", ["Il faut\nune clé - ou deux."]),
    ],
)
def test_items_of_a_quote(quote, parts):
    assert items(quote) == parts
