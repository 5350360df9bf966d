"""A board on a floor that dials: the campaigns of the example plan, some dials and refusals of today, answered by the real rules.

async with dialling(tmp_path) as hall:
    await hall.post("/api/campaigns/renewals/stop", {"pressed": 0}, await hall.signed_in("li", Role.SUPERVISOR))
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import msgspec

from andon.plan import folder
from realtime.decision import Decision, saw
from realtime.outbound import CampaignMoved, DialDecided, DialEnded, ListAnnounced, dial_id
from realtime.plan.dialling import DialRules
from realtime.saying import Saying, say
from realtime.words import SECOND, Micros
from tests.house.sources import ROOT
from tests.wallboard.controlled import PLAN, Hall, controlled

REASON = "signed trial plan 3"


def rules() -> DialRules:
    """Of examples/plan, as who installs it reads it."""
    reading = folder.load(ROOT / "examples" / "plan", "Asia/Shanghai", date(2026, 11, 28))
    assert reading.plan is not None
    return reading.plan.dialling


PLANNED = msgspec.structs.replace(PLAN, dialling=rules())


def moved(campaign: str, before: str, to: str, at: Micros) -> Saying:
    return say(CampaignMoved, at, campaign=campaign, before=before, to=to, who="user:chen", reason=REASON)


def begun(at: Micros) -> Iterator[Saying]:
    """Renewals are on trial, arrears work formally."""
    yield moved("renewals", "draft", "trial", at)
    for before, to in (("draft", "trial"), ("trial", "review"), ("review", "formal")):
        yield moved("arrears", before, to, at)


def dials(at: Micros, campaign: str, count: int, answered: int) -> Iterator[Saying]:
    """So many, some of them answered and talked with; all over."""
    for number in range(count):
        moment = at + number * SECOND
        dial = dial_id(moment, f"{campaign}{number}")
        decision = Decision("allow", (saw("dial.number", kind_of="mobile", country="CN"),))
        yield say(DialDecided, moment, "hall7", dial=dial, campaign=campaign, method="preview", reserved=True, decision=decision)
        talked = number < answered
        outcome = "connected" if talked else "no_answer"
        yield say(DialEnded, moment, dial=dial, campaign=campaign, outcome=outcome, answered=moment * talked, talk_s=61 * talked)


def refused(at: Micros, campaign: str, count: int) -> Iterator[Saying]:
    until = at + 3600 * SECOND
    values = {"preset": "cn-commercial", "id": "hours", "local": "20:31", "zone": "Asia/Shanghai", "until": "09:00", "zones": 1}
    decision = Decision("defer", (saw("dial.number", kind_of="mobile", country="CN"), saw("dial.hours.closed", "defer", until, **values)))
    for number in range(count):
        dial = dial_id(at + number, f"refused{number}")
        yield say(DialDecided, at + number, "hall7", dial=dial, campaign=campaign, shown="138•••0148", decision=decision, until=until)


def listed(at: Micros) -> Saying:
    day = 86_400 * SECOND
    return say(
        ListAnnounced, at, list="carrier-no-calls", version="ab" * 32, numbers=1_204_331, bad=17, as_of=at - 3 * day, source="carrier"
    )


@contextlib.asynccontextmanager
async def dialling(path: Path) -> AsyncIterator[Hall]:
    async with controlled(path, PLANNED) as hall:
        at = hall.now - 600 * SECOND
        said = [*begun(at), *dials(at, "renewals", 40, 12), *dials(at, "arrears", 9, 3), *refused(at, "renewals", 5), listed(at)]
        hall.say(*said)
        yield hall
