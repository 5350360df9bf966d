"""The simulated call centre on paper: who works there, in which queues, and how busy it is. All of it from a seed.

Not what happens in it (`people.py`) and not the PBX (`pbx.py`). The defaults are tuned for a lively wall: occupancy
around 80 %, some callers waiting, some targets missed, some who give up.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin
from random import Random

from agi.simulator.agenda import HOUR, SECOND
from agi.simulator.calls import Stop
from agi.simulator.chance import stream

RING_ALL_LIMIT = 12
"""More phones than this are never rung at once: a larger sales desk would have more queues."""
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
_GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "秀兰",
    "霞",
    "平",
    "刚",
    "桂英",
    "文静",
    "子涵",
    "雨桐",
    "浩然",
    "思远",
    "晓燕",
    "志强",
    "海燕",
    "建国",
    "丽华",
    "欣怡",
    "梓轩",
    "佳琪",
    "俊杰",
    "雪梅",
    "宇航",
)
_WESTERN = ("Anna Keller", "James O'Neill", "Maria Santos", "Peter Novak", "Lucy Brown", "Omar Haddad", "Ingrid Larsen", "Tom Baker")
WESTERN_EVERY = 9
"""Every ninth agent has a Western name."""
# Load by the hour of the day. It never falls far, so that a demo started at night is not a sleeping floor.
_HOURS = (0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.88, 0.95, 1.0, 0.95, 0.88, 0.88, 0.95, 1.0, 0.95, 0.92, 0.9, 0.9, 0.88, 0.85, 0.85, 0.8)


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """A queue's settings, its share of calls and of people, and where its callers go when nobody takes them."""

    name: str
    strategy: str
    timeout: int
    retry: int
    wrapup: int
    service_level: int
    share: float
    members: tuple[float, float]
    talk_s: float
    route: tuple[Stop, ...]
    local: bool = False
    penalty: int = 0


QUEUES = (
    QueueSpec("sales", "ringall", 15, 2, 8, 20, 0.16, (0.0, 0.20), 130, (Stop("sales", 90),), local=True),
    QueueSpec("support", "leastrecent", 12, 2, 10, 20, 0.38, (0.17, 0.64), 165, (Stop("support", 40), Stop("billing", 60))),
    QueueSpec("billing", "rrmemory", 12, 2, 10, 30, 0.24, (0.54, 0.86), 140, (Stop("billing", 90),), penalty=1),
    QueueSpec("retention", "rrmemory", 15, 3, 15, 30, 0.12, (0.76, 0.98), 190, (Stop("retention", 100),)),
    QueueSpec("vip", "leastrecent", 10, 1, 8, 10, 0.10, (0.86, 1.0), 150, (Stop("vip", 120),)),
)
"""`members` is the range of the staff list that serves the queue; ranges overlap, so some serve two."""


@dataclass(frozen=True, slots=True)
class Person:
    """An agent: staff number, name, phone, the queues served, and whether membership is dynamic (joins and leaves)."""

    number: str
    name: str
    device: str
    queues: tuple[str, ...]
    dynamic: bool


@dataclass(frozen=True, slots=True)
class Centre:
    """A centre of so many agents. `rate` scales everything that comes from outside."""

    agents: int = 60
    rate: float = 1.0
    node: str = "demo1"
    queues: tuple[QueueSpec, ...] = QUEUES
    utc_offset_h: float = 8
    calls_per_agent_hour: float = 15.5
    outbound_per_agent_hour: float = 0.8
    internal_per_agent_hour: float = 0.25
    spies_per_hour: float = 6
    outages_per_hour: float = 3
    patience_s: float = 70
    no_answer: float = 0.04
    break_every_s: float = 4500
    supervisors: int = 2
    own_pauses: float = 1.0
    """The share of breaks that agents take by themselves, with a code on the phone; of the others somebody has to be asked."""
    dynamic_every: int = 10
    """Every so manieth agent is a dynamic member, whom QueueRemove takes out; 1: all of them."""
    desks: int = 0
    """Phones that nobody sits at: for whoever logs in there."""

    def people(self, seed: int) -> list[Person]:
        """The staff list. Numbers are unique and rising; names are drawn from the seed."""
        chance = stream(seed, "names")
        names = _names(self.agents, chance)
        return [self._person(place, names[place]) for place in range(self.agents)]

    def _person(self, place: int, name: str) -> Person:
        number = str((1001 if self.agents <= 800 else 10001) + place)
        served = tuple(spec.name for spec in self.queues if self._serves(spec, place))
        # Staff that fits into no queue's range serves the largest direct one; every tenth is a flexible worker.
        dynamic = place % self.dynamic_every == self.dynamic_every - 1
        return Person(number, name, f"PJSIP/{number}", served or ("support",), dynamic)

    def _serves(self, spec: QueueSpec, place: int) -> bool:
        first, last = (int(share * self.agents) for share in spec.members)
        return first <= place < (min(last, first + RING_ALL_LIMIT) if spec.strategy == "ringall" else last)

    def load(self, at: int) -> float:
        """How busy it is, 0 to about 1.5: the hour of the day, with waves of a quarter and of half an hour on it."""
        hours = (at / HOUR + self.utc_offset_h) % 24
        place = int(hours)
        base = _HOURS[place] + (_HOURS[(place + 1) % 24] - _HOURS[place]) * (hours - place)
        minutes = at / SECOND / 60
        return base * (1 + 0.3 * sin(2 * pi * minutes / 17) + 0.2 * sin(2 * pi * minutes / 31))

    def spec(self, queue: str) -> QueueSpec:
        """A queue's spec by its name."""
        return next(spec for spec in self.queues if spec.name == queue)

    def interface(self, person: Person, spec: QueueSpec) -> str:
        """What the queue dials for a person."""
        return f"Local/{person.number}@desk/n" if spec.local else person.device


def _names(count: int, chance: Random) -> list[str]:
    every = [surname + given for surname in _SURNAMES for given in _GIVEN]
    chance.shuffle(every)
    # More people than names: a centre of 2,000 has two 王伟, as centres do.
    return [
        _WESTERN[place // WESTERN_EVERY % len(_WESTERN)] if place % WESTERN_EVERY == WESTERN_EVERY - 1 else every[place % len(every)]
        for place in range(count)
    ]
