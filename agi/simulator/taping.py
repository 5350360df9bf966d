"""Recordings as the shipped dialplan makes them (deploy/asterisk, `andon-record`): how files are named, what AMI says, when one is over.

No sound and no file: whoever wants files gives the exchange a `Recorder`, which is told of each recording as its channel goes. Without one
the PBX records every call, as far as its manager can see.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from agi.simulator import messages as say
from agi.simulator.agenda import SECOND

if TYPE_CHECKING:
    from agi.simulator.channels import Channel
    from agi.simulator.exchange import Exchange

SPOOL = "/var/spool/asterisk/monitor"
FILE_VARIABLE = "MIXMONITOR_FILENAME"


@dataclass(slots=True)
class Tape:
    """One recording. `stem`: its path under the spool, without side and ending; times are the PBX's, in microseconds."""

    stem: str
    uniqueid: str
    began: int
    by_agent: bool
    """Whose side `rx` is: the agent's, of a call that the gate let out (half ;2 of its Local channel), else the customer's."""
    ended: int = 0
    silences: list[tuple[int, int]] = field(default_factory=list)
    """Between MixMonitorMute and its end: the timeline goes on."""
    silent_since: int = 0

    def mute(self, muted: bool, now: int) -> None:
        if muted:
            self.silent_since = self.silent_since or now
        elif self.silent_since:
            self.silences.append((self.silent_since, now))
            self.silent_since = 0

    def end(self, now: int) -> None:
        self.mute(False, now)
        self.ended = now


class Recorder(Protocol):
    """Who makes the files. Both are called within a step of the PBX, and return at once."""

    def wants(self, now: int, asked: bool) -> bool:
        """Whether this PBX records the call that is there now: a disk has an end. `asked`: the gate wants it recorded."""

    def over(self, tape: Tape) -> None:
        """The channel is gone; Asterisk closes the files about now."""


def record(exchange: Exchange, channel: Channel, *, asked: bool = False) -> None:
    """`andon-record`, on the channel that comes to it."""
    now, switch = exchange.agenda.now, exchange.switch
    if exchange.recorder is not None and not exchange.recorder.wants(now, asked):
        return
    stem = f"{datetime.fromtimestamp(now // SECOND, UTC):%Y/%m/%d}/{channel.uniqueid}"
    file = f"{SPOOL}/{stem}"
    switch.set(channel, FILE_VARIABLE, f"{file}.wav")
    marker = f"install -D -m 0644 /dev/null {SPOOL}/.done/{channel.uniqueid}"
    switch.run(channel, "MixMonitor", f",r({file}-rx.wav)t({file}-tx.wav),{marker}")
    switch.say(say.mix_monitor_start(channel))
    channel.tape = Tape(stem, channel.uniqueid, now, by_agent=asked)
