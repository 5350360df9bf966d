"""The engine lives through whatever a floor may come to: facts by chance, requests by chance, plans that change in the middle.

Not what the rules say (each has its tests, and `test_together.py` walks them over a PBX that makes sense): here nothing makes sense,
and still no rule, no row and no page may raise, a sentence has its words, and a floor that is left alone comes to rest. What raises
in a rule kills the engine, and kills the next one on the same floor again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from realtime import deadlines, requests, rulings
from realtime import facts as words
from realtime.changes import Changes
from realtime.control.answer import answer
from realtime.control.due import WHOLE, Look, due
from realtime.deadlines import FloorSettings
from realtime.decision import Decision, Finding
from realtime.facts import Fact, Sealed
from realtime.floor import Floor
from realtime.fold import apply
from realtime.fold import plan as plan_of_the_fold
from realtime.me import me_row
from realtime.outbound import ListAnnounced
from realtime.plan.dialling import Campaign, DialRules, TrialRules
from realtime.plan.model import AlertRule, BreakRules, KindRules, LoadRules, Meeting, Pattern, Person, Plan, ShiftRules, Skill, Team
from realtime.requests import Actor, AnyAsk, Ask, Request
from realtime.rules.campaign_life import STATES
from realtime.rulings import PlanAdopted
from realtime.saying import Saying, say
from realtime.sentences import LANGUAGES, sentence
from realtime.view import snapshot
from realtime.words import SECOND, AgentId, Device, Micros, Node
from tests.realtime.chance import DEVICES, PBX, any_fact
from tests.realtime.story import START, linked, on, sync_began, sync_ended, works

WALKS = 40
STEPS = 400
PEOPLE = ("1001", "1002", "1003", "1004", "boss")
MINUTES = KindRules(minutes=2, longest_min=5, quota_min=9, cool_down_min=1)
KINDS = {
    "short": MINUTES,
    "comfort": MINUTES,
    "meal": KindRules(minutes=3, quota_half_min=5, times=2),
    "legal": MINUTES,
    "recovery": MINUTES,
}
SKILLS = (Skill(id="sell", queues=("sales", "gone"), least=1), Skill(id="aid", queues=("help",), penalty=2))
TEAMS = (Team(id="a", leaders=(AgentId("boss"),)), Team(id="b", site="north", most_out=1))
DIALLING = DialRules(
    campaigns=(Campaign(id="c1", client="bank", trial=TrialRules(judged_dials=0)), Campaign(id="c2", managers=("li", "leader"))),
)
ALERTS = (
    AlertRule(id="many", number="waiting", above=0, clear=0),
    AlertRule(id="few", number="ready", of="team", below=1, for_s=2),
    AlertRule(id="long", number="talking_s", of="agent", above=5),
    AlertRule(id="off", number="silent_s", of="node", above=9, severity="act"),
    AlertRule(id="share", number="service_level", of="floor", below=0.8),
)
MEETINGS = (
    Meeting(id="m", teams=("a",), at_min=541, minutes=3, least=1, groups=2),
    Meeting(id="late", teams=("a", "b"), before_shift_min=1, minutes=4, kind="training"),
)
SHIFTS = ShiftRules(patterns=(Pattern(id="day", teams=("a",), people=(AgentId("1003"),), begins_min=540, ends_min=560),), late_s=60)


def people(*missing: str, team: str = "a") -> tuple[Person, ...]:
    """Of all kinds: with a desk and without, of two teams and of none, one who has left."""
    everybody = (
        Person(id=AgentId("1001"), name="Ann", team=team, skills=("sell",), phone=Device(DEVICES[0])),
        Person(id=AgentId("1002"), name="Ann", team="b", skills=("sell", "aid"), phone=Device(DEVICES[0])),
        Person(id=AgentId("1003"), team="gone", phone=Device(DEVICES[2]), node=Node("north")),
        Person(id=AgentId("1004"), team=team, out=True),
        Person(id=AgentId("boss"), name="Bo", team="a", roles=("leader",), trained_until="2026-01-01"),
    )
    return tuple(person for person in everybody if person.id not in missing)


BREAKS = BreakRules(kinds=KINDS, spacing_s=5, hold_s=20, unauthorised="undo", corrections_hour=2, legal_after_min=5)
PLANS = (
    Plan(),
    Plan(people=people(), skills=SKILLS, teams=TEAMS, shifts=SHIFTS, breaks=BREAKS, meetings=MEETINGS, alerts=ALERTS, dialling=DIALLING),
    Plan(
        dialling=DIALLING,
        people=people("1001", team="b"),
        skills=SKILLS[1:],
        teams=TEAMS[1:],
        breaks=BREAKS,
        meetings=MEETINGS[1:],
        alerts=ALERTS[:2],
    ),
    Plan(people=people(), skills=SKILLS, teams=TEAMS, breaks=BreakRules(kinds={"meal": MINUTES}, load=LoadRules(enabled=False))),
    Plan(people=people(team=""), skills=SKILLS, breaks=BreakRules(kinds=KINDS, site_most=0, team_most=0, unauthorised="observe")),
)
ACTORS = (
    Actor("1001", agent=AgentId("1001"), via="phone"),
    Actor("1002", agent=AgentId("1002"), via="page"),
    Actor("boss", role="leader", agent=AgentId("boss"), via="console"),
    Actor("li", role="supervisor", via="console"),
    Actor("li", role="supervisor", via="console"),
    Actor("x", role="qa", via="api"),
    Actor("user:ma", role="manager", via="console"),
    Actor("user:ad", role="admin", via="console"),
    Actor("token:crm", role="manager", via="api"),
    Actor("engine", via="engine"),
)
SELDOM = (
    words.NodeLost,
    words.SnapshotRefused,
    words.NodeLinked,
    words.SyncBegan,
    words.SyncEnded,
    words.MemberRemoved,
    words.AgentUnseated,
)
OFTEN = (words.MemberPaused, words.MemberSeen, words.MemberSeen, words.LegBegan, words.LegEnded, words.LegEnded, words.CallEnded)
ENGINES = (words.DayBegan, words.FloorConfigured, words.WrapUpEnded)
HAPPEN = (*tuple(kind for kind in PBX if kind not in (*SELDOM, *ENGINES)) * 2, *SELDOM, *OFTEN * 3)
"""What ends everything is seldom, or there would never be anything to end."""
LIST = ListAnnounced(START, START, Node(""), "x", 0, list="national", version="a" * 64, file="national.dnc", numbers=9, as_of=START)
ASKS: tuple[type[Ask], ...] = tuple(getattr(AnyAsk, "__args__", ()))


class Odd:
    """A floor and its clock; `step` lets one thing happen to it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.floor = Floor()
        self.now: Micros = START
        self.number = 0
        self.adopt(PLANS[1])
        for telling in (*on("pbx", linked(), sync_began(), sync_ended()), *works("1001", "sales"), *works("1002", "sales", "help")):
            self.number += 1
            self.fold(telling.kind(self.now, self.now, Node(telling.node), "pbx", self.number, **telling.fields))

    def next_id(self) -> str:
        self.number += 1
        return f"i{self.number}"

    def fold(self, fact: Fact) -> None:
        apply(self.floor, fact, Changes())

    def tell(self, said: list[Saying]) -> list[Saying]:
        for each in said:
            self.number += 1
            self.fold(each.fact(self.now, "engine", self.number))
            words_are_there(each)
        return said

    def look(self, look: Look = WHOLE) -> list[Saying]:
        self.tell(deadlines.due(self.floor, FloorSettings(), self.now))
        return self.tell(due(self.floor, self.now, look, self.next_id))

    def adopt(self, plan: Plan) -> None:
        self.tell([say(PlanAdopted, self.now, plan=plan, version=self.next_id(), who="test")])

    def happens(self) -> None:
        self.number += 1
        fact = any_fact(self.chance, self.chance.choice(HAPPEN), self.now, self.number)
        self.fold(msgspec.structs.replace(fact, session="pbx"))

    def asks(self) -> None:
        ask = any_ask(self.chance, self.floor)
        name = self.next_id()
        own = Actor(who := requests.agent_of(ask), agent=who, via=self.chance.choice(("phone", "page")))
        actor = own if self.chance.random() < 0.5 else self.chance.choice(ACTORS)
        request = Request(name, self.now, actor, ask, self.chance.choice(("", "", f"k{self.number % 99}")))
        self.tell(answer(self.floor, request, name, self.now, self.next_id))

    def done(self) -> None:
        if self.floor.owned.open_orders:
            name = self.chance.choice(list(self.floor.owned.open_orders.values()))
            self.tell(
                [say(rulings.OrderDone, self.now, order=name, outcome=self.chance.choice(("accepted", "refused", "timed_out")), said="no")]
            )

    def step(self) -> None:
        self.now += self.chance.choice((*[0] * 40, *[SECOND // 5] * 10, SECOND, 3 * SECOND, -SECOND, 90 * SECOND))
        what = self.chance.random()
        if what < 0.6:
            self.happens()
        elif what < 0.8:
            self.asks()
        elif what < 0.85:
            self.done()
        elif what < 0.853:
            self.adopt(self.chance.choice(PLANS))
        elif what < 0.95:
            touched = {self.chance.choice((*PEOPLE, "nobody")) for _ in range(2)}
            self.look(Look(touched, *(self.chance.random() < 0.5 for _ in range(3))))
        else:
            self.look()
            self.shown()

    def shown(self) -> None:
        """Whatever a screen would show of it."""
        snapshot(self.floor, "floor", "", self.now, lambda _: None)
        for agent in PEOPLE:
            me_row(self.floor, AgentId(agent), self.now)

    def rest(self) -> None:
        """The same moment, again and again: what is said makes itself not due."""
        for _ in range(12):
            if not self.look():
                return
        raise AssertionError(f"said again and again: {self.look()}")


def any_ask(chance: random.Random, floor: Floor) -> AnyAsk:
    kind = chance.choice(ASKS)
    values = {field.name: any_value(chance, floor, field.name) for field in msgspec.structs.fields(kind)}
    return kind(**values)  # type: ignore[return-value]


def any_value(chance: random.Random, floor: Floor, name: str) -> Any:
    owned = floor.owned
    choices: dict[str, tuple[Any, ...]] = {
        "agent": (*PEOPLE, "nobody", *PEOPLE[:2]),
        "kind": ("short", "short", "comfort", "meal", "legal", "recovery", "fault", "meeting", "coaching", "odd"),
        "minutes": (0, 0, 1, 5, -3, 10**6),
        "node": ("", "pbx", "north", "gone"),
        "device": ("", *DEVICES, "PJSIP/1001/../x"),
        "phone": ("", *DEVICES, "PJSIP/1@trunk"),
        "reason": ("", "now"),
        "mode": ("listen", "whisper", "barge"),
        "into": ((), ("sales",), ("help", "gone")),
        "out_of": ((), ("sales",), ("help",)),
        "call": ("", "pbx/a", "pbx/b", "x"),
        "to": ("all", "agent:1001", "team:a", "team:", "agent:nobody", "", *STATES),
        "text": ("", "come", "x" * 600),
        "meeting": ("", "m", "late", *owned.meetings),
        "teams": ((), ("a",), ("b", "gone")),
        "name": ("", "now"),
        "deed": ("acknowledge", "own", "close"),
        "alert": ("x", *owned.alerts),
        "message": ("x", *owned.messages),
        "request": ("x", *list(owned.answers)[-5:]),
        "campaign": ("", "c1", "c1", "c2", "gone", "nobody"),
        "evidence": ("", "report.pdf", "x" * 600),
        "pressed": (0, START, -1, 10**18),
        "step": ("x", *owned.outbound.steps),
        "item": ("", "x", *(item for each in owned.outbound.campaigns.values() for item in each.items)),
        "owner": ("", "1001", "li"),
        "due": ("", "2026-12-01", "soon"),
        "done": (False, True),
        "dial": ("", "x", *owned.outbound.dials),
        "digest": ("", "a" * 64, "b" * 64),
        "side": ("ours", "client", "odd"),
        "code": ("", "sale", "refused", "x" * 40),
        "callback": (0, START, START + 3600 * SECOND),
        "machine": (False, True),
        "note": ("", "x" * 600),
        "block": ("", "client", "global", "odd"),
        "number": (Sealed("d1", b"c", "2026-11"), Sealed("d2", b"c", "2026-11"), Sealed("", b"", "")),
        "shown": ("", "+86138****0000"),
        "scope": ("client", "campaign", "global", "odd"),
        "about": ("", "bank", "c1", "gone"),
        "source": ("api", "agent", "odd"),
        "consent": ("x", *owned.outbound.consents),
        "client": ("", "bank", "gone"),
        "purpose": ("", "telemarketing"),
        "basis": ("consent", "contract", "odd"),
        "written": (False, True),
        "given": (0, START, 10**18),
        "expires": (0, START + 60 * SECOND, 10**18),
        "wording": ("", "v1"),
        "method": ("", "form"),
        "announced": (LIST, msgspec.structs.replace(LIST, as_of=START - 1, numbers=1), msgspec.structs.replace(LIST, list="../x")),
    }
    return chance.choice(choices[name])


def words_are_there(said: Saying) -> None:
    for finding in findings_in(said.fields.values()):
        for language in LANGUAGES:
            text = sentence(finding, language)
            assert text != finding.rule, finding
            assert "None" not in text, (finding, text)


def findings_in(values: Any) -> Iterator[Finding]:
    for value in values:
        if isinstance(value, Decision):
            yield from value.findings
        elif isinstance(value, Finding) and value.rule:
            yield value


@pytest.mark.parametrize("seed", range(WALKS))
def test_nothing_that_a_floor_comes_to_kills_the_engine(seed: int) -> None:
    odd = Odd(seed)
    for _ in range(STEPS):
        odd.step()
    odd.rest()


def test_a_program_that_asks_in_a_loop_fills_nobodys_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_of_the_fold, "ANSWERS_MOST", 5)
    odd = Odd(1)
    for number in range(20):
        request = Request(f"r{number}", odd.now, ACTORS[3], requests.BreakWithdraw(AgentId("1001")), f"k{number}")
        odd.tell(answer(odd.floor, request, f"r{number}", odd.now, odd.next_id))
    assert list(odd.floor.owned.answers) == [f"r{number}" for number in range(15, 20)]
    assert list(odd.floor.owned.keys) == [f"k{number}" for number in range(15, 20)]
