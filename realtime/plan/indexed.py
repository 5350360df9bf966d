"""What a plan says of names and of queues, worked out once a plan: the rules ask it of each of a thousand agents many times a second.

Not who works when (`roster.py`) and not the rules themselves (`realtime/rules/membership.py` asks this).
"""

from __future__ import annotations

from collections.abc import Mapping

from realtime.plan.model import Plan

KNOWN_PLANS = 4
"""Of the plan that holds, the one before it, and those of a what-if."""


class Indexed:
    """`names`: ids and names of its people; `queues`: of any skill, in the plan's order, so that orders are the same on every run."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = frozenset(name for person in plan.people for name in (person.id, person.name) if name)
        self.queues = dict.fromkeys(name for skill in plan.skills for name in skill.queues)
        self._penalties: dict[tuple[str, ...], Mapping[str, int]] = {}

    def penalties(self, skills: tuple[str, ...]) -> Mapping[str, int]:
        """Queue -> penalty: the union of these skills' queues, each by its lowest penalty. As many as there are kinds of people."""
        known = self._penalties.get(skills)
        if known is None:
            known = self._penalties[skills] = self._worked_out(frozenset(skills))
        return known

    def _worked_out(self, skills: frozenset[str]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for skill in self.plan.skills:
            if skill.id in skills:
                for name in skill.queues:
                    found[name] = min(found.get(name, skill.penalty), skill.penalty)
        return found


_indexed: list[Indexed] = []
"""Of the plans asked about last, the latest at the end. A plan never changes, so it is recognised by being the same object."""


def indexed(plan: Plan) -> Indexed:
    for known in reversed(_indexed):
        if known.plan is plan:
            return known
    made = Indexed(plan)
    del _indexed[: len(_indexed) - KNOWN_PLANS + 1]
    _indexed.append(made)
    return made
