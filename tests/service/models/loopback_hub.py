"""A model hub on the loopback: the endpoints that huggingface_hub asks, with files of our own and faults on demand."""

import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" * 6 + "c0ff"
OTHER = "beef" * 10


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class LoopbackHub:
    """``files`` of the one repository, by commit. Large files (LFS) are those that end in .gguf or .safetensors.

    ``cut_after`` closes the connection once that many bytes of a file have gone out, ``cuts`` times; ``status`` answers
    everything with that status (and ``code`` as X-Error-Code); ``served`` replaces the bytes sent, not what is said of
    them; ``on_half`` is called when half of a large file has gone out. ``asked`` lists path and first byte asked for.
    """

    files: dict[str, dict[str, bytes]]
    repository: str = "essai/modele"
    cut_after: int | None = None
    cuts: int = 0
    status: int = 200
    code: str = ""
    body: bytes | None = None
    served: dict[str, bytes] = field(default_factory=dict)
    ignore_range: bool = False
    pause: float = 0.0
    on_half: Callable[[], None] | None = None
    asked: list[tuple[str, int]] = field(default_factory=list)

    def __enter__(self) -> "LoopbackHub":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def starts(self) -> list[int]:
        """The first byte of each request for a file."""
        return [start for path, start in self.asked if "/cdn/" in path]

    def commit_of(self, revision: str) -> str | None:
        return COMMIT if revision == "main" else revision if revision in self.files else None


def _handler(hub: LoopbackHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # a client that goes away is part of the tests
                super().handle()

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            wanted = self.headers.get("Range", "bytes=0-")
            start = int(wanted.removeprefix("bytes=").split("-")[0])
            hub.asked.append((path, start))
            if hub.status != 200 or hub.body is not None:
                self._send(hub.status, hub.body or b"", {"X-Error-Code": hub.code} if hub.code else {})
            elif path.startswith(f"/api/models/{hub.repository}/revision/"):
                self._info(path.rpartition("/")[2])
            elif path.startswith(f"/{hub.repository}/resolve/"):
                commit, _, name = path.removeprefix(f"/{hub.repository}/resolve/").partition("/")
                if name not in hub.files.get(commit, {}):
                    self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
                else:  # like the real one: elsewhere
                    self._send(302, b"", {"Location": f"{hub.endpoint}/cdn/{commit}/{name}"})
            elif path.startswith("/cdn/"):
                commit, _, name = path.removeprefix("/cdn/").partition("/")
                self._file(hub.served.get(name, hub.files[commit][name]), 0 if hub.ignore_range else start)
            else:
                self._send(404, b"", {"X-Error-Code": "RepoNotFound"})

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _info(self, revision: str) -> None:
            commit = hub.commit_of(revision)
            if commit is None:
                self._send(404, b"", {"X-Error-Code": "RevisionNotFound"})
                return
            siblings = []
            for name, data in hub.files[commit].items():
                about: dict[str, object] = {"rfilename": name, "size": len(data), "blobId": "0" * 40}
                if name.endswith((".gguf", ".safetensors")):
                    about["lfs"] = {"sha256": sha(data), "size": len(data), "pointerSize": 134}
                siblings.append(about)
            info = {"id": hub.repository, "modelId": hub.repository, "sha": commit, "siblings": siblings,
                    "tags": [], "downloads": 0, "likes": 0, "private": False}  # fmt: skip
            self._send(200, json.dumps(info).encode(), {"Content-Type": "application/json"})

        def _file(self, data: bytes, start: int) -> None:
            rest = data[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(rest)))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.end_headers()
            if hub.cut_after is not None and hub.cuts:
                hub.cuts -= 1
                self.wfile.write(rest[: hub.cut_after])
                self.wfile.flush()
                self.close_connection = True
                return
            half = len(rest) // 2
            self.wfile.write(rest[:half])
            self.wfile.flush()
            if hub.on_half is not None and len(data) > 1000:
                hub.on_half()
            time.sleep(hub.pause)
            self.wfile.write(rest[half:])

    return Handler
