"""A gate for the tables of presets: one campaign under the presets named, a number, a moment, what happened before. Counts by hand.

Not the expectations: those are literal, in `test_presets.py`. The real preset files, the real reading of a number and the real judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

import msgspec

from andon.plan.dial_presets import loaded, names_of
from andon.plan.folder import presets
from realtime.decision import Finding
from realtime.dial.applies import lists_wanted
from realtime.dial.judge import judge, prepare
from realtime.dial.model import Consent, Counted, Counts, DialAsk, Judged, ListSeen, Prepared, Seen
from realtime.dial.numbers import canonical
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import Calendar, Campaign, DialRules, Preset
from realtime.words import SECOND, Micros

ALL = names_of(presets())
HOUR: Micros = 3600 * SECOND
CHINA = Calendar(id="CN", years=(2026,), holidays=tuple(f"2026-10-0{day}" for day in range(1, 8)))
PURPOSES = {
    "cn-collection": "collection",
    "us-reg-f": "collection",
    "in-recovery": "collection",
    "au-research": "survey",
    "in-service": "service",
}
"""Of those that are not about telemarketing."""
SHOWN = {"in-promotional": "+911401234567", "in-service": "+9116001234567"}
NEED_CONSENT = ("cn-commercial", "cn-guizhou", "cn-draft-2020", "us-fcc", "de-b2c", "fr-opt-in-2026", "strictest")

Event = tuple[str, str]
"""What happened, and when."""


def at(text: str) -> Micros:
    """A moment with its difference from UTC, as 2026-11-30T08:00:00-05:00."""
    when = datetime.fromisoformat(text)
    assert when.tzinfo is not None, text
    return int(when.timestamp()) * SECOND


@cache
def laid_out(name: str) -> tuple[Preset, ...]:
    return loaded(name, presets(), []).presets


def asked(
    name: str,
    number: str,
    now: Micros,
    events: Sequence[Event] = (),
    *,
    consents: tuple[Consent, ...] | None = None,
    method: str = "progressive",
    reserved: bool = True,
    lifts: tuple[str, ...] = (),
    shown: str | None = None,
    withheld: bool = False,
    callback: Micros = 0,
    as_of: Micros | None = None,
    listed: bool = False,
) -> Judged:
    """What the gate would say under this preset alone. `consents` None: a written one, where the preset cannot do without."""
    if consents is None:
        consents = (CONSENT,) if name in NEED_CONSENT else ()
    ask, seen = _case(name, number, now, consents, method, reserved, lifts, SHOWN.get(name, "+862161234567") if shown is None else shown)
    lists = {each: ListSeen(each, "v", now - HOUR if as_of is None else as_of, listed) for each in lists_wanted(ask, seen.rules)}
    seen = seen._replace(lists=lists)
    ask = msgspec.structs.replace(ask, withheld=withheld, callback=callback)
    prepared = prepare(ask, seen)
    return judge(ask, seen, prepared, counted(prepared, [(what, at(when)) for what, when in events]))


CONSENT = Consent("c1", "client", basis="consent", written=True, given=1)


def prepared(name: str, number: str, now: Micros, method: str = "progressive") -> Prepared:
    ask, seen = _case(name, number, now, (CONSENT,), method, reserved=True, lifts=(), shown="")
    return prepare(ask, seen)


def _case(
    name: str, number: str, now: Micros, consents: tuple[Consent, ...], method: str, reserved: bool, lifts: tuple[str, ...], shown: str
) -> tuple[DialAsk, Seen]:
    files = name.split("+")
    taken = tuple(each for file in files for each in laid_out(file))
    purpose = PURPOSES.get(files[0], "telemarketing")
    campaign = Campaign(id="campaign", client="client", purpose=purpose, presets=tuple(each.name for each in taken), country="CN")
    rules = DialRules(campaigns=(campaign,), presets=taken, calendars=(CHINA,))
    ask = DialAsk(
        number=canonical(number, "CN"), digest="d", campaign="campaign", method=method, reserved=reserved, lifts=lifts, caller_id=shown
    )
    state = CampaignNow("campaign", state="formal", began=at("2026-01-01T00:00:00+00:00"))
    return ask, Seen(now, rules, campaign, state, consents=consents)


def counted(prepared: Prepared, events: Sequence[tuple[str, Micros]]) -> Counts:
    """All of one number, person and campaign, so that every scope of the happening counts it."""
    counts: dict[tuple[str, Micros, int], Counted] = {}
    for check in prepared.checks:
        mine = sorted(when for what, when in events if check.key.startswith(f"{what}:") and when >= check.since)
        full = len(mine) >= check.most > 0
        counts[(check.key, check.since, check.most)] = Counted(len(mine), mine[len(mine) - check.most] if full else 0)
    return counts


def found(judged: Judged, rule: str) -> Finding:
    """Of the rule with this id, the worst one."""
    mine = [each for each in judged.decision.findings if each.values.get("id") == rule]
    assert mine, rule
    return next((each for each in mine if each.verdict != "allow"), mine[0])
