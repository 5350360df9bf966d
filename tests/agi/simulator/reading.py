"""A reader of AMI bytes that is as simple as can be, and ways to let a simulated PBX run.

Not the project's codec: the simulator is to be judged without it.
"""

from __future__ import annotations

from agi.simulator.centre import Centre
from agi.simulator.faults import Faults
from agi.simulator.manager import Manager
from agi.simulator.pbx import Pbx
from agi.simulator.session import Session

START = 1_795_484_331 * 1_000_000
"""A Tuesday morning in China: 2026-11-24 09:38:51."""
SECOND = 1_000_000

Message = list[tuple[str, str]]


def messages(data: bytes) -> list[Message]:
    """Headers in order, message by message; the banner is left out."""
    text = data.decode()
    if text.startswith("Asterisk Call Manager/"):
        text = text.partition("\r\n")[2]
    assert text == "" or text.endswith("\r\n\r\n"), "the last message is not whole"
    found = []
    for block in text.split("\r\n\r\n")[:-1]:
        lines = [line.partition(": ") for line in block.split("\r\n")]
        found.append([(key.removesuffix(":"), value) for key, _, value in lines])
    return found


def events(data: bytes) -> list[dict[str, str]]:
    """Live events as dictionaries (no header of an event repeats)."""
    return [dict(message) for message in messages(data) if message[0][0] == "Event" and message[1][0] == "Privilege"]


def manager(seed: int = 1, *, agents: int = 60, rate: float = 1.0, faults: Faults | None = None, start: int = START) -> Manager:
    """A fresh PBX behind its AMI."""
    return Manager(Pbx(Centre(agents=agents, rate=rate), seed, start), faults=faults)


def login(of: Manager, username: str = "watch", secret: str = "watch-demo", extra: str = "") -> Session:
    """A session that is logged in; what it got so far is dropped."""
    session = of.connect()
    assert session is not None
    session.receive(f"Action: Login\r\nUsername: {username}\r\nSecret: {secret}\r\n{extra}\r\n".encode())
    assert b"Authentication accepted" in session.take()
    return session


def act(session: Session, *headers: str) -> list[Message]:
    """Send one action; everything that comes at once."""
    session.take()
    session.receive(("\r\n".join(headers) + "\r\n\r\n").encode())
    return messages(session.take())
