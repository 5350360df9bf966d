"""What applying facts has touched: the keys whose rows a screen must get again, and what has ended and is kept by history alone.

Not a difference of two floors: the fold notes as it goes, so the cost does not grow with the floor. Merging is by
adding to the same object until somebody renders and clears it.
"""

from __future__ import annotations

from realtime.floor import AgentTally, Tally, Turn
from realtime.words import AgentId


class Ended:
    """What history keeps and no screen shows: the turns that ended, and which half-hours count something else than before.

    Half-hours are named by queue or agent and first second. A DayBegan forgets those of the day that ends: they are handed
    over as they were at its end, with its name.
    """

    __slots__ = ("agent_halves", "closed_agent_halves", "closed_queue_halves", "queue_halves", "turns")

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.queue_halves: set[tuple[str, int]] = set()
        self.agent_halves: set[tuple[str, int]] = set()
        self.closed_queue_halves: list[tuple[str, str, int, Tally]] = []
        self.closed_agent_halves: list[tuple[str, AgentId, int, AgentTally]] = []


class Changes:
    """Keys by table. `everything` means that rows cannot be named: send a snapshot. `ended` is noted for who brings one.

    `owned` names the small tables of what Andon owns that changed: breaks, campaigns, meetings, messages, alerts, orders.
    They go whole.
    """

    __slots__ = ("agents", "calls", "ended", "everything", "gone_agents", "gone_calls", "gone_queues", "nodes", "owned", "queues")

    def __init__(self, ended: Ended | None = None) -> None:
        self.ended = ended
        self.everything = False
        self.nodes: set[str] = set()
        self.queues: set[str] = set()
        self.agents: set[str] = set()
        self.calls: set[str] = set()
        self.gone_queues: set[str] = set()
        self.gone_agents: set[str] = set()
        self.gone_calls: set[str] = set()
        self.owned: set[str] = set()

    def __bool__(self) -> bool:
        return bool(
            self.everything
            or self.nodes
            or self.queues
            or self.agents
            or self.calls
            or self.gone_queues
            or self.gone_agents
            or self.gone_calls
            or self.owned
        )
