"""Comparing what was read, the schedule of reading again, xorriso as a drive, and a process killed in the middle of it all."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import itertools
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.plan.archive import DiscRules
from recordings.discs import burner, image, mark, register, wishes
from recordings.discs.burner import DriveAway, mark_on, read_medium, volume_on
from recordings.discs.comparing import UNREADABLE, Bad, Comparison, Expected
from recordings.discs.drive import DriveBurner, told
from recordings.discs.media import SECTOR
from recordings.discs.register import DiscRefused
from recordings.discs.schedule import YEAR, Failure, Shelved, to_check
from recordings.discs.states import STEPS, DiscState
from recordings.discs.workroom import DiscsBusy, Stopping
from recordings.vault.folder import FolderVault
from tests.recordings.discs.desk import DAY, NOON, Desk, has_xorriso

# ---------------------------------------------------------------- comparing


def files_in(image: bytes, cuts: list[int]) -> list[Expected]:
    """Files one after the other, with a gap of a byte before each."""
    bounds = sorted({min(cut, len(image)) for cut in cuts} | {0, len(image)})
    pairs = [(start + 1, end) for start, end in itertools.pairwise(bounds) if end > start + 1]
    return [Expected(f"f{start}", start, end - start, hashlib.sha256(image[start:end]).digest(), f"r{start}") for start, end in pairs]


@given(st.binary(min_size=1, max_size=400), st.lists(st.integers(0, 400), max_size=6), st.lists(st.integers(1, 90), max_size=9), st.data())
def test_a_changed_byte_names_its_file_and_no_other(image: bytes, cuts: list[int], sizes: list[int], data: st.DataObject) -> None:
    files = files_in(image, cuts)
    where = data.draw(st.integers(0, len(image) - 1))
    bad = image[:where] + bytes([image[where] ^ 1]) + image[where + 1 :]
    for medium, expected in ((image, []), (bad, [file for file in files if file.offset <= where < file.offset + file.size])):
        comparison = Comparison(files, len(image), hashlib.sha256(image).digest())
        at = 0
        for size in [*sizes, len(image) + 50]:
            comparison.feed((medium + b"padding of the medium")[at : at + size])
            at += size
        result = comparison.result()
        assert result.whole == (medium is image)
        assert [each.path for each in result.bad if each.path] == [file.path for file in expected]
        assert bool(result.bad) == (medium is bad)


def test_what_cannot_be_read_takes_its_files_with_it() -> None:
    image = bytes(range(250)) * 40
    starts = {"a": 0, "b": 2500, "c": 5000, "d": 7500}
    files = [Expected(name, start, 1000, hashlib.sha256(image[start : start + 1000]).digest()) for name, start in starts.items()]
    comparison = Comparison(files, len(image), hashlib.sha256(image).digest())
    comparison.feed(image[:2600])
    comparison.feed(100)
    comparison.feed(image[2700:6000])
    assert comparison.result().bad == (Bad("b", UNREADABLE), Bad("d", UNREADABLE))


def test_bad_blocks_are_read_one_by_one_and_a_dead_disc_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "disc"
    path.write_bytes(bytes(600 * SECTOR))
    real = os.pread
    bad = {5, 6, 590}

    def pread(handle: int, length: int, at: int) -> bytes:
        if bad & set(range(at // SECTOR, -(-(at + length) // SECTOR))):
            raise OSError(5, "Input/output error")
        return real(handle, length, at)

    monkeypatch.setattr(os, "pread", pread)
    parts = list(read_medium(path, "X", 600 * SECTOR))
    assert sum(part if isinstance(part, int) else len(part) for part in parts) == 600 * SECTOR
    assert sum(part for part in parts if isinstance(part, int)) == 3 * SECTOR
    monkeypatch.setattr(burner, "MOST_BAD", 2)
    parts = list(read_medium(path, "X", 600 * SECTOR))
    assert sum(part if isinstance(part, int) else len(part) for part in parts) == 600 * SECTOR
    assert parts[-1] == 88 * SECTOR


# ---------------------------------------------------------------- schedule


def test_every_disc_is_read_again_in_time_a_sample_each_year_and_a_bad_batch_at_once() -> None:
    rules = DiscRules(check_years=4, sample=0.1)
    begin = NOON - 2 * YEAR
    discs = [Shelved(f"D{number:02}", begin, begin, "CMC" if number < 3 else "RICOH") for number in range(40)]
    first = to_check(discs, [], rules, NOON)
    assert [each.why for each in first] == ["sample"] * 4
    assert to_check(list(reversed(discs)), [], rules, NOON + DAY) == first  # nobody chooses
    done = {each.disc for each in first}
    read = [Shelved(each.id, each.made_at, NOON if each.id in done else each.checked_at, each.media) for each in discs]
    assert to_check(read, [], rules, NOON + DAY) == ()
    batch = to_check(read, [Failure("CMC", NOON + 1), Failure("", NOON + 1)], rules, NOON + DAY)
    assert [(each.disc, each.why) for each in batch] == [("D00", "batch"), ("D01", "batch"), ("D02", "batch")]
    late = to_check(read, [], rules, begin + 4 * YEAR)
    assert {each.disc for each in late if each.why == "full"} == {each.id for each in discs} - done
    assert to_check([], [], rules, NOON) == ()


def test_the_life_of_a_disc_ends_and_no_step_leads_back() -> None:
    assert not [pair for pair in STEPS if pair[0] in (DiscState.DESTROYED, DiscState.WITHDRAWN)]
    assert {after for _, after in STEPS} == set(DiscState)


# ---------------------------------------------------------------- a drive

TOC = """Drive current: -outdev '/dev/sr0'
Drive type   : vendor 'HL-DT-ST' product 'BD-RE  BH16NS55' revision '1.03'
Media current: BD-R sequential recording
Media product: CMCMAG/BA5/0 , CMC Magnetics Corporation
Media status : is blank
"""


def test_a_drive_says_what_it_is_and_what_is_in_it() -> None:
    assert told(TOC) == ("HL-DT-ST BD-RE BH16NS55 1.03", "BD-R sequential recording, CMCMAG/BA5/0 , CMC Magnetics Corporation")
    assert told("") == ("", "")


@pytest.mark.skipif(not has_xorriso(), reason="xorriso is not installed")
async def test_xorriso_burns_closes_and_refuses_what_is_not_empty(desk: Desk, tmp_path: Path) -> None:
    """On a file, as xorriso knows it by stdio:."""
    await desk.put(size=100_000)
    set_id = await desk.imaged()
    size = (await desk.disc(f"{set_id}-1A")).image_bytes
    with desk.image(set_id).open("ab") as file:
        file.write(mark.behind(size, "X"))  # of a process that was killed while it burned
    device = tmp_path / "sr0"
    device.touch()
    desk.works.burner = drive = DriveBurner(f"stdio:{device}")
    await desk.signed(f"{set_id}-1A")
    assert volume_on(device, "") == f"ANDON_{set_id}_1"
    assert mark_on(device, "", size) == f"{set_id}-1A"
    assert desk.image(set_id).stat().st_size == size
    assert "stdio file" in (await desk.disc(f"{set_id}-1A")).media
    for _ in range(2):  # the same volume, but the other copy: it is never taken for this one
        with pytest.raises(DriveAway, match="not an empty medium"):
            await desk.do("burn", f"{set_id}-1B")
    assert (await desk.disc(f"{set_id}-1B")).failures == 0
    with pytest.raises(DriveAway, match="is no drive"):
        DriveBurner(str(tmp_path / "none")).burn(device, "X", "cd")
    assert drive.path("") == device


async def test_a_medium_burned_by_a_process_that_died_is_known_again(desk: Desk) -> None:
    await desk.put()
    set_id = await desk.imaged()
    disc = f"{set_id}-1A"
    await register.burning(desk.catalogue, disc, desk.now)
    desk.burner.burn(desk.image(set_id), disc, "cd")
    assert "before its process ended" in await desk.do("burn", disc)
    assert desk.burner.burned == 1
    await desk.do("verify", disc)


# ---------------------------------------------------------------- killed

WORK = """
import asyncio, sys
from pathlib import Path
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.discs.works import carry_out
from tests.recordings.discs.desk import Desk

