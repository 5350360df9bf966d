"""What is looked at when somebody logs in: the person, the training, the time away, the shift, and the place. Pure findings.

Not the logging in itself (`duty.py`). Training, time away and shift may be lifted for one business day; a person who has left and a
phone that is not free may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from realtime import requests
from realtime.decision import Finding
from realtime.floor import Floor, Phone, key
from realtime.owned import Duty
from realtime.plan.model import LoginRules, Person
from realtime.plan.roster import next_shift, rostered, shift_around
from realtime.rules.busy import IN_HAND, WITH_SOMEBODY, in_call, on_call
from realtime.rules.clock import business_day, wall, zone_of
from realtime.words import SECOND, AgentId, Device, DeviceState, Interface, Micros, Node

DEVICE = re.compile(r"[A-Za-z][A-Za-z0-9]*/[A-Za-z0-9_.+@-]{1,80}")
"""Technology and name, as Asterisk's endpoints are named: what is said here goes into an AMI action. 80 is Asterisk's own bound
(AST_MAX_EXTENSION)."""


def at_work(person: Person) -> Finding:
    return Finding("duty.left", "deny", {"agent": person.id}) if person.out else Finding("duty.person", values={"agent": person.id})


def eligible(floor: Floor, person: Person, now: Micros) -> Iterator[Finding]:
    """Training that is neither overdue nor due for missed KPIs, and no longer away than the plan allows. By business days: a night
    shift does not end at midnight."""
    rules, today = floor.owned.plan.login, business_day(floor, now).name
    roles = {"roles": ", ".join(rules.lifted_by)}
    if person.trained_until and person.trained_until < today:
        yield Finding("duty.training_overdue", "deny", {"until": person.trained_until, **roles})
    elif person.trained_until:
        yield Finding("duty.trained", values={"until": person.trained_until})
    for kpi, months in sorted(floor.owned.training.get(person.id, {}).items()):
        yield Finding("duty.kpi_missed", "deny", {"kpi": kpi, "months": ", ".join(months), **roles})
    last = max(floor.owned.worked.get(person.id, ""), person.away_since)
    if not last:
        return  # never seen: nothing says that this one was away
    days = (date.fromisoformat(today) - date.fromisoformat(last)).days
    if days > rules.away_days:
        yield Finding("duty.away", "deny", {"days": days, "most": rules.away_days, "last": last, **roles})
    else:
        yield Finding("duty.not_away", values={"last": last})


def in_time(floor: Floor, person: Person, now: Micros) -> Finding:
    """From `early_s` before the shift until its end. Who is in no roster is not refused by it: leaders and stand-ins often are in none."""
    plan, zone = floor.owned.plan, zone_of(floor)
    rules = plan.shifts
    if not (rules.patterns or rules.spans):
        return Finding("duty.no_shifts")
    if not rostered(plan, person.id, zone):
        return Finding("duty.not_rostered")
    shift = shift_around(plan, person.id, now, zone)
    if shift is not None and shift.begins - rules.early_s * SECOND <= now < shift.ends:
        return Finding("duty.in_shift", values={"begins": wall(floor, shift.begins), "ends": wall(floor, shift.ends)})
    roles = ", ".join(plan.login.lifted_by)
    coming = next_shift(plan, person.id, now, zone)
    if coming is None:
        found = Finding("duty.no_shift", "deny", {"roles": roles})
    else:
        opens = coming.begins - rules.early_s * SECOND
        values = {"begins": day_and_time(floor, coming.begins, now), "opens": day_and_time(floor, opens, now), "roles": roles}
        found = Finding("duty.outside_shift", "deny", {**values}, opens)
    return found if rules.enforced else Finding("duty.outside_told", values=found.values)


def day_and_time(floor: Floor, at: Micros, now: Micros) -> str:
    """The date, too, where it is another one."""
    day = business_day(floor, at).name
    return wall(floor, at) if day == business_day(floor, now).name else f"{day} {wall(floor, at)}"


def lifted(floor: Floor, agent: str, findings: Iterable[Finding], now: Micros) -> Iterator[Finding]:
    """What somebody has lifted refuses no more; that it would have stays to be read."""
    until = floor.owned.allowed.get(agent, 0)
    if until <= now:
        yield from findings
        return
    for each in findings:
        yield Finding(each.rule, "allow", each.values, each.until)
    yield Finding("duty.lifted", values={"until": wall(floor, until)})


# ------------------------------------------------------------------ the place


def strange(floor: Floor, wanted: Duty, phone: Phone | None) -> bool:
    """Past a desk and out of the building: `PJSIP/NUMBER@trunk` and `Local/NUMBER@outbound` dial what they are told. One that the PBX has
    as a member's phone, or the plan as a desk, is somebody's."""
    leads_out = "@" in wanted.device or wanted.device.lower().startswith("local/")
    planned = wanted.device in floor.owned.desks or key(wanted.node, wanted.device) in floor.owned.desks
    return leads_out and not planned and (phone is None or not phone.ours)


def wanted_place(floor: Floor, person: Person, wish: requests.LogIn) -> Duty:
    """Where nothing is said, the person's own desk; the node where there is but one."""
    only = next(iter(floor.nodes)) if len(floor.nodes) == 1 else ""
    device = wish.device or person.phone
    node = wish.node or (person.node if device == person.phone else "") or only
    return Duty(AgentId(person.id), Node(node), device, interface_of(floor.owned.plan.login, device), since=0)


def interface_of(rules: LoginRules, device: Device) -> Interface:
    """What queues dial. Replaced rather than formatted: a dial string may have braces of its own."""
    number = device.partition("/")[2]
    return Interface(rules.interface.replace("{device}", device).replace("{number}", number))


def place(floor: Floor, agent: str, wanted: Duty, via: str) -> Iterator[Finding]:
    """One place a person, one person a place; no call in hand is cut off from its agent."""
    owned, here = floor.owned, key(wanted.node, wanted.device)
    phone = floor.phones.get(here)
    node = floor.nodes.get(wanted.node)
    if not wanted.device:
        yield Finding("duty.which_phone", "deny")
    elif not DEVICE.fullmatch(wanted.device) or (phone is not None and phone.state is DeviceState.INVALID) or strange(floor, wanted, phone):
        yield Finding("duty.no_phone", "deny", {"phone": wanted.device})
    if node is None or node.link == "lost":
        yield Finding("duty.no_node" if node is None else "duty.node_away", "deny", {"node": wanted.node})
    sits = owned.seats.get(here) or (phone.agent if phone is not None else None) or ""
    states = WITH_SOMEBODY if via == "phone" else IN_HAND  # a login by phone is itself a call of this phone
    known_there = floor.agents.get(AgentId(sits))
    winding_up = known_there is not None and known_there.wrapup_since > 0
    if sits != agent and (winding_up or in_call(floor, phone, states)):
        yield Finding("duty.phone_busy", "deny", {"phone": wanted.device, "agent": sits or wanted.device})
    elif sits != agent and via == "page" and sits in owned.duty:
        # Who dials a code has a hand on the phone; a page could take any colleague's away.
        yield Finding("duty.phone_taken", "deny", {"phone": wanted.device, "agent": sits})
    known = owned.duty.get(agent)
    if known is None:
        yield Finding("duty.place", values={"phone": wanted.device})
    elif (known.node, known.device) == (wanted.node, wanted.device):
        yield Finding("duty.here_already", values={"phone": wanted.device})
    elif on_call(floor, agent):
        yield Finding("duty.on_call_elsewhere", "deny", {"phone": known.device})
    else:
        yield Finding("duty.moves", values={"phone": wanted.device, "before": known.device})
