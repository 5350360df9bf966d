"""The plan's files, taken up by the running engine whenever they change. A bad plan never replaces a good one.

Not the reading (`andon/plan/`) and not the adopting (`realtime/control/adopting.py`, in the engine's turn).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from andon.plan.folder import Stamp, load, stamp_of, who_wrote
from realtime.control.adopting import GONE, Wanted, wrong
from realtime.plan.difference import version_of

LOOKS_EVERY_S: Final = 2.0
"""A person who saved a file looks up at the floor. Several files are saved one after the other: what has not been still for so
long is not taken up yet."""

log = structlog.get_logger()

Want = Callable[[Wanted], None]


async def taking_up(folder: Path, timezone: str, want: Want, every_s: float = LOOKS_EVERY_S) -> None:
    """Until cancelled. What is there at the beginning is taken up at once."""
    taken = stamp_of(folder)
    had = bool(taken)
    if had:
        await _take(folder, timezone, want)
    seen: Stamp = taken
    while True:
        await asyncio.sleep(every_s)
        now = stamp_of(folder)
        if now == seen and now != taken:
            taken = now
            if now:
                await _take(folder, timezone, want)
            elif had:
                log.warning("the plan's files are gone; the plan of before stays in force", folder=str(folder))
                want(GONE)
            had = had or bool(now)
        seen = now


async def _take(folder: Path, timezone: str, want: Want) -> None:
    """In a thread: a roster of a large centre takes longer to read than a turn of the engine may."""
    try:
        reading = await asyncio.to_thread(load, folder, timezone)
    except Exception as bug:  # whatever stands in a file: the floor goes on by the rules that it has
        log.error("The plan's files brought a fault of Andon's own to light; they are not taken up.", exc_info=bug)
        want(wrong(f"The plan's files could not be read for a fault of Andon's own ({type(bug).__name__}); its log says more."))
        return
    for finding in reading.findings:
        log.warning(str(finding))
    if reading.plan is None:
        want(wrong(next(str(finding) for finding in reading.findings if finding.error)))
        return
    version = await asyncio.to_thread(version_of, reading.plan)
    log.info("plan read", version=version, files=list(reading.files))
    want(Wanted(reading.plan, version, who_wrote(folder)))
