"""What holds a break back for a while: no place in team or site, too soon after another, a skill that must stay, the load. Pure.

Not what one's own shift allows (`quota.py`), which refuses; what is held back here waits (`line.py`). Each rule exists twice: as the
code of what holds back (empty: nothing), for walking a list of those who wait, and as a finding with what it saw, also where it
lets pass, so that an answer names all that was looked at. `tests/realtime/rules/test_holding.py` holds one against the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from realtime.decision import Finding, Value, saw
from realtime.rules.clock import wall
from realtime.rules.load import calm
from realtime.rules.places import Claim, Places, Room
from realtime.words import SECOND, Micros

AMBER_MIN = 10
"""In amber light who has waited so long may go (reference: traffic light)."""
MINUTE: Micros = 60 * SECOND
NEVER: Micros = -(10**15)
OPEN = ".open"
"""Behind the code where nobody can say until when."""
CAPS = ("break.team_cap", "break.site_cap")


# ------------------------------------------------------------------ codes


def team_places(places: Places, claim: Claim) -> str:
    return "break.team_cap" if claim.team and places.out[claim.team] >= places.team_cap(claim.team) else ""


def site_places(places: Places, claim: Claim) -> str:
    site = places.site_of(claim.team)
    return "break.site_cap" if places.site_out[site] >= places.site_cap(site) else ""


def spacing(places: Places, claim: Claim) -> str:
    """Between two grants of one team, so that its agents do not leave and come back all at once."""
    return "break.spacing" if claim.team and places.now < spaced_until(places, claim.team) else ""


def spaced_until(places: Places, team: str) -> Micros:
    return places.granted_last.get(team, NEVER) + places.rules.spacing_s * SECOND


def skills(places: Places, claim: Claim) -> str:
    return "break.least" if any(too_few(places, claim, skill) for skill in claim.skills) else ""


def too_few(places: Places, claim: Claim, skill: str) -> bool:
    return places.present[skill] - claim.at_work < places.least[skill]


def loads(places: Places, claim: Claim) -> str:
    """Every queue that this one serves must be able to spare somebody."""
    if not places.rules.load.enabled:
        return ""
    for queue in claim.queues:
        code = load(places, claim, queue)
        if code and code != "break.load.aged":
            return code
    return ""


def load(places: Places, claim: Claim, queue: str) -> str:
    room = places.room(queue)
    if room is None:
        return "break.load.unknown"
    red, waited = is_red(places, room), places.now - claim.since
    if waited >= (places.rules.aged_red_min if red else places.rules.aged_min) * MINUTE:
        return "break.load.aged_one" if red and places.out[claim.team] else "break.load.aged"
    if red:
        return "break.load.red"
    if places.spare(room, queue) < 1:
        return "break.load"
    if places.foresight:
        return "" if room.load.open or room.load.spare >= 1 or waited >= AMBER_MIN * MINUTE else "break.load.amber"
    if room.here.waiting and not calm(room.here._replace(idle=room.here.idle - places.idle_taken[queue] - claim.idle), room.target):
        return "break.load.callers"
    return "" if room.load.open or waited >= AMBER_MIN * MINUTE else "break.load.amber"


def is_red(places: Places, room: Room) -> bool:
    """By the model when it was judged; by who waits at this moment. Looking ahead, who waits now has been answered."""
    return room.load.red or (room.here.longest > 3 * room.target * SECOND and not places.foresight)


def hold(places: Places, claim: Claim) -> str:
    """The code of the first rule that holds it back; empty: it may go."""
    if is_free(places, claim):
        return ""
    return (
        team_places(places, claim) or site_places(places, claim) or spacing(places, claim) or skills(places, claim) or loads(places, claim)
    )


def is_free(places: Places, claim: Claim) -> bool:
    """Nothing here holds it back: comfort, recovery, and what is due by law by now."""
    return claim.free or (claim.kind == "legal" and claim.rank == 0 and claim.when <= places.now)


# ------------------------------------------------------------------ findings


def look(places: Places, claim: Claim) -> list[Finding]:
    """What each rule says."""
    return [found for rule in RULES for found in rule(places, claim)]


def reason(places: Places, claim: Claim) -> Finding:
    """Of one that is held back."""
    return next(found for found in look(places, claim) if found.verdict != "allow")


def say_team(places: Places, claim: Claim) -> Iterator[Finding]:
    if not claim.team:
        yield saw("break.no_team")
        return
    values: dict[str, Value] = {**places.names_of(claim.team), "out": places.out[claim.team], "most": places.team_cap(claim.team)}
    yield full(places, team_places(places, claim), "break.team_cap.free", values, free_again(places, claim, "break.team_cap"))


def say_site(places: Places, claim: Claim) -> Iterator[Finding]:
    site = places.site_of(claim.team)
    values: dict[str, Value] = {"site": site, "out": places.site_out[site], "most": places.site_cap(site)}
    yield full(places, site_places(places, claim), "break.site_cap.free", values, free_again(places, claim, "break.site_cap"))


def free_again(places: Places, claim: Claim, code: str) -> Micros:
    """When the next one is expected back of those whose places are taken; 0: nobody can say."""
    if code == "break.team_cap":
        return places.returns.get(claim.team, 0)
    return places.site_returns.get(places.site_of(claim.team), 0)


def unsayable(claim: Claim, rule: Finding) -> bool:
    """No estimate stands beside "nobody can say when"; but what is due by law goes when it is due, free place or not."""
    return rule.rule.endswith(OPEN) and claim.kind != "legal"


def full(places: Places, code: str, free: str, values: dict[str, Value], until: Micros) -> Finding:
    if not code:
        return Finding(free, values=values)
    return Finding(code if until else code + OPEN, "queue", {**values, "until": wall(places.floor, until) if until else ""}, until)


def say_spacing(places: Places, claim: Claim) -> Iterator[Finding]:
    if not claim.team or places.rules.spacing_s <= 0:
        return
    until, seconds = spaced_until(places, claim.team), places.rules.spacing_s
    if spacing(places, claim):
        left = -((places.now - until) // SECOND)
        yield saw("break.spacing", "queue", until, seconds=seconds, left=left, **places.names_of(claim.team))
    else:
        yield saw("break.spacing.free", seconds=seconds)


def say_skills(places: Places, claim: Claim) -> Iterator[Finding]:
    for skill in claim.skills:
        few = too_few(places, claim, skill)
        values: dict[str, Value] = {"skill": skill, "present": places.present[skill], "least": places.least[skill]}
        yield Finding("break.least" if few else "break.least.free", "queue" if few else "allow", values)


def say_loads(places: Places, claim: Claim) -> Iterator[Finding]:
    if not places.rules.load.enabled:
        yield saw("break.load.off")
        return
    for queue in claim.queues:
        yield say_load(places, claim, queue)


def say_load(places: Places, claim: Claim, queue: str) -> Finding:
    code, name, room = load(places, claim, queue), queue.partition("/")[2], places.room(queue)
    if room is None:
        return saw(code, "queue", queue=name)
    rules = places.rules
    aged = rules.aged_red_min if is_red(places, room) else rules.aged_min
    until = claim.since + aged * MINUTE
    values: dict[str, Value] = {"queue": name, "spare": max(0, places.spare(room, queue)), "model": room.load.model}
    values |= {"waiting": room.here.waiting, "minutes": aged, "until": wall(places.floor, until)}
    if code in ("", "break.load.aged"):
        return Finding(code or "break.load.free", values=values)
    if code == "break.load.amber":
        until = min(until, claim.since + AMBER_MIN * MINUTE)
    return Finding(code, "queue", values, 0 if code == "break.load.aged_one" else until)


RULES: tuple[Callable[[Places, Claim], Iterator[Finding]], ...] = (say_team, say_site, say_spacing, say_skills, say_loads)
