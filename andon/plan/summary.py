"""A plan in one line, as `andon check` says it."""

from __future__ import annotations

from pathlib import Path

from andon.plan.reading import PlanReading
from realtime.plan.difference import version_of


def said_of(reading: PlanReading, folder: Path) -> str:
    """One line for `andon check`."""
    plan = reading.plan
    if plan is None or not reading.files:
        return f"There is no plan in {folder}: the floor is watched, not controlled."
    counted = (
        (len(plan.people), "person", "people"),
        (len(plan.teams), "team", "teams"),
        (len(plan.skills), "skill", "skills"),
        (len(plan.shifts.patterns), "pattern", "patterns"),
        (len(plan.shifts.spans), "rostered shift", "rostered shifts"),
        (len(plan.meetings), "meeting", "meetings"),
        (len(plan.breaks.kinds), "kind of break", "kinds of break"),
        (len(plan.alerts), "alert", "alerts"),
        (len(plan.dialling.campaigns), "campaign", "campaigns"),
        (len(plan.archive.classes), "retention class", "retention classes"),
    )
    parts = [f"{count:,} {one if count == 1 else many}" for count, one, many in counted if count]
    extends = f", on {', '.join(plan.presets)}" if plan.presets else ""
    return f"The plan in {folder} is right: {', '.join(parts) or 'no rules'}{extends}; version {version_of(plan)}."
