"""The book of calls: a fold over the floor's facts that gives a card of each call when it has ended. Pure, deterministic, bounded.

Not the floor (`realtime/fold`), which forgets a call a minute after its end and knows more than the archive needs: this fold reads the
same facts, remembers its calls in the archive's own cursor, and so misses none however long the archivist was away. Its counterpart is
`expected.py`, which says of a card whether it should have a recording.

A card may come again, as the same (node, call): a result code is often given minutes after the call. The last one counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from realtime import facts, outbound, recording_facts, rulings
from realtime.floor import SESSIONS_KEPT, key
from realtime.words import SECOND, LegState, Micros
from recordings.calls.cards import (
    LEGS_MOST,
    NAMED_MOST,
    SPANS_MOST,
    CallNow,
    LegNow,
    absorb,
    card_of,
    leg_gone,
    leg_is,
    noted,
    sounds,
    talked,
)
from recordings.calls.kept import VERSION, NodeNow, State, agent_at, call_of, end, forget, known, knows, leave_seats, said, seat
from recordings.recording import CallCard

OPEN_MOST: Final = 20_000
"""Calls that go on at once: the largest floors have some thousands. The oldest is closed as one that was not seen to its end."""
ENDED_MOST: Final = 20_000
ENDED_KEPT: Final[Micros] = 4 * 3600 * SECOND
"""So long a word about an ended call still changes its card: codes are given in wrap-up, and by who corrects them later that shift."""
SAME_START: Final[Micros] = 3 * SECOND
"""As the floor's: uptime is told in whole seconds."""


class BadBook(Exception):
    """Not a book of this version: fold the log anew."""


class _Version(msgspec.Struct):
    """All that is read of a book before it is known that the rest can be."""

    version: int


class Book:
    def __init__(self) -> None:
        self.state = State()

    def apply(self, fact: facts.Fact) -> list[CallCard]:
        """Cards of calls that ended, or of ended ones of which something more is known."""
        handler = HANDLERS.get(type(fact))
        if self._is_repeat(fact) or handler is None:
            return []
        self.state.at = max(self.state.at, fact.at)
        told: list[CallNow] = []
        handler(self.state, fact, told)
        self._bound(told)
        return [card_of(call, fact.at) for call in told]

    def knows(self, dial: str) -> bool:
        """Whether a word of this dial would be heard."""
        return dialled(self.state, dial) is not None

    def missed(self) -> None:
        """Facts that nobody will ever tell it: what goes on was not seen whole."""
        for call in self.state.calls.values():
            call.gap = True

    def _is_repeat(self, fact: facts.Fact) -> bool:
        """As the floor's fold: producers append their last seconds again."""
        sessions = self.state.sessions
        last = sessions.pop(fact.session, -1)
        sessions[fact.session] = max(last, fact.seq)
        if len(sessions) > SESSIONS_KEPT:
            del sessions[next(iter(sessions))]
        return fact.seq <= last

    def _bound(self, told: list[CallNow]) -> None:
        state = self.state
        while len(state.calls) > OPEN_MOST:
            call = state.calls[next(iter(state.calls))]
            call.gap = True
            end(state, call, state.at, told)
        while told and state.ended:  # looked at when a call ends: between two ends nothing grows
            name, oldest = next(iter(state.ended.items()))
            if len(state.ended) <= ENDED_MOST and oldest.ended > state.at - ENDED_KEPT:
                break
            forget(state, name)

    def cards(self, node: str, names: tuple[str, ...] = (), uniqueids: tuple[str, ...] = ()) -> Iterator[CallCard]:
        """Of calls that go on or ended lately and know one of these file digests or uniqueids: a file is often complete before its call."""
        said, ids = frozenset(names), frozenset(uniqueids)
        for calls in (self.state.calls, self.state.ended):
            for call in calls.values():
                if call.node == node and (not said.isdisjoint(call.files) or knows(call, ids)):
                    yield card_of(call, self.state.at)

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self.state)

    @classmethod
    def load(cls, dumped: bytes) -> Book:
        """Raises BadBook."""
        try:
            if msgspec.msgpack.decode(dumped, type=_Version).version != VERSION:
                raise BadBook("written by another version")
            book = cls()
            book.state = msgspec.msgpack.decode(dumped, type=State)
        except msgspec.MsgspecError as error:
            raise BadBook(str(error)) from error
        return book


# ------------------------------------------------------------------ the node


def node_linked(state: State, fact: facts.NodeLinked, told: list[CallNow]) -> None:
    """Another start than the one we knew: none of its calls survived that."""
    node = state.nodes.setdefault(fact.node, NodeNow())
    if node.started and fact.started and abs(fact.started - node.started) > SAME_START:
        node.sync += 1
        sweep(state, fact, told)
    node.started = fact.started or node.started


