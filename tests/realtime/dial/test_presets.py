"""Every preset walked through its edges with the real judge: the second before and after each, by tables written by hand.

The tables say what the law says, in moments with their difference from UTC, as a person works them out on paper with a calendar; nothing
in them is reckoned by what is tested. Days are alike in every region of a country, where a number does not say which one. What
the second means: a span is half-open, so 21:00:00 itself is too late.
"""

from __future__ import annotations

import pytest

from realtime.dial.model import Consent
from realtime.words import SECOND
from tests.realtime.dial.preset_gate import ALL, Event, asked, at, found, laid_out, prepared

NEW_YORK, MIAMI, PENSACOLA, TOLL_FREE = "+12125550123", "+13055550123", "+18505550123", "+18005550199"
OKLAHOMA, BALTIMORE, PORTLAND, PHOENIX, BIRMINGHAM = "+14055550123", "+14105550123", "+12075550123", "+16025550123", "+12055550123"
LONDON, TORONTO, BERLIN, PARIS, MADRID, ROME = (
    "+442079460123",
    "+14165550123",
    "+4930123456",
    "+33140123456",
    "+34912345678",
    "+390612345678",
)
SYDNEY, ADELAIDE, DELHI, SHANGHAI = "+61291234567", "+61891234567", "+911123456789", "+862161234567"
URUMQI, LHASA = "+869912345678", "+868916312345"
"""PENSACOLA's area code has two zones, Eastern and Central; ADELAIDE's, too: Adelaide and Perth; TOLL_FREE's has more than forty."""

# ------------------------------------------------------------------ hours

