"""One call while it is written down: what is known of it so far, and the card that comes of it. Pure.

Not which fact does what (`book.py`). Everything here is bounded, and is written into the archive's cursor as it is.
"""

from __future__ import annotations

from typing import Final

import msgspec

from realtime.facts import Sealed
from realtime.words import LegState, Micros
from recordings.recording import CallCard

SPANS_MOST: Final = 500
"""Of one kind in one call: who puts a caller on hold every ten seconds does so for more than an hour. The last ones are kept."""
LEGS_MOST: Final = 200
"""Of one call: a ring-all of a large queue. Those that begin later are not written down unless they are recorded."""
NAMED_MOST: Final = 50
"""Recordings of one call that are told apart, and files that their names are kept of."""

Span = tuple[Micros, Micros]
TOGETHER: Final = frozenset({LegState.TALKING, LegState.HOLD})


class LegNow(msgspec.Struct, omit_defaults=True):
    state: LegState
    agent: str = ""
    sync: int = 0


class CallNow(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`sync`: the number of its node's last sync in which it was heard of; `dial_leg`: the channel that asked the gate."""

    node: str
    call: str
    began: Micros
    sync: int = 0
    answered: Micros = 0
    ended: Micros = 0
    direction: str = ""
    agents: list[str] = []
    queue: str = ""
    connected: bool = False  # by the queue: it is the one that stays
    campaign: str = ""
    client: str = ""
    dial: str = ""
    dial_agent: str = ""
    outcome: str = ""
    number: Sealed | None = None
    must_record: bool = False
    now: dict[str, LegNow] = {}  # legs that are there
    legs: list[str] = []
    recorded: list[str] = []
    files: dict[str, str] = {}
    holds: list[Span] = []
    holding: dict[str, Micros] = {}  # by leg, since when
    transfers: list[Micros] = []
    paused: dict[str, list[Span]] = {}  # by the leg that is recorded
    pausing: dict[str, Micros] = {}
    gap: bool = False


def leg_is(call: CallNow, leg: str, state: LegState, at: Micros) -> None:
    """A leg does something else. Two that talk: somebody answered; alone it may be bridged with an announcement."""
    here = call.now[leg]
    here.state = state
    if state is LegState.HOLD:
        call.holding.setdefault(leg, at)
    else:
        released(call.holds, call.holding, leg, at)
    talking = [each for each in call.now.values() if each.state in TOGETHER]
    if len(talking) > 1:
        call.answered = call.answered or at
        for each in talking:
            talked(call, each.agent)


def talked(call: CallNow, agent: str) -> None:
    if agent and agent not in call.agents and len(call.agents) < LEGS_MOST:
        call.agents.append(agent)


def leg_gone(call: CallNow, leg: str, at: Micros) -> None:
    call.now.pop(leg, None)
    released(call.holds, call.holding, leg, at)
    sounds(call, leg, at)


def released(spans: list[Span], since: dict[str, Micros], leg: str, at: Micros) -> None:
    began = since.pop(leg, 0)
    if began:
        spans.append((began, max(began, at)))
        del spans[:-SPANS_MOST]


def sounds(call: CallNow, leg: str, at: Micros) -> None:
    """Its recording is not silenced any more."""
    if leg in call.pausing:
        released(call.paused.setdefault(leg, []), call.pausing, leg, at)


def noted(names: list[str], name: str, most: int) -> None:
    if name and name not in names and len(names) < most:
        names.append(name)


def absorb(call: CallNow, other: CallNow) -> None:
    """Two calls are one: what each knows, the one that stays before the other."""
    call.began = min(call.began, other.began)
    call.answered = min(filter(None, (call.answered, other.answered)), default=0)
    call.direction = "inbound" if "inbound" in (call.direction, other.direction) else call.direction or other.direction
    if other.connected and not call.connected:
        call.queue, call.connected = other.queue, True
    call.queue = call.queue or other.queue
    if not call.dial:
        call.dial, call.dial_agent, call.campaign, call.client = other.dial, other.dial_agent, other.campaign, other.client
        call.outcome = other.outcome
    call.number = call.number or other.number
    call.must_record |= other.must_record
    call.gap |= other.gap
    call.now.update(other.now)
    for agent in other.agents:
        talked(call, agent)
    for leg in (other.call, *other.legs):
        noted(call.legs, leg, LEGS_MOST)
    for leg in other.recorded:
        noted(call.recorded, leg, NAMED_MOST)
    call.files.update(other.files)
    call.holding.update(other.holding)
    call.pausing.update(other.pausing)
    call.holds = sorted(call.holds + other.holds)[-SPANS_MOST:]
    for leg, spans in other.paused.items():
        call.paused[leg] = sorted(call.paused.get(leg, []) + spans)[-SPANS_MOST:]
    call.transfers = sorted(call.transfers + other.transfers)[-SPANS_MOST:]


def card_of(call: CallNow, at: Micros) -> CallCard:
    """As it is known at `at`; spans that are open end there."""
    until = call.ended or at
    agents = call.agents or ([call.dial_agent] if call.dial_agent and call.answered else [])
    return CallCard(
        node=call.node,
        call=call.call,
        began=call.began,
        answered=call.answered,
        ended=call.ended,
        direction=call.direction,
        agent=agents[0] if agents else "",
        agents=tuple(agents),
        queue=call.queue,
        campaign=call.campaign,
        client=call.client,
        dial=call.dial,
        outcome=call.outcome,
        number=call.number,
        must_record=call.must_record,
        legs=tuple(call.legs),
        recorded=tuple(call.recorded),
        files=dict(call.files),
        holds=joined([*call.holds, *((since, max(since, until)) for since in call.holding.values())]),
        transfers=tuple(call.transfers),
        paused={
            leg: joined([*call.paused.get(leg, ()), *_open(call.pausing.get(leg, 0), until)]) for leg in {**call.paused, **call.pausing}
        },
        gap=call.gap,
    )


def _open(since: Micros, until: Micros) -> list[Span]:
    return [(since, max(since, until))] if since else []


def joined(spans: list[Span]) -> tuple[Span, ...]:
    """In order; what overlaps is one: both legs of a call may be paused, or put each other on hold."""
    out: list[Span] = []
    for since, until in sorted(spans):
        if out and since <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], until))
        else:
            out.append((since, until))
    return tuple(out)
