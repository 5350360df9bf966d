"""`andon plan try`: a plan on recorded facts, read from history twice, page by page. The shell of `realtime/whatif/`.

Not the trying itself. Nothing of Andon need run, and nothing that runs is touched: what is tried lives in this process alone.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from andon.load import tell
from andon.plan.folder import load
from andon.plan.try_dials import dials_tried
from andon.plan.window import today_of
from andon.roles.past import written_history
from andon.roles.work import RoleRefused
from andon.say import Exit, complain, say
from andon.settings import Settings, minutes_of
from andon.then import moment
from realtime.days import days_between
from realtime.folding import FloorFolding
from realtime.history.port import HistoryAway
from realtime.history.store import StoredHistory
from realtime.plan.model import Plan
from realtime.whatif.found import Found
from realtime.whatif.recorded import Recorded
from realtime.whatif.say import said
from realtime.whatif.shadow import Shadow
from realtime.whatif.trying import found_of
from realtime.words import SECOND, Micros

DAYS_MAX: Final = 31
"""A month takes minutes; a longer span is tried month by month."""

FOLDING = FloorFolding()


class Span(NamedTuple):
    since: Micros
    until: Micros


class BadSpan(Exception):
    """One sentence and a next step."""


def try_plan(settings: Settings, folder: Path | None, since: str, until: str, language: str, as_json: bool) -> Exit:
    where = folder or Path(settings.floor.plan)
    try:
        span = span_of(since, until, settings)
    except BadSpan as error:
        complain(str(error))
        return Exit.WRONG
    reading = load(where, settings.floor.timezone, today_of(span.since / SECOND, settings.floor.timezone))
    tell(reading.findings)
    if reading.plan is None:
        complain(f"The plan in {where} has errors; correct them before it is tried.")
        return Exit.FAILED
    try:
        history = written_history(settings)
        if history is None:
            complain("No history is kept, so there is nothing to try it on; set history.keep_days to more than 0.")
            return Exit.FAILED
        found = asyncio.run(_tried(settings, history, reading.plan, span))
    except (HistoryAway, RoleRefused) as error:
        complain(str(error))
        return Exit.FAILED
    if found is None:
        complain("History holds nothing of that span; andon floor --at says how far it reaches.")
        return Exit.FAILED
    if as_json:
        say(msgspec.json.encode(found).decode())
        return Exit.DONE
    for line in said(found, language):
        say(line)
    return Exit.DONE


def span_of(since: str, until: str, settings: Settings) -> Span:
    """Dates are business days of the floor; a single one is that whole day."""
    begin = _end_of(since, settings, first=True)
    end = _end_of(until or since, settings, first=False)
    if begin is None or end is None:
        wrong = since if begin is None else until
        said_so = f"{wrong!r} is no moment" if wrong else "--from is missing"
        raise BadSpan(f'{said_so}; write --from 2026-11-27, or --from "2026-11-27 14:00" --to "2026-11-27 18:00".')
    if not begin < end:
        raise BadSpan("The span ends before it begins; write a later --to, or leave it out for a whole day.")
    if end - begin > DAYS_MAX * 86_400 * SECOND:
        raise BadSpan(f"The span is longer than {DAYS_MAX} days; try a month at a time.")
    return Span(begin, end)


def _end_of(said_so: str, settings: Settings, *, first: bool) -> Micros | None:
    """A moment's own, or a business day's beginning or end."""
    zone = settings.floor.timezone
    days = days_between(said_so, said_so, zone, minutes_of(settings.floor.day_starts) or 0)
    if days is not None:
        return days[0].begins if first else days[0].ends
    return moment(said_so, zone)


async def _tried(settings: Settings, history: StoredHistory, plan: Plan, span: Span) -> Found | None:
    try:
        reach = await history.reach()
        if reach is None or not (reach.first < span.until and span.since <= reach.last):
            return None
        since, until = max(span.since, reach.first), min(span.until, reach.last + SECOND)  # a day that is not over: up to now
        base = await history.base(since)
        if base is None:
            return None
        blob = FOLDING.dump(base.floor)
        recorded, dials = Recorded(base.floor, since, until), dials_tried(settings, plan, since, until)
        await dials.prepare(history)
        async for each in history.after(base.place):
            if each.fact.seen >= until:
                break
            await dials.feed(recorded.floor, each.fact)
            recorded.feed(each.fact)
        wishes = recorded.finish()
        shadow = Shadow(FOLDING.load(blob), plan, wishes, since, until)
        async for each in history.after(base.place):
            if each.fact.seen >= until:
                break
            shadow.feed(each.fact)
        shadow.finish()
    finally:
        await history.close()
    return found_of(recorded, shadow, wishes, plan, since, until, dials.found)
