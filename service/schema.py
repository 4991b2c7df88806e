"""The answer as JSON, typed: what ``ask --json`` prints and the HTTP service sends."""

import dataclasses
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.answer import Answer, Explanation
from service.understand import LONGEST_QUESTION

DATE_PATTERN = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
_EXAMPLE_QUESTION = "Qu’est-ce que le paradoxe du back-office ?"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CitationModel(_Frozen):
    """A proof: the text of ``document`` from ``start`` to ``end`` (characters, end excluded) is ``quote``."""

    n: int = Field(description="Number of the citation in the answer, from 1.")
    document: str = Field(description="Id of the document, for GET /documents/{id}.")
    title: str | None
    author: str | None
    publication: str | None
    date: str | None = Field(description="ISO 8601: year, month or day.")
    path: str = Field(description="Path of the file in its folder.")
    url: str | None
    heading: str | None
    line: int | None = Field(description="Line of the file where the quote begins, from 1; null for HTML.")
    start: int
    end: int
    quote: str
    before: str = Field(description="The passage before the quote, verbatim.")
    after: str = Field(description="The passage after the quote, verbatim.")
    score: float
    short_answer: str | None = Field(description="The answer in a few words of the quote, where that is sure enough.")
    short_start: int | None = Field(description="Where the short answer begins in the document.")
    short_end: int | None


class SentenceModel(_Frozen):
    """A sentence of the answer and the citations that prove it."""

    text: str
    citations: list[int]
    supported: bool
    score: float


class HitModel(_Frozen):
    """A passage found, with its rank in each leg and the question's words in it."""

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
    reader_score: float | None = Field(description="Log-odds that a sentence of it answers; null where not read.")
    matched: list[str]

    @classmethod
    def of(cls, explanation: Explanation) -> "HitModel":
        """The JSON shape of a passage found."""
        return cls.model_validate(dataclasses.asdict(explanation))


class CorrectionModel(_Frozen):
    """A word of the question that the texts do not hold, and the one it was read as."""

    typed: str
    read: str


class FaultModel(_Frozen):
    """What kept the model from writing, in a sentence."""

    kind: str
    fr: str
    en: str


class DroppedModel(_Frozen):
    """How many drafted sentences were dropped for a reason."""

    reason: str
    count: int


class ProseModel(_Frozen):
    """How the drafting went. Only supported sentences are in the answer."""

    drafted: int = Field(description="Sentences that the model wrote.")
    dropped: int = Field(description="Those of them that the quotes do not support.")
    reasons: list[DroppedModel] = Field(description="Why; a sentence may be dropped for several reasons.")
    evidence: list[int] = Field(description="Citations that the model was given.")
    fault: FaultModel | None


class AnswerModel(_Frozen):
    """The answer: quotes with their proofs, or a refusal with what is nearest."""

    question: str
    status: Literal["answered", "quotes", "refused"]
    lang: Literal["fr", "en"]
    answer: str = Field(description="The text of the answer, with [n] after what citation n proves.")
    sentences: list[SentenceModel]
    citations: list[CitationModel]
    nearest: list[CitationModel] = Field(description="On a refusal: the nearest passages.")
    missing_terms: list[str] = Field(description="On a refusal: words of the question that the texts do not hold.")
    could_answer: list[str] = Field(description="On a refusal: a question of the texts that they do answer.")
    disagreement: list[int] = Field(description="Citations of several sources that give different figures.")
    corrections: list[CorrectionModel]
    rewritten_question: str | None
    confidence: float = Field(ge=0, le=1, description="Probability that the quotes answer.")
    stale: list[str] = Field(description="Files changed or deleted since they were indexed, set aside.")
    timings: dict[str, float] = Field(description="Milliseconds by stage.")
    models: dict[str, str]
    index: str = Field(description="Generation of the index.")
    explanations: list[HitModel]
    prose: ProseModel | None = Field(description="How the drafting went; null where no model was asked.")

    @classmethod
    def of(cls, answer: Answer) -> "AnswerModel":
        """The JSON shape of an answer."""
        fields = dataclasses.asdict(answer)
        fields["corrections"] = [{"typed": typed, "read": read} for typed, read in answer.corrections]
        if answer.prose is not None:
            fields["prose"]["reasons"] = [{"reason": reason, "count": n} for reason, n in answer.prose.reasons]
        return cls.model_validate(fields)


class AskRequest(BaseModel):
    """A question and what may be asked for beside it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": _EXAMPLE_QUESTION, "top_k": 8}]}
    )

    question: Annotated[str, Field(max_length=LONGEST_QUESTION, description="The question, in French or English.")]
    top_k: Annotated[int, Field(ge=1, le=50, description="How many passages are read for evidence.")] = 8
    sources: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]],
        Field(max_length=20, description="Only documents whose path, title, author or publication holds one of these."),
    ] = []
    since: Annotated[str | None, Field(pattern=DATE_PATTERN, description="Only documents dated from then on.")] = None
    explain: Annotated[bool, Field(description="Add why each passage matched.")] = False
    prose: Annotated[bool, Field(description="Let a model, where there is one, write an answer from the quotes.")] = (
        True
    )
    history: Annotated[
        list[Annotated[str, Field(max_length=LONGEST_QUESTION)]],
        Field(max_length=20, description="The questions asked before in the same chat, oldest first."),
    ] = []


class SearchResponse(_Frozen):
    """The best passages for a question, best first."""

    question: str
    index: str
    hits: list[HitModel]


class SpanModel(_Frozen):
    """A span of a document to highlight."""

    start: int
    end: int
    line: int
    quote: str


class DocumentResponse(_Frozen):
    """A document of the index, whole; ``span`` where one was asked for."""

    id: str
    path: str
    format: str
    title: str | None
    author: str | None
    publication: str | None
    date: str | None
    url: str | None
    sha256: str = Field(description="SHA-256 of the file as it was indexed.")
    text: str
    span: SpanModel | None


class DocumentItem(_Frozen):
    """A document of the index, without its text."""

    id: str
    path: str
    format: str
    title: str | None
    author: str | None
    publication: str | None
    date: str | None = Field(description="ISO 8601: year, month or day.")
    url: str | None
    sha256: str = Field(description="SHA-256 of the file as it was indexed.")
    passages: int = Field(description="How many passages it has.")


class DocumentList(_Frozen):
    """A page of the documents, in the order of their paths."""

    index: str = Field(description="Generation of the index; the pages of another one may overlap or leave gaps.")
    total: int = Field(description="How many documents match.")
    offset: int
    next: int | None = Field(description="The offset of the next page; null on the last one.")
    documents: list[DocumentItem]


class ExamplesResponse(_Frozen):
    """Questions that the texts answer, at most four."""

    index: str
    questions: list[str]


class HealthResponse(_Frozen):
    """The process is up."""

    status: Literal["ok"] = "ok"


class ReadyResponse(_Frozen):
    """Index and model are ready to answer."""

    status: Literal["ready"] = "ready"
    index: str
    documents: int
    passages: int


class Problem(BaseModel):
    """Problem details (RFC 9457), in French, or in English for ``Accept-Language: en``."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[str] | None = None
