"""The log of one floor as a file, and back: each key by its type, in a form that no server's version decides.

For `andon backup` and `restore.py`, with the embedded server. Checkpoints are read before the stream, so that the records
they name are in it; leases and vitals of living processes are left out. A file is a row of length and MessagePack.
"""

from __future__ import annotations

import os
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from realtime import valkey
from realtime.log import LogAway
from realtime.redis_link import RedisLink, floor_key

PAGE: Final = 1000
PASSING: Final = ("lease", "vitals")
LENGTH: Final = struct.Struct("<I")
CHUNK_MAX: Final = 512_000_000
"""A page of a thousand batches is some MB; more than this is no dump of ours."""


class NoDump(Exception):
    """The file is not what `dump` writes."""


class Chunk(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    key: bytes
    rows: list[list[bytes]]
    """Stream: id, field, value, ... Hash: field, value. List: value. String: value."""


@asynccontextmanager
async def server(data: Path) -> AsyncIterator[RedisLink]:
    """The one that runs on this folder, else one of our own for as long as it takes."""
    link = RedisLink(valkey.url(data), patience_s=60.0)
    try:
        try:
            await link.call("PING")
        except LogAway:
            async with valkey.EmbeddedValkey(data):
                yield link
        else:
            yield link
    finally:
        await link.close()


async def dump(data: Path, floor: str, file: Path) -> None:
    prefix = floor_key(floor, "")
    async with server(data) as link:
        with _new(file) as out:
            keys = [key async for key in _keys(link, prefix) if key.decode().removeprefix(prefix).partition(":")[0] not in PASSING]
            kinds = {key: (await link.call("TYPE", key)).decode() for key in keys}
            for key in sorted(keys, key=lambda key: (kinds[key] == "stream", key)):
                async for rows in READERS[kinds[key]](link, key):
                    _put(out, Chunk(kinds[key], key, rows))


def _new(file: Path) -> BinaryIO:
    return open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


async def _keys(link: RedisLink, prefix: str) -> AsyncIterator[bytes]:
    cursor: Any = b"0"
    seen: set[bytes] = set()
    while True:
        cursor, keys = await link.call("SCAN", cursor, "COUNT", PAGE)
        for key in keys:
            if key.startswith(prefix.encode()) and key not in seen:
                seen.add(key)
                yield key
        if int(cursor) == 0:
            return


async def _stream(link: RedisLink, key: bytes) -> AsyncIterator[list[list[bytes]]]:
    start: bytes = b"-"
    while entries := await link.call("XRANGE", key, start, "+", "COUNT", PAGE):
        yield [[offset, *fields] for offset, fields in entries]
        start = b"(" + entries[-1][0]


async def _hash(link: RedisLink, key: bytes) -> AsyncIterator[list[list[bytes]]]:
    flat = await link.call("HGETALL", key)
    yield [[field, value] for field, value in zip(flat[::2], flat[1::2], strict=True)]


async def _list(link: RedisLink, key: bytes) -> AsyncIterator[list[list[bytes]]]:
    yield [[value] for value in await link.call("LRANGE", key, 0, -1)]


async def _string(link: RedisLink, key: bytes) -> AsyncIterator[list[list[bytes]]]:
    value = await link.call("GET", key)
    if value is not None:
        yield [[value]]


READERS: Final[dict[str, Any]] = {"stream": _stream, "hash": _hash, "list": _list, "string": _string}
WRITERS: Final = {"stream": "XADD", "hash": "HSET", "list": "RPUSH", "string": "SET"}


def _put(out: BinaryIO, chunk: Chunk) -> None:
    content = msgspec.msgpack.encode(chunk)
    out.write(LENGTH.pack(len(content)) + content)


async def load(data: Path, file: Path) -> None:
    """Into the embedded server of an empty data folder. Raises NoDump."""
    async with server(data) as link:
        for chunk in _chunks(file):
            async with link.exchange([(WRITERS[chunk.kind], chunk.key, *row) for row in chunk.rows]) as replies:
                for _ in chunk.rows:
                    await replies.next()


def _chunks(file: Path) -> Iterator[Chunk]:
    with file.open("rb") as source:
        while head := source.read(LENGTH.size):
            try:
                (length,) = LENGTH.unpack(head)
                if length > CHUNK_MAX:
                    raise NoDump(f"{file.name} is no dump of a log")
                chunk = msgspec.msgpack.decode(source.read(length), type=Chunk)
            except (struct.error, msgspec.MsgspecError) as error:
                raise NoDump(f"{file.name} is no dump of a log ({error})") from error
            if chunk.kind not in WRITERS:
                raise NoDump(f"{file.name} has a {chunk.kind!r} in it, which no log of ours has")
            yield chunk
