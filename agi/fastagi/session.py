"""One FastAGI connection from its first line to its end, as a state machine without I/O.

Not the wire format (`codec.py`), not sockets and deadlines (`server.py`), not what is answered.

    READING --environment--> OURS --ask--> ASTERISKS --reply--> OURS
    every state but CLOSED --end--> CLOSED

Asterisk speaks first and introduces its call. From then on it is our turn: one command, one reply. A hang-up may be said at any
moment (`HANGUP` on a line of its own); after it a live dialplan closes the connection (AGIEXITONHANGUP=yes), another answers
each command with 511. Inputs: `receive`, `ask`, `end`. Outputs, in order: `Asked`, `Replied`, `HungUp`, `Ended`; nothing follows
`Ended`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from agi.errors import AmiError, IllegalMove, ProtocolViolation
from agi.fastagi.codec import HANGUP, LINES_MAX, STRANGER, Environment, Lines, Replies, Reply, environment
from agi.fastagi.commands import Command


class State(StrEnum):
    READING = "reading"
    OURS = "ours"
    ASTERISKS = "asterisks"
    CLOSED = "closed"


class Asked(NamedTuple):
    environment: Environment


class Replied(NamedTuple):
    reply: Reply


class HungUp(NamedTuple):
    """The channel is gone; who wants to speak to a person may stop."""


class Ended(NamedTuple):
    """`error` None: Asterisk closed the connection, which is how every call ends that we do not end ourselves."""

    error: AmiError | None = None


Output = Asked | Replied | HungUp | Ended


class Session:
    def __init__(self) -> None:
        self.state = State.READING
        self._lines = Lines()
        self._replies = Replies()
        self._environment: list[str] = []

    @property
    def hung_up(self) -> bool:
        return self._replies.hung_up

    @property
    def strange(self) -> int:
        return self._replies.strange

    def receive(self, data: bytes) -> list[Output]:
        """Bytes from Asterisk, in any split."""
        if self.state is State.CLOSED:
            return []
        outputs: list[Output] = []
        try:
            for line in self._lines.feed(data):
                if more := self._read(line) if self.state is State.READING else self._reply(line):
                    outputs += more
            if self._lines.failure is not None:
                outputs += self.end(self._lines.failure)
        except ProtocolViolation as violation:
            outputs += self.end(violation)
        return outputs

    def ask(self, command: Command) -> bytes:
        """What to write now. Raises LocalError before anything has changed."""
        if self.state is not State.OURS:
            raise IllegalMove(f"A FastAGI session that is {self.state} cannot send {command.words[0]}.")
        data = command.bytes()
        self.state = State.ASTERISKS
        return data

    def end(self, error: AmiError | None = None) -> list[Output]:
        if self.state is State.CLOSED:
            return []
        self.state = State.CLOSED
        return [Ended(error)]

    def _read(self, line: str) -> Sequence[Output]:
        if line == HANGUP:
            return self._hang_up(line)
        if line:
            self._environment.append(line)
            if len(self._environment) > LINES_MAX:
                raise ProtocolViolation(f"An environment has more than {LINES_MAX} lines: {STRANGER}.")
            return ()
        self.state = State.OURS
        read, self._environment = environment(self._environment), []
        return [Asked(read)]

    def _reply(self, line: str) -> list[Output]:
        if line == HANGUP:
            return self._hang_up(line)
        reply = self._replies.take(line)
        if reply is None or self.state is not State.ASTERISKS:  # a reply to nothing answers nothing
            return []
        self.state = State.OURS
        return [Replied(reply)]

    def _hang_up(self, line: str) -> list[Output]:
        before = self._replies.hung_up
        self._replies.take(line)
        return [] if before else [HungUp()]
