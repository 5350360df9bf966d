"""`andon plan show` and `presets`: the rules in plain sentences, and what the running floor has adopted.

Not the sentences themselves (`realtime/plan/say.py`). What was adopted is read from history, as the engine wrote it down.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from andon.load import tell
from andon.plan import dial_presets, retention_presets
from andon.plan.dial_tables import DialPresetTable
from andon.plan.folder import load, presets
from andon.plan.presets import preset
from andon.plan.retention_tables import RetentionPresetTable
from andon.plan.tables import PresetTable
from andon.roles.past import written_history
from andon.roles.work import RoleRefused
from andon.say import Exit, complain, say
from andon.settings import Settings
from realtime.history.port import Asked, HistoryAway
from realtime.history.store import StoredHistory
from realtime.plan.difference import version_of
from realtime.plan.model import Plan
from realtime.plan.say import said
from realtime.plan.shortening import shortened
from realtime.rulings import PlanAdopted
from realtime.words import SECOND

ADOPTED_SHOWN: Final = 5
EVER: Final = 2**62


def show(settings: Settings, folder: Path | None, language: str, live: bool) -> Exit:
    if live:
        return _live(settings)
    where = folder or Path(settings.floor.plan)
    reading = load(where, settings.floor.timezone)
    tell(reading.findings)
    if reading.plan is None:
        complain(f"The plan in {where} has errors; correct them, andon check shows them again.")
        return Exit.FAILED
    for line in said(reading.plan, language or "en"):
        say(line)
    return Exit.DONE


def show_presets(language: str) -> Exit:
    """What a plan may extend, and what each stands on."""
    for name in sorted(presets()):
        kind, _, short = name.partition("/")
        about: PresetTable | DialPresetTable | RetentionPresetTable
        if kind == dial_presets.FOLDER:
            found = dial_presets.loaded(short, presets(), [])
            about, free, where = found.about, not found.unsigned, f'campaigns.toml: presets = ["{short}"]'
        elif kind == retention_presets.FOLDER:
            kept = retention_presets.loaded(short, presets(), [])
            about, free, where = kept.about, not kept.unsigned, f'retention.toml: presets = ["{short}"]'
        else:
            about = preset(name, presets()[name], ("breaks", "kind", "alert"), []).about
            free, where = about.status == "usable", f'{kind}.toml: extends = ["{short}"]'
        signed = "" if free else "; to be signed by who answers for it"
        say(f"{where}   {about.name_zh if language == 'zh' else about.name}")
        say(f"  grade {about.grade}, as of {about.as_of}{signed}. {about.note}")
        for source in about.source:
            say(f"  {source}")
    return Exit.DONE


# ---------------------------------------------------------------- what the floor has adopted


def _live(settings: Settings) -> Exit:
    try:
        history = written_history(settings)
        if history is None:
            complain("No history is kept, so nobody wrote down what was adopted; set history.keep_days to more than 0.")
            return Exit.FAILED
        adopted = asyncio.run(_adopted(history))
    except (HistoryAway, RoleRefused) as error:
        complain(str(error))
        return Exit.FAILED
    if not adopted:
        complain("No plan was ever adopted on this floor; andon up takes up the files in the folder of the plan.")
        return Exit.FAILED
    for line in live_lines(adopted, load(Path(settings.floor.plan), settings.floor.timezone).plan, settings.floor.timezone):
        say(line)
    return Exit.DONE


async def _adopted(history: StoredHistory) -> list[PlanAdopted]:
    try:
        kept = await history.facts(Asked(since=0, until=EVER, kinds=(PlanAdopted,), limit=ADOPTED_SHOWN))
    finally:
        await history.close()
    return [each.fact for each in kept if isinstance(each.fact, PlanAdopted)]


def live_lines(adopted: list[PlanAdopted], files: Plan | None, timezone: str) -> list[str]:
    """The newest first; then whether the files say the same."""
    lines = []
    for place, fact in enumerate(reversed(adopted)):
        when = datetime.fromtimestamp(fact.at // SECOND, ZoneInfo(timezone)).isoformat(" ", "seconds")
        holds = "holds since" if place == 0 else "before it, from"
        lines.append(f"{fact.version} {holds} {when}, by {fact.who or 'nobody known'}:")
        lines += [f"  {line}" for line in fact.difference or ("nothing that is shown in words",)]
    if files is None:
        lines.append("The files are wrong now, so this plan stays in force; andon check shows why.")
    elif version_of(files) != adopted[-1].version:
        lines.append("The files say another plan than the one that holds; a running engine takes them up within seconds.")
        lines += [f"  {each.line()}" for each in shortened(adopted[-1].plan.archive, files.archive)]
    return lines
