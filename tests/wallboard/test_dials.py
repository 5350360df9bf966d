"""One decision over HTTP: made by the real gate, found in history by its id alone, with what came of it and whether it was changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from realtime.decision import Decision
from realtime.facts import Fact
from realtime.outbound import DialDecided, DialEnded, ResultCoded
from realtime.words import SECOND, AgentId, Node
from tests.agi.dial.test_gate import NUMBER, Gate, floor_of
from tests.house.sources import ROOT
from tests.realtime.memory_history import AWAY, MemoryHistory
from tests.wallboard.controlled import controlled
from wallboard.authorise import Role
from wallboard.outbound_routes import OUTBOUND

ADDRESSES = re.compile(r"^\| `(GET|POST) ([^|]*) \|", re.MULTILINE)


async def decided(*blocked: str) -> DialDecided:
    one = Gate(floor_of(blocked=blocked))
    await one.asks("campaign=sales&method=progressive&agent=1008")
    return (one.allowed() or one.refusals())[0]


def came_of(fact: DialDecided) -> list[Fact]:
    """And something came of another one at the same time."""
    over, coded = fact.at + 75 * SECOND, fact.at + 100 * SECOND
    other = f"{fact.dial}0"
    return [
        DialEnded(over, over, Node(""), "e", 1, dial=other, outcome="busy"),
        DialEnded(over, over, Node(""), "e", 2, dial=fact.dial, outcome="connected", agent=AgentId("1008"), talk_s=61),
        ResultCoded(coded, coded, Node(""), "e", 3, dial=fact.dial, code="S1", agent=AgentId("1008"), who="agent:1008"),
        ResultCoded(coded, coded, Node(""), "e", 4, dial=other, code="N1"),
    ]


async def test_a_decision_is_found_by_its_id_with_what_came_of_it(tmp_path: Path) -> None:
    fact = await decided()
    history = MemoryHistory([fact, *came_of(fact)])
    async with controlled(tmp_path, history=history) as hall:
        said = await hall.get(f"/api/dials/{fact.dial}", hall.house.bearer(Role.QA))
        assert (said["dial"], said["verdict"], said["agent"], said["plan"]) == (fact.dial, "allow", "1008", "plan1")
        assert (said["outcome"], said["signature_good"], said["key"]) == ("connected", True, "k1")
        assert [(each["what"], each["word"]) for each in said["followed"]] == [("ended", "connected"), ("coded", "S1")]
        assert said["followed"][0]["talk_s"] == 61
        assert all(each["text"]["zh"] and each["text"]["en"] for each in said["reasons"])
        assert NUMBER not in str(said)
        history.away = True
        answer = await hall.house.http.get(f"/api/dials/{fact.dial}", headers=hall.house.bearer(Role.QA))
        assert (answer.status_code, answer.json()["message"]) == (503, AWAY)


def allowed(fact: DialDecided) -> DialDecided:
    return msgspec.structs.replace(fact, decision=Decision("allow", fact.decision.findings))


Change = Callable[[DialDecided], DialDecided]
CHANGED: dict[str, tuple[Change, bool | None]] = {
    "as it was": (lambda fact: fact, True),
    "a refusal made an allow": (allowed, False),
    "without its signature": (lambda fact: msgspec.structs.replace(fact, key="", signature=""), False),
    "of another gate's key": (lambda fact: msgspec.structs.replace(fact, key="k2"), None),
}


@pytest.mark.parametrize("case", CHANGED)
async def test_who_changes_a_decision_is_found_out(tmp_path: Path, case: str) -> None:
    change, good = CHANGED[case]
    fact = change(await decided("+86138"))
    async with controlled(tmp_path, history=MemoryHistory([fact])) as hall:
        said = await hall.get(f"/api/dials/{fact.dial}", hall.house.bearer(Role.QA))
        assert (said["signature_good"], said["outcome"], said["followed"]) == (good, "", [])


@pytest.mark.parametrize("dial", ["", "-", "zz-1", "7fffffffffffffffffff-1", "65a1b2c3d4e5f-1", "%00", "-1"])
async def test_what_is_no_dial_of_ours_is_not_found(tmp_path: Path, dial: str) -> None:
    async with controlled(tmp_path, history=MemoryHistory([await decided()])) as hall:
        answer = await hall.house.http.get(f"/api/dials/{dial}", headers=hall.house.bearer(Role.QA))
        assert answer.status_code == 404


def test_the_page_of_the_api_names_every_address() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    section = page.partition("## Campaigns, numbers, dials")[2].partition("\n## ")[0]
    known = {f"{row.method} {row.path.replace('{id}', 'ID')}" for row in OUTBOUND}
    named = {f"{method} {path}" for method, paths in ADDRESSES.findall(section) for path in re.findall(r"/api/[\w/-]+", paths)}
    assert named == known
