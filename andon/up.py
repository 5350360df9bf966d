"""`andon up`: everything that one machine runs, from its settings. Also what a demo runs, which adds a PBX to it.

Not the supervising (`supervise.py`) and not the roles (`roles.py`): only which there are, and in which order.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from andon.archive.spools import archives
from andon.ask import leave_token
from andon.keeper import Role
from andon.load import load, tell
from andon.lock import InUse, Unusable, locked
from andon.logs import wants_json
from andon.roles.work import now_us
from andon.say import Exit, complain
from andon.settings import Settings
from andon.supervise import Console, Stage, Supervisor, obey_signals
from realtime import valkey
from wallboard.private_file import Unreadable

VALKEY_END_S: Final = valkey.STOP_S + 2.0
"""It has its own patience with the server, and must not be killed before that has run out."""


def up(path: Path, environment: Mapping[str, str]) -> Exit:
    reading = load(path, environment)
    tell(reading.findings)
    if reading.settings is None:
        complain(f"{path.name} has errors, so nothing was started; correct them, andon check shows them again.")
        return Exit.WRONG
    return run(reading.settings, environment)


def run(
    settings: Settings,
    environment: Mapping[str, str],
    before: Sequence[Stage] = (),
    for_s: float | None = None,
    beside: Sequence[Stage] = (),
) -> Exit:
    """Until a signal, or for `for_s` seconds. `before`: what is started ahead of everything; `beside`: what, behind all of it."""
    as_json = wants_json(environment, sys.stderr)
    folder = Path(settings.data.dir)
    try:
        with locked(folder):
            if not settings.data.redis:
                valkey.program()
            leave_token(folder, now_us())
            if settings.archive.run and not archives(settings):
                complain(
                    "No recordings are archived: no [[pbx]] spool is a folder on this machine; mount it, or write run = false in [archive]."
                )
            roles = [*before, *stages(settings, {**environment, "ANDON_LOG": "json" if as_json else "plain"}), *beside]
            width = max(len(role.name) for stage in roles for role in stage)
            console = Console(sys.stdout, sys.stderr, as_json, width)
            return asyncio.run(_run(Supervisor(roles, console), for_s))
    except InUse as error:
        complain(str(error))
        return Exit.FAILED
    except (Unusable, valkey.ValkeyRefused, Unreadable) as error:
        complain(str(error))
        return Exit.WRONG


async def _run(supervisor: Supervisor, for_s: float | None) -> Exit:
    obey_signals(supervisor)
    if for_s is not None:
        asyncio.get_running_loop().call_later(for_s, supervisor.stop)
    return await supervisor.run()


def stages(settings: Settings, environment: Mapping[str, str]) -> list[Stage]:
    """The log first, for everything else waits for it; adapters last, and so the first to end."""
    path = settings.path
    log = [child("valkey", path, environment, first=True, end_s=VALKEY_END_S)] if not settings.data.redis else []
    return [
        log,
        [child("engine", path, environment)],
        [
            child("board", path, environment),
            *([child("gate", path, environment)] if settings.agi.listen else []),
            *([child("mqtt", path, environment)] if settings.mqtt.url else []),
            *([child("archivist", path, environment)] if archives(settings) else []),
        ],
        [child("adapter", path, environment, node=node) for node in settings.nodes],
    ]


def child(
    role: str,
    path: str,
    environment: Mapping[str, str],
    *,
    node: str = "",
    options: Mapping[str, str] | None = None,
    first: bool = False,
    end_s: float | None = None,
) -> Role:
    words = [sys.executable, "-m", "andon.child", role, "--config", path]
    words += ["--node", node] if node else []
    words += [word for key, value in (options or {}).items() for word in ("--option", f"{key}={value}")]
    return Role(f"{role} {node}".strip(), words, environment, first, end_s)
