"""Which queues an agent on duty must be in, and the orders that make it so: what the plan's skills say, kept so on the PBX.

Not who is on duty (`duty.py`) and not whether somebody is paused (`pauses.py`; a member is only added paused where it must be). What
Andon does not manage it never touches: agents without skills, queues that no skill names, members of phones nobody logged in at.
The same look restores all of it after a restart or reload of Asterisk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import takewhile

from realtime.floor import Floor, Phone, key
from realtime.orders import AddMember, AnyAct, PauseMember, RemoveMember, SetPenalty, target
from realtime.owned import Duty, OrderState
from realtime.plan.indexed import indexed
from realtime.rules.busy import busy
from realtime.rules.ordering import give, under_way
from realtime.saying import Ids, Saying
from realtime.words import SECOND, Interface, Micros, Node, QueueName

TRIES = 6
"""Of one order in ten minutes (`owned.ORDERS_KEPT`); then it is silent until the first of them is forgotten, and `stuck` tells."""
FIRST_WAIT: Micros = 2 * SECOND
"""After the first try; then twice as long each time, 2 + 4 + 8 + 16 + 32 s: a reload of app_queue is over by then."""
AT_ONCE = 100
"""Orders of one look, five looks a second: a shift of 1,000 is in its queues within seconds, and AMI is not flooded."""
OF_QUEUES = (AddMember, RemoveMember, SetPenalty)
LEAVING = "logout"
"""The reason of the pause that keeps a next call away from somebody who logs out after this one."""


def due(floor: Floor, now: Micros, touched: Collection[str] | None, ids: Ids) -> list[Saying]:
    tries, said = Tries(floor), list[Saying]()
    for agent, known in wanted(floor, touched if touched is None else sorted(touched)):
        node = floor.nodes.get(known.node)
        if node is None or node.link != "live":
            continue  # nobody would do it, and what is not known cannot be compared
        for act, why in differences(floor, known):
            if len(said) >= AT_ONCE:
                return said
            if not under_way(floor, known.node, act) and tries.may(known.node, act, now):
                said.append(give(now, ids, known.node, act, why=why, agent=agent))
    return said


def wanted(floor: Floor, agents: Collection[str] | None) -> Iterator[tuple[str, Duty]]:
    """The places of these agents, or of all, and those that one of them moved away from, logged out since or not."""
    owned = floor.owned
    for agent in agents if agents is not None else owned.duty:
        if (known := owned.duty.get(agent)) is not None:
            yield agent, known
    for left in owned.vacated.values():
        if agents is None or left.agent in agents:
            yield left.agent, left


# ------------------------------------------------------------------ what must be, and what is


def differences(floor: Floor, known: Duty) -> Iterator[tuple[AnyAct, str]]:
    """What must be done so that this place's members are as they must be."""
    owned = floor.owned
    here, place = owned.duty.get(known.agent) is known, key(known.node, known.device)
    taken = not here and place in owned.seats  # then only what goes by the interface of before is left over
    have = members_of(floor, known, None if taken else floor.phones.get(place))
    if here and known.leaving and busy(floor, known.agent):
        if known.agent not in owned.releasing:  # first let go of what was, or two orders would contradict each other
            yield from kept_away(floor, have)
        return
    must = {} if not here or known.leaving else desired(floor, known)
    for queue, interface in have.items():
        if queue not in must:
            yield RemoveMember(floor.queues[queue].name, Interface(interface)), "membership.remove"
        elif is_another(floor, known.agent, floor.queues[queue].members[interface].name):
            yield RemoveMember(floor.queues[queue].name, Interface(interface)), "membership.other_name"
        elif floor.queues[queue].members[interface].penalty != must[queue]:
            yield SetPenalty(floor.queues[queue].name, Interface(interface), must[queue]), "membership.penalty"
    for queue, penalty in must.items():
        if queue not in have:
            yield added(floor, known, floor.queues[queue].name, penalty), "membership.add"


def kept_away(floor: Floor, have: dict[str, str]) -> Iterator[tuple[AnyAct, str]]:
    """No next call for somebody who logs out after this one."""
    for interface in sorted(set(have.values())):
        members = [floor.queues[queue].members[interface] for queue, each in have.items() if each == interface]
        unpaused = tuple(floor.queues[member.queue].name for member in members if not member.paused)
        if unpaused:
            yield PauseMember(Interface(interface), True, LEAVING, unpaused), "membership.leaving"


def managed(floor: Floor, known: Duty) -> dict[str, None]:
    """Names of the queues in which Andon keeps this agent or keeps them out: those of any skill, for who has skills; those that somebody
    moved them into or out of; and those that it put them into itself."""
    person = floor.owned.people.get(known.agent)
    of_skills = indexed(floor.owned.plan).queues if person is not None and person.skills else ()
    return dict.fromkeys((*known.into, *known.out_of, *known.ours, *of_skills))


def desired(floor: Floor, known: Duty) -> dict[str, int]:
    """Queue key -> penalty: the union of the skills' queues, each by its lowest penalty, and what somebody moved by hand."""
    person = floor.owned.people.get(known.agent)
    of_skills = indexed(floor.owned.plan).penalties(person.skills) if person is not None else {}
    found = {**dict.fromkeys(known.into, 0), **of_skills}
    keys = {key(known.node, name): penalty for name, penalty in found.items() if name not in known.out_of}
    return {queue: penalty for queue, penalty in keys.items() if queue in floor.queues}