HOURS: list[tuple[str, str, str, str]] = [
    # preset, number, the first second that is allowed, the first that is not any more
    ("us-tsr", NEW_YORK, "2026-11-30T08:00:00-05:00", "2026-11-30T21:00:00-05:00"),
    ("us-tsr", PENSACOLA, "2026-11-30T08:00:00-06:00", "2026-11-30T21:00:00-05:00"),  # Central opens, Eastern closes
    ("us-tsr", TOLL_FREE, "2026-11-30T22:00:00+00:00", "2026-12-01T00:30:00+00:00"),  # 08:00 in Guam, 21:00 in St John's
    ("us-tsr", TOLL_FREE, "2026-07-15T22:00:00+00:00", "2026-07-15T23:30:00+00:00"),  # St John's an hour earlier
    ("us-tsr", NEW_YORK, "2027-03-13T08:00:00-05:00", "2027-03-13T21:00:00-05:00"),  # the day before the clock is put on
    ("us-tsr", NEW_YORK, "2027-03-14T08:00:00-04:00", "2027-03-14T21:00:00-04:00"),
    ("us-tsr", NEW_YORK, "2026-10-31T08:00:00-04:00", "2026-10-31T21:00:00-04:00"),
    ("us-tsr", NEW_YORK, "2026-11-01T08:00:00-05:00", "2026-11-01T21:00:00-05:00"),  # the day of 25 hours
    ("us-tsr", PHOENIX, "2027-03-14T08:00:00-07:00", "2027-03-14T21:00:00-07:00"),  # never changes
    ("us-tsr", NEW_YORK, "2028-02-29T08:00:00-05:00", "2028-02-29T21:00:00-05:00"),  # leap day
    ("us-florida", MIAMI, "2026-11-30T08:00:00-05:00", "2026-11-30T20:00:00-05:00"),
    ("us-florida", PENSACOLA, "2026-11-30T08:00:00-06:00", "2026-11-30T20:00:00-05:00"),
    ("us-oklahoma", OKLAHOMA, "2026-11-30T08:00:00-06:00", "2026-11-30T20:00:00-06:00"),
    ("us-maryland", BALTIMORE, "2026-11-30T08:00:00-05:00", "2026-11-30T20:00:00-05:00"),
    ("us-states", BIRMINGHAM, "2026-11-30T08:00:00-06:00", "2026-11-30T20:00:00-06:00"),  # AL
    ("us-states", "+12035550123", "2026-11-30T09:00:00-05:00", "2026-11-30T20:00:00-05:00"),  # CT
    ("us-states", "+12705550123", "2026-11-30T10:00:00-06:00", "2026-11-30T21:00:00-05:00"),  # KY, two zones
    ("us-states", "+15045550123", "2026-11-30T08:00:00-06:00", "2026-11-30T20:00:00-06:00"),  # LA
    ("us-states", "+16175550123", "2026-11-30T08:00:00-05:00", "2026-11-30T20:00:00-05:00"),  # MA
    ("us-states", "+13135550123", "2026-11-30T09:00:00-05:00", "2026-11-30T21:00:00-05:00"),  # MI
    ("us-states", "+16125550123", "2026-11-30T09:00:00-06:00", "2026-11-30T21:00:00-06:00"),  # MN
    ("us-states", "+16015550123", "2026-11-30T08:00:00-06:00", "2026-11-30T20:00:00-06:00"),  # MS
    ("us-states", "+17025550123", "2026-11-30T09:00:00-08:00", "2026-11-30T20:00:00-08:00"),  # NV
    ("us-states", "+15055550123", "2026-11-30T09:00:00-07:00", "2026-11-30T21:00:00-07:00"),  # NM
    ("us-states", "+12155550123", "2026-11-30T08:00:00-05:00", "2026-11-30T21:00:00-05:00"),  # PA
    ("us-states", "+14015550123", "2026-11-30T09:00:00-05:00", "2026-11-30T18:00:00-05:00"),  # RI
    ("us-states", "+14015550123", "2026-12-05T10:00:00-05:00", "2026-12-05T17:00:00-05:00"),  # RI, Saturday
    ("us-states", "+16055550123", "2026-11-30T08:00:00-07:00", "2026-11-30T21:00:00-06:00"),  # SD, two zones
    ("us-states", "+12145550123", "2026-11-30T09:00:00-06:00", "2026-11-30T21:00:00-06:00"),  # TX
    ("us-states", "+12145550123", "2026-12-06T12:00:00-06:00", "2026-12-06T21:00:00-06:00"),  # TX, Sunday
    ("us-states", "+18015550123", "2026-11-30T08:00:00-07:00", "2026-11-30T21:00:00-07:00"),  # UT
    ("us-states", "+12065550123", "2026-11-30T08:00:00-08:00", "2026-11-30T20:00:00-08:00"),  # WA
    ("us-states", "+13075550123", "2026-11-30T08:00:00-07:00", "2026-11-30T20:00:00-07:00"),  # WY
    ("us-states", BIRMINGHAM, "2026-12-05T08:00:00-06:00", "2026-12-05T20:00:00-06:00"),  # Saturdays: AL
    ("us-states", "+15045550123", "2026-12-05T08:00:00-06:00", "2026-12-05T20:00:00-06:00"),  # LA
    ("us-states", "+16015550123", "2026-12-05T08:00:00-06:00", "2026-12-05T20:00:00-06:00"),  # MS
    ("us-states", "+12155550123", "2026-12-05T08:00:00-05:00", "2026-12-05T21:00:00-05:00"),  # PA
    ("us-states", "+16055550123", "2026-12-05T08:00:00-07:00", "2026-12-05T21:00:00-06:00"),  # SD
    ("us-states", "+12145550123", "2026-12-05T09:00:00-06:00", "2026-12-05T21:00:00-06:00"),  # TX
    ("us-states", "+18015550123", "2026-12-05T08:00:00-07:00", "2026-12-05T21:00:00-07:00"),  # UT
    ("us-reg-f", NEW_YORK, "2026-11-30T08:00:00-05:00", "2026-11-30T21:00:00-05:00"),
    ("uk", LONDON, "2026-12-07T08:00:00+00:00", "2026-12-07T21:00:00+00:00"),
    ("uk", LONDON, "2026-12-05T08:00:00+00:00", "2026-12-05T21:00:00+00:00"),
    ("uk", LONDON, "2026-12-06T09:00:00+00:00", "2026-12-06T21:00:00+00:00"),  # Sunday
    ("uk", LONDON, "2026-12-28T09:00:00+00:00", "2026-12-28T21:00:00+00:00"),  # Monday, for Boxing Day
    ("uk", LONDON, "2026-11-30T09:00:00+00:00", "2026-11-30T21:00:00+00:00"),  # St Andrew's, in Scotland: the number may be there
    ("uk", LONDON, "2027-03-29T09:00:00+01:00", "2027-03-29T21:00:00+01:00"),  # Easter Monday
    ("uk", LONDON, "2027-03-28T09:00:00+01:00", "2027-03-28T21:00:00+01:00"),  # the clock is put on
    ("uk", LONDON, "2026-10-25T09:00:00+00:00", "2026-10-25T21:00:00+00:00"),  # and back
    ("uk-2010", LONDON, "2026-12-07T08:00:00+00:00", "2026-12-07T21:00:00+00:00"),
    ("ca-crtc", TORONTO, "2026-11-30T09:00:00-05:00", "2026-11-30T21:30:00-05:00"),
    ("ca-crtc", TORONTO, "2026-12-05T10:00:00-05:00", "2026-12-05T18:00:00-05:00"),
    ("de-b2c", BERLIN, "2026-11-30T08:00:00+01:00", "2026-11-30T20:00:00+01:00"),
    ("de-b2c", BERLIN, "2026-12-05T08:00:00+01:00", "2026-12-05T20:00:00+01:00"),
    ("fr-decree-2022", PARIS, "2026-06-01T10:00:00+02:00", "2026-06-01T13:00:00+02:00"),
    ("fr-decree-2022", PARIS, "2026-06-01T14:00:00+02:00", "2026-06-01T20:00:00+02:00"),
    ("fr-opt-in-2026", PARIS, "2026-11-30T10:00:00+01:00", "2026-11-30T13:00:00+01:00"),
    ("fr-opt-in-2026", PARIS, "2026-11-30T14:00:00+01:00", "2026-11-30T20:00:00+01:00"),
    ("es", MADRID, "2026-11-30T09:00:00+01:00", "2026-11-30T21:00:00+01:00"),
    ("it", ROME, "2026-11-30T09:00:00+01:00", "2026-11-30T20:00:00+01:00"),
    ("it", ROME, "2026-12-05T10:00:00+01:00", "2026-12-05T19:00:00+01:00"),  # Saturday
    ("it", ROME, "2027-06-01T10:00:00+02:00", "2027-06-01T19:00:00+02:00"),  # Tuesday, the eve of the Republic's day
    ("it", ROME, "2026-12-24T10:00:00+01:00", "2026-12-24T19:00:00+01:00"),
    ("au-telemarketing", SYDNEY, "2026-11-30T09:00:00+11:00", "2026-11-30T20:00:00+11:00"),
    ("au-telemarketing", SYDNEY, "2026-12-05T09:00:00+11:00", "2026-12-05T17:00:00+11:00"),
    ("au-telemarketing", SYDNEY, "2026-10-03T09:00:00+10:00", "2026-10-03T17:00:00+10:00"),  # the clock is put on that night
    ("au-telemarketing", SYDNEY, "2026-10-06T09:00:00+11:00", "2026-10-06T20:00:00+11:00"),
    ("au-telemarketing", ADELAIDE, "2026-11-30T09:00:00+08:00", "2026-11-30T20:00:00+10:30"),  # Perth opens, Adelaide closes
    ("au-research", SYDNEY, "2026-11-30T09:00:00+11:00", "2026-11-30T20:30:00+11:00"),
    ("au-research", SYDNEY, "2026-12-06T09:00:00+11:00", "2026-12-06T17:00:00+11:00"),  # Sunday
    ("in-promotional", DELHI, "2026-11-30T10:00:00+05:30", "2026-11-30T21:00:00+05:30"),
    ("in-recovery", DELHI, "2026-11-30T08:00:00+05:30", "2026-11-30T19:00:00+05:30"),
    ("cn-carrier", SHANGHAI, "2026-11-30T08:00:00+08:00", "2026-11-30T21:00:00+08:00"),
    ("cn-commercial", SHANGHAI, "2026-11-30T09:00:00+08:00", "2026-11-30T12:00:00+08:00"),
    ("cn-commercial", SHANGHAI, "2026-11-30T13:30:00+08:00", "2026-11-30T20:00:00+08:00"),
    ("cn-collection", SHANGHAI, "2026-11-30T08:00:00+08:00", "2026-11-30T22:00:00+08:00"),
    ("strictest", SHANGHAI, "2026-11-30T10:00:00+08:00", "2026-11-30T12:00:00+08:00"),
    ("strictest", SHANGHAI, "2026-11-30T14:00:00+08:00", "2026-11-30T17:00:00+08:00"),
    ("strictest", SHANGHAI, "2026-09-30T10:00:00+08:00", "2026-09-30T12:00:00+08:00"),  # the eve of the first of October
    ("strictest", SHANGHAI, "2026-09-30T14:00:00+08:00", "2026-09-30T17:00:00+08:00"),
    # together: the strictest of all that apply holds
    ("us-tsr+us-florida+us-states", MIAMI, "2026-11-30T08:00:00-05:00", "2026-11-30T20:00:00-05:00"),
    ("us-tsr+us-florida+us-states", NEW_YORK, "2026-11-30T08:00:00-05:00", "2026-11-30T21:00:00-05:00"),
    ("cn-collection+cn-carrier", SHANGHAI, "2026-11-30T08:00:00+08:00", "2026-11-30T21:00:00+08:00"),
]

