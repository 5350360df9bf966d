"""The floor that the bench of the gate asks: five campaigns of 200 rules each, ten million listed numbers, and `andon gate` itself.

The gate is the product's own process as a person starts it, on an embedded Valkey. There is no engine: the ledger is opened by hand, as
the engine does it, and what is taken stays taken.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from bench.gate_calls import CAMPAIGNS, LISTED, NODE
from bench.line import free_port
from realtime.factcodec import encode, join
from realtime.facts import Fact
from realtime.ledger.changes import OPEN
from realtime.ledger.port import ALL
from realtime.lists.packing import Meta
from realtime.lists.writing import ListWriter, Written
from realtime.outbound import CampaignMoved, ListAnnounced
from realtime.plan.dialling import (
    HAPPENINGS,
    SCOPES,
    CallerIdRule,
    Campaign,
    CapRule,
    CoolDownRule,
    DialRules,
    HoursRule,
    ListRule,
    PlaceRule,
    Preset,
    WayRule,
    Window,
)
from realtime.plan.model import Plan
from realtime.rulings import PlanAdopted
from realtime.store import Store, open_store
from realtime.words import SECOND, Micros, Node
from tests.valkeys import Server

FLOOR = "bench"
LIST = "dnc"
LISTED_NUMBERS = 10_000_000
RULES: Final = 200
FIRST: Final = 8_613_000_000_000
SPAN: Final = 6 * 10**9
"""Mobile numbers of China from 13 to 18: those of 199 are added to them."""
READY_S = 60.0
SETTINGS = """\
[floor]
name = "{floor}"
timezone = "Asia/Shanghai"
[[pbx]]
node = "{node}"
ami = "127.0.0.1:1"
username = "facts"
secret = "none"
[agi]
listen = "127.0.0.1:{port}"
[data]
dir = "data"
redis = "{redis}"
"""


def clock() -> Micros:
    return time.time_ns() // 1_000


# ------------------------------------------------------------------ the plan


def rules_of(number: int) -> Preset:
    """200 elements in the proportions of a campaign under several laws at once: half are caps. None of them but a cap of three a day
    and the list holds anybody back."""
    windows = (Window(), Window(kind="calendar_day"), Window(kind="calendar_days", days=7), Window(kind="any_days", days=30))
    scopes = [scope for scope in SCOPES if scope not in (("campaign",), ("centre",))]
    caps = [CapRule(id="three", most=3, window=Window(kind="calendar_day"), scope=("number",))]
    caps += [
        CapRule(
            id=f"cap{each}",
            most=100 + each,
            count=HAPPENINGS[each % len(HAPPENINGS)],
            window=windows[each % len(windows)],
            scope=scopes[each // len(HAPPENINGS) % len(scopes)],
        )
        for each in range(99)
    ]
    # a refusal's days and an abandoned call's: nothing of the kind happens here
    cool_downs = [
        CoolDownRule(id=f"after{each}", after=("abandoned", "refusal", "conversation")[each % 3], days=1 + each, scope=scopes[each % 6])
        for each in range(30)
    ]
    return Preset(
        name="own",
        title=f"Rules of c{number}",
        hours=tuple(HoursRule(id=f"hours{each}", days=(((0, 1440),),) * 7) for each in range(20)),
        caps=tuple(caps),
        cool_downs=tuple(cool_downs),
        lists=tuple(ListRule(id=f"list{each}", lists=(LIST,)) for each in range(10)),
        caller_ids=tuple(CallerIdRule(id=f"shown{each}") for each in range(10)),
        ways=tuple(WayRule(id=f"way{each}", ring_s=each) for each in range(20)),
        places=tuple(PlaceRule(id=f"place{each}", blocked=(f"CN-{each:02}",)) for each in range(10)),
    )


def elements(preset: Preset) -> int:
    kinds = ("hours", "caps", "cool_downs", "lists", "consents", "abandons", "caller_ids", "ways", "places")
    return sum(len(getattr(preset, kind)) for kind in kinds)


def plan() -> Plan:
    campaigns = tuple(
        Campaign(id=f"c{number}", client=f"client{number}", purpose="service", caller_ids=("+861088880000",), rules=rules_of(number))
        for number in range(CAMPAIGNS)
    )
    return Plan(dialling=DialRules(campaigns=campaigns))


# ------------------------------------------------------------------ the list


def listed(folder: Path, count: int) -> Written:
    """`count` mobile numbers by chance, and those that the calls know to be listed."""
    chance = random.Random(7)
    with ListWriter(folder, LIST) as writer:
        for begin in range(0, count, 1_000_000):
            some = min(1_000_000, count - begin)
            writer.add(array("Q", (FIRST + int(chance.random() * SPAN) for _ in range(some))))
        writer.add(array("Q", (int(f"86{LISTED}0000{number:04}") for number in range(10_000))))
        return writer.finish(Meta(name=LIST, rows=count, as_of=clock()))


# ------------------------------------------------------------------ what the gate finds


def facts(list_: Written) -> Iterator[Fact]:
    now = clock()
    numbers = iter(range(1, 100))

    def say(what: type[Fact], **fields: object) -> Fact:
        return what(now, now, Node(""), "bench", next(numbers), **fields)

    yield say(PlanAdopted, plan=plan(), version="bench")
    yield say(
        ListAnnounced, list=LIST, version=list_.version, file=list_.path.name, numbers=list_.numbers, as_of=list_.meta.as_of, who="bench"
    )
    for number in range(CAMPAIGNS):
        yield say(CampaignMoved, campaign=f"c{number}", before="review", to="formal", who="t1", second="t2")


async def laid(store: Store, list_: Written) -> None:
    """The log, and an open ledger."""
    await store.log.append([join(map(encode, facts(list_)))])
    ledger = store.ledger
    await ledger.begin(f"{(await ledger.standing()).run}:bench")
    await ledger.open({f"c{number}": "formal" for number in range(CAMPAIGNS)} | {ALL: OPEN}, "")


class Running(NamedTuple):
    port: int
    process: subprocess.Popen[bytes]
    server: int
    """The Valkey's process."""
    folder: Path


@contextmanager
def gate(folder: Path, server: Server) -> Iterator[Running]:
    """`andon gate` on what `laid` wrote; the lists lie in `folder/data/lists`."""
    port = free_port()
    (folder / "andon.toml").write_text(SETTINGS.format(floor=FLOOR, node=NODE, port=port, redis=server.url))
    with (folder / "gate.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "andon", "gate"], cwd=folder, stdout=log, stderr=log)
    try:
        assert server._process is not None, "it runs"
        yield Running(port, process, server._process.pid, folder)
    finally:
        process.terminate()
        process.wait(20)


def opened(server: Server) -> Store:
    return open_store(server.url, FLOOR)


__all__ = ["FLOOR", "LIST", "LISTED_NUMBERS", "RULES", "SECOND", "Running", "elements", "gate", "laid", "listed", "opened", "plan"]
