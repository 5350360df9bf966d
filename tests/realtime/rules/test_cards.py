"""Card-data pauses: who may, what is silenced, that it is kept, and that it ends by itself however it goes."""

from __future__ import annotations

from typing import Any

import pytest

from realtime import facts, me, sentences
from realtime.fold import HANDLERS
from realtime.orders import MuteRecording
from realtime.plan.archive import ArchiveRules
from realtime.recording_facts import CardPauseBegan, CardPauseEnded, RecordingPaused, RecordingResumed
from realtime.requests import Actor, CardPause, CardResume
from realtime.rules import alerts
from realtime.rulings import AlertRaised, OrderGiven
from realtime.words import SECOND, AgentId, LegState
from tests.realtime.rules.staffed import BOSS, Staffed, plan
from tests.realtime.story import Telling, about, call_ended, leg, leg_ended, lost, merged, resynced

LI, WANG = AgentId("1001"), AgentId("1002")
CALL = "c"


def talking(*recorded: str, most_s: int = 180) -> Staffed:
    """1001 talks with a customer's line; these legs are recorded."""
    rules = ArchiveRules(pause_most_s=most_s, pause_total_s=3_600)
    floor = Staffed(plan("1001", "1002:b", archive=rules)).static("1001").static("1002").settle()
    floor.after(leg(CALL, "1001", "talking"), leg(CALL, "line", "talking"))
    return floor.after(*(began(each) for each in recorded)).settle()


def began(name: str) -> Telling:
    return about(facts.RecordingBegan, CALL, leg=name)


def muted(floor: Staffed) -> list[tuple[str, bool]]:
    orders = [each.fields["order"].act for each in floor.facts(OrderGiven)]
    return [(act.leg, act.muted) for act in orders if isinstance(act, MuteRecording)]


def silent(floor: Staffed) -> set[str]:
    return set(floor.story.call(CALL).silent)


def row(floor: Staffed) -> me.MeRow:
    return me.me_row(floor.floor, LI, floor.now)


# ------------------------------------------------------------------ asked for


def test_every_recording_of_the_call_is_silenced_and_has_sound_again_when_the_agent_says_so() -> None:
    floor = talking("c-line", "c-1001")
    assert floor.request(CardPause(LI)).verdict == "allow"
    assert silent(floor) == {"c-line", "c-1001"}
    card = row(floor).card
    assert card is not None
    assert (card.until - floor.now / SECOND, card.silent) == (180, floor.now / SECOND)
    assert floor.request(CardResume(LI)).verdict == "allow"
    assert silent(floor) == set()
    assert not floor.floor.owned.cards
    assert row(floor).card is None
    assert muted(floor) == [("c-line", True), ("c-1001", True), ("c-line", False), ("c-1001", False)]


def test_it_is_over_by_itself_stamped_with_its_deadline() -> None:
    floor = talking("c-line", most_s=120)
    floor.request(CardPause(LI))
    asked = floor.now
    floor.later(119)
    assert silent(floor) == {"c-line"}
    floor.later(3)
    assert silent(floor) == set()
    (ended,) = floor.facts(CardPauseEnded)
    assert (ended.at, ended.fields["why"]) == (asked + 120 * SECOND, "expired")


def test_asked_again_the_time_begins_anew() -> None:
    floor = talking("c-line")
    floor.request(CardPause(LI))
    floor.later(100)
    floor.request(CardPause(LI))
    floor.later(100)
    assert silent(floor) == {"c-line"}
    floor.later(90)
    assert silent(floor) == set()
    assert len(floor.facts(CardPauseBegan)) == 2


def test_a_supervisor_may_and_a_colleague_may_not() -> None:
    floor = talking("c-line")
    other = Actor("wang", "agent", WANG, "page")
    for wish in (CardPause(LI), CardPause(call="pbx/c")):
        refused = floor.request(wish, other)
        assert (refused.verdict, refused.findings[0].rule) == ("deny", "reach.nobody")
    assert floor.request(CardPause(call="pbx/c"), BOSS).verdict == "allow"
    assert floor.request(CardPause(call="pbx/c"), Actor("li", "agent", LI, "phone")).verdict == "allow", "it is in that call"
    assert floor.facts(CardPauseBegan)[0].fields["agent"] == LI


def test_with_a_customer_on_hold_the_recorded_call_is_meant_and_not_the_colleague_beside_it() -> None:
    floor = talking("c-line")
    floor.after(about(facts.LegChanged, CALL, leg="c-1001", state=LegState.HOLD)).later(5)
    floor.after(leg("d", "1001", "talking"), leg("d", "1002", "talking"))
    assert row(floor).recorded
    assert floor.request(CardPause(LI)).verdict == "allow"
    assert silent(floor) == {"c-line"}
    assert floor.request(CardResume(LI)).verdict == "allow"
    assert silent(floor) == set()


