"""A caller in the dialplan: from queue to queue, until somebody takes the call or somebody gives up.

Not the conversation (`talks.py`) and not the attempt to reach one member (`legs.py`). Every way out of a queue is
here, with the events and the queue_log line that Asterisk gives it: answer, abandon, time-out, withdrawal, redirect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agi.simulator import messages as say
from agi.simulator.agenda import SECOND, Happening
from agi.simulator.channels import RING, UP, Channel
from agi.simulator.exchange import TRUNK, Exchange
from agi.simulator.legs import Leg
from agi.simulator.queues import Entry, Member, Queue
from agi.simulator.talks import QueueTalk
from agi.simulator.taping import record


class Stop(NamedTuple):
    """One Queue() in the dialplan and how long it may last."""

    queue: str
    timeout: int


class QueueCall:
    """A caller and what is still before him."""

    def __init__(self, exchange: Exchange, caller: Channel, route: Sequence[Stop]) -> None:
        self.exchange, self.caller = exchange, caller
        self._route = list(route)
        self._queue: Queue
        self._entry: Entry
        self._legs: list[Leg] = []
        self._timers: list[Happening] = []
        self._ring_timer: Happening | None = None
        caller.owner = self

    def go(self) -> None:
        """On to the next queue, or to the end of the dialplan."""
        exchange, caller = self.exchange, self.caller
        caller.show(priority=int(caller.priority) + 1)
        if not self._route:
            exchange.switch.run(caller, "Hangup")
            self._end_caller(16)
            return
        stop = self._route.pop(0)
        exchange.switch.run(caller, "Queue", f"{stop.queue},t,,,{stop.timeout}")
        self._queue = exchange.queues.queues[stop.queue]
        self._entry = exchange.queues.enter(self, self._queue)
        self._timers = [exchange.agenda.after(stop.timeout, self._time_out)]
        exchange.people.waiting(self)

    def after(self, seconds: float) -> None:
        """The caller's patience: so long does he wait in this queue."""
        self._timers.append(self.exchange.agenda.after(seconds, lambda: self.drop(self.caller)))

    # ---- ringing

    def ring(self, members: list[Member]) -> None:
        """The queue has members for this caller."""
        exchange = self.exchange
        self._legs = [Leg(exchange, self.caller, member) for member in members]
        if self.caller.col_num == "<unknown>" and not self._legs[0].two:
            self.caller.show(col_num=self.caller.exten)
            exchange.say(say.new_connected_line(self.caller))
        for leg in self._legs:
            leg.reach_phone()
        for leg in self._legs:
            leg.ring()
            leg.phone.owner = self
            outcome = exchange.people.rung(leg.phone)
            if outcome.status == "ANSWER" and outcome.after < self._queue.timeout:
                leg.answer = exchange.agenda.after(outcome.after, lambda leg=leg: self._answered(leg))  # type: ignore[misc]
        self._ring_timer = exchange.agenda.after(self._queue.timeout, self._nobody)

    def _nobody(self) -> None:
        """Nobody answered in the queue's own time: the same members may be tried again after `retry`."""
        legs, self._legs = self._legs, []
        for leg in legs:
            self._no_answer(leg)
        self._entry.ringing = False
        self._entry.retry_at = self.exchange.agenda.now + self._queue.retry * SECOND
        self.exchange.queues.wake(self._queue, self._queue.retry)

    def _no_answer(self, leg: Leg) -> None:
        exchange = self.exchange
        ring_ms = (exchange.agenda.now - leg.began) // 1000 // 1000 * 1000
        exchange.say(say.agent_ring_no_answer(self.caller, leg.out, leg.member, ring_ms))
        exchange.say(say.dial_end(self.caller, leg.out, "NOANSWER"))
        exchange.queues.write(self.caller.uniqueid, self._queue.name, leg.member.name, "RINGNOANSWER", ring_ms)
        leg.drop(0)

    def _answered(self, leg: Leg) -> None:
        exchange, switch, caller = self.exchange, self.exchange.switch, self.caller
        self._stop_timers()
        others, self._legs = [other for other in self._legs if other is not leg], []
        leg.pick_up()
        for other in others:
            switch.say(say.dial_end(caller, other.out, "CANCEL"))
        if leg.two:
            caller.show(col_num=leg.phone.cid_num)
            switch.say(say.new_connected_line(caller))
        for other in others:
            other.drop(26)
        leg.join_halves()
        switch.say(say.music_on_hold_stop(caller))
        hold_s = exchange.now_s - self._entry.joined // SECOND
        position = exchange.queues.leave(self._queue, self._entry)
        switch.set(caller, "QUEUEPOSITION", str(position))
        switch.settle(leg.phone)
        switch.set(caller, "QUEUEWAIT", str(hold_s))
        self._connect(leg, hold_s)

    def _connect(self, leg: Leg, hold_s: int) -> None:
        exchange, switch, caller, member = self.exchange, self.exchange.switch, self.caller, leg.member
        ring_s = exchange.now_s - leg.began // SECOND
        member.in_call = 1
        self._queue.tally.answered += 1
        exchange.queues.write(caller.uniqueid, self._queue.name, member.name, "CONNECT", hold_s, leg.out.uniqueid, ring_s)
        switch.say(say.agent_connect(caller, leg.out, member, hold_s, ring_s))
        bridge = switch.bridge()
        switch.enter(bridge, leg.out)
        switch.enter(bridge, caller)
        switch.set(leg.out, "BRIDGEPEER", caller.name)
        switch.set(caller, "BRIDGEPEER", leg.out.name)
        halves = (leg.out, leg.two) if leg.two else None
        exchange.people.talking(QueueTalk(exchange, caller, leg.phone, halves, member, hold_s, self._entry.original))

    # ---- leaving unanswered

    def _stop_timers(self) -> None:
        for timer in (*self._timers, self._ring_timer):
            if timer:
                timer.cancel()
        self._timers, self._ring_timer = [], None

    def _give_up(self, event: str, *, log_data: tuple[object, ...] = ()) -> None:
        """QueueCallerAbandon and Leave: what AMI says of everybody who leaves unanswered, whatever the reason."""
        exchange, caller, queue, entry = self.exchange, self.caller, self._queue, self._entry
        self._stop_timers()
        position = queue.entries.index(entry) + 1
        wait_s = exchange.now_s - entry.joined // SECOND
        legs, self._legs = self._legs, []
        for leg in legs:
            if event == "EXITWITHTIMEOUT":
                self._no_answer(leg)
                continue
            exchange.say(say.dial_end(caller, leg.out, "CANCEL"))
            ring_ms = (exchange.agenda.now - leg.began) // 1000
            exchange.queues.write(caller.uniqueid, queue.name, leg.member.name, "RINGCANCELED", ring_ms)
            leg.drop(0)
        queue.abandoned += 1
        exchange.queues.write(caller.uniqueid, queue.name, "NONE", event, position, entry.original, wait_s, *log_data)
        exchange.say(say.queue_caller_abandon(caller, queue.name, position, entry.original, wait_s))
        if event != "ABANDON":
            exchange.say(say.music_on_hold_stop(caller))
        exchange.queues.leave(queue, entry)
        exchange.queues.wake(queue)

    def drop(self, channel: Channel) -> None:
        """A channel of this call is hung up: the caller's own, or a phone that is ringing."""
        if channel is not self.caller:
            self._decline(channel)
            return
        self.exchange.say(say.hangup_request(channel))
        self.exchange.say(say.music_on_hold_stop(channel))
        self._queue.tally.abandoned += 1
        self._give_up("ABANDON")
        self.exchange.switch.set(self.caller, "ABANDONED", "TRUE")
        self._end_caller(0)

    def _decline(self, phone: Channel) -> None:
        """One ringing phone is hung up; if it was the last, the queue tries again."""
        leg = next(leg for leg in self._legs if leg.phone is phone)
        self._legs.remove(leg)
        self._no_answer(leg)
        if self._legs:
            return
        if self._ring_timer:
            self._ring_timer.cancel()
        self._nobody()

    def _time_out(self) -> None:
        self._queue.tally.left_otherwise += 1
        self._give_up("EXITWITHTIMEOUT")
        self.exchange.switch.set(self.caller, "QUEUESTATUS", "TIMEOUT")
        self.go()

    def withdraw(self, info: str) -> None:
        """Taken out by an action: the caller goes on in the dialplan."""
        self._queue.tally.left_otherwise += 1
        self._give_up("WITHDRAW", log_data=(info,) if info else ())
        self.exchange.switch.set(self.caller, "QUEUESTATUS", "WITHDRAW")
        self.go()

    def depart(self, channel: Channel) -> None:
        """Redirected while waiting: AMI and queue_log call it an abandon, though the caller is still there."""
        self._queue.tally.left_otherwise += 1
        self._give_up("ABANDON")
        self.exchange.say(say.music_on_hold_stop(channel))

    def waits_in(self, queue: str) -> bool:
        """Whether the caller stands in that queue now."""
        return self._queue.name == queue and self._entry in self._queue.entries

    def _end_caller(self, cause: int) -> None:
        self.exchange.say(say.soft_hangup_request(self.caller))
        self.exchange.switch.hangup(self.caller, cause)


def arrive(exchange: Exchange, number: str, name: str, exten: str, route: Sequence[Stop]) -> QueueCall:
    """A customer's call comes in by the trunk, is answered, recorded, and goes to its first queue."""
    switch = exchange.switch
    caller = switch.open(TRUNK, RING, "from-carrier", exten, cid=(number, name))
    switch.set(caller, "SIPDOMAIN", "127.0.0.1")
    switch.run(caller, "Answer")
    switch.state(caller, UP)
    switch.settle(caller)
    caller.show(priority=2)
    record(exchange, caller)
    call = QueueCall(exchange, caller, route)
    call.go()
    return call
