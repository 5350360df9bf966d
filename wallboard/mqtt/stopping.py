"""The stop of dialling by one MQTT message: hears it, asks the engine until it has answered, and says what that was.

Not the deciding (`realtime/rules/campaigns.py`) and not the connection (`client.py`). The one thing that a broker can change here, only
where the settings say so, and only to the safe side: going on takes people. What a broker has kept is an old wish, and is not obeyed; a
message without a body is how such a one is cleared. A stop that is asked for again within a second is the same stop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, NamedTuple, NoReturn, Protocol

from realtime.asker import NotAnswered
from realtime.asks_outbound import CampaignStop
from realtime.owned import Answer
from realtime.requests import Actor, AnyAsk
from realtime.sentences import sentence
from realtime.vitals import Family
from realtime.words import Micros
from wallboard.mqtt.topics import Topics, level
from wallboard.mqtt.watched import StopCounts, families_of_stops

ACTOR: Final = Actor("mqtt", role="dialler", via="api")
EVERY_S: Final = 1.0
"""Of one topic. A broker may deliver a message twice, and a key may be pressed twice."""
WAITING_MOST: Final = 100
"""At once, of single campaigns; a stop of all is always heard."""
TOPICS_MOST: Final = 1_000
"""Whose last moment is remembered: as many as a plan has campaigns."""
ID_MAX: Final = 64
REASON_MAX: Final = 200
TRIES: Final = 12
"""Of two seconds each: an engine that takes so long to come back takes the moment of the key for its own (half a minute)."""
AGAIN_S: Final = 0.2

KEPT = (
    "A stop of {what} by MQTT is not obeyed: the broker had kept it (retained), so nobody knows how old it is. Publish stops without "
    "retain, and clear this one by a retained message without a body."
)
TOO_MANY = "A stop of {what} by MQTT is not obeyed: {most} of them wait for the engine already. Stop all dialling instead."
TOO_LONG = "A stop by MQTT is not obeyed: its topic names no campaign, for it is longer than any id."


class Asking(Protocol):
    """`realtime.asker.Asker`."""

    async def ask(self, actor: Actor, ask: AnyAsk, key: str = "") -> Answer: ...


class Stop(NamedTuple):
    """`campaign` empty: all dialling. `pressed`: when we heard it."""

    campaign: str
    reason: str
    pressed: Micros
    key: str

    @property
    def what(self) -> str:
        return what(self.campaign)


def what(campaign: str) -> str:
    return f"campaign {level(campaign)}" if campaign else "all dialling"


class Stopping:
    """One a process. `heard` by the connection, `run()` in a task."""

    def __init__(
        self, topics: Topics, asking: Asking, clock: Callable[[], Micros], new_id: Callable[[], str], told: Callable[[str], None]
    ) -> None:
        self.counts = StopCounts()
        self.topics = topics.stops
        self._topics = topics
        self._asking = asking
        self._clock = clock
        self._new_id = new_id
        self._told = told
        self._last: dict[str, float] = {}  # topic -> when one was heard, oldest first
        self._under_way = 0
        self._queue: asyncio.Queue[Stop] = asyncio.Queue()  # bounded by `_under_way`, and by one stop of all a second

    def families(self) -> list[Family]:
        return families_of_stops(self.counts)

    def heard(self, topic: str, body: bytes, *, retained: bool, now: float) -> None:
        """Any message: others than stops are passed over. `now` by a clock that nobody sets."""
        campaign = self._topics.stopped_by(topic)
        if campaign is None:
            return
        refusal = self._refusal(campaign, body, retained=retained)
        if refusal is not None or now - self._last.get(topic, -EVERY_S) < EVERY_S:
            self.counts.ignored += 1
            if refusal:
                self._told(refusal)
            return
        self._remember(topic, now)
        self.counts.heard += 1
        self._under_way += 1
        self._queue.put_nowait(Stop(campaign, reason_of(body), self._clock(), f"mqtt:{self._new_id()}"))

    def _refusal(self, campaign: str, body: bytes, *, retained: bool) -> str | None:
        """None: it is obeyed. Empty: not a word about it."""
        if not body:
            return ""
        if len(campaign) > ID_MAX:
            return TOO_LONG
        if retained:
            return KEPT.format(what=what(campaign))
        if campaign and self._under_way >= WAITING_MOST:
            return TOO_MANY.format(what=what(campaign), most=WAITING_MOST)
        return None

    def _remember(self, topic: str, now: float) -> None:
        self._last.pop(topic, None)
        self._last[topic] = now
        while len(self._last) > TOPICS_MOST:
            del self._last[next(iter(self._last))]

    async def run(self) -> NoReturn:
        """Until cancelled. Each by itself: one that waits for its answer holds up no other."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                tasks.create_task(self._carry_out(await self._queue.get()))

    async def _carry_out(self, stop: Stop) -> None:
        ask = CampaignStop(stop.campaign, stop.reason, stop.pressed)
        try:
            for _ in range(TRIES):
                try:
                    answer = await self._asking.ask(ACTOR, ask, stop.key)
                except NotAnswered as fault:
                    self._told(f"The stop of {stop.what} by MQTT was not answered yet: {fault}")
                    await asyncio.sleep(AGAIN_S)
                    continue
                self._answered(stop, answer)
                return
            self._told(f"The stop of {stop.what} by MQTT came to nothing: nobody answered. Stop on the campaigns page, or pull the trunk.")
        finally:
            self._under_way -= 1

    def _answered(self, stop: Stop, answer: Answer) -> None:
        decision = answer.decision
        said = sentence(decision.reason, "en") if decision.reason is not None else decision.verdict
        self.counts.done += decision.verdict == "allow"
        self._told(f"MQTT asked to stop {stop.what}: {decision.verdict}. {said}")


def reason_of(body: bytes) -> str:
    """What the message says, if it is a word: who pressed, or why."""
    text = "".join(each for each in body[: 4 * REASON_MAX].decode("utf-8", "replace") if each.isprintable())
    return f"MQTT: {text[:REASON_MAX]}"
