"""A board on a floor with a plan: two teams, a leader, people at work, a PBX that obeys nobody; answered by the real rules.

async with controlled(tmp_path) as hall:
    answer = await hall.post("/api/breaks", {"agent": "1001", "deed": "ask"}, await hall.signed_in("li", Role.SUPERVISOR))
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from realtime import view
from realtime.history.port import History
from realtime.plan.model import AlertRule, BreakRules, KindRules, LoadRules, Person, Plan, Team
from realtime.rulings import PlanAdopted
from realtime.saying import Saying, say
from realtime.words import AgentId, Device, Micros
from tests.plain_http import PLAIN_HTTP
from tests.realtime.story import Story, day_began, heard, linked, queue_seen, sync_began, sync_ended, works
from tests.wallboard.house import House, running, until
from wallboard.authorise import Role
from wallboard.cookies import CSRF_HEADER
from wallboard.passwords import hash_of
from wallboard.row import Row

PASSWORD = "a long enough password"
HASH = hash_of(PASSWORD)
PEOPLE = (
    Person(id=AgentId("1001"), name="Wang Fang", team="a", login="wang", language="zh"),
    Person(id=AgentId("1002"), name="Li Qiang", team="a", login="li.qiang"),
    Person(id=AgentId("1003"), name="Zhao Min", team="b", login="zhao"),
    Person(id=AgentId("9001"), name="Chen Jing", roles=("leader",), login="chen", phone=Device("PJSIP/9001")),
)
TEAMS = (Team(id="a", name="Sales", leaders=(AgentId("9001"),)), Team(id="b", name="Help"))
KINDS = {"short": KindRules(minutes=10, longest_min=15, quota_min=30), "comfort": KindRules(minutes=6)}
PLAN = Plan(
    people=PEOPLE,
    teams=TEAMS,
    breaks=BreakRules(kinds=KINDS, team_most=1, site_most=5, spacing_s=0, load=LoadRules(enabled=False)),
    alerts=(AlertRule(id="many", number="waiting", above=0, owner="9001"),),
)


@dataclass
class Hall:
    """The house, and what is said on its floor."""

    house: House
    headers: dict[str, dict[str, str]]

    def say(self, *said: Saying) -> None:
        self.house.engine.say(*said)

    @property
    def now(self) -> Micros:
        return self.house.clock()

    async def signed_in(self, name: str, role: Role) -> dict[str, str]:
        """The headers of a browser in which this person has signed in."""
        if name not in self.headers:
            self.house.board.people.add(name, HASH, role, self.now)
            async with httpx.AsyncClient(base_url=self.house.url, trust_env=False, verify=PLAIN_HTTP) as browser:
                origin = {"Origin": self.house.url}
                answer = await browser.post("/api/session", json={"user": name, "password": PASSWORD}, headers=origin, timeout=30)
            assert answer.status_code == 200, answer.text
            cookie = answer.headers["set-cookie"].partition(";")[0]
            self.headers[name] = {**origin, "Cookie": cookie, CSRF_HEADER: answer.json()["csrf"]}
        return self.headers[name]

    async def post(self, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> httpx.Response:
        content = {} if body is None else {"json": body}
        return await self.house.http.post(path, headers=headers, **content)

    async def get(self, path: str, headers: dict[str, str]) -> Any:
        answer = await self.house.http.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextlib.asynccontextmanager
async def controlled(folder: Path, plan: Plan = PLAN, history: History | None = None, more: tuple[Row, ...] = ()) -> AsyncIterator[Hall]:
    async with running(folder, real=view, open_floor=False, history=history, more=more) as house:
        story = Story(house.follower.floor, now=house.clock(), session="pbx")
        story.after(day_began(), linked(), sync_began(), queue_seen("sales"), sync_ended(), heard())
        story.after(*(works(person.id, "sales") for person in plan.people if person.id < "9"))
        hall = Hall(house, {})
        hall.say(say(PlanAdopted, house.clock(), plan=plan, version="v1", who="test", difference=("everything is new",)))
        await until(lambda: house.board.feed.has_floor)
        yield hall
