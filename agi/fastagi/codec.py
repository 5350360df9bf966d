"""FastAGI's wire format: bytes into lines, lines into an environment and into replies, commands into bytes.

Not the session (`session.py`: whose turn it is). No I/O. Every value of the environment is somebody else's: a caller chose his
name, a phone its device. They are cut, freed of control characters and never put into a command without quoting.

    Asterisk: agi_network: yes / agi_network_script: break?kind=short / agi_...: ... / an empty line
    we:       STREAM FILE beep ""
    Asterisk: 200 result=0 endpos=3200            or 510 Invalid or unknown command
                                                  or 511 Command Not Permitted on a dead channel or intercept routine
                                                  or 520-Invalid command syntax... / usage, many lines / 520 End of proper usage.
    Asterisk: HANGUP                              at any moment, between a command and its reply, too
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from agi.errors import ActionTooLong, HeaderInjection, ProtocolViolation

LINE_MAX: Final = 8_192
"""Asterisk's own limit of a line since 22.7 (2,048 before): whatever is longer is no Asterisk."""
ARGUMENTS_MAX: Final = 128
"""MAX_ARGS of res_agi.c."""
LINES_MAX: Final = ARGUMENTS_MAX + 64
"""Of an environment: its arguments and some two dozen headers."""
USAGE_MAX: Final = 64
"""Lines of one answer: the longest usage that Asterisk 22 prints has 20. Also the strange lines that one call is forgiven."""
VALUE_MAX: Final = 1_024
"""Characters of one value; a channel's name has at most 80."""
QUERY_MAX: Final = 16
"""Words behind the question mark; ours has two."""
COMMAND_MAX: Final = 2_000
"""Bytes we send at once: Asterisk before 22.7 has room for 2,048, and crashes over a longer one (issue 2069)."""

SCRIPT: Final = "agi_network_script"
"""What is asked, with all its words in it, each of which may be as long as a value and three times that on the wire."""
HANGUP: Final = "HANGUP"
STRANGER: Final = "see whether it is Asterisk that asks on this port"
_REPLY: Final = re.compile(r"(?P<code>[0-9]{3})(?P<more>[ -])(?P<text>.*)", re.DOTALL)
_RESULT: Final = re.compile(r"result=(?P<result>\S*)(?: \((?P<data>.*)\))?(?: endpos=(?P<endpos>[0-9]{1,18}))?\s*", re.DOTALL)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_KEY: Final = re.compile(r"agi_[a-z0-9_]{1,40}")
_ARGUMENT: Final = re.compile(r"agi_arg_([0-9]{1,3})")


class Lines:
    """Feed it what was read; it returns the lines completed by it, without their ends. After `failure` it reads no further."""

    def __init__(self, limit: int = LINE_MAX) -> None:
        self.failure: ProtocolViolation | None = None
        """Set by an endless line; what was complete before it has been returned."""
        self._limit = limit
        self._partial = b""

    def feed(self, data: bytes) -> list[str]:
        if self.failure is not None:
            return []
        *whole, self._partial = (self._partial + data).split(b"\n")
        lines: list[str] = []
        for line in (*whole, self._partial):
            if len(line) > self._limit:
                self.failure = ProtocolViolation(f"A line has more than {self._limit:,} bytes: {STRANGER}.")
                self._partial = b""
                return lines
            lines.append(line.removesuffix(b"\r").decode("utf-8", "surrogateescape"))
        return lines[:-1]


class Environment(NamedTuple):
    """What Asterisk says of the call that asks: `values` by name without `agi_`, cleaned; the script's path and query; arguments."""

    path: str = ""
    query: Mapping[str, str] = {}
    arguments: tuple[str, ...] = ()
    values: Mapping[str, str] = {}

    @property
    def channel(self) -> str:
        return self.values.get("channel", "")

    @property
    def uniqueid(self) -> str:
        return self.values.get("uniqueid", "")


