"""AMI's wire format: bytes into messages, actions into bytes.

Not the session (`session.py`: who is logged in, which answer belongs to which action) and not the meaning of events
(`translate/`). No I/O. Bytes go in at any split and the same messages come out, framed as bytes and decoded
whole messages at a time, so a character cut by a packet survives and invalid UTF-8 is kept (surrogateescape).

It is fast by what it does not do: what was read is decoded at once, an event nobody asked for is recognised by its first
line and dropped, and a message is one piece of text in which a header is searched when it is asked for. A call makes
some hundred events of thirty headers; the floor wants a quarter of the events and five headers of each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from agi.errors import ActionTooLong, HeaderInjection, ProtocolViolation

_LINE_END: Final = b"\r\n"
_MESSAGE_END: Final = b"\r\n\r\n"
_EVENT: Final = "Event: "
_RESPONSE: Final = "Response: "
_VARSET: Final = "VarSet"
_VARIABLE: Final = "\r\nVariable: "
_GREETING: Final = b"Asterisk Call Manager/"


@dataclass(frozen=True, slots=True)
class Limits:
    """What we accept from a PBX. A real floor's largest message was 1,296 bytes with 42 headers; AMI sets no limit."""

    banner: int = 256
    """Asterisk's is 30 bytes; a service that talks and never ends its first line is found out here."""
    line: int = 65_536
    """A channel variable may hold a document; none we know of comes near this."""
    headers: int = 16_384
    """A `Command` answers with one `Output` header for each line of the console, as many as there are channels."""
    message: int = 1_048_576
    """What one half-received message may hold in memory for each PBX."""
    lists: int = 256
    """Open list answers; the session has no more actions than this pending."""


LIMITS: Final = Limits()
_ACTION_LINE: Final = 1_024  # get_input() in Asterisk's manager.c has 1,025 bytes; a longer line discards the action
_ACTION_HEADERS: Final = 128  # AST_MAX_MANHEADERS
_ACTION_ID: Final = 64  # CoreStatus copies it into 150 bytes with its CRLF; a longer one corrupts the answer
_LEARNED_NAMES: Final = 1_024  # Asterisk 22 has about 200 event names; modules may add theirs
STRANGER: Final = "see whether it is Asterisk that answers on this port"
_SMALL: Final = 12_288  # characters of at most four bytes: so small a message breaks no limit of Limits(), a header has three bytes


class Message(msgspec.Struct, frozen=True, gc=False):
    """One event or response. Headers are looked up in its text when asked for; no table of them is built."""

    name: str
    """The event's name; empty for a response."""
    text: str
    """The whole message without its closing blank line."""

    def get(self, key: str, default: str = "") -> str:
        """The first header of that key. Asterisk's own spelling is found at once, any other at the second look."""
        _before, found, after = self.text.partition(f"\r\n{key}: ")
        return after.partition("\r\n")[0] if found else self._get_loosely(key, default)

    def _get_loosely(self, key: str, default: str) -> str:
        """Any case, the first line too, and without a blank after the colon."""
        folded = key.lower()
        if folded + ":" not in self.text.lower():
            return default
        return next((value for name, value in self.items() if name.lower() == folded), default)

    def all(self, key: str) -> list[str]:
        """Every header of that key in order: `Variable`, `ChanVariable`, `Output` and TestEvent's `State` repeat."""
        folded = key.lower()
        return [value for name, value in self.items() if name.lower() == folded]

    def items(self) -> list[tuple[str, str]]:
        """All headers in order. A line without a colon (none is known) is a key without a value."""
        return [_header(line) for line in self.text.split("\r\n")]


def _header(line: str) -> tuple[str, str]:
    key, found, value = line.partition(": ")
    if not found:
        key, _, value = line.partition(":")
    return key, value


