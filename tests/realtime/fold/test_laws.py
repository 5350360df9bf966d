"""What holds of every floor, whatever facts came in whatever order: the fold never raises and its sums agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec
import pytest

from realtime import facts
from realtime.changes import Changes
from realtime.factcodec import FACTS
from realtime.facts import Fact
from realtime.floor import ANOMALIES_KEPT, MINUTES_KEPT, Agent, Floor, Queue, Tally, key
from realtime.fold import HANDLERS, apply
from realtime.folding import FloorFolding
from realtime.words import SECOND, Node
from tests.realtime.chance import walk


def folded(told: Iterable[Fact]) -> Floor:
    floor, changes = Floor(), Changes()
    for fact in told:
        apply(floor, fact, changes)
    return floor


def test_every_fact_has_a_handler() -> None:
    assert set(HANDLERS) == set(FACTS.values())


@pytest.mark.parametrize("part", range(4))
def test_the_laws_hold_after_every_fact(part: int) -> None:
    for seed in range(part * 500, part * 500 + 500):
        floor = Floor()
        for fact in walk(seed):
            try:
                apply(floor, fact, Changes())
                check(floor)
            except Exception as broken:
                broken.add_note(f"walk({seed}), at {fact}")
                raise


@pytest.mark.parametrize("seed", range(20))
def test_a_floor_written_and_read_back_is_the_same_and_goes_on_alike(seed: int) -> None:
    folding, told = FloorFolding(), list(walk(seed, 200))
    whole = folded(told)
    resumed = folding.load(folding.dump(folded(told[:100])))
    for fact in told[100:]:
        apply(resumed, fact, Changes())
    assert resumed == whole
    assert folding.load(folding.dump(whole)) == whole


def test_facts_told_again_change_nothing() -> None:
    floor = folded(walk(1, 200))
    before, changes = FloorFolding().dump(floor), Changes()
    for fact in walk(1, 200):
        apply(floor, fact, changes)
    assert FloorFolding().dump(floor) == before
    assert not changes


@pytest.mark.parametrize("seed", range(20))
def test_what_is_over_is_forgotten(seed: int) -> None:
    """A day later nothing is kept of calls that ended, and nothing points to them."""
    floor = folded(walk(seed, 200))
    later = floor.at + 86_400 * SECOND
    apply(floor, facts.NodeHeard(later, later, Node("pbx"), "later", 0), Changes())
    assert not floor.ended
    assert all(not call.ended for call in floor.calls.values())
    known = {name for call in floor.calls.values() for name in call.visits}
    assert set(floor.visits) == known
    assert set(floor.visiting.values()) <= known
    assert set(floor.aliases.values()) <= set(floor.calls)


# ------------------------------------------------------------------ the laws


def check(floor: Floor) -> None:
    for queue in floor.queues.values():
        check_counts(floor, queue)
        check_states(floor, queue)
    check_agents(floor)
    check_links(floor)
    assert len(floor.anomalies) <= ANOMALIES_KEPT


def check_counts(floor: Floor, queue: Queue) -> None:
    """Offered is what came of them and who is still there; no count is ever less than nothing."""
    day = queue.day
    assert day.offered == day.answered + day.abandoned + day.left_otherwise + day.unknown + len(queue.waiting)
    assert all(floor.visits[name].departure in (None, "connecting") for name in queue.waiting)
    assert all(floor.visits[name].departure == "answered" for name in queue.talking.values())
    assert len(queue.minutes) <= MINUTES_KEPT
    check_tally(day)
    assert [sum(getattr(half, name) for half in queue.halves.values()) for name in Tally.__struct_fields__] == list(
        msgspec.structs.astuple(day)
    )
    assert day.answered_in_target <= day.answered
    assert day.abandoned_in_target <= day.abandoned


def check_tally(tally: Tally) -> None:
    assert all(getattr(tally, name) >= 0 for name in Tally.__struct_fields__), tally


def check_states(floor: Floor, queue: Queue) -> None:
    here = {member.phone for member in queue.members.values()}
    people = [floor.phones[phone].agent for phone in here]
    states = Counter(floor.agents[agent].state.value for agent in people if agent is not None)
    assert {state: count for state, count in queue.states.items() if count} == dict(states)


def check_agents(floor: Floor) -> None:
    states = Counter(agent.state.value for agent in floor.agents.values())
    assert {state: count for state, count in floor.states.items() if count} == dict(states)
    for agent in floor.agents.values():
        assert agent.call is None or agent.call in floor.calls
        assert (agent.id in floor.wrapups) == bool(agent.wrapup_since)
        assert agent.talk >= 0
        check_halves(floor, agent)
    for name, phone in floor.phones.items():
        assert phone.agent is None or floor.agents[phone.agent].phone == name


def check_halves(floor: Floor, agent: Agent) -> None:
    """The sum of an agent's half-hours is the day so far."""
    halves = agent.halves.values()
    assert sum(half.answered for half in halves) == agent.answered
    assert sum(half.rings_missed for half in halves) == agent.rings_missed
    assert sum(half.talk for half in halves) == agent.talk
    assert all(spent > 0 for half in halves for spent in half.spent.values())


def check_links(floor: Floor) -> None:
    """What points to something points to something that is there, and back."""
    for name, call in floor.calls.items():
        assert name == key(call.node, call.id)
        assert not (call.ended and call.legs)
        assert all(visit in floor.visits for visit in call.visits)
        assert all(floor.phones[leg.phone].legs[leg.leg] == name for leg in call.legs.values())
    for phone in floor.phones.values():
        assert all(leg in floor.calls[call].legs for leg, call in phone.legs.items())
        for queue, interface in phone.members.items():
            assert floor.queues[queue].members[interface].phone == key(phone.node, phone.device)
    for visit in floor.visits.values():
        assert (visit.departure in (None, "connecting")) == (visit.id in floor.queues[key(visit.node, visit.queue)].waiting)
