"""`andon floor --at`: the floor of an earlier moment, straight from the history's database; nothing of Andon need run.

Not the floor of now (`ask.py` asks the board for it). Numbers are masked, as everywhere.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from andon.roles.past import written_history
from andon.roles.work import RoleRefused, keys_of
from andon.say import Exit, complain, say
from andon.settings import Settings
from andon.table import floor_lines
from realtime import view
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.history.port import HistoryAway, Reach
from realtime.history.store import StoredHistory
from realtime.sealing import mask
from realtime.words import SECOND, Micros
from wallboard.feed import hidden


def show_floor_at(settings: Settings, said: str, as_json: bool) -> Exit:
    at = moment(said, settings.floor.timezone)
    if at is None:
        complain(
            f'{said!r} is no moment; write --at "2026-11-24 14:30", by the floor\'s clock, or with an offset as 2026-11-24T14:30:00+08:00.'
        )
        return Exit.WRONG
    try:
        history = written_history(settings)
        if history is None:
            complain("No history is kept: set history.keep_days to more than 0, and what happens from then on is.")
            return Exit.FAILED
        floor, reach = asyncio.run(_asked(history, at))
    except (HistoryAway, RoleRefused) as error:
        complain(str(error))
        return Exit.FAILED
    if floor is None or reach is None or at > reach.last + SECOND:
        complain(_beyond(reach, settings.floor.timezone))
        return Exit.FAILED
    answer = msgspec.json.encode(view.snapshot(floor, settings.floor.name, "", at, _reveal(settings)))
    if as_json:
        say(answer.decode())
        return Exit.DONE
    for line in (f"As it was at {_told(at, settings.floor.timezone)}", *floor_lines(json.loads(answer))):
        say(line)
    return Exit.DONE


def moment(said: str, timezone: str) -> Micros | None:
    """An ISO date with a time; without an offset by the floor's clock."""
    try:
        read = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    if len(said.strip()) <= len("2026-11-24"):
        return None
    try:
        placed = read if read.tzinfo is not None else read.replace(tzinfo=ZoneInfo(timezone))
        return round(placed.astimezone(UTC).timestamp() * SECOND)
    except (OverflowError, ValueError):
        return None


async def _asked(history: StoredHistory, at: Micros) -> tuple[Floor | None, Reach | None]:
    try:
        return await history.floor_at(at), await history.reach()
    finally:
        await history.close()


def _beyond(reach: Reach | None, timezone: str) -> str:
    if reach is None:
        return "History holds nothing yet: it begins when andon up runs and a PBX has said something."
    return f"History reaches from {_told(reach.first, timezone)} to {_told(reach.last, timezone)}: name a moment in between."


def _told(at: Micros, timezone: str) -> str:
    return datetime.fromtimestamp(at / SECOND, ZoneInfo(timezone)).isoformat(" ", "seconds")


def _reveal(settings: Settings) -> view.Reveal:
    if not (Path(settings.data.dir) / "keys").is_dir():
        return hidden
    sealer = keys_of(settings, make=False).sealer()

    def reveal(sealed: Sealed) -> str | None:
        number = sealer.open(sealed)
        return None if number is None else mask(number)

    return reveal
