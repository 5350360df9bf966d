"""`andon dial ask`: what the gate would say to a number, of the running floor, or of a plan's folder alone, before it is adopted.

Not the judging (`realtime/dial/would.py`) and not the words (`dial_lines.py`). Nothing is taken and nothing changed. A plan alone has no
past: nobody was ever called, the campaign is as if it dialled, and everybody is at work.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from andon import list_floor
from andon.acts import recorded
from andon.dial_lines import Where, gate_lines
from andon.list_floor import NoFloor
from andon.lists import announced_of, folder_of
from andon.load import tell
from andon.plan.folder import load
from andon.plan.window import today_of
from andon.roles.work import RoleRefused, keys_of, opened
from andon.say import Exit, complain, say
from andon.settings import Settings
from realtime.changes import Changes
from realtime.dial.would import Asked, Dialling, Lists, Said, would_say
from realtime.facts import FloorConfigured, Sealed
from realtime.floor import Agent, Floor
from realtime.fold import apply
from realtime.keys import HASH_KEY
from realtime.ledger.ledger_memory import MemoryLedger
from realtime.lists.files import Mapped, Refused, names, path_of, versions
from realtime.lists.shelf import Shelf
from realtime.log import LogAway
from realtime.outbound import CampaignMoved
from realtime.plan.difference import version_of
from realtime.plan.model import Plan
from realtime.rulings import PlanAdopted
from realtime.view_dial import gate_said
from realtime.words import SECOND, AgentId, AgentState, Micros, Node

LISTS_S: Final = 120.0
"""To check every byte of every list: a hundred million numbers have 500 MB, and a slow disk a minute for them."""
NUMBER_MAX: Final = 40
"""Characters: as the board takes them."""
DIALS: Final = frozenset("0123456789+*#() ./-")


Seal = Callable[[str, Micros], Sealed | None]


class Question(NamedTuple):
    asked: Asked
    at: Micros
    plan: Path | None
    lists: Path | None
    trial: bool
    language: str
    json: bool


class CannotAsk(Exception):
    """One sentence and a next step."""


def number_from(said: str) -> str:
    """`-`: a line of standard input, so that the number is in no list of processes and no shell's history."""
    text = (sys.stdin.readline(NUMBER_MAX + 2) if said == "-" else said).strip()
    if not text or len(text) > NUMBER_MAX or not set(text) <= DIALS:
        raise CannotAsk("That is no number: write it as it is dialled, or with its country code, as +8613912345678.")
    return text


def ask(settings: Settings, question: Question) -> Exit:
    if question.plan is not None:
        return _ask(settings, question)
    target = f"{question.asked.campaign} {question.asked.agent}".rstrip()
    return recorded(Path(settings.data.dir), "ask the gate", target, lambda: _ask(settings, question))


def _ask(settings: Settings, question: Question) -> Exit:
    try:
        floor, said = _of_a_plan(settings, question, question.plan) if question.plan is not None else _of_the_floor(settings, question)
    except (CannotAsk, NoFloor, RoleRefused) as fault:
        complain(str(fault))
        return Exit.FAILED
    if said is None:
        complain("That is no number that anybody could have; write it with its country code, as +8613912345678.")
        return Exit.FAILED
    if question.json:
        say(msgspec.json.encode(gate_said(said)).decode())
        return Exit.DONE
    if said.looked.ready:
        complain(f"The ledger cannot be asked now ({said.looked.ready}); until it can, the gate lets nothing pass.")
    where = Where(settings.floor.timezone, floor.owned.version, question.plan is not None, question.language)
    for line in gate_lines(said, where):
        say(line)
    return Exit.DONE


# ------------------------------------------------------------------ the running floor


def _of_the_floor(settings: Settings, question: Question) -> tuple[Floor, Said | None]:
    floor = list_floor.read_floor(settings)
    if not (Path(settings.data.dir) / "keys" / HASH_KEY).exists():
        raise CannotAsk(f"The keys of this floor are not in {settings.data.dir}; ask on a machine that has them, or on the board's page.")
    seal = keys_of(settings, make=False).sealer().seal
    with _Shelf(folder_of(settings)) as shelf:
        shelf.take(floor.owned.outbound.lists)
        if not shelf.settled(LISTS_S):
            raise CannotAsk("The lists take too long to be read; see andon lists verify.")
        try:
            return floor, asyncio.run(_looked(settings, floor, seal, shelf, question))
        except (LogAway, TimeoutError) as fault:
            raise CannotAsk(str(fault) or "The ledger did not answer in time.") from fault


async def _looked(settings: Settings, floor: Floor, seal: Seal, shelf: Lists, question: Question) -> Said | None:
    async with opened(settings) as store, asyncio.timeout(list_floor.PATIENCE_S):
        return await would_say(floor, Dialling(seal, store.ledger, shelf), question.asked, question.at)


class _Shelf(Shelf):
    """Whose thread ends with what was asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, told=complain)

    def __enter__(self) -> _Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


# ------------------------------------------------------------------ a plan alone


def _of_a_plan(settings: Settings, question: Question, folder: Path) -> tuple[Floor, Said | None]:
    zone = settings.floor.timezone
    reading = load(folder, zone, today_of(question.at / SECOND, zone))
    tell(reading.findings)
    if reading.plan is None:
        raise CannotAsk(f"The plan in {folder} has errors; correct them before it is tried.")
    if not reading.files:
        raise CannotAsk(f"There is no plan in {folder}.")
    floor = floor_of(reading.plan, zone, question)
    with _Shelf(question.lists or folder / "lists") as shelf:
        if question.lists is not None:
            shelf.take({name: announced_of(_newest(question.lists, name)) for name in names(question.lists)})
            shelf.settled(LISTS_S)
        return floor, asyncio.run(would_say(floor, Dialling(_digest, MemoryLedger(), shelf), question.asked, question.at))


def _newest(folder: Path, name: str) -> Mapped:
    version = versions(folder, name)[0]
    try:
        return Mapped(path_of(folder, name, version), version)
    except (OSError, Refused) as fault:
        raise CannotAsk(f"The list {name} cannot be used: {fault}") from fault


def floor_of(plan: Plan, zone: str, question: Question) -> Floor:
    """Where this plan has just been adopted, its campaign dials and everybody is ready."""
    floor, changes, at, node = Floor(), Changes(), question.at, Node("")
    to = "trial" if question.trial else "formal"
    told = (
        FloorConfigured(at, at, node, "try", 1, timezone=zone),
        PlanAdopted(at, at, node, "try", 2, plan=plan, version=version_of(plan)),
        CampaignMoved(at, at, node, "try", 3, campaign=question.asked.campaign, before="draft", to=to),
    )
    for fact in told:
        apply(floor, fact, changes)
    at_work = {person.id for person in plan.people if not person.out} | ({AgentId(question.asked.agent)} if question.asked.agent else set())
    for agent in at_work:
        floor.agents[agent] = Agent(id=agent, name="", node=node, phone="", state=AgentState.READY)
    return floor


def _digest(number: str, _at: Micros) -> Sealed | None:
    """Nothing is counted, so any digest does; none for what is no number."""
    return Sealed(hashlib.sha256(number.encode()).hexdigest()[:32], b"", "") if number else None
