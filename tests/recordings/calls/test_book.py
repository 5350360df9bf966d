"""The book of calls: a card of each call when it has ended, from real Asterisks' facts and from stories; bounded, and the same after a
restart at any fact."""

from __future__ import annotations

import msgspec
import pytest

from realtime import facts, outbound
from realtime.decision import Decision
from realtime.facts import Fact, Sealed
from realtime.outbound import Constraints
from realtime.plan.model import Person, Plan
from realtime.recording_facts import RecordingNamed, RecordingPaused, RecordingResumed
from realtime.rulings import AgentOffDuty, AgentOnDuty, PlanAdopted
from realtime.words import SECOND, AgentId, Device, Micros, Node
from recordings.calls import book as books
from recordings.calls.book import BadBook, Book
from recordings.calls.linking import Link
from recordings.recording import CallCard, Span
from recordings.sealing_lines import spans_of
from tests.agi.test_transcripts import play
from tests.realtime.chance import walk
from tests.realtime.story import (
    START,
    Happening,
    Telling,
    about,
    call_began,
    call_ended,
    connected,
    joined,
    leg,
    leg_ended,
    leg_is,
    linked,
    lost,
    merged,
    on,
    seated,
    sync_began,
    sync_ended,
)

CUSTOMER = Sealed("0" * 32, b"cipher", "2026-11")


class Tale:
    """Facts told to a book. A number between two happenings is seconds."""

    def __init__(self) -> None:
        self.book = Book()
        self.now: Micros = START
        self.told = 0
        self.cards: list[CallCard] = []

    def after(self, *happenings: Happening) -> Tale:
        for each in happenings:
            if isinstance(each, Telling):
                self.hear(each.kind(at=self.now, seen=self.now, node=Node(each.node), session="s", seq=self.told, **each.fields))
                self.told += 1
            elif isinstance(each, tuple):
                self.after(*each)
            else:
                self.now += round(each * SECOND)
        return self

    def hear(self, fact: Fact) -> None:
        self.cards += self.book.apply(fact)

    @property
    def card(self) -> CallCard:
        return self.cards[-1]


def at(seconds: float) -> Micros:
    return START + round(seconds * SECOND)


def queue_call(*between: Happening) -> Tale:
    """A customer waits 10 s, talks with 1001 from second 12 on; what is `between` happens; both hang up."""
    tale = Tale().after(seated("1001"), call_began("a", caller=CUSTOMER), leg("a", "line", "waiting"), joined("a"))
    tale.after(about(RecordingNamed, "a", leg="a-line", name="f" * 32), about(facts.RecordingBegan, "a", leg="a-line"), 10)
    tale.after(
        leg("a", "1001", "ringing"), 2, connected("a", "1001", leg="a-1001"), leg_is("a", "1001", "talking"), leg_is("a", "line", "talking")
    )
    return tale.after(*between, leg_ended("a", "1001"), leg_ended("a", "line"), call_ended("a"))


# ------------------------------------------------------------------ what a card says


def test_a_call_by_a_queue() -> None:
    tale = queue_call(60)
    assert tale.card == CallCard(
        node="pbx",
        call="a",
        began=START,
        answered=at(12),
        ended=at(72),
        direction="inbound",
        agent="1001",
        agents=("1001",),
        queue="sales",
        number=CUSTOMER,
        legs=("a-line", "a", "a-1001"),
        recorded=("a-line",),
        files={"f" * 32: "a-line"},
    )
    assert msgspec.json.decode(msgspec.json.encode(tale.card), type=CallCard) == tale.card


def test_a_call_that_nobody_took_was_not_answered() -> None:
    tale = Tale().after(call_began("a"), leg("a", "line", "waiting"), joined("a"), 30, leg_ended("a", "line"), call_ended("a"))
    assert (tale.card.answered, tale.card.agents, tale.card.queue) == (0, (), "sales")


def test_a_phone_that_talks_with_an_announcement_answered_nobody() -> None:
    tale = Tale().after(
        seated("1001"), call_began("a", "outbound"), leg("a", "1001", "talking"), 5, leg_ended("a", "1001"), call_ended("a")
    )
    assert tale.card.answered == 0


