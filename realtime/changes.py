"""What applying facts has touched: the keys whose rows a screen must get again.

Not a difference of two floors: the fold notes as it goes, so the cost does not grow with the floor. Merging is by
adding to the same object until somebody renders and clears it.
"""

from __future__ import annotations


class Changes:
    """Keys by table. `everything` means that rows cannot be named: send a snapshot."""

    __slots__ = ("agents", "calls", "everything", "gone_agents", "gone_calls", "gone_queues", "nodes", "queues")

    def __init__(self) -> None:
        self.everything = False
        self.nodes: set[str] = set()
        self.queues: set[str] = set()
        self.agents: set[str] = set()
        self.calls: set[str] = set()
        self.gone_queues: set[str] = set()
        self.gone_agents: set[str] = set()
        self.gone_calls: set[str] = set()

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
        )
