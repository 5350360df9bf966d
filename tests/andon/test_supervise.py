"""The supervisor with real child processes that misbehave: what dies comes back, what ends ends in order, nothing is left."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from andon.backoff import BackOff, Bounds
from andon.keeper import NEVER_BEGAN, Role, ended_how
from andon.lines import LINE_MAX, Lines
from andon.lock import InUse, Unusable, locked
from andon.say import Exit
from andon.supervise import Console, Supervisor

HERE = Path(__file__).parent
QUICK = Bounds(first_s=0.02, most_s=0.1)
DEADLINE_S = 20.0


class Heard:
    """A Listener that remembers."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.told: list[tuple[str, str]] = []
        self.served: list[tuple[str, str]] = []

    def line(self, role: str, text: str) -> None:
        self.lines.append((role, text))

    def news(self, role: str, text: str) -> None:
        self.told.append((role, text))

    def ready(self, role: str, text: str) -> None:
        self.served.append((role, text))


class House:
    def __init__(self, folder: Path) -> None:
        self.journal = folder / "journal"
        self.heard = Heard()

    def role(self, name: str, behaviour: str, first: bool = False) -> Role:
        return Role(name, [sys.executable, str(HERE / "toy.py"), str(self.journal), name, behaviour], dict(os.environ), first)

    def entries(self) -> list[tuple[str, str, int]]:
        if not self.journal.exists():
            return []
        return [(name, word, int(pid)) for name, word, pid in map(str.split, self.journal.read_text().splitlines())]

    def noted(self, word: str) -> list[str]:
        return [name for name, said, _ in self.entries() if said == word]

    @contextlib.asynccontextmanager
    async def running(self, *stages: list[Role], end_s: float = 5.0) -> AsyncIterator[tuple[Supervisor, asyncio.Task[Exit]]]:
        supervisor = Supervisor(stages, self.heard, QUICK, end_s)
        task = asyncio.create_task(supervisor.run())
        try:
            yield supervisor, task
        finally:
            supervisor.stop()
            await task


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # other processes' doings raise no event here


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):  # a zombie that nobody has reaped is as dead
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


# ---------------------------------------------------------------- living and ending


async def test_stages_end_in_the_reverse_order(house: House) -> None:
    stages = [
        [house.role("valkey", "serve", first=True)],
        [house.role("engine", "serve")],
        [house.role("a1", "serve"), house.role("a2", "serve")],
    ]
    async with house.running(*stages) as (supervisor, task):
        await until(lambda: len(house.noted("serves")) == 4)
        assert house.noted("serves")[0] == "valkey"
        supervisor.stop()
        assert await task == Exit.DONE
    ends = house.noted("ends")
    assert (set(ends[:2]), ends[2:]) == ({"a1", "a2"}, ["engine", "valkey"])
    assert not [pid for _, _, pid in house.entries() if alive(pid)]


async def test_what_dies_is_started_again(house: House) -> None:
    async with house.running([house.role("poor", "dies_often")]):
        await until(lambda: house.heard.served == [("poor", "poor serves")])
    assert house.noted("dies") == ["poor"] * 4
    assert [text.partition(";")[0] for _, text in house.heard.told] == ["it ended with exit code 1"] * 3
    assert house.heard.lines == [("poor", "something is wrong")] * 3


async def test_a_killed_child_is_started_again_and_nobody_else_notices(house: House) -> None:
    async with house.running([house.role("one", "serve"), house.role("two", "serve")]):
        await until(lambda: len(house.noted("serves")) == 2)
        os.kill(next(pid for name, _, pid in house.entries() if name == "one"), signal.SIGKILL)
        await until(lambda: house.noted("serves").count("one") == 2)
    assert house.noted("serves").count("two") == 1
    assert house.heard.told[0][1].startswith("it was ended by SIGKILL; it is started again in 0.0")


async def test_wrong_settings_end_everything(house: House) -> None:
    async with house.running([house.role("fine", "serve", first=True)], [house.role("picky", "wrong")]) as (_, task):
        assert await task == Exit.WRONG
    assert house.noted("ends") == ["fine"]
    assert ("picky", "it cannot run with these settings; correct them and start again.") in house.heard.told


async def test_wrong_settings_of_what_comes_first_let_nothing_start(house: House) -> None:
    async with house.running([house.role("picky", "wrong", first=True)], [house.role("fine", "serve")]) as (_, task):
        assert await task == Exit.WRONG
    assert house.noted("serves") == []


async def test_who_does_not_end_is_killed(house: House) -> None:
    async with house.running([house.role("deaf", "stubborn")], end_s=0.2):
        await until(lambda: bool(house.heard.served))
    assert ("deaf", "it did not end within 0.2 s and is killed.") in house.heard.told
    assert not [pid for _, _, pid in house.entries() if alive(pid)]


