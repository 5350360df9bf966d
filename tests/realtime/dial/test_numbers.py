"""Strings as dialled, and the numbers that they reach."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers.geodata import GEOCODE_DATA

from realtime.dial import places
from realtime.dial.model import Dialled
from realtime.dial.numbers import SAID_MOST, canonical

EMERGENCY = ("110", "112", "119", "120", "122", "911", "999")
OUTSIDE = ("9", "17951")
MOBILE = "+8613800138000"
NEW_YORK = "+12125550123"


def read(said: str, country: str = "CN") -> Dialled:
    return canonical(said, country, OUTSIDE, EMERGENCY)


@pytest.mark.parametrize(
    ("said", "stripped", "digits"),
    [
        ("13800138000", (), "13800138000"),
        ("138 0013-8000", (), "13800138000"),
        ("１３８００１３８０００", (), "13800138000"),
        ("\u202d13800138000\u202c", (), "13800138000"),  # as copied from a table
        ("+8613800138000", (), "+8613800138000"),
        ("tel:+86-138-0013-8000", (), "+8613800138000"),
        ("8613800138000", (), "8613800138000"),
        ("008613800138000", (), "008613800138000"),
        ("013800138000", (), "013800138000"),  # the long-distance 0 before a mobile number
        ("+86013800138000", (), "+86013800138000"),
        ("913800138000", ("9",), "13800138000"),
        ("9013800138000", ("9",), "013800138000"),
        ("1795113800138000", ("17951",), "13800138000"),  # the plan's
        ("17951013800138000", ("17951",), "013800138000"),
        ("1790913800138000", ("17909",), "13800138000"),  # the country's
        ("17909013800138000", ("17909",), "013800138000"),
        ("1259313800138000", ("12593",), "13800138000"),
        ("12593013800138000", ("12593",), "013800138000"),
        ("91259313800138000", ("9", "12593"), "13800138000"),
        ("9 17951 013800138000", ("9", "17951"), "013800138000"),
        ("*67 13800138000", ("*67",), "13800138000"),
        ("*6713800138000", ("*67",), "13800138000"),
        ("*82913800138000", ("*82", "9"), "13800138000"),
        ("*31#13800138000", ("*31#",), "13800138000"),
        ("#31#9013800138000", ("#31#", "9"), "013800138000"),
        ("**61*13800138000", ("**61*",), "13800138000"),
        ("*67*31#13800138000", ("*67*", "31"), ""),  # what no exchange takes is no number
        ("13800138000#", (), "13800138000"),
        ("13800138000,,12#", (), "13800138000"),
        ("13800138000;ext=12", (), "13800138000"),
        ("13800138000 ext. 12", (), "13800138000"),
        ("13800138000转801", (), "13800138000"),
        ("13800138000p801", (), "13800138000"),
    ],
)
def test_one_number_has_many_ways(said: str, stripped: tuple[str, ...], digits: str) -> None:
    got = read(said)
    if digits:
        assert (got.e164, got.stripped, got.digits, got.kind) == (MOBILE, stripped, digits, "mobile")
    else:
        assert (got.e164, got.kind) == ("", "none")
    assert got.said == said


@pytest.mark.parametrize(
    ("said", "country", "e164"),
    [
        ("2125550123", "US", NEW_YORK),
        ("12125550123", "US", NEW_YORK),
        ("(212) 555-0123", "US", NEW_YORK),
        ("*672125550123", "US", NEW_YORK),
        ("912125550123", "US", NEW_YORK),
        ("9*67", "US", ""),
        ("101028812125550123", "US", NEW_YORK),
        ("11672125550123", "US", NEW_YORK),
        ("9175551212", "US", "+19175551212"),  # an area code, and no outside line before nine digits
        ("011442079460000", "US", "+442079460000"),
        ("9011442079460000", "US", "+442079460000"),
        ("00442079460000", "US", "+442079460000"),  # not what is dialled there, and what a trunk may take
        ("00442079460000", "CN", "+442079460000"),
        ("0012125550123", "CN", NEW_YORK),
        ("+44 (0)20 7946 0000", "CN", "+442079460000"),
        ("02079460000", "GB", "+442079460000"),
        ("14102079460000", "GB", "+442079460000"),
        ("147002079460000", "GB", "+442079460000"),
        ("18310412345678", "AU", "+61412345678"),
        ("0390212345678", "CN", ""),
        ("00390212345678", "CN", "+390212345678"),  # Italy keeps the 0
        ("0212345678", "IT", "+390212345678"),
        ("+39212345678", "IT", ""),
        ("01012345678", "CN", "+861012345678"),
        ("861012345678", "CN", "+861012345678"),
        ("9 010 12345678", "CN", "+861012345678"),
        ("1795101012345678", "CN", "+861012345678"),
        ("19301012345678", "CN", "+861012345678"),  # the carrier chosen
        ("1012345678", "CN", ""),  # without its 0 the exchange hears something else
        ("12345678", "CN", ""),  # a local number: of which city?
        ("5550123", "US", ""),
        ("4008001234", "CN", "+864008001234"),
        ("1800FLOWERS", "US", ""),
        ("PJSIP/1001", "CN", ""),
        ("13800138000@trunk", "CN", ""),
        ("13800138000&13900139000", "CN", ""),
        ("8005551212", "US", "+18005551212"),
        ("+80012345678", "CN", "+80012345678"),
        ("*98", "CN", ""),
        ("", "CN", ""),
        ("+", "CN", ""),
        ("0", "CN", ""),
        ("1" * SAID_MOST, "CN", ""),
        ("1" * 5000, "CN", ""),
        ("13800138000", "", ""),
        ("+8613800138000", "", MOBILE),
        ("13800138000", "cn", MOBILE),
    ],
)
def test_a_string_is_read_by_the_country_it_is_dialled_in(said: str, country: str, e164: str) -> None:
    assert read(said, country).e164 == e164


def test_a_prefix_of_the_plan_goes_before_what_the_string_could_be_with_it() -> None:
    """With 0 for an outside line, 0 0755 1234 5678 is Shenzhen; without, it would be a number in Russia."""
    assert canonical("0075512345678", "CN", ("0",)).e164 == "+8675512345678"
    assert canonical("013800138000", "CN", ("0",)).e164 == MOBILE
    assert canonical("9913800138000", "CN", ("9", "99")).stripped == ("99",), "the longest"


@pytest.mark.parametrize(
    ("said", "country", "kind", "digits"),
    [
        ("110", "CN", "emergency", "110"),
        ("9110", "CN", "emergency", "110"),
        ("*67110", "CN", "emergency", "110"),
        ("911", "US", "emergency", "911"),
        ("9911", "US", "emergency", "911"),
        ("999", "GB", "emergency", "999"),
        ("000", "AU", "emergency", "000"),  # the country's own, which no plan has to name
        ("9000", "AU", "emergency", "000"),
        ("9112", "CN", "emergency", "112"),
        ("1109", "CN", "none", "1109"),
        ("+86110", "CN", "none", "+86110"),
        ("95588", "CN", "short", "95588"),
        ("995588", "CN", "short", "95588"),
        ("10086", "CN", "short", "10086"),
        ("12345", "CN", "short", "12345"),
        ("411", "US", "short", "411"),
        ("411", "CN", "none", "411"),
    ],
)
def test_emergency_and_short_numbers_are_none_in_the_world(said: str, country: str, kind: str, digits: str) -> None:
    got = read(said, country)
    assert (got.kind, got.digits, got.e164) == (kind, digits, "")


@pytest.mark.parametrize(
    ("e164", "kind"),
    [
        ("+861012345678", "fixed"),
        (MOBILE, "mobile"),
        (NEW_YORK, "fixed_or_mobile"),
        ("+18005551212", "toll_free"),
        ("+864008001234", "shared_cost"),
        ("+8616812345", "premium"),
        ("+449061234567", "premium"),
        ("+19002345678", "premium"),
        ("+445612345678", "other"),  # an internet phone
    ],
)
def test_kinds(e164: str, kind: str) -> None:
    assert read(e164).kind == kind


@pytest.mark.parametrize(
    ("e164", "country", "regions"),
    [
        ("+13055551212", "US", ("US-FL",)),
        ("+14055551212", "US", ("US-OK",)),
        ("+12025551212", "US", ("US-DC",)),
        ("+17875551212", "US", ("US-PR",)),  # a territory: its calls are made under the same law
        ("+16715551212", "US", ("US-GU",)),
        ("+18005551212", "US", ()),
        ("+19025551212", "CA", ("CA-NS", "CA-PE")),
        ("+14165551212", "CA", ("CA-ON",)),
        ("+18765551212", "JM", ()),
        ("+869912345678", "CN", ("CN-XJ",)),
        ("+868912345678", "CN", ("CN-XZ",)),
        ("+8613909911234", "CN", ("CN-XJ",)),
        ("+8613308911234", "CN", ("CN-XZ",)),
        (MOBILE, "CN", ()),
        ("+861012345678", "CN", ()),
        ("+442079460000", "GB", ()),
        ("+80012345678", "", ()),
    ],
)
def test_regions_by_the_code(e164: str, country: str, regions: tuple[str, ...]) -> None:
    got = read(e164)
    assert (got.country, got.regions) == (country, regions)


STATES = {
    "Alabama": "AL", "Alaska": "AK", "Arizona": "AZ", "Arkansas": "AR", "California": "CA", "Colorado": "CO", "Connecticut": "CT",
    "Delaware": "DE", "Washington D.C.": "DC", "Florida": "FL", "Georgia": "GA", "Hawaii": "HI", "Idaho": "ID", "Illinois": "IL",
    "Indiana": "IN", "Iowa": "IA", "Kansas": "KS", "Kentucky": "KY", "Louisiana": "LA", "Maine": "ME", "Maryland": "MD",
    "Massachusetts": "MA", "Michigan": "MI", "Minnesota": "MN", "Mississippi": "MS", "Missouri": "MO", "Montana": "MT", "Nebraska": "NE",
    "Nevada": "NV", "New Hampshire": "NH", "New Jersey": "NJ", "New Mexico": "NM", "New York": "NY", "North Carolina": "NC",
    "North Dakota": "ND", "Ohio": "OH", "Oklahoma": "OK", "Oregon": "OR", "Pennsylvania": "PA", "Rhode Island": "RI",
    "South Carolina": "SC", "South Dakota": "SD", "Tennessee": "TN", "Texas": "TX", "Utah": "UT", "Vermont": "VT", "Virginia": "VA",
    "Washington State": "WA", "West Virginia": "WV", "Wisconsin": "WI", "Wyoming": "WY", "Ontario": "ON", "Quebec": "QC",
    "British Columbia": "BC", "British Colombia": "BC", "Alberta": "AB", "Manitoba": "MB", "Saskatchewan": "SK", "New Brunswick": "NB",
    "Newfoundland and Labrador": "NL",
}  # fmt: skip
ACROSS = {("201", "NY")}
"""An exchange of New Jersey that the library puts over the river."""


def test_area_codes_are_where_the_library_says_that_they_are() -> None:
    """Two who know it, one of them us: names of towns and islands apart, each of the library's states is ours, too."""
    wrong, compared = set(), set()
    for prefix, names in GEOCODE_DATA.items():
        if not prefix.startswith("1") or len(prefix) < 4:
            continue
        state = names.get("en", "").rsplit(", ", 1)[-1]
        state = STATES.get(state, state)
        if len(state) != 2 or (prefix[1:4], state) in ACROSS:
            continue
        compared.add(state)
        mine = {each.split("-")[1] for each in places.regions_of(f"+{prefix[:4]}5551212")}
        if state not in mine:
            wrong.add((prefix[1:4], state, tuple(mine)))
    assert wrong == set()
    assert len(compared) > 60


