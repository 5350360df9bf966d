"""What the tables of discs say: which recordings may be gathered, sets and discs, what is on one, which discs bear a recording.

Not the changes (`register.py`). Every function takes the connection that its caller reads or changes with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, FromClause, Row, and_, exists, false, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.days import FIRST_YEAR, LAST_YEAR, begin_of
from realtime.words import Micros
from recordings.catalogue.schema import recordings
from recordings.discs.comparing import Expected
from recordings.discs.rows import CheckRow, DiscRow, Signature, Wish
from recordings.discs.schedule import Failure, Shelved
from recordings.discs.sets import Item
from recordings.discs.states import BEARS, FREE, DiscState
from recordings.discs.tables import checks, discs, images, items, sets, signatures, wishes
from recordings.retention.clocks import OPEN, disposal_month
from recordings.retention.disposal import DONE, REFUSED
from recordings.retention.tables import disposals, redactions
from recordings.words import STATES_GONE, State

MOST_GATHERED: Final = 50_000
"""Recordings looked at for one proposal, the oldest first: some ten BD-R, and seconds of the log's end. The next one takes what is left."""
TOGETHER: Final = 500
"""Values of one IN (...): SQLite knows 32,766 variables, asyncpg 32,767."""
MOST_LISTED: Final = 1_000
MOST_SHORT: Final = 500
"""Images of which copies are missing, in one proposal: after it, those of its recordings are on other discs, and the next ones come."""

MONTH: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])")
_FREE: Final = sorted(state.value for state in FREE)

_COLUMNS: Final = tuple(
    recordings.c[name].label(name)
    for name in (
        *("place", "id", "state", "began", "length_ms", "class_", "client", "campaign", "queue", "direction", "call", "format", "rate"),
        *("sides", "bytes", "sha256", "container", "container_bytes", "sealed_entry", "keep_until", "holds", "conflict"),
    )
)

REDACTING: Final = exists().where(
    redactions.c.original == recordings.c.place,
    redactions.c.made == 0,
    disposals.c.id == redactions.c.disposal,
    disposals.c.standing.not_in([REFUSED, DONE]),
)
COLUMNS: Final = (*_COLUMNS, REDACTING.correlate(recordings).label("redacting"))


def item_of(row: Row[Any], timezone: str) -> Item:
    told = dict(row._mapping)
    more = {"size": told.pop("bytes"), "entry": told.pop("sealed_entry"), "month": disposal_month(told["keep_until"], timezone)}
    flags = {name: bool(told[name]) for name in ("conflict", "redacting")}
    return Item(**told | more | flags | {"container": told["container"] or b""})


async def candidates(
    connection: AsyncConnection, timezone: str, classes: Collection[str], client: str | None = None, until: Micros = 0, month: str = ""
) -> list[Item]:
    """That may be burned, of these classes, on no set that stands. `until`: calls that began before; 0: all of them. What may not be burned
    is left out here, or the oldest that are held would take the place of all others for ever."""
    taken = exists().where(
        items.c.recording == recordings.c.place,
        discs.c.set == items.c.set,
        discs.c.number == items.c.number,
        discs.c.state.not_in(_FREE),
    )
    if short := await _short(connection):
        taken = taken.where(tuple_(items.c.set, items.c.number).not_in(short))
    asked = select(*COLUMNS).where(recordings.c.class_.in_(sorted(classes)), _fit(), ~taken)
    if client is not None:
        asked = asked.where(recordings.c.client == client)
    if until:
        asked = asked.where(recordings.c.began < until)
    if month:
        asked = asked.where(_due_in(month, timezone))
    rows = await connection.execute(asked.order_by(recordings.c.began, recordings.c.id).limit(MOST_GATHERED))
    return [item_of(row, timezone) for row in rows]


def _fit() -> ColumnElement[bool]:
    """As `sets.may_burn`."""
    line = recordings.c
    whole = and_(line.container.is_not(None), line.container_bytes > 0, line.sealed_entry >= 0)
    return and_(line.state == State.KEPT.value, line.holds == 0, ~line.conflict, ~REDACTING.correlate(recordings), whole)