def test_holds_and_pauses_are_spans_and_what_is_open_ends_with_the_call() -> None:
    tale = queue_call(
        8, leg_is("a", "line", "hold"), 10, leg_is("a", "line", "talking"), 5, about(RecordingPaused, "a", leg="a-line"), 20,
        about(RecordingResumed, "a", leg="a-line"), 5, leg_is("a", "line", "hold"), leg_is("a", "1001", "hold"), 10,
    )  # fmt: skip
    assert tale.card.holds == ((at(20), at(30)), (at(60), at(70)))
    assert tale.card.paused == {"a-line": ((at(35), at(55)),)}


def test_each_recording_of_a_call_has_the_silence_that_was_its_own() -> None:
    """The second one was silenced late and had sound again early: who looks for card data must find what is left of it."""
    tale = queue_call(
        8, about(RecordingPaused, "a", leg="a-line"), 8, about(RecordingPaused, "a", leg="a-1001"), 7,
        about(RecordingResumed, "a", leg="a-1001"), 5, about(RecordingResumed, "a", leg="a-line"), 5,
    )  # fmt: skip
    assert tale.card.paused == {"a-line": ((at(20), at(40)),), "a-1001": ((at(28), at(35)),)}
    by_leg = {leg: spans_of(Link(tale.card, leg, "named"), at(10), 60_000) for leg in ("a-line", "a-1001", "a")}
    assert by_leg["a-line"] == (Span("paused", 10_000, 30_000),)
    assert by_leg["a-1001"] == (Span("paused", 18_000, 25_000),)
    assert by_leg["a"] == (), "nobody knows whose it is"


def transferred(result: str) -> Telling:
    return Telling(facts.CallTransferred, {"call": "a", "kind": "blind", "result": result})


def test_a_transfer_brings_a_second_agent_and_its_moment() -> None:
    tale = queue_call(
        seated("1002"), 8, transferred("Success"), leg("a", "1002", "talking"), leg_ended("a", "1001"), 10, transferred("Fail")
    )  # fmt: skip
    assert tale.card.agents == ("1001", "1002")
    assert tale.card.transfers == (at(20),)
    assert tale.card.queue == "sales"


def test_two_calls_that_became_one_are_one_card_with_both_names() -> None:
    tale = Tale().after(
        seated("1001"), seated("1002"), call_began("a", caller=CUSTOMER), leg("a", "line", "talking"), leg("a", "1001", "talking")
    )
    tale.after(about(facts.RecordingBegan, "a", leg="a-line"), about(RecordingPaused, "a", leg="a-line"), 5)
    tale.after(call_began("b", "internal"), leg("b", "1001b", "talking"), leg("b", "1002", "talking"), 5, merged("b", "a"), 5)
    tale.after(about(RecordingResumed, "a", leg="a-line"), leg_ended("b", "1002"), call_ended("b"))
    assert len(tale.cards) == 1
    card = tale.card
    assert (card.call, card.began, card.number, card.direction, card.answered) == ("b", START, CUSTOMER, "inbound", START)
    assert {"a", "a-line", "b-1002"} <= set(card.legs)
    assert card.paused == {"a-line": ((START, at(15)),)}
    assert card.agents == ("1002", "1001")


def test_who_sits_where_is_as_the_floor_concludes_it() -> None:
    people = (
        Person(id=AgentId("li"), phone=Device("PJSIP/1001")),
        Person(id=AgentId("wang"), phone=Device("PJSIP/1001"), node=Node("pbx")),
    )
    seats: list[tuple[Happening, str]] = [
        (seated("1001"), "1001"),
        (Telling(PlanAdopted, {"plan": Plan(people=people[:1])}, node=""), "li"),
        (Telling(PlanAdopted, {"plan": Plan(people=people)}, node=""), "wang"),
        (Telling(AgentOnDuty, {"agent": "zhao", "device": "PJSIP/1001"}), "zhao"),
        (Telling(AgentOffDuty, {"agent": "zhao"}, node=""), "wang"),
    ]
    tale = Tale()
    for number, (happening, agent) in enumerate(seats):
        name = f"c{number}"
        tale.after(happening, call_began(name), leg(name, "line", "talking"), leg(name, "1001", "talking"), call_ended(name))
        assert tale.card.agent == agent


