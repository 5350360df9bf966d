"""What one floor keeps in Redis, or in this process: log, leases, checkpoints and vitals, opened by an address.

The only chooser of backends.
"""

from __future__ import annotations

from dataclasses import dataclass

from realtime.checkpoint import Checkpoints, MemoryCheckpoints, RedisCheckpoints
from realtime.leases import LeaseStore, MemoryLeases, RedisLeases
from realtime.log import Log
from realtime.log_memory import MemoryLog
from realtime.log_redis import RedisLog
from realtime.redis_link import RedisLink, floor_key
from realtime.vitals_redis import MemoryVitals, RedisVitals, VitalsStore

MEMORY = "memory:"


@dataclass(frozen=True, slots=True)
class Store:
    """A process opens one for each follower and producer it has; connections are made when first used."""

    log: Log
    leases: LeaseStore
    checkpoints: Checkpoints
    vitals: VitalsStore

    async def close(self) -> None:
        await self.log.close()
        await self.vitals.close()


def open_store(url: str, floor: str) -> Store:
    """`memory:` (not shared: one store for the whole process), or redis://, rediss://, valkey://, unix://. Raises BadAddress."""
    if url == MEMORY:
        leases = MemoryLeases()
        log = MemoryLog(holds=leases.holds)
        return Store(log, leases, MemoryCheckpoints(log), MemoryVitals())
    writer = RedisLink(url, floor_key(floor, "epoch"))
    checkpoints = RedisCheckpoints(writer, floor)
    return Store(RedisLog(url, floor, writer=writer), RedisLeases(writer, floor), checkpoints, RedisVitals(url, floor))
