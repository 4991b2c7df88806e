"""A socket that listens before its server starts: whoever reads the address can connect at once."""

import socket

from indexer.errors import ServiceUnstartable

# Seconds that a connection may lie idle: longer than clients and proxies keep theirs (httpx 5, nginx 60), so that none is
# closed at the moment when a request is sent on it.
KEEP_ALIVE = 75


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises ``ServiceUnstartable``."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise ServiceUnstartable(host=host, port=port, why=error) from error
    return listener


def address(host: str, listener: socket.socket) -> str:
    """``http://host:port`` of a listening socket."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}"