NO_HOURS = ("us-maine-automated", "us-fcc", "in-service", "cn-guizhou", "cn-draft-2020")
"""They say nothing of hours: others beside them do."""


def test_every_preset_is_walked() -> None:
    walked = {name for row in HOURS for name in row[0].split("+")}
    assert sorted(walked | {*NO_HOURS}) == ALL
    assert not walked & {*NO_HOURS}
    assert {name for name in ALL if not any(each.hours for each in laid_out(name))} == {*NO_HOURS}


@pytest.mark.parametrize(("name", "number", "opens", "closes"), HOURS)
def test_the_second_before_and_after_each_opening_and_closing(name: str, number: str, opens: str, closes: str) -> None:
    early = asked(name, number, at(opens) - SECOND)
    assert (early.decision.verdict, early.until) == ("defer", at(opens)), early
    for moment in (at(opens), at(closes) - SECOND, at(closes) - 1):
        assert asked(name, number, moment).decision.verdict == "allow", asked(name, number, moment).decision
    late = asked(name, number, at(closes))
    assert late.decision.verdict == "defer"
    assert late.until > at(closes)


@pytest.mark.parametrize("name", NO_HOURS)
def test_who_says_nothing_of_hours_does_not_hold_at_any(name: str) -> None:
    number = {"us-maine-automated": PORTLAND, "us-fcc": NEW_YORK, "in-service": DELHI}.get(name, SHANGHAI)
    assert asked(name, number, at("2026-11-30T23:59:59+00:00")).decision.verdict == "allow"


CLOSED: list[tuple[str, str, str, str]] = [
    # preset, number, a moment at which nobody is called, the first after it at which somebody is
    ("cn-commercial", SHANGHAI, "2026-11-30T12:00:00+08:00", "2026-11-30T13:30:00+08:00"),
    ("cn-commercial", SHANGHAI, "2026-11-30T20:00:00+08:00", "2026-12-01T09:00:00+08:00"),
    ("cn-collection", SHANGHAI, "2026-11-30T22:00:00+08:00", "2026-12-01T08:00:00+08:00"),
    ("us-tsr", NEW_YORK, "2028-02-28T21:00:00-05:00", "2028-02-29T08:00:00-05:00"),
    ("us-tsr", NEW_YORK, "2027-03-13T21:00:00-05:00", "2027-03-14T08:00:00-04:00"),  # over the night of 23 hours
    ("us-states", BIRMINGHAM, "2026-12-06T12:00:00-06:00", "2026-12-07T08:00:00-06:00"),  # AL: no Sunday
    ("us-states", BIRMINGHAM, "2026-12-25T12:00:00-06:00", "2026-12-26T08:00:00-06:00"),  # AL: no holiday
    ("us-states", "+15045550123", "2026-12-06T12:00:00-06:00", "2026-12-07T08:00:00-06:00"),  # LA
    ("us-states", "+15045550123", "2026-12-25T12:00:00-06:00", "2026-12-26T08:00:00-06:00"),
    ("us-states", "+16015550123", "2026-12-06T12:00:00-06:00", "2026-12-07T08:00:00-06:00"),  # MS
    ("us-states", "+12155550123", "2026-12-06T12:00:00-05:00", "2026-12-07T08:00:00-05:00"),  # PA
    ("us-states", "+14015550123", "2026-12-06T12:00:00-05:00", "2026-12-07T09:00:00-05:00"),  # RI
    ("us-states", "+12155550123", "2026-12-25T12:00:00-05:00", "2026-12-26T08:00:00-05:00"),
    ("us-states", "+14015550123", "2026-12-25T12:00:00-05:00", "2026-12-26T10:00:00-05:00"),
    ("us-states", "+18015550123", "2026-12-25T12:00:00-07:00", "2026-12-26T08:00:00-07:00"),
    ("us-states", "+16055550123", "2026-12-06T12:00:00-06:00", "2026-12-07T08:00:00-07:00"),  # SD
    ("us-states", "+12145550123", "2026-12-06T11:59:59-06:00", "2026-12-06T12:00:00-06:00"),  # TX
    ("us-states", "+18015550123", "2026-12-06T12:00:00-07:00", "2026-12-07T08:00:00-07:00"),  # UT
    ("ca-crtc", TORONTO, "2026-12-06T18:00:00-05:00", "2026-12-07T09:00:00-05:00"),
    ("de-b2c", BERLIN, "2026-12-06T12:00:00+01:00", "2026-12-07T08:00:00+01:00"),
    ("de-b2c", BERLIN, "2026-10-31T12:00:00+01:00", "2026-11-02T08:00:00+01:00"),  # Reformation, All Saints: each in some of the Länder
    ("de-b2c", BERLIN, "2026-12-25T12:00:00+01:00", "2026-12-28T08:00:00+01:00"),  # two holidays, then Sunday
    ("fr-opt-in-2026", PARIS, "2026-12-05T12:00:00+01:00", "2026-12-07T10:00:00+01:00"),
    ("fr-opt-in-2026", PARIS, "2026-12-25T12:00:00+01:00", "2026-12-28T10:00:00+01:00"),
    ("fr-decree-2022", PARIS, "2026-07-14T12:00:00+02:00", "2026-07-15T10:00:00+02:00"),
    ("es", MADRID, "2026-11-28T12:00:00+01:00", "2026-11-30T09:00:00+01:00"),
    ("es", MADRID, "2026-12-08T12:00:00+01:00", "2026-12-09T09:00:00+01:00"),
    ("it", ROME, "2026-11-29T12:00:00+01:00", "2026-11-30T09:00:00+01:00"),
    ("it", ROME, "2026-12-08T12:00:00+01:00", "2026-12-09T09:00:00+01:00"),
    ("au-telemarketing", SYDNEY, "2026-12-06T12:00:00+11:00", "2026-12-07T09:00:00+11:00"),
    ("au-telemarketing", SYDNEY, "2027-01-26T12:00:00+11:00", "2027-01-27T09:00:00+11:00"),  # Australia Day
    ("au-research", SYDNEY, "2027-01-26T12:00:00+11:00", "2027-01-27T09:00:00+11:00"),
    ("strictest", SHANGHAI, "2026-12-05T11:00:00+08:00", "2026-12-07T10:00:00+08:00"),
    ("strictest", SHANGHAI, "2026-10-01T11:00:00+08:00", "2026-10-08T10:00:00+08:00"),  # the official calendar's week
]


