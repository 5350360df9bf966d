"""deploy/asterisk/extensions_andon.conf in real Asterisks: without the exact word of a gate no number is dialled; emergency calls are.

Here a gate is a few lines that answer what a test says: nothing, nonsense, another call's word, the word; or never. The gate that
there is: `test_dial_22.py` and `test_phone_22.py`; here, on both releases, what the dialplan does without one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.lab.ami import Ami, Message
from tests.lab.pair import NoTree, Pair

pytestmark = pytest.mark.asterisk

SHIPPED = (Path(__file__).parents[2] / "deploy/asterisk/extensions_andon.conf").read_text()
NUMBER = "13800000001"
Answer = Callable[[dict[str, str]], dict[str, str]]
DEAD_GATES: dict[str, Answer | None] = {
    "nobody listens": None,
    "it closes at once": lambda asked: {},
    "yes": lambda asked: {"ANDON_DECISION": "allow", "ANDON_DIAL": NUMBER},
    "the word of another call": lambda asked: {"ANDON_DECISION": f"allow:1.1:{NUMBER}", "ANDON_DIAL": NUMBER},
    "the word for another number": lambda asked: {"ANDON_DECISION": f"allow:{asked['agi_uniqueid']}:10086", "ANDON_DIAL": NUMBER},
    "allowed, and nothing to dial": lambda asked: {"ANDON_DECISION": word(asked), "ANDON_DIAL": "abc"},
    "it takes the question and says nothing": lambda asked: HANGS,
}
HANGS = {"": ""}
"""Of a gate that answers never."""
UNHEARD = "beeperr&ss-noservice,noanswer"


SORRY = ["beeperr&please-try-again"]
CODES: tuple[tuple[str, Answer | None, list[str]], ...] = (
    ("nobody listens", None, SORRY),
    ("it closes at once", lambda asked: {}, SORRY),
    ("yes", lambda asked: {"ANDON_DECISION": "allow"}, SORRY),
    ("the word for another code", lambda asked: {"ANDON_DECISION": f"allow:{asked['agi_uniqueid']}:login"}, SORRY),
    ("it has said why not", lambda asked: {"ANDON_REASON": "break.cool_down"}, []),
    ("the word", lambda asked: {"ANDON_DECISION": f"allow:{asked['agi_uniqueid']}:break"}, []),
)
"""What the dialplan plays by itself: only what nobody else can say."""


def word(asked: dict[str, str]) -> str:
    return f"allow:{asked['agi_uniqueid']}:{asked['agi_extension']}"


async def gate(answer: Answer) -> asyncio.Server:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked: dict[str, str] = {}
        try:
            while line := (await reader.readline()).decode().strip():
                key, _, value = line.partition(": ")
                asked[key] = value
            if (said := answer(asked)) is HANGS:
                await reader.read()
            for name, value in said.items():
                writer.write(f'SET VARIABLE {name} "{value}"\n'.encode())
                await reader.readline()
        finally:
            writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0)


@pytest.mark.parametrize("release", ["sid", "bullseye"])
async def test_only_the_exact_word_of_a_gate_dials(release: str) -> None:
    globals_ = "\n[globals](+)\nANDON_GATE=127.0.0.1:9\nANDON_TRUNK_TECH=PJSIP\nANDON_TRUNK=carrier\n"
    try:
        async with Pair.open(release, extra_pbx={"extensions.conf": globals_ + SHIPPED}) as pair:
            watch = await pair.pbx.ami("watch")
            try:
                await tried(pair, watch)
            finally:
                await watch.close()
    except NoTree as reason:
        pytest.skip(str(reason))


async def tried(pair: Pair, watch: Ami) -> None:
    for case, answer in DEAD_GATES.items():
        since = watch.mark
        assert not await dials(pair, watch, NUMBER, answer), case
        assert spoken(watch, since) == [UNHEARD], case
    await pair.wait_reachable()  # a carrier that does not answer for a second is not dialled: that would look like a refusal
    await what_is_allowed(pair, watch)
    await what_is_not_typed(pair, watch)
    assert await dials(pair, watch, "112", None) == ["112"], "before every gate"
    for case, answer, word_of_ours in CODES:
        assert await code(watch, answer) == word_of_ours, case


async def what_is_allowed(pair: Pair, watch: Ami) -> None:
    """What was asked in whole, the word and nothing else, and the second gate where nobody listens at the first."""
    asked: list[dict[str, str]] = []

    def says(said: dict[str, str]) -> dict[str, str]:
        asked.append(said)
        return {"ANDON_DIAL": "0" + NUMBER, "ANDON_RING_MIN": "75", "ANDON_DECISION": word(said)}

    since = watch.mark
    wish = {"ANDON_CAMPAIGN": "c&method=manual,1", "ANDON_METHOD": "preview", "ANDON_PERSON": "\u738b \u201ca\u201d?"}
    assert await dials(pair, watch, NUMBER, says, **wish) == ["0" + NUMBER]
    asks = asked[0]
    query = dict(parse_qsl(asks["agi_network_script"].partition("?")[2], keep_blank_values=True))
    assert (query["campaign"], query["method"], query["person"]) == tuple(wish.values()), "a value is a value, whatever is in it"
    assert (asks["agi_arg_1"], asks["agi_extension"]) == (NUMBER, NUMBER)
    assert asks["agi_arg_2"] == next(each["Linkedid"] for each in watch.seen if each.get("Uniqueid") == asks["agi_uniqueid"])
    dial = next(each for each in watch.seen[since:] if each["Event"] == "Newexten" and each["Application"] == "Dial")
    assert dial["AppData"] == f"PJSIP/0{NUMBER}@carrier,75", "no shorter than the gate says"
    assert await dials(pair, watch, NUMBER, says, second=True) == ["0" + NUMBER], "a second gate, and the first is not there"


async def what_is_not_typed(pair: Pair, watch: Ami) -> None:
    """A word that came with the channel, or is set at the wrong moment, allows nothing; a campaign's emergency number is asked."""
    stale = {"__ANDON_DECISION": f"allow:1.1:{NUMBER}", "__ANDON_DIAL": NUMBER, "ANDON_DIAL": NUMBER}
    assert not await dials(pair, watch, NUMBER, lambda asked: {}, **stale)
    since = watch.mark
    assert not await dials(pair, watch, NUMBER, lambda asked: {"ANDON_REASON": "dial.hours"})
    assert spoken(watch, since) == [], "the gate has spoken itself"
    heard: list[dict[str, str]] = []
    assert not await dials(pair, watch, "112", lambda asked: heard.append(asked) or {"ANDON_REASON": "x"}, ANDON_CAMPAIGN="c1")
    assert [each["agi_arg_1"] for each in heard] == ["112"]


