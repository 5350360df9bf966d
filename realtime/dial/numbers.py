"""A string as dialled becomes the number that it reaches. Pure.

Not whether it may be called (`judge.py`) and not where it is (`places.py`, `zones.py`). What a trunk or a carrier takes off is taken
off here, before anything is looked up, or a `*67` in front would be a way past every list. A string that can be read in no way as a
whole number of its numbering plan is no number, and what is no number is not dialled.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, ShortNumberCost, shortnumberinfo

from realtime.dial import places, zones
from realtime.dial.model import Dialled, NumberKind

SAID_MOST = 64
"""Longer than a number of fifteen digits with every prefix; a longer string is no number but a try at something."""
STRIPS_MOST = 5
"""A star code, an outside line, a carrier's code, once more each: nobody dials more of them."""
KEPT = 20_000
"""Numbers whose reading is remembered, a kilobyte each: what is dialled again within the hour on a large floor."""
TERRITORIES = tuple(places.TERRITORIES)

STAR = re.compile(r"[*#]{1,2}(?:\d{2,3}[*#](?=.)|\d{2}(?=[^*#]))")
"""Service codes before a number: *67, *82, *31#, #31#, **61*. What they do is the carrier's; what follows is who is called."""
CUT = re.compile(r"(?<=\d)(?:;.*|,.*|[pwx].*|ext.*|转.*|#)$", re.IGNORECASE | re.DOTALL)
"""What is dialled after the answer (an extension, a pause), and a closing `#`."""
FORMATTING = str.maketrans("", "", " \t-–—‐‑.·()/[]")
WELL_FORMED = re.compile(r"\+?[0-9]+")

CARRIER_CODES: dict[str, re.Pattern[str]] = {
    # 179xx: IP numbers of all carriers; 12593, 12520, 11808, 11809, 10193, 10131, 96446 likewise; 190, 193, 196, 197: choice of the carrier
    "CN": re.compile(r"179\d\d|12593|12520|1180[89]|10193|10131|96446|19[0367](?=0)"),
    "US": re.compile(r"101\d{4}|1167|1182"),  # dial-around; *67 and *82 of a rotary phone
    "CA": re.compile(r"101\d{4}|1167|1182"),
    "GB": re.compile(r"141|1470|1280"),  # withhold, show, another carrier
    "AU": re.compile(r"183[12]|14\d\d"),
    "JP": re.compile(r"18[46]"),
    "HK": re.compile(r"133"),
    "FR": re.compile(r"3651"),
}
"""Codes before a number that change who carries it or what is shown, never who is called (own knowledge, grade V). They are taken off only
where a whole number remains and the string is none as it stands."""

KINDS: dict[int, NumberKind] = {
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "shared_cost",
}
"""All others (internet phones, pagers, personal numbers) are `other`."""


class Reading(NamedTuple):
    """One way to read a string. `number` None: a short one."""

    kind: NumberKind
    number: PhoneNumber | None = None


def canonical(said: str, country: str, prefixes: Sequence[str] = (), emergency: Collection[str] = ()) -> Dialled:
    """`country`: of who dials, ISO; `prefixes`: of an outside line and of carriers, by the plan; `emergency`: beside the country's own."""
    if len(said) > SAID_MOST:
        return Dialled(said=said[:SAID_MOST])
    return _canonical(
        said, country.upper(), tuple(prefixes), tuple(emergency) if isinstance(emergency, tuple) else tuple(sorted(emergency))
    )


@lru_cache(maxsize=KEPT)
def _canonical(said: str, country: str, prefixes: tuple[str, ...], emergency: tuple[str, ...]) -> Dialled:
    text, stripped = _plain(said), []
    for _ in range(STRIPS_MOST):
        if (code := STAR.match(text)) is None:
            break
        stripped.append(code[0])
        text = text[code.end() :]
    if not WELL_FORMED.fullmatch(text):
        return Dialled(said=said, digits=text, stripped=tuple(stripped))
    found, digits, more = _read(text, country, prefixes, emergency)
    stripped += more
    if found is None:
        return Dialled(said=said, digits=digits, stripped=tuple(stripped))
    if found.number is None:
        return Dialled(said=said, digits=digits, country=country, kind=found.kind, stripped=tuple(stripped))
    return _dialled(said, digits, found, tuple(stripped))


def _plain(said: str) -> str:
    """Full-width digits are digits, what formats is dropped, what is dialled after the answer is cut."""
    text = "".join(each for each in unicodedata.normalize("NFKC", said) if unicodedata.category(each) != "Cf").strip()
    text = text.removeprefix("tel:")
    return CUT.sub("", text.translate(FORMATTING))