# ------------------------------------------------------------------ outbound


def decided(**more: object) -> Telling:
    fields = {"dial": "d1", "call": "a", "leg": "a-1001", "agent": "1001", "campaign": "c1", "client": "bank", "number": CUSTOMER}
    return Telling(outbound.DialDecided, {"decision": Decision("allow"), **fields, **more})


def test_an_outbound_call_has_what_the_gate_and_the_agent_said() -> None:
    tale = Tale().after(seated("1001"), call_began("a", "outbound"), leg("a", "1001", "dialling"))
    tale.after(decided(constraints=Constraints(record=True)), leg("a", "line", "ringing"), 5, leg_is("a", "line", "talking"))
    tale.after(leg_is("a", "1001", "talking"), 30, leg_ended("a", "line"), call_ended("a"))
    assert (tale.card.answered, tale.card.outcome) == (at(5), "")
    tale.after(20, Telling(outbound.DialEnded, {"dial": "d1", "outcome": "connected", "agent": "1001", "answered": at(5)}, node=""))
    assert len(tale.cards) == 1, "nothing new"
    tale.after(40, Telling(outbound.ResultCoded, {"dial": "d1", "code": "sold"}, node=""))
    card = tale.card
    assert (len(tale.cards), card.outcome, card.ended) == (2, "sold", at(35))
    assert (card.campaign, card.client, card.dial, card.number, card.must_record) == ("c1", "bank", "d1", CUSTOMER, True)


def test_a_refused_dial_is_nothing_and_a_second_one_of_a_call_is_what_counts() -> None:
    tale = Tale().after(decided(decision=Decision("deny")))
    assert not tale.book.state.calls
    tale.after(
        decided(), decided(dial="d2", campaign="c2"), Telling(outbound.ResultCoded, {"dial": "d1", "code": "old"}, node=""), call_ended("a")
    )
    assert (tale.card.dial, tale.card.campaign, tale.card.outcome) == ("d2", "c2", "")


def test_a_decision_that_is_told_behind_the_end_of_its_call_does_not_open_it_again() -> None:
    """The gate and the adapter append by themselves: who hangs up while the gate decides is heard of first."""
    tale = Tale().after(call_began("1.1", "outbound"), leg("1.1", "line", "new"), 1, leg_ended("1.1", "line"), call_ended("1.1"))
    tale.after(decided(call="1.1"), 60)
    assert tale.book.state.calls == {}
    assert (tale.card.ended, tale.card.dial) == (START + SECOND, "d1")


def test_a_second_dial_of_a_call_does_not_have_the_result_of_the_first() -> None:
    tale = Tale().after(
        decided(), Telling(outbound.ResultCoded, {"dial": "d1", "code": "old"}, node=""), decided(dial="d2"), call_ended("a")
    )
    assert (tale.card.dial, tale.card.outcome) == ("d2", "")


# ------------------------------------------------------------------ what was not seen


def test_a_cut_link_leaves_a_gap_in_what_went_on_and_ends_what_is_not_confirmed() -> None:
    tale = Tale().after(
        call_began("a"), leg("a", "line", "waiting"), call_began("b"), leg("b", "line2", "waiting"), 5, lost(), 30, linked()
    )
    tale.after(sync_began(), call_began("a"), leg("a", "line", "waiting"), sync_ended())
    assert [(card.call, card.ended, card.gap) for card in tale.cards] == [("b", at(35), True)]
    tale.after(call_ended("a"), call_began("c"), call_ended("c"))
    assert [(card.call, card.gap) for card in tale.cards[1:]] == [("a", True), ("c", False)]


def test_a_call_from_before_our_time_has_a_gap_and_one_that_begins_during_a_snapshot_has_none() -> None:
    old, new = f"north-{START // SECOND - 60}.7", f"{START // SECOND}.9"
    tale = Tale().after(sync_began("drift"), call_began(old), call_began(new), sync_ended(), call_ended(old), call_ended(new))
    assert [(card.call, card.gap) for card in tale.cards] == [(old, True), (new, False)]
    late = Tale().after(about(facts.RecordingBegan, old, leg="x"), call_ended(old))
    assert late.card.gap, "the log begins in the middle of it"


