"""Terms by the calendar, and the laws of letting go: nothing that is empty, broken or unknown ever lets a recording go."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.plan.archive import CLOCKS, ArchiveRules, KeepRule, RetentionClass, Term
from realtime.plan.dialling import Campaign, ContractTerms
from realtime.words import SECOND, Micros
from recordings.recording import CallCard
from recordings.retention.clocks import Clocks, Keeping, Reason, class_of, disposal_month, ends, keeping
from recordings.retention.judging import verdict_of
from recordings.retention.sentences import LANGUAGES, WORDS, sentence
from recordings.words import State

ZONE = "Asia/Shanghai"
EVER: Micros = 7_000_000_000 * SECOND  # 2191


def at(text: str, zone: str = ZONE) -> Micros:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


def said(moment: Micros, zone: str = ZONE) -> str:
    return datetime.fromtimestamp(moment / SECOND, ZoneInfo(zone)).isoformat(" ", "minutes")[:16]


TERMS = [
    ("2024-02-29 13:00", Term(years=1), "2025-03-01 00:00"),  # kept through 28 February, the month's last day
    ("2024-02-29 13:00", Term(years=4), "2028-03-01 00:00"),  # through 29 February
    ("2024-08-31 23:59", Term(months=6), "2025-03-01 00:00"),
    ("2026-01-31 00:00", Term(months=1), "2026-03-01 00:00"),
    ("2026-11-28 00:00", Term(days=30), "2026-12-29 00:00"),
    ("2026-11-28 23:59", Term(days=30), "2026-12-29 00:00"),
    ("2026-11-28 12:00", Term(years=1, months=1, days=1), "2027-12-30 00:00"),
    ("2026-12-31 12:00", Term(months=14), "2028-03-01 00:00"),
]


@pytest.mark.parametrize(("since", "term", "end"), TERMS)
def test_a_term_ends_with_the_end_of_its_last_day(since: str, term: Term, end: str) -> None:
    assert said(ends(at(since), term, ZONE)) == end


def test_the_day_is_the_floors() -> None:
    late = at("2026-01-31 23:30", "UTC")  # already February in Shanghai
    assert said(ends(late, Term(days=1), "UTC"), "UTC") == "2026-02-02 00:00"
    assert said(ends(late, Term(days=1), ZONE)) == "2026-02-03 00:00"
    skipped = ends(at("2025-09-06 12:00", "America/Santiago"), Term(years=0, days=0, months=12), "America/Santiago")
    assert said(skipped, "America/Santiago") == "2026-09-07 00:00"
    no_midnight = ends(at("2026-09-05 12:00", "America/Santiago"), Term(days=0, months=0, years=0), "America/Santiago")
    assert said(no_midnight, "America/Santiago") == "2026-09-06 01:00", "a midnight that the clock skips"


def test_what_no_calendar_reaches_has_no_end() -> None:
    assert ends(at("2026-11-28 12:00"), Term(years=5000), ZONE) == 0
    assert ends(at("2026-11-28 12:00"), Term(days=10**9), ZONE) == 0
    found = keeping(RetentionClass(id="a", rules=(KeepRule(id="r", least=Term(years=5000)),)), clocks(), EVER)
    assert not found.may_go(EVER)


def clocks(**said_: object) -> Clocks:
    return Clocks(timezone=ZONE, **{"call": at("2020-01-31 12:00"), **said_})  # type: ignore[arg-type]


def of(*rules: KeepRule) -> RetentionClass:
    return RetentionClass(id="a", rules=rules)


def test_the_latest_least_and_the_earliest_most() -> None:
    long, short = KeepRule(id="long", least=Term(years=3)), KeepRule(id="short", least=Term(days=1), most=Term(years=4))
    found = keeping(of(short, long, KeepRule(id="gone", most=Term(years=5))), clocks(), EVER)
    assert (said(found.keep_until), said(found.delete_by), found.kept_by, found.conflict) == (
        "2023-02-01 00:00",
        "2024-02-01 00:00",
        "long",
        False,
    )
    assert [each.code for each in found.why] == ["keep.until", "keep.until", "go.by", "go.by"]


def test_a_conflict_is_a_persons() -> None:
    found = keeping(
        of(KeepRule(id="law", least=Term(years=3)), KeepRule(id="promise", least=Term(days=1), most=Term(days=90))), clocks(), EVER
    )
    assert found.conflict
    assert not found.may_go(EVER)
    assert found.why[-1].values["keeps"] == "law"
    assert found.why[-1].values["goes"] == "promise"
    same = keeping(of(KeepRule(id="quality", least=Term(days=90), most=Term(days=90))), clocks(), EVER)
    assert not same.conflict


def test_a_clock_that_nobody_said_has_not_begun() -> None:
    rule = KeepRule(id="policy", clock="product_end", least=Term(years=5), most=Term(years=6))
    found = keeping(of(rule), clocks(), EVER)
    assert (found.keep_until, found.kept_by, found.why[0].code) == (0, "policy", "keep.clock")
    assert said(keeping(of(rule), clocks(product_end=at("2021-06-30 00:00")), EVER).keep_until) == "2026-07-01 00:00"


def test_a_clock_that_nobody_said_is_no_conflict_before_its_time() -> None:
    rules = of(KeepRule(id="policy", clock="product_end", least=Term(years=5)), KeepRule(id="privacy", most=Term(years=10)))
    assert not keeping(rules, clocks(), at("2029-12-31 12:00")).conflict
    assert keeping(rules, clocks(), at("2030-02-01 12:00")).conflict


def test_an_open_dispute_keeps_whatever_the_class_says() -> None:
    plain, careful = (
        of(KeepRule(id="r", least=Term(days=1))),
        of(KeepRule(id="r", least=Term(days=1), dispute=True, dispute_least=Term(years=2))),
    )
    assert keeping(plain, clocks(dispute=True), EVER).keep_until == 0
    assert keeping(careful, clocks(dispute=True), EVER).kept_by == "r"
    closed = clocks(dispute_closed=at("2025-05-31 12:00"))
    assert said(keeping(careful, closed, EVER).keep_until) == "2027-06-01 00:00"
    assert said(keeping(plain, closed, EVER).keep_until) == "2020-02-02 00:00"


# ---------------------------------------------------------------- laws

terms = st.builds(Term, years=st.integers(0, 30), months=st.integers(0, 30), days=st.integers(0, 400))
any_terms = terms | st.builds(Term, years=st.integers(-3, 3), months=st.integers(-3, 3), days=st.integers(-3, 3))
moments = st.one_of(
    st.just(0), st.integers(at("1990-01-01 00:00") // SECOND, at("2040-01-01 00:00") // SECOND).map(lambda each: each * SECOND)
)


def rules_of(term: st.SearchStrategy[Term]) -> st.SearchStrategy[KeepRule]:
    return st.builds(
        KeepRule,
        id=st.sampled_from("abcdef"),
        clock=st.sampled_from([*CLOCKS, "moon"]),  # type: ignore[list-item]
        least=term,
        most=term,
        dispute=st.booleans(),
        dispute_least=term,
    )


any_clocks = st.builds(
    Clocks,
    timezone=st.sampled_from([ZONE, "America/Santiago", "Pacific/Apia", "UTC"]),
    call=moments,
    contract_end=moments,
    product_end=moments,
    last_activity=moments,
    dispute=st.booleans(),
    dispute_closed=moments,
)


@given(any_clocks, moments)
def test_an_empty_policy_never_lets_go(known: Clocks, now: Micros) -> None:
    for class_ in (None, of(), of(KeepRule(id="nothing")), of(KeepRule(id="only-most", most=Term(days=1)))):
        assert not keeping(class_, known, now).may_go(EVER)
    assert not Keeping().may_go(EVER)


@given(st.lists(rules_of(any_terms), max_size=4), any_clocks, moments)
def test_one_broken_rule_keeps_for_ever(rules: list[KeepRule], known: Clocks, now: Micros) -> None:
    for broken in (
        KeepRule(id="x", least=Term(years=-1)),
        KeepRule(id="x", least=Term(years=1), most=Term(days=-1)),
        msgspec.structs.replace(KeepRule(id="x", least=Term(days=1)), clock="moon"),
        KeepRule(id="x"),
    ):
        assert not keeping(of(*rules, broken), known, now).may_go(EVER)


@given(st.lists(rules_of(terms), min_size=1, max_size=4), rules_of(any_terms), any_clocks, moments)
def test_one_more_rule_never_shortens(rules: list[KeepRule], more: KeepRule, known: Clocks, now: Micros) -> None:
    before, after = keeping(of(*rules), known, now), keeping(of(*rules, more), known, now)
    if not before.may_go(EVER) and any(rule.least for rule in rules):
        assert not after.may_go(EVER)
    if after.may_go(now):
        assert after.keep_until >= before.keep_until


@given(st.lists(rules_of(terms), min_size=1, max_size=4), any_clocks, moments)
def test_no_unknown_clock_lets_go(rules: list[KeepRule], known: Clocks, now: Micros) -> None:
    asked = {rule.clock for rule in rules if rule.least}
    if keeping(of(*rules), known, now).may_go(now):
        assert all(getattr(known, clock) for clock in asked)
        assert not known.dispute


@given(st.sampled_from(State), st.integers(1, 5), st.lists(rules_of(terms), max_size=3), any_clocks, moments)
def test_a_hold_always_wins(state: State, holds: int, rules: list[KeepRule], known: Clocks, now: Micros) -> None:
    assert verdict_of(state, holds, keeping(of(*rules), known, now), now) in ("held", "gone")
    assert (verdict_of(state, holds, Keeping(keep_until=1), now) == "gone") == (state is State.DISPOSED)  # what is left of a lost one, too


# ---------------------------------------------------------------- classes and months


def test_the_class_is_the_contracts_then_the_queues_then_the_default() -> None:
    rules = ArchiveRules(default="d", queues={"vip": "q"})
    sales = Campaign(id="sales", contract=ContractTerms(retention="c"))
    assert class_of(CallCard(node="n", call="1", campaign="sales", queue="vip"), sales, rules) == "c"
    assert class_of(CallCard(node="n", call="1", campaign="sales", queue="vip"), Campaign(id="sales"), rules) == "q"
    assert class_of(CallCard(node="n", call="1", queue="other"), None, rules) == "d"
    assert class_of(CallCard(node="n", call="1", campaign="forgotten"), None, rules) == "", "it may have been of a stricter contract"
    assert class_of(CallCard(node="n", call="1"), None, ArchiveRules()) == ""


def test_the_month_of_disposal_is_the_floors() -> None:
    assert disposal_month(0, ZONE) == "open"
    assert disposal_month(at("2027-02-01 00:00"), ZONE) == "2027-02"
    assert disposal_month(at("2027-02-01 00:00"), "UTC") == "2027-01"


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_sentence(language: str) -> None:
    values: dict[str, str | int] = {
        **dict.fromkeys(("rule", "class_", "keeps", "goes", "state", "into"), "x"),
        **dict.fromkeys(("since", "closed", "until", "by"), at("2027-02-01 00:00")),
        "clock": "call",
        "holds": 1,
    }
    for code in WORDS:
        text = sentence(Reason(code, values), language, ZONE)
        assert text != code
        assert "{" not in text
        assert text[-1] in ".。"
    assert "2027-01-31" in sentence(Reason("keep.until", values), language, ZONE), "the last day that it is kept"
    assert sentence(Reason("keep.tomorrow"), language, ZONE) == "keep.tomorrow"


def test_the_last_day_is_said_and_not_the_first_after_it() -> None:
    found = keeping(of(KeepRule(id="r", least=Term(years=1))), clocks(), EVER)
    assert sentence(found.why[0], "en", ZONE) == "r keeps it until the end of 2021-01-31, counted from the call on 2020-01-31."
    assert date(2021, 1, 31) < datetime.fromtimestamp(found.keep_until / SECOND, ZoneInfo(ZONE)).date()
