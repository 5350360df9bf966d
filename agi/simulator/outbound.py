"""One call of a dialler: a Local channel that asks the gate, the trunk behind it, and an agent for whoever answers.

Not who is dialled when (`dialler.py`). The order of events is that of a real Asterisk whose dialler originates `Local/NUMBER@andon-dial`
(tests/transcripts, `dialler`); the agent is rung by the extension that half ;1 goes to once somebody answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from agi.simulator import messages as say
from agi.simulator.agenda import SECOND, Happening
from agi.simulator.channels import DOWN, RINGING, UP, Channel
from agi.simulator.dials import ask_gate
from agi.simulator.exchange import TRUNK, Exchange, Outcome, Question
from agi.simulator.legs import OUTGOING
from agi.simulator.originate import ANSWERED, FAILED
from agi.simulator.talks import Talk
from agi.simulator.taping import record

CONTEXT = "andon-dial"
LOOKS_AGAIN_S = 0.4
"""How often a free agent is looked for while a customer hears nothing."""
WAITS_S = 3.0
"""So long the dialler keeps somebody who answered without an agent: a second over what a law allows, so that it counts."""
_CAUSES = {"BUSY": (17, "486"), "NOANSWER": (0, ""), "CANCEL": (0, ""), "REFUSED": (21, "")}


class Order(NamedTuple):
    """What the dialler wants: a number, what the gate is told of it, and what the person there will do."""

    number: str
    words: Mapping[str, str]
    outcome: Outcome
    talk_s: float
    by_agent: bool
    """Who hangs up."""
    device: str = ""
    """The agent who is kept for it; empty: whoever is free when somebody answers."""


class Report(NamedTuple):
    """What became of it: REFUSED with the gate's reason, BUSY, NOANSWER, CANCEL, ABANDONED, DONE."""

    status: str
    reason: str = ""