@pytest.mark.parametrize(("name", "number", "moment", "until"), CLOSED)
def test_days_and_hours_of_rest_and_when_they_end(name: str, number: str, moment: str, until: str) -> None:
    judged = asked(name, number, at(moment))
    assert (judged.decision.verdict, judged.until) == ("defer", at(until)), judged
    assert asked(name, number, at(until)).decision.verdict == "allow"


def test_a_toll_free_number_may_be_in_every_state_and_is_then_never_called() -> None:
    """Rhode Island closes at 18:00 in St John's before Guam's 09:00 has come."""
    judged = asked("us-states", TOLL_FREE, at("2026-11-30T22:00:00+00:00"))
    assert (judged.decision.verdict != "allow", judged.until) == (True, 0), "no moment suits all"
    assert len(judged.local) > 40
    assert found(asked("us-tsr", TOLL_FREE, at("2026-11-30T22:00:00+00:00")), "hours").verdict == "allow"


LIFTED = [
    # preset, number, a moment out of hours, what lifts it
    ("cn-collection", SHANGHAI, "2026-11-30T23:59:59+08:00", "agreed_time"),
    ("us-reg-f", NEW_YORK, "2026-11-30T21:00:00-05:00", "agreed_time"),
    ("fr-decree-2022", PARIS, "2026-06-06T12:00:00+02:00", "consent"),
    ("au-telemarketing", SYDNEY, "2026-12-06T12:00:00+11:00", "consent"),
    ("au-research", SYDNEY, "2027-01-26T12:00:00+11:00", "consent"),
]


@pytest.mark.parametrize(("name", "number", "moment", "by"), LIFTED)
def test_what_lifts_the_hours_and_that_nothing_else_does(name: str, number: str, moment: str, by: str) -> None:
    consent = Consent("c", "client", basis="consent", given=1)
    assert asked(name, number, at(moment)).decision.verdict == "defer"
    lifted = asked(
        name, number, at(moment), consents=(consent,) if by == "consent" else (), lifts=("agreed_time",) if by != "consent" else ()
    )
    assert lifted.decision.verdict == "allow"
    other = asked(
        name, number, at(moment), consents=(consent,) if by != "consent" else (), lifts=("agreed_time",) if by == "consent" else ()
    )
    assert other.decision.verdict == "defer"
    asked_for = asked(name, number, at(moment), callback=at(moment))
    assert asked_for.decision.verdict == "defer", "that they want a call is no leave to ring at night"


def test_even_consent_does_not_lift_the_hours_that_france_is_careful_about() -> None:
    assert asked("fr-opt-in-2026", PARIS, at("2026-12-05T12:00:00+01:00")).decision.verdict == "defer"


@pytest.mark.parametrize(
    ("name", "number", "last"),
    [
        ("us-tsr", NEW_YORK, "2026-11-30T20:54:59-05:00"),
        ("uk", LONDON, "2026-11-30T20:54:59+00:00"),
        ("cn-carrier", SHANGHAI, "2026-11-30T20:54:59+08:00"),
    ],
)
def test_a_predictive_call_does_not_begin_within_five_minutes_of_the_end(name: str, number: str, last: str) -> None:
    assert asked(name, number, at(last), method="predictive").decision.verdict == "allow"
    assert asked(name, number, at(last) + SECOND, method="predictive").decision.verdict == "defer"
    assert asked(name, number, at(last) + SECOND, method="progressive").decision.verdict == "allow"


def test_the_strictest_is_within_every_other_presets_hours_of_every_day() -> None:
    strict = laid_out("strictest")[0].hours[0]
    assert (strict.holiday, strict.days[5], strict.days[6]) == ((), (), ())
    for name in ALL:
        for preset in laid_out(name):
            for rule in preset.hours:
                for day, spans in enumerate(strict.days):
                    outer = rule.days[day]
                    assert all(any(o[0] <= s[0] and s[1] <= o[1] for o in outer) for s in spans), (preset.name, day)


# ------------------------------------------------------------------ caps and cool-downs


def attempts(*moments: str) -> list[Event]:
    return [("attempt", each) for each in moments]


FLORIDA = attempts("2026-12-01T09:00:00-05:00", "2026-12-01T10:00:00-05:00", "2026-12-01T11:00:00-05:00")
CENTRAL = attempts("2026-12-01T09:00:00-06:00", "2026-12-01T10:00:00-06:00", "2026-12-01T11:00:00-06:00")
WEEK = attempts(*(f"2026-12-0{day}T09:00:00-05:00" for day in range(1, 8)))
CARRIER = attempts(*(f"2026-12-01T{hour}:30:00+08:00" for hour in ("08", "11", "14", "17", "20")))
BURST = attempts(*(f"2026-12-01T10:0{minute}:00+08:00" for minute in range(3)))
CHINA_DAY = attempts(*(f"2026-12-01T{hour}:00:00+08:00" for hour in ("09", "10", "11")))
MONTH = attempts(*(f"2026-11-{day}T10:30:00+01:00" for day in ("02", "09", "16", "23")))
WEEKLY = attempts(*(f"2026-11-{day}T10:30:00+08:00" for day in ("02", "09", "16", "23")))
LEAP_MONTH = attempts(*(f"2028-02-{day}T10:30:00+01:00" for day in ("10", "11", "14", "15")))