def test_mobile_numbers_of_xinjiang_and_tibet_are_the_librarys() -> None:
    """Each seven digits that either of us has, by the longest beginning that the library knows."""
    names = {"新疆": "CN-XJ", "西藏": "CN-XZ"}
    known = {prefix[2:]: (said.get("zh") or said.get("en", ""))[:2] for prefix, said in GEOCODE_DATA.items() if prefix.startswith("861")}
    asked = {prefix.ljust(7, digit) for prefix, name in known.items() if name in names for digit in "059"}
    asked |= {f"{int(prefix) + step:07}" for prefix in asked for step in (-1, 1)}
    for seven in sorted(asked):
        found = next((known[seven[:length]] for length in range(7, 2, -1) if seven[:length] in known), "")
        expected = (names[found],) if found in names else ()
        assert places.regions_of(f"+86{seven}0000") == expected, seven
    assert len(asked) > 4000


@given(st.text(max_size=30) | st.text("0123456789*#+, -x", max_size=24), st.sampled_from(["CN", "US", "GB", "IT", "AU", ""]))
def test_no_string_is_too_strange(said: str, country: str) -> None:
    got = canonical(said, country, OUTSIDE, EMERGENCY)
    assert got.said == said
    if got.kind == "none":
        assert got.e164 == ""
    assert bool(got.e164) or got.kind in ("none", "short", "emergency", "premium")  # a short one may be dear
    assert got.zones == tuple(sorted(set(got.zones)))


@given(
    st.lists(st.sampled_from(["*67", "*82", "*31#", "#31#"]), max_size=2),
    st.lists(st.sampled_from(["9", "17951", "17909", "12593", ""]), max_size=2),
    st.sampled_from(["13800138000", "013800138000", "8613800138000", "008613800138000", "01012345678"]),
)
def test_nothing_in_front_of_a_number_hides_it(codes: list[str], prefixes: list[str], number: str) -> None:
    plain = read(number).e164
    assert plain
    assert read("".join([*codes, *prefixes, number])).e164 in (plain, "")  # what cannot be read is refused, never taken for another
    assert read("".join([*codes[:1], *sorted(prefixes, key=len)[:1], number])).e164 == plain


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_what_was_read_reads_the_same_again(said: str) -> None:
    got = read(said)
    if got.e164:
        assert read(got.e164).e164 == read(got.digits).e164 == got.e164
