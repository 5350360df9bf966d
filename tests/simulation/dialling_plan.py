"""What an outbound day is like: campaigns with caps of every window, few hot numbers, and what goes wrong. Drawn from the seed, or written
down by a test.

Windows that last for days and months are met at their edges: a day begins a few minutes before midnight, the end of a month or a change of
the clocks in one of the zones that are called.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from msgspec import structs

from realtime.plan.dialling import (
    AbandonRule,
    Campaign,
    CapRule,
    ContractTerms,
    CoolDownRule,
    DialRules,
    Happening,
    HoursRule,
    Preset,
    Scope,
    StopRules,
    TrialRules,
    Window,
)
from realtime.plan.model import Person, Plan
from realtime.words import SECOND, AgentId, Micros

NODE = "n1"
AGENTS = tuple(str(number) for number in range(1001, 1007))
LATE_AUTUMN, OCTOBER_ENDS, CLOCKS_BACK, CLOCKS_ON = (
    "2026-11-28T11:10:00",  # nothing special
    "2026-11-01T03:57:00",  # New York: three minutes to midnight, and to November
    "2026-11-01T05:57:00",  # New York: the clock strikes one twice
    "2027-03-14T06:57:00",  # New York: an hour is left out
)
SHANGHAI_MONTH = "2026-10-31T15:57:00"
"""Shanghai: three minutes to midnight, and to November."""
STARTS = (LATE_AUTUMN, OCTOBER_ENDS, CLOCKS_BACK, CLOCKS_ON, SHANGHAI_MONTH)


@dataclass(frozen=True, slots=True)
class DialPlan:
    """All zero: a good day. Rates are by the hour; shares of one."""

    seed: int = 0
    minutes: int = 8
    start: str = LATE_AUTUMN
    gates: int = 3
    rate: float = 1800
    """Dials that somebody wants."""
    numbers: int = 40
    hot: int = 4
    """Of these, so few get most of the dials."""
    together: float = 0.3
    """Of dials, how many are asked for at several gates at the same moment."""
    never: float = 0.1
    """Of those allowed, how many end before anything is signalled."""
    callbacks: float = 0.05
    steps: float = 60
    """What managers do to campaigns, stops among it."""
    blocks: float = 60
    """People who want no more calls."""
    results: float = 200
    cuts: float = 0
    restarts: float = 0
    """Of the PBX."""
    late: float = 0
    twice: float = 0
    """Facts of the PBX that come seconds late, or again."""
    engine_kills: float = 0
    gate_kills: float = 0
    log_outages: float = 0
    losses: float = 0
    """The server is killed and comes back without its last second, ledger and log."""
    wipes: float = 0
    """Of the ledger alone."""
    stalls: float = 0
    lost_answers: float = 0
    """Of the ways to the ledger."""
    skew_s: float = 0
    """How far a gate's clock may be off, either way."""
    jumps: float = 0

    @property
    def began(self) -> Micros:
        return round(datetime.fromisoformat(self.start).replace(tzinfo=UTC).timestamp()) * SECOND

    def __str__(self) -> str:
        plain = DialPlan()
        return ", ".join(
            f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if getattr(self, each.name) != getattr(plain, each.name)
        )


def dialling_of(seed: int) -> DialPlan:
    """Most faults are absent on most days, or none would show one of them alone."""
    chance = Random(f"{seed} dialling")

    def maybe(share: float, *values: float) -> float:
        return chance.choice(values) if chance.random() < share else 0

    skew = maybe(0.4, 0.5, 2)
    return DialPlan(
        seed=seed,
        minutes=chance.choice((5, 7, 9)),
        start=chance.choice(STARTS),
        gates=chance.choice((2, 3, 4)),
        rate=chance.choice((900, 1800, 3000)),
        numbers=chance.choice((20, 60)),
        hot=chance.choice((2, 5)),
        together=chance.choice((0.1, 0.4)),
        never=chance.choice((0.05, 0.2)),
        callbacks=maybe(0.5, 0.1),
        steps=maybe(0.7, 40, 120),
        blocks=maybe(0.7, 40, 120),
        results=maybe(0.6, 200),
        cuts=maybe(0.3, 10, 30),
        restarts=maybe(0.15, 6),
        late=maybe(0.3, 20, 60),
        twice=maybe(0.3, 100),
        engine_kills=maybe(0.35, 20, 80),
        gate_kills=maybe(0.2, 20),
        log_outages=maybe(0.2, 10),
        losses=maybe(0.35, 10, 30),
        wipes=maybe(0.25, 10, 30),
        stalls=maybe(0.3, 0.01, 0.1),
        lost_answers=maybe(0.3, 0.01, 0.1),
        skew_s=skew,
        jumps=chance.choice((30, 120)) if skew else 0,
    )


# ------------------------------------------------------------------ the rules

