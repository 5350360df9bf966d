"""Which time zones the person called may be in. What is allowed must be allowed in all of them.

Not what may be done there (`hours.py`). Zones are IANA names; how they are found, in this order: one that the person stated, else all that
the number allows, else what the preset says of an unknown one. A stated one that the number does not allow is a second piece of evidence
and does not do away with the first: both hold, so that no word of a dialler's moves anybody to where it is day.
"""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import ZoneInfo

from phonenumbers.tzdata import TIMEZONE_DATA

from realtime.dial.model import Dialled

UNITED_STATES = (
    "America/Adak",
    "America/Anchorage",
    "America/Boise",
    "America/Chicago",
    "America/Denver",
    "America/Detroit",
    "America/Los_Angeles",
    "America/New_York",
    "America/Phoenix",
    "Pacific/Honolulu",
)
"""One for each clock that is kept in the states today; the others are these under other names."""
CANADA = (
    "America/Edmonton",
    "America/Halifax",
    "America/Regina",
    "America/St_Johns",
    "America/Toronto",
    "America/Vancouver",
    "America/Whitehorse",
    "America/Winnipeg",
)
CHINA = ("Asia/Shanghai",)
"""By law one zone, Xinjiang's two hours of custom notwithstanding."""
OF_COUNTRY: dict[str, tuple[str, ...]] = {"US": UNITED_STATES, "CA": CANADA, "CN": CHINA}
CODE_OF_COUNTRY_MOST = 3
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]{0,31}(/[A-Za-z0-9_+\-]{1,31}){0,2}")
ZONES_MOST = 1024
"""Kept open: there are some 600 names, and reading one's file again at each dial would be the slowest part of the decision."""


@lru_cache(maxsize=ZONES_MOST)
def zone_of(name: str) -> ZoneInfo | None:
    """None where there is no such zone."""
    if not NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zones_for(ask_zone: str, number: Dialled, policy: str) -> tuple[str, ...]:
    """Sorted. Empty: nobody knows, and then nobody may call. A stated zone that is none is an unknown one: the person is
    somewhere else than the number says, and we cannot read where."""
    if ask_zone:
        if zone_of(ask_zone) is not None:
            return (ask_zone,) if ask_zone in number.zones else tuple(sorted({ask_zone, *number.zones}))
    elif number.zones:
        return number.zones
    return of_country(number) if policy == "country" and number.e164 else ()


def of_country(number: Dialled) -> tuple[str, ...]:
    """Every zone of the number's country, and every other one that the number itself allows."""
    own = OF_COUNTRY.get(number.country, ())
    return tuple(sorted({*own, *(number.zones if own else _under(_country_code(number.e164)))}))


def of_number(e164: str, country: str) -> tuple[str, ...]:
    """Every zone that a number of this form may be in, sorted. In North America those of its whole area code: numbers there are carried
    along within it, and a mobile number looks like any other, so that an exchange's own zone says too little."""
    if country == "CN":
        return CHINA
    digits = e164.removeprefix("+")
    if digits.startswith("1") and (wide := _under(digits[:4])):
        return wide
    for length in range(len(digits), 0, -1):
        if (found := TIMEZONE_DATA.get(digits[:length])) is not None:
            return _known(found)
    return ()


@lru_cache(maxsize=ZONES_MOST)
def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(each for each in names if zone_of(each) is not None))


@lru_cache(maxsize=ZONES_MOST)
def _under(prefix: str) -> tuple[str, ...]:
    """All zones of numbers that begin so, in digits."""
    return tuple(sorted({zone for digits, zones in TIMEZONE_DATA.items() if digits.startswith(prefix) for zone in zones if zone_of(zone)}))


def _country_code(e164: str) -> str:
    """The country code as the time-zone data has it: no country code is the beginning of another one."""
    digits = e164.removeprefix("+")
    return next((digits[:length] for length in range(1, CODE_OF_COUNTRY_MOST + 1) if digits[:length] in TIMEZONE_DATA), digits[:3])
