"""What scores say in sum: of the operation by its sample, of each agent, of each rater; always with intervals.

Not the formulas (`intervals.py`, `months.py`). Agents are never ranked on fewer contacts than the plan asks for: below that they come by
name and without a rank. A call counts once, and not where it was chosen (`target`). Who has to score calls blind (`blind.py`) is told
results without them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.quality import KpiRule, QualityRules
from recordings.quality.blind import Places
from recordings.quality.intervals import Interval, Stratum, covered, estimate, wilson
from recordings.quality.months import Contact, due, months_of
from recordings.quality.scores import COUNTING
from recordings.quality.scoring import FAMILIES
from recordings.quality.shapes import AgentResult, OperationResult, Share
from recordings.quality.tables import sample_items, samples, scores, trained

NOT_BLIND: Final[Places] = frozenset()
NOT_TRAINED: Final[Mapping[str, frozenset[str]]] = {}


class _Scored(NamedTuple):
    """`told`: of the months that are asked for, and not blind. `drawn`: by a sample, and not chosen by its rater."""

    contact: Contact
    passed: bool
    told: bool
    drawn: bool


async def operation(connection: AsyncConnection, period: str, campaign: str, blind: Places = NOT_BLIND) -> OperationResult | None:
    """None: no such sample was drawn. Scores of `blind` are to who asks as if they were not given."""
    where = (samples.c.kind == "estimate", samples.c.period == period, samples.c.campaign == campaign)
    sample = (await connection.execute(select(samples.c.id).where(*where))).scalar_one_or_none()
    if sample is None:
        return None
    counts = and_(scores.c.recording == sample_items.c.recording, *COUNTING, scores.c.recording.not_in(sorted(blind)))
    wanted = select(sample_items.c.stratum, sample_items.c.whole, scores.c.passed, scores.c.failed).select_from(
        sample_items.outerjoin(scores, counts)
    )
    rows = (await connection.execute(wanted.where(sample_items.c.sample == sample, sample_items.c.left_out == ""))).all()
    scored = [row for row in rows if row.passed is not None]

    def of(good: object) -> list[Stratum]:
        strata: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in rows:
            each = strata[row.stratum]
            each[0] = row.whole
            each[1] += row.passed is not None
            each[2] += row.passed is not None and good(row)  # type: ignore[operator]
        return [Stratum(*each) for each in strata.values()]

    def share(good: object) -> Share | None:
        return _share(estimate(of(good)))

    part = covered(of(lambda row: row.passed))
    return OperationResult(
        period=period,
        drawn=len(rows),
        scored=len(scored),
        covered=None if part is None else round(part, 4),
        passed=share(lambda row: row.passed),
        accuracy={family: share(lambda row, family=family: family not in row.failed.split(",")) for family in FAMILIES},
    )


async def agents(
    connection: AsyncConnection,
    rules: QualityRules,
    months: Sequence[str],
    current: str,
    among: frozenset[str] | None = None,
    blind: Places = NOT_BLIND,
) -> list[AgentResult]:
    """Over those months, without scores of `blind`; KPIs look at what the rule asks for, as the floor is told. `among`: of these alone, who
    then have their ranks among each other."""
    columns = (scores.c.recording, scores.c.agent, scores.c.month, scores.c.points, scores.c.passed, scores.c.failed)
    drawn = exists().where(sample_items.c.recording == scores.c.recording, sample_items.c.left_out == "").label("drawn")
    wanted = select(*columns, drawn).where(*COUNTING, scores.c.agent != "")
    if among is not None:
        wanted = wanted.where(scores.c.agent.in_(sorted(among)))
    by_agent: dict[str, list[_Scored]] = defaultdict(list)
    for row in await connection.execute(wanted):
        told = row.month in months and row.recording not in blind
        by_agent[row.agent].append(_Scored(Contact(row.month, row.points, bool(row.failed)), bool(row.passed), told, bool(row.drawn)))
    given = await trained_for(connection)
    found = [_agent(name, all_, rules, current, given.get(name, NOT_TRAINED)) for name, all_ in by_agent.items()]
    return ranked([each for each in found if each.contacts or each.training])


async def trained_for(connection: AsyncConnection, agent: str = "") -> dict[str, dict[str, frozenset[str]]]:
    """By agent and KPI, the months that training was given for, by records that stand. `agent` empty: of all."""
    wanted = select(trained.c.agent, trained.c.kpi, trained.c.months).where(trained.c.withdrawn_at == 0)
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for row in await connection.execute(wanted.where(trained.c.agent == agent) if agent else wanted):
        found[row.agent][row.kpi] = found[row.agent].get(row.kpi, frozenset()) | frozenset(row.months.split(","))
    return found


def ranked(results: Sequence[AgentResult]) -> list[AgentResult]:
    """Those with a rank first, who have as many points the same one (1, 2, 2, 4); the others by name."""
    may = sorted((each for each in results if each.rank is not None), key=lambda each: (-(each.points or 0), each.agent))
    rest = sorted((each for each in results if each.rank is None), key=lambda each: each.agent)
    points = [each.points for each in may]
    return [*(msgspec.structs.replace(each, rank=points.index(each.points) + 1) for each in may), *rest]


def _agent(name: str, all_: list[_Scored], rules: QualityRules, current: str, trained: Mapping[str, frozenset[str]]) -> AgentResult:
    mine = [each for each in all_ if each.told]
    points = [each.contact.points for each in mine if each.contact.points is not None]
    return AgentResult(
        agent=name,
        contacts=len(mine),
        drawn=sum(each.drawn for each in mine),
        points=round(sum(points) / len(points)) if points else None,
        passed=_share(wilson(sum(each.passed for each in mine), len(mine))),
        rank=0 if len(points) >= rules.rank_least else None,  # a contact without points bears no rank, either
        training=training([each.contact for each in all_], rules.kpis, current, trained),
    )


def training(
    contacts: Sequence[Contact], kpis: Sequence[KpiRule], current: str, trained: Mapping[str, frozenset[str]] = NOT_TRAINED
) -> dict[str, list[str]]:
    """`trained`: by KPI, the months that training was given for."""
    found = {rule.id: list(due(months_of(contacts, rule), rule, current, trained.get(rule.id, frozenset()))) for rule in kpis}
    return {name: months for name, months in found.items() if months}


def _share(found: Interval | None) -> Share | None:
    return None if found is None else Share(round(found.share, 4), round(found.low, 4), round(found.high, 4))