def environment(lines: Iterable[str]) -> Environment:
    """Of the lines before the empty one. A line that is none of the environment's is passed over: it decides nothing."""
    values: dict[str, str] = {}
    arguments: dict[int, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or _KEY.fullmatch(name) is None:
            continue
        if name.startswith("agi_arg_") and (argument := _ARGUMENT.fullmatch(name)) is not None:
            if 1 <= int(argument[1]) <= ARGUMENTS_MAX:
                arguments.setdefault(int(argument[1]), clean(value))
        else:
            values.setdefault(name.removeprefix("agi_"), clean(value, LINE_MAX if name == SCRIPT else VALUE_MAX))
    path, _, query = values.get("network_script", "").partition("?")
    return Environment(path.strip("/"), _query(query), tuple(arguments[number] for number in sorted(arguments)), values)


def clean(value: str, longest: int = VALUE_MAX) -> str:
    """Without control characters and line ends, and no longer than anything of Asterisk's own."""
    if value.isascii() and value.isprintable() and len(value) <= longest:  # nearly all: an environment has two dozen
        return value.strip(" ")
    return _CONTROL.sub("", value[: longest * 2]).strip(" ")[:longest]


def _query(text: str) -> dict[str, str]:
    """The first of a name counts. What comes behind a second question mark belongs to a value, as in any URL."""
    pairs = text.replace("?", "&").split("&")[:QUERY_MAX]
    if "%" not in text and "+" not in text:  # nothing is written otherwise than it is, as in nearly all, and the whole has been cleaned
        plain = [(name, value[:VALUE_MAX]) for name, _, value in (pair.partition("=") for pair in pairs) if name or value]
        return dict(reversed(plain))
    found: dict[str, str] = {}
    for name, value in parse_qsl("&".join(pairs), keep_blank_values=True, errors="surrogateescape"):
        found.setdefault(clean(name), clean(value))
    return found


class Reply(NamedTuple):
    """What a command came to. `result` as Asterisk wrote it: a digit's code, what was typed, or -1 where it failed."""

    code: int
    result: str = ""
    data: str = ""
    endpos: int = 0
    text: str = ""

    @property
    def done(self) -> bool:
        return self.code == 200 and self.result != "-1"

    @property
    def digit(self) -> str:
        """The key that ended it, of commands that answer with a key's ASCII code; empty for none."""
        number = int(self.result) if self.result.isascii() and self.result.isdigit() and len(self.result) <= 3 else 0
        return chr(number) if chr(number) in "0123456789*#ABCD" and number else ""


class Replies:
    """Lines into replies: one command is out at a time, so a reply needs no name. `hung_up` once Asterisk has said so."""

    def __init__(self) -> None:
        self.hung_up = False
        self.strange = 0
        self._usage: list[str] | None = None

    def take(self, line: str) -> Reply | None:
        """None while it is not complete, or for what is no reply. Raises ProtocolViolation for an answer without end."""
        if line == HANGUP:
            self.hung_up = True
            return None
        found = _REPLY.fullmatch(line)
        if self._usage is not None:
            return self._more(line, found)
        if found is None:
            self._forgive()
            return None
        if found["more"] == "-":
            self._usage = [found["text"]]
            return None
        return _reply(int(found["code"]), found["text"])

    def _more(self, line: str, found: re.Match[str] | None) -> Reply | None:
        assert self._usage is not None
        if found is not None and found["code"] == "520" and found["more"] == " ":
            text, self._usage = "\n".join(self._usage), None
            return Reply(520, text=clean(text.replace("\n", " ")))
        self._usage.append(line[:VALUE_MAX])
        if len(self._usage) > USAGE_MAX:
            raise ProtocolViolation(f"An answer has more than {USAGE_MAX} lines: {STRANGER}.")
        return None

    def _forgive(self) -> None:
        self.strange += 1
        if self.strange > USAGE_MAX:
            raise ProtocolViolation(f"More than {USAGE_MAX} lines are no replies: {STRANGER}.")


def _reply(code: int, text: str) -> Reply | None:
    """`100 Trying...` says that the answer takes a while, and is none."""
    if code == 100:
        return None
    found = _RESULT.match(text)
    if found is None or code != 200:
        return Reply(code, text=clean(text))
    return Reply(code, clean(found["result"]), clean(found["data"] or ""), int(found["endpos"] or 0), clean(text))


# ------------------------------------------------------------------ commands


def encode(*words: str) -> bytes:
    """One command. The first word is ours (`GET DATA`); the others are quoted, whatever they hold."""
    command, *values = words
    if any(mark in word for word in words for mark in "\r\n\0"):
        raise HeaderInjection(f"A value of {command} holds a line end or a NUL; nothing was sent.")  # not repeated: it is hostile
    if len(values) + len(command.split()) > ARGUMENTS_MAX:
        raise ActionTooLong(f"The command {command} has more than {ARGUMENTS_MAX} words.")
    try:
        line = " ".join((command, *map(_quoted, values))).encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise HeaderInjection(f"A value of {command} holds half a character; nothing was sent.") from None
    if len(line) > COMMAND_MAX:
        raise ActionTooLong(f"The command {command} is longer than {COMMAND_MAX:,} bytes.")
    return line + b"\n"


def _quoted(value: str) -> str:
    """As parse_args() of res_agi.c reads it: a backslash makes the next character plain."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
