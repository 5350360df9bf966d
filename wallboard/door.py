"""The door: who is asking, and whether this one may have what a route gives.

Not the roles' rights (`authorise.py`), not the tokens' file (`tokens.py`). A program sends `Authorization: Bearer`, a
browser a cookie; a token in an address is not looked at, because addresses end in logs. Without credentials one may still
act as the public role, or read what is open to this machine, when one comes from this machine and through no proxy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from starlette.requests import HTTPConnection

from realtime.words import Micros
from wallboard.authorise import Action, Role, authorise
from wallboard.headers import same_origin
from wallboard.private_file import Unreadable
from wallboard.refusals import Refusal
from wallboard.settings import is_loopback
from wallboard.throttle import Throttle
from wallboard.tokens import Refused, TokenStore

COOKIE = "andon_session"
_FORWARDING = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Visitor(NamedTuple):
    """Somebody the door let in. `role` is None where a route is open to everyone; `token` is an id, never a secret.

    `board`: the one board that a screen's token is bound to; `user`: the name of a person. Both empty where there is none.
    """

    role: Role | None
    token: str | None = None
    board: str = ""
    user: str = ""


class Asked(NamedTuple):
    """What a route asks of its visitors. `local`: who asks from this very machine needs no token."""

    action: Action | None
    local: bool = False


class Door:
    def __init__(self, tokens: TokenStore, clock: Callable[[], Micros], public_role: Role | None) -> None:
        self._tokens = tokens
        self._clock = clock
        self._public_role = public_role
        self._throttle = Throttle()

    def admit(self, connection: HTTPConnection, asked: Asked) -> Visitor | Refusal:
        """Origin first, then credentials, then the right."""
        if not _origin_is_ours(connection):
            return Refusal(403, "origin_refused", "Another site sent this request; open the board itself and ask there.")
        if asked.action is None or (asked.local and _comes_from_here(connection)):
            return Visitor(None)
        visitor = self._visitor(connection)
        if isinstance(visitor, Refusal) or visitor.role is None:
            return visitor
        decision = authorise(visitor.role, asked.action)
        return visitor if decision.allowed else Refusal(403, "not_allowed", decision.reason, (decision.reason,))

    def check(self, secret: str, address: str) -> tuple[Visitor, Micros] | Refusal:
        """A token by itself, as the login page sends it; with the time it expires."""
        now = self._clock()
        try:
            token = self._tokens.check(secret, now)
        except Unreadable:
            return Refusal(503, "tokens_unreadable", "The board cannot read its tokens; its administrator finds why in /readyz.")
        if not isinstance(token, Refused):
            return Visitor(token.role, token.id, token.board), token.expires
        if wait_s := self._throttle.failed(address, now):
            message = f"Too many wrong tokens came from this address; try again in {wait_s} seconds."
            return Refusal(429, "too_many_attempts", message, retry_after_s=wait_s)
        return Refusal(401, token.error, token.message)

    def _visitor(self, connection: HTTPConnection) -> Visitor | Refusal:
        carrier, secret = _credentials(connection)
        public = self._public_role is not None and _comes_from_here(connection)
        # An old cookie is no reason to refuse what needs none: cookies of one machine are shared by all its ports.
        if public and carrier != "bearer" and not (secret and self._is_good(secret)):
            return Visitor(self._public_role)
        if not secret:
            return Refusal(401, "token_missing", "This needs a token: sign in on the page, or send Authorization: Bearer.")
        checked = self.check(secret, address_of(connection))
        return checked if isinstance(checked, Refusal) else checked[0]

    def _is_good(self, secret: str) -> bool:
        try:
            return not isinstance(self._tokens.check(secret, self._clock()), Refused)
        except Unreadable:
            return False


def address_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


def _credentials(connection: HTTPConnection) -> tuple[Literal["bearer", "cookie", "none"], str]:
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return "bearer", secret.strip()
    if cookie := connection.cookies.get(COOKIE, ""):
        return "cookie", cookie
    return "none", ""


def _comes_from_here(connection: HTTPConnection) -> bool:
    """This machine, and not a proxy on it that speaks for the world."""
    return is_loopback(address_of(connection)) and not any(name in connection.headers for name in _FORWARDING)


def _origin_is_ours(connection: HTTPConnection) -> bool:
    """Reading is free (no CORS header lets another page see the answer); what changes something, or stays open, is not."""
    websocket = connection.scope["type"] == "websocket"
    if not websocket and connection.scope["method"] in _SAFE_METHODS:
        return True
    origins = connection.headers.getlist("origin")
    if origins:
        secure = connection.url.scheme in ("https", "wss")
        return len(origins) == 1 and same_origin(origins[0], connection.headers.get("host", ""), secure)
    # Every browser sends Origin here. Who does not is a program: it shows a bearer, or (websockets) rides on no cookie.
    carrier, _ = _credentials(connection)
    return carrier == "bearer" or (websocket and carrier == "none")
