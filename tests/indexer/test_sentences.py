"""Sentences: a table of what is tricky in French, and what holds of any text."""

from typing import SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sentences import split_sentences

# One row a text; a bar stands where a sentence ends.
TABLE = [
    # titles and abbreviations
    "M. Dupont arrive. | Mme Durand part.",
    "MM. Petit et Roux signent. | Le maire aussi.",
    "Le Dr. Faure consulte. | Il est tard.",
    "Me Lopez plaide. | Mgr Lustiger écoute.",
    "Le n° 3 est pris. | Il reste le no. 4.",
    "Voir cf. p. 12 et vol. 3. | La suite manque.",
    "Des pommes, des poires, etc. et puis rien.",
    "Des pommes, des poires, etc. | Il en reste.",
    "Voir art. L. 1234-5 du code. | Il dispose du délai.",
    "Voir l’art. R.* 421-1. | Il renvoie au précédent.",
    "Il vit à St. Denis. | Elle vit à Nantes.",
    "Le 1er mai est férié. | On chôme.",
    "Il est arrivé le 1er. | Elle est arrivée le 2.",
    "J.-P. Sartre écrit. | Il fume.",
    "J. R. R. Tolkien invente une langue. | Elle est belle.",
    "Prenez de la vitamine C. | Elle aide.",
    "Cela remonte au IIIe siècle av. J.-C. selon lui.",
    # numbers, addresses
    "Le taux est de 3.5 % en 2019. | Il monte.",
    "La version 2.0.1 est publiée. | On l’installe.",
    "Voir exemple.fr pour la suite. | Merci.",
    "Écrivez à nom@exemple.fr. | Nous répondrons.",
    "C’était en 2019. | Il pleuvait.",
    "Il a cinq ans. | 3 enfants jouent.",
    "1. Objet du contrat. | Le contrat règle tout.",
    "2) Le prix. | Il est fixe.",
    # dots of suspension
    "Il part... et revient. | Il reste… | Puis il dort.",
    "Il hésite… mais il y va.",
    "Il hésite... | Il y va.",
    # exclamations and questions inside a sentence
    "Quoi ! s’écria-t-il. | Non ?",
    "« Quoi ! » s’écria-t-il. | Il sort.",
    "Vraiment ?! | Oui.",
    "Est-ce vrai ? | Je le crois.",
    "Il demanda : « Est-ce vrai ? » avant de sortir.",
    # several sentences inside guillemets or brackets
    "Il dit : « Je pars. Je reviens. Attends. » | Puis il sort.",
    "Il a dit (en riant. Oui, en riant.) qu’il viendrait. | Il vient.",
    "“I leave. I return.” | He left.",
    "« Je pars. » | « Reste. »",
    "« Ouvert et jamais refermé. | Il part quand même.",
    # notes
    "C’est vrai [3]. | Il le dit.",
    "C’est vrai. [3] | Il le dit.",
    "« C’est vrai ! » [12] | Il le dit.",
    # words that look like abbreviations
    "Le salarié est licencié. | Il touche une prime.",
    "C’est son ex. | Ils se parlent.",
    "Il a dit non. | Elle a dit oui.",
    "On les protège contre le vol. | Des gardes sont payés. | Il vit de son art. | Picasso aussi.",
    "Un jour comme tel. | Puis rien, au tél. 01 23 45 67 89. | Fin, tome II, vol. IV, p. XII.",
    "Le sentier monte à 300 m. | Monsieur attend 5 min. | La planche a 3 mm. | Versez 2 l. | Remuez.",
    "La séance est levée à 21 h. 45. | Passé à 11 h. 20 avec la renverse.",
    "Il part à 19 h. | 30 personnes restent. | La tour a 84 m. 50 de haut et coûte 3 fr. 50. | Fin.",
    "Art. 7. – Le conseil décide. | Article L. 121-3. Le prix est fixe. | II. Du prix et de son terme. | DIX. | Nous partons.",
    "Gardez à +4 °C. | Au-delà, jetez. | Le prof. Durand arrive. | Il garde le cap. | Les marins suivent.",
    "Le 3 M. Dupont arrive avec Mme. Petit.",
    # English
    "Mr. Smith came in. | He sat down.",
]


@pytest.mark.parametrize("row", TABLE)
def test_a_text_is_split_where_the_bars_stand(row: str) -> None:
    text = row.replace(" | ", " ")
    assert [text[s.start : s.end] for s in split_sentences(text)] == row.split(" | ")


@pytest.mark.parametrize("space", [" ", "\n", "\n\n", "\u00a0", "\u202f", "\t", "\r\n"])
def test_any_space_parts_two_sentences(space: str) -> None:
    text = f"Il pleut.{space}Elle sort."
    assert [text[s.start : s.end] for s in split_sentences(text)] == ["Il pleut.", "Elle sort."]


def test_a_quotation_never_closed_does_not_swallow_the_text() -> None:
    text = "« Il part. " + "Il marche dans la rue. " * 40
    assert len(split_sentences(text)) == 41


def test_a_long_quotation_is_split_like_any_prose() -> None:
    text = "Il dit : « " + "La route est longue et le soir tombe. " * 20 + "»"
    assert len(split_sentences(text)) > 10


@pytest.mark.parametrize("text", ["", "   ", "\n\n\t\u00a0"])
def test_no_visible_character_no_sentence(text: str) -> None:
    assert split_sentences(text) == []


def test_offsets_are_those_of_the_whole_text() -> None:
    text = "Titre. Il pleut. Elle sort. Fin."
    assert [text[s.start : s.end] for s in split_sentences(text, 7, 27)] == ["Il pleut.", "Elle sort."]


def test_what_stands_outside_the_range_does_not_count() -> None:
    text = "« Il pleut. Elle sort. Il dort. » Puis"
    inside = [text[s.start : s.end] for s in split_sentences(text, 0, 22)]
    assert inside == [text[s.start : s.end] for s in split_sentences(text[:22])] == ["« Il pleut.", "Elle sort."]


MARKED = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("aAéÉ1 ..!?…«»“”()[]'’\n\u00a0\u202f,;:-")), max_size=400
)


@given(MARKED)
def test_every_visible_character_lies_in_exactly_one_sentence(text: str) -> None:
    position = 0
    for sentence in split_sentences(text):
        assert position <= sentence.start < sentence.end <= len(text)
        assert not text[position : sentence.start].strip()
        assert not text[sentence.start].isspace()
        assert not text[sentence.end - 1].isspace()
        position = sentence.end
    assert not text[position:].strip()


@given(MARKED, MARKED, MARKED)
def test_a_range_is_split_as_if_it_stood_alone(before: str, text: str, after: str) -> None:
    shift = len(before)
    whole = split_sentences(before + text + after, shift, shift + len(text))
    assert [(s.start - shift, s.end - shift) for s in whole] == [(s.start, s.end) for s in split_sentences(text)]


class Watched(str):
    """A text that counts how many of its characters are copied."""

    copied = 0

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        piece = super().__getitem__(key)
        self.copied += len(piece)
        return piece


@pytest.mark.parametrize(
    ("repeated", "count"), [("Il vient. ", 30_000), ("il vient. ", 1), ("n° 12. # ", 1), ("Voir M. Petit ; ", 1)]
)
def test_a_text_of_one_long_line_is_not_copied_at_every_stop(repeated: str, count: int) -> None:
    text = Watched(repeated * 30_000)
    assert len(split_sentences(text)) == count
    assert text.copied < 5 * len(text)
