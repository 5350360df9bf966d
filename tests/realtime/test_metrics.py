"""The formulas, against the example that ICMI and Call Centre Helper published."""

from __future__ import annotations

import pytest

from realtime import metrics
from realtime.floor import Tally
from realtime.words import SECOND

PUBLISHED = Tally(offered=1060, answered=1000, abandoned=60, answered_in_target=860, abandoned_in_target=20)


@pytest.mark.parametrize(
    ("variant", "percent"),
    [("sl_incl_ab_good", 83.02), ("sl_answered_only", 86.00), ("sl_all_offered", 81.13), ("sl_excl_ab_in_t", 82.69)],
)
def test_each_variant_gives_the_published_level(variant: str, percent: float) -> None:
    level = metrics.SERVICE_LEVELS[variant](PUBLISHED)
    assert level is not None
    assert round(level * 100, 2) == percent


def test_there_is_no_other_variant_and_the_default_is_one() -> None:
    assert len(metrics.SERVICE_LEVELS) == 4
    assert metrics.SERVICE_LEVELS[metrics.DEFAULT_SERVICE_LEVEL] is metrics.sl_excl_ab_in_t


@pytest.mark.parametrize("formula", [*metrics.SERVICE_LEVELS.values(), metrics.abandon_rate, metrics.asa_s, metrics.aht_s])
def test_without_traffic_nothing_is_known(formula: object) -> None:
    assert callable(formula)
    assert formula(Tally()) is None
    assert formula(Tally(offered=3)) is None  # they all wait still


def test_who_gave_up_within_the_target_leaves_nothing_to_judge() -> None:
    assert metrics.sl_excl_ab_in_t(Tally(offered=2, abandoned=2, abandoned_in_target=2)) is None


def test_abandon_rate_is_of_the_visits_that_have_ended() -> None:
    assert metrics.abandon_rate(Tally(offered=10, answered=4, abandoned=1, left_otherwise=2, unknown=1)) == 1 / 8


def test_averages_are_in_seconds() -> None:
    tally = Tally(answered=4, wait=60 * SECOND, handled=2, talk=100 * SECOND, wrapup=20 * SECOND)
    assert (metrics.asa_s(tally), metrics.aht_s(tally)) == (15.0, 60.0)


def test_adding_adds_every_field() -> None:
    ones = Tally(**dict.fromkeys(Tally.__struct_fields__, 1))
    total = Tally(**dict.fromkeys(Tally.__struct_fields__, 2))
    metrics.add(total, ones)
    assert total == Tally(**dict.fromkeys(Tally.__struct_fields__, 3))
