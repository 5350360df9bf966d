"""The gate: dialplans ask here over FastAGI. An agent's phone is spoken with, and what only the engine may give is asked of it; each
outbound call is decided.

It holds no lease: what it writes beside requests are its own decisions, which the ledger takes one by one. As many as there are
machines with dialplans may run. A port that is taken does not end it: it says so and tries again, since the rest of a floor goes on.
"""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_network
from pathlib import Path
from typing import Final
from zoneinfo import TZPATH

import structlog

from agi.dial.gate import DialGate, Means
from agi.fastagi.server import FastAgiServer
from agi.phone.desk import Centre, Desk, Now
from agi.watched import DialCounts, GateCounts, families_of_dials, families_of_gate
from andon.pins import PinDesk
from andon.roles.work import RoleRefused, Work, keys_of, new_session, now_us, opened, until
from andon.settings import Settings, address_of
from andon.watch import watched
from realtime.appender import Appender
from realtime.asker import Asker
from realtime.changes import Changes
from realtime.dial import signing
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.lists.shelf import Shelf
from realtime.store import Store
from realtime.vitals import Family

AGAIN_S: Final = 5.0
"""A gate of before ends within a second or two; somebody else's program stays until a person acts."""
REST_S: Final = 0.01
"""Between two looks at the log: a busy gate reads its own decisions by the dozen and not one by one, and nobody at a phone notices."""
GARBAGE: Final = 50_000
"""Objects that are new before the collector looks: some 10 MB at most."""
LISTS: Final = "lists"
"""The folder of lists of numbers, under the data folder."""
NO_ADDRESS: Final = 'There is no address for the gate; write listen = "127.0.0.1:4573" in [agi].'

log = structlog.get_logger()


async def run(work: Work) -> None:
    if not work.settings.agi.listen:
        raise RoleRefused(NO_ADDRESS)
    await until(work.stop, _serve(work))


async def _serve(work: Work) -> None:
    settings = work.settings
    # A follower reads by a connection of its own: a read that waits would hold up what is asked.
    async with opened(settings) as store, opened(settings) as reading:
        follower = Follower(reading.log, store.checkpoints, FloorFolding(), told=log.warning)
        now, asker, counts = Now(), Asker(store.requests, now_us, lambda: secrets.token_hex(8)), GateCounts()
        pins = PinDesk(Path(settings.data.dir), now_us)
        desk = Desk(centre_of(settings), now, asker, pins, counts, now_us, told=log.warning)
        shelf = Shelf(Path(settings.data.dir) / LISTS, told=log.warning)
        refusals, dials = Refusals(Appender(store.log, told=_tell_log), new_session()), DialCounts()
        gate = DialGate(centre_of(settings), now, means_of(settings, store, shelf, refusals), dials, now_us, told=log.warning)
        allow = [ip_network(each) for each in settings.agi.allow]
        server = FastAgiServer(desk.routes() | gate.routes(), allow, counts, told=log.warning, broke=_broke)

        def parts() -> list[Family]:
            return [*families_of_gate(counts), *families_of_dials(dials), *follower.families(), *refusals.appender.families()]

        try:
            async with watched(work, store.vitals, "gate", parts), asyncio.TaskGroup() as group:
                group.create_task(refusals.appender.run())
                group.create_task(store.ledger.run())
                group.create_task(_follow(follower, now, asker, shelf))
                group.create_task(_listen(work, server))
        finally:
            await server.end()
            pins.close()
            shelf.close()


class Refusals:
    """What the gate refused, into the log; numbered here, since nobody else writes in this session. An allow goes this way
    only for an emergency number that a person typed: no counter was taken for it."""

    def __init__(self, appender: Appender, session: str) -> None:
        self.appender = appender
        self._session = session
        self._seq = 0

    def keep(self, build: Callable[[str, int], bytes]) -> bool:
        self._seq += 1
        return self.appender.put(build(self._session, self._seq))


def means_of(settings: Settings, store: Store, shelf: Shelf, refusals: Refusals) -> Means:
    keys = keys_of(settings, make=True)
    name, key = keys.signing()
    return Means(
        ledger=store.ledger,
        lists=shelf,
        sealer=keys.sealer(),
        sign=lambda fact: signing.written(fact, key, name),
        keep=refusals.keep,
        new_id=lambda: secrets.token_hex(8),
        zone_data=zone_data(),
    )


def zone_data() -> str:
    """Which edition of the world's time zones a decision was made by: where a number is, and what the clock is there."""
    with suppress(OSError, PackageNotFoundError):
        edition = next(iter(Path(zone) / "tzdata.zi" for zone in TZPATH if (Path(zone) / "tzdata.zi").exists()), None)
        said = edition.open().readline().split()[-1] if edition is not None else version("tzdata")
        return f"{said} phonenumbers {version('phonenumbers')}"
    return f"phonenumbers {version('phonenumbers')}"


async def _follow(follower: Follower[Floor, Changes], now: Now, asker: Asker, shelf: Shelf) -> None:
    settled = False
    async for step in follower.steps():
        shelf.take(step.floor.owned.outbound.lists)
        now.take(step.floor, behind=step.behind)
        asker.look(step.floor)
        if not settled and not step.behind:
            settled = True
            _settle()
        if step.records and not step.behind:
            await asyncio.sleep(REST_S)


def _settle() -> None:
    """A decision leaves some hundred objects for a moment, and no rings of them: the collector need not look so often, and never at the
    floor that was just read. Measured with 200 rules: an eighth of a verdict's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, *gc.get_threshold()[1:])


async def _listen(work: Work, server: FastAgiServer) -> None:
    """Until cancelled."""
    listen = work.settings.agi.listen
    address = address_of(listen)
    assert address is not None, "settings were checked"
    said = ""
    while True:
        try:
            listening = await server.listen(*address)
        except OSError as error:
            why = f"The gate cannot listen on {listen} ({_reason(error)}): agents' codes get no answer and no call goes out until it can."
            if why != said:
                said = why
                log.warning(f"{why} End what uses it, or write another address into [agi] listen and into ANDON_GATE of the dialplan.")
            await asyncio.sleep(AGAIN_S)
            continue
        break
    work.ready(f"Dialplans ask at {listen}" if said else "")
    try:
        await listening.serve_forever()
    finally:
        listening.close()


def _reason(error: OSError) -> str:
    """In the system's few words; asyncio's own text is long and names the address again."""
    return os.strerror(error.errno) if error.errno is not None and error.errno > 0 else str(error.strerror or error)


def _tell_log(away: str) -> None:
    log.warning(away or "the log takes facts again")


def _broke(bug: BaseException) -> None:
    log.error("A call at the gate ended by a fault of Andon's own.", exc_info=bug)


def centre_of(settings: Settings) -> Centre:
    return Centre(
        nodes=settings.nodes,
        lines={pbx.node: frozenset(pbx.trunks) for pbx in settings.pbx},
        prefixes={pbx.node: pbx.agent_prefix for pbx in settings.pbx},
    )