async def test_a_second_signal_does_not_wait(house: House) -> None:
    async with house.running([house.role("deaf", "stubborn")], end_s=60.0) as (supervisor, task):
        await until(lambda: bool(house.heard.served))
        supervisor.stop()
        supervisor.stop()
        async with asyncio.timeout(DEADLINE_S):
            await task


async def test_a_child_of_a_dead_child_ends_before_the_next_begins(house: House) -> None:
    async with house.running([house.role("parent", "leaves_one_behind")]):
        await until(lambda: len(house.noted("left")) >= 2)
        left = [pid for _, word, pid in house.entries() if word == "left"]
        assert not alive(left[0])
    assert not any(map(alive, left))


async def test_a_program_that_is_not_there(house: House) -> None:
    async with house.running([Role("none", ["/no/such/program"], {})]):
        await until(lambda: len(house.heard.told) >= 4)
    assert house.heard.told[0] == ("none", "it cannot be started (No such file or directory).")
    assert house.heard.told[1][1].startswith("it never began; it is started again in")


async def test_what_children_say(house: House) -> None:
    async with house.running([house.role("talker", "talks")]):
        await until(lambda: house.noted("serves") == ["talker"])
    texts = [text for _, text in house.heard.lines]
    assert texts[:2] == ["half a line 中", "\ufffd\x1b[2J"]
    assert sum(map(len, texts[2:-1])) == 100_000
    assert max(map(len, texts)) <= LINE_MAX
    assert texts[-1] == "last without end"


def test_console_prefixes_and_keeps_terminals_safe() -> None:
    out, log = io.StringIO(), io.StringIO()
    console = Console(out, log, as_json=False, width=6)
    console.line("board", "bad \x1b[2J")
    console.line("board", "{}")
    console.ready("board", "The wall is at x")
    console.ready("engine", "")
    assert log.getvalue() == "board  | bad ?[2J\nboard  | {}\n"
    assert out.getvalue() == "The wall is at x\n"


def test_json_stays_json() -> None:
    log = io.StringIO()
    Console(log, log, as_json=True).line("board", '{"event": "x"}')
    assert log.getvalue() == '{"event": "x"}\n'


# ---------------------------------------------------------------- back-off, in no time at all


def test_waits_double_up_to_a_bound_and_a_stable_minute_forgets() -> None:
    back_off = BackOff(Bounds())
    assert [back_off.after(0.0, 1.0) for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert back_off.after(59.0, 0.0) == 15.0
    assert back_off.after(60.0, 1.0) == 0.5
    assert back_off.after(0.0, 0.0) == 0.5


def test_a_thousand_deaths_are_no_overflow() -> None:
    back_off = BackOff(Bounds())
    assert max(back_off.after(0.0, 1.0) for _ in range(1_000)) == 30.0


def test_ends_in_words() -> None:
    assert [ended_how(code) for code in (0, 1, -9, -15, -64, NEVER_BEGAN)] == [
        "it ended with exit code 0", "it ended with exit code 1", "it was ended by SIGKILL", "it was ended by SIGTERM",
        "it was ended by SIGRTMAX", "it never began",
    ]  # fmt: skip


def test_lines_in_any_split() -> None:
    data = "a\r\n中\n\nz".encode()
    for cut in range(len(data)):
        lines = Lines()
        assert [*lines.feed(data[:cut]), *lines.feed(data[cut:]), *lines.end()] == ["a", "中", "", "z"]


# ---------------------------------------------------------------- the supervisor itself dies


@pytest.fixture
def overseer(house: House) -> subprocess.Popen[bytes]:
    words = [sys.executable, str(HERE / "overseer.py"), str(house.journal)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_child_outlives_it(house: House, overseer: subprocess.Popen[bytes], number: int) -> None:
    def wait_for(condition: Callable[[], bool]) -> None:
        end = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < end, house.entries()
            time.sleep(0.01)

    wait_for(lambda: len(house.noted("serves")) == 3)
    children = [pid for _, _, pid in house.entries()]
    assert all(map(alive, children))
    overseer.send_signal(number)
    code = overseer.wait(DEADLINE_S)
    assert code == (-number if number == signal.SIGKILL else 0)
    wait_for(lambda: not any(map(alive, children)))
    assert set(house.noted("ends")) == {"first", "second"}


# ---------------------------------------------------------------- one a folder


def test_a_folder_is_used_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    said = rf"Another andon up \(process {os.getpid()}\) runs on .*data; stop it"
    with locked(folder), pytest.raises(InUse, match=said), locked(folder):
        raise AssertionError("two at once")
    with locked(folder), locked(folder, "engine"):
        assert (folder / "andon-up.lock").exists()


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(Unusable, match="cannot be used"), locked(tmp_path / "data"):
        raise AssertionError("a file is no folder")