def members_of(floor: Floor, known: Duty, phone: Phone | None) -> dict[str, str]:
    """Queue key -> interface of this place in the queues that are managed: under whatever interface, it rings the same phone."""
    found: dict[str, str] = dict(phone.members) if phone is not None else {}
    names = managed(floor, known) | left_by_another(floor, known, found)
    for name in names:
        queue = floor.queues.get(key(known.node, name))
        if queue is not None and known.interface in queue.members:
            found.setdefault(key(known.node, name), known.interface)
    return {queue: interface for queue, interface in found.items() if floor.queues[queue].name in names}


def left_by_another(floor: Floor, known: Duty, here: dict[str, str]) -> dict[str, None]:
    """Names of queues of skills in which this place still goes by the name of who sat here before: it would ring for them."""
    members = ((floor.queues[queue].name, floor.queues[queue].members[interface].name) for queue, interface in here.items())
    of_skills = indexed(floor.owned.plan).queues
    return dict.fromkeys(queue for queue, name in members if queue in of_skills and is_another(floor, known.agent, name))


def settled(floor: Floor, known: Duty) -> bool:
    """Nothing of this place is left in a queue that Andon manages: logged out means that nothing rings any more."""
    return not members_of(floor, known, floor.phones.get(key(known.node, known.device)))


def added(floor: Floor, known: Duty, queue: QueueName, penalty: int) -> AddMember:
    """Already paused where a break is on, or is to begin after the call: added first and paused then, a call may ring in between."""
    owned = floor.owned
    lease, grant = owned.leases.get(known.agent), owned.grants.get(known.agent)
    kind = lease.kind if lease is not None else grant.kind if grant is not None and not grant.expires else ""
    return AddMember(
        queue=queue,
        interface=Interface(known.interface),
        device=known.device,
        name=name_of(floor, known.agent),
        penalty=penalty,
        paused=bool(kind),
        reason=kind,
    )


def name_of(floor: Floor, agent: str) -> str:
    person = floor.owned.people.get(agent)
    return (person.name if person is not None else "") or agent


def is_another(floor: Floor, agent: str, name: str) -> bool:
    """A member who goes by another person's name would put the calls of this one into that one's queue_log. The own number is no other."""
    return name in indexed(floor.owned.plan).names and name not in (agent, name_of(floor, agent))


# ------------------------------------------------------------------ how often


class Tries:
    """The orders of the last minutes by what they are about; made only when something differs. What was tried before the link came
    back counts no more: nobody was there to do it, and now somebody is."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    @cached_property
    def _by_target(self) -> dict[str, list[OrderState]]:
        found: dict[str, list[OrderState]] = {}
        for state in self._floor.owned.orders.values():
            found.setdefault(target(state.order.node, state.order.act), []).append(state)
        return found

    def of(self, node: Node, act: AnyAct) -> list[OrderState]:
        """Those that wanted the same, the oldest first."""
        known = self._floor.nodes.get(node)
        since = known.since if known is not None and known.link == "live" else 0
        return [state for state in self._by_target.get(target(node, act), []) if state.order.given >= since and same(state.order.act, act)]

    def failed(self, node: Node, act: AnyAct) -> list[OrderState]:
        """Those since the last that was seen to work."""
        return list(takewhile(lambda state: not state.seen, reversed(self.of(node, act))))[::-1]

    def may(self, node: Node, act: AnyAct, now: Micros) -> bool:
        """Farther apart each time, and not for ever. What was seen to work may be done again at once: a restart undid it."""
        failed = self.failed(node, act)
        if not failed or len(failed) >= TRIES:
            return not failed
        waited = now - failed[-1].order.given
        return waited >= FIRST_WAIT * 2 ** (len(failed) - 1) or waited < 0  # a clock that was set back is no reason to wait for it


def same(one: AnyAct, other: AnyAct) -> bool:
    """The same wish, whether paused or not: for adding and removing the act alone says it, for a penalty the number."""
    if isinstance(one, PauseMember) and isinstance(other, PauseMember):
        return one.paused is other.paused
    if isinstance(one, SetPenalty):
        return one == other
    return type(one) is type(other)


def vain(floor: Floor) -> list[tuple[str, str, str, int]]:
    """(agent, queue, what Asterisk said, how often by now) where an order was tried in vain and is still wanted: of `TRIES` on for a
    person to look at. Looks only at whom orders failed for."""
    tries, found = Tries(floor), list[tuple[str, str, str, int]]()
    failed_ones = (state for state in floor.owned.orders.values() if not state.seen and state.done)
    failed_for = {state.agent for state in failed_ones if isinstance(state.order.act, OF_QUEUES)}
    for agent, known in wanted(floor, failed_for) if failed_for else ():
        for act, _ in differences(floor, known):
            failed = tries.failed(known.node, act)
            if failed and isinstance(act, OF_QUEUES):
                said = next((state.said for state in reversed(failed) if state.done), "")
                found.append((agent, act.queue, said, len(failed)))
    return found
