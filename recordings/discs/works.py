"""Carries out the steps of discs that take long, one at a time: images, burning, reading back, proving that nothing can be read.

Not what each step changes (`register.py`, a transaction each) and not who asks (`wishes.py`). A process killed anywhere leaves files that
the next one makes anew, and never a row that says more than is so.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from realtime.history.port import HistoryAway
from recordings.crypt.store_faults import StoreAway
from recordings.discs import forgetting, image, making, register, store, wishes
from recordings.discs.burner import BurnFailed, DriveAway, read_medium, volume_on
from recordings.discs.comparing import Compared, Expected
from recordings.discs.register import DiscRefused
from recordings.discs.rows import DiscRow
from recordings.discs.states import DiscState
from recordings.discs.workroom import DiscsBusy, Works, alone, in_thread
from recordings.vault.port import VaultTrouble

FAULTS: Final = (DiscRefused, BurnFailed, DriveAway, VaultTrouble, OSError)
"""What is no bug: a sentence for whoever asked."""
BUG: Final = "It broke for a fault of Andon's own; the archivist's log says more. Ask for it again when that is mended."
AT_A_TIME: Final = 20
"""Wishes carried out in one round, so that the archivist looks after other things in between."""


async def carry_out(works: Works) -> int:
    """The wishes that wait, the oldest first; how many were tried. Nothing where another process is at it."""
    done = 0
    async with works.catalogue.reading() as connection:
        waiting = await store.wishes_in(connection, "wanted", limit=AT_A_TIME)
    for wish in waiting:
        try:
            said, good = await do(works, wish.step, wish.subject, wish.who), True
        except DiscsBusy:
            break
        except FAULTS as refused:
            said, good = str(refused), False
        except HistoryAway:
            raise  # it stays wanted
        except Exception:
            await wishes.answered(works.catalogue, wish.id, False, BUG, works.clock())
            raise
        await wishes.answered(works.catalogue, wish.id, good, said, works.clock())
        done += 1
    if done:
        with suppress(DiscsBusy):  # the next one tidies
            async with alone(works.folder):
                await making.tidy(works)
    return done


async def do(works: Works, step: str, subject: str, who: str) -> str:
    """One step, now; a sentence of what came of it. Raises FAULTS, HistoryAway."""
    async with alone(works.folder):
        return await DEEDS[step](works, subject, who)


# ---------------------------------------------------------------- burning


async def burn(works: Works, disc: str, who: str) -> str:
    async with works.catalogue.reading() as connection:
        found = await register.must(connection, disc, DiscState.IMAGED)
    target = await _image_again(works, found)
    if found.burning_at and await in_thread(works, _has, works.burner.path(disc), found):
        await register.burned(works.catalogue, disc, found.drive, found.media, who, works.clock())
        return f"Disc {disc} was burned before its process ended; it is to be read back."
    await in_thread(works, works.burner.ready, disc)  # so that what is in it later, after a crash, can only be ours
    await register.burning(works.catalogue, disc, works.clock())
    try:
        told = await in_thread(works, works.burner.burn, target, disc, found.medium)
    except BurnFailed as failed:
        return await _failed(works, disc, str(failed), who)
    except DriveAway:
        await register.burning(works.catalogue, disc, 0)
        raise
    await register.burned(works.catalogue, disc, told.drive, told.media, who, works.clock())
    return f"Disc {disc} is burned; it counts when it has been read back: andon recordings burn verify {disc}."


async def _image_again(works: Works, disc: DiscRow) -> Path:
    """The image as it was, or made anew from the vault: it must be the same, byte for byte."""
    target = works.image_of(disc.set, disc.number)
    if await in_thread(works, lambda: target.exists() and making.sha256_of(target, works.beat).hex() == disc.image):
        return target
    async with works.catalogue.reading() as connection:
        items = await store.items_of(connection, disc.set, disc.number, works.timezone)
    made = await making.made(works, disc.set, disc.number, items, disc.checkpoint)
    if made.sha256.hex() != disc.image:
        target.unlink()
        raise DiscRefused(
            "image_differs",
            f"The image of disc {disc.id} cannot be made again as it was: Andon, {disc.tool} or the time zone is another one than then. "
            "Copy it from another disc of its set, or withdraw this disc; recordings that are then on no good disc may be gathered anew.",
        )
    return target


def _has(path: Path, disc: DiscRow) -> bool:
    try:
        return volume_on(path, disc.id) == image.volume_name(disc.set, disc.number)
    except DriveAway:
        return False


async def _failed(works: Works, disc: str, said: str, who: str) -> str:
    """Raises BurnFailed: nothing was gained, and whoever asked must hear what to do."""
    instead = await register.failed(works.catalogue, disc, said, who, works.clock())
    more = f" It has failed twice: throw this medium away, and burn {instead} on one of another batch." if instead else " Try once more."
    raise BurnFailed(said + more)


async def verify(works: Works, disc: str, who: str) -> str:
    return await _read_back(works, disc, who, DiscState.BURNED)


async def check(works: Works, disc: str, who: str) -> str:
    return await _read_back(works, disc, who, DiscState.VERIFIED, DiscState.SIGNED)


async def _read_back(works: Works, disc: str, who: str, *states: DiscState) -> str:
    """The whole medium, to the end of the image. One that was good is tried twice before it is called damaged."""
    async with works.catalogue.reading() as connection:
        found = await register.must(connection, disc, *states)
        files = await store.expected_of(connection, found.set, found.number)
    new = found.state == DiscState.BURNED
    began = time.monotonic()
    told = await in_thread(works, _read, works, found, files)
    if not told.whole and not new:
        told = await in_thread(works, _read, works, found, files)
    if not told.whole and new:
        return await _failed(works, disc, f"Disc {disc} is not as it was burned: {register.damage(told)}", who)
    await register.compared(works.catalogue, disc, told, time.monotonic() - began, who, works.clock())
    if told.whole:
        return f"Disc {disc} was read to its end, {told.read} bytes, and is good."
    return f"Disc {disc} is damaged: {register.damage(told)} Burn the disc that takes its place, and check others of its batch."


def _read(works: Works, disc: DiscRow, files: Sequence[Expected]) -> Compared:
    works.burner.reload(disc.id)
    path = works.burner.path(disc.id)
    name, there = image.volume_name(disc.set, disc.number), volume_on(path, disc.id)
    if there and there != name:
        raise DriveAway(f"What is in the drive is {there[:32]}, not disc {disc.id} ({name}); put that one in.")
    return making.compare(read_medium(path, disc.id, disc.image_bytes), files, disc.image_bytes, bytes.fromhex(disc.image), works.beat)


# ---------------------------------------------------------------- the end of a disc


async def prove(works: Works, disc: str, who: str) -> str:
    async with works.catalogue.reading() as connection:
        found = await register.must(connection, disc, *wishes.STEPS["prove"])
        files = await store.expected_of(connection, found.set, found.number)
        rows, alive = await forgetting.left_of(connection, found.set, found.number)
    began = time.monotonic()
    try:
        keks = await in_thread(works, forgetting.every_key, works.keys)
    except StoreAway as away:
        raise DiscRefused("keys_away", str(away)) from away
    told = await in_thread(works, forgetting.try_all, works.burner.path(disc), disc, files, keks, rows, alive, works.beat)
    await register.proven(works.catalogue, disc, told.good, told, time.monotonic() - began, who, works.clock())
    counted = f"{told.containers} containers, {told.keys} keys left, {told.tries} tries, {told.opened} opened"
    if told.good:
        return f"Disc {disc} cannot be read any more ({counted}); two people may destroy it."
    return f"Disc {disc} can still be read ({counted}; {told.rows} wrapped keys left, {told.alive} recordings not disposed of)."


DEEDS: Final[dict[str, Callable[[Works, str, str], Awaitable[str]]]] = {
    "image": making.make_images,
    "burn": burn,
    "verify": verify,
    "check": check,
    "prove": prove,
}
