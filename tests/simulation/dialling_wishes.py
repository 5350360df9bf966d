"""Who wants to dial whom on an outbound day: many numbers, few of them hot, now and then the same one at several gates at once."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from realtime.plan.model import Plan
from tests.simulation.dialling_pbx import Dial
from tests.simulation.dialling_people import CAMPAIGNS
from tests.simulation.dialling_plan import AGENTS, CALLED, DialPlan

HOT = 0.6
"""Of the dials."""


class Wishes:
    def __init__(self, plan: DialPlan, rules: Plan) -> None:
        self.closed = False
        self._plan = plan
        self._chance = Random(f"{plan.seed} wishes")
        self._numbers = [self._number(place) for place in range(plan.numbers)]

    def _number(self, place: int) -> Dial:
        """Two of a person's, now and then; debts of theirs."""
        _, forms, zones = CALLED[place % len(CALLED)]
        said = self._chance.choice(forms).format(place // len(CALLED) % 10)
        e164 = said if said.startswith("+") else f"+86{said}"
        person = f"person{place // 2}" if self._chance.random() < 0.3 else ""
        return Dial(said, e164, zones, "", "", "", person=person)

    def any_number(self) -> str:
        return self._chance.choice(self._numbers).e164

    def step(self, share: float) -> list[Dial]:
        """`share`: of an hour that has gone by."""
        chance = self._chance
        if self.closed or chance.random() >= self._plan.rate * share:
            return []
        if chance.random() < self._plan.together:
            number = self._pick()
            return [self._dial(number) for _ in range(chance.choice((2, 3, 6)))]
        return [self._dial(self._pick())]

    def _pick(self) -> Dial:
        return self._chance.choice(self._numbers[: self._plan.hot] if self._chance.random() < HOT else self._numbers)

    def _dial(self, number: Dial) -> Dial:
        chance = self._chance
        name = chance.choice(list(CAMPAIGNS))
        if chance.random() < 0.2:
            return replace(
                number, campaign="alpha", client=CAMPAIGNS["alpha"], method="manual", agent=chance.choice(AGENTS), by_hand=True, person=""
            )
        predictive = chance.random() < 0.3
        return replace(
            number,
            campaign=name,
            client=CAMPAIGNS[name],
            method="predictive" if predictive else "progressive",
            reserved=not predictive,
            agent=chance.choice(AGENTS) if not predictive and chance.random() < 0.3 else "",
            debt=f"debt{chance.randrange(2)}" if chance.random() < 0.3 else "",
            callback=chance.random() < self._plan.callbacks,
        )
