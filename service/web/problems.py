"""Errors in French, or in English for ``Accept-Language: en``: as problem details (RFC 9457), below ``/v1`` in OpenAI's
shape.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from indexer.errors import CoulissesError, DocumentChanged, DocumentUnknown, RequestError, ServiceBusy, ServiceStopping
from service.schema import Problem
from service.web.openai_schema import LARGEST_CHAT, ErrorDetail, ErrorResponse

LARGEST_BODY = 65_536  # bytes
OPENAI = "/v1/"  # below it errors have OpenAI's shape
RESTART = 5  # seconds after which a service that stops may be there again


def _told(description: str) -> dict[str, object]:
    """How the description of the service (OpenAPI) shows a problem."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"model": Problem, "description": description, "content": {"application/problem+json": {"schema": schema}}}


GUARDED: dict[int | str, dict[str, object]] = {
    401: _told("The API key is missing or wrong."),
    403: _told("The request comes from a page of another site."),
    408: _told("The body did not come in time."),
    413: _told("The body is too large."),
    421: _told("The service is not known by this host name."),
    429: _told("Too many requests of this client: see `Retry-After`."),
    503: _told("Too many questions are waiting, or the service is stopping: see `Retry-After`."),
}
PROBLEMS: dict[int | str, dict[str, object]] = {
    **GUARDED,
    400: _told("The request cannot be read."),
    422: _told("What was sent is not valid."),
}
UNKNOWN: dict[int | str, dict[str, object]] = {
    404: _told("There is no such document."),
    410: _told("The document has changed since it was indexed."),
}
_TITLES = {
    "fr": {400: "Requête illisible", 401: "Clé demandée", 403: "Origine refusée", 404: "Introuvable",
           405: "Méthode refusée", 406: "Format refusé", 408: "Requête trop lente", 410: "Document changé",
           413: "Requête trop grande", 421: "Hôte inconnu", 422: "Requête non valable", 429: "Trop de requêtes",
           500: "Échec du service", 503: "Service indisponible"},
    "en": {400: "Unreadable request", 401: "Key required", 403: "Origin refused", 404: "Not found",
           405: "Method not allowed", 406: "Not acceptable", 408: "Request too slow", 410: "Document changed",
           413: "Request too large", 421: "Unknown host", 422: "Invalid request", 429: "Too many requests",
           500: "Service failure", 503: "Service unavailable"},
}  # fmt: skip
DETAILS = {
    "fr": {
        400: "La requête n’est pas lisible ; envoyez du JSON en UTF-8.",
        401: "Ce service demande une clé. Envoyez-la par « Authorization: Bearer … ».",
        403: "Une page d’un autre site ne peut pas interroger ce service.",
        404: "Cette adresse n’existe pas. Voyez /openapi.json.",
        405: "Cette adresse n’accepte pas cette méthode. Voyez /openapi.json.",
        408: "Le corps de la requête n’est pas arrivé à temps. Renvoyez-le.",
        413: "Le corps dépasse {limit} octets. Raccourcissez la question.",
        421: "Ce service n’est pas connu sous ce nom d’hôte. Ajoutez-le au réglage « trusted_hosts ».",
        422: "Corrigez les champs nommés dans « errors ».", "json": "Le corps n’est pas du JSON valable.",
        429: "Vous envoyez trop de requêtes. Attendez le temps dit par Retry-After.",
        500: "Le service a échoué sur cette requête ; réessayez, et signalez-le si cela se répète.",
        "span": "Le passage demandé ({start}–{end}) sort du document, long de {length} caractères.",
    },
    "en": {
        400: "The request cannot be read; send JSON in UTF-8.",
        401: "This service requires a key. Send it as “Authorization: Bearer …”.",
        403: "A page of another site may not question this service.",
        404: "There is nothing at this address. See /openapi.json.",
        405: "This address does not take that method. See /openapi.json.",
        408: "The body of the request did not come in time. Send it again.",
        413: "The body exceeds {limit} bytes. Shorten the question.",
        421: "This service is not known by this host name. Add it to the setting “trusted_hosts”.",
        422: "Mend the fields named in “errors”.", "json": "The body is not valid JSON.",
        429: "You send too many requests. Wait for the time told by Retry-After.",
        500: "The service failed on this request; try again, and report it if it happens again.",
        "span": "The span asked for ({start}–{end}) lies outside the document, {length} characters long.",
    },
}  # fmt: skip
_FAULTS = {
    "model_attributes_type": (
        "envoyez un objet JSON, avec Content-Type: application/json",
        "send a JSON object, with Content-Type: application/json",
    ),
    "missing": ("champ obligatoire absent", "required field missing"),
    "extra_forbidden": ("champ inconnu", "unknown field"),
    "string_type": ("un texte est attendu", "a string is expected"),
    "int_type": ("un entier est attendu", "an integer is expected"),
    "int_parsing": ("un entier est attendu", "an integer is expected"),
    "bool_type": ("vrai ou faux est attendu", "true or false is expected"),
    "list_type": ("une liste est attendue", "a list is expected"),
    "greater_than_equal": ("au moins {ge}", "at least {ge}"),
    "less_than_equal": ("au plus {le}", "at most {le}"),
    "string_too_long": ("au plus {max_length} caractères", "at most {max_length} characters"),
    "string_too_short": ("au moins {min_length} caractère", "at least {min_length} character"),
    "too_long": ("au plus {max_length} éléments", "at most {max_length} items"),
    "string_pattern_mismatch": (
        "forme attendue : AAAA, AAAA-MM ou AAAA-MM-JJ",
        "expected: YYYY, YYYY-MM or YYYY-MM-DD",
    ),
}


