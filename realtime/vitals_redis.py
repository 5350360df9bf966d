"""Where processes leave their vitals and the board reads them: one hash beside the log, one field a process.

Not what is in them (`vitals.py`). Whoever shares a log shares this, on one machine or on many, without a port to open and to
guard; the price is that a process is seen only while the log's server is. Each field carries the server's own time, so an age
means the same on every machine. `MemoryVitals` is the twin in this process.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from realtime.log import LogAway, Position
from realtime.redis_link import Command, RedisLink, Script, floor_key
from realtime.vitals import Heard, LogVitals, Vitals, decode, encode
from realtime.watched import written_at
from realtime.words import SECOND, Micros

FORGET_S = 86_400.0
"""A process that has said nothing for a day was taken out of the settings; until then its silence is news."""
PROCESSES_MAX = 500
"""Read at once: a floor of hundreds of PBXs would be many floors."""


class VitalsStore(Protocol):
    """Every call may raise LogAway."""

    async def leave(self, vitals: Vitals) -> None: ...
    async def retire(self, name: str) -> None:
        """A process that ends as it should is not missed."""
        ...

    async def read(self) -> list[Heard]: ...
    async def log(self) -> LogVitals | None:
        """None where a server does not tell such things of itself."""
        ...

    async def close(self) -> None: ...


LEAVE = Script("""
local time = redis.call('TIME')
return redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f ', time[1] * 1000000 + time[2]) .. ARGV[2])
""")


class RedisVitals:
    """A connection of its own: what a process says of itself must not queue up behind what it does."""

    def __init__(self, url: str, floor: str, stream: str = "facts") -> None:
        self._link = RedisLink(url)
        self._key = floor_key(floor, "vitals")
        self._stream = floor_key(floor, stream)

    async def leave(self, vitals: Vitals) -> None:
        await self._link.script(LEAVE, (self._key,), (vitals.name, encode(vitals)))

    async def retire(self, name: str) -> None:
        await self._link.call("HDEL", self._key, name)

    async def read(self) -> list[Heard]:
        async with self._link.exchange([("TIME",), ("HGETALL", self._key)]) as replies:
            seconds, micros = await replies.next()
            fields = await replies.next()
        now = int(seconds) * SECOND + int(micros)
        heard, old = [], []
        for name, value in list(zip(fields[::2], fields[1::2], strict=True))[:PROCESSES_MAX]:
            at, _, blob = value.partition(b" ")
            age_s = max(0, now - int(at)) / SECOND
            if age_s > FORGET_S:
                old.append(name)
            elif (vitals := decode(blob)) is not None:
                heard.append(Heard(vitals, age_s))
        if old:
            await self._link.call("HDEL", self._key, *old)
        return heard

    async def log(self) -> LogVitals | None:
        commands: list[Command] = [
            ("XLEN", self._stream),
            ("XREVRANGE", self._stream, "+", "-", "COUNT", 1),
            ("INFO", "memory"),
            ("INFO", "persistence"),
        ]
        async with self._link.exchange(commands) as replies:
            length, newest = await replies.next(), await replies.next()
            said = _info(await replies.next()) | _info(await replies.next())
        last = written_at(Position(0, newest[0][0].decode())) if newest else None
        saved = all(said.get(key, "ok") == "ok" for key in ("aof_last_write_status", "aof_last_bgrewrite_status", "rdb_last_bgsave_status"))
        return LogVitals(int(length), last, int(said.get("used_memory", 0)), int(said.get("maxmemory", 0)), saved)

    async def close(self) -> None:
        await self._link.close()


def _info(text: bytes) -> dict[str, str]:
    return dict(line.split(":", 1) for line in text.decode().split("\r\n") if ":" in line)


class MemoryVitals:
    """The twin in this process. `away`: a sentence while the server is to seem unreachable."""

    def __init__(self, clock: Callable[[], Micros] = lambda: time.time_ns() // 1_000) -> None:
        self.away = ""
        self._clock = clock
        self._left: dict[str, tuple[Micros, bytes]] = {}

    async def leave(self, vitals: Vitals) -> None:
        self._reachable()
        self._left[vitals.name] = self._clock(), encode(vitals)

    async def retire(self, name: str) -> None:
        self._reachable()
        self._left.pop(name, None)

    async def read(self) -> list[Heard]:
        self._reachable()
        now = self._clock()
        decoded = ((decode(blob), (now - at) / SECOND) for at, blob in self._left.values())
        return [Heard(vitals, age_s) for vitals, age_s in decoded if vitals is not None and age_s <= FORGET_S]

    async def log(self) -> LogVitals | None:
        self._reachable()
        return None

    async def close(self) -> None:
        return

    def _reachable(self) -> None:
        if self.away:
            raise LogAway(self.away)