def node_lost(state: State, fact: facts.NodeLost, told: list[CallNow]) -> None:
    state.nodes.setdefault(fact.node, NodeNow()).lost = True
    for call in state.calls.values():
        if call.node == fact.node:
            call.gap = True


def sync_began(state: State, fact: facts.SyncBegan, told: list[CallNow]) -> None:
    node = state.nodes.setdefault(fact.node, NodeNow())
    node.sync, node.syncing = node.sync + 1, fact.at


def sync_ended(state: State, fact: facts.SyncEnded, told: list[CallNow]) -> None:
    node = state.nodes.setdefault(fact.node, NodeNow())
    node.syncing, node.lost = 0, False
    sweep(state, fact, told)


def sweep(state: State, fact: facts.Fact, told: list[CallNow]) -> None:
    """What the snapshot did not confirm has ended unseen."""
    sync = state.nodes[fact.node].sync
    for call in [call for call in state.calls.values() if call.node == fact.node]:
        if call.sync != sync:
            call.gap = True
            end(state, call, fact.at, told)
        else:
            for leg in [leg for leg, now in call.now.items() if now.sync != sync]:
                leg_gone(call, leg, fact.at)


# ------------------------------------------------------------------ who sits where


def plan_adopted(state: State, fact: rulings.PlanAdopted, told: list[CallNow]) -> None:
    state.desks = {
        (key(person.node, person.phone) if person.node else person.phone): person.id for person in fact.plan.people if person.phone
    }


def agent_on_duty(state: State, fact: rulings.AgentOnDuty, told: list[CallNow]) -> None:
    leave_seats(state, fact.agent)
    seat(state.duty, key(fact.node, fact.device), fact.agent)


def agent_off_duty(state: State, fact: rulings.AgentOffDuty, told: list[CallNow]) -> None:
    leave_seats(state, fact.agent)


def agent_seated(state: State, fact: facts.AgentSeated, told: list[CallNow]) -> None:
    seat(state.concluded, key(fact.node, fact.device), fact.agent)


def agent_unseated(state: State, fact: facts.AgentUnseated, told: list[CallNow]) -> None:
    state.concluded.pop(key(fact.node, fact.device), None)


# ------------------------------------------------------------------ calls and legs


def call_began(state: State, fact: facts.CallBegan, told: list[CallNow]) -> None:
    call = call_of(state, fact, fact.call)
    call.direction = call.direction or fact.direction
    if not call.dial:
        call.number = call.number or (fact.caller if fact.direction == "inbound" else fact.callee)


def call_directed(state: State, fact: facts.CallDirected, told: list[CallNow]) -> None:
    call = call_of(state, fact, fact.call)
    call.direction = fact.direction
    if not call.dial and fact.direction != "inbound":
        call.number = fact.callee or call.number


def calls_merged(state: State, fact: facts.CallsMerged, told: list[CallNow]) -> None:
    """What had ended was told, and stays as it is."""
    other = known(state, fact.node, fact.absorbed)
    if other is None or other.ended:
        return
    call = call_of(state, fact, fact.call)
    if call is other:
        return
    name, gone = key(call.node, call.call), key(other.node, other.call)
    absorb(call, other)
    del state.calls[gone]
    for alias in [old for old, new in state.aliases.items() if new == gone]:
        state.aliases[alias] = name
    state.aliases[gone] = name
    if other.dial and other.dial == call.dial:
        state.dials[other.dial] = name
    else:
        state.dials.pop(other.dial, None)


def call_ended(state: State, fact: facts.CallEnded, told: list[CallNow]) -> None:
    call = known(state, fact.node, fact.call)
    if call is not None and not call.ended:
        end(state, call, fact.at, told)


def leg_began(state: State, fact: facts.LegBegan, told: list[CallNow]) -> None:
    call = call_of(state, fact, fact.call)
    noted(call.legs, fact.leg, LEGS_MOST)
    if fact.leg not in call.now and len(call.now) >= LEGS_MOST:
        return
    sync = state.nodes[fact.node].sync
    call.now[fact.leg] = LegNow(state=LegState.NEW, agent=agent_at(state, fact.node, fact.device), sync=sync)
    leg_is(call, fact.leg, fact.state, fact.at)


def leg_changed(state: State, fact: facts.LegChanged, told: list[CallNow]) -> None:
    call = known(state, fact.node, fact.call)
    if call is not None and fact.leg in call.now:
        leg_is(call, fact.leg, fact.state, fact.at)


def leg_ended(state: State, fact: facts.LegEnded, told: list[CallNow]) -> None:
    call = known(state, fact.node, fact.call)
    if call is not None:
        leg_gone(call, fact.leg, fact.at)


def call_transferred(state: State, fact: facts.CallTransferred, told: list[CallNow]) -> None:
    call = known(state, fact.node, fact.call)
    if call is not None and fact.result in ("", "Success"):
        call.transfers.append(fact.at)
        del call.transfers[:-SPANS_MOST]


