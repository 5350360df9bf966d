"""The server itself: where it may listen, what it tells when it may not, and what never gets into a log."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.plain_http import PLAIN_HTTP
from tests.wallboard.house import House, hear, running
from wallboard import wire
from wallboard.authorise import Role
from wallboard.server import BoardRefused
from wallboard.settings import BoardSettings, problems


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"listen": "8800"}, "listen"),
        ({"listen": "127.0.0.1:http"}, "listen"),
        ({"listen": "127.0.0.1:70000"}, "listen"),
        ({"listen": "0.0.0.0:8800", "public_role": Role.SCREEN}, "public_role"),
        ({"listen": "[::]:8800", "public_role": Role.SCREEN}, "public_role"),
        ({"listen": "localhost.evil.example:8800", "public_role": Role.SCREEN}, "public_role"),
        ({"max_clients": 10, "max_clients_per_address": 11}, "max_clients_per_address"),
        ({"max_clients_per_address": 0}, "max_clients_per_address"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, settings: dict[str, Any], key: str) -> None:
    (found,) = problems(BoardSettings(data_dir=tmp_path, **settings))
    assert f"[board] {key}" in found


@pytest.mark.parametrize("listen", ["127.0.0.1:8800", "[::1]:0", "localhost:80", "127.9.9.9:1"])
def test_loopback_may_be_public(tmp_path: Path, listen: str) -> None:
    assert problems(BoardSettings(data_dir=tmp_path, listen=listen, public_role=Role.SCREEN)) == []


async def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(BoardRefused, match=rf"cannot listen on {listen} .*; free it or change \[board\] listen\.$"):
            async with running_at(tmp_path, listen):
                pass


def running_at(folder: Path, listen: str) -> Any:
    return running(folder, listen=listen)


async def test_no_secret_and_no_query_gets_into_a_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = house.bearer()["Authorization"].split()[1]
    await house.http.get(f"/api/floor?token={secret}")
    await house.http.post("/api/session", json={"token": secret}, headers={"Origin": house.url})
    async with house.live(f"wall&token={secret}") as screen:
        await hear(screen, "snapshot")
    board = [record.getMessage() for record in caplog.records if not record.name.startswith(("websockets", "httpx", "httpcore"))]
    assert [line for line in board if secret in line or "token=" in line] == []


async def test_a_connection_that_asks_nothing_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "FIRST_REQUEST_S", 0.1)
    async with running(tmp_path) as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
        writer.write(b"GET /healthz HT")
        with contextlib.suppress(ConnectionResetError):  # an orderly end is as good
            assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        async with house.live() as screen:
            await hear(screen, "snapshot")
            await hear(screen, "heartbeat")  # longer than the patience with silent connections


JUNK = (b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\n\r\n", b"X" * 100_000 + b"\r\n\r\n", b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n")


@pytest.mark.parametrize("junk", JUNK)
async def test_what_is_no_request_hurts_nobody(house: House, junk: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(junk + b"\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 5)
    assert answer.startswith(b"HTTP/1.1 4")
    writer.close()
    assert (await house.http.get("/healthz")).json() == {"alive": True}


async def test_a_mistake_of_ours_is_told_without_details(house: House) -> None:
    house.renderer.snapshot = None  # type: ignore[method-assign, assignment]
    answer = await house.http.get("/api/floor", headers=house.bearer())
    assert answer.status_code == 500
    assert answer.json()["error"] == "internal"
    assert "NoneType" not in answer.text
    assert "content-security-policy" in answer.headers


async def test_an_ipv6_address(tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        socket.socket(socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    async with (
        running(tmp_path, listen="[::1]:0", open_floor=False) as house,
        httpx.AsyncClient(trust_env=False, verify=PLAIN_HTTP) as http,
    ):
        answer = await http.get(f"http://[::1]:{house.port}/healthz")
        assert answer.json() == {"alive": True}
