"""Hits to evidence: the sentences of the best passages, numbered and scored against the question."""

import math
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import numpy as np

from indexer.analysis import FrenchAnalyser, fold
from indexer.corpus import StoredPassage, StoredSentence
from indexer.embedder import Vectors
from indexer.index import Index
from indexer.legible import legible
from indexer.passages import context
from service.answer import Evidence, Hit, Query, Short, Term
from service.calibration import Calibration
from service.reader import UNREAD, Reading

FEATURES = (
    "cosine", "coverage", "support_near", "support_passage", "support", "weakest", "weakest_word", "named", "passage_score",
    "passage_rank", "dense_score", "focus", "is_question", "answers_question", "number", "number_near", "no_number",
    "date", "date_near", "no_date", "name", "reason", "definition", "words", "short", "figures_missing", "figures_absent",
    "reader", "reader_gap", "reader_span",
)  # fmt: skip
"""What is measured of a sentence, in the order of the vector that the calibration weighs.

``figures_missing``, ``figures_absent``: the share of the question's figures and months that the sentence lacks, and that
its passage lacks too, its title, heading and date among it; 0 where the question has none.

``reader``: the reader's log-odds; ``reader_gap``: how far they lie under the best sentence's; ``reader_span``: those of
the short answer in it. All three are 0 where no reader has read."""
_MOST_ODDS = 10.0  # log-odds beyond which nothing more is told

_QUESTION = re.compile(r"\?[\s\u00a0\u202f]*(?:\[\d{1,3}\])?[»”\"’')\]]*\s*$")
_NUMBER = re.compile(
    r"\b(?!(?:1[5-9]|20)\d\d\b(?!\s*(?:%|€|euros?|personnes)))\d[\d\s.,]*|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|"
    r"quinze|vingt|trente|quarante|cinquante|soixante|cent|mille|million|milliard|moitie|tiers|quart|double|triple)s?\b"
)
_MONTH = r"\b(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b"
_DATE = re.compile(
    rf"\b(?:1[0-9]|20)\d\d\b|{_MONTH}"
    r"|\b[xvi]{1,5}e siecle\b|\bannees \d0\b"
)
_FIGURE = re.compile(rf"\d{{1,3}}(?:[.,'\u2019\s]\d{{3}}(?!\d))+|\d+|{_MONTH}")
_NOT_DIGIT = re.compile(r"\D")
_NAME = re.compile(r"(?<=[\w,;:»)’'] )(?:d['’]|l['’])?[A-ZÀ-Þ][\w’'\-]+")
_REASON = re.compile(
    r"\b(?:parce qu|car\b|puisqu|en raison d|a cause d|grace a|du fait d|en effet|c'est pourquoi|afin d|pour que|permet|"
    r"permis|explique|conduit|entraine|provoque|vise a|resulte|provient|decoule|consequence|faute d|du a\b|pour \w+(?:er|ir|re)\b)"
)
_DEFINITION = re.compile(
    r"\b(?:est|sont|designe|signifie|consiste|appelle|appele|nomme|definit|defini|recouvre|correspond|renvoie|"
    r"c'est-a-dire|qualifie|souligne|entend|s'agit|prend la forme)\b"
)
# How far back a question still asks for this sentence: « Élucid : Qu’est-ce que … ? — D. M. : Je parle … »
_QUESTION_REACH = 3
# Likeness of a word and another: unrelated below the first, the same thing in other words above the second.
_SAYS_NOTHING, _SURE = 0.55, 0.85
_NEAR = 50  # characters between a number or date and a word of the question


