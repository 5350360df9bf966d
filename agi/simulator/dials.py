"""Dial(): one channel calls one phone or one number outside, and what becomes of it.

Not queues. Used by agents who dial (`people.py`), by Originate (`originate.py`), and by transfers (`features.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agi.simulator import messages as say
from agi.simulator.agenda import Happening
from agi.simulator.channels import DOWN, RING, RINGING, UP, Channel
from agi.simulator.exchange import TRUNK, Exchange, Outcome, Question
from agi.simulator.legs import OUTGOING
from agi.simulator.talks import Talk

DIAL_TIMEOUT = 25
"""Seconds that Dial waits, as in the dialplan of the capture."""
SPOKEN_S = 4
"""How long a gate speaks of a refusal, before the dialplan hangs up."""
_BUSY_CAUSE, _SIP_BUSY = 17, "486"
_CAUSES = {"BUSY": _BUSY_CAUSE, "REFUSED": 21}


class Dial:
    """A caller (already a channel) dials; `connected` gets the conversation, `failed` the DIALSTATUS."""

    def __init__(
        self,
        exchange: Exchange,
        caller: Channel,
        number: str,
        connected: Callable[[Talk], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        self.exchange, self.caller, self.number = exchange, caller, number
        self._connected = connected or exchange.people.talking
        self._failed = failed or self._hang_up_caller
        self._timer: Happening | None = None
        self.dest: Channel | None = None
        caller.owner = self

    def go(self) -> None:
        """Inside at once; outside only if the gate, where there is one, says so."""
        if self.exchange.ask is None or f"PJSIP/{self.number}" in self.exchange.switch.devices:
            self._place()
            return
        caller, number = self.caller, self.number
        question = Question(caller.name, caller.uniqueid, caller.linkedid, number, caller.cid_num, {})
        ask_gate(self.exchange, caller, question, self._told)

    def _told(self, question: Question, variables: Mapping[str, str]) -> None:
        if self.caller.owner is not self or self.exchange.switch.channels.get(self.caller.uniqueid) is not self.caller:
            return  # gone meanwhile
        if question.allowed_by(variables):
            self.caller.show(context="andon-trunk")
            self._place()
            return
        self._timer = self.exchange.agenda.after(SPOKEN_S, lambda: self._failed("REFUSED"))

    def _place(self) -> None:
        """Newexten Dial, then the other side."""
        switch, caller, number = self.exchange.switch, self.caller, self.number
        inside = f"PJSIP/{number}" in switch.devices
        switch.run(caller, "Dial", f"PJSIP/{number},20" if inside else f"{TRUNK.split('/')[0]}/{number}@carrier,{DIAL_TIMEOUT}")
        if inside and not switch.devices[f"PJSIP/{number}"].reachable:
            switch.set(caller, "DIALSTATUS", "CHANUNAVAIL")
            self._failed("CHANUNAVAIL")
            return
        context = "from-phone" if inside else "from-carrier"
        self.dest = dest = switch.open(f"PJSIP/{number}" if inside else TRUNK, DOWN, context, "s", caller.linkedid)
        name = caller.cid_name if not inside else "<unknown>"
        switch.run(dest, "AppDial", OUTGOING, cid_num=number, cid_name=name, col_num=caller.cid_num, col_name=caller.cid_name, exten=number)
        switch.say(say.new_callerid(dest))
        switch.say(say.new_connected_line(dest))
        switch.say(say.dial_begin(caller, dest, number if inside else f"{number}@carrier"))
        caller.show(col_num=number)
        switch.say(say.new_connected_line(caller))
        self._wait(dest, self.exchange.people.rung(dest))

    def _wait(self, dest: Channel, outcome: Outcome) -> None:
        switch, agenda = self.exchange.switch, self.exchange.agenda
        dest.owner = self
        if outcome.status == "BUSY":
            self._timer = agenda.after(outcome.after, self._busy)
            return
        switch.state(dest, RINGING)
        switch.settle(dest)
        switch.say(say.dial_state(self.caller, dest))
        if outcome.status == "ANSWER" and outcome.after < DIAL_TIMEOUT:
            self._timer = agenda.after(outcome.after, self._answered)
        else:
            self._timer = agenda.after(DIAL_TIMEOUT, self._nobody)

    def _answered(self) -> None:
        switch, caller, dest = self.exchange.switch, self.caller, self.dest
        if dest is None:
            raise AssertionError("an answer from nobody")
        switch.state(dest, UP)
        dest.show(exten="")
        switch.say(say.dial_end(caller, dest, "ANSWER"))
        switch.settle(dest)
        switch.set(caller, "DIALSTATUS", "ANSWER")
        if caller.state != UP:
            switch.state(caller, UP)
        bridge = switch.bridge()
        switch.run(dest, "AppDial", OUTGOING)
        switch.enter(bridge, dest)
        switch.enter(bridge, caller)
        self._connected(Talk(self.exchange, caller, dest))

    def _busy(self) -> None:
        self._end("BUSY", _BUSY_CAUSE, _SIP_BUSY)

    def _nobody(self) -> None:
        self._end("NOANSWER", 0, "")

    def _end(self, status: str, cause: int, tech_cause: str) -> None:
        switch, caller, dest = self.exchange.switch, self.caller, self.dest
        if dest is None:
            raise AssertionError("an end without a beginning")
        if tech_cause:
            switch.say(say.hangup_request(dest, cause, tech_cause))
        switch.say(say.dial_end(caller, dest, status))
        switch.set(caller, "DIALSTATUS", status)
        switch.hangup(dest, cause, tech_cause)
        self._failed(status)

    def _hang_up_caller(self, status: str) -> None:
        switch, caller = self.exchange.switch, self.caller
        switch.run(caller, "Hangup", priority=int(caller.priority) + 1)
        switch.say(say.soft_hangup_request(caller))
        switch.hangup(caller, _CAUSES.get(status, 16))

    def drop(self, channel: Channel) -> None:
        """The caller gives up, or the other side refuses, before it is answered."""
        if self._timer:
            self._timer.cancel()
        if channel is not self.caller:
            self._end("BUSY", 21, "603")
            return
        self.exchange.say(say.hangup_request(channel, 16))
        self.depart(channel)
        self.exchange.say(say.soft_hangup_request(channel))
        self.exchange.switch.hangup(channel)

    def depart(self, channel: Channel) -> None:
        """The caller goes elsewhere: the other side stops ringing."""
        if self._timer:
            self._timer.cancel()
        if self.dest and not self.dest.ended:
            self.exchange.say(say.dial_end(self.caller, self.dest, "CANCEL"))
            self.exchange.switch.hangup(self.dest, 0)


def ask_gate(exchange: Exchange, channel: Channel, question: Question, told: Callable[[Question, Mapping[str, str]], None]) -> None:
    """The channel comes to the gate of the shipped dialplan, and waits there for its word."""
    if exchange.ask is None:
        raise AssertionError("a PBX without a gate asks nobody")
    exchange.switch.run(channel, "AGI", f"agi://gate/dial,{question.extension},{question.linkedid}", context="andon-gate")
    exchange.ask(question, lambda variables: told(question, variables))


def call_from(exchange: Exchange, device: str, name: str, number: str) -> Dial:
    """A phone dials a number: the phone's channel, and its Dial."""
    switch = exchange.switch
    caller = switch.open(device, RING, "from-phone", number, cid=(device.partition("/")[2], name))
    switch.settle(caller)
    if f"PJSIP/{number}" not in switch.devices:
        switch.run(caller, "NoOp", f"outbound {number}")
        caller.show(priority=2)
    dial = Dial(exchange, caller, number)
    dial.go()
    return dial
