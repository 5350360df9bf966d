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
        raise NotDone("reason_missing", *REASON_MISSING)
    async with catalogue.change() as change:
        here = (trained.c.id == number, trained.c.withdrawn_at == 0)
        values = {"withdrawn_at": now, "withdrawn_by": who, "withdrawn_why": why.strip()[:NOTE_MAX]}
        if (await change.connection.execute(update(trained).where(*here).values(**values))).rowcount != 1:
            raise NotDone("no_such_training", *NO_SUCH)
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
        raise NotDone("no_such_kpi", *NO_SUCH_KPI)
    if not due:
        raise NotDone("not_due", *NOT_DUE)
    if tuple(sorted(set(given.months))) != due:
        raise NotDone("other_months", *(text.format(months=", ".join(due)) for text in OTHER_MONTHS))
    if not given.trainer.strip():
        raise NotDone("trainer_missing", *TRAINER_MISSING)
    if given.agent in (who.agent, given.trainer.strip()):
        raise NotDone("own_training", *OWN)
    try:
        day = date.fromisoformat(given.day)
    except ValueError as error:
        raise NotDone("no_day", *NO_DAY) from error
    if day > today:
        raise NotDone("not_yet", *NOT_YET)
    if day.strftime("%Y-%m") <= due[-1]:
        raise NotDone("too_early", *(text.format(month=due[-1]) for text in TOO_EARLY))


async def _entry(change: Change, number: int, what: str, private: Mapping[str, Any], now: Micros) -> None:
    said: dict[str, Json] = dict(private)
    await change.append(Entry(kind=Kind.SCORE, at=now, subject=f"training-{number}", public={"training": what}, private=said))


NO_SUCH_KPI: Final = ("The plan has no such KPI; look at quality.toml.", "计划中没有该KPI，请查看 quality.toml。")
NOT_DUE: Final = (
    "This KPI does not send this agent to training now, so there is nothing to record; load the list anew.",
    "该KPI目前不要求此坐席培训，无需登记；请刷新名单。",
)
OTHER_MONTHS: Final = (
    "Training is due for {months}: record it for exactly these months.",
    "应培训的月份为{months}，请按这些月份登记。",
)
TRAINER_MISSING: Final = ("Say who held the training.", "请填写培训人。")
OWN: Final = ("Nobody trains or records themselves; another person does it.", "不能由本人培训或登记本人，请由他人办理。")
NO_DAY: Final = ("Write the day of the training as 2026-11-28.", "培训日期请写成 2026-11-28。")
NOT_YET: Final = ("That day has not come; record the training when it was held.", "该日期尚未到来，请在培训完成后登记。")
TOO_EARLY: Final = (
    "A training for {month} is held after that month is over; say the day on which it was.",
    "针对{month}的培训应在该月结束之后进行，请填写实际日期。",
)
REASON_MISSING: Final = ("Say why this record is withdrawn; it stays to be read.", "请说明撤销原因，原记录会保留。")
NO_SUCH: Final = ("There is no such record of training, or it was withdrawn before.", "没有该培训记录，或已被撤销。")
