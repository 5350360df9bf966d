"""Who may do what: one table of roles and actions, and one pure question to it.

Not who somebody is (`door.py`, `tokens.py`) and not which route asks for what (`routes.py`). Every refusal of the board
that is about a role is said here, so that the recordings and the pages refuse in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    SCREEN = "screen"  # hangs on a wall: whoever walks by reads it
    AGENT = "agent"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    QA = "qa"
    MANAGER = "manager"
    ADMIN = "admin"
    DIALLER = "dialler"  # a program that dials: it learns how fast, and says what came of its calls


class Action(StrEnum):
    SESSION_OWN = "session.own"  # who I am and what I may do; to sign out
    FLOOR_READ = "floor.read"  # the live floor: queues, agents, calls
    NUMBERS_MASKED = "numbers.masked"  # callers' numbers with their middle hidden, instead of none
    REASONS_READ = "reasons.read"  # why a number is what it is, the facts behind it, an agent's day
    HISTORY_READ = "history.read"  # floors of earlier moments
    REPORTS_READ = "reports.read"  # queues and agents by half-hour and day
    SCREENS_MANAGE = "screens.manage"  # let a screen in, send one away
    AUDIT_READ = "audit.read"  # who did what
    METRICS_READ = "metrics.read"  # how the board itself is doing
    BREAK_OWN = "break.own"  # an agent's own page: breaks, login, presence, messages of this person alone
    PLAN_READ = "plan.read"  # which rules hold, since when, by whom
    LEDGER_READ = "ledger.read"  # who had how many breaks, and what looks like a way round the rules
    BREAKS_MANAGE = "breaks.manage"  # ask, grant, take back for somebody else; overrule a refusal
    DUTY_MANAGE = "duty.manage"  # log somebody in or out, lift what refuses a login
    ORDERS_GIVE = "orders.give"  # pause, release, log out, move, hang up, take over
    CALLS_SPY = "calls.spy"  # listen to a call; to speak into it needs orders.give, too
    MESSAGES_SEND = "messages.send"
    MEETINGS_MANAGE = "meetings.manage"
    ALERTS_MANAGE = "alerts.manage"
    CAMPAIGNS_READ = "campaigns.read"  # campaigns, their decisions, their statements, the lists that hold
    CAMPAIGNS_MANAGE = "campaigns.manage"  # their steps, items and statements; the engine looks who may do which
    DIALLING_STOP = "dialling.stop"  # one press ends all dialling, or a campaign's
    NUMBERS_MANAGE = "numbers.manage"  # look up whether a number may be called, block it, keep consents
    RESULTS_KEEP = "results.keep"  # what came of anybody's call
    PACE_READ = "pace.read"  # how fast a campaign may be dialled
    RECORDINGS_FIND = "recordings.find"  # which recordings there are, what is missing, why each is kept
    RECORDINGS_LISTEN = "recordings.listen"  # each listen is in the log with who, why, which seconds
    RECORDINGS_OWN = "recordings.own"  # an agent's own calls, where the plan lets them be heard
    RECORDINGS_EXPORT = "recordings.export"
    RECORDINGS_HOLD = "recordings.hold"  # legal holds, clocks, erasure requests
    RECORDINGS_DISPOSE = "recordings.dispose"  # propose and approve: two people; who proposes a disposal may be one of them
    DISCS_MANAGE = "discs.manage"
    CARD_PAUSE = "card.pause"  # silence a recording while a customer says card data
    QUALITY_SCORE = "quality.score"
    QUALITY_MANAGE = "quality.manage"  # samples, calibration, appeals
    QUALITY_OWN = "quality.own"  # an agent's own scores, to see and to appeal


_LEADING = frozenset({Role.LEADER, Role.SUPERVISOR, Role.QA, Role.MANAGER, Role.ADMIN})
_IN_CHARGE = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ADMIN})
_ACTING = _LEADING - {Role.QA}  # who judges calls does not manage people

MAY: Mapping[Action, frozenset[Role]] = {
    Action.SESSION_OWN: frozenset(Role),
    # An agent sees the wall on the wall; the records of colleagues are not on an agent's own page.
    Action.FLOOR_READ: _LEADING | {Role.SCREEN},
    Action.NUMBERS_MASKED: _LEADING,
    Action.REASONS_READ: _LEADING,
    Action.HISTORY_READ: _LEADING - {Role.LEADER},
    Action.REPORTS_READ: _LEADING,
    Action.SCREENS_MANAGE: _IN_CHARGE,
    Action.AUDIT_READ: frozenset({Role.MANAGER, Role.ADMIN}),
    Action.METRICS_READ: frozenset({Role.MANAGER, Role.ADMIN}),
    Action.BREAK_OWN: frozenset(Role) - {Role.SCREEN, Role.DIALLER},  # whoever is a person of the plan: a leader takes breaks, too
    Action.PLAN_READ: _LEADING,
    Action.LEDGER_READ: _LEADING,
    # A leader's reach is the own team: the engine looks at the plan for each request (`realtime/plan/reach.py`).
    Action.BREAKS_MANAGE: _ACTING,
    Action.DUTY_MANAGE: _ACTING,
    Action.ORDERS_GIVE: _ACTING,
    Action.CALLS_SPY: _LEADING,
    Action.MESSAGES_SEND: _ACTING,
    Action.MEETINGS_MANAGE: _ACTING,
    Action.ALERTS_MANAGE: _ACTING,
    Action.CAMPAIGNS_READ: _LEADING,
    Action.CAMPAIGNS_MANAGE: _ACTING | {Role.QA},  # who reviews is QA; the table of steps says who may do which
    Action.DIALLING_STOP: _ACTING | {Role.QA, Role.DIALLER},  # whoever sees harm may stop it; going on takes two people
    Action.NUMBERS_MANAGE: _LEADING,
    Action.RESULTS_KEEP: _LEADING | {Role.DIALLER},
    Action.PACE_READ: _LEADING | {Role.DIALLER},
    Action.RECORDINGS_FIND: _LEADING,
    # Who runs the machines need not hear customers.
    Action.RECORDINGS_LISTEN: _LEADING - {Role.ADMIN},
    Action.RECORDINGS_OWN: frozenset(Role) - {Role.SCREEN, Role.DIALLER},
    Action.RECORDINGS_EXPORT: frozenset({Role.QA, Role.MANAGER}),
    Action.RECORDINGS_HOLD: frozenset({Role.MANAGER, Role.ADMIN}),
    Action.RECORDINGS_DISPOSE: frozenset({Role.MANAGER, Role.ADMIN}),
    Action.DISCS_MANAGE: frozenset({Role.MANAGER, Role.ADMIN}),
    Action.CARD_PAUSE: _LEADING,
    Action.QUALITY_SCORE: _LEADING - {Role.ADMIN},
    Action.QUALITY_MANAGE: frozenset({Role.QA, Role.MANAGER}),
    Action.QUALITY_OWN: frozenset(Role) - {Role.SCREEN, Role.DIALLER},
}


class Decision(NamedTuple):
    allowed: bool
    reason: str


def actions_of(role: Role) -> tuple[Action, ...]:
    """All that a role may do, in the table's order."""
    return tuple(action for action in Action if role in MAY[action])


def authorise(role: Role, action: Action) -> Decision:
    """Whether a role may do an action, with a sentence for the person who asked."""
    if role in MAY[action]:
        return Decision(True, f"The role {role} may do {action}.")
    able = ", ".join(sorted(MAY[action]))
    return Decision(False, f"The role {role} may not do {action}; these roles may: {able}.")
