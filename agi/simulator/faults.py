"""A bad day, from a seed: links that break or go silent, a PBX that restarts, events that come twice or change places.

Not the PBX's own hazards (agents who do not answer, phones out of reach): those are the centre's. Nothing here alters
what happened, only what a session gets to see of it; a restart is the exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from agi.simulator.agenda import SECOND
from agi.simulator.chance import stream
from agi.simulator.outlet import Message
from agi.simulator.session import Session


@dataclass(frozen=True, slots=True)
class Faults:
    """Rates by the hour and fixed times (seconds after the start); shares of events. All zero: a good day."""

    seed: int = 0
    cuts_per_hour: float = 0
    stalls_per_hour: float = 0
    restarts_per_hour: float = 0
    cuts_at: tuple[float, ...] = ()
    stalls_at: tuple[float, ...] = ()
    restarts_at: tuple[float, ...] = ()
    kills_per_hour: float = 0
    kills_at: tuple[float, ...] = ()
    """A killed PBX says nothing and hangs nobody up; a restarted one does both."""
    down_s: float = 5
    duplicated: float = 0
    """Share of events that come twice in a row."""
    swapped: float = 0
    """Share of events that change places with the next one of another publisher (Asterisk orders no such two)."""


class Mishap(NamedTuple):
    """Something that happens to all links at once."""

    at: int
    kind: str
    again: bool
    """Drawn from a rate, so that another one follows."""


class Trouble:
    """Applies faults to sessions."""

    def __init__(self, faults: Faults, start_us: int) -> None:
        self._faults = faults
        self._chance = stream(faults.seed, "faults")
        self._held: dict[Session, Message] = {}
        self._rates = {
            "cut": faults.cuts_per_hour,
            "stall": faults.stalls_per_hour,
            "restart": faults.restarts_per_hour,
            "kill": faults.kills_per_hour,
        }
        fixed = {"cut": faults.cuts_at, "stall": faults.stalls_at, "restart": faults.restarts_at, "kill": faults.kills_at}
        self._coming = sorted(Mishap(start_us + int(at * SECOND), kind, False) for kind, times in fixed.items() for at in times)
        for kind in self._rates:
            self._draw(kind, start_us)

    def _draw(self, kind: str, after_us: int) -> None:
        """The next mishap of a kind that has a rate."""
        rate = self._rates[kind]
        if rate > 0:
            at = after_us + int(self._chance.expovariate(rate / 3600) * SECOND)
            self._coming = sorted([*self._coming, Mishap(at, kind, True)])

    def next(self, until: int) -> Mishap | None:
        """The next mishap that is due until then."""
        if not self._coming or self._coming[0].at > until:
            return None
        mishap = self._coming.pop(0)
        if mishap.again:
            self._draw(mishap.kind, mishap.at)
        return mishap

    def deliver(self, session: Session, message: Message) -> None:
        """One event on its way to one session."""
        faults = self._faults
        if not faults.swapped and not faults.duplicated:
            session.deliver(message)
            return
        held = self._held.pop(session, None)
        if held is None and self._chance.random() < faults.swapped:
            self._held[session] = message
            return
        if held is not None and held.publisher == message.publisher:
            session.deliver(held)
            held = None
        session.deliver(message)
        if self._chance.random() < faults.duplicated:
            session.deliver(message)
        if held is not None:
            session.deliver(held)

    def flush(self, session: Session) -> None:
        """A held event goes out before anything that is no event."""
        held = self._held.pop(session, None)
        if held is not None:
            session.deliver(held)

    def stall(self, session: Session) -> None:
        """Half a message, then silence."""
        session.stall()
        self._held.pop(session, None)
