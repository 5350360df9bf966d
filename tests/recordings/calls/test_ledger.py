"""Which calls should have a recording, which file is whose, and what stands where of both: one case a line."""

from __future__ import annotations

import pytest

from realtime.plan.archive import ArchiveRules, ExpectRule
from realtime.words import SECOND
from recordings.calls.expected import expected
from recordings.calls.linking import Leg, leg_of, link, names, uniqueids
from recordings.calls.reconcile import Known, Standing, standing
from recordings.recording import CallCard
from recordings.words import State, Trouble

T = 1_795_510_800 * SECOND
CARD = CallCard(
    node="pbx", call="1.1", began=T, answered=T + 5 * SECOND, ended=T + 60 * SECOND, direction="inbound", queue="sales", recorded=("1.1",)
)


def card(**more: object) -> CallCard:
    fields = {name: getattr(CARD, name) for name in CARD.__struct_fields__}
    return CallCard(**{**fields, **more})  # type: ignore[arg-type]


# ------------------------------------------------------------------ expected

RULES = ArchiveRules(
    expected=(
        ExpectRule(id="vip", queues=("vip",), directions=("inbound",)),
        ExpectRule(id="campaign", campaigns=("c1", "c2")),
        ExpectRule(id="sales", queues=("sales",)),
    )
)


@pytest.mark.parametrize(
    ("call", "rules", "rule"),
    [
        (CARD, ArchiveRules(), "began"),
        (card(recorded=()), ArchiveRules(), ""),
        (card(recorded=(), files={"n": "1.1"}), ArchiveRules(), "began"),
        (card(answered=0), ArchiveRules(), ""),
        (card(recorded=(), must_record=True), ArchiveRules(), "gate"),
        (card(answered=0, must_record=True), ArchiveRules(), ""),
        (card(must_record=True), RULES, "gate"),
        (CARD, RULES, "sales"),
        (card(queue="vip"), RULES, "vip"),
        (card(queue="vip", direction="outbound"), RULES, ""),
        (card(queue="", campaign="c2", direction="outbound"), RULES, "campaign"),
        (card(queue="help"), RULES, ""),
        (card(queue="help"), ArchiveRules(expected=(ExpectRule(id="all"),)), "all"),
    ],
)
def test_which_call_should_have_a_recording(call: CallCard, rules: ArchiveRules, rule: str) -> None:
    assert expected(call, rules) == rule


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("path", "leg"),
    [
        ("20261128/a.wav", Leg("20261128/a.wav", "")),
        ("20261128/a-rx.wav", Leg("20261128/a.wav", "rx")),
        ("a_tx.wav", Leg("a.wav", "tx")),
        ("a.in.WAV", Leg("a.WAV", "rx")),
        ("a-OUT.ulaw", Leg("a.ulaw", "tx")),
        ("a-r", Leg("a", "rx")),
        ("x-rx/a.wav", Leg("x-rx/a.wav", "")),
        ("-rx.wav", Leg("-rx.wav", "")),
        ("matrix.wav", Leg("matrix.wav", "")),
        ("", Leg("", "")),
    ],
)
def test_the_legs_of_a_recording(path: str, leg: Leg) -> None:
    assert leg_of(path) == leg


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("support-north1-1795492096.0.wav", ("north1-1795492096.0", "1795492096.0")),
        ("q-600-13800000001-20261128-101500-1795492096.12.wav", ("101500-1795492096.12", "1795492096.12")),
        ("1795492096.12-rx.wav", ("1795492096.12",)),
        ("out/north_1-1795492096.12.wav", ("north_1-1795492096.12", "1795492096.12")),
        ("20261128101500.wav", ()),
        ("2125550148.20261128.wav", ()),
        ("17954920961234.12.wav", ()),
        ("../../etc/passwd", ()),
        ("x" * 5000 + "1795492096.12", ()),
    ],
)
def test_uniqueids_inside_of_a_name(path: str, found: tuple[str, ...]) -> None:
    assert uniqueids(path) == found


def test_a_split_leg_goes_by_the_mixed_files_name_too() -> None:
    assert names("d/a-rx.wav") == ("a-rx.wav", "a.wav")
    assert names("d/a.wav") == ("a.wav",)


# ------------------------------------------------------------------ linking


def digest(name: str) -> str:
    return f"#{name}"


def linked(path: str, *cards: CallCard, when: int = T + 60 * SECOND, node: str = "pbx") -> tuple[str, str, str] | None:
    found = link(path, node, when, cards, digest)
    return (found.card.call, found.leg, found.how) if found is not None else None


def test_asterisks_word_goes_before_what_a_name_looks_like() -> None:
    named, other = card(call="2.2", files={"#1795492096.1.wav": "2.3"}), card(call="1795492096.1")
    assert linked("d/1795492096.1.wav", other, named) == ("2.2", "2.3", "named")
    assert linked("d/1795492096.1-rx.wav", other, named) == ("2.2", "2.3", "named")
    assert linked("d/1795492096.1.wav", other) == ("1795492096.1", "1.1", "uniqueid")