def _due_in(month: str, timezone: str) -> ColumnElement[bool]:
    """As `clocks.disposal_month`, the other way round."""
    until = recordings.c.keep_until
    if month == OPEN:
        return until <= 0
    found = MONTH.fullmatch(month)
    zone, year, number = ZoneInfo(timezone), int(found["year"]) if found else 0, int(found["month"]) if found else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return false()
    begin, end = date(year, number, 1), date(year + number // 12, number % 12 + 1, 1)
    return and_(until > 0, until >= begin_of(begin, zone, 0), until < begin_of(end, zone, 0))


async def _short(connection: AsyncConnection) -> list[tuple[str, int]]:
    """Images with some recordings gone, of which a copy is missing, and no disc will take its place: those that are alive need others."""
    others = discs.alias()
    same = and_(others.c.set == discs.c.set, others.c.number == discs.c.number, others.c.state.not_in(_FREE))
    missing = and_(discs.c.state.in_(_FREE), ~exists().where(same, others.c.copy == discs.c.copy))
    asked = select(discs.c.set, discs.c.number).where(missing, exists().where(same), has_gone(discs, STATES_GONE)).distinct()
    rows = await connection.execute(asked.order_by(discs.c.set, discs.c.number).limit(MOST_SHORT))
    return [(row.set, row.number) for row in rows]


def has_gone(of: FromClause, states: Collection[State] = (State.DISPOSED,)) -> ColumnElement[bool]:
    """Of a disc or an image: whether a recording on it is in one of these states."""
    return exists().where(
        items.c.set == of.c.set,
        items.c.number == of.c.number,
        recordings.c.place == items.c.recording,
        recordings.c.state.in_(sorted(state.value for state in states)),
    )


async def not_to_be_burned(connection: AsyncConnection) -> list[DiscRow]:
    """Discs with an image, not begun, with a recording on it that is disposed of."""
    wanted = and_(discs.c.state == DiscState.IMAGED.value, discs.c.burning_at == 0, has_gone(discs))
    return [_disc(row) for row in await connection.execute(_discs().where(wanted).order_by(discs.c.id).limit(MOST_LISTED))]


async def items_of(connection: AsyncConnection, set_id: str, number: int, timezone: str) -> list[Item]:
    """The recordings of an image as they are now."""
    of_image = and_(items.c.set == set_id, items.c.number == number, items.c.recording == recordings.c.place)
    rows = await connection.execute(select(*COLUMNS).join(items, of_image).order_by(recordings.c.began, recordings.c.id))
    return [item_of(row, timezone) for row in rows]


async def expected_of(connection: AsyncConnection, set_id: str, number: int) -> list[Expected]:
    """Every file of an image, with the id of the recording where it is one."""
    asked = (
        select(items.c.path, items.c.offset, items.c.size, items.c.sha256, recordings.c.id)
        .select_from(items.outerjoin(recordings, recordings.c.place == items.c.recording))
        .where(items.c.set == set_id, items.c.number == number)
        .order_by(items.c.offset, items.c.path)
    )
    return [Expected(row.path, row.offset, row.size, row.sha256, row.id or "") for row in await connection.execute(asked)]


def _discs() -> Any:
    """Joined, as DiscRow has it."""
    return (
        select(
            discs,
            *(sets.c.of, sets.c.client, sets.c.class_.label("class_"), sets.c.month, sets.c.medium, sets.c.at.label("gathered_at")),
            *(images.c.recordings, images.c.bytes, images.c.first, images.c.last, images.c.sha256, images.c.size, images.c.tool),
            images.c.checkpoint,
        )
        .join(sets, sets.c.id == discs.c.set)
        .join(images, and_(images.c.set == discs.c.set, images.c.number == discs.c.number))
    )


def _disc(row: Row[Any]) -> DiscRow:
    told = dict(row._mapping)
    image, size = told.pop("sha256"), told.pop("size")
    return DiscRow(**told, image=image.hex() if image else "", image_bytes=size)


async def disc_of(connection: AsyncConnection, disc: str) -> DiscRow | None:
    row = (await connection.execute(_discs().where(discs.c.id == disc))).first()
    return _disc(row) if row is not None else None


async def discs_of(connection: AsyncConnection, set_id: str) -> list[DiscRow]:
    rows = await connection.execute(_discs().where(discs.c.set == set_id).order_by(discs.c.number, discs.c.copy, discs.c.turn))
    return [_disc(row) for row in rows]


async def all_discs(connection: AsyncConnection, states: Collection[str] = (), limit: int = MOST_LISTED) -> list[DiscRow]:
    """The newest sets first."""
    asked = _discs().where(discs.c.state.in_(sorted(states))) if states else _discs()
    rows = await connection.execute(asked.order_by(sets.c.at.desc(), discs.c.set, discs.c.number, discs.c.copy, discs.c.turn).limit(limit))
    return [_disc(row) for row in rows]


async def signatures_of(connection: AsyncConnection, disc: str) -> list[Signature]:
    asked = select(signatures).where(signatures.c.disc == disc).order_by(signatures.c.at, signatures.c.who)
    return [Signature(row.what, row.who, row.at) for row in await connection.execute(asked)]


async def all_signatures(connection: AsyncConnection, of: Sequence[str]) -> dict[str, list[Signature]]:
    """By disc."""
    found: dict[str, list[Signature]] = {}
    for start in range(0, len(of), TOGETHER):
        asked = select(signatures).where(signatures.c.disc.in_(of[start : start + TOGETHER])).order_by(signatures.c.at, signatures.c.who)
        for row in await connection.execute(asked):
            found.setdefault(row.disc, []).append(Signature(row.what, row.who, row.at))
    return found


async def checks_of(connection: AsyncConnection, disc: str, limit: int = 50) -> list[CheckRow]:
    """The last one first."""
    rows = await connection.execute(select(checks).where(checks.c.disc == disc).order_by(checks.c.id.desc()).limit(limit))
    return [CheckRow(row.kind, row.at, row.by, bool(row.good), msgspec.Raw(row.told.encode())) for row in rows]


async def wishes_in(connection: AsyncConnection, state: str = "", subject: str = "", limit: int = 100) -> list[Wish]:
    """Those wanted: the oldest first, as they are carried out; any others: the newest first."""
    asked = select(wishes)
    if state:
        asked = asked.where(wishes.c.state == state)
    if subject:
        asked = asked.where(wishes.c.subject == subject)
    rows = await connection.execute(asked.order_by(wishes.c.id if state == "wanted" else wishes.c.id.desc()).limit(limit))
    return [Wish(**row._mapping) for row in rows]


async def shelf(connection: AsyncConnection) -> tuple[list[Shelved], list[Failure]]:
    """Signed discs, and what failed, for the schedule."""
    signed = await connection.execute(select(discs).where(discs.c.state == DiscState.SIGNED.value))
    bad = and_(discs.c.state.in_((DiscState.DAMAGED.value, DiscState.DISCARDED.value)), discs.c.media != "")
    asked = select(discs.c.media, func.max(checks.c.at).label("at")).join(checks, checks.c.disc == discs.c.id)
    read = checks.c.kind != "unreadable"  # that it can still be read, when it is to be destroyed, is no fault of its batch
    failed = await connection.execute(asked.where(bad, read, ~checks.c.good).group_by(discs.c.media))
    return (
        [Shelved(row.id, row.verified_at, row.checked_at, row.media) for row in signed],
        [Failure(row.media, row.at) for row in failed],
    )


async def bears(connection: AsyncConnection, places: Sequence[int]) -> dict[str, list[int]]:
    """Discs that exist, or are just burned, and have any of these recordings on them, each with the places of those; for certificates and
    holds."""
    found: dict[str, list[int]] = {}
    there = or_(discs.c.state.in_(sorted(state.value for state in BEARS)), discs.c.burning_at > 0)
    for start in range(0, len(places), TOGETHER):
        asked = (
            select(discs.c.id, items.c.recording)
            .join(items, and_(items.c.set == discs.c.set, items.c.number == discs.c.number))
            .where(items.c.recording.in_(places[start : start + TOGETHER]), there)
        )
        for row in await connection.execute(asked):
            found.setdefault(row.id, []).append(row.recording)
    return {disc: sorted(of) for disc, of in sorted(found.items())}


def is_borne() -> ColumnElement[bool]:
    """Of a recording: some medium has it on it."""
    of_image = and_(items.c.set == discs.c.set, items.c.number == discs.c.number, items.c.recording == recordings.c.place)
    return exists().where(of_image, discs.c.state.in_(sorted(state.value for state in BEARS)))


async def standing_of(connection: AsyncConnection, set_id: str, number: int) -> dict[str, int]:
    """How many recordings of an image are in which state; `held`: how many a hold pins, and the disc with them."""
    of_image = and_(items.c.set == set_id, items.c.number == number, items.c.recording == recordings.c.place)
    held = select(func.count()).select_from(recordings.join(items, of_image)).where(recordings.c.holds > 0)
    asked = select(recordings.c.state, func.count().label("number")).select_from(recordings.join(items, of_image))
    told = {row.state: row.number for row in await connection.execute(asked.group_by(recordings.c.state))}
    return {**told, "held": (await connection.execute(held)).scalar_one()}


async def redacting_on(connection: AsyncConnection, set_id: str, number: int) -> int:
    """Recordings of an image in which card data was found, and nobody has answered that yet."""
    of_image = and_(items.c.set == set_id, items.c.number == number, items.c.recording == recordings.c.place)
    found = select(func.count()).select_from(recordings.join(items, of_image)).where(REDACTING.correlate(recordings))
    return int((await connection.execute(found)).scalar_one())


async def for_destruction(connection: AsyncConnection) -> list[str]:
    """Discs whose every recording is disposed of, none held."""
    alive = exists().where(
        items.c.set == discs.c.set,
        items.c.number == discs.c.number,
        items.c.recording == recordings.c.place,
        (recordings.c.state != State.DISPOSED.value) | (recordings.c.holds > 0),
    )
    states = sorted(state.value for state in BEARS - {DiscState.BURNED, DiscState.VERIFIED})
    rows = await connection.execute(select(discs.c.id).where(discs.c.state.in_(states), ~alive).order_by(discs.c.id))
    return [row.id for row in rows]
