"""A service that runs on this machine: the note that it leaves, and questions put to it over the loopback."""

import fcntl
import hashlib
import http.client
import ipaddress
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ask.edge import ServiceLost
from ask.places import Places
from service.answer import (
    Answer,
    AnswerSentence,
    Citation,
    Drafted,
    Event,
    Explanation,
    Fault,
    Finished,
    Prose,
    Quoted,
)

CONNECT_SECONDS = 0.3
ANSWER_SECONDS = 5.0  # to the quotes, turn included: alone it takes less
PROSE_SECONDS = 120.0  # between two sentences of prose


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service of this user on the loopback, over the index that is asked; ``key`` opens it."""

    address: str
    key: str

    def answering(self, wanted: Mapping[str, object], lang: str) -> Iterator[Event]:
        """The events of its answer to a request as ``POST /ask`` takes it.

        Raises ``ServiceLost`` on any trouble: one can answer alone.
        """
        try:
            with closing(self._connection()) as connection:
                yield from _events(connection, self.key, wanted, lang)
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
            raise ServiceLost(str(error)) from error

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=CONNECT_SECONDS)
        connection.connect()
        connection.sock.settimeout(ANSWER_SECONDS)
        return connection


def _events(
    connection: http.client.HTTPConnection, key: str, wanted: Mapping[str, object], lang: str
) -> Iterator[Event]:
    headers = {
        "Authorization": f"Bearer {key}", "Content-Type": "application/json", "Accept": "text/event-stream",
        "Accept-Language": lang,
    }  # fmt: skip
    connection.request("POST", "/ask", json.dumps(wanted), headers)
    response = connection.getresponse()
    if response.status != http.client.OK:
        raise ServiceLost(str(response.status))
    event, finished = "", False
    for line in response:  # to its end: a client that leaves before it looks like one that gave up
        name, _, value = line.decode("utf-8").rstrip("\r\n").partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            told = _event(event, json.loads(value))
            finished = isinstance(told, Finished)
            yield told
            if connection.sock is not None:
                connection.sock.settimeout(PROSE_SECONDS)
    if not finished:
        raise ServiceLost("the stream ended early")


def _event(name: str, data: Mapping[str, Any]) -> Event:
    match name:
        case "quotes":
            return Quoted(answer_of(data))
        case "sentence":
            return Drafted(_sentence(data))
        case "done":
            return Finished(answer_of(data))
    raise ServiceLost(name)  # "error": what it says is a problem of the service's own


def answer_of(data: Mapping[str, Any]) -> Answer:
    """The answer that a JSON object shows. Raises ``LookupError`` or ``TypeError`` where its shape is another."""
    told = dict(data)
    for name in ("missing_terms", "could_answer", "disagreement", "stale"):
        told[name] = tuple(told[name])
    told["sentences"] = tuple(_sentence(one) for one in told["sentences"])
    if told["prose"] is not None:
        told["prose"] = _prose(told["prose"])
    for name in ("citations", "nearest"):
        told[name] = tuple(Citation(**one) for one in told[name])
    told["corrections"] = tuple((one["typed"], one["read"]) for one in told["corrections"])
    told["explanations"] = tuple(
        Explanation(**{**one, "matched": tuple(one["matched"])}) for one in told["explanations"]
    )
    return Answer(**told)


def _sentence(data: Mapping[str, Any]) -> AnswerSentence:
    return AnswerSentence(**{**data, "citations": tuple(data["citations"])})


def _prose(data: Mapping[str, Any]) -> Prose:
    reasons = tuple((one["reason"], one["count"]) for one in data["reasons"])
    fault = None if data["fault"] is None else Fault(**data["fault"])
    return Prose(**{**data, "reasons": reasons, "evidence": tuple(data["evidence"]), "fault": fault})


@contextmanager
def announced(home: Path, address: str, index: Path, key: str) -> Iterator[None]:
    """While it lasts, ``ask`` finds the service of ``index`` in ``home``. Without effect beyond the loopback.

    The note is the user's alone (mode 600) and locked as long as the process lives: one that nobody holds is stale,
    whatever has become of its process number and port. Raises ``OSError``.
    """
    local = _local(address)
    if local is None:
        yield
        return
    folder = home / "services"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{_name(index)}-{os.getpid()}.json"
    written = path.with_suffix(".new")
    written.unlink(missing_ok=True)
    note = {"address": local, "index": str(index.resolve()), "pid": os.getpid(), "key": key}
    with open(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write(json.dumps(note))
        held.flush()
        written.replace(path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def running(where: Places, location: Path | None) -> RunningService | None:
    """The service that runs over the index that questions go to, or over ``location``."""
    folder = where.home / "services"
    if not folder.is_dir():
        return None
    targets = [location or where.chosen()]
    if location is not None and location.is_dir() and not any(location.glob("gen-*")):
        targets.append(where.index_of(location))  # a folder of texts was given for its index
    for target in targets:
        for path in sorted(folder.glob(f"{_name(target)}-*.json")):
            service = _read(path, target)
            if service is not None:
                return service
    return None


def _read(path: Path, index: Path) -> RunningService | None:
    """The service of a note that is this user's alone, is held by a process, and names a loopback address."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), encoding="utf-8") as opened:
            state = os.fstat(opened.fileno())
            if not stat.S_ISREG(state.st_mode) or state.st_uid != os.geteuid() or state.st_mode & 0o077:
                return None
            try:
                fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                note = json.loads(opened.read(65_536))
            else:
                path.unlink(missing_ok=True)  # its process has ended without taking it away
                return None
        if note["index"] != str(index.resolve()) or _local(note["address"]) != note["address"]:
            return None
        return RunningService(str(note["address"]), str(note["key"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None  # a note that cannot be read is no service


def _name(index: Path) -> str:
    return hashlib.sha256(os.fsencode(index.resolve())).hexdigest()[:16]


def _local(address: str) -> str | None:
    """The address by which this machine calls itself there; ``None`` where it is not on the loopback."""
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname is None or parts.port is None:
        return None
    host = {"localhost": "127.0.0.1"}.get(parts.hostname, parts.hostname)
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return None
    if ip.is_unspecified:
        ip = ipaddress.ip_address("127.0.0.1" if ip.version == 4 else "::1")
    shown = f"[{ip}]" if ip.version == 6 else str(ip)
    return f"http://{shown}:{parts.port}" if ip.is_loopback else None
