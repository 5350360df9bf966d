"""Scores, agreement, intervals, samples and KPI months: the formulas against figures that others computed, and their laws."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.plan.quality import FormItem, FormSection, KpiRule, SamplingRules, ScoreForm
from recordings.quality.agreement import Agreement, alpha, band, of_two, weighted_kappa
from recordings.quality.intervals import Stratum, covered, estimate, needed, wilson
from recordings.quality.months import Contact, before, due, months_of
from recordings.quality.sampling import Candidate, for_coaching, for_estimate, seed_of, shares, stratum_of, turn
from recordings.quality.scoring import Answer, digest_of, score

FORM = ScoreForm(
    id="sales",
    sections=(
        FormSection(id="opening", weight=20, items=(FormItem(id="greets"), FormItem(id="names", weight=3.0, comment="failing"))),
        FormSection(id="talk", weight=80, items=(FormItem(id="listens", kind="scale", most=4, may_skip=False),)),
        FormSection(id="law", weight=0, items=(FormItem(id="notice", critical="compliance"), FormItem(id="identity", critical="customer"))),
    ),
)
ALL = {"greets": Answer(1), "names": Answer(1), "listens": Answer(4), "notice": Answer(1), "identity": Answer(1)}


# ------------------------------------------------------------------ scores


def test_all_done_well_is_a_hundred() -> None:
    scored = score(FORM, ALL)
    assert (scored.points, scored.failed, scored.missing) == (10_000, (), ())
    assert scored.passes(FORM)


def test_weights_of_items_and_sections() -> None:
    scored = score(FORM, {**ALL, "names": Answer(0, "no name"), "listens": Answer(2)})
    assert scored.sections == {"opening": 2_500, "talk": 5_000, "law": None}
    assert scored.points == (2_500 * 20 + 5_000 * 80) // 100


def test_what_does_not_apply_gives_its_weight_to_the_others() -> None:
    assert score(FORM, {**ALL, "names": Answer(None)}).sections["opening"] == 10_000
    whole_section = {**ALL, "greets": Answer(None), "names": Answer(None), "listens": Answer(1)}
    assert score(FORM, whole_section).points == 2_500, "only the other section is left"


def test_a_critical_error_fails_the_contact_and_is_in_no_average() -> None:
    scored = score(FORM, {**ALL, "identity": Answer(0)})
    assert (scored.points, scored.failed, scored.failing) == (10_000, ("customer",), ("identity",))
    assert not scored.passes(FORM)


def test_where_nothing_has_points_the_critical_items_decide() -> None:
    skipped = {**ALL, "greets": Answer(None), "names": Answer(None)}
    law = ScoreForm(id="law", sections=FORM.sections[2:])
    for form, answers in ((law, ALL), (ScoreForm(id="short", sections=(FORM.sections[0], FORM.sections[2])), skipped)):
        assert score(form, answers).points is None
        assert score(form, answers).passes(form)
        assert not score(form, {**answers, "notice": Answer(0)}).passes(form)


def test_what_is_missing_is_named() -> None:
    lacking = score(FORM, {"greets": Answer(2), "names": Answer(0), "listens": Answer(None), "notice": Answer(1), "identity": Answer(None)})
    assert dict(lacking.missing) == {"greets": "range", "names": "comment", "listens": "answer"}
    assert not lacking.complete


def test_a_form_is_named_by_what_it_says() -> None:
    assert digest_of(FORM) != digest_of(ScoreForm(id="sales", version=2, sections=FORM.sections))


# ------------------------------------------------------------------ agreement


def test_the_kappa_paradox() -> None:
    """p_o 0.85 with pass rates of 90 % and 85 %: kappa 0.32 (reference: quality assurance), AC1 0.81."""
    found = of_two([(1, 1)] * 80 + [(1, 0)] * 10 + [(0, 1)] * 5 + [(0, 0)] * 5)
    assert found.p_o == pytest.approx(0.85)
    assert found.kappa == pytest.approx(0.318, abs=0.001)
    assert found.ac1 == pytest.approx(0.808, abs=0.001)
    assert found.positive == pytest.approx(2 * 5 / (2 * 5 + 10 + 5)), "2a / (2a + b + c)"


def test_kappa_of_a_textbook() -> None:
    """Cohen's own form: 20 both yes, 15 both no, 5 and 10 apart of 50: p_o 0.7, p_e 0.5, kappa 0.4."""
    assert of_two([(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15).kappa == pytest.approx(0.4)


def test_nothing_says_nothing() -> None:
    assert of_two([]) == Agreement(0, None, None, None, None)
    assert of_two([(1, 1)] * 9).kappa is None, "chance alone would agree always"
    assert alpha([[1], [None, 2]]) is None


def test_alpha_of_krippendorff() -> None:
    """His nominal example of four raters and twelve units: 0.743 (Computing Krippendorff's Alpha-Reliability, 2011, C)."""
    a = [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None]
    b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3]
    c = [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None]
    d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]
    assert alpha(list(zip(a, b, c, d, strict=True))) == pytest.approx(0.743, abs=0.001)


