"""Whom KPIs send to training: looked at every few minutes, and said to the floor where it has changed.

Not the rule (`months.py`), not the training that was given (`trained.py`), and not who is let in (`realtime/rules/login.py`). What was
said is kept after it was said: a process killed in between says it twice, which changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.quality import QualityRules
from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.quality import results
from recordings.quality.months import Contact, before
from recordings.quality.scores import COUNTING, month_of
from recordings.quality.tables import scores, training

Due = dict[tuple[str, str], tuple[str, ...]]
"""By agent and KPI, the months that were missed."""
Tell = Callable[[str, str, tuple[str, ...]], Awaitable[None]]
"""Of one agent and KPI, to the floor. No months: not due any more."""
EVERY_S: Final = 300.0
"""Who was trained, or whose score was overturned, is let in some minutes later; each look reads the scores of half a year."""


async def look(catalogue: Catalogue, rules: QualityRules, timezone: str, now: Micros, tell: Tell) -> int:
    """How many have changed. What `tell` raises comes out, and the next look says the rest."""
    current = month_of(now, timezone)
    async with catalogue.reading() as connection:
        wanted = await due(connection, rules, current)
        known = {(row.agent, row.kpi): tuple(row.months.split(",")) for row in await connection.execute(select(training))}
    changed = {pair: wanted.get(pair, ()) for pair in wanted.keys() | known.keys() if wanted.get(pair, ()) != known.get(pair, ())}
    for (agent, kpi), months in sorted(changed.items()):
        await tell(agent, kpi, months)
        await _keep(catalogue, agent, kpi, months, now)
    return len(changed)


async def due(connection: AsyncConnection, rules: QualityRules, current: str, agent: str = "") -> Due:
    """`agent` empty: of all. Months before those that a KPI looks at are not read."""
    since = before(current, max((rule.within + rule.running for rule in rules.kpis), default=0))
    columns = select(scores.c.agent, scores.c.month, scores.c.points, scores.c.failed)
    counting = columns.where(*COUNTING, scores.c.month >= since, scores.c.agent == agent if agent else scores.c.agent != "")
    given = await results.trained_for(connection, agent)
    contacts: dict[str, list[Contact]] = defaultdict(list)
    for row in await connection.execute(counting):
        contacts[row.agent].append(Contact(row.month, row.points, bool(row.failed)))
    return {
        (name, kpi): tuple(months)
        for name, all_ in contacts.items()
        for kpi, months in results.training(all_, rules.kpis, current, given.get(name, {})).items()
    }


async def _keep(catalogue: Catalogue, agent: str, kpi: str, months: tuple[str, ...], now: Micros) -> None:
    async with catalogue.change() as change:
        await change.connection.execute(delete(training).where(training.c.agent == agent, training.c.kpi == kpi))
        if months:
            row = {"agent": agent, "kpi": kpi, "months": ",".join(months), "at": now}
            await change.connection.execute(insert(training).values(**row))
