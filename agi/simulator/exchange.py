"""The inner parts of the simulated PBX in one place, and what it asks of the people who use it.

Not the people (`people.py`) and not the door (`pbx.py`). Calls know an Exchange and nothing else, so that who answers
when, and how long they talk, can be scripted by a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, NamedTuple, Protocol

from agi.simulator.agenda import Agenda
from agi.simulator.channels import Channel, Switch
from agi.simulator.outlet import Event
from agi.simulator.queues import Queues
from agi.simulator.taping import Recorder

if TYPE_CHECKING:
    from agi.simulator.calls import QueueCall
    from agi.simulator.talks import Talk

TRUNK = "PJSIP/carrier"


class Outcome(NamedTuple):
    """What somebody who is rung does, and after how many seconds."""

    after: float
    status: str
    """ANSWER, BUSY, or NOANSWER (nobody does anything: whoever rings gives up)."""


class Question(NamedTuple):
    """What the dialplan asks a gate before it dials outside: who, from which channel, for what. `words` by the names of the query."""

    channel: str
    uniqueid: str
    linkedid: str
    extension: str
    caller_id: str
    words: Mapping[str, str]

    def allowed_by(self, variables: Mapping[str, str]) -> str:
        """The digits to dial; empty: no. Only the word made for this channel and this number allows, as in the shipped dialplan."""
        if variables.get("ANDON_DECISION") != f"allow:{self.uniqueid}:{self.extension}":
            return ""
        return "".join(each for each in variables.get("ANDON_DIAL", "") if each in "0123456789+")


Answered = Callable[[Mapping[str, str]], None]
"""Gets the channel variables that a gate has set; none of them where nobody answered."""
Ask = Callable[[Question, Answered], None]


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
    ask: Ask | None = None
    """Asked before each dial to the outside; None: this PBX has no gate, and dials."""
    recorder: Recorder | None = None
    """Makes files of what is recorded; None: nobody does."""

    def listen_to(self, recorder: Recorder) -> None:
        """From now on it is asked, and told."""
        self.recorder, self.switch.on_tape = recorder, recorder.over

    def say(self, event: Event) -> None:
        """Publish an event now."""
        self.switch.say(event)

    @property
    def now_s(self) -> int:
        """Now, in whole seconds: what app_queue computes with."""
        return self.agenda.now // 1_000_000