def test_of_two_calls_in_hand_that_are_recorded_both_are_silenced() -> None:
    floor = talking("c-line")
    floor.after(about(facts.LegChanged, CALL, leg="c-1001", state=LegState.HOLD)).later(5)
    floor.after(leg("d", "1001", "talking"), leg("d", "1002", "talking"), about(facts.RecordingBegan, "d", leg="d-1001"))
    assert floor.request(CardPause(LI)).verdict == "allow"
    assert (silent(floor), set(floor.story.call("d").silent)) == ({"c-line"}, {"d-1001"})
    floor.later(200)
    assert (silent(floor), set(floor.story.call("d").silent)) == (set(), set())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_call_that_is_not_recorded_is_refused_with_what_to_do(language: str) -> None:
    refused = talking().request(CardPause(LI))
    (reason,) = [each for each in refused.findings if each.verdict == "deny"]
    assert reason.rule == "card.not_recorded"
    assert sentences.sentence(reason, language) != reason.rule


def test_of_a_call_that_was_not_seen_whole_nobody_is_told_that_it_is_not_recorded() -> None:
    floor = talking()
    floor.after(resynced(leg(CALL, "1001", "talking"), leg(CALL, "line", "talking")))
    assert [each.rule for each in floor.request(CardPause(LI)).findings if each.verdict == "deny"] == ["card.unknown"]
    floor.after(began("c-line"))
    assert floor.request(CardPause(LI)).verdict == "allow"


def test_without_a_call_or_a_link_it_is_refused() -> None:
    floor = talking("c-line")
    assert [each.rule for each in floor.request(CardPause(WANG)).findings if each.verdict == "deny"] == ["card.no_call"]
    assert [each.rule for each in floor.request(CardResume(LI)).findings if each.verdict == "deny"] == ["card.not_paused"]
    floor.after(lost())
    assert [each.rule for each in floor.request(CardPause(LI)).findings if each.verdict == "deny"] == ["supervise.node_away"]


# ------------------------------------------------------------------ in all


def bounded(total_s: int, most_s: int = 100) -> Staffed:
    rules = ArchiveRules(pause_most_s=most_s, pause_total_s=total_s)
    floor = Staffed(plan("1001", "1002:b", archive=rules)).static("1001").static("1002").settle()
    floor.after(leg(CALL, "1001", "talking"), leg(CALL, "line", "talking"))
    return floor.after(began("c-line")).settle()


def denied(floor: Staffed) -> list[str]:
    return [each.rule for each in floor.request(CardPause(LI)).findings if each.verdict == "deny"]


def totals(floor: Staffed) -> list[dict[str, Any]]:
    due = [each.fields for each in alerts.due(floor.floor, floor.now) if each.kind is AlertRaised]
    return [each for each in due if each["rule"] == "card.total"]


def test_a_pause_that_is_renewed_again_and_again_ends_with_the_total_of_its_call() -> None:
    floor = bounded(total_s=250)
    asked = floor.now
    floor.request(CardPause(LI))
    for _ in range(6):
        floor.later(40)
        floor.request(CardPause(LI))
    assert silent(floor) == {"c-line"}
    floor.later(15)
    assert silent(floor) == set(), "240 s and what was left"
    (ended,) = floor.facts(CardPauseEnded)
    assert ((ended.at - asked) / SECOND, ended.fields["why"]) == (250, "total")
    assert denied(floor) == ["card.total"]
    assert (row(floor).card, row(floor).card_full, row(floor).recorded) == (None, True, True)


def test_pauses_of_one_call_add_up_and_what_lies_between_does_not_count() -> None:
    floor = bounded(total_s=150)
    for _ in range(2):
        floor.request(CardPause(LI))
        floor.later(60)
        floor.request(CardResume(LI))
        floor.later(500)
    decision = floor.request(CardPause(LI))
    assert [each.values["seconds"] for each in decision.findings if each.rule == "card.recorded"] == [30]
    floor.later(29)
    assert silent(floor) == {"c-line"}
    floor.later(3)
    assert silent(floor) == set()
    assert denied(floor) == ["card.total"]


def test_the_leader_is_told_until_the_call_is_over_and_the_next_call_has_its_own_total() -> None:
    floor = bounded(total_s=60)
    floor.request(CardPause(LI))
    floor.later(65)
    (alert,) = totals(floor)
    assert (alert["subject"], alert["severity"], alert["rule"]) == ("agent:1001", "act", "card.total")
    assert ("1 min" in alert["text"]["en"], "1分钟" in alert["text"]["zh"]) == (True, True)
    floor.after(call_ended(CALL)).later(3)
    assert totals(floor) == []
    assert not floor.floor.owned.card_spent
    floor.after(leg("e", "1001", "talking"), leg("e", "line", "talking"), about(facts.RecordingBegan, "e", leg="e-line")).settle()
    assert floor.request(CardPause(LI)).verdict == "allow"


