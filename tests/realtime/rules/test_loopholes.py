"""The report of loopholes: each pattern is seen with its evidence, what is usual is not, and nothing in it is a verdict."""

from __future__ import annotations

import pytest

from realtime import sentences
from realtime.floor import AgentTally, Turn
from realtime.owned import AgentLedger, Taken
from realtime.rules import loopholes as report
from realtime.rules.loopholes import Evidence, loopholes
from realtime.words import SECOND, AgentId, AgentState
from tests.realtime.rules.staffed import Staffed, plan
from tests.realtime.story import START

MINUTE = 60 * SECOND
TEAM = ("1001", "1002", "1003", "1004", "1005")


def floor(**ledgers: AgentLedger) -> Staffed:
    """A team of five who are at work; ledgers as `a1001=`."""
    found = Staffed(plan(*TEAM))
    for number in TEAM:
        found.log_in(number, f"PJSIP/{number}")
    found.settle()
    for number in TEAM:
        found.floor.owned.ledgers[number] = ledgers.get(f"a{number}", AgentLedger())
    return found


def one(found: list[Evidence]) -> Evidence:
    assert len(found) == 1, found
    return found[0]


def turns(*stretches: tuple[AgentState, float, str]) -> list[Turn]:
    at, found = START, []
    for state, minutes, reason in stretches:
        until = at + round(minutes * MINUTE)
        found.append(Turn(agent=AgentId("1001"), state=state, reason=reason, since=at, until=until))
        at = until
    return found


def test_a_quiet_day_has_no_rows() -> None:
    assert loopholes(floor().floor) == []


def test_out_and_in_again_is_told_with_its_times_and_going_home_is_not() -> None:
    ready, out = AgentState.READY, AgentState.LOGGED_OUT
    day = turns((out, 1, ""), (ready, 30, ""), (out, 2, ""), (ready, 30, ""), (out, 9, ""), (ready, 30, ""), (out, 60, ""), (ready, 5, ""))
    found = one(loopholes(floor().floor, {"1001": day}))
    assert (found.pattern, found.agent, found.value, found.usual) == ("relogin", "1001", 2, 0)
    assert found.times == (day[3].since, day[5].since)


def test_without_turns_the_log_ins_of_the_ledger_speak() -> None:
    often = AgentLedger(logins=3, logged_in=[START, START + MINUTE, START + 2 * MINUTE])
    assert one(loopholes(floor(a1002=often).floor)).times == (START + MINUTE, START + 2 * MINUTE)


def test_what_the_whole_team_does_is_nobodys_pattern() -> None:
    often = {f"a{number}": AgentLedger(logged_in=[START, START + MINUTE, START + 2 * MINUTE]) for number in TEAM}
    assert loopholes(floor(**often).floor) == [], "the server was down twice"


def test_from_one_code_straight_to_another() -> None:
    kinds = ("short", "meal", "fault", "short")
    taken = [Taken(kind, START + n * 10 * MINUTE, START + (n + 1) * 10 * MINUTE, 0, "returned") for n, kind in enumerate(kinds)]
    assert one(loopholes(floor(a1003=AgentLedger(taken=taken)).floor)).pattern == "code_hopping"
    pauses = turns(*((AgentState.NOT_READY, 5, kind) for kind in kinds))
    assert one(loopholes(floor().floor, {"1003": pauses})).value == 3
    apart = [Taken(kind, START + n * 20 * MINUTE, START + (n * 20 + 10) * MINUTE, 0, "returned") for n, kind in enumerate(kinds)]
    assert loopholes(floor(a1003=AgentLedger(taken=apart)).floor) == []


