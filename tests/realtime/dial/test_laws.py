"""The laws of deciding: what must hold whatever the rules are. Each by chance, with its seed.

(a) one more rule never turns a no into a yes; (b) waiting never makes a counter's end come sooner; (c) a verdict over several zones is the
worst of them; (d) Florida's three in 24 hours, to the second; (e) seven days after a talk, by date, and not before the hours begin. And
what is said of the time is true: at that moment it is allowed, and not before.
"""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest

from realtime.decision import SEVERITY
from realtime.dial.model import Consent, ListSeen
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import (
    HAPPENINGS,
    METHODS,
    SCOPES,
    CallerIdRule,
    Campaign,
    CapRule,
    ConsentRule,
    CoolDownRule,
    Happening,
    HoursRule,
    ListRule,
    PlaceRule,
    Preset,
    WayRule,
    Window,
)
from realtime.words import Micros
from tests.realtime.dial.cases import DAY, FLORIDA, HOUR, MIAMI, MINUTE, NOON, Office, at, every_day, held, said

ZONES = ("America/New_York", "America/Los_Angeles", "Asia/Shanghai", "Pacific/Honolulu", "Europe/London", "Asia/Kolkata", "Pacific/Apia")
COUNTED: tuple[Happening, ...] = ("attempt", "abandoned", "refusal")
"""Happenings that many rules speak of."""
KINDS = ("rolling", "calendar_day", "calendar_days", "any_days", "blocks", "calendar_month")


# ------------------------------------------------------------------ rules by chance


def hours_rule(dice: random.Random) -> HoursRule:
    def day() -> tuple[tuple[int, int], ...]:
        begins = dice.randrange(0, 1380)
        return ((begins, dice.randrange(begins + 1, 1441)),) if dice.random() < 0.8 else ()

    unless = dice.choice(((), ("consent",), ("agreed_time",)))
    holiday = dice.choice((None, ()))
    return HoursRule(id="h", days=tuple(day() for _ in range(7)), holiday=holiday, guard_s=dice.choice((0, 300)), unless=unless)


def window(dice: random.Random) -> Window:
    seconds = dice.choice((300, 3600, 86_400))
    kind: Any = dice.choice(KINDS)
    return Window(kind=kind, seconds=seconds, days=dice.choice((1, 7, 30)), zone=dice.choice(("", "UTC")))


def cap(dice: random.Random) -> CapRule:
    unless = dice.choice(((), ("consent",), ("callback",)))
    return CapRule(
        id="c", most=dice.randrange(0, 4), count=dice.choice(HAPPENINGS), window=window(dice), scope=dice.choice(SCOPES), unless=unless
    )


def cool_down(dice: random.Random) -> CoolDownRule:
    seconds, unless = dice.choice((0, 600, 86_400)), dice.choice(((), ("reserved",), ("callback",)))
    return CoolDownRule(id="d", after=dice.choice(HAPPENINGS), seconds=seconds, days=7, scope=dice.choice(SCOPES), unless=unless)


ONE_RULE: dict[str, Any] = {
    "hours": hours_rule,
    "caps": cap,
    "cool_downs": cool_down,
    "lists": lambda dice: ListRule(id="l", lists=(dice.choice(("national", "state", "gone")),), unless=dice.choice(((), ("consent",)))),
    "consents": lambda dice: ConsentRule(id="o", need=dice.choice(("consent", "written", "consent_or_contract", "consent_or_relation"))),
    "caller_ids": lambda dice: CallerIdRule(id="i", prefixes=dice.choice(((), ("212",), ("953",)))),
    "ways": lambda dice: WayRule(id="w", most=dice.choice(METHODS), amd=dice.choice(("allowed", "forbidden", "reserved_repeat"))),
    "places": lambda dice: PlaceRule(id="p", blocked=dice.choice(((), ("US-FL",), ("CN-XZ",)))),
}


def preset(dice: random.Random, name: str, most: int = 2) -> Preset:
    rules = {kind: tuple(make(dice) for _ in range(dice.randrange(0, most + 1))) for kind, make in ONE_RULE.items()}
    return Preset(name=name, **{kind: made if dice.random() < 0.4 else () for kind, made in rules.items()})


