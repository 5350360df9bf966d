"""The form of a dialogue: a generator that yields steps and is sent what came of them. Pure, so tests run it without a socket.

Not which dialogues there are (`dialogues.py`) and not who carries the steps out (`desk.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from enum import StrEnum
from typing import NamedTuple

from agi.fastagi.codec import Reply
from agi.fastagi.commands import Command
from realtime.decision import Decision
from realtime.requests import AnyAsk
from realtime.words import AgentId, Device, Micros, Node


class Proof(StrEnum):
    """What came of a PIN. `stopped`: too many were wrong, so this one was not even looked at."""

    RIGHT = "right"
    WRONG = "wrong"
    STOPPED = "stopped"
    AWAY = "away"


class Prove(NamedTuple):
    """Is this the PIN of that agent? Sent: a Proof."""

    agent: AgentId
    pin: str


class Put(NamedTuple):
    """Ask the engine, in the agent's name. Sent: a Decision; None where it did not answer in time."""

    agent: AgentId
    ask: AnyAsk


class Standing(NamedTuple):
    """What the floor owns of an agent's break and duty, and what it sees of it on the PBX. Moments; 0 for none."""

    on_duty: bool = False
    paused: bool = True  # in every queue this one is in, by what the PBX says
    held: bool = False  # a pause of ours that is over, and Asterisk has not let go yet
    on: bool = False  # a break that is ours goes on
    until: Micros = 0  # its end; 0: open
    granted: bool = False
    takes_until: Micros = 0  # of a granted one; 0: it begins by itself after the call
    length_s: int = 0  # of a granted one
    waits: bool = False
    place: int = 0
    eta: Micros = 0
    silent: bool = False  # nothing of the call in hand is recorded, by what the PBX says
    silent_until: Micros = 0  # a card-data pause of it is wanted until then


class Look(NamedTuple):
    """How the agent stands. `settled`: as soon as it is so, or after a moment although it is not. Sent: a Standing."""

    agent: AgentId
    settled: Callable[[Standing], bool]


class Scene(NamedTuple):
    """Where a dialogue plays. `agent`: who is there by the floor; empty for nobody. `resident`: whose fixed desk it is."""

    word: str  # the route
    uniqueid: str
    node: Node
    device: Device
    agent: AgentId
    resident: AgentId
    query: Mapping[str, str]
    now: Micros
    zone: str  # of the floor
    language_of: Callable[[str], str]
    named: Callable[[str], AgentId]  # what was typed, as the staff number the floor knows
    coded: Callable[[str], str] = str  # what was typed, as a result code of the plan; empty: there is none
    last: Callable[[AgentId], str] = lambda _: ""  # the agent's last outbound call, by its dial; empty: the engine finds it


Step = Command | Prove | Put | Look
Script = Generator[Step, object, None]


def do(command: Command) -> Generator[Step, object, Reply]:
    reply = yield command
    assert isinstance(reply, Reply)
    return reply


def prove(agent: AgentId, pin: str) -> Generator[Step, object, Proof]:
    proof = yield Prove(agent, pin)
    assert isinstance(proof, Proof)
    return proof


def put(agent: AgentId, ask: AnyAsk) -> Generator[Step, object, Decision | None]:
    decision = yield Put(agent, ask)
    assert decision is None or isinstance(decision, Decision)
    return decision


def look(agent: AgentId, settled: Callable[[Standing], bool] = lambda _: True) -> Generator[Step, object, Standing]:
    standing = yield Look(agent, settled)
    assert isinstance(standing, Standing)
    return standing
