"""What the doctor looks at beside the PBXs: this machine, its folders and ports, the log's server, the database, the broker.

Each check is one function of the settings that says its verdict; none waits longer than its own patience, and none
changes anything. The PBX's part is `look_pbx.py`.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import platform
import shutil
import stat
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from andon.doctor import look_archive
from andon.doctor.judge_log import judge_log
from andon.doctor.verdict import Verdict, bad, ok, unknown, warn
from andon.roles.work import log_address
from andon.settings import PbxTable, Settings, address_of
from realtime import valkey
from realtime.log import LogAway
from realtime.log_faults import BadAddress
from realtime.redis_link import RedisLink
from wallboard.settings import is_loopback

PATIENCE_S: Final = 4.0
TIGHT: Final = 200_000_000
SCARCE: Final = 2_000_000_000
"""Bytes free: a busy floor writes some 300 MB a day of log and history together."""
STA_UNSYNC: Final = 0x40


def python(_settings: Settings) -> Verdict:
    said = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return ok("python", f"{said}.")


def our_clock(_settings: Settings) -> Verdict:
    """By the kernel (adjtimex), which knows whether a time service steers it; whom, it does not know."""
    status = _clock_status()
    if status is None:
        return unknown("time service", "The system does not tell whether its clock is kept right.", "timedatectl status")
    if status & STA_UNSYNC:
        return warn(
            "time service", "No time service keeps this machine's clock right; it will drift from the PBX's.", "timedatectl set-ntp true"
        )
    return ok("time service", "This machine's clock is kept right.")


def _clock_status() -> int | None:
    if not sys.platform.startswith("linux"):
        return None
    timex = (ctypes.c_long * 64)()  # larger than struct timex; `modes` 0 only reads
    with suppress(OSError, AttributeError):
        if ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex)) >= 0:
            # struct timex, 64 bits: modes, offset, freq, maxerror, esterror, then the int `status`.
            return int(timex[5]) & 0xFFFFFFFF
    return None


def data_folder(settings: Settings) -> Verdict:
    folder = Path(settings.data.dir)
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return bad("data folder", f"{folder} cannot be written by {_user()}. As root:", f"install -d -m 750 -o {_user()} {folder}")
    free = shutil.disk_usage(there).free
    if free < TIGHT:
        return bad(
            "data folder", f"Only {free / 1e6:.0f} MB are free under {folder}; the log will soon refuse. Make room:", f"df -h {there}"
        )
    if free < SCARCE:
        return warn("data folder", f"{free / 1e9:.1f} GB are free under {folder}, some days' worth.", f"df -h {there}")
    made = "" if folder.exists() else ", made at the first start"
    return ok("data folder", f"{folder}{made}, {free / 1e9:.0f} GB free.")


def _user() -> str:
    return os.environ.get("USER") or str(os.getuid())


def keys_folder(settings: Settings) -> Verdict:
    folder = Path(settings.data.dir) / "keys"
    if not folder.exists():
        return ok("keys", "No keys yet: the adapter makes them with the first number.")
    try:
        loose = [each for each in (folder, *folder.iterdir()) if stat.S_IMODE(each.stat().st_mode) & 0o077]
    except OSError as error:
        return unknown("keys", f"{folder} cannot be looked into ({error.strerror}); as Andon's user:", f"ls -la {folder}")
    if loose:
        return bad("keys", "Others on this machine can read the keys that numbers are sealed with.", f"chmod -R go= {folder}")
    return ok("keys", "Only Andon's user can read the keys.")


async def log_server(settings: Settings) -> Verdict:
    embedded = not settings.data.redis
    if embedded and not valkey.socket_path(Path(settings.data.dir)).exists():
        try:
            return ok("log", f"An embedded server starts with andon up ({Path(valkey.program()).name}).")
        except valkey.ValkeyRefused as error:
            return bad("log", str(error))
    try:
        link = RedisLink(log_address(settings), patience_s=PATIENCE_S)
        try:
            text, now = await link.call("INFO"), await link.call("TIME")
        finally:
            await link.close()
    except (LogAway, BadAddress) as error:
        if embedded:
            return ok("log", "The embedded server does not run now; andon up starts it.")
        return bad("log", str(error))
    return judge_log(_info(text), float(now[0]) + float(now[1]) / 1e6 - time.time(), embedded)


def _info(text: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in text.decode(errors="replace").splitlines() if ":" in line)
    return {key: value.strip() for key, _, value in lines}


async def database(settings: Settings) -> Verdict:
    url = settings.data.database
    if not url:
        return ok("database", f"SQLite under {settings.data.dir}.")
    parts = urlsplit(url.reveal())
    if parts.scheme.startswith("sqlite"):
        return ok("database", f"SQLite at {url}.")
    fault = await _connects(parts.hostname or "", parts.port or 5432)
    return (
        bad("database", f"{url} does not answer ({fault}): is it running, and does it let this machine in?")
        if fault
        else await _asked(url.reveal(), str(url))
    )


async def _asked(url: str, shown: str) -> Verdict:
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            version = (await connection.execute(text("show server_version"))).scalar()
    except (SQLAlchemyError, OSError) as error:
        return bad("database", f"{shown} refuses us ({str(error).splitlines()[0][:120]}): check user, password and pg_hba.conf.")
    finally:
        await engine.dispose()
    return ok("database", f"PostgreSQL {version} at {shown}.")


async def _connects(host: str, port: int) -> str:
    """Empty, or why not."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return "no answer"
    except OSError as error:
        return error.strerror or str(error)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return ""


