"""Memory of the real processes: each role's, what an agent adds to it, and what a screen adds to the board.

Proportional set size (`Pss`: shared pages divided among those who share them), when the floor has settled; two sizes of
floor and two numbers of screens give the slopes. The yardstick of a process is a bare Python that does nothing.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bench.line import Line, running
from bench.pbx import LOADS, busy
from bench.results import Row
from bench.screens import Notes, Screens

ROLES = ("adapter", "engine", "board")
AGENTS = (1_000, 4_000)
SCREENS = (20, 220)
"""Below what one address may have."""
SETTLE_S = 6.0
"""After the first floor: the engine's first checkpoint has been written, and freed. Twice that after the screens have come: what
a handshake needed is let go after ten seconds (`wallboard.wire.FIRST_REQUEST_S`)."""
AIM_SCREEN_KB = 15.0
Sizes = dict[str, float]


def pss_kb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return float(next(line for line in lines if line.startswith("Pss:")).split()[1])


async def sizes(line: Line) -> Sizes:
    pids = line.pids()
    return {role: pss_kb(pids[role]) for role in ROLES}


async def bare_python() -> float:
    """Kilobytes of an interpreter that waits."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    await asyncio.sleep(1.0)
    size = pss_kb(process.pid)
    await process.communicate(b"\n")
    return size


async def settled(line: Line, agents: int, settle_s: float) -> Sizes:
    await line.until(lambda floor: len(floor["agents"]) >= agents * 0.8)
    await asyncio.sleep(settle_s)
    return await sizes(line)


async def with_screens(line: Line, counts: tuple[int, int], settle_s: float) -> float:
    """Kilobytes that one more screen costs the board. The first ones also pay for what all share."""
    notes = Notes()
    notes.keep = False
    async with Screens(line.board, counts[0], notes):
        await asyncio.sleep(settle_s)
        few = (await sizes(line))["board"]
        async with Screens(line.board, counts[1] - counts[0], notes):
            await asyncio.sleep(settle_s)
            many = (await sizes(line))["board"]
    return (many - few) / (counts[1] - counts[0])


async def measure(
    agents: tuple[int, int] = AGENTS, screens: tuple[int, int] = SCREENS, settle_s: float = SETTLE_S
) -> tuple[float, Sizes, Sizes, float]:
    """(bare Python, sizes with few agents, with many, a screen), in kilobytes."""
    bare = await bare_python()
    found: list[Sizes] = []
    for count in agents:
        async with busy(LOADS[0], count) as pbx, running(pbx.port) as line:
            found.append(await settled(line, count, settle_s))
            if len(found) == 1:
                screen = await with_screens(line, screens, 2 * settle_s)
    return bare, found[0], found[1], screen


def run() -> list[Row]:
    bare, few, many, screen = asyncio.run(measure())
    rows = [Row(f"memory_{role}_mb", few[role] / 1024, "MB", bare / 1024) for role in ROLES]
    per_agent = {role: (many[role] - few[role]) / (AGENTS[1] - AGENTS[0]) for role in ROLES}
    rows += [Row(f"memory_agent_{role}_kb", per_agent[role], "kB an agent", per_agent["engine"]) for role in ROLES]
    return [*rows, Row("memory_screen_kb", screen, "kB a screen", AIM_SCREEN_KB)]


if __name__ == "__main__":
    from bench.results import show

    show(run())
