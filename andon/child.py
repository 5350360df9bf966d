"""One role as a process: settings, logs, signals and lifeline around what `roles.py` does. `python -m andon.child ROLE`.

Not the command line for people (`command.py`, whose `adapter`, `engine` and `board` end here too). Exit codes: 0 when it
was told to end, 2 when starting it again would be no use, else the process died of a bug or of its surroundings.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Final

import structlog

from andon import lifeline, logs
from andon.keeper import READY
from andon.load import settings_or_complaint, settings_path
from andon.roles.work import RoleRefused, Work
from andon.say import Exit, complain
from andon.settings import Settings
from realtime.valkey import STOP_S, ValkeyRefused

ROLES: Final = ("adapter", "archivist", "board", "crowd", "engine", "gate", "mqtt", "raters", "simulator", "valkey")
FAST: Final = frozenset({"adapter", "board", "gate"})
"""Roles whose event loop is what limits them: they get uvloop."""
GRACE_S: Final = {"valkey": STOP_S + 2.0}
"""Roles that need longer than others to end when their supervisor is gone."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m andon.child", description="One role of Andon, as its supervisor starts it.")
    parser.add_argument("role", choices=ROLES)
    parser.add_argument("--config")
    parser.add_argument("--node", default="")
    parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE")
    said = parser.parse_args(arguments)
    options = dict(each.split("=", 1) for each in said.option)
    return run(said.role, settings_path(said.config), said.node, options)


def run(role: str, path: Path, node: str = "", options: dict[str, str] | None = None) -> Exit:
    settings = settings_or_complaint(path)
    if settings is None:
        return Exit.WRONG
    logs.set_up(role, logs.wants_json(os.environ, sys.stderr), level=logs.level_of(os.environ), node=node)
    code = Exit.DONE
    try:
        with asyncio.Runner(loop_factory=_fast_loop if role in FAST else None) as runner:
            runner.run(_live(role, settings, node, options or {}))
    except* RoleRefused as refused:
        complain(_first(refused))
        code = Exit.WRONG
    except* ValkeyRefused as refused:  # may pass: a server of before that is still writing out
        complain(_first(refused))
        code = Exit.FAILED
    except* Exception as bug:  # said in the form of the log, then the process ends as it would have
        structlog.get_logger().critical("it cannot go on", exc_info=bug)
        code = Exit.FAILED
    logs.settle(everything=True)
    return code


async def _live(role: str, settings: Settings, node: str, options: dict[str, str]) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def orphaned() -> None:
        loop.call_soon_threadsafe(stop.set)

    supervised = lifeline.watch(orphaned, grace_s=GRACE_S.get(role, lifeline.GRACE_S))
    log = structlog.get_logger()

    def ready(text: str) -> None:
        if supervised:
            sys.stdout.write(f"{READY}{text}\n")
            sys.stdout.flush()
        elif text:
            log.info(text)

    await importlib.import_module(f"andon.roles.{role}").run(Work(settings, node, options, stop, ready))


def _fast_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # no such loop on Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def _first(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
