"""A changed plan becomes the one that holds: said once, by whoever sees that the floor has another one. Pure.

Not the files (`andon/plan/`) and not who looks at them (`andon/roles/plan.py`). What is wanted is held against what is on the
floor, so nothing has to be remembered: after a restart or a lost append it is said again, and an unchanged plan is never said twice.
A plan that is wrong is no plan: the one of before stays in force, and an alert says so until the files are right. One that keeps
recordings for a shorter time is adopted, and an alert says so until somebody closes it, or a plan keeps some for longer again: a roster of
the next month is no answer to it.
"""

from __future__ import annotations

from typing import NamedTuple

from realtime.decision import Finding
from realtime.owned import Owned
from realtime.plan.difference import difference
from realtime.plan.model import Plan
from realtime.plan.shortening import shortened, told
from realtime.rulings import AlertCleared, AlertRaised, PlanAdopted
from realtime.saying import Saying, say
from realtime.sentences import both
from realtime.words import Micros

BAD = "plan.bad"
"""Alert and rule. It is the engine's own: no threshold of a plan raises or clears it."""
SHORTER = "plan.shorter"
"""Alert and rule, as BAD."""
WRONG_MAX = 300
"""Characters of what is wrong: one finding, with its file and line."""


class Wanted(NamedTuple):
    """What the files say now. `plan` None: they are wrong, or gone, and `fault` says how."""

    plan: Plan | None
    version: str = ""
    who: str = ""
    fault: Finding | None = None
    why: str = ""
    """What changed where nobody changed a file, as the first line of the difference: a month has turned."""


def wrong(text: str) -> Wanted:
    return Wanted(None, fault=Finding(BAD, "deny", {"wrong": text[:WRONG_MAX]}))


GONE = Wanted(None, fault=Finding("plan.gone", "deny"))


def adopting(owned: Owned, wanted: Wanted, now: Micros) -> list[Saying]:
    alert = owned.alerts.get(BAD)
    on = alert is not None and not alert.cleared
    if wanted.fault is not None:
        text = both(wanted.fault)
        if on and alert is not None and alert.text == text:
            return []
        return [say(AlertRaised, now, alert=BAD, rule=BAD, severity="act", subject="floor", text=text)]
    says = [say(AlertCleared, now, alert=BAD)] if on else []
    if wanted.plan is not None and wanted.version != owned.version:
        changed = (*([wanted.why] if wanted.why else ()), *difference(owned.plan, wanted.plan))
        says.append(say(PlanAdopted, now, plan=wanted.plan, version=wanted.version, who=wanted.who, difference=changed))
        says += _shorter(owned, wanted.plan, now)
    return says


def _shorter(owned: Owned, plan: Plan, now: Micros) -> list[Saying]:
    found = shortened(owned.plan.archive, plan.archive)
    if found:
        text = both(Finding(SHORTER, "deny", {"shorter": told(found, "en"), "shorter_zh": told(found, "zh")}))
        return [say(AlertRaised, now, alert=SHORTER, rule=SHORTER, severity="act", subject="floor", text=text)]
    alert = owned.alerts.get(SHORTER)
    longer = shortened(plan.archive, owned.plan.archive)
    return [say(AlertCleared, now, alert=SHORTER)] if longer and alert is not None and not alert.cleared else []
