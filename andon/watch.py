"""How a process says how it is: every few seconds, beside the log, for the board's `/metrics`; and how the board reads it.

Not what there is to say (`realtime/watched.py`, `agi/watched.py`) and not the page (`wallboard/metrics.py`). One page for
all roles rather than a port each: a role on another machine needs no address that a scraper reaches and nobody else may. What
is lost by it, a process seen only while the log's server is there, the board says itself (`andon_vitals_readable`).
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from andon import logs
from andon.roles.work import Work, store_of
from realtime.log import LogAway
from realtime.vitals import Family, Outside, Vitals, counter, counters, gauge
from realtime.vitals_redis import VitalsStore

EVERY_S: Final = 5.0
"""A third of Prometheus' usual 15 s, so that what it reads is no older than what it asks for; one small write to the log's server."""
LOOK_S: Final = 0.25
"""How often the event loop is asked whether it is late."""
GOODBYE_S: Final = 1.0
"""For the last word at the end; then the process is remembered as silent, which it is."""
PAGE: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096

Parts = Callable[[], list[Family]]


class Pulse:
    """What any process can say of itself. `run()` it in a task: it asks the loop whether it is late."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._began = time.time()
        self._late_s = 0.0
        self._disk: list[Family] = []

    async def run(self) -> None:
        while True:
            due = time.monotonic() + LOOK_S
            await asyncio.sleep(LOOK_S)
            self._late_s = max(self._late_s, time.monotonic() - due)

    async def look(self) -> None:
        """In a thread: a disk that hangs must not hang the reader of a PBX."""
        self._disk = await asyncio.to_thread(_disk, self._folder)

    def families(self) -> list[Family]:
        """The lateness is the worst since it was last asked for."""
        late_s, self._late_s = self._late_s, 0.0
        said = [
            gauge("andon_process_start_timestamp_seconds", "When the process began.", self._began),
            counter("andon_process_cpu_seconds", "Processor time it has used.", time.process_time()),
            gauge("andon_process_loop_late_seconds", "How late its event loop was, at worst, since it last said so.", late_s),
            counters("andon_process_log_lines", "Lines it has logged, by level.", "level", logs.counts.lines),
            counter("andon_process_withheld_log_lines", "Lines it did not log because the same was said too often.", logs.counts.withheld),
        ]
        return [*said, *_memory(), *self._disk]


def _memory() -> list[Family]:
    """Nothing where there is no /proc."""
    try:
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
        files = len(os.listdir("/proc/self/fd"))
    except (OSError, ValueError, IndexError):
        return []
    return [
        gauge("andon_process_resident_memory_bytes", "Memory that the process holds.", resident),
        gauge("andon_process_open_files", "Files and sockets it has open.", files),
    ]


def _disk(folder: Path) -> list[Family]:
    if sys.platform == "win32":
        return []
    try:
        disk = os.statvfs(folder)
    except OSError:
        return []
    return [
        gauge("andon_data_free_bytes", "Room left on the disk of the data folder.", disk.f_bavail * disk.f_frsize),
        gauge("andon_data_size_bytes", "Size of that disk.", disk.f_blocks * disk.f_frsize),
    ]


@asynccontextmanager
async def watched(work: Work, store: VitalsStore, role: str, parts: Parts, node: str = "") -> AsyncIterator[None]:
    """Says how this process is for as long as the body runs. One that ends as it should takes its word back."""
    pulse = Pulse(Path(work.settings.data.dir))
    name = f"{role} {node}".strip()
    try:
        async with _beside(pulse.run(), _say(store, pulse, role, node, parts)):
            yield
    except asyncio.CancelledError:
        await _retire(store, name)
        raise
    await _retire(store, name)


async def _say(store: VitalsStore, pulse: Pulse, role: str, node: str, parts: Parts) -> None:
    while True:
        await pulse.look()
        with suppress(LogAway):  # then its age grows, which is what there is to say
            await store.leave(Vitals(role, node, [*parts(), *pulse.families()]))
        logs.settle()
        await asyncio.sleep(EVERY_S)


async def _retire(store: VitalsStore, name: str) -> None:
    with suppress(LogAway, TimeoutError):
        async with asyncio.timeout(GOODBYE_S):
            await store.retire(name)


class Watching:
    """What the board knows of the others. `run()` it in a task; `outside()` is for `/metrics`, and never waits."""

    def __init__(self, store: VitalsStore, pulse: Pulse, parts: Parts) -> None:
        self._store = store
        self._pulse = pulse
        self._parts = parts
        self._known = Outside()
        self._read = 0.0
        self._process: list[Family] = []

    async def run(self) -> None:
        while True:
            await self._look()
            await self._pulse.look()
            self._process = self._pulse.families()
            logs.settle()
            await asyncio.sleep(EVERY_S)

    def outside(self) -> Outside:
        """Ages go on while the server is away."""
        since_s = time.monotonic() - self._read
        heard = [each._replace(age_s=each.age_s + since_s) for each in self._known.heard]
        return self._known._replace(heard=heard, own=[*self._process, *self._parts()])

    async def _look(self) -> None:
        try:
            heard = await self._store.read()
        except LogAway:
            self._known = self._known._replace(readable=False, log=None)
            return
        self._read = time.monotonic()
        self._known = Outside(heard, None, readable=True)
        with suppress(LogAway):  # a user that may not ask for INFO: the server watches itself then
            self._known = Outside(heard, await self._store.log(), readable=True)


@asynccontextmanager
async def watching(work: Work, parts: Parts) -> AsyncIterator[Watching]:
    store = store_of(work.settings)
    pulse = Pulse(Path(work.settings.data.dir))
    watch = Watching(store.vitals, pulse, parts)
    try:
        async with _beside(pulse.run(), watch.run()):
            yield watch
    finally:
        await store.close()


@asynccontextmanager
async def _beside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Runs them while the body runs; a crash of one ends both."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
