"""Serve the studio: a port of this machine, a token, a browser."""

import secrets
import socket
import webbrowser
from collections.abc import Callable
from typing import Any

from dood.errors import DoodError

__all__ = ["serve"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    share: bool = False,
    browser: bool = True,
    ready: Callable[[str], Any] | None = None,
) -> None:
    """Serve the studio until the process is interrupted.

    Arguments:
        port: to listen on; 0 is any that is free.
        host: name or address to listen on.
        share: must be true for a host that other machines can reach: the token is all that keeps them out, and what is
            sent is not encrypted.
        browser: open the page in a browser.
        ready: called with the page's address, token and all, when it can be opened.

    Raises:
        DoodError: starlette or uvicorn is not installed, other machines can reach the host and `share` is not given, or
            the port cannot be had.
    """
    if host not in LOOPBACK and not share:
        raise DoodError(f"host {host!r} lets other machines in: add --share if that is what you want")
    uvicorn = _uvicorn()
    from dood.studio.app import make_app

    token = secrets.token_urlsafe(24)
    with _listening(host, port) as open_socket:
        shown = f"[{host}]" if ":" in host else host
        # After the #, the token is in no request line, no log and no Referer.
        address = f"http://{shown}:{open_socket.getsockname()[1]}/#token={token}"
        config = uvicorn.Config(
            make_app(token, host),
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        # It listens already: what the browser asks before the server runs waits for it.
        if ready:
            ready(address)
        if browser:
            webbrowser.open(address)
        uvicorn.Server(config).run(sockets=[open_socket])


def _uvicorn() -> Any:
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ImportError as error:
        raise DoodError("the studio needs starlette and uvicorn: pip install 'dood[studio]'") from error
    return uvicorn


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(place[:2], family=family)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DoodError(f"cannot listen on {host} port {port} ({reason}): choose another --port") from error
