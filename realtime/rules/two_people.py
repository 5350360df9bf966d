"""What takes two people: the first one's word is a proposal, and somebody else's same word does it. Pure.

Not what is done by it (`campaigns.py`, `do_not_call.py`). A program is nobody: a token is in the hands of somebody who could be the
first one, too. Who is the same person is asked of the plan, since one person signs in by name and keys in a staff number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from realtime.decision import Finding
from realtime.floor import Floor
from realtime.outbound import StepDropped, StepProposed
from realtime.owned_outbound import STEPS_MOST, Step
from realtime.plan.model import Plan
from realtime.plan.reach import person_of_login
from realtime.requests import TEXT_MAX, Actor
from realtime.rules.clock import wall
from realtime.saying import Ids, Saying, say
from realtime.words import SECOND, Micros

PROPOSED_FOR: Micros = 24 * 3600 * SECOND
"""A shift later somebody else has looked at it, or it is looked at anew."""
NOBODY = ("", "engine", "local", "public", "nobody")
"""Names in the trail that no person has."""


class Pair(NamedTuple):
    """`finding` says how it stands; `first` is the proposal that waits, which this one completes where nothing refuses it."""

    finding: Finding
    first: Step | None = None


def waiting(floor: Floor, campaign: str, to: str, now: Micros) -> Step | None:
    """The proposal of exactly this, while it holds."""
    steps = floor.owned.outbound.steps.values()
    return next((each for each in steps if (each.campaign, each.to) == (campaign, to) and now < each.until), None)


def pair(floor: Floor, actor: Actor, campaign: str, to: str, now: Micros) -> Pair:
    """Whether this one is the first, the second, or the same one again."""
    first = waiting(floor, campaign, to, now)
    if not is_person(actor):
        return Pair(Finding("two.program", "deny", {"who": actor.who}), first)
    if first is None:
        if len(floor.owned.outbound.steps) >= STEPS_MOST:
            return Pair(Finding("two.too_many", "deny", {"most": STEPS_MOST}))
        return Pair(Finding("two.first", "queue", {"until": wall(floor, now + PROPOSED_FOR)}))
    if same(floor.owned.plan, first.who, actor):
        return Pair(Finding("two.same", "deny", {"until": wall(floor, first.until)}), first)
    return Pair(Finding("two.second", values={"who": first.who}), first)


def is_person(actor: Actor) -> bool:
    return actor.via != "engine" and actor.role != "system" and actor.who not in NOBODY and not actor.who.startswith("token:")


def same(plan: Plan, first: str, actor: Actor) -> bool:
    names = {name for name in (person(plan, actor.who), f"agent:{actor.agent}" if actor.agent else "") if name}
    return person(plan, first) in names or bare(first) == bare(actor.who)


def person(plan: Plan, who: str) -> str:
    """By the plan where it knows this one, however they are named in the trail."""
    found = person_of_login(plan, bare(who)) if not who.startswith("agent:") else None
    return f"agent:{found.id}" if found is not None else who


def bare(who: str) -> str:
    return who.removeprefix("user:").removeprefix("agent:").casefold()


# ------------------------------------------------------------------ what is said


def proposed(actor: Actor, campaign: str, to: str, reason: str, evidence: str, now: Micros, ids: Ids) -> Saying:
    step = {"step": ids(), "campaign": campaign, "to": to, "who": actor.who, "until": now + PROPOSED_FOR}
    return say(StepProposed, now, **step, reason=reason[:TEXT_MAX], evidence=evidence[:TEXT_MAX])


def dropped(step: Step, why: str, who: str, now: Micros) -> Saying:
    return say(StepDropped, now, step=step.id, campaign=step.campaign, why=why, who=who)


def overtaken(floor: Floor, campaign: str, among: Iterable[str], who: str, now: Micros, done: Step | None = None) -> list[Saying]:
    """Proposals of this campaign to any of these, which fall with a step; the one that was completed is done."""
    wanted = frozenset(among)
    steps = [each for each in floor.owned.outbound.steps.values() if each.campaign == campaign and each.to in wanted]
    return [dropped(each, "done" if done is not None and each.id == done.id else "overtaken", who, now) for each in steps]


def expired(floor: Floor, now: Micros) -> list[Saying]:
    return [dropped(each, "expired", "engine", now) for each in floor.owned.outbound.steps.values() if each.until <= now]
