"""The demo dials out, through its own gate: campaigns move, numbers are refused for many reasons, and the stop key ends it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from andon.plan.demo_campaigns import FORMAL, TRIAL
from tests.andon.demo_process import Demo, running

WITHIN_S = 150
"""What a busy machine may take for what comes within a minute."""
Campaigns = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    yield from running(tmp_path_factory.mktemp("demo"), "--seed", "3", "--agents", "40", "--for", "600")


@pytest.fixture(scope="module")
def manager(demo: Demo) -> Iterator[httpx.Client]:
    with demo.signed_in("/campaigns") as client:
        yield client


def campaigns(client: httpx.Client) -> Campaigns:
    answer = client.get("/api/campaigns")
    assert answer.status_code == 200, answer.text
    return {each["id"]: each for each in answer.json()["campaigns"]}


def until(client: httpx.Client, holds: Callable[[Campaigns], Any]) -> Campaigns:
    deadline = time.monotonic() + WITHIN_S
    found: Campaigns = {}
    while time.monotonic() < deadline:
        found = campaigns(client)
        if found and holds(found):
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {WITHIN_S} s: {found}")


def refusals(found: Campaigns) -> set[str]:
    return {rule for each in found.values() for rule in each["denied"]}


def test_two_people_have_moved_the_campaigns_and_both_dial(manager: httpx.Client) -> None:
    found = until(manager, lambda found: all(each["dials"] >= 3 and each["connected"] for each in found.values()))
    assert {name: each["state"] for name, each in found.items()} == {TRIAL: "trial", FORMAL: "formal"}
    answer = manager.get(f"/api/campaigns/{FORMAL}").json()
    assert "1902" in str(answer), "the second person is named"


def test_numbers_are_refused_and_put_off_for_reasons_of_many_kinds(manager: httpx.Client) -> None:
    """Which come first is chance; that all of them come is a matter of minutes, so here only most of the kinds are waited for."""
    kinds = (
        "dial.blocked",
        "dial.list.listed",
        "dial.consent",
        "dial.number",
        "dial.trial",
        "dial.hours",
        "dial.cool_down",
        "dial.abandon",
    )

    def seen(found: Campaigns) -> int:
        return sum(any(rule.startswith(kind) for rule in refusals(found)) for kind in kinds)

    found = until(manager, lambda found: seen(found) >= 6 and sum(each["deferred"] for each in found.values()))
    amiss = ("dial.uncounted", "dial.campaign.preset", "dial.campaign.no_rules", "dial.caller_id", "dial.agent.unknown")
    assert not any(rule.startswith(amiss) for rule in refusals(found)), refusals(found)


def test_agents_say_what_came_of_it(manager: httpx.Client) -> None:
    until(manager, lambda found: sum(sum(each["results"].values()) for each in found.values()) >= 2)


def test_the_stop_key_hangs_up_what_rings_and_no_dial_starts_after_it(manager: httpx.Client) -> None:
    until(manager, lambda found: any(each["ringing"] for each in found.values()))
    answer = manager.post("/api/campaigns/stop", json={"reason": "enough", "pressed": time.time()})
    assert answer.status_code == 200, answer.text
    until(manager, lambda found: not any(each["ringing"] for each in found.values()))
    said = manager.get("/api/campaigns").json()
    assert said["stopped"]
    before = {name: each["dials"] for name, each in campaigns(manager).items()}
    refused = sum(sum(each["denied"].values()) for each in campaigns(manager).values())
    found = until(manager, lambda found: sum(sum(each["denied"].values()) for each in found.values()) >= refused + 3)
    assert {name: each["dials"] for name, each in found.items()} == before, "the dialler went on asking, and nothing rang"
    assert manager.get("/api/campaigns").json()["stop_took_s"] is not None
