"""How long one recording is kept: its class's rules, held against what is known of its clocks, to a moment and the reasons. Pure.

Not who asks for it to go (`due.py`, `disposal.py`), not holds (`holds.py`: a hold wins over whatever is said here) and not where the
events lie (`tables.py`). Whatever is missing, broken or not known keeps: no class, a class without a `least`, a rule without a term, a
clock that nobody has said, an open dispute.

Terms are reckoned by dates of the floor's zone: the day of the event does not count, a term of years and months ends with the
corresponding day or, where the month has none, with its last day, and it ends with the end of that day (Civil Code of the PRC, art. 201
to 203; the same in §§ 187, 188 BGB).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from realtime.days import FIRST_YEAR, LAST_YEAR, begin_of
from realtime.plan.archive import CLOCKS, ArchiveRules, KeepRule, RetentionClass, Term
from realtime.plan.dialling import Campaign
from realtime.words import SECOND, Micros
from recordings.recording import CallCard

OPEN: Final = "open"
"""The disposal month of what has no end that is known."""
NO_END: Final = 0


class Clocks(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When each clock of one recording began, as far as somebody said; 0: not known. `timezone` is the floor's."""

    timezone: str
    call: Micros = 0
    contract_end: Micros = 0
    product_end: Micros = 0
    last_activity: Micros = 0
    dispute: bool = False  # one is open
    dispute_closed: Micros = 0  # the last one that is not; 0: there was none


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """`code` is the key of its sentence (`sentences.py`), `values` fill it; moments are microseconds."""

    code: str
    values: dict[str, str | int] = {}


class Keeping(msgspec.Struct, frozen=True, kw_only=True):
    """`keep_until` 0: no end is known, so it stays. `delete_by` 0: nothing says that it must go. Nothing goes while there is a conflict."""

    keep_until: Micros = NO_END
    delete_by: Micros = 0
    kept_by: str = ""  # rule that keeps it longest
    conflict: bool = False
    why: tuple[Reason, ...] = ()

    def may_go(self, now: Micros) -> bool:
        return not self.conflict and NO_END < self.keep_until <= now


def keeping(class_: RetentionClass | None, clocks: Clocks, now: Micros) -> Keeping:
    """The latest of the `least`, the earliest of the `most`; where the first is after the second, a person decides."""
    if class_ is None:
        return Keeping(why=(said("keep.no_class"),))
    if not class_.rules:
        return Keeping(why=(said("keep.no_rules", class_=class_.id),))
    if not any(rule.least for rule in class_.rules):
        return Keeping(why=(said("keep.no_least", class_=class_.id),))
    whys: list[Reason] = []
    keep_until, kept_by = _longest(class_.rules, clocks, whys)
    delete_by, gone_by = _shortest(class_.rules, clocks, whys)
    conflict = bool(delete_by) and (delete_by <= now if keep_until == NO_END else keep_until > delete_by)
    if conflict:
        whys.append(said("keep.conflict", keeps=kept_by, until=keep_until, goes=gone_by, by=delete_by))
    return Keeping(keep_until=keep_until, delete_by=delete_by, kept_by=kept_by, conflict=conflict, why=tuple(whys))


def said(code: str, /, **values: str | int) -> Reason:
    return Reason(code, values)


def _longest(rules: Iterable[KeepRule], clocks: Clocks, whys: list[Reason]) -> tuple[Micros, str]:
    latest, by, endless = NO_END, "", ""
    for rule in rules:
        until, reason = _kept(rule, clocks)
        if reason is None:
            continue
        whys.append(reason)
        if until == NO_END:
            endless = endless or rule.id
        elif until > latest:
            latest, by = until, rule.id
    if clocks.dispute and not endless:
        endless = next((rule.id for rule in rules if rule.dispute), "dispute")
        whys.append(said("keep.dispute", rule=endless))
    return (NO_END, endless) if endless else (latest, by)


