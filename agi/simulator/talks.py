"""A conversation: two people in a bridge, until one hangs up, holds, or hands the other on.

Not how they came together (`calls.py`, `dials.py`). What happens to several conversations at once, or to one of
them and a third person (transfers, parking, spying), is in `features.py`.
"""

from __future__ import annotations

from agi.simulator import messages as say
from agi.simulator.agenda import SECOND, Happening
from agi.simulator.channels import Bridge, Channel
from agi.simulator.exchange import Exchange
from agi.simulator.queues import Member

LOST_HEADERS = 0.036
"""How often AgentComplete lacks the caller's or the agent's block: 7 of 195 in the capture."""


class Talk:
    """Two channels that hear each other. `phone` belongs to whoever was called (in a queue call: the agent)."""

    def __init__(self, exchange: Exchange, caller: Channel, phone: Channel) -> None:
        self.exchange, self.caller, self.phone = exchange, caller, phone
        self.began = exchange.agenda.now
        self.over = False
        self.holder: Channel | None = None
        self._plans: list[Happening] = []
        caller.owner = phone.owner = self

    @property
    def bridge(self) -> Bridge:
        """The bridge that the caller is in."""
        if self.caller.bridge is None:
            raise AssertionError(f"a talk of {self.caller.name} without a bridge")
        return self.caller.bridge

    @property
    def member(self) -> Member | None:
        """The member of whose queue this is a call."""
        return None

    @property
    def customer(self) -> Channel:
        """The channel of whom the phone's owner talks to: what is moved or taken over."""
        return self.caller

    @property
    def between(self) -> tuple[Channel, ...]:
        """The halves of a Local channel that stand between the two."""
        return ()

    @property
    def direct(self) -> bool:
        """Whether both stand in one bridge (no Local channel between them)."""
        return self.phone.bridge is self.caller.bridge

    def plan(self, happening: Happening) -> None:
        """Something that will happen in this conversation; it dies with it."""
        self._plans.append(happening)

    def settle(self) -> None:
        """The conversation is over as such: nothing planned in it happens any more."""
        self.over = True
        for plan in self._plans:
            plan.cancel()

    def hold(self, channel: Channel) -> None:
        """One side puts the other on hold. The device that says ONHOLD is the one that listens to the music."""
        if self.over or self.holder is not None:
            return
        self.holder, listener = channel, self.neighbour(channel)
        listener.held = True
        self.exchange.say(say.hold(channel))
        self.exchange.say(say.music_on_hold_start(listener))
        self.exchange.switch.settle(listener)

    def unhold(self, channel: Channel) -> None:
        """And takes it back."""
        if self.over or self.holder is not channel:
            return
        self.exchange.say(say.unhold(channel))
        self.stop_music()
        self.exchange.switch.settle(self.neighbour(channel))

    def stop_music(self) -> None:
        """Whoever was held hears no music any more."""
        if self.holder is None:
            return
        listener = self.neighbour(self.holder)
        self.holder, listener.held = None, False
        self.exchange.say(say.music_on_hold_stop(listener))

    def neighbour(self, channel: Channel) -> Channel:
        """The other channel of the same bridge."""
        return self.other(channel)

    def other(self, channel: Channel) -> Channel:
        """The other person's channel."""
        return self.caller if channel is self.phone else self.phone

    def let_go(self) -> None:
        """The phone's owner hangs up after the other has been parked."""
        switch = self.exchange.switch
        switch.say(say.hangup_request(self.phone, 16))
        switch.leave(self.phone)
        switch.hangup(self.phone)

    def includes(self, channel: Channel) -> bool:
        """Whether a channel without an owner of its own is part of this (a half of a Local channel)."""
        return False

    def drop(self, channel: Channel) -> None:
        """Somebody hangs up."""
        if self.over:
            return
        self.settle()
        switch, first, second = self.exchange.switch, channel, self.other(channel)
        switch.say(say.hangup_request(first, 16))
        self.stop_music()
        switch.leave(first)
        switch.leave(second)
        switch.say(say.soft_hangup_request(self.caller))
        switch.hangup(self.phone)
        switch.hangup(self.caller)


