"""The way of the simulated dialplan to a real gate: FastAGI as Asterisk speaks it, a connection for each dial.

Not the dialplan (`dials.py`, `outbound.py`: what is allowed by which word) and not the gate. It says of a channel what res_agi.c says, asks
with the query of deploy/asterisk/extensions_andon.conf, takes every command as done, and keeps the variables that are set. A gate
that is away, slow or odd has set none: so nothing is allowed.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable, Mapping
from urllib.parse import quote

from agi.simulator.exchange import Answered, Question

PATIENCE_S = 5.0
"""As the shipped dialplan's TIMEOUT(absolute)."""
COMMANDS_MAX = 64
"""A refusal that is spoken takes a dozen."""
AT_ONCE_MAX = 200
"""More questions than a simulated centre has phones: a gate that hangs must not fill the memory."""
WORDS = ("campaign", "method", "agent", "reserved", "purpose", "person", "debt", "subject", "zone", "callback", "cli")
"""In the order of the shipped dialplan."""

Happen = Callable[[Callable[[], None]], None]
"""Lets something happen in the simulation, now."""


class GateClient:
    """`ask` for `Exchange.ask`. What the gate said happens by `happen`, in the simulation's own time."""

    def __init__(self, host: str, port: int, node: str, happen: Happen) -> None:
        self._host, self._port, self._node, self._happen = host, port, node, happen
        self._open: set[asyncio.Task[None]] = set()

    def ask(self, question: Question, answered: Answered) -> None:
        if len(self._open) >= AT_ONCE_MAX:
            answered({})
            return
        task = asyncio.get_running_loop().create_task(self._ask(question, answered))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def close(self) -> None:
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _ask(self, question: Question, answered: Answered) -> None:
        said: dict[str, str] = {}
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._spoken(question, said)
        except (OSError, TimeoutError, ValueError):
            said.pop("ANDON_DECISION", None)
        self._happen(lambda: answered(said))

    async def _spoken(self, question: Question, said: dict[str, str]) -> None:
        """Until the gate closes. A line of its that is too long is a ValueError."""
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(environment(question, self._node, f"agi://{self._host}:{self._port}"))
            for _ in range(COMMANDS_MAX):
                line = await reader.readline()
                if not line:
                    return
                said |= set_by(line.decode("utf-8", "replace"))
                writer.write(b"200 result=0\n")
                await writer.drain()
        finally:
            writer.close()


def environment(question: Question, node: str, address: str) -> bytes:
    """What Asterisk writes first, in its order."""
    words = "&".join(f"{name}={quote(question.words.get(name, ''), safe='')}" for name in WORDS)
    script = f"dial?node={quote(node, safe='')}&{words}"
    said = {
        "network": "yes",
        "network_script": script,
        "request": f"{address}/{script}",
        "channel": question.channel,
        "language": "en",
        "type": question.channel.partition("/")[0],
        "uniqueid": question.uniqueid,
        "version": "22.10.1",
        "callerid": question.caller_id or "unknown",
        "calleridname": "unknown",
        "callingpres": "0",
        "callingani2": "0",
        "callington": "0",
        "callingtns": "0",
        "dnid": "unknown",
        "rdnis": "unknown",
        "context": "andon-gate",
        "extension": question.extension,
        "priority": "11",
        "enhanced": "0.0",
        "accountcode": "",
        "threadid": "1",
        "arg_1": question.extension,
        "arg_2": question.linkedid,
    }
    return "".join(f"agi_{name}: {value}\n" for name, value in said.items()).encode() + b"\n"


def set_by(line: str) -> Mapping[str, str]:
    """The variables that a command sets: SET VARIABLE, or MSet with several."""
    words = shlex.split(line)
    match words:
        case ["SET", "VARIABLE", name, value]:
            return {name: value}
        case ["EXEC", "MSet", said]:
            pairs = (each.partition("=") for each in said.split(","))
            return {name: value for name, _, value in pairs}
    return {}
