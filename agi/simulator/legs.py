"""One attempt of a queue to reach one member: its channels, and the events from Newchannel to answer or hang-up.

Not the waiting call (`calls.py`), which owns the attempts and decides between them. A direct member is one channel;
a Local member is a pair of halves with the phone's channel behind it. The order of events is that of the capture.
"""

from __future__ import annotations

from agi.simulator import messages as say
from agi.simulator.agenda import Happening
from agi.simulator.channels import DOWN, RINGING, UP, Channel
from agi.simulator.exchange import Exchange
from agi.simulator.queues import Member

OUTGOING = "(Outgoing Line)"


class Leg:
    """An attempt. `out` is what the queue dials; for a Local member `two` and `phone` stand behind it."""

    def __init__(self, exchange: Exchange, caller: Channel, member: Member) -> None:
        self.exchange, self.caller, self.member = exchange, caller, member
        self.began = exchange.agenda.now
        self.two: Channel | None = None
        self.answer: Happening | None = None
        if member.interface.startswith("Local/"):
            self._dial_local()
        else:
            self._dial_direct()

    def _dial_direct(self) -> None:
        switch, caller = self.exchange.switch, self.caller
        self.out = self.phone = switch.open(self.member.interface, DOWN, "from-phone", "s", caller.linkedid)
        self._announce()

    def _dial_local(self) -> None:
        switch, caller = self.exchange.switch, self.caller
        exten, _, context = self.member.interface.removeprefix("Local/").removesuffix("/n").partition("@")
        self.out, self.two = switch.open_local(exten, context, caller.linkedid)
        self._announce()
        switch.run(self.two, "Dial", f"{self.member.state_interface},20")

    def _announce(self) -> None:
        """Newexten to DialBegin. DialBegin was made before the connected line was known, and so looks older."""
        switch, caller, out = self.exchange.switch, self.caller, self.out
        switch.run(out, "AppQueue", OUTGOING, cid_num=caller.exten)
        switch.say(say.new_callerid(out))
        if self.two:
            self.two.show(cid_num=caller.cid_num, cid_name=caller.cid_name, col_num=caller.exten)
            switch.say(say.new_callerid(self.two))
            switch.say(say.new_connected_line(self.two))
            switch.say(say.local_bridge(out, self.two))
        begin = say.dial_begin(caller, out, self.member.interface)
        out.show(exten=caller.exten, col_num=caller.cid_num, col_name=caller.cid_name)
        switch.say(say.agent_called(caller, out, self.member))
        switch.say(begin)

    def reach_phone(self) -> None:
        """Behind a Local half: the Dial to the phone."""
        if not self.two:
            return
        switch, two = self.exchange.switch, self.two
        device = self.member.state_interface
        number = device.partition("/")[2]
        self.phone = phone = switch.open(device, DOWN, "from-phone", "s", self.caller.linkedid)
        switch.run(phone, "AppDial", OUTGOING, cid_num=number, col_num=two.cid_num, col_name=two.cid_name, exten=number)
        switch.say(say.new_callerid(phone))
        switch.say(say.new_connected_line(phone))
        switch.say(say.dial_begin(two, phone, number))
        two.show(col_num=number)
        switch.say(say.new_connected_line(two))

    def ring(self) -> None:
        """The phone rings."""
        switch, out, phone, caller = self.exchange.switch, self.out, self.phone, self.caller
        switch.state(phone, RINGING)
        if self.two:
            out.show(cid_num=phone.cid_num)
            switch.state(out, RINGING)
            switch.run(out, "AppQueue", OUTGOING)
            switch.say(say.new_callerid(out))
            switch.say(say.new_connected_line(out))
            switch.say(say.dial_state(self.two, phone))
        else:
            switch.run(out, "AppQueue", OUTGOING)
            switch.say(say.new_connected_line(out))
        switch.say(say.dial_state(caller, out))
        switch.settle(phone)

    def pick_up(self) -> None:
        """The phone answers: up to the end of dialling, before the caller leaves the queue."""
        switch, phone = self.exchange.switch, self.phone
        switch.state(phone, UP)
        if self.two:
            phone.show(exten="")
            switch.say(say.dial_end(self.two, phone, "ANSWER"))
            switch.settle(phone)
            switch.state(self.out, UP)
        switch.say(say.dial_end(self.caller, self.out, "ANSWER"))

    def join_halves(self) -> None:
        """Behind a Local half: the phone and ;2 in their own bridge, before AgentConnect."""
        if not self.two:
            return
        switch, two, phone = self.exchange.switch, self.two, self.phone
        switch.state(two, UP)
        bridge = switch.bridge()
        switch.run(phone, "AppDial", OUTGOING)
        switch.enter(bridge, phone)
        switch.enter(bridge, two)
        switch.settle(two)

    def drop(self, cause: int) -> None:
        """Ends without an answer: nobody took it (0), or somebody else did (26). DialEnd comes twice, as measured."""
        if self.answer:
            self.answer.cancel()
        switch = self.exchange.switch
        switch.say(say.dial_end(self.caller, self.out, "CANCEL"))
        if self.two:
            switch.say(say.hangup_request(self.two, cause))
            switch.hangup(self.out, cause)
            switch.say(say.dial_end(self.two, self.phone, "CANCEL"))
            switch.say(say.soft_hangup_request(self.two))
            switch.hangup(self.two, cause)
        switch.hangup(self.phone, cause)
