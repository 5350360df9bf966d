"""The break ledger: who waits, who was granted, whose pause is ours, and what it came to.

Not the deciding (`rules/`), and not the pauses themselves, which Asterisk has (`members.py`).
"""

from __future__ import annotations

from realtime import rulings
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.fold import agents
from realtime.fold.ledgers import ledger_of, touch
from realtime.owned import TAKEN_KEPT, AgentLedger, Grant, Lease, Load, Stray, Taken, Waiting
from realtime.plan.reach import team_of
from realtime.words import SECOND, AgentId, Micros

HOUR: Micros = 3600 * SECOND
OF_THE_FLOOR = ("meeting", "training", "coaching")
"""Kinds that nobody asks for: they count in no quota and no ledger of fairness, and leave a place on the waiting list."""
RESTS = ("short", "meal", "legal", "recovery")
SHORTEST_REST: Micros = 300 * SECOND
"""Of working on without a rest: what is shorter than 5 minutes is none (29 CFR 785.18 speaks of 5 to about 20)."""
UNSPACED = (*OF_THE_FLOOR, "comfort", "fault")
"""Kinds that begin whenever they are asked for, so nobody else's grant keeps away from them."""
UNPAUSED_ELSEWHERE = ("call", "logout", "replaced", "unpaused")
"""Ends of a break after which there is no pause of ours to lift."""


def break_queued(floor: Floor, fact: rulings.BreakQueued, changes: Changes) -> None:
    """A granted one may come back: not taken (`again`), put off for a comfort break, which costs no place, or taken back by who forced
    another. What was asked for before is not asked for again."""
    owned, ledger = floor.owned, ledger_of(floor, fact.agent)
    granted = owned.grants.pop(fact.agent, None)
    asked = fact.asked or fact.at
    owned.waiting[fact.agent] = Waiting(
        agent=fact.agent,
        kind=fact.kind,
        request=fact.request,
        rank=fact.rank,
        length_s=fact.length_s,
        asked=asked,
        since=fact.at if fact.again else asked,
        times=fact.times,
        turn=fact.turn or (fact.at if fact.again else asked),
    )
    ledger.expired += fact.again
    ledger.asked += not fact.again and granted is None and asked >= fact.at
    settled(floor, fact.agent, fact.at, changes)


def break_held(floor: Floor, fact: rulings.BreakHeld, changes: Changes) -> None:
    waiting = floor.owned.waiting.get(fact.agent)
    if waiting is not None:
        waiting.place, waiting.eta, waiting.rule, waiting.held = fact.place, fact.eta, fact.rule, fact.at
        touch(floor, fact.agent, changes, "breaks")


def break_granted(floor: Floor, fact: rulings.BreakGranted, changes: Changes) -> None:
    owned, ledger = floor.owned, ledger_of(floor, fact.agent)
    if not fact.expires:
        owned.releasing.pop(fact.agent, None)  # the pause that was to be lifted is wanted again
    if fact.kind in OF_THE_FLOOR:
        if (meeting := owned.meetings.get(fact.request)) is not None:
            meeting.excused.setdefault(fact.agent, "call")  # comes when the call in hand is over
        owned.grants[fact.agent] = Grant(fact.agent, fact.kind, fact.request, fact.length_s, fact.at, fact.expires, fact.by, asked=fact.at)
        settled(floor, fact.agent, fact.at, changes)
        return
    before = owned.grants.get(fact.agent)
    if before is not None and before.request == fact.request:  # it is held otherwise now: a call came in between
        before.expires = fact.expires
        settled(floor, fact.agent, fact.at, changes)
        return
    waiting = leave_list(floor, fact.agent, fact.kind)
    asked = waiting.asked if waiting is not None else fact.at
    owned.grants[fact.agent] = Grant(
        agent=fact.agent,
        kind=fact.kind,
        request=fact.request,
        length_s=fact.length_s,
        granted=fact.at,
        expires=fact.expires,
        by=fact.by,
        rank=waiting.rank if waiting is not None else 3,
        asked=asked,
        times=waiting.times if waiting is not None else 0,
        turn=waiting.turn if waiting is not None else 0,
    )
    if waiting is None:
        ledger.asked += 1
    ledger.granted += 1
    ledger.waited += max(0, fact.at - asked)
    ledger.longest = max(ledger.longest, fact.at - asked)
    ledger.overruled += bool(fact.by)
    if fact.kind not in UNSPACED:
        owned.granted_last[team_of(owned, fact.agent)] = fact.at
    settled(floor, fact.agent, fact.at, changes)


def leave_list(floor: Floor, agent: AgentId, kind: str) -> Waiting | None:
    """Whoever gets a break waits for none any more. A comfort break costs no place on the list."""
    waiting = floor.owned.waiting.get(agent)
    if waiting is None or (kind == "comfort" and waiting.kind != "comfort"):
        return None
    return floor.owned.waiting.pop(agent)


def break_began(floor: Floor, fact: rulings.BreakBegan, changes: Changes) -> None:
    owned = floor.owned
    if fact.kind not in OF_THE_FLOOR:
        leave_list(floor, fact.agent, fact.kind)
    owned.grants.pop(fact.agent, None)
    owned.strays.pop(fact.agent, None)
    owned.releasing.pop(fact.agent, None)
    if (before := owned.leases.get(fact.agent)) is not None:
        close(floor, before, fact.at, "replaced")
    owned.leases[fact.agent] = Lease(
        agent=fact.agent,
        kind=fact.kind,
        request=fact.request,
        since=fact.at,
        until=fact.until,
        why=fact.why,
        by=fact.by,
        overran=fact.overran,
    )
    meeting = owned.meetings.get(fact.why.removeprefix("meeting:"))
    if meeting is not None:
        meeting.joined.setdefault(fact.agent, fact.at)
        meeting.left.pop(fact.agent, None)
        changes.owned.add("meetings")
    settled(floor, fact.agent, fact.at, changes)


