"""The floor as it was: who wanted to be away and for how long, who was there, and what callers got by half-hours.

Not what another plan makes of it (`shadow.py`). A wish is a pause that was taken, whatever road it came by, or a request that was
refused. Where the record had a plan, its requests say when somebody asked; where it had none, asking is pausing.
"""

from __future__ import annotations

from realtime.changes import Changes, Ended
from realtime.facts import Fact
from realtime.floor import Floor, Tally, Turn
from realtime.fold import apply
from realtime.fold.buckets import HALF_HOUR
from realtime.plan.model import ASKED_KINDS
from realtime.rulings import BreakBegan, BreakQueued, RequestAnswered
from realtime.whatif.found import Wish
from realtime.whatif.presence import LOOK_EVERY, Key, Presence
from realtime.words import SECOND, AgentId, AgentState, Micros

SHORTEST: Micros = 30 * SECOND
"""Shorter pauses are a key pressed by mistake, or a moment to write something down."""
WISHES_MAX = 200_000
"""Of a centre of 5,000 for a week."""
AWAY = (AgentState.ON_BREAK, AgentState.NOT_READY)
MEALS = ("lunch", "meal", "dinner", "午餐", "用餐", "吃饭", "晚餐")


class Recorded:
    """Fed every fact from the base on; what counts is between `since` and `until`."""

    def __init__(self, floor: Floor, since: Micros, until: Micros) -> None:
        self.floor = floor
        self.wishes: list[Wish] = []
        self.facts = 0
        self._since, self._until = since, until
        self.presence = Presence()
        self._next_look = since
        self._now: Micros = 0
        self._changes = Changes(Ended())
        self._open: dict[AgentId, Wish] = {}
        """Asked for, let pass or on the list, and not begun yet."""
        self._leased: dict[AgentId, tuple[str, Micros]] = {}
        """The kind of the break that is on by our own word, and when it was asked for."""
        self._halves: dict[Key, Tally] = {}

    def feed(self, fact: Fact) -> None:
        now = self._now = max(self._now, fact.seen)
        self._look(now)
        self.facts += self._since <= now < self._until
        self._ask(fact)
        apply(self.floor, fact, self._changes)
        self._turns()
        self._close()

    def finish(self) -> list[Wish]:
        """In the order of asking. Who is away at the end was away until then."""
        self._look(self._until)
        for agent in self.floor.agents.values():
            if agent.state in AWAY:
                self._turn(Turn(agent=agent.id, state=agent.state, reason=agent.reason, since=agent.since, until=self._until))
        self.wishes += [each for each in self._open.values() if each.recorded == "granted" and self._since <= each.asked]
        return sorted(self.wishes, key=lambda each: (each.asked, each.agent))[:WISHES_MAX]

    def halves(self) -> dict[Key, Tally]:
        """Those of the day that is on, too. One that the span begins in is there as a whole."""
        for name, queue in self.floor.queues.items():
            for half, tally in queue.halves.items():
                self._halves[name, half * SECOND] = tally
        return {spot: tally for spot, tally in self._halves.items() if self._since - HALF_HOUR < spot[1] < self._until}

    def _look(self, then: Micros) -> None:
        while self._next_look <= min(then, self._until):
            self.presence.look(self.floor, self._next_look)
            self._next_look += LOOK_EVERY

    # ------------------------------------------------------------------ what was asked

    def _ask(self, fact: Fact) -> None:
        """Before the fact is folded: by the break's beginning its request must be known."""
        if isinstance(fact, RequestAnswered) and fact.ask == "break.ask" and self._since <= fact.at < self._until:
            kind = next((str(each.values["kind"]) for each in fact.decision.findings if each.rule == "break.kind"), "short")
            refused = fact.decision.verdict in ("deny", "defer")
            wish = Wish(agent=fact.agent, kind=kind, asked=fact.at, recorded="refused" if refused else "granted")
            if refused:
                self.wishes.append(wish)
            else:
                self._open[fact.agent] = wish
        elif isinstance(fact, BreakQueued) and (asked := self._open.get(fact.agent)) is not None:
            asked.kind = fact.kind
        elif isinstance(fact, BreakBegan):
            wish_of = self._open.get(fact.agent)
            self._leased[fact.agent] = (fact.kind, wish_of.asked if wish_of is not None else fact.at)

    # ------------------------------------------------------------------ what was taken

    def _turns(self) -> None:
        ended = self._changes.ended
        assert ended is not None, "made with one"
        for turn in ended.turns:
            if turn.state in AWAY:
                self._turn(turn)
        ended.turns.clear()

    def _turn(self, turn: Turn) -> None:
        if turn.until - turn.since < SHORTEST or not self._since <= turn.since < self._until:
            return
        kind, asked = self._leased.pop(turn.agent, ("", turn.since))
        wish = self._open.pop(turn.agent, None)
        if wish is not None and wish.asked <= turn.since:
            asked = wish.asked
        self.wishes.append(
            Wish(
                agent=turn.agent,
                kind=kind or kind_of(turn.reason),
                asked=min(asked, turn.since),
                began=turn.since,
                length=turn.until - turn.since,
                recorded="granted" if kind or wish is not None else "pause",
            )
        )

    def _close(self) -> None:
        ended = self._changes.ended
        assert ended is not None, "made with one"
        for _, name, half, tally in ended.closed_queue_halves:
            self._halves[name, half * SECOND] = tally
        ended.closed_queue_halves.clear()
        ended.closed_agent_halves.clear()
        ended.agent_halves.clear()


def kind_of(reason: str) -> str:
    """What a pause's reason means, where the PBX's people have words of their own."""
    word = reason.casefold()
    if word in ASKED_KINDS:
        return word
    return "meal" if any(each in word for each in MEALS) else "short"