def office(dice: random.Random, *presets: Preset) -> Office:
    made = Office(*presets, caller_ids=("+12125550100",))
    made.seen["lists"] = {
        name: ListSeen(name, "v", NOON - dice.choice((0, 5, 40)) * DAY, dice.random() < 0.3) for name in ("national", "state")
    }
    if dice.random() < 0.5:
        made.seen["consents"] = (Consent("k", "bank", basis=dice.choice(("consent", "contract", "transaction")), given=NOON - DAY),)
    for _ in range(dice.randrange(0, 12)):
        made.happened(dice.choice(HAPPENINGS), NOON - round(dice.random() ** 3 * 8 * DAY), *dice.choice(SCOPES))
        made.happened(dice.choice(COUNTED), NOON - round(dice.random() * 2 * DAY), "number")
    return made


def asked(dice: random.Random) -> dict[str, Any]:
    lifts = dice.choice(((), ("agreed_time",), ("contract",)))
    return {"method": dice.choice(METHODS), "reserved": dice.random() < 0.7, "lifts": lifts, "callback": dice.choice((0, NOON))}


def severity(verdict: str) -> int:
    return [*SEVERITY].index(verdict)  # type: ignore[arg-type]


# ------------------------------------------------------------------ (a) one more rule


@pytest.mark.parametrize("seed", range(300))
def test_one_more_rule_never_makes_it_milder(seed: int) -> None:
    dice = random.Random(seed)
    before, kind = preset(dice, "p"), dice.choice(list(ONE_RULE))
    after = msgspec.structs.replace(before, **{kind: (*getattr(before, kind), ONE_RULE[kind](dice))})
    if dice.random() < 0.5:  # in one of the same name, or in one of its own
        presets: tuple[Preset, ...] = (after,)
    else:
        presets = (before, Preset(name="more", **{kind: (ONE_RULE[kind](dice),)}))
    where = dice.randrange(1 << 30)
    how = asked(dice)
    few, many = office(random.Random(where), before), office(random.Random(where), *presets)
    less, more = few.judged(**how), many.judged(**how)
    assert severity(more.decision.verdict) >= severity(less.decision.verdict)
    assert not more.until or more.until >= less.until, "and what it says of the time is no earlier"


def test_of_these_some_are_allowed_and_some_are_not() -> None:
    """Or the law above would hold for nothing."""
    verdicts = [office(dice := random.Random(seed), preset(dice, "p")).judged(**asked(dice)).decision.verdict for seed in range(300)]
    assert all(verdicts.count(each) > 15 for each in ("allow", "defer", "deny"))


# ------------------------------------------------------------------ (b) waiting


@pytest.mark.parametrize("seed", range(150))
def test_waiting_never_brings_a_counter_forward(seed: int) -> None:
    """While nothing new happens its end stays where it is, and at that moment there is room."""
    dice = random.Random(seed)
    kind: Any = dice.choice(("rolling", "calendar_day", "calendar_days", "any_days", "calendar_month"))
    rule = CapRule(id="c", most=dice.randrange(1, 4), window=Window(kind=kind, seconds=dice.choice((600, 86_400)), days=7))
    here = Office(Preset(name="p", caps=(rule,), hours=(every_day((0, 1440)),)))
    for _ in range(rule.most + dice.randrange(0, 5)):
        here.happened("attempt", NOON - round(dice.random() * (DAY if kind != "rolling" else rule.window.seconds * 1_000_000)))
    now, last = NOON, 0
    for _ in range(200):
        judged = here.judged(now)
        if judged.decision.verdict == "allow":
            break
        assert judged.until > now
        assert judged.until >= last
        last = judged.until
        before = here.judged(judged.until - 1)
        assert before.decision.verdict == "defer", "not a moment too late"
        now = dice.choice((now + round(dice.random() * (judged.until - now)), judged.until))
    assert judged.decision.verdict == "allow"
    assert now >= last