def caller_joined(state: State, fact: facts.CallerJoined, told: list[CallNow]) -> None:
    call = call_of(state, fact, fact.call)
    noted(call.legs, fact.channel, LEGS_MOST)
    if not call.connected:
        call.queue = fact.queue
    if not call.dial:
        call.number = call.number or fact.caller


def agent_connected(state: State, fact: facts.AgentConnected, told: list[CallNow]) -> None:
    """The first queue whose agent took it is the call's; where it goes from there are transfers."""
    call = known(state, fact.node, fact.call)
    if call is None:
        return
    call.answered = call.answered or fact.at
    if not call.connected:
        call.queue, call.connected = fact.queue, True
    leg = call.now.get(fact.leg)
    talked(call, leg.agent if leg is not None and leg.agent else agent_at(state, fact.node, fact.interface))


# ------------------------------------------------------------------ recordings


def recording_began(state: State, fact: facts.RecordingBegan, told: list[CallNow]) -> None:
    call = call_of(state, fact, fact.call)
    noted(call.recorded, fact.leg, NAMED_MOST)


def recording_named(state: State, fact: recording_facts.RecordingNamed, told: list[CallNow]) -> None:
    call = call_of(state, fact, fact.call)
    if len(call.files) < NAMED_MOST:
        call.files[fact.name] = fact.leg


def recording_paused(state: State, fact: recording_facts.RecordingPaused, told: list[CallNow]) -> None:
    call = known(state, fact.node, fact.call)
    if call is not None and not call.ended:
        call.pausing.setdefault(fact.leg, fact.at)


def recording_resumed(state: State, fact: recording_facts.RecordingResumed, told: list[CallNow]) -> None:
    call = known(state, fact.node, fact.call)
    if call is not None:
        sounds(call, fact.leg, fact.at)


# ------------------------------------------------------------------ dials


def dial_decided(state: State, fact: outbound.DialDecided, told: list[CallNow]) -> None:
    """The last one of a call is what it is for: an agent who dials again in the same call has another customer. One that is told behind
    the end of its call, by the gate, does not open it again."""
    if fact.decision.verdict != "allow" or not fact.dial:
        return
    before = known(state, fact.node, fact.call)
    call = before if before is not None and before.ended else call_of(state, fact, fact.call)
    if call.dial != fact.dial:
        state.dials.pop(call.dial, None)
        call.outcome = ""
    call.dial, call.dial_agent, call.campaign, call.client = fact.dial, fact.agent, fact.campaign, fact.client
    call.number = fact.number or call.number
    call.must_record |= fact.constraints.record
    noted(call.legs, fact.leg, LEGS_MOST)
    state.dials[fact.dial] = key(call.node, call.call)
    said(call, told)


def dialled(state: State, dial: str) -> CallNow | None:
    name = state.dials.get(dial, "")
    call = state.calls.get(name) or state.ended.get(name)
    return call if call is not None and call.dial == dial else None


def dial_ended(state: State, fact: outbound.DialEnded, told: list[CallNow]) -> None:
    call = dialled(state, fact.dial)
    if call is None:
        return
    before = (call.dial_agent, call.answered)
    call.dial_agent = fact.agent or call.dial_agent
    if fact.outcome == "connected":
        call.answered = call.answered or fact.answered
    if before != (call.dial_agent, call.answered):
        said(call, told)


def result_coded(state: State, fact: outbound.ResultCoded, told: list[CallNow]) -> None:
    call = dialled(state, fact.dial)
    if call is not None and fact.code and fact.code != call.outcome:
        call.outcome = fact.code
        said(call, told)


HANDLERS: Final[dict[type[facts.Fact], Callable[[State, Any, list[CallNow]], None]]] = {
    facts.NodeLinked: node_linked,
    facts.NodeLost: node_lost,
    facts.SyncBegan: sync_began,
    facts.SyncEnded: sync_ended,
    rulings.PlanAdopted: plan_adopted,
    rulings.AgentOnDuty: agent_on_duty,
    rulings.AgentOffDuty: agent_off_duty,
    facts.AgentSeated: agent_seated,
    facts.AgentUnseated: agent_unseated,
    facts.CallBegan: call_began,
    facts.CallDirected: call_directed,
    facts.CallsMerged: calls_merged,
    facts.CallEnded: call_ended,
    facts.LegBegan: leg_began,
    facts.LegChanged: leg_changed,
    facts.LegEnded: leg_ended,
    facts.CallTransferred: call_transferred,
    facts.CallerJoined: caller_joined,
    facts.AgentConnected: agent_connected,
    facts.RecordingBegan: recording_began,
    recording_facts.RecordingNamed: recording_named,
    recording_facts.RecordingPaused: recording_paused,
    recording_facts.RecordingResumed: recording_resumed,
    outbound.DialDecided: dial_decided,
    outbound.DialEnded: dial_ended,
    outbound.ResultCoded: result_coded,
}
