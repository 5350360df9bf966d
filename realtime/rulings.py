"""Facts of what Andon itself decides and owns: the plan, answers, breaks, duty, meetings, orders, alerts, messages.

Not what happened on a PBX (`facts.py`). All of them are the engine's, but `OrderDone`, which is the adapter's word. Each is
stamped with the moment or the deadline it is about; the floor's part that they change is `owned.py`.
"""

from __future__ import annotations

from typing import Literal

from realtime.decision import Decision, Finding
from realtime.facts import Fact
from realtime.orders import NO_ORDER, Order, Outcome
from realtime.plan.model import Plan, Treatment
from realtime.words import AgentId, Device, Interface, Micros

# ------------------------------------------------------------------ the plan, and answers


class PlanAdopted(Fact, frozen=True, tag="PlanAdopted.1"):
    """These rules hold from now on. `difference`: what it changes, a line each; `version` is a hash of the plan."""

    plan: Plan = Plan()
    version: str = ""
    who: str = ""
    difference: tuple[str, ...] = ()


class RequestAnswered(Fact, frozen=True, tag="RequestAnswered.1"):
    """The answer to one request, with its reasons. `offset`: its place in the stream of requests, where the next engine goes on."""

    request: str = ""
    offset: str = ""
    key: str = ""
    who: str = ""
    role: str = ""
    via: str = ""
    ask: str = ""
    agent: AgentId = AgentId("")
    decision: Decision = Decision()
    orders: tuple[str, ...] = ()
    undoes: str = ""  # the request that this one took back
    before: str = ""  # what taking this one back needs


# ------------------------------------------------------------------ breaks


class BreakQueued(Fact, frozen=True, tag="BreakQueued.1"):
    """On the waiting list. `rank` is the class, the lowest first: 0 due by law, 1 recovery, 2 owed, 3 discretionary."""

    agent: AgentId = AgentId("")
    kind: str = ""
    request: str = ""
    rank: int = 3
    length_s: int = 0
    asked: Micros = 0
    again: bool = False  # back on the list, behind its class: a granted one was not taken
    times: int = 0  # so often by now
    turn: Micros = 0  # what it is ordered by in its class: the deadline by law, or the moment of asking less what is owed


class BreakHeld(Fact, frozen=True, tag="BreakHeld.1"):
    """What holds a waiting one back, its place, and when it is expected (0: nobody can say). Said when that changes."""

    agent: AgentId = AgentId("")
    place: int = 0
    eta: Micros = 0
    rule: Finding = Finding("")


class BreakGranted(Fact, frozen=True, tag="BreakGranted.1"):
    """May begin: by itself when the call and its wrap-up are over (`expires` 0), or when the agent takes it, until `expires`."""

    agent: AgentId = AgentId("")
    kind: str = ""
    request: str = ""
    length_s: int = 0
    expires: Micros = 0
    by: str = ""  # who overruled; empty: the rules
    rule: Finding = Finding("")


class BreakBegan(Fact, frozen=True, tag="BreakBegan.1"):
    """A pause is ours from now on, and kept until it ends. `until` 0: open. `why`: asked, forced, or `meeting:ID`."""

    agent: AgentId = AgentId("")
    kind: str = ""
    request: str = ""
    until: Micros = 0
    why: str = ""
    by: str = ""
    overran: str = ""  # the step of the ladder that it had come to, where it is given back


class BreakEnded(Fact, frozen=True, tag="BreakEnded.1"):
    """`why`: returned, forced, meeting; or, with no pause of ours left to lift: logout, replaced, call, unpaused (by another hand)."""

    agent: AgentId = AgentId("")
    kind: str = ""
    why: str = ""
    by: str = ""


class BreakDropped(Fact, frozen=True, tag="BreakDropped.1"):
    """Waits no longer, or is held no longer, without having begun.

    `why`: withdrawn, undone (by who granted or forced it), expired (not taken, for the last time), logout, replaced,
    no_room (no time is left for it in this shift), not_ruled (the plan has this kind no more).
    """

    agent: AgentId = AgentId("")
    kind: str = ""
    why: str = ""
    by_hand: bool = False  # paused before by their own hand, and is so again: there is nothing to lift


class BreakOverran(Fact, frozen=True, tag="BreakOverran.1"):
    """A step of the ladder."""

    agent: AgentId = AgentId("")
    step: Literal["prompt", "leader", "overrun", "welfare"] = "prompt"
    until: Micros = 0


class PauseUnauthorised(Fact, frozen=True, tag="PauseUnauthorised.1"):
    """Paused, and nobody granted it. `since` is the pause's own moment; `present`: a key was pressed within the last minute."""

    agent: AgentId = AgentId("")
    since: Micros = 0
    reason: str = ""
    treated: Treatment = "warn"
    present: bool = False
    again: bool = False  # a break that was forced over it is undone: the same pause, which was counted


