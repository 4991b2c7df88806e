"""The shapes of the OpenAI API that are spoken here. What a client may send beside them is accepted and does nothing."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from service.schema import AnswerModel

CHAT_MODEL, EMBEDDING_MODEL = "coulisses", "coulisses-embedder"
MOST_MESSAGES = 2000
MOST_INPUTS = 128  # texts in one request for embeddings
LARGEST_CHAT = 1_048_576  # bytes: a client sends the whole chat again at each turn, with the answers


_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "maxItems": MOST_INPUTS}]}


class _Sent(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ContentPart(_Sent):
    """A part of a message. Only parts of type ``text`` can be read."""

    type: str
    text: str | None = None


class ChatMessage(_Sent):
    """A turn. The user's are read; the others are accepted and ignored."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None


class StreamOptions(_Sent):
    """What a stream tells beside the answer."""

    include_usage: bool | None = None


class ChatRequest(_Sent):
    """A chat: its last user turn is the question, those before it are what the question may lean on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": CHAT_MODEL, "messages": [{"role": "user", "content": "paradoxe du back-office"}]}]
        }
    )

    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None


class Usage(_Given):
    """Tokens, counted with the embedder's own tokenizer."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class AnsweredMessage(_Given):
    """The answer as Markdown, and whole in ``coulisses``."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    coulisses: AnswerModel


class Choice(_Given):
    """The one choice."""

    index: Literal[0] = 0
    message: AnsweredMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatCompletion(_Given):
    """An answer. ``system_fingerprint`` is the generation of the index."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    system_fingerprint: str
    choices: list[Choice]
    usage: Usage


class EmbeddingRequest(_Sent):
    """Texts to embed. ``input_type`` is ``passage`` unless told: it decides which of the embedder's prompts is put before."""

    model: str
    input: Annotated[Any, WithJsonSchema(_TEXTS)]  # judged by the route, which says in words what is not read
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: int | None = None
    input_type: Literal["passage", "query"] | None = None


class Embedding(_Given):
    """A unit vector: a list of numbers, or its little-endian 32-bit floats in base64."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingUsage(_Given):
    """Tokens read."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingResponse(_Given):
    """A vector for each text, in their order."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str
    usage: EmbeddingUsage


class Model(_Given):
    """What can be asked for by its name."""

    id: str
    object: Literal["model"] = "model"
    created: int = Field(description="When the index was made, in seconds since 1970.")
    owned_by: Literal["coulisses"] = "coulisses"


class ModelList(_Given):
    """What can be asked for."""

    object: Literal["list"] = "list"
    data: list[Model]


class ErrorDetail(_Given):
    """What is wrong, for people in ``message``, for programs in the others."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorResponse(_Given):
    """An error in OpenAI's shape."""

    error: ErrorDetail
