"""Facts as bytes and back: JSON, one object a fact, one array a batch.

Not the log (`log.py`), which only carries the bytes. JSON, because an auditor reads the log with any tool; msgspec, because
it is as fast as the binary formats here. A tag is `Name.version`; an old version is lifted to today's by its upcaster, so
that a log of last year folds with today's code. An unknown type is skipped: a newer producer is no reason to stop showing
the floor.
"""

from __future__ import annotations

import functools
import inspect
import operator
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from realtime import facts, outbound, recording_facts, rulings
from realtime.facts import Fact

FACTS: dict[str, type[Fact]] = {
    str(cls.__struct_config__.tag): cls
    for module in (facts, rulings, outbound, recording_facts)
    for _, cls in inspect.getmembers(module, inspect.isclass)
    if issubclass(cls, Fact) and cls is not Fact
}
"""Every type of fact by its tag."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: dict[str, Upcaster] = {}
"""By the old tag: takes an object of that version, gives one of the next, its `fact` changed accordingly."""

UNREADABLE = "backslashreplace"
"""What becomes of bytes that are no UTF-8, as an error handler of Python's codecs."""

_encoder = msgspec.json.Encoder()
_ANY_FACT: Any = functools.reduce(operator.or_, FACTS.values())
_batches: msgspec.json.Decoder[list[Fact]] = msgspec.json.Decoder(list[_ANY_FACT])


def encode(fact: Fact) -> bytes:
    """One fact as a JSON object."""
    return _encoder.encode(fact)


def written(fact: Fact) -> tuple[Fact, bytes]:
    """The fact as readers of the log will have it, and its JSON: text from bytes that are no UTF-8 is made readable."""
    try:
        return fact, encode(fact)
    except UnicodeEncodeError:
        texts = {field: readable(text) for field in fact.__struct_fields__ if isinstance(text := getattr(fact, field), str)}
        fact = msgspec.structs.replace(fact, **texts)
        return fact, encode(fact)


def readable(text: str) -> str:
    """A name that a PBX has in GBK, say: each byte that is no UTF-8 becomes four characters, as `\\xd5`, so no two names become one."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", UNREADABLE)


def join(encoded: Iterable[bytes]) -> bytes:
    """One batch from facts that are encoded already."""
    return b"[" + b",".join(encoded) + b"]"


def decode(batch: bytes) -> list[Fact]:
    """The facts of a batch, older versions lifted, unknown types left out. Raises msgspec.DecodeError for what is no batch."""
    try:
        return _batches.decode(batch)
    except msgspec.ValidationError:
        return [fact for plain in msgspec.json.decode(batch, type=list[dict[str, Any]]) if (fact := lift(plain)) is not None]


def lift(plain: dict[str, Any]) -> Fact | None:
    """One object of any known version as today's fact. None for a type, or a word in it, that only a newer producer knows."""
    while (upcaster := UPCASTERS.get(plain.get("fact", ""))) is not None:
        plain = upcaster(plain)
    kind = FACTS.get(plain.get("fact", ""))
    try:
        return msgspec.convert(plain, kind) if kind is not None else None
    except msgspec.ValidationError:
        return None
