"""Requests not to be called, consents, and lists that are announced: who may, and what is said because of it. Pure.

Not the looking up of a number (the ledger's and the shelf's) and not what a list holds. A request is in force at once and stays;
lifting one takes two people and a consent that is newer than it. No number is here in clear.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from realtime import asks_outbound as asks
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Finding
from realtime.facts import Fact, Sealed
from realtime.floor import Floor
from realtime.outbound import BlockScope, ConsentGiven, ConsentRevoked, ListAnnounced, NumberBlocked, NumberUnblocked
from realtime.owned_outbound import LISTS_MOST, ConsentKept, DialNow, Outbound
from realtime.requests import Actor, Request
from realtime.rules import two_people
from realtime.rules.busy import on_call
from realtime.rules.campaigns import HEARS, ID_MAX, MANAGES, SECONDS, by_itself, clean, of_roles, ruled, said
from realtime.saying import Saying, say
from realtime.words import SECOND, Micros

SCOPES: tuple[BlockScope, ...] = ("campaign", "client", "global")
BASES = ("consent", "contract", "transaction", "inquiry")
SOURCES = ("agent", "phone", "api", "complaint", "regulator")
KEEPS = frozenset({"leader", "supervisor", "manager", "admin"})
"""Who may write down a consent. An agent's word alone would be a way round the lists."""
AHEAD: Micros = 60 * SECOND
"""How far a clock elsewhere may be ahead of the engine's."""
LIST_AHEAD: Micros = 86_400 * SECOND
"""A list is of a date, and it is tomorrow in some places."""
SHRUNK = 2
"""A list with fewer than half the numbers of the one before is a file that broke off, until somebody says why not."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_HASH = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}")


class Target(NamedTuple):
    """Which number, how far, and in which dial it was asked for."""

    number: Sealed
    shown: str
    scope: BlockScope
    about: str
    dial: str = ""


# ------------------------------------------------------------------ not to be called


def block(floor: Floor, request: Request, ask: asks.NumberBlock, moment: Moment) -> Ruling:
    """An agent's for the own call, by its dial or the last one; anybody else's by the number, too. The same again changes nothing."""
    dial = dial_of(floor, ask, request.actor)
    findings = [may_block(request.actor, ask, dial), *possible(ask)]
    if ask.number is None and dial is None:
        return ruled([*findings, Finding("dnc.no_dial", "deny", {"dial": ask.dial[:ID_MAX]})], [])
    target = widened(floor, target_of(ask, dial))
    findings += reaches(floor, target, dial)
    if is_blocked(floor.owned.outbound, target):
        return ruled([Finding("dnc.already", values=worded(target)), *findings], [])
    says = [blocked(target, ask.source, request.actor.who, clean(ask.evidence), moment.now)]
    return ruled([Finding("dnc.blocked", values=worded(target)), *findings], says)


def dial_of(floor: Floor, ask: asks.NumberBlock, actor: Actor) -> DialNow | None:
    """The one that is named, else the agent's own last one, where no number is given. Not the last one of who is in another call by now:
    whoever speaks there is meant, and would be called again."""
    dials, agent = floor.owned.outbound.dials, ask.agent or actor.agent
    if ask.dial:
        return dials.get(ask.dial)
    if not agent or ask.number is not None:
        return None
    last = next((each for each in reversed(dials.values()) if each.agent == agent), None)
    return None if last is not None and (last.gone or last.over) and on_call(floor, agent) else last


def target_of(ask: asks.NumberBlock, dial: DialNow | None) -> Target:
    """About whom: as is said, else of that dial. Where the centre itself is who calls, a client's is everybody's."""
    number = ask.number or (sealed(dial) if dial is not None else Sealed("", b"", ""))
    scope, about = ask.scope, ask.about
    if scope != "global" and not about and dial is not None:
        about = dial.client if scope == "client" else dial.campaign
        scope = scope if about else "global"
    shown = ask.shown or (dial.shown if dial is not None else "")
    return Target(number, shown, scope, "" if scope == "global" else about, dial.dial if dial is not None else "")


def widened(floor: Floor, target: Target) -> Target:
    """Of a client without a name: where campaigns call for nobody but the centre, that is the centre, and it would hold no other back."""
    nameless = any(not each.client for each in floor.owned.plan.dialling.campaigns)
    return target._replace(scope="global") if target.scope == "client" and not target.about and nameless else target


def sealed(dial: DialNow) -> Sealed:
    return dial.sealed or Sealed(dial.number, b"", "")


def may_block(actor: Actor, ask: asks.NumberBlock, dial: DialNow | None) -> Finding:
    if by_itself(actor) or actor.role in HEARS:
        return Finding("dnc.may")
    if actor.agent and ask.number is None and dial is not None and dial.agent == actor.agent:
        return Finding("dnc.own")
    return Finding("dnc.not_yours", "deny")


def possible(ask: asks.NumberBlock) -> list[Finding]:
    findings = [] if ask.scope in SCOPES else [Finding("dnc.no_scope", "deny", {"scope": str(ask.scope)[:ID_MAX]})]
    if ask.source not in SOURCES:
        findings.append(Finding("dnc.no_source", "deny", {"source": ask.source[:ID_MAX], "sources": ", ".join(SOURCES)}))
    return findings


def reaches(floor: Floor, target: Target, dial: DialNow | None = None) -> list[Finding]:
    """A client or campaign that nobody has would be a request that holds nothing back."""
    if not target.number.digest:
        return [Finding("dnc.no_number", "deny")]
    campaigns = floor.owned.plan.dialling.campaigns
    known = {"global": {""}, "client": {each.client for each in campaigns}, "campaign": {each.id for each in campaigns}}
    dialled = {"client": dial.client, "campaign": dial.campaign} if dial is not None else {}
    if target.about in known.get(target.scope, set()) or target.about == dialled.get(target.scope):
        return []
    return [Finding("dnc.no_about", "deny", {"scope": target.scope, "about": target.about[:ID_MAX]})]


def is_blocked(outbound: Outbound, target: Target) -> bool:
    kept = outbound.blocks.get(target.number.digest, ())
    return any((each.scope, each.about) == (target.scope, target.about) for each in kept)


def worded(target: Target) -> dict[str, str | int | float]:
    return {"shown": target.shown, "scope": target.scope, "about": target.about}


def blocked(target: Target, source: str, who: str, evidence: str, now: Micros) -> Saying:
    where = {"number": target.number, "shown": target.shown, "scope": target.scope, "about": target.about, "dial": target.dial}
    return say(NumberBlocked, now, **where, source=source, who=who, evidence=evidence)


# ------------------------------------------------------------------ lifted


def unblock(floor: Floor, request: Request, ask: asks.NumberUnblock, moment: Moment) -> Ruling:
    """Two people, and a consent of this person that was given after the last request of theirs."""
    actor, now = request.actor, moment.now
    about = "" if ask.scope == "global" else ask.about[:ID_MAX]
    to = f"unblock:{ask.scope}:{about}:{ask.number.digest}"
    pair = two_people.pair(floor, actor, "", to, now)
    first = pair.first
    consent = ask.consent[:ID_MAX] or said(first, "evidence")
    findings = [pair.finding, of_roles(actor, MANAGES if first is None else SECONDS), consented(floor, ask, consent, now)]
    if first is not None and consent != first.evidence:
        findings.append(Finding("dnc.other_consent", "deny", {"consent": first.evidence}))
    reason = said(first, "reason") or clean(ask.reason)
    if first is None:
        return ruled(findings, [two_people.proposed(actor, "", to, reason, consent, now, moment.ids)])
    fields = {"number": ask.number, "scope": ask.scope, "about": about, "who": first.who, "second": actor.who, "consent": consent}
    return ruled(
        [Finding("dnc.unblocked"), *findings], [say(NumberUnblocked, now, **fields), two_people.dropped(first, "done", actor.who, now)]
    )


def consented(floor: Floor, ask: asks.NumberUnblock, name: str, now: Micros) -> Finding:
    """What it stands on must be this person's, about the same client, and newer than every request of theirs. A request that the floor
    has forgotten was made before the oldest that it remembers."""
    outbound = floor.owned.outbound
    consent = outbound.consents.get(name)
    if consent is None or consent.digest != ask.number.digest:
        return Finding("dnc.no_consent", "deny", {"consent": name})
    if consent.basis != "consent" or not is_about(floor, ask, consent) or (consent.expires and consent.expires <= now):
        return Finding("dnc.consent_for_else", "deny", {"consent": name, "client": consent.client})
    asked = max((each.at for each in outbound.blocks.get(ask.number.digest, ())), default=outbound.blocks_since)
    if consent.given <= asked:
        return Finding("dnc.consent_older", "deny", {"consent": name})
    return Finding("dnc.consent", values={"consent": name})


def is_about(floor: Floor, ask: asks.NumberUnblock, consent: ConsentKept) -> bool:
    """Who wants no calls from anybody has not agreed to them all by agreeing to one client's: that consent names none."""
    match ask.scope:
        case "client":
            return consent.client == ask.about
        case "campaign":
            clients = [each.client for each in floor.owned.plan.dialling.campaigns if each.id == ask.about]
            return consent.client in clients
    return not consent.client


