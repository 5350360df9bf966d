"""Pairing from outside: a screen asks, somebody lets it in, it sees its board and no other, and is sent away again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from realtime import view
from realtime.floor import Member, Phone, Queue
from realtime.words import SECOND, Device, Interface, QueueName
from tests.wallboard.fakes import NODE, agent
from tests.wallboard.house import House, hear, running, until
from wallboard.authorise import Role
from wallboard.boards import BoardPage, BoardPlan
from wallboard.protocol import CloseCode
from wallboard.screen_handlers import take_up
from wallboard.screens import CODE_LENGTH, LIVES, SIGNS, WAITING_EACH, Screens, TooMany, plain, spaced

SALES = BoardPlan(id="sales", name="Sales", queues=("sales",), pages=(BoardPage(), BoardPage(layout="number", queues=("sales",))))
HALL = BoardPlan(id="hall", name="Hall")


def origin(house: House) -> dict[str, str]:
    return {"Origin": house.url}


async def asked(house: House) -> dict[str, Any]:
    answer = await house.http.post("/api/screens", headers=origin(house))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def claimed(house: House, secret: str) -> httpx.Response:
    return await house.http.post("/api/screens/claim", json={"secret": secret}, headers=origin(house))


async def approved(house: House, code: str, role: Role = Role.SUPERVISOR, **said: str) -> httpx.Response:
    return await house.http.post(f"/api/screens/{code}/approve", json=said, headers=house.bearer(role))


async def paired(house: House, board: str = "hall") -> str:
    """The cookie of a screen that was let in."""
    new = await asked(house)
    assert (await approved(house, new["code"], board=board, label="by the door")).status_code == 204
    answer = await claimed(house, new["secret"])
    assert answer.json() == {"state": "approved", "board": board, "expires_in_s": 0}
    house.http.cookies.clear()
    return str(answer.headers["set-cookie"].partition(";")[0])


def screen(house: House, cookie: str, board: str = "") -> connect:
    address = f"ws://127.0.0.1:{house.port}/api/live?view=wall" + (f"&board={board}" if board else "")
    return connect(address, additional_headers={"Cookie": cookie, "Origin": house.url}, proxy=None, compression=None)


async def end_of(socket: ClientConnection) -> tuple[int | None, str | None]:
    with pytest.raises(ConnectionClosed):
        await hear(socket, "never")
    return socket.close_code, socket.close_reason


# ------------------------------------------------------------------ the whole way


async def test_a_screen_is_let_in_seen_and_sent_away(house: House) -> None:
    take_up(house.board, [HALL, SALES])
    new = await asked(house)
    assert len(new["code"]) == CODE_LENGTH
    assert set(new["code"]) <= set(SIGNS)
    assert new["expires_in_s"] == LIVES // SECOND
    assert (await claimed(house, new["secret"])).json()["state"] == "waiting"
    waiting = (await house.http.get("/api/screens", headers=house.bearer())).json()["waiting"]
    assert [(row["code"], row["address"]) for row in waiting] == [(new["code"], "127.0.0.1")]
    typed = f"{new['code'][:3].lower()} {new['code'][3:]}"
    assert (await approved(house, typed, board="hall", label="by the door")).status_code == 204
    answer = await claimed(house, new["secret"])
    house.http.cookies.clear()
    assert answer.json()["board"] == "hall"
    cookie = answer.headers["set-cookie"]
    assert all(word in cookie.lower() for word in ("httponly", "samesite=strict"))
    assert (await claimed(house, new["secret"])).status_code == 404, "it is given once"
    async with screen(house, cookie.partition(";")[0]) as socket:
        snapshot = await hear(socket, "snapshot")
        assert (snapshot["role"], snapshot["board"]["id"]) == ("screen", "hall")
        listed = (await house.http.get("/api/screens", headers=house.bearer())).json()
        (row,) = listed["paired"]
        assert (row["label"], row["board"], row["connected"], listed["waiting"]) == ("by the door", "hall", 1, [])
        assert row["by"], "who let it in is kept"
        assert (await house.http.delete(f"/api/screens/{row['id']}", headers=house.bearer())).status_code == 204
        assert (await end_of(socket))[0] == CloseCode.TOKEN
    async with screen(house, cookie.partition(";")[0]) as socket:
        assert (await end_of(socket))[0] == CloseCode.TOKEN, "the cookie alone is worth nothing"


async def test_what_may_not_be_approved(house: House) -> None:
    new = await asked(house)
    assert (await approved(house, new["code"], board="nowhere")).json()["error"] == "no_such_board"
    assert (await approved(house, new["code"], board="floor", label="x" * 101)).json()["error"] == "body_invalid"
    assert (await approved(house, "AAAAAA", board="floor")).json()["error"] == "code_unknown"
    assert (await approved(house, new["code"], Role.QA, board="floor")).status_code == 403
    assert (await house.http.delete(f"/api/screens/{new['code']}", headers=house.bearer())).status_code == 204
    assert (await claimed(house, new["secret"])).json()["error"] == "code_gone", "dismissed: its page asks for another one"
    assert (await house.http.delete("/api/screens/nothing", headers=house.bearer())).json()["error"] == "screen_unknown"


async def test_a_token_made_by_hand_is_not_a_screen_that_one_sends_away_here(house: House) -> None:
    _, token = house.board.tokens.create(Role.SUPERVISOR, "Li Wei", house.clock(), board="")
    assert (await house.http.delete(f"/api/screens/{token.id}", headers=house.bearer())).status_code == 404


async def test_a_code_lives_ten_minutes(house: House) -> None:
    new = await asked(house)
    house.clock.ahead += LIVES
    assert (await claimed(house, new["secret"])).json()["error"] == "code_gone"
    assert (await approved(house, new["code"], board="floor")).json()["error"] == "code_unknown"


async def test_the_file_lets_nobody_in(house: House) -> None:
    new = await asked(house)
    text = (house.board.settings.data_dir / "screens.json").read_text()
    assert new["code"] in text
    assert new["secret"] not in text
    assert (house.board.settings.data_dir / "screens.json").stat().st_mode & 0o077 == 0


async def test_too_many_screens_of_one_place_are_refused(house: House) -> None:
    for _ in range(WAITING_EACH):
        house.board.screens.ask("127.0.0.1", house.clock())
    answer = await house.http.post("/api/screens", headers=origin(house))
    assert (answer.status_code, answer.json()["error"]) == (429, "too_many_codes")
    house.board.screens.ask("192.0.2.1", house.clock())


async def test_another_site_cannot_ask(house: House) -> None:
    for path, body in (("/api/screens", None), ("/api/screens/claim", {"secret": "x"})):
        answer = await house.http.post(path, json=body, headers={"Origin": "http://evil.example"})
        assert answer.json()["error"] == "origin_refused"


async def test_the_page_renews_a_screen_s_cookie(house: House) -> None:
    take_up(house.board, [HALL])
    cookie = await paired(house)
    renewed = await house.http.get("/b/hall", headers={"Cookie": cookie})
    assert renewed.headers["set-cookie"].startswith(cookie)
    house.http.cookies.clear()
    assert "set-cookie" not in (await house.http.get("/wall")).headers


# ------------------------------------------------------------------ boards


async def test_a_screen_shows_its_own_board_whatever_its_address_says(tmp_path: Path) -> None:
    async with running(tmp_path, real=view) as house:
        two_queues(house)
        take_up(house.board, [HALL, SALES])
        cookie = await paired(house, "sales")
        for address in ("hall", "floor", "sales", ""):
            async with screen(house, cookie, address) as socket:
                snapshot = await hear(socket, "snapshot")
                assert snapshot["board"]["id"] == "sales"
                assert [row["name"] for row in snapshot["floor"]["queues"]] == ["sales"]
                assert [row["id"] for row in snapshot["floor"]["agents"]] == ["1000"]
                assert snapshot["floor"]["parts"]["1"]["agents_total"] == 1
        for path in ("/api/boards/hall", "/api/boards/nothing"):
            assert (await house.http.get(path, headers={"Cookie": cookie})).json()["error"] == "no_such_board"
        shown = (await house.http.get("/api/boards", headers={"Cookie": cookie})).json()
        assert [board["id"] for board in shown["boards"]] == ["sales"]


def two_queues(house: House) -> None:
    """1000 works in sales, 1001 in help."""
    floor = house.follower.floor
    for number, name in ((1000, "sales"), (1001, "help")):
        device = f"PJSIP/{number}"
        member = Member(queue=f"{NODE}/{name}", interface=Interface(device), phone=f"{NODE}/{device}", name="")
        floor.queues[f"{NODE}/{name}"] = Queue(node=NODE, name=QueueName(name), members={device: member})
        floor.agents[str(number)] = agent(number, f"Agent {number}", house.clock())
        floor.phones[f"{NODE}/{device}"] = Phone(
            node=NODE, device=Device(device), agent=floor.agents[str(number)].id, members={f"{NODE}/{name}": device}
        )
    floor.agents.pop("1002", None)
    house.follower.step(rebuilt=True)


async def test_deltas_of_a_board_name_nothing_else_and_are_made_once(tmp_path: Path) -> None:
    async with running(tmp_path, real=view) as house:
        two_queues(house)
        take_up(house.board, [HALL, SALES])
        await until(lambda: not house.board.feed._renew)
        bearer = house.bearer(Role.SUPERVISOR)
        address = f"ws://127.0.0.1:{house.port}/api/live?view=wall&board="
        async with (
            connect(address + "sales", additional_headers=bearer, proxy=None) as sales,
            connect(address + "hall", additional_headers=bearer, proxy=None) as hall,
            connect(address + "floor", additional_headers=bearer, proxy=None) as whole,
        ):
            for socket in (sales, hall, whole):
                await hear(socket, "snapshot")
            house.follower.floor.agents["1001"].name = "Zoe"
            changes = type(house.board.feed._changes)()
            changes.agents.add("1001")
            house.follower.step(changes)
            assert "agents" not in await hear(sales, "delta")
            assert (await hear(hall, "delta"))["agents"][0]["name"] == "Zoe"
            assert (await hear(whole, "delta"))["agents"][0]["name"] == "Zoe"


async def test_a_board_that_is_not_there_is_said(house: House) -> None:
    async with connect(
        f"ws://127.0.0.1:{house.port}/api/live?view=wall&board=nothing", additional_headers=house.bearer(), proxy=None
    ) as socket:
        assert await end_of(socket) == (CloseCode.NO_SUCH_VIEW, "no_such_board")


async def test_changed_boards_reach_the_walls_and_a_removed_one_says_so(house: House) -> None:
    take_up(house.board, [HALL, SALES])
    cookie = await paired(house, "sales")
    async with screen(house, cookie) as sales, house.live("wall", Role.SUPERVISOR) as whole:
        assert (await hear(sales, "snapshot"))["board"]["name"] == "Sales"
        await hear(whole, "snapshot")
        take_up(house.board, [BoardPlan(id="sales", name="Verkauf")])
        while (await hear(sales, "snapshot"))["board"]["name"] != "Verkauf":
            pass  # a screen that was behind may get the snapshot of before once more
        assert (await hear(whole, "snapshot"))["board"]["id"] == "floor"
        take_up(house.board, [])
        assert await end_of(sales) == (CloseCode.NO_SUCH_VIEW, "no_such_board")


async def test_a_board_may_be_for_some_addresses_only(house: House) -> None:
    take_up(house.board, [BoardPlan(id="hall", networks=("10.0.0.0/8",))])
    cookie = await paired(house)
    async with screen(house, cookie) as socket:
        assert await end_of(socket) == (CloseCode.NOT_ALLOWED, "not_from_here")


# ------------------------------------------------------------------ the store


def test_what_people_type_is_found(tmp_path: Path) -> None:
    screens = Screens(tmp_path)
    _, waiting = screens.ask("10.0.0.1", 1000)
    assert plain(f" {spaced(waiting.code).lower()} ") == waiting.code
    assert plain("abc-d34") == "ABCD34"
    found = screens.approve(f"{waiting.code[:3]}-{waiting.code[3:]}", "hall", "x", "li", 2000)
    assert found is not None
    assert (found.board, found.by) == ("hall", "li")
    assert screens.waiting(2000) == [], "who is approved waits no more"


def test_one_secret_is_taken_once_and_the_old_are_swept(tmp_path: Path) -> None:
    screens = Screens(tmp_path)
    secret, waiting = screens.ask("10.0.0.1", 1000)
    other, _ = screens.ask("10.0.0.1", 1000)
    assert screens.take(secret, 2000) is None, "nobody has approved it"
    screens.approve(waiting.code, "hall", "", "", 2000)
    assert screens.take(other, 2000) is None
    assert screens.take(secret, 2000) is not None
    assert screens.take(secret, 2000) is None
    screens.ask("10.0.0.1", 1000 + LIVES)
    assert len(screens.all()) == 1, "what has expired is not kept"


def test_many_places_together_are_bounded_too(tmp_path: Path) -> None:
    screens = Screens(tmp_path)
    for number in range(5 * WAITING_EACH):
        screens.ask(f"10.0.0.{number // WAITING_EACH}", 1000)
    with pytest.raises(TooMany):
        screens.ask("10.9.9.9", 1000)


async def test_the_list_is_for_those_who_manage_screens(house: House) -> None:
    await until(lambda: house.board.feed.has_floor)
    assert (await house.http.get("/api/screens", headers=house.bearer(Role.LEADER))).status_code == 403
