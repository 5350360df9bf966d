"""Every road to one decision, with all of Andon as it is installed on a real Asterisk 22: the console's API, an agent's own page over a
second board, and requests as the phone's codes write them. What is asked at once is decided once, whoever is killed in between.

The codes themselves are dialled in `test_phone_22.py`.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from realtime.asker import NotAnswered
from realtime.requests import Actor, BreakAsk
from realtime.words import AgentId
from tests.lab import need
from tests.lab.pair import Pair
from tests.line.floor import READY_S, Andon, free_port
from tests.line.test_control_processes_22 import Outside, outside
from tests.plain_http import PLAIN_HTTP
from tests.realtime.backends import until

pytestmark = pytest.mark.asterisk

AGENTS = tuple(str(number) for number in range(1001, 1009))
PLACES = 3
PEOPLE = "id,name,team,login\n" + "".join(f"{name},P{name},a,p{name}\n" for name in AGENTS)
TEAMS = '[[team]]\nid = "a"\n'
BREAKS = (
    f"[breaks]\nteam_most = {PLACES}\nsite_most = {PLACES}\nspacing_s = 0\n[breaks.load]\nenabled = false\n[kind.short]\nminutes = 10\n"
)
T = TypeVar("T")
PASSWORD = secrets.token_urlsafe(12)


async def wait(condition: Callable[[], Awaitable[T]]) -> T:
    """Its first answer that is something. A deadline, not a sleep."""
    async with asyncio.timeout(READY_S):
        while True:
            if found := await condition():
                return found
            await asyncio.sleep(0.1)


class Road:
    """Somebody with an HTTP client: a program with a token, or a browser that has signed in."""

    def __init__(self, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.http = http
        self.headers = headers

    async def post(self, path: str, body: dict[str, Any], key: str = "") -> dict[str, Any]:
        """As a page does: with one key, until somebody answers."""
        headers = self.headers | {"Idempotency-Key": key or secrets.token_hex(8)}
        async with asyncio.timeout(READY_S):
            while True:
                answer = await self.http.post(path, json=body, headers=headers)
                if answer.status_code != 503:
                    return dict(answer.json())

    async def seen(self, order: str) -> dict[str, Any]:
        """Asked, answered, seen: all of the three. The event may come before the answer: they are two connections."""

        async def row() -> dict[str, Any]:
            told = (await self.http.get(f"/api/orders/{order}", headers=self.headers)).json()
            return dict(told) if told.get("seen") and told.get("outcome") else {}

        return await wait(row)


@asynccontextmanager
async def supervisor(andon: Andon) -> AsyncIterator[Road]:
    said = await run(andon.folder, "token", "--role", "supervisor")
    async with httpx.AsyncClient(base_url=andon.url, trust_env=False, timeout=10, verify=PLAIN_HTTP) as http:
        yield Road(http, {"Authorization": f"Bearer {said.split()[-1]}"})


@asynccontextmanager
async def agent(andon: Andon, name: str, url: str) -> AsyncIterator[Road]:
    await run(andon.folder, "user", "add", f"p{name}", "--role", "agent", "--password-stdin", typed=PASSWORD)
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=10, verify=PLAIN_HTTP) as http:
        answer = await http.post("/api/session", json={"user": f"p{name}", "password": PASSWORD}, headers={"Origin": url})
        assert answer.status_code == 200, answer.text
        yield Road(http, {"X-Andon-CSRF": answer.json()["csrf"], "Origin": url})


@asynccontextmanager
async def second_board(andon: Andon) -> AsyncIterator[str]:
    """On another port, on the same log."""
    port = free_port()
    environment = {**os.environ, "ANDON_BOARD_LISTEN": f"127.0.0.1:{port}"}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "andon", "board", cwd=andon.folder, env=environment)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, verify=PLAIN_HTTP) as http:
            await wait(lambda: ready(http))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).status_code == 200
    except httpx.HTTPError:
        return False


async def run(folder: Path, *words: str, typed: str = "") -> str:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "andon", *words, cwd=folder, stdin=pipe, stdout=pipe, stderr=pipe)
    async with asyncio.timeout(READY_S):
        out, err = await process.communicate(f"{typed}\n".encode())
    assert process.returncode == 0, err.decode()
    return out.decode()


@asynccontextmanager
async def ruled(folder: Path) -> AsyncIterator[tuple[Pair, Andon]]:
    need.tree("sid")
    (folder / "plan").mkdir()
    for name, text in (("people.csv", PEOPLE), ("teams.toml", TEAMS), ("breaks.toml", BREAKS)):
        (folder / "plan" / name).write_text(text)
    async with Pair.open("sid", node="north1") as pair, Andon.up(pair, folder) as andon:
        await andon.until(lambda floor: bool(floor["plan"]) and floor["breaks"]["ruled"], READY_S)
        yield pair, andon


async def paused(pair: Pair) -> Counter[str]:
    """By the PBX's own word: how often each reason stands in its queues."""
    words = (await pair.queue_show()).split("paused:")
    return Counter(word.split(" ")[0].rstrip(")") for word in words[1:])