class OutboundCall:
    """From Originate until the last channel is gone; `free` finds an agent, `over` is told how it ended."""

    def __init__(self, exchange: Exchange, order: Order, free: Callable[[], str], over: Callable[[OutboundCall, Report], None]) -> None:
        self.exchange, self.order = exchange, order
        self.device = order.device
        self._free, self._over = free, over
        self._one: Channel
        self._two: Channel
        self._trunk: Channel | None = None
        self._phone: Channel | None = None
        self._record = False
        self._answered_at = 0
        self._timer: Happening | None = None

    def go(self) -> None:
        """Two halves; the second one comes to the gate."""
        switch, number = self.exchange.switch, self.order.number
        self._one, self._two = one, two = switch.open_local(number, CONTEXT, "")
        one.owner = two.owner = self
        switch.say(say.local_bridge(one, two))
        switch.say(say.dial_begin(None, one, f"{number}@{CONTEXT}"))
        question = Question(two.name, two.uniqueid, two.linkedid, number, "", self.order.words)
        ask_gate(self.exchange, two, question, self._told)

    def _told(self, question: Question, variables: Mapping[str, str]) -> None:
        if self.exchange.switch.channels.get(self._two.uniqueid) is not self._two:
            return  # hung up, or the PBX has gone down, before the gate spoke
        digits = question.allowed_by(variables)
        if not digits:
            self._fail("REFUSED", variables.get("ANDON_REASON", ""))
            return
        self._record = variables.get("ANDON_RECORD") == "yes"
        self._dial(digits)

    # ---- the customer

    def _dial(self, digits: str) -> None:
        switch, one, two, outcome = self.exchange.switch, self._one, self._two, self.order.outcome
        switch.run(two, "Dial", f"{TRUNK.split('/')[0]}/{digits}@carrier,60", context="andon-trunk", priority=4)
        self._trunk = trunk = switch.open(TRUNK, DOWN, "from-carrier", "s", two.linkedid)
        trunk.owner = self
        switch.run(trunk, "AppDial", OUTGOING, cid_num=digits, exten=digits)
        switch.say(say.new_callerid(trunk))
        switch.say(say.dial_begin(two, trunk, f"{digits}@carrier"))
        if outcome.status == "BUSY":
            self._timer = self.exchange.agenda.after(outcome.after, lambda: self._fail("BUSY"))
            return
        switch.state(trunk, RINGING)
        switch.settle(trunk)
        two.show(col_num=digits)
        switch.say(say.new_connected_line(two))
        one.show(cid_num=digits)
        switch.state(one, RINGING)
        switch.say(say.new_callerid(one))
        switch.settle(one)
        switch.say(say.dial_state(None, one))
        switch.say(say.dial_state(two, trunk))
        answers = outcome.status == "ANSWER"
        self._timer = self.exchange.agenda.after(outcome.after, self._answer if answers else lambda: self._fail("NOANSWER"))

    def _answer(self) -> None:
        switch, one, two, trunk = self.exchange.switch, self._one, self._two, self._dialled()
        switch.state(trunk, UP)
        trunk.show(exten="")
        switch.say(say.dial_end(two, trunk, "ANSWER"))
        switch.settle(trunk)
        switch.state(two, UP)
        bridge = switch.bridge()
        switch.state(one, UP)
        switch.say(say.dial_end(None, one, "ANSWER"))
        switch.settle(one, two)
        self._respond(ANSWERED)
        switch.enter(bridge, trunk)
        switch.enter(bridge, two)
        self._answered_at = self.exchange.agenda.now
        if self._record:
            record(self.exchange, two, asked=True)
        self._seek()

    def _dialled(self) -> Channel:
        if self._trunk is None:
            raise AssertionError("an answer from nobody")
        return self._trunk

    # ---- the agent

    def _seek(self) -> None:
        """The agent who was kept, if the phone is still free; else another, for a moment; else nobody."""
        exchange = self.exchange
        device = self.device if self.device and not exchange.switch.devices[self.device].channels else self._free()
        if device:
            self.device = device
            self._ring(device)
        elif exchange.agenda.now - self._answered_at >= WAITS_S * SECOND:
            self._give_up()
        else:
            self._timer = exchange.agenda.after(LOOKS_AGAIN_S, self._seek)

    def _ring(self, device: str) -> None:
        """A headset that answers by itself: the customer must not hear it ring."""
        switch, one, number = self.exchange.switch, self._one, device.partition("/")[2]
        one.show(context="from-phone", exten=number, priority=1)
        switch.run(one, "Dial", f"{device},20")
        self._phone = phone = switch.open(device, DOWN, "from-phone", "s", one.linkedid)
        phone.owner = self
        switch.run(phone, "AppDial", OUTGOING, cid_num=number, col_num=one.cid_num, exten=number)
        switch.say(say.new_callerid(phone))
        switch.say(say.new_connected_line(phone))
        switch.say(say.dial_begin(one, phone, number))
        one.show(col_num=number)
        switch.say(say.new_connected_line(one))
        switch.state(phone, RINGING)
        switch.settle(phone)
        switch.say(say.dial_state(one, phone))
        self._timer = self.exchange.agenda.after(self.exchange.chance.uniform(0.3, 0.9), self._connect)

    def _connect(self) -> None:
        exchange, switch, one, phone = self.exchange, self.exchange.switch, self._one, self._phone
        if phone is None:
            raise AssertionError("nobody was rung")
        switch.state(phone, UP)
        phone.show(exten="")
        switch.say(say.dial_end(one, phone, "ANSWER"))
        switch.settle(phone)
        switch.set(one, "DIALSTATUS", "ANSWER")
        bridge = switch.bridge()
        switch.run(phone, "AppDial", OUTGOING)
        switch.enter(bridge, phone)
        switch.enter(bridge, one)
        talk = OutboundTalk(exchange, one, phone, self._two, self._dialled(), lambda: self._over(self, Report("DONE")))
        talk.plan(exchange.agenda.after(self.order.talk_s, lambda: talk.drop(talk.phone if self.order.by_agent else talk.trunk)))

    # ---- ends

    def _fail(self, status: str, reason: str = "") -> None:
        """Before anybody answered: refused, busy, nobody there, called off."""
        switch, one, two, trunk = self.exchange.switch, self._one, self._two, self._trunk
        cause, tech_cause = _CAUSES[status]
        if trunk is not None:
            if tech_cause:
                switch.say(say.hangup_request(trunk, cause, tech_cause))
            switch.say(say.dial_end(two, trunk, status))
            switch.hangup(trunk, cause, tech_cause)
        switch.run(two, "Hangup", "21" if status == "REFUSED" else "", priority=int(two.priority) + 1)
        switch.say(say.soft_hangup_request(two, cause or 16))
        switch.say(say.hangup_request(one, cause or 16))
        switch.hangup(two, cause or 16)
        self._respond(FAILED)
        switch.say(say.dial_end(None, one, "BUSY" if status == "BUSY" else "NOANSWER"))
        switch.hangup(one, cause or 16)
        self._over(self, Report(status, reason))

    def _give_up(self) -> None:
        """Answered, and nobody there for it."""
        switch, one = self.exchange.switch, self._one
        phone, self._phone = self._phone, None
        if phone is not None:
            switch.say(say.dial_end(one, phone, "CANCEL"))
            switch.hangup(phone, 0)
        switch.say(say.soft_hangup_request(one))
        switch.say(say.hangup_request(self._two, 16))
        switch.hangup(one)
        _let_go(self.exchange, self._two, self._dialled())
        self._over(self, Report("ABANDONED"))

    def _respond(self, reason: int) -> None:
        one = self._one
        name = one.name if reason == ANSWERED else f"Local/{self.order.number}@{CONTEXT}"
        target = {"Context": "from-phone", "Exten": self.device.partition("/")[2] or "s"}
        who = (one.uniqueid, "<unknown>", "<unknown>")
        self.exchange.say(
            say.originate_response(f"dial-{one.uniqueid}", reason == ANSWERED, name, target, 4 if reason == ANSWERED else 0, who)
        )

    def drop(self, channel: Channel) -> None:
        """Any of its channels is hung up from outside, before two people talk."""
        if self._timer is not None:
            self._timer.cancel()
        if self._answered_at:
            self._give_up()
            return
        if channel is self._trunk:
            self.exchange.say(say.hangup_request(channel))
        self._fail("CANCEL")


