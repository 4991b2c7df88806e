"""Who may call the service: by a name it is known by, not from another site's page, with the key where there is one."""

import hmac
import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.web.problems import refusal

PROBES = ("/healthz", "/readyz")  # answer whoever watches over the process: no key, any name, no limit
OPEN = ("/", "/favicon.ico")  # the page itself holds no text of the folder; what it asks for needs the key
OPEN_BELOW = ("/page/",)
_HOST = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether an address to listen on, or to call, is the machine's own alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Access:
    """Checks the host name (against DNS rebinding), the origin (against pages of other sites) and the key, in that order.

    ``keys`` are those that open the service; without any it is open. ``hosts`` are names beside the loopback's; an
    address in figures is taken as it is where the service listens beyond the loopback, since no page can be rebound to it.
    There is no CORS: a page of another site is refused, it is never told what it may do.
    """

    def __init__(self, app: ASGIApp, keys: Collection[str], host: str, hosts: Collection[str]) -> None:
        self._app = app
        self._keys = [key.encode() for key in keys]
        self._any_address = not is_loopback(host)
        self._names = {"localhost", host.lower(), *(name.lower() for name in hosts if not name.startswith("*."))}
        self._ends = tuple(name[1:].lower() for name in hosts if name.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        status, headers = self._refusal(request)
        if status:
            await refusal(request, status, headers=headers)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, request: Request) -> tuple[int, dict[str, str]]:
        """The status and headers of a refusal; 0 lets the request in."""
        if not self._knows(request.headers.get("host", "")):
            return 421, {}
        if _foreign(request):
            return 403, {}
        path = request.scope["path"]
        if not self._keys or path in OPEN or path.startswith(OPEN_BELOW):
            return 0, {}
        given = request.headers.get("authorization")
        if given is not None and self._opens(given):
            return 0, {}
        fault = ', error="invalid_token"' if given is not None else ""
        return 401, {"WWW-Authenticate": f'Bearer realm="coulisses"{fault}'}

    def _knows(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = (match.group(1) or match.group(2)).lower()
        if name in self._names or name.endswith(self._ends):
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or self._any_address

    def _opens(self, authorization: str) -> bool:
        scheme, _, key = authorization.partition(" ")
        given = key.strip().encode("latin-1", "replace")
        # every key is compared, in a time that says nothing of where they differ
        found = [hmac.compare_digest(given, one) for one in self._keys]
        return scheme.lower() == "bearer" and any(found)


def _foreign(request: Request) -> bool:
    """Whether a page of another site sent it: its origin is not the host that was called."""
    origin = request.headers.get("origin")
    if origin is not None:
        try:
            return urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower()
        except ValueError:
            return True
    # images, forms and scripts tell no origin on GET, but browsers say where they come from
    cross = request.headers.get("sec-fetch-site") == "cross-site"
    return cross and request.headers.get("sec-fetch-mode") != "navigate"
