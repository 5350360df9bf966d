"""One Asterisk process in a chroot tree: its folder, its start, its ways to end. `pair.py` makes two of them a floor.

The process dies with its parent (`setpriv --pdeathsig`): a killed test run leaves no Asterisk behind.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.lab.ami import Ami, Refused
from tests.lab.config import Site, render
from tests.lab.trees import Tree

START_SECONDS = 30.0
"""A start takes about a second; a machine under a parallel test run may need ten."""
STOP_SECONDS = 5.0
CLI_SECONDS = 15.0
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
FOLDERS = ("etc", "run", "log/cdr-csv", "log/cdr-custom", "spool/monitor", "spool/outgoing", "spool/tmp", "lib")


class DidNotStart(Exception):
    """The process ended or its AMI never answered; carries what it logged."""


@dataclass
class Server:
    """`home` is the server's folder on this machine, `site.home` the same inside the tree."""

    tree: Tree
    site: Site
    home: Path
    process: asyncio.subprocess.Process | None = None
    start_seconds: float = 0.0
    """How long the last start took, until AMI said FullyBooted."""

    @property
    def queue_log(self) -> Path:
        return self.home / "log/queue_log"

    @property
    def cdr(self) -> Path:
        return self.home / "log/cdr-csv/Master.csv"

    @property
    def spool(self) -> Path:
        return self.home / "spool/monitor"

    @property
    def messages(self) -> Path:
        return self.home / "log/messages"

    def write(self, extra: Mapping[str, str]) -> None:
        """Make the folders and the configuration."""
        for folder in FOLDERS:
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        for part in ("agi-bin", "keys", "sounds"):
            (self.home / "lib" / part).mkdir(exist_ok=True)
        for name, text in render(self.site, extra).items():
            (self.home / "etc" / name).write_text(text)

    async def start(self) -> None:
        """Start and wait until it takes calls."""
        began = time.monotonic()
        command = ("setpriv", "--pdeathsig", "KILL", "chroot", str(self.tree.path))
        self.process = await asyncio.create_subprocess_exec(
            *command,
            *("/usr/sbin/asterisk", "-f", "-C", f"{self.site.home}/etc/asterisk.conf"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        await self._wait_booted(began + START_SECONDS)
        self.start_seconds = time.monotonic() - began

    async def kill(self) -> None:
        """SIGKILL, as a power cut: no goodbye to anybody."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
            self.process = None

    async def stop(self) -> None:
        """`core stop now`, and what does not stop in time is killed."""
        if self.process is not None and self.process.returncode is None:
            with suppress(OSError, TimeoutError):
                await self.cli("core stop now")
                await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        await self.kill()

    async def cli(self, command: str) -> str:
        """What the console prints for a command."""
        words = ("chroot", str(self.tree.path), "/usr/sbin/asterisk", "-C", f"{self.site.home}/etc/asterisk.conf", "-rx", command)
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*words, stdin=nowhere, stdout=pipe, stderr=asyncio.subprocess.STDOUT)
        try:
            output, _ = await asyncio.wait_for(process.communicate(), CLI_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        return COLOUR.sub("", output.decode(errors="replace"))

    async def ami(self, username: str = "lab", *, keep_raw: bool = False) -> Ami:
        """A session of one of the accounts of manager.conf, straight to the server (past any proxy)."""
        return await Ami.login(self.site.ami, username, self.site.secret, keep_raw=keep_raw)

    def forget(self) -> None:
        """Delete everything it wrote."""
        shutil.rmtree(self.home, ignore_errors=True)

    async def _wait_booted(self, deadline: float) -> None:
        assert self.process is not None
        while time.monotonic() < deadline and self.process.returncode is None:
            try:
                session = await self.ami()
            except (OSError, Refused):  # not listening yet, or not yet taking log-ins
                await asyncio.sleep(0.05)
                continue
            try:
                await session.event("FullyBooted", seconds=deadline - time.monotonic())
                return
            except TimeoutError:
                break
            finally:
                await session.close()
        tail = self.messages.read_text(errors="replace")[-2000:] if self.messages.exists() else "it logged nothing"
        await self.kill()
        raise DidNotStart(f"{self.site.role} did not start: {tail}")