def test_merging_calls_is_no_way_to_more_of_it() -> None:
    floor = bounded(total_s=100)
    floor.request(CardPause(LI))
    floor.later(60)
    floor.request(CardResume(LI))
    floor.after(leg("d", "1002", "talking"), merged("d", CALL)).settle()
    decision = floor.request(CardPause(call="pbx/d"), BOSS)
    assert [each.values["seconds"] for each in decision.findings if each.rule == "card.recorded"] == [40]


# ------------------------------------------------------------------ kept


def test_a_recording_that_begins_meanwhile_is_silenced_too_and_what_has_sound_without_our_word() -> None:
    floor = talking("c-line")
    floor.request(CardPause(LI))
    floor.after(began("c-1001"))
    assert row(floor).card == me.OwnCardRow(until=floor.now / SECOND + 180, silent=None), "the number must wait"
    floor.later(1)
    assert silent(floor) == {"c-line", "c-1001"}
    floor.after(about(RecordingResumed, CALL, leg="c-line")).later(5)
    assert silent(floor) == {"c-line", "c-1001"}


def test_a_deaf_pbx_is_asked_again_but_not_for_ever_and_the_page_never_says_silent() -> None:
    floor = talking("c-line", most_s=600)
    floor.deaf = True
    floor.request(CardPause(LI))
    floor.later(590)
    card = row(floor).card
    assert card is not None
    assert card.silent is None
    assert 5 < len(muted(floor)) <= 20
    floor.deaf = False
    floor.request(CardPause(LI))
    floor.later(15)
    assert silent(floor) == {"c-line"}, "asked by a person it is tried anew"


def test_what_was_ordered_and_never_seen_to_be_silent_is_undone_all_the_same() -> None:
    """An old PBX silences the first of two recordings on a channel, and its event counts for none."""
    floor = talking("c-line")
    floor.deaf = True
    floor.request(CardPause(LI))
    floor.later(8)
    assert muted(floor)[-1] == ("c-line", True)
    floor.request(CardResume(LI))
    floor.later(30)
    assert muted(floor)[-1] == ("c-line", False)
    assert [each for _, each in muted(floor)].count(False) == 1
    assert not floor.floor.owned.cards


def test_what_was_silent_before_by_another_hand_stays_so() -> None:
    floor = talking("c-line", "c-1001")
    floor.after(about(RecordingPaused, CALL, leg="c-line"))
    floor.request(CardPause(LI))
    floor.request(CardResume(LI))
    assert silent(floor) == {"c-line"}
    assert not floor.floor.owned.cards


def test_a_deadline_that_passes_while_the_link_is_cut_is_kept_when_it_is_back() -> None:
    floor = talking("c-line", most_s=60)
    floor.request(CardPause(LI))
    floor.after(lost()).later(70)
    assert silent(floor) == {"c-line"}
    floor.after(resynced(leg(CALL, "1001", "talking"), leg(CALL, "line", "talking"))).later(3)
    assert silent(floor) == set()


# ------------------------------------------------------------------ calls that end, merge


def test_it_ends_with_its_call_and_with_the_recording() -> None:
    floor = talking("c-line")
    floor.request(CardPause(LI))
    floor.after(call_ended(CALL))
    assert not floor.floor.owned.cards
    floor = talking("c-line")
    floor.request(CardPause(LI))
    floor.request(CardResume(LI), BOSS)
    floor.after(about(RecordingPaused, CALL, leg="c-line"), leg_ended(CALL, "line"))
    assert silent(floor) == set()
    assert not floor.floor.owned.cards


def test_a_merge_keeps_the_pause_of_either_call() -> None:
    floor = talking("c-line")
    floor.request(CardPause(LI))
    floor.after(leg("d", "1002", "talking"), merged("d", CALL))
    assert list(floor.floor.owned.cards) == ["pbx/d"]
    floor.after(about(facts.RecordingBegan, CALL, leg="d-1002")).later(4)
    assert set(floor.story.call("d").silent) == {"c-line", "d-1002"}
    floor.later(200)
    assert not floor.story.call("d").silent
    assert not floor.floor.owned.cards


def test_every_fact_of_it_has_a_handler() -> None:
    assert {CardPauseBegan, CardPauseEnded, RecordingPaused, RecordingResumed} <= set(HANDLERS)
