"""All AMI sessions of one simulated PBX: they share its time, and its faults. Still without I/O.

This is what a test drives: `connect`, `session.receive`, `advance`, `session.take`. The TCP shell (`server.py`) does
the same with sockets.
"""

from __future__ import annotations

from collections.abc import Iterable

from agi.simulator.actions import handle
from agi.simulator.faults import Faults, Mishap, Trouble
from agi.simulator.outlet import Message
from agi.simulator.pbx import Pbx
from agi.simulator.session import Account, Request, Session

DEFAULT_ACCOUNTS = (
    Account("andon", "andon-demo", "system,call,agent,user,dialplan,reporting,cdr", "system,call,agent,user,originate,reporting"),
    Account("watch", "watch-demo", "all", "all"),
    Account("reader", "reader-demo", "system,call,agent", ""),
)
"""The account of the demo, one that may do everything, and one that may only read."""


class Manager:
    """The manager interface of one PBX."""

    def __init__(self, pbx: Pbx, accounts: Iterable[Account] = DEFAULT_ACCOUNTS, faults: Faults | None = None) -> None:
        self.pbx = pbx
        self.accounts = {account.username: account for account in accounts}
        self.sessions: list[Session] = []
        self._faults = faults or Faults()
        self._trouble = Trouble(self._faults, pbx.now)
        self._count = 0

    def connect(self) -> Session | None:
        """A client connects; None while the PBX is down."""
        if not self.pbx.up:
            return None
        self._count += 1
        session = Session(self.pbx, self.accounts, self._handle, self._count)
        self.sessions.append(session)
        return session

    def _handle(self, session: Session, request: Request) -> None:
        """An action, then whatever it made the PBX say. What was said before it reaches the session first."""
        self._deliver(self.pbx.advance(self.pbx.now))
        self._trouble.flush(session)
        handle(session, request)
        self._deliver(self.pbx.advance(self.pbx.now))

    def advance(self, to_us: int) -> None:
        """Time passes; mishaps fall at their own times, however finely time is sliced."""
        while (mishap := self._trouble.next(to_us)) is not None:
            self._pass(mishap.at)
            self._suffer(mishap)
        self._pass(to_us)

    def _pass(self, to_us: int) -> None:
        self._deliver(self.pbx.advance(max(to_us, self.pbx.now)))
        for session in self.sessions:
            if session.closes_at is not None and session.closes_at <= self.pbx.now:
                session.closed = True
        self.sessions = [session for session in self.sessions if not session.closed]

    def _deliver(self, messages: list[Message]) -> None:
        for message in messages:
            for session in self.sessions:
                if session.wants(message):
                    self._trouble.deliver(session, message)

    def _suffer(self, mishap: Mishap) -> None:
        if mishap.kind in ("restart", "kill"):
            self.restart(self._faults.down_s, killed=mishap.kind == "kill")
        elif mishap.kind == "cut":
            self.cut()
        else:
            self.stall()

    def restart(self, down_s: float = 5.0, *, killed: bool = False) -> None:
        """The PBX goes down (a clean stop is told), all sessions end, and nobody is let in for a while."""
        self.pbx.restart(down_s, killed=killed)
        self._deliver(self.pbx.advance(self.pbx.now))
        self.cut()

    def cut(self) -> None:
        """All links break."""
        for session in self.sessions:
            self._trouble.flush(session)
            session.closed = True
        self.sessions = []

    def stall(self) -> None:
        """Every link goes quiet in the middle of a message and stays open."""
        for session in self.sessions:
            self._trouble.stall(session)
