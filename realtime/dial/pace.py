"""How fast a dialler may go for a campaign: how many calls may be under way that no agent is there for. Pure.

Not the dialler and not the refusal: the gate lets no more such calls out than `most_unreserved` says, and the ledger counts them. Down to
one line for each agent comes *before* a limit is reached, never after it.

What is certain, whoever answers and however few agents are left: an allowed call without an agent cannot bring the rate over the legal
limit, since even if every such call under way were answered by a person and none had an agent, it would not be exceeded. What is only
likely: that the target, four fifths of that limit, is kept. It rests on how many of the recent dials a person answered, reckoned high,
with three standard deviations of chance; a target that was passed by chance stops the calls without an agent until it is kept again.
Where the law has no limit, a target and a quarter stands for it.
Not covered: what a fold has not read yet (milliseconds), a person who is found to have been a machine after being counted, errors of a
detector that no preset reckons with. Where the rule's days and the floor's begin at different moments, the worse reading is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil, floor, sqrt
from typing import NamedTuple

from realtime.days import day_of
from realtime.decision import Decision, Finding, Verdict, decide, saw
from realtime.dial.applies import named
from realtime.dial.windows import frees, local, since
from realtime.dial.zones import zone_of
from realtime.owned_outbound import CampaignNow, Meter
from realtime.plan.dialling import METHODS, AbandonRule, Campaign, DialRules, Method, Preset
from realtime.rules.campaign_life import DIALS
from realtime.words import SECOND, Micros

HOUR: Micros = 3600 * SECOND
MINUTE: Micros = 60 * SECOND
OF_LIMIT = 0.8
"""A target's share of the limit, where only one of them is said (2.4 of 3 %)."""
DEVIATIONS = 3.0
"""Of chance: at so many, one check in a thousand meets more people than were reckoned with."""
RECENT_DIALS = 50
"""Fewer are no sample of who answers: further back then, and at last everybody is reckoned to answer."""
DAYS_BACK = 7
"""Who answered longer ago than a week says nothing of today."""
SURE_Z = 1.96
"""The share of people is reckoned at the upper end of its 95 % interval (Wilson's)."""
MACHINES_SAMPLE = 100
"""Answers that agents were given, before what share of them were machines is believed."""
RING_MOST: Micros = 120 * SECOND
"""How long a call may ring: one that begins so close to a window's end may be answered in the next one, which has no answers yet."""
ROUNDING = 1e-9
"""A share such as 0.024 is none that a computer has: far less than a call, far more than what it is off by."""
LINES_MOST = 3.0
"""Lines for each agent: beyond it no dialler gains anything, and one that asks for more has lost count."""
DEFAULT = AbandonRule(id="abandon.default")
"""Of a campaign whose presets know no abandonment: the target of the strictest law of them that has a number (US), without its limit."""


METHODS_ZH: dict[Method, str] = {"manual": "手动", "preview": "预览", "progressive": "渐进", "predictive": "预测"}


class Pace(NamedTuple):
    """`most_unreserved`: at most so many calls may be under way without an agent; 0: progressive. `rate`, `limit`, `target`: of the rule
    that holds it back most; `limit` -1: none in law. `lines_per_agent`: for each of the agents that are ready."""

    method: Method
    lines_per_agent: float
    most_unreserved: int
    rate: float
    limit: float
    target: float
    why: Decision
    p_live: float = 1.0  # of dials, how many a person answers, reckoned high
    rule: str = ""  # PRESET/RULE
    abandoned: float = 0.0
    live: float = 0.0
    hour_rate: float = 0.0  # of the last sixty minutes


class Reading(NamedTuple):
    """What a rule's window has. Fractions come from estimates."""

    abandoned: float
    live: float

    @property
    def rate(self) -> float:
        return self.abandoned / self.live if self.live > 0 else 0.0


class Budget(NamedTuple):
    """What one rule leaves room for."""

    name: str
    rule: AbandonRule
    reading: Reading
    most: int
    finding: Finding


class Clock(NamedTuple):
    """Now, and the floor's days: the meters are kept by those."""

    now: Micros
    zone: str
    starts_min: int


def pace(
    campaign: Campaign,
    now_state: CampaignNow,
    rules: DialRules,
    now: Micros,
    in_flight: int,
    ready: int,
    zone: str = "UTC",
    starts_min: int = 0,
) -> Pace:
    """`in_flight`: calls under way without an agent. `ready`: agents who could take one soon. `zone`, `starts_min`: the floor's day."""
    clock = Clock(now, zone, starts_min)
    presets = holding(campaign, rules, now, zone)
    wanted, findings = slowest(campaign, now_state, presets)
    recent = minutes_since(now_state, now - HOUR)
    p_live, hour = share_of_people(now_state, recent, now, in_flight), Reading(recent.abandoned, recent.live)
    budgets = [budget(*each, now_state, clock, p_live, detector=listens(presets)) for each in abandons(presets)]
    worst = min(budgets, key=lambda each: (each.most, -each.reading.rate / max(each.rule.target, ROUNDING)))
    slow = [*findings, *(each.finding for each in budgets), *braked(now_state, hour, worst.rule, ready)]
    held = wanted != "predictive" or any(each.verdict != "allow" for each in slow)
    most = 0 if held else min(worst.most, floor(ready * (LINES_MOST - 1)))
    return Pace(
        method="progressive" if wanted == "predictive" and most == 0 else wanted,
        lines_per_agent=lines(most, ready, p_live) if now_state.state in DIALS else 0.0,
        most_unreserved=most,
        rate=worst.reading.rate,
        limit=worst.rule.limit,
        target=worst.rule.target,
        why=decide(slow),
        p_live=p_live,
        rule=worst.name,
        abandoned=worst.reading.abandoned,
        live=worst.reading.live,
        hour_rate=hour.rate,
    )


