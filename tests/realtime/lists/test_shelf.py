"""The shelf: what is announced comes into force whole, under load, and what is wrong leaves what was."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from realtime.dial.model import Consent, ListSeen
from realtime.lists.shelf import Shelf, State
from realtime.words import SECOND
from tests.realtime.lists.making import announced, write

MOBILE = 8_613_912_345_678
HIT, MISS = f"+{MOBILE}", f"+{MOBILE + 1}"
PATIENCE_S = 30.0


class Told(list[str]):
    def __call__(self, text: str) -> None:
        self.append(text)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def shelf(tmp_path: Path, told: Told) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path, told, again_s=0.0)
    yield shelf
    shelf.close()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_before_anything_is_announced_no_list_is_there(shelf: Shelf) -> None:
    assert shelf.seen(["dnc"], HIT) == {"dnc": ListSeen("dnc")}
    assert shelf.consents(["yes"], HIT) == ()
    assert shelf.states() == {}


def test_what_is_announced_is_looked_up(shelf: Shelf, tmp_path: Path) -> None:
    written = write(tmp_path, [MOBILE], as_of=5 * SECOND)
    shelf.take({"dnc": announced(written)})
    assert shelf.settled(PATIENCE_S)
    assert shelf.seen(["dnc", "other"], HIT) == {"dnc": ListSeen("dnc", written.version, 5 * SECOND, True), "other": ListSeen("other")}
    assert shelf.seen(["dnc"], MISS)["dnc"].hit is False
    assert shelf.seen(["dnc"], "")["dnc"].hit is False
    assert shelf.states() == {"dnc": State(written.version, written.version, 1)}


def test_a_newer_version_takes_its_place_and_the_file_of_before_stays(shelf: Shelf, tmp_path: Path) -> None:
    first, second = write(tmp_path, [MOBILE]), write(tmp_path, [MOBILE + 1])
    for written, hit in ((first, True), (second, False), (first, True)):
        shelf.take({"dnc": announced(written)})
        assert shelf.settled(PATIENCE_S)
        assert shelf.seen(["dnc"], HIT)["dnc"] == ListSeen("dnc", written.version, 0, hit)
    assert first.path.exists()
    assert second.path.exists()


def test_a_consent_is_who_gave_what_to_whom(shelf: Shelf, tmp_path: Path) -> None:
    written = write(tmp_path, [MOBILE], "yes", kind="consent", as_of=4, client="bank", purpose="service", written=True, expires=9)
    blocked = write(tmp_path, [MOBILE])
    shelf.take({"yes": announced(written), "dnc": announced(blocked)})
    assert shelf.settled(PATIENCE_S)
    said = Consent(f"yes@{written.version[:12]}", "bank", "service", "consent", True, 4, 9, "yes")
    assert shelf.consents(["yes", "dnc", "none"], HIT) == (said,), "a do-not-call list is never a consent"
    assert shelf.consents(["yes"], MISS) == ()


@pytest.mark.parametrize("spoil", ["missing", "byte", "date", "kind", "numbers", "version"])
def test_what_is_not_what_was_announced_leaves_what_was(shelf: Shelf, tmp_path: Path, told: Told, spoil: str) -> None:
    first, second = write(tmp_path, [MOBILE], as_of=1), write(tmp_path, [MOBILE + 1], as_of=2)
    shelf.take({"dnc": announced(first)})
    assert shelf.settled(PATIENCE_S)
    said = announced(second)
    match spoil:
        case "missing":
            second.path.unlink()
        case "byte":
            second.path.write_bytes(second.path.read_bytes()[:-1] + b"?")
        case "date":
            said = announced(second, as_of=3)
        case "kind":
            said = announced(second, kind="consent")
        case "numbers":
            said = announced(second, numbers=7)
        case "version":
            said = announced(second, version="../../secret")
    shelf.take({"dnc": said})
    assert shelf.settled(PATIENCE_S)
    assert shelf.seen(["dnc"], HIT)["dnc"] == ListSeen("dnc", first.version, 1, True)
    assert shelf.states()["dnc"].trouble
    assert len(told) == 1
    assert f"version {first.version[:12]} stays in force" in told[0]


def test_a_file_that_comes_late_is_taken(shelf: Shelf, tmp_path: Path, told: Told) -> None:
    """Another machine's file is copied behind the announcement."""
    written = write(tmp_path, [MOBILE])
    away = written.path.rename(tmp_path / "away")
    lists = {"dnc": announced(written)}
    shelf.take(lists)
    assert shelf.settled(PATIENCE_S)
    assert shelf.seen(["dnc"], HIT) == {"dnc": ListSeen("dnc")}, "so nothing is dialled by it"
    assert "nothing is dialled" in told[0]
    shelf.take(lists)
    assert shelf.settled(PATIENCE_S)
    assert len(told) == 1, "said once"
    away.rename(written.path)
    shelf.take(lists)
    assert shelf.settled(PATIENCE_S)
    assert shelf.seen(["dnc"], HIT)["dnc"].hit
    assert not shelf.states()["dnc"].trouble


