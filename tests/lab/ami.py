"""A small AMI client for the lab: it drives the pair and records what it reads.

It is deliberately not Andon's own client (`agi/`), or the tests would ask the code under test whether it is right.
It trusts its server: no limits, no reconnect, every event kept until it is closed (a lab session lasts minutes).
A dict per message; of a repeated key only the last value is kept, except `Output`, which is joined by line ends.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

Message = dict[str, str]
ANSWER_SECONDS = 10.0


class Refused(Exception):
    """Asterisk answered an action with an error."""


@dataclass
class Ami:
    """One session. `seen` has every event since the login, `raw` every byte."""

    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter
    seen: list[Message] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    keep_raw: bool = False
    _listeners: list[Callable[[Message], None]] = field(default_factory=list)
    _answers: dict[str, list[Message]] = field(default_factory=dict)
    _done: dict[str, asyncio.Future[None]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    @classmethod
    async def login(cls, port: int, username: str, secret: str, *, keep_raw: bool = False) -> Ami:
        """Connect to 127.0.0.1:port and log in, or raise OSError / Refused."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        ami = cls(reader, writer, keep_raw=keep_raw)
        try:
            banner = await reader.readline()
            if not banner:
                raise ConnectionError("closed before the banner")
            ami.raw += banner if keep_raw else b""
            ami._task = asyncio.create_task(ami._read())
            await ami.send("Login", Username=username, Secret=secret, action_id=None)
        except BaseException:
            await ami.close()
            raise
        return ami

    async def send(self, name: str, *, action_id: str | None = "", **headers: str) -> list[Message]:
        """Send one action and return its answers: the response, then a list's items and its end."""
        number = f"lab{next(self._numbers)}" if action_id == "" else action_id
        lines = [f"Action: {name}", *(f"{key}: {value}" for key, value in headers.items())]
        lines += [f"ActionID: {number}"] if number is not None else []
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a line end inside a header")
        if self._task is None or self._task.done():
            raise ConnectionError("the session has ended")
        key = number or ""
        self._answers[key], self._done[key] = [], asyncio.get_running_loop().create_future()
        self._writer.write("\r\n".join([*lines, "", ""]).encode(errors="surrogateescape"))
        await self._writer.drain()
        try:
            await asyncio.wait_for(self._done[key], ANSWER_SECONDS)
        finally:
            answers = self._answers.pop(key)
            del self._done[key]
        if answers[0].get("Response") == "Error":
            raise Refused(f"{name}: {answers[0].get('Message', '')}")
        return answers

    def listen(self, listener: Callable[[Message], None]) -> None:
        """Call back for each event, in order, from the reader task."""
        self._listeners.append(listener)

    async def wait_for(self, wanted: Callable[[Message], bool], seconds: float = 60.0, since: int = 0) -> Message:
        """The first event from index `since` of `seen` on that is wanted; waits for it; TimeoutError when it never comes."""
        async with asyncio.timeout(seconds):
            position = since
            while True:
                while position < len(self.seen):
                    if wanted(self.seen[position]):
                        return self.seen[position]
                    position += 1
                self._changed.clear()
                await self._changed.wait()

    async def event(self, name: str, seconds: float = 60.0, since: int = 0, **headers: str) -> Message:
        """`wait_for` by event name and exact header values."""
        wanted = {"Event": name, **headers}
        try:
            return await self.wait_for(lambda message: wanted.items() <= message.items(), seconds, since)
        except TimeoutError:
            raise TimeoutError(f"no {wanted} within {seconds} s") from None

    @property
    def mark(self) -> int:
        """An index for `since`: events from now on."""
        return len(self.seen)

    async def command(self, text: str) -> str:
        """A CLI command's output."""
        return (await self.send("Command", Command=text))[0].get("Output", "")

    async def wait_closed(self) -> None:
        """Until the far side has closed."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _read(self) -> None:
        block: list[bytes] = []
        with suppress(ConnectionError):
            while line := await self._reader.readline():
                self.raw += line if self.keep_raw else b""
                if line.strip():
                    block.append(line)
                elif block:
                    self._take(_message(block))
                    block = []
        for future in self._done.values():
            if not future.done():
                future.set_exception(ConnectionError("the session ended"))

    def _take(self, message: Message) -> None:
        key = message.get("ActionID", "")
        is_event = "Event" in message
        if key in self._done and (key or not is_event):
            self._answers[key].append(message)
            is_single = not is_event and message.get("EventList") != "start"
            if (is_single or message.get("EventList") == "Complete") and not self._done[key].done():
                self._done[key].set_result(None)
            return
        if is_event:
            self.seen.append(message)
            for listener in self._listeners:
                listener(message)
            self._changed.set()


def _message(block: list[bytes]) -> Message:
    message: Message = {}
    for line in block:
        key, _, value = line.decode(errors="replace").rstrip("\r\n").partition(":")
        value = value.removeprefix(" ")
        message[key] = f"{message[key]}\n{value}" if key == "Output" and key in message else value
    return message
