"""What the floor knows that a decision about a dial looks at: campaign, its state, the agent. Pure.

Not the counters, blocks and consents (the ledger's) and not the lists: they come in as found. The gate, the page that asks and a trial
of a plan all put it together here, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from realtime.dial.model import Consent, DialAsk, ListSeen, Seen
from realtime.dial.rules.agent import NOT_AT_WORK
from realtime.floor import Agent, Floor
from realtime.ledger.port import Looked
from realtime.plan.dialling import Campaign
from realtime.rules import login
from realtime.words import AgentState, Micros

NOTHING_LOOKED = Looked("")


def seen(
    floor: Floor,
    ask: DialAsk,
    now: Micros,
    looked: Looked = NOTHING_LOOKED,
    lists: Mapping[str, ListSeen] | None = None,
    consents: Iterable[Consent] = (),
) -> Seen:
    """Everything beside the counters."""
    owned = floor.owned
    agent, person = floor.agents.get(ask.agent), owned.people.get(ask.agent)
    return Seen(
        now=now,
        rules=owned.plan.dialling,
        campaign=campaign_of(floor, ask.campaign),
        state=owned.outbound.campaigns.get(ask.campaign),
        stopped=owned.outbound.stopped or looked.stopped,
        person=person,
        agent_state=agent.state if agent is not None else AgentState.LOGGED_OUT,
        on_break=ask.agent in owned.leases,
        in_training=untrained(floor, ask, now),
        blocked=looked.blocked,
        consents=(*looked.consents, *consents),
        lists=lists or {},
        zone=floor.rules.timezone if floor.rules is not None else "UTC",
        plan=owned.version,
        ready=-1 if ask.reserved else ready_of(floor, campaign_of(floor, ask.campaign)),
        at_work=at_work_of(floor, campaign_of(floor, ask.campaign)) if ask.reserved and not ask.agent else -1,
        settled=0 if ask.reserved else settled(floor, ask.campaign),
    )


def ready_of(floor: Floor, campaign: Campaign | None) -> int:
    """Agents of the campaign who could take a call now: a dial that nobody is there for is one for them."""
    return sum(each.state is AgentState.READY for each in agents_of(floor, campaign))


def at_work_of(floor: Floor, campaign: Campaign | None) -> int:
    """Agents of the campaign who are there, whatever they do: no more calls than that can have one reserved each."""
    away = floor.owned.leases
    return sum(each.state not in NOT_AT_WORK and each.id not in away for each in agents_of(floor, campaign))


def agents_of(floor: Floor, campaign: Campaign | None) -> Iterator[Agent]:
    if campaign is None:
        return
    people, named, teams = floor.owned.people, set(campaign.agents), set(campaign.teams)
    for each in floor.agents.values():
        if not (named or teams) or each.id in named or (each.id in people and people[each.id].team in teams):
            yield each


def settled(floor: Floor, campaign: str) -> int:
    """Of its calls that were dialled without an agent and are not over, those that somebody or something has answered for good: they hold
    their place in the ledger until they end, and what they came to is in the meters."""
    return sum(
        each.campaign == campaign and not each.reserved and not each.over and (each.live or each.machine or each.abandoned > 0)
        for each in floor.owned.outbound.dials.values()
    )


def campaign_of(floor: Floor, name: str) -> Campaign | None:
    return next((each for each in floor.owned.plan.dialling.campaigns if each.id == name), None)


def campaign_by_hand(floor: Floor, agent: str) -> str:
    """What somebody dials for who names none: their only campaign, else the plan's word for it."""
    rules = floor.owned.plan.dialling
    person = floor.owned.people.get(agent)
    team = person.team if person is not None else ""
    named = [each.id for each in rules.campaigns if agent in each.agents or (team and team in each.teams)]
    return named[0] if len(named) == 1 else rules.manual


def untrained(floor: Floor, ask: DialAsk, now: Micros) -> str:
    """The code of what keeps this person from working (training overdue, away for too long), as a login is refused; or nothing."""
    person = floor.owned.people.get(ask.agent)
    if person is None:
        return ""
    found = login.lifted(floor, ask.agent, login.eligible(floor, person, now), now)
    return next((each.rule for each in found if each.verdict in ("deny", "defer")), "")
