"""What one does to conversations: blind and attended transfer, parking, spying, redirect.

Not the conversation itself (`talks.py`). Each function is one deed of a phone or of an action, with all its events.
"""

from __future__ import annotations

from collections.abc import Iterator

from agi.simulator import messages as say
from agi.simulator.agenda import SECOND, Happening
from agi.simulator.calls import QueueCall, Stop
from agi.simulator.channels import RING, UP, Channel
from agi.simulator.dials import Dial
from agi.simulator.exchange import Exchange
from agi.simulator.outlet import Event
from agi.simulator.talks import QueueTalk, Talk

PARK_TIMEOUT = 60
"""Seconds until a parked caller rings back; Asterisk's default is 45."""
QUEUE_TIMEOUT = 120
"""Seconds for a Queue() that a transfer leads to."""
FIRST_SPACE, LAST_SPACE = 701, 720
ANNOUNCEMENT_S = 1.5
"""How long the parking agent hears the number of the space."""


def blind_transfer(talk: Talk, exten: str) -> None:
    """The phone's owner sends the caller to a queue or to another phone and is out of it."""
    exchange, switch, caller, phone = talk.exchange, talk.exchange.switch, talk.caller, talk.phone
    if talk.over or not talk.direct:
        return
    switch.say(say.unhold(phone))
    talk.stop_music()
    switch.set(caller, "BLINDTRANSFER", phone.name)
    switch.say(say.blind_transfer(phone, caller, talk.bridge, "transfer", exten))
    if isinstance(talk, QueueTalk):
        talk.hand_over("BLINDTRANSFER", exten, "transfer")
    else:
        talk.settle()
    switch.leave(phone)
    switch.leave(caller)
    switch.hangup(phone)
    send(exchange, caller, "transfer", exten)


def send(exchange: Exchange, caller: Channel, context: str, exten: str) -> None:
    """A channel goes on in the dialplan: a queue's name leads there, anything else is dialled."""
    caller.show(context=context, exten=exten, priority=0)
    if exten in exchange.queues.queues:
        QueueCall(exchange, caller, [Stop(exten, QUEUE_TIMEOUT)]).go()
        return
    caller.show(priority=1)
    Dial(exchange, caller, exten).go()


class Consultation:
    """An agent holds a caller, calls a colleague, and then puts the two together (or goes back)."""

    def __init__(self, talk: Talk, colleague: str, after_s: float) -> None:
        self._first, self._after = talk, after_s
        exchange, phone = talk.exchange, talk.phone
        talk.hold(phone)
        caller = exchange.switch.open(phone.device, RING, "from-phone", colleague, cid=(phone.device.partition("/")[2], "<unknown>"))
        self._line = caller
        Dial(exchange, caller, colleague, self._connected, self._failed).go()

    def _connected(self, second: Talk) -> None:
        if self._first.over:
            second.drop(second.caller)
            return
        second.plan(second.exchange.agenda.after(self._after, lambda: self._complete(second)))

    def _failed(self, status: str) -> None:
        exchange = self._first.exchange
        exchange.say(say.soft_hangup_request(self._line))
        exchange.switch.hangup(self._line, 17 if status == "BUSY" else 16)
        self._first.unhold(self._first.phone)

    def _complete(self, second: Talk) -> None:
        """The two bridges become one: the caller moves to the colleague, both channels of the agent go."""
        first, switch = self._first, self._first.exchange.switch
        if first.over:
            second.drop(second.caller)
            return
        caller, old, new = first.caller, first.bridge, second.bridge
        transfer = say.attended_transfer(first.phone, old, second.caller, new, caller, second.phone)
        switch.say(say.bridge_merge(new, old))
        switch.leave(caller)
        switch.enter(new, caller)
        switch.leave(first.phone)
        switch.leave(second.caller)
        switch.say(transfer)
        if isinstance(first, QueueTalk):
            first.hand_over("ATTENDEDTRANSFER", "BRIDGE", new.uniqueid)
        else:
            first.settle()
        second.settle()
        first.stop_music()
        for channel in (first.phone, second.caller):
            switch.say(say.soft_hangup_request(channel))
            switch.hangup(channel)
        first.exchange.people.talking(Talk(first.exchange, caller, second.phone))


