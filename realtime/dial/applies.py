"""Which presets a dial stands under, and which lists must be looked at for it. Pure.

Not what the presets say (`rules/`). A preset applies where its purposes, countries, regions, methods and dates all say so. What nobody
knows speaks for it: a number that may be anywhere in its country is under the rules of every region there, and one that is on two
dates at once under those of both. A dial that is said to be for another purpose than its campaign stands under the rules of both:
who dials may be stricter than the plan, and no word of theirs is a way round it.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from realtime.dial.model import DialAsk, Dialled, Seen
from realtime.dial.rules.same import Same
from realtime.dial.zones import zones_for
from realtime.plan.dialling import Campaign, DialRules, Preset
from realtime.words import SECOND, Micros

MINUTE: Micros = 60 * SECOND
KEPT = 1024
"""Kinds of dials (campaign, purpose, method, region, date) of a busy floor with several campaigns in a country of fifty regions."""
DATES_KEPT = 512
PLANS_KEPT = 64
OWN = Preset(name="own")
"""A campaign that has no rules of its own."""


def applying(ask: DialAsk, seen: Seen) -> tuple[Preset, ...]:
    """In the order in which the campaign names them, its own last. The same tuple for the same kind of dial."""
    if seen.campaign is None:
        return ()
    zones = zones_for(ask.zone, ask.number, "country") or (seen.zone,)
    dates = dates_in(zones, seen.now // MINUTE)
    number = ask.number
    kind = (purposes_of(ask, seen.campaign), ask.method, number.country, number.regions, dates)
    return _applying(Same(seen.rules), Same(seen.campaign), *kind)


def purpose_of(ask: DialAsk, campaign: Campaign | None) -> str:
    return ask.purpose or (campaign.purpose if campaign is not None else "")


def purposes_of(ask: DialAsk, campaign: Campaign | None) -> tuple[str, ...]:
    """The one that is said, and the campaign's where that is another one."""
    said = purpose_of(ask, campaign)
    return (said,) if campaign is None or campaign.purpose == said else (said, campaign.purpose)


@lru_cache(DATES_KEPT)
def dates_in(zones: tuple[str, ...], minute: int) -> tuple[str, ...]:
    """ISO dates that it is in these zones, sorted. By the minute: at no other moment does a day begin anywhere."""
    return tuple(sorted({datetime.fromtimestamp(minute * 60, ZoneInfo(zone)).date().isoformat() for zone in zones}))


@lru_cache(KEPT)
def _applying(
    rules: Same[DialRules],
    campaign: Same[Campaign],
    purposes: tuple[str, ...],
    method: str,
    country: str,
    regions: tuple[str, ...],
    dates: tuple[str, ...],
) -> tuple[Preset, ...]:
    number = Dialled(said="", country=country, regions=regions)
    return tuple(each for each in named(rules.it, campaign.it) if applies(each, purposes, method, number, dates))


def named(rules: DialRules, campaign: Campaign) -> list[Preset]:
    """All that a campaign stands under somewhere or at some time."""
    presets = {each.name: each for each in rules.presets}
    own = [campaign.rules] if campaign.rules != OWN else []
    return [presets[name] for name in campaign.presets if name in presets] + own


def missing(rules: DialRules, campaign: Campaign) -> tuple[str, ...]:
    """Presets that it names and that the plan does not have."""
    there = {each.name for each in rules.presets}
    return tuple(each for each in campaign.presets if each not in there)


def applies(preset: Preset, purposes: tuple[str, ...], method: str, number: Dialled, dates: tuple[str, ...]) -> bool:
    return (
        (not preset.purposes or any(each in preset.purposes for each in purposes))
        and (not preset.methods or method in preset.methods)
        and (not preset.countries or not number.country or number.country in preset.countries)
        and (not preset.regions or in_regions(preset.regions, number))
        and any((preset.valid_from or date) <= date <= (preset.valid_to or date) for date in dates)
    )


def in_regions(regions: tuple[str, ...], number: Dialled) -> bool:
    """Is it, or may it be, in one of them? A number whose region nobody knows may be in any of its country."""
    if number.regions:
        return any(each in regions for each in number.regions)
    return not number.country or any(each.startswith(f"{number.country}-") for each in regions)


def lists_wanted(ask: DialAsk, rules: DialRules) -> tuple[str, ...]:
    """Names of all lists that a decision about this campaign may look at, do-not-call and consents, sorted."""
    return _lists_wanted(Same(rules), ask.campaign)


@lru_cache(PLANS_KEPT)
def _lists_wanted(rules: Same[DialRules], name: str) -> tuple[str, ...]:
    campaign = next((each for each in rules.it.campaigns if each.id == name), None)
    if campaign is None:
        return ()
    of_presets = {each for preset in named(rules.it, campaign) for rule in preset.lists for each in rule.lists}
    return tuple(sorted({*of_presets, *campaign.lists, *campaign.consents}))
