"""What people do: agents who answer, talk, take breaks, dial and hand over; customers who call, wait and give up.

Not the PBX's part of it (`calls.py`, `talks.py`, `features.py`) and not the numbers (`centre.py`). Each kind of
decision has its own stream of chance from the seed, so that an order from outside (a pause, a hang-up) does not
change who calls in afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import log
from random import Random

from agi.simulator import messages as say
from agi.simulator.agenda import SECOND, Happening
from agi.simulator.calls import QueueCall, arrive
from agi.simulator.centre import Centre, Person, QueueSpec
from agi.simulator.chance import stream
from agi.simulator.channels import UP, Channel
from agi.simulator.dials import call_from
from agi.simulator.exchange import TRUNK, Exchange, Outcome
from agi.simulator.features import Consultation, Parking, Spy, blind_transfer
from agi.simulator.talks import QueueTalk, Talk

# Why people are away: reason, weight, shortest and longest in seconds.
BREAKS = (
    ("小休", 60, 180, 600),
    ("午餐", 10, 1500, 2400),
    ("会议", 8, 900, 1800),
    ("培训", 6, 1200, 1800),
    ("coaching", 8, 480, 900),
    ("lunch", 4, 1500, 2400),
    ("", 4, 60, 300),
)
SHORTEST_GAP_S = 480
"""Nobody takes two breaks within eight minutes."""
# What an agent does in the middle of a queue call, and how often.
HOLD, BLIND, ATTENDED, PARK = 0.12, 0.04, 0.03, 0.012
PEAK = 1.5
"""Upper bound of Centre.load, for drawing arrivals by thinning."""


@dataclass(slots=True, eq=False)
class Agent:
    """A person at work, and what he is about to do."""

    person: Person
    away: bool = False
    reason: str = ""
    back: Happening | None = None
    gone: bool = False


class Staff:
    """Everybody at the centre and everybody who calls it."""

    def __init__(self, centre: Centre, seed: int) -> None:
        self._centre = centre
        self._seed = seed
        self._streams: dict[str, Random] = {}
        self.agents = {person.device: Agent(person) for person in centre.people(seed)}
        self.supervisors = [f"PJSIP/{1901 + place}" for place in range(centre.supervisors)]
        self.desks = [f"PJSIP/{1851 + place}" for place in range(centre.desks)]
        self.closed = False
        """No new calls: the day ends."""
        self._exchange: Exchange
        self._lot: Parking

    def _chance(self, name: str) -> Random:
        return self._streams.setdefault(name, stream(self._seed, name))

    # ---- the day

    def begin(self, exchange: Exchange, lot: Parking, *, first: bool) -> None:
        """Everybody takes up what he does; at the very first, some are already away."""
        self._exchange, self._lot = exchange, lot
        centre = self._centre
        for spec in centre.queues:
            self._next_call(spec)
        self._poisson("outbound", centre.outbound_per_agent_hour * centre.agents, self._dial_out)
        self._poisson("internal", centre.internal_per_agent_hour * centre.agents, self._call_colleague)
        self._poisson("spies", centre.spies_per_hour, self._spy)
        self._poisson("outages", centre.outages_per_hour * centre.agents / 60, self._outage)
        self._poisson("shifts", centre.agents / 10, self._come_or_go)
        chance = self._chance("breaks")
        for agent in self.agents.values():
            agent.away = False
            if first and chance.random() < 0.08:
                exchange.agenda.after(chance.uniform(0.1, 5), partial(self._leave, agent))
            else:
                exchange.agenda.after(chance.uniform(30, self._centre.break_every_s), partial(self._leave, agent))

    def _poisson(self, name: str, per_hour: float, what: Callable[[], None]) -> None:
        """Let `what` happen at random, so often an hour."""
        if per_hour <= 0:
            return
        chance, agenda = self._chance(name), self._exchange.agenda

        def happens() -> None:
            if self.closed:
                return
            what()
            agenda.after(chance.expovariate(per_hour / 3600), happens)

        agenda.after(chance.expovariate(per_hour / 3600), happens)

    # ---- customers

    def _next_call(self, spec: QueueSpec) -> None:
        chance = self._chance(f"arrivals:{spec.name}")
        centre = self._centre
        peak = centre.calls_per_agent_hour * centre.agents * centre.rate * spec.share * PEAK / 3600
        if peak <= 0:
            return
        after = 0.0
        while True:
            after += chance.expovariate(peak)
            if chance.random() * PEAK < centre.load(self._exchange.agenda.now + int(after * SECOND)):
                break
        self._exchange.agenda.after(after, partial(self._call, spec, chance))

    def _call(self, spec: QueueSpec, chance: Random) -> None:
        if self.closed:
            return
        number = f"1{chance.choice('3589')}{chance.randrange(10**8, 10**9)}"
        arrive(self._exchange, number, f"Cust{chance.randrange(1, 100000)}", spec.name, spec.route)
        self._next_call(spec)

    def waiting(self, call: QueueCall) -> None:
        """Patience is exponential; a few hang up at once, when they hear that they wait."""
        call.after(1.5 + self._chance("patience").expovariate(1 / self._centre.patience_s))

    # ---- who is rung

    def rung(self, channel: Channel) -> Outcome:
        """Customers are out or busy now and then; agents answer, unless they are away or on another call."""
        chance = self._chance("answers")
        if channel.device == TRUNK:
            draw = chance.random()
            if draw < 0.1:
                return Outcome(1.2, "BUSY")
            return Outcome(chance.uniform(3, 18), "NOANSWER" if draw < 0.28 else "ANSWER")
        agent = self.agents.get(channel.device)
        if len(self._exchange.switch.devices[channel.device].channels) > 1:
            return Outcome(0.4, "BUSY")
        if agent and (agent.away or chance.random() < self._centre.no_answer):
            return Outcome(0, "NOANSWER")
        return Outcome(1 + chance.lognormvariate(0.7, 0.6), "ANSWER")

    # ---- conversations

    def talking(self, talk: Talk) -> None:
        """How long, who hangs up, and what the agent does in between."""
        chance, agenda = self._chance("talks"), self._exchange.agenda
        mean = self._centre.spec(talk.member.queue.name).talk_s if talk.member else 75
        length = min(max(chance.lognormvariate(log(mean) - 0.18, 0.6), 4), 3600)
        ends = talk.caller if chance.random() < 0.55 else talk.phone
        talk.plan(agenda.after(length, lambda: talk.drop(ends)))
        if not isinstance(talk, QueueTalk):
            return
        draw = chance.random()
        at = length * chance.uniform(0.2, 0.7)
        for share, deed in ((HOLD, self._hold), (BLIND, self._blind), (ATTENDED, self._consult), (PARK, self._park)):
            if draw < share:
                talk.plan(agenda.after(at, partial(deed, talk)))
                return
            draw -= share

    def _hold(self, talk: Talk) -> None:
        talk.hold(talk.phone)
        seconds = self._chance("talks").uniform(8, 60)
        talk.plan(self._exchange.agenda.after(seconds, lambda: talk.unhold(talk.phone)))

    def _blind(self, talk: Talk) -> None:
        """To another queue, or to a colleague."""
        chance = self._chance("talks")
        own = talk.member.queue.name if talk.member else ""
        elsewhere = [spec.name for spec in self._centre.queues if spec.name != own and not spec.local]
        colleague = self._idle(chance)
        if colleague and chance.random() < 0.4:
            blind_transfer(talk, colleague.person.number)
        elif elsewhere:
            blind_transfer(talk, chance.choice(elsewhere))

    def _consult(self, talk: Talk) -> None:
        chance = self._chance("talks")
        colleague = self._idle(chance)
        if colleague and talk.direct:
            Consultation(talk, colleague.person.number, chance.uniform(6, 25))

    def _park(self, talk: Talk) -> None:
        self._lot.park(talk)

    def parked(self, space: int) -> None:
        """Somebody fetches most of them."""
        chance = self._chance("parking")
        if chance.random() < 0.75:
            self._exchange.agenda.after(chance.uniform(5, 40), partial(self._fetch, space))

    def _fetch(self, space: int) -> None:
        colleague = self._idle(self._chance("parking"))
        if colleague:
            self._lot.fetch(space, colleague.person.device, colleague.person.name)

    # ---- what agents do of their own

    def _idle(self, chance: Random) -> Agent | None:
        """An agent who does nothing right now; a few tries, for a full floor has none."""
        agents, devices = list(self.agents.values()), self._exchange.switch.devices
        for _ in range(12):
            agent = chance.choice(agents)
            device = devices[agent.person.device]
            if not agent.away and not agent.gone and device.state == "NOT_INUSE" and not device.channels:
                return agent
        return None

    def _dial_out(self) -> None:
        chance = self._chance("outbound")
        agent = self._idle(chance)
        if agent:
            call_from(self._exchange, agent.person.device, agent.person.name, f"139{chance.randrange(10**7, 10**8)}")

    def _call_colleague(self) -> None:
        chance = self._chance("internal")
        one, other = self._idle(chance), self._idle(chance)
        if one and other and one is not other:
            call_from(self._exchange, one.person.device, one.person.name, other.person.number)

    def _spy(self) -> None:
        """A supervisor with a free phone listens to somebody for a while."""
        chance, switch = self._chance("spies"), self._exchange.switch
        free = [device for device in self.supervisors if not switch.device(device).channels]
        talking = [c for c in switch.channels.values() if c.device in self.agents and c.state == UP and isinstance(c.owner, Talk)]
        if not free or not talking:
            return
        device = chance.choice(free)
        target = chance.choice(talking)
        spyer = switch.open(device, UP, "from-phone", f"*55{target.device[6:]}", cid=(device[6:], "Supervisor"))
        switch.settle(spyer)
        spy = Spy(self._exchange, spyer, target)
        self._exchange.agenda.after(chance.uniform(15, 90), spy.stop)

    def _outage(self) -> None:
        """An idle phone is not reachable for a while."""
        chance = self._chance("outages")
        agent = self._idle(chance)
        if not agent:
            return
        self._reach(agent, False)
        self._exchange.agenda.after(chance.uniform(40, 200), partial(self._reach, agent, True))

    def _reach(self, agent: Agent, reachable: bool) -> None:
        switch, number = self._exchange.switch, agent.person.number
        device = switch.device(agent.person.device)
        device.reachable = reachable
        uri = f"sip:{number}@10.8.0.{int(number) % 250 + 1}:5060"
        switch.say(say.peer_status(number, "Reachable" if reachable else "Unreachable"))
        switch.settle_device(device)
        switch.say(say.contact_status(number, uri, "Reachable" if reachable else "Unreachable", 1200 if reachable else 0))

    # ---- breaks and shifts

    def _leave(self, agent: Agent) -> None:
        """A break begins. Who is already paused by somebody else, or has gone home, tries again later."""
        chance, queues = self._chance("breaks"), self._exchange.queues
        members = queues.members_of(agent.person.device)
        if not members or any(member.paused for member in members):
            self._later(agent)
            return
        if self._centre.own_pauses < 1 and chance.random() >= self._centre.own_pauses:
            self._later(agent)
            return
        reason, _, shortest, longest = chance.choices(BREAKS, [kind[1] for kind in BREAKS])[0]
        self._pause(agent, reason, chance.uniform(shortest, longest))

    def _pause(self, agent: Agent, reason: str, seconds: float) -> None:
        agent.away, agent.reason = True, reason
        self._exchange.queues.pause(self._exchange.queues.members_of(agent.person.device), True, reason, everywhere=True)
        agent.back = self._exchange.agenda.after(seconds, partial(self._return, agent))

    def take_pause(self, device: str, reason: str, seconds: float) -> bool:
        """A feature code on this phone: paused in all queues for so long, without asking anybody. False: it is paused, or nobody's."""
        agent, members = self.agents.get(device), self._exchange.queues.members_of(device)
        if agent is None or not members or any(member.paused for member in members):
            return False
        self._pause(agent, reason, seconds)
        return True

    def end_pause(self, device: str) -> None:
        """The other feature code: ready in all queues, whoever paused them."""
        agent = self.agents.get(device)
        if agent is None:
            return
        if agent.back:
            agent.back.cancel()
        self._return(agent)

    def _return(self, agent: Agent) -> None:
        agent.away, agent.back = False, None
        paused = [member for member in self._exchange.queues.members_of(agent.person.device) if member.paused]
        self._exchange.queues.pause(paused, False, "", everywhere=True)
        self._later(agent)

    def _later(self, agent: Agent) -> None:
        gap = SHORTEST_GAP_S + self._chance("breaks").expovariate(1 / self._centre.break_every_s)
        self._exchange.agenda.after(gap, partial(self._leave, agent))

    def moved(self, device: str) -> None:
        """Somebody from outside paused or unpaused an agent: that counts more than his own plan."""
        agent = self.agents.get(device)
        if agent is None:
            return
        if agent.back:
            agent.back.cancel()
            agent.back = None
            self._later(agent)
        agent.away = all(member.paused for member in self._exchange.queues.members_of(device))

    def _come_or_go(self) -> None:
        """A flexible worker logs out of all queues, or comes back to them."""
        chance, queues = self._chance("shifts"), self._exchange.queues
        flexible = [agent for agent in self.agents.values() if agent.person.dynamic]
        if not flexible:
            return
        agent = chance.choice(flexible)
        if agent.gone:
            self.enrol(agent, say_so=True)
            return
        out = sum(other.gone for other in flexible)
        if out * 3 >= len(flexible) or agent.away or self._exchange.switch.device(agent.person.device).channels:
            return
        agent.gone = True
        for member in list(queues.members_of(agent.person.device)):
            queues.remove(member, "NONE")

    def enrol(self, agent: Agent, *, say_so: bool) -> None:
        """Make an agent a member of his queues."""
        centre, queues, person = self._centre, self._exchange.queues, agent.person
        agent.gone = False
        for name in person.queues:
            spec = centre.spec(name)
            interface = centre.interface(person, spec)
            if interface in queues.queues[name].members:
                continue
            member = queues.add(
                queues.queues[name], person.name, interface, person.device, "dynamic" if person.dynamic else "static", spec.penalty
            )
            if say_so:
                queues.join(member, "NONE")
