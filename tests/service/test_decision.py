import dataclasses

import pytest

from service.answer import Short
from service.calibration import Calibration
from service.decision import (
    FEATURES_OF_DECISION,
    FEATURES_OF_SHORT,
    MOST_QUOTES,
    answerable_features,
    choose,
    decide,
    disagree,
    figures_of,
    short_features,
    with_short_answers,
)
from service.evidence import FEATURES, gather
from service.search import search
from service.understand import understand


def asked(engine, question):
    query = understand(question, engine.index, engine.embedder)
    hits = search(query, engine.index, 8)
    return query, hits, gather(query, hits, {}, engine.index, engine.calibrations.floor)


def with_threshold(calibration: Calibration, threshold: float) -> Calibration:
    return dataclasses.replace(calibration, threshold=threshold)


def test_the_threshold_decides(seeds_engine):
    query, hits, evidence = asked(seeds_engine, "Qu’est-ce que le paradoxe du back-office ?")
    calibration = seeds_engine.calibrations.floor
    quotes, confidence = decide(query, hits, evidence, seeds_engine.index, with_threshold(calibration, 0.0))
    assert quotes
    refused, same = decide(query, hits, evidence, seeds_engine.index, with_threshold(calibration, 1.0))
    assert refused == []
    assert same == confidence


def test_a_question_of_stop_words_alone_is_refused(seeds_engine):
    query, hits, evidence = asked(seeds_engine, "Et pourquoi pas ?")
    calibration = with_threshold(seeds_engine.calibrations.floor, 0.0)
    assert decide(query, hits, evidence, seeds_engine.index, calibration) == ([], 0.0)


def test_features_have_their_names(seeds_engine):
    query, hits, evidence = asked(seeds_engine, "Combien de clients Bouygues Telecom compte-t-il ?")
    assert len(answerable_features(query, hits, evidence)) == len(FEATURES_OF_DECISION)


def test_words_that_the_corpus_does_not_hold_are_counted_against_an_answer(seeds_engine):
    known = dict(
        zip(FEATURES_OF_DECISION, answerable_features(*asked(seeds_engine, "le paradoxe du back-office")), strict=True)
    )
    unknown = dict(
        zip(FEATURES_OF_DECISION, answerable_features(*asked(seeds_engine, "le paradoxe de Zirconium")), strict=True)
    )
    assert known["unknown"] == known["unknown_named"] == 0
    assert unknown["unknown"] > 0.3
    assert unknown["unknown_named"] == 1.0
    assert unknown["weakest"] < known["weakest"]


def test_quotes_are_few_no_questions_and_say_different_things(seeds_engine):
    for question in (
        "Qu’est-ce que le paradoxe du back-office ?",
        "Que faire des données personnelles ?",
        "travail gratuit",
    ):
        query, _, evidence = asked(seeds_engine, question)
        quotes = choose(query, evidence, seeds_engine.index)
        assert 1 <= len(quotes) <= MOST_QUOTES
        assert not any(one.features[FEATURES.index("is_question")] for one in quotes)
        texts = [seeds_engine.index.corpus.text(one.document)[one.start : one.end] for one in quotes]
        assert len(set(texts)) == len(texts)


def test_a_repeated_sentence_is_quoted_once(engine_of):
    sentence = "Le phare de la pointe nord guide les pêcheurs depuis 1854 par tous les temps."
    engine = engine_of(
        {"a.txt": f"{sentence} On le visite en été.\n", "b.txt": f"{sentence} Son gardien est parti hier.\n"}
    )
    query, _, evidence = asked(engine, "Depuis quand le phare guide-t-il les pêcheurs ?")
    texts = [
        engine.index.corpus.text(one.document)[one.start : one.end] for one in choose(query, evidence, engine.index)
    ]
    assert texts.count(sentence) == 1


PRICES = {
    "ancien.txt": "En 2017, la carte annuelle du musée coûte 220 euros pour une personne.\n",
    "nouveau.txt": "Depuis 2021, la carte annuelle du musée coûte 250 euros pour une personne.\n",
}


def with_figures(engine, evidence, figures):
    """Evidence with the short answers that a reader would give: the figures named, by path."""
    told = []
    for one in evidence:
        text = engine.index.corpus.text(one.document)
        path = engine.index.corpus.document_at(one.document).path
        start = text.index(figures[path])
        told.append(dataclasses.replace(one, short=Short(start, start + len(figures[path]), 5.0)))
    return told


def test_a_source_that_gives_another_figure_is_quoted_beside_the_best(engine_of):
    engine = engine_of(PRICES)
    query, _, evidence = asked(engine, "Combien coûte la carte annuelle du musée ?")
    best, other = with_figures(engine, evidence, {"ancien.txt": "220 euros", "nouveau.txt": "250 euros"})
    low = dataclasses.replace(other, score=0.4 * best.score)
    assert choose(query, [best, low], engine.index) == [best, low]
    same = with_figures(engine, [best, low], {"ancien.txt": "carte", "nouveau.txt": "carte"})
    assert choose(query, same, engine.index) == same[:1]
    assert choose(query, [best, dataclasses.replace(low, score=0.1 * best.score)], engine.index) == [best]


