"""Training that was given: on which day, by whom, for which missed months; so the list of those who are due empties by what happened.

Not who is due (`months.py`, `training.py`). A record is for exactly the months that a KPI sends somebody for, as the list shows them: part
of them would take one off the list for half a training. Those months send nobody again; a month that is missed later does. A record that
was wrong is withdrawn with a reason, stays to be read, and who was due is due again. Each of both is an entry of the archive's log.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.quality import QualityRules
from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.proof.entries import Entry, Json
from recordings.quality import training
from recordings.quality.refusal import NotDone
from recordings.quality.scores import Rater, month_of
from recordings.quality.tables import trained
from recordings.words import Kind

NAME_MAX: Final = 100
NOTE_MAX: Final = 500
ROWS_MAX: Final = 500


class Given(NamedTuple):
    """`day`: ISO date by the floor's clock; `trainer`: whoever held it, a name or a staff number."""

    agent: str
    kpi: str
    months: tuple[str, ...]
    day: str
    trainer: str
    note: str = ""


async def keep(catalogue: Catalogue, given: Given, rules: QualityRules, timezone: str, who: Rater, now: Micros) -> int:
    """Its number. Raises NotDone."""
    async with catalogue.change() as change:
        current = month_of(now, timezone)
        due = (await training.due(change.connection, rules, current, given.agent)).get((given.agent, given.kpi), ())
        _look(given, due, rules, who, datetime.fromtimestamp(now / SECOND, ZoneInfo(timezone)).date())
        row = {
            "agent": given.agent,
            "kpi": given.kpi,
            "months": ",".join(due),
            "day": given.day,
            "trainer": given.trainer.strip()[:NAME_MAX],
            "note": given.note.strip()[:NOTE_MAX],
            "by": who.name,
            "at": now,
        }
        number = int((await change.connection.execute(insert(trained).values(**row).returning(trained.c.id))).scalar_one())
        await _entry(change, number, "kept", {**row, "months": list(due)}, now)
    return number


async def withdraw(catalogue: Catalogue, number: int, why: str, who: str, now: Micros) -> None:
    """Raises NotDone."""
    if not why.strip():
        raise NotDone("quality.reason_missing.training")
    async with catalogue.change() as change:
        here = (trained.c.id == number, trained.c.withdrawn_at == 0)
        values = {"withdrawn_at": now, "withdrawn_by": who, "withdrawn_why": why.strip()[:NOTE_MAX]}
        if (await change.connection.execute(update(trained).where(*here).values(**values))).rowcount != 1:
            raise NotDone("quality.no_such_training")
        await _entry(change, number, "withdrawn", {"who": who, "why": values["withdrawn_why"]}, now)


async def rows(connection: AsyncConnection, among: frozenset[str] | None = None) -> list[RowMapping]:
    """The newest first. `among`: of these agents alone."""
    wanted = select(trained).order_by(trained.c.id.desc()).limit(ROWS_MAX)
    if among is not None:
        wanted = wanted.where(trained.c.agent.in_(sorted(among)))
    return list((await connection.execute(wanted)).mappings())


def _look(given: Given, due: tuple[str, ...], rules: QualityRules, who: Rater, today: date) -> None:
    """Raises NotDone."""
    if given.kpi not in {rule.id for rule in rules.kpis}:
        raise NotDone("quality.no_such_kpi")
    if not due:
        raise NotDone("quality.not_due")
    if tuple(sorted(set(given.months))) != due:
        raise NotDone("quality.other_months", months=", ".join(due))
    if not given.trainer.strip():
        raise NotDone("quality.trainer_missing")
    if given.agent in (who.agent, given.trainer.strip()):
        raise NotDone("quality.own_training")
    try:
        day = date.fromisoformat(given.day)
    except ValueError as error:
        raise NotDone("quality.no_day") from error
    if day > today:
        raise NotDone("quality.not_yet")
    if day.strftime("%Y-%m") <= due[-1]:
        raise NotDone("quality.too_early", month=due[-1])


async def _entry(change: Change, number: int, what: str, private: Mapping[str, Any], now: Micros) -> None:
    said: dict[str, Json] = dict(private)
    await change.append(Entry(kind=Kind.SCORE, at=now, subject=f"training-{number}", public={"training": what}, private=said))