COUNTED: list[tuple[str, str, list[Event], str, str]] = [
    # preset, number, what happened, now, the first lawful moment; with one event less it is allowed now
    ("us-florida", MIAMI, FLORIDA, "2026-12-01T12:00:00-05:00", "2026-12-02T09:00:00-05:00"),  # t + 24 h exactly
    ("us-florida", MIAMI, FLORIDA, "2026-12-02T08:59:59-05:00", "2026-12-02T09:00:00-05:00"),
    ("us-oklahoma", OKLAHOMA, CENTRAL, "2026-12-01T12:00:00-06:00", "2026-12-02T09:00:00-06:00"),
    ("us-maryland", BALTIMORE, FLORIDA, "2026-12-01T12:00:00-05:00", "2026-12-02T09:00:00-05:00"),
    ("us-maine-automated", PORTLAND, FLORIDA[:1], "2026-12-01T16:59:59-05:00", "2026-12-01T17:00:00-05:00"),  # 8 h
    ("us-reg-f", NEW_YORK, WEEK, "2026-12-07T15:00:00-05:00", "2026-12-08T08:00:00-05:00"),  # the first day has left
    ("us-reg-f", NEW_YORK, FLORIDA, "2026-12-01T15:00:00-05:00", "2026-12-02T08:00:00-05:00"),  # three a day
    ("us-reg-f", NEW_YORK, [("conversation", "2026-12-07T10:00:00-05:00")], "2026-12-13T20:59:59-05:00", "2026-12-14T08:00:00-05:00"),
    ("us-reg-f", NEW_YORK, [("conversation", "2028-02-25T10:00:00-05:00")], "2028-03-02T12:00:00-05:00", "2028-03-03T08:00:00-05:00"),
    ("us-reg-f", NEW_YORK, [("conversation", "2027-02-25T10:00:00-05:00")], "2027-03-03T12:00:00-05:00", "2027-03-04T08:00:00-05:00"),
    ("us-reg-f", NEW_YORK, [("unanswered", "2026-12-07T10:00:00-05:00")], "2026-12-07T10:59:59-05:00", "2026-12-07T11:00:00-05:00"),
    ("cn-carrier", SHANGHAI, CARRIER, "2026-12-01T20:45:00+08:00", "2026-12-02T08:30:00+08:00"),
    ("cn-carrier", SHANGHAI, CARRIER, "2026-12-02T08:29:59+08:00", "2026-12-02T08:30:00+08:00"),
    ("cn-carrier", SHANGHAI, BURST, "2026-12-01T10:04:59+08:00", "2026-12-01T10:05:00+08:00"),
    ("cn-commercial", SHANGHAI, CHINA_DAY, "2026-12-01T14:00:00+08:00", "2026-12-02T09:00:00+08:00"),
    ("cn-commercial", SHANGHAI, CHINA_DAY[:1], "2026-12-01T09:29:59+08:00", "2026-12-01T09:30:00+08:00"),
    ("cn-commercial", SHANGHAI, [("refusal", "2026-12-01T10:00:00+08:00")], "2027-01-29T19:59:59+08:00", "2027-01-30T09:00:00+08:00"),
    ("cn-collection", SHANGHAI, CHINA_DAY, "2026-12-01T21:59:59+08:00", "2026-12-02T08:00:00+08:00"),
    ("fr-opt-in-2026", PARIS, MONTH, "2026-11-30T10:30:00+01:00", "2026-12-02T10:00:00+01:00"),
    ("fr-opt-in-2026", PARIS, LEAP_MONTH, "2028-03-01T10:30:00+01:00", "2028-03-13T10:00:00+01:00"),  # 11 March is a Saturday
    (
        "fr-decree-2022",
        PARIS,
        attempts(*(f"2026-06-0{day}T11:00:00+02:00" for day in range(1, 5))),
        "2026-06-30T12:00:00+02:00",
        "2026-07-01T10:00:00+02:00",
    ),
    ("fr-opt-in-2026", PARIS, [("refusal", "2026-12-02T11:00:00+01:00")], "2027-01-29T11:00:00+01:00", "2027-02-01T10:00:00+01:00"),
    ("strictest", SHANGHAI, attempts("2026-11-30T10:30:00+08:00"), "2026-11-30T11:59:59+08:00", "2026-12-01T10:30:00+08:00"),
    ("strictest", SHANGHAI, attempts("2026-11-30T10:30:00+08:00"), "2026-12-01T10:29:59+08:00", "2026-12-01T10:30:00+08:00"),
    ("strictest", SHANGHAI, WEEKLY, "2026-11-30T11:00:00+08:00", "2026-12-02T10:00:00+08:00"),
    ("strictest", SHANGHAI, [("conversation", "2026-11-30T10:30:00+08:00")], "2026-12-04T16:59:59+08:00", "2026-12-07T10:00:00+08:00"),
    ("strictest", SHANGHAI, [("abandoned", "2026-11-30T10:30:00+08:00")], "2026-12-02T11:00:00+08:00", "2026-12-03T10:30:00+08:00"),
    ("strictest", SHANGHAI, [("refusal", "2026-12-02T11:00:00+08:00")], "2027-01-29T11:00:00+08:00", "2027-02-01T10:00:00+08:00"),
]


@pytest.mark.parametrize(("name", "number", "events", "now", "until"), COUNTED)
def test_a_cap_is_full_at_its_most_and_free_again_at_the_second(name: str, number: str, events: list[Event], now: str, until: str) -> None:
    judged = asked(name, number, at(now), events)
    assert (judged.decision.verdict, judged.until) == ("defer", at(until)), judged
    assert asked(name, number, at(now), events[1:]).decision.verdict == "allow", "with one less"
    assert asked(name, number, at(until), events).decision.verdict == "allow"
    assert asked(name, number, at(until) - SECOND, events).decision.verdict == "defer"


