"""What one verdict costs by its parts: CPU of the gate's own code, one dial after the other, on the floor of `gate_floor.py`.

    python -m bench.gate_parts

Each part is done for the same fresh numbers, one part after the other, by the very functions of the gate; a whole one is `handle`. What the
event loop and the sockets cost is in `gate_cpu_us_vs_echo` and not here. CPU time hardly minds what else the machine does.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from agi.dial import asking
from agi.dial.gate import Case, DialGate, Means
from agi.fastagi.codec import Environment, Lines, Reply, environment
from agi.fastagi.commands import Command
from agi.phone.desk import Centre, Now
from agi.watched import DialCounts
from bench import gate_floor
from bench.gate_calls import NODE, Dialler
from bench.results import Row
from realtime.changes import Changes
from realtime.dial import signing
from realtime.dial.judge import judge, prepare
from realtime.dial.model import InOrder
from realtime.factcodec import join
from realtime.floor import Floor
from realtime.fold import apply
from realtime.folding import FloorFolding
from realtime.ledger.port import Looked, Put, Question
from realtime.lists.shelf import Shelf
from realtime.lists.writing import Written
from tests.agi.replay import sealer
from tests.valkeys import Server

DIALS = 400
ROUNDS = 3
NUMBERS = 200_000
KEY = b"k" * 32


@dataclass
class Dialplan:
    """What Asterisk is to the gate, without a socket."""

    environment: Environment
    commands: list[Command] = field(default_factory=list)
    hung_up = False

    async def do(self, command: Command) -> Reply:
        self.commands.append(command)
        command.bytes()
        return Reply(200, "1")


class Bench(NamedTuple):
    gate: DialGate
    floor: Floor
    ledger: Any
    shelf: Shelf


def parts(dials: int = DIALS, rounds: int = ROUNDS, numbers: int = NUMBERS) -> dict[str, float]:
    """us by part, of the round that took least; `all` is the whole of it."""
    with tempfile.TemporaryDirectory(prefix="andon-gate-") as name:
        folder = Path(name)
        list_ = gate_floor.listed(folder / "lists", numbers)
        server = Server(folder / "valkey")
        server.start()
        try:
            return asyncio.run(_parts(folder, server, list_, dials, rounds))
        finally:
            server.kill()


async def _parts(folder: Path, server: Server, list_: Written, dials: int, rounds: int) -> dict[str, float]:
    store = gate_floor.opened(server)
    await gate_floor.laid(store, list_)
    floor, changes = Floor(), Changes()
    for fact in gate_floor.facts(list_):
        apply(floor, fact, changes)
    shelf = Shelf(folder / "lists")
    shelf.take(floor.owned.outbound.lists)
    assert shelf.settled(30), "the list opens"
    now = Now()
    now.take(floor, behind=False)
    ids = iter(range(10**9))
    means = Means(
        store.ledger,
        shelf,
        sealer(),
        lambda fact: signing.written(fact, KEY, "k1"),
        lambda build: True,
        lambda: f"dial{next(ids)}",
        "2026a",
    )
    gate = DialGate(Centre((NODE,), {NODE: ()}, {}), now, means, DialCounts(), gate_floor.clock)
    try:
        dialler = Dialler(1)
        await _round(Bench(gate, floor, store.ledger, shelf), dialler, 20)  # what is laid out once is laid out
        found = [await _round(Bench(gate, floor, store.ledger, shelf), dialler, dials) for _ in range(rounds)]
    finally:
        shelf.close()
        await store.close()
    return {part: min(each[part] for each in found) for part in found[0]}


async def _round(there: Bench, dialler: Dialler, dials: int) -> dict[str, float]:
    asked = [dialler.environment() for _ in range(dials)]
    found: dict[str, float] = {}

    def each(name: str, do: Callable[..., Any], *given: Iterable[Any]) -> list[Any]:
        began = time.process_time()
        done = list(map(do, *given))
        found[name] = (time.process_time() - began) / dials * 1e6
        return done

    gate, ledger = there.gate, there.ledger
    heard = each("parse", lambda data: asking.read(environment(Lines().feed(data)), (NODE,)), asked)
    cases: list[Case] = each("case", lambda one: gate._case(there.floor, one, None), heard)
    each("prepare", lambda case: prepare(case.ask, case.seen), cases)
    questions = [Question(case.ask.digest, case.ask.campaign, "formal", case.prepared.checks) for case in cases]
    began = time.process_time()
    looked: list[Looked] = [await ledger.look(question) for question in questions]
    found["look"] = (time.process_time() - began) / dials * 1e6
    counts = [InOrder(question.checks, each.counted) for question, each in zip(questions, looked, strict=True)]
    judged = each("judge", lambda case, counts: judge(case.ask, case.seen, case.prepared, counts), cases, counts)
    facts = each("fact", lambda case, judged: gate._written(case, judged, 0.0, "s", 1, taken=True), cases, judged)
    began = time.process_time()
    for case, said, question, fact in zip(cases, judged, questions, facts, strict=True):
        puts = [Put(key, case.seen.now, case.dial, keep_s) for key, keep_s in case.prepared.takes]
        await ledger.take(question._replace(checks=said.checks), puts, lambda session, seq, fact=fact: fact)
    found["take"] = (time.process_time() - began) / dials * 1e6
    each("fold", lambda fact: FloorFolding().apply_batch(there.floor, join([fact]), Changes()), facts)
    plans = [Dialplan(environment(Lines().feed(dialler.environment()))) for _ in range(dials)]
    began = time.process_time()
    for plan in plans:
        await gate.handle(plan)  # type: ignore[arg-type]
    found["all"] = (time.process_time() - began) / dials * 1e6
    return found


PARTS = {
    "parse": "its environment read",
    "case": "number, lists, floor, and what must be counted",
    "look": "the first way to the ledger",
    "judge": "200 rules judged",
    "fact": "the decision written, signed",
    "take": "the second way to the ledger",
    "fold": "the gate's own floor hears of it",
}


def rows_of(found: dict[str, float]) -> list[Row]:
    whole = sum(found[part] for part in PARTS)  # `prepare` is in `case`
    return [Row(f"gate_us_{part}", found[part], f"us of CPU a verdict: {what}; against all of it", whole) for part, what in PARTS.items()]


def run() -> list[Row]:
    return rows_of(parts())


def main() -> None:
    from bench.results import show

    found = parts()
    sys.stdout.write(f"{found}\n")
    show(rows_of(found))


if __name__ == "__main__":
    main()
