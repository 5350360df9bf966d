"""The ledger of fairness: who asked, who was granted, who waited, by agent and by team, and how even that is. Pure, over ledgers.

Not the deciding (`breaks.py`, `line.py`) and no judgement of a person: an uneven team is a question to whoever grants. The ledgers
are of a business day; several days are added up by `merged`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from realtime.decision import Finding
from realtime.owned import AgentLedger, Owned
from realtime.plan.model import Plan
from realtime.plan.reach import team_of
from realtime.rules.meetings import KINDS as OF_THE_FLOOR
from realtime.words import SECOND, Micros

EVEN = 0.9
"""Jain's index below which somebody should look (reference, rules.md 3.4): 1 is the same for all, 1/n all for one of n."""
MINUTE: Micros = 60 * SECOND


class FairRow(NamedTuple):
    """`asked` counts what the rules let onto the waiting list or through at once, `refused` what they did not. Times in seconds."""

    agent: str  # empty in a team's row
    team: str
    asked: int
    granted: int
    refused: int
    expired: int
    overruled: int
    overran: int
    over_s: float
    waited_mean_s: float | None
    waited_longest_s: float
    used_min: dict[str, float]  # by kind
    quota_min: dict[str, int]  # by kind, a shift, where the plan has one
    even: float | None = None  # of a team: Jain's of granted / asked; None with fewer than two who asked


class Fairness(NamedTuple):
    agents: list[FairRow]
    teams: list[FairRow]
    findings: list[Finding]
    """Of teams below `EVEN`."""


def fairness(owned: Owned, ledgers: Mapping[str, AgentLedger] | None = None) -> Fairness:
    """Of this day, or of the ledgers given. Everybody who has one, by team and staff number."""
    of = owned.ledgers if ledgers is None else ledgers
    order = sorted(of, key=lambda agent: (team_of(owned, agent), agent))
    agents = [row(owned.plan, agent, team_of(owned, agent), of[agent]) for agent in order]
    teams = []
    for name in sorted({each.team for each in agents}):
        members = [each.agent for each in agents if each.team == name]
        waiting = frozenset(owned.waiting) if ledgers is None else frozenset[str]()
        even = evenness((of[each].granted, of[each].asked - (each in waiting)) for each in members)
        teams.append(row(owned.plan, "", name, merged(of[each] for each in members))._replace(even=even))
    return Fairness(agents, teams, [uneven(each) for each in teams if each.even is not None and each.even < EVEN])


def row(plan: Plan, agent: str, team: str, ledger: AgentLedger) -> FairRow:
    return FairRow(
        agent=agent,
        team=team,
        asked=ledger.asked,
        granted=ledger.granted,
        refused=ledger.refused,
        expired=ledger.expired,
        overruled=ledger.overruled,
        overran=ledger.overran,
        over_s=ledger.over / SECOND,
        waited_mean_s=ledger.waited / ledger.granted / SECOND if ledger.granted else None,
        waited_longest_s=ledger.longest / SECOND,
        used_min=used(ledger),
        quota_min={kind: rules.quota_min for kind, rules in plan.breaks.kinds.items() if rules.quota_min >= 0},
    )


def used(ledger: AgentLedger) -> dict[str, float]:
    """Minutes by kind, of breaks that are over."""
    found: dict[str, float] = {}
    for taken in ledger.taken:
        if taken.kind not in OF_THE_FLOOR:
            found[taken.kind] = found.get(taken.kind, 0.0) + (taken.until - taken.since) / MINUTE
    return found


def merged(ledgers: Iterable[AgentLedger]) -> AgentLedger:
    """Several people's, or several days', as one: sums, and the longest of the longest waits."""
    total = AgentLedger()
    for each in ledgers:
        for name in ("asked", "granted", "refused", "expired", "overruled", "overran", "over", "waited", "unauthorised", "logins"):
            setattr(total, name, getattr(total, name) + getattr(each, name))
        total.longest = max(total.longest, each.longest)
        total.taken = [*total.taken, *each.taken]
    return total


def evenness(counts: Iterable[tuple[int, int]]) -> float | None:
    """Jain's index of what was granted of what was due, each (granted, due). Due is what the rules let onto the list: who asked more
    often is not worse off for it, who never asked is not counted, and what is still waited for is not decided yet."""
    shares = [min(1.0, granted / due) for granted, due in counts if due > 0]
    return jain(shares) if len(shares) >= 2 else None


def jain(shares: list[float]) -> float:
    """(sum x)^2 / (n * sum x^2), Jain et al. 1984. Nobody got anything: that is even, too."""
    squares = sum(share * share for share in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else 1.0


def uneven(row: FairRow) -> Finding:
    return Finding("fairness.uneven", values={"team": row.team or "-", "index": round(row.even or 0.0, 2), "least": EVEN})
