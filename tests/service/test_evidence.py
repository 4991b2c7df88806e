import pytest

from service.evidence import FEATURES, coverage, figures, gather
from service.reader import Reading, ShortAnswer
from service.search import PASSAGES_READ, search
from service.understand import understand


def evidence_of(engine, question):
    query = understand(question, engine.index, engine.embedder)
    hits = search(query, engine.index, PASSAGES_READ)
    return query, gather(query, hits, {}, engine.index, engine.calibrations.floor)


def feature(evidence, name):
    return evidence.features[FEATURES.index(name)]


def test_evidence_is_numbered_from_the_best_and_names_real_spans(seeds_engine):
    _, evidence = evidence_of(seeds_engine, "Qu’est-ce que le paradoxe du back-office ?")
    assert [one.number for one in evidence] == list(range(1, len(evidence) + 1))
    assert [one.score for one in evidence] == sorted((one.score for one in evidence), reverse=True)
    assert len({one.sentence for one in evidence}) == len(evidence)
    for one in evidence:
        text = seeds_engine.index.corpus.text(one.document)
        assert text[one.start : one.end].strip() == text[one.start : one.end] != ""
        assert 0 < one.score < 1
        assert len(one.features) == len(FEATURES)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Le 1er août 2024", {"1", "aout", "2024"}),
        (
            "29’284 participants, 1 500 000 €, 12\u202f500 habitants et 3.000 chats",
            {"29284", "1500000", "12500", "3000"},
        ),
        ("2024-08-01", {"2024", "8", "1"}),
        ("en 2021 300 personnes, 3,5 % de 007", {"2021", "300", "3", "5", "7"}),
        ("un mois de mai sans figure", {"mai"}),
        ("le maire", set()),
    ],
)
def test_figures_are_told_however_they_are_written(text, found):
    assert figures(text) == found


def test_the_figures_of_the_question_are_looked_for_in_sentence_and_passage(engine_of):
    said = (
        "Le 22 août, quatre marcheurs sont montés de nuit à la Croisette.\n\n"
        "Le 24 août, une excursion a réuni les membres du centre d’accueil.\n"
    )
    engine = engine_of({"rapport.txt": said})
    _, evidence = evidence_of(engine, "Que s’est-il passé le 22 août 2031 ?")
    first, second = sorted(evidence, key=lambda one: one.start)
    assert feature(first, "figures_missing") == pytest.approx(1 / 3)
    assert feature(second, "figures_missing") == pytest.approx(2 / 3)
    assert feature(first, "figures_absent") == feature(second, "figures_absent") == pytest.approx(1 / 3)
    _, evidence = evidence_of(engine, "Qui est monté à la Croisette ?")
    assert {feature(one, "figures_missing") for one in evidence} == {0.0}


INTERVIEW = (
    "Journaliste : Quel est le secret de la longévité des tortues géantes ?\n\n"
    "Biologiste : Leur métabolisme très lent use peu les cellules et leur carapace les protège de presque tout.\n\n"
    "Journaliste : Où vivent les plus âgées que vous ayez rencontrées pendant vos voyages ?\n\n"
    "Biologiste : Sur un atoll des Seychelles, loin des hommes, où personne ne les chasse plus depuis un siècle.\n"
)


def test_the_reply_to_an_interviewer_s_question_inherits_it(engine_of):
    engine = engine_of({"entretien.txt": INTERVIEW})
    _, evidence = evidence_of(engine, "Quel est le secret de la longévité des tortues géantes ?")
    by_text = {INTERVIEW[one.start : one.end]: one for one in evidence}
    question = next(one for text, one in by_text.items() if text.startswith("Journaliste : Quel"))
    reply = next(one for text, one in by_text.items() if "métabolisme" in text)
    far = next(one for text, one in by_text.items() if "Seychelles" in text)
    assert feature(question, "is_question") == 1.0
    assert feature(question, "answers_question") == 0.0
    assert feature(reply, "answers_question") > feature(far, "answers_question")