@pytest.mark.parametrize("seed", range(300))
def test_what_it_says_of_the_time_is_true(seed: int) -> None:
    """By hours and counts alone, since lists grow old and a callback is over some time. In two zones, where they may be the cause."""
    dice = random.Random(seed)
    here = office(dice, counting(dice))
    here.state = CampaignNow("c1", "formal", began=NOON - 100 * DAY)
    zones = tuple(sorted(dice.sample(ZONES, dice.choice((1, 1, 2)))))
    here.zone, here.number = "", msgspec.structs.replace(FLORIDA, zones=zones)
    method, now = dice.choice(METHODS), NOON + round(dice.random() * DAY)
    judged = here.judged(now, method=method)
    if judged.decision.verdict == "defer" and judged.until:
        assert here.judged(judged.until, method=method).decision.verdict == "allow"
        for earlier in (judged.until - 1, round(now + dice.random() * (judged.until - 1 - now))):
            assert here.judged(earlier, method=method).decision.verdict != "allow"


def counting(dice: random.Random) -> Preset:
    """Few rules, of what time alone heals: more often than not one of them alone holds it back."""
    wide = every_day((dice.randrange(0, 600), dice.randrange(900, 1441)))
    return Preset(
        name="p",
        hours=dice.choice(((every_day((0, 1440)),), (wide,))),
        caps=tuple(often(dice) for _ in range(dice.randrange(0, 3))),
        cool_downs=tuple(cool_down(dice) for _ in range(dice.randrange(0, 2))),
    )


def often(dice: random.Random) -> CapRule:
    return CapRule(id="c", most=dice.randrange(1, 4), count=dice.choice(COUNTED), window=window(dice), scope=("number",))


# ------------------------------------------------------------------ (c) zones


def verdict(here: Office, zones: tuple[str, ...], now: Micros, **how: Any) -> int:
    here.zone, here.number = "", msgspec.structs.replace(FLORIDA, zones=zones)
    return severity(here.judged(now, **how).decision.verdict)


@pytest.mark.parametrize("seed", range(300))
def test_a_verdict_over_zones_is_the_worst_of_them(seed: int) -> None:
    dice = random.Random(seed)
    here, how = office(dice, dice.choice((preset(dice, "p"), counting(dice)))), asked(dice)
    zones = tuple(sorted(dice.sample(ZONES, dice.randrange(1, 5))))
    now = NOON + round(dice.random() * DAY)
    assert verdict(here, zones, now, **how) == max(verdict(here, (zone,), now, **how) for zone in zones)


@pytest.mark.parametrize("seed", range(150))
def test_a_count_by_date_over_zones_is_the_worst_of_them(seed: int) -> None:
    dice = random.Random(seed)
    window = Window(kind=dice.choice(("calendar_day", "calendar_days")), days=dice.choice((1, 2)))
    here = Office(Preset(name="p", hours=(every_day((0, 1440)),), caps=(CapRule(id="c", most=dice.randrange(1, 4), window=window),)))
    zones, now = tuple(sorted(dice.sample(ZONES, dice.randrange(2, 5)))), NOON + round(dice.random() * DAY)
    for _ in range(dice.randrange(1, 6)):
        here.happened("attempt", now - round(dice.random() * 2 * DAY))
    assert verdict(here, zones, now) == max(verdict(here, (zone,), now) for zone in zones)


def test_a_day_that_has_begun_in_one_zone_alone_is_counted_there() -> None:
    here = Office(Preset(name="p", hours=(every_day((0, 1440)),), caps=(CapRule(id="c", most=1, window=Window(kind="calendar_day")),)))
    here.zone, here.number = "", msgspec.structs.replace(FLORIDA, zones=("America/Los_Angeles", "America/New_York"))
    here.happened("attempt", at("2026-11-24 01:00"))  # Tuesday in New York, still Monday in Los Angeles
    judged = here.judged(at("2026-11-24 09:00"))
    assert judged.until == at("2026-11-25 00:00")
    assert here.judged(at("2026-11-25 00:00")).decision.verdict == "allow"
    here.happened("attempt", at("2026-11-25 12:00"))
    assert here.judged(at("2026-11-25 13:00")).until == at("2026-11-26 03:00"), "midnight in Los Angeles"


