"""What may be asked of the engine about outbound calls: campaigns' steps, stops, results, do-not-call, consents, lists.

A part of `requests.py`, which knows the rest and carries all of them. Numbers come sealed: whoever asks (board, gate) has the keys.
"""

from __future__ import annotations

import msgspec

from realtime.facts import Sealed
from realtime.outbound import BlockScope, ListAnnounced
from realtime.words import AgentId, Micros


class OutboundAsk(msgspec.Struct, frozen=True, tag_field="ask", omit_defaults=True):
    """One of the classes below."""


class CampaignStep(OutboundAsk, frozen=True, tag="campaign.step"):
    """Move it to the state `to`. Where two people are needed, the first one's proposes and another's with the same `to` does it."""

    campaign: str
    to: str
    reason: str = ""
    evidence: str = ""


class CampaignStop(OutboundAsk, frozen=True, tag="campaign.stop"):
    """停呼: no dial starts from now on, and what rings is hung up. `campaign` empty: all of them. `pressed`: when the key was."""

    campaign: str = ""
    reason: str = ""
    pressed: Micros = 0


class DiallingResume(OutboundAsk, frozen=True, tag="dialling.resume"):
    """Lift the stop of all: two people. A campaign's own stop is lifted by CampaignStep."""

    reason: str = ""


class StepWithdraw(OutboundAsk, frozen=True, tag="campaign.withdraw"):
    step: str


class ItemKeep(OutboundAsk, frozen=True, tag="campaign.item"):
    """整改项; `item` empty: a new one."""

    campaign: str
    item: str = ""
    text: str = ""
    owner: str = ""
    due: str = ""
    evidence: str = ""
    done: bool = False


class ComplaintKeep(OutboundAsk, frozen=True, tag="campaign.complaint"):
    campaign: str
    dial: str = ""
    text: str = ""


class StatementConfirm(OutboundAsk, frozen=True, tag="campaign.statement"):
    """`digest`: of the statement as the asker saw it."""

    campaign: str
    digest: str
    side: str = "ours"
    evidence: str = ""


class ResultKeep(OutboundAsk, frozen=True, tag="dial.result"):
    """结果码 of a dial; `dial` empty: the agent's own last one. `block`: the customer wants no more calls, in this scope."""

    agent: AgentId
    code: str
    dial: str = ""
    callback: Micros = 0
    machine: bool = False
    note: str = ""
    block: str = ""


class NumberBlock(OutboundAsk, frozen=True, tag="dnc.block"):
    """Do not call. `number` None: the one of `dial`, or of the agent's own call of now."""

    number: Sealed | None = None
    shown: str = ""
    scope: BlockScope = "client"
    about: str = ""
    source: str = "api"
    agent: AgentId = AgentId("")
    dial: str = ""
    evidence: str = ""


class NumberUnblock(OutboundAsk, frozen=True, tag="dnc.unblock"):
    """Two people, and `consent`: the id of a consent given after the request."""

    number: Sealed
    scope: BlockScope = "client"
    about: str = ""
    consent: str = ""
    reason: str = ""


class ConsentKeep(OutboundAsk, frozen=True, tag="consent.keep"):
    number: Sealed
    client: str
    shown: str = ""
    purpose: str = ""
    basis: str = "consent"
    written: bool = False
    given: Micros = 0
    expires: Micros = 0
    wording: str = ""
    method: str = ""
    evidence: str = ""


class ConsentRevoke(OutboundAsk, frozen=True, tag="consent.revoke"):
    number: Sealed
    client: str


class ListAnnounce(OutboundAsk, frozen=True, tag="list.announce"):
    """A file that has been written and checked is the list from now on."""

    announced: ListAnnounced
    reason: str = ""  # why an older one, or one that is much shorter, is the list from now on


AnyOutboundAsk = (
    CampaignStep
    | CampaignStop
    | DiallingResume
    | StepWithdraw
    | ItemKeep
    | ComplaintKeep
    | StatementConfirm
    | ResultKeep
    | NumberBlock
    | NumberUnblock
    | ConsentKeep
    | ConsentRevoke
    | ListAnnounce
)