def test_far_apart_weighs_more() -> None:
    near, far = weighted_kappa([(4, 3), (0, 1), (2, 2)], 4), weighted_kappa([(4, 0), (0, 4), (2, 2)], 4)
    assert near is not None
    assert far is not None
    assert near > 0 > far


@pytest.mark.parametrize(
    ("kappa", "word"), [(None, "unknown"), (-0.1, "poor"), (0.2, "slight"), (0.7, "substantial"), (0.9, "almost_perfect")]
)
def test_bands(kappa: float | None, word: str) -> None:
    assert band(kappa) == word


# ------------------------------------------------------------------ intervals


@pytest.mark.parametrize(
    ("confidence", "margin", "whole", "size"),
    [(0.95, 0.05, 1_000, 278), (0.99, 0.03, 60_000, 1_789), (0.95, 0.03, None, 1_068), (0.90, 0.10, 400, 58)],
)
def test_sizes_of_samples(confidence: float, margin: float, whole: int | None, size: int) -> None:
    assert needed(confidence, margin, whole) == size


@pytest.mark.parametrize(("passed", "low", "high"), [(5, 0.57, 1.0), (4, 0.38, 0.96)])
def test_five_contacts_say_little(passed: int, low: float, high: float) -> None:
    found = wilson(passed, 5)
    assert found is not None
    assert (round(found.low, 2), round(found.high, 2)) == (low, high)


def test_an_estimate_weighs_its_strata() -> None:
    found = estimate([Stratum(900, 10, 10), Stratum(100, 10, 0)])
    assert found is not None
    assert found.share == pytest.approx(0.9), "not 0.5: the small one was only drawn more often"
    assert found.low < 0.9 < found.high
    assert estimate([Stratum(10, 0, 0)]) is None
    few = [Stratum(1_000, 0, 0), Stratum(10, 5, 5)]
    found, part = estimate(few), covered(few)
    assert found is not None
    assert (found.share, part) == (1.0, 10 / 1_010), "all passed, of one call in a hundred"
    assert covered([]) is None


# ------------------------------------------------------------------ samples

RULES = SamplingRules()


def crowd(many: int, seed: int = 1) -> list[Candidate]:
    chance = Random(seed)
    return [
        Candidate(
            f"r{number}", f"a{chance.randrange(9)}", chance.choice("xy"), chance.randrange(9, 20), chance.uniform(5, 600), tenure_days=99
        )
        for number in range(many)
    ]


def test_a_draw_can_be_repeated_and_does_not_hang_on_the_order() -> None:
    calls, seed = crowd(500), seed_of(b"root", "2026-11")
    drawn = for_estimate(calls, RULES, seed, 60)
    assert len(drawn) == 60
    assert drawn == for_estimate(calls[::-1], RULES, seed, 60)
    assert drawn != for_estimate(calls, RULES, seed_of(b"other", "2026-11"), 60)


def test_a_call_more_changes_only_its_stratum() -> None:
    calls, seed = crowd(300), seed_of(b"root", "2026-11")
    before_, after = (
        for_coaching(calls, RULES, seed),
        for_coaching([*calls, Candidate("new", "a1", length_s=60, tenure_days=99)], RULES, seed),
    )
    assert [each.id for each in before_ if each.stratum != "a1"] == [each.id for each in after if each.stratum != "a1"]


def test_coaching_by_tenure_and_never_a_short_call() -> None:
    calls = [Candidate(f"n{n}", "new", length_s=60, tenure_days=3) for n in range(30)]
    calls += [Candidate(f"o{n}", "old", length_s=60, tenure_days=400) for n in range(30)]
    calls += [Candidate(f"s{n}", "old", length_s=14, tenure_days=400) for n in range(300)]
    drawn = for_coaching(calls, RULES, seed_of(b"", "2026-11"))
    assert Counter(each.stratum for each in drawn) == {"new": RULES.new, "old": RULES.steady}
    assert not any(each.id.startswith("s") for each in drawn)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 50), min_size=1, max_size=12), st.integers(0, 300))
def test_shares_add_up(whole: dict[str, int], size: int) -> None:
    given_ = shares(whole, size)
    assert sum(given_.values()) == min(size, sum(whole.values()))
    assert all(0 < many <= whole[name] for name, many in given_.items())
    if size >= len(whole):
        assert given_.keys() == whole.keys(), "one of each"


