"""Originate: the PBX rings a phone and, when it answers, sends it to an extension or an application.

Not the check of the action's parameters (`actions.py`). Only phones can be rung; a Local channel as the first leg is
refused with reason 0, as an unknown phone is.
"""

from __future__ import annotations

from dataclasses import dataclass

from agi.simulator import messages as say
from agi.simulator.agenda import Happening
from agi.simulator.channels import DOWN, RINGING, UP, Channel
from agi.simulator.exchange import Exchange
from agi.simulator.features import Spy, send, take_over
from agi.simulator.legs import OUTGOING

FAILED, NO_ANSWER, ANSWERED, BUSY = 0, 3, 4, 5
"""Reasons of OriginateResponse."""
APPLICATION_S = 5
"""How long an application that is only a name here keeps the channel."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an Originate asks for."""

    action_id: str
    device: str
    timeout_s: float
    cid_num: str
    cid_name: str
    target: dict[str, str]
    """Context and Exten, or Application and Data."""
    channel_id: str = ""


class Origination:
    """An Originate under way."""

    def __init__(self, exchange: Exchange, order: Order) -> None:
        self._exchange, self._order = exchange, order
        self._channel: Channel | None = None
        self._timer: Happening | None = None

    def go(self) -> None:
        """Ring the phone."""
        exchange, switch, order = self._exchange, self._exchange.switch, self._order
        device = switch.devices.get(order.device)
        if device is None or not device.reachable:
            self._respond(FAILED)
            return
        linkedid = order.channel_id
        self._channel = channel = switch.open(order.device, DOWN, "from-phone", "s", linkedid, linkedid)
        channel.owner = self
        switch.run(channel, "AppDial2", OUTGOING)
        channel.show(cid_num=order.cid_num, cid_name=order.cid_name)
        switch.say(say.new_callerid(channel))
        channel.show(col_num=order.cid_num, col_name=order.cid_name)
        switch.say(say.new_connected_line(channel))
        switch.say(say.dial_begin(None, channel, order.device.partition("/")[2]))
        outcome = exchange.people.rung(channel)
        if outcome.status == "BUSY":
            self._timer = exchange.agenda.after(outcome.after, self._busy)
            return
        switch.state(channel, RINGING)
        switch.settle(channel)
        switch.say(say.dial_state(None, channel))
        if outcome.status == "ANSWER" and outcome.after < order.timeout_s:
            self._timer = exchange.agenda.after(outcome.after, self._answered)
        else:
            self._timer = exchange.agenda.after(order.timeout_s, self._nobody)

    def _answered(self) -> None:
        channel, switch, target = self._ringing(), self._exchange.switch, self._order.target
        switch.state(channel, UP)
        switch.say(say.dial_end(None, channel, "ANSWER"))
        self._respond(ANSWERED)
        switch.settle(channel)
        if "Exten" in target:
            send(self._exchange, channel, target["Context"], target["Exten"])
        else:
            self._run(channel, target["Application"], target["Data"])

    def _run(self, channel: Channel, application: str, data: str) -> None:
        """ChanSpy listens, Bridge takes over; of any other application only the name is known."""
        if application == "ChanSpy":
            spied = self._spied(data)
            if spied:
                Spy(self._exchange, channel, spied, data)
                return
        self._exchange.switch.run(channel, application, data)
        if application == "Bridge":
            taken = self._bridged(data)
            if taken and take_over(self._exchange, channel, taken):
                return
        done = application in ("ChanSpy", "Bridge")
        self._timer = self._exchange.agenda.after(0.1 if done else APPLICATION_S, lambda: self._finish(channel))

    def _bridged(self, data: str) -> Channel | None:
        """Bridge() finds a channel by the beginning of its name."""
        name = data.partition(",")[0]
        return next((one for one in self._exchange.switch.channels.values() if name and one.name.startswith(name)), None)

    def _spied(self, data: str) -> Channel | None:
        """With option u the target is a uniqueid or a full name, else the beginning of a name."""
        name, _, options = data.partition(",")
        for channel in self._exchange.switch.channels.values():
            exact = "u" in options.split("(")[0]
            if channel.state == UP and (name in (channel.uniqueid, channel.name) if exact else channel.name.startswith(name)):
                return channel
        return None

    def _finish(self, channel: Channel) -> None:
        if channel.ended:
            return
        self._exchange.say(say.soft_hangup_request(channel))
        self._exchange.switch.hangup(channel)

    def _ringing(self) -> Channel:
        if self._channel is None:
            raise AssertionError("an originated call without a channel")
        return self._channel

    def _busy(self) -> None:
        self._exchange.switch.hangup(self._ringing(), 17, "486")
        self._respond(BUSY)

    def _nobody(self) -> None:
        self._exchange.switch.hangup(self._ringing(), 19, "480")
        self._respond(NO_ANSWER)

    def _respond(self, reason: int) -> None:
        order, channel, success = self._order, self._channel, reason == ANSWERED
        uniqueid = channel.uniqueid if channel and (success or order.channel_id) else "<unknown>"
        name = channel.name if channel and success else order.device
        who = (uniqueid, order.cid_num or "<unknown>", order.cid_name or "<unknown>")
        self._exchange.say(say.originate_response(order.action_id, success, name, order.target, reason, who))

    def drop(self, channel: Channel) -> None:
        """Hung up by an action while it rings or plays."""
        if self._timer:
            self._timer.cancel()
        if channel.state == UP:
            self._exchange.say(say.hangup_request(channel))
            self._finish(channel)
            return
        self._exchange.switch.hangup(channel, 16)
        self._respond(FAILED)