class QueueTalk(Talk):
    """A queue's call: with a member, and in a Local call with the two halves between caller and phone."""

    def __init__(
        self,
        exchange: Exchange,
        caller: Channel,
        phone: Channel,
        halves: tuple[Channel, Channel] | None,
        member: Member,
        hold_s: int,
        position: int,
    ) -> None:
        super().__init__(exchange, caller, phone)
        self.halves, self._member, self.hold_s, self.position = halves, member, hold_s, position

    @property
    def member(self) -> Member:
        """The member who took it."""
        return self._member

    @property
    def between(self) -> tuple[Channel, ...]:
        """Where the member is rung by a Local channel."""
        return self.halves or ()

    def neighbour(self, channel: Channel) -> Channel:
        """Behind a Local channel each side stands in a bridge with a half of it."""
        if self.halves is None:
            return self.other(channel)
        return self.halves[1] if channel is self.phone else self.halves[0]

    def includes(self, channel: Channel) -> bool:
        """The two halves between caller and phone."""
        return self.halves is not None and channel in self.halves

    def _complete(self, reason: str) -> None:
        """AgentComplete, made from a message that arrives late: now and then a block is missing."""
        exchange, chance = self.exchange, self.exchange.chance
        talk_s = exchange.now_s - self.began // SECOND
        caller: Channel | None = self.caller
        dest: Channel | None = self.halves[0] if self.halves else self.phone
        if chance.random() < LOST_HEADERS:
            caller, dest = (None, dest) if chance.random() < 0.5 else (caller, None)
        exchange.say(say.agent_complete(caller, dest, self.member, self.hold_s, talk_s, reason))
        exchange.queues.completed(self.member, self.hold_s, talk_s)

    def hand_over(self, event: str, *data: object, reason: str = "transfer") -> None:
        """The agent's part ends while the caller's goes on."""
        self.settle()
        self._log(event, *data)
        self._complete(reason)
        self.stop_music()

    def let_go(self) -> None:
        """The agent hangs up after the caller has been parked: the caller's call goes on, and this is no transfer."""
        switch = self.exchange.switch
        self._log("COMPLETEAGENT")
        switch.say(say.hangup_request(self.phone, 16))
        self._complete("agent")
        switch.leave(self.phone)
        switch.hangup(self.phone)

    def _log(self, event: str, *data: object) -> None:
        line = (*data, self.hold_s, self.exchange.now_s - self.began // SECOND, self.position)
        self.exchange.queues.write(self.caller.uniqueid, self.member.queue.name, self.member.name, event, *line)

    def drop(self, channel: Channel) -> None:
        """Somebody hangs up. Whether AgentComplete comes before the bridge breaks is left open by Asterisk."""
        if self.over:
            return
        self.settle()
        by_caller = channel is self.caller
        self._log("COMPLETECALLER" if by_caller else "COMPLETEAGENT")
        if self.halves:
            self._drop_local(by_caller)
        else:
            self._drop_direct(by_caller)

    def _drop_direct(self, by_caller: bool) -> None:
        switch = self.exchange.switch
        first, second, reason = (self.caller, self.phone, "caller") if by_caller else (self.phone, self.caller, "agent")
        late = self.exchange.chance.random() < 0.2
        switch.say(say.hangup_request(first))
        if not late:
            self._complete(reason)
        self.stop_music()
        switch.leave(first)
        if late:
            self._complete(reason)
        switch.leave(second)
        switch.say(say.soft_hangup_request(self.caller))
        switch.hangup(self.phone)
        switch.hangup(self.caller)

    def _drop_local(self, by_caller: bool) -> None:
        """Two bridges break one after the other, from the side that hung up."""
        if self.halves is None:
            raise AssertionError("a Local call without its halves")
        switch, (one, two) = self.exchange.switch, self.halves
        if by_caller:
            switch.say(say.hangup_request(self.caller))
            self._complete("caller")
            self.stop_music()
            switch.leave(self.caller)
            switch.leave(one)
            switch.say(say.hangup_request(two, 16))
            switch.hangup(one)
            switch.say(say.soft_hangup_request(self.caller))
            switch.leave(two)
            switch.say(say.soft_hangup_request(two))
            switch.hangup(two)
            switch.leave(self.phone)
            switch.hangup(self.caller)
            switch.hangup(self.phone)
            return
        switch.say(say.hangup_request(self.phone, 16))
        self.stop_music()
        switch.leave(self.phone)
        switch.leave(two)
        switch.say(say.soft_hangup_request(two))
        switch.hangup(self.phone)
        switch.say(say.hangup_request(one, 16))
        self._complete("agent")
        switch.hangup(two)
        switch.leave(one)
        switch.leave(self.caller)
        switch.hangup(one)
        switch.run(self.caller, "Hangup", priority=int(self.caller.priority) + 1)
        switch.say(say.soft_hangup_request(self.caller))
        switch.hangup(self.caller)