class LoadJudged(Fact, frozen=True, tag="LoadJudged.1"):
    """How many a queue can spare, and by which model. Said when one of the first five changes, or `agents`."""

    queue: str = ""  # key
    open: bool = False
    red: bool = False
    spare: int = 0
    model: str = ""  # A or C, or none
    service: float = 0.0  # by the model, with one fewer
    rate_hour: float = 0.0  # calls an hour that it reckons with
    aht_s: float = 0.0
    patience_s: float = 0.0
    agents: int = 0


# ------------------------------------------------------------------ duty and meetings


class AgentOnDuty(Fact, frozen=True, tag="AgentOnDuty.1"):
    """Logged in at this phone, until AgentOffDuty or another place."""

    agent: AgentId = AgentId("")
    name: str = ""
    device: Device = Device("")
    interface: Interface = Interface("")
    via: str = ""


class AgentLeaving(Fact, frozen=True, tag="AgentLeaving.1"):
    """Wants to log out, or is logged out: it happens when the call in hand and its wrap-up are over."""

    agent: AgentId = AgentId("")
    by: str = ""


class AgentOffDuty(Fact, frozen=True, tag="AgentOffDuty.1"):
    """`why`: asked, forced, moved, shift."""

    agent: AgentId = AgentId("")
    why: str = ""


class AgentPresent(Fact, frozen=True, tag="AgentPresent.1"):
    """A key was pressed on the phone or the page."""

    agent: AgentId = AgentId("")
    via: str = ""


class LoginAllowed(Fact, frozen=True, tag="LoginAllowed.1"):
    """What refuses this person's login is lifted until then."""

    agent: AgentId = AgentId("")
    until: Micros = 0
    by: str = ""
    reason: str = ""


class QueuesMoved(Fact, frozen=True, tag="QueuesMoved.1"):
    """Somebody was moved by hand: over what the skills say, until they log out."""

    agent: AgentId = AgentId("")
    into: tuple[str, ...] = ()
    out_of: tuple[str, ...] = ()
    by: str = ""


class MeetingBegan(Fact, frozen=True, tag="MeetingBegan.1"):
    """`meeting` is this one's id, `rule` the plan's; `expected`: who should come."""

    meeting: str = ""
    rule: str = ""
    name: str = ""
    name_zh: str = ""
    kind: str = "meeting"
    teams: tuple[str, ...] = ()
    until: Micros = 0
    expected: tuple[AgentId, ...] = ()
    by: str = ""


class MeetingEnded(Fact, frozen=True, tag="MeetingEnded.1"):
    """`why`: over, stopped. `excused`: who never joined, and what kept them: call, break, cover, leaving."""

    meeting: str = ""
    why: str = ""
    by: str = ""
    excused: dict[str, str] = {}  # noqa: RUF012


# ------------------------------------------------------------------ orders


class OrderGiven(Fact, frozen=True, tag="OrderGiven.1"):
    """Asked of the PBX: the first of an order's three states. `why`: the rule or the reason."""

    order: Order = NO_ORDER
    who: str = ""
    request: str = ""
    why: str = ""
    agent: AgentId = AgentId("")


class OrderDone(Fact, frozen=True, tag="OrderDone.1"):
    """What the PBX said to it; by the engine with `expired` where no word came in time."""

    order: str = ""
    outcome: Outcome = "accepted"
    said: str = ""


# ------------------------------------------------------------------ alerts and messages


class AlertRaised(Fact, frozen=True, tag="AlertRaised.1"):
    """`alert` names rule and subject, so the same trouble is one alert. `text`: by language."""

    alert: str = ""
    rule: str = ""
    severity: str = "warn"
    subject: str = ""  # queue:KEY, agent:ID, team:ID, node:NAME, floor
    value: float | None = None
    text: dict[str, str] = {}  # noqa: RUF012
    owner: AgentId = AgentId("")


class AlertBrewing(Fact, frozen=True, tag="AlertBrewing.1"):
    """The number is bad since then, and not yet for so long that it is an alert. `since` 0: it is good again."""

    alert: str = ""
    since: Micros = 0


class AlertCleared(Fact, frozen=True, tag="AlertCleared.1"):
    """The number is back, and stayed there."""

    alert: str = ""


class AlertTaken(Fact, frozen=True, tag="AlertTaken.1"):
    """Somebody has seen it, has taken it on, or says what came of it."""

    alert: str = ""
    deed: Literal["acknowledge", "own", "close"] = "acknowledge"
    who: str = ""
    text: str = ""


class MessageSent(Fact, frozen=True, tag="MessageSent.1"):
    """`to`: agent:ID, team:ID, all. Shown until then."""

    message: str = ""
    to: str = ""
    text: str = ""
    who: str = ""
    until: Micros = 0


class MessageWasSeen(Fact, frozen=True, tag="MessageWasSeen.1"):
    """By this agent, on the page or the phone."""

    message: str = ""
    agent: AgentId = AgentId("")
