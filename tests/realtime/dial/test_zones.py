"""Zones in which the person called may be."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from realtime.dial.model import Dialled
from realtime.dial.numbers import canonical
from realtime.dial.zones import OF_COUNTRY, zone_of, zones_for


def number(said: str) -> Dialled:
    got = canonical(said, "US")
    assert got.e164
    return got


@pytest.mark.parametrize(
    ("e164", "zones"),
    [
        ("+8613800138000", ("Asia/Shanghai",)),
        ("+869912345678", ("Asia/Shanghai",)),  # Xinjiang: one zone by law
        ("+12125550123", ("America/New_York",)),
        ("+18505551212", ("America/Chicago", "America/New_York")),  # north-western Florida
        ("+18502001212", ("America/Chicago", "America/New_York")),  # an exchange in it: its numbers are carried along
        ("+16055551212", ("America/Chicago", "America/Denver", "America/North_Dakota/Center")),
        ("+18085551212", ("Pacific/Honolulu",)),
        ("+17875551212", ("America/Puerto_Rico",)),
        ("+442079460000", ("Europe/London",)),
        ("+61299999999", ("Australia/Sydney",)),
        ("+390212345678", ("Europe/Rome",)),
    ],
)
def test_by_the_number(e164: str, zones: tuple[str, ...]) -> None:
    assert zones_for("", number(e164), "deny") == zones


def test_nobody_knows_where_a_toll_free_number_is() -> None:
    zones = zones_for("", number("+18005551212"), "deny")
    assert len(zones) > 35
    assert {"America/New_York", "Pacific/Honolulu", "America/Adak", "Pacific/Guam", "America/St_Johns"} <= set(zones)
    assert zones == tuple(sorted(zones))


def test_every_zone_of_every_number_is_one_that_this_machine_knows() -> None:
    assert {name for zones in OF_COUNTRY.values() for name in zones if zone_of(name) is None} == set()
    assert all(zone_of(each) is not None for each in zones_for("", number("+18005551212"), "deny"))


def test_a_stated_zone_goes_before_the_numbers() -> None:
    assert zones_for("America/Los_Angeles", number("+18005551212"), "deny") == ("America/Los_Angeles",)
    assert zones_for("Asia/Tokyo", NOWHERE, "deny") == ("Asia/Tokyo",)


def test_a_stated_zone_that_the_number_does_not_allow_holds_beside_its_own() -> None:
    """Somebody may have moved with the number. Or a dialler wants it to be day there."""
    assert zones_for("America/Los_Angeles", number("+12125550123"), "deny") == ("America/Los_Angeles", "America/New_York")
    assert zones_for("Asia/Urumqi", number("+8613800000001"), "deny") == ("Asia/Shanghai", "Asia/Urumqi")


@pytest.mark.parametrize("stated", ["Mars/Olympus", "../../etc/passwd", "America", "x" * 500, "america/new_york/", " ", "America/New York"])
def test_a_stated_zone_that_is_none_is_an_unknown_one(stated: str) -> None:
    """The person is not where the number says, or nobody would have stated it."""
    assert zones_for(stated, number("+12125550123"), "deny") == ()
    assert set(zones_for(stated, number("+12125550123"), "country")) >= set(OF_COUNTRY["US"])


NOWHERE = Dialled(said="+80012345678", e164="+80012345678", kind="toll_free")


def test_unknown() -> None:
    assert canonical("+80012345678", "US").zones == ()
    assert zones_for("", NOWHERE, "deny") == ()
    assert zones_for("", Dialled(said="110", kind="emergency"), "country") == ()


@pytest.mark.parametrize(
    ("e164", "country", "some"),
    [
        ("+12125550123", "US", {"Pacific/Honolulu", "America/Adak", "America/Anchorage", "America/New_York", "America/Phoenix"}),
        ("+14165551212", "CA", {"America/St_Johns", "America/Vancouver", "America/Regina"}),
        ("+8613800138000", "CN", {"Asia/Shanghai"}),
        ("+61299999999", "AU", {"Australia/Sydney", "Australia/Perth", "Australia/Adelaide", "Australia/Brisbane"}),
        ("+442079460000", "GB", {"Europe/London"}),
        ("+74951234567", "RU", {"Europe/Moscow", "Asia/Vladivostok"}),
    ],
)
def test_all_zones_of_a_country(e164: str, country: str, some: set[str]) -> None:
    unknown = Dialled(said=e164, e164=e164, country=country, kind="other")
    got = zones_for("", unknown, "country")
    assert some <= set(got)
    assert all(zone_of(each) for each in got)
    assert zones_for("", unknown, "deny") == ()


def test_china_is_one_zone_also_when_nobody_knows() -> None:
    assert zones_for("", Dialled(said="x", e164="+861", country="CN"), "country") == ("Asia/Shanghai",)


def test_zones_are_kept_open() -> None:
    assert zone_of("Europe/London") is zone_of("Europe/London")
    assert isinstance(zone_of("Europe/London"), ZoneInfo)
