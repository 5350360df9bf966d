"""When a file is complete, by each of the ways to know it, and which files go together."""

from __future__ import annotations

import io
import tarfile

from realtime.words import SECOND
from recordings.spool.found import Found
from recordings.spool.pairing import SIDES, end, groups, member, members, padding
from recordings.spool.waiting import Waiting, says_closed

AT = 1_800_000_000 * SECOND


def file(name: str, size: int = 1000, changed: int = AT, inode: int = 1) -> Found:
    return Found(name, size, changed * 1000, inode)


def ready(waiting: Waiting, now: int) -> list[str]:
    return [each.group.key for each in waiting.ready(now)]


def test_a_file_that_somebody_said_is_closed_is_ready_at_once() -> None:
    waiting = Waiting(10)
    waiting.one(file("a.wav"), AT)
    assert ready(waiting, AT) == []
    waiting.told(["a.wav"], AT)
    assert ready(waiting, AT) == ["a.wav"]


def test_what_is_written_after_it_was_said_waits_again() -> None:
    waiting = Waiting(10)
    waiting.one(file("a.wav"), AT)
    waiting.told(["a.wav"], AT)
    waiting.one(file("a.wav", size=2000), AT + SECOND)
    assert ready(waiting, AT + SECOND) == []


def test_a_file_at_rest_is_asked_after() -> None:
    waiting = Waiting(10)
    waiting.one(file("a.wav"), AT)
    assert waiting.rested(AT + 9 * SECOND) == []
    assert [found.name for found in waiting.rested(AT + 10 * SECOND)] == ["a.wav"]
    assert ready(waiting, AT + 10 * SECOND) == []
    waiting.told(["a.wav"], AT + 10 * SECOND)
    assert (ready(waiting, AT + 10 * SECOND), waiting.rested(AT + 10 * SECOND)) == (["a.wav"], [])


def test_a_file_of_which_nothing_is_known_waits_for_an_hour() -> None:
    """MixMonitor with b writes nothing while a caller waits."""
    waiting = Waiting(10)
    waiting.one(file("a.ulaw"), AT)
    assert ready(waiting, AT + 3599 * SECOND) == []
    assert ready(waiting, AT + 3600 * SECOND) == ["a.ulaw"]


def test_a_clock_ahead_of_ours_does_not_hold_a_file_for_ever() -> None:
    waiting = Waiting(10)
    waiting.one(file("a.wav", changed=AT + 86_400 * SECOND), AT)
    assert [found.name for found in waiting.rested(AT + 10 * SECOND)] == ["a.wav"]


def test_both_legs_are_waited_for_and_a_marker_speaks_for_all_of_them() -> None:
    waiting = Waiting(10)
    files = [file("d/1.2-rx.wav"), file("d/1.2-tx.wav", inode=2)]
    waiting.all(files, [], AT)
    waiting.told(["d/1.2-rx.wav"], AT)
    assert ready(waiting, AT) == []
    waiting.all(files, ["1.2"], AT)
    [made] = waiting.ready(AT)
    assert made.group.files == {"rx": "d/1.2-rx.wav", "tx": "d/1.2-tx.wav"}
    assert waiting.ready(AT, {made.group.key}) == []


def test_a_lonely_leg_waits_a_little_for_the_other_one() -> None:
    waiting = Waiting(10)
    waiting.one(file("1.2-rx.wav"), AT)
    waiting.told(["1.2-rx.wav"], AT)
    assert ready(waiting, AT + 9 * SECOND) == []
    assert ready(waiting, AT + 10 * SECOND) == ["1.2.wav"]


def test_the_oldest_comes_first_and_what_went_is_forgotten() -> None:
    waiting = Waiting(10)
    waiting.all([file("b.wav", changed=AT - SECOND, inode=2), file("a.wav")], [], AT)
    waiting.told(["a.wav", "b.wav"], AT)
    assert ready(waiting, AT) == ["b.wav", "a.wav"]
    assert waiting.oldest_s(AT + SECOND) == 1.0
    waiting.all([file("a.wav")], [], AT)
    assert (ready(waiting, AT), len(waiting)) == (["a.wav"], 1)


def test_a_header_counts_its_sound_only_when_it_was_closed() -> None:
    def wav(counted: int, size: int) -> bool:
        return says_closed(b"RIFF" + (counted - 8).to_bytes(4, "little") + b"WAVEfmt ", size)

    assert wav(1044, 1044)
    assert wav(1043, 1044)
    assert not wav(44, 1044)
    assert not wav(44, 44), "an empty one may be one that was just begun"
    assert not says_closed(b"", 0)


def test_several_files_are_one_tar_that_any_machine_unpacks() -> None:
    files = {"mixed": b"m" * 700, "rx": b"r" * 512, "tx": b""}
    parts = [(member(side, f"x-{side}.wav", len(files[side])), files[side], padding(len(files[side]))) for side in SIDES]
    data = b"".join(piece for part in parts for piece in part)
    data += end(len(data))
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert {info.name: archive.extractfile(info).read() for info in archive} == {  # type: ignore[union-attr]
            f"{side}.wav": sound for side, sound in files.items()
        }
    found = list(members(lambda offset, length: data[offset : offset + length], len(data)))
    assert {each.side: data[each.offset : each.offset + each.size] for each in found} == files
    assert len(data) % 10_240 == 0


def test_which_files_are_one_recording() -> None:
    names = ["d/a.wav", "d/a-rx.wav", "d/a-tx.wav", "b.wav", "b.gsm", "e/a.wav", "d/a_rx.wav"]
    assert [(group.key, sorted(group.files), group.base) for group in groups(names)] == [
        ("d/a.wav", ["mixed", "rx", "tx"], "a"),
        ("b.wav", ["mixed"], "b"),
        ("b.gsm", ["mixed"], "b"),
        ("e/a.wav", ["mixed"], "a"),
        ("d/a_rx.wav/", ["mixed"], "a_rx"),
    ]


def test_no_file_is_forgotten_for_another_that_claims_its_side() -> None:
    waiting = Waiting(10)
    names = ["a-rx.wav", "a_rx.wav", "a.rx.wav", "a-tx.wav"]
    waiting.all([file(name, inode=number) for number, name in enumerate(names)], [], AT)
    waiting.told(names, AT)
    assert sorted(name for each in waiting.ready(AT) for name in each.group.files.values()) == sorted(names)
    waiting.gone(names)
    assert (len(waiting), waiting.ready(AT)) == (0, [])
