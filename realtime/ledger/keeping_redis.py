"""The engine's side of the ledger on Redis or Valkey: how it stands, opening and shutting it, what facts change in it. And its keys.

Not what gates ask (`ledger_redis.py`, which is this and that) and not when it is opened (`opening.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from realtime.dial.model import Blocked, Consent
from realtime.ledger import scripts
from realtime.ledger.port import (
    Change,
    Drop,
    DropBlock,
    DropConsent,
    Flight,
    Put,
    SetBlock,
    SetConsent,
    SetState,
    Standing,
)
from realtime.log import Fence, FenceLost, LogAway
from realtime.redis_link import Argument, RedisLink, Script, floor_key
from realtime.words import Micros

CHANGES_A_SCRIPT = 500
"""Some milliseconds of the server's time."""
DEAD_S = 60
"""Who took and was silent for so long before the engine's last word is gone, and is not waited for."""
FLIGHTS_A_KEY = 1_000
"""Looked at in one go, for each place: the rest comes with the next look."""

APPLY, STANDING, BEGIN, OPEN = map(Script, (scripts.APPLY, scripts.STANDING, scripts.BEGIN, scripts.OPEN))
RESTARTED = "The ledger's server was started anew or emptied: it is opened again."
FIELD = "\x1f"
encoded = msgspec.json.encode
read_blocked = msgspec.json.Decoder(Blocked).decode
read_consent = msgspec.json.Decoder(Consent).decode


def field(scope: str, about: str) -> str:
    return f"{scope}{FIELD}{about}"


def consent_field(consent: Consent) -> str:
    return f"{consent.client}{FIELD}{consent.id}"


class Keys:
    """`{floor}:ledger:…`, and those of the log that a take writes to."""

    def __init__(self, floor: str) -> None:
        self._floor = floor
        self.epoch = floor_key(floor, "epoch")
        self.facts = floor_key(floor, "facts")
        self.open = self._name("open")
        self.round = self._name("round")
        self.states = self._name("states")
        self.flights = self._name("flights")
        self.gates = self._name("gates")
        self.numbers = self._name("numbers")
        """Of each session of takes its last number."""
        self.upto = self._name("whole")
        """Marks that it is whole: the position in the log up to which the engine's facts are in it."""
        self.beat = self._name("beat")
        self._counters = self._name("c", "")

    def _name(self, *parts: str) -> str:
        return floor_key(self._floor, "ledger", *parts)

    def counter(self, key: str) -> str:
        return self._counters + key

    def key_of(self, name: str) -> str:
        return name.removeprefix(self._counters)

    def block(self, digest: str) -> str:
        return self._name("block", digest)

    def consent(self, digest: str) -> str:
        return self._name("consent", digest)

    def asked(self, digest: str) -> list[str]:
        """The first keys of LOOK and TAKE."""
        return [self.epoch, self.open, self.states, self.block(digest), self.consent(digest), self.facts, self.flights, self.numbers]

    def token(self, fence: Fence | None) -> str:
        return floor_key(self._floor, "token", fence.lease) if fence else self.epoch


class Keeping:
    """`KeptLedger` without what gates ask."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self.fence: Fence | None = None
        self._link = link
        self._keys = keys

    async def close(self) -> None:
        await self._link.close()

    async def apply(self, changes: Sequence[Change]) -> None:
        await self.apply_upto(changes, "")

    async def apply_upto(self, changes: Sequence[Change], upto: str) -> None:
        """By so many in one stroke; the position with the last of them."""
        keys = self._keys
        for begin in range(0, max(1, len(changes)), CHANGES_A_SCRIPT):
            some = [_written(each, keys) for each in changes[begin : begin + CHANGES_A_SCRIPT]]
            reached = upto if begin + CHANGES_A_SCRIPT >= len(changes) else ""
            if not some and not reached:
                return
            names = (keys.flights, keys.upto, keys.beat, keys.open, keys.epoch, *(name for name, _ in some))
            await self._fenced(APPLY, names, (reached, *(word for _, words in some for word in words)))

    async def standing(self) -> Standing:
        """The link's own run_id is the server's: a connection does not outlive a server."""
        keys = self._keys
        reply = await self._link.script(STANDING, (keys.round, keys.open, keys.upto, keys.gates, keys.beat, keys.epoch), ())
        run = await self._link.open()
        round_, open_, upto, beat, whole, epoch_run, *gates = reply.decode().split("\n")
        if epoch_run != run:
            await self._link.close()  # opening it again moves the epoch on when a FLUSHALL took it
            raise LogAway(RESTARTED)
        missing = [
            who
            for who, said in zip(gates[::2], gates[1::2], strict=True)
            if _is_missing(*said.rsplit(" ", 1), round_=round_, beat=int(beat))
        ]
        return Standing(run, round_, round_.startswith(run) and open_ == round_, whole == "1", upto, tuple(missing))

    async def begin(self, round_: str) -> None:
        await self._fenced(BEGIN, (self._keys.open, self._keys.round), (round_,))

    async def shut(self) -> None:
        await self.begin("")

    async def open(self, states: Mapping[str, str], upto: str) -> None:
        keys = self._keys
        names = (keys.open, keys.round, keys.epoch, keys.states, keys.gates, keys.upto, keys.beat, keys.numbers)
        await self._fenced(OPEN, names, (upto, *(word for pair in states.items() for word in pair)))

    async def flights(self, before: Micros) -> list[Flight]:
        names = [name.decode() for name in await self._link.call("SMEMBERS", self._keys.flights)]
        found: list[Flight] = []
        for name in names:
            members = await self._link.call("ZRANGEBYSCORE", name, "-inf", f"({before}", "LIMIT", 0, FLIGHTS_A_KEY)
            found += [Flight(self._keys.key_of(name), member.decode()) for member in members]
        return found

    async def _fenced(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> None:
        token: Argument = self.fence.token if self.fence else ""
        reply: Any = await self._link.script(script, (self._keys.token(self.fence), *keys), (token, *arguments))
        if reply == b"fenced":
            raise FenceLost(f"Somebody else holds the lease {self.fence.lease if self.fence else ''!r} now: this process stops writing.")
        if reply == b"restarted":
            await self._link.close()
            raise LogAway(RESTARTED)


def _is_missing(round_said: str, stamp: str, *, round_: str, beat: int) -> bool:
    return round_said != round_ and int(stamp) > beat - DEAD_S


def _written(change: Change, keys: Keys) -> tuple[str, tuple[Argument, Argument, Argument, Argument]]:
    """Its key, and what the script is told."""
    match change:
        case Put(key, at, member, keep_s):
            return keys.counter(key), ("put", at, member, keep_s)
        case Drop(key, member):
            return keys.counter(key), ("drop", member, "", "")
        case SetState(campaign, state):
            return keys.states, ("set", campaign, state, "")
        case SetBlock(digest, block):
            return keys.block(digest), ("set", field(block.scope, block.about), encoded(block), "")
        case DropBlock(digest, scope, about):
            return keys.block(digest), ("unset", field(scope, about), "", "")
        case SetConsent(digest, consent):
            return keys.consent(digest), ("set", consent_field(consent), encoded(consent), "")
        case DropConsent(digest, client):
            return keys.consent(digest), ("client", f"{client}{FIELD}", "", "")
