import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import SourceUnknown
from service.search import fuse, lexical_terms, search, select_documents
from service.understand import understand


def test_the_best_passage_of_the_paradox(seeds_engine):
    query = understand("Qu’est-ce que le paradoxe du back-office ?", seeds_engine.index, seeds_engine.embedder)
    hits = search(query, seeds_engine.index, 5)
    document = seeds_engine.index.corpus.document_at(seeds_engine.index.corpus.passage(hits[0].passage).document)
    assert document.path.startswith("000_")
    assert len(hits) == 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_same_question_without_accents_or_apostrophes_finds_the_same_passage(seeds_engine):
    index, embedder = seeds_engine.index, seeds_engine.embedder
    first, second = (
        search(understand(question, index, embedder), index, 1)[0].passage
        for question in (
            "Quels métiers sont délocalisables, d’après l’auteur ?",
            "quels metiers sont delocalisables d apres l auteur",
        )
    )
    assert first == second


@given(weight=st.floats(0, 1), seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=40)
def test_fusion_is_a_ranking_without_repetition(seeds_engine, weight, seed):
    index = seeds_engine.index
    generator = np.random.default_rng(seed)
    query = understand("le travail gratuit des clients", index, seeds_engine.embedder)
    n = index.manifest.passages
    lexical = [
        (int(i), float(s)) for i, s in zip(generator.permutation(n)[:10], -np.sort(-generator.random(10)), strict=True)
    ]
    dense = index.passages.search(query.vector, 10)
    hits = fuse(query, index, dense, lexical, weight)
    assert len({hit.passage for hit in hits}) == len(hits)
    assert {hit.passage for hit in hits} == {p for p, _ in dense} | {p for p, _ in lexical}
    assert all(0 <= hit.score <= 1 + 1e-6 for hit in hits)
    assert hits == sorted(hits, key=lambda hit: (-round(hit.score, 9), hit.passage))


def test_a_weight_at_either_end_is_that_leg_alone(seeds_engine):
    index = seeds_engine.index
    query = understand("la protection sociale des données", index, seeds_engine.embedder)
    dense = [passage for passage, _ in index.passages.search(query.vector, 10)]
    lexical = [passage for passage, _ in index.lexical.search(lexical_terms(query), 10)]
    assert [hit.passage for hit in search(query, index, 10, dense_weight=1.0)] == dense
    assert [hit.passage for hit in search(query, index, 10, dense_weight=0.0)] == lexical


def test_a_question_that_shares_no_word_is_searched_by_meaning_alone(seeds_engine):
    query = understand("wxkz vbnq", seeds_engine.index, seeds_engine.embedder)
    hits = search(query, seeds_engine.index, 3)
    assert len(hits) == 3
    assert all(hit.lexical_rank is None for hit in hits)


@pytest.mark.parametrize("source", ["003_", "Mustapha BenKalfate", "mustapha benkalfate", "Les jobs de reve"])
def test_a_source_is_matched_by_path_author_or_title_case_and_accents_aside(seeds_engine, source):
    (number,) = select_documents(seeds_engine.index, (source,), None)
    assert seeds_engine.index.corpus.document_at(number).path.startswith("003_")


def test_search_stays_inside_the_sources(seeds_engine):
    index = seeds_engine.index
    documents = select_documents(index, ("001_", "002_"), None)
    query = understand("le paradoxe du back-office", index, seeds_engine.embedder)
    found = {index.corpus.passage(hit.passage).document for hit in search(query, index, 50, documents)}
    assert found == set(documents)


def test_an_unknown_source_is_named(seeds_engine):
    with pytest.raises(SourceUnknown, match="Le Petit Journal"):
        select_documents(seeds_engine.index, ("Le Petit Journal",), None)


def test_since_leaves_older_and_undated_documents_out(seeds_engine):
    index = seeds_engine.index
    dated = {index.corpus.document_at(n).metadata.date for n in select_documents(index, (), "2018")}
    assert dated == {"2024-06-30"}
    assert select_documents(index, (), None) is None


@pytest.mark.parametrize("since", ["2024", "2024-06", "2024-06-30"])
def test_dates_are_compared_as_far_as_both_go(seeds_engine, since):
    (number,) = select_documents(seeds_engine.index, (), since)
    assert seeds_engine.index.corpus.document_at(number).path.startswith("000_")
    assert select_documents(seeds_engine.index, (), "2024-07") == []
