"""The demo's past: calls of the last ten weeks, sealed as they would have been then. Without them nothing is due, drawn or burned.

Not what people do with them (`demo_archive.py`) and not what is recorded while the demo runs (`demo_recorder.py`). The calls are drawn from
the seed; their sound goes through the product's own sealing, whose clock stands at the end of each call.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from agi.simulator.centre import Centre, Person
from andon import voices
from andon.plan.demo_campaigns import CLIENTS, FORMAL, TRIAL, book, e164
from realtime.facts import Sealed
from realtime.words import SECOND, Micros
from recordings.calls.ledger import Ledger
from recordings.calls.linking import Link
from recordings.recording import CallCard
from recordings.sealing import Sealing
from recordings.sealing_files import as_captured
from recordings.spool.pairing import groups
from recordings.spool.sweep import sweep

CALLS: Final = 36
DAYS: Final = (3, 68)
"""The month before this one is whole in it, on each day of a month."""
LENGTH_S: Final = (18, 50)
"""Long enough to be scored, short enough that a busy machine makes all of them in a quarter of a minute."""
OFFICE: Final = (9, 18)
AMISS: Final = {5: "missing", 9: "silent", 14: "empty", 21: "one_sided", 27: "missing", 33: "crashed"}
"""Which calls went wrong, and how."""
RESULTS: Final = {TRIAL: ("S1", "D1", "N2", "C1"), FORMAL: ("P1", "C1", "D1", "W1")}
SEAL_S: Final = 20
"""From a call's end to its seal."""
BATCH: Final = 8
"""Calls that the ledger takes at once."""


class PastCall(NamedTuple):
    card: CallCard
    number: int
    amiss: str
    sound_s: float
    changed: Micros
    """When its file was written to last."""


def past_calls(
    seed: int, agents: int, node: str, now: Micros, timezone: str, seal: Callable[[str, Micros], Sealed | None]
) -> list[PastCall]:
    """In the order of their times."""
    chance, people = Random(f"{seed}:past"), Centre(agents=agents).people(seed)  # noqa: S311 - repeatable on purpose
    zone, whom = ZoneInfo(timezone), book(seed)
    numbers = (*whom.customers, *whom.debtors)
    today = datetime.fromtimestamp(now // SECOND, zone).date()
    days = sorted((DAYS[0] + (DAYS[1] - DAYS[0]) * place // CALLS for place in range(CALLS)), reverse=True)
    found = []
    for number, back in enumerate(days):
        hour, minute = chance.randrange(*OFFICE), chance.randrange(60)
        moment = datetime.combine(today - timedelta(days=back), time(hour, minute, chance.randrange(60)), zone)
        began = int(moment.timestamp()) * SECOND + chance.randrange(SECOND)
        sealed = seal(e164(numbers[number * 7 % len(numbers)]), began)
        found.append(_call(number, began, node, chance, people, sealed))
    return found


def _call(number: int, began: Micros, node: str, chance: Random, people: Sequence[Person], sealed: Sealed | None) -> PastCall:
    """Two campaigns and the queues, one after the other; half of them of few people, so that these have enough to be scored by."""
    place = chance.randrange(len(people))
    person = people[-1 - place % 3] if chance.random() < 0.5 else people[place]
    campaign = (TRIAL, FORMAL, "")[number % 3]
    length, waited = chance.randint(*LENGTH_S), chance.randint(2, 6)
    answered = began + waited * SECOND
    ended = answered + length * SECOND
    leg = f"{node}-{began // SECOND}.{9000 + number}"
    middle = answered + length * SECOND // 2
    held = ((middle, middle + 5 * SECOND),) if number % 5 == 1 else ()
    card = CallCard(
        node=node,
        call=leg,
        began=began,
        answered=answered,
        ended=ended,
        direction="outbound" if campaign else "inbound",
        agent=person.number,
        agents=(person.number,),
        queue="" if campaign else person.queues[0],
        campaign=campaign,
        client=CLIENTS.get(campaign, ""),
        dial=f"past-{number}" if campaign else "",
        outcome=chance.choice(RESULTS[campaign]) if campaign else "",
        number=sealed,
        must_record=campaign == TRIAL,
        legs=(leg,),
        recorded=(leg,),
        holds=held,
        paused={leg: ((answered + 6 * SECOND, answered + 11 * SECOND),)} if number % 7 == 3 else {},
    )
    sound_s = float(length if campaign else length + waited)
    return PastCall(card, number, AMISS.get(number, ""), sound_s, ended)


class Past:
    """`make` it once; `spool` is a folder of its own, so that nobody else takes its files."""

    def __init__(self, sealing: Callable[[Callable[[], Micros]], Sealing], ledger: Ledger, spool: Path, node: str, seed: int) -> None:
        self._now: Micros = 0
        self._sealing = sealing(lambda: self._now)
        self._ledger, self._spool, self._node, self._seed = ledger, spool, node, seed

    async def make(self, calls: Sequence[PastCall]) -> None:
        """Raises what sealing raises."""
        self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        for at in range(0, len(calls), BATCH):
            some = calls[at : at + BATCH]
            for call in some:
                if call.amiss != "missing":
                    await self._seal(call)
            await self._ledger.write([call.card for call in some])

    async def _seal(self, call: PastCall) -> None:
        await asyncio.to_thread(self._write, call)
        self._now = call.changed + SEAL_S * SECOND
        seen = {found.name: found for found in (await asyncio.to_thread(sweep, self._spool)).files}
        for group in groups(seen):
            with as_captured(self._spool, group, seen, threading.Event()) as files:
                await self._sealing.whole(self._node, files, Link(call.card, call.card.legs[0], "named"))

    def _write(self, call: PastCall) -> None:
        """As `demo_recorder.py` does for calls of now."""
        day = datetime.fromtimestamp(call.card.began // SECOND, UTC)
        folder = self._spool / f"{day:%Y/%m/%d}"
        folder.mkdir(parents=True, exist_ok=True)
        legs = voices.conversation(self._seed * 10_000 + 5_000 + call.number, call.sound_s)
        start = call.changed - round(call.sound_s * SECOND)
        if call.card.campaign:
            legs = legs[::-1]  # of a call that was dialled, rx is the agent's side
        for since, until in call.card.paused.get(call.card.legs[0], ()):
            for leg in legs:
                leg[(since - start) * voices.RATE // SECOND : (until - start) * voices.RATE // SECOND] = 0
        for side, leg in zip(("rx", "tx"), legs, strict=True):
            path = folder / f"{call.card.call}-{side}.wav"
            if call.amiss == "empty":
                voices.write_empty(path)
            elif call.amiss == "crashed":
                voices.write_crashed(path, leg)
            else:
                quiet = call.amiss == "silent" or (call.amiss == "one_sided" and side == "rx")
                voices.write_wav(path, leg // 4_000 if quiet else leg)
            os.utime(path, ns=(call.changed * 1_000, call.changed * 1_000))
