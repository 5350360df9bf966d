"""What a body of the API of outbound calls wishes for, and which ask of the engine that is. Pure.

Not the asking (`asking.py`), not the deciding. A number comes in clear in a body, never in an address, and is sealed before the engine,
the log or the trail sees anything of it.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from realtime import asks_outbound as asks
from realtime.facts import Sealed
from realtime.sealing import mask
from realtime.words import SECOND, AgentId, Micros
from wallboard.wishes import ONE_LINE, PRINTS, Name, Text, plain

LATEST: Final = 4_102_444_800
"""The year 2100, in seconds since 1970."""
Moment = Annotated[float, msgspec.Meta(ge=0, le=LATEST)]
Number = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=rf"{ONE_LINE}[0-9+*#() ./-]+$")]
Named = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=rf"{ONE_LINE}{PRINTS}+$")]
Date = Annotated[str, msgspec.Meta(pattern=rf"{ONE_LINE}([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})?$")]
Scope = Literal["campaign", "client", "global"]
Method = Literal["manual", "preview", "progressive", "predictive"]


class StepWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`to`: the state it should move to. Where two people are needed, the first proposes and another's same wish does it."""

    to: Named
    reason: Text = ""
    evidence: Text = ""


class StopWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`pressed`: when the key was, by the asker's clock; the engine takes it only where it is within the last half minute."""

    reason: Text = ""
    pressed: Moment = 0


class ResumeWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: Text = ""


class WithdrawWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    step: Named


class ItemWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`item` empty: a new one. `due`: an ISO date."""

    item: Name = ""
    text: Text = ""
    owner: Name = ""
    due: Date = ""
    evidence: Text = ""
    done: bool = False


class ComplaintWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    dial: Name = ""
    text: Text = ""


class StatementWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`digest`: as the statement that was read has it."""

    digest: Annotated[str, msgspec.Meta(pattern=rf"{ONE_LINE}[0-9a-f]{{64}}$")]
    side: Literal["ours", "client"] = "ours"
    evidence: Text = ""


class ResultWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`dial` empty: this agent's last. `callback`: when the customer asked to be called. `block`: who wants no more calls, and how far."""

    code: Named
    agent: Name = ""
    dial: Name = ""
    callback: Moment = 0
    machine: bool = False
    note: Text = ""
    block: Literal["", "campaign", "client", "global"] = ""


class BlockWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """By `number`, or the one of `dial`, or of the call that `agent` is in. `about`: client or campaign; empty: of that dial."""

    number: Annotated[str, msgspec.Meta(max_length=40, pattern=rf"{ONE_LINE}[0-9+*#() ./-]*$")] = ""
    agent: Name = ""
    dial: Name = ""
    scope: Scope = "client"
    about: Name = ""
    source: Literal["agent", "phone", "api", "complaint", "regulator"] = "api"
    evidence: Text = ""


class UnblockWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`consent`: the id of one that was given after the request. Two people."""

    number: Number
    scope: Scope = "client"
    about: Name = ""
    consent: Named
    reason: Text = ""


class ConsentWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    number: Number
    client: Named
    purpose: Name = ""
    basis: Literal["consent", "contract", "transaction", "inquiry"] = "consent"
    written: bool = False
    given: Moment = 0
    expires: Moment = 0
    wording: Text = ""
    method: Name = ""
    evidence: Text = ""


class RevokeWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    number: Number
    client: Named


class LookUp(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """In a body, so that no number stands in an address."""

    number: Number


class GateQuestion(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What would the gate say to this number? `at`: then, instead of now; counters are as they are now."""

    number: Number
    campaign: Named
    at: Moment = 0
    agent: Name = ""
    method: Method = "manual"
    purpose: Name = ""
    zone: Name = ""


# ------------------------------------------------------------------ as what the engine is asked


def micros(seconds: float) -> Micros:
    return round(seconds * SECOND)


def step_ask(campaign: str, wish: StepWish) -> asks.CampaignStep:
    return asks.CampaignStep(campaign, wish.to, plain(wish.reason), plain(wish.evidence))


def stop_ask(campaign: str, wish: StopWish) -> asks.CampaignStop:
    return asks.CampaignStop(campaign, plain(wish.reason), micros(wish.pressed))


def item_ask(campaign: str, wish: ItemWish) -> asks.ItemKeep:
    return asks.ItemKeep(campaign, wish.item, plain(wish.text), wish.owner, wish.due, plain(wish.evidence), wish.done)


def complaint_ask(campaign: str, wish: ComplaintWish) -> asks.ComplaintKeep:
    return asks.ComplaintKeep(campaign, wish.dial, plain(wish.text))


def statement_ask(campaign: str, wish: StatementWish) -> asks.StatementConfirm:
    return asks.StatementConfirm(campaign, wish.digest, wish.side, plain(wish.evidence))


def result_ask(wish: ResultWish, agent: AgentId) -> asks.ResultKeep:
    return asks.ResultKeep(agent, wish.code, wish.dial, micros(wish.callback), wish.machine, plain(wish.note), wish.block)


def block_ask(wish: BlockWish, agent: AgentId, sealed: Sealed | None, e164: str) -> asks.NumberBlock:
    shown = mask(e164) if e164 else ""
    return asks.NumberBlock(sealed, shown, wish.scope, wish.about, wish.source, agent, wish.dial, plain(wish.evidence))


def unblock_ask(wish: UnblockWish, sealed: Sealed) -> asks.NumberUnblock:
    return asks.NumberUnblock(sealed, wish.scope, wish.about, wish.consent, plain(wish.reason))


def consent_ask(wish: ConsentWish, sealed: Sealed, e164: str) -> asks.ConsentKeep:
    return asks.ConsentKeep(
        number=sealed,
        client=wish.client,
        shown=mask(e164),
        purpose=wish.purpose,
        basis=wish.basis,
        written=wish.written,
        given=micros(wish.given),
        expires=micros(wish.expires),
        wording=plain(wish.wording),
        method=wish.method,
        evidence=plain(wish.evidence),
    )