class OutboundTalk(Talk):
    """`caller` is half ;1, in one bridge with the agent's phone; half ;2 and the trunk are in the other."""

    def __init__(self, exchange: Exchange, one: Channel, phone: Channel, two: Channel, trunk: Channel, over: Callable[[], None]) -> None:
        super().__init__(exchange, one, phone)
        self.two, self.trunk, self._over = two, trunk, over
        two.owner = trunk.owner = self

    @property
    def customer(self) -> Channel:
        return self.trunk

    @property
    def between(self) -> tuple[Channel, ...]:
        return self.caller, self.two

    @property
    def direct(self) -> bool:
        return False

    def settle(self) -> None:
        """However it ends: the dialler has its agent back."""
        super().settle()
        self._over()

    def drop(self, channel: Channel) -> None:
        """From the side that hung up to the other: the two bridges break one after the other."""
        if self.over:
            return
        self.settle()
        switch, one, two, phone, trunk = self.exchange.switch, self.caller, self.two, self.phone, self.trunk
        if channel in (phone, one):
            switch.say(say.hangup_request(phone, 16))
            self.stop_music()
            switch.leave(phone)
            switch.hangup(phone)
            switch.leave(one)
            switch.say(say.soft_hangup_request(one))
            switch.say(say.hangup_request(two, 16))
            switch.hangup(one)
            _let_go(self.exchange, two, trunk)
        else:
            switch.say(say.hangup_request(trunk, 16))
            self.stop_music()
            switch.leave(trunk)
            switch.leave(two)
            switch.say(say.soft_hangup_request(two))
            switch.hangup(trunk)
            switch.say(say.hangup_request(one, 16))
            switch.hangup(two)
            switch.leave(one)
            switch.leave(phone)
            switch.say(say.soft_hangup_request(one))
            switch.hangup(phone)
            switch.hangup(one)


def _let_go(exchange: Exchange, two: Channel, trunk: Channel) -> None:
    """The half that dialled, then the customer."""
    switch = exchange.switch
    switch.leave(two)
    switch.leave(trunk)
    switch.say(say.soft_hangup_request(two))
    switch.hangup(two)
    switch.hangup(trunk)
