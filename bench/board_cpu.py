"""CPU of the board: how much of one core its process takes while 200 screens watch a busy floor.

User and system time of the process from `/proc`, divided by the time that went by; the same floor without screens is the
other side, so the difference is what the screens cost. All screens show the wall, as the board's public role sees it.
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import NamedTuple

from bench.line import Line, running
from bench.pbx import Load, PbxProcess, busy
from bench.results import Row
from bench.screens import Notes, Screens

AGENTS = 300
SCREENS = 200
"""Below what one address may have."""
SECONDS = 12.0
SETTLE_S = 2.0
LOADS = (Load(200, 1.1, 0.8), Load(1000, 5.5, 0.15))


def cpu_s(pid: int) -> float:
    """User and system seconds so far (proc(5): fields 14 and 15, counted after the name, which may hold blanks)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def share(line: Line, pbx: PbxProcess, messages_s: float, seconds: float) -> tuple[float, float]:
    """(percent of a core, messages a second that the PBX managed)."""
    pid = line.pids()["board"]
    streaming = asyncio.create_task(pbx.stream(messages_s, SETTLE_S + seconds))
    await asyncio.sleep(SETTLE_S)
    before, began = cpu_s(pid), time.perf_counter()
    streamed = await streaming
    used, went = cpu_s(pid) - before, time.perf_counter() - began
    return used / went * 100, streamed.messages / streamed.seconds


class Found(NamedTuple):
    watched: float
    """Percent of a core with the screens, and without."""
    alone: float
    messages_s: float
    frames_s: float
    """To each screen."""


async def measure(load: Load, agents: int = AGENTS, screens: int = SCREENS, seconds: float = SECONDS) -> Found:
    async with busy(load, agents) as pbx, running(pbx.port) as line:
        await line.until(lambda floor: len(floor["agents"]) >= agents * 0.8)
        alone, _ = await share(line, pbx, load.messages_s, seconds)
        notes = Notes()
        notes.keep = False
        async with Screens(line.board, screens, notes):
            first = notes.count
            watched, managed = await share(line, pbx, load.messages_s, seconds)
            frames = (notes.count - first) / screens / (seconds + SETTLE_S)
    return Found(watched, alone, managed, frames)


def run() -> list[Row]:
    rows = []
    for load in LOADS:
        found = asyncio.run(measure(load))
        unit = f"% of a core at {found.messages_s:.0f} messages/s, {found.frames_s:.1f} frames/s a screen"
        rows.append(Row(f"board_cpu_{load.messages_s:g}", found.watched, unit, found.alone))
    return rows


if __name__ == "__main__":
    from bench.results import show

    show(run())
