"""What people do on an outbound day: managers move and stop campaigns, somebody wants no more calls, agents say what came of a talk.

Requests only, as pages and programs write them; who is refused for it is the engine's business. Chance decides who proposes and who is the
second person, so that now and then it is the same one.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from realtime import asks_outbound as asks
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.requests import Actor, AnyAsk, Request
from realtime.words import SECOND, AgentId, Micros

if TYPE_CHECKING:
    from tests.simulation.dialling import Dialling

MANAGERS = (Actor("user:ann", role="manager"), Actor("user:bob", role="manager"), Actor("user:cyd", role="supervisor"))
DIALLER = Actor("token:dialler", role="dialler")
CAMPAIGNS = {"alpha": "bank", "beta": "bank", "gamma": "shop"}


class People:
    def __init__(self, day: Dialling) -> None:
        self.day = day
        self.chance = Random(f"{day.plan.seed} people")
        self._count = 0

    def request(self, actor: Actor, ask: AnyAsk) -> Request:
        self._count += 1
        return Request(f"r{self._count}", self.day.now, actor, ask, key=f"k{self._count}")

    def opening(self, floor: Floor) -> list[Request]:
        """Every campaign to where it dials: beta stays in its trial. One step a call, for the next is from where it led."""
        ann, bob, _ = MANAGERS
        said: list[Request] = []
        for name in CAMPAIGNS:
            now = floor.owned.outbound.campaigns.get(name)
            match now.state if now is not None else "draft":
                case "draft":
                    said.append(self.request(ann, asks.CampaignStep(name, "trial", reason="approved")))
                case "trial" if name != "beta":
                    said.append(self.request(ann, asks.CampaignStep(name, "review", reason="seen enough")))
                case "review":
                    said += [self.request(who, asks.CampaignStep(name, "formal", evidence="report")) for who in (ann, bob)]
        return said

    def deeds(self, floor: Floor, share: float) -> list[Request]:
        """`share`: of an hour that has gone by."""
        plan, chance = self.day.plan, self.chance
        said: list[Request] = []
        if chance.random() < plan.steps * share:
            said.append(self._stop(floor))
        if chance.random() < 0.06:  # whoever sees that nobody dials
            said += self._resume(floor)
        if chance.random() < plan.blocks * share:
            said += self._block(floor)
        if chance.random() < plan.results * share:
            said += self._result(floor)
        return said

    def _stop(self, floor: Floor) -> Request:
        name = "" if self.chance.random() < 0.2 else self.chance.choice(list(CAMPAIGNS))
        return self.request(self.chance.choice(MANAGERS), asks.CampaignStop(name, reason="harm", pressed=self.day.now))

    def _resume(self, floor: Floor) -> list[Request]:
        outbound, chance = floor.owned.outbound, self.chance
        who = chance.choice(MANAGERS)
        if outbound.stopped:
            return [self.request(who, asks.DiallingResume(reason="mended"))]
        stopped = [each for each in outbound.campaigns.values() if each.state == "stopped"]
        if not stopped:
            return []
        one = chance.choice(stopped)
        return [self.request(who, asks.CampaignStep(one.id, one.resumes or "formal", reason="mended"))]

    def _block(self, floor: Floor) -> list[Request]:
        chance, blocks = self.chance, floor.owned.outbound.blocks
        if blocks and chance.random() < 0.6:
            agreed = [each.digest for each in floor.owned.outbound.consents.values() if each.digest in blocks]
            return self._unblock(floor, chance.choice(agreed or sorted(blocks)))
        wish = self.day.wishes.any_number()
        name = chance.choice(list(CAMPAIGNS))
        scope = chance.choices(("campaign", "client", "global"), (6, 3, 1))[0]
        about = {"campaign": name, "client": CAMPAIGNS[name]}.get(scope, "")
        ask = asks.NumberBlock(self.day.sealed(wish), "shown", scope, about)  # type: ignore[arg-type]
        return [self.request(MANAGERS[0], ask)]

    def _unblock(self, floor: Floor, digest: str) -> list[Request]:
        """A consent first; then one and the other, when somebody comes by again."""
        outbound = floor.owned.outbound
        block, number = outbound.blocks[digest][-1], Sealed(digest, b"", "")
        client = CAMPAIGNS.get(block.about, block.about)
        for name, each in outbound.consents.items():
            if each.digest == digest and each.client == client and each.given > block.at:
                ask = asks.NumberUnblock(number, block.scope, block.about, name, "asked for")  # type: ignore[arg-type]
                return [self.request(self.chance.choice(MANAGERS), ask)]
        return [self.request(MANAGERS[0], asks.ConsentKeep(number, client, evidence="letter"))]

    def _result(self, floor: Floor) -> list[Request]:
        """Of a call that is on, or was until just now."""
        dials = [each for each in floor.owned.outbound.dials.values() if each.connected]
        if not dials:
            return []
        dial = self.chance.choice(dials)
        block = self.chance.choices(("", "campaign", "client"), (20, 2, 1))[0]
        callback: Micros = self.day.now + 60 * SECOND if self.chance.random() < 0.3 else 0
        ask = asks.ResultKeep(AgentId(""), "done", dial=dial.dial, callback=callback, block=block)
        return [self.request(DIALLER, ask)]
