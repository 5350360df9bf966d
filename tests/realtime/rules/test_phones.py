"""The phone that rings for who listens or takes over is free: one in use is refused at once, with what to do first.

Not which phones may ring at all (`test_supervise.py`).
"""

from __future__ import annotations

import pytest

from realtime import facts
from realtime.decision import Decision
from realtime.requests import AnyAsk, CallSpy, CallTakeOver
from realtime.sentences import sentence
from realtime.words import Device
from tests.realtime.rules.staffed import Staffed, talks
from tests.realtime.rules.test_supervise import BOSS, LI, PLAN, WANG, whole_call
from tests.realtime.story import about, leg, leg_ended

ASKS: tuple[AnyAsk, ...] = (CallSpy(LI), CallSpy(LI, "whisper"), CallTakeOver(LI))


@pytest.fixture
def here() -> Staffed:
    """1001 talks to a customer; the supervisor's phone is PJSIP/9."""
    floor = Staffed(PLAN).static("1002", "sales")
    assert floor.log_in(LI, "PJSIP/1001").verdict == "allow"
    return floor.settle().after(whole_call("1001"))


def refused(decision: Decision) -> str:
    assert decision.verdict == "deny", decision
    assert decision.reason is not None
    return sentence(decision.reason, "en")


@pytest.mark.parametrize("state", ["dialling", "talking", "hold"])
@pytest.mark.parametrize("ask", ASKS, ids=str)
def test_a_phone_in_use_is_refused_until_it_has_hung_up(here: Staffed, ask: AnyAsk, state: str) -> None:
    here.after(leg("own", "9", state), leg("own", "other", state))
    assert refused(here.request(ask, BOSS)) == "Your phone PJSIP/9 is in use; hang up first."
    here.after(leg_ended("own", "9"))
    assert here.request(ask, BOSS).verdict == "allow"


@pytest.mark.parametrize("state", ["ringing", "waiting"])
def test_one_that_rings_or_waits_is_not_in_use(here: Staffed, state: str) -> None:
    here.after(leg("own", "9", state))
    assert here.request(CallSpy(LI), BOSS).verdict == "allow"


def test_another_phone_that_is_named_is_looked_at(here: Staffed) -> None:
    here.after(talks("1002"))
    named = CallSpy(LI, phone=Device("PJSIP/1002"))
    assert refused(here.request(named, BOSS)) == "Your phone PJSIP/1002 is in use; hang up first."


def test_who_listens_and_wants_to_whisper_is_told_to_hang_up_first(here: Staffed) -> None:
    """The leg of who listens is up with nobody."""
    here.after(talks("1002"), leg("own", "9", "waiting"))
    here.after(about(facts.SpyBegan, "c", leg="c-1001", spyer="own-9", device="PJSIP/9"))
    for ask in ASKS:
        assert refused(here.request(ask, BOSS)) == "Your phone PJSIP/9 listens to this call already; hang up, then order it again."
    assert refused(here.request(CallSpy(WANG), BOSS)) == "Your phone PJSIP/9 is in use; hang up first."
    here.after(about(facts.SpyEnded, "c", leg="c-1001", spyer="own-9"), leg_ended("own", "9"))
    assert here.request(CallSpy(LI, "whisper"), BOSS).verdict == "allow"