def _kept(rule: KeepRule, clocks: Clocks) -> tuple[Micros, Reason | None]:
    """Until when this rule keeps it and why; no reason: the rule says only when it must be gone."""
    if _broken(rule):
        return NO_END, said("keep.broken", rule=rule.id)
    if not rule.least and not rule.most:
        return NO_END, said("keep.no_term", rule=rule.id)
    if not rule.least:
        return NO_END, None
    since = _since(rule, clocks)
    if not since:
        return NO_END, said("keep.clock", rule=rule.id, clock=rule.clock)
    until = ends(since, rule.least, clocks.timezone)
    after = ends(clocks.dispute_closed, rule.dispute_least, clocks.timezone) if clocks.dispute_closed and rule.dispute_least else until
    if NO_END in (until, after):
        return NO_END, said("keep.broken", rule=rule.id)
    if after > until:
        return after, said("keep.after_dispute", rule=rule.id, closed=clocks.dispute_closed, until=after)
    return until, said("keep.until", rule=rule.id, clock=rule.clock, since=since, until=until)


def _shortest(rules: Iterable[KeepRule], clocks: Clocks, whys: list[Reason]) -> tuple[Micros, str]:
    earliest, by = 0, ""
    for rule in rules:
        since = _since(rule, clocks)
        if not since or not rule.most or _broken(rule):
            continue
        end = ends(since, rule.most, clocks.timezone)
        whys.append(said("go.by", rule=rule.id, clock=rule.clock, since=since, by=end))
        if end and (not earliest or end < earliest):
            earliest, by = end, rule.id
    return earliest, by


def _broken(rule: KeepRule) -> bool:
    """A plan that was read cannot have one; what was made otherwise keeps."""
    terms = (rule.least, rule.most, rule.dispute_least)
    return rule.clock not in CLOCKS or any(min(term.years, term.months, term.days) < 0 for term in terms)


def _since(rule: KeepRule, clocks: Clocks) -> Micros:
    return int(getattr(clocks, rule.clock, 0)) if rule.clock in CLOCKS else 0


def ends(since: Micros, term: Term, timezone: str) -> Micros:
    """The first moment after the term; 0 where no calendar reaches so far."""
    zone = ZoneInfo(timezone)
    day = datetime.fromtimestamp(since / SECOND, zone).date()
    months = day.year * 12 + day.month - 1 + term.years * 12 + term.months
    year, month = months // 12, months % 12 + 1
    if not FIRST_YEAR <= year <= LAST_YEAR or term.days > (LAST_YEAR - year + 1) * 366:
        return NO_END
    last = date(year, month, min(day.day, calendar.monthrange(year, month)[1])) + timedelta(days=term.days)
    return begin_of(last + timedelta(days=1), zone, 0) if last.year <= LAST_YEAR else NO_END


def disposal_month(keep_until: Micros, timezone: str) -> str:
    """ "YYYY-MM" of the floor's calendar in which it may go: with its class the name of the key that its own is wrapped with."""
    if keep_until <= NO_END:
        return OPEN
    return datetime.fromtimestamp(keep_until / SECOND, UTC).astimezone(ZoneInfo(timezone)).strftime("%Y-%m")


def class_of(card: CallCard, campaign: Campaign | None, rules: ArchiveRules) -> str:
    """Of the campaign's contract, else of the queue, else the default; empty: kept until somebody says which.

    A campaign that the plan does not know has no class: it may have been of a contract that keeps longer than the default.
    """
    return class_for(card.campaign, card.queue, campaign, rules)


def class_for(named: str, queue: str, campaign: Campaign | None, rules: ArchiveRules) -> str:
    """`named`: the campaign's id; `campaign`: what the plan says of it. As `class_of`."""
    if named and campaign is None:
        return ""
    if campaign is not None and campaign.contract.retention:
        return campaign.contract.retention
    return rules.queues.get(queue, "") or rules.default


def class_named(name: str, rules: ArchiveRules) -> RetentionClass | None:
    return next((each for each in rules.classes if each.id == name), None)