def test_trying_again_waits_its_time(tmp_path: Path, told: Told) -> None:
    now = [0.0]
    shelf = Shelf(tmp_path, told, again_s=5.0, clock=lambda: now[0])
    try:
        written = write(tmp_path, [MOBILE])
        away = written.path.rename(tmp_path / "away")
        lists = {"dnc": announced(written)}
        shelf.take(lists)
        assert shelf.settled(PATIENCE_S)
        away.rename(written.path)
        shelf.take(lists)
        assert shelf.settled(PATIENCE_S)
        assert not shelf.seen(["dnc"], HIT)["dnc"].version
        now[0] = 5.0
        shelf.take(lists)
        assert shelf.settled(PATIENCE_S)
        assert shelf.seen(["dnc"], HIT)["dnc"].version == written.version
    finally:
        shelf.close()


def test_a_list_that_is_not_announced_any_more_is_not_looked_up(shelf: Shelf, tmp_path: Path) -> None:
    shelf.take({"dnc": announced(write(tmp_path, [MOBILE]))})
    assert shelf.settled(PATIENCE_S)
    shelf.take({})
    assert shelf.settled(PATIENCE_S)
    assert shelf.seen(["dnc"], HIT) == {"dnc": ListSeen("dnc")}


def test_taking_the_same_again_costs_nothing(shelf: Shelf, tmp_path: Path) -> None:
    """It is called after every step of the log."""
    lists = {"dnc": announced(write(tmp_path, [MOBILE]))}
    shelf.take(lists)
    assert shelf.settled(PATIENCE_S)
    began = time.perf_counter()
    for _ in range(10_000):
        shelf.take(dict(lists))
    assert time.perf_counter() - began < 2


def test_an_exchange_is_whole_while_everybody_looks(shelf: Shelf, tmp_path: Path) -> None:
    """Even numbers or odd ones: a version and its hits always belong together, and no lookup waits or fails."""
    versions = [write(tmp_path, range(MOBILE + odd, MOBILE + 400_000, 2), as_of=odd) for odd in (0, 1)]
    facts = [{"dnc": announced(each)} for each in versions]
    known = {each.version: odd for odd, each in enumerate(versions)}
    shelf.take(facts[0])
    assert shelf.settled(PATIENCE_S)
    done = threading.Event()
    wrong: list[str] = []
    looked: dict[str, int] = dict.fromkeys(known, 0)

    def look(number: int) -> None:
        while not done.is_set():
            found = shelf.seen(["dnc"], f"+{MOBILE + number}")["dnc"]
            looked[found.version] = looked.get(found.version, 0) + 1
            if found.version not in known or found.hit != (number % 2 == known[found.version]) or found.as_of != known[found.version]:
                wrong.append(str(found))
            number = (number + 7) % 400_000

    threads = [threading.Thread(target=look, args=(start,)) for start in (0, 1, 1000, 200_001)]
    for each in threads:
        each.start()
    try:
        for turn in range(30):
            shelf.take(facts[turn % 2])
            until(lambda turn=turn: shelf.seen(["dnc"], HIT)["dnc"].version == versions[turn % 2].version)  # type: ignore[misc]
    finally:
        done.set()
        for each in threads:
            each.join()
    assert not wrong
    assert min(looked.values()) > 0


def test_announcements_faster_than_files_open_end_at_the_last(shelf: Shelf, tmp_path: Path) -> None:
    versions = [write(tmp_path, range(MOBILE, MOBILE + 50_000 + each)) for each in range(5)]
    for turn in range(60):
        shelf.take({"dnc": announced(versions[turn % 5])})
    assert shelf.settled(PATIENCE_S)
    assert shelf.seen(["dnc"], HIT)["dnc"].version == versions[59 % 5].version


def test_closing_ends_its_thread(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.take({"dnc": announced(write(tmp_path, [MOBILE]))})
    shelf.close()
    shelf.take({})
    assert not [each for each in threading.enumerate() if each.name == "lists" and each.is_alive()]
