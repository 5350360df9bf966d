"""Checkpoints: signed daily, and never one that does not go on from what was signed before."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from realtime.words import SECOND
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.catalogue.schema import checkpoints, health, log, nodes
from recordings.catalogue.tree import LogDamaged
from recordings.proof import note, publishing
from recordings.proof.merkle import leaf_hash, root_of
from recordings.proof.published import Published as Folder
from recordings.proof.signer import NoKey, Signer
from recordings.refusals.stored import english
from recordings.retention.restored import set_back
from tests.recordings.proof.desk import NOON, OTHER, Desk


async def leaves(desk: Desk) -> list[bytes]:
    async with desk.catalogue.reading() as connection:
        return [leaf.encode() for leaf in (await connection.execute(select(log.c.leaf).order_by(log.c.index))).scalars()]


async def test_a_checkpoint_is_in_the_tables_in_a_file_and_in_the_log(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    await desk.seal()
    await desk.hear()
    made = await desk.publish()
    assert made.fresh
    assert made.checkpoint == note.Checkpoint("andon/main/recordings", 2, root_of(await leaves(desk)))
    assert made.file.name == "2026-11-28.note"
    assert made.file.read_text() == made.note
    assert note.verify(made.note, Folder(desk.folder).keys()) == made.checkpoint
    async with desk.catalogue.reading() as connection:
        (row,) = (await connection.execute(select(checkpoints))).all()
    assert (row.size, row.at, row.note, bytes(row.root)) == (2, NOON, made.note, made.checkpoint.root)
    assert "the archive's log has a checkpoint" in capsys.readouterr().out


async def test_without_a_new_entry_the_last_checkpoint_stays(desk: Desk) -> None:
    await desk.seal()
    first = await desk.publish()
    again = await desk.publish(day=1)
    assert (again.fresh, again.note, again.file) == (False, first.note, first.file)
    await desk.hear()
    third = await desk.publish(day=2)
    assert (third.fresh, third.file.name) == (True, "2026-11-30.note")
    assert len(Folder(desk.folder).notes()) == 2


async def test_a_file_that_was_not_written_any_more_is_written_the_next_time(desk: Desk) -> None:
    await desk.seal()
    first = await desk.publish()
    first.file.unlink()
    again = await desk.publish()
    assert again.file.read_text() == first.note


async def test_an_empty_log_has_no_checkpoint_and_makes_no_key(desk: Desk) -> None:
    assert (await desk.withheld()).why == "Nothing yet."
    assert not desk.signer.path.exists()


async def test_the_key_is_ours_alone_to_read(desk: Desk) -> None:
    await desk.seal()
    await desk.publish()
    assert stat.S_IMODE(desk.signer.path.stat().st_mode) == 0o600
    assert desk.signer.make().verifier == desk.signer.key().verifier
    assert [path.name for path in desk.signer.path.parent.iterdir()] == ["archive-log.key"]


async def test_a_lost_key_is_not_made_anew_behind_everybodys_back(desk: Desk) -> None:
    await desk.seal()
    old = await desk.publish()
    desk.signer.path.unlink()
    await desk.hear()
    with pytest.raises(NoKey, match="put it back from a backup"):
        await desk.try_publish()
    desk.signer.exchange()
    new = await desk.publish()
    keys = Folder(desk.folder).keys()
    assert len(keys) == 2
    assert note.verify(old.note, keys[:1])
    assert note.verify(new.note, keys[1:])


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(33)])
def test_a_file_that_is_no_key_is_not_signed_with(tmp_path: Path, content: bytes) -> None:
    signer = Signer(tmp_path, "main")
    signer.path.write_bytes(content)
    with pytest.raises(NoKey, match="is no key"):
        signer.key()


async def rewrite(desk: Desk) -> None:
    """As somebody with the right to the database would, leaf, hash and nodes alike."""
    async with desk.catalogue.change() as change:
        (leaf,) = (await change.connection.execute(select(log.c.leaf).where(log.c.index == 0))).scalars()
        changed = leaf.replace("aaaa", "cccc")
        await change.connection.execute(update(log).where(log.c.index == 0).values(leaf=changed, hash=leaf_hash(changed.encode())))
    items = await leaves(desk)
    async with desk.catalogue.change() as change:
        await change.connection.execute(update(nodes).where(nodes.c.level == 1, nodes.c.index == 0).values(hash=root_of(items[:2])))


async def test_a_log_that_was_rewritten_is_not_signed(desk: Desk) -> None:
    await desk.seal()
    await desk.hear()
    await desk.publish()
    await rewrite(desk)
    await desk.hear()
    withheld = await desk.withheld()
    assert withheld.lost
    assert "the first 2 entries of the log are not the ones that were signed" in withheld.why


async def test_a_published_file_that_was_changed_is_noticed(desk: Desk) -> None:
    await desk.seal()
    made = await desk.publish()
    made.file.write_text(made.note.replace("\n1\n", "\n2\n"))
    await desk.hear()
    assert "not as it was signed" in (await desk.withheld()).why


@pytest.fixture
async def put_back(tmp_path: Path) -> AsyncIterator[Desk]:
    """An old backup of the database was put back: the checkpoints know of more entries than the log has."""
    file = tmp_path / "archive" / "catalogue.db"
    desk = await opened(tmp_path)
    await desk.seal()
    await desk.publish()
    await desk.catalogue.close()
    shutil.copy(file, tmp_path / "backup.db")
    desk = await opened(tmp_path)
    await desk.seal(OTHER)
    await desk.publish(day=1)
    await desk.catalogue.close()
    for each in file.parent.glob("catalogue.db*"):
        each.unlink()
    shutil.copy(tmp_path / "backup.db", file)
    desk = await opened(tmp_path)
    yield desk
    await desk.catalogue.close()


async def opened(folder: Path) -> Desk:
    catalogue = Catalogue(sqlite_url(folder / "archive"), writes=True)
    await catalogue.open()
    return Desk(catalogue, Signer(folder / "keys", "main"), folder / "archive" / "checkpoints")


async def test_a_database_that_was_put_back_is_noticed_by_the_newest_file(put_back: Desk) -> None:
    withheld = await put_back.withheld(day=2)
    assert withheld.lost
    assert "a checkpoint speaks of 2 entries and the log has 1" in withheld.why
    await put_back.hear()  # as long as before, but another log
    assert "the first 2 entries of the log are not the ones that were signed" in (await put_back.withheld(day=2)).why


async def test_a_cut_that_is_accepted_makes_another_log(put_back: Desk) -> None:
    desk = put_back
    assert await accept(desk, "backup of the 28th was put back") == (1, 0)
    made = await desk.publish(day=2)
    said = [json.loads(leaf) for leaf in await leaves(desk)]
    assert made.checkpoint.origin == f"andon/main/recordings/gap-{leaf_hash((await leaves(desk))[1]).hex()[:16]}"
    assert said[1]["kind"] == "gap"
    assert said[1]["public"]["lost"][0]["size"] == 2
    assert "user:li" not in json.dumps(said[1])
    assert [path.name for path in Folder(desk.folder).notes()] == ["2026-11-28.note", "2026-11-30.note"]
    assert len(list((desk.folder / "lost").iterdir())) == 1
    assert await accept(desk, "again") is None


async def accept(desk: Desk, why: str = "the disk died") -> publishing.Accepted | None:
    return await publishing.accept(desk.catalogue, desk.signer, desk.folder, NOON, "user:li", why, set_back)


async def cut(desk: Desk, leaves: int, *, checkpoints_from: int) -> None:
    """An old backup is put back: of the log, its nodes and its checkpoints."""
    async with desk.catalogue.change() as change:
        await change.connection.execute(delete(log).where(log.c.index >= leaves))
        beyond = [(level, leaves >> level) for level in range(1, 10)]
        for level, first in beyond:
            await change.connection.execute(delete(nodes).where(nodes.c.level == level, nodes.c.index >= first))
        await change.connection.execute(delete(checkpoints).where(checkpoints.c.size >= checkpoints_from))


async def test_nothing_is_signed_after_a_restore_before_somebody_says_so(desk: Desk) -> None:
    """Tables and files alike are of the time of the backup, so neither can know what was signed since."""
    await desk.seal()
    await desk.publish()
    Folder(desk.folder).mark_restored("2026-11-28T12:00:00Z")
    withheld = await desk.withheld(day=1)
    assert withheld.lost
    assert "was put back from a backup of 2026-11-28T12:00:00Z" in withheld.why
    assert "andon recordings verify accept --reason" in withheld.why
    await desk.hear()
    assert (await desk.withheld(day=1)).lost
    assert isinstance(await daily_of(desk), publishing.Withheld), "also where the file of the day came back"
    value, said_of = await healthy(desk)
    assert (value, "andon recordings verify accept --reason" in said_of) == (0.0, True)
    assert await accept(desk) == (0, 0)
    made = await desk.publish(day=1)
    assert made.checkpoint.size == 3
    assert made.checkpoint.origin.startswith("andon/main/recordings/gap-")
    said = json.loads((await leaves(desk))[2])
    assert (said["kind"], said["public"]["restored"], said["public"]["checkpoints"]) == ("gap", "2026-11-28T12:00:00Z", 0)
    assert [path.name.partition(".")[0] for path in (desk.folder / "lost").iterdir()] == ["restored"]
    assert await accept(desk) is None


async def test_the_same_backup_put_back_twice_makes_two_logs(desk: Desk) -> None:
    await desk.seal()
    await desk.publish()
    origins = set()
    for _ in range(2):
        Folder(desk.folder).mark_restored("2026-11-28T12:00:00Z")
        await accept(desk)
        origins.add((await desk.publish(day=1)).checkpoint.origin)
        await cut(desk, 1, checkpoints_from=2)
        (desk.folder / "2026-11-29.note").unlink()
    assert len(origins) == 2


@pytest.mark.parametrize("content", [b"", b"yesterday\n", b"\xff", b"x" * 100_000])
async def test_a_mark_by_hand_counts_whatever_it_says(desk: Desk, content: bytes) -> None:
    await desk.seal()
    await desk.publish()
    (desk.folder / "restored").write_bytes(content)
    assert "The archive was put back from a backup: no checkpoint" in (await desk.withheld()).why
    assert await accept(desk) == (0, 0)
    assert json.loads((await leaves(desk))[1])["public"]["restored"] == ""


async def test_the_guard_looks_at_the_file_that_says_most(desk: Desk) -> None:
    """Not at the last by its name: a clock that was wrong once would hide all that is signed until then."""
    await desk.seal()
    await desk.publish(day=400)
    await desk.seal(OTHER)
    await desk.publish(day=1)
    await cut(desk, 1, checkpoints_from=2)
    await desk.hear()  # as long as before, but another log
    assert "the first 2 entries of the log are not the ones that were signed" in (await desk.withheld(day=2)).why


async def test_a_file_that_nobody_can_read_is_no_good_whatever_its_day(desk: Desk) -> None:
    await desk.seal()
    await desk.publish(day=3)
    (desk.folder / "2026-11-01.note").write_text("two\nlines\n")
    assert "2026-11-01.note: It is no checkpoint" in (await desk.withheld(day=4)).why


async def test_who_signed_less_on_a_day_does_not_replace_who_signed_more(desk: Desk) -> None:
    """Of two processes the one that signed first may write its file last."""
    await desk.seal()
    less = await desk.publish()
    await desk.hear()
    more = await desk.publish()
    assert Folder(desk.folder).write(less.note, NOON).read_text() == more.note
    more.file.write_text("nothing")
    assert Folder(desk.folder).write(less.note, NOON).read_text() == less.note


async def test_a_floor_that_was_renamed_signs_as_what_it_is_called_now(desk: Desk) -> None:
    await desk.seal()
    old = await desk.publish()
    desk.signer = Signer(desk.signer.path.parent, "hall")
    new = await desk.publish(day=1)
    assert (new.fresh, new.checkpoint) == (True, note.Checkpoint("andon/hall/recordings", 1, old.checkpoint.root))
    assert note.verify(new.note, Folder(desk.folder).keys()[1:])
    again = await desk.publish(day=2)
    assert (again.fresh, again.note) == (False, new.note)
    await desk.hear()
    assert (await desk.publish(day=3)).checkpoint.size == 2


async def test_a_key_that_was_exchanged_without_an_entry_signs_what_there_is(desk: Desk) -> None:
    """A process that was killed between the two: whoever is given the newest key verifies with it."""
    await desk.seal()
    await desk.publish()
    desk.signer.exchange()
    made = await desk.publish(day=1)
    assert note.verify(made.note, Folder(desk.folder).keys()[1:]) == made.checkpoint


async def test_nobody_accepts_without_a_reason(desk: Desk) -> None:
    with pytest.raises(ValueError, match="says why"):
        await publishing.accept(desk.catalogue, desk.signer, desk.folder, NOON, "user:li", "", set_back)


async def healthy(desk: Desk) -> tuple[float, str]:
    async with desk.catalogue.reading() as connection:
        (row,) = (await connection.execute(select(health).where(health.c.name == publishing.HEALTH))).all()
    return row.value, english(row.text)


async def daily_of(desk: Desk, day: int = 0) -> publishing.Published | publishing.Withheld | None:
    return await publishing.daily(desk.catalogue, desk.signer, desk.folder, NOON + day * 86_400 * SECOND)


@pytest.mark.parametrize("day", [0, 1])
async def test_a_log_that_is_not_whole_is_told_before_it_stops_the_task(desk: Desk, day: int) -> None:
    for number in range(4):
        await desk.seal(f"{number:020}")
    await daily_of(desk)
    await desk.seal(OTHER)
    async with desk.catalogue.change() as change:
        await change.connection.execute(delete(nodes).where(nodes.c.level == 2))
    with pytest.raises(LogDamaged):
        await daily_of(desk, day)
    value, text = await healthy(desk)
    assert value == 0.0
    assert "run andon recordings verify" in text


async def test_what_happens_after_the_file_of_the_day_is_noticed_the_same_day(desk: Desk) -> None:
    await desk.seal()
    await desk.hear()
    assert isinstance(await daily_of(desk), publishing.Published)
    await desk.hear()
    assert await daily_of(desk) is None
    await cut(desk, 1, checkpoints_from=2)
    assert isinstance(await daily_of(desk), publishing.Withheld)
    value, text = await healthy(desk)
    assert (value, "a checkpoint speaks of 2 entries and the log has 1" in text) == (0.0, True)
    assert await accept(desk) == (1, 0)
    await desk.publish()
    assert await daily_of(desk) is None
    assert await healthy(desk) == (1.0, ""), "and so is that it was mended"


async def test_once_a_day_is_enough_and_what_is_missing_is_said(desk: Desk) -> None:
    async def daily(day: int) -> publishing.Published | publishing.Withheld | None:
        return await daily_of(desk, day)

    nothing = await daily(0)
    assert isinstance(nothing, publishing.Withheld)
    assert (nothing.why, nothing.lost) == ("Nothing yet.", False)
    assert await healthy(desk) == (1.0, "")
    await desk.seal()
    assert isinstance(await daily(0), publishing.Published)
    await desk.hear()
    assert await daily(0) is None
    desk.signer.path.rename(desk.signer.path.with_suffix(".away"))
    assert isinstance(await daily(1), publishing.Withheld)
    value, text = await healthy(desk)
    assert value == 0.0
    assert "put it back from a backup" in text
    desk.signer.path.with_suffix(".away").rename(desk.signer.path)
    assert isinstance(await daily(1), publishing.Published)
    assert await healthy(desk) == (1.0, "")
