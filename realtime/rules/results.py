"""What came of a talk: result codes, callbacks, and what follows from them.

Not what became of the dial by itself (`dials.py`). A code may be given while the talk goes on and be put right later: the last word
counts. What it means may be more than a code: nobody calls that number any more, or somebody complained.
"""

from __future__ import annotations

from realtime.asks_outbound import ResultKeep
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Finding, decide
from realtime.floor import Floor
from realtime.ledger.names import called_back
from realtime.outbound import ComplaintKept, NumberBlocked, ResultCoded
from realtime.owned_outbound import DialNow
from realtime.plan.dialling import Happening, ResultCode
from realtime.plan.reach import reach
from realtime.requests import TEXT_MAX, Actor, Request
from realtime.rules.dials import entries_of
from realtime.saying import Saying, say
from realtime.words import SECOND, Micros

CALLBACK_MOST: Micros = 60 * 86_400 * SECOND
"""So far ahead a customer's wish is still one that is remembered; what comes later is a plan of ours, and wants a campaign."""
CODE_MAX = 32
CODES_NAMED = 20
"""In a refusal: enough to choose from, and no longer than a sentence."""
EVERYBODYS = ("qa", "dialler")
"""Who may code any dial beside those who reach everybody: who judges calls, and the program that dialled."""
SCOPES = ("campaign", "client", "global")
BLOCKING = ("refusal", "blocked")
"""Meanings after which nobody calls again (after an express refusal no further calls: the 13 ministries' plan of 2018)."""


def keep(floor: Floor, request: Request, ask: ResultKeep, moment: Moment) -> Ruling:
    dial = dial_of(floor, ask)
    outcome, coded = outcome_of(floor, ask.code)
    scope = ask.block or ("client" if outcome.means in BLOCKING else "")
    findings = [
        may(floor, request.actor, ask, dial),
        whose(request.actor, ask, dial),
        coded,
        *([calls_back(ask.callback, moment.now)] if ask.callback else []),
        *([blocks(scope, dial)] if scope else []),
        *([complains(dial)] if outcome.means == "complaint" else []),
        *([heard(request.actor, dial)] if ask.machine and dial is not None else []),
        *([Finding("result.note_long", "deny", {"most": TEXT_MAX})] if len(ask.note) > TEXT_MAX else []),
    ]
    decision = decide(findings)
    if decision.verdict != "allow":
        return Ruling(decision)
    said = [result(request, ask, dial, outcome, moment.now, refused=bool(scope))]
    if scope and dial is not None:
        said.append(block(request, dial, scope, moment.now))
    if outcome.means == "complaint":
        assert dial is not None, "a complaint of no campaign was refused"
        said.append(say(ComplaintKept, moment.now, campaign=dial.campaign, dial=dial.dial, text=ask.note, who=request.actor.who))
    return Ruling(decision, said)


def dial_of(floor: Floor, ask: ResultKeep) -> DialNow | None:
    """The one that is named, or the agent's own last."""
    dials = floor.owned.outbound.dials
    if ask.dial:
        return dials.get(ask.dial)
    return next((dials[name] for name in reversed(dials) if dials[name].agent == ask.agent and ask.agent), None)


# ------------------------------------------------------------------ may it be


def may(floor: Floor, actor: Actor, ask: ResultKeep, dial: DialNow | None) -> Finding:
    if actor.role in EVERYBODYS:
        return Finding("result.anybody")
    return reach(floor.owned, actor, (dial.agent if dial is not None else "") or ask.agent)


def whose(actor: Actor, ask: ResultKeep, dial: DialNow | None) -> Finding:
    """One that is not known any more is taken at its word by its id: the log knows whose it was, and who said this."""
    if dial is None:
        return Finding("result.late", values={"dial": ask.dial}) if ask.dial else Finding("result.no_dial", "deny", {"agent": ask.agent})
    if dial.agent and ask.agent and dial.agent != ask.agent:
        return Finding("result.other_agent", "deny", {"dial": dial.dial, "agent": ask.agent})
    return Finding("result.dial", values={"dial": dial.dial})


