"""The outbound gate under 500 calls at a time, beside FastAGI servers that decide nothing; and from the stop key to the last dial.

In one run, in rounds that take turns: `andon gate` (200 rules a campaign, ten million listed numbers, a ledger on a Valkey of its own)
and the servers of `gate_rivals.py`, which say as many commands. `gate_p99_vs_echo` and `gate_p50_vs_echo`: milliseconds from before
connecting to the verdict; against a bare asyncio echo's. `gate_rate_vs_panoramisk`, `_pyst2`, `_echo`: verdicts a second; against theirs.
`gate_cpu_us_vs_echo`: CPU of the server's process for one call, which hardly minds what else the machine does; `gate_valkey_cpu_us`: what
the Valkey needs for it, beside. Each server is a process, the calls are one more; nothing is pinned.

Of `gate_parts.py`: `gate_us_...`, what one verdict costs by its parts. Of `stop.py`: `stop_ms`.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench import gate_floor, gate_parts, stop
from bench.gate_calls import Taken
from bench.results import Row
from realtime.lists.writing import Written
from tests.valkeys import Server

CALLS = 500
ROUNDS = 3
WARM_S = 1.0
SECONDS = 2.0
"""Of a round, after its warm-up: with three of them six for each server."""
READY_S = 60.0
RIVALS = ("echo", "panoramisk", "pyst2")
TICK = os.sysconf("SC_CLK_TCK")


class Side(NamedTuple):
    name: str
    port: int
    pid: int
    helper: int = 0
    """Another process that works for it."""


class Spent(NamedTuple):
    """One round of one server: CPU seconds of it and of its helper for each call, warm-up included."""

    taken: Taken
    cpu_s: float
    helper_s: float


class Measured(NamedTuple):
    """Over all rounds. Latencies in ms."""

    rate: float
    p50: float
    p99: float
    allowed: float
    commands: float
    cpu_us: float
    helper_us: float


def measure(
    calls: int = CALLS, rounds: int = ROUNDS, seconds: float = SECONDS, numbers: int = gate_floor.LISTED_NUMBERS
) -> dict[str, Measured]:
    """By name of the server, `gate` among them."""
    with tempfile.TemporaryDirectory(prefix="andon-gate-") as name, ExitStack() as stack:
        folder = Path(name)
        list_ = gate_floor.listed(folder / "data" / "lists", numbers)
        server = Server(folder / "valkey")
        server.start()
        stack.callback(server.kill)
        asyncio.run(_lay(server, list_))
        running = stack.enter_context(gate_floor.gate(folder, server))
        sides = [Side("gate", running.port, running.process.pid, running.server)]
        sides += [stack.enter_context(rival(each)) for each in RIVALS]
        _until_it_allows(sides[0], running)
        found: dict[str, list[Spent]] = {side.name: [] for side in sides}
        for number in range(rounds):
            for side in sides:
                found[side.name].append(_round(side, calls, seconds, seed=number + 2))
        return {name: _over(each) for name, each in found.items()}


async def _lay(server: Server, list_: Written) -> None:
    store = gate_floor.opened(server)
    try:
        await gate_floor.laid(store, list_)
    finally:
        await store.close()


@contextmanager
def rival(name: str) -> Iterator[Side]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.gate_rivals", name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        yield Side(name, int(process.stdout.readline()), process.pid)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def asked(side: Side, calls: int, warm_s: float, seconds: float, seed: int) -> Taken:
    words = [str(each) for each in (side.port, calls, warm_s, seconds, seed)]
    done = subprocess.run([sys.executable, "-m", "bench.gate_calls", *words], capture_output=True, check=True, text=True)
    return msgspec.json.decode(done.stdout, type=Taken)


def _until_it_allows(side: Side, running: gate_floor.Running) -> None:
    """Its floor is folded, its list open, its ledger joined."""
    end = time.monotonic() + READY_S
    while True:
        try:
            if asked(side, 2, 0.0, 0.3, 1).allowed > 0:
                return
        except subprocess.CalledProcessError:
            pass  # it does not listen yet
        if running.process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the gate allows nothing:\n{(running.folder / 'gate.log').read_text()[-3000:]}")


def _round(side: Side, calls: int, seconds: float, seed: int) -> Spent:
    server, helper = _cpu(side.pid), _cpu(side.helper)
    taken = asked(side, calls, WARM_S, seconds, seed)
    return Spent(taken, (_cpu(side.pid) - server) / taken.ended, (_cpu(side.helper) - helper) / taken.ended)


def _cpu(pid: int) -> float:
    """Seconds of this process so far, kernel included."""
    if not pid:
        return 0.0
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICK


def _over(rounds: Sequence[Spent]) -> Measured:
    verdicts = sorted(each for spent in rounds for each in spent.taken.verdicts_ms)
    count, seconds = len(verdicts), sum(spent.taken.seconds for spent in rounds)
    if broken := sum(spent.taken.broken for spent in rounds):
        raise RuntimeError(f"{broken} calls of {count} ended without a verdict")
    return Measured(
        count / seconds,
        verdicts[count // 2],
        verdicts[int(count * 0.99)],
        sum(spent.taken.allowed for spent in rounds) / count,
        sum(spent.taken.commands for spent in rounds) / count,
        statistics.mean(spent.cpu_s for spent in rounds) * 1e6,
        statistics.mean(spent.helper_s for spent in rounds) * 1e6,
    )


def rows_of(found: dict[str, Measured]) -> list[Row]:
    gate, echo = found["gate"], found["echo"]
    many = f"{CALLS} calls at a time"
    return [
        Row("gate_p99_vs_echo", gate.p99, f"ms from connecting to the verdict, p99, {many}; against a bare echo", echo.p99),
        Row("gate_p50_vs_echo", gate.p50, f"ms, the median, {many}; against a bare echo", echo.p50),
        *(
            Row(f"gate_rate_vs_{name}", gate.rate, f"verdicts a second, {many}; {name} decides nothing", found[name].rate)
            for name in RIVALS
        ),
        Row("gate_cpu_us_vs_echo", gate.cpu_us, "us of CPU in the gate's process a call; against a bare echo's", echo.cpu_us),
        Row("gate_valkey_cpu_us", gate.helper_us, "us of CPU in the Valkey a call; against the gate's own", gate.cpu_us),
    ]


def run() -> list[Row]:
    return [*rows_of(measure()), *gate_parts.run(), *stop.run()]


if __name__ == "__main__":
    from bench.results import show

    found = measure()
    for name, each in found.items():
        sys.stdout.write(f"{name:12}{each}\n")
    show(rows_of(found))