@pytest.mark.parametrize(
    ("kind", "seconds", "seen"), [("short", 119, True), ("short", 120, False), ("comfort", 30, False), ("meeting", 30, False)]
)
def test_short_cycling_leaves_comfort_and_meetings_alone(kind: str, seconds: int, seen: bool) -> None:
    taken = [Taken(kind, START + n * 30 * MINUTE, START + n * 30 * MINUTE + seconds * SECOND, 0, "returned") for n in range(report.SHORTS)]
    found = loopholes(floor(a1001=AgentLedger(taken=taken)).floor)
    assert [each.pattern for each in found] == ["short_cycling"] * seen


def test_pauses_that_nobody_granted() -> None:
    ledger = AgentLedger(unauthorised=3, unauthorised_at=[START, START + 1, START + 2])
    assert one(loopholes(floor(a1001=ledger).floor)).times == (START, START + 1, START + 2)
    assert loopholes(floor(a1001=AgentLedger(unauthorised=2, unauthorised_at=[START, START])).floor) == []


def spend(staffed: Staffed, number: str, talk: int, hold: int = 0, wrapup: int = 0) -> None:
    spent: dict[str, int] = {AgentState.TALKING: talk * MINUTE, AgentState.HOLD: hold * MINUTE, AgentState.WRAPUP: wrapup * MINUTE}
    staffed.floor.agents[AgentId(number)].halves = {START // SECOND: AgentTally(spent=spent)}


def test_hold_and_wrap_up_are_compared_with_the_others_of_the_team() -> None:
    staffed = floor()
    for number in TEAM[1:]:
        spend(staffed, number, talk=90, hold=5, wrapup=10)
    spend(staffed, "1001", talk=50, hold=15, wrapup=65)
    staffed.floor.agents[AgentId("1001")].halves[START // SECOND + 1800] = AgentTally(spent={AgentState.TALKING: 1})
    found = {each.pattern: each for each in loopholes(staffed.floor)}
    assert set(found) == {"hold", "wrapup"}
    assert found["hold"].value == pytest.approx(15 / 65)
    assert found["hold"].usual == pytest.approx(5 / 95)
    assert found["wrapup"].value == pytest.approx(0.5)
    assert found["hold"].times == (START,), "the half-hours in which it was above"


@pytest.mark.parametrize(("talk", "hold"), [(20, 9), (90, 9), (400, 17)])
def test_few_calls_twice_the_usual_and_hardly_any_hold_say_nothing(talk: int, hold: int) -> None:
    staffed = floor()
    usual = 1 if talk == 400 else 5
    for number in TEAM[1:]:
        spend(staffed, number, talk=95, hold=usual)
    spend(staffed, "1001", talk=talk, hold=hold)
    assert loopholes(staffed.floor) == []


def test_too_few_mates_are_no_measure() -> None:
    staffed = floor()
    for number in TEAM[1:3]:
        spend(staffed, number, talk=95, hold=5)
    spend(staffed, "1001", talk=50, hold=50)
    assert loopholes(staffed.floor) == []


def test_every_row_can_be_said_and_none_accuses() -> None:
    kinds = enumerate(("short", "meal") * 3)
    ledger = AgentLedger(
        logged_in=[START, START + 1, START + 2],
        unauthorised=3,
        unauthorised_at=[START] * 3,
        taken=[Taken(kind, START + n * MINUTE, START + n * MINUTE + 50 * SECOND, 0, "returned") for n, kind in kinds],
    )
    staffed = floor(a1001=ledger)
    for number in TEAM[1:]:
        spend(staffed, number, talk=95, hold=1, wrapup=1)
    spend(staffed, "1001", talk=50, hold=50, wrapup=50)
    found = loopholes(staffed.floor)
    assert {each.pattern for each in found} == {"relogin", "code_hopping", "short_cycling", "unauthorised", "hold", "wrapup"}
    for each in found:
        assert each.times
        assert each.finding.verdict == "allow"
        for language in sentences.LANGUAGES:
            text = sentences.sentence(each.finding, language)
            assert text != each.finding.rule
            assert not any(word in text.casefold() for word in ("cheat", "abuse", "fraud", "作弊", "偷懒"))
