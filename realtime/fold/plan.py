"""The plan that holds, and the answers to requests.

Not the rules (`rules/`): a plan only lies on the floor, for whoever decides or shows by it.
"""

from __future__ import annotations

from realtime import rulings
from realtime.changes import Changes
from realtime.floor import Floor, key
from realtime.fold.ledgers import ledger_of
from realtime.owned import ANSWERS_KEPT, ANSWERS_MOST, Answer


def plan_adopted(floor: Floor, fact: rulings.PlanAdopted, changes: Changes) -> None:
    owned = floor.owned
    owned.plan, owned.version, owned.adopted, owned.adopted_by = fact.plan, fact.version, fact.at, fact.who
    owned.difference = fact.difference
    owned.people = {person.id: person for person in fact.plan.people}
    owned.desks = {
        key(person.node, person.phone) if person.node else person.phone: person.id for person in fact.plan.people if person.phone
    }
    for agent in floor.agents.values():
        person = owned.people.get(agent.id)
        if person is not None and person.name:
            agent.name = person.name
    changes.everything = True


def request_answered(floor: Floor, fact: rulings.RequestAnswered, changes: Changes) -> None:
    owned = floor.owned
    owned.offset = fact.offset or owned.offset
    owned.answers[fact.request] = Answer(
        request=fact.request,
        at=fact.at,
        key=fact.key,
        who=fact.who,
        ask=fact.ask,
        agent=fact.agent,
        decision=fact.decision,
        orders=fact.orders,
        before=fact.before,
        role=fact.role,
        via=fact.via,
    )
    if fact.key:
        owned.keys.setdefault(fact.key, fact.request)
    if fact.undoes in owned.answers:
        owned.answers[fact.undoes].undone = True
    if fact.ask == "break.ask" and fact.decision.verdict in ("deny", "defer"):
        ledger_of(floor, fact.agent).refused += 1
    forget(floor, fact.at)
    changes.owned.add("answers")


def forget(floor: Floor, at: int) -> None:
    """Answers whose key is good no more, oldest first; and the oldest where somebody asks without end."""
    owned = floor.owned
    for name in list(owned.answers):
        answer = owned.answers[name]
        if answer.at > at - ANSWERS_KEPT and len(owned.answers) <= ANSWERS_MOST:
            return
        del owned.answers[name]
        if owned.keys.get(answer.key) == name:
            del owned.keys[answer.key]
