"""A floor for tests: a real PBX and a real world (phones, customers, a carrier) that calls it, both on 127.0.0.1.

    async with Pair.open("sid") as pair:
        ...pair.ami_port, pair.secret, pair.queue_log...

Several pairs run at once: each has its own folders in the tree and its own block of ports. What the people of the
world do is in `people.py`, a whole load in `drive.py`. Accounts of the PBX, all with `pair.secret`: `facts` (what
Andon reads with), `control` (acts), `watch` (all), `record` (transcripts), `lab` (the tests' own hands).
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab.config import Site
from tests.lab.ports import PortBlock, take_block
from tests.lab.proxy import Proxy
from tests.lab.server import Server
from tests.lab.trees import Impossible, Tree, ensure_tree, lab_dir


class NoTree(Exception):
    """There is no Asterisk on this machine: `reason` is an `Impossible`."""

    def __init__(self, reason: Impossible) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass
class Pair:
    """Made by `open` or `start`; `stop` always leaves no process, port or file behind."""

    release: str
    node: str
    secret: str
    pbx: Server
    world: Server
    proxy: Proxy
    ports: PortBlock

    @classmethod
    @asynccontextmanager
    async def open(cls, release: str, **options: object) -> AsyncIterator[Pair]:
        """`start` and `stop` around a block; options are `start`'s."""
        pair = await cls.start(release, **options)  # type: ignore[arg-type]
        try:
            yield pair
        finally:
            await pair.stop()

    @classmethod
    async def start(
        cls,
        release: str,
        *,
        node: str = "north1",
        parking_seconds: int = 45,
        extra_pbx: Mapping[str, str] | None = None,
        extra_world: Mapping[str, str] | None = None,
    ) -> Pair:
        """Both servers up and the phones reachable. `extra_*` append text to configuration files by name."""
        tree = await asyncio.to_thread(ensure_tree, release)
        if isinstance(tree, Impossible):
            raise NoTree(tree)
        ports, secret = take_block(lab_dir()), secrets.token_hex(8)
        name = f"pair-{ports.number}"  # ours alone while we hold the block, so what a killed run left there may go
        shutil.rmtree(tree.path / "srv" / name, ignore_errors=True)
        pbx = _server(tree, name, "pbx", node, secret, ports, parking_seconds)
        world = _server(tree, name, "world", "world", secret, ports, parking_seconds)
        pair = cls(release, node, secret, pbx, world, await Proxy.open(ports.pbx_ami), ports)
        try:
            pbx.write(extra_pbx or {})
            world.write(extra_world or {})
            await world.start()
            await pbx.start()
            await pair.wait_reachable()
        except BaseException:
            await pair.stop()
            raise
        return pair

    async def stop(self) -> None:
        """End both servers and delete what they wrote."""
        await self.proxy.close()
        await asyncio.gather(self.pbx.kill(), self.world.kill())
        shutil.rmtree(self.pbx.home.parent, ignore_errors=True)
        self.ports.release()

    # --- what a test does to the PBX

    async def kill_pbx(self) -> None:
        """As a power cut."""
        await self.pbx.kill()

    async def start_pbx(self) -> None:
        """After `kill_pbx` or `stop_pbx`: same folders, same ports."""
        await self.pbx.start()
        await self.wait_reachable()

    async def stop_pbx(self) -> None:
        """`core stop now`: AMI sessions see a Shutdown event."""
        await self.pbx.stop()

    async def restart_pbx(self) -> None:
        """`core stop now` and a start."""
        await self.stop_pbx()
        await self.start_pbx()

    async def reload(self, module: str = "app_queue.so") -> str:
        return await self.pbx.cli(f"module reload {module}")

    async def cli(self, command: str) -> str:
        return await self.pbx.cli(command)

    async def queue_show(self) -> str:
        """`queue show`, for `oracle.members`."""
        return await self.pbx.cli("queue show")

    # --- where things are

    @property
    def ami_port(self) -> int:
        """The PBX's own AMI port."""
        return self.ports.pbx_ami

    @property
    def proxy_port(self) -> int:
        """The same through `proxy`, which can be cut and stalled."""
        return self.proxy.port

    @property
    def queue_log(self) -> Path:
        return self.pbx.queue_log

    @property
    def cdr(self) -> Path:
        return self.pbx.cdr

    @property
    def spool(self) -> Path:
        """Where MixMonitor writes."""
        return self.pbx.spool

    async def wait_reachable(self, seconds: float = 60.0) -> None:
        """Until every phone's contact answers: before that its member is unavailable and no queue rings it."""
        async with asyncio.timeout(seconds):
            while True:
                contacts = await self.pbx.cli("pjsip show contacts")
                if "Avail" in contacts and not any(word in contacts for word in ("Unknown", "NonQual", "Unavail")):
                    return
                await asyncio.sleep(0.1)


def _server(tree: Tree, name: str, role: str, node: str, secret: str, ports: PortBlock, parking_seconds: int) -> Server:
    is_pbx = role == "pbx"
    home = f"srv/{name}/{role}"
    modules = next(tree.path.glob("usr/lib/**/asterisk/modules"))
    site = Site(
        role=role,
        home=f"/{home}",
        node=node,
        asterisk=tree.asterisk,
        modules=f"/{modules.relative_to(tree.path)}",
        secret=secret,
        ami=ports.pbx_ami if is_pbx else ports.world_ami,
        sip=ports.pbx_sip if is_pbx else ports.world_sip,
        peer_sip=ports.world_sip if is_pbx else ports.pbx_sip,
        rtp=ports.pbx_rtp if is_pbx else ports.world_rtp,
        parking_seconds=parking_seconds,
    )
    return Server(tree, site, tree.path / home)
