"""FastAGI against real Asterisks, 16 and 22: every command that we use is taken, values come back as they went, and how a call ends.

Found here: STREAM FILE of a sound that is not there answers 200 result=-1 on 22 and on 16, as for a channel that is gone, so a
failed sound is no hang-up; GET DATA that nobody answers is 200 with an empty result and (timeout); AGISTATUS may be FAILURE of a call
that was served to its end, as it may be SUCCESS of one that was not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network

import pytest

from agi.fastagi import commands
from agi.fastagi.codec import Reply
from agi.fastagi.commands import Command
from agi.fastagi.server import Call, FastAgiServer, Gone, Route
from agi.phone import sounds
from agi.watched import GateCounts
from realtime.words import SECOND
from tests.lab import need
from tests.lab.ami import Ami
from tests.lab.pair import Pair

pytestmark = pytest.mark.asterisk

RELEASES = ("sid", "bullseye")
DEADLINE_S = 40.0
DIALPLAN = """
[try]
exten => s,1,Answer()
 same => n,Set(AGIEXITONHANGUP=${{EXITS}})
 same => n,AGI(agi://127.0.0.1:{port}/try?kind=short&node=north1,one,two)
 same => n,Set(ANDON_DECISION=over ${{AGISTATUS}})
 same => n,Hangup()
"""
AWKWARD = 'a "quoted" \\ value, with ${EXTEN} and 张伟'


@asynccontextmanager
async def asterisk(release: str, handler: Callable[[Call], Awaitable[None]]) -> AsyncIterator[tuple[Ami, FastAgiServer]]:
    need.tree(release)
    broken: list[BaseException] = []
    server = FastAgiServer({"try": Route(handler, 60)}, [ip_network("127.0.0.1")], GateCounts(), broke=broken.append)
    listening = await server.listen("127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        async with Pair.open(release, extra_pbx={"extensions.conf": DIALPLAN.format(port=port)}) as pair:
            watch = await pair.pbx.ami("watch")
            try:
                yield watch, server
            finally:
                await watch.close()
    finally:
        listening.close()
        await server.end()
    assert not broken


async def call(watch: Ami, exits: str = "yes") -> None:
    await watch.send("Originate", Channel="Local/s@try/n", Application="Wait", Data="60", Variable=f"EXITS={exits}", Async="true")


@pytest.mark.parametrize("release", RELEASES)
async def test_every_command_that_we_use_is_taken(release: str) -> None:
    said: dict[str, Reply] = {}
    done: asyncio.Future[Call] = asyncio.get_running_loop().create_future()

    async def handler(call: Call) -> None:
        asked = [
            commands.hang_up_after(60),
            commands.answer(),
            commands.set_variable("CHANNEL(language)", "zh"),
            commands.set_variable("ANDON_SENTENCE", AWKWARD),
            Command(("GET VARIABLE", "ANDON_SENTENCE")),
            *(commands.play(sound) for sound in (sounds.DONE, "no-such-sound")),
            commands.say_number(3),
            commands.say_time(1_764_300_000 * SECOND, "Asia/Shanghai"),
            commands.say_time(1_764_300_000 * SECOND, ""),
            Command(("GET DATA",)),
            Command(("NO SUCH COMMAND",)),
            commands.get_data("beep", 4, 1),
        ]
        for command in asked:
            said[" ".join(command.words)] = await call.do(command)
        done.set_result(call)

    async with asterisk(release, handler) as (watch, server):
        since = watch.mark
        await call(watch)
        environment = (await asyncio.wait_for(done, DEADLINE_S)).environment
        over = await watch.event("VarSet", DEADLINE_S, since, Variable="ANDON_DECISION")
        assert over["Value"].split()[0] == "over", "the dialplan goes on, whatever AGISTATUS says"
        assert server.counts.asked == {"try": 1}
    assert (environment.path, dict(environment.query), environment.arguments) == (
        "try",
        {"kind": "short", "node": "north1"},
        ("one", "two"),
    )
    assert environment.channel.startswith("Local/s@try-")
    assert environment.uniqueid.startswith("north1-")
    odd = {"STREAM FILE no-such-sound ", "GET DATA", "NO SUCH COMMAND"}
    assert {name: reply.code for name, reply in said.items() if not reply.done} == {
        "STREAM FILE no-such-sound ": 200,
        "GET DATA": 520,
        "NO SUCH COMMAND": 510,
    }
    assert all(reply.done for name, reply in said.items() if name not in odd)
    assert said["GET VARIABLE ANDON_SENTENCE"].data == AWKWARD


@pytest.mark.parametrize("exits", ["yes", "no"])
@pytest.mark.parametrize("release", RELEASES)
async def test_a_caller_who_hangs_up_ends_the_call(release: str, exits: str) -> None:
    began = asyncio.Event()
    ended: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()

    async def handler(call: Call) -> None:
        try:
            began.set()
            for _ in range(20):
                await call.do(commands.play("demo-congrats"))
        except (Gone, asyncio.CancelledError) as gone:
            ended.set_result(gone)
            raise

    async with asterisk(release, handler) as (watch, server):
        await call(watch, exits)
        await asyncio.wait_for(began.wait(), DEADLINE_S)
        await watch.send("Hangup", Channel="/^Local\\/s@try/", Cause="16")
        await asyncio.wait_for(ended, 5)
        async with asyncio.timeout(5):
            while server.counts.open:  # noqa: ASYNC110 - counts are plain numbers
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("release", RELEASES)
def test_every_sound_that_we_use_is_in_the_core_set(release: str) -> None:
    tree = need.tree(release)
    folder = tree.path / "usr/share/asterisk/sounds/en_US_f_Allison"
    assert [sound for sound in sounds.USED if not (folder / f"{sound}.gsm").exists()] == []