SCOPES = [
    # preset, rule, what is counted together
    ("us-florida", "calls-in-24h", ("person", "subject")),
    ("us-florida", "calls-in-day", ("person", "subject")),
    ("us-oklahoma", "calls-in-24h", ("person", "subject")),
    ("us-oklahoma", "calls-in-day", ("person", "subject")),
    ("us-maryland", "calls-in-24h", ("person", "subject")),
    ("us-maryland", "calls-in-day", ("person", "subject")),
    ("us-maine-automated", "calls-in-8h", ("number",)),
    ("us-reg-f", "attempts-in-7-days", ("person", "debt")),
    ("us-reg-f", "calls-in-day", ("person",)),
    ("us-reg-f", "after-talk", ("person", "debt")),
    ("us-reg-f", "between-unanswered", ("person",)),
    ("uk", "after-abandoned", ("number",)),
    ("uk", "after-machine", ("number",)),
    ("cn-carrier", "calls-in-24h", ("number",)),
    ("cn-carrier", "calls-in-5min", ("number",)),
    ("cn-commercial", "calls-in-day", ("number",)),
    ("cn-commercial", "between-calls", ("number",)),
    ("cn-commercial", "after-refusal", ("number", "client")),
    ("cn-collection", "calls-in-day", ("person", "client")),
    ("fr-decree-2022", "calls-in-30-days", ("person", "client")),
    ("fr-decree-2022", "after-refusal", ("person", "client")),
    ("fr-opt-in-2026", "calls-in-30-days", ("person", "client")),
    ("fr-opt-in-2026", "after-refusal", ("person", "client")),
    ("strictest", "calls-in-24h", ("number",)),
    ("strictest", "calls-in-day", ("number",)),
    ("strictest", "calls-in-30-days", ("person", "client")),
    ("strictest", "after-talk", ("person", "client")),
    ("strictest", "after-refusal", ("person", "client")),
    ("strictest", "after-abandoned", ("number",)),
]


@pytest.mark.parametrize(("name", "rule", "scope"), SCOPES)
def test_what_is_counted_together(name: str, rule: str, scope: tuple[str, ...]) -> None:
    """A person in debt twice is called for each debt; the agencies of one institution count as one."""
    assert [each.scope for each in (*laid_out(name)[0].caps, *laid_out(name)[0].cool_downs) if each.id == rule] == [scope]


def test_a_day_ends_at_midnight_of_who_is_called() -> None:
    """With a time that was agreed, so that hours say nothing."""
    for moment, verdict in (("2026-12-01T23:59:59+08:00", "defer"), ("2026-12-02T00:00:00+08:00", "allow")):
        assert asked("cn-collection", SHANGHAI, at(moment), CHINA_DAY, lifts=("agreed_time",)).decision.verdict == verdict
    judged = asked("cn-collection", SHANGHAI, at("2026-12-01T23:59:59+08:00"), CHINA_DAY, lifts=("agreed_time",))
    assert judged.until == at("2026-12-02T00:00:00+08:00")


@pytest.mark.parametrize(
    ("name", "number", "summer", "winter", "most"),
    [
        ("us-florida", MIAMI, "-04:00", "-05:00", 3),
        ("us-maryland", BALTIMORE, "-04:00", "-05:00", 3),
        ("us-oklahoma", OKLAHOMA, "-05:00", "-06:00", 3),
        ("strictest", NEW_YORK, "-04:00", "-05:00", 1),
    ],
)
def test_a_day_of_25_hours_is_one_day(name: str, number: str, summer: str, winter: str, most: int) -> None:
    """So many attempts in its first hour; 24 hours later it is still the same date, where the clock was put back."""
    first = attempts(*(f"2026-11-01T00:{minute}:00{summer}" for minute in ("10", "20", "30")[:most]))
    late = asked(name, number, at(f"2026-11-01T23:30:00{winter}"), first)
    assert found(late, "calls-in-24h").verdict == "allow"
    day = found(late, "calls-in-day")
    assert (day.verdict, day.until) == ("defer", at(f"2026-11-02T00:00:00{winter}"))
    fewer = asked(name, number, at(f"2026-11-01T23:30:00{winter}"), first[1:])
    assert found(fewer, "calls-in-day").verdict == "allow"


UNLESS_RESERVED = [
    # what happened, rule, the last second at which only a reserved agent may call
    (("abandoned", "2026-12-01T10:00:00+00:00"), "after-abandoned", "2026-12-04T09:59:59+00:00"),
    (("machine", "2026-12-01T10:00:00+00:00"), "after-machine", "2026-12-01T23:59:59+00:00"),
]


@pytest.mark.parametrize(("event", "rule", "last"), UNLESS_RESERVED)
def test_in_britain_only_a_guaranteed_agent_calls_again_so_soon(event: Event, rule: str, last: str) -> None:
    def said(moment: int, *, reserved: bool) -> tuple[str, int]:
        finding = found(asked("uk", LONDON, moment, [event], method="predictive", reserved=reserved), rule)
        return finding.verdict, finding.until

    assert said(at(last), reserved=False) == ("defer", at(last) + SECOND)
    assert said(at(last), reserved=True) == ("allow", 0)
    assert said(at(last) + SECOND, reserved=False) == ("allow", 0)


ASKED_FOR = [
    # preset, number, what happened, now, whether a callback that the customer asked for may be made all the same
    ("us-reg-f", NEW_YORK, WEEK, "2026-12-07T15:00:00-05:00", True),
    ("us-reg-f", NEW_YORK, FLORIDA, "2026-12-01T15:00:00-05:00", True),
    ("us-reg-f", NEW_YORK, [("conversation", "2026-12-07T10:00:00-05:00")], "2026-12-08T10:00:00-05:00", True),
    ("us-reg-f", NEW_YORK, [("unanswered", "2026-12-07T10:00:00-05:00")], "2026-12-07T10:30:00-05:00", True),
    ("cn-commercial", SHANGHAI, CHINA_DAY[:1], "2026-12-01T09:15:00+08:00", True),
    ("cn-commercial", SHANGHAI, CHINA_DAY, "2026-12-01T14:00:00+08:00", False),
    ("cn-carrier", SHANGHAI, CARRIER, "2026-12-01T20:45:00+08:00", False),
    ("us-florida", MIAMI, FLORIDA, "2026-12-01T12:00:00-05:00", False),
    ("strictest", SHANGHAI, [("conversation", "2026-11-30T10:30:00+08:00")], "2026-12-01T11:00:00+08:00", True),
    ("strictest", SHANGHAI, attempts("2026-11-30T10:30:00+08:00"), "2026-11-30T11:00:00+08:00", False),
]