class Decoder:
    """Feed it what was read; it returns the messages completed by it. After a violation it reads no further.

    `wanted`: names of live events to return; None for all. `variables`: of VarSet (two events in five) only those of
    these variables; None for all.
    """

    def __init__(
        self,
        wanted: frozenset[str] | None = None,
        limits: Limits = LIMITS,
        *,
        variables: frozenset[str] | None = None,
    ) -> None:
        self.banner = ""
        """The greeting's line, as soon as it was read."""
        self.skipped = 0
        """Events dropped because nobody wants them."""
        self.strange = 0
        """Messages that are neither event nor response; dropped."""
        self.answers = 0
        """Messages returned that may belong to an action. While it stands still, all that is returned is live events."""
        self.failure: ProtocolViolation | None = None
        """Set when the peer broke a limit; what was complete before it has been returned."""
        self._wanted = wanted
        self._limits = limits
        self._variables = variables
        self._partial = bytearray()
        self._lists: set[str] = set()
        # First line -> event name, "" for one that nobody wants. Unknown lines are looked at closer and learned.
        self._names: dict[str, str] = {_EVENT + name: name for name in wanted or ()}

    def feed(self, data: bytes) -> list[Message]:
        """Raises the violation again when fed after it."""
        if self.failure is not None:
            raise self.failure
        messages: list[Message] = []
        try:
            whole = self._complete(data) if self.banner else self._greeted(data)
            if whole:
                self._read(whole, messages)
            self._check_partial()
        except ProtocolViolation as violation:
            self.failure = violation
            self._partial.clear()
        return messages

    def expect_list(self, action_id: str) -> None:
        """For a list whose response does not say that it is one."""
        self._lists.add(action_id)

    def _greeted(self, data: bytes) -> bytes:
        """The banner is one line without a blank one after it."""
        self._partial += data
        end = self._partial.find(_LINE_END, 0, self._limits.banner + len(_LINE_END))
        line = bytes(self._partial[: end if end >= 0 else self._limits.banner])
        if not line.startswith(_GREETING[: len(line)]) or (end >= 0 and not line.startswith(_GREETING)):
            raise ProtocolViolation(f"What answers there is no Asterisk manager, it says {_shown(line)}: check host and port.")
        if end < 0:
            if len(self._partial) > self._limits.banner:
                raise ProtocolViolation(f"The greeting has no end within {self._limits.banner} bytes: check host and port.")
            return b""
        self.banner = line.decode("ascii", "replace")
        rest = bytes(self._partial[end + len(_LINE_END) :])
        self._partial.clear()
        return self._complete(rest)

    def _complete(self, data: bytes) -> bytes:
        """The messages that data completes, without the last one's end. What is left is the beginning of the next."""
        partial = self._partial
        if partial.endswith((b"\r", b"\n")):  # the blank line may lie across the seam
            seam = max(len(partial) - len(_MESSAGE_END) + 1, 0)
            partial += data
            if partial.find(_MESSAGE_END, seam) < 0:
                return b""
            data = bytes(partial)
            partial.clear()
        end = data.rfind(_MESSAGE_END)
        if end < 0:
            partial += data
            return b""
        if data.endswith(_LINE_END, 0, end) and not data.endswith(_MESSAGE_END, 0, end):
            end -= len(_LINE_END)  # a TestEvent's second blank line is not of its text
        whole = bytes(partial) + data[:end] if partial else data[:end]
        partial[:] = data[end + len(_MESSAGE_END) :]
        return whole

    def _read(self, whole: bytes, messages: list[Message]) -> None:
        if len(whole) > self._limits.message:
            whole = self._within_limit(whole)
        name_of, listing, skipped, variables = self._names.get, bool(self._lists), 0, self._variables
        for text in str(whole, "utf-8", "surrogateescape").split("\r\n\r\n"):
            name = name_of(text.partition("\r\n")[0])
            if name is None or listing or len(text) > _SMALL:
                listing = self._look_closer(text, messages)
            elif name and (variables is None or name != _VARSET or _variable(text) in variables):
                messages.append(Message(name, text))
            else:
                skipped += 1
        self.skipped += skipped

    def _within_limit(self, whole: bytes) -> bytes:
        """Up to the first message that is too long; that one is left where `_check_partial` finds it."""
        blocks = whole.split(_MESSAGE_END)
        first = next((index for index, block in enumerate(blocks) if len(block) > self._limits.message), None)
        if first is None:
            return whole
        self._partial[:] = blocks[first] + _MESSAGE_END
        return _MESSAGE_END.join(blocks[:first])

    def _check_partial(self) -> None:
        # The end of a message of exactly the limit may have arrived but for its last byte.
        if len(self._partial) > self._limits.message + len(_MESSAGE_END) - 1:
            raise ProtocolViolation(f"A message has no end within {self._limits.message:,} bytes: {STRANGER}.")

    def _look_closer(self, text: str, messages: list[Message]) -> bool:
        """For what the first line alone does not settle. Tells whether a list is open after it."""
        # TestEvent and QueueRule end with more than one blank line: the next message begins with the rest.
        text = text.lstrip("\r\n")
        if not text:
            return bool(self._lists)
        first = text.partition("\r\n")[0]
        name = self._names.get(first)
        if name is None:
            name = self._learn(first)
        if name == _VARSET and self._variables is not None and _variable(text) not in self._variables:
            name = ""
        if name or self._passes(text, first):
            self._check(text)
            self._deliver(Message(name or _event_name(first), text), messages)
        return bool(self._lists)

    def _learn(self, first: str) -> str:
        if not first.startswith(_EVENT):
            return ""
        name = "" if self._wanted is not None else _event_name(first)
        if len(self._names) < _LEARNED_NAMES and len(first) < _ACTION_ID:
            self._names[first] = name
        return name

    def _passes(self, text: str, first: str) -> bool:
        """An unwanted event passes as an item of an open list; a response always."""
        if first.startswith(_RESPONSE):
            return True
        if not first.startswith(_EVENT):
            self.strange += 1
            return False
        if self._lists and "\r\nActionID: " in text:
            return True
        self.skipped += 1
        return False

    def _deliver(self, message: Message, messages: list[Message]) -> None:
        """Keeps book of open lists: while one is open, events are looked at for its ActionID."""
        if not message.name or self._lists:
            self.answers += 1
        event_list = message.get("EventList").lower()
        if event_list == "start" and not message.name:
            self._lists.add(message.get("ActionID"))
            if len(self._lists) > self._limits.lists:
                raise ProtocolViolation(f"More than {self._limits.lists} list answers are open at once: {STRANGER}.")
        elif event_list:
            self._lists.discard(message.get("ActionID"))
        messages.append(message)

    def _check(self, text: str) -> None:
        if len(text) <= _SMALL:
            return
        lines = text.encode("utf-8", "surrogateescape").split(_LINE_END)
        if len(lines) > self._limits.headers:
            raise ProtocolViolation(f"A message has more than {self._limits.headers:,} headers: {STRANGER}.")
        if max(map(len, lines)) > self._limits.line:
            raise ProtocolViolation(f"A header is longer than {self._limits.line:,} bytes: {STRANGER}.")


