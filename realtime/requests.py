"""Requests: somebody asks for something that only the engine may give. As data, with an idempotency key; the answer is a fact.

Not the deciding (`control/`). Phone, page, console and API all write these into the stream `{floor}:requests` and await the
fact `RequestAnswered`; the engine answers in the order of the stream, and that alone settles every race.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from realtime.asks_outbound import AnyOutboundAsk
from realtime.orders import SpyMode
from realtime.words import SECOND, AgentId, Device, Micros, Node, QueueName

Via = Literal["phone", "page", "console", "api", "engine"]
STALE: Micros = 30 * SECOND
"""Older ones are refused: who asked has gone away, and a break that comes a minute late from a restart surprises everybody."""
TEXT_MAX = 500
"""Characters of a reason or a message."""


class Actor(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who asks. `who` as the audit trail names it; `agent` when it is a person of the plan, `role` when somebody signed in."""

    who: str
    role: str = ""
    agent: AgentId = AgentId("")
    via: Via = "api"


class Ask(msgspec.Struct, frozen=True, tag_field="ask", omit_defaults=True):
    """One of the classes below, or of `asks_outbound.py`. `agent` is whom it is about."""


# ------------------------------------------------------------------ an agent's own


class BreakAsk(Ask, frozen=True, tag="break.ask"):
    agent: AgentId
    kind: str = "short"
    minutes: int = 0  # 0: as the plan says


class BreakWithdraw(Ask, frozen=True, tag="break.withdraw"):
    """Off the waiting list, or a granted one given back."""

    agent: AgentId


class BreakTake(Ask, frozen=True, tag="break.take"):
    """Begin the granted one, while it is held."""

    agent: AgentId


class BreakBack(Ask, frozen=True, tag="break.back"):
    """Back at work: the pause ends."""

    agent: AgentId


class LogIn(Ask, frozen=True, tag="login"):
    """At this phone. Who carries it has made sure that it is this person: a PIN on the phone, a session on the page."""

    agent: AgentId
    node: Node
    device: Device


class LogOut(Ask, frozen=True, tag="logout"):
    """After the call in hand."""

    agent: AgentId


class Here(Ask, frozen=True, tag="here"):
    """A key was pressed: this person is there."""

    agent: AgentId


class MessageSeen(Ask, frozen=True, tag="message.seen"):
    agent: AgentId
    message: str


# ------------------------------------------------------------------ a supervisor's


class BreakGrant(Ask, frozen=True, tag="break.grant"):
    """Overrule what holds it back: the waiting one, or a break of this kind for who has not asked."""

    agent: AgentId
    reason: str
    kind: str = "short"
    minutes: int = 0


class PauseForce(Ask, frozen=True, tag="pause.force"):
    """Send somebody on a break, into coaching, or to not ready (`kind` fault)."""

    agent: AgentId
    kind: str = "short"
    minutes: int = 0
    reason: str = ""


class ReadyForce(Ask, frozen=True, tag="ready.force"):
    agent: AgentId
    reason: str = ""


class LogOutForce(Ask, frozen=True, tag="logout.force"):
    """After the call in hand, as when the agent asks."""

    agent: AgentId
    reason: str = ""


class LogInAllow(Ask, frozen=True, tag="login.allow"):
    """Lift what refuses this person's login (long away, training overdue, no shift) until the end of the business day."""

    agent: AgentId
    reason: str


class CallHangUp(Ask, frozen=True, tag="call.hangup"):
    """The call of this agent; or any call by its id."""

    agent: AgentId = AgentId("")
    call: str = ""
    reason: str = ""


class CallSpy(Ask, frozen=True, tag="call.spy"):
    """Listen to, whisper to, or barge into the agent's call with the phone `phone`; the live channel is found by the floor."""

    agent: AgentId
    mode: SpyMode = "listen"
    phone: Device = Device("")  # empty: the asker's own


class CallTakeOver(Ask, frozen=True, tag="call.takeover"):
    agent: AgentId
    phone: Device = Device("")
    reason: str = ""


class CardPause(Ask, frozen=True, tag="card.pause"):
    """Card data is about to be said in the call of this agent, or in any call by its id: nothing of it is recorded until `card.resume`, or
    until the plan's time is up."""

    agent: AgentId = AgentId("")
    call: str = ""  # key


class CardResume(Ask, frozen=True, tag="card.resume"):
    agent: AgentId = AgentId("")
    call: str = ""


class QueueMove(Ask, frozen=True, tag="queue.move"):
    """Into and out of queues, until the end of the shift or until moved again."""

    agent: AgentId
    into: tuple[QueueName, ...] = ()
    out_of: tuple[QueueName, ...] = ()
    reason: str = ""


class MessageSend(Ask, frozen=True, tag="message.send"):
    """`to`: `agent:ID`, `team:ID`, or `all` for every screen."""

    to: str
    text: str
    minutes: int = 15


class MeetingStart(Ask, frozen=True, tag="meeting.start"):
    """One of the plan's by its id, now; or one of no plan for `teams`."""

    meeting: str = ""
    teams: tuple[str, ...] = ()
    name: str = ""
    minutes: int = 15
    kind: str = "meeting"


class MeetingStop(Ask, frozen=True, tag="meeting.stop"):
    meeting: str  # the id of the running one


class AlertTake(Ask, frozen=True, tag="alert.take"):
    alert: str
    deed: Literal["acknowledge", "own", "close"] = "acknowledge"
    text: str = ""


class Undo(Ask, frozen=True, tag="undo"):
    """What that request did, where it can be undone and nobody has acted on it since."""

    request: str


AnyAsk = (
    BreakAsk
    | BreakWithdraw
    | BreakTake
    | BreakBack
    | LogIn
    | LogOut
    | Here
    | MessageSeen
    | BreakGrant
    | PauseForce
    | ReadyForce
    | LogOutForce
    | LogInAllow
    | CallHangUp
    | CallSpy
    | CallTakeOver
    | CardPause
    | CardResume
    | QueueMove
    | MessageSend
    | MeetingStart
    | MeetingStop
    | AlertTake
    | Undo
    | AnyOutboundAsk
)


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """`id` is the asker's, unique; `key` the idempotency key: a second request with it gets the first one's answer."""

    id: str
    at: Micros
    actor: Actor
    ask: AnyAsk
    key: str = ""


def name_of(ask: AnyAsk) -> str:
    """Its tag, as `break.ask`."""
    return str(type(ask).__struct_config__.tag)


def agent_of(ask: AnyAsk) -> AgentId:
    """Whom it is about; empty where nobody is named."""
    return getattr(ask, "agent", AgentId(""))


_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)


def encode(request: Request) -> bytes:
    """One batch of `{floor}:requests` is one request."""
    return _encoder.encode(request)


def decode(batch: bytes) -> Request:
    """Raises msgspec.DecodeError for what this version does not know."""
    return _decoder.decode(batch)
