"""What must hold: at every fact, at quiet moments, and when the day is over. Each check says what is wrong in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from realtime import view
from realtime.changes import Changes
from realtime.factcodec import decode
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.fold import apply
from realtime.folding import FloorFolding
from realtime.words import SECOND, AgentState, LegState, Micros
from tests.simulation.log import Log
from tests.simulation.screen import Screen, differences, rows_of

if TYPE_CHECKING:
    from tests.simulation.day import Day

FOLDING = FloorFolding()
STEADY: Micros = 8 * SECOND
"""A difference that lasts this long while all is quiet is one: our own conclusions take 5 s (GRACE), others less."""
IDLE = frozenset((AgentState.READY, AgentState.NO_ANSWER))
AWAY = frozenset((AgentState.ON_BREAK, AgentState.MEETING, AgentState.TRAINING, AgentState.NOT_READY))
ON_A_CALL = frozenset((AgentState.TALKING, AgentState.HOLD, AgentState.DIALLING))


def number(sealed: object) -> str | None:
    return None


class Board:
    """Folds the log from its beginning, without ever being restarted."""

    def __init__(self, log: Log) -> None:
        self.floor = Floor()
        self.read = 0
        self._log = log

    def follow(self, changes: Changes) -> None:
        while self.read < len(self._log.batches):
            for fact in decode(self._log.batches[self.read]):
                apply(self.floor, fact, changes)
                self.law(fact)
            self.read += 1

    def law(self, fact: Fact) -> None:
        for name, queue in self.floor.queues.items():
            day = queue.day
            ended = day.answered + day.abandoned + day.left_otherwise + day.unknown
            assert min(day.answered, day.abandoned, day.left_otherwise, day.unknown) >= 0, f"{name} counts below zero after {fact}: {day}"
            assert day.offered == ended + len(queue.waiting), f"{name} does not add up after {fact}: {day}, {list(queue.waiting)}"


class Watch:
    """Looks at one day as it goes by."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self._screen: Screen | None = None
        self._checkpoints: list[tuple[int, bytes]] = []
        self._wrong: dict[str, tuple[str, Micros]] = {}
        self._looked: Micros = 0
        self._quiet_since: Micros = 0

    def step(self) -> None:
        changes = Changes()
        board, now = self._day.board, self._day.now
        board.follow(changes)
        if changes:
            self._show(changes)
        if not self._day.live:
            self._wrong.clear()
            self._quiet_since = now
        elif now - self._looked >= SECOND:
            self._looked = now
            self._agents()
        if now % (17 * SECOND) < SECOND // 4:
            self._counts_are_bounded()
            self._checkpoint()

    # ------------------------------------------------------------------ screens and checkpoints

    def _show(self, changes: Changes) -> None:
        floor, now = self._day.board.floor, self._day.now
        if self._screen is None or changes.everything:
            self._screen = Screen(view.snapshot(floor, "main", "0-0", now, number))
            return
        self._screen.hear(view.delta(floor, changes, now, number))
        if self._day.chance.random() < 0.02:
            wrong = differences(self._screen.rows, rows_of(view.snapshot(floor, "main", "0-0", now, number)))
            assert not wrong, f"a screen shows something else: {wrong[:4]}"

    def _checkpoint(self) -> None:
        if self._day.chance.random() < 0.03:
            board = self._day.board
            self._checkpoints.append((board.read, FOLDING.dump(board.floor)))
            assert FOLDING.dump(FOLDING.load(self._checkpoints[-1][1])) == self._checkpoints[-1][1], "a floor does not come back as it was"

    def _restarts(self) -> None:
        """From any checkpoint on, some batches of before it again, the same floor comes about."""
        batches, end = self._day.log.batches, FOLDING.dump(self._day.board.floor)
        for read, blob in [*self._checkpoints[::4], (0, FOLDING.dump(Floor()))]:
            floor = FOLDING.load(blob)
            for batch in batches[max(read - 3, 0) :]:
                FOLDING.apply_batch(floor, batch, Changes())
            assert FOLDING.dump(floor) == end, f"the checkpoint after {read} batches leads to another floor"

    # ------------------------------------------------------------------ counts

    def _counts_are_bounded(self) -> None:
        truth = self._day.pbx.truth().queues
        for queue in self._day.board.floor.queues.values():
            day, real = queue.day, truth[queue.name]
            assert day.offered <= real.offered, f"{queue.name} has more offered than there were: {day}, {real}"
            assert day.answered <= real.answered, f"{queue.name} has more answered than there were: {day}, {real}"
            assert day.left_otherwise <= real.left_otherwise, f"{queue.name} has more left otherwise than there were: {day}, {real}"
            assert day.abandoned <= real.abandoned + real.lost, f"{queue.name} has more abandoned than there were: {day}, {real}"

    def _counts_agree(self) -> None:
        if not self._day.plan.queue_log and self._day.disturbed:
            return
        truth = self._day.pbx.truth().queues
        for queue in self._day.board.floor.queues.values():
            day, real = queue.day, truth[queue.name]
            ours = (day.offered, day.answered, day.left_otherwise, day.abandoned + day.unknown)
            theirs = (real.offered, real.answered, real.left_otherwise, real.abandoned + real.lost)
            assert ours == theirs, f"{queue.name}: {day} for {real}"
            assert day.unknown <= real.lost, f"{queue.name} does not know what can be known: {day}, {real}"

    # ------------------------------------------------------------------ agents

    def _agents(self) -> None:
        """A difference counts when it lasts."""
        floor, now = self._day.board.floor, self._day.now
        found = dict(self._differences(floor))
        self._wrong = {who: (what, self._wrong[who][1] if who in self._wrong else now) for who, what in found.items()}
        for who, (what, since) in self._wrong.items():
            assert now - since < STEADY, f"agent {who}: {what} since {(now - since) / SECOND:.0f} s"

    def _differences(self, floor: Floor) -> list[tuple[str, str]]:
        found = []
        truth = self._day.pbx.truth().agents
        for who, state in truth.items():
            agent = floor.agents.get(who)  # type: ignore[call-overload]
            if agent is None:
                if state is not AgentState.LOGGED_OUT:
                    found.append((who, f"not on the floor, is {state}"))
                continue
            legs = [floor.calls[call].legs[leg].state for leg, call in floor.phones[agent.phone].legs.items()]
            consults = {LegState.HOLD, LegState.DIALLING} <= set(legs)  # the model calls that talking, we say hold
            if not self._same(agent.state, state, who) and not consults:
                found.append((who, f"we say {agent.state} {agent.reason}, is {state}, legs {legs}"))
            elif legs.count(LegState.TALKING) > 1 and not self._loose:
                found.append((who, f"talks twice: {floor.phones[agent.phone].legs}"))
        return found

    def _same(self, ours: AgentState, real: AgentState, who: str) -> bool:
        members = self._day.pbx.queues.members_of(f"PJSIP/{who}")
        if real is AgentState.LOGGED_OUT:
            return ours in ON_A_CALL | {AgentState.LOGGED_OUT, AgentState.RINGING}
        if real is AgentState.UNREACHABLE:
            return ours is AgentState.UNREACHABLE or (ours in AWAY and all(member.paused for member in members))
        if real is AgentState.READY:
            return ours in IDLE or (ours is AgentState.WRAPUP and self._loose)
        if real is AgentState.WRAPUP:
            several = len({member.queue.wrapup for member in members}) > 1  # Asterisk waits for the longest of them
            return ours is AgentState.WRAPUP or (ours in IDLE and (self._loose or several))
        if real is AgentState.ON_BREAK:
            return ours in AWAY
        if real in ON_A_CALL and self._loose:
            return ours in ON_A_CALL
        return ours is real

    @property
    def _loose(self) -> bool:
        """After a gap nobody tells of holds and wrap-ups; with another clock wrap-ups end at another time."""
        return bool(self._day.disturbed or self._day.plan.skew_s or self._day.plan.lag_s)

    # ------------------------------------------------------------------ the end

    def the_end(self) -> None:
        self._counts_are_bounded()
        self._counts_agree()
        left = nothing_left(self._day)
        assert not left, f"something is left on an empty floor: {left}"
        self._members_agree()
        self._restarts()
        anomalies = self._day.board.floor.anomalies
        assert not anomalies or not self._day.plan.faultless, f"anomalies on a good day: {anomalies[:3]}"

    def _members_agree(self) -> None:
        floor = self._day.board.floor
        for name, queue in self._day.pbx.queues.queues.items():
            real = {member.interface: (member.paused, member.penalty) for member in queue.members.values()}
            ours = {m.interface: (m.paused, m.penalty) for m in floor.queues[f"{self._day.pbx.node}/{name}"].members.values()}
            assert ours == real, f"members of {name}: {set(ours.items()) ^ set(real.items())}"
        states: dict[str, int] = {}
        for agent in floor.agents.values():
            states[agent.state] = states.get(agent.state, 0) + 1
        assert {state: count for state, count in floor.states.items() if count} == states, f"{floor.states} for {states}"
        for queue_key, folded in floor.queues.items():
            here: dict[str, int] = {}
            for phone in floor.phones.values():
                if queue_key in phone.members and phone.agent is not None:
                    state = floor.agents[phone.agent].state
                    here[state] = here.get(state, 0) + 1
            assert {state: count for state, count in folded.states.items() if count} == here, f"{queue_key}: {folded.states} for {here}"