def test_a_restarted_pbx_ends_all_of_its_calls() -> None:
    tale = Tale().after(linked(started=1000), call_began("a"), *on("other", call_began("b")), 5, linked(started=500))
    assert [(card.call, card.gap) for card in tale.cards] == [("a", True)]


# ------------------------------------------------------------------ the same after a restart; bounded


@pytest.mark.parametrize("seed", range(40))
def test_a_book_that_is_written_down_and_read_after_every_fact_says_the_same(seed: int) -> None:
    straight, broken = Book(), Book()
    for fact in walk(seed, 120):
        expected = straight.apply(fact)
        broken = Book.load(broken.dump())
        assert broken.apply(fact) == expected
    assert broken.dump() == straight.dump()


def test_a_repeat_says_nothing() -> None:
    tale = Tale().after(call_began("a"))
    fact = facts.CallEnded(tale.now, tale.now, Node("pbx"), "s", tale.told, facts.CallId("a"))
    assert tale.book.apply(fact)
    assert not tale.book.apply(fact)


@pytest.mark.parametrize(
    "written", [b"", b"\x80", msgspec.msgpack.encode({"version": 0}), msgspec.msgpack.encode({"version": 1, "calls": 3})]
)
def test_what_is_no_book_of_this_version_is_said_to_be_none(written: bytes) -> None:
    with pytest.raises(BadBook):
        Book.load(written)


def test_it_never_grows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "OPEN_MOST", 10)
    monkeypatch.setattr(books, "ENDED_MOST", 5)
    tale = Tale()
    for number in range(40):
        tale.after(call_began(f"o{number}"), 1)
    assert len(tale.book.state.calls) == 10
    assert [card.call for card in tale.cards] == [f"o{number}" for number in range(30)]
    assert all(card.gap for card in tale.cards)
    assert len(tale.book.state.ended) == 5
    tale.after(5 * 3600, call_began("z"))
    assert list(tale.book.state.ended) == ["pbx/o30"], "the one that had no room any more; all others are long over"


def test_what_is_known_of_calls_that_go_on_can_be_asked_for() -> None:
    tale = Tale().after(call_began("a"), about(RecordingNamed, "a", leg="x", name="n1"), about(facts.RecordingBegan, "a", leg="x"))
    assert [card.call for card in tale.book.cards("pbx", names=("n1",))] == ["a"]
    assert [card.call for card in tale.book.cards("pbx", uniqueids=("x",))] == ["a"]
    assert not list(tale.book.cards("other", names=("n1",)))
    tale.after(call_ended("a"))
    assert [card.ended for card in tale.book.cards("pbx", uniqueids=("a",))] == [START]


# ------------------------------------------------------------------ real Asterisks


@pytest.mark.parametrize("release", ["asterisk-16", "asterisk-22"])
@pytest.mark.parametrize("scene", ["answered", "recording", "blind-refer", "attended-agent", "hold", "dialler", "park-retrieve", "pickup"])
def test_every_real_call_that_talked_has_its_card_and_its_file(release: str, scene: str) -> None:
    replay = play(release, scene)
    book, cards = Book(), {}
    for fact in replay.facts:
        cards |= {card.call: card for card in book.apply(fact)}
    assert not book.state.calls, "all of them ended"
    took = {fact.call for fact in replay.facts if isinstance(fact, facts.AgentConnected)}
    merged_away = {fact.absorbed for fact in replay.facts if isinstance(fact, facts.CallsMerged)}
    for call in took - merged_away:
        assert cards[call].answered
        assert cards[call].agent
        assert cards[call].queue
    recorded = {fact.leg for fact in replay.facts if isinstance(fact, facts.RecordingBegan)}
    assert {leg for card in cards.values() for leg in card.recorded} == recorded
    assert {leg for card in cards.values() for leg in card.files.values()} == recorded
    assert bool(any(card.holds for card in cards.values())) == any(
        isinstance(f, facts.LegChanged) and f.state == "hold" for f in replay.facts
    )
