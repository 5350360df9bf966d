"""What starts clocks: the end of a contract or product, the last activity, a dispute. Said by a person, kept, found again by recording.

Not what follows for a recording (`clocks.py`, `judging.py`). The plan's end of a campaign's contract needs nobody to say it. Something said
again about the same clock, subject and reference replaces what was said; of several references the latest moment holds, so that a second
contract never shortens the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, RowMapping, and_, func, insert, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.days import begin_of
from realtime.plan.dialling import Campaign
from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Change
from recordings.catalogue.schema import NOTHING, recordings
from recordings.proof.entries import Entry
from recordings.refusals import Refusal
from recordings.retention.clocks import Clocks
from recordings.retention.successor import successor_of
from recordings.retention.tables import clock_events
from recordings.words import Kind

SaidClock = Literal["contract_end", "product_end", "last_activity", "dispute"]
Scope = Literal["recording", "call", "number", "campaign"]
SCOPES: Final[tuple[Scope, ...]] = ("recording", "call", "number", "campaign")
DAY: Final = 86_400 * SECOND
HAPPENED: Final = ("last_activity", "dispute")
"""Clocks that are of the past; a contract or product may end in years."""
SUBJECTS_AT_ONCE: Final = 500
"""In one statement: half a megabyte of it would be refused."""


class BadEvent(Refusal):
    """One sentence."""


class ClockSaid(msgspec.Struct, frozen=True, kw_only=True):
    """`subject`: a recording's id, a call as node/linkedid, a number's digest, a campaign's id. `over`: the dispute is closed then."""

    clock: SaidClock
    scope: Scope
    subject: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    moment: Micros
    reference: Annotated[str, msgspec.Meta(max_length=100)] = ""
    over: bool = False
    why: Annotated[str, msgspec.Meta(max_length=500)] = ""


async def say(change: Change, said: ClockSaid, campaigns: Container[str], who: str, now: Micros) -> int:
    """Its id; `campaigns`: those of the plan. What follows from it is `recompute.recompute`. Raises BadEvent."""
    if said.over and said.clock != "dispute":
        raise BadEvent("clock.not_a_dispute")
    if said.moment <= 0 or (said.clock in HAPPENED and said.moment > now + DAY):
        raise BadEvent("clock.not_past")
    await _known(change.connection, said, campaigns)
    public: dict[str, Any] = {"clock": said.clock, "scope": said.scope, "moment": said.moment, "over": said.over}
    private = {"subject": said.subject, "reference": said.reference, "who": who, "why": said.why}
    subject = said.subject if said.scope == "recording" else f"clock.{said.scope}"
    entry = await change.append(Entry(kind=Kind.RECLASS, at=now, subject=subject, public=public, private=private))
    values = {**msgspec.structs.asdict(said), "said_at": now, "said_by": who, "entry": entry}
    made = await change.connection.execute(insert(clock_events).values(**values).returning(clock_events.c.id))
    return int(made.scalar_one())


async def _known(connection: AsyncConnection, said: ClockSaid, campaigns: Container[str]) -> None:
    """A slip would keep nothing while somebody believes that it does; and what is written as a recording's id stands in the log for ever.
    A number may be said before it is called."""
    if said.scope == "recording" and (into := await successor_of(connection, said.subject)):
        raise BadEvent("clock.redacted", recording=said.subject, successor=into)
    if said.scope == "number" or (said.scope == "campaign" and said.subject in campaigns):
        return
    if (await connection.execute(select(recordings.c.place).where(*about(said.scope, [said.subject])).limit(1))).first() is None:
        refused = {"recording": BadEvent("clock.no_recording"), "call": BadEvent("clock.no_call")}
        raise refused.get(said.scope) or BadEvent("clock.no_campaign")


def about(scope: Scope, subjects: Sequence[str]) -> list[ColumnElement[bool]]:
    """Recordings that a clock which is said of one of these subjects counts for. Each has its index: there may be ten million others."""
    line = recordings.c
    if scope == "recording":
        return [line.id.in_(subjects)]
    if scope == "call":
        calls = (subject.partition("/") for subject in subjects)
        return [or_(*(and_(line.call == call, line.node == node) for node, _, call in calls))]
    column = line.number if scope == "number" else line.campaign
    return [column.in_(subjects), column != NOTHING]


