"""Who gets in: every route by every role, tokens of all kinds, origins, hosts, bodies, paths; always from outside."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route, WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from realtime.words import AgentState
from tests.wallboard.fakes import Clock, FakeFollower, FakeRenderer, mask
from tests.wallboard.house import House, hear, running, until
from wallboard.app import routes_of
from wallboard.authorise import Action, Role, authorise
from wallboard.board import WEB, make_board
from wallboard.cookies import CSRF_HEADER, cookie_name
from wallboard.headers import CONTENT_SECURITY_POLICY
from wallboard.passage import is_recorded
from wallboard.protocol import CloseCode
from wallboard.rates import Cost
from wallboard.reading import BODY_LIMIT
from wallboard.routes import ROUTES, SOCKETS
from wallboard.row import Row
from wallboard.settings import BoardSettings
from wallboard.throttle import FAILURES_ALLOWED, KEYS_KEPT, WINDOW, Throttle
from wallboard.tokens import DAY

UNKNOWN = "andon_" + "a" * 43
COOKIE = cookie_name(secure=False)


def is_error(answer: httpx.Response, status: int, error: str) -> bool:
    body = answer.json()
    assert (answer.status_code, body["error"]) == (status, error)
    assert body["message"].endswith((".", "}."))
    assert isinstance(body["reasons"], list)
    return True


async def closed_with(screen: ClientConnection) -> tuple[int | None, str | None]:
    with pytest.raises(ConnectionClosed):
        await hear(screen, "never")
    return screen.close_code, screen.close_reason


# ------------------------------------------------------------------ the table of routes, walked

CARRIERS = ("bearer", "cookie without its sign", "cookie")
PROXIED = {"X-Forwarded-For": "203.0.113.9"}  # so that nobody counts as this machine
PATH_VALUES = {"path": "nothing.js"}
OPEN_PAGES = ("/", "/wall", "/b/{board}", "/floor", "/breaks", "/campaigns", "/recordings", "/agent", "/reports", "/login")


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: f"{row.method} {row.path}")
async def test_every_route_by_every_role_and_carrier(house: House, row: Row) -> None:
    path = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: PATH_VALUES.get(found[1], "nothing"), row.path)
    for carrier, role in [("none", None), *product(CARRIERS, Role)]:
        headers = PROXIED | await credentials(house, role, carrier)
        answer = await house.http.request(row.method, path, headers=headers)
        error = answer.json().get("error") if answer.status_code >= 400 else None
        if row.asked.action is None:
            assert error not in REFUSALS_OF_THE_DOOR, (path, role)
        elif role is None:
            is_error(answer, 401, "token_missing")
        elif carrier == "cookie without its sign" and row.method != "GET":
            is_error(answer, 403, "csrf_refused")
        elif authorise(role, row.asked.action).allowed:
            assert error not in REFUSALS_OF_THE_DOOR, (path, role)
        else:
            is_error(answer, 403, "not_allowed")
            assert answer.json()["reasons"] == [authorise(role, row.asked.action).reason]


REFUSALS_OF_THE_DOOR = {
    "token_missing", "token_refused", "session_ended", "csrf_refused", "not_allowed", "origin_refused", "bound_to_board",
    "tokens_unreadable",
}  # fmt: skip


async def credentials(house: House, role: Role | None, carrier: str) -> dict[str, str]:
    if role is None:
        return {"Origin": house.url}
    if carrier == "bearer":
        return house.bearer(role)
    cookie, csrf = await house.cookie(role)
    return {"Origin": house.url, "Cookie": cookie} | ({CSRF_HEADER: csrf} if carrier == "cookie" else {})


def test_no_route_is_served_that_is_not_in_the_table(tmp_path: Path) -> None:
    board = make_board(BoardSettings(tmp_path), FakeFollower(Clock()), mask, Clock(), renderer=FakeRenderer())
    routes = routes_of(board)
    served = {(method, route.path) for route in routes if isinstance(route, Route) for method in route.methods or ()}
    served |= {("websocket", route.path) for route in routes if isinstance(route, WebSocketRoute)}
    assert all(isinstance(route, Route | WebSocketRoute) for route in routes), "no mount that would serve more"
    table = {(row.method, row.path) for row in ROUTES} | {("websocket", row.path) for row in SOCKETS}
    assert served - {("HEAD", path) for _, path in table} == table
    assert len(table) == len(ROUTES) + len(SOCKETS), "one row a route"


def test_what_changes_something_is_recorded_unless_it_is_written_down_here() -> None:
    quiet = {(row.method, row.path) for row in ROUTES if row.method != "GET" and not is_recorded(row)}
    assert quiet == {("POST", "/api/session"), ("POST", "/api/tickets"), ("POST", "/api/screens/claim")}
    assert {row.method for row in ROUTES} <= {"GET", "POST", "DELETE", "PUT"}, "the door knows these"


@pytest.mark.parametrize("role", [None, *Role])
async def test_the_websocket_by_every_role(house: House, role: Role | None) -> None:
    assert [row.path for row in SOCKETS] == ["/api/live", "/api/me/live"]
    async with house.live("wall", role) as screen:
        if role is None:
            assert await closed_with(screen) == (CloseCode.TOKEN, "token_missing")
        elif authorise(role, Action.FLOOR_READ).allowed:
            assert (await hear(screen))["role"] == role
        else:
            assert await closed_with(screen) == (CloseCode.NOT_ALLOWED, "not_allowed")


def test_the_table_is_closed_where_it_must_be() -> None:
    """Written down twice, so that opening a route is a decision."""
    opened = {(row.method, row.path) for row in ROUTES if row.asked.action is None}
    pages = {("GET", path) for path in OPEN_PAGES}
    pages |= {("GET", "/web/{path:path}")}
    asking = {("POST", "/api/session"), ("POST", "/api/screens"), ("POST", "/api/screens/claim")}
    assert opened == pages | asking | {("GET", path) for path in ("/healthz", "/readyz", "/api/openapi.json")}
    assert [row.path for row in ROUTES if row.asked.local] == ["/metrics"]
    bound = {(row.method, row.path) for row in ROUTES if row.asked.bound}
    boards = {("GET", "/api/boards"), ("GET", "/api/boards/{board}")}
    assert bound == boards | {("GET", "/api/session"), ("DELETE", "/api/session"), ("POST", "/api/tickets")}


async def test_a_screen_that_is_bound_to_a_board_may_ask_for_nothing_else(house: House) -> None:
    secret, _ = house.board.tokens.create(Role.SCREEN, "hall 3", house.clock(), board="sales")
    bearer = {"Authorization": f"Bearer {secret}"}
    answer = await house.http.get("/api/floor", headers=bearer)
    is_error(answer, 403, "bound_to_board")
    assert "bound to one board" in answer.json()["reasons"][0]
    assert (await house.http.get("/api/session", headers=bearer)).json()["board"] == "sales"


def test_every_role_and_action_has_an_answer_with_a_reason() -> None:
    for role in Role:
        for action in Action:
            assert role in authorise(role, action).reason
    assert not authorise(Role.SCREEN, Action.NUMBERS_MASKED).allowed
    assert not authorise(Role.AGENT, Action.FLOOR_READ).allowed


# ------------------------------------------------------------------ tokens


async def test_wrong_expired_and_revoked_tokens_are_refused(house: House) -> None:
    secret, kept = house.board.tokens.create(Role.SCREEN, "hall", house.clock())
    old, _ = house.board.tokens.create(Role.SCREEN, "old", house.clock() - 2 * DAY, days=1)
    bearer = {"Authorization": f"Bearer {secret}"}
    assert (await house.http.get("/api/floor", headers=bearer)).status_code == 200
    for wrong, error in ((UNKNOWN, "token_refused"), (old, "token_expired"), (secret[:-1], "token_refused")):
        answer = await house.http.get("/api/floor", headers={"Authorization": f"Bearer {wrong}"})
        is_error(answer, 401, error)
        assert answer.headers["www-authenticate"] == "Bearer"
    assert house.board.tokens.revoke(kept.id)
    is_error(await house.http.get("/api/floor", headers=bearer), 401, "token_refused")


async def test_a_token_in_an_address_is_not_looked_at(house: House) -> None:
    secret, _ = house.board.tokens.create(Role.ADMIN, "", house.clock())
    is_error(await house.http.get(f"/api/floor?token={secret}&access_token={secret}"), 401, "token_missing")


@pytest.mark.parametrize("end", ["revoked", "expired"])
async def test_a_screen_whose_token_ends_is_shown_the_door(house: House, end: str) -> None:
    house.bearer(Role.SCREEN)
    (token,) = house.board.tokens.list()
    async with house.live("wall", Role.SCREEN) as screen, house.live("floor", Role.QA) as other:
        await hear(screen, "snapshot")
        if end == "revoked":
            house.board.tokens.revoke(token.id)
        else:
            path = house.board.settings.data_dir / "tokens.json"
            path.write_text(path.read_text().replace(str(token.expires), str(house.clock() - 1), 1))
        assert (await closed_with(screen))[0] == CloseCode.TOKEN
        assert (await hear(other, "heartbeat"))["type"] == "heartbeat"


async def test_unreadable_tokens_let_nobody_in_and_say_so(house: House) -> None:
    bearer = house.bearer()
    (house.board.settings.data_dir / "tokens.json").write_text("[{")
    is_error(await house.http.get("/api/floor", headers=bearer), 503, "tokens_unreadable")
    ready = await house.http.get("/readyz")
    assert ready.status_code == 503
    assert "tokens.json" in ready.json()["reasons"][0]


async def test_failing_again_and_again_is_slowed_but_a_good_token_passes(house: House) -> None:
    wrong = {"Authorization": f"Bearer {UNKNOWN}"}
    for _ in range(FAILURES_ALLOWED):
        is_error(await house.http.get("/api/floor", headers=wrong), 401, "token_refused")
    answer = await house.http.get("/api/floor", headers=wrong)
    is_error(answer, 429, "too_many_attempts")
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert (await house.http.get("/api/floor", headers=house.bearer())).status_code == 200


def test_the_table_of_failures_is_bounded_and_forgets() -> None:
    throttle = Throttle()
    for number in range(3 * KEYS_KEPT):
        throttle.failed(f"10.0.{number >> 8}.{number & 255}", 0)
    assert len(throttle) == KEYS_KEPT
    waits = [throttle.failed("10.9.9.9", 1) for _ in range(FAILURES_ALLOWED + 1)]
    assert waits == [0] * FAILURES_ALLOWED + [60]
    assert throttle.failed("10.9.9.9", 1 + WINDOW) == 0


# ------------------------------------------------------------------ browsers: session, origin, host


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"token": 1}', b'{"token": "x", "more": 1}', b"\xff\xfe"])
async def test_odd_bodies_are_refused(house: House, body: bytes) -> None:
    is_error(await house.http.post("/api/session", content=body, headers={"Origin": house.url}), 400, "body_invalid")


async def test_large_bodies_are_refused_announced_or_not(house: House) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    origin = {"Origin": house.url}
    is_error(await house.http.post("/api/session", content=b"x" * (BODY_LIMIT + 1), headers=origin), 413, "body_too_large")
    is_error(await house.http.post("/api/session", content=drip(), headers=origin), 413, "body_too_large")
    assert (await house.http.get("/healthz")).status_code == 200


STRANGE_ORIGINS = [
    "http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", "http://127.0.0.1.evil.example", "file://", "x",
]  # fmt: skip


@pytest.mark.parametrize("origin", STRANGE_ORIGINS)
async def test_other_sites_may_not_change_anything_or_listen(house: House, origin: str) -> None:
    bearer = house.bearer()
    for method in ("POST", "DELETE"):
        answer = await house.http.request(method, "/api/session", headers=bearer | {"Origin": origin})
        is_error(answer, 403, "origin_refused")
    async with house.live("floor", Role.SUPERVISOR, Origin=origin) as screen:
        assert await closed_with(screen) == (CloseCode.NOT_ALLOWED, "origin_refused")


async def test_without_an_origin_only_a_bearer_changes_anything(house: House) -> None:
    is_error(await house.http.post("/api/session", json={"token": UNKNOWN}), 403, "origin_refused")
    assert (await house.http.delete("/api/session", headers=house.bearer())).status_code == 204


async def test_only_hosts_we_know(tmp_path: Path) -> None:
    async with running(tmp_path, hosts=("Wall.Example.com",)) as house:
        port = house.port
        for host in (f"127.0.0.1:{port}", "localhost", f"wall.example.com:{port}", "WALL.example.com", "[::1]:80", "wall.example.com."):
            assert (await house.http.get("/healthz", headers={"Host": host})).status_code == 200, host
        for host in ("evil.example", f"127.0.0.1.evil.example:{port}", "10.1.2.3", "", "a@localhost", "localhost:x", "localhost/"):
            is_error(await house.http.get("/healthz", headers={"Host": host}), 421, "host_unknown")
        with pytest.raises(InvalidStatus) as refused:
            async with connect("ws://evil.example/api/live?view=wall", host="127.0.0.1", port=port, proxy=None):
                pass
        assert refused.value.response.status_code == 421
        assert json.loads(refused.value.response.body)["error"] == "host_unknown"


async def test_every_answer_carries_the_security_headers(house: House) -> None:
    for path in ("/healthz", "/nothing", "/api/floor", "/web/x.js", "/wall", "/"):
        headers = (await house.http.get(path)).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers
        assert "access-control-allow-origin" not in headers
    assert (await house.http.get("/api/floor")).headers["cache-control"] == "no-store"


async def test_what_is_not_there_is_said_in_json(house: House) -> None:
    is_error(await house.http.get("/nothing"), 404, "not_found")
    answer = await house.http.put("/api/floor")
    is_error(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


async def test_an_unknown_view_is_told_only_to_those_who_may_look(house: House) -> None:
    async with house.live("kitchen") as screen:
        assert await closed_with(screen) == (CloseCode.NO_SUCH_VIEW, "no_such_view")
    async with house.live("kitchen", None) as screen:
        assert await closed_with(screen) == (CloseCode.TOKEN, "token_missing")


# ------------------------------------------------------------------ this machine


async def test_the_public_role_needs_no_token_on_this_machine_only(tmp_path: Path) -> None:
    async with running(tmp_path, public_role=Role.SUPERVISOR) as house:
        assert (await house.http.get("/api/floor")).status_code == 200
        async with house.live("wall", None, Origin=house.url) as screen:
            assert (await hear(screen))["role"] == "supervisor"
        stale = {"Cookie": f"{COOKIE}={UNKNOWN}"}  # of another board on this machine
        assert (await house.http.get("/api/floor", headers=stale)).status_code == 200
        is_error(await house.http.get("/api/floor", headers={"Authorization": f"Bearer {UNKNOWN}"}), 401, "token_refused")
        is_error(await house.http.get("/api/floor", headers={"X-Forwarded-For": "203.0.113.9"}), 401, "token_missing")
        async with house.live("wall", None, Origin="http://evil.example") as screen:
            assert (await closed_with(screen))[0] == CloseCode.NOT_ALLOWED
        cookie, _ = await house.cookie(Role.SCREEN)
        async with house.live("wall", None, Origin=house.url, Cookie=cookie) as screen:
            assert (await hear(screen))["role"] == "screen", "a good cookie says who it is"


async def test_metrics_are_for_this_machine_or_a_token(house: House) -> None:
    async with house.live() as screen:
        await hear(screen, "snapshot")
        house.follower.agent_is(1000, AgentState.HOLD)
        await hear(screen, "delta")
        text = (await house.http.get("/metrics")).text
        assert 'andon_board_clients{view="floor"} 1.0' in text
        assert "andon_board_frames_total 2.0" in text
        assert "andon_board_log_away 0.0" in text
        assert "andon_board_feed_lag_seconds_count 1.0" in text
    await until(lambda: len(house.board.clients) == 0)
    proxied = {"X-Forwarded-For": "203.0.113.9"}
    is_error(await house.http.get("/metrics", headers=proxied), 401, "token_missing")
    assert (await house.http.get("/metrics", headers=proxied | house.bearer(Role.ADMIN))).status_code == 200


async def test_every_metric_is_documented(house: House) -> None:
    documented = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
    text = (await house.http.get("/metrics")).text
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ") and not line.split()[2].endswith("_created")}
    assert len(names) >= 9
    assert [name for name in sorted(names) if f"`{name}`" not in documented] == []


PAGES = sorted(path.name for path in WEB.glob("*.html"))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_anything_that_its_policy_would_stop(page: str) -> None:
    """`script-src 'self'`: whatever stands in the page itself would not run, and must not be what a page relies on."""
    text = (WEB / page).read_text("utf-8")
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.DOTALL)
    assert scripts
    assert all('src="/web/' in attributes and not inline.strip() for attributes, inline in scripts)
    assert not re.search(r"<style\b|\sstyle=|\son\w+=|javascript:|https?://", text)


async def test_every_page_comes_with_the_policy(house: House) -> None:
    rows = [row for row in ROUTES if row.cost is Cost.PAGE and row.method == "GET" and "{path" not in row.path]
    pages = [await house.http.get(row.path.replace("{board}", "floor")) for row in rows]
    html = [answer for answer in pages if answer.headers.get("content-type", "").startswith("text/html")]
    assert len(html) >= len(PAGES)
    for answer in html:
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
