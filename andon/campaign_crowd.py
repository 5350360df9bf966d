"""Who is in charge of the demo's campaigns, and what its agents say came of their talks: requests, as pages would send them.

Not who decides (the engine) and not who dials (`agi/simulator/dialler.py`). Seeded, without I/O, as `crowd.py`. What was moved once
stays as it is: a visitor who stops a campaign is not overruled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from andon.plan.demo_campaigns import CLIENTS, FORMAL, TRIAL
from realtime.asks_outbound import AnyOutboundAsk, CampaignStep, ListAnnounce, NumberBlock, ResultKeep
from realtime.dial.seeing import campaign_of
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.outbound import ListAnnounced
from realtime.owned_outbound import DialNow
from realtime.requests import Actor, Request
from realtime.words import SECOND, AgentId, Micros

MANAGER: Final = Actor("agent:1901", "manager", AgentId("1901"), "page")
SECOND_PERSON: Final = Actor("agent:1902", "supervisor", AgentId("1902"), "page")
"""The two leaders of the plan: who says it first, and who agrees."""
AGAIN: Final[Micros] = 3 * SECOND
TRIES: Final = 8
AT_ONCE: Final = 10
"""Requests of this start that are under way: the engine has others to answer, too."""
CODES: Final = {
    TRIAL: (("S1", 30), ("C1", 15), ("D1", 40), ("N2", 8), ("A1", 7)),
    FORMAL: (("P1", 50), ("C1", 20), ("D1", 15), ("N2", 4), ("W1", 5), ("A1", 6)),
}
MACHINE_S: Final = 8
"""A talk that is shorter was with a machine: these agents hang up at once."""
CODED: Final = 0.8
"""The share of talks that get a result; the others are forgotten, as in life."""
CALLBACK: Final[Micros] = 3600 * SECOND

MOVES: Final[tuple[tuple[Actor, CampaignStep], ...]] = (
    (MANAGER, CampaignStep(TRIAL, "trial", reason="Trial plan of 28 November, approved by the client.")),
    (MANAGER, CampaignStep(FORMAL, "trial", reason="Trial plan of 20 November, approved by the bank.")),
    (MANAGER, CampaignStep(FORMAL, "review", reason="The trial of last week is judged by its report; this one only tries the lines.")),
    (MANAGER, CampaignStep(FORMAL, "formal", evidence="Trial report NB-2026-207/3, signed by the bank.")),
    (SECOND_PERSON, CampaignStep(FORMAL, "formal")),
)


@dataclass(slots=True)
class _Open:
    request: Request
    sent: Micros
    tries: int = 1


@dataclass(slots=True)
class CampaignCrowd:
    """`step` a few times a second. `lists` are to be announced; `asked` do not want to be called by the campaigns' clients."""

    seed: int
    lists: Sequence[ListAnnounced]
    asked: Sequence[tuple[Sealed, str]] = ()
    prefix: str = "charge"
    _waiting: list[tuple[Actor, AnyOutboundAsk]] = field(init=False)
    _moves: list[tuple[Actor, AnyOutboundAsk]] = field(init=False)
    _open: dict[str, _Open] = field(init=False, default_factory=dict)
    _coded: dict[str, Micros] = field(init=False, default_factory=dict)
    """Dials that are over: when their result is said; 0 for never, or said."""
    _said: int = field(init=False, default=0)
    _chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = Random(f"{self.seed}:charge")  # noqa: S311 - repeatable on purpose
        self._waiting = [(MANAGER, ListAnnounce(each)) for each in self.lists]
        for number, shown in self.asked:
            for client in CLIENTS.values():
                self._waiting.append((MANAGER, NumberBlock(number, shown, "client", client, "agent", evidence="Said so in a call.")))
        self._moves = list(MOVES)

    def step(self, floor: Floor, now: Micros) -> list[Request]:
        """What is asked now, what was not answered first."""
        for key in [key for key, each in self._open.items() if key in floor.owned.keys or each.tries > TRIES]:
            del self._open[key]
        said = [again for each in self._open.values() if (again := self._again(each, now)) is not None]
        if campaign_of(floor, FORMAL) is None:
            return said  # the plan has not been taken up yet
        while self._waiting and len(self._open) < AT_ONCE:
            said.append(self._ask(*self._waiting.pop(0), now))
        if not self._waiting and not self._open and self._moves:
            said.append(self._ask(*self._moves.pop(0), now))
        return [*said, *self._results(floor, now)]

    def _ask(self, actor: Actor, ask: AnyOutboundAsk, now: Micros) -> Request:
        self._said += 1
        name = f"{self.prefix}-{self._said}"
        request = Request(name, now, actor, ask, f"k-{name}")
        self._open[request.key] = _Open(request, now)
        return request

    def _again(self, each: _Open, now: Micros) -> Request | None:
        if now - each.sent < AGAIN:
            return None
        each.sent, each.tries = now, each.tries + 1
        self._said += 1
        return Request(f"{self.prefix}-{self._said}", now, each.request.actor, each.request.ask, each.request.key)

    # ------------------------------------------------------------------ results

    def _results(self, floor: Floor, now: Micros) -> list[Request]:
        dials, said = floor.owned.outbound.dials, []
        for name, dial in dials.items():
            if dial.over and dial.outcome == "connected" and dial.agent and name not in self._coded:
                coded = self._chance.random() < CODED
                self._coded[name] = now + int(self._chance.uniform(1, 9) * SECOND) if coded else 0
        for name in [name for name, at in self._coded.items() if name not in dials or 0 < at <= now]:
            if name in dials:
                self._coded[name] = 0
                said.append(self._ask(*self._result(dials[name], now), now))
            else:
                del self._coded[name]
        return said

    def _result(self, dial: DialNow, now: Micros) -> tuple[Actor, ResultKeep]:
        codes, weights = zip(*CODES.get(dial.campaign, CODES[FORMAL]), strict=True)
        machine = dial.gone - dial.connected < MACHINE_S * SECOND
        code = "A1" if machine else self._chance.choices(codes, weights)[0]
        callback = now + CALLBACK if code == "C1" else 0
        agent = AgentId(dial.agent)
        return Actor(f"agent:{agent}", "agent", agent, "page"), ResultKeep(agent, code, dial.dial, callback, machine)
