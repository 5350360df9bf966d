"""The plan's files, taken up by the running engine whenever they change. A bad plan never replaces a good one.

Not the reading (`andon/plan/`) and not the adopting (`realtime/control/adopting.py`, in the engine's turn).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import structlog

from andon.plan.folder import Stamp, load, stamp_of, today_in, who_wrote
from andon.plan.tables import ROSTER_ICS
from andon.plan.window import window_of
from realtime.control.adopting import GONE, Wanted, wrong
from realtime.plan.difference import version_of

LOOKS_EVERY_S: Final = 2.0
"""A person who saved a file looks up at the floor. Several files are saved one after the other: what has not been still for so
long is not taken up yet."""

NOBODY: Final = "andon"
"""Who has changed a plan when a month turns, as the audit trail names what Andon does by itself."""

log = structlog.get_logger()

Want = Callable[[Wanted], None]


async def taking_up(
    folder: Path, timezone: str, want: Want, every_s: float = LOOKS_EVERY_S, date_in: Callable[[str], date] = today_in
) -> None:
    """Until cancelled. What is there at the beginning is taken up at once; a calendar is, too, when its window moves to another month."""
    taken, today = stamp_of(folder), date_in(timezone)
    window = window_of(today)
    had = bool(taken)
    if had:
        await _take(folder, timezone, want, today)
    seen: Stamp = taken
    while True:
        await asyncio.sleep(every_s)
        now, today = stamp_of(folder), date_in(timezone)
        if now == taken and window != window_of(today):
            window = window_of(today)
            if any(name == ROSTER_ICS for name, *_ in taken):
                await _take(folder, timezone, want, today, f"{ROSTER_ICS}: shifts of {today:%Y-%m}; what repeats is in from {window}")
        elif now == seen and now != taken:
            taken, window = now, window_of(today)
            if now:
                await _take(folder, timezone, want, today)
            elif had:
                log.warning("the plan's files are gone; the plan of before stays in force", folder=str(folder))
                want(GONE)
            had = had or bool(now)
        seen = now


async def _take(folder: Path, timezone: str, want: Want, today: date, why: str = "") -> None:
    """In a thread: a roster of a large centre takes longer to read than a turn of the engine may. `why`: no file has changed."""
    try:
        reading = await asyncio.to_thread(load, folder, timezone, today)
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
    want(Wanted(reading.plan, version, NOBODY if why else who_wrote(folder), why=why))
