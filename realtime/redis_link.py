"""One connection to Redis or Valkey that we own: exchanges in order, bounded in time, every fault a LogAway with a sentence.

Not a pool and not redis-py's client: the connection is what proves that the server is still the same process, so it must
never be replaced behind our back. On opening, a *writing* link looks at the server's run_id and moves the floor's epoch on
when it is another one than before. redis-py does the wire: its Connection costs half of what its client does for a call.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from redis import exceptions as fault
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from realtime.log import LogAway
from realtime.log_faults import BadAddress

PATIENCE_S = 5.0
"""A healthy server answers within milliseconds, and rewriting its file holds it up for less than 2 s."""

Argument = str | bytes | int
Command = Sequence[Argument]


class Script:
    """A Lua script, sent by its hash; the server forgets scripts when it restarts, so the source is at hand."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.sha = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


HELLO = Script("""
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if redis.call('HGET', KEYS[1], 'run') ~= run then
  redis.call('HINCRBY', KEYS[1], 'number', 1)
  redis.call('HSET', KEYS[1], 'run', run)
end
return run
""")
"""KEYS: the epoch. INFO takes 40 us, hence once a connection and not once an append."""


def floor_key(floor: str, *parts: str) -> str:
    """`{floor}:facts`: the braces make the floor the hash tag, so one floor is one shard of a cluster."""
    if not floor or set(floor) & set("{}"):
        raise BadAddress(f"The floor's name {floor!r} is empty or has a brace in it: give floor.name a plain word.")
    return ":".join((f"{{{floor}}}", *parts))


