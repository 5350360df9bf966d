"""Around every request, before any route: who is behind our proxy, the Host must be ours, the body small, headers on the answer.

Plain ASGI, so that it costs a websocket nothing after its handshake. Who may do what is the door's matter (`door.py`).
"""

from __future__ import annotations

from collections import Counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wallboard.headers import SECURITY_HEADERS, host_allowed
from wallboard.proxies import Networks, seen_through
from wallboard.reading import BODY_LIMIT
from wallboard.refusals import BODY_TOO_LARGE, Refusal
from wallboard.settings import LOOPBACK_NAMES, BoardSettings, networks_of

_STRANGE_HOST = Refusal(
    421, "host_unknown", "The board is not known by this name; add the name to [board] hosts, or use the address it listens on."
)
_SECURE_SCHEMES = {"http": "https", "ws": "wss"}


class Guard:
    def __init__(self, app: ASGIApp, settings: BoardSettings, answers: Counter[int]) -> None:
        self._app = app
        self._answers = answers
        self._hosts = LOOPBACK_NAMES | {settings.address.lower()} | {host.lower() for host in settings.hosts}
        self._proxies: Networks = networks_of(settings.trusted_proxies) or ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                self._answers[message["status"]] += 1
                _add_headers(MutableHeaders(scope=message), scope)
            await send(message)

        scope = _through(self._proxies, scope)
        refusal = self._refuses(scope)
        app = self._app if refusal is None else refusal.response()
        await app(scope, receive, send_guarded)

    def _refuses(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        server = scope.get("server")
        if not host_allowed(headers.get("host", ""), self._hosts, server[0] if server else None):
            return _STRANGE_HOST
        announced = headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > BODY_LIMIT:
            return BODY_TOO_LARGE
        return None


def _through(proxies: Networks, scope: Scope) -> Scope:
    """The scope as it would be if the client had come to us without our proxy."""
    peer, port = scope.get("client") or ("", 0)
    if not proxies:
        return scope
    headers = Headers(scope=scope)
    said = (headers.getlist("x-forwarded-for"), headers.get("x-forwarded-proto", ""), headers.get("x-forwarded-host", ""))
    seen = seen_through(proxies, peer, *said)
    scope = {**scope, "client": (seen.address, port)}
    if seen.secure:
        scope["scheme"] = _SECURE_SCHEMES.get(scope["scheme"], scope["scheme"])
    if seen.host:
        own = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope["headers"] = [(b"host", seen.host.encode("latin-1", "replace")), *own]
    return scope


def _add_headers(headers: MutableHeaders, scope: Scope) -> None:
    for name, value in SECURITY_HEADERS:
        headers.setdefault(name, value)  # a page to print has a stricter policy of its own
    if not scope["path"].startswith("/web/"):
        headers.setdefault("cache-control", "no-store")