def _shown(line: bytes) -> str:
    """The beginning of a stranger's words, harmless to a terminal."""
    return ascii(line[:60].decode("latin-1"))


def _variable(text: str) -> str:
    """Which variable a VarSet sets. Searched from the end: only the value comes after it."""
    _before, found, after = text.rpartition(_VARIABLE)
    return after.partition("\r\n")[0] if found else ""


def _event_name(first: str) -> str:
    return first.removeprefix(_EVENT) if first.startswith(_EVENT) else ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something asked of Asterisk. Headers keep their order and may repeat (`Variable`)."""

    name: str
    headers: tuple[tuple[str, str], ...] = ()
    timeout_s: float = 5.0
    """With `brokeneventsaction=yes` and after a crash of a module no answer ever comes, so each wait ends."""


def encode(action: Action, action_id: str = "") -> bytes:
    """The action's bytes. Refuses what Asterisk would misread: it has no escaping and silently discards long lines."""
    if len(action_id.encode("utf-8", "replace")) > _ACTION_ID:
        raise ActionTooLong(f"The ActionID of {action.name!r} has more than {_ACTION_ID} bytes.")
    headers = [("Action", action.name), *([("ActionID", action_id)] if action_id else []), *action.headers]
    if len(headers) > _ACTION_HEADERS:
        raise ActionTooLong(f"The action {action.name!r} has more than {_ACTION_HEADERS} headers.")
    return b"".join(_lines(headers)) + _LINE_END


def _lines(headers: Iterable[tuple[str, str]]) -> Iterable[bytes]:
    for key, value in headers:
        if any(mark in part for part in (key, value) for mark in "\r\n\0") or ":" in key or not key:
            # The value is not repeated: it may be a secret, and it is hostile.
            raise HeaderInjection(f"The header {key[:40]!a} holds a line end, a NUL or a colon in its key; nothing was sent.")
        try:
            line = f"{key}: {value}".encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise HeaderInjection(f"The header {key[:40]!a} holds half a character; nothing was sent.") from None
        if len(line) > _ACTION_LINE:
            raise ActionTooLong(f"The header {key[:40]!a} is longer than {_ACTION_LINE:,} bytes.")
        yield line + _LINE_END