def braked(state: CampaignNow, hour: Reading, rule: AbandonRule, ready: int) -> Iterator[Finding]:
    """What holds it back beside the rules of its window."""
    if hour.abandoned >= 2 and hour.rate > rule.target:  # one is chance
        yield saw("pace.hour", "defer", **numbers(hour, rule))
    if ready <= 0 and state.state in DIALS:
        yield saw("pace.nobody_ready", "defer")


def lines(most: int, ready: int, p_live: float) -> float:
    """For each ready agent: their own, and their share of those without; no more than it takes for one answer."""
    return round(min(1 + most / ready, 1 / p_live), 2) if ready > 0 else 0.0


# ------------------------------------------------------------------ what holds


def holding(campaign: Campaign, rules: DialRules, now: Micros, zone: str) -> tuple[Preset, ...]:
    """The campaign's presets of today, whichever country or region they are for: a rate is one for the whole campaign. Its own: last."""
    today = day_of(now, zone, 0).name
    return tuple(
        each
        for each in named(rules, campaign)
        if (not each.purposes or campaign.purpose in each.purposes)
        and (not each.valid_from or each.valid_from <= today)
        and (not each.valid_to or today <= each.valid_to)
    )


def slowest(campaign: Campaign, state: CampaignNow, presets: Iterable[Preset]) -> tuple[Method, list[Finding]]:
    """The most careful of all methods that may not be passed, and what says so."""
    if state.state not in DIALS:
        return "manual", [saw("pace.not_dialling", "deny", state=state.state)]
    bounds: list[tuple[Method, str]] = [(campaign.most, campaign.id)]
    bounds += [(way.most, f"{preset.name}/{way.id}") for preset in presets for way in preset.ways]
    if state.state == "trial":
        bounds.append((campaign.trial.most, "trial"))
    method, by = min(bounds, key=lambda each: METHODS.index(each[0]))
    verdict: Verdict = "allow" if method == campaign.most else "defer"
    return method, [saw("pace.method", verdict, method=method, method_zh=METHODS_ZH[method], by=by)]


def abandons(presets: Iterable[Preset]) -> list[tuple[str, AbandonRule]]:
    found = [(f"{preset.name}/{rule.id}", rule) for preset in presets for rule in preset.abandons]
    return found or [(DEFAULT.id, DEFAULT)]


def listens(presets: Iterable[Preset]) -> bool:
    """May a machine detector be used? Then some of what it takes for machines were people."""
    return all(way.amd != "forbidden" for preset in presets for way in preset.ways)


# ------------------------------------------------------------------ the budget


def budget(name: str, rule: AbandonRule, state: CampaignNow, clock: Clock, p_live: float, *, detector: bool) -> Budget:
    """What this rule leaves, before the limit and at the turn of its window. Of two readings, by the one that leaves less."""
    most, read = min(
        ((room(each, rule, p_live), each) for each in readings(rule, state, clock, detector=detector)),
        key=lambda each: (each[0], -each[1].rate),
    )
    _, ends = span(rule, state, clock)
    said = {**numbers(read, rule), "by": name}
    if rule.limit >= 0 and read.abandoned > 0 and read.rate > rule.limit:
        finding = saw("pace.over_limit", "defer", ends, **said, until=turn(ends, clock))
    elif read.rate > rule.target:
        finding = saw("pace.over_target", "defer", **said)
    elif most == 0:
        finding = saw("pace.too_few", "defer", **said, needed=needed(read, rule))
    elif ends - clock.now <= RING_MOST:
        most, finding = 0, saw("pace.window_ends", "defer", ends, **said, until=turn(ends, clock))
    else:
        finding = saw("pace.budget", "allow", **said, most=most)
    return Budget(name, rule, read, most, finding)


def room(read: Reading, rule: AbandonRule, p_live: float) -> int:
    """The most calls without an agent: `(abandoned + n x p + 1) / (live + n x p + 1) <= target`, with chance reckoned in for p below 1, and
    whatever p is, so many that even all of them answered and abandoned stay within the limit. So many that all of them
    would stay within the target are always allowed."""
    target = rule.target
    spare = (target * (read.live + 1) - read.abandoned - 1) / (1 - target) if target < 1 else 0.0
    if spare <= 0 or target <= 0:
        return 0
    certain = floor(spare + ROUNDING)
    limit = rule.limit if rule.limit >= 0 else target / OF_LIMIT
    bearable = floor((limit * read.live - read.abandoned) / (1 - limit)) if limit < 1 else certain
    return max(0, min(bearable, max(certain, likely(spare, p_live))))


