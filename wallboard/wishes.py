"""What a body of the API wishes for, and which ask of the engine that is. Pure.

Not the asking (`asking.py`) and not the deciding (`realtime/control/`): here is only what can be said at all. Who is meant by `agent` the
engine finds; texts are bounded and lose what no screen should print.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, Literal

import msgspec

from realtime import requests
from realtime.plan.model import BREAK_KINDS
from realtime.requests import TEXT_MAX, AnyAsk
from realtime.words import AgentId, Device, Node, QueueName

MANY_MAX: Final = 200
"""Agents of one press: the largest hall that one supervisor has on one page. More is a mistake, or a shift that ends by itself."""
NAME_MAX: Final = 64
"""A staff number, a queue, a phone: Asterisk's own names are shorter."""
MINUTES_MAX: Final = 480
"""A shift."""

ONE_LINE: Final = r"^(?![\s\S]*\n)"
"""At the beginning of a pattern that ends with `$`: Python's `$` lets a line end pass behind the last character."""
PRINTS: Final = r"[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]"
"""Neither a control character (C1 are a terminal's, too) nor a line end, nor one that turns the writing round."""

Name = Annotated[str, msgspec.Meta(max_length=NAME_MAX, pattern=rf"{ONE_LINE}{PRINTS}*$")]
Text = Annotated[str, msgspec.Meta(max_length=TEXT_MAX)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=MINUTES_MAX)]
Kind = Literal["short", "meal", "legal", "comfort", "recovery", "meeting", "training", "coaching", "fault"]
AskedKind = Literal["short", "meal", "legal", "comfort", "recovery", "fault"]
assert set(Kind.__args__) == set(BREAK_KINDS), "the API and the plan have one list of kinds"  # type: ignore[attr-defined]


class BreakWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`ask`, `withdraw`, `take`, `back` are done for this agent; `grant` overrules what holds the break back, with a reason."""

    agent: Annotated[Name, msgspec.Meta(min_length=1)]
    deed: Literal["ask", "withdraw", "take", "back", "grant"]
    kind: AskedKind = "short"
    minutes: Minutes = 0
    reason: Text = ""


class DutyWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`login` at `device` of `node` (empty: the only one there is); `allow` lifts what refuses this person's login, with a reason."""

    agent: Annotated[Name, msgspec.Meta(min_length=1)]
    deed: Literal["login", "logout", "here", "allow"]
    node: Name = ""
    device: Name = ""
    reason: Text = ""


OrderDeed = Literal["pause", "ready", "logout", "hangup", "listen", "whisper", "barge", "takeover", "move"]
Agents = Annotated[list[Annotated[Name, msgspec.Meta(min_length=1)]], msgspec.Meta(max_length=MANY_MAX)]
Queues = Annotated[list[Name], msgspec.Meta(max_length=50)]


class OrderWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One deed to one agent (`agent`), to one call (`call`, only to hang up), or to many (`agents`). `preview`: what would happen to
    each, and nothing is sent. `phone`: where the asker listens; empty: the asker's own. `into` and `out_of`: queues to move by.
    """

    deed: OrderDeed
    agent: Name = ""
    agents: Agents = []
    call: Name = ""
    preview: bool = False
    kind: Kind = "short"
    minutes: Minutes = 0
    reason: Text = ""
    phone: Name = ""
    into: Queues = []
    out_of: Queues = []


class UndoWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`request` as the answer gave it."""

    request: Annotated[Name, msgspec.Meta(min_length=1)]


class MeetingWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`start`: one of the plan by its id, or one of no plan for `teams`. `stop`: the id of the one that is on."""

    deed: Literal["start", "stop"]
    meeting: Name = ""
    teams: Queues = []
    name: Name = ""
    minutes: Annotated[int, msgspec.Meta(ge=1, le=MINUTES_MAX)] = 15
    kind: Literal["meeting", "training", "coaching"] = "meeting"


class MessageWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`to`: agent:ID, team:ID, or all for every screen."""

    to: Annotated[str, msgspec.Meta(max_length=NAME_MAX + 6, pattern=rf"{ONE_LINE}(all|(agent|team):{PRINTS}+)$")]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX)]
    minutes: Annotated[int, msgspec.Meta(ge=1, le=MINUTES_MAX)] = 15


class AlertWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`own` takes it on; `close` says what came of it, in `text`."""

    deed: Literal["acknowledge", "own", "close"]
    text: Text = ""


# ------------------------------------------------------------------ what a deed makes no use of

NEEDED_BY: Final[dict[type, dict[str, tuple[str, ...]]]] = {
    BreakWish: {"kind": ("ask", "grant"), "minutes": ("ask", "grant")},
    DutyWish: {"node": ("login",), "device": ("login",)},
    OrderWish: {
        "call": ("hangup",),
        "kind": ("pause",),
        "minutes": ("pause",),
        "phone": ("listen", "whisper", "barge", "takeover"),
        "into": ("move",),
        "out_of": ("move",),
    },
    MeetingWish: {"teams": ("start",), "name": ("start",), "minutes": ("start",)},
}
"""By a body's field: the deeds that it is for. A field that is not here is for all; a reason is kept whatever it was said with."""


def unused(body: object) -> frozenset[str]:
    """The fields that say nothing about this deed, as the kind that a hang-up has by default: the trail leaves them out."""
    needed, deed = NEEDED_BY.get(type(body), {}), getattr(body, "deed", "")
    return frozenset(field for field, deeds in needed.items() if deed not in deeds)


# ------------------------------------------------------------------ as what the engine is asked


def plain(text: str) -> str:
    """One line of characters that print: a newline would be a second line in a log, a control character nobody's wish."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def break_ask(wish: BreakWish) -> AnyAsk:
    agent = AgentId(wish.agent)
    match wish.deed:
        case "ask":
            return requests.BreakAsk(agent, wish.kind, wish.minutes)
        case "withdraw":
            return requests.BreakWithdraw(agent)
        case "take":
            return requests.BreakTake(agent)
        case "back":
            return requests.BreakBack(agent)
        case "grant":
            return requests.BreakGrant(agent, plain(wish.reason), wish.kind, wish.minutes)


def duty_ask(wish: DutyWish, node: Node) -> AnyAsk:
    agent = AgentId(wish.agent)
    match wish.deed:
        case "login":
            return requests.LogIn(agent, node, Device(wish.device))
        case "logout":
            return requests.LogOutForce(agent, plain(wish.reason))
        case "here":
            return requests.Here(agent)
        case "allow":
            return requests.LogInAllow(agent, plain(wish.reason))


def order_ask(wish: OrderWish, name: str) -> AnyAsk:
    return ORDERS[wish.deed](wish, AgentId(name), plain(wish.reason))


def _spy(wish: OrderWish, agent: AgentId, _reason: str) -> AnyAsk:
    assert wish.deed in ("listen", "whisper", "barge")
    return requests.CallSpy(agent, wish.deed, Device(wish.phone))


def _move(wish: OrderWish, agent: AgentId, reason: str) -> AnyAsk:
    return requests.QueueMove(agent, tuple(map(QueueName, wish.into)), tuple(map(QueueName, wish.out_of)), reason)


ORDERS: Final[dict[str, Callable[[OrderWish, AgentId, str], AnyAsk]]] = {
    "pause": lambda wish, agent, reason: requests.PauseForce(agent, wish.kind, wish.minutes, reason),
    "ready": lambda _wish, agent, reason: requests.ReadyForce(agent, reason),
    "logout": lambda _wish, agent, reason: requests.LogOutForce(agent, reason),
    "hangup": lambda wish, agent, reason: requests.CallHangUp(agent, wish.call, reason),
    "listen": _spy,
    "whisper": _spy,
    "barge": _spy,
    "takeover": lambda wish, agent, reason: requests.CallTakeOver(agent, Device(wish.phone), reason),
    "move": _move,
}


def meeting_ask(wish: MeetingWish) -> AnyAsk:
    if wish.deed == "stop":
        return requests.MeetingStop(wish.meeting)
    return requests.MeetingStart(wish.meeting, tuple(wish.teams), plain(wish.name), wish.minutes, wish.kind)


def message_ask(wish: MessageWish) -> AnyAsk:
    return requests.MessageSend(wish.to, plain(wish.text), wish.minutes)


def alert_ask(wish: AlertWish, alert: str) -> AnyAsk:
    return requests.AlertTake(alert, wish.deed, plain(wish.text))
