"""The model hub, by its own library: what a repository holds at a commit, and the bytes of a file.

``hf_hub_download`` throws a download away when it is cut short (since huggingface_hub 1.x, a partial file has a name of
one process only). The function below it, ``http_get``, goes on where a file ends: that is what is used.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from indexer.errors import HubLacks, HubLibraryMissing, HubRefused, HubUnreachable, PulledFileUnexpected

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository; the hub tells the SHA-256 of the large ones only."""

    name: str
    size: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository of a hub at a commit, its files by name."""

    hub: str
    repository: str
    commit: str
    files: dict[str, RemoteFile]


class Hub:
    """``endpoint`` is the hub's address; ``None`` leaves it to the library. Raises ``HubLibraryMissing``."""

    def __init__(self, endpoint: str | None = None) -> None:
        try:
            from huggingface_hub import HfApi
        except ImportError as error:
            raise HubLibraryMissing() from error
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its retries are not the user's business
        self._api = HfApi(endpoint=endpoint, library_name="coulisses")

    def look_up(self, repository: str, revision: str) -> Remote:
        """What the repository holds at a revision (commit, branch or tag).

        Raises ``HubUnreachable``, ``HubLacks`` or ``HubRefused``.
        """
        with self._told(repository, revision):
            try:
                info = self._api.model_info(repository, revision=revision, files_metadata=True, timeout=30)
            except (ValueError, KeyError, TypeError) as error:  # what answered is no hub: a portal, a proxy
                raise HubUnreachable(hub=self._api.endpoint, why=type(error).__name__) from error
        files = {
            file.rfilename: RemoteFile(file.rfilename, file.size or 0, file.lfs.sha256 if file.lfs else None)
            for file in info.siblings or []
        }
        if not info.sha:
            raise HubUnreachable(hub=self._api.endpoint, why="commit")
        return Remote(self._api.endpoint, repository, info.sha, files)

    def fetch(self, remote: Remote, file: RemoteFile, part: Path, advance: Advance) -> None:
        """Write the bytes that ``part`` lacks at its end; ``advance`` is told of each lot of bytes, negative when the
        hub begins again. A connection that breaks is tried again a few times.

        Raises like ``look_up``, ``PulledFileUnexpected`` when more bytes come than were announced, and ``OSError`` of
        the disk.
        """
        from huggingface_hub import hf_hub_url
        from huggingface_hub.file_download import http_get
        from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

        url = hf_hub_url(remote.repository, file.name, revision=remote.commit, endpoint=self._api.endpoint)
        # the encoding of the file itself: bytes can be counted, and gone on with
        headers = {**build_hf_headers(library_name="coulisses"), "accept-encoding": "identity"}
        with part.open("ab") as out, self._told(remote.repository, remote.commit, file.name):
            bar: Any = partial(_Told, file, out.tell(), advance)
            http_get(url, out, resume_size=out.tell(), headers=headers, expected_size=file.size, tqdm_class=bar)

    @contextmanager
    def _told(self, repository: str, revision: str, file: str = "") -> Iterator[None]:
        """The library's errors in ours; those of the disk pass."""
        from httpx2 import HTTPError, InvalidURL
        from huggingface_hub import errors

        hub = self._api.endpoint
        try:
            yield
        except errors.OfflineModeIsEnabled as error:
            raise HubUnreachable(hub=hub, why="HF_HUB_OFFLINE") from error
        except errors.GatedRepoError as error:
            raise HubRefused(hub=hub, repository=repository) from error
        except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError, errors.EntryNotFoundError) as error:
            what = " / ".join(part for part in (repository, revision, file) if part)
            raise HubLacks(hub=hub, what=what) from error
        except errors.HfHubHTTPError as error:
            status = error.response.status_code
            if status in (401, 403):
                raise HubRefused(hub=hub, repository=repository) from error
            raise HubUnreachable(hub=hub, why=f"HTTP {status}") from error
        except (HTTPError, InvalidURL) as error:
            raise HubUnreachable(hub=hub, why=type(error).__name__) from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise HubUnreachable(hub=hub, why="Content-Length") from error  # fewer bytes came


class _Told:
    """Stands where the library's bar would: told the bytes, it tells ``advance``, and stops a file without end."""

    def __init__(self, file: RemoteFile, there: int, advance: Advance, initial: int = 0, **_: object) -> None:
        self._file = file
        self._there = initial
        self._advance = advance
        if initial != there:  # the hub does not go on, it begins again
            advance(initial - there)

    def __enter__(self) -> "_Told":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, n: float | None = 1) -> None:
        self._there += int(n or 0)
        if self._there > self._file.size:
            raise PulledFileUnexpected(file=self._file.name, found=self._there, expected=self._file.size)
        self._advance(int(n or 0))
