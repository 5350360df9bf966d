"""Every step of a disc that a person takes or a medium decides, each one transaction with its entry in the log.

Not the work before a step (`works.py`: bags, images, burning, reading) and not what may follow what (`states.py`). Public parts of entries
are opaque ids, hashes and counts; who did it, whose recordings, and what drive it was are private.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import msgspec
from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.archive import ArchiveRules
from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.discs import store
from recordings.discs.comparing import Compared, Expected, recordings_in
from recordings.discs.image import volume_name
from recordings.discs.rows import DiscRow
from recordings.discs.sets import Item, Planned, disc_id, list_hash, may_burn, plan_sets, set_id
from recordings.discs.states import DESTROYED, MADE, DiscState, disc_step
from recordings.discs.tables import checks, discs, images, items, sets, signatures
from recordings.proof.entries import Entry, Json
from recordings.refusals import Refusal, Remark
from recordings.refusals.stored import coded, written
from recordings.retention.people import NotAPerson, person
from recordings.vault.port import name_of
from recordings.words import STATES_GONE, Kind, State

PATIENCE_S: Final = 60.0
"""A set of 50,000 lines on a slow database; everything else takes milliseconds."""
FAILURES: Final = 2
"""Of a medium, before another one takes its place: a second try tells dust on a lens from a bad disc."""


class DiscRefused(Refusal):
    """A step that may not be taken now: a code, and a sentence with what would change it."""


class Imaged(msgspec.Struct, frozen=True, kw_only=True):
    """What making an image came to."""

    tool: str
    checkpoint: int
    sha256: bytes
    size: int
    files: tuple[Expected, ...]


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """Of burning, or of reading a new disc back: then with what was `told` by it. `last`: it is not tried again, whichever time it was."""

    said: Remark
    told: Compared | None = None
    seconds: float = 0.0
    last: bool = False


class Instead(msgspec.Struct, frozen=True):
    """Which disc takes the place of a bad one; none: why."""

    instead: str
    why: Remark | None = None


P = ParamSpec("P")
T = TypeVar("T")


def changing(step: Callable[Concatenate[Change, P], Awaitable[T]]) -> Callable[Concatenate[Catalogue, P], Awaitable[T]]:
    """The whole step in one change: also what it looks at before, so that two people cannot both be first."""

    @wraps(step)
    async def done(catalogue: Catalogue, /, *arguments: P.args, **more: P.kwargs) -> T:
        async with catalogue.change(PATIENCE_S) as change:
            return await step(change, *arguments, **more)

    return done


async def _told(
    change: Change, at: Micros, who: str, disc: DiscRow, step: str, private: Mapping[str, Json] | None = None, **public: Json
) -> None:
    body: dict[str, Json] = {"step": step, "set": disc.set, "image": disc.image, **public}
    await change.append(Entry(kind=Kind.DISC, at=at, subject=disc.id, public=body, private={"who": who, **(private or {})}))


async def _move(change: Change, disc: DiscRow, after: DiscState, **columns: Any) -> None:
    disc_step(DiscState(disc.state), after)
    await change.connection.execute(update(discs).where(discs.c.id == disc.id).values(state=after.value, **columns))


async def must(connection: AsyncConnection, disc: str, *states: DiscState) -> DiscRow:
    """Raises DiscRefused."""
    found = await store.disc_of(connection, disc)
    if found is None:
        raise DiscRefused("disc.disc_unknown", disc=disc[:16])
    if found.state not in states:
        raise DiscRefused("disc.disc_state", disc=disc, disc_state=found.state, wanted=states)
    return found


# ---------------------------------------------------------------- sets


@changing
async def gather(
    change: Change, rules: ArchiveRules, timezone: str, who: str, now: Micros, *, client: str | None = None,
    class_: str = "", month: str = "", until: Micros = 0, carry_out: bool = True,
) -> list[tuple[str, Planned]]:  # fmt: skip
    """Sets of everything that may be burned, or of what the words narrow it to. Not carried out: what it would come to, ids empty."""
    classes = {each.id for each in rules.classes if each.burn and class_ in ("", each.id)}
    found = await store.candidates(change.connection, timezone, classes, client, until, month) if classes else []
    planned = [each for each in plan_sets(found, rules) if each.discs and month in ("", each.group.month)]
    if not carry_out:
        return [("", each) for each in planned]
    return [(await _gathered(change, each, rules.discs.copies, who, now), each) for each in planned]


async def _gathered(change: Change, planned: Planned, copies: Sequence[str], who: str, now: Micros) -> str:
    id, group = set_id(planned, now), planned.group
    connection = change.connection
    await connection.execute(
        insert(sets).values(
            id=id, client=group.client, class_=group.class_, month=group.month, medium=planned.medium,
            of=len(planned.discs), at=now, by=who,
        )
    )  # fmt: skip
    for number, disc in enumerate(planned.discs, 1):
        await connection.execute(insert(images).values(set=id, number=number, volume=volume_name(id, number), **_summary(disc)))
        await connection.execute(insert(items), [_line(id, number, item) for item in disc])
        rows = [{"id": disc_id(id, number, copy), "set": id, "number": number, "copy": copy, "turn": 1} for copy in copies]
        await connection.execute(insert(discs), [{**row, "state": DiscState.GATHERED.value} for row in rows])
    ids = [item.id for disc in planned.discs for item in disc]
    public: dict[str, Json] = {"step": "gathered", "discs": len(planned.discs), "recordings": len(ids), "list": list_hash(ids)}
    private: dict[str, Json] = {"who": who, "client": group.client, "class": group.class_, "month": group.month}
    await change.append(Entry(kind=Kind.DISC, at=now, subject=id, public=public, private=private))
    return id


def _summary(disc: Sequence[Item]) -> dict[str, Any]:
    return {
        "recordings": len(disc),
        "bytes": sum(item.container_bytes for item in disc),
        "first": min(item.began for item in disc),
        "last": max(item.began for item in disc),
        "list": list_hash(item.id for item in disc),
    }


def _line(id: str, number: int, item: Item) -> dict[str, Any]:
    path = f"data/{name_of(item.id, item.began, 'sound')}"
    return {"set": id, "number": number, "path": path, "recording": item.place, "size": item.container_bytes, "sha256": item.container}


@changing
async def thin_out(change: Change, rules: ArchiveRules, timezone: str, set_id: str, number: int, now: Micros) -> list[Item]:
    """What may still be burned of an image that is not made yet: a hold or a disposal may have come in between. What may not is let go."""
    connection = change.connection
    gathered = await store.items_of(connection, set_id, number, timezone)
    month = (await connection.execute(select(sets.c.month).where(sets.c.id == set_id))).scalar_one()
    staying = [item for item in gathered if may_burn(item, rules) and item.month == month]
    kept = {item.place for item in staying}
    gone = [item.place for item in gathered if item.place not in kept]
    if not gone:
        return staying
    of_image = and_(items.c.set == set_id, items.c.number == number)
    for start in range(0, len(gone), store.TOGETHER):
        await connection.execute(delete(items).where(of_image, items.c.recording.in_(gone[start : start + store.TOGETHER])))
    if staying:
        where = and_(images.c.set == set_id, images.c.number == number)
        await connection.execute(update(images).where(where).values(**_summary(staying)))
    public: dict[str, Json] = {"step": "thinned", "number": number, "left_out": len(gone), "list": list_hash(i.id for i in staying)}
    await change.append(Entry(kind=Kind.DISC, at=now, subject=set_id, public=public))
    return staying


@changing
async def withdraw(change: Change, set_id: str, number: int, who: str, now: Micros) -> None:
    """Of a set, an image of it (`number`), or one disc that was not burned. What is then on no good disc may be gathered anew."""
    one = await store.disc_of(change.connection, set_id)
    found = [one] if one else [disc for disc in await store.discs_of(change.connection, set_id) if number in (0, disc.number)]
    burned = [disc.id for disc in found if disc.state not in (DiscState.GATHERED, DiscState.IMAGED, DiscState.WITHDRAWN) or disc.burning_at]
    if not found:
        raise DiscRefused("disc.set_burned.unknown", set=set_id[:16])
    if burned:
        raise DiscRefused("disc.set_burned", set=set_id[:16], discs=", ".join(burned[:5]))
    for disc in found:
        if disc.state != DiscState.WITHDRAWN:
            await _move(change, disc, DiscState.WITHDRAWN)
            await _told(change, now, who, disc, "withdrawn")


# ---------------------------------------------------------------- images and media


@changing
async def imaged(change: Change, set_id: str, number: int, made: Imaged, who: str, now: Micros) -> None:
    """All discs of the image that wait for it."""
    connection = change.connection
    of_image = and_(items.c.set == set_id, items.c.number == number)
    places = {row.path: row.recording for row in await connection.execute(select(items.c.path, items.c.recording).where(of_image))}
    await connection.execute(delete(items).where(of_image))
    lines = [
        {"set": set_id, "number": number, "path": each.path, "recording": places.get(each.path, 0), "offset": each.offset,
         "size": each.size, "sha256": each.sha256} for each in made.files
    ]  # fmt: skip
    await connection.execute(insert(items), lines)
    values = {"tool": made.tool, "checkpoint": made.checkpoint, "sha256": made.sha256, "size": made.size, "made_at": now}
    await connection.execute(update(images).where(images.c.set == set_id, images.c.number == number).values(**values))
    listed = (await connection.execute(select(images.c.list).where(images.c.set == set_id, images.c.number == number))).scalar_one()
    for disc in await store.discs_of(connection, set_id):
        if disc.number == number and disc.state == DiscState.GATHERED:
            await _move(change, disc, DiscState.IMAGED)
            await _told(change, now, who, disc, "imaged", size=made.size, list=listed, checkpoint=made.checkpoint, tool=made.tool)


async def why_not(connection: AsyncConnection, disc: DiscRow) -> Remark | None:
    """Why its image may not be burned (any more): a certificate names the discs that bear what was disposed of, and there
    shall be no others. None: it may. What is lost is another thing: the image may be its last copy."""
    standing = await store.standing_of(connection, disc.set, disc.number)
    if not (gone := standing.get(State.DISPOSED.value, 0)):
        return None
    if alive := disc.recordings - gone:
        return Remark("work.gone.gather", gone=gone, disc=disc.id, alive=alive)
    return Remark("work.gone", gone=gone, disc=disc.id)


async def must_not_wait(connection: AsyncConnection, disc: DiscRow) -> None:
    """Raises DiscRefused, where card data was found on its image and nobody has decided yet."""
    if found := await store.redacting_on(connection, disc.set, disc.number):
        raise DiscRefused("disc.disc_redacting", found=found, disc=disc.id)


@changing
async def burning(change: Change, disc: str, now: Micros) -> DiscRow:
    """Noted before the drive is told, so that a medium that was burned by a process that died is known again. `now` 0: not begun."""
    found = await must(change.connection, disc, DiscState.IMAGED)
    if now and (why := await why_not(change.connection, found)):
        raise DiscRefused("disc.disc_gone.withdraw", why=why)
    if now:
        await must_not_wait(change.connection, found)
    await change.connection.execute(update(discs).where(discs.c.id == disc).values(burning_at=now))
    return found


async def let_gone_go(catalogue: Catalogue, clock: Callable[[], Micros]) -> list[str]:
    """Withdraws discs that may not be burned any more, for nobody has to think of them; their ids. One that may be burning just now is not
    among them: `bears` names it, and `burn` says how it ended."""
    async with catalogue.reading() as connection:
        if not await store.not_to_be_burned(connection):
            return []
    return await _withdrawn(catalogue, clock())


@changing
async def _withdrawn(change: Change, now: Micros) -> list[str]:
    found = await store.not_to_be_burned(change.connection)
    for disc in found:
        await _move(change, disc, DiscState.WITHDRAWN, said=written(await why_not(change.connection, disc)))
        await _told(change, now, "archivist", disc, "withdrawn")
    return [disc.id for disc in found]


@changing
async def burned(change: Change, disc: str, drive: str, media: str, who: str, now: Micros) -> None:
    found = await must(change.connection, disc, DiscState.IMAGED)
    await _move(change, found, DiscState.BURNED, drive=drive, media=media, burned_at=now, burning_at=0, failures=0, said="")
    await _told(change, now, who, found, "burned", {"drive": drive, "media": media})


@changing
async def failed(change: Change, disc: str, what: Failed, who: str, now: Micros) -> Instead | None:
    """The second time the medium is discarded; None: it may be tried once more. What could not be read back counts for its batch."""
    found = await must(change.connection, disc, DiscState.IMAGED, DiscState.BURNED)
    times = found.failures + 1
    if what.told is not None:
        await _checked(change, disc, "new", False, what.told, what.seconds, who, now)
    if times < FAILURES and not what.last:
        values = {"failures": times, "said": written(what.said), "burning_at": 0}
        await change.connection.execute(update(discs).where(discs.c.id == disc).values(**values))
        await _told(change, now, who, found, "failed", {"said": coded(what.said)}, failures=times)
        return None
    await _move(change, found, DiscState.DISCARDED, failures=times, said=written(what.said), burning_at=0)
    await _told(change, now, who, found, "discarded", {"said": coded(what.said)}, failures=times)
    return await _replaced(change, found, who, now)


async def _replaced(change: Change, bad: DiscRow, who: str, now: Micros) -> Instead:
    """Another medium with the same image, where one may still be made of it."""
    standing = await store.standing_of(change.connection, bad.set, bad.number)
    if gone := sum(standing.get(state.value, 0) for state in STATES_GONE):  # nobody makes a new copy of what was promised to be gone
        if gone == bad.recordings:
            return Instead("", Remark("work.no_other"))
        return Instead("", Remark("work.no_other.gather", gone=gone, alive=bad.recordings - gone))
    id = disc_id(bad.set, bad.number, bad.copy, bad.turn + 1)
    disc_step(None, DiscState.IMAGED)
    row = {"id": id, "set": bad.set, "number": bad.number, "copy": bad.copy, "turn": bad.turn + 1, "state": DiscState.IMAGED.value}
    await change.connection.execute(insert(discs).values(**row))
    public: dict[str, Json] = {"step": "replaces", "set": bad.set, "image": bad.image, "disc": bad.id}
    await change.append(Entry(kind=Kind.DISC, at=now, subject=id, public=public, private={"who": who}))
    return Instead(id)


@changing
async def compared(change: Change, disc: str, told: Compared, seconds: float, who: str, now: Micros) -> Instead | None:
    """A new disc that is whole is verified; one that was read again stays what it is, or is damaged and another takes its place."""
    found = await must(change.connection, disc, DiscState.BURNED, DiscState.VERIFIED, DiscState.SIGNED)
    new = found.state == DiscState.BURNED
    assert told.whole or not new, "a new disc that is not whole has failed"
    await _checked(change, disc, "new" if new else "again", told.whole, told, seconds, who, now)
    if new:
        await _move(change, found, DiscState.VERIFIED, verified_at=now, checked_at=now, failures=0, said="")
        await _told(change, now, who, found, "verified", bytes=told.read, sha256=told.sha256)
    elif told.whole:
        await change.connection.execute(update(discs).where(discs.c.id == disc).values(checked_at=now, said=""))
        await _told(change, now, who, found, "checked", bytes=told.read, sha256=told.sha256, good=True)
    else:
        bad = list(recordings_in(told.bad))
        await _move(change, found, DiscState.DAMAGED, said=written(damage(told)))
        await _told(change, now, who, found, "damaged", sha256=told.sha256, files=len(told.bad), recordings=list[Json](bad[:100]))
        return await _replaced(change, found, who, now)
    return None


def damage(told: Compared) -> Remark:
    bad = recordings_in(told.bad)
    if not bad:
        return Remark("work.damage.none", files=len(told.bad))
    named = ", ".join(bad[:5]) + (", ..." if len(bad) > 5 else "")
    return Remark("work.damage", files=len(told.bad), recordings=len(bad), named=named)


async def _checked(change: Change, disc: str, kind: str, good: bool, told: object, seconds: float, who: str, now: Micros) -> None:
    text = msgspec.json.encode(told).decode()
    await change.connection.execute(
        insert(checks).values(disc=disc, kind=kind, at=now, by=who, good=good, seconds=seconds, told=text),
    )


# ---------------------------------------------------------------- people


@changing
async def sign(change: Change, disc: str, who: str, now: Micros) -> str:
    """Two different people; what is said back is the disc's state."""
    found = await must(change.connection, disc, DiscState.VERIFIED)
    signed = await _signed(change, found, MADE, who, now)
    await _told(change, now, who, found, "signed", number=signed)
    if signed >= 2:
        await _move(change, found, DiscState.SIGNED, signed_at=now)
        return DiscState.SIGNED
    return DiscState.VERIFIED


