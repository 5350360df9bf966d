"""What becomes of those who wait for a break: who may go now, and what holds the others back, at which place and until when. Pure.

Not asking (`asking.py`) and not the order (`line.py`). Asked a few times a second while anybody waits, so it looks at nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from realtime.decision import Finding, saw
from realtime.floor import Floor
from realtime.owned import Waiting
from realtime.rules import quota
from realtime.rules.busy import busy
from realtime.rules.clock import wall
from realtime.rules.holding import CAPS, OPEN, free_again, hold, reason, unsayable
from realtime.rules.line import estimates, ordered, passed_by
from realtime.rules.places import Claim, Places
from realtime.rulings import BreakDropped, BreakGranted, BreakHeld
from realtime.saying import Saying, say
from realtime.words import SECOND, Micros

QUIET: Micros = 5 * SECOND
"""Between two words to one who waits: places change by the second when many ask."""
MOVED: Micros = 60 * SECOND
"""An estimate that moves by less is the same one."""
Held = list[tuple[Claim, str | Finding]]
"""With the code of what holds it back, or with the finding where it is made already."""


def waiting_due(floor: Floor, now: Micros, freed: Mapping[str, Waiting | None]) -> list[Saying]:
    """Whose turn it is gets the break, in the order of the list; the others are told what holds them back where that changed.

    `freed`: who goes home in this look, or goes back on the list with a break that was not taken.
    """
    if not floor.owned.waiting and not any(freed.values()):
        return []
    places, said, held = Places(floor, now, freed), list[Saying](), Held()
    for claim in ordered(places):
        found: str | Finding | None = hold(places, claim) or passed_by(places, claim.agent)
        if found is None:
            found, outcome = turn(places, claim)
            if outcome is not None:
                said.append(outcome)
                if outcome.kind is BreakGranted:
                    places.take(claim._replace(length=outcome.fields["length_s"] * SECOND), outcome.fields["expires"])
        if found is not None:
            held.append((claim, found))
    if said:  # whoever went has taken something from those who were looked at before
        held = [(claim, hold(places, claim) or found) for claim, found in held]
    return [*said, *told(places, held)]


def turn(places: Places, claim: Claim) -> tuple[Finding | None, Saying | None]:
    """Nothing of the floor's holds it back any more. Is there still room for it in the agent's own shift?"""
    floor, now, waiting = places.floor, places.now, places.waiting[claim.agent]
    rules = quota.rules_of(floor, claim.kind)
    if rules is None and floor.owned.plan.breaks.kinds:
        return None, say(BreakDropped, now, agent=claim.agent, kind=claim.kind, why="not_ruled")
    length = claim.length
    if rules is not None and not claim.free:
        room = quota.room(floor, claim.agent, claim.kind, rules, 0, quota.shift_now(floor, claim.agent, now), now)
        refusal = next((each for each in room.findings if each.verdict != "allow"), None)
        if refusal is not None and refusal.verdict == "deny":
            return None, say(BreakDropped, now, agent=claim.agent, kind=claim.kind, why="no_room")
        if refusal is not None:
            return refusal, None
        length = min(length, room.bound)
    expires = 0 if busy(floor, claim.agent) else now + floor.owned.plan.breaks.hold_s * SECOND
    fields = {"agent": claim.agent, "kind": claim.kind, "request": waiting.request, "length_s": length // SECOND}
    return None, say(BreakGranted, now, **fields, expires=expires, rule=saw("break.turn", waited=(now - waiting.asked) // MOVED))


def told(places: Places, held: Held) -> Iterator[Saying]:
    """Place, estimate and rule, where one of them changed or its time has passed. Estimates cost the most, so nobody's is
    looked at more than a second in five."""
    waits, now = places.waiting, places.now
    stale = [changed(places, claim, place, found) for place, (claim, found) in enumerate(held, 1)]
    quiet = [now - waits[claim.agent].held < QUIET for claim, _ in held]
    look_ahead = now // SECOND % 5 == 0
    if all(quiet) or not (look_ahead or any(new and not still for new, still in zip(stale, quiet, strict=True))):
        return
    rules = [reason(places, claim) if isinstance(found, str) else found for claim, found in held]
    ahead = estimates(places, [claim for claim, _ in held])
    for place, (claim, _) in enumerate(held, 1):
        waiting, rule = waits[claim.agent], rules[place - 1]
        eta = 0 if unsayable(claim, rule) else ahead.get(claim.agent, 0)
        if quiet[place - 1]:
            continue
        if stale[place - 1] or moved(waiting.eta, eta):
            yield say(BreakHeld, now, agent=claim.agent, place=place, eta=eta, rule=rule)


def changed(places: Places, claim: Claim, place: int, found: str | Finding) -> bool:
    """Another place or rule; the same rule with another time; or a time that was told and has passed."""
    waiting, code = places.waiting[claim.agent], found if isinstance(found, str) else found.rule
    rule, now = waiting.rule, places.now
    if rule is None or waiting.place != place or rule.rule.removesuffix(OPEN) != code or 0 < waiting.eta <= now:
        return True
    if code in CAPS:
        return moved(rule.until, free_again(places, claim, code)) or 0 < rule.until <= now
    if not 0 < rule.until <= now:
        return False
    return rule.until != (reason(places, claim) if isinstance(found, str) else found).until


def moved(before: Micros, now: Micros) -> bool:
    return abs(before - now) >= MOVED


def place_of(floor: Floor, agent: str) -> tuple[int, str]:
    """(place, estimate as a clock says it) of one who waits, as it was said last."""
    waiting = floor.owned.waiting.get(agent)
    if waiting is None:
        return 0, ""
    return waiting.place, wall(floor, waiting.eta) if waiting.eta else ""
