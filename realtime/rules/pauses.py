"""Pauses kept as they must be on the PBX: leases of ours, and what is done about pauses that nobody granted.

Not who may have a break (`breaks.py`) and not who is in which queue (`membership.py`). Each look holds what must be against what each
queue member really is, and orders the difference alone: a second order for what is so already would reset Asterisk's own
pause clock and be written into queue_log. The same look restores all of it after a restart or reload of Asterisk, a re-login, a new
queue: there is no memory of what was ordered but the orders themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from realtime import sentences
from realtime.decision import Finding
from realtime.floor import Floor, Member, Phone
from realtime.orders import PauseMember
from realtime.owned import Lease
from realtime.plan.model import Treatment
from realtime.plan.reach import leaders_of
from realtime.rules.busy import on_call, seat_of
from realtime.rules.membership import AT_ONCE, FIRST_WAIT, TRIES, Tries
from realtime.rules.ordering import ENGINE, give, under_way
from realtime.rulings import AlertCleared, AlertRaised, BreakEnded, OrderGiven, PauseUnauthorised
from realtime.saying import Ids, Saying, say
from realtime.words import SECOND, AgentId, AgentState, Interface, Micros, Node, QueueName

HOUR: Micros = 3600 * SECOND
PRESENT: Micros = 60 * SECOND
"""So long after a key was pressed on phone or page somebody is known to be there: no caller rings an empty chair."""
TO_MEETING: Micros = SECOND
"""So long somebody is not let go who comes back while a meeting waits for them: it takes them within a look, or the cover needs them
and the next whole look lets them go. Let go and paused again, a call would ring in between."""
STUCK = "pause.stuck"
UNDO = "pause.undo"


class Desired(NamedTuple):
    """How an agent must be in every queue, since when, and on whose word."""

    paused: bool
    reason: str
    since: Micros
    who: str = ENGINE
    request: str = ""
    why: str = ""


def due(floor: Floor, now: Micros, touched: Collection[str] | None, ids: Ids) -> list[Saying]:
    """For those who were touched; None: for everybody."""
    tries, said, ordered = Tries(floor), list[Saying](), 0
    agents = _all(floor) if touched is None else sorted(touched)  # the same on every run, as simulations need it
    for agent in agents:
        phone = _followed(floor, agent)
        if phone is None:
            continue
        found = _keep(floor, agent, phone, now, ids, tries)
        ordered += sum(each.kind is OrderGiven for each in found)
        said += found
        if ordered >= AT_ONCE:
            break  # the rest comes with the next whole look: AMI is not flooded
    return said + (_settled(floor, now) if touched is None else [])


def _all(floor: Floor) -> list[str]:
    """Those of whom something must be so first."""
    owned = floor.owned
    first = dict.fromkeys([*owned.leases, *owned.grants, *owned.releasing])
    return [*first, *(agent for agent in floor.agents if agent not in first)]


def _followed(floor: Floor, agent: str) -> Phone | None:
    """The phone of somebody whose PBX can be told something, and who is in a queue."""
    phone = seat_of(floor, agent)
    node = floor.nodes.get(phone.node) if phone is not None else None
    return phone if phone is not None and phone.members and node is not None and node.link == "live" else None


def _keep(floor: Floor, agent: str, phone: Phone, now: Micros, ids: Ids, tries: Tries) -> list[Saying]:
    must = desired(floor, agent)
    if must is None:
        return _stray(floor, agent, phone, now, ids)
    if must.why == "pause.release" and now < must.since + TO_MEETING and _awaited(floor, agent):
        return []
    if must.why == UNDO and not _present(floor, agent, now):
        return []  # it was not done while somebody was there
    lease = floor.owned.leases.get(agent)
    if lease is not None and _unpaused_by_another(floor, phone, lease, tries):
        if on_call(floor, agent):
            return []  # took a call: what is in hand goes on, and it is looked at again when that is over
        if _asserted(floor, agent, lease, now) > floor.owned.plan.breaks.corrections_hour:
            return [say(BreakEnded, now, agent=AgentId(agent), kind=lease.kind, why="unpaused")]
    says: list[Saying] = []
    for act in differences(floor, phone, must):
        if under_way(floor, phone.node, act):
            continue
        if may(floor, tries, phone.node, act, now):
            says.append(give(now, ids, phone.node, act, why=must.why, agent=agent, who=must.who, request=must.request))
        elif len(failed := tries.failed(phone.node, act)) >= TRIES:
            says += _stuck(floor, agent, act, failed[-1].said, now)
    return says


# ------------------------------------------------------------------ what must be, and what is


def desired(floor: Floor, agent: str) -> Desired | None:
    """None: Andon has no word in it, and touches nothing."""
    owned = floor.owned
    if (lease := owned.leases.get(agent)) is not None:
        return Desired(True, lease.kind, lease.since, request=lease.request, why="pause.lease")
    grant = owned.grants.get(agent)
    if grant is not None and not grant.expires:
        return Desired(True, grant.kind, grant.granted, request=grant.request, why="pause.pending")
    if agent in owned.releasing:
        return Desired(False, "", owned.releasing[agent], why="pause.release")
    stray = owned.strays.get(agent)
    if stray is not None and stray.treated == "undo":
        return Desired(False, "", stray.since, why=UNDO)
    return None


def members(floor: Floor, phone: Phone) -> Iterator[tuple[QueueName, Member]]:
    for queue, interface in phone.members.items():
        yield floor.queues[queue].name, floor.queues[queue].members[interface]


def differences(floor: Floor, phone: Phone, must: Desired) -> list[PauseMember]:
    """One order an interface, naming the queues that differ. A pause whose reason got lost (a reload does that) differs, too."""
    found: dict[Interface, list[QueueName]] = {}
    for queue, member in members(floor, phone):
        if member.paused is not must.paused or (must.paused and member.reason != must.reason):
            found.setdefault(member.interface, []).append(queue)
    return [PauseMember(interface, must.paused, must.reason, tuple(queues)) for interface, queues in found.items()]


def orders(floor: Floor, agent: str, must: Desired, now: Micros, ids: Ids) -> list[Saying]:
    """The orders that make it so, for who has just decided it: in the same breath, and not a look later."""
    phone = _followed(floor, agent)
    wanted = differences(floor, phone, must) if phone is not None else []
    return [
        give(now, ids, phone.node, act, why=must.why, agent=agent, who=must.who, request=must.request)
        for act in wanted
        if phone is not None and not under_way(floor, phone.node, act)
    ]


def may(floor: Floor, tries: Tries, node: Node, act: PauseMember, now: Micros) -> bool:
    """Farther apart each time what was ordered is not seen. Where only the reason differs, an order is seen to be fulfilled at once,
    whatever the PBX makes of the reason: then the number of those with this reason is the bound, and nobody is alarmed."""
    if not tries.may(node, act, now):
        return False
    if not act.paused or not all(_paused(floor, node, queue, act.interface) for queue in act.queues):
        return True
    before = [state for state in tries.of(node, act) if isinstance(state.order.act, PauseMember) and state.order.act.reason == act.reason]
    return len(before) < TRIES and (not before or now >= before[-1].order.given + FIRST_WAIT)


def _paused(floor: Floor, node: Node, queue: QueueName, interface: Interface) -> bool:
    return floor.queues[f"{node}/{queue}"].members[interface].paused


def _unpaused_by_another(floor: Floor, phone: Phone, lease: Lease, tries: Tries) -> bool:
    """In every queue, though an order of this lease was seen to work at this phone, and its PBX was there all the time since."""
    if not floor.owned.asserted.get(lease.agent) or any(member.paused for _, member in members(floor, phone)):
        return False
    ordered = (tries.of(phone.node, PauseMember(Interface(each), True)) for each in sorted(set(phone.members.values())))
    return any(state.seen and state.order.given >= lease.since for states in ordered for state in states if state.agent == lease.agent)


def _asserted(floor: Floor, agent: str, lease: Lease, now: Micros) -> int:
    return sum(at > now - HOUR for at in floor.owned.asserted.get(agent, ()) if at >= lease.since)


# ------------------------------------------------------------------ pauses that nobody granted


def _stray(floor: Floor, agent: str, phone: Phone, now: Micros, ids: Ids) -> list[Saying]:
    """Treated once: again only when it is another pause. One in some queues only leaves the agent at work in the others."""
    owned, rules = floor.owned, floor.owned.plan.breaks
    if not rules.kinds or _has_leave(floor, agent):
        return []
    found = [member for _, member in members(floor, phone)]
    if not all(member.paused for member in found):
        return []
    latest = max(found, key=lambda member: member.paused_since)
    known = owned.strays.get(agent)
    if known is not None and known.since == latest.paused_since:
        return []
    present = _present(floor, agent, now)
    treated: Treatment = rules.unauthorised
    if treated == "undo" and (not present or _corrected(floor, agent, now) >= rules.corrections_hour):
        treated = "warn"
    seen = say(
        PauseUnauthorised,
        now,
        phone.node,
        agent=AgentId(agent),
        since=latest.paused_since,
        reason=latest.reason,
        treated=treated,
        present=present,
    )
    undone = Desired(False, "", latest.paused_since, why=UNDO)
    return [seen, *(orders(floor, agent, undone, now, ids) if treated == "undo" else [])]


def _has_leave(floor: Floor, agent: str) -> bool:
    """A grant that may be taken, a meeting that this one is expected in, a log-out that waits for the call."""
    owned = floor.owned
    duty = owned.duty.get(agent)
    expected = any(agent in meeting.expected for meeting in owned.meetings.values())
    return agent in owned.grants or expected or (duty is not None and bool(duty.leaving))


def _awaited(floor: Floor, agent: str) -> bool:
    """By a meeting that is on and has not had them."""
    return any(agent in meeting.expected and agent not in meeting.joined for meeting in floor.owned.meetings.values())


def _present(floor: Floor, agent: str, now: Micros) -> bool:
    return floor.owned.present.get(agent, 0) > now - PRESENT


def _corrected(floor: Floor, agent: str, now: Micros) -> int:
    ledger = floor.owned.ledgers.get(agent)
    return sum(at > now - HOUR for at in ledger.corrected) if ledger is not None else 0


# ------------------------------------------------------------------ what does not become so


def _stuck(floor: Floor, agent: str, act: PauseMember, said: str, now: Micros) -> list[Saying]:
    """Tried often enough: for a person to look at. Said once while it lasts."""
    known = floor.owned.alerts.get(f"{STUCK}:{agent}")
    if known is not None and not known.cleared:
        return []
    finding = Finding(STUCK if act.paused else "pause.stuck_release", "deny", {"agent": agent, "times": TRIES, "said": said or "-"})
    owner = next(iter(leaders_of(floor.owned, agent)), AgentId(""))
    raised = {"alert": f"{STUCK}:{agent}", "rule": STUCK, "severity": "act", "subject": f"agent:{agent}"}
    return [say(AlertRaised, now, **raised, text=sentences.both(finding), owner=owner)]


def _settled(floor: Floor, now: Micros) -> list[Saying]:
    """Alerts about pauses that have become as they must be, or need not be any more."""
    raised = [alert for alert in floor.owned.alerts.values() if alert.rule == STUCK and not alert.cleared]
    return [say(AlertCleared, now, alert=alert.id) for alert in raised if _is_so(floor, alert.subject.removeprefix("agent:"))]


def _is_so(floor: Floor, agent: str) -> bool:
    phone, must = seat_of(floor, agent), desired(floor, agent)
    known = floor.agents.get(agent)
    out = known is None or known.state is AgentState.LOGGED_OUT
    return out or must is None or phone is None or not differences(floor, phone, must)