def contract_ends(campaigns: Iterable[Campaign], timezone: str) -> dict[str, Micros]:
    """By campaign: the begin of the last day of its contract."""
    zone, found = ZoneInfo(timezone), {}
    for campaign in campaigns:
        if campaign.contract.ends:
            found[campaign.id] = begin_of(date.fromisoformat(campaign.contract.ends), zone, 0)
    return found


Row = RowMapping
_Held = dict[tuple[str, str], tuple[Micros, bool]]
"""By clock and reference, the last that was said: its moment, and whether it is over."""


async def clocks_of(connection: AsyncConnection, rows: Sequence[Row], ends: Mapping[str, Micros], timezone: str) -> list[Clocks]:
    """Of each row, in their order. A row has place, id, node, call, number, campaign, began."""
    held = await _said(connection, rows)
    active = await _active(connection, rows, held)
    found = []
    for row in rows:
        events: list[tuple[str, Micros, bool]] = []
        for key in _keys(row):
            events += [(clock, moment, over) for (clock, _), (moment, over) in held.get(key, {}).items()]
        latest = {clock: max((moment for each, moment, _ in events if each == clock), default=0) for clock in _CLOCKS}
        if row["campaign"] in ends:
            latest["contract_end"] = max(latest["contract_end"], ends[row["campaign"]])
        if latest["last_activity"]:  # a later call about the same is activity, too, whoever forgot to say it
            latest["last_activity"] = max(latest["last_activity"], row["began"], active.get((row["number"], row["campaign"]), 0))
        disputes = [(moment, over) for clock, moment, over in events if clock == "dispute"]
        found.append(
            Clocks(
                timezone=timezone,
                call=row["began"],
                dispute=any(not over for _, over in disputes),
                dispute_closed=max((moment for moment, over in disputes if over), default=0),
                **latest,
            )
        )
    return found


_CLOCKS: Final = ("contract_end", "product_end", "last_activity")


def _keys(row: Row) -> list[tuple[str, str]]:
    keys = [("recording", row["id"])]
    if row["call"]:
        keys.append(("call", f"{row['node']}/{row['call']}"))
    return keys + [(scope, row[scope]) for scope in ("number", "campaign") if row[scope]]


async def _said(connection: AsyncConnection, rows: Sequence[Row]) -> dict[tuple[str, str], _Held]:
    wanted = sorted({key for row in rows for key in _keys(row)})
    found: dict[tuple[str, str], _Held] = defaultdict(dict)
    table = clock_events.c
    for at in range(0, len(wanted), SUBJECTS_AT_ONCE):
        some = wanted[at : at + SUBJECTS_AT_ONCE]
        for scope in {scope for scope, _ in some}:
            subjects = [subject for each, subject in some if each == scope]
            asked = select(clock_events).where(table.scope == scope, table.subject.in_(subjects)).order_by(table.id)
            for event in (await connection.execute(asked)).mappings():
                found[event["scope"], event["subject"]][event["clock"], event["reference"]] = (event["moment"], event["over"])
    return found


async def _active(connection: AsyncConnection, rows: Sequence[Row], held: Mapping[tuple[str, str], _Held]) -> dict[tuple[str, str], Micros]:
    """The last call with the same number for the same campaign, where activity is a clock that somebody has said."""
    asked = sorted(
        {
            (row["number"], row["campaign"])
            for row in rows
            if row["number"] and any(clock == "last_activity" for key in _keys(row) for clock, _ in held.get(key, {}))
        }
    )
    found: dict[tuple[str, str], Micros] = {}
    table = recordings.c
    for at in range(0, len(asked), SUBJECTS_AT_ONCE):
        pairs = asked[at : at + SUBJECTS_AT_ONCE]
        last = (
            select(table.number, table.campaign, func.max(table.began).label("last"))
            .where(tuple_(table.number, table.campaign).in_(pairs))
            .group_by(table.number, table.campaign)
        )
        found |= {(row.number, row.campaign): row.last for row in await connection.execute(last)}
    return found
