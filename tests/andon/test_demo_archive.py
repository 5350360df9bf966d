"""The demo's archive, from outside: what was recorded is found and heard, what is missing is listed, a hold, discs and scores are there."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.andon.demo_process import PLAIN, Demo, running

WITHIN_S = 400
"""What a busy machine may take for what comes within a minute."""
Said = dict[str, Any]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    yield from running(tmp_path_factory.mktemp("demo"), "--seed", "5", "--agents", "12", "--for", "1800")


@pytest.fixture(scope="module")
def manager(demo: Demo) -> Iterator[httpx.Client]:
    with demo.signed_in("/reports") as client:
        yield client


def until(client: httpx.Client, path: str, holds: Callable[[Said], Any]) -> Said:
    deadline = time.monotonic() + WITHIN_S
    answer = client.get(path)
    while time.monotonic() < deadline:
        answer = client.get(path)
        if answer.status_code == 200 and holds(answer.json()):
            said: Said = answer.json()
            return said
        time.sleep(0.5)
    raise AssertionError(f"{path} not within {WITHIN_S} s: {answer.status_code} {answer.text[:2000]}")


def folder_of(demo: Demo) -> Path:
    """Of the demo's own, as the terminal says it."""
    (line,) = (line for line in demo.said if line.startswith("In another terminal: "))
    found = re.search(r"--config (\S+)/andon\.toml", line)
    assert found is not None
    return Path(found[1])


def test_calls_of_today_and_of_weeks_ago_are_sealed_and_one_is_heard(manager: httpx.Client) -> None:
    now = time.time()

    def stays(each: Said) -> bool:
        """Of what may go the demo lets some go meanwhile."""
        return not each["keep_until"] or bool(each["keep_until"] > now)

    found = until(manager, f"/api/recordings?until={now - 86_400 * 2}", lambda said: any(map(stays, said["recordings"])))
    old = next(filter(stays, found["recordings"]))
    fresh = until(manager, f"/api/recordings?since={now - 3_600}", lambda said: any(not each["trouble"] for each in said["recordings"]))
    chosen = next(each for each in fresh["recordings"] if not each["trouble"])
    assert chosen["agents"] or chosen["queue"] or chosen["campaign"], "its call is known"
    for each in (chosen, old):
        until(manager, f"/api/recordings/{each['id']}", lambda said: "opus" in said["derived"])
        allowed = manager.post(f"/api/recordings/{each['id']}/listen", json={"why": "to see that it sounds"})
        assert allowed.status_code == 200, allowed.text
        sound = manager.get(allowed.json()["sound"])
        assert sound.status_code == 200, sound.text
        assert sound.content.startswith(b"OggS")
        assert b"OpusHead" in sound.content[:100]


def test_a_live_call_is_found_by_the_result_that_was_coded_after_it(manager: httpx.Client) -> None:
    """Those of weeks ago have theirs from the beginning, so it is looked for among those of this hour."""
    recent = f"/api/recordings?since={time.time() - 3_600}"
    coded = until(manager, recent, lambda said: any(each["outcome"] for each in said["recordings"]))
    code = next(each["outcome"] for each in coded["recordings"] if each["outcome"])
    found = until(manager, f"{recent}&outcome={code}", lambda said: said["recordings"])["recordings"]
    assert {each["outcome"] for each in found} == {code}


def test_what_never_came_is_listed_and_what_is_odd_is_marked(manager: httpx.Client) -> None:
    said = until(manager, "/api/recordings/missing", lambda said: said["calls"] and said["troubled"])
    assert {each["reason"] for each in said["calls"]} & {"never_came", "empty"}
    assert all(each["trouble"] for each in said["troubled"])


def test_a_hold_is_placed_and_two_lists_are_on_their_way_out(manager: httpx.Client) -> None:
    held = until(manager, "/api/holds", lambda said: said["holds"])["holds"][0]
    assert held["items"] > 0
    lists = until(manager, "/api/disposals", lambda said: {each["standing"] for each in said["disposals"]} >= {"proposed"})["disposals"]
    assert all(each["items"] for each in lists)


def test_calls_are_scored_contested_and_compared(demo: Demo) -> None:
    with demo.signed_in("/recordings") as rater:
        standings = until(rater, "/api/quality/appeals", lambda said: len(said["appeals"]) > 1)["appeals"]
        assert "open" in {each["standing"] for each in standings}
        samples = until(rater, "/api/quality/samples", lambda said: said["samples"])["samples"]
        assert all(each["size"] for each in samples)
        told = until(
            rater, "/api/quality/calibrations", lambda said: {bool(each["closed"]) for each in said["calibrations"]} == {True, False}
        )
        (closed,) = [each["id"] for each in told["calibrations"] if each["closed"]]
        compared = rater.get(f"/api/quality/calibrations/{closed}").json()["compared"]
        assert (compared["missing"], None in {each["p_o"] for each in compared["items"]}) == ([], False), "closed after it was scored"
        basis = rater.get(f"/api/quality/samples/{samples[0]['id']}").json()["basis"]
        assert basis["rules_entry"] >= 0, "the log has the rules from before the checkpoint"


def test_a_score_that_is_looked_at_shows_what_its_rater_has_heard(demo: Demo) -> None:
    """By the plan's own rule, as for everybody: half of it at least."""
    with demo.signed_in("/recordings") as rater:
        found = until(rater, "/api/quality/scores?mine=true", lambda said: sum(each["standing"] == "done" for each in said["scores"]) > 5)
        for each in [each for each in found["scores"] if each["standing"] == "done"]:
            score = rater.get(f"/api/quality/scores/{each['id']}").json()
            row = rater.get(f"/api/recordings/{score['recording']}").json()["row"]
            assert 0.5 <= score["heard_s"] * 1_000 / row["length_ms"] <= 1.001
            assert row["listens"] > 0


def test_a_disc_set_is_burned_to_images_that_plain_tools_open(demo: Demo, manager: httpx.Client) -> None:
    import pycdlib

    discs = until(manager, "/api/discs", lambda said: [each["state"] for each in said["discs"]].count("verified") > 1)["discs"]
    assert {each["copy"] for each in discs} == {"A", "B"}
    images = sorted((folder_of(demo) / "data" / "archive" / "discs" / "burned").iterdir())
    assert len(images) == len(discs)
    for path in images:
        image = pycdlib.PyCdlib()
        image.open(str(path))
        names = [child.file_identifier() for child in image.list_children(joliet_path="/")] if image.has_joliet() else []
        image.close()
        assert names


def test_the_command_line_finds_them(demo: Demo, manager: httpx.Client) -> None:
    until(manager, "/api/recordings", lambda said: said["recordings"])
    (line,) = (line for line in demo.said if line.startswith("Recordings, "))
    command = line.rstrip().rpartition("; ")[2] + " --json"
    done = subprocess.run(command, shell=True, env=PLAIN, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[0])
