"""What processes say of themselves: there and back, in memory and in a real Valkey, with ages, and without what nobody can read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio

from realtime.log import LogAway, Position
from realtime.store import MEMORY, Store, open_store
from realtime.vitals import FAMILIES_MAX, SAMPLES_MAX, Family, Histogram, Sample, Vitals, counters, decode, encode, gauge
from realtime.vitals_redis import FORGET_S, MemoryVitals
from realtime.watched import AppenderCounts, families_of_appender, written_at
from realtime.words import SECOND
from tests.valkeys import new_floor

ADAPTER = Vitals("adapter", "hall7", families_of_appender(AppenderCounts(room=5, waiting=2)))
ENGINE = Vitals("engine", "", [gauge("andon_x", "X.", 1.5)])


def test_a_histogram_counts_each_value_once() -> None:
    made = Histogram((0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 7.0):
        made.observe(value)
    assert (made.counts, round(made.sum, 2)) == ([2, 1, 1], 7.65)


def test_there_and_back() -> None:
    assert decode(encode(ADAPTER)) == ADAPTER


@pytest.mark.parametrize("blob", [b"", b"x", msgspec.msgpack.encode({"role": 1}), msgspec.msgpack.encode([1, 2])])
def test_what_cannot_be_read_is_nothing(blob: bytes) -> None:
    assert decode(blob) is None


def test_what_is_too_much_or_odd_is_left_out() -> None:
    whole = gauge("andon_whole", "W.", 1)
    many = counters("andon_many", "M.", "kind", {str(number): 1 for number in range(SAMPLES_MAX + 1)})
    torn = Family("andon_torn", "histogram", "T.", [Sample({}, 1.0, [1])], [0.1, 1.0])
    read = decode(encode(Vitals("engine", "", [many, torn, *[whole] * (FAMILIES_MAX + 1)])))
    assert read is not None
    assert [family.name for family in read.families] == ["andon_whole"] * FAMILIES_MAX


def test_when_a_record_was_written() -> None:
    assert written_at(Position(3, "1795510800123-4")) == 1795510800.123
    assert written_at(Position(3, "17")) is None
    assert written_at(None) is None


@pytest_asyncio.fixture(params=["memory", "valkey"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    url = MEMORY if request.param == "memory" else request.getfixturevalue("valkey")
    opened = open_store(url, new_floor())
    yield opened
    await opened.close()


async def test_each_process_is_heard_with_its_age(store: Store) -> None:
    await store.vitals.leave(ENGINE)
    await asyncio.sleep(0.05)
    await store.vitals.leave(ADAPTER)
    heard = {each.vitals.name: each for each in await store.vitals.read()}
    assert heard.keys() == {"adapter hall7", "engine"}
    assert heard["adapter hall7"].vitals == ADAPTER
    assert 0 <= heard["adapter hall7"].age_s < heard["engine"].age_s < 5
    await store.vitals.leave(Vitals("engine", "", []))
    await store.vitals.retire("adapter hall7")
    assert [(each.vitals.name, each.vitals.families) for each in await store.vitals.read()] == [("engine", [])]


async def test_the_log_s_server_tells_of_itself(valkey: str) -> None:
    store = open_store(valkey, new_floor())
    empty = await store.vitals.log()
    assert empty is not None
    assert (empty.entries, empty.last, empty.persisting) == (0, None, True)
    assert empty.memory > 100_000
    position = await store.log.append([b"[]", b"[]"])
    told = await store.vitals.log()
    assert told is not None
    assert (told.entries, told.last) == (2, written_at(position))
    await store.close()


async def test_a_process_that_is_silent_for_a_day_is_forgotten() -> None:
    now = [0]
    vitals = MemoryVitals(clock=lambda: now[0])
    await vitals.leave(ENGINE)
    now[0] = int(FORGET_S * SECOND)
    assert [each.age_s for each in await vitals.read()] == [FORGET_S]
    now[0] += 1
    assert await vitals.read() == []
    vitals.away = "gone"
    with pytest.raises(LogAway):
        await vitals.read()
