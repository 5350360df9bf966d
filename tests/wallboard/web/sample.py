"""Floors to look at: snapshots with the rows of `realtime.rows`, lively but the same each time.

Not a simulation: nobody calls. Each function makes one whole floor as of a time; tests and screenshots change from there.
"""

from __future__ import annotations

import random

from realtime.rows import (
    AgentRow,
    BreakRow,
    BreaksRow,
    CampaignRow,
    MeetingRow,
    MessageRow,
    NodeRow,
    QueueRow,
    Series,
    Snapshot,
    Targets,
    TotalsRow,
)

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("芳", "强", "静", "敏", "伟", "丽", "涛", "娜", "小军", "建国", "秀英", "子涵", "雨桐", "浩然")
WESTERN = ("Olivia Brown", "Noah Kim", "Emma García", "Liam O’Neill", "Ava Schmidt", "Lucas Ng", "Mia Rossi", "Ethan Wolff")
QUEUES = (("sales", 5, 20), ("support", 3, 20), ("billing", 0, 20), ("挽留", 1, 20), ("vip", 0, 20))
MIX = (
    ("talking", 22), ("ready", 12), ("wrapup", 7), ("on_break", 5), ("ringing", 3), ("hold", 2), ("not_ready", 2),
    ("dialling", 2), ("no_answer", 1), ("meeting", 2), ("unreachable", 1), ("logged_out", 4),
)  # fmt: skip
LONGEST_S = {"talking": 420, "ready": 300, "wrapup": 120, "ringing": 15, "hold": 90, "dialling": 25, "logged_out": 9000}
LONG_NAMES = (
    "Maria-Magdalena von Hohenzollern-Sigmaringen", "欧阳上官司马诸葛东方皇甫尉迟公孙",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "<script>alert(1)</script>", "عبد الرحمن بن محمد", "👩‍💻 Team 🚀", "ab‮evil", "x" * 200,
)  # fmt: skip


def floor(now: float, agents: int = 60, *, western: bool = False, alarms: bool = True) -> Snapshot:
    """A busy quarter of an hour before noon: one queue over its target, two agents to look after."""
    dice = random.Random(3)
    people = [_agent(number, now, dice, western) for number in range(agents)]
    if alarms and agents > 10:
        _raise_alarms(people, now)
    queues = [_queue(place, now, dice) for place in range(len(QUEUES))]
    return Snapshot(
        floor="Sales 1 销售一区",
        time=now,
        position="1-100",
        day="2026-11-24",
        totals=_totals(queues, people, now, dice),
        queues=queues,
        agents=people,
        nodes=[NodeRow(node="hall7", link="live", since=now - 7200, heard=now - 0.2, asterisk="22.10.0")],
        breaks=BreaksRow(out=sum(agent.state == "on_break" for agent in people)),
    )


def empty(now: float) -> Snapshot:
    """Connected, and Asterisk has named no queue yet."""
    node = NodeRow(node="hall7", link="live", since=now - 20, heard=now - 0.2)
    return Snapshot(floor="main", time=now, position="1-1", day="2026-11-24", totals=TotalsRow(), nodes=[node])


def morning(now: float) -> Snapshot:
    """Queues and agents, and not one call yet: everything that is unknown."""
    start = floor(now, 12, alarms=False)
    for agent in start.agents:
        agent.state, agent.since, agent.break_ = "ready", now - 40, None
    start.queues = [QueueRow(id=queue.id, node=queue.node, name=queue.name, target_s=20, targets=_targets()) for queue in start.queues]
    start.totals = TotalsRow(agents={"ready": 12}, agents_total=12, targets=_targets())
    start.breaks = BreaksRow()
    return start


def long_names(now: float) -> Snapshot:
    """Whatever people are called, the layout stands."""
    wide = floor(now, 24)
    for agent, name in zip(wide.agents, LONG_NAMES * 3, strict=False):
        agent.name = name
    for queue, name in zip(wide.queues, ("Kundenzufriedenheitsrückmeldung", *LONG_NAMES[1:]), strict=False):
        queue.name = name
    wide.floor = "Vertriebssteuerungszentrale Südwest für Großkundenangelegenheiten und Sonderfälle"
    return wide


