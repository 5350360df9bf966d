"""The demo at work: people ask, wait and are out, some without asking, a meeting begins; its supervisor acts, its agent signs in."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from andon.demo import typed
from tests.andon.demo_process import PLAIN, Demo, running

WITHIN_S = 90
"""What a busy machine may take for what comes within half a minute."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Of this seed somebody is out without leave from the beginning."""
    options = ("--seed", "1", "--agents", "40", "--for", "240", "--meeting", "12")
    yield from running(tmp_path_factory.mktemp("demo"), *options)


def test_the_command_that_it_prints_runs_as_it_is_printed(demo: Demo) -> None:
    (line,) = (line for line in demo.said if line.startswith("In another terminal: "))
    command = line.removeprefix("In another terminal: ").strip().removesuffix("floor") + "audit show"
    done = subprocess.run(command, shell=True, env=PLAIN, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert done.returncode == 0, done.stderr


def test_a_program_is_named_as_one_types_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / ".venv" / "bin" / "andon"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", "/usr/bin")
    assert typed(str(program), tmp_path) == ".venv/bin/andon"
    assert typed(str(program), Path("/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p")) == str(program)
    monkeypatch.setenv("PATH", str(program.parent))
    assert typed(str(program), tmp_path) == "andon"


def test_the_supervisor_has_a_phone_to_listen_with_and_a_manager_reads_the_trail(demo: Demo) -> None:
    with demo.signed_in("/floor") as boss:
        assert boss.get("/api/session").json()["phone"] == "PJSIP/1901"
        assert boss.get("/api/audit").status_code == 403
    with demo.signed_in("/reports") as manager:
        assert manager.get("/api/audit").status_code == 200


def until(client: httpx.Client, holds: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    deadline = time.monotonic() + WITHIN_S
    floor: dict[str, Any] = {}
    while time.monotonic() < deadline:
        answer = client.get("/api/floor")
        floor = answer.json() if answer.status_code == 200 else floor
        if floor and holds(floor):
            return floor
        time.sleep(0.3)
    raise AssertionError(f"not within {WITHIN_S} s: {floor.get('breaks')}, {floor.get('meetings')}")


def test_people_ask_and_wait_and_are_out_and_some_have_not_asked(demo: Demo) -> None:
    with demo.signed_in("/floor") as boss:
        floor = until(boss, lambda floor: floor["breaks"]["waiting"])
        assert floor["plan"]
        assert all(each["rule"] for each in floor["breaks"]["waiting"]), "who waits is told why"
        until(boss, lambda floor: any(agent["state"] == "on_break" and not agent["stray"] for agent in floor["agents"]))
        until(boss, lambda floor: any(agent["stray"] for agent in floor["agents"]))


def test_a_meeting_begins_and_people_join_it(demo: Demo) -> None:
    with demo.signed_in("/floor") as boss:
        until(boss, lambda floor: any(each["phase"] == "on" and each["joined"] for each in floor["meetings"]))


def test_a_supervisor_lets_somebody_go_who_waits(demo: Demo) -> None:
    with demo.signed_in("/floor") as boss:
        floor = until(boss, lambda floor: floor["breaks"]["waiting"])
        agent = floor["breaks"]["waiting"][0]["agent"]
        answer = boss.post("/api/breaks", json={"deed": "grant", "agent": agent, "reason": "the queue is calm"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["verdict"] == "allow", answer.text
        until(boss, lambda floor: agent not in {each["agent"] for each in floor["breaks"]["waiting"]})


def test_the_agent_of_the_demo_has_a_page_and_asks_for_a_break(demo: Demo) -> None:
    with demo.signed_in("/agent") as agent:
        assert agent.get("/api/me").json()["id"] == demo.people["/agent"][0]
        answer = agent.post("/api/me/break", json={"deed": "ask", "kind": "comfort"})
        assert answer.status_code == 200, answer.text