def nothing_left(day: Day) -> list[str]:
    floor, tracker = day.board.floor, day.reporter.tracker
    left = {
        "calls": [call.id for call in floor.calls.values() if not call.ended],
        "ended calls": [call.id for call in floor.calls.values() if call.ended and call.ended < floor.at - 61 * SECOND],
        "visits": [visit.id for visit in floor.visits.values() if visit.left < floor.at - 61 * SECOND],
        "visiting": [channel for channel, visit in floor.visiting.items() if visit not in floor.visits],
        "aliases": [alias for alias, call in floor.aliases.items() if call not in floor.calls],
        "waiting": [visit for queue in floor.queues.values() for visit in queue.waiting],
        "talking": [visit for queue in floor.queues.values() for visit in queue.talking.values()],
        "phones on calls": [phone.device for phone in floor.phones.values() if phone.legs],
        "wrap-ups": [] if day.plan.skew_s else list(floor.wrapups),  # the engine ends them by its own clock
        "channels": list(tracker.channels),
        "groups": list(tracker.groups),
        "attempts": list(tracker.attempts),
        "answers": list(tracker.answers),
        "leaving": list(tracker.leaving),
        "lingering": list(tracker.lingering),
        "bridges": list(tracker.bridges),
    }
    return [f"{name}: {what[:3]}" for name, what in left.items() if what]
