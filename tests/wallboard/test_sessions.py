"""Signing in from outside: cookies, the sign of a page, passwords, what ends a session, tickets, proxies, rates, the trail."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from realtime.words import SECOND
from tests.plain_http import PLAIN_HTTP
from tests.wallboard.house import House, hear, running, until
from tests.wallboard.test_access import closed_with, is_error
from wallboard import passage, passwords
from wallboard.audit import Entry, Head, Outcome
from wallboard.audit_log import AuditFailed
from wallboard.authorise import Role, actions_of
from wallboard.cookies import CSRF_HEADER, cookie_name
from wallboard.passwords import hash_of
from wallboard.protocol import CloseCode
from wallboard.rates import Bucket, Cost, Rates
from wallboard.signing import HOUR, MINUTE
from wallboard.tokens import DAY

PASSWORD = "correct horse battery"
HASH = hash_of(PASSWORD)


def add_person(house: House, name: str = "li.wei", role: Role = Role.SUPERVISOR) -> None:
    house.board.people.add(name, HASH, role, house.clock())


async def sign_in(house: House, **said: str) -> httpx.Response:
    return await sign_in_with(house.http, house, **said)


async def sign_in_with(browser: httpx.AsyncClient, house: House, **said: str) -> httpx.Response:
    said = said or {"user": "li.wei", "password": PASSWORD}
    return await browser.post("/api/session", json=said, headers={"Origin": house.url}, timeout=30)  # a busy machine hashes slowly


async def sign_out(house: House, csrf: str) -> httpx.Response:
    return await house.http.delete("/api/session", headers={"Origin": house.url, CSRF_HEADER: csrf})


def cookie_of(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


async def trail_of(house: House) -> list[Entry]:
    await house.board.recorder.write_sums(at_once=True)
    return house.board.recorder.trail.newest(100).entries[::-1]


# ------------------------------------------------------------------ cookies


async def test_a_token_becomes_a_session_and_no_browser_keeps_the_token(house: House) -> None:
    secret, kept = house.board.tokens.create(Role.SUPERVISOR, "", house.clock())
    answer = await sign_in(house, token=secret)
    session = answer.json()
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert re.match(r"andon_session=[0-9A-Za-z]{43}; ", cookie)
    assert secret not in cookie
    assert secret[6:] not in cookie
    for part in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "Secure" not in cookie, "this board speaks http"
    assert "Domain" not in cookie
    assert abs(int(cookie.partition("Max-Age=")[2].partition(";")[0]) - 12 * 3600) <= 2
    assert (session["role"], session["name"], session["board"]) == ("supervisor", "", "")
    assert session["actions"] == list(actions_of(Role.SUPERVISOR))
    assert (await house.http.get("/api/session")).json() == session  # httpx keeps the cookie
    async with house.live("floor", None, Cookie=cookie_of(answer), Origin=house.url) as screen:
        assert (await hear(screen))["role"] == "supervisor"
    async with house.live("floor", None, Cookie=cookie_of(answer)) as screen:
        assert (await closed_with(screen))[0] == CloseCode.NOT_ALLOWED
    assert kept.id in {one.token for one in house.board.sessions.all()}


async def test_a_screens_session_lives_as_long_as_its_token(house: House) -> None:
    secret, kept = house.board.tokens.create(Role.SCREEN, "hall", house.clock(), board="sales")
    answer = await sign_in(house, token=secret)
    assert answer.json()["board"] == "sales"
    assert answer.json()["expires"] == kept.expires / SECOND
    house.clock.ahead += 80 * DAY
    assert (await house.http.get("/api/session")).status_code == 200
    house.clock.ahead += 10 * DAY
    is_error(await house.http.get("/api/session"), 401, "session_ended")


async def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    add_person(house)
    answer = await sign_in(house)
    cookie = {"Cookie": cookie_of(answer)}
    is_error(await sign_out(house, "wrong"), 403, "csrf_refused")
    gone = await sign_out(house, answer.json()["csrf"])
    assert gone.status_code == 204
    assert f'{cookie_name(secure=False)}=""' in gone.headers["set-cookie"]
    async with httpx.AsyncClient(base_url=house.url, trust_env=False, verify=PLAIN_HTTP) as thief:
        is_error(await thief.get("/api/session", headers=cookie), 401, "session_ended")
    assert house.board.sessions.all() == []


async def test_each_session_has_its_own_sign_and_a_bearer_needs_none(house: House) -> None:
    cookie, csrf = await house.cookie(Role.ADMIN)
    _, other = await house.cookie(Role.ADMIN)
    assert csrf != other
    headers = {"Cookie": cookie, "Origin": house.url}
    for wrong in ({}, {CSRF_HEADER: ""}, {CSRF_HEADER: other}, {CSRF_HEADER: csrf[:-1]}):
        is_error(await house.http.post("/api/tickets", headers=headers | wrong), 403, "csrf_refused")
    assert (await house.http.post("/api/tickets", headers=headers | {CSRF_HEADER: csrf})).status_code == 200
    assert (await house.http.post("/api/tickets", headers=house.bearer(Role.ADMIN))).status_code == 200
    answer = await house.http.get("/api/session", headers=house.bearer(Role.ADMIN))
    assert answer.json()["csrf"] == ""


async def test_a_token_that_is_put_into_the_cookie_opens_nothing(house: House) -> None:
    secret, _ = house.board.tokens.create(Role.ADMIN, "", house.clock())
    answer = await house.http.get("/api/floor", headers={"Cookie": f"{cookie_name(secure=False)}={secret}"})
    is_error(answer, 401, "session_ended")


async def test_a_session_outlives_a_restart_of_the_board(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        cookie, _ = await house.cookie(Role.SCREEN)
    async with running(tmp_path) as house:
        assert (await house.http.get("/api/session", headers={"Cookie": cookie})).json()["role"] == "screen"


# ------------------------------------------------------------------ passwords


async def test_a_name_and_a_password_sign_in_and_say_who_it_is(house: House) -> None:
    add_person(house)
    answer = await sign_in(house)
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["role"]) == ("li.wei", "supervisor")
    assert (await house.http.get("/api/floor")).status_code == 200
    assert house.board.people.all()[0].seen > 0
    (entry,) = await trail_of(house)
    assert (entry.who, entry.role, entry.action, entry.outcome, entry.address) == (
        "user:li.wei", "supervisor", "sign in", Outcome.ALLOWED, "127.0.0.1",
    )  # fmt: skip


async def test_every_wrong_sign_in_gets_the_same_answer(house: House) -> None:
    add_person(house)
    add_person(house, "gone")
    house.board.people.set_disabled("gone", True)
    said: list[dict[str, str]] = [
        {"user": "li.wei", "password": "wrong password"},
        {"user": "nobody", "password": PASSWORD},
        {"user": "gone", "password": PASSWORD},
        {"user": "x" * 2000, "password": "y" * 1900},
    ]
    answers = [await sign_in(house, **each) for each in said]
    for answer in answers:
        is_error(answer, 401, "sign_in_refused")
        assert "set-cookie" not in answer.headers
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    "body",
    [
        {}, {"user": "li.wei"}, {"password": PASSWORD}, {"token": ""}, {"token": "t", "user": "u"}, {"token": "t", "password": "p"},
        {"token": "t", "user": "u", "password": "p"}, {"user": "u", "password": ""},
    ],
)  # fmt: skip
async def test_half_a_sign_in_is_refused(house: House, body: dict[str, Any]) -> None:
    is_error(await house.http.post("/api/session", json=body, headers={"Origin": house.url}), 401, "credentials_missing")


async def test_guessing_is_stopped_even_when_it_is_right_and_a_token_still_passes(house: House) -> None:
    add_person(house)
    for _ in range(5):
        is_error(await sign_in(house, user="li.wei", password="wrong password"), 401, "sign_in_refused")
    answer = await sign_in(house)
    is_error(answer, 429, "too_many_attempts")
    assert 200 < int(answer.headers["retry-after"]) <= 300
    secret, _ = house.board.tokens.create(Role.SUPERVISOR, "", house.clock())
    assert (await sign_in(house, token=secret)).status_code == 200
    house.clock.ahead += 5 * MINUTE
    assert (await sign_in(house)).status_code == 200


async def test_an_outdated_hash_is_made_anew_by_a_right_password(house: House) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    house.board.people.add("li.wei", weak, Role.QA, house.clock())
    answer = await sign_in(house)
    assert answer.status_code == 200
    assert house.board.people.all()[0].password.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert (await house.http.get("/api/session")).status_code == 200, "the session goes on"


def test_nobodys_hash_costs_the_same_as_somebodys() -> None:
    """Or the time of an answer would say which names there are."""
    assert not passwords.is_outdated(passwords.NOBODYS)
    assert not passwords.matches(None, PASSWORD)


# ------------------------------------------------------------------ what ends a session


ENDS: dict[str, Callable[[House], object]] = {
    "password": lambda house: house.board.people.set_password("li.wei", HASH),
    "disabled": lambda house: house.board.people.set_disabled("li.wei", True),
    "role": lambda house: house.board.people.set_role("li.wei", Role.ADMIN),
    "removed": lambda house: house.board.people.remove("li.wei"),
    "time": lambda house: setattr(house.clock, "ahead", house.clock.ahead + 12 * HOUR),
}


@pytest.mark.parametrize("end", ENDS)
async def test_what_ends_a_persons_session_ends_it_at_once_open_pages_too(house: House, end: str) -> None:
    add_person(house)
    add_person(house, "wang")
    answer = await sign_in(house)
    async with httpx.AsyncClient(base_url=house.url, trust_env=False, verify=PLAIN_HTTP) as browser:
        other = await sign_in_with(browser, house, user="wang", password=PASSWORD)
        async with (
            house.live("floor", None, Cookie=cookie_of(answer), Origin=house.url) as screen,
            house.live("floor", None, Cookie=cookie_of(other), Origin=house.url) as neighbour,
        ):
            await hear(screen, "snapshot")
            await hear(neighbour, "snapshot")
            ENDS[end](house)
            is_error(await house.http.get("/api/session"), 401, "session_ended")
            assert (await closed_with(screen))[0] == CloseCode.TOKEN
            if end != "time":
                assert (await hear(neighbour, "heartbeat"))["type"] == "heartbeat"


async def test_a_revoked_token_ends_the_sessions_that_were_begun_with_it(house: House) -> None:
    secret, kept = house.board.tokens.create(Role.SCREEN, "", house.clock())
    answer = await sign_in(house, token=secret)
    async with house.live("wall", None, Cookie=cookie_of(answer), Origin=house.url) as screen:
        await hear(screen, "snapshot")
        house.board.tokens.revoke(kept.id)
        is_error(await house.http.get("/api/session"), 401, "session_ended")
        assert (await closed_with(screen))[0] == CloseCode.TOKEN


async def test_an_idle_session_ends_but_not_while_its_page_is_open(house: House) -> None:
    add_person(house)
    answer = await sign_in(house)
    (session,) = house.board.sessions.all()
    async with house.live("floor", None, Cookie=cookie_of(answer), Origin=house.url) as screen:
        await hear(screen, "snapshot")
        for _ in range(4):
            house.clock.ahead += 40 * MINUTE
            now = house.clock()
            await until(lambda now=now: house.board.sessions._used.get(session.id, 0) >= now)
        assert (await hear(screen, "heartbeat"))["type"] == "heartbeat"
    house.clock.ahead += 61 * MINUTE
    is_error(await house.http.get("/api/session"), 401, "session_ended")


# ------------------------------------------------------------------ tickets


def with_ticket(house: House, ticket: str, **headers: str) -> connect:
    url = f"ws://127.0.0.1:{house.port}/api/live?view=wall&ticket={ticket}"
    return connect(url, additional_headers=headers, proxy=None, compression=None, max_size=None)


async def new_ticket(house: House) -> str:
    answer = await house.http.post("/api/tickets", headers=house.bearer(Role.SCREEN))
    assert 28 < answer.json()["expires"] - house.clock() / SECOND <= 30
    return str(answer.json()["ticket"])


async def test_a_ticket_opens_one_websocket_within_half_a_minute(house: House) -> None:
    ticket = await new_ticket(house)
    async with with_ticket(house, ticket) as screen:
        assert (await hear(screen, "snapshot"))["role"] == "screen"
    async with with_ticket(house, ticket) as again:
        assert await closed_with(again) == (CloseCode.TOKEN, "ticket_refused")
    late = await new_ticket(house)
    house.clock.ahead += 30 * SECOND
    async with with_ticket(house, late) as old:
        assert await closed_with(old) == (CloseCode.TOKEN, "ticket_refused")


async def test_a_ticket_is_worth_no_more_than_who_asked_for_it(house: House) -> None:
    ticket = await new_ticket(house)
    async with with_ticket(house, ticket) as screen:
        await hear(screen, "snapshot")
        waiting = await new_ticket(house)
        (token,) = house.board.tokens.list()
        house.board.tokens.revoke(token.id)
        assert (await closed_with(screen))[0] == CloseCode.TOKEN
    async with with_ticket(house, waiting) as screen:
        assert await closed_with(screen) == (CloseCode.TOKEN, "ticket_refused")


async def test_neither_another_site_nor_a_lasting_secret_comes_in_by_the_address(house: House) -> None:
    ticket = await new_ticket(house)
    async with with_ticket(house, ticket, Origin="http://evil.example") as screen:
        assert await closed_with(screen) == (CloseCode.NOT_ALLOWED, "origin_refused")
    secret, _ = house.board.tokens.create(Role.ADMIN, "", house.clock())
    async with with_ticket(house, secret) as screen:
        assert await closed_with(screen) == (CloseCode.TOKEN, "ticket_refused")
    is_error(await house.http.get(f"/api/floor?ticket={await new_ticket(house)}"), 401, "token_missing")


async def test_a_throttled_websocket_is_told_to_come_again(house: House) -> None:
    wrong = {"Authorization": "Bearer andon_" + "a" * 43}
    for _ in range(10):
        await house.http.get("/api/floor", headers=wrong)
    async with house.live("wall", None, **wrong) as screen:
        assert await closed_with(screen) == (CloseCode.TOO_MANY, "too_many_attempts")
    assert int(CloseCode.TOO_MANY) not in range(4400, 4410), "the page tries again"


# ------------------------------------------------------------------ proxies


async def test_behind_our_proxy_cookies_are_secure_and_addresses_are_the_clients(tmp_path: Path) -> None:
    async with running(tmp_path, hosts=("wall.example.com",), trusted_proxies=("127.0.0.0/8",)) as house:
        add_person(house)
        proxied = {
            "X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "wall.example.com",
            "Origin": "https://wall.example.com",
        }  # fmt: skip
        said = {"user": "li.wei", "password": PASSWORD}
        answer = await house.http.post("/api/session", json=said, headers=proxied)
        assert answer.status_code == 200
        assert answer.headers["set-cookie"].startswith("__Host-andon_session=")
        assert "; Secure" in answer.headers["set-cookie"]
        assert "Path=/;" in answer.headers["set-cookie"]
        cookie = {"Cookie": cookie_of(answer)}
        assert (await house.http.get("/api/session", headers=proxied | cookie)).json()["name"] == "li.wei"
        plain = {"Cookie": cookie_of(answer).removeprefix("__Host-")}
        is_error(await house.http.get("/api/session", headers=proxied | plain), 401, "token_missing")
        is_error(
            await house.http.post("/api/session", json=said, headers=proxied | {"Origin": "http://wall.example.com"}), 403, "origin_refused"
        )
        is_error(await house.http.get("/healthz", headers=proxied | {"X-Forwarded-Host": "evil.example"}), 421, "host_unknown")
        assert [entry.address for entry in await trail_of(house) if entry.outcome is Outcome.ALLOWED] == ["203.0.113.9"]
        async with house.live("floor", None, **proxied, **cookie) as screen:
            await hear(screen, "snapshot")
            assert [client.address for client in house.board.clients] == ["203.0.113.9"]


async def test_without_a_proxy_of_ours_forwarded_words_change_nothing(house: House) -> None:
    add_person(house)
    lies = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "Origin": house.url}
    answer = await house.http.post("/api/session", json={"user": "li.wei", "password": PASSWORD}, headers=lies)
    assert "Secure" not in answer.headers["set-cookie"]
    assert [entry.address for entry in await trail_of(house)] == ["127.0.0.1"]


# ------------------------------------------------------------------ rates


async def test_who_asks_too_fast_waits_and_the_neighbour_does_not(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    buckets = {Cost.PAGE: Bucket(1000, 100), Cost.USUAL: Bucket(3, 1), Cost.HEAVY: Bucket(1, 1)}
    monkeypatch.setattr(house.board.rates, "_buckets", buckets)
    first, second = house.bearer(Role.SUPERVISOR), house.bearer(Role.ADMIN)
    answers = [await house.http.get("/api/floor", headers=first) for _ in range(4)]
    assert [answer.status_code for answer in answers[:3]] == [200, 200, 200]
    is_error(answers[3], 429, "too_many_requests")
    assert answers[3].headers["retry-after"] == "1"
    assert (await house.http.get("/api/floor", headers=second)).status_code == 200
    assert [(await house.http.get("/api/audit", headers=second)).status_code for _ in range(2)] == [200, 429]
    assert isinstance(house.board.rates, Rates)


# ------------------------------------------------------------------ the trail


async def test_failed_sign_ins_are_summed_by_address_and_name_no_secret(house: House) -> None:
    add_person(house)
    for _ in range(3):
        await sign_in(house, user="li.wei", password="wrong password")
    await sign_in(house, user="my-secret-by-mistake", password="x")
    await sign_in(house, token="andon_" + "a" * 43)
    entries = await trail_of(house)
    assert [(entry.who, entry.action, entry.target, entry.outcome, entry.reasons) for entry in entries] == [
        ("nobody", "sign in", "user:li.wei", Outcome.REFUSED, ("sign_in_refused", "3 times within a minute")),
        ("nobody", "sign in", "", Outcome.REFUSED, ("sign_in_refused",)),
        ("nobody", "sign in", "", Outcome.REFUSED, ("token_refused",)),
    ]
    (file,) = house.board.recorder.trail.months()
    said = file.read_text()
    assert not any(word in said for word in ("wrong password", "my-secret", "andon_a"))


async def test_the_minutes_sum_is_written_by_itself(house: House) -> None:
    await sign_in(house, user="nobody", password="wrong password")
    house.clock.ahead += MINUTE
    await until(lambda: len(house.board.recorder.trail.newest(9).entries) == 1)


async def test_a_flood_of_different_attempts_is_one_entry(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wallboard.recorder.KINDS_KEPT", 5)
    for number in range(50):
        house.board.recorder.count(passage.STRANGER, f"10.0.0.{number}", "sign in", "", Outcome.REFUSED, "sign_in_refused")
    entries = await trail_of(house)
    assert len(entries) == 6
    assert entries[-1].reasons[-1] == "45 times within a minute"


async def test_acts_are_recorded_with_who_and_refused_ones_with_why(house: House) -> None:
    cookie, csrf = await house.cookie(Role.SUPERVISOR)
    headers = {"Cookie": cookie, "Origin": house.url}
    is_error(await house.http.delete("/api/session", headers=headers), 403, "csrf_refused")
    assert (await house.http.delete("/api/session", headers=headers | {CSRF_HEADER: csrf})).status_code == 204
    (token,) = house.board.tokens.list()
    found = [(entry.who, entry.role, entry.action, entry.outcome, entry.reasons) for entry in await trail_of(house)]
    assert found == [
        (f"token:{token.id}", "supervisor", "sign in", Outcome.ALLOWED, ()),
        (f"token:{token.id}", "supervisor", "sign out", Outcome.ALLOWED, ()),
        (f"token:{token.id}", "supervisor", "sign out", Outcome.REFUSED, ("csrf_refused",)),
    ]
    assert isinstance(house.board.recorder.trail.verify(), Head)


async def test_what_cannot_be_recorded_is_not_done(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    add_person(house)
    cookie, csrf = await house.cookie(Role.ADMIN)
    headers = {"Cookie": cookie, "Origin": house.url, CSRF_HEADER: csrf}
    folder = house.board.settings.data_dir / "audit"
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("a file where the folder was")
    is_error(await house.http.delete("/api/session", headers=headers), 503, "audit_failed")
    is_error(await sign_in(house), 503, "audit_failed")
    assert (await house.http.get("/api/session", headers=headers)).status_code == 200, "the session goes on"
    ready = await house.http.get("/readyz")
    assert ready.status_code == 503
    assert "audit trail" in ready.json()["message"]
    assert str(folder) not in ready.text
    folder.unlink()
    folder.with_name("elsewhere").rename(folder)
    assert (await house.http.delete("/api/session", headers=headers)).status_code == 204
    assert (await house.http.get("/readyz")).status_code == 200


async def test_a_handler_that_refuses_or_breaks_leaves_its_mark(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def break_down(_session: str) -> None:
        raise OSError(28, "No space left on device")

    cookie, csrf = await house.cookie(Role.ADMIN)
    headers = {"Cookie": cookie, "Origin": house.url, CSRF_HEADER: csrf}
    monkeypatch.setattr(house.board.signing, "end", break_down)
    is_error(await house.http.delete("/api/session", headers=headers), 503, "session_not_kept")
    assert [(entry.outcome, entry.reasons) for entry in await trail_of(house)][1:] == [
        (Outcome.ALLOWED, ()),
        (Outcome.FAILED, ("session_not_kept",)),
    ]


async def test_the_trail_is_read_a_page_at_a_time_by_those_who_may(house: House) -> None:
    for number in range(5):
        await house.board.recorder.allow(passage.STRANGER, "10.0.0.1", f"act {number}", "")
    admin = house.bearer(Role.ADMIN)
    page = (await house.http.get("/api/audit?limit=2", headers=admin)).json()
    assert [row["action"] for row in page["entries"]] == ["act 4", "act 3"]
    rest = (await house.http.get(f"/api/audit?before={page['next']}", headers=admin)).json()
    assert [row["action"] for row in rest["entries"]] == ["act 2", "act 1", "act 0"]
    assert rest["next"] == 0
    assert (await house.http.get("/api/audit?who=user:li", headers=admin)).json()["entries"] == []
    later = (await house.http.get(f"/api/audit?since={house.clock() / SECOND + 60}", headers=admin)).json()
    assert later["entries"] == []
    for wrong in ("limit=0", "limit=501", "before=-1", "since=x", "more=1", "since=nan"):
        is_error(await house.http.get(f"/api/audit?{wrong}", headers=admin), 400, "query_invalid")


async def test_a_trail_that_fails_while_sums_are_written_keeps_them(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_act: object) -> None:
        raise AuditFailed("The audit trail cannot be written.")

    await sign_in(house, user="nobody", password="wrong password")
    with monkeypatch.context() as broken:
        broken.setattr(house.board.recorder.trail, "append", full)
        await house.board.recorder.write_sums(at_once=True)
    assert len(await trail_of(house)) == 1


async def test_many_sign_in_at_once_and_the_screens_go_on(house: House) -> None:
    for number in range(8):
        add_person(house, f"agent{number}")
    async with house.live("wall", Role.SCREEN) as screen:
        await hear(screen, "snapshot")
        answers = await asyncio.gather(*(sign_in(house, user=f"agent{number}", password=PASSWORD) for number in range(8)))
        assert [answer.status_code for answer in answers] == [200] * 8
        assert (await hear(screen, "heartbeat"))["type"] == "heartbeat"
    assert len(house.board.sessions.all()) == 8
