"""Images: from the recordings of a set to a file that is burned, each of its files read and compared.

Not the burning (`works.py`). Killed anywhere, the next one makes it anew: an image is noted when it is whole and looked at.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import select

from recordings.discs import bag, bagging, image, register, store
from recordings.discs.burner import read_medium
from recordings.discs.comparing import Compared, Comparison, Expected
from recordings.discs.extents import extents_of
from recordings.discs.media import Medium, medium_of
from recordings.discs.register import DiscRefused
from recordings.discs.sets import Group, Item
from recordings.discs.states import DiscState
from recordings.discs.tables import discs, images, sets
from recordings.discs.workroom import Proofs, Works, in_thread
from recordings.refusals import Remark
from recordings.vault.port import Vault, name_of


async def make_images(works: Works, set_id: str, who: str) -> Remark:
    async with works.catalogue.reading() as connection:
        found = await store.discs_of(connection, set_id)
    numbers = sorted({disc.number for disc in found if disc.state == DiscState.GATHERED})
    if not numbers:
        raise DiscRefused("disc.set_state", set=set_id[:8])
    count = 0
    for number in numbers:
        staying = await register.thin_out(works.catalogue, works.rules(), works.timezone, set_id, number, works.clock())
        if not staying:
            await register.withdraw(works.catalogue, set_id, number, who, works.clock())
            continue
        told = await made(works, set_id, number, staying, 0)
        await register.imaged(works.catalogue, set_id, number, told, who, works.clock())
        count += 1
    return Remark("work.imaged", count=count, set=set_id)


async def made(works: Works, set_id: str, number: int, items: Sequence[Item], checkpoint: int) -> register.Imaged:
    proofs = await works.proving(items, checkpoint)
    async with works.catalogue.reading() as connection:
        row = (await connection.execute(select(sets).where(sets.c.id == set_id))).one()
    about = bag.About(
        floor=works.floor, timezone=works.timezone, set_id=set_id, number=number, of=row.of,
        group=Group(row.client, row.class_, row.month), at=row.at,
    )  # fmt: skip
    try:
        return await in_thread(works, make, works, about, row.medium, items, proofs)
    except (bagging.NoGoodCopy, bagging.NoRoom, image.ImageFailed) as error:
        raise DiscRefused("disc.image_failed", why=error) from error
    except OSError as error:
        raise DiscRefused("disc.image_failed.file", why=error.strerror or error) from error


def make(works: Works, about: bag.About, medium_id: str, items: Sequence[Item], proofs: Proofs) -> register.Imaged:
    medium, number = medium_of(medium_id), about.number
    target = works.image_of(about.set_id, number)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pieces = bag.build(items, about, container_name, proofs.files, proofs.verifier)
    bagging.room_for(target.parent, 2 * sum(piece.size + 2048 for piece in pieces))
    staging = works.folder / "bags" / f"{about.set_id}-{number}"
    try:
        bagging.write_bag(pieces, staging, [_pieces_of(vault, works.beat) for vault in works.vaults])
        tool = image.tool_for(medium)
        image.build(staging, target, image.volume_name(about.set_id, number), about.at, tool, with_udf=medium.udf, beat=works.beat)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        shutil.rmtree(staging.with_name(f"{staging.name}.part"), ignore_errors=True)
    try:
        return _looked_at(works, about, medium, target, pieces, tool, proofs.checkpoint)
    except BaseException:
        target.unlink(missing_ok=True)  # nobody has noted it, and it takes the room of the next
        raise


def _looked_at(
    works: Works, about: bag.About, medium: Medium, target: Path, pieces: Sequence[bag.Piece], tool: str, checkpoint: int
) -> register.Imaged:
    """What is noted of an image, once it is seen to be what went into it."""
    size = target.stat().st_size
    if size > medium.size:
        raise image.ImageFailed("image.too_large", size=size, medium=medium.name, room=medium.size)
    files = _files(target, pieces)
    sha256 = sha256_of(target, works.beat)
    compared = compare(read_medium(target, about.set_id, size), files, size, sha256, works.beat)
    if not compared.whole:
        raise image.ImageFailed("image.not_what_went_in", path=compared.bad[0].path, folder=target.parent)
    return register.Imaged(tool=tool, checkpoint=checkpoint, sha256=sha256, size=size, files=files)


def container_name(item: Item) -> str:
    return name_of(item.id, item.began, "sound")


def _pieces_of(vault: Vault, beat: Callable[[], None]) -> bagging.Source:
    def pieces(item: Item) -> Iterator[bytes]:
        for piece in vault.pieces(container_name(item)):
            beat()
            yield piece

    return pieces


def _files(target: Path, pieces: Sequence[bag.Piece]) -> tuple[Expected, ...]:
    """What the image says is in it, with the hashes of what should be."""
    wanted = {piece.path: piece for piece in pieces}
    found = extents_of(target)
    if {extent.path: extent.size for extent in found} != {path: piece.size for path, piece in wanted.items()}:
        raise image.ImageFailed("image.other_files")
    return tuple(
        Expected(each.path, each.offset, each.size, wanted[each.path].sha256, item.id if (item := wanted[each.path].item) else "")
        for each in found
    )


def sha256_of(path: Path, beat: Callable[[], None]) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(bagging.CHUNK):
            beat()
            digest.update(chunk)
    return digest.digest()


def compare(told: Iterator[bytes | int], files: Sequence[Expected], size: int, sha256: bytes, beat: Callable[[], None]) -> Compared:
    comparison = Comparison(files, size, sha256)
    for each in told:
        beat()
        comparison.feed(each)
    return comparison.result()


def has_images(folder: Path) -> bool:
    return next((folder / "images").glob("*.iso"), None) is not None


async def tidy(works: Works) -> int:
    """Images that no disc waits for any more are removed: they can be made again. So are those with a recording that was disposed of, which
    must not. How many."""
    waits = sorted(state.value for state in (DiscState.IMAGED, DiscState.BURNED, DiscState.VERIFIED))
    async with works.catalogue.reading() as connection:
        asked = select(discs.c.set, discs.c.number).where(discs.c.state.in_(waits), ~store.has_gone(discs)).distinct()
        waiting = {tuple(row) for row in await connection.execute(asked)}
        asked = select(images.c.set, images.c.number).where(images.c.size > 0)
        known = {tuple(row) for row in await connection.execute(asked)}
    return await in_thread(works, _removed, [works.image_of(*each) for each in sorted(known - waiting)])


def _removed(paths: Sequence[Path]) -> int:
    there = [path for path in paths if path.exists()]
    for path in there:
        path.unlink()
    return len(there)
