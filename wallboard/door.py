"""The door: who is asking, and whether this one may have what a route gives.

Not the roles' rights (`authorise.py`), not who may sign in (`signing.py`). A program sends `Authorization: Bearer`, a browser
the cookie of its session, a websocket that can send neither a ticket; a token in an address is not looked at, because
addresses end in logs. Without credentials one may still act as the public role, or read what is open to this machine, when
one comes from this machine and through no proxy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from starlette.requests import HTTPConnection

from realtime.words import Micros
from wallboard.authorise import Action, Role, authorise
from wallboard.cookies import csrf_fits, csrf_token, is_secure, session_cookie
from wallboard.headers import same_origin
from wallboard.people import People
from wallboard.private_file import Unreadable
from wallboard.refusals import Refusal
from wallboard.sessions import Session, Sessions
from wallboard.settings import is_loopback
from wallboard.throttle import Throttle
from wallboard.tickets import Tickets
from wallboard.tokens import Refused, TokenStore

_FORWARDING = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Carrier = Literal["bearer", "cookie", "ticket", "none"]


class Visitor(NamedTuple):
    """Somebody the door let in. `role` is None where a route is open to everyone; `token` and `session` are ids, never secrets.

    `board`: the one board that a screen's token is bound to; `user`: the name of a person. Both empty where there is none.
    """

    role: Role | None
    token: str | None = None
    board: str = ""
    user: str = ""
    session: str = ""
    csrf: str = ""
    expires: Micros = 0
    language: str = ""

    @property
    def credential(self) -> str | None:
        """What must live on for this visitor to stay (`Door.living`)."""
        return self.session or self.token


class Asked(NamedTuple):
    """What a route asks of its visitors.

    `local`: who asks from this very machine needs no token. `bound`: a screen that is bound to a board may ask, too,
    because the handler looks at `visitor.board`; anywhere else such a screen is refused.
    """

    action: Action | None
    local: bool = False
    bound: bool = False


FILES_UNREADABLE = Refusal(
    503, "tokens_unreadable", "The board cannot read who may come in; its administrator finds the file and why in /readyz."
)
_NO_CREDENTIALS = Refusal(401, "token_missing", "This needs a token: sign in on the page, or send Authorization: Bearer.")
_SESSION_ENDED = Refusal(401, "session_ended", "This session has ended; sign in again.")
_TICKET_REFUSED = Refusal(401, "ticket_refused", "This ticket was used, has expired or is unknown; ask for a new one at /api/tickets.")
_ORIGIN_REFUSED = Refusal(403, "origin_refused", "Another site sent this request; open the board itself and ask there.")
_CSRF_REFUSED = Refusal(403, "csrf_refused", "The request lacks the sign of its page (X-Andon-CSRF); load the page again and repeat.")
_BOUND = "This screen is bound to one board and may ask only for that."


class Door:
    def __init__(
        self, tokens: TokenStore, people: People, sessions: Sessions, clock: Callable[[], Micros], public_role: Role | None
    ) -> None:
        self.tickets: Tickets[Visitor] = Tickets()
        self._tokens = tokens
        self._people = people
        self._sessions = sessions
        self._clock = clock
        self._public_role = public_role
        self._throttle = Throttle()

    def admit(self, connection: HTTPConnection, asked: Asked) -> Visitor | Refusal:
        """Who it is, if this one may."""
        visitor = self.identify(connection, asked)
        return visitor if isinstance(visitor, Refusal) else self.refuses(connection, visitor, asked) or visitor

    def identify(self, connection: HTTPConnection, asked: Asked) -> Visitor | Refusal:
        """Origin first, then credentials."""
        if not _origin_is_ours(connection):
            return _ORIGIN_REFUSED
        if asked.action is None or (asked.local and _comes_from_here(connection)):
            return Visitor(None)
        try:
            return self._visitor(connection)
        except Unreadable:
            return FILES_UNREADABLE

    def refuses(self, connection: HTTPConnection, visitor: Visitor, asked: Asked) -> Refusal | None:
        """The page's sign, then the right of the role, then the one board of a screen."""
        if asked.action is None or visitor.role is None:
            return None
        if visitor.csrf and _changes(connection) and not csrf_fits(connection, session_cookie(connection)):
            return _CSRF_REFUSED
        decision = authorise(visitor.role, asked.action)
        if not decision.allowed:
            return Refusal(403, "not_allowed", decision.reason, (decision.reason,))
        return None if asked.bound or not visitor.board else Refusal(403, "bound_to_board", _BOUND, (_BOUND,))

    def by_token(self, secret: str, address: str) -> Visitor | Refusal:
        """A token by itself, from a header or from a page where somebody signs in. Raises Unreadable.

        A good one passes however often its address failed: many screens share the address of one router, and a neighbour's
        old token must not darken them. There is nothing to guess in a token, so what is slowed is the failing itself.
        """
        now = self._clock()
        token = self._tokens.check(secret, now)
        if not isinstance(token, Refused):
            return Visitor(token.role, token.id, token.board, expires=token.expires)
        if wait_s := self._throttle.failed(address, now):
            message = f"Too many wrong tokens came from this address; try again in {wait_s} seconds."
            return Refusal(429, "too_many_attempts", message, retry_after_s=wait_s)
        return Refusal(401, token.error, token.message)

    def by_session(self, secret: str) -> Visitor | None:
        """The session's holder, as that is now: a session is worth no more than its token or its person. Raises Unreadable."""
        now = self._clock()
        session = self._sessions.check(secret, now)
        visitor = None if session is None else self._holder_of(session, now)
        return None if visitor is None else visitor._replace(csrf=csrf_token(secret))

    def living(self) -> frozenset[str]:
        """Every credential that is good at this moment. Raises Unreadable."""
        now = self._clock()
        sessions = (session.id for session in self._sessions.living(now) if self._holder_of(session, now) is not None)
        return self._tokens.living(now) | frozenset(sessions)

    def _visitor(self, connection: HTTPConnection) -> Visitor | Refusal:
        carrier, secret = _credentials(connection)
        visitor = self._by_carrier(connection, carrier, secret)
        public = self._public_role is not None and _comes_from_here(connection)
        # An old cookie is no reason to refuse what needs none: cookies of one machine are shared by all its ports.
        if public and carrier in ("cookie", "none") and isinstance(visitor, Refusal):
            return Visitor(self._public_role)
        return visitor

    def _by_carrier(self, connection: HTTPConnection, carrier: Carrier, secret: str) -> Visitor | Refusal:
        if carrier == "bearer":
            return self.by_token(secret, address_of(connection)) if secret else _NO_CREDENTIALS
        if carrier == "cookie":
            return self.by_session(secret) or _SESSION_ENDED
        if carrier == "ticket":
            return self._by_ticket(secret) or _TICKET_REFUSED
        return _NO_CREDENTIALS

    def _by_ticket(self, ticket: str) -> Visitor | None:
        """What its holder asked it with must still be good."""
        visitor = self.tickets.redeem(ticket, self._clock())
        if visitor is None or visitor.credential is None:
            return visitor
        return visitor if visitor.credential in self.living() else None

    def _holder_of(self, session: Session, now: Micros) -> Visitor | None:
        if session.user:
            person = self._people.get(session.user)
            if person is None or person.disabled or person.stamp != session.stamp:
                return None
            return Visitor(person.role, user=person.name, session=session.id, expires=session.expires, language=person.language)
        token = self._tokens.get(session.token)
        if token is None or token.expires <= now:
            return None
        self._tokens.note_use(token, now)
        return Visitor(token.role, token.id, token.board, session=session.id, expires=session.expires)