async def test_a_break_by_the_console_and_by_an_agents_own_page(tmp_path: Path) -> None:
    async with ruled(tmp_path) as (pair, andon), second_board(andon) as url, supervisor(andon) as boss, agent(andon, "1008", url) as own:
        forced = await boss.post("/api/orders", {"deed": "pause", "agent": "1008", "kind": "short", "reason": "a hard call"})
        assert forced["verdict"] == "allow", forced
        assert all([(await boss.seen(order))["outcome"] == "accepted" for order in forced["orders"]])
        assert set(await paused(pair)) == {"short"}
        assert (await boss.post("/api/undo", {"request": forced["request"]}))["verdict"] == "allow"
        await andon.until(lambda floor: not any(each["break"] for each in floor["agents"]), READY_S)
        assert not await paused(pair)

        asked = await own.post("/api/me/break", {"deed": "ask", "kind": "short"})
        assert asked["verdict"] == "allow", asked
        await andon.until(lambda floor: any(each["id"] == "1008" and each["state"] == "on_break" for each in floor["agents"]), READY_S)
        assert set(await paused(pair)) == {"short"}
        again = await own.post("/api/me/break", {"deed": "ask", "kind": "short"})
        assert (again["verdict"], bool(again["reasons"])) == ("deny", True)
        assert (await own.post("/api/me/break", {"deed": "back"}))["verdict"] == "allow"
        await andon.until(lambda floor: any(each["id"] == "1008" and each["state"] == "ready" for each in floor["agents"]), READY_S)
        assert not await paused(pair)


async def test_all_roads_at_once_and_a_killed_engine_give_three_places_to_three(tmp_path: Path) -> None:
    async with ruled(tmp_path) as (pair, andon), second_board(andon) as url, supervisor(andon) as boss, outside(andon) as phone:
        await until(lambda: bool(phone.floor.owned.version), READY_S)
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=10, verify=PLAIN_HTTP) as http:
            other = Road(http, boss.headers)
            asking = [asyncio.create_task(ask(boss, other, phone, place, name)) for place, name in enumerate(AGENTS)]
            await andon.kill("engine")
            verdicts = Counter(await asyncio.gather(*asking))
        assert verdicts == {"allow": PLACES, "queue": len(AGENTS) - PLACES}
        floor = await andon.until(lambda floor: sum(each["state"] == "on_break" for each in floor["agents"]) == PLACES, READY_S)
        assert len(floor["breaks"]["waiting"]) == len(AGENTS) - PLACES
        on_break = {each["id"] for each in floor["agents"] if each["state"] == "on_break"}
        shown = (await pair.queue_show()).splitlines()
        assert {name for name in AGENTS if any(f"{name}" in line and "paused:short" in line for line in shown)} == on_break


async def ask(boss: Road, other: Road, phone: Outside, place: int, name: str) -> str:
    """By turns over the first board, the second one, and as the gate writes what a phone dialled."""
    if place % 3 < 2:
        answer = await (boss, other)[place % 3].post("/api/breaks", {"agent": name, "deed": "ask", "kind": "short"})
        return str(answer["verdict"])
    actor, key = Actor(f"agent:{name}", agent=AgentId(name), via="phone"), secrets.token_hex(8)
    async with asyncio.timeout(READY_S):
        while True:
            try:
                return str((await phone.asker.ask(actor, BreakAsk(AgentId(name)), key)).decision.verdict)
            except NotAnswered:
                continue
