"""The inner parts of the simulated PBX in one place, and what it asks of the people who use it.

Not the people (`people.py`) and not the door (`pbx.py`). Calls know an Exchange and nothing else, so that who answers
when, and how long they talk, can be scripted by a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, NamedTuple, Protocol

from agi.simulator.agenda import Agenda
from agi.simulator.channels import Channel, Switch
from agi.simulator.outlet import Event
from agi.simulator.queues import Queues

if TYPE_CHECKING:
    from agi.simulator.calls import QueueCall
    from agi.simulator.talks import Talk

TRUNK = "PJSIP/carrier"


class Outcome(NamedTuple):
    """What somebody who is rung does, and after how many seconds."""

    after: float
    status: str
    """ANSWER, BUSY, or NOANSWER (nobody does anything: whoever rings gives up)."""


class People(Protocol):
    """Agents and customers: those who decide."""

    def rung(self, channel: Channel) -> Outcome:
        """A phone or a customer is rung."""

    def waiting(self, call: QueueCall) -> None:
        """A caller has joined a queue: how patient is he?"""

    def talking(self, talk: Talk) -> None:
        """Two people have been connected."""

    def parked(self, space: int) -> None:
        """A caller has been parked: somebody may fetch him."""

    def moved(self, device: str) -> None:
        """Somebody was paused or unpaused from outside."""


@dataclass(slots=True)
class Exchange:
    """Time, switch, queues, people, and the chance that decides between orders that Asterisk leaves open."""

    agenda: Agenda
    switch: Switch
    queues: Queues
    people: People
    chance: Random

    def say(self, event: Event) -> None:
        """Publish an event now."""
        self.switch.say(event)

    @property
    def now_s(self) -> int:
        """Now, in whole seconds: what app_queue computes with."""
        return self.agenda.now // 1_000_000