def spoken(watch: Ami, since: int) -> list[str]:
    """What the dialplan played by itself."""
    return [each["AppData"] for each in watch.seen[since:] if each["Event"] == "Newexten" and each["Application"] == "Playback"]


def dialled(event: Message) -> bool:
    """The trunk's leg: Originate says DialBegin of its own Local channel, too."""
    return event["Event"] == "DialBegin" and "carrier" in event["DialString"]


def enough(event: Message) -> bool:
    """Dialled, or spoken: nobody need hear it to its end."""
    return dialled(event) or (event["Event"] == "Newexten" and event["Application"] == "Playback")


async def dials(pair: Pair, watch: Ami, number: str, answer: Answer | None, *, second: bool = False, **variables: str) -> list[str]:
    """What went to the trunk of one attempt to call, until it has ended."""
    server = await gate(answer) if answer is not None else None
    port = server.sockets[0].getsockname()[1] if server is not None else 9
    await watch.send("Setvar", Variable="ANDON_GATE", Value=f"127.0.0.1:{9 if second else port}")
    await watch.send("Setvar", Variable="ANDON_GATE_2", Value=f"127.0.0.1:{port}" if second else "")
    since = watch.mark
    call = {"Channel": f"Local/{number}@andon-dial/n", "Application": "Wait", "Data": "1", "Async": "true"}
    if variables:
        call["Variable"] = ",".join(f"{name}={value}".replace(",", "\\,") for name, value in variables.items())
    await watch.send("Originate", action_id="", **call)

    def over(message: Message) -> bool:
        return (
            message["Event"] == "Hangup"
            and message["Channel"].startswith(f"Local/{number}@andon-dial")
            and message["Channel"].endswith(";2")
        )

    async def bored() -> None:
        await watch.wait_for(enough, 20, since)
        await pair.cli("channel request hangup all")

    task = asyncio.ensure_future(bored())
    try:
        await watch.wait_for(over, 25, since)
    finally:
        if not any(map(enough, watch.seen[since:])):
            task.cancel()  # else it is hanging up, and must have done so before the next call
        await asyncio.gather(task, return_exceptions=True)
        if server is not None:
            server.close()
    return [event["DialString"].partition("@")[0] for event in watch.seen[since:] if dialled(event)]


def ours(event: Message) -> bool:
    return event["Channel"].startswith("Local/*73@andon-agent")


async def code(watch: Ami, answer: Answer | None) -> list[str]:
    """What was played of one attempt to ask for a break, until it has ended."""
    asked: list[dict[str, str]] = []

    def heard(said: dict[str, str]) -> dict[str, str]:
        asked.append(said)
        return answer(said) if answer is not None else {}

    server = await gate(heard) if answer is not None else None
    port = server.sockets[0].getsockname()[1] if server is not None else 9
    await watch.send("Setvar", Variable="ANDON_GATE", Value=f"127.0.0.1:{port}")
    since = watch.mark
    call = {"Channel": "Local/*73@andon-agent/n", "Application": "Wait", "Data": "20", "Async": "true"}
    try:
        await watch.send("Originate", action_id="", **call)
        await watch.wait_for(lambda event: event["Event"] == "Hangup" and ours(event) and event["Channel"].endswith(";2"), 20, since)
    finally:
        if server is not None:
            server.close()
    if answer is not None:
        assert [each["agi_network_script"] for each in asked] == ["break?node=&kind=short"]
    played = [event for event in watch.seen[since:] if event["Event"] == "Newexten" and event["Application"] == "Playback" and ours(event)]
    return [event["AppData"] for event in played]
