"""What must hold on an outbound day: looked at with every fact, with every call that is signalled, and in the end.

The witness is the PBX: what was really signalled, and when it was asked for. Caps are counted from that (`dialling_caps.py`), by windows
reckoned from the rules' words and not by the code that is judged. The moment of a dial is its gate's (`DialDecided.at`), which must be the
true one within what that gate's clock may be off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import structs

from realtime import outbound
from realtime.changes import Changes
from realtime.decision import Decision
from realtime.factcodec import decode
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.fold import apply
from realtime.folding import FloorFolding
from realtime.history.port import Kept
from realtime.log import LogAway, Position
from realtime.outbound import DialDecided, DialEnded
from realtime.words import SECOND, Micros
from tests.simulation.dialling_caps import Caps
from tests.simulation.dialling_pbx import Dial

if TYPE_CHECKING:
    from tests.simulation.dialling import Dialling

FOLDING = FloorFolding()
DIALS = ("trial", "formal")
WAITS: Micros = SECOND
"""A gate waits for a floor, and decides, before it is no."""
Span = tuple[Micros, Micros]
"""When something was shut, and when it was open again: by when its word came into the log. The second one 0: it is shut still."""


class DialLaws:
    def __init__(self, day: Dialling) -> None:
        self._day = day
        self.floor = Floor()
        self.batches: list[bytes] = []
        self.decided: dict[str, DialDecided] = {}
        """All that was ever in the log, the lost among it; so is `ended`."""
        self.ended: dict[str, tuple[DialEnded, Micros]] = {}
        self.shut: dict[tuple[str, ...], list[Span]] = defaultdict(list)
        """Campaigns, all of them, and blocks, by when they kept dials from being made."""
        self.kinds: dict[str, int] = defaultdict(int)
        self.reasons: dict[str, int] = defaultdict(int)
        """Of refusals."""
        self.past = Past()
        self._position: Position | None = None
        self._known: set[tuple[str, int]] = set()

    # ------------------------------------------------------------------ facts

    async def follow(self) -> None:
        """Folds what is new in the log as every process does."""
        try:
            records = await self._day.reading.read(self._position, 100_000)
        except LogAway:
            return
        times = self._day.server.facts.times
        for position, batch in records:
            self._position = position
            self.batches.append(batch)
            came = self._day.plan.began + int(times[int(position.offset) - 1] * SECOND)
            for fact in decode(batch):
                self._hear(fact, came)
                apply(self.floor, fact, Changes())

    def lost(self) -> None:
        """The log has lost its tail: the floor is another one, until it was said again."""
        self.floor, self.batches, self._position = Floor(), [], None

    def _hear(self, fact: Fact, came: Micros) -> None:
        name = (fact.session, fact.seq)
        if fact.seq <= self.floor.sessions.get(fact.session, -1) or name in self._known:
            return  # said again
        self._known.add(name)
        self.kinds[type(fact).__name__] += 1
        self.past.facts.append(fact)
        match fact:
            case DialDecided():
                self._decides(fact)
            case DialEnded():
                self.ended.setdefault(fact.dial, (fact, came))
            case outbound.CampaignMoved():
                self._moves(fact, came)
            case outbound.DiallingStopped(on=on):
                assert on or two(fact), f"one person alone lets all dial again: {fact}"
                self._turn(("all",), shut=on, came=came)
            case outbound.NumberBlocked(number=number) if number is not None:
                self._turn((number.digest, fact.scope, fact.about), shut=True, came=came)
            case outbound.NumberUnblocked(number=number) if number is not None:
                assert two(fact), f"one person alone lifts a block: {fact}"
                self._turn((number.digest, fact.scope, fact.about), shut=False, came=came)

    def _decides(self, fact: DialDecided) -> None:
        self.decided[fact.dial] = fact
        assert fact.decision.findings, f"a decision without a reason: {fact}"
        if fact.decision.verdict != "allow":
            assert not fact.entries, f"a refused dial took something: {short(fact)}"
            self.reasons[fact.decision.reason.rule if fact.decision.reason else ""] += 1
            return
        for about in (("all",), (fact.campaign,), *_blocks(fact)):
            spans = self.shut[about]
            assert not spans or spans[-1][1], f"allowed after {about} was shut: {short(fact)}"

    def _moves(self, fact: outbound.CampaignMoved, came: Micros) -> None:
        if fact.to in DIALS and fact.before in ("stopped", "rectifying"):
            assert two(fact), f"one person alone lets it dial again: {fact}"
        self._turn((fact.campaign,), shut=fact.to not in DIALS, came=came)

    def _turn(self, about: tuple[str, ...], *, shut: bool, came: Micros) -> None:
        spans = self.shut[about]
        is_shut = bool(spans) and not spans[-1][1]
        if shut and not is_shut:
            spans.append((came, 0))
        elif not shut and is_shut:
            spans[-1] = (spans[-1][0], came)

    # ------------------------------------------------------------------ the witness

    def signalled(self, dial: Dial) -> None:
        """Something rings outside. Its allow is in the log already, unless the server has lost it since."""
        word = dial.allowed.encode()
        records = self._day.server.facts.log._records
        there = any(word in record.batch for record in reversed(records))
        lost = any(at >= dial.asked for at in self._day.mishaps.losses)
        assert there or lost, f"signalled before its allow was in the log: {dial}"

    # ------------------------------------------------------------------ the end

    def settled(self) -> bool:
        """Nothing is under way, as far as the floor and the ledger know."""
        owned = self.floor.owned.outbound
        return not owned.by_call and not self._flights() and self._day.adapter.quiet and self._day.now - self._last() > 20 * SECOND

    def _last(self) -> Micros:
        return max((dial.over for dial in self._day.pbx.signalled), default=0)

    def _flights(self) -> list[str]:
        return [f"{key}: {list(members)}" for key, members in self._day.ledger.data.items() if ":c:flight:" in key and members]

    def the_end(self) -> None:
        assert not self._flights(), f"calls are over and hold their places: {self._flights()}"
        assert not self.floor.owned.outbound.by_call, f"dials are in flight for ever: {self.floor.owned.outbound.dials}"
        signalled = {dial.allowed: dial for dial in self._day.pbx.signalled}
        assert len(signalled) == len(self._day.pbx.signalled), "one allow, two calls"
        for dial in signalled.values():
            self._was_right(dial)
        for name, fact in self.decided.items():
            if fact.decision.verdict == "allow":
                self._counted(name, fact, signalled.get(name))
        Caps(self._day, self.decided, self.ended).hold(list(signalled.values()))
        self._folds_alike()

    def _was_right(self, dial: Dial) -> None:
        fact = self.decided.get(dial.allowed)
        assert fact is not None, f"signalled, and no word of it in the log: {dial}"
        assert fact.decision.verdict == "allow", f"a refused dial was signalled: {short(fact)} {dial}"
        assert fact.number is not None
        assert fact.number.digest == self._day.sealed(dial.e164).digest, f"another number than was allowed: {dial} {short(fact)}"
        assert (fact.leg, fact.campaign, fact.agent) == (dial.uniqueid, dial.campaign, dial.agent), (
            f"another dial than was allowed: {dial} {short(fact)}"
        )
        off = round(self._day.plan.skew_s * SECOND)
        assert dial.asked - off <= fact.at <= dial.told + off, f"decided at another moment than it was asked: {dial} {short(fact)}"
        for about in (("all",), (fact.campaign,), *_blocks(fact)):
            for begins, ends in self.shut[about]:
                within = begins < dial.asked and (not ends or dial.told < ends)
                assert not within, f"asked while {about} was shut from {begins} to {ends}, and signalled: {dial}"

    def _counted(self, name: str, fact: DialDecided, dial: Dial | None) -> None:
        """What was signalled stays counted; what never was is given back, where its end was seen and nothing can have been missed."""
        assert name in self.ended, f"nobody says what became of {short(fact)}: {dial}"
        outcome = self.ended[name][0].outcome
        attempts = [key for key, _ in fact.entries if key.startswith("attempt:")]
        assert attempts, f"allowed, and nothing was taken: {short(fact)}"
        held = [key for key in attempts if name in self._table(key)]
        if dial is not None:
            assert outcome != "not_dialled", f"signalled, and said to be none: {self.ended[name]} {dial}"
            assert held == attempts, f"signalled, and not counted under {sorted(set(attempts) - set(held))}: {short(fact)}"
        else:
            assert outcome in ("not_dialled", "unknown"), f"never signalled, and {outcome}: {short(fact)}"
            assert outcome == "unknown" or not held, f"never signalled, and still counted under {held}: {short(fact)}"
            seen = self._day.pbx.asked[fact.leg].heard and not (self._day.mishaps.at or self._day.plan.stalls)
            assert outcome == "not_dialled" or not seen, f"never signalled, and not given back on a good day: {short(fact)}"

    def _table(self, key: str) -> dict[str, Any]:
        return self._day.ledger.table(f"{{floor}}:ledger:c:{key}")

    def _folds_alike(self) -> None:
        again = FOLDING.new()
        for batch in self.batches:
            FOLDING.apply_batch(again, batch, Changes())
        assert FOLDING.dump(again) == FOLDING.dump(self.floor), "the log folds to another floor"


def short(fact: DialDecided) -> DialDecided:
    """As a message shows it: its reasons fill a page."""
    return structs.replace(fact, decision=Decision(fact.decision.verdict), entries=(), scopes={})


def two(fact: outbound.CampaignMoved | outbound.DiallingStopped | outbound.NumberUnblocked) -> bool:
    return bool(fact.who and fact.second) and fact.who != fact.second


def _blocks(fact: DialDecided) -> list[tuple[str, ...]]:
    digest = fact.number.digest if fact.number is not None else ""
    return [(digest, "campaign", fact.campaign), (digest, "client", fact.client), (digest, "global", "")]


class Past:
    """History: it has every fact that the log ever had."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    async def told(self, counted: Sequence[type[Fact]], lasting: Sequence[type[Fact]], since: Micros) -> AsyncIterator[Kept]:
        for place, fact in enumerate(list(self.facts), 1):
            if type(fact) in lasting or (type(fact) in counted and fact.at >= since):
                yield Kept(place, fact)
