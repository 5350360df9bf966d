"""Asks one PBX everything that the doctor judges, within a bounded time. The shell of `judge_pbx.py`.

One session of the reading account, a second one of it beside (does the PBX allow that?), one of the control account. What
a PBX refuses to answer stays empty: the judge then says that it could not look.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from agi.client import AmiClient, Endpoint
from agi.codec import Action, Message
from agi.errors import AmiError
from agi.exchange import Credentials, Outcome, Reply, Timing
from andon.doctor.judge_dials import EXAMPLES, GATE, TRUNK
from andon.doctor.judge_queues import AGENTS
from andon.doctor.judge_recordings import RECORD
from andon.doctor.pbx_seen import CONFIG, EVENTFILTER, FENCE_FILTER, FILTERS_MAX, ORIGINATORS, AccountSeen, Line, Member, PbxSeen
from andon.settings import PbxTable, address_of
from realtime.words import SECOND

TIMING: Final = Timing(banner_s=3.0, login_s=4.0, leave_s=0.5)
"""Impatient: a person waits. Asterisk holds back a refusal by a second."""
WHOLE_S: Final = 9.0
"""For everything of one PBX but the watching: the doctor has answered within ten seconds."""
ANSWER_S: Final = 3.0
FENCE_S: Final = 2.0
"""The adapter waits 1.5 s."""
FENCE: Final = "ANDON_FENCE"
GATE_CONTEXTS: Final = (GATE, TRUNK, AGENTS, RECORD)


class Ears:
    """The handler of one session: hears how it begins and ends, and counts what comes."""

    def __init__(self) -> None:
        self.begun: asyncio.Future[AmiError | None] = asyncio.get_running_loop().create_future()
        self.banner = ""
        self.events: list[Message] = []
        self.came = asyncio.Event()
        """Set at each event."""

    def linked(self, banner: str, now: int) -> None:
        self.banner = banner
        if not self.begun.done():
            self.begun.set_result(None)

    def received(self, items: Sequence[Message | Reply], now: int) -> None:
        self.events += [item for item in items if isinstance(item, Message)]
        self.came.set()

    def ponged(self, now: int) -> None:
        """The doctor asks its own ping."""

    def lost(self, error: AmiError, now: int) -> None:
        if not self.begun.done():
            self.begun.set_result(error)

    async def event(self, **headers: str) -> Message | None:
        """The first with these headers; waits for it as long as a fence may take."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FENCE_S):
                while True:
                    self.came.clear()
                    for message in self.events:
                        if all(message.get(key) == value for key, value in headers.items()):
                            return message
                    await self.came.wait()
        return None


class Session:
    """A session that is live, or says why not."""

    def __init__(self, client: AmiClient, ears: Ears, username: str, error: AmiError | None) -> None:
        self._client = client
        self.ears = ears
        self.username = username
        self.error = error

    async def ask(self, name: str, **headers: str) -> Reply:
        return await self._client.ask(Action(name, tuple(headers.items()), ANSWER_S))

    async def account(self) -> AccountSeen:
        if self.error is not None:
            return AccountSeen(self.username, str(self.error), type(self.error).__name__)
        reply = await self.ask("ListCommands")
        names = frozenset(name for name, _ in reply.response.items()) if reply.response is not None else frozenset[str]()
        return AccountSeen(self.username, actions=names if "ListCommands" in names else frozenset())  # it names itself, too


@asynccontextmanager
async def session(table: PbxTable, username: str, secret: str, events: str = "off") -> AsyncIterator[Session]:
    host, port = address_of(table.ami) or ("", 0)
    ears = Ears()
    endpoint = Endpoint(host, port, table.tls, Path(table.ca) if table.ca else None)
    client = AmiClient(endpoint, Credentials(username, secret), ears, wanted=None, events=events, timing=TIMING)
    task = asyncio.ensure_future(client.run())
    try:
        yield Session(client, ears, username, await ears.begun)
    finally:
        client.close()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def look(table: PbxTable, watch_s: float = 0.0) -> PbxSeen:
    """Never raises for what a PBX does."""
    seen = PbxSeen()
    try:
        async with asyncio.timeout(WHOLE_S + watch_s):
            async with session(table, table.username, table.secret.reveal(), "on") as ours:
                seen.account = await ours.account()
                seen.banner = ours.ears.banner
                if ours.error is None:
                    await _ask(seen, ours, table, watch_s)
    except TimeoutError:
        if not seen.banner:
            seen.account = AccountSeen(table.username, f"{table.ami} did not answer within {WHOLE_S:g} s.", "Unreachable")
    return seen


async def _ask(seen: PbxSeen, ours: Session, table: PbxTable, watch_s: float) -> None:
    await asyncio.gather(
        _core(seen, ours),
        _clock(seen, ours),
        _config(seen, ours, table.username),
        _queues(seen, ours),
        _dialplan(seen, ours),
        _second(seen, table),
        _control(seen, table, ours),
    )
    if watch_s > 0:
        await _watch(seen, ours, watch_s)
    for message in ours.ears.events:
        seen.events[message.name] = seen.events.get(message.name, 0) + 1
        if message.name == "VarSet":
            seen.variables.add(message.get("Variable"))
    seen.booted = seen.events.pop("FullyBooted", 0) > 0


async def _core(seen: PbxSeen, ours: Session) -> None:
    reply = await ours.ask("CoreSettings")
    seen.core_fault = reply.error or ""
    if reply.error is None and reply.response is not None:
        seen.core = dict(reply.response.items())


