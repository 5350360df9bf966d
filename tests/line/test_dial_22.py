"""Outbound calls on a real Asterisk 22: the shipped dialplan, real gates, and the far side's own CDR for what really left.

Not which rules there are (`tests/realtime/dial`): here is that no call leaves without an allow, whatever becomes of the gate.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from realtime.plan.dialling import CallerIdRule, Campaign, DialRules, HoursRule, Preset
from tests.line.dialling import LI, dialling

pytestmark = pytest.mark.asterisk

OPEN = Preset(name="own", hours=(HoursRule(id="always", days=(((0, 1440),),) * 7),), caller_ids=(CallerIdRule(id="any"),))
SALES = Campaign(id="sales", name="Sales", client="acme", purpose="service", caller_ids=("+861088880000",), agents=(LI,), rules=OPEN)


def closed_now() -> Preset:
    """Hours that are not now, whenever now is."""
    minute = time.time() // 60 % 1440 + 480  # Shanghai has no summer time
    begins = int((minute + 240) % 1440 // 60 * 60)
    return Preset(name="own", hours=(HoursRule(id="later", days=(((begins, begins + 60),),) * 7),))


async def test_a_desk_phone_is_let_through_refused_and_told_when(valkey: str, tmp_path: Path) -> None:
    later = Campaign(id="later", client="acme", purpose="service", caller_ids=("+861088880000",), agents=("1009",), rules=closed_now())
    rules = DialRules(campaigns=(SALES, later), blocked=("+86139",), emergency=("110",))
    async with dialling(valkey, tmp_path, rules) as there:
        call = await there.typed("1008", "13812345670")
        await call.leg.up()
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
        assert await there.allowed() == {"13812345670": 1}
        decided = [(each.decision.verdict, each.agent, each.campaign, each.method) for each in await there.decided()]
        assert decided == [
            ("allow", "1008", "sales", "manual"),
            ("deny", "1008", "sales", "manual"),
            ("defer", "1009", "later", "manual"),
        ]
