"""The waiting list: its order, who is next, at which place somebody stands, and when it will be their turn. Pure.

Not what holds a break back (`holding.py`). The order is (class, when): what is due by law before a recovery, a break that is owed
before one that is not; in a class by the moment of asking, a minute earlier for each minute beyond an hour without a rest. Nobody gets past
a waiting one who could go now: the list is walked in its order, and each who goes takes the place from those behind. Whom
something of their own holds back (their team, a queue that they serve) holds nobody else back.

Source: the fairness of the reference, 3.4. An estimate is a walk into the future over what is known: who comes back when, which
minutes of waiting change the rules. Who overruns comes back nobody knows when, so an estimate may be missing; it is never invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from realtime.decision import Finding
from realtime.floor import Floor
from realtime.owned import Grant, Lease, Waiting
from realtime.plan.roster import Shift
from realtime.rules.holding import AMBER_MIN, hold
from realtime.rules.places import Claim, Places, claim_details
from realtime.words import SECOND, AgentId, AgentState, Micros

LEGAL, RECOVERY, OWED, WISHED = range(4)
MINUTE: Micros = 60 * SECOND
RESTED_MIN = 60
"""Without a rest for longer, the wait counts from earlier."""
FREE_KINDS = ("comfort", "fault", "recovery")
"""Nothing of the floor's holds these back."""
AHEAD: Micros = 2 * 3600 * SECOND
"""How far an estimate looks: further away nobody plans a break by it."""
OF_A_TEAM = ("break.team_cap", "break.site_cap", "break.spacing")
"""What holds one back holds the whole team back, at that moment."""
STEPS = 80
"""Moments that an estimate looks at, each with everybody who waits: a busy floor's returns of some twenty minutes."""


def claim_of(places: Places, agent: AgentId, kind: str, rank: int, shift: Shift | None, length: Micros) -> Claim:
    """Of one who asks now."""
    now = places.now
    worked = working_since(places.floor, agent, shift, now)
    when = legal_deadline(places.floor, worked) if rank == LEGAL else now - max(0, now - worked - RESTED_MIN * MINUTE)
    return Claim(rank, when, now, agent, kind, length, kind in FREE_KINDS, *claim_details(places, agent))


def claim_waiting(places: Places, waiting: Waiting) -> Claim:
    """`turn` was reckoned when it was asked for. Who let a granted one lapse stands behind, however long ago the last rest was."""
    when, length = waiting.turn or waiting.since, waiting.length_s * SECOND
    details = claim_details(places, waiting.agent)
    return Claim(waiting.rank, when, waiting.since, waiting.agent, waiting.kind, length, waiting.kind in FREE_KINDS, *details)


def rank_of(floor: Floor, agent: str, kind: str, shift: Shift | None, now: Micros) -> int:
    """Owed: half of the shift is over, and there was no rest in it."""
    if kind in ("legal", "recovery"):
        return LEGAL if kind == "legal" else RECOVERY
    ledger = floor.owned.ledgers.get(agent)
    rested = ledger.rested if ledger is not None else 0
    return OWED if shift is not None and now >= shift.half and rested < shift.begins else WISHED


def working_since(floor: Floor, agent: str, shift: Shift | None, now: Micros) -> Micros:
    """Since when without a rest: the last one, else the shift's beginning, else the log-in."""
    ledger, duty = floor.owned.ledgers.get(agent), floor.owned.duty.get(agent)
    rested = ledger.rested if ledger is not None else 0
    if shift is not None:
        return min(now, max(rested, shift.begins))
    return min(now, rested or (duty.since if duty is not None else now))


def legal_deadline(floor: Floor, worked: Micros) -> Micros:
    """When a rest is due by law; with no such law here, what the plan calls legal is due at once."""
    return worked + floor.owned.plan.breaks.legal_after_min * MINUTE


def is_due(kind: str, deadline: Micros, now: Micros) -> bool:
    return kind == "legal" and deadline <= now


# ------------------------------------------------------------------ who is next


def ordered(places: Places) -> list[Claim]:
    """All who wait, the next one first. Of those who asked in the same moment whoever was answered first: the list has that order."""
    return sorted((claim_waiting(places, waiting) for waiting in places.waiting.values()), key=precedence)


def precedence(claim: Claim) -> tuple[int, Micros, Micros]:
    return claim.rank, claim.when, claim.since


