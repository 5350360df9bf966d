"""`andon check`: every finding about settings, boards and plan, and what would run. Connects to nothing (that is the doctor's part)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from andon import boards
from andon.archive.spools import archives
from andon.load import load, tell
from andon.plan import folder
from andon.plan.summary import said_of
from andon.say import Exit, complain, say
from andon.settings import Settings
from wallboard.boards import WHOLE


def check(path: Path) -> Exit:
    reading = load(path)
    tell(reading.findings)
    if reading.settings is None:
        wrong = sum(finding.error for finding in reading.findings)
        complain(f"{wrong} {'error' if wrong == 1 else 'errors'} in the settings; correct them and run andon check again.")
        return Exit.FAILED
    plan = Path(reading.settings.floor.plan)
    hung, rules = boards.load(plan), folder.load(plan, reading.settings.floor.timezone)
    tell((*hung.findings, *rules.findings))
    if hung.plans is None:
        complain(f"The boards in {plan / boards.FILE} stay as they were; correct the file and run andon check again.")
    if rules.plan is None:
        complain(f"The plan in {plan} is not taken up, the one of before stays in force; correct it and run andon check again.")
    if hung.plans is None or rules.plan is None:
        return Exit.FAILED
    for line in summary(reading.settings, plan.is_dir(), [each.id for each in hung.plans]):
        say(line)
    say(said_of(rules, plan))
    return Exit.DONE


def summary(settings: Settings, has_plan: bool, hung: Sequence[str]) -> list[str]:
    floor, data = settings.floor, settings.data
    pbxs = ", ".join(f"{pbx.node} at {pbx.ami}{' (TLS)' if pbx.tls else ''}" for pbx in settings.pbx)
    log = str(data.redis) if data.redis else f"an embedded server under {data.dir}"
    plan = f"the plan is in {floor.plan}" if has_plan else "no plan yet"
    walls = ", ".join(["/wall", *(f"/b/{each}" for each in hung if each != WHOLE)])
    roles = [
        *([] if data.redis else ["valkey"]),
        "engine",
        "board",
        *(["gate"] if settings.agi.listen else []),
        *(["mqtt"] if settings.mqtt.url else []),
        *(["archivist"] if archives(settings) else []),
        *(f"adapter {node}" for node in settings.nodes),
    ]
    return [
        f"{Path(settings.path).name} is right: floor {floor.name} ({floor.timezone}, days start at {floor.day_starts}), PBX {pbxs}.",
        f"The log is in {log}, the board listens on {settings.board.listen} and shows {walls}, {plan}.",
        f"andon up would run: {', '.join(roles)}.",
    ]