class Parking:
    """The parking lot: who is in which space, until fetched, rung back or gone."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._spaces: dict[int, Parked] = {}

    def park(self, talk: Talk) -> int | None:
        """The phone's owner parks the caller; None when the lot is full or the caller is behind a Local channel."""
        space = next((number for number in range(FIRST_SPACE, LAST_SPACE + 1) if number not in self._spaces), None)
        if space is None or talk.over or not talk.direct:
            return None
        talk.stop_music()
        talk.settle()
        self._spaces[space] = Parked(self._exchange, self, talk.caller, talk.phone.device, space)
        # The phone hears the number of the space, alone in the bridge, and hangs up.
        talk.phone.owner = _Listening(talk, self._exchange.agenda.after(ANNOUNCEMENT_S, talk.let_go))
        self._exchange.people.parked(space)
        return space

    def fetch(self, space: int, device: str, name: str) -> bool:
        """Somebody dials the space."""
        parked = self._spaces.get(space)
        if parked is None:
            return False
        parked.fetched_by(device, name)
        return True

    def everyone(self) -> Iterator[Event]:
        """Who is parked, as ParkedCalls lists it."""
        for parked in self._spaces.values():
            yield parked.event("ParkedCall", None)

    def free(self, space: int) -> None:
        """The space is empty again."""
        del self._spaces[space]

    def clear(self) -> None:
        """A restart."""
        self._spaces.clear()


class _Listening:
    """A phone that hears which space it was; hung up earlier, it is gone earlier."""

    def __init__(self, talk: Talk, end: Happening) -> None:
        self._talk, self._end = talk, end

    def drop(self, channel: Channel) -> None:
        """Hung up by an action."""
        self._end.cancel()
        self._talk.let_go()


class Parked:
    """A caller in a parking space."""

    def __init__(self, exchange: Exchange, lot: Parking, caller: Channel, parker: str, space: int) -> None:
        self._exchange, self._lot, self._caller, self._parker, self._space = exchange, lot, caller, parker, space
        self._since = exchange.agenda.now
        self._timer: Happening = exchange.agenda.after(PARK_TIMEOUT, self._time_out)
        caller.owner = self
        switch = exchange.switch
        bridge = switch.bridge("parking", "holding_bridge")
        self._say("ParkedCall", None)
        switch.leave(caller)
        self._light("INUSE")
        switch.enter(bridge, caller)
        switch.say(say.music_on_hold_start(caller))

    def _light(self, state: str) -> None:
        """The lamp of the parking space."""
        self._exchange.say(say.device_state_change(f"park:{self._space}@parkedcalls", state))

    def event(self, name: str, retriever: Channel | None) -> Event:
        """What there is to say of this caller now."""
        waited = (self._exchange.agenda.now - self._since) // SECOND
        return say.parked(name, self._caller, self._parker, self._space, max(PARK_TIMEOUT - waited, 0), waited, retriever)

    def _say(self, name: str, retriever: Channel | None) -> None:
        self._exchange.say(self.event(name, retriever))

    def _out(self, name: str, retriever: Channel | None) -> None:
        self._timer.cancel()
        self._lot.free(self._space)
        if name == "ParkedCallGiveUp":
            self._say(name, retriever)
            self._exchange.say(say.hangup_request(self._caller, 16))
        self._exchange.say(say.music_on_hold_stop(self._caller))
        self._light("NOT_INUSE")
        if name == "UnParkedCall":
            self._say(name, retriever)
        self._exchange.switch.leave(self._caller)
        if name == "ParkedCallTimeOut":
            self._say(name, retriever)

    def fetched_by(self, device: str, name: str) -> None:
        """A colleague dials the space and has the caller."""
        switch, caller = self._exchange.switch, self._caller
        retriever = switch.open(device, RING, "from-phone", str(self._space), cid=(device.partition("/")[2], name))
        switch.run(retriever, "ParkedCall", f"default,{self._space}")
        switch.state(retriever, UP)
        switch.settle(retriever)
        bridge = switch.bridge()
        self._out("UnParkedCall", retriever)
        switch.enter(bridge, caller)
        switch.enter(bridge, retriever)
        self._exchange.people.talking(Talk(self._exchange, caller, retriever))

    def _time_out(self) -> None:
        """Nobody came: back to whoever parked."""
        self._out("ParkedCallTimeOut", None)
        send(self._exchange, self._caller, "park-dial", self._parker.partition("/")[2])

    def drop(self, channel: Channel) -> None:
        """The caller hangs up."""
        self._out("ParkedCallGiveUp", None)
        self._exchange.say(say.soft_hangup_request(channel))
        self._exchange.switch.hangup(channel)

    def depart(self, channel: Channel) -> None:
        """The caller is redirected."""
        self._out("UnParkedCall", None)


