"""What one floor keeps in Redis, or in this process: log, requests, orders, ledger, leases, checkpoints and vitals, opened by an address.

The only chooser of backends.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from realtime.checkpoint import Checkpoints, MemoryCheckpoints, RedisCheckpoints
from realtime.leases import LeaseStore, MemoryLeases, RedisLeases
from realtime.ledger.ledger_memory import MemoryLedger
from realtime.ledger.ledger_redis import RedisLedger
from realtime.log import Log
from realtime.log_memory import MemoryLog
from realtime.log_redis import RedisLog
from realtime.redis_link import RedisLink, floor_key
from realtime.vitals_redis import MemoryVitals, RedisVitals, VitalsStore

MEMORY = "memory:"
REQUESTS_KEPT = 20_000
"""Some hours of a busy floor: far more than can wait to be answered, for one of half a minute ago is refused."""
ORDERS_KEPT = 10_000
"""Batches: orders are good for seconds, and an adapter that starts reads what there is in a moment."""


@dataclass(frozen=True, slots=True)
class Store:
    """A process opens one for each follower and producer it has; connections are made when first used."""

    log: Log
    leases: LeaseStore
    checkpoints: Checkpoints
    vitals: VitalsStore
    requests: Log
    """What is asked of the engine, one request a batch (`requests.py`)."""
    orders: Log
    """What the engine asks of the PBXs' adapters (`orders.py`)."""
    ledger: RedisLedger | MemoryLedger = field(default_factory=MemoryLedger)
    """Counters, blocks and campaigns' states, as the gates ask them (`ledger/`)."""

    async def close(self) -> None:
        for log in (self.log, self.requests, self.orders):
            await log.close()
        await self.ledger.close()
        await self.vitals.close()


def open_store(url: str, floor: str) -> Store:
    """`memory:` (not shared: one store for the whole process), or redis://, rediss://, valkey://, unix://. Raises BadAddress."""
    if url == MEMORY:
        leases = MemoryLeases()
        log = MemoryLog(holds=leases.holds)
        asked, given = MemoryLog(REQUESTS_KEPT, leases.holds), MemoryLog(ORDERS_KEPT, leases.holds)
        return Store(log, leases, MemoryCheckpoints(log), MemoryVitals(), asked, given, MemoryLedger(log.append))
    writer = RedisLink(url, floor_key(floor, "epoch"))
    checkpoints = RedisCheckpoints(writer, floor)
    return Store(
        log=RedisLog(url, floor, writer=writer),
        leases=RedisLeases(writer, floor),
        checkpoints=checkpoints,
        vitals=RedisVitals(url, floor),
        requests=RedisLog(url, floor, "requests", keep=REQUESTS_KEPT, writer=writer),
        orders=RedisLog(url, floor, "orders", keep=ORDERS_KEPT, writer=writer),
        ledger=RedisLedger(url, floor),  # a link of its own: a checkpoint that is saved must not hold up a dial
    )
