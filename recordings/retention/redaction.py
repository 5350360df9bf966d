"""Card data found in a recording that is archived: which stretches are silenced, proposed by one person, approved by another.

Not the making and exchanging (`redacting.py`), nor the approving and refusing, which is that of an erasure (`disposal.py`). By PCI DSS
3.3.1 sensitive authentication data is not kept after authorisation, not even encrypted; so a recording of it is restricted from the
moment that somebody says so. A hold goes before it, as before every erasure: then nothing is destroyed, and a person has to decide.
A duty to keep does not stand against it: what is kept for it from then on is the redacted recording, under the same terms. Of what is lost
none can be made; what is left of it has the card data in it, so it is let go, and nothing takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Row, RowMapping, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import recordings
from recordings.proof.entries import Entry, Json
from recordings.refusals import Worded
from recordings.retention import people
from recordings.retention.certificate import Redacted, items_sha256
from recordings.retention.clocks import disposal_month, said
from recordings.retention.disposal import DONE, REFUSED, WAITING, DisposalRefused, why_text, written
from recordings.retention.successor import CHAIN_MOST, successor_of
from recordings.retention.tables import disposal_items, disposals, redactions
from recordings.words import Kind, State, Trouble

REDACTION: Final = "redaction"
SPANS_MOST: Final = 20
"""A card is read out once or twice in a call; who has to silence more wants the recording gone."""
SPAN_MOST_MS: Final = 600_000
"""Ten minutes: the plan's longest pause for a card is shorter, and a slip of a digit does not silence half a call."""

Spans = tuple[tuple[int, int], ...]
"""From and to, in milliseconds of the recording."""


class RedactionRefused(DisposalRefused):
    """One sentence."""


class NotYet(Worded):
    """It is looked at again each minute."""