def break_ended(floor: Floor, fact: rulings.BreakEnded, changes: Changes) -> None:
    """Without a lease of ours: the pause that nobody granted is to be lifted."""
    lease = floor.owned.leases.pop(fact.agent, None)
    floor.owned.asserted.pop(fact.agent, None)
    if lease is not None:
        close(floor, lease, fact.at, fact.why)
    if fact.why not in UNPAUSED_ELSEWHERE and (lease is not None or fact.agent in floor.agents):
        floor.owned.releasing[fact.agent] = fact.at
    settled(floor, fact.agent, fact.at, changes)
    changes.owned.add("meetings")


def close(floor: Floor, lease: Lease, at: Micros, why: str) -> None:
    """Into the ledger; a meeting's own also into its attendance. One given back over its time was counted before for what it was over."""
    ledger = ledger_of(floor, lease.agent)
    over = max(0, at - max(lease.until, lease.since)) if lease.until else 0
    ledger.taken.append(Taken(lease.kind, lease.since, at, over, why, lease.request))
    del ledger.taken[:-TAKEN_KEPT]
    ledger.over += over
    if lease.kind in RESTS and at - lease.since >= SHORTEST_REST:
        ledger.rested = max(ledger.rested, at)
    if lease.kind == "recovery":
        ledger.recovery_until = 0
    meeting = floor.owned.meetings.get(lease.why.removeprefix("meeting:"))
    if meeting is not None:
        meeting.left[lease.agent] = at


def break_dropped(floor: Floor, fact: rulings.BreakDropped, changes: Changes) -> None:
    """Of that kind alone: a meal may be waited for beside a comfort break that is about to begin. A granted one that waited for the end
    of a call had its pause already; who logs out is taken out of the queues instead."""
    owned = floor.owned
    waiting, grant = owned.waiting.get(fact.agent), owned.grants.get(fact.agent)
    if waiting is not None and waiting.kind == fact.kind:
        del owned.waiting[fact.agent]
    if grant is not None and grant.kind == fact.kind:
        del owned.grants[fact.agent]
    else:
        grant = None
    if grant is not None and not grant.expires and fact.why != "logout" and fact.agent not in owned.leases and not fact.by_hand:
        owned.releasing[fact.agent] = fact.at
    if fact.why == "expired":
        ledger_of(floor, fact.agent).expired += 1
    if fact.why == "undone" and grant is not None:
        uncount(ledger_of(floor, fact.agent), grant)
    settled(floor, fact.agent, fact.at, changes)


def uncount(ledger: AgentLedger, grant: Grant) -> None:
    """What `break_granted` counted, for it was never granted. The longest wait stays: whoever waited does so again, since as long ago.
    Of a day that has ended meanwhile nothing is left to take from."""
    if grant.kind in OF_THE_FLOOR:
        return
    ledger.asked = max(0, ledger.asked - (grant.asked == grant.granted))
    ledger.granted = max(0, ledger.granted - 1)
    ledger.waited = max(0, ledger.waited - (grant.granted - grant.asked))
    ledger.overruled = max(0, ledger.overruled - bool(grant.by))


def break_overran(floor: Floor, fact: rulings.BreakOverran, changes: Changes) -> None:
    lease = floor.owned.leases.get(fact.agent)
    if lease is None or lease.until != fact.until:
        return
    lease.overran = fact.step
    if fact.step == "overrun":
        ledger_of(floor, fact.agent).overran += 1
    touch(floor, fact.agent, changes, "breaks")


def pause_unauthorised(floor: Floor, fact: rulings.PauseUnauthorised, changes: Changes) -> None:
    owned, ledger = floor.owned, ledger_of(floor, fact.agent)
    if fact.agent not in owned.strays and not fact.again:
        ledger.unauthorised += 1
        ledger.unauthorised_at = [*ledger.unauthorised_at, fact.at][-TAKEN_KEPT:]
    owned.strays[fact.agent] = Stray(fact.agent, fact.since, fact.reason, fact.treated)
    if fact.treated == "undo" and not fact.again:
        ledger.corrected = [*(at for at in ledger.corrected if at > fact.at - HOUR), fact.at]
    touch(floor, fact.agent, changes, "breaks")


def load_judged(floor: Floor, fact: rulings.LoadJudged, changes: Changes) -> None:
    floor.owned.loads[fact.queue] = Load(
        open=fact.open,
        red=fact.red,
        spare=fact.spare,
        model=fact.model,
        service=fact.service,
        rate_hour=fact.rate_hour,
        aht_s=fact.aht_s,
        patience_s=fact.patience_s,
        agents=fact.agents,
        at=fact.at,
    )
    changes.owned.add("breaks")


def settled(floor: Floor, agent: AgentId, at: Micros, changes: Changes) -> None:
    """What the agent is doing may read otherwise now: a ready one with a granted break is on the way out."""
    touch(floor, agent, changes, "breaks")
    known = floor.agents.get(agent)
    if known is not None and (phone := floor.phones.get(known.phone)) is not None and phone.agent == agent:
        agents.refresh(floor, phone, at, changes)