def language_of(request: Request) -> str:
    """The language of what the client is told: ``"en"`` where it reads English first, else ``"fr"``."""
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "fr"


class Refused(HTTPException):
    """A request refused by an edge, in a sentence of the reader's language; ``param`` and ``code`` are OpenAI's."""

    def __init__(self, status: int, detail: str, param: str | None = None, code: str | None = None) -> None:
        super().__init__(status, detail)
        self.param = param
        self.code = code


def largest_body(path: str) -> int:
    """Bytes that a request to this address may be."""
    return LARGEST_CHAT if path.startswith(OPENAI) else LARGEST_BODY


def problem(
    status: int,
    lang: str,
    detail: str | None = None,
    errors: list[str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem as a response; without ``detail`` the usual sentence of its status."""
    titles, details = _TITLES[lang], DETAILS[lang]
    detail = detail or details.get(status, titles.get(status, ""))
    problem = Problem(
        title=titles.get(status, titles[400]), status=status, detail=_sendable(detail), errors=errors,
    )  # fmt: skip
    return JSONResponse(problem.model_dump(exclude_none=True), status, headers, media_type="application/problem+json")


def openai_error(
    status: int, lang: str, detail: str | None = None, param: str | None = None, code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:  # fmt: skip
    """An error in OpenAI's shape and with its status: what is not valid is a 400 there."""
    status = 400 if status == 422 else status
    message = detail or DETAILS[lang].get(status) or _TITLES[lang].get(status, "")
    kind = "server_error" if status >= 500 else "rate_limit_error" if status == 429 else "invalid_request_error"
    error = ErrorResponse(error=ErrorDetail(message=_sendable(message), type=kind, param=param, code=code))
    return JSONResponse(error.model_dump(), status, headers)


def _sendable(text: str) -> str:
    """What was sent is told back: half a surrogate pair, which JSON can hold and UTF-8 cannot, becomes « ? »."""
    return text.encode("utf-8", "replace").decode("utf-8")


def refusal(
    request: Request, status: int, detail: str | None = None, errors: list[str] | None = None,
    param: str | None = None, code: str | None = None, headers: Mapping[str, str] | None = None,
) -> JSONResponse:  # fmt: skip
    """An error in the shape that the address speaks; without ``detail`` the usual sentence of its status."""
    lang, path = language_of(request), request.url.path
    if status == 413 and detail is None:
        detail = DETAILS[lang][413].format(limit=largest_body(path))
    if path.startswith(OPENAI):
        return openai_error(status, lang, " ; ".join(errors) if errors else detail, param, code, headers)
    return problem(status, lang, detail, errors, headers)


def translate_errors(app: FastAPI) -> None:
    """Domain errors and framework errors in the reader's language."""

    @app.exception_handler(CoulissesError)
    async def domain(request: Request, error: CoulissesError) -> Response:
        status = 404 if isinstance(error, DocumentUnknown) else 410 if isinstance(error, DocumentChanged) else 0
        status = status or (422 if isinstance(error, RequestError) else 503)
        soon = isinstance(error, ServiceBusy | ServiceStopping)
        headers = {"Retry-After": str(error.fields.get("seconds", RESTART))} if soon else None
        return refusal(request, status, error.sentence(language_of(request)), headers=headers)

    @app.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> Response:
        lang = language_of(request)
        faults = error.errors()
        if any(fault["type"] == "json_invalid" for fault in faults):
            return refusal(request, 422, DETAILS[lang]["json"])
        return refusal(request, 422, errors=[fault_sentence(fault, lang) for fault in faults], param=_place(faults[0]))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        if isinstance(error, Refused):
            return refusal(request, error.status_code, error.detail, param=error.param, code=error.code)
        known = error.status_code in DETAILS[language_of(request)]
        response = refusal(
            request, error.status_code, None if known and error.status_code != 422 else str(error.detail)
        )
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def failure(request: Request, error: Exception) -> Response:
        return refusal(request, 500)


def fault_sentence(fault: Mapping[str, Any], lang: str) -> str:
    """What FastAPI found wrong with a field, in a sentence that names the field."""
    where = _place(fault)
    french, english = _FAULTS.get(str(fault["type"]), ("valeur non valable", "invalid value"))
    context = fault.get("ctx")
    sentence = (english if lang == "en" else french).format(**(context if isinstance(context, dict) else {}))
    return f"{where} : {sentence}" if where else sentence


def _place(fault: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in fault["loc"][1:])  # the first says where from: body, query or path
