"""The nouns that travel from the question to the answer. All offsets are Python character offsets, end excluded."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.embedder import Vectors  # numpy, which who only shows an answer need not load


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question: as typed, folded, stemmed, and how rare it is in the corpus.

    ``weight`` is an inverse document frequency; ``known`` tells whether the corpus holds the term as typed; where it
    does not, ``corrected`` are the corpus's words that it was read as, ``read_as`` their terms, or ``meant`` the terms
    nearest in meaning with their cosines. ``likeness`` is the cosine of the word and each term of the corpus
    (``index.terms``): what it says may stand in other words, or in those of another language.
    """

    typed: str
    surface: str
    term: str
    weight: float
    known: bool
    named: bool
    likeness: "Vectors"
    corrected: tuple[str, ...] = ()
    read_as: tuple[str, ...] = ()
    meant: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A question understood. ``mended`` is its text with the typing errors corrected.

    ``expects`` holds what the question word asks for: number, date, person, reason …; ``focus`` is the place among
    ``terms`` of the word that it bears on (« quelle *amende* », « combien de *clients* »), ``None`` without one.
    """

    text: str
    mended: str
    lang: str
    terms: tuple[Term, ...]
    expects: frozenset[str]
    focus: int | None
    vector: "Vectors"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. Ranks count from 1, ``None`` where that leg did not find it; ``score`` is the fused score.

    ``reader_score`` are the log-odds that its best sentence answers, ``None`` where the reader has not read it.
    """

    passage: int
    score: float
    dense_score: float
    dense_rank: int | None
    lexical_score: float
    lexical_rank: int | None
    reader_score: float | None = None


@dataclass(frozen=True, slots=True)
class Short:
    """A span of the document inside a sentence: the answer in a few words. Log-odds against "nothing answers"."""

    start: int
    end: int
    log_odds: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered sentence of one of the best passages. ``score`` is the probability that it answers.

    ``short`` is the reader's short answer in it, whatever it is worth.
    """

    number: int
    sentence: int
    document: int
    start: int
    end: int
    hit: Hit
    features: tuple[float, ...]
    score: float
    short: Short | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A proof: ``text(document)[start:end] == quote``, checked before it is shown.

    ``line`` counts from 1 and is ``None`` for HTML, whose text is extracted; ``before`` and ``after`` are the passage
    around the quote, verbatim. ``short_answer`` is ``text[short_start:short_end]`` without Markdown's marks, a span of the
    quote that answers in a few words, where that is sure enough.
    """

    n: int
    document: str
    title: str | None
    author: str | None
    publication: str | None
    date: str | None
    path: str
    url: str | None
    heading: str | None
    line: int | None
    start: int
    end: int
    quote: str
    before: str
    after: str
    score: float
    short_answer: str | None = None
    short_start: int | None = None
    short_end: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence of the answer with the numbers of the citations that prove it."""

    text: str
    citations: tuple[int, ...]
    supported: bool
    score: float


@dataclass(frozen=True, slots=True)
class Fault:
    """What kept a model from writing: the name of the error's class, and its sentence in French and in English."""

    kind: str
    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class Prose:
    """How the drafting went: sentences drafted, those dropped by the check, and how often for each reason.

    A sentence may be dropped for several. ``evidence`` are the numbers of the citations that the model was given;
    ``fault`` is what ended the drafting, ``None`` where nothing did.
    """

    drafted: int
    dropped: int
    reasons: tuple[tuple[str, int], ...]
    evidence: tuple[int, ...]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage matched: the question's words found in it, and its rank in each leg."""

    passage: int
    document: str
    path: str
    title: str | None
    start: int
    end: int
    text: str
    score: float
    dense_score: float
    dense_rank: int | None
    lexical_score: float
    lexical_rank: int | None
    reader_score: float | None
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The one shape of an answer, everywhere.

    ``status`` is ``"answered"`` (prose), ``"quotes"`` or ``"refused"``; ``nearest``, ``missing_terms`` and
    ``could_answer`` (questions that stand in the texts and that they do answer) are filled on a refusal;
    ``disagreement`` holds the numbers of citations of several sources whose short answers differ; ``timings`` are
    milliseconds by stage; ``confidence`` is the probability that the quotes answer; ``prose`` tells how the drafting
    went, ``None`` where no model was asked.
    """

    question: str
    status: str
    lang: str
    answer: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    missing_terms: tuple[str, ...]
    could_answer: tuple[str, ...]
    disagreement: tuple[int, ...]
    corrections: tuple[tuple[str, str], ...]
    rewritten_question: str | None
    confidence: float
    stale: tuple[str, ...]
    timings: dict[str, float]
    models: dict[str, str]
    index: str
    explanations: tuple[Explanation, ...] = ()
    prose: Prose | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """The answer as it stands by quotes alone, before any prose; or the refusal."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence of prose, checked against the quotes that it cites."""

    sentence: AnswerSentence


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer: the last event."""

    answer: Answer


Event = Quoted | Drafted | Finished
"""What happens on the way of an answer, in this order."""
