"""What the routes of signing in answer: who I am, in, out, and a ticket for a websocket.

Not the check of a token or a password (`signing.py`). Sign-ins are recorded here and not from the route table, because only
here it is known who came; the ones that failed are counted under their address.
"""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime.me import agent_of_login
from realtime.words import SECOND, Micros
from wallboard.audit import Outcome
from wallboard.authorise import Action, Role, actions_of
from wallboard.board import Board
from wallboard.cookies import give_cookie, take_cookie
from wallboard.door import FILES_UNREADABLE, Visitor, address_of
from wallboard.people import Person
from wallboard.private_file import Unreadable
from wallboard.reading import body_of
from wallboard.refusals import Refusal
from wallboard.signing import Begun

SIGN_IN = "sign in"
_STRANGER = Visitor(None)
_HALF_SAID = Refusal(401, "credentials_missing", "Send either a token, or a user and a password.")
_NOT_KEPT = Refusal(
    503, "session_not_kept", "The board cannot write its sessions; its administrator should look at the data folder's disk."
)


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """A token, or a name with its password; never both."""

    token: str = ""
    user: str = ""
    password: str = ""


class Session(msgspec.Struct, kw_only=True):
    """Who is signed in. `csrf` goes into the header X-Andon-CSRF of what changes something; empty where no cookie is used."""

    name: str
    role: Role
    actions: tuple[Action, ...]
    board: str
    """The one board that this screen is bound to; empty: none."""
    csrf: str
    expires: float | None
    """Epoch seconds; null: it does not end by itself."""
    language: str = ""
    """What this person reads, where it is known: a browser in which nobody has chosen a language begins with it."""
    phone: str = ""
    """The desk that the plan gives to this person: what rings to listen, until another is said. Empty: none, or nobody of the plan."""


class Ticket(msgspec.Struct, kw_only=True):
    """For one websocket: /api/live?view=NAME&ticket=TICKET."""

    ticket: str
    expires: float


async def who_am_i(board: Board, _request: Request, visitor: Visitor) -> Response:
    return _json(_session(board, visitor))


async def sign_in(board: Board, request: Request, _visitor: Visitor) -> Response:
    said = await body_of(request, SignIn)
    if isinstance(said, Refusal):
        return said.response()
    if bool(said.token) == bool(said.user and said.password) or (said.token and (said.user or said.password)):
        return _HALF_SAID.response()
    try:
        begun = await (_by_token(board, request, said.token) if said.token else _by_password(board, request, said))
    except Unreadable:
        return FILES_UNREADABLE.response()
    except (OSError, ValueError):  # a full disk, or more sessions than are kept
        return _NOT_KEPT.response()
    if isinstance(begun, Refusal):
        return begun.response()
    response = _json(_session(board, begun.visitor))
    give_cookie(response, request, begun.secret, (begun.visitor.expires - board.clock()) // SECOND)
    return response


async def sign_out(board: Board, request: Request, visitor: Visitor) -> Response:
    if visitor.session:
        try:
            await board.signing.end(visitor.session)
        except OSError:
            return _NOT_KEPT.response()
    response = Response(status_code=204)
    take_cookie(response, request)
    return response


async def ticket(board: Board, _request: Request, visitor: Visitor) -> Response:
    secret, expires = board.door.tickets.issue(visitor, board.clock())
    return _json(Ticket(ticket=secret, expires=_seconds(expires)))


async def _by_token(board: Board, request: Request, token: str) -> Begun | Refusal:
    address = address_of(request)
    visitor = board.signing.check_token(token, address)
    if isinstance(visitor, Refusal):
        return _counted(board, address, "", visitor)
    return await board.recorder.allow(visitor, address, SIGN_IN, "") or await board.signing.begin_for_token(visitor)


async def _by_password(board: Board, request: Request, said: SignIn) -> Begun | Refusal:
    address = address_of(request)
    person = await board.signing.check_password(said.user, said.password, address)
    if isinstance(person, Refusal):
        # A name nobody has may be a password typed into the wrong field: it is not written down.
        known = board.people.get(said.user)
        return _counted(board, address, known.name if known else "", person)
    visitor = _visitor_of(person)
    return await board.recorder.allow(visitor, address, SIGN_IN, "") or await board.signing.begin_for_person(person, said.password)


def _counted(board: Board, address: str, name: str, refusal: Refusal) -> Refusal:
    board.recorder.count(_STRANGER, address, SIGN_IN, f"user:{name}" if name else "", Outcome.REFUSED, refusal.error)
    return refusal


def _visitor_of(person: Person) -> Visitor:
    return Visitor(person.role, user=person.name)


def _session(board: Board, visitor: Visitor) -> Session:
    assert visitor.role is not None, "these routes ask for an action, and a session has a holder"
    return Session(
        name=visitor.user,
        role=visitor.role,
        actions=actions_of(visitor.role),
        board=visitor.board,
        csrf=visitor.csrf,
        expires=_seconds(visitor.expires) if visitor.expires else None,
        language=visitor.language,
        phone=_phone_of(board, visitor),
    )


def _phone_of(board: Board, visitor: Visitor) -> str:
    floor = board.feed.floor
    agent = agent_of_login(floor, visitor.user) if floor is not None and visitor.user else None
    person = floor.owned.people.get(agent) if floor is not None and agent is not None else None
    return person.phone if person is not None else ""


def _seconds(moment: Micros) -> float:
    return moment / SECOND


def _json(content: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(content), media_type="application/json")
