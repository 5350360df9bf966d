"""May this person have this break now? Every rule, each with what it saw: standing, the own shift, the floor, the line. Pure.

Not what follows from the answer (`breaks.py`). Some breaks are nobody's to hold back: comfort and a fault pass whatever the floor looks
like, a recovery and what is due by law pass what would hold others back, and the answer still tells what that was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from realtime.decision import Decision, Finding, decide, saw
from realtime.floor import Floor
from realtime.plan.model import ASKED_KINDS, BREAK_KINDS
from realtime.plan.reach import reach
from realtime.plan.roster import Shift, next_shift
from realtime.requests import Actor
from realtime.rules import quota
from realtime.rules.busy import WITH_SOMEBODY, busy, in_call, seat_of
from realtime.rules.clock import wall, zone_of
from realtime.rules.holding import look
from realtime.rules.line import before, claim_of, first, is_due, legal_deadline, rank_of, working_since
from realtime.rules.places import Claim, Places
from realtime.words import SECOND, AgentId, AgentState, Micros

MINUTE: Micros = 60 * SECOND
AFTER_CALL: Micros = 600 * SECOND
"""How long after a call a recovery may be asked for: the shock of an abusive caller is felt at once."""
RECOVERIES = 2
"""A shift, on one's own word; more is for a supervisor to grant, who should know anyway."""
OFTEN = 3
"""Comfort breaks of a shift after which the supervisor's page notes it. Nothing else follows (reference: soft budget)."""


class Asked(NamedTuple):
    """`claim` where the rules got as far as that."""

    decision: Decision
    claim: Claim | None = None
    reason: Finding | None = None  # why a granted one was granted
    places: Places | None = None
    ahead: Sequence[Claim] = ()


def ask(floor: Floor, actor: Actor, agent: AgentId, kind: str, minutes: int, now: Micros) -> Asked:
    standing = who(floor, actor, agent, kind)
    refused = decide(standing)
    if refused.verdict != "allow":
        return Asked(refused)
    rules = quota.rules_of(floor, kind)
    assert rules is not None, "a kind that is not ruled was refused"
    shift = quota.shift_now(floor, agent, now)
    if kind in ("comfort", "fault"):
        wanted = min(minutes, rules.longest_min) if minutes > 0 else rules.minutes
        return _always(floor, agent, kind, wanted, standing, shift, now)
    room = quota.room(floor, agent, kind, rules, minutes, shift, now)
    due = Finding("")
    own: list[Finding] = [*standing]
    if kind == "recovery":
        own.append(due := recovery(floor, agent, shift, now))
    elif kind == "legal" and is_due(kind, legal_deadline(floor, worked := working_since(floor, agent, shift, now)), now):
        own.append(due := saw("break.legal_due", since=wall(floor, worked)))
    own.append(on_shift(floor, agent, shift, now))
    places = Places(floor, now)
    length = room.length or (minutes or rules.minutes) * MINUTE
    claim = claim_of(places, agent, kind, rank_of(floor, agent, kind, shift, now), shift, length)
    held = look(places, claim)
    if due.rule and due.verdict == "allow":
        law = kind == "legal" and floor.owned.plan.breaks.legal_after_min > 0
        kept = room.findings[:1] if law else own_rules(room.findings)  # the law says when, and not how long
        told = [each if each in kept else let_pass(each) for each in (*own, *room.findings, *held)]
        return Asked(decide(told), claim, due)
    findings = [*own, *room.findings, *held]
    ahead = before(places, claim)
    if all(each.verdict == "allow" for each in findings):
        findings.append(first(places, claim, ahead))
    else:
        findings.append(saw("break.line.behind", ahead=len(ahead)) if ahead else saw("break.line.free", ahead=0))
    return Asked(decide(findings), claim, None, places, ahead)