def gather(
    query: Query, hits: list[Hit], readings: Mapping[int, Reading], index: Index, calibration: Calibration
) -> list[Evidence]:
    """Evidence from the hits given, best first, ties by sentence id; numbers count from 1.

    ``readings`` are the reader's, by passage; empty without a reader.
    """
    analyser = FrenchAnalyser(index.manifest.settings.rules)
    best_score = max((hit.score for hit in hits), default=1.0)
    found: dict[int, tuple[tuple[float, ...], StoredSentence, Hit]] = {}
    read: dict[int, tuple[float, Short | None]] = {}
    texts: dict[int, str] = {}
    for rank, hit in enumerate(hits, 1):
        passage = index.corpus.passage(hit.passage)
        if passage.document not in texts:
            texts[passage.document] = index.corpus.text(passage.document)
        measured = _measure(query, hit, rank, best_score, passage, texts[passage.document], index, analyser)
        for place, (features, sentence) in enumerate(measured):
            if sentence.id not in found:  # the overlap of two passages: the better passage keeps it
                found[sentence.id] = (features, sentence, hit)
            told = _told(readings.get(hit.passage), place, measured[0][1].start)
            if sentence.id not in read or told[0] > read[sentence.id][0]:
                read[sentence.id] = told
    best = max((log_odds for log_odds, _ in read.values()), default=0.0)
    features_of = {
        number: (*features, *_reader_features(*read[number], best, readings))
        for number, (features, _, _) in found.items()
    }
    scored = sorted(
        ((calibration.sentence(features), number) for number, features in features_of.items()),
        key=lambda pair: (-round(pair[0], 9), pair[1]),
    )
    evidence = []
    for number, (score, sentence_id) in enumerate(scored, 1):
        _, sentence, hit = found[sentence_id]
        evidence.append(
            Evidence(
                number, sentence.id, sentence.document, sentence.start, sentence.end, hit, features_of[sentence_id],
                score, read[sentence_id][1],
            )
        )  # fmt: skip
    return evidence


def _told(reading: Reading | None, place: int, start: int) -> tuple[float, Short | None]:
    """The reader's log-odds of a passage's sentence, and its short answer in the document's own offsets."""
    if reading is None:
        return UNREAD, None
    short = reading.short[place]
    found = None if short is None else Short(start + short.start, start + short.end, short.log_odds)
    return reading.log_odds[place], found


def _reader_features(
    log_odds: float, short: Short | None, best: float, readings: Mapping[int, Reading]
) -> tuple[float, ...]:
    """The last three of ``FEATURES``."""
    if not readings:
        return 0.0, 0.0, 0.0
    span = short.log_odds if short else UNREAD
    return tuple(min(max(value, -_MOST_ODDS), _MOST_ODDS) for value in (log_odds, log_odds - best, span))


def _measure(
    query: Query,
    hit: Hit,
    rank: int,
    best_score: float,
    passage: StoredPassage,
    text: str,
    index: Index,
    analyser: FrenchAnalyser,
) -> list[tuple[tuple[float, ...], StoredSentence]]:
    """The features of each sentence of a passage, in the order of ``FEATURES``, without the reader's."""
    sentences = index.corpus.sentences(passage.first, passage.last)
    before = [s for s in index.corpus.sentences(max(passage.first - _QUESTION_REACH, 0), passage.first - 1)
              if s.document == passage.document]  # fmt: skip
    around = before + sentences
    document = index.corpus.document_at(passage.document)
    wordings = [legible(text[s.start : s.end], document.format) for s in around]
    words = [sentence.terms for sentence in around]
    cosines = index.sentences[around[0].id : around[-1].id + 1].astype(np.float32) @ query.vector
    asks = [bool(_QUESTION.search(wording)) for wording in wordings]
    above = {token.term for token in analyser.tokens(context(passage.title, passage.heading))}
    ids = index.corpus.term_ids()
    support = _support(query.terms, words, index)
    titled = np.array([_held(term, above) for term in query.terms], np.float32)
    asked_figures = figures(query.mended)
    told_figures = [figures(wording) for wording in wordings]
    above_it = figures(context(passage.title, passage.heading)) | figures(document.metadata.date or "")
    passage_figures = above_it.union(*told_figures[len(before) :])
    weights = np.array([term.weight for term in query.terms], np.float32)
    in_passage = np.maximum(support[len(before) :].max(axis=0, initial=0.0), titled)
    rows = sorted({ids[word] for sentence in words[len(before) :] for word in sentence if word in ids})
    weakest_word = min(
        (
            max(held, float(term.likeness[rows].max(initial=0.0)))
            for term, held in zip(query.terms, titled, strict=True)
            if term.term[0].isalpha()
        ),
        default=1.0,
    )
    measured: list[tuple[tuple[float, ...], StoredSentence]] = []
    for position, sentence in enumerate(around[len(before) :], start=len(before)):
        near = support[max(position - 1, 0) : position + 2].max(axis=0, initial=0.0)
        answers = 0.0
        for back in range(1, _QUESTION_REACH + 1):
            if position - back >= 0 and asks[position - back]:
                asked = coverage(query.terms, words[position - back] | above)
                answers = max(answers, (asked + float(cosines[position - back])) / 2 / back**0.5)
        wording = wordings[position]
        features = (
            float(cosines[position]),
            coverage(query.terms, words[position]),
            _share(near, weights),
            _share(in_passage, weights),
            _share(support[position], weights),
            float(in_passage.min(initial=1.0)),
            float(weakest_word),
            coverage(tuple(term for term in query.terms if term.named), words[position] | above, empty=1.0),
            hit.score / best_score if best_score > 0 else 0.0,
            1 / rank,
            hit.dense_score,
            1.0 if query.focus is None else float(near[query.focus]),
            float(asks[position]),
            0.0 if asks[position] else answers,
            *_fits(query, wording, words[position], analyser),
            math.log(1 + len(wording.split())),
            float(len(wording.split()) < 5),
            _lacking(asked_figures, told_figures[position]),
            _lacking(asked_figures, passage_figures),
        )
        measured.append((features, sentence))
    return measured


