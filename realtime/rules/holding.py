"""What holds a break back for a while: no place in team or site, too soon after another, a skill that must stay, the load. Pure.

Not what one's own shift allows (`quota.py`), which refuses; what is held back here waits (`line.py`). Each rule says what it saw also
where it lets pass, so that an answer names all that was looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from realtime.decision import Finding, Value
from realtime.rules.clock import wall
from realtime.rules.load import Now, calm
from realtime.rules.places import Claim, Places
from realtime.words import SECOND, Micros

AMBER_MIN = 10
"""In amber light who has waited so long may go (reference: traffic light)."""
MINUTE: Micros = 60 * SECOND
NEVER: Micros = -(10**15)


def team_places(places: Places, claim: Claim) -> Iterator[Finding]:
    if not claim.team:
        yield Finding("break.no_team")
        return
    out, most = places.out[claim.team], places.team_cap(claim.team)
    values: dict[str, Value] = {"team": places.name_of(claim.team), "out": out, "most": most}
    if out + 1 > most:
        until = places.returns.get(claim.team, 0)
        yield Finding("break.team_cap" if until else "break.team_cap.open", "queue", {**values, "until": said(places, until)}, until)
    else:
        yield Finding("break.team_cap.free", values=values)


def site_places(places: Places, claim: Claim) -> Iterator[Finding]:
    site = places.site_of(claim.team)
    out, most = places.site_out[site], places.site_cap(site)
    values: dict[str, Value] = {"site": site, "out": out, "most": most}
    if out + 1 > most:
        until = places.site_returns.get(site, 0)
        yield Finding("break.site_cap" if until else "break.site_cap.open", "queue", {**values, "until": said(places, until)}, until)
    else:
        yield Finding("break.site_cap.free", values=values)


def spacing(places: Places, claim: Claim) -> Iterator[Finding]:
    """Between two grants of one team, so that its agents do not leave and come back all at once."""
    if not claim.team or places.rules.spacing_s <= 0:
        return
    until = places.granted_last.get(claim.team, NEVER) + places.rules.spacing_s * SECOND
    if places.now < until:
        values: dict[str, Value] = {
            "seconds": places.rules.spacing_s,
            "left": -((places.now - until) // SECOND),
            "team": places.name_of(claim.team),
        }
        yield Finding("break.spacing", "queue", values, until)
    else:
        yield Finding("break.spacing.free", values={"seconds": places.rules.spacing_s})


def skills(places: Places, claim: Claim) -> Iterator[Finding]:
    for skill in claim.skills:
        here, least = places.present[skill], places.least[skill]
        values: dict[str, Value] = {"skill": skill, "present": here, "least": least}
        enough = here - claim.at_work >= least
        yield Finding("break.least.free", values=values) if enough else Finding("break.least", "queue", values)


def loads(places: Places, claim: Claim) -> Iterator[Finding]:
    """Every queue that this one serves must be able to spare somebody."""
    if not places.rules.load.enabled:
        yield Finding("break.load.off")
        return
    for queue in claim.queues:
        yield load(places, claim, queue)


def load(places: Places, claim: Claim, queue: str) -> Finding:
    name, room = queue.partition("/")[2], places.room(queue)
    if room is None:
        return Finding("break.load.unknown", "queue", {"queue": name})
    rules, waited = places.rules, places.now - claim.since
    red = room.load.red or (room.here.longest > 3 * room.target * SECOND and not places.foresight)
    values: dict[str, Value] = {"queue": name, "spare": max(0, room.spare), "model": room.load.model, "waiting": room.here.waiting}
    aged = rules.aged_red_min if red else rules.aged_min
    until = claim.since + aged * MINUTE
    late: dict[str, Value] = {**values, "until": wall(places.floor, until), "minutes": aged}
    if waited >= aged * MINUTE:
        alone = not red or not places.out[claim.team]
        return Finding("break.load.aged", values=late) if alone else Finding("break.load.aged_one", "queue", late)
    if red:
        return Finding("break.load.red", "queue", late, until)
    if room.spare < 1:
        return Finding("break.load", "queue", late, until)
    if not places.foresight and not calm(idle_now(places, claim, queue, room.here), room.target):
        return Finding("break.load.callers", "queue", late, until)
    if not room.load.open and not (places.foresight and room.load.spare >= 1) and waited < AMBER_MIN * MINUTE:
        return Finding("break.load.amber", "queue", late, min(until, claim.since + AMBER_MIN * MINUTE))
    return Finding("break.load.free", values=values)


def idle_now(places: Places, claim: Claim, queue: str, here: Now) -> Now:
    """Whoever was given a break in this look, and this one, too, takes no caller."""
    return here._replace(idle=here.idle - places.idle_taken[queue] - claim.idle) if here.waiting else here


def said(places: Places, at: Micros) -> str:
    return wall(places.floor, at) if at else ""


Rule = Callable[[Places, Claim], Iterator[Finding]]
HOLDING: tuple[Rule, ...] = (team_places, site_places, spacing, skills, loads)


def look(places: Places, claim: Claim) -> list[Finding]:
    """What each rule says."""
    return [found for rule in HOLDING for found in rule(places, claim)]


def hold(places: Places, claim: Claim) -> Finding | None:
    """The first that holds it back."""
    if claim.free or (claim.kind == "legal" and claim.rank == 0 and claim.when <= places.now):
        return None
    return next((found for rule in HOLDING for found in rule(places, claim) if found.verdict != "allow"), None)