def own_rules(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What the plan says of this very kind; not the ends of a shift."""
    return tuple(each for each in findings if not each.rule.startswith("break.blackout"))


def let_pass(found: Finding) -> Finding:
    """Told, and holding nobody back."""
    return Finding(found.rule, "allow", found.values, found.until)


def _always(floor: Floor, agent: AgentId, kind: str, minutes: int, standing: list[Finding], shift: Shift | None, now: Micros) -> Asked:
    granted = saw(f"break.{kind}")
    findings = [*standing, granted]
    if kind == "comfort":
        taken = quota.times(floor, agent, kind, quota.span_of(floor, shift, now)[0])
        findings += [saw("break.comfort_often", times=taken)] if taken >= OFTEN else []
    claim = Claim(rank_of(floor, agent, kind, shift, now), now, now, agent, kind, minutes * MINUTE, free=True)
    return Asked(decide(findings), claim, granted)


# ------------------------------------------------------------------ standing


def who(floor: Floor, actor: Actor, agent: AgentId, kind: str, *, overruling: bool = False) -> list[Finding]:
    """Rules without which the others make no sense; the first refusal is the last that was looked at."""
    found: list[Finding] = []
    for each in (
        reach(floor.owned, actor, agent),
        ruled(floor, kind),
        known(floor, agent, kind),
        there(floor, agent),
        free(floor, agent, kind, overruling=overruling),
    ):
        found.append(each)
        if each.verdict != "allow":
            break
    return found


def ruled(floor: Floor, kind: str) -> Finding:
    if kind in BREAK_KINDS and kind not in ASKED_KINDS:
        return saw("break.not_asked", "deny", kind=kind)
    if quota.rules_of(floor, kind) is None:
        return saw("break.not_ruled", "deny", kind=kind, kinds=", ".join(floor.owned.plan.breaks.kinds))
    return saw("break.kind", kind=kind)


def known(floor: Floor, agent: AgentId, kind: str) -> Finding:
    """Nobody has to be in a plan to go to the toilet."""
    person = floor.owned.people.get(agent)
    if person is None and kind not in ("comfort", "fault"):
        return saw("break.unknown_person", "deny", agent=agent)
    return saw("break.person", agent=agent, name=person.name if person is not None else agent)


def there(floor: Floor, agent: AgentId) -> Finding:
    """On duty is there, also where a supervisor has moved somebody out of every queue."""
    here = floor.agents.get(agent)
    if agent not in floor.owned.duty and (here is None or here.state is AgentState.LOGGED_OUT):
        return saw("break.logged_out", "deny", agent=agent)
    return saw("break.there", agent=agent)


def free(floor: Floor, agent: AgentId, kind: str, *, overruling: bool) -> Finding:
    """One outstanding request an agent. A comfort break goes beside one that is waited for, or held."""
    owned = floor.owned
    if (lease := owned.leases.get(agent)) is not None:
        return saw("break.already_out", "deny" if kind != "comfort" else "allow", kind=lease.kind, since=wall(floor, lease.since))
    grant, waiting = owned.grants.get(agent), owned.waiting.get(agent)
    if kind != "comfort" and grant is not None:
        return saw("break.already_granted", "deny", kind=grant.kind)
    if kind == "comfort" and grant is not None and grant.kind == "comfort":
        return saw("break.already_granted", kind=grant.kind)
    if kind not in ("comfort", "fault") and not overruling and waiting is not None:
        return saw("break.already_waiting", "deny", kind=waiting.kind, place=waiting.place)
    return saw("break.free")


def on_shift(floor: Floor, agent: AgentId, shift: Shift | None, now: Micros) -> Finding:
    """Where the plan has shifts, breaks are in one."""
    plan = floor.owned.plan
    if shift is not None:
        return saw("break.shift", name=shift.name, begins=wall(floor, shift.begins), ends=wall(floor, shift.ends))
    if not (plan.shifts.patterns or plan.shifts.spans):
        return saw("break.no_shifts")
    coming = next_shift(plan, agent, now, zone_of(floor))
    until = coming.begins if coming is not None else 0
    code = "break.no_shift" if until else "break.no_shift.ever"
    return saw(code, "deny" if plan.shifts.enforced else "allow", until, until=wall(floor, until) if until else "")


def recovery(floor: Floor, agent: AgentId, shift: Shift | None, now: Micros) -> Finding:
    """After a bad call, on the agent's word: it is theirs to know which one that was."""
    ledger, here = floor.owned.ledgers.get(agent), floor.agents[agent]
    if ledger is not None and ledger.recovery_until > now:
        return saw("break.recovery", until=wall(floor, ledger.recovery_until))
    taken = quota.times(floor, agent, "recovery", quota.span_of(floor, shift, now)[0])
    if taken >= RECOVERIES:
        return saw("break.recovery_times", "deny", times=taken)
    talked = now if here.state in (AgentState.TALKING, AgentState.HOLD) else here.talked
    last = quota.last_end(floor, agent, "recovery")
    if not talked or now - talked > AFTER_CALL or last >= talked:
        return saw("break.recovery_no_call", "deny", minutes=AFTER_CALL // MINUTE)
    return saw("break.recovery", until=wall(floor, talked + AFTER_CALL))


def occupied(floor: Floor, agent: str, via: str = "") -> bool:
    """On a call or in wrap-up. A phone that asks by a code dials that code: it is no call in hand."""
    if via != "phone":
        return busy(floor, agent)
    known_agent = floor.agents.get(agent)
    return (known_agent is not None and known_agent.wrapup_since > 0) or in_call(floor, seat_of(floor, agent), WITH_SOMEBODY)
