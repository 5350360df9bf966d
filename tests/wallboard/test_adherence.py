"""Adherence over the API: who reads whose, what is told now, and what is unknown without history."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from realtime.facts import Fact, SyncBegan, SyncEnded
from realtime.floor import Turn
from realtime.history.port import Asked, HistoryAway, Kept
from realtime.plan.model import Pattern, ShiftRules
from realtime.rules.clock import business_day
from realtime.words import SECOND, AgentId, AgentState, Micros
from tests.wallboard.controlled import PLAN, Hall, controlled
from wallboard.authorise import Role


def round_the_clock() -> ShiftRules:
    """A shift of a whole day that is half over, whenever the test runs."""
    begins = (int(time.time()) // 60 + 720) % 1440
    return ShiftRules(patterns=(Pattern(id="all", teams=("a",), begins_min=begins, ends_min=begins, days=(0, 1, 2, 3, 4, 5, 6)),))


class Past:
    """History, as far as it is asked here; None is a database that is away."""

    known: list[Turn] | None = None
    syncs: tuple[Fact, ...] = ()

    async def facts(self, asked: Asked) -> list[Kept]:
        found = [each for each in self.syncs if isinstance(each, tuple(asked.kinds)) and asked.since <= each.at < asked.until]
        return [Kept(place, fact) for place, fact in enumerate(found)]

    async def turns(self, agent: AgentId, since: Micros, until: Micros) -> list[Turn]:
        if self.known is None:
            raise HistoryAway("The database is away.")
        return [turn for turn in self.known if turn.agent == agent]


KEPT = Past()


@pytest_asyncio.fixture(params=[None])
async def hall(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Hall]:
    async with controlled(tmp_path, msgspec.structs.replace(PLAN, shifts=round_the_clock()), history=request.param) as made:
        yield made


with_history = pytest.mark.parametrize("hall", [KEPT], indirect=True)


async def boss(hall: Hall) -> dict[str, str]:
    return await hall.signed_in("li.wei", Role.SUPERVISOR)


async def test_who_is_scheduled_is_told_with_what_is_right_and_a_leader_reads_of_the_own_team(hall: Hall) -> None:
    told: dict[str, Any] = await hall.get("/api/adherence", await boss(hall))
    assert {row["agent"]: (row["now"]["activity"], row["now"]["judged"]) for row in told["agents"]} == {
        "1001": ("work", "right"),
        "1002": ("work", "right"),
    }, "team b has no shifts, so nothing is said of it"
    leader = await hall.signed_in("chen", Role.LEADER)
    assert len((await hall.get("/api/adherence", leader))["agents"]) == 2
    refused = await hall.house.http.get("/api/agents/1003/adherence", headers=leader)
    assert (refused.status_code, refused.json()["error"]) == (403, "other_team")
    assert (await hall.house.http.get("/api/agents/nobody/adherence", headers=leader)).status_code == 404


async def test_without_history_the_shares_are_unknown_and_not_nothing(hall: Hall) -> None:
    told = await hall.get("/api/agents/1001/adherence", await boss(hall))
    assert (told["adherence"], told["conformance"], told["segments"]) == (None, None, [])
    assert "history" in told["away"]


@with_history
async def test_history_that_is_away_is_told(hall: Hall) -> None:
    KEPT.known = None
    assert (await hall.get("/api/agents/1001/adherence", await boss(hall)))["away"] == "The database is away."


@with_history
async def test_with_history_the_shift_so_far_is_cut_into_segments_with_their_reasons(hall: Hall) -> None:
    began = hall.house.board.feed.floor.agents[AgentId("1001")].turned  # type: ignore[union-attr]
    away = Turn(agent=AgentId("1001"), state=AgentState.NOT_READY, reason="", since=began - 600 * SECOND, until=began)
    KEPT.known = [away]
    told = await hall.get("/api/agents/1001/adherence", await boss(hall))
    assert told["away"] == ""
    assert 0 <= told["adherence"] <= 1
    wrong = next(each for each in told["segments"] if each["state"] == "not_ready")
    assert (wrong["judged"], wrong["ends"] - wrong["begins"]) == ("wrong", 600.0)
    assert "not ready" in wrong["text"]["en"]
    assert "示忙" in wrong["text"]["zh"]


@with_history
async def test_what_was_before_andon_watched_is_told_as_unseen_and_counts_in_no_share(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    floor = hall.house.board.feed.floor
    assert floor is not None
    known = floor.agents[AgentId("1001")]
    begins = business_day(floor, hall.now).begins

    def said(kind: type[SyncBegan | SyncEnded], at: int, **more: Any) -> SyncBegan | SyncEnded:
        return kind(node=known.node, session="s", seq=1, at=at, seen=at, **more)

    monkeypatch.setattr(KEPT, "known", [])
    # A PBX that was never heard: its gap begins with the business day, or earlier where the shift of a whole day does.
    monkeypatch.setattr(
        KEPT, "syncs", (said(SyncBegan, known.turned - 1, gap_from=begins - 86_400 * SECOND), said(SyncEnded, known.turned))
    )
    told = await hall.get("/api/agents/1001/adherence", await boss(hall))
    assert [each["judged"] for each in told["segments"]] == ["unseen", "right"]
    assert told["segments"][0]["text"]["en"].startswith("Nobody saw")
    assert told["adherence"] == 1.0
    assert told["conformance"] == pytest.approx(1.0, abs=0.01)