def test_figures_do_not_depend_on_the_spaces_between_their_digits(engine_of):
    engine = engine_of({"a.txt": "La ville compte 12\u202f500 habitants depuis le dernier recensement.\n"})
    _, _, evidence = asked(engine, "Combien d’habitants compte la ville ?")
    (one,) = with_figures(engine, evidence, {"a.txt": "12\u202f500 habitants"})
    assert figures_of(one, engine.index) == {"12500"}
    assert figures_of(dataclasses.replace(one, short=None), engine.index) == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("220 euros", "250 euros", True),
        ("12 mai 2021", "2021", False),
        ("1er mai 2021", "01/05/2021", False),
        ("50 000", "50.000", False),
        ("2020", "2021", True),
    ],
)
def test_figures_that_say_less_do_not_disagree(engine_of, one, other, differ):
    texts = {
        name: f"La réponse de la commune est {told} pour le musée.\n"
        for name, told in (("a.txt", one), ("b.txt", other))
    }
    engine = engine_of(texts)
    _, _, evidence = asked(engine, "Quelle est la réponse de la commune ?")
    mine, theirs = (figures_of(e, engine.index) for e in with_figures(engine, evidence, {"a.txt": one, "b.txt": other}))
    assert disagree(mine, theirs) is differ


def test_short_answers_that_are_not_sure_are_taken_away(engine_of):
    engine = engine_of(PRICES)
    query, _, evidence = asked(engine, "Combien coûte la carte annuelle du musée ?")
    chosen = with_figures(engine, evidence, {"ancien.txt": "220 euros", "nouveau.txt": "250 euros"})
    calibration = engine.calibrations.read
    assert len(short_features(query, chosen[0], chosen[0], 0.9, "220 euros")) == len(FEATURES_OF_SHORT)
    sure = dataclasses.replace(calibration, short_threshold=0.0)
    never = dataclasses.replace(calibration, short_threshold=1.1)
    assert with_short_answers(query, chosen, 0.9, engine.index, sure) == chosen
    assert all(one.short is None for one in with_short_answers(query, chosen, 0.9, engine.index, never))


def test_a_short_answer_that_is_nearly_its_sentence_is_not_told_twice(engine_of):
    said = "La carte annuelle du musée coûte 220 euros pour une personne"
    engine = engine_of({"ancien.txt": f"{said}.\n"})
    query, _, evidence = asked(engine, "Combien coûte la carte annuelle du musée ?")
    sure = dataclasses.replace(engine.calibrations.read, short_threshold=0.0)
    whole = with_figures(engine, evidence, {"ancien.txt": said})
    assert [one.short for one in with_short_answers(query, whole, 0.9, engine.index, sure)] == [None]


def test_a_short_answer_of_the_question_s_own_words_is_none_unless_it_chooses(engine_of):
    engine = engine_of({"ancien.txt": "La carte annuelle du musée coûte 220 euros pour une personne seule.\n"})
    sure = dataclasses.replace(engine.calibrations.read, short_threshold=0.0)

    def told(question, short):
        query, _, evidence = asked(engine, question)
        [one] = with_short_answers(
            query, with_figures(engine, evidence, {"ancien.txt": short}), 0.9, engine.index, sure
        )
        return one.short is not None

    assert not told("Combien coûte la carte annuelle du musée ?", "coûte")
    assert told("Combien coûte la carte annuelle du musée ?", "coûte 220 euros")
    assert told("La carte du musée est-elle annuelle ou hebdomadaire ?", "annuelle")


@pytest.mark.parametrize(
    ("said", "short", "told"),
    [
        ("On n’y compte pas moins de 500 cartes du musée.", "moins de 500 cartes", False),
        ("On n’y compte pas moins de 500 cartes du musée.", "500 cartes", True),
        ("Il y a moins de 500 cartes du musée.", "moins de 500 cartes", True),
        ("La carte du musée ne vaut pas 500 cartes.", "500 cartes", False),
    ],
)
def test_a_short_answer_is_not_what_its_sentence_denies(engine_of, said, short, told):
    engine = engine_of({"ancien.txt": f"{said}\n"})
    query, _, evidence = asked(engine, "Combien y a-t-il de cartes du musée ?")
    sure = dataclasses.replace(engine.calibrations.read, short_threshold=0.0)
    [one] = with_short_answers(query, with_figures(engine, evidence, {"ancien.txt": short}), 0.9, engine.index, sure)
    assert (one.short is not None) is told


def test_a_quote_behind_the_best_is_as_sure_as_it_where_it_gives_another_figure(engine_of):
    engine = engine_of(PRICES)
    query, _, evidence = asked(engine, "Combien coûte la carte annuelle du musée ?")
    best, other = with_figures(engine, evidence, {"ancien.txt": "220 euros", "nouveau.txt": "250 euros"})
    first = short_features(query, other, other, 0.9, "250 euros")
    behind = short_features(query, other, best, 0.9, "250 euros")
    short = engine.calibrations.read.short
    assert short.probability(first) > short.probability(behind)
    between = (short.probability(first) + short.probability(behind)) / 2
    calibration = dataclasses.replace(engine.calibrations.read, short_threshold=between)
    assert with_short_answers(query, [best, other], 0.9, engine.index, calibration)[1].short is not None
    agreeing = dataclasses.replace(other, short=Short(other.start + 34, other.start + 36, 5.0))
    assert with_short_answers(query, [best, agreeing], 0.9, engine.index, calibration)[1].short is None
