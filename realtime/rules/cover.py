"""Who stays at work in a queue while others are taken out of it: the least cover of a meeting. Pure questions to the floor.

Not the load of a queue and what it can spare (`load.py`): a least is a number that the plan says, and it holds whatever the load.
"""

from __future__ import annotations

from realtime.floor import Floor
from realtime.rules.busy import seat_of
from realtime.words import AgentState

AT_WORK = (
    AgentState.READY,
    AgentState.RINGING,
    AgentState.DIALLING,
    AgentState.TALKING,
    AgentState.HOLD,
    AgentState.WRAPUP,
)
"""Who counts as cover: there and taking calls. Who lets calls ring, or cannot be reached, covers nothing."""


class Cover:
    """How many stay at work in each queue, while the meetings of one look take people out one by one."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._staying: dict[str, set[str]] = {}

    def takes(self, agent: str, least: int) -> bool:
        """Takes this one out, if every queue that counts on them keeps this least."""
        phone = seat_of(self._floor, agent)
        counted = [queue for queue in (phone.members if phone is not None else ()) if agent in self.staying(queue)]
        if least > 0 and any(len(self.staying(queue)) <= least for queue in counted):
            return False
        for queue in counted:
            self.staying(queue).discard(agent)
        return True

    def staying(self, queue: str) -> set[str]:
        if queue not in self._staying:
            self._staying[queue] = staying(self._floor, queue)
        return self._staying[queue]


def staying(floor: Floor, queue: str) -> set[str]:
    """The agents of a queue who are at work in it and are not about to go."""
    owned, found = floor.owned, set[str]()
    for member in floor.queues[queue].members.values():
        agent = floor.phones[member.phone].agent
        if agent is None or member.paused or agent in owned.leases or agent in owned.grants:
            continue
        if floor.agents[agent].state in AT_WORK and not leaving(floor, agent):
            found.add(agent)
    return found


def leaving(floor: Floor, agent: str) -> bool:
    duty = floor.owned.duty.get(agent)
    return duty is not None and bool(duty.leaving)


def present(floor: Floor, agent: str) -> bool:
    """On the floor: at a phone, logged in, and not about to go home."""
    known = floor.agents.get(agent)
    return (
        known is not None and seat_of(floor, agent) is not None and known.state is not AgentState.LOGGED_OUT and not leaving(floor, agent)
    )
