"""One AMI session from greeting to good-bye, as a state machine without I/O.

Not the wire format (`codec.py`), not the socket, clock or reconnecting (`client.py`, its shell), not what events mean.

Theory of operation
-------------------
Asterisk speaks first, with a banner. We log in, plainly or by answering a challenge, and are live when it accepts.
From then on one stream carries two things: live events, and the answers to our actions. A session belongs to one
thread of Asterisk, which never mixes an answer into events or the other way round, so **the order on the wire is
the order of what happened** and this machine keeps it: a `Reply` stands in the list of received items exactly where
its last message stood. Resync relies on that.

An answer is a response; or a response with `EventList: start`, then items that carry the ActionID, then an event
with `EventList: Complete`. Items look like live events but for the ActionID and the missing `Privilege`, so they are
never passed on as events, not even when their action has timed out meanwhile.

A live session is pinged each second, for the floor wants to know how old its knowledge is. It is given up when it
was silent for `Timing.silence_s` with a ping out. While events flow, a late pong is patience's business: Asterisk
writes all waiting events before it reads our ping.

    GREETING --challenge--> CHALLENGING --login--> LOGGING_IN --accept--> LIVE --leave--> LEAVING
        `--------login-----------------------------^                      |ask|
    every state but CLOSED --end--> CLOSED

Everything that affects transitions is in this file. Inputs: `receive`, `tick`, `send`, `leave`, `end`. Outputs, in
order: `Send`, `Linked`, `Received`, `Ponged`, `Lost`. Nothing follows `Lost`, and it is always given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import md5
from typing import Final

from agi.codec import LIMITS, Action, Decoder, Limits, Message, encode
from agi.errors import (
    AmiError,
    BannerMissing,
    Closed,
    Dismissed,
    IllegalMove,
    LoginRefused,
    LoginUnanswered,
    NotAmi,
    PongMissing,
    TooManyPending,
)
from agi.exchange import TIMING, Credentials, Linked, Lost, Outcome, Output, Ponged, Received, Reply, Send, Timing
from realtime.words import SECOND

__all__ = ["Action", "Credentials", "Message", "Reply", "Session", "State"]


class State(StrEnum):
    GREETING = "greeting"
    CHALLENGING = "challenging"
    LOGGING_IN = "logging_in"
    LIVE = "live"
    LEAVING = "leaving"
    CLOSED = "closed"


class Move(StrEnum):
    CHALLENGE = "challenge"
    LOGIN = "login"
    ACCEPT = "accept"
    ASK = "ask"
    LEAVE = "leave"
    END = "end"


TRANSITIONS: Final[dict[tuple[State, Move], State]] = {
    (State.GREETING, Move.CHALLENGE): State.CHALLENGING,
    (State.GREETING, Move.LOGIN): State.LOGGING_IN,
    (State.CHALLENGING, Move.LOGIN): State.LOGGING_IN,
    (State.LOGGING_IN, Move.ACCEPT): State.LIVE,
    (State.LIVE, Move.ASK): State.LIVE,
    (State.LIVE, Move.LEAVE): State.LEAVING,
    **{(state, Move.END): State.CLOSED for state in State if state is not State.CLOSED},
}

# Lists that may lack `EventList` in response or end, by the name of their last event. QueueRule has no end at all: it
# is a plain response.
LAST_EVENTS: Final[dict[str, str]] = {
    "Agents": "AgentsComplete",
    "BridgeInfo": "BridgeInfoComplete",
    "BridgeList": "BridgeListComplete",
    "CoreShowChannels": "CoreShowChannelsComplete",
    "DeviceStateList": "DeviceStateListComplete",
    "ParkedCalls": "ParkedCallsComplete",
    "PJSIPShowContacts": "ContactListComplete",
    "QueueStatus": "QueueStatusComplete",
    "QueueSummary": "QueueSummaryComplete",
    "Status": "StatusComplete",
}


MAX_PENDING: Final = 256  # far above a resync's dozen; a caller that gets here does not wait for answers
MAX_ITEMS: Final = 131_072  # 1,000 agents in 100 queues are 100,000 items of a QueueStatus, some 40 MB


@dataclass(slots=True)
class _Pending:
    """An action on its way. `listing` once its items are being collected."""

    action: Action
    deadline: int
    response: Message | None = None
    items: list[Message] = field(default_factory=list)


class Session:
    """`prefix` begins each ActionID and must differ from that of any other session of this PBX."""

    def __init__(
        self,
        credentials: Credentials,
        prefix: str,
        now: int,
        *,
        wanted: frozenset[str] | None = None,
        variables: frozenset[str] | None = None,
        events: str = "on",
        timing: Timing = TIMING,
        limits: Limits = LIMITS,
    ) -> None:
        self.state = State.GREETING
        self.booted = False
        """FullyBooted was seen. It comes right after the login, or at the end of a boot, and only with read=system."""
        self._credentials = credentials
        self._prefix = prefix
        self._events = events
        self._timing = timing
        self._decoder = Decoder(None if wanted is None else wanted | {"FullyBooted"}, limits, variables=variables)
        self._count = 0
        self._login_id = ""
        self._pending: dict[str, _Pending] = {}
        self._heard = now
        self._entered = now
        self._pinged = now
        self._ping_id = ""

    @property
    def skipped(self) -> int:
        """Events that nobody wants, dropped by their first line."""
        return self._decoder.skipped

    @property
    def strange(self) -> int:
        """Messages that are neither event nor response, dropped."""
        return self._decoder.strange

    # Inputs

    def receive(self, data: bytes, now: int) -> list[Output]:
        """Bytes from the PBX, in any split."""
        if self.state is State.CLOSED:
            return []
        self._heard = now
        decoder, answers = self._decoder, self._decoder.answers
        messages = decoder.feed(data)
        outputs: list[Output] = []
        if self.state is State.GREETING and decoder.banner:
            outputs += self._greet(now)
        if messages:
            if not self.booted:
                self.booted = any(message.name == "FullyBooted" for message in messages)
            if decoder.answers == answers and self.state is State.LIVE:
                outputs.append(Received([*messages]))  # live events only: the common case costs no loop
            else:
                outputs += self._route(messages, now)
        if decoder.failure is not None:
            outputs += self.end(decoder.failure if decoder.banner else NotAmi(str(decoder.failure)))
        return outputs

    def tick(self, now: int) -> list[Output]:
        """Call it a few times a second: deadlines and pings."""
        overdue = _DEADLINES.get(self.state)
        if overdue is not None:
            seconds, error = overdue(self._timing)
            return self.end(error) if now - self._entered >= seconds * SECOND else []
        if self.state is not State.LIVE:
            return []
        outputs = self._expire(now)
        return outputs + self._watch(now)

    def send(self, action: Action, now: int) -> tuple[str, Send]:
        """The ActionID, and the bytes to write now. Raises LocalError before anything has changed."""
        self._check(Move.ASK)
        if len(self._pending) >= MAX_PENDING:
            raise TooManyPending(f"{MAX_PENDING} actions await their answers; {action.name!r} was not sent. Send it when some have come.")
        action_id = f"{self._prefix}-{self._count + 1}"
        data = encode(action, action_id)
        self._count += 1
        self._pending[action_id] = _Pending(action, now + int(action.timeout_s * SECOND))
        if action.name in LAST_EVENTS:
            self._decoder.expect_list(action_id)
        return action_id, Send(data)

    def leave(self, now: int) -> list[Output]:
        """Log off. `Lost` follows with the good-bye, the end of the stream or the deadline."""
        if self.state is not State.LIVE:
            return self.end(_closed())
        self._move(Move.LEAVE, now)
        return [Send(encode(Action("Logoff"), self._next_id()))]

    def end(self, error: AmiError) -> list[Output]:
        """The connection is gone, or must go. Whoever awaits an answer is told before."""
        if self.state is State.CLOSED:
            return []
        self.state = TRANSITIONS[self.state, Move.END]
        outputs: list[Output] = []
        if self._pending:
            text = f"The link to the PBX was lost before the answer came ({error}); whether it was done is not known."
            replies = [_reply(action_id, pending, Outcome.LINK_LOST, text) for action_id, pending in self._pending.items()]
            self._pending.clear()
            outputs.append(Received([reply for reply in replies if reply.action_id != self._ping_id]))
        return [*outputs, Lost(error)]

    def closed_by_peer(self) -> list[Output]:
        """The stream ended properly. What that means depends on how far we had come."""
        return self.end(_CLOSED_BY_PEER[self.state]() if self.state is not State.CLOSED else _closed())

    # Transitions

    def _check(self, move: Move) -> State:
        try:
            return TRANSITIONS[self.state, move]
        except KeyError:
            raise IllegalMove(f"A session that is {self.state} cannot {move}.") from None

    def _move(self, move: Move, now: int) -> None:
        self.state = self._check(move)
        self._entered = now

    # Login

    def _greet(self, now: int) -> list[Output]:
        if self._credentials.method == "plain":
            return self._log_in((("Secret", self._credentials.secret),), now)
        self._move(Move.CHALLENGE, now)
        self._login_id = self._next_id()
        return [Send(encode(Action("Challenge", (("AuthType", "MD5"),)), self._login_id))]

    def _log_in(self, proof: tuple[tuple[str, str], ...], now: int) -> list[Output]:
        self._move(Move.LOGIN, now)
        self._login_id = self._next_id()
        headers = (("Username", self._credentials.username), *proof, ("Events", self._events))
        return [Send(encode(Action("Login", headers), self._login_id))]

    def _answer_login(self, response: Message, now: int) -> list[Output]:
        if response.get("Response") != "Success":
            return self.end(_refused(self._credentials.username, response.get("Message")))
        if self.state is State.CHALLENGING:
            # MD5 is what the protocol has; it guards against listeners only as far as that goes. TLS does the rest.
            key = md5((response.get("Challenge") + self._credentials.secret).encode(), usedforsecurity=False).hexdigest()
            return self._log_in((("AuthType", "MD5"), ("Key", key)), now)
        self._move(Move.ACCEPT, now)
        self._pinged = now
        return [Linked(self._decoder.banner)]

    # Messages

    def _route(self, messages: list[Message], now: int) -> list[Output]:
        """Answers to their actions, events to the caller, all in the order of the wire."""
        outputs: list[Output] = []
        received: list[Message | Reply] = []
        for message in messages:
            if self.state is State.LIVE:
                pong = self._take(message, received)
            elif self.state is not State.CLOSED:
                outputs += self._await(message, now)
                continue
            else:
                break
            if pong is not None:
                outputs += [Received(received), pong] if received else [pong]
                received = []
        return [*outputs, Received(received)] if received else outputs

    def _await(self, message: Message, now: int) -> list[Output]:
        """Before we are live, and after we said good-bye, only one response matters."""
        if message.name:
            return []
        if self.state is State.LEAVING:
            return self.end(_closed()) if message.get("Response") == "Goodbye" else []
        return self._answer_login(message, now) if message.get("ActionID") == self._login_id else []

    def _take(self, message: Message, received: list[Message | Reply]) -> Ponged | None:
        action_id = message.get("ActionID")
        pending = self._pending.get(action_id)
        if pending is None:
            # An answer that came after its deadline is dropped: nobody would know what to do with it.
            if message.name and not (action_id.startswith(self._prefix) and not message.get("Privilege")):
                received.append(message)
            return None
        if message.name:
            self._collect(message, action_id, pending, received)
            return None
        if action_id == self._ping_id:
            del self._pending[action_id]
            self._ping_id = ""
            return Ponged(message.get("Timestamp"), self._heard - self._pinged)
        self._respond(message, action_id, pending, received)
        return None

    def _respond(self, message: Message, action_id: str, pending: _Pending, received: list[Message | Reply]) -> None:
        pending.response = message
        if message.get("Response") == "Error":
            text = message.get("Message") or "no reason was given"
            self._finish(action_id, Outcome.REFUSED, f"The PBX refused {pending.action.name}: {text}", received)
        elif message.get("EventList").lower() != "start" and pending.action.name not in LAST_EVENTS:
            self._finish(action_id, Outcome.ANSWERED, None, received)

    def _collect(self, message: Message, action_id: str, pending: _Pending, received: list[Message | Reply]) -> None:
        if message.get("Privilege"):  # an event that repeats our ActionID (OriginateResponse, UserEvent) is live all the same
            received.append(message)
        elif message.get("EventList") or message.name == LAST_EVENTS.get(pending.action.name):
            self._finish(action_id, Outcome.ANSWERED, None, received)
        elif len(pending.items) < MAX_ITEMS:
            pending.items.append(message)
        else:
            text = f"The answer to {pending.action.name} has more than {MAX_ITEMS:,} items; ask for less at once."
            self._finish(action_id, Outcome.TOO_LONG, text, received)

    def _finish(self, action_id: str, outcome: Outcome, error: str | None, received: list[Message | Reply]) -> None:
        received.append(_reply(action_id, self._pending.pop(action_id), outcome, error))

    # Time

    def _expire(self, now: int) -> list[Output]:
        overdue = [key for key, pending in self._pending.items() if now >= pending.deadline and key != self._ping_id]
        replies: list[Message | Reply] = []
        for key in overdue:
            action = self._pending[key].action
            text = f"The PBX did not answer {action.name} within {action.timeout_s:g} s; whether it was done is not known."
            self._finish(key, Outcome.TIMED_OUT, text, replies)
        return [Received(replies)] if replies else []

    def _watch(self, now: int) -> list[Output]:
        """Ping when it is time; give up when there was no sign of life for too long."""
        timing = self._timing
        if self._ping_id:
            silent = now - max(self._heard, self._pinged) >= timing.silence_s * SECOND
            if silent or now - self._pinged >= timing.pong_s * SECOND:
                seconds = timing.silence_s if silent else timing.pong_s
                return self.end(PongMissing(f"The PBX answered no ping for {seconds:g} s; check that Asterisk and its machine are well."))
            return []
        if now - self._pinged < timing.ping_s * SECOND or len(self._pending) >= MAX_PENDING:
            return []
        self._ping_id, send = self.send(Action("Ping"), now)
        self._pinged = now
        return [send]

    def _next_id(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count}"


def _reply(action_id: str, pending: _Pending, outcome: Outcome, error: str | None) -> Reply:
    return Reply(pending.action, action_id, pending.response, pending.items, error, outcome)


def _refused(username: str, reason: str) -> LoginRefused:
    advice = "check username, secret and permit in manager.conf"
    return LoginRefused(f"The PBX refused the login of {username!r} ({reason or 'no reason given'}): {advice}.")


def _silent(timing_s: float) -> BannerMissing:
    return BannerMissing(f"Nothing greeted us within {timing_s:g} s: check the port, and whether it is the TLS one.")


def _ignored(timing_s: float) -> LoginUnanswered:
    return LoginUnanswered(f"The PBX did not answer the login within {timing_s:g} s: check whether Asterisk hangs.")


def _closed() -> Closed:
    return Closed("The link was closed by Andon.")


def _shut_out() -> LoginUnanswered:
    return LoginUnanswered("The PBX closed the connection during the login: check deny and permit, and authlimit, in manager.conf.")


# State -> how long it may last, and what it means when it lasts longer.
_DEADLINES: Final[dict[State, Callable[[Timing], tuple[float, AmiError]]]] = {
    State.GREETING: lambda timing: (timing.banner_s, _silent(timing.banner_s)),
    State.CHALLENGING: lambda timing: (timing.login_s, _ignored(timing.login_s)),
    State.LOGGING_IN: lambda timing: (timing.login_s, _ignored(timing.login_s)),
    State.LEAVING: lambda timing: (timing.leave_s, _closed()),
}

# State -> what it means when the PBX closes the connection in it.
_CLOSED_BY_PEER: Final[dict[State, Callable[[], AmiError]]] = {
    State.GREETING: lambda: BannerMissing("The connection was closed before a greeting: check the port, and permit in manager.conf."),
    State.CHALLENGING: _shut_out,
    State.LOGGING_IN: _shut_out,
    State.LIVE: lambda: Dismissed("Asterisk closed the session: it is stopping, or its writetimeout in manager.conf is too short."),
    State.LEAVING: _closed,
}