class RedisLink:
    """Opened when first used and again after each fault. `epoch_key`: for links that write."""

    def __init__(self, url: str, epoch_key: str = "", patience_s: float = PATIENCE_S) -> None:
        self.where = _without_secrets(url)
        self.run = ""
        self._make_connection = _maker(url)
        self._epoch_key = epoch_key
        self._patience_s = patience_s
        self._connection: AbstractConnection | None = None
        self._turn = asyncio.Lock()

    async def open(self) -> str:
        """The run_id of the server behind the connection; empty for a reading link."""
        async with self.exchange([]):
            return self.run

    async def script(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        tail = (len(keys), *keys, *arguments)
        async with self.exchange([("EVALSHA", script.sha, *tail)]) as replies:
            try:
                return await replies.next()
            except fault.NoScriptError:
                return await replies.ask(("EVAL", script.source, *tail))

    async def call(self, *command: Argument) -> Any:
        async with self.exchange([command]) as replies:
            return await replies.next()

    @asynccontextmanager
    async def exchange(self, commands: Sequence[Command], wait_s: float = 0.0) -> AsyncIterator[Replies]:
        """Sends all at once, then gives the replies one by one. Whatever is raised inside closes the connection, since
        a reply may still be under way. `wait_s`: how long the server was told to wait."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._patience_s + wait_s):
                    replies = Replies(await self._opened())
                    await replies.send(commands)
                    yield replies
            except BaseException as error:
                await self.drop()
                if (sentence := _sentence(error, self.where)) is not None:
                    raise LogAway(sentence) from error
                raise

    async def drop(self) -> None:
        """Closes the connection; the next exchange opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.disconnect(nowait=True)

    async def close(self) -> None:
        async with self._turn:
            await self.drop()

    async def _opened(self) -> AbstractConnection:
        if self._connection is None:
            self._connection = connection = self._make_connection()
            await connection.connect()  # type: ignore[no-untyped-call]
            if self._epoch_key:
                hello = ("EVAL", HELLO.source, 1, self._epoch_key)
                self.run = (await Replies(connection).ask(hello)).decode()
        return self._connection


class Replies:
    """The answers of one exchange, in order."""

    def __init__(self, connection: AbstractConnection) -> None:
        self._connection = connection

    async def send(self, commands: Sequence[Command]) -> None:
        if commands:
            await self._connection.send_packed_command(packed(commands), check_health=False)

    async def next(self) -> Any:
        return await self._connection.read_response()

    async def ask(self, command: Command) -> Any:
        await self.send([command])
        return await self.next()


def packed(commands: Sequence[Command]) -> bytes:
    """As the server reads them (RESP). redis-py's own packing takes five times as long, and a dial has some seventy words."""
    parts: list[bytes] = []
    for command in commands:
        parts.append(b"*%d\r\n" % len(command))
        for word in command:
            data = word if isinstance(word, bytes) else str(word).encode()
            parts.append(b"$%d\r\n%b\r\n" % (len(data), data))
    return b"".join(parts)


def _maker(url: str) -> Callable[[], AbstractConnection]:
    """Of redis-py's pool only what it makes of an address; connections are ours, and so are timeouts: those of the exchange."""
    plain = url.replace("valkeys://", "rediss://", 1).replace("valkey://", "redis://", 1)
    try:
        pool = ConnectionPool.from_url(
            plain, protocol=2, retry=Retry(NoBackoff(), 0), socket_timeout=None, socket_connect_timeout=None, health_check_interval=0
        )
        make: Callable[[], AbstractConnection] = pool.make_connection
        make()
    except (ValueError, TypeError, fault.RedisError) as error:
        raise BadAddress(
            f"{_without_secrets(url)!r} is no address of a Redis or Valkey ({error}): "
            "write redis://HOST:PORT/0, rediss://USER:LOGIN@HOST:PORT/0 or unix:///PATH."
        ) from error
    return make


def _without_secrets(url: str) -> str:
    scheme, slashes, rest = url.partition("://")
    path = rest.rpartition("@")[2].partition("?")[0]
    return f"{scheme}{slashes}{path}"


LOGIN = "refuses the password: check user and password in the address data.redis."
RIGHTS = "does not permit a command: give its user all commands on the keys {{FLOOR}}:* ({error})."
LOADING = "is still loading its file: it answers when it has read it."
REPLICA = "is a read-only replica: point data.redis at the primary."
MEMORY = "is out of memory: raise its maxmemory or let the log keep less."
SILENT = "does not answer: is it stopped, overloaded or behind a broken network?"
GONE = "cannot be reached ({error}): is it running?"

_SENTENCES: tuple[tuple[type[BaseException], str, str], ...] = (
    (fault.AuthenticationError, "", LOGIN),
    (fault.AuthenticationWrongNumberOfArgsError, "", LOGIN),
    (fault.ConnectionError, "username-password", LOGIN),
    (fault.ConnectionError, "Authentication required", LOGIN),
    (fault.NoPermissionError, "", RIGHTS),
    (fault.ResponseError, "ACL failure", RIGHTS),  # in a script, Redis 7 and Valkey
    (fault.ResponseError, "The user executing the script", RIGHTS),  # Redis 6.2
    (fault.BusyLoadingError, "", LOADING),
    (fault.ReadOnlyError, "", REPLICA),
    (fault.ResponseError, "read only replica", REPLICA),  # in a script, Redis 6.2
    (fault.OutOfMemoryError, "", MEMORY),
    (fault.ResponseError, "OOM", MEMORY),
    (fault.ResponseError, "MISCONF", "cannot write its file: look at its disk and its own log."),
    (fault.ResponseError, "WRONGTYPE", "has something else under one of our keys: give this floor another name or remove that key."),
    (fault.ResponseError, "unknown command", "is too old: use Redis 6.2 or newer, or Valkey ({error})."),
    (fault.ResponseError, "", "refused: {error}."),
    (fault.TimeoutError, "", SILENT),
    (TimeoutError, "", SILENT),
    (fault.RedisError, "", GONE),
    (OSError, "", GONE),
)
"""By class and a word of the message; the first that fits. By words because redis-py knows no class for what fails in a script or
while it connects."""


def _sentence(error: BaseException, where: str) -> str | None:
    """What happened and what to do; None for what is no fault of the server."""
    for kind, word, sentence in _SENTENCES:
        if isinstance(error, kind) and word in str(error):
            return f"The log's server {where} {sentence.format(error=str(error).rstrip('.'))}"
    return None