def checked(spans: Sequence[Sequence[int]], length_ms: int) -> Spans:
    """In order, those that touch as one. Pure. Raises RedactionRefused."""
    if not 1 <= len(spans) <= SPANS_MOST:
        raise RedactionRefused("redaction.how_many", most=SPANS_MOST)
    found: list[tuple[int, int]] = []
    for since, until in sorted((int(each[0]), int(each[1])) for each in spans):
        if not 0 <= since < until <= length_ms:
            raise RedactionRefused("redaction.bounds", seconds=length_ms / 1_000)
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    if any(until - since > SPAN_MOST_MS for since, until in found):
        raise RedactionRefused("redaction.too_long", minutes=SPAN_MOST_MS // 60_000)
    if sum(until - since for since, until in found) >= length_ms:
        raise RedactionRefused("redaction.nothing_left")
    return tuple(found)


def may_be_redacted(row: RowMapping) -> None:
    """When it is proposed. A hold refuses nothing here, nor a quarantine: it is said, the recording restricted, and waits. Of what is lost
    there are a key and damaged copies, with the card data in them. Raises RedactionRefused."""
    state, troubles = State(row["state"]), set(row["trouble"].split(","))
    if state is State.DISPOSED:
        raise RedactionRefused("redaction.gone")
    if state is State.DUE:
        raise RedactionRefused("redaction.listed")
    if state not in (State.KEPT, State.QUARANTINED, State.LOST):
        raise RedactionRefused("redaction.not_at_rest", state=state.value)
    if troubles & {Trouble.EMPTY.value, Trouble.UNREADABLE.value}:
        raise RedactionRefused("redaction.unreadable")


def at_rest(row: RowMapping) -> None:
    """When it is carried out, the last time in the change that destroys. Raises NotYet."""
    if row["holds"]:
        raise NotYet("carry.held")
    if State(row["state"]) not in (State.KEPT, State.LOST):
        raise NotYet("carry.not_at_rest", state=row["state"])


class Wish(NamedTuple):
    recording: str
    spans: Sequence[Sequence[int]]
    why: str


class Proposed(NamedTuple):
    id: str
    spans: Spans
    sha256: str
    held: bool


async def propose(catalogue: Catalogue, id_: str, wish: Wish, who: str, timezone: str, now: Micros) -> Proposed:
    """Written down, an incident said in the log, the recording restricted from now on. Raises RedactionRefused, NotAPerson."""
    people.person(who)
    async with catalogue.change() as change:
        connection = change.connection
        row = await line(connection, wish.recording)
        may_be_redacted(row)
        spans = checked(wish.spans, row["length_ms"])
        if await standing_of(connection, row["place"]):
            raise RedactionRefused("redaction.waits")
        sha256 = list_hash(row["id"], spans)
        month = disposal_month(row["keep_until"], timezone)
        values = {"kind": REDACTION, "class_": row["class_"], "month": month, "reason": wish.why, "items": 1}
        await written(change, id_, {**values, "sha256": bytes.fromhex(sha256)}, who, now)
        await connection.execute(insert(redactions).values(disposal=id_, original=row["place"], spans=msgspec.json.encode(spans).decode()))
        item = {"disposal": id_, "recording": row["place"], "id": row["id"], "standing": WAITING}
        await connection.execute(insert(disposal_items).values(**item, why=why_text([said("redact.waits")])))
        await connection.execute(update(recordings).where(recordings.c.place == row["place"]).values(restricted=True))
        public: dict[str, Json] = {"what": "card_data", "step": "found", "run": id_, "spans": [list(each) for each in spans]}
        await change.append(Entry(kind=Kind.INCIDENT, at=now, subject=row["id"], public=public, private={"who": who, "why": wish.why}))
    return Proposed(id_, spans, sha256, bool(row["holds"]))


def list_hash(recording: str, spans: Spans) -> str:
    """What is approved: this recording, and these stretches of it. In the form of a list's."""
    return items_sha256([f"{recording} {since}-{until}" for since, until in spans])


# ---------------------------------------------------------------- read


async def line(connection: AsyncConnection, id_: str) -> RowMapping:
    """Raises RedactionRefused."""
    row = (await connection.execute(select(recordings).where(recordings.c.id == id_))).mappings().one_or_none()
    if row is None:
        raise RedactionRefused("redaction.no_recording")
    if State(row["state"]) is State.DISPOSED and (into := await successor_of(connection, id_)):
        raise RedactionRefused("redaction.gone.redacted", recording=id_, successor=into)
    return row


async def standing_of(connection: AsyncConnection, place: int) -> str:
    """Of the one that waits, or is carried out; empty: there is none."""
    wanted = select(disposals.c.standing).join(redactions, redactions.c.disposal == disposals.c.id)
    wanted = wanted.where(redactions.c.original == place, disposals.c.standing.not_in([REFUSED, DONE]))
    return (await connection.execute(wanted.limit(1))).scalar() or ""


async def one(connection: AsyncConnection, run: str) -> Row[tuple[object, ...]]:
    return (await connection.execute(select(redactions).where(redactions.c.disposal == run))).one()


def spans_of(text: str) -> Spans:
    return msgspec.json.decode(text, type=Spans)


class Told(NamedTuple):
    """Of a run: of which recording, which stretches; `into`: what took its place, empty before."""

    recording: str
    spans: Spans
    into: str


async def told_of(connection: AsyncConnection, runs: Sequence[str]) -> dict[str, Told]:
    """By run; at most as many as one statement takes."""
    wanted = select(redactions, recordings.c.id.label("of")).join(recordings, recordings.c.place == redactions.c.original)
    rows = await connection.execute(wanted.where(redactions.c.disposal.in_(runs)))
    return {row.disposal: Told(row.of, spans_of(row.spans), row.id if row.made else "") for row in rows}


async def certified(connection: AsyncConnection, run: str) -> tuple[Redacted, ...]:
    """What a certificate says of it."""
    made = recordings.alias("made")
    wanted = select(recordings.c.id.label("of"), redactions.c.id, redactions.c.spans, made.c.sha256)
    wanted = wanted.join_from(redactions, recordings, recordings.c.place == redactions.c.original)
    wanted = wanted.join(made, made.c.place == redactions.c.made).where(redactions.c.disposal == run)
    return tuple(Redacted(row.of, row.id, row.sha256.hex(), spans_of(row.spans)) for row in await connection.execute(wanted))


class Kin(NamedTuple):
    """Ids: what it was made of, and what took its place."""

    derived_from: str = ""
    redacted_as: str = ""


async def kin_of(connection: AsyncConnection, place: int) -> Kin:
    wanted = select(redactions.c.made, redactions.c.id, recordings.c.id.label("of"))
    wanted = wanted.join(recordings, recordings.c.place == redactions.c.original)
    wanted = wanted.where(redactions.c.made > 0, or_(redactions.c.made == place, redactions.c.original == place))
    rows = (await connection.execute(wanted)).all()
    return Kin(
        next((row.of for row in rows if row.made == place), ""),
        next((row.id for row in rows if row.made != place), ""),
    )


async def with_originals(connection: AsyncConnection, places: Sequence[int]) -> list[int]:
    """These, and what they were made of, and what that was made of: who forgets one forgets them all."""
    found, newest = list(places), list(places)
    for _ in range(CHAIN_MOST):
        older = select(redactions.c.original).where(redactions.c.made.in_(newest), redactions.c.made > 0)
        newest = list((await connection.execute(older)).scalars())
        found += newest
        if not newest:
            break
    return found


async def waiting(connection: AsyncConnection) -> int:
    """Incidents that nobody has answered yet: redactions that are neither done nor refused."""
    wanted = select(func.count()).where(disposals.c.kind == REDACTION, disposals.c.standing.not_in([REFUSED, DONE]))
    return int((await connection.execute(wanted)).scalar_one())
