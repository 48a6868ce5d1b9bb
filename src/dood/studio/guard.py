"""Who is let in: requests to this machine, from its own page, with the token of this session."""

import hmac
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["TOKEN_HEADER", "Guard", "Pass"]

TOKEN_HEADER = "x-dood-token"

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
"""The page loads from this server alone, in no other page's frame, and nothing stays in a cache."""


@dataclass(frozen=True)
class Pass:
    """What a request must show.

    Attributes:
        token: that requests to /api carry in a header, which no other page can make a browser send.
        host: that the server listens on. Another than the loopback is reached by number, or by this very name: names
            that a stranger's page might point here are refused.
    """

    token: str
    host: str = "127.0.0.1"

    def knows_host(self, value: str) -> bool:
        """Whether a Host header (or what an Origin says after ://) is one of this server's."""
        try:
            name = urlsplit(f"//{value}").hostname or ""
        except ValueError:
            return False
        if name in LOOPBACK or self.host in LOOPBACK:
            return name in LOOPBACK
        return name == self.host.lower() or _is_number(name)

    def refusal(self, path: str, headers: Headers) -> tuple[int, str] | None:
        """Status and reason for which a request is refused; None lets it in."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self.knows_host(host):
            return 421, f"this server is not {host[:80]!r}: open the address that dood studio printed"
        if origin is not None and origin != f"http://{host}":
            return 403, f"requests from {origin[:80]!r} are refused: use the page that dood studio opened"
        if path.startswith("/api/") and not hmac.compare_digest(
            headers.get(TOKEN_HEADER, "").encode(), self.token.encode()
        ):
            return 401, "the token is missing or of another session: open the address that dood studio printed"
        return None


class Guard:
    """Asks every request for its pass, and adds headers of safety to every answer."""

    def __init__(self, app: ASGIApp, asked: Pass) -> None:
        self.app, self.asked = app, asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # there are no websockets here
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        refusal = self.asked.refusal(scope["path"], Headers(scope=scope))
        if refusal is None:
            await self.app(scope, receive, guarded)
            return
        status, reason = refusal
        await JSONResponse({"error": reason}, status)(scope, receive, guarded)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