@pytest.mark.parametrize(("name", "number", "events", "now", "may"), ASKED_FOR)
def test_a_callback_goes_before_the_rules_that_say_so_and_no_other(
    name: str, number: str, events: list[Event], now: str, may: bool
) -> None:
    assert asked(name, number, at(now), events).decision.verdict == "defer"
    assert (asked(name, number, at(now), events, callback=at(now)).decision.verdict == "allow") == may


# ------------------------------------------------------------------ dates, lists, consents, places, numbers, ways

DATED = [
    ("fr-decree-2022", PARIS, "2026-08-10T23:59:59+02:00", True),
    ("fr-decree-2022", PARIS, "2026-08-11T00:00:00+02:00", False),
    ("fr-opt-in-2026", PARIS, "2026-08-10T23:59:59+02:00", False),
    ("fr-opt-in-2026", PARIS, "2026-08-11T00:00:00+02:00", True),
    ("it", ROME, "2024-09-27T23:59:59+02:00", False),
    ("it", ROME, "2024-09-28T00:00:00+02:00", True),
]


@pytest.mark.parametrize(("name", "number", "moment", "holds"), DATED)
def test_a_preset_holds_from_its_first_second_to_its_last(name: str, number: str, moment: str, holds: bool) -> None:
    assert [each.name for each in prepared(name, number, at(moment)).presets] == ([name] if holds else [])


def test_where_no_rule_holds_any_more_nobody_is_called() -> None:
    judged = asked("fr-decree-2022", PARIS, at("2026-11-30T11:00:00+01:00"))
    assert [each.rule.endswith("no_rules") for each in judged.decision.findings if each.verdict == "deny"] == [True]


APPLIES = [
    ("us-florida", MIAMI, "progressive", True),
    ("us-florida", NEW_YORK, "progressive", False),
    ("us-florida", TOLL_FREE, "progressive", True),  # it may be there
    ("us-maine-automated", PORTLAND, "progressive", True),
    ("us-maine-automated", PORTLAND, "preview", False),
    ("us-fcc", NEW_YORK, "manual", False),
    ("us-tsr", LONDON, "progressive", False),
    ("us-tsr", TORONTO, "progressive", False),
    ("ca-crtc", TORONTO, "progressive", True),
    ("strictest", LONDON, "progressive", True),
]


@pytest.mark.parametrize(("name", "number", "method", "holds"), APPLIES)
def test_where_and_for_which_way_of_dialling_a_preset_holds(name: str, number: str, method: str, holds: bool) -> None:
    assert bool(prepared(name, number, at("2026-11-30T15:00:00+00:00"), method).presets) == holds


LISTS = [
    # preset, number, now, the oldest list that still does, whether consent lifts a hit, whether a transaction does
    ("us-tsr", NEW_YORK, "2026-11-30T12:00:00-05:00", "2026-10-30T12:00:00-05:00", True, True),  # 31 days; an hour more in October
    ("uk", LONDON, "2026-11-30T12:00:00+00:00", "2026-11-02T12:00:00+00:00", True, False),
    ("ca-crtc", TORONTO, "2026-11-30T12:00:00-05:00", "2026-10-30T12:00:00-05:00", True, False),
    ("au-telemarketing", SYDNEY, "2026-11-30T12:00:00+11:00", "2026-10-31T12:00:00+11:00", True, False),
    ("in-promotional", DELHI, "2026-11-30T12:00:00+05:30", "2026-11-23T12:00:00+05:30", True, False),
]
"""The days of a list are of 24 hours: the zones' own changes between are in the difference from UTC that the rows write."""


@pytest.mark.parametrize(("name", "number", "now", "oldest", "consent", "transaction"), LISTS)
def test_lists_stop_dialling_when_they_are_too_old_or_have_the_number(
    name: str, number: str, now: str, oldest: str, consent: bool, transaction: bool
) -> None:
    assert asked(name, number, at(now), as_of=at(oldest)).decision.verdict == "allow"
    assert asked(name, number, at(now), as_of=at(oldest) - SECOND).decision.verdict == "deny"
    assert asked(name, number, at(now), listed=True).decision.verdict == "deny"
    for basis, lifts in (("consent", consent), ("transaction", transaction)):
        given = (Consent("c", "client", basis=basis, given=at(now) - 86_400 * SECOND),)
        assert (asked(name, number, at(now), listed=True, consents=given).decision.verdict == "allow") == lifts, basis


@pytest.mark.parametrize(
    ("basis", "given", "ends"),
    [
        ("transaction", "2025-05-31T16:00:00+00:00", "2026-11-30T16:00:00+00:00"),  # 18 months, in a month that has no 31st
        ("inquiry", "2026-09-15T16:00:00+00:00", "2026-12-15T16:00:00+00:00"),  # three
    ],
)
def test_a_business_relationship_ends_by_the_calendar(basis: str, given: str, ends: str) -> None:
    relation = (Consent("c", "client", basis=basis, given=at(given)),)
    assert asked("us-tsr", NEW_YORK, at(ends) - SECOND, listed=True, consents=relation).decision.verdict == "allow"
    assert asked("us-tsr", NEW_YORK, at(ends), listed=True, consents=relation).decision.verdict == "deny"


PLAIN = Consent("c", "client", basis="consent", given=1)
WRITTEN = Consent("c", "client", basis="consent", written=True, given=1)
CONTRACT = Consent("c", "client", basis="contract", given=1)
OTHERS = Consent("c", "other", basis="consent", written=True, given=1)
OVER = Consent("c", "client", basis="consent", written=True, given=1, expires=at("2026-11-30T09:00:00+00:00"))