def figures(text: str) -> frozenset[str]:
    """The figures of a text without what groups their digits, and its months."""
    found = (match.group() for match in _FIGURE.finditer(fold(text)))
    return frozenset((_NOT_DIGIT.sub("", one).lstrip("0") or "0") if one[0].isdigit() else one for one in found)


def _lacking(asked: AbstractSet[str], told: AbstractSet[str]) -> float:
    return len(asked - told) / len(asked) if asked else 0.0


def _support(terms: tuple[Term, ...], words: list[frozenset[str]], index: Index) -> Vectors:
    """How far each sentence holds each term (sentences, terms): 1 where the word stands in it, else up to .8 by meaning.

    By meaning is the likeness of the word and the sentence's nearest word: a synonym, or the word of another language.
    """
    support = np.zeros((len(words), len(terms)), np.float32)
    if not terms:
        return support
    ids = index.corpus.term_ids()
    likeness = np.stack([term.likeness for term in terms])
    for row, sentence in enumerate(words):
        nearest = likeness[:, [ids[word] for word in sentence if word in ids]].max(axis=1, initial=0.0)
        meant = 0.8 * np.clip((nearest - _SAYS_NOTHING) / (_SURE - _SAYS_NOTHING), 0.0, 1.0)
        support[row] = np.maximum([_held(term, sentence) for term in terms], meant)
    return support


def _held(term: Term, words: AbstractSet[str]) -> float:
    if term.term in words:
        return 1.0
    return 0.7 if term.read_as and all(read in words for read in term.read_as) else 0.0


def _share(support: Vectors, weights: Vectors) -> float:
    total = float(weights.sum())
    return float(support @ weights) / total if total > 0 else 0.0


def coverage(terms: tuple[Term, ...], words: AbstractSet[str], *, empty: float = 0.0) -> float:
    """Share of the terms' weight that ``words`` (terms too) hold; a mended word counts for .7; ``empty`` of no terms."""
    total = sum(term.weight for term in terms)
    if total <= 0:
        return empty
    return sum(term.weight * _held(term, words) for term in terms) / total


def _fits(query: Query, wording: str, words: AbstractSet[str], analyser: FrenchAnalyser) -> tuple[float, ...]:
    """Whether the sentence holds what the question word asks for: from ``"number"`` to ``"definition"``."""
    plain = fold(wording)
    asked = fold(query.mended)
    wants = query.expects
    number, number_near = (
        _found(_NUMBER, plain, asked, wording, query, analyser) if "number" in wants else (False, False)
    )
    date, date_near = _found(_DATE, plain, asked, wording, query, analyser) if "date" in wants else (False, False)
    named = ("person" in wants or "place" in wants) and any(
        fold(match.group()) not in asked for match in _NAME.finditer(wording)
    )
    return (
        float(number),
        float(number_near),
        float("number" in wants and not number),
        float(date),
        float(date_near),
        float("date" in wants and not date),
        float(named),
        float("reason" in wants and bool(_REASON.search(plain))),
        float("definition" in wants and bool(_DEFINITION.search(plain)) and any(t.term in words for t in query.terms)),
    )


def _found(
    pattern: re.Pattern[str], plain: str, asked: str, wording: str, query: Query, analyser: FrenchAnalyser
) -> tuple[bool, bool]:
    """Whether the folded sentence holds a match that the question does not, and one close to a word of the question."""
    given = {match.group().strip(" .,") for match in pattern.finditer(asked)}
    places = [match.start() for match in pattern.finditer(plain) if match.group().strip(" .,") not in given]
    if not places:
        return False, False
    terms = {read for term in query.terms for read in (term.term, *term.read_as)}
    # folding may shift offsets by a ligature or two: near enough for nearness
    words = [(token.start + token.end) / 2 for token in analyser.tokens(wording) if token.term in terms]
    return True, any(abs(place - word) <= _NEAR for place in places for word in words)
