"""The audit trail: every change to it is found, two writers share one chain, a crash loses nothing that happened."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.words import SECOND
from wallboard import audit_log
from wallboard.audit import (
    BEGINNING,
    LINE_MAX,
    NOTHING,
    REASONS_MAX,
    TEXT_MAX,
    Act,
    Broken,
    Entry,
    Head,
    Outcome,
    broken_in,
    chained,
    entry_of,
    hash_of,
    head_of,
    line_of,
)
from wallboard.audit_log import AuditFailed, AuditLog

NOW = int(datetime(2026, 11, 24, 8, tzinfo=UTC).timestamp()) * SECOND
MONTH = 31 * 86_400 * SECOND


def act(at: int = NOW, who: str = "user:li", action: str = "sign in", outcome: Outcome = Outcome.ALLOWED) -> Act:
    return Act(at, who, "supervisor", "10.0.0.1", action, "", outcome)


def chain(length: int) -> list[bytes]:
    head, lines = NOTHING, []
    for number in range(length):
        entry = chained(act(NOW + number, who=f"user:{number}"), head)
        head = head_of(entry)
        lines.append(line_of(entry))
    return lines


def verdict(lines: list[bytes]) -> Broken | Head:
    return broken_in((str(number), line) for number, line in enumerate(lines, 1))


# ------------------------------------------------------------------ the chain


def test_a_chain_holds_and_says_its_head() -> None:
    lines = chain(5)
    head = verdict(lines)
    assert isinstance(head, Head)
    last = entry_of(lines[-1])
    assert last is not None
    assert (head.seq, head.hash) == (5, last.hash)
    first = entry_of(lines[0])
    assert first is not None
    assert (first.seq, first.prev) == (1, BEGINNING)
    assert verdict([]) == NOTHING


@given(st.integers(0, 2**32), st.sampled_from(["byte", "drop", "double", "swap", "insert", "first gone"]))
def test_whatever_is_changed_is_found_at_its_place(seed: int, how: str) -> None:
    dice, lines = random.Random(seed), chain(6)
    place = dice.randrange(1, 5)
    changed = list(lines)
    if how == "byte":
        line = bytearray(lines[place])
        spot = dice.randrange(len(line) - 1)
        line[spot] ^= 1 << dice.randrange(7)
        changed[place] = bytes(line)
    elif how == "drop":
        del changed[place]
    elif how == "double":
        changed.insert(place, lines[place])
        place += 1
    elif how == "swap":
        changed[place], changed[place - 1] = changed[place - 1], changed[place]
        place -= 1
    elif how == "insert":
        changed.insert(place, line_of(chained(act(who="user:eve"), NOTHING)))
    else:
        del changed[:place]
        place = 0
    broken = verdict(changed)
    assert isinstance(broken, Broken)
    assert broken.place == str(place + 1)


def test_who_forges_an_entry_with_its_own_hash_breaks_the_next_one() -> None:
    lines = chain(4)
    entry = entry_of(lines[1])
    assert entry is not None
    forged = msgspec.structs.replace(entry, who="user:eve")
    lines[1] = line_of(msgspec.structs.replace(forged, hash=hash_of(forged)))
    broken = verdict(lines)
    assert isinstance(broken, Broken)
    assert broken.place == "3"
    assert "does not follow" in broken.why


def test_an_entry_is_bounded_and_time_does_not_go_back() -> None:
    long = "\u0000" * 5000
    wild = Act(NOW - 5, long, long, long, long, long, Outcome.REFUSED, (long,) * 100)
    entry = chained(wild, Head(1, "x" * 64, NOW))
    assert len(line_of(entry)) < LINE_MAX
    assert (len(entry.who), len(entry.reasons)) == (TEXT_MAX, REASONS_MAX)
    assert entry.at == NOW
    assert entry_of(line_of(entry)) == entry


# ------------------------------------------------------------------ on disk


def test_entries_are_private_and_found_newest_first(tmp_path: Path) -> None:
    trail = AuditLog(tmp_path)
    for number in range(10):
        trail.append(act(NOW + number, who="user:li" if number % 2 else "user:wang"))
    (file,) = trail.months()
    assert file.name == "2026-11.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert isinstance(trail.verify(), Head)
    page = trail.newest(3)
    assert ([entry.seq for entry in page.entries], page.before) == ([10, 9, 8], 8)
    assert [entry.seq for entry in trail.newest(100, page.before).entries] == [7, 6, 5, 4, 3, 2, 1]
    assert [entry.seq for entry in trail.newest(100, who="user:li").entries] == [10, 8, 6, 4, 2]
    assert [entry.seq for entry in trail.newest(100, since=NOW + 7).entries] == [10, 9, 8]
    assert AuditLog(tmp_path / "none").newest(10).entries == []


def test_a_question_looks_at_so_many_lines_and_says_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trail = AuditLog(tmp_path)
    for number in range(10):
        trail.append(act(NOW + number, who="user:li" if number == 0 else "user:wang"))
    monkeypatch.setattr(audit_log, "LOOKED_AT_MAX", 4)
    monkeypatch.setattr(audit_log, "_BLOCK", 100)
    before, pages = 0, 0
    found: list[Entry] = []
    while not found:
        page = trail.newest(5, before, who="user:li")
        found, before, pages = page.entries, page.before, pages + 1
    assert (found[0].seq, pages) == (1, 3)


def test_months_are_one_chain_and_a_month_that_is_missing_is_found(tmp_path: Path) -> None:
    trail = AuditLog(tmp_path)
    for number in range(9):
        trail.append(act(NOW + number * MONTH // 3))
    trail.append(act(NOW))  # a clock that was set back
    months = [path.name for path in trail.months()]
    assert months[:2] == ["2026-11.jsonl", "2026-12.jsonl"]
    assert trail.verify() == Head(10, trail.newest(1).entries[0].hash, NOW + 8 * MONTH // 3)
    assert [entry.seq for entry in trail.newest(100).entries] == list(range(10, 0, -1))
    trail.months()[1].unlink()
    broken = trail.verify()
    assert isinstance(broken, Broken)
    assert broken.place.endswith(f"{months[2]}:1")


def test_two_processes_and_many_threads_write_one_chain(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from wallboard.audit import *; from wallboard.audit_log import AuditLog\n"
        "trail = AuditLog(Path(sys.argv[1]))\n"
        f"for n in range(40): trail.append(Act({NOW}, 'local:root', '', '', 'token make', str(n), Outcome.ALLOWED))"
    )
    others = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(2)]
    trail = AuditLog(tmp_path)
    threads = [threading.Thread(target=lambda: [trail.append(act()) for _ in range(20)]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait(60) for other in others] == [0, 0]
    head = trail.verify()
    assert isinstance(head, Head)
    assert head.seq == 140


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_line_that_a_crash_left_half_written_is_cut_off_and_said(tmp_path: Path, cut: int) -> None:
    trail = AuditLog(tmp_path)
    trail.append(act())
    trail.append(act(action="was not done"))
    (file,) = trail.months()
    os.truncate(file, file.stat().st_size - cut)
    trail.append(act(action="went on"))
    assert isinstance(trail.verify(), Head)
    went_on, repaired, first = trail.newest(9).entries
    assert (went_on.action, repaired.action, first.seq) == ("went on", "audit repair", 1)
    assert "bytes" in repaired.reasons[0]


def test_an_empty_new_month_and_a_torn_one_lead_back_to_the_last_entry(tmp_path: Path) -> None:
    trail = AuditLog(tmp_path)
    trail.append(act())
    (tmp_path / "audit" / "2026-12.jsonl").write_bytes(b'{"seq":')
    trail.append(act(NOW + MONTH))
    assert isinstance(AuditLog(tmp_path).verify(), Head)
    assert [entry.action for entry in trail.newest(9).entries] == ["sign in", "audit repair", "sign in"]


def test_behind_an_end_that_is_no_entry_nothing_is_written(tmp_path: Path) -> None:
    trail = AuditLog(tmp_path)
    trail.append(act())
    (file,) = trail.months()
    file.write_bytes(file.read_bytes() + b"{}\n")
    with pytest.raises(AuditFailed, match="andon audit verify"):
        trail.append(act())
    assert trail.fault
    assert isinstance(trail.verify(), Broken)
    file.write_bytes(b"x" * 3 * LINE_MAX)
    with pytest.raises(AuditFailed, match="andon audit verify"):
        trail.append(act())
    assert file.stat().st_size == 3 * LINE_MAX, "evidence is not cut off"


def test_a_full_disk_leaves_the_chain_whole_and_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trail = AuditLog(tmp_path)
    trail.append(act())
    write = os.write

    def half(handle: int, content: bytes) -> int:
        if len(content) > 100:
            return write(handle, content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(AuditFailed, match="No space left"):
        trail.append(act())
    assert "No space left" in trail.fault
    monkeypatch.undo()
    assert isinstance(trail.verify(), Head)
    trail.append(act())
    assert trail.fault == ""
    assert [entry.seq for entry in trail.newest(9).entries] == [2, 1]
