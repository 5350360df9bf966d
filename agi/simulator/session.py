"""One AMI session as the server sees it: banner, login, masks, and bytes in both directions. No socket in it.

Not the actions (`actions.py`) and not the sessions together (`manager.py`). Limits are manager.c's: a line of 1,024
bytes and 128 headers; before login only Login, Challenge and Logoff; a failed login is answered, and the session
closed a second later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from agi.simulator import messages
from agi.simulator.agenda import SECOND
from agi.simulator.outlet import ALL, BIT, SYSTEM, Message
from agi.simulator.pbx import AMI_VERSION, Pbx

MAX_LINE, MAX_HEADERS = 1024, 128
AUTH_TIMEOUT_S, FAILED_LOGIN_S = 30, 1
BEFORE_LOGIN = ("login", "challenge", "logoff")


def classes(text: str) -> int:
    """The bits of a list as manager.conf has it: names with commas, or `all`."""
    names = [name.strip().lower() for name in text.split(",")]
    return ALL if "all" in names else sum(BIT.get(name, 0) for name in set(names))


@dataclass(frozen=True, slots=True)
class Account:
    """A user of manager.conf."""

    username: str
    secret: str
    read: str = "all"
    write: str = "all"
    only: frozenset[str] = frozenset()
    """The names of events that its filters let through; empty: no filter."""

    @property
    def may_read(self) -> int:
        """Rights to events, as bits."""
        return classes(self.read)

    @property
    def may_write(self) -> int:
        """Rights to actions, as bits."""
        return classes(self.write)


class Request:
    """One action: headers in order, keys without regard to case."""

    __slots__ = ("headers",)

    def __init__(self, headers: list[tuple[str, str]]) -> None:
        self.headers = headers

    def get(self, key: str, default: str = "") -> str:
        """The first header of that name."""
        key = key.lower()
        return next((value for name, value in self.headers if name.lower() == key), default)

    @property
    def id_line(self) -> str:
        """The ActionID header as it comes back, or nothing."""
        action_id = self.get("ActionID")
        return f"ActionID: {action_id}\r\n" if action_id else ""


Handler = Callable[["Session", Request], None]


@dataclass(slots=True, eq=False)
class Session:
    """One client. `receive` takes what it sent, `take` gives what it gets."""

    pbx: Pbx
    accounts: dict[str, Account]
    handle: Handler
    """Runs an action of somebody who is logged in."""
    number: int = 0
    account: Account | None = None
    mask: int = ALL
    challenge: str = ""
    closed: bool = False
    closes_at: int | None = None
    stalled: bool = False
    _sees: int = 0
    """Rights and mask together, as bits."""
    _out: list[bytes] = field(default_factory=list)
    _buffer: bytes = b""
    _headers: list[tuple[str, str]] = field(default_factory=list)
    _broken: bool = False

    def __post_init__(self) -> None:
        self._out.append(f"Asterisk Call Manager/{AMI_VERSION}\r\n".encode())
        self.closes_at = self.pbx.now + AUTH_TIMEOUT_S * SECOND

    # ---- out

    def take(self) -> bytes:
        """Everything for the client since the last time."""
        out, self._out = b"".join(self._out), []
        return out

    def write(self, text: str) -> None:
        """One message: its headers, each with its line end; the blank line is added here."""
        self._out.append(text.encode("utf-8", "surrogateescape") + b"\r\n")

    def deliver(self, message: Message) -> None:
        """An event, if this session may and wants to see it: all bits in rights and in mask."""
        if self.wants(message):
            self._out.append(message.data)

    def wants(self, message: Message) -> bool:
        """Whether the event's class is in the rights and in the mask."""
        if self.account is None or self.closed or self.stalled or not message.need & self._sees:
            return False
        return not self.account.only or message.name in self.account.only

    def stall(self) -> None:
        """Half a message goes out, and then nothing more in either direction; the link stays open."""
        half = b"Event: QueueMemberStatus\r\nPrivilege: agent,all\r\nQueue: sup"
        if self.account is not None and not self.stalled:
            self._out.append(half)
        self.stalled = True

    def respond(self, request: Request, response: str, message: str, *extra: str) -> None:
        """A simple response; further headers follow the message."""
        tail = "".join(f"{line}\r\n" for line in extra)
        self.write(f"Response: {response}\r\n{request.id_line}" + (f"Message: {message}\r\n" if message else "") + tail)

    def refuse(self, request: Request, message: str) -> None:
        """An error."""
        self.respond(request, "Error", message)

    # ---- in

    def receive(self, data: bytes) -> None:
        """Bytes from the client, in any split."""
        if self.closed or self.stalled:
            return
        self._buffer += data
        while not self.closed and (end := self._buffer.find(b"\n")) >= 0:
            line, self._buffer = self._buffer[:end].rstrip(b"\r"), self._buffer[end + 1 :]
            self._line(line)
        if len(self._buffer) > MAX_LINE:
            self._buffer, self._broken = b"", True

    def _line(self, line: bytes) -> None:
        if line:
            self._broken = self._broken or len(line) > MAX_LINE or len(self._headers) >= MAX_HEADERS
            key, colon, value = line.decode("utf-8", "surrogateescape").partition(":")
            if colon and not self._broken:
                self._headers.append((key.strip(), value.strip()))
            return
        headers, self._headers, broken, self._broken = self._headers, [], self._broken, False
        if broken:
            self.refuse(Request([]), "Failed to parse message: line too long")
        elif headers:
            self._request(Request(headers))

    def _request(self, request: Request) -> None:
        action = request.get("Action").lower()
        if not action:
            self.refuse(request, "Missing action in request")
        elif self.account is None and action not in BEFORE_LOGIN:
            self.refuse(request, "Permission denied")
        else:
            self.handle(self, request)

    # ---- login

    def admit(self, request: Request, account: Account) -> None:
        """Logged in: the answer, FullyBooted for whoever may see it, and the security event for the others."""
        self.account, self.closes_at = account, None
        self.set_mask(request.get("Events") or "on")
        self.respond(request, "Success", "Authentication accepted")
        if SYSTEM & account.may_read & self.mask:
            pbx = self.pbx
            uptime, since = (pbx.now - pbx.booted_at) // SECOND, (pbx.now - pbx.reloaded_at) // SECOND
            self.write(f"Event: FullyBooted\r\nPrivilege: system,all\r\n{messages.booted_body(uptime, since)}")

    def reject(self, request: Request) -> None:
        """Wrong name, secret or key: one text for all, then a second of silence and the end."""
        self.refuse(request, "Authentication failed")
        self.closes_at = self.pbx.now + FAILED_LOGIN_S * SECOND

    def set_mask(self, text: str) -> None:
        """`on`, `off`, or a list of classes."""
        self.mask = {"on": ALL, "yes": ALL, "true": ALL, "off": 0, "no": 0, "false": 0}.get(text.lower(), classes(text))
        self._sees = self.mask & self.account.may_read if self.account else 0