class Spy:
    """A supervisor listens to a channel until either goes."""

    def __init__(self, exchange: Exchange, spyer: Channel, spyee: Channel, data: str = "") -> None:
        self._exchange, self._spyer, self._spyee = exchange, spyer, spyee
        spyer.owner = self
        exchange.switch.run(spyer, "ChanSpy", data or f"{spyee.name},qES")
        exchange.say(say.chan_spy_start(spyer, spyee))
        self._watch: Happening = exchange.agenda.after(1, self._look)

    def _look(self) -> None:
        """ChanSpy notices within a second or two that the spied channel has gone."""
        if self._spyee.ended:
            self.stop()
        else:
            self._watch = self._exchange.agenda.after(1, self._look)

    def stop(self) -> None:
        """No more listening."""
        if not self._spyer.ended:
            self.drop(self._spyer)

    def drop(self, channel: Channel) -> None:
        """The supervisor hangs up."""
        self._watch.cancel()
        self._exchange.say(say.chan_spy_stop(self._spyer, self._spyee))
        self._exchange.say(say.soft_hangup_request(channel))
        self._exchange.switch.hangup(channel)


def take_over(exchange: Exchange, taker: Channel, taken: Channel) -> bool:
    """Bridge(): a channel is taken out of its conversation into one with `taker`; whoever it talked with is hung up."""
    talk, switch = taken.owner, exchange.switch
    if not isinstance(talk, Talk) or talk.over or taken is not talk.customer:
        return False
    new = switch.bridge()
    rest = [talk.phone, *talk.between]
    talk.settle()
    talk.stop_music()
    switch.leave(taken)
    switch.enter(new, taken)
    for channel in rest:
        switch.leave(channel)
    switch.enter(new, taker)
    if isinstance(talk, QueueTalk):
        talk.hand_over("COMPLETEAGENT", reason="agent")
    for channel in rest:
        switch.hangup(channel)
    exchange.people.talking(Talk(exchange, taken, taker))
    return True


def redirect(exchange: Exchange, channel: Channel, context: str, exten: str) -> None:
    """A channel is taken out of whatever it is in and goes on elsewhere; a partner in a bridge is hung up."""
    owner = channel.owner
    if isinstance(owner, Talk):
        _redirect_talk(owner, channel)
    elif isinstance(owner, (QueueCall, Dial, Parked)):
        owner.depart(channel)
    send(exchange, channel, context, exten)


def _redirect_talk(talk: Talk, channel: Channel) -> None:
    """The other side of a direct conversation goes; a Local one is redirected only from the caller's end."""
    switch, other = talk.exchange.switch, talk.other(channel)
    if isinstance(talk, QueueTalk):
        talk.hand_over("COMPLETECALLER", reason="caller")
    else:
        talk.settle()
    for each in (*talk.between, talk.customer):
        if each not in (channel, other):
            switch.leave(each)
            switch.hangup(each)
    switch.leave(channel)
    switch.leave(other)
    switch.say(say.soft_hangup_request(other))
    switch.hangup(other)