async def main(folder):
    catalogue = Catalogue(sqlite_url(folder / "archive"), writes=True)
    desk = Desk(catalogue, folder)
    print("begun", flush=True)
    while await carry_out(desk.works):
        pass
    await catalogue.close()

asyncio.run(main(Path(sys.argv[1])))
"""


async def test_killed_anywhere_a_set_is_finished_by_the_next(desk: Desk, tmp_path: Path) -> None:
    """The worker is killed again and again, later each time; what it leaves is always a state from which the next goes on."""
    for _ in range(6):
        await desk.put(size=100_000)
    (set_id,) = await desk.gather()
    dice = random.Random(7)
    kills = 0
    for attempt in range(40):
        for step, subject in await wanted(desk, set_id):
            await wish(desk, step, subject)
        worker = subprocess.Popen(  # noqa: ASYNC220  it begins at once
            [sys.executable, "-c", WORK, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
        )
        assert worker.stdout is not None
        await asyncio.to_thread(worker.stdout.readline)
        try:
            worker.wait(dice.uniform(0.0, 0.3 * attempt))
        except subprocess.TimeoutExpired:
            worker.send_signal(signal.SIGKILL)
            kills += 1
        worker.wait()
        worker.stdout.close()
        if set((await desk.states(set_id)).values()) == {"verified"}:
            break
    assert kills
    assert await desk.states(set_id) == {"1A": "verified", "1B": "verified"}
    for disc in (f"{set_id}-1A", f"{set_id}-1B"):
        assert await desk.entries(disc) == ["imaged", "burned", "verified"]
        assert await desk.image_on(disc) == (await desk.disc(disc)).image


async def test_stopped_in_the_middle_it_ends_soon_and_gives_the_lock_back_only_then(desk: Desk) -> None:
    await desk.put(size=100_000)
    (set_id,) = await desk.gather()
    inside, release = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    class Slow(FolderVault):
        def pieces(self, name: str) -> Iterator[bytes]:
            loop.call_soon_threadsafe(inside.set)
            for piece in super().pieces(name):
                yield piece
                release.wait(20)

    desk.works.vaults = [Slow(desk.folder / "vault", 0)]
    task = asyncio.create_task(desk.do("image", set_id))
    await asyncio.wait_for(inside.wait(), 20)
    task.cancel()
    with pytest.raises(DiscsBusy):
        await desk.do("image", set_id)
    release.set()
    await asyncio.wait([task], timeout=20)
    assert task.cancelled()
    assert not desk.image(set_id).exists()
    assert not (desk.works.folder / "bags" / f"{set_id}-1.part").exists()
    desk.works = dataclasses.replace(desk.works, vaults=desk.vaults, ending=threading.Event())
    await desk.do("image", set_id)


def test_a_program_is_ended_with_whoever_waits_for_it() -> None:
    def stop() -> None:
        raise Stopping

    with pytest.raises(Stopping):
        image.run(["sleep", "60"], 60, beat=stop)
    with pytest.raises(image.ImageFailed, match="longer than"):
        image.run(["sleep", "60"], 0.1)
    with pytest.raises(image.ImageFailed, match="is it installed"):
        image.run(["no-such-program"], 1)


async def wanted(desk: Desk, set_id: str) -> list[tuple[str, str]]:
    steps = {"gathered": "image", "imaged": "burn", "burned": "verify"}
    found = [(steps[state], f"{set_id}-{disc}") for disc, state in (await desk.states(set_id)).items() if state in steps]
    return [("image", set_id)] if ("image", f"{set_id}-1A") in found else found


async def wish(desk: Desk, step: str, subject: str) -> None:

    try:
        await wishes.wish(desk.catalogue, step, subject, "user:li", desk.now)
    except DiscRefused as refused:
        raise AssertionError(refused) from refused