async def _signed(change: Change, disc: DiscRow, what: str, who: str, now: Micros) -> int:
    before = [each.who for each in await store.signatures_of(change.connection, disc.id) if each.what == what]
    try:
        mine = person(who)
    except NotAPerson as error:
        raise DiscRefused("disc.not_a_person") from error
    if mine in map(person, before):
        raise DiscRefused("disc.signed_already", disc=disc.id)
    await change.connection.execute(insert(signatures).values(disc=disc.id, what=what, who=who, at=now))
    return len(before) + 1


@changing
async def proven(change: Change, disc: str, good: bool, told: msgspec.Struct, seconds: float, who: str, now: Micros) -> None:
    """What trying to read it came to (`forgetting.py`)."""
    found = await must(change.connection, disc, DiscState.SIGNED, DiscState.DAMAGED, DiscState.DISCARDED)
    await _checked(change, disc, "unreadable", good, told, seconds, who, now)
    counts: dict[str, Json] = {name: value for name, value in msgspec.to_builtins(told).items() if isinstance(value, int)}
    await _told(change, now, who, found, "unreadable" if good else "readable", found=counts)


@changing
async def destroy(change: Change, disc: str, who: str, now: Micros) -> str:
    """Two people saw it broken. Not before every recording on it is disposed of and trying to read it came to nothing; a bad medium
    may go earlier when another disc of its image is signed."""
    found = await must(change.connection, disc, DiscState.SIGNED, DiscState.DAMAGED, DiscState.DISCARDED)
    standing = await store.standing_of(change.connection, found.set, found.number)
    if held := standing.pop("held"):
        raise DiscRefused("disc.disc_held", held=held, disc=disc)
    alive = sum(number for state, number in standing.items() if state != State.DISPOSED)
    if alive and not await _is_spare(change.connection, found):
        raise DiscRefused("disc.disc_needed", alive=alive, disc=disc)
    if not alive and not await _is_proven(change.connection, disc):
        raise DiscRefused("disc.disc_unproven", disc=disc)
    signed = await _signed(change, found, DESTROYED, who, now)
    await _told(change, now, who, found, "destroyed", number=signed, complete=signed >= 2)
    if signed >= 2:
        await _move(change, found, DiscState.DESTROYED, destroyed_at=now)
        return DiscState.DESTROYED
    return found.state


async def _is_spare(connection: AsyncConnection, disc: DiscRow) -> bool:
    others = [each for each in await store.discs_of(connection, disc.set) if each.number == disc.number and each.id != disc.id]
    return disc.state != DiscState.SIGNED and any(each.state == DiscState.SIGNED for each in others)


async def _is_proven(connection: AsyncConnection, disc: str) -> bool:
    return next((check.good for check in await store.checks_of(connection, disc) if check.kind == "unreadable"), False)
