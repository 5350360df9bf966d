"""Why, and an agent's day, asked from outside: with a history, without one, with one that is away, and by whom it may not be asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from realtime.facts import CallerJoined, Sealed
from realtime.words import SECOND
from tests.realtime.memory_history import AWAY, MemoryHistory
from tests.realtime.story import (
    Story,
    abandoned,
    about,
    call_began,
    completed,
    configured,
    connected,
    day_began,
    joined,
    paused,
    queue_seen,
    works,
)
from tests.wallboard.house import House, running, until
from wallboard.authorise import Role
from wallboard.records import NO_HISTORY

CALLER = Sealed("d1", b"13912340148", "2026-11")


def a_morning() -> Story:
    """Two calls, one of them given up; 1001 is on a break now."""
    story = Story().after(configured(timezone="Asia/Shanghai"), day_began(), queue_seen(), works("1001", "sales"), 60)
    story.after(
        call_began("a", caller=CALLER),
        about(CallerJoined, "a", channel="a", queue="sales", caller=CALLER),
        5,
        connected("a", "1001"),
        30,
        completed("a", "1001"),
        5,
    )
    return story.after(call_began("b"), joined("b"), 40, abandoned("b"), 10, paused("1001", "lunch"), 20)


@asynccontextmanager
async def house_of(folder: Path, story: Story, history: MemoryHistory | None) -> AsyncIterator[House]:
    async with running(folder, open_floor=False, history=history) as house:
        house.follower.floor = story.floor
        house.follower.step()
        await until(lambda: house.board.feed.has_floor)
        house.clock.ahead = story.now - (house.clock() - house.clock.ahead)
        yield house


async def get(house: House, path: str, role: Role = Role.SUPERVISOR, status: int = 200, **query: str) -> Any:
    answer = await house.http.get(path, params=query, headers=house.bearer(role))
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_number_with_the_facts_behind_it(tmp_path: Path) -> None:
    story = a_morning()
    async with house_of(tmp_path, story, MemoryHistory(story.told)) as house:
        told = await get(house, "/api/why", number="service_level", of="pbx/sales")
        assert (told["value"], told["unit"], told["formula"], told["source"], told["away"]) == (
            0.5,
            "share",
            "sl_excl_ab_in_t",
            "history",
            "",
        )
        assert {each["name"]: each["value"] for each in told["inputs"]}["target_s"] == 20
        [missed] = told["facts"]
        assert (missed["kind"], missed["call"], missed["queue"], missed["detail"]["wait_s"]) == ("CallerLeft", "b", "pbx/sales", 40.0)
        assert (told["more"], told["since"]) == (0, story.floor.day_at / SECOND)
        total = await get(house, "/api/why", number="answered")
        assert (total["of"], total["value"], [line["agent"] for line in total["facts"]]) == ("", 1, ["1001"])
        state = await get(house, "/api/why", number="state", of="1001")
        assert (state["value"], state["facts"][0]["kind"]) == ("on_break", "MemberPaused")


async def test_a_caller_is_masked(tmp_path: Path) -> None:
    story = a_morning()
    async with house_of(tmp_path, story, MemoryHistory(story.told)) as house:
        told = await get(house, "/api/why", number="answered", of="pbx/sales")
        assert told["facts"][0]["detail"]["caller"] == "139•••0148"
        assert b"13912340148" not in (await house.http.get("/api/why?number=answered", headers=house.bearer())).content


async def test_without_history_the_formula_stands_and_says_why_there_are_no_facts(tmp_path: Path) -> None:
    story = a_morning()
    history = MemoryHistory(story.told)
    history.away = True
    for kept, said in ((None, NO_HISTORY), (history, AWAY)):
        async with house_of(tmp_path, story, kept) as house:
            told = await get(house, "/api/why", number="abandoned", of="pbx/sales")
            assert (told["value"], told["facts"], told["source"], told["away"]) == (1, [], "live", said)
            day = await get(house, "/api/agents/1001/day")
            assert (day["answered"], day["talk_s"], day["turns"][-1]["state"], day["away"]) == (1, 30.0, "on_break", said)


async def test_an_agents_day(tmp_path: Path) -> None:
    story = a_morning()
    async with house_of(tmp_path, story, MemoryHistory(story.told)) as house:
        day = await get(house, "/api/agents/1001/day", day="2026-11-24")
        turns = day["turns"]
        assert [turn["state"] for turn in turns] == ["ready", "on_break"] or turns[0]["state"] == "logged_out"
        assert all(before["until"] == after["since"] for before, after in pairwise(turns))
        assert (turns[-1]["until"], turns[-1]["reason"], day["ends"]) == (None, "lunch", None)
        assert day["spent"]["on_break"] == pytest.approx(20, abs=3)
        assert day["begins"] % 86_400 == 57_600  # midnight in Shanghai
        yesterday = await get(house, "/api/agents/1001/day", day="2026-11-23")
        assert (yesterday["turns"], yesterday["answered"], yesterday["ends"]) == ([], None, day["begins"])


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/api/why", {"number": "happiness"}, 404),
        ("/api/why", {"of": "pbx/none"}, 404),
        ("/api/why", {"what": "x"}, 400),
        ("/api/agents/9999/day", {}, 404),
        ("/api/agents/1001/day", {"day": "yesterday"}, 400),
        ("/api/agents/1001/day", {"day": "0001-01-01"}, 404),
        ("/api/agents/1001/day", {"day": "9999-12-31"}, 404),
    ],
)
async def test_what_cannot_be_answered_is_refused(tmp_path: Path, path: str, query: dict[str, str], status: int) -> None:
    story = a_morning()
    async with house_of(tmp_path, story, MemoryHistory(story.told)) as house:
        assert (await get(house, path, status=status, **query))["message"].endswith(".")


async def test_a_screen_may_not_ask_why(tmp_path: Path) -> None:
    async with house_of(tmp_path, a_morning(), None) as house:
        await get(house, "/api/why", Role.SCREEN, 403)
        await get(house, "/api/agents/1001/day", Role.AGENT, 403)