def likely(spare: float, p_live: float) -> int:
    """The most dials of which no more than `spare` are answered by people, but for three standard deviations."""
    spread = DEVIATIONS * sqrt(p_live * (1 - p_live))
    root = (-spread + sqrt(spread * spread + 4 * p_live * spare)) / (2 * p_live)
    return floor(root * root)


def needed(read: Reading, rule: AbandonRule) -> int:
    """How many answers there must be for one call without an agent that is certain to keep the target; 0: no number is enough."""
    return ceil((read.abandoned + 2 - 2 * rule.target) / rule.target - ROUNDING) if rule.target > 0 else 0


def turn(ends: Micros, clock: Clock) -> str:
    return local(ends, clock.zone).strftime("%Y-%m-%d %H:%M")


def numbers(read: Reading, rule: AbandonRule) -> dict[str, str | int | float]:
    return {
        "abandoned": round(read.abandoned, 1),
        "live": round(read.live, 1),
        "rate": round(read.rate * 100, 2),
        "target": round(rule.target * 100, 2),
        "limit": round(rule.limit * 100, 2) if rule.limit >= 0 else "-",
    }


# ------------------------------------------------------------------ the meters


def span(rule: AbandonRule, state: CampaignNow, clock: Clock) -> tuple[Micros, Micros]:
    """The window that is on: its first moment, and the one at which a new one begins."""
    zone = rule.window.zone if zone_of(rule.window.zone) is not None else clock.zone
    begins = since(rule.window, clock.now, zone, state.began)
    if rule.window.kind not in ("calendar_day", "calendar_month", "blocks"):
        return begins, clock.now + HOUR * 24  # it moves on with the moment, and never begins anew
    return begins, frees(rule.window, clock.now, zone, state.began)


def readings(rule: AbandonRule, state: CampaignNow, clock: Clock, *, detector: bool) -> tuple[Reading, ...]:
    """What the window's meters may be: one reading, or two where one of the floor's days lies across the window's beginning."""
    begins, _ = span(rule, state, clock)
    first = day_of(begins, clock.zone, clock.starts_min)
    is_today = day_of(clock.now, clock.zone, clock.starts_min).name == first.name
    if begins > first.begins and clock.now - begins <= HOUR:
        return (reckoned(rule, minutes_since(state, begins), detector=detector),)
    after, with_first = Meter(), Meter()
    for meter in ([] if is_today else [state.day]) + [meter for name, meter in state.days.items() if name > first.name]:
        add(after, meter)
    add(with_first, after)
    add(with_first, state.day if is_today else state.days.get(first.name, Meter()))
    whole = reckoned(rule, with_first, detector=detector)
    return (whole,) if begins <= first.begins else (whole, reckoned(rule, after, detector=detector))


def reckoned(rule: AbandonRule, meter: Meter, *, detector: bool) -> Reading:
    """With a detector: what it wrongly takes for machines are people who got silence. Without: of those who were abandoned as many were
    machines as among those that agents were given (Ofcom's reasoned estimate), where the rule reckons so."""
    abandoned, live = float(meter.abandoned), float(meter.live)
    if detector:
        wrong = meter.machines * rule.machine_errors
        return Reading(abandoned + wrong, live + wrong)
    given = meter.machines + meter.live - meter.abandoned
    if rule.less_machines and given >= MACHINES_SAMPLE:
        were = abandoned * meter.machines / given
        return Reading(abandoned - were, live - were)
    return Reading(abandoned, live)


def minutes_since(state: CampaignNow, begins: Micros) -> Meter:
    found, first = Meter(), begins // MINUTE
    for number, meter in state.minutes.items():
        if number >= first:
            add(found, meter)
    return found


def add(to: Meter, more: Meter) -> None:
    """What the pace is reckoned from."""
    to.dials += more.dials
    to.live += more.live
    to.abandoned += more.abandoned
    to.machines += more.machines


def share_of_people(state: CampaignNow, hour: Meter, now: Micros, in_flight: int) -> float:
    """Of the dials of the last hour, else of the day, else of one of the last days, how many a person answered, at the upper end of what it
    may be. Those of the last minutes may still ring: answered by nobody yet, and no sign that nobody will. 1 where there are too few."""
    ringing = max(in_flight, minutes_since(state, now - RING_MOST).dials)
    for meter in (hour, state.day):
        dials = meter.dials - ringing
        if dials >= RECENT_DIALS:
            return upper(meter.live, dials)
    past = (state.days[name] for name in sorted(state.days, reverse=True)[:DAYS_BACK])
    return next((upper(meter.live, meter.dials) for meter in past if meter.dials >= RECENT_DIALS), 1.0)


def upper(hits: int, of: int) -> float:
    """Wilson's upper bound."""
    if hits >= of:
        return 1.0
    share, z2 = hits / of, SURE_Z * SURE_Z
    middle = share + z2 / (2 * of)
    reach = SURE_Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return min(1.0, (middle + reach) / (1 + z2 / of))
