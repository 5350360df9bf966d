"""A plan tried on facts in memory, as `andon/plan/try_.py` does it from history."""

from __future__ import annotations

from collections.abc import Sequence

from realtime.facts import Fact
from realtime.floor import Floor
from realtime.plan.model import Plan
from realtime.whatif.found import Found
from realtime.whatif.recorded import Recorded
from realtime.whatif.shadow import Shadow
from realtime.whatif.trying import found_of
from realtime.words import Micros


class Trial:
    def __init__(self, facts: Sequence[Fact], plan: Plan, since: Micros, until: Micros) -> None:
        self.recorded = Recorded(Floor(), since, until)
        for fact in facts:
            self.recorded.feed(fact)
        wishes = self.recorded.finish()
        self.shadow = Shadow(Floor(), plan, wishes, since, until)
        for fact in facts:
            self.shadow.feed(fact)
        self.shadow.finish()
        self.found: Found = found_of(self.recorded, self.shadow, wishes, plan, since, until)
