import dataclasses

from service.calibration import Calibration
from service.decision import FEATURES_OF_DECISION, MOST_QUOTES, answerable_features, choose, decide
from service.evidence import FEATURES, gather
from service.search import search
from service.understand import understand


def asked(engine, question):
    query = understand(question, engine.index, engine.embedder)
    hits = search(query, engine.index, 8)
    return query, hits, gather(query, hits, engine.index, engine.calibration)


def with_threshold(calibration: Calibration, threshold: float) -> Calibration:
    return dataclasses.replace(calibration, threshold=threshold)


def test_the_threshold_decides(seeds_engine):
    query, hits, evidence = asked(seeds_engine, "Qu’est-ce que le paradoxe du back-office ?")
    calibration = seeds_engine.calibration
    quotes, confidence = decide(query, hits, evidence, seeds_engine.index, with_threshold(calibration, 0.0))
    assert quotes
    refused, same = decide(query, hits, evidence, seeds_engine.index, with_threshold(calibration, 1.0))
    assert refused == []
    assert same == confidence


def test_a_question_of_stop_words_alone_is_refused(seeds_engine):
    query, hits, evidence = asked(seeds_engine, "Et pourquoi pas ?")
    assert decide(query, hits, evidence, seeds_engine.index, with_threshold(seeds_engine.calibration, 0.0)) == ([], 0.0)


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
        _, _, evidence = asked(seeds_engine, question)
        quotes = choose(evidence, seeds_engine.index)
        assert 1 <= len(quotes) <= MOST_QUOTES
        assert not any(one.features[FEATURES.index("is_question")] for one in quotes)
        texts = [seeds_engine.index.corpus.text(one.document)[one.start : one.end] for one in quotes]
        assert len(set(texts)) == len(texts)


def test_a_repeated_sentence_is_quoted_once(engine_of):
    sentence = "Le phare de la pointe nord guide les pêcheurs depuis 1854 par tous les temps."
    engine = engine_of(
        {"a.txt": f"{sentence} On le visite en été.\n", "b.txt": f"{sentence} Son gardien est parti hier.\n"}
    )
    _, _, evidence = asked(engine, "Depuis quand le phare guide-t-il les pêcheurs ?")
    texts = [engine.index.corpus.text(one.document)[one.start : one.end] for one in choose(evidence, engine.index)]
    assert texts.count(sentence) == 1
