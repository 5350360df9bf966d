"""What goes in and out of a session: credentials and patience in; bytes, events, replies and an end out.

Data only; the machine is `session.py`, which hands these names on. Not facts: those are made of them by `translate/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from agi.codec import Action, Message
from agi.errors import AmiError
from realtime.words import Micros


@dataclass(frozen=True, slots=True)
class Timing:
    """How long we wait for what."""

    banner_s: float = 5.0
    """Asterisk greets at once; its accept queue may be busy for a second or two."""
    login_s: float = 10.0
    """A refusal is held back by a second, a directory behind the ACL may take longer."""
    ping_s: float = 1.0
    """The wall calls a floor old after a few seconds, so it must learn the age each second."""
    silence_s: float = 10.0
    """A reload of a large configuration keeps Asterisk busy for seconds; a dead machine is noticed soon enough."""
    pong_s: float = 60.0
    """Events that never let up may starve the pong; a minute of it means that actions go unanswered too."""
    leave_s: float = 2.0
    """Good manners, not a need: the socket is closed either way."""


TIMING: Final = Timing()


@dataclass(frozen=True, slots=True)
class Credentials:
    username: str
    secret: str = field(repr=False)
    method: str = "md5"
    """`md5` keeps the secret off the wire; `plain` for servers behind a directory that knows no secret."""


class Outcome(StrEnum):
    ANSWERED = "answered"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    LINK_LOST = "link_lost"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of an action. `error` is None exactly when it was answered with success."""

    action: Action
    action_id: str
    response: Message | None
    items: list[Message]
    error: str | None
    outcome: Outcome


class Send(NamedTuple):
    data: bytes


class Linked(NamedTuple):
    banner: str


class Received(NamedTuple):
    """Live events and replies in the order of the wire."""

    items: list[Message | Reply]


class Ponged(NamedTuple):
    timestamp: str
    """The server's clock as `epoch.microseconds`."""
    took: Micros = 0
    """From sending the ping to reading this."""


class Lost(NamedTuple):
    error: AmiError


Output = Send | Linked | Received | Ponged | Lost
