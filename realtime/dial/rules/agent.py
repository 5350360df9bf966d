"""Who dials: a person of the plan, on this campaign, at work, trained. Pure.

A dialler's call names nobody until it is answered; whether one must be there for it is a constraint (`ways.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from realtime.decision import Finding
from realtime.dial.rules.case import Case
from realtime.words import AgentState

NOT_AT_WORK = {
    AgentState.LOGGED_OUT: "dial.agent.logged_out",
    AgentState.BREAK_PENDING: "dial.agent.on_break",
    AgentState.ON_BREAK: "dial.agent.on_break",
    AgentState.MEETING: "dial.agent.meeting",
    AgentState.TRAINING: "dial.agent.training",
}


def agent(case: Case) -> Iterator[Finding]:
    ask, seen, person = case.ask, case.seen, case.seen.person
    if not ask.agent:
        yield Finding("dial.agent.nobody", "deny") if ask.by_hand else Finding("dial.agent.dialler")
        return
    who = {"agent": ask.agent}
    held = []
    if person is None:
        held.append(Finding("dial.agent.unknown", "deny", {**who}))
    elif person.out:
        held.append(Finding("dial.agent.left", "deny", {**who}))
    elif not on_campaign(case):
        held.append(Finding("dial.agent.elsewhere", "deny", {**who, "campaign": ask.campaign}))
    code = NOT_AT_WORK.get(seen.agent_state, "dial.agent.on_break" if seen.on_break else "")
    if code:
        held.append(Finding(code, "deny", {**who}))
    if seen.in_training:
        held.append(Finding("dial.agent.untrained", "deny", {**who, "untrained": seen.in_training}))
    yield from held or [Finding("dial.agent", "allow", {**who, "state": seen.agent_state.value})]


def on_campaign(case: Case) -> bool:
    campaign, person = case.campaign, case.seen.person
    if campaign is None or person is None or not (campaign.agents or campaign.teams):
        return True
    return person.id in campaign.agents or (bool(person.team) and person.team in campaign.teams)
