"""What only all files of a plan show about calling out: a campaign's people, its rules and dates, the calendars that they need.

Not what is wrong inside of `campaigns.toml` or `dialling.toml` (their readers say that). A part of `crossing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Final

from andon.findings import quoted
from andon.plan.book import Book
from andon.plan.dial_rules import every
from andon.plan.sheet import Item
from realtime.plan.dialling import Campaign, HoursRule, Preset

OFFICIAL_MONTH: Final = 10
"""From October on next year's calendar is missed, too: China's is announced in November, and a campaign plans ahead."""
TOLD: Final = 20
"""Strangers who are looked for among the people, in all campaigns: a name takes a while, and nobody reads more of them."""
A_WORKING_DAY: Final = (3, 14)
"""No country's holiday, so that what is known of it is known of its year."""
MARKETED: Final = ("telemarketing", "collection", "survey", "charity")
"""Purposes for which the gate refuses every call that no rules say anything about."""
ROLES: Final = ("agent", "leader", "supervisor", "qa", "manager", "admin")

Unknown = Callable[[Iterable[str], Collection[str], str, str, Item], None]


def crossed_dialling(book: Book, unknown: Unknown) -> None:
    people = {person.id for person, _ in book.people}
    teams = {team.id for team, _ in book.teams}
    queues = {queue for skill, _ in book.skills for queue in skill.queues}
    left = TOLD
    for campaign, item in book.campaigns:
        for key, known, what in (("agents", people, "person"), ("teams", teams, "team"), ("managers", {*people, *ROLES}, "person or role")):
            strange = [name for name in getattr(campaign, key) if name not in known]
            unknown(strange[:left], known, key, what, item)
            left -= len(strange[:left])
            if len(strange) > left == 0:
                item.add(key, f"there are {len(strange):,} whom nobody knows; correct those above first.")
        for queue in campaign.queues[:TOLD]:
            if queues and queue not in queues:
                item.add("queues", f"no skill of teams.toml is for the queue {quoted(queue)}; look whether the PBX has it.", False)
        _rules(campaign, book, item)
        _dates(campaign, book, item)
    _manual(book, unknown)
    _calendars(book)


def _rules(campaign: Campaign, book: Book, item: Item) -> None:
    named = [book.dial_presets[name] for name in campaign.presets if name in book.dial_presets]
    own = bool(every(campaign.rules))
    marketed = campaign.purpose in MARKETED
    if not campaign.presets and campaign.purpose == "telemarketing":
        item.add("presets", 'no law of telemarketing is named; write presets = ["cn-commercial"], or "strictest" where you do not know.')
    elif not campaign.presets and not own:
        item.add("presets", "nothing says when and how often it may call; name a preset, or write rules of its own.", marketed)
    fitting = [each for each in named if _fits(each, campaign)]
    if named and not fitting:
        said = f"none of them is about {campaign.purpose} in {campaign.country}"
        item.add("presets", f"{said}, so nothing of them holds for its calls there; add one that is.", marketed and not own)
    asks = [rule for each in (*fitting, campaign.rules) for rule in each.consents]
    if asks and not campaign.consents:
        said = "its rules ask for consent, and no list has any: only numbers with a consent of their own are called; name one."
        item.add("consents", said, False)
    for each in named:
        if each.valid_to and each.valid_to < book.today.isoformat():
            item.add("presets", f"{quoted(each.name)} held until {each.valid_to}; name what holds since then beside it.", False)
    if (fitting or own) and not any(each.hours for each in (*fitting, campaign.rules)):
        item.add("presets", "none of its rules says at what hours it may call; add some, as [[campaign.hours]].", False)


def _fits(preset: Preset, campaign: Campaign) -> bool:
    """Of some call of this campaign; by the country of its numbers without a code."""
    return (not preset.purposes or campaign.purpose in preset.purposes) and (not preset.countries or campaign.country in preset.countries)


def _dates(campaign: Campaign, book: Book, item: Item) -> None:
    ends = campaign.contract.ends
    if ends and ends < book.today.isoformat():
        item.add("contract", f"it ended with {ends}, so no call of it is allowed; write the new date, or remove the campaign.", False)


def _manual(book: Book, unknown: Unknown) -> None:
    if not book.campaigns:
        return
    if book.dialling is None:
        item = book.campaigns[0][1]
        said = "there is no dialling.toml that names the campaign of who dials by hand (manual), so only people of one campaign can."
        item.add("", said, False)
        return
    rules, item = book.dialling
    if rules.manual:
        unknown([rules.manual], {campaign.id for campaign, _ in book.campaigns}, "manual", "campaign", item)
    else:
        item.add("manual", "who dials by hand and is in no campaign, or in two, is refused; name a campaign for them.", False)


# ---------------------------------------------------------------- calendars


def _calendars(book: Book) -> None:
    """Where a rule speaks of holidays: a country that sets them anew each year has none that can be reckoned."""
    asked = [(name, item) for campaign, item in book.campaigns for name in _asked(campaign, book)]
    if not asked:
        return
    from realtime.dial.calendars import calendars_of  # its library takes longer to load than most commands to run

    known = calendars_of(tuple(calendar for calendar, _ in book.calendars))
    years = [book.today.year, *([book.today.year + 1] if book.today.month >= OFFICIAL_MONTH else [])]
    told: set[str] = set()
    for name, item in asked:
        missing = [str(year) for year in years if not known.day(name, date(year, *A_WORKING_DAY)).known]
        if missing and name not in told:
            told.add(name)
            said = f"its rules speak of holidays, and nobody has said officially those of {name} for {' and '.join(missing)}"
            item.add("presets", f"{said}: what is reckoned may be wrong; add [[calendar]] to dialling.toml.", False)


def _asked(campaign: Campaign, book: Book) -> list[str]:
    named = [book.dial_presets[name] for name in campaign.presets if name in book.dial_presets]
    found = [_calendar_of(rule, each, campaign) for each in (*named, campaign.rules) for rule in each.hours if _of_holidays(rule)]
    return list(dict.fromkeys(found))


def _of_holidays(rule: HoursRule) -> bool:
    return rule.holiday is not None or rule.eve is not None


def _calendar_of(rule: HoursRule, preset: Preset, campaign: Campaign) -> str:
    return rule.calendar or (preset.countries[0] if len(preset.countries) == 1 else campaign.country)