CONSENTS = [
    ("cn-commercial", SHANGHAI, "2026-11-30T10:00:00+08:00", [PLAIN, WRITTEN], [CONTRACT, OTHERS, None]),
    ("cn-guizhou", SHANGHAI, "2026-11-30T10:00:00+08:00", [PLAIN, WRITTEN], [CONTRACT, OTHERS, None]),
    ("cn-draft-2020", SHANGHAI, "2026-11-30T10:00:00+08:00", [PLAIN, WRITTEN], [CONTRACT, OTHERS, None]),
    ("us-fcc", NEW_YORK, "2026-11-30T10:00:00-05:00", [WRITTEN], [PLAIN, CONTRACT, OTHERS, OVER, None]),
    ("de-b2c", BERLIN, "2026-11-30T10:00:00+01:00", [PLAIN, WRITTEN, OVER], [CONTRACT, OTHERS, None]),
    ("de-b2c", BERLIN, "2026-11-30T10:00:01+01:00", [PLAIN], [CONTRACT, None]),
    ("fr-opt-in-2026", PARIS, "2026-11-30T10:00:00+01:00", [PLAIN, WRITTEN, CONTRACT], [OTHERS, None]),
    ("strictest", SHANGHAI, "2026-11-30T10:00:00+08:00", [WRITTEN], [PLAIN, CONTRACT, OTHERS, None]),
]
"""OVER ends at 10:00 in Berlin; a second before it held."""


@pytest.mark.parametrize(("name", "number", "now", "enough", "not_enough"), CONSENTS)
def test_what_is_consent_enough(name: str, number: str, now: str, enough: list[Consent], not_enough: list[Consent | None]) -> None:
    for each in enough:
        moment = at(now) if each is not OVER else at(now) - SECOND
        finding = found(asked(name, number, moment, consents=(each,)), "written-consent" if name == "us-fcc" else "consent")
        assert finding.verdict == "allow", each
    for each in not_enough:
        assert asked(name, number, at(now), consents=(each,) if each else ()).decision.verdict == "deny", each


def test_carriers_of_china_call_nobody_in_xinjiang_and_tibet() -> None:
    now = at("2026-11-30T12:00:00+08:00")
    for number in (URUMQI, LHASA):
        assert asked("cn-carrier", number, now).decision.verdict == "deny"
    assert asked("cn-carrier", SHANGHAI, now).decision.verdict == "allow"


SERIES = [
    ("in-promotional", "+911401234567", "allow"),
    ("in-promotional", "+9116001234567", "deny"),
    ("in-promotional", "+911123456789", "deny"),
    ("in-service", "+9116001234567", "allow"),
    ("in-service", "+911401234567", "deny"),
]


@pytest.mark.parametrize(("name", "shown", "verdict"), SERIES)
def test_india_has_a_series_of_numbers_for_each_kind_of_call(name: str, shown: str, verdict: str) -> None:
    assert asked(name, DELHI, at("2026-11-30T12:00:00+05:30"), shown=shown).decision.verdict == verdict


@pytest.mark.parametrize(
    ("name", "number"), [("uk", LONDON), ("it", ROME), ("au-research", SYDNEY), ("us-tsr", NEW_YORK), ("cn-carrier", SHANGHAI)]
)
def test_nobody_calls_without_showing_a_number(name: str, number: str) -> None:
    now = at("2026-11-30T10:00:00+01:00" if name in ("uk", "it") else "2026-11-30T14:00:00+11:00" if name == "au-research" else NOON[name])
    assert asked(name, number, now).decision.verdict == "allow"
    assert asked(name, number, now, withheld=True).decision.verdict == "deny"


NOON = {"us-tsr": "2026-11-30T12:00:00-05:00", "cn-carrier": "2026-11-30T12:00:00+08:00"}

WAYS = [
    # preset, number, now, ring_s, machines may be listened for, message, record
    ("us-tsr", NEW_YORK, "2026-11-30T12:00:00-05:00", 15, True, True, False),
    ("us-fcc", NEW_YORK, "2026-11-30T12:00:00-05:00", 15, True, True, False),
    ("uk", LONDON, "2026-11-30T12:00:00+00:00", 15, True, True, False),
    ("cn-commercial", SHANGHAI, "2026-11-30T10:00:00+08:00", 0, True, False, True),
    ("cn-collection", SHANGHAI, "2026-11-30T10:00:00+08:00", 0, True, False, True),
    ("us-reg-f", NEW_YORK, "2026-11-30T12:00:00-05:00", 0, True, False, True),
    ("strictest", SHANGHAI, "2026-11-30T10:00:00+08:00", 15, False, True, True),
]


@pytest.mark.parametrize(("name", "number", "now", "ring_s", "amd", "message", "record"), WAYS)
def test_how_a_call_must_be_made(name: str, number: str, now: str, ring_s: int, amd: bool, message: bool, record: bool) -> None:
    found = asked(name, number, at(now)).constraints
    assert (found.ring_s, found.amd, found.message, found.record) == (ring_s, amd, message, record)


def test_the_strictest_dials_nothing_faster_than_with_an_agent_there() -> None:
    now = at("2026-11-30T10:00:00+08:00")
    assert asked("strictest", SHANGHAI, now, method="predictive", reserved=False).decision.verdict == "deny"
    assert asked("strictest", SHANGHAI, now, method="progressive").decision.verdict == "allow"


ABANDONED = [
    # preset, limit, target, window, days, zone, seconds, anchor
    ("us-tsr", 0.03, 0.024, "blocks", 30, "UTC", 2.0, "greeting_end"),
    ("us-florida", 0.03, 0.024, "blocks", 30, "UTC", 2.0, "greeting_end"),
    ("us-fcc", 0.03, 0.024, "any_days", 30, "UTC", 2.0, "greeting_end"),
    ("uk", -1.0, 0.01, "calendar_day", 1, "Europe/London", 2.0, "speech_start"),
    ("uk-2010", 0.03, 0.024, "calendar_day", 1, "Europe/London", 2.0, "speech_start"),
    ("ca-crtc", 0.05, 0.04, "calendar_month", 1, "America/Toronto", 2.0, "answer"),
    ("strictest", 0.0, 0.0, "calendar_day", 1, "", 2.0, "answer"),
]


@pytest.mark.parametrize(("name", "limit", "target", "window", "days", "zone", "within_s", "anchor"), ABANDONED)
def test_limits_of_abandoned_calls_are_those_of_the_law(
    name: str, limit: float, target: float, window: str, days: int, zone: str, within_s: float, anchor: str
) -> None:
    """How they are reckoned and kept to: `test_pace.py`."""
    (rule,) = laid_out(name)[0].abandons
    assert (rule.limit, rule.target, rule.within_s, rule.anchor) == (limit, target, within_s, anchor)
    assert (rule.window.kind, rule.window.days, rule.window.zone) == (window, days, zone)
