"""Virtual Asterisks for the bench of the gate, in a process of their own: so many calls at a time, each asks as a dialplan does.

    python -m bench.gate_calls PORT CALLS WARM_S SECONDS SEED       prints one line of JSON, `Taken`

A closed loop: a call connects, sends its environment as Asterisk 22 writes it for `[andon-gate]` of the shipped dialplan, answers every
command with `200 result=1`, and when the server closes the next call takes its place. By epoll and not by asyncio, since it must be
much cheaper than any server it asks. Its counterpart is `gate_rivals.py` or the real gate.

Of a hundred calls, ninety are about a number that nobody called before, five about one of twenty *hot* numbers, which its caps hold
back after a few, and five about one that is on the list. So a tenth is refused.
"""

from __future__ import annotations

import random
import select
import socket
import sys
import time

import msgspec

CAMPAIGNS = 5
NODE = "hall1"
HOT = tuple(f"138000000{number:02}" for number in range(20))
LISTED = "199"
"""No other number begins so, and those that do are on the list."""
FRESH = ("130", "131", "132", "133", "134", "135", "136", "137", "150", "151", "158", "186")
VERDICTS = (b"ANDON_DECISION=", b"ANDON_REASON=")
YES = b"ANDON_DECISION=allow"
REPLY = b"200 result=1\n"
CONNECT_S = 10.0
QUIET_S = 10.0
"""A server that says nothing for so long has failed, and so has the bench."""
ENVIRONMENT = """\
agi_network: yes
agi_network_script: dial?{query}
agi_request: agi://127.0.0.1/dial?{query}
agi_channel: Local/{number}@andon-dial-{call:08x};2
agi_language: en
agi_type: Local
agi_uniqueid: hall1-1795484400.{call}
agi_version: 22.10.1
agi_callerid: unknown
agi_calleridname: unknown
agi_callingpres: 67
agi_callingani2: 0
agi_callington: 0
agi_callingtns: 0
agi_dnid: unknown
agi_rdnis: unknown
agi_context: andon-gate
agi_extension: {number}
agi_priority: 11
agi_enhanced: 0.0
agi_accountcode:
agi_threadid: 140352417863424
agi_arg_1: {number}
agi_arg_2: hall1-1795484400.{call}

"""
QUERY = "node={node}&campaign=c{campaign}&method=manual&agent=&reserved=&purpose=&person=p{person}&debt=&subject=&zone=&callback=&cli="


class Taken(msgspec.Struct):
    """What became of the calls that ended within the measured seconds. `verdicts_ms`: from before connecting to the verdict."""

    seconds: float
    verdicts_ms: list[float]
    allowed: int
    commands: int
    broken: int  # closed without a verdict
    ended: int  # all of them, those of the warm-up, too


def refused(number: str) -> bool:
    """By what it is made of; the first calls of a hot one still pass."""
    return number.startswith(LISTED) or number in HOT


class Dialler:
    """What the next call is about."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._call = seed * 1_000_000

    def environment(self) -> bytes:
        self._call += 1
        query = QUERY.format(node=NODE, campaign=self._chance.randrange(CAMPAIGNS), person=self._call)
        return ENVIRONMENT.format(query=query, number=self.number(), call=self._call).encode()

    def number(self) -> str:
        kind, chance = self._chance.random(), self._chance
        if kind < 0.05:
            return chance.choice(HOT)
        if kind < 0.10:
            return f"{LISTED}0000{chance.randrange(10_000):04}"
        return f"{chance.choice(FRESH)}{chance.randrange(10**8):08}"


class _Call:
    __slots__ = ("allowed", "began", "commands", "link", "partial", "verdict")

    def __init__(self, port: int, environment: bytes) -> None:
        self.began = time.perf_counter()
        self.verdict = 0.0
        self.allowed = False
        self.commands = 0
        self.partial = b""
        self.link = socket.create_connection(("127.0.0.1", port), CONNECT_S)  # loopback: done at once where there is room
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.link.sendall(environment)
        self.link.setblocking(False)

    def goes_on(self) -> bool:
        """Reads what there is and answers it; False when the server has closed."""
        try:
            data = self.link.recv(4096)
        except BlockingIOError:
            return True
        except ConnectionError:
            return False
        if not data:
            return False
        *lines, self.partial = (self.partial + data).split(b"\n")
        for line in lines:
            self.commands += 1
            if not self.verdict and any(word in line for word in VERDICTS):
                self.verdict, self.allowed = time.perf_counter(), YES in line
        if lines:
            self.link.send(REPLY * len(lines))
        return True


def take(port: int, calls: int, warm_s: float, seconds: float, seed: int) -> Taken:
    dialler, poll = Dialler(seed), select.epoll()
    open_: dict[int, _Call] = {}
    taken = Taken(seconds, [], 0, 0, 0, 0)

    def begin() -> None:
        call = _Call(port, dialler.environment())
        open_[call.link.fileno()] = call
        poll.register(call.link.fileno(), select.EPOLLIN)

    for _ in range(calls):
        begin()
    measured = time.perf_counter() + warm_s
    end = measured + seconds
    while (now := time.perf_counter()) < end:
        ready = poll.poll(QUIET_S)
        if not ready:
            raise TimeoutError(f"the server on port {port} said nothing for {QUIET_S:g} s")
        for number, _ in ready:
            call = open_[number]
            if call.goes_on():
                continue
            del open_[number]
            poll.unregister(number)
            call.link.close()
            taken.ended += 1
            if now >= measured:
                _count(taken, call)
            begin()
    for call in open_.values():
        call.link.close()
    return taken


def _count(taken: Taken, call: _Call) -> None:
    if call.verdict:
        taken.verdicts_ms.append((call.verdict - call.began) * 1e3)
        taken.allowed += call.allowed
        taken.commands += call.commands
    else:
        taken.broken += 1


def main() -> None:
    port, calls, warm_s, seconds, seed = sys.argv[1:6]
    taken = take(int(port), int(calls), float(warm_s), float(seconds), int(seed))
    sys.stdout.write(msgspec.json.encode(taken).decode() + "\n")


if __name__ == "__main__":
    main()
