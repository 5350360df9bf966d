"""A TCP link in front of an AMI port that a test can cut, stall and mend.

It moves bytes and knows nothing of AMI. `cut` is a pulled cable as the far side sees it at once (reset, then refused);
`stall` is the worse one: the link stays up and nothing comes through.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

CHUNK = 65_536


@dataclass
class Proxy:
    """`await Proxy.open(target_port)`; clients connect to `port`."""

    target: int
    port: int = 0
    links: int = 0
    """How many links were made since the start."""
    _server: asyncio.Server | None = None
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    async def open(cls, target: int) -> Proxy:
        proxy = cls(target)
        proxy._flowing.set()
        await proxy._listen()
        return proxy

    async def cut(self) -> None:
        """Reset every link and refuse new ones until `mend`."""
        await self._stop_listening()
        self.drop()

    def drop(self) -> None:
        """Reset every link; new ones are taken at once."""
        for writer in self._writers:
            writer.transport.abort()

    async def mend(self) -> None:
        """Take links again, on the same port."""
        if self._server is None:
            await self._listen()

    def stall(self) -> None:
        """Links stay open, no byte passes either way until `resume`."""
        self._flowing.clear()

    def resume(self) -> None:
        self._flowing.set()

    async def close(self) -> None:
        await self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
            await asyncio.sleep(0)

    async def _accept(self, client_reader: asyncio.StreamReader, client_writer: asyncio.StreamWriter) -> None:
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:  # the PBX is down: so is the link
            client_writer.transport.abort()
            return
        self.links += 1
        pair = {client_writer, server_writer}
        self._writers |= pair
        for reader, writer in ((client_reader, server_writer), (server_reader, client_writer)):
            task = asyncio.create_task(self._pump(reader, writer, pair))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pair: set[asyncio.StreamWriter]) -> None:
        try:
            while data := await reader.read(CHUNK):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass  # cut by us, or by either end
        finally:
            for each in pair:
                each.transport.abort() if writer.transport.is_closing() else each.close()
            self._writers -= pair
