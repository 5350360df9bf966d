"""The smallest floor that can be wrong: what each producer said, once each and in order. For the tests of log and follower."""

from __future__ import annotations

import msgspec


class Said(msgspec.Struct):
    """A fact as the real ones are told apart: by session and number."""

    session: str
    seq: int


class ToyFloor(msgspec.Struct):
    last: dict[str, int] = {}
    said: list[tuple[str, int]] = []
    repeats: int = 0


def said(session: str, seq: int) -> bytes:
    return msgspec.json.encode(Said(session, seq))


def batch(*facts: bytes) -> bytes:
    return b"[" + b",".join(facts) + b"]"


class ToyFolding:
    """Knows a repeat by its session's last number, as the real fold does, so order matters to it."""

    def __init__(self, version: str = "1") -> None:
        self.version = version

    def new(self) -> ToyFloor:
        return ToyFloor()

    def load(self, blob: bytes) -> ToyFloor:
        return msgspec.msgpack.decode(blob, type=ToyFloor)

    def dump(self, floor: ToyFloor) -> bytes:
        return msgspec.msgpack.encode(floor)

    def new_changes(self) -> list[str]:
        return []

    def apply_batch(self, floor: ToyFloor, batch: bytes, changes: list[str]) -> None:
        for fact in msgspec.json.decode(batch, type=list[Said]):
            if fact.seq <= floor.last.get(fact.session, -1):
                floor.repeats += 1
                continue
            floor.last[fact.session] = fact.seq
            floor.said.append((fact.session, fact.seq))
            changes.append(fact.session)
