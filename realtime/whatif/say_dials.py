"""What trying a plan found about dials, in sentences: English and Chinese. A part of `say.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from realtime.plan.say import Pair
from realtime.sentences import sentence
from realtime.whatif.dials import DialsFound, Example, Otherwise
from realtime.whatif.found import Found
from realtime.words import SECOND

ROWS: Final = 12
"""The rules that change most; `--json` has all."""
VERDICTS: Final[dict[str, Pair]] = {
    "allow": ("allowed", "可拨"),
    "defer": ("deferred", "暂缓"),
    "deny": ("refused", "禁止"),
    "queue": ("queued", "排队"),
}


def dials_said(found: Found) -> Iterator[Pair]:
    dials = found.dials
    if dials is None:
        return
    changed = sum(each.count for each in dials.otherwise)
    yield (
        f"Dials: {dials.decisions:,} were decided; {changed:,} of them the plan would decide otherwise, {dials.alike:,} as they were.",
        f"外呼：共{dials.decisions:,}次判定；新方案下{changed:,}次结果不同，{dials.alike:,}次相同。",
    )
    yield from _left_out(dials)
    rows = sorted(dials.otherwise, key=lambda each: -each.count)
    for row in rows[:ROWS]:
        yield _row(row)
        for example in row.examples:
            yield _example(found, example)
    if len(rows) > ROWS:
        yield f"  and {len(rows) - ROWS} more rules.", f"  另有{len(rows) - ROWS}条规则。"
    if changed:
        yield (
            "  Counters are those of the record: what the plan would have let pass, or refused, is not counted otherwise.",
            "  计数按原记录：新方案多放行或多拦截的外呼不影响计数。",
        )


def _left_out(dials: DialsFound) -> Iterator[Pair]:
    if dials.sealed:
        yield (
            f"  {dials.sealed:,} cannot be tried: their numbers cannot be read with the keys of this machine.",
            f"  {dials.sealed:,}次无法试算：本机密钥无法读取号码。",
        )
    if dials.unlike:
        yield (
            f"  {dials.unlike:,} cannot be tried: what they were decided by is not known any more, or it was no rule of a plan.",
            f"  {dials.unlike:,}次无法试算：当时的判定依据已不完整，或并非方案规则所致。",
        )


def _row(row: Otherwise) -> Pair:
    was, verdict = VERDICTS.get(row.was, (row.was, row.was)), VERDICTS.get(row.verdict, (row.verdict, row.verdict))
    name = row.campaign or "-"
    return (
        f"  {row.count:,} of {name}: {was[0]} then, {verdict[0]} under the plan ({row.rule})",
        f"  项目{name}{row.count:,}次：原为{was[1]}，新方案为{verdict[1]}（{row.rule}）",
    )


def _example(found: Found, example: Example) -> Pair:
    clock = datetime.fromtimestamp(example.at // SECOND, ZoneInfo(found.timezone)).strftime("%Y-%m-%d %H:%M")
    said = [sentence(example.finding, language) if example.finding is not None else "" for language in ("en", "zh")]
    return f"    {clock} {example.shown}: {said[0]}", f"    {clock} {example.shown}：{said[1]}"
