"""The statement of a campaign (结算单): what was done, day by day, with a digest that both sides confirm. Pure.

Not the counting (`fold/dials.py`) and not the confirming (`rules/campaigns.py`). A statement is made of the meters on the floor, which the
log can give anew at any time; the digest is over the figures as they are printed, so what was confirmed cannot be another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from realtime.owned_outbound import CampaignNow, Meter
from realtime.plan.dialling import Campaign


class StatementRow(msgspec.Struct, frozen=True, kw_only=True):
    """One business day, or the whole span (`day` empty). `talk_s` in seconds; rates are for who reads them to reckon."""

    day: str
    dials: int
    connected: int
    live: int
    abandoned: int
    machines: int
    talk_s: int
    denied: int
    deferred: int
    complaints: int
    recorded: int
    results: dict[str, int]


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """`digest`: SHA-256 over all before it. `confirmed`: by side, who confirmed this very digest."""

    campaign: str
    client: str
    contract: str
    first: str
    last: str
    rows: tuple[StatementRow, ...]
    total: StatementRow
    digest: str = ""
    confirmed: dict[str, str] = {}
    frozen: bool = False


SIDES = ("ours", "client")


def statement(campaign: Campaign, state: CampaignNow, day: str, first: str = "", last: str = "") -> Statement:
    """Of the days from `first` to `last` (ISO, inclusive; empty: all, and as it was settled). `day`: the business day of now."""
    if state.settled and not (first or last):
        return msgspec.json.decode(state.settled, type=Statement)
    days = {**state.days, day: state.day} if day else dict(state.days)
    wanted = sorted(each for each in days if (not first or each >= first) and (not last or each <= last))
    rows = tuple(_row(each, days[each]) for each in wanted if _worth(days[each]))
    made = Statement(
        campaign=campaign.id,
        client=campaign.client,
        contract=campaign.contract.number,
        first=first or (rows[0].day if rows else ""),
        last=last or (rows[-1].day if rows else ""),
        rows=rows,
        total=_row("", _sum(days[each.day] for each in rows)),
    )
    digest = digest_of(made)
    confirmed = {side: state.confirmed_by.get(side, "") for side in SIDES if state.confirmed.get(side) == digest}
    return msgspec.structs.replace(made, digest=digest, confirmed=confirmed, frozen=len(confirmed) == len(SIDES))


def settled(campaign: Campaign, state: CampaignNow, day: str) -> bytes:
    """As it is kept from the moment on at which both sides have confirmed it."""
    return msgspec.json.encode(statement(campaign, state, day))


def digest_of(made: Statement) -> str:
    figures = (made.campaign, made.client, made.contract, made.first, made.last, made.rows, made.total)
    return hashlib.sha256(msgspec.json.encode(figures, order="deterministic")).hexdigest()


def _worth(meter: Meter) -> bool:
    return bool(meter.dials or meter.denied or meter.deferred or meter.complaints)


def _row(day: str, meter: Meter) -> StatementRow:
    return StatementRow(day=day, **{name: getattr(meter, name) for name in FIGURES}, results=dict(meter.results))


def _sum(meters: Iterable[Meter]) -> Meter:
    total = Meter()
    for meter in meters:
        for name in FIGURES:
            setattr(total, name, getattr(total, name) + getattr(meter, name))
        for code, times in meter.results.items():
            total.results[code] = total.results.get(code, 0) + times
    return total


FIGURES = tuple(name for name in Meter.__struct_fields__ if name != "results")