async def _clock(seen: PbxSeen, ours: Session) -> None:
    began = time.time_ns() // 1_000
    reply = await ours.ask("Ping")
    ended = time.time_ns() // 1_000
    said = reply.response.get("Timestamp") if reply.response is not None else ""
    with suppress(ValueError):
        seen.skew = int(float(said) * SECOND) - (began + ended) // 2
    seen.trip = ended - began
    seen.zone = await _getvar(ours, "STRFTIME(,,%z)")


async def _getvar(ours: Session, variable: str) -> str:
    reply = await ours.ask("Getvar", Variable=variable)
    return reply.response.get("Value") if reply.error is None and reply.response is not None else ""


async def _config(seen: PbxSeen, ours: Session, username: str) -> None:
    def variable(file: str, section: str, name: str, number: int = 0) -> str:
        return f"AST_CONFIG({file},{username if section == 'USER' else section},{name}{f',{number}' if number else ''})"

    plain = await asyncio.gather(*(_getvar(ours, variable(*option)) for option in CONFIG))
    seen.config = dict(zip(CONFIG, plain, strict=True))
    numbers = range(FILTERS_MAX)
    found = await asyncio.gather(*(_getvar(ours, variable("manager.conf", "USER", EVENTFILTER, number)) for number in numbers))
    seen.filters = [each for each in found if each]
    fences = await asyncio.gather(*(_getvar(ours, variable("manager.conf", "USER", FENCE_FILTER, number)) for number in range(4)))
    seen.fence_filters = [each for each in fences if each]


async def _queues(seen: PbxSeen, ours: Session) -> None:
    reply = await ours.ask("QueueStatus")
    if reply.error is None:
        seen.queues = [item.get("Queue") for item in reply.items if item.name == "QueueParams"]
        seen.members = [
            Member(item.get("Queue"), item.get("Name"), item.get("Location"), item.get("StateInterface"))
            for item in reply.items
            if item.name == "QueueMember"
        ]


async def _dialplan(seen: PbxSeen, ours: Session) -> None:
    """With `reporting` an account may look at one context; `Did not find context` is an answer, too."""
    for context in GATE_CONTEXTS:
        reply = await ours.ask("ShowDialPlan", Context=context)
        if reply.outcome is Outcome.ANSWERED:
            seen.contexts[context] = True
        elif reply.outcome is Outcome.REFUSED and "Did not find" in (reply.error or ""):
            seen.contexts[context] = False
    if seen.contexts.get(AGENTS) or seen.contexts.get(GATE):
        seen.gate, seen.named = await _getvar(ours, "ANDON_GATE"), await _getvar(ours, "ANDON_NODE")
    if seen.contexts.get(GATE):
        seen.globals = {name: await _getvar(ours, name) for name in EXAMPLES}
    if seen.contexts.get(TRUNK):
        await _around(seen, ours)


async def _around(seen: PbxSeen, ours: Session) -> None:
    """What else could reach the trunk: the whole dialplan, and the rights of accounts by the names that they usually have."""
    reply = await ours.ask("ShowDialPlan")
    if reply.outcome is Outcome.ANSWERED:
        seen.dials = [
            Line(item.get("Context"), item.get("Application"), item.get("AppData")) for item in reply.items if item.get("Application")
        ]
    found = await asyncio.gather(*(_getvar(ours, f"AST_CONFIG(manager.conf,{name},write)") for name in ORIGINATORS))
    seen.writers = {name: write for name, write in zip(ORIGINATORS, found, strict=True) if write}


async def _second(seen: PbxSeen, table: PbxTable) -> None:
    async with session(table, table.username, table.secret.reveal()) as other:
        error = other.error
        seen.second = AccountSeen(table.username, str(error or ""), type(error).__name__ if error else "")


async def _control(seen: PbxSeen, table: PbxTable, ours: Session) -> None:
    """The fence is set by the account that will set it: the control account where there is one, as the adapter does."""
    if not table.control_username:
        await _fence(seen, ours, ours)
        return
    async with session(table, table.control_username, table.control_secret.reveal()) as control:
        seen.control = await control.account()
        await _fence(seen, ours, ours if control.error is not None else control)


async def _fence(seen: PbxSeen, ours: Session, by: Session) -> None:
    mark = f"doctor-{secrets.token_hex(4)}"
    reply = await by.ask("Setvar", Variable=FENCE, Value=mark)
    if reply.error is not None:
        seen.fence = reply.error
        return
    message = await ours.ears.event(Variable=FENCE, Value=mark)
    seen.fence = "lost" if message is None else "came"
    seen.fence_headers = {} if message is None else dict(message.items())


async def _watch(seen: PbxSeen, ours: Session, watch_s: float) -> None:
    """What began while we looked must have said so: a narrow filter is found by what is missing."""
    channels, callers = await _present(ours)
    await asyncio.sleep(watch_s)
    more_channels, more_callers = await _present(ours)
    seen.channels_new = len(more_channels - channels)
    seen.joined = sorted(more_callers - callers)


async def _present(ours: Session) -> tuple[set[str], set[str]]:
    channels, queues = await asyncio.gather(ours.ask("CoreShowChannels"), ours.ask("QueueStatus"))
    return _ids(channels, "CoreShowChannel"), _ids(queues, "QueueEntry")


def _ids(reply: Reply, name: str) -> set[str]:
    return {item.get("Uniqueid") for item in reply.items if item.name == name}