def test_a_name_that_is_used_again_belongs_to_the_call_of_its_time() -> None:
    calls = [
        card(call=f"{hour}", began=T + hour * 3600 * SECOND, ended=T + (hour * 3600 + 60) * SECOND, files={"#last.wav": "x"})
        for hour in range(5)
    ]
    assert linked("last.wav", *calls, when=T + (2 * 3600 + 61) * SECOND) == ("2", "x", "named")
    assert linked("last.wav", *calls[:2], when=T + 9 * 3600 * SECOND) is None
    assert linked("last.wav", *calls[3:], when=T) is None
    assert linked("last.wav", card(ended=0, files={"#last.wav": "x"}), when=T + 9 * 3600 * SECOND) is not None, "its call goes on"


def test_a_uniqueid_may_be_the_calls_a_legs_or_one_of_an_absorbed_call() -> None:
    call = card(legs=("1795492096.7", "north-1795492096.8"), recorded=("1795492096.7",))
    assert linked("a-1795492096.7.wav", call) == ("1.1", "1795492096.7", "uniqueid")
    assert linked("a-north-1795492096.8.wav", call) == ("1.1", "1795492096.7", "uniqueid"), "one leg is recorded: that is meant"
    several = card(legs=("1795492096.7", "1795492096.8"), recorded=("1795492096.7", "1795492096.9"))
    assert linked("a-1795492096.8.wav", several) == ("1.1", "1795492096.8", "uniqueid")


def test_what_nobody_knows_is_an_orphan_and_another_servers_call_is_nobodys() -> None:
    assert linked("notes.wav", CARD) is None
    assert linked("a-1795492096.7.wav", card(call="1795492096.7"), node="other") is None


# ------------------------------------------------------------------ the ledger

AT_ONCE, LATER = T + 61 * SECOND, T + 600 * SECOND
GOOD = Known("1.1")


def odd(*troubles: Trouble, leg: str = "1.1") -> Known:
    return Known(leg, frozenset(troubles))


@pytest.mark.parametrize(
    ("call", "known", "now", "found"),
    [
        (CARD, [GOOD], AT_ONCE, Standing("matched", "", "began")),
        (CARD, [], AT_ONCE, Standing("open", "waiting", "began")),
        (CARD, [], LATER, Standing("missing", "never_came", "began")),
        (card(must_record=True, recorded=()), [], LATER, Standing("missing", "never_began", "gate")),
        (card(ended=0), [], LATER, Standing("open", "talking", "began")),
        (card(ended=0), [GOOD], LATER, Standing("matched", "", "began")),
        (card(answered=0), [], LATER, Standing("excused", "not_answered", "")),
        (card(recorded=()), [], LATER, Standing("excused", "not_expected", "")),
        (card(recorded=()), [GOOD], LATER, Standing("matched", "", "")),
        (CARD, [odd(Trouble.EMPTY)], LATER, Standing("missing", "empty", "began")),
        (CARD, [odd(Trouble.EMPTY)], AT_ONCE, Standing("open", "waiting", "began")),
        (CARD, [odd(Trouble.UNREADABLE)], LATER, Standing("missing", "empty", "began")),
        (CARD, [odd(Trouble.EMPTY), Known("2.2")], LATER, Standing("matched", "", "began")),
        (CARD, [odd(Trouble.SHORT)], LATER, Standing("matched", "short", "began")),
        (CARD, [odd(Trouble.SHORT, Trouble.SILENT)], LATER, Standing("matched", "silent", "began")),
        (CARD, [odd(Trouble.SHORT), Known("2.2")], LATER, Standing("matched", "", "began")),
        (CARD, [GOOD, GOOD], LATER, Standing("matched", "doubled", "began")),
        (CARD, [GOOD, Known("2.2")], LATER, Standing("matched", "", "began")),
        (CARD, [Known("1.1", state=State.LOST)], LATER, Standing("missing", "lost", "began")),
        (CARD, [Known("1.1", state=State.LOST, given_up=True)], LATER, Standing("excused", "given_up", "began")),
        (CARD, [Known("1.1", state=State.LOST, given_up=True), Known("1.2")], LATER, Standing("matched", "", "began")),
        (CARD, [Known("1.1", state=State.DISPOSED)], LATER, Standing("matched", "", "began")),
        (card(must_record=True, recorded=(), gap=True), [], LATER, Standing("excused", "gap", "gate")),
        (card(gap=True), [], LATER, Standing("missing", "never_came", "began")),
        (card(answered=T + 59_500_000), [], LATER, Standing("excused", "brief", "began")),
    ],
)
def test_what_stands_where(call: CallCard, known: list[Known], now: int, found: Standing) -> None:
    assert standing(call, known, ArchiveRules(), now) == found
