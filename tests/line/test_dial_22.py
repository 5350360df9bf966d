"""Outbound calls on a real Asterisk 22: the shipped dialplan, real gates, and the far side's own CDR for what really left.

Not which rules there are (`tests/realtime/dial`): here is that no call leaves without an allow, whatever becomes of the gate.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from msgspec import structs

from realtime.asks_outbound import CampaignStop
from realtime.dial.signing import verify
from realtime.plan.dialling import CallerIdRule, Campaign, CapRule, DialRules, HoursRule, Preset, Window
from realtime.words import SECOND, AgentId
from tests.line.control import clock
from tests.line.dialling import LI, Dialling, dialling, ready
from tests.line.floor import command

pytestmark = pytest.mark.asterisk

OPEN = Preset(name="own", hours=(HoursRule(id="always", days=(((0, 1440),),) * 7),), caller_ids=(CallerIdRule(id="any"),))
SALES = Campaign(id="sales", name="Sales", client="acme", purpose="service", caller_ids=("+861088880000",), agents=(LI,), rules=OPEN)


def closed_now() -> Preset:
    """Hours that are not now, whenever now is."""
    minute = time.time() // 60 % 1440 + 480  # Shanghai has no summer time
    begins = int((minute + 240) % 1440 // 60 * 60)
    return Preset(name="own", hours=(HoursRule(id="later", days=(((begins, begins + 60),),) * 7),))


async def test_a_desk_phone_is_let_through_refused_and_told_when(valkey: str, tmp_path: Path) -> None:
    later = Campaign(
        id="later", client="acme", purpose="service", caller_ids=("+861088880000",), agents=(AgentId("1009"),), rules=closed_now()
    )
    rules = DialRules(campaigns=(SALES, later), blocked=("+86139",), emergency=("110",))
    async with dialling(valkey, tmp_path, rules) as there:
        since = there.watch.mark
        call = await there.typed("1008", "13812345670")
        for side in ("PJSIP/1008-", "PJSIP/carrier-"):
            await there.until_bridged(side, since)
        await call.leg.hang_up()
        assert await call.over() == []
        assert call.variable("ANDON_DECISION") == "", "good for one dial"

        call = await there.typed("1008", "13912345670")
        assert await call.over() == ["descending-2tone", "im-sorry", "number", "5"]
        assert call.variable("ANDON_REASON") == "dial.number.blocked"
        assert not call.answered(), "nobody pays for hearing no"
        assert call.played() == []

        call = await there.typed("1009", "13812345671")
        said = await call.over()
        assert said[:5] == ["descending-2tone", "im-sorry", "number", "3", "digits/at"]
        until = int(call.variable("ANDON_UNTIL"))
        assert int(said[5]) == until
        assert time.time() < until < time.time() + 86_400

        call = await there.typed("1008", "110")
        await call.leg.up()
        await call.leg.hang_up()
        await there.quiet()
        assert there.left() == {"13812345670": 1, "110": 1}
        assert all(verify(each, there.keys().signing()[1]) for each in await there.decided())
        assert await there.allowed() == {"13812345670": 1}
        await there.until_ended(1)
        assert [(each.outcome, each.agent, each.dial) for each in there.ended] == [("connected", "1008", (await there.decided())[0].dial)]
        decided = [(each.decision.verdict, each.agent, each.campaign, each.method) for each in await there.decided()]
        assert decided == [
            ("allow", "1008", "sales", "manual"),
            ("deny", "1008", "sales", "manual"),
            ("defer", "1009", "later", "manual"),
        ]


async def test_no_call_leaves_without_an_allow_whatever_becomes_of_the_gate(valkey: str, tmp_path: Path) -> None:
    """Killed, frozen for too long, frozen for a moment (slow), ended and started again, while a dialler never lets up."""
    async with dialling(valkey, tmp_path, DialRules(campaigns=(SALES,))) as there:
        (gate,) = there.gates
        await ready(there)
        load = asyncio.create_task(dial_on(there))
        try:
            await there.until_allowed(15)
            await gate.kill()
            await there.until_refused(15)
            await gate.start()
            await there.until_allowed(15)
            gate.freeze()
            await there.until_refused(40)  # the dialplan ends them after five seconds
            gate.thaw()
            await there.until_allowed(15)
            for _ in range(4):  # slow: some are answered late, some are told that it took too long
                gate.freeze()
                await asyncio.sleep(1.5)
                gate.thaw()
                await asyncio.sleep(0.3)
            await gate.end()
            await gate.start()
            await there.until_allowed(15)
        finally:
            load.cancel()
            await asyncio.gather(load, return_exceptions=True)
        await there.quiet()
        left, allowed = there.left(), await there.allowed()
        sys.stdout.write(f"{there.sent} asked, {sum(allowed.values())} allowed, {sum(left.values())} reached the other side\n")
        assert not left - allowed, "it left without an allow"
        assert set(left.values()) == {1}
        assert sum(left.values()) >= 60
        assert sum(left.values()) < there.sent - 30
        await there.until_ended(sum(left.values()))
        released = {each.dial for each in there.ended if each.outcome == "not_dialled"}
        assert not released & {each.dial for each in await there.decided() if there.number_of(each) in left}, "it left, and was given back"


async def dial_on(there: Dialling) -> None:
    """Ten calls a second, each to a number of its own, until cancelled."""
    for number in itertools.count(1000):
        await there.originate(f"138{number:07}0")
        await asyncio.sleep(0.1)


async def test_forty_at_once_against_a_cap_of_three_are_exactly_three(valkey: str, tmp_path: Path) -> None:
    """One person under forty numbers, asked of two gates that share the counters."""
    cap = CapRule(id="three", most=3, window=Window(seconds=3600), scope=("person",))
    campaign = structs.replace(SALES, rules=structs.replace(OPEN, caps=(cap,)))
    async with dialling(valkey, tmp_path, DialRules(campaigns=(campaign,)), gates=2) as there:
        await ready(there)
        second = f"127.0.0.1:{there.gates[1].port}"
        first = [there.originate(f"13812345{number:02}0", ANDON_PERSON="somebody") for number in range(20)]
        await asyncio.gather(*first)
        await there.hands.send("Setvar", Variable="ANDON_GATE", Value=second)
        rest = [there.originate(f"13812345{number:02}0", ANDON_PERSON="somebody") for number in range(20, 40)]
        await asyncio.gather(*rest)
        await there.until_decided(41)
        await there.quiet()
        decided = [each for each in await there.decided() if each.campaign == "sales"]
        verdicts = Counter(each.decision.verdict for each in decided)
        assert verdicts == {"allow": 3 + 1, "defer": 37}, "one of them from before"
        assert {each.decision.reason.rule for each in decided if each.decision.reason is not None and each.until} == {"dial.cap"}
        assert sum(there.left().values()) == 3 + 1

        await there.gates[0].kill()
        await there.originate("13700000000")
        await there.quiet()
        assert there.left()["13700000000"] == 1, "the second one serves"


async def test_a_stop_hangs_up_what_rings_and_nothing_starts_after_it(valkey: str, tmp_path: Path) -> None:
    async with dialling(valkey, tmp_path, DialRules(campaigns=(SALES,))) as there:
        await ready(there)
        for number in range(30):
            await there.originate(f"13812345{number:02}8")  # rings, and nobody answers
        await there.until_ringing(30)
        pressed = clock()
        answer = await there.control.ask(CampaignStop("sales", "test", pressed))
        assert answer.decision.verdict == "allow", answer.decision
        since = there.watch.mark
        load = [asyncio.create_task(there.originate(f"13712345{number:02}0")) for number in range(10)]
        await there.until_ringing(0)
        await asyncio.gather(*load)
        last = max(
            float(each["Timestamp"]) for each in there.watch.seen if each["Event"] == "Hangup" and "PJSIP/carrier" in each["Channel"]
        )
        await there.quiet()
        sys.stdout.write(f"from the stop to the last of 30: {(last - pressed / SECOND) * 1000:.0f} ms\n")
        assert not [each for each in there.watch.seen[since:] if each["Event"] == "DialBegin" and "carrier" in each["DialString"]]
        assert last - pressed / SECOND < 5
        assert sum(there.left().values()) == 30 + 1
        assert sum((await there.allowed()).values()) == 30 + 1
        await there.control.until(lambda: there.control.floor.owned.outbound.campaigns["sales"].stop_took > 0)


async def test_transfers_forwards_and_their_like_pass_the_same_gate(valkey: str, tmp_path: Path) -> None:
    """A phone that sends its customer out, a dialplan that forwards, a jump past the question, and what the doctor sees of it all."""
    rules = DialRules(campaigns=(SALES,), manual="sales", blocked=("+86139",), emergency=("110",))
    async with dialling(valkey, tmp_path, rules) as there:
        await ready(there)
        for number in ("13912345670", "13812345670"):
            since = there.watch.mark
            customer = await there.world.call("13800000001", "1009")
            desk = await there.world.rings("1009")
            await desk.answer()
            await there.until_bridged("PJSIP/carrier-", since)
            await there.until_bridged("PJSIP/1009-", since)
            await desk.refer(number)
            await desk.gone()
            await there.until_decided_of(number)
            await customer.hang_up()
            await there.quiet()
        await there.originate_at("Local/s@forwards/n")
        await there.until_decided_of("13812345674")
        await there.quiet()
        # Nobody jumps behind the question: a word of before, or one that was given to another number, is none.
        said = {"ANDON_DIAL": "13812345675", "ANDON_RING": "60", "ANDON_DECISION": "allow:1.1:13812345675"}
        await there.originate_at("Local/13812345675@andon-jump/n", **said)
        await there.quiet()
        # An emergency number of a dialler's list is asked, and refused.
        await there.originate("110")
        await there.quiet()
        left = there.left()
        del left["13700000001"]
        assert left == {"13812345670": 1, "13812345674": 1}
        methods = [(each.method, each.reserved, each.decision.verdict) for each in (await there.decided())[-5:]]
        assert methods == [
            ("manual", True, "deny"),
            ("manual", True, "allow"),
            ("predictive", False, "deny"),  # nobody said that somebody is on the line
            ("manual", True, "allow"),
            ("manual", True, "deny"),
        ]
        rows = json.loads((await command(there.gates[0].folder, "doctor", "--json")).out)
        found = {row["check"]: (row["level"], row["text"]) for row in rows}
        assert found["dialplan"][0] == "ok", found["dialplan"]
        assert found["trunk"] == (
            "warn",
            "from-phone dial the trunk past the gate, so no rule holds there. Replace their Dial, then reload:",
        )
        assert found["originators"][0] == "unknown"