def passed_by(places: Places, agent: str) -> Finding | None:
    """On another break, on the way into a meeting, or logged out for a moment: keeps the place, and holds nobody up meanwhile."""
    known = places.floor.agents.get(agent)
    other = places.floor.owned.leases.get(agent) or places.grants.get(agent)
    if other is not None:
        return Finding("break.out_now", "queue", {"kind": other.kind})
    if known is None or known.state is AgentState.LOGGED_OUT:
        return Finding("break.logged_out", "queue", {"agent": agent})
    return None


def before(places: Places, claim: Claim) -> list[Claim]:
    return [each for each in ordered(places) if precedence(each) <= precedence(claim) and each.agent != claim.agent]


def serve(places: Places, claims: Iterable[Claim]) -> list[Claim]:
    """Give out in this order what can be given now; returns who goes."""
    gone = []
    for claim in claims:
        if not hold(places, claim) and passed_by(places, claim.agent) is None:
            places.take(claim)
            gone.append(claim)
    return gone


def first(places: Places, claim: Claim, ahead: Sequence[Claim]) -> Finding:
    """Of one whom nothing else holds back: is anything left when those before it have gone? Moves `places` on."""
    gone = serve(places, ahead)
    if gone and hold(places, claim):
        person = places.floor.owned.people.get(gone[0].agent)
        name = person.name or gone[0].agent if person is not None else gone[0].agent
        return Finding("break.line", "queue", {"ahead": len(gone), "name": name})
    return Finding("break.line.free", values={"ahead": len(ahead)})


# ------------------------------------------------------------------ when


def estimates(places: Places, claims: Sequence[Claim], only: str = "") -> dict[AgentId, Micros]:
    """When each of these, in their order, or that one, will probably go. Moves `places` on; who is missing, nobody can say of."""
    now, found, returns = places.now, dict[AgentId, Micros](), known_returns(places)
    moments = [at for at, _ in returns if at > now]
    moments += [at for claim in claims for at in aging(places, claim) if at > now]
    moments += [at + places.rules.spacing_s * SECOND for at in places.granted_last.values()]
    moments.append(now + MINUTE)  # callers who wait now are answered by then
    heapify(moments)
    heapify(returns)
    left, looked = list(claims), 0
    places.foresight = True
    while left and only not in found and moments and looked < STEPS:
        at = heappop(moments)
        if at <= places.now or at > now + AHEAD:
            continue
        places.now, looked = at, looked + 1
        while returns and returns[0][0] <= at:
            places.give_back(heappop(returns)[1])
        full = set[str]()
        for claim in list(left):
            if claim.team in full and not claim.free:
                continue
            if code := hold(places, claim):
                if code in OF_A_TEAM and claim.team:
                    full.add(claim.team)
                continue
            places.take(claim)
            left.remove(claim)
            found[claim.agent] = at
            heappush(returns, (at + claim.length, claim))
            heappush(moments, at + claim.length)
            heappush(moments, at + places.rules.spacing_s * SECOND)
    return found


def aging(places: Places, claim: Claim) -> tuple[Micros, ...]:
    """The minutes of waiting at which the load says otherwise; and when it is due by law."""
    rules = places.rules
    aged = tuple(claim.since + minutes * MINUTE for minutes in (AMBER_MIN, rules.aged_min, rules.aged_red_min))
    return (*aged, claim.when) if claim.kind == "legal" else aged


def known_returns(places: Places) -> list[tuple[Micros, Claim]]:
    """Who is away and is expected back; who will go away and come back."""
    owned, now = places.floor.owned, places.now
    found = [(lease.until, as_claim(places, lease)) for lease in owned.leases.values() if lease.until > now]
    found += places.goes
    for grant in places.grants.values():
        if grant.length_s:
            found.append((max(now, grant.expires) + grant.length_s * SECOND, as_claim(places, grant)))
    return found


def as_claim(places: Places, held: Lease | Grant) -> Claim:
    team, _skills, queues, _at_work, _idle = claim_details(places, held.agent)
    person = places.floor.owned.people.get(held.agent)
    wanted = tuple(skill for skill in person.skills if skill in places.least) if person is not None else ()
    return Claim(WISHED, 0, 0, held.agent, held.kind, 0, False, team, wanted, queues)