# ------------------------------------------------------------------ consents


def keep_consent(floor: Floor, request: Request, ask: asks.ConsentKeep, moment: Moment) -> Ruling:
    """`client` empty: the centre itself, whoever it calls for. The answer names the id that an unblocking stands on."""
    now, name, given = moment.now, moment.ids(), ask.given or moment.now
    findings = [of_roles(request.actor, KEEPS), a_client(floor, ask.client)]
    if ask.basis not in BASES:
        findings.append(Finding("consent.no_basis", "deny", {"basis": ask.basis[:ID_MAX], "bases": ", ".join(BASES)}))
    if not ask.evidence.strip():
        findings.append(Finding("consent.no_evidence", "deny"))
    if given > now + AHEAD or (ask.expires and ask.expires <= now):
        findings.append(Finding("consent.no_time", "deny"))
    if not ask.number.digest:
        findings.append(Finding("dnc.no_number", "deny"))
    fields = {"consent": name, "number": ask.number, "shown": ask.shown, "client": ask.client, "basis": ask.basis, "written": ask.written}
    fields |= {"given": given, "expires": ask.expires, "purpose": ask.purpose[:ID_MAX], "wording": clean(ask.wording)}
    fields |= {"method": clean(ask.method), "evidence": clean(ask.evidence), "who": request.actor.who}
    return ruled([Finding("consent.kept", values={"consent": name}), *findings], [say(ConsentGiven, now, **fields)])


