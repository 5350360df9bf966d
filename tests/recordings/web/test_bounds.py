"""Every whole number that somebody may send to the archive has a bound: a database has 63 bits, JSON has as many as one types."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import inspect

from recordings.web.offers import OFFERS
from tests.house.sources import say


def unbounded(kind: inspect.Type, where: str) -> Iterator[str]:
    match kind:
        case inspect.IntType():
            if kind.le is None and kind.lt is None:
                yield where
        case inspect.StructType():
            for field in kind.fields:
                yield from unbounded(field.type, f"{where}.{field.name}")
        case inspect.UnionType():
            for each in kind.types:
                yield from unbounded(each, where)
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType():
            yield from unbounded(kind.item_type, where)
        case inspect.TupleType():
            for each in kind.item_types:
                yield from unbounded(each, where)
        case inspect.DictType():
            yield from unbounded(kind.value_type, where)


def test_every_whole_number_has_a_bound() -> None:
    read = [(offer.path, kind) for offer in OFFERS for kind in (offer.query, offer.body) if kind is not None]
    say(sorted({each for path, kind in read for each in unbounded(inspect.type_info(kind), f"{path} {kind.__name__}")}))


def test_an_unbounded_one_is_found() -> None:
    class Wish(msgspec.Struct):
        places: list[tuple[int, str]] = []

    assert list(unbounded(inspect.type_info(Wish), "Wish")) == ["Wish.places"]