def test_every_call_has_the_same_chance() -> None:
    """Over 400 seeds each of 20 calls of one stratum is drawn about as often: 5 of 20 are 100 times, give or take five deviations."""
    calls = [Candidate(f"r{n}", "a", length_s=100) for n in range(20)]
    times = Counter(
        each.id for number in range(400) for each in for_estimate(calls, RULES, seed_of(bytes([number % 256, number // 256]), ""), 5)
    )
    assert sum(times.values()) == 2_000
    assert all(57 < times[one.id] < 143 for one in calls)
    assert len({stratum_of(one, RULES) for one in calls}) == 1
    assert len(turn(b"k", "r")) == 32


# ------------------------------------------------------------------ months


def contacts(**months: list[int]) -> list[Contact]:
    return [Contact(name.replace("m", "2026-"), points * 100, points < 50) for name, all_ in months.items() for points in all_]


def test_two_months_running() -> None:
    rule = KpiRule(id="q", below=80, least=2)
    told = months_of(contacts(m08=[90, 90], m09=[70, 70], m10=[60, 90]), rule)
    assert [each.missed for each in told] == [False, True, True]
    assert due(told, rule, "2026-11") == ("2026-09", "2026-10")
    assert due(told, rule, "2026-10") == (), "October is not over"
    assert due(told, rule, "2026-12") == ("2026-09", "2026-10"), "who is at training takes no calls: November says nothing"
    assert due(told, rule, "2027-04") == ("2026-09", "2026-10")
    assert due(told, rule, "2027-05") == (), "longer ago than half a year"
    better = months_of(contacts(m08=[90, 90], m09=[70, 70], m10=[60, 90], m11=[90, 90]), rule)
    assert due(better, rule, "2026-12") == ()
    assert due(told, rule, "2026-12", frozenset({"2026-09", "2026-10"})) == (), "trained for these"
    again = months_of(contacts(m09=[70, 70], m10=[60, 90], m11=[70, 70]), rule)
    assert due(again, rule, "2026-12", frozenset({"2026-09", "2026-10"})) == (), "one miss after the training is not two running"


def test_three_times_in_half_a_year() -> None:
    rule = KpiRule(id="q", below=80, least=1, running=9)
    told = months_of(contacts(m05=[70], m06=[90], m07=[70], m08=[90], m09=[90], m10=[70]), rule)
    assert due(told, rule, "2026-11") == ("2026-05", "2026-07", "2026-10")
    assert due(told, rule, "2026-12") == (), "May is longer ago than half a year"


def test_a_silent_month_is_between_misses_that_are_not_running() -> None:
    rule = KpiRule(id="q", below=80, least=4, times=0)
    assert due(months_of(contacts(m01=[50] * 4, m11=[50] * 4), rule), rule, "2026-12") == (), "ten months apart"
    assert due(months_of(contacts(m09=[50] * 4, m10=[50], m11=[50] * 4), rule), rule, "2026-12") == (), "October says nothing"
    assert due(months_of(contacts(m10=[50] * 4, m11=[50] * 4), rule), rule, "2026-12") == ("2026-10", "2026-11")


def test_a_better_month_lifts_what_three_misses_say_and_a_silent_one_does_not() -> None:
    rule = KpiRule(id="q", below=80, least=1, running=9)
    missed = contacts(m01=[50], m02=[50], m03=[50])
    assert due(months_of(missed, rule), rule, "2026-04") == ("2026-01", "2026-02", "2026-03")
    assert due(months_of(missed, rule), rule, "2026-07") == ("2026-01", "2026-02", "2026-03"), "April to June say nothing"
    assert due(months_of(missed, rule), rule, "2026-08") == (), "longer ago than half a year"
    assert due(months_of([*missed, *contacts(m04=[99])], rule), rule, "2026-05") == ()
    again = months_of([*missed, *contacts(m04=[99], m05=[50])], rule)
    assert due(again, rule, "2026-06") == ("2026-02", "2026-03", "2026-05"), "missed again"


def test_contacts_without_points_say_nothing_of_points_and_are_contacts_without_an_error() -> None:
    found = [Contact("2026-10", None, False)] * 3 + [Contact("2026-10", 9_000, True)]
    (quality,) = months_of(found, KpiRule(id="q", below=80, least=2))
    assert (quality.contacts, quality.value, quality.missed) == (1, 90.0, None), "one contact is too few"
    (critical,) = months_of(found, KpiRule(id="c", number="critical", below=80, least=2))
    assert (critical.contacts, critical.value, critical.missed) == (4, 75.0, True)
    (none,) = months_of(found[:3], KpiRule(id="q", below=80, least=1))
    assert (none.contacts, none.value, none.missed) == (0, None, None)


def test_too_few_contacts_say_nothing() -> None:
    rule = KpiRule(id="q", below=80, least=4)
    told = months_of(contacts(m09=[10, 10], m10=[10, 10, 10]), rule)
    assert [each.missed for each in told] == [None, None]
    assert due(told, rule, "2026-11") == ()


def test_contacts_without_a_critical_error() -> None:
    rule = KpiRule(id="c", number="critical", below=90, least=2)
    assert months_of(contacts(m10=[40, 95]), rule)[0].value == 50.0


def test_months_over_a_new_year() -> None:
    assert before("2026-01", 1) == "2025-12"
    assert before("2026-01", 13) == "2024-12"
