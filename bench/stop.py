"""The stop key: on a real Asterisk, with a gate of its own process, from the key to the last dial and to the last hang-up.

Of five campaigns one after the other: thirty of its calls ring, a dialler goes on dialling every 20 ms, the key is pressed. *Pressed* is
before the asking: what a console's request needs to reach the board is not in it. `stop_ms`: until the last call that began to leave by
the trunk (Asterisk's DialBegin, by its own clock, which is ours); `stop_hang_up_ms`: until the last of what rang was gone. Both against
the engine's answer, which is what a person sees first. Of each the worst of the five, for a stop is no average. Left out where there is
no Asterisk.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from bench.results import Row
from realtime.asks_outbound import CampaignStop
from realtime.plan.dialling import CallerIdRule, Campaign, DialRules, HoursRule, Preset
from realtime.words import Micros
from tests.lab.pair import NoTree
from tests.lab.trees import Impossible, ensure_tree
from tests.line.control import clock
from tests.line.dialling import Dialling, _ringing, dialling
from tests.valkeys import Server

TIMES = 5
TRIES = 6
RINGING = 30
EACH_S = 0.02
BEFORE_S = 0.6
AFTER_S = 1.0
"""How long the dialler goes on: longer than any gate takes to hear of it."""
OPEN = Preset(name="own", hours=(HoursRule(id="always", days=(((0, 1440),),) * 7),), caller_ids=(CallerIdRule(id="any"),))


class Stop(NamedTuple):
    """Milliseconds from the key."""

    answer: float
    last_dial: float
    last_gone: float
    rang: int


async def stops(times: int = TIMES, ringing: int = RINGING) -> list[Stop]:
    """Raises NoTree where there is no Asterisk."""
    if isinstance(tree := ensure_tree("sid"), Impossible):
        raise NoTree(tree)
    names = [f"sales{number}" for number in range(times)]
    campaigns = tuple(Campaign(id=name, client="acme", purpose="service", caller_ids=("+861088880000",), rules=OPEN) for name in names)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "valkey")
        server.start()
        try:
            async with dialling(server.url, Path(folder), DialRules(campaigns=campaigns)) as there:
                numbers = itertools.count()
                return [await _stop(there, name, numbers, ringing) for name in names]
        finally:
            server.kill()


async def _stop(there: Dialling, campaign: str, numbers: itertools.count[int], ringing: int) -> Stop:
    async def dial() -> None:
        await there.originate(f"1381{next(numbers):06}8", ANDON_CAMPAIGN=campaign)  # rings, and nobody answers

    for _ in range(TRIES):  # the first ones of all find a gate that still reads its floor
        for _ in range(ringing - len(_rings(there))):
            await dial()
        with contextlib.suppress(AssertionError):
            await there._until(lambda: len(_rings(there)) >= ringing, "ringing calls", 5)
            break

    async def goes_on() -> None:
        for _ in range(int((BEFORE_S + AFTER_S) / EACH_S)):
            await dial()
            await asyncio.sleep(EACH_S)

    since = there.watch.mark
    dialler = asyncio.create_task(goes_on())
    try:
        await asyncio.sleep(BEFORE_S)
        pressed = clock()
        answer = await there.control.ask(CampaignStop(campaign, "bench", pressed))
        answered = clock()
        assert answer.decision.verdict == "allow", answer.decision
        await dialler
    finally:
        dialler.cancel()
        await asyncio.gather(dialler, return_exceptions=True)
    await there.until_ringing(0)
    await there.quiet()
    seen = there.watch.seen[since:]
    begun = [_at(each) for each in seen if each["Event"] == "DialBegin" and "carrier" in each["DialString"]]
    gone = [_at(each) for each in seen if each["Event"] == "Hangup" and "PJSIP/carrier" in each["Channel"]]
    return Stop((answered - pressed) / 1e3, _ms(max(begun), pressed), _ms(max(gone), pressed), len(gone))


def _rings(there: Dialling) -> set[str]:
    return _ringing(there.watch.seen)


def _at(event: dict[str, str]) -> float:
    return float(event["Timestamp"])


def _ms(at: float, pressed: Micros) -> float:
    return max(0.0, at * 1e3 - pressed / 1e3)


def rows_of(found: list[Stop]) -> list[Row]:
    answer, last_dial, last_gone = (max(getattr(each, name) for each in found) for name in ("answer", "last_dial", "last_gone"))
    return [
        Row("stop_ms", last_dial, "ms from the key to the last dial, real Asterisk, worst of 5; against the answer", answer),
        Row("stop_hang_up_ms", last_gone, "ms from the key until the last of 30 ringing calls is gone, worst of 5", answer),
    ]


def run() -> list[Row]:
    with contextlib.suppress(NoTree):
        return rows_of(asyncio.run(stops()))
    return []


def main() -> None:
    from bench.results import show

    found = asyncio.run(stops())
    for each in found:
        sys.stdout.write(f"{each}\n")
    show(rows_of(found))


if __name__ == "__main__":
    main()