@pytest.mark.parametrize(
    ("question", "sentence", "name", "value"),
    [
        (
            "Combien coûte la visite ?",
            "La visite du château coûte 12 euros pour les adultes de la ville.",
            "number",
            1.0,
        ),
        ("Combien coûte la visite ?", "La visite du château coûte vingt euros pour les adultes.", "number", 1.0),
        (
            "Combien coûte la visite ?",
            "La visite du château coûte cher pour les adultes de la ville.",
            "no_number",
            1.0,
        ),
        (
            "Quel était le taux de chômage en 2020 ?",
            "Le taux de chômage de la ville était de 20 % cette année.",
            "number",
            1.0,
        ),
        ("En quelle année fut bâti le château ?", "Le château de la ville fut bâti en 1654 par le comte.", "date", 1.0),
        (
            "En quelle année fut bâti le château ?",
            "Le château de la ville fut bâti par le comte lui-même.",
            "date",
            0.0,
        ),
        ("Qui a bâti le château ?", "Le château de la ville fut bâti jadis par Robert Lenoir.", "name", 1.0),
        ("Pourquoi le château est-il fermé ?", "Le château est fermé parce que le toit menace ruine.", "reason", 1.0),
        (
            "Qu’est-ce que la barbacane ?",
            "La barbacane est un ouvrage qui protège la porte du château.",
            "definition",
            1.0,
        ),
    ],
)
def test_what_the_question_word_asks_for_is_looked_for(engine_of, question, sentence, name, value):
    _, evidence = evidence_of(engine_of({"a.txt": sentence + "\n"}), question)
    assert feature(evidence[0], name) == value


def test_coverage_is_the_share_of_the_words_weight(seeds_engine):
    query, _ = evidence_of(seeds_engine, "le paradoxe du back-office")
    everything = {term.term for term in query.terms}
    assert coverage(query.terms, everything) == pytest.approx(1.0)
    assert coverage(query.terms, set()) == 0.0
    assert 0 < coverage(query.terms, {"paradox"}) < 1
    assert coverage((), {"paradox"}, empty=1.0) == 1.0


def test_no_hits_no_evidence(seeds_engine):
    query = understand("le travail", seeds_engine.index, seeds_engine.embedder)
    assert gather(query, [], {}, seeds_engine.index, seeds_engine.calibrations.floor) == []


def test_what_the_reader_says_is_among_the_features_and_in_the_document_s_offsets(engine_of):
    text = "Le moulin fut bâti en 1654. Il moud encore le blé du village."
    engine = engine_of({"a.txt": f"Le moulin\n\n{text}\n"})
    query = understand("Quand le moulin fut-il bâti ?", engine.index, engine.embedder)
    hits = search(query, engine.index, PASSAGES_READ)
    sentences = engine.index.corpus.sentences(0, 9)
    readings = {
        hits[0].passage: Reading(
            tuple(4.0 - 20 * place for place in range(len(sentences))),
            (ShortAnswer(22, 26, 3.0), *[None] * (len(sentences) - 1)),
        )
    }
    evidence = gather(query, hits, readings, engine.index, engine.calibrations.read)
    first, last = min(evidence, key=lambda e: e.sentence), max(evidence, key=lambda e: e.sentence)
    assert (feature(first, "reader"), feature(first, "reader_gap"), feature(first, "reader_span")) == (4.0, 0.0, 3.0)
    assert feature(last, "reader") == feature(last, "reader_gap") == -10.0
    whole = engine.index.corpus.text(first.document)
    assert whole[first.short.start : first.short.end] == "1654"


def test_of_a_sentence_in_two_passages_the_better_reading_counts(seeds_engine):
    query = understand("le paradoxe du back-office", seeds_engine.index, seeds_engine.embedder)
    hits = search(query, seeds_engine.index, PASSAGES_READ)
    passages = [seeds_engine.index.corpus.passage(hit.passage) for hit in hits]
    readings = {
        passage.id: Reading(tuple(float(passage.id) for _ in range(passage.first, passage.last + 1)),
                            (None,) * (passage.last + 1 - passage.first))
        for passage in passages
    }  # fmt: skip
    evidence = gather(query, hits, readings, seeds_engine.index, seeds_engine.calibrations.read)
    for one in evidence:
        holding = [p.id for p in passages if p.first <= one.sentence <= p.last]
        assert feature(one, "reader") == min(10.0, max(holding))
