"""`andon doctor` as a person sees it: asks everything side by side, prints what it found, and ends with 0 or 1."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from andon.doctor import look_machine, look_pbx
from andon.doctor.judge_pbx import judge
from andon.doctor.verdict import Finding, Level, Verdict, counted
from andon.load import load
from andon.plan.folder import load as load_plan
from andon.say import Exit, say
from andon.settings import Settings
from realtime.plan.model import Plan

MARKS: Final = {Level.OK: "ok  ", Level.WARN: "warn", Level.BAD: "BAD ", Level.UNKNOWN: "?   "}
COLOURS: Final = {Level.OK: "32", Level.WARN: "33", Level.BAD: "31;1", Level.UNKNOWN: "36"}
MACHINE: Final = "this machine"


def doctor(path: Path, as_json: bool, watch_s: float) -> Exit:
    reading = load(path)
    settings = reading.settings
    findings = [Finding(path.name, Verdict(Level.BAD if each.error else Level.WARN, each.key, each.text)) for each in reading.findings]
    if settings is not None:
        findings.append(Finding(path.name, Verdict(Level.OK, "settings", f"floor {settings.floor.name}, {settings.floor.timezone}.")))
        findings += asyncio.run(examine(settings, watch_s))
    if as_json:
        say(json.dumps([row(each) for each in findings], ensure_ascii=False, indent=1))
    else:
        for line in lines(findings, sys.stdout.isatty() and "NO_COLOR" not in os.environ):
            say(line)
    return Exit.FAILED if any(each.verdict.level is Level.BAD for each in findings) else Exit.DONE


async def examine(settings: Settings, watch_s: float = 0.0) -> list[Finding]:
    """All at the same time: the slowest one decides how long it takes."""
    looking = asyncio.gather(*(look_pbx.look(table, watch_s) for table in settings.pbx))
    plan = asyncio.to_thread(load_plan, Path(settings.floor.plan), settings.floor.timezone)
    machine, pbxs, rules = await asyncio.gather(look_machine.look(settings), looking, plan)
    findings = [Finding(MACHINE, verdict) for verdict in machine]
    for table, seen in zip(settings.pbx, pbxs, strict=True):
        seen.ruled = rules.plan is not None and orders_something(rules.plan)
        seen.campaigns = len(rules.plan.dialling.campaigns) if rules.plan is not None else 0
        findings += [Finding(f"PBX {table.node}", verdict) for verdict in judge(table, seen)]
    return findings


def orders_something(plan: Plan) -> bool:
    """Breaks and meetings pause people on the PBX, skills put them into queues there; people and alerts alone order nothing."""
    return bool(plan.breaks.kinds or plan.skills or plan.meetings)


def row(finding: Finding) -> dict[str, object]:
    verdict = finding.verdict
    return {"about": finding.about, "check": verdict.check, "level": verdict.level, "text": verdict.text, "todo": verdict.todo}


def lines(findings: Sequence[Finding], coloured: bool) -> Iterable[str]:
    about = ""
    for finding in findings:
        if finding.about != about:
            about = finding.about
            yield about
        level, check, text, todo = finding.verdict
        mark = f"\x1b[{COLOURS[level]}m{MARKS[level]}\x1b[0m" if coloured else MARKS[level]
        yield f"  {mark}  {f'{check}: ' if check else ''}{_printable(text)}"
        yield from (f"            {_printable(line)}" for line in todo)
    yield ""
    yield _sum(findings)


def _printable(text: str) -> str:
    """A PBX's words must not steer the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _sum(findings: Sequence[Finding]) -> str:
    number = {level: sum(each.verdict.level is level for each in findings) for level in Level}
    if number[Level.BAD]:
        return f"{counted(number[Level.BAD], 'thing does', 'things do')} not work: mend them from the top and run andon doctor again."
    if number[Level.WARN]:
        return f"It works; {counted(number[Level.WARN], 'thing')} could be better."
    return "All is right: andon up."