# ------------------------------------------------------------------ (d) Florida

FTSA = Preset(
    name="us-fl",
    countries=("US",),
    regions=("US-FL",),
    hours=(every_day((480, 1200)),),
    caps=(CapRule(id="three", most=3, window=Window(kind="rolling", seconds=86_400), scope=("person", "subject")),),
)


@pytest.mark.parametrize("begin", ["2026-11-24 09:00:07", "2026-03-07 09:30:00", "2026-10-31 10:00:01"])  # two before the clock changes
def test_the_fourth_within_a_day_waits_for_its_very_second(begin: str) -> None:
    here, first = Office(FTSA), at(begin)
    for number in range(3):
        assert here.call(first + number * HOUR).decision.verdict == "allow"
    fourth = here.call(first + 3 * HOUR)
    assert (fourth.decision.verdict, held(fourth), fourth.until) == ("defer", ["dial.cap"], first + DAY)
    assert here.judged(first + DAY - 1).until == first + DAY
    assert here.call(first + DAY).decision.verdict == "allow"
    assert here.judged(first + DAY + MINUTE).until == first + HOUR + DAY, "and the next one waits for the second of the three"


def test_what_was_said_of_another_subject_is_counted_apart() -> None:
    here = Office(FTSA)
    for number in range(3):
        here.call(NOON + number * MINUTE)
    assert here.judged(NOON + HOUR).decision.verdict == "defer"
    assert here.judged(NOON + HOUR, scopes={"subject": "a new roof"}).decision.verdict == "allow"
    assert here.judged(NOON + HOUR, scopes={"person": "somebody else"}).decision.verdict == "allow"


# ------------------------------------------------------------------ (e) Regulation F

REG_F = Preset(
    name="us-reg-f",
    purposes=("collection",),
    hours=(every_day((480, 1260)),),
    caps=(CapRule(id="seven", most=7, window=Window(kind="calendar_days", days=7), scope=("person", "debt")),),
    cool_downs=(CoolDownRule(id="talk", after="conversation", days=7, scope=("person", "debt")),),
)


@pytest.mark.parametrize("talk", ["2026-11-23 08:00:00", "2026-11-23 12:34:56", "2026-11-23 20:59:59", "2026-10-26 09:00:00"])
def test_after_a_talk_on_monday_the_next_call_is_on_monday_at_eight(talk: str) -> None:
    here, spoke = Office(REG_F, purpose="collection"), at(talk)
    here.happened("conversation", spoke, "person", "debt")
    monday = at(talk[:10] + " 08:00") // DAY * DAY
    next_monday = at({"2026-11-23": "2026-11-30", "2026-10-26": "2026-11-02"}[talk[:10]] + " 08:00")
    assert next_monday > monday
    now: Micros = spoke
    while now < next_monday:
        judged = here.judged(now)
        assert (judged.decision.verdict, judged.until) == ("defer", next_monday)
        now += 7 * HOUR
    assert here.judged(next_monday - 1).decision.verdict == "defer"
    assert here.judged(next_monday).decision.verdict == "allow"


def test_a_talk_about_one_debt_leaves_the_other_alone() -> None:
    here = Office(REG_F, purpose="collection")
    here.happened("conversation", NOON - HOUR, "person", "debt")
    assert held(here.judged()) == ["dial.cool_down"]
    assert here.judged(scopes={"person": "n1", "debt": "the other"}).decision.verdict == "allow"


def test_seven_in_seven_days_by_date() -> None:
    """Seven on one Tuesday: the eighth is on the next one, when hours begin, 167 hours after the first of them."""
    here = Office(REG_F, purpose="collection")
    for number in range(7):
        assert here.call(NOON + number * MINUTE).decision.verdict == "allow"
    eighth = here.judged(NOON + HOUR)
    assert (said(eighth, "dial.cap").until, eighth.until) == (at("2026-12-01 00:00"), at("2026-12-01 08:00"))


def test_the_campaign_of_these_is_what_it_seems() -> None:
    assert isinstance(Office(FTSA).campaign, Campaign)
    assert MIAMI == "America/New_York"
