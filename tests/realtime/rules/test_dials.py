"""What became of dials: each ending, each counter of the ledger, the abandonment clock, and what a stop hangs up and measures."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec
import pytest

from agi.codec import Message
from realtime import outbound
from realtime.asks_outbound import CampaignStop
from realtime.ledger.changes import changes_of
from realtime.ledger.names import flight
from realtime.ledger.port import Drop, Put
from realtime.outbound import DialAbandoned, DialEnded, StopMeasured
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import AbandonRule, Preset
from realtime.requests import Actor
from realtime.rules import dials
from realtime.rulings import OrderGiven
from realtime.words import SECOND, AgentId
from tests.agi import test_transcripts as transcripts
from tests.agi.replay import Replay, capture, messages
from tests.realtime import outbound_story as told
from tests.realtime.outbound_story import (
    C1,
    ENTRIES,
    Dialling,
    answers,
    by_dialler,
    decided,
    gets_agent,
    gone,
    hangs_up,
    lifts,
    over,
    picks_up,
    placed,
    plan,
    rings,
)
from tests.realtime.story import Happening, Telling, call_began, lost, on, resynced


@pytest.fixture
def desk() -> Dialling:
    return Dialling().after(lifts("d1"), decided("d1"), 1)


# ------------------------------------------------------------------ endings


def test_a_talk(desk: Dialling) -> None:
    desk.after(rings("d1"), 9, answers("d1"), 65, hangs_up("d1"))
    desk.look()
    assert desk.outcome() == "connected"
    assert desk.counted() == {"connect": 10, "live": 10, "conversation": 10}
    said = desk.ended()
    assert (said.at, said.fields["talk_s"], said.fields["agent"]) == (desk.now, 65, "1001")


@pytest.mark.parametrize(
    ("cause", "rang", "outcome", "counted"),
    [
        (17, 0, "busy", {}),
        (19, 30, "no_answer", {"unanswered": 31}),
        (18, 0, "no_answer", {"unanswered": 1}),
        (16, 5, "cancelled", {"unanswered": 6}),
        (16, 15, "no_answer", {"unanswered": 16}),
        (0, 60, "no_answer", {"unanswered": 61}),
        (1, 0, "failed", {}),
        (34, 0, "failed", {}),
    ],
)
def test_a_call_that_nobody_answered(desk: Dialling, cause: int, rang: int, outcome: str, counted: dict[str, int]) -> None:
    desk.after(rings("d1") if rang else placed("d1"), rang, hangs_up("d1", cause))
    desk.look()
    assert (desk.outcome(), desk.counted()) == (outcome, counted)
    assert desk.ended().fields["cause"] == cause


@pytest.mark.parametrize(("lasted", "outcome", "counted"), [(14.9, "cancelled", {}), (15, "no_answer", {"unanswered": 16})])
def test_a_trunk_that_rings_by_sound_alone(desk: Dialling, lasted: float, outcome: str, counted: dict[str, int]) -> None:
    desk.after(placed("d1"), lasted, hangs_up("d1"))
    desk.look()
    assert (desk.outcome(), desk.counted()) == (outcome, counted)


def test_who_never_answered_was_no_machine(desk: Dialling) -> None:
    desk.after(rings("d1"), Telling(outbound.ResultCoded, {"dial": "d1", "machine": True}, node=""), hangs_up("d1", 17))
    desk.look()
    assert desk.outcome() == "busy"


def test_a_call_that_was_never_made_gives_back_all_it_took(desk: Dialling) -> None:
    assert desk.look(10) == [], "the phone still has its channel"
    desk.after(gone("d1", "d1-desk"), over("d1"))
    [said] = desk.look()
    assert (desk.outcome(), said.fields["entries"]) == ("not_dialled", ENTRIES)
    dropped = changes_of(said.fact(0, "s", 1))
    assert {each.key for each in dropped if isinstance(each, Drop)} >= {name for name, _ in ENTRIES}


def test_a_dialler_s_call_that_was_given_up_before_it_dialled_gives_it_back_too() -> None:
    desk = Dialling().after(call_began("d1"), by_dialler("d1"), 1, over("d1"))
    desk.look()
    assert desk.outcome() == "not_dialled"


def test_a_call_that_nobody_ever_heard_of_is_over_after_two_minutes_and_stays_counted() -> None:
    """Its dialplan may have said another name of the call than the one it goes by, and then it was dialled."""
    desk = Dialling().after(by_dialler("d1"))
    assert desk.look(119) == []
    [said] = desk.look(1)
    assert (desk.outcome(), said.at, desk.counted()) == ("unknown", desk.now, {})
    assert desk.campaign().day.dials == 1


def test_what_may_have_happened_unseen_stays_counted() -> None:
    """A gap since the decision: a channel may have come and gone in it."""
    desk = Dialling().after(call_began("d1"), by_dialler("d1"), 5, resynced(call_began("d1")), 5, over("d1"))
    desk.look()
    assert desk.outcome() == "unknown"
    assert not any(name.startswith("attempt") for name, _ in desk.ended().fields["entries"])


def test_while_a_server_is_not_seen_nothing_is_said_of_its_dials() -> None:
    desk = Dialling().after(by_dialler("d1"), 5, lost())
    assert desk.look(600) == []
    desk.look(4 * 3600)
    assert desk.outcome() == "unknown", "and a ghost does not hold its place for ever"


def test_a_talk_whose_end_was_not_seen_is_unknown_with_what_was_seen(desk: Dialling) -> None:
    desk.after(rings("d1"), 9, answers("d1"), 30, resynced())
    desk.look()
    assert desk.outcome() == "unknown"
    assert desk.counted() == {"connect": 10, "live": 10, "conversation": 10}


def test_a_dial_that_outlives_a_gap_goes_on(desk: Dialling) -> None:
    desk.after(rings("d1"), 9)
    desk.after(resynced(told.begins("d1", "PJSIP/carrier", "d1-line", "talking"), told.begins("d1", "PJSIP/1001", "d1-desk", "talking")))
    assert desk.look() == []
    desk.after(10, hangs_up("d1"))
    desk.look()
    assert desk.outcome() == "connected"


def test_a_machine_that_the_agent_heard(desk: Dialling) -> None:
    desk.after(rings("d1"), answers("d1"), 3, Telling(outbound.ResultCoded, {"dial": "d1", "machine": True}, node=""), hangs_up("d1"))
    desk.look()
    assert (desk.outcome(), desk.counted()) == ("machine", {"connect": 1, "machine": 1})


def test_places_are_free_again_whatever_became_of_it(desk: Dialling) -> None:
    desk.after(rings("d1"), hangs_up("d1", 17))
    [said] = desk.look()
    freed = {each.key for each in changes_of(said.fact(0, "s", 1)) if isinstance(each, Drop)}
    of_campaign = {flight(each, "c1") for each in ("campaign", "unreserved", "reserved")}
    assert freed == {flight("centre"), *of_campaign, flight("agent", "1001")}


def test_a_dial_by_hand_without_a_campaign_ends_like_any_other() -> None:
    desk = Dialling().after(lifts("d1"), decided("d1", ""), rings("d1"), answers("d1"), 5, hangs_up("d1"))
    desk.look()
    assert desk.outcome() == "connected"
    assert desk.campaign().day.dials == 0


def test_an_idle_floor_is_not_looked_through(desk: Dialling, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.after(hangs_up("d1"))
    desk.look()
    monkeypatch.setattr(dials, "reachable", None)
    monkeypatch.setattr(dials, "hang_ups", None)
    assert desk.look(200) == []


# ------------------------------------------------------------------ abandoned


def test_a_customer_without_an_agent_is_abandoned_at_the_deadline() -> None:
    desk = Dialling().after(by_dialler("d1"), rings("d1"), 5, picks_up("d1"))
    assert desk.look(2) == [], "an agent's word may still be on its way"
    [said] = desk.look(1)
    assert (said.kind, said.at) == (DialAbandoned, desk.dial().answered + 2 * SECOND)
    desk.after(5, hangs_up("d1"))
    desk.look()
    assert (desk.outcome(), desk.counted()) == ("abandoned", {"connect": 5, "live": 5, "abandoned": 7})


def test_who_hangs_up_before_the_deadline_was_not_abandoned() -> None:
    desk = Dialling().after(by_dialler("d1"), rings("d1"), 5, picks_up("d1"), 1.9, hangs_up("d1"))
    desk.look(10)
    assert (desk.outcome(), desk.facts(DialAbandoned)) == ("cancelled", [])
    assert desk.counted() == {"connect": 5, "live": 5}


def test_who_hangs_up_after_it_was_however_late_the_engine_looks() -> None:
    desk = Dialling().after(by_dialler("d1"), rings("d1"), 5, picks_up("d1"), 2.1, hangs_up("d1"))
    assert [each.kind for each in desk.look(10)] == [DialAbandoned, DialEnded]
    assert desk.outcome() == "abandoned"
    assert desk.campaign().day.abandoned == 1


@pytest.mark.parametrize(("after_s", "abandoned"), [(1.9, 0), (2.0, 0), (2.1, 1)])
def test_an_agent_in_time_is_in_time(after_s: float, abandoned: int) -> None:
    desk = Dialling().after(by_dialler("d1"), rings("d1"), picks_up("d1"), after_s, gets_agent("d1"))
    desk.look()
    assert desk.campaign().day.abandoned == abandoned
    desk.look(5)
    assert (desk.campaign().day.live, desk.campaign().day.abandoned) == (1, abandoned)
    desk.after(60, hangs_up("d1"))
    desk.look()
    assert desk.outcome() == "connected"
    assert ("abandoned" in desk.counted()) is bool(abandoned)


def test_with_an_agent_reserved_nobody_is_abandoned(desk: Dialling) -> None:
    desk.after(rings("d1"), picks_up("d1"))
    assert desk.look(60) == []


@pytest.mark.parametrize(("after_s", "outcome", "abandoned"), [(1.9, "cancelled", 0), (2.1, "abandoned", 1)])
def test_an_agent_who_was_said_to_be_reserved_and_never_came_was_none(desk: Dialling, after_s: float, outcome: str, abandoned: int) -> None:
    """Or saying so of every call would be a way round the rate of abandoned ones."""
    desk.after(rings("d1"), picks_up("d1"), after_s, hangs_up("d1"))
    desk.look(10)
    assert (desk.outcome(), desk.campaign().day.abandoned) == (outcome, abandoned)
    assert ("abandoned" in desk.counted()) is bool(abandoned)


def test_the_strictest_clock_of_the_presets_holds() -> None:
    slow = Preset(name="slow", abandons=(AbandonRule(id="a", within_s=4.0), AbandonRule(id="b", within_s=3.0)))
    other = Preset(name="other", purposes=("collection",), abandons=(AbandonRule(id="c", within_s=1.0),))
    campaign = msgspec.structs.replace(C1, presets=("slow", "other"))
    rules = plan(campaign, presets=(slow, other)).dialling
    assert dials.within(rules, "c1") == 3 * SECOND
    assert dials.within(rules, "unknown") == 2 * SECOND
    assert dials.within(plan(msgspec.structs.replace(campaign, purpose="collection"), presets=(slow, other)).dialling, "c1") == SECOND


@pytest.mark.parametrize("behind", [-30, 30])
def test_a_pbx_whose_clock_is_wrong_makes_nobody_abandoned(behind: int) -> None:
    desk = Dialling().after(by_dialler("d1"))
    desk.after(*(each._replace(ago=behind) for each in (*rings("d1"), *picks_up("d1"))))
    assert desk.look(2.5) == []
    desk.after(*(each._replace(ago=behind + 1) for each in gets_agent("d1")))
    assert desk.look(60) == []
    desk.after(*(each._replace(ago=behind) for each in hangs_up("d1")))
    desk.look()
    assert (desk.outcome(), desk.ended().fields["talk_s"], desk.campaign().day.abandoned) == ("connected", 61, 0)


def test_nobody_is_called_abandoned_while_the_server_is_not_seen() -> None:
    desk = Dialling().after(by_dialler("d1"), rings("d1"), picks_up("d1"), 1, lost())
    assert desk.look(60) == []


# ------------------------------------------------------------------ stopped


def stop(desk: Dialling, campaign: str = "c1") -> None:
    now = desk.now
    if campaign:
        desk.campaign(campaign).state, desk.campaign(campaign).stopping = "stopped", now
    else:
        desk.outbound.stopped, desk.outbound.stopping = True, now


def test_a_stop_hangs_up_what_rings_and_lets_talks_end() -> None:
    desk = Dialling()
    desk.after(*(step for name in ("r1", "r2", "t1") for step in (lifts(name), decided(name), rings(name))), answers("t1"))
    desk.after(lifts("o1"), decided("o1", "c2"), rings("o1"), 3)
    stop(desk)
    desk.look()
    assert desk.hung_up() == ["r1-line", "r2-line"]
    assert desk.look(1) == [], "they are under way"


def test_a_stop_of_all_hangs_up_all_and_is_measured_from_the_key_to_the_last() -> None:
    desk = Dialling()
    desk.after(*(step for name in ("r1", "r2") for step in (lifts(name), decided(name), rings(name))))
    desk.after(lifts("o1"), decided("o1", ""), rings("o1"), 3)
    pressed = desk.now
    stop(desk, "")
    desk.look(0.1)
    assert desk.hung_up() == ["r1-line", "r2-line", "o1-line"]
    desk.after(0.1, hangs_up("r1"), hangs_up("o1"))
    assert [each.kind for each in desk.look()] == [DialEnded, DialEnded]
    desk.after(0.2, hangs_up("r2"))
    desk.look()
    measured = [*desk.facts(StopMeasured), *desk.look()]
    assert [each.fields for each in measured] == [{"campaign": "", "pressed": pressed, "rang": 3, "last": pressed + 4 * SECOND // 10}]
    assert [desk.outcome(name) for name in ("r1", "r2", "o1")] == ["stopped"] * 3
    assert desk.outbound.stopping == 0


@pytest.mark.parametrize("campaign", ["c1", ""])
def test_the_stop_key_as_it_is_pressed(desk: Dialling, campaign: str) -> None:
    """The request's own way: what is answered is folded, what rings is hung up, and the page has the time it took."""
    desk.after(rings("d1"), 3)
    decision = desk.request(CampaignStop(campaign, "complaint", desk.now), Actor("li.wei", "manager", AgentId("9001"), "console"))
    assert decision.verdict == "allow", decision
    desk.look(0.1)
    assert desk.hung_up() == ["d1-line"]
    desk.after(0.4, hangs_up("d1"))
    desk.look()
    desk.look()
    where = desk.campaign() if campaign else desk.outbound
    assert (where.stopping, where.stopped_rang, where.stop_took) == (0, 1, SECOND // 2)


@pytest.mark.parametrize("behind", [-30, 30])
def test_a_stop_is_measured_by_the_clock_of_the_key(desk: Dialling, behind: int) -> None:
    desk.after(*(each._replace(ago=behind) for each in rings("d1")), 3)
    stop(desk)
    pressed = desk.now
    desk.look()
    desk.after(0.4, *(each._replace(ago=behind) for each in hangs_up("d1")))
    desk.look()
    [measured] = [*desk.facts(StopMeasured), *desk.look()]
    assert measured.fields["last"] - pressed == 4 * SECOND // 10


def test_a_stop_when_nothing_rings_is_measured_at_once(desk: Dialling) -> None:
    desk.after(rings("d1"), answers("d1"))
    stop(desk)
    [said] = desk.look()
    assert (said.fields["rang"], said.fields["last"]) == (0, desk.now)


def test_what_was_allowed_before_the_stop_and_rings_after_it_is_hung_up_and_measured(desk: Dialling) -> None:
    stop(desk)
    assert desk.look(0.1) == [], "its channel may be on its way"
    desk.after(rings("d1"))
    desk.look()
    assert desk.hung_up() == ["d1-line"]
    desk.after(0.3, hangs_up("d1"))
    desk.look()
    assert [each.fields["rang"] for each in (*desk.facts(StopMeasured), *desk.look())] == [1]


def test_one_that_answers_before_the_order_comes_talks_on(desk: Dialling) -> None:
    desk.after(rings("d1"))
    stop(desk)
    desk.look()
    desk.after(answers("d1"), 10)
    desk.look()
    assert desk.hung_up() == ["d1-line"]
    assert [each.fields["rang"] for each in desk.facts(StopMeasured)] == [0]
    desk.after(hangs_up("d1"))
    desk.look()
    assert desk.outcome() == "connected"


def test_who_was_quicker_than_the_order_is_not_among_those_that_were_hung_up(desk: Dialling) -> None:
    desk.after(rings("d1"))
    stop(desk)
    desk.look()
    desk.after(answers("d1"), 0.1, hangs_up("d1"))
    desk.look()
    assert desk.outcome() == "connected"
    assert [each.fields["rang"] for each in (*desk.facts(StopMeasured), *desk.look())] == [0]


def test_a_hang_up_that_did_not_become_so_is_ordered_anew(desk: Dialling) -> None:
    desk.after(rings("d1"))
    stop(desk)
    desk.look()
    desk.accept()
    assert desk.look(1) == []
    assert [each.kind for each in desk.look(1)] == [OrderGiven]
    assert desk.hung_up() == ["d1-line"] * 2


def test_nothing_is_ordered_on_a_server_that_is_away(desk: Dialling) -> None:
    desk.after(rings("d1"), lost())
    stop(desk)
    assert desk.look(60) == []


def test_a_campaign_that_may_not_dial_any_more_for_whatever_reason_rings_nobody(desk: Dialling) -> None:
    desk.after(rings("d1"))
    desk.campaign().state = "rectifying"
    desk.look()
    assert desk.hung_up() == ["d1-line"]


# ------------------------------------------------------------------ from captured bytes


class Gated(Replay):
    """A capture, with a gate's word put in before each outbound dial, and an engine that looks after each message."""

    def __init__(self, stream: list[Message]) -> None:
        super().__init__()
        self.desk = Dialling()
        self.desk.story.floor = self.floor
        self.floor.owned.plan, self.floor.owned.version = plan(), "v1"
        self.floor.owned.outbound.campaigns["c1"] = CampaignNow(id="c1", state="formal")
        begun = [each for each in stream if each.name == "DialBegin" and "carrier" in each.get("DestChannel") and each.get("Uniqueid")]
        self.asking = {each.get("DestUniqueid"): each for each in begun}

    def hear(self, message: Message) -> None:
        begun = self.asking.get(message.get("Uniqueid")) if message.name == "Newchannel" else None
        if begun is not None:
            word_of = by_dialler if begun.get("Channel").startswith("Local/") else decided
            word = word_of(f"d-{message.get('Uniqueid')}", call=begun.get("Linkedid"), leg=begun.get("Uniqueid"))
            self.desk.story.now = self.now
            self.desk.after(*on("north1", word))
        super().hear(message)
        if self.floor.owned.outbound.by_call:
            self.desk.story.now = self.now
            self.desk.look()


def outcomes(stream: list[Message]) -> list[str]:
    replay = Gated(stream)
    replay.play(stream)
    assert replay.floor.owned.outbound.by_call == {}
    return sorted(each.fields["outcome"] for each in replay.desk.facts(DialEnded))


@pytest.mark.parametrize("release", transcripts.RELEASES)
def test_a_desk_phone_of_a_real_asterisk(release: str) -> None:
    """Four customers: one answers, one is busy, one does not exist, one rings and the agent gives up."""
    [stream] = transcripts.streams(release, "outbound")
    assert outcomes(stream) == ["busy", "cancelled", "connected", "failed"]


@pytest.mark.parametrize("release", transcripts.RELEASES)
def test_click_to_dial_of_a_real_asterisk(release: str) -> None:
    [stream] = transcripts.streams(release, "click-to-dial")
    assert outcomes(stream) == ["connected"]


@pytest.mark.parametrize("release", transcripts.RELEASES)
def test_a_dialler_of_a_real_asterisk(release: str) -> None:
    """An agent came after a second; none came; nobody answered for the 25 s that Dial was given."""
    [stream] = transcripts.streams(release, "dialler")
    replay = Gated(stream)
    replay.play(stream)
    first, second, third = (each.fields for each in replay.desk.facts(DialEnded))
    assert (first["outcome"], first["talk_s"]) == ("connected", 0)
    assert (second["outcome"], third["outcome"]) == ("abandoned", "no_answer")
    assert [each.fields["dial"] for each in replay.desk.facts(DialAbandoned)] == [second["dial"]]
    assert first["agent"] == "1007"
    assert replay.floor.owned.outbound.campaigns["c1"].day.live == 2


def test_three_minutes_of_outbound_calls() -> None:
    """By DialEnd: 63 answered, 28 busy, 24 given up by the agent."""
    found = outcomes(list(messages(capture())))
    assert {name: found.count(name) for name in sorted(set(found))} == {"busy": 28, "cancelled": 24, "connected": 63}


# ------------------------------------------------------------------ by chance


STEPS: tuple[Callable[[str], Happening], ...] = (
    rings,
    placed,
    picks_up,
    answers,
    gets_agent,
    hangs_up,
    lambda name: gone(name, f"{name}-desk", 17),
    lambda name: over(name),
    lambda name: resynced(),
    lambda name: lost(),
    lambda name: lifts(name),
)


@pytest.mark.parametrize("seed", range(150))
def test_whatever_comes_each_dial_ends_once_and_what_rang_is_never_given_back(seed: int) -> None:
    chance = random.Random(seed)
    desk, rang, made = Dialling(), set[str](), list[str]()
    for number in range(60):
        desk.after(chance.choice((0, 0.3, 1, 2.5, 20)))
        if number < 40 and (not made or chance.random() < 0.2):
            made.append(f"d{number}")
            desk.after(chance.choice((decided, by_dialler))(made[-1]))
        else:
            desk.after(chance.choice(STEPS)(chance.choice(made[-4:])))
        if chance.random() < 0.05:
            desk.campaign().state = chance.choice(("formal", "stopped"))
        rang |= {each.dial for each in desk.outbound.dials.values() if each.far}
        if chance.random() < 0.5:
            desk.look()
    desk.after(resynced())
    desk.look()
    desk.look(5 * 3600)
    assert desk.outbound.by_call == {}
    ends = {each.fields["dial"]: each.fields["outcome"] for each in desk.facts(DialEnded)}
    assert sorted(ends) == sorted(made)
    assert len(desk.facts(DialEnded)) == len(made)
    undialled = {name for name, outcome in ends.items() if outcome == "not_dialled"}
    assert not undialled & rang
    kept = ledger(desk)
    assert not any(name.startswith("flight:") for name, _ in kept), "every place is free again"
    assert {member for name, member in kept if name.startswith("attempt:number")} == set(made) - undialled


def ledger(desk: Dialling) -> set[tuple[str, str]]:
    """What its counters hold of all that was said, as key and member."""
    kept: set[tuple[str, str]] = set()
    for fact in desk.story.told:
        for change in changes_of(fact):
            if isinstance(change, Put):
                kept.add((change.key, change.member))
            elif isinstance(change, Drop):
                kept.discard((change.key, change.member))
    return kept
