"""One dial as its rules look at it: the ask, what is seen, the zones with their clocks, and what lifts a rule. Pure.

Not the rules. `unless` words lift only what may be lifted by them: hours by an agreed time, never by a callback alone; a request not to
be called by nothing. What a word stands on is looked at here, once for all rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from realtime.decision import Finding
from realtime.dial import windows
from realtime.dial.model import Consent, DialAsk, Seen
from realtime.dial.rules.laid import Laid, Ruled
from realtime.dial.zones import zone_of
from realtime.plan.dialling import Campaign
from realtime.words import SECOND, Micros

MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE
MARKETED = ("telemarketing", "collection", "survey", "charity")
"""Purposes that no number is called for unless some rules of law or practice say how."""
PROVEN = ("agreed_time", "contract")
"""What who asks may say to have proof of. Consents and callbacks are looked at themselves."""
CALLBACK_EARLY: Micros = 15 * MINUTE
CALLBACK_LATE: Micros = 24 * HOUR
"""A callback is one from a little before the moment that the customer named to a day after it: what was missed may be made good, what
was asked for next month is no leave for today."""
BY_SECOND = 4096
"""Walls remembered: of each zone for the dials of one second, and of what is said of moments."""


class Case(NamedTuple):
    ask: DialAsk
    seen: Seen
    campaign: Campaign | None
    laid: Laid
    purpose: str
    method: str
    zones: tuple[str, ...]
    local: tuple[str, ...]  # ISO local times in them
    scopes: Mapping[str, str]
    words: Mapping[str, str]  # what lifts rules here -> what it stands on
    trial: bool

    def lifted(self, unless: tuple[str, ...], by: tuple[str, ...]) -> str:
        """The first word of `unless` that holds here and that may lift such a rule; empty: none."""
        return next((word for word in unless if word in by and word in self.words), "")

    @property
    def marketed(self) -> str:
        """The purpose for which nobody is called without a rule: the one that is said, or the campaign's own behind it; empty: neither."""
        purposes = (self.purpose, self.campaign.purpose if self.campaign is not None else "")
        return next((each for each in purposes if each in MARKETED), "")


def lifts(ask: DialAsk, seen: Seen, purpose: str) -> dict[str, str]:
    """Every word that holds, with what it stands on. `relation` is not among them: each rule has its own idea of how long one lasts."""
    words = {word: "asked" for word in ask.lifts if word in PROVEN}
    if ask.reserved:
        words["reserved"] = ask.agent or "asked"
    if ask.callback and ask.callback - CALLBACK_EARLY <= seen.now <= ask.callback + CALLBACK_LATE:
        words["callback"] = moment(ask.callback, seen.zone)
    for each in valid(seen, purpose):
        if each.basis in ("consent", "contract"):
            words.setdefault(each.basis, each.id or each.list)
    return words


def valid(seen: Seen, purpose: str) -> list[Consent]:
    """Consents and relations that speak of this client and purpose and hold now. One to other calls than the campaign makes is none to this
    one, whatever it is said to be for."""
    if not seen.consents or seen.campaign is None:
        return []
    client, now, own = seen.campaign.client, seen.now, seen.campaign.purpose
    return [
        each
        for each in seen.consents
        if each.client == client
        and (not each.purpose or each.purpose == purpose == own)
        and each.given <= now
        and (not each.expires or now < each.expires)
    ]


def relation(seen: Seen, purpose: str, transaction_months: int, inquiry_months: int) -> Consent | None:
    """A relation that is young enough: so many months by the calendar; with 0 only one that says itself when it ends."""
    months = {"transaction": transaction_months, "inquiry": inquiry_months}
    for each in valid(seen, purpose):
        if each.basis not in months:
            continue
        lasts = months[each.basis]
        if (lasts and seen.now < months_later(each.given, lasts)) or (not lasts and each.expires):
            return each
    return None


def months_later(at: Micros, months: int) -> Micros:
    """The same day of the month, or the month's last one."""
    then = datetime.fromtimestamp(at // SECOND, UTC)
    month = then.year * 12 + then.month - 1 + months
    year, number = month // 12, month % 12 + 1
    first_after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    last = datetime.fromtimestamp(int(first_after.timestamp()) - 86_400, UTC).day
    return int(then.replace(year=year, month=number, day=min(then.day, last)).timestamp()) * SECOND


def raised(each: Ruled, word: str, stands_on: str) -> Finding:
    """The rule would hold it back, and this lifts it."""
    return Finding("dial.lifted", "allow", {**each.values, "lifted_by": word, "proof": stands_on})


# ------------------------------------------------------------------ clocks


def walls(now: Micros, zones: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_wall(now // SECOND, zone) for zone in zones)


@lru_cache(BY_SECOND)
def _wall(second: int, zone: str) -> str:
    return datetime.fromtimestamp(second, zone_of(zone) or UTC).isoformat()


def moment(at: Micros, zone: str) -> str:
    """As `2026-11-30 09:00`, by the floor's clocks; a second that is not a whole minute is said, too."""
    return _moment(at // SECOND, zone) if at else ""


@lru_cache(BY_SECOND)
def _moment(second: int, zone: str) -> str:
    then = datetime.fromtimestamp(second, zone_of(zone) or UTC)
    return then.strftime("%Y-%m-%d %H:%M:%S" if then.second else "%Y-%m-%d %H:%M")


def date_of(at: Micros, zone: str) -> str:
    """ISO date."""
    return _wall(at // SECOND, zone)[:10]


def begins(iso: str, zone: str) -> Micros:
    """The first moment of an ISO date; 0: it is none."""
    try:
        return windows.begin_of(date.fromisoformat(iso), zone)
    except ValueError:
        return 0
