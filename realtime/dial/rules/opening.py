"""Where and when: places that nobody calls, zones that nobody knows, calendars, and the hours of every zone it may be in. Pure.

Not the reckoning (`realtime/dial/hours.py`). Each rule gives one finding, of its worst zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from realtime.decision import Finding
from realtime.dial.hours import Opening, together
from realtime.dial.rules.campaign import contract_hours
from realtime.dial.rules.case import MINUTE, Case, moment, raised
from realtime.dial.rules.laid import KEPT, MOMENTS_KEPT, Laid, Ruled, calendars_of, openings
from realtime.dial.rules.same import Same
from realtime.plan.dialling import DialRules, HoursRule, Span
from realtime.words import SECOND, Micros

LIFTS = ("consent", "agreed_time", "contract")


def places(case: Case) -> Iterator[Finding]:
    yield from _places(Same(case.laid), case.ask.number.regions)


@lru_cache(KEPT)
def _places(laid: Same[Laid], regions: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(_place(each, regions) for each in laid.it.places)


def _place(each: Ruled, regions: tuple[str, ...]) -> Finding:
    inside = [region for region in regions if region in each.rule.blocked]
    if inside:
        return Finding("dial.place.blocked", "deny", {**each.held, "place": ", ".join(inside)})
    if regions:
        return Finding("dial.place", "allow", {**each.values, "place": ", ".join(regions)})
    return Finding("dial.place.unknown", "allow", {**each.values})


def zones(case: Case) -> Finding:
    if not case.zones:  # where no rule speaks of hours nobody has to know them
        return Finding("dial.zone.unknown", "deny" if case.laid.presets else "allow")
    return Finding("dial.zone", "allow", {"zone": case.zones[0], "zones": len(case.zones), "local": case.local[0][:16]})


def hours(case: Case) -> Iterator[Finding]:
    """First what their calendars do not know, then each of them."""
    if not case.zones:
        return
    said = [opened(case, zone) for zone in case.zones]
    yield from calendars(case, said)
    if all(opening.open for of_zone in said for opening in of_zone):
        yield from _all_open(Same(case.laid), case.local[0][11:16], len(said))
        return
    for number, each in enumerate(case.laid.hours):
        yield _rule(case, each, [of_zone[number] for of_zone in said])


@lru_cache(MOMENTS_KEPT)
def _all_open(laid: Same[Laid], local: str, zones: int) -> tuple[Finding, ...]:
    """What most dials hear of all their hours, by the minute."""
    return tuple(Finding("dial.hours", "allow", {**each.values, "local": local, "zones": zones}) for each in laid.it.hours)


def opened(case: Case, zone: str) -> tuple[Opening, ...]:
    """Where a guard before the end counts, by the second: one may end within a minute. Nothing else does."""
    predictive = case.method == "predictive"
    step = SECOND if predictive else MINUTE
    same: Same[Laid] = Same(case.laid)
    return openings(same, Same(case.seen.rules), case.seen.now // step * step, zone, case.ask.number.country, predictive)


def calendars(case: Case, said: Sequence[tuple[Opening, ...]]) -> Iterator[Finding]:
    """A year whose holidays nobody has published yet: it may be one today."""
    unknown = {
        (each.rule.calendar or case.ask.number.country, of_zone[number].local[:4])
        for number, each in enumerate(case.laid.hours)
        for of_zone in said
        if not of_zone[number].day.known and (each.rule.holiday is not None or each.rule.eve is not None)
    }
    for calendar, year in sorted(unknown):
        yield Finding("dial.calendar.unknown", "allow", {"calendar": calendar, "year": year})


def _rule(case: Case, each: Ruled, said: list[Opening]) -> Finding:
    closed = [number for number, opening in enumerate(said) if not opening.open]
    if not closed:
        return Finding("dial.hours", "allow", {**each.values, "local": case.local[0][11:16], "zones": len(said)})
    rule: HoursRule = each.rule
    if word := case.lifted(rule.unless, LIFTS):
        return raised(each, word, case.words[word])
    opens = [said[number].opens for number in closed]
    latest = max(opens) if all(opens) else 0
    first = closed[opens.index(latest)]
    day = said[first].day
    values = {**each.held, "local": case.local[first][:16], "zone": case.zones[first], "day": day.name}
    if not latest:
        return Finding("dial.hours.never", "deny", values)
    code = "dial.hours.holiday" if day.holiday and rule.holiday is not None else "dial.hours.closed"
    return Finding(code, "defer", {**values, "until": moment(latest, case.seen.zone)}, latest)


def first_open(case: Case, at: Micros) -> Micros:
    """The first moment from then on at which all hours allow it, those of the contract, too; 0: none within 40 days."""
    lifted = tuple(word for word in LIFTS if word in case.words)
    contract = case.campaign.contract.hours if case.campaign is not None else ()
    where = (case.zones, case.seen.zone, case.ask.number.country)
    return _first_open(Same(case.laid), Same(case.seen.rules), at, lifted, contract, *where, case.method == "predictive")


@lru_cache(MOMENTS_KEPT)
def _first_open(
    laid: Same[Laid],
    rules: Same[DialRules],
    at: Micros,
    lifted: tuple[str, ...],
    contract: tuple[Span, ...],
    zones: tuple[str, ...],
    floor_zone: str,
    country: str,
    predictive: bool,
) -> Micros:
    """Remembered, since whoever calls too early is told the same opening again and again; a toll-free number has forty zones."""
    hold = [each.rule for each in laid.it.hours if not any(word in lifted for word in each.rule.unless)]
    pairs = [(rule, zone) for rule in hold for zone in zones]
    if contract:
        pairs.append((contract_hours(contract), floor_zone))
    return together(pairs, at, calendars_of(rules), country, predictive)
