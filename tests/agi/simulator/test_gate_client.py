"""The simulated dialplan's way to a gate, held against Andon's own FastAGI server and against gates that are none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_network

import pytest

from agi.dial import asking, saying
from agi.dial.asking import Asked
from agi.fastagi.server import Call, FastAgiServer, Route
from agi.simulator import gate
from agi.simulator.exchange import Question
from agi.simulator.gate import GateClient, set_by
from agi.watched import GateCounts
from realtime.decision import Finding
from realtime.outbound import Constraints

HERE = "127.0.0.1"
WORDS = {"campaign": "c 1&x=y", "method": "predictive", "agent": "1001", "reserved": "0", "person": "p/7", "debt": "d?1"}
LOCAL = Question("Local/13900000001@andon-dial-00000003;2", "demo1-1795864860.7", "demo1-1795864860.6", "13900000001", "", WORDS)
PHONE = Question("PJSIP/1001-0000000a", "demo1-1795864860.9", "demo1-1795864860.9", "0018005550199", "1001", {})


async def answer_of(port: int, question: Question) -> Mapping[str, str]:
    told: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()
    client = GateClient(HERE, port, "demo1", lambda what: what())
    client.ask(question, told.set_result)
    try:
        return await asyncio.wait_for(told, 20)
    finally:
        await client.close()


async def at_a_gate(handle: Callable[[Call], Awaitable[None]], question: Question) -> Mapping[str, str]:
    async def route(call: Call) -> None:
        await handle(call)

    server = FastAgiServer({"dial": Route(route, 10.0)}, [ip_network("127.0.0.0/8")], GateCounts())
    listening = await server.listen(HERE, 0)
    try:
        return await answer_of(listening.sockets[0].getsockname()[1], question)
    finally:
        listening.close()
        await server.end()


async def at_a_stranger(speak: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> Mapping[str, str]:
    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await speak(reader, writer)
        writer.close()

    async with await asyncio.start_server(served, HERE, 0) as server:
        return await answer_of(server.sockets[0].getsockname()[1], LOCAL)


@pytest.mark.parametrize("question", [LOCAL, PHONE])
async def test_a_real_gate_hears_the_question_and_is_understood(question: Question) -> None:
    heard: list[Asked] = []

    async def allow(call: Call) -> None:
        asked = asking.read(call.environment, {"demo1"})
        assert asked is not None
        heard.append(asked)
        limits, shows = Constraints(ring_s=15, record=True), "+862161234567"
        await call.do(saying.allowed("+8613900000001", "dial-1", limits, shows, asking.token(asked)))

    said = await at_a_gate(allow, question)
    (asked,) = heard
    assert (asked.channel, asked.uniqueid, asked.linkedid, asked.extension) == question[:4]
    assert (asked.local, asked.node) == (question is LOCAL, "demo1")
    assert {name: getattr(asked, name) for name in WORDS} == ({**WORDS} if question is LOCAL else dict.fromkeys(WORDS, ""))
    assert question.allowed_by(said) == "+8613900000001"
    assert (said["ANDON_RECORD"], said["ANDON_SHOW"]) == ("yes", "+862161234567")


async def test_a_refusal_that_is_spoken_is_heard_to_its_end() -> None:
    async def refuse(call: Call) -> None:
        reason = Finding("dial.blocked.client", "deny", {"since": "2026-11-28", "told_by": "agent"})
        for command in (*saying.refused(reason, 0), *saying.spoken(reason, 1_800_000_000_000_000, 1_799_999_999_000_000, "Asia/Shanghai")):
            await call.do(command)

    said = await at_a_gate(refuse, PHONE)
    assert PHONE.allowed_by(said) == ""
    assert said["ANDON_REASON"] == "dial.blocked.client"


async def test_a_gate_that_is_away_says_nothing() -> None:
    async with await asyncio.start_server(lambda _reader, _writer: None, HERE, 0) as server:
        port = server.sockets[0].getsockname()[1]
    assert await answer_of(port, LOCAL) == {}


async def test_a_gate_that_accepts_and_closes_allows_nothing() -> None:
    async def closes(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        return

    assert LOCAL.allowed_by(await at_a_stranger(closes)) == ""


async def test_a_gate_that_hangs_after_its_word_has_not_given_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PATIENCE_S", 0.3)

    async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f'SET VARIABLE ANDON_DECISION "allow:{LOCAL.uniqueid}:{LOCAL.extension}"\n'.encode())
        await reader.read(1_000_000)
        await reader.read()

    assert "ANDON_DECISION" not in await at_a_stranger(hangs)


@pytest.mark.parametrize("noise", [b"x" * 200_000, b'SET VARIABLE "half\n', b"\xff\xfe\n" * 3, b"SET\n" * 200])
async def test_what_is_no_gate_allows_nothing(noise: bytes) -> None:
    async def shouts(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(noise)

    assert LOCAL.allowed_by(await at_a_stranger(shouts)) == ""


def test_variables_are_read_as_asterisk_reads_them() -> None:
    assert set_by('SET VARIABLE "ANDON_SENTENCE" "a \\"word\\", and a \\\\"') == {"ANDON_SENTENCE": 'a "word", and a \\'}
    assert set_by('EXEC "MSet" "A=1,B=,C=x=y"') == {"A": "1", "B": "", "C": "x=y"}
    assert set_by('STREAM FILE "beeperr" ""') == {}