def address_of(connection: HTTPConnection) -> str:
    """Of the client; behind a proxy that the settings trust, not the proxy's (`proxies.py`)."""
    return connection.client.host if connection.client else ""


def _credentials(connection: HTTPConnection) -> tuple[Carrier, str]:
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return "bearer", secret.strip()
    if connection.scope["type"] == "websocket" and (ticket := connection.query_params.get("ticket", "")):
        return "ticket", ticket
    if cookie := session_cookie(connection):
        return "cookie", cookie
    return "none", ""


def _comes_from_here(connection: HTTPConnection) -> bool:
    """This machine, and not a proxy on it that speaks for the world."""
    return is_loopback(address_of(connection)) and not any(name in connection.headers for name in _FORWARDING)


def _changes(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "http" and connection.scope["method"] not in _SAFE_METHODS


def _origin_is_ours(connection: HTTPConnection) -> bool:
    """Reading is free (no CORS header lets another page see the answer); what changes something, or stays open, is not."""
    websocket = connection.scope["type"] == "websocket"
    if not websocket and not _changes(connection):
        return True
    origins = connection.headers.getlist("origin")
    if origins:
        return len(origins) == 1 and same_origin(origins[0], connection.headers.get("host", ""), is_secure(connection))
    # Every browser sends Origin here. Who does not is a program: it shows a bearer, or (websockets) rides on no cookie.
    carrier, _ = _credentials(connection)
    return carrier == "bearer" or (websocket and carrier in ("ticket", "none"))