async def broker(settings: Settings) -> Verdict | None:
    if not settings.mqtt.url:
        return None
    parts = urlsplit(settings.mqtt.url.reveal())
    fault = await _connects(parts.hostname or "", parts.port or (8883 if parts.scheme == "mqtts" else 1883))
    if fault:
        return bad("broker", f"The broker {settings.mqtt.url} does not answer ({fault}): is it running, is a firewall between?")
    return ok("broker", f"{settings.mqtt.url} answers.")


async def board_port(settings: Settings) -> Verdict:
    listen = settings.board.listen
    host, port = address_of(listen) or ("", 0)
    here = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - a comparison, nothing is bound
    if port == 0 or await _connects(here, port):
        return ok("port", f"{listen} is free for the board.")
    if b'"alive"' in await _healthz(here, port):
        # It tells a stranger no name of a floor, so whose board it is only a person knows: a demo's looks the same from here.
        return ok("port", f"A board of Andon answers on {listen}. Is it this one? Another, as a demo, would keep the port from it.")
    return bad(
        "port", f"Another program listens on {listen}. End it, or choose another port for [board] listen:", f"ss -ltnp 'sport = :{port}'"
    )


async def gate_port(settings: Settings) -> Verdict | None:
    """A gate closes without a word on a question that it does not know; whatever else listens there says something or waits."""
    listen = settings.agi.listen
    if not listen:
        return None
    host, port = address_of(listen) or ("", 0)
    here = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - a comparison, nothing is bound
    if await _connects(here, port):
        return ok("gate", f"{listen} is free for the gate that dialplans ask.")
    if await _says(here, port, b"agi_network: yes\nagi_network_script: doctor\n\n") == b"":
        return ok("gate", f"A gate answers on {listen}.")
    text = f"Another program listens on {listen}: agents' codes get no answer. End it, or change [agi] listen and ANDON_GATE:"
    return bad("gate", text, f"ss -ltnp 'sport = :{port}'")


async def _says(host: str, port: int, question: bytes) -> bytes | None:
    """What it answers until it closes; None when it does not close."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(question)
                return await reader.read(4096)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return None


async def _healthz(host: str, port: int) -> bytes:
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(f"GET /healthz HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
            answer = await reader.read(4096)
            writer.close()
            return answer
    return b""


def board_open(settings: Settings) -> Verdict:
    host, port = address_of(settings.board.listen) or ("", 0)
    if is_loopback(host):
        return ok("board", "The board is for this machine; a proxy with HTTPS brings it to others (docs/install-asterisk.md).")
    text = "The board speaks plain HTTP to the network: passwords and tokens can be read on the way. Put a proxy before it and set:"
    return warn("board", text, f'listen = "127.0.0.1:{port}"', "andon deploy show nginx/andon.conf")


def files_of_pbx(settings: Settings) -> Verdict | None:
    """queue_log, where the settings name it."""
    lacking = [path for pbx in settings.pbx for path in _unreadable(pbx)]
    if lacking:
        path = lacking[0]
        text = f"{path} is to be read and cannot be, so what a gap swallowed stays unknown. As root, for Andon's user:"
        return warn("files", text, f"usermod -aG asterisk {_user()}   # then log in anew", f"ls -la {path}")
    read = [pbx.queue_log for pbx in settings.pbx if pbx.queue_log]
    if not read:
        return warn("files", "No queue_log is set: calls that came while the line was cut stay unknown. On the PBX's machine, in [[pbx]]:",
                    'queue_log = "/var/log/asterisk/queue_log"')  # fmt: skip
    return ok("files", f"{read[0]} can be read.")


def _unreadable(pbx: PbxTable) -> list[str]:
    return [pbx.queue_log] if pbx.queue_log and not os.access(pbx.queue_log, os.R_OK) else []


FILES: Final[Sequence[Callable[[Settings], Verdict | None]]] = (
    python,
    our_clock,
    data_folder,
    keys_folder,
    board_open,
    files_of_pbx,
    *look_archive.FILES,
)
"""Looked at in threads: a disk that hangs must not hold up the rest."""
SERVERS: Final[Sequence[Callable[[Settings], Awaitable[Verdict | None]]]] = (log_server, database, broker, board_port, gate_port)


async def look(settings: Settings) -> list[Verdict]:
    files = (asyncio.to_thread(check, settings) for check in FILES)
    now = time.time_ns() // 1_000
    servers = (*(check(settings) for check in SERVERS), *(check(settings, now) for check in look_archive.SERVERS))
    found: list[Verdict | None] = await asyncio.gather(*files, *servers)
    return [verdict for verdict in found if verdict is not None]
