"""Bad input at every door of one `andon up`: each ends in a clear sentence in the right place, and takes nothing else down.

A good PBX and ten that are bad, each in its own way, stand behind one floor; then come wrong tokens and screens that misbehave.
The good one's numbers go on all the while. Bad settings are in `test_bad_settings.py`, killed processes in `test_bad_moments.py`.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, suppress
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.line import liars
from tests.line.floor import READY_S, Andon, command, free_port, live, row
from tests.line.simulated import SECRET, USERNAME, simulated
from tests.wallboard.web.browsers import launch

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARKUP = "<script>alert(1)</script>"
NAMES = {
    MARKUP: MARKUP,
    "<img src=x onerror=alert(2)>": "<img src=x onerror=alert(2)>",
    "a\nResponse: Success": "a\nResponse: Success",
    "%0d%0aEvent: Hangup": "%0d%0aEvent: Hangup",
    "😀 王芳": "😀 王芳",
    b"\xd5\xc5\xc8\xfd".decode(errors="surrogateescape"): r"\xd5\xc5\xc8\xfd",
    "nul\0nul": "nul\0nul",
    "x" * 10_240: "x" * 1_024,
}
"""What a PBX calls its members, and what the floor does."""

LOST = {
    "password": "The PBX refused the login of 'andon' (Authentication failed): check username, secret and permit in manager.conf.",
    "http": "What answers there is no Asterisk manager, it says 'HTTP/1.1 400 Bad Request': check host and port.",
    "ssh": "What answers there is no Asterisk manager, it says 'SSH-2.0-OpenSSH_9.6': check host and port.",
    "mute": "Nothing greeted us within 5 s: check the port, and whether it is the TLS one.",
    "nobody": "No connection to 127.0.0.1:PORT (Connection refused): check that Asterisk runs, and bindaddr.",
    "endless": "A message has no end within 1,048,576 bytes: see whether it is Asterisk that answers on this port.",
    "half": "The PBX answered no ping for 10 s; check that Asterisk and its machine are well.",
    "resetting": "The connection broke (Connection reset by peer): check the network between.",
    "tls": "127.0.0.1:PORT speaks no TLS that we accept (WRONG_VERSION_NUMBER): check port, tlsenable and tls.",
}
"""By node: what a person reads of its link."""

SERVES = {
    "http": liars.saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "ssh": liars.saying(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "mute": liars.saying(b""),
    "endless": liars.endless_line,
    "half": liars.half_a_message,
    "resetting": liars.resetting,
    "tls": liars.saying(liars.BANNER),
    "names": liars.with_members(list(NAMES)),
}


def settings(ports: dict[str, int], board: int) -> str:
    tables = [f'[floor]\nname = "crowd"\n[board]\nlisten = "127.0.0.1:{board}"\n[data]\ndir = "data"\n']
    for node, port in ports.items():
        secret = "wrong" if node == "password" else SECRET
        table = f'[[pbx]]\nnode = "{node}"\nami = "127.0.0.1:{port}"\nusername = "{USERNAME}"\nsecret = "{secret}"\n'
        tables.append(table + ("tls = true\n" if node == "tls" else ""))
    return "".join(tables)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def andon(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Andon]:
    board = free_port()
    async with AsyncExitStack() as stack:
        good = await stack.enter_async_context(simulated("good"))
        ports = {"good": good.port, "password": good.port, "nobody": stack.enter_context(liars.nobody())}
        for node, serve in SERVES.items():
            ports[node] = await stack.enter_async_context(liars.listening(serve))
        folder = tmp_path_factory.mktemp("crowd")
        andon = await stack.enter_async_context(Andon.started(folder, settings(ports, board), board))
        await andon.until(lambda floor: live(floor, "good"), READY_S)
        yield andon


class TestBadPbxs:
    @pytest.mark.parametrize("node", LOST)
    async def test_the_floor_says_why_it_is_lost_and_what_to_do(self, andon: Andon, node: str) -> None:
        def said(floor: dict[str, Any]) -> bool:
            return re.sub(r"127.0.0.1:\d+", "127.0.0.1:PORT", row(floor, node).get("reason", "")) == LOST[node]

        floor = await andon.until(said, 30)
        assert row(floor, node)["link"] == "lost"

    async def test_the_good_one_goes_on_beside_them(self, andon: Andon) -> None:
        floor = await andon.until(lambda floor: {each["node"] for each in floor["nodes"]} >= {*LOST, "names", "good"}, 30)
        assert row(floor, "good")["reason"] == ""
        before = floor["totals"]["offered"]
        later = await andon.until(lambda floor: floor["totals"]["offered"] > before, 20)
        assert later["time"] - row(later, "good")["heard"] < 3

    async def test_the_command_line_shows_the_reasons(self, andon: Andon) -> None:
        await andon.until(lambda floor: all(row(floor, node).get("reason") for node in ("password", "http")), 30)
        said = await command(andon.folder, "floor")
        assert said.code == 0
        assert f"password: {LOST['password']}" in said.out
        assert f"http: {LOST['http']}" in said.out
        assert "good live, heard 0:0" in said.out

    async def test_the_log_of_andon_up_names_each(self, andon: Andon) -> None:
        await andon.until(lambda floor: all(row(floor, node).get("reason") for node in LOST), 30)
        lines = [json.loads(line) for line in andon.log().splitlines() if line.startswith("{")]
        told = {f"{line['role']} {line['node']}".strip(): line["event"] for line in lines if "node" in line}
        for node in ("password", "ssh", "mute", "endless", "half", "resetting"):
            assert told[f"adapter {node}"] == LOST[node]
        assert len(lines) < 3 * len(LOST), "a link that breaks all night is one line, not one for each attempt"

    async def test_nobody_died_of_it(self, andon: Andon) -> None:
        assert "started again" not in andon.log()
        assert "Traceback" not in andon.log()


class TestHostileNames:
    async def test_they_are_data_on_the_floor(self, andon: Andon) -> None:
        floor = await andon.until(lambda floor: live(floor, "names"), 30)
        assert {agent["name"] for agent in floor["agents"] if agent["node"] == "names"} == set(NAMES.values())

    async def test_they_are_harmless_in_a_terminal(self, andon: Andon) -> None:
        await andon.until(lambda floor: live(floor, "names"), 30)
        said = await command(andon.folder, "floor")
        assert MARKUP in said.out
        assert "nul?nul" in said.out
        assert "a?Response: Success" in said.out
        assert "x" * 41 not in said.out

    @pytest.mark.browser
    @pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is missing: make test installs it as root")
    async def test_they_are_text_on_the_wall(self, andon: Andon) -> None:
        await andon.until(lambda floor: live(floor, "names"), 30)
        opened: list[str] = []
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            context = await browser.new_context(viewport={"width": 3840, "height": 2160})
            page = await context.new_page()
            origin = {"Origin": andon.url}
            assert (await context.request.post(f"{andon.url}/api/session", data={"token": andon.secret()}, headers=origin)).ok
            page.on("dialog", lambda dialog: opened.append(dialog.message))
            page.on("pageerror", lambda error: opened.append(str(error)))
            await page.goto(f"{andon.url}/wall?distance=1")
            for name in (MARKUP, "<img src=x onerror=alert(2)>", "😀 王芳", r"\xd5\xc5\xc8\xfd"):
                await page.get_by_text(name, exact=True).first.wait_for(timeout=20_000)
            assert await page.locator("img, script:not([src])").count() == 0
            await browser.close()
        assert opened == []


async def make_token(andon: Andon, label: str) -> tuple[str, str]:
    """Secret and id."""
    said = await command(andon.folder, "token", "--role", "screen", "--label", label, "--days", "1")
    listed = await command(andon.folder, "token", "list")
    return said.out.strip(), next(line.split()[0] for line in listed.out.splitlines() if line.endswith(label))


def expire(andon: Andon, token_id: str) -> None:
    """As if a day had gone by."""
    path = andon.folder / "data" / "tokens.json"
    tokens = json.loads(path.read_text())
    for token in tokens:
        if token["id"] == token_id:
            token["expires"] = token["created"] + 1
    fresh = path.with_suffix(".test")
    fresh.write_text(json.dumps(tokens))
    fresh.replace(path)


def screen(andon: Andon, secret: str) -> connect:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    url = andon.url.replace("http", "ws") + "/api/live?view=wall"
    return connect(url, additional_headers=headers, proxy=None, compression=None, max_size=None)


async def closing(socket: ClientConnection) -> tuple[int | None, str | None]:
    async with asyncio.timeout(10):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code, socket.close_reason


REFUSED = {
    "none": ("token_missing", "This needs a token: sign in on the page, or send Authorization: Bearer."),
    "wrong": ("token_refused", "This token is not known here; ask for a new one: andon token --role ROLE."),
    "expired": ("token_expired", "This token has expired; ask for a new one: andon token --role ROLE."),
    "revoked": ("token_refused", "This token is not known here; ask for a new one: andon token --role ROLE."),
}


class TestTokens:
    @pytest.mark.parametrize("how", REFUSED)
    async def test_each_is_refused_with_its_reason(self, andon: Andon, how: str) -> None:
        secret = await self.bad(andon, how)
        error, message = REFUSED[how]
        answer = await andon.get("/api/floor", secret)
        assert answer is not None
        assert (answer.status_code, answer.json()) == (401, {"error": error, "message": message, "reasons": []})
        async with screen(andon, secret) as socket:
            assert await closing(socket) == (4401, error)

    async def bad(self, andon: Andon, how: str) -> str:
        if how == "none":
            return ""
        if how == "wrong":
            return "andon_" + "x" * 43
        secret, token_id = await make_token(andon, how)
        if how == "expired":
            expire(andon, token_id)
        else:
            assert (await command(andon.folder, "token", "revoke", token_id)).code == 0
        return secret

    @pytest.mark.parametrize("how", ["expired", "revoked"])
    async def test_a_screen_that_hangs_already_is_shown_the_door(self, andon: Andon, how: str) -> None:
        secret, token_id = await make_token(andon, f"hanging, {how}")
        async with screen(andon, secret) as socket:
            assert json.loads(await socket.recv())["type"] == "snapshot"
            if how == "expired":
                expire(andon, token_id)
            else:
                assert (await command(andon.folder, "token", "revoke", token_id)).code == 0
            assert await closing(socket) == (4401, "the token or the session has ended")

    async def test_after_many_wrong_ones_who_fails_waits_and_who_is_right_does_not(self, andon: Andon) -> None:
        answers = [await andon.get("/api/floor", f"andon_{'y' * 43}") for _ in range(12)]
        last = answers[-1]
        assert last is not None
        assert last.status_code == 429
        assert re.fullmatch(r"Too many wrong tokens came from this address; try again in \d+ seconds.", last.json()["message"])
        assert await andon.floor()


def deaf(andon: Andon) -> socket.socket:
    """A screen that asks for the floor and never reads a byte of it."""
    port = int(andon.url.rpartition(":")[2])
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    link.connect(("127.0.0.1", port))
    lines = (
        "GET /api/live?view=wall HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        f"Authorization: Bearer {andon.secret()}",
    )
    link.sendall("\r\n".join([*lines, "", ""]).encode())
    return link


async def test_screens_that_never_read_hold_up_nobody(andon: Andon) -> None:
    """A second between two frames, as the heartbeat is; eight on a busy machine, and not the ten after which a deaf one is dropped."""
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(deaf(andon))
        async with screen(andon, andon.secret()) as hearing:
            await hearing.recv()
            for _ in range(20):
                async with asyncio.timeout(8):
                    await hearing.recv()