def _read(text: str, country: str, prefixes: tuple[str, ...], emergency: tuple[str, ...]) -> tuple[Reading | None, str, list[str]]:
    """What it is, what is left of it, and what was taken off.

    The plan's prefixes come first: what the plan says that it takes off is off where a number remains, whatever the string could be
    with it. An emergency number is one before all of that."""
    stripped: list[str] = []
    for _ in range(STRIPS_MOST):
        if _is_emergency(text, country, emergency):
            return Reading("emergency"), text, stripped
        prefix = _prefix_of(text, country, prefixes, emergency)
        if not prefix:
            break
        stripped.append(prefix)
        text = text[len(prefix) :]
    return _whole(text, country), text, stripped


def _prefix_of(text: str, country: str, prefixes: tuple[str, ...], emergency: tuple[str, ...]) -> str:
    """The one to take off next; empty: none. One is a prefix only if behind it, and behind further ones, a number is left."""
    for prefix in sorted(prefixes, key=len, reverse=True):
        if prefix and text.startswith(prefix) and _leads(text[len(prefix) :], country, prefixes, emergency):
            return prefix
    codes = CARRIER_CODES.get(country)
    if codes is None or (code := codes.match(text)) is None:
        return ""
    whole, rest = _whole(text, country), text[code.end() :]
    if whole is None:
        return code[0] if _leads(rest, country, (), emergency) else ""
    return code[0] if whole == _whole(rest, country) else ""  # the library knows some of these codes, too


def _leads(rest: str, country: str, prefixes: tuple[str, ...], emergency: tuple[str, ...], depth: int = 2) -> bool:
    """Is there a number at the end of this, perhaps behind one or two more prefixes?"""
    if _is_emergency(rest, country, emergency) or _whole(rest, country) is not None:
        return True
    if depth == 0:
        return False
    codes = CARRIER_CODES.get(country)
    behind = [rest[len(each) :] for each in prefixes if each and rest.startswith(each)]
    behind += [rest[code.end() :]] if codes is not None and (code := codes.match(rest)) else []
    return any(_leads(each, country, prefixes, emergency, depth - 1) for each in behind)


def _is_emergency(text: str, country: str, emergency: tuple[str, ...]) -> bool:
    return text in emergency or (len(text) <= 6 and shortnumberinfo.is_emergency_number(text, country))


def _whole(text: str, country: str) -> Reading | None:
    """As it stands: a valid number, national or international, or a short one. Nothing is guessed from a part."""
    if len(text) < 2:
        return None
    if (found := _valid(text, country)) is not None:
        return Reading(KINDS.get(phonenumbers.number_type(found), "other"), found)
    if text.startswith("00") and (found := _valid("+" + text[2:], country)) is not None:  # where 00 is not what the country dials
        return Reading(KINDS.get(phonenumbers.number_type(found), "other"), found)
    if not text.startswith("+") and len(text) <= 8:
        return _short(text, country)
    return None


def _valid(text: str, country: str) -> PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    if country == "CN" and not _can_be_dialled_in_china(text, parsed):
        return None
    return parsed


def _can_be_dialled_in_china(text: str, parsed: PhoneNumber) -> bool:
    """A line's area code is dialled with its trunk 0 there; without it the exchange hears another, local number."""
    if parsed.country_code != 86 or text.startswith(("+", "0", "86")):
        return True
    return phonenumbers.number_type(parsed) != PhoneNumberType.FIXED_LINE


def _short(text: str, country: str) -> Reading | None:
    try:
        parsed = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not shortnumberinfo.is_valid_short_number_for_region(parsed, country):
        return None
    dear = shortnumberinfo.expected_cost_for_region(parsed, country) == ShortNumberCost.PREMIUM_RATE
    return Reading("premium" if dear else "short")


def _dialled(said: str, digits: str, found: Reading, stripped: tuple[str, ...]) -> Dialled:
    assert found.number is not None
    e164 = phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
    country = phonenumbers.region_code_for_number(found.number) or ""
    regions = places.regions_of(e164)
    if country in TERRITORIES:  # their own in phonenumbers' eyes, the United States' in the eyes of its law
        country = "US"
    if country == "001":  # +800 and the like: of no country
        country = ""
    return Dialled(
        said=said,
        e164=e164,
        digits=digits,
        country=country,
        kind=found.kind,
        regions=regions,
        zones=zones.of_number(e164, country),
        stripped=stripped,
    )