CALLED = (
    ("CN", ("1381234567{}", "+861391234567{}"), ("Asia/Shanghai",)),
    ("US", ("+1305555012{}", "+1212555012{}"), ("America/New_York",)),
    ("US", ("+1850555012{}", "+1423555012{}"), ("America/Chicago", "America/New_York")),
)
"""Who is called: as it is dialled, and where they may be."""
WINDOWS: tuple[Window, ...] = (
    Window(seconds=60),
    Window(seconds=180),
    Window(seconds=420),
    Window(kind="calendar_day"),
    Window(kind="calendar_days", days=2),
    Window(kind="any_days", days=3),
    Window(kind="blocks", days=1),
    Window(kind="blocks", days=30, zone="UTC"),
    Window(kind="calendar_month"),
    Window(kind="calendar_day", zone="America/New_York"),
)
SCOPED: tuple[Scope, ...] = (
    ("number",),
    ("person",),
    ("person", "debt"),
    ("person", "subject"),
    ("number", "client"),
    ("person", "client"),
)
ALWAYS = HoursRule(id="always", days=(((0, 1440),),) * 7)
AFTER: tuple[Happening, ...] = ("conversation", "unanswered", "abandoned", "refusal", "connect")


def rules_of(plan: DialPlan) -> Plan:
    chance = Random(f"{plan.seed} rules")
    law = Preset(name="law", zones="country", caps=caps_of(chance, 3, "law"), cool_downs=cool_downs_of(chance, "law"))
    campaigns = (
        campaign_of(chance, plan, "alpha", "bank", presets=("law",)),
        campaign_of(chance, plan, "beta", "bank", presets=("law",), at_once=chance.choice((0, 3))),
        campaign_of(chance, plan, "gamma", "shop", contract=ContractTerms(dials_day=chance.choice((-1, 40)))),
    )
    people = [Person(id=AgentId(agent), name=f"Agent {agent}") for agent in AGENTS]
    leaders = [Person(id=AgentId(f"900{number}"), name=name, roles=("manager",)) for number, name in enumerate(("ann", "bob", "cyd"), 1)]
    return Plan(
        people=(*people, *leaders),
        dialling=DialRules(campaigns=campaigns, presets=(law,), manual="alpha", at_once=chance.choice((0, 8))),
    )


def lax(plan: DialPlan) -> Plan:
    """Nearly everything may be dialled: what takes a coincidence of two calls happens within minutes."""
    whole = rules_of(plan)
    campaigns = tuple(
        structs.replace(each, at_once=0, presets=(), rules=structs.replace(each.rules, caps=(), cool_downs=(), hours=(ALWAYS,)))
        for each in whole.dialling.campaigns
    )
    return structs.replace(whole, dialling=structs.replace(whole.dialling, campaigns=campaigns, at_once=0))


def campaign_of(chance: Random, plan: DialPlan, name: str, client: str, **more: object) -> Campaign:
    own = Preset(
        name="own",
        zones="country",
        hours=(hours_of(chance, plan),),
        caps=caps_of(chance, 3, name),
        cool_downs=cool_downs_of(chance, name),
        abandons=(AbandonRule(id="abandon", limit=0.9, target=0.8, window=Window(kind="blocks", days=30, zone="Asia/Shanghai")),),
    )
    trial = TrialRules(dials_day=chance.choice((15, 60)), contacts_day=30, agents=3, most="predictive", judged_dials=5, complaints=0)
    return Campaign(
        id=name, client=client, purpose="service", caller_ids=("+861088880000",), rules=own, trial=trial,
        stops=StopRules(complaints=0, over_abandon=False), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def hours_of(chance: Random, plan: DialPlan) -> HoursRule:
    """Always; or until some minutes from the beginning, by the clocks of those who are called first."""
    if chance.random() < 0.7:
        return ALWAYS
    local = datetime.fromtimestamp(plan.began / SECOND, ZoneInfo(chance.choice(("America/New_York", "Asia/Shanghai"))))
    minute = local.hour * 60 + local.minute + 4
    spans = ((0, minute), (minute + 3, 1440)) if minute + 3 < 1440 else ((0, minute),) if minute < 1440 else ((2, 1440),)
    return HoursRule(id="closes", days=(spans,) * 7)


def caps_of(chance: Random, count: int, name: str) -> tuple[CapRule, ...]:
    return tuple(
        CapRule(
            id=f"{name}{number}",
            most=chance.choice((1, 2, 3, 5)),
            window=chance.choice(WINDOWS),
            scope=chance.choice(SCOPED),
            unless=chance.choice(((), (), ("callback",))),
        )
        for number in range(count)
    )


def cool_downs_of(chance: Random, name: str) -> tuple[CoolDownRule, ...]:
    return (
        CoolDownRule(
            id=f"{name}-after",
            after=chance.choice(AFTER),
            seconds=chance.choice((0, 30, 120, 400)),
            days=1,
            scope=chance.choice((("number",), ("person",), ("number", "client"))),
        ),
    )