def outcome_of(floor: Floor, code: str) -> tuple[ResultCode, Finding]:
    """Where the plan names none, any short word is one."""
    outcomes = floor.owned.plan.dialling.outcomes
    known = next((each for each in outcomes if each.code == code), None)
    if known is not None:
        return known, Finding("result.code", values={"code": code})
    if outcomes or not code or len(code) > CODE_MAX:
        named = ", ".join(each.code for each in outcomes[:CODES_NAMED])
        said = Finding("result.no_code", "deny", {"code": code[:CODE_MAX], "codes": named})
        return ResultCode(code=code), said if outcomes else Finding("result.code_long", "deny", {"most": CODE_MAX})
    return ResultCode(code=code), Finding("result.code", values={"code": code})


def calls_back(at: Micros, now: Micros) -> Finding:
    if at <= now:
        return Finding("result.callback_past", "deny")
    if at > now + CALLBACK_MOST:
        return Finding("result.callback_far", "deny", {"days": CALLBACK_MOST // SECOND // 86_400})
    return Finding("result.callback")


def blocks(scope: str, dial: DialNow | None) -> Finding:
    if scope not in SCOPES:
        return Finding("result.no_scope", "deny", {"scope": scope[:CODE_MAX], "scopes": ", ".join(SCOPES)})
    if dial is None or dial.sealed is None:
        return Finding("result.number_gone", "deny")
    return Finding("result.blocks", values={"scope": reach_of(scope, dial)[0]})


def complains(dial: DialNow | None) -> Finding:
    """One of no campaign would count for none, and stop none."""
    if dial is None:
        return Finding("result.campaign_gone", "deny")
    return Finding("result.complains", values={"campaign": dial.campaign})


def heard(actor: Actor, dial: DialNow) -> Finding:
    """Where no detector may listen, a machine is known by an agent's ear alone. A dialler's word would make none of each abandoned call."""
    if actor.role != "dialler" or dial.constraints.amd or dial.connected:
        return Finding("result.machine")
    return Finding("result.machine_unheard", "deny", {"dial": dial.dial})


# ------------------------------------------------------------------ what follows


def result(request: Request, ask: ResultKeep, dial: DialNow | None, outcome: ResultCode, now: Micros, *, refused: bool) -> Saying:
    """What it is counted as. That a machine answered is counted with the dial's end; after it, here."""
    happened: list[tuple[Happening, Micros]] = [("refusal", now)] if refused else []
    if ask.machine and dial is not None and dial.over and dial.outcome != "machine":
        happened.append(("machine", dial.answered or now))
    return say(
        ResultCoded,
        now,
        dial=dial.dial if dial is not None else ask.dial,
        campaign=dial.campaign if dial is not None else "",
        code=outcome.code,
        means=outcome.means,
        agent=(dial.agent if dial is not None else "") or ask.agent,
        who=request.actor.who,
        callback=ask.callback,
        machine=ask.machine,
        note=ask.note,
        entries=(*entries_of(dial.scopes, happened), *asked_back(dial, ask.callback)) if dial is not None else (),
    )


def asked_back(dial: DialNow, moment: Micros) -> tuple[tuple[str, Micros], ...]:
    """What a later dial's word that it is a callback is held against. Of a call that nobody answered nobody asked for another."""
    name = called_back(dial.scopes, moment) if moment and dial.answered else ""
    return ((name, moment),) if name else ()


def block(request: Request, dial: DialNow, scope: str, now: Micros) -> Saying:
    actor = request.actor
    source = "phone" if actor.via == "phone" else "agent" if actor.agent else "api"
    wide, about = reach_of(scope, dial)
    said = {"number": dial.sealed, "shown": dial.shown, "scope": wide, "about": about, "source": source}
    return say(NumberBlocked, now, **said, who=actor.who, dial=dial.dial)


def reach_of(scope: str, dial: DialNow) -> tuple[str, str]:
    """The scope, and what about. Who has no client or campaign is asked not to call by everybody: more than was asked for, never less."""
    about = {"campaign": dial.campaign, "client": dial.client}.get(scope, "")
    return (scope, about) if about else ("global", "")
