"""Every fault of the server is a LogAway with a sentence, within bounds; and the log works again when the fault is over."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from realtime.log import LogAway
from realtime.log_faults import BadAddress
from realtime.log_redis import RedisLog
from realtime.redis_link import RedisLink, floor_key
from realtime.store import open_store
from tests.realtime.backends import Own
from tests.valkeys import Server


@pytest.fixture
async def link(own: Own) -> AsyncIterator[RedisLink]:
    link = RedisLink(own.url)
    yield link
    await link.close()


async def complaint(log: RedisLog) -> str:
    with pytest.raises(LogAway) as caught:
        async with asyncio.timeout(10):
            await log.append([b"a"])
    await log.close()
    sentence = str(caught.value)
    assert sentence.startswith("The log's server ")
    assert sentence.endswith((".", "?"))
    return sentence


@pytest.mark.parametrize("url", ["", "http://localhost", "localhost:6379", "redis://localhost:port"])
def test_an_address_that_is_none_is_refused_before_anything_starts(url: str) -> None:
    with pytest.raises(BadAddress, match="write redis://"):
        open_store(url, "main")


@pytest.mark.parametrize("floor", ["", "a{b", "a}"])
def test_a_floor_that_would_break_the_hash_tag_is_refused(floor: str) -> None:
    with pytest.raises(BadAddress):
        floor_key(floor, "facts")


def test_keys_are_those_of_the_design() -> None:
    assert floor_key("main", "facts") == "{main}:facts"
    assert floor_key("main", "lease", "engine") == "{main}:lease:engine"


async def test_nobody_listens(tmp_path: Path) -> None:
    assert "is it running" in await complaint(RedisLog(f"unix://{tmp_path}/none.sock", "f"))
    assert "is it running" in await complaint(RedisLog("redis://127.0.0.1:1/0", "f"))


async def test_a_wrong_password_is_named_and_not_repeated(own: Own, link: RedisLink) -> None:
    await link.call("CONFIG", "SET", "requirepass", "right")
    sentence = await complaint(RedisLog(own.url.replace("unix://", "unix://:wrong@"), "f"))
    assert "refuses the password" in sentence
    assert "wrong@" not in sentence
    assert "refuses the password" in await complaint(RedisLog(own.url, "f"))
    log = RedisLog(own.url.replace("unix://", "unix://:right@"), "f")
    await log.append([b"a"])
    await log.close()


async def test_a_user_without_rights(own: Own, link: RedisLink) -> None:
    await link.call("ACL", "SETUSER", "poor", "on", ">word", "~*", "+@all", "-xadd")
    assert "give its user" in await complaint(RedisLog(own.url.replace("unix://", "unix://poor:word@"), "f"))


async def test_out_of_memory_is_named_and_passes(own: Own, link: RedisLink) -> None:
    await link.call("CONFIG", "SET", "maxmemory", "1")
    log = RedisLog(own.url, "f")
    assert "out of memory" in await complaint(log)
    await link.call("CONFIG", "SET", "maxmemory", "0")
    await log.append([b"a"])
    await log.close()


async def test_a_replica_is_named(own: Own, link: RedisLink) -> None:
    await link.call("REPLICAOF", "127.0.0.1", "1")
    assert "read-only replica" in await complaint(RedisLog(own.url, "f"))


async def test_another_thing_under_our_key_is_named(own: Own, link: RedisLink) -> None:
    await link.call("SET", "{f}:facts", "mine")
    assert "another name" in await complaint(RedisLog(own.url, "f"))


async def test_a_server_that_hangs_is_given_up_in_time(own: Own) -> None:
    writer = RedisLink(own.url, floor_key("f", "epoch"), patience_s=0.2)
    log = RedisLog(own.url, "f", writer=writer)
    await log.append([b"a"])
    own.server.send(signal.SIGSTOP)
    sentence = await complaint(log)
    own.server.send(signal.SIGCONT)
    assert "does not answer" in sentence
    await log.append([b"b"])
    assert [record.batch for record in await log.read(None)][-1] == b"b"
    await log.close()


async def test_a_reader_whose_server_dies_is_told_at_once(own: Own) -> None:
    log = (await own.store()).log
    after = await log.append([b"a"])
    reading = asyncio.create_task(log.read(after, wait_ms=20_000))
    await asyncio.sleep(0.02)
    own.server.kill()
    with pytest.raises(LogAway, match="is it running"):
        async with asyncio.timeout(5):
            await reading


async def test_over_tcp_with_a_password(tmp_path_factory: pytest.TempPathFactory, unused_tcp_port: int) -> None:
    server = Server(tmp_path_factory.mktemp("tcp"), "--port", str(unused_tcp_port), "--bind", "127.0.0.1")
    server.start()
    try:
        for scheme in ("redis", "valkey"):
            log = RedisLog(f"{scheme}://127.0.0.1:{unused_tcp_port}/0", scheme)
            await log.append([b"a"])
            assert len(await log.read(None)) == 1
            await log.close()
    finally:
        server.kill()