def with_campaigns(now: float) -> Snapshot:
    """What later issues bring: break places, campaigns, a meeting and a message."""
    full = floor(now)
    full.breaks.cap, full.breaks.next_place_at = 6, now + 260
    full.totals.targets.waiting = 5
    full.campaigns = [
        _campaign("b112", "B-112", "", 214, 66, 0.012, 12, "trial"),
        _campaign("c7", "Renewals", "续保项目", 1290, 512, 0.021, 31, "stopped"),
    ]
    full.meetings = [
        MeetingRow(id="m", name="Morning meeting", name_zh="早会", teams=["B"], phase="coming", begins=now + 700, until=now + 1600)
    ]
    text = "New price list from 15:00 on. 15:00 起执行新价目表。"
    full.messages = [MessageRow(id="n", to="all", text=text, who="Li Wei", at=now - 60, until=now + 900)]
    return full


def _campaign(name: str, title: str, zh: str, dials: int, connected: int, abandon_rate: float, denied: int, state: str) -> CampaignRow:
    row = CampaignRow(id=name, name=title, name_zh=zh, state=state, dials=dials, connected=connected, abandon_rate=abandon_rate)
    row.denied = {"hours": denied}
    return row


def _agent(number: int, now: float, dice: random.Random, western: bool) -> AgentRow:
    names = WESTERN if western else tuple(mark + dice.choice(GIVEN) for mark in SURNAMES)
    state = dice.choices([name for name, _ in MIX], [weight for _, weight in MIX])[0]
    since = now - dice.uniform(1, LONGEST_S.get(state, 900))
    return AgentRow(
        id=str(1001 + number),
        name=names[number % len(names)],
        team="AB"[number % 2],
        node="hall7",
        interface=f"PJSIP/{1001 + number}",
        state=state,
        since=since,
        queues=["sales", "support"],
        answered=dice.randrange(30),
        talk_s=float(dice.randrange(9000)),
        break_=BreakRow(kind="short", since=since) if state == "on_break" else None,
    )


def _raise_alarms(people: list[AgentRow], now: float) -> None:
    late, idle = people[3], people[7]
    late.state, late.since, late.over = "on_break", now - 850, "act"
    late.break_ = BreakRow(kind="short", since=now - 850, until=now - 250)
    idle.state, idle.since, idle.over, idle.break_ = "not_ready", now - 750, "warn", None


def _queue(place: int, now: float, dice: random.Random) -> QueueRow:
    name, waiting, target = QUEUES[place]
    answered, abandoned = dice.randrange(60, 130), dice.randrange(1, 6)
    in_target = int(answered * (0.71 if place == 0 else dice.uniform(0.86, 0.99)))
    return QueueRow(
        id=f"hall7/{name}",
        node="hall7",
        name=name,
        waiting=waiting,
        longest_wait_since=now - (62 if place == 0 else 14) if waiting else None,
        offered=answered + abandoned + waiting,
        answered=answered,
        abandoned=abandoned,
        answered_in_target=in_target,
        service_level=in_target / (answered + abandoned),
        abandon_rate=abandoned / (answered + abandoned),
        target_s=target,
        agents={"ready": dice.randrange(2, 9), "talking": dice.randrange(2, 12)},
        targets=_targets(),
    )


def _totals(queues: list[QueueRow], people: list[AgentRow], now: float, dice: random.Random) -> TotalsRow:
    answered, abandoned = sum(queue.answered for queue in queues), sum(queue.abandoned for queue in queues)
    states = [agent.state for agent in people]
    return TotalsRow(
        waiting=sum(queue.waiting for queue in queues),
        connecting=1,
        longest_wait_since=min(queue.longest_wait_since for queue in queues if queue.longest_wait_since),
        offered=sum(queue.offered for queue in queues) + 1,
        answered=answered,
        abandoned=abandoned,
        service_level=sum(queue.answered_in_target for queue in queues) / (answered + abandoned),
        abandon_rate=abandoned / (answered + abandoned),
        agents={state: states.count(state) for state in sorted(set(states))},
        agents_total=len(people),
        targets=_targets(),
        series=_series(now, dice),
    )


def _targets() -> Targets:
    return Targets(longest_wait_s=20, service_level=0.8, abandon_rate=0.05)


def _series(now: float, dice: random.Random) -> Series:
    """Thirty minutes; of three of them nothing is known."""
    hidden = {9, 10, 11}
    waiting = [max(0, round(2 + 3 * dice.random() + (minute - 22) * 0.5 * (minute > 22))) for minute in range(30)]
    return Series(
        until=now - now % 60 + 60,
        waiting=[None if minute in hidden else figure for minute, figure in enumerate(waiting)],
        longest_wait_s=[None if minute in hidden or not figure else figure * 9.0 for minute, figure in enumerate(waiting)],
        service_level=[None if minute in hidden else 1 - figure / 20 for minute, figure in enumerate(waiting)],
        abandon_rate=[None if minute in hidden else dice.choice((0.0, 0.0, 0.02, 0.04, 0.07)) for minute in range(30)],
    )
