"""Runs the roles of one machine as child processes: in stages, each kept alive, ended in the reverse order.

Not one child (`keeper.py`), not what the roles are (`up.py`, `demo.py`). It holds no state of the floor and reads nothing
of what children say, so there is little that could break it; and when it is killed all the same, the children notice.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, TextIO

from andon.backoff import Bounds
from andon.keeper import END_S, Keeper, Listener, Role
from andon.logs import masked
from andon.say import Exit

FIRST_S: Final = 60.0
"""What the others wait for a role that must be ready first: Valkey reads a log of gigabytes in that time."""

Stage = Sequence[Role]


class Supervisor:
    """`stages` are started in order and ended in the reverse order, all of one stage at a time."""

    def __init__(self, stages: Sequence[Stage], listener: Listener, bounds: Bounds | None = None, end_s: float = END_S) -> None:
        bounds = bounds or Bounds()
        self._stages = [[Keeper(role, listener, bounds, end_s) for role in stage] for stage in stages]
        self._listener = listener
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Once: end everything in order. Twice: somebody is in a hurry, kill what has nothing to write out."""
        if self._stop.is_set():
            for stage in self._stages:
                for keeper in stage:
                    if keeper.role.end_s is None:
                        keeper.kill()
        self._stop.set()

    async def run(self) -> Exit:
        """Until `stop()`, or until a role says that its settings are wrong."""
        tasks: list[asyncio.Task[None]] = []
        try:
            for stage in self._stages:
                tasks += [asyncio.create_task(self._keep(keeper)) for keeper in stage]
                if not await self._first_ones_are_ready(stage):
                    break
            await self._stop.wait()
        finally:
            for stage in reversed(self._stages):
                await asyncio.gather(*(keeper.end() for keeper in stage))
            await asyncio.gather(*tasks)
        gave_up = any(keeper.gave_up for stage in self._stages for keeper in stage)
        return Exit.WRONG if gave_up else Exit.DONE

    async def _keep(self, keeper: Keeper) -> None:
        try:
            await keeper.run()
        finally:
            if keeper.gave_up:
                self._listener.news(keeper.role.name, "it cannot run with these settings; correct them and start again.")
            self._stop.set()  # also after a bug of our own: half a floor under a dead keeper helps nobody

    async def _first_ones_are_ready(self, stage: Sequence[Keeper]) -> bool:
        """False when everything is to end instead."""
        first = [keeper for keeper in stage if keeper.role.first]
        if not first:
            return not self._stop.is_set()
        ready = asyncio.create_task(_all_ready(first))
        stop = asyncio.create_task(self._stopped())
        await asyncio.wait({ready, stop}, timeout=FIRST_S, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done() and not stop.done():
            self._listener.news(first[0].role.name, f"it is not ready after {FIRST_S:g} s; the others start without it.")
        ready.cancel()
        stop.cancel()
        return not self._stop.is_set()

    async def _stopped(self) -> None:
        await self._stop.wait()


async def _all_ready(keepers: Sequence[Keeper]) -> None:
    for keeper in keepers:
        await keeper.is_ready.wait()


def obey_signals(supervisor: Supervisor) -> None:
    """Ctrl-C, `systemctl stop` and a closed terminal end it cleanly."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, supervisor.stop)


class Console:
    """A Listener that writes to two streams: what children say, each line with its role in front, and who is ready."""

    def __init__(self, out: TextIO, log: TextIO, as_json: bool, width: int = 12) -> None:
        self._out = out
        self._log = log
        self._as_json = as_json
        self._width = width

    def line(self, role: str, text: str) -> None:
        if self._as_json:  # JSON carries its role itself; what a child wrote before its log was set up, or as it died, does not
            self._write(self._log, text if text.startswith("{") else self._as_line(role, text, "info"))
        else:
            self._write(self._log, f"{role:<{self._width}} | {text}")

    def news(self, role: str, text: str) -> None:
        if self._as_json:
            self._write(self._log, self._as_line("andon", f"{role}: {text}", "warning"))
        else:
            self._write(self._log, f"{'andon':<{self._width}} | {role}: {text}")

    def _as_line(self, name: str, text: str, level: str) -> str:
        role, _, node = name.partition(" ")
        said = {"event": masked(text), "level": level, "timestamp": datetime.now(UTC).isoformat(), "role": role}
        return json.dumps(said | ({"node": node} if node else {}), ensure_ascii=False)

    def ready(self, role: str, text: str) -> None:
        if text:
            self._write(self._out, text)

    def _write(self, stream: TextIO, text: str) -> None:
        safe = "".join(character if character.isprintable() or character == "\t" else "?" for character in text)
        try:
            stream.write(safe + "\n")
            stream.flush()
        except (OSError, ValueError):  # the terminal is gone; the floor goes on
            return
