"""What travels on `/api/live`, byte by byte: messages around one encoded floor or delta, and the frame around a message.

Pure, and not who gets what (`feed.py`, `clients.py`). A floor or a delta is encoded once for everyone who may see the
same; position, role and type are spliced around those bytes. A server's frame is not masked (RFC 6455 5.1), so the same
frame is written to every screen.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import msgspec

from wallboard.authorise import Action, Role, authorise
from wallboard.boards import BoardPlan


class CloseCode(IntEnum):
    """Why the board ends a websocket (RFC 6455 7.4.1; 4000 to 4999 are ours, shaped after HTTP)."""

    TALKS_TOO_MUCH = 1008  # policy violation
    RESTART = 1012
    TRY_LATER = 1013
    TOKEN = 4401
    NOT_ALLOWED = 4403
    NO_SUCH_VIEW = 4404
    TOO_MANY = 4429  # as the others above 4409: the page tries again by itself


class View(NamedTuple):
    """One kind of page. `numbers`: whether it may show callers' numbers at all, whatever the role; `boards`: it shows a board."""

    needs: Action
    numbers: bool
    boards: bool = False


VIEWS: dict[str, View] = {
    "wall": View(needs=Action.FLOOR_READ, numbers=False, boards=True),
    "floor": View(needs=Action.FLOOR_READ, numbers=True),
}


class Audience(NamedTuple):
    """Whoever may see exactly the same: one encoding serves them all. `board` is empty for who sees the whole floor, `agent` is whose
    own page it is.
    """

    view: str
    numbers: bool
    board: str = ""
    agent: str = ""


def audience_of(view: str, role: Role, board: str = "") -> Audience:
    return Audience(view, VIEWS[view].numbers and authorise(role, Action.NUMBERS_MASKED).allowed, board)


def snapshot_message(floor: bytes, position: str, build: str, role: Role, time: float, board: BoardPlan | None = None) -> bytes:
    """`board` says what to draw: layout and figures come together, so one never belongs to another time than the other."""
    head: dict[str, object] = {"type": "snapshot", "position": position, "build": build, "role": role, "time": time}
    return b'%b,"floor":%b}' % (msgspec.json.encode(head | ({"board": board} if board else {}))[:-1], floor)


def delta_message(delta: bytes, start: str, end: str) -> bytes:
    """`delta` is an encoded `rows.Delta`; it always has a time, so it is never the empty object."""
    head = msgspec.json.encode({"type": "delta", "from": start, "to": end})
    return b"%b,%b" % (head[:-1], delta[1:])


def me_message(row: bytes, position: str, build: str, time: float) -> bytes:
    """The whole row of one agent: there is nothing in it that a delta would save."""
    head: dict[str, object] = {"type": "me", "position": position, "build": build, "time": time}
    return b'%b,"me":%b}' % (msgspec.json.encode(head)[:-1], row)


def heartbeat_message(time: float, position: str, away: bool) -> bytes:
    """`away` stands only where it is true: the board lives, but cannot read the log."""
    beat: dict[str, object] = {"type": "heartbeat", "time": time, "position": position}
    return msgspec.json.encode(beat | ({"away": True} if away else {}))


def text_frame(message: bytes) -> bytes:
    """One whole unmasked text frame (RFC 6455 5.2), without extensions: `server.py` switches compression off."""
    size = len(message)
    if size < 126:
        head = bytes((0x81, size))
    elif size < 1 << 16:
        head = b"\x81\x7e" + size.to_bytes(2)
    else:
        head = b"\x81\x7f" + size.to_bytes(8)
    return head + message