def a_client(floor: Floor, client: str) -> Finding:
    if not client or any(each.client == client for each in floor.owned.plan.dialling.campaigns):
        return Finding("consent.client", values={"client": client})
    return Finding("consent.no_client", "deny", {"client": client[:ID_MAX]})


def revoke(floor: Floor, request: Request, ask: asks.ConsentRevoke, moment: Moment) -> Ruling:
    """Whoever takes a consent back wants no more calls: they are refused from the same moment, whatever else would allow them."""
    now, who = moment.now, request.actor.who
    target = Target(ask.number, "", "client" if ask.client else "global", ask.client)
    findings = [Finding("consent.revoked"), of_roles(request.actor, HEARS), *reaches(floor, target)]
    says = [say(ConsentRevoked, now, number=ask.number, client=ask.client, who=who)]
    if not is_blocked(floor.owned.outbound, target):
        says.append(blocked(target, "api", who, "", now))
    return ruled(findings, says)


# ------------------------------------------------------------------ lists


def announce(floor: Floor, request: Request, ask: asks.ListAnnounce, moment: Moment) -> Ruling:
    """The file is written and checked already. The same version again changes nothing; a step back needs a reason."""
    told, lists = ask.announced, floor.owned.outbound.lists
    known = lists.get(told.list)
    findings = [of_roles(request.actor, MANAGES), *readable(told, moment.now)]
    if known is None and len(lists) >= LISTS_MOST:
        findings.append(Finding("list.most", "deny", {"most": LISTS_MOST}))
    if known is not None and known.kind != told.kind:
        findings.append(Finding("list.other_kind", "deny", {"list": told.list, "list_kind": known.kind}))
    if known is not None and known.version == told.version and known.as_of == told.as_of:
        return ruled([Finding("list.already", values={"list": told.list}), *findings], [])
    if known is not None and not clean(ask.reason):
        findings += backwards(known, told)
    values: dict[str, str | int | float] = {"list": told.list[:ID_MAX], "numbers": told.numbers, "bad": told.bad}
    return ruled([Finding("list.announced", values=values), *findings], [say(ListAnnounced, moment.now, **own_fields(told, request, ask))])


def readable(told: ListAnnounced, now: Micros) -> list[Finding]:
    """Its file lies in one folder, under a name that leads nowhere else."""
    findings = []
    if not _NAME.fullmatch(told.list):
        findings.append(Finding("list.no_name", "deny", {"list": told.list[:ID_MAX]}))
    if told.kind not in ("dnc", "consent"):
        findings.append(Finding("list.no_kind", "deny", {"list_kind": told.kind[:ID_MAX]}))
    if not _HASH.fullmatch(told.version) or not _FILE.fullmatch(told.file) or told.numbers < 0 or told.bad < 0:
        findings.append(Finding("list.no_file", "deny", {"file": told.file[:ID_MAX]}))
    if not 0 < told.as_of <= now + LIST_AHEAD:
        findings.append(Finding("list.no_moment", "deny"))
    return findings


def backwards(known: ListAnnounced, told: ListAnnounced) -> list[Finding]:
    findings = []
    if told.as_of <= known.as_of:
        findings.append(Finding("list.older", "deny", {"list": told.list}))
    if told.numbers * SHRUNK < known.numbers:
        findings.append(Finding("list.shrunk", "deny", {"list": told.list, "numbers": told.numbers, "before": known.numbers}))
    return findings


def own_fields(told: ListAnnounced, request: Request, ask: asks.ListAnnounce) -> dict[str, object]:
    """As it was handed in, by whoever really asked; why, beside where it is from."""
    fields = {name: getattr(told, name) for name in told.__struct_fields__ if name not in Fact.__struct_fields__}
    source = " · ".join(each for each in (clean(told.source), clean(ask.reason)) if each)
    return {**fields, "who": request.actor.who, "source": source}
