"""Files of lists: written whole or not at all, for the owner alone, and refused for one byte that is another one."""

from __future__ import annotations

import hashlib
import os
import random
import stat
import subprocess
import sys
import threading
import time
from array import array
from pathlib import Path

import pytest

from realtime.lists import writing
from realtime.lists.files import Mapped, Refused, names, path_of, peek, versions
from realtime.lists.packing import Meta
from realtime.lists.writing import LEFT_S, UNFINISHED, ListWriter, TooMany
from tests.realtime.lists.making import write

MOBILE = 8_613_912_345_678


def test_what_was_written_is_found(tmp_path: Path) -> None:
    written = write(tmp_path, [MOBILE, 5, MOBILE], blocks=["86400"], as_of=3, rows=3)
    assert (written.numbers, written.prefixes, written.meta.duplicates, written.new) == (2, 1, 1, True)
    assert written.path == path_of(tmp_path, "dnc", written.version)
    assert hashlib.sha256(written.path.read_bytes()).hexdigest() == written.version
    mapped = Mapped(written.path, written.version)
    assert mapped.find(f"+{MOBILE}")
    assert mapped.find("+8640012")
    assert not mapped.find(f"+{MOBILE + 1}")
    assert mapped.meta == written.meta == peek(written.path).meta
    assert (names(tmp_path), versions(tmp_path, "dnc")) == (["dnc"], [written.version])


def test_many_runs_make_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the real size of a run this would be millions of numbers."""
    monkeypatch.setattr(writing, "RUN", 1_000)
    chance = random.Random(3)
    inside = [MOBILE + chance.randrange(200_000) for _ in range(30_500)]
    with ListWriter(tmp_path, "dnc") as writer:
        for begin in range(0, len(inside), 777):
            writer.add(array("Q", inside[begin : begin + 777]))
        written = writer.finish(Meta(name="dnc"))
    mapped = Mapped(written.path, written.version)
    assert len(mapped) == len(set(inside)) == written.numbers
    assert written.meta.duplicates == len(inside) - len(mapped)
    assert mapped.in_order()
    assert all(mapped.find(f"+{number}") == (number in set(inside)) for number in range(MOBILE, MOBILE + 500))


def test_a_million_are_imported_in_seconds(tmp_path: Path) -> None:
    chance = random.Random(4)
    inside = array("Q", (8_613_000_000_000 + chance.randrange(7 * 10**9) for _ in range(1_000_000)))
    began = time.perf_counter()
    written = write(tmp_path, inside)
    assert Mapped(written.path, written.version).find(f"+{inside[500_000]}")
    assert time.perf_counter() - began < 15, "one and a half seconds on an idle machine"


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        written = write(tmp_path / "data" / "lists", [MOBILE])
    finally:
        os.umask(before)
    assert stat.S_IMODE(written.path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(each.stat().st_mode) for each in (written.path.parent, written.path.parent.parent)} == {0o700}


def test_the_same_list_is_the_same_version(tmp_path: Path) -> None:
    first, second = write(tmp_path, [MOBILE, 7], as_of=1), write(tmp_path, [7, MOBILE], as_of=1)
    assert (first.version, first.new, second.new) == (second.version, True, False)
    assert write(tmp_path, [MOBILE, 7], as_of=2).version != first.version, "its date is part of it"
    assert len(versions(tmp_path, "dnc")) == 2


def test_many_write_at_once(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda number=number: found.append(write(tmp_path, range(1, number)).version)) for number in (9, 9, 99, 999)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(found)) == 3
    assert set(versions(tmp_path, "dnc")) == set(found)
    for version in found:
        Mapped(path_of(tmp_path, "dnc", version), version)
    assert sorted(each.name for each in (tmp_path / "dnc").iterdir()) == sorted(f"{version}.numbers" for version in set(found))


def test_what_is_broken_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_copy", full)
    with pytest.raises(OSError, match="No space"):
        write(tmp_path, [MOBILE])
    with ListWriter(tmp_path, "dnc") as writer:
        writer.add(array("Q", [MOBILE]))
    assert list((tmp_path / "dnc").iterdir()) == []


def test_what_a_killed_import_left_is_cleared_after_a_day(tmp_path: Path) -> None:
    write(tmp_path, [MOBILE])
    old, young = tmp_path / "dnc" / f"{UNFINISHED}old", tmp_path / "dnc" / f"{UNFINISHED}young"
    old.touch()
    young.touch()
    os.utime(old, (time.time() - LEFT_S - 1,) * 2)
    write(tmp_path, [MOBILE + 1])
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "A", "-x", "x" * 65, "名"])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a list"):
        ListWriter(tmp_path, name)


def test_a_list_has_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "NUMBERS_MAX", 2)
    with pytest.raises(TooMany):
        write(tmp_path, [1, 2, 3])


# ------------------------------------------------------------------ what is not what it was


def test_one_byte_anywhere_is_seen(tmp_path: Path) -> None:
    written = write(tmp_path, range(MOBILE, MOBILE + 90_000, 97), blocks=["86400"], source="somebody")
    content = written.path.read_bytes()
    for place in range(0, len(content), max(1, len(content) // 300)):
        spoilt = bytearray(content)
        spoilt[place] ^= 1 + place % 255
        written.path.write_bytes(spoilt)
        with pytest.raises(Refused, match="SHA-256"):
            Mapped(written.path, written.version)
    written.path.write_bytes(content[:-1])
    with pytest.raises(Refused):
        Mapped(written.path, written.version)
    written.path.write_bytes(b"")
    with pytest.raises(Refused, match="too short"):
        Mapped(written.path, written.version)
    written.path.unlink()
    with pytest.raises(FileNotFoundError):
        Mapped(written.path, written.version)


def test_what_is_no_list_is_refused_even_by_its_hash(tmp_path: Path) -> None:
    content = b"not a list of numbers, but long enough to have a head" * 10
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(Refused, match="no list of numbers"):
        Mapped(path, hashlib.sha256(content).hexdigest())


def test_numbers_out_of_order_are_found_by_a_whole_look(tmp_path: Path) -> None:
    """Nothing of ours writes such a file; its hash would be right all the same."""
    written = write(tmp_path, [MOBILE, MOBILE + 1])
    content = bytearray(written.path.read_bytes())
    content[128:132] = content[130:132] + content[128:130]
    written.path.write_bytes(content)
    assert not Mapped(written.path, hashlib.sha256(content).hexdigest()).in_order()


def test_loading_copies_nothing(tmp_path: Path) -> None:
    """A process of its own: its private memory is to grow by less than a tenth of the file."""
    written = write(tmp_path, range(MOBILE, MOBILE + 4_000_000))
    program = f"""
import re
from pathlib import Path
from realtime.lists.files import Mapped
anonymous = lambda: int(re.search(r"Anonymous: +([0-9]+)", Path("/proc/self/smaps_rollup").read_text())[1])
before = anonymous()
mapped = Mapped(Path({str(written.path)!r}), {written.version!r})
assert mapped.find("+{MOBILE + 5}")
print(mapped.size // 1024, anonymous() - before)
"""
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("needs /proc/self/smaps_rollup")
    size, grown = map(int, subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split())
    assert size > 7_000
    assert grown < size // 10
