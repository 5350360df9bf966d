"""Which facts to ask history for behind a number, and how they are told: lines of time, kind, agent, queue, call.

Not who asks (`wallboard/records.py`) and not the database. Counts of visits go through the ledger; what is of one agent or
one call is told as it stands. A caller's number is only what `reveal` lets through.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from realtime import facts
from realtime.facts import Fact, Sealed
from realtime.floor import Floor, key, target_of
from realtime.history.port import Asked, Kept
from realtime.view import Reveal, call_key, seconds
from realtime.why.answer import Evidence, Explanation, Value
from realtime.why.ledger import AROUND, OF_VISITS, Ledger, Seen, Start
from realtime.why.live import FACTS_TOLD, Named
from realtime.words import SECOND, Micros

LOOK_BACK: Micros = 2 * 3600 * SECOND
"""Before the day begins: who waits over its turn is offered to it, and nobody waits longer."""
AHEAD: Micros = 60 * SECOND
"""Facts carry the PBX's clock, which may go before ours."""
VISITS_READ = 4000
"""Facts of one queue that are looked through for the newest 50: some 1,000 visits, a twentieth of a second to fold."""
AROUND_READ = 8000
BEFORE_STATE: Micros = 60 * SECOND
"""What led to a state is told from a minute before it on."""


class Counted(NamedTuple):
    """The visits behind a number: which of them, in which moment they counted, and how many of them there are today."""

    among: Callable[[Seen], bool]
    moment: Callable[[Seen], Micros]
    said_by: Callable[[Seen], str]
    inputs: tuple[str, ...]
    """Their sum is the number of visits; those with a minus are taken off."""


def settled(departure: str, in_target: bool | None = None) -> Callable[[Seen], bool]:
    return lambda seen: seen.settled and seen.departure == departure and in_target in (None, seen.in_target)


def missed(seen: Seen) -> bool:
    """Answered late, or given up after the target: what keeps a service level below 100 %."""
    return seen.settled and seen.departure in ("answered", "abandoned") and not seen.in_target


def left(seen: Seen) -> Micros:
    return seen.left


def left_by(seen: Seen) -> str:
    return seen.left_by


COUNTED: dict[str, Counted] = {
    "offered": Counted(lambda seen: seen.offered, lambda seen: seen.joined, lambda seen: seen.joined_by, ()),
    "answered": Counted(settled("answered"), left, left_by, ()),
    "abandoned": Counted(settled("abandoned"), left, left_by, ()),
    "left_otherwise": Counted(settled("left_otherwise"), left, left_by, ()),
    "unknown": Counted(settled("unknown"), left, left_by, ()),
    "answered_in_target": Counted(settled("answered", True), left, left_by, ()),
    "abandoned_in_target": Counted(settled("abandoned", True), left, left_by, ()),
    "service_level": Counted(missed, left, left_by, ("answered", "abandoned", "-answered_in_target", "-abandoned_in_target")),
    "abandon_rate": Counted(settled("abandoned"), left, left_by, ("abandoned",)),
    "asa_s": Counted(settled("answered"), left, left_by, ("answered",)),
    "aht_s": Counted(lambda seen: seen.handled, lambda seen: seen.completed, lambda seen: seen.completed_by, ("handled",)),
}
OF_AGENTS: dict[str, tuple[tuple[type[Fact], ...], Callable[[Fact], bool]]] = {
    "answered": ((facts.AgentConnected,), lambda fact: True),
    "talk_s": ((facts.AgentCompleted,), lambda fact: True),
    "aht_s": ((facts.AgentCompleted,), lambda fact: True),
    "talk_each_s": ((facts.AgentCompleted,), lambda fact: True),
    "rings_missed": ((facts.AgentRingEnded,), lambda fact: isinstance(fact, facts.AgentRingEnded) and fact.outcome == "no_answer"),
}


class Question(NamedTuple):
    """What to ask history, and how its answer becomes evidence; made while the floor is at hand, answered without it."""

    asked: tuple[Asked, ...]
    tell: Callable[[list[list[Kept]], Micros], Behind]
    """(an answer to each, the first moment that history has) -> what is behind the number."""


class Behind(NamedTuple):
    """The newest lines, and how many facts of this number were found in what was read."""

    lines: list[Evidence]
    found: int


def question(floor: Floor, explained: Explanation, named: Named, reveal: Reveal, most: int = FACTS_TOLD) -> Question | None:
    """None where the floor itself holds the facts. `most`: lines that are told."""
    until = max(round(explained.until * SECOND), floor.at) + AHEAD
    if named.agent is not None:
        return of_agent(floor, explained, named, until, reveal, most)
    if named.call is not None:
        began = named.call.began - SECOND
        asked = Asked(since=began, until=until, call=call_key(named.call), limit=AROUND_READ)
        return Question((asked,), lambda answers, first: lines([kept.fact for kept in answers[0]], None, reveal, most))
    if explained.number not in COUNTED:
        return None
    queue = key(named.queue.node, named.queue.name) if named.queue is not None else None
    since = max(0, floor.day_at - LOOK_BACK)
    about = Asked(since=since, until=until, kinds=OF_VISITS, queue=queue, limit=VISITS_READ)
    around = Asked(since=since, until=until, kinds=AROUND, limit=AROUND_READ)
    start, counted = start_of(floor), COUNTED[explained.number]

    def tell(answers: list[list[Kept]], first: Micros) -> Behind:
        seen = visits_of(*merged(answers, (VISITS_READ, AROUND_READ)), start, first)
        seen = [each for each in seen if counted.among(each) and queue in (None, each.queue)]
        seen.sort(key=counted.moment, reverse=True)
        return Behind([visit_line(each, counted, start, reveal) for each in seen[:most]], len(seen))

    return Question((about, around), tell)


def of_agent(floor: Floor, explained: Explanation, named: Named, until: Micros, reveal: Reveal, most: int) -> Question:
    """An agent's own facts: those that count, or those around the moment in which a state began."""
    assert named.agent is not None
    agent = named.agent.id
    if explained.number == "state":
        asked = Asked(since=named.agent.since - BEFORE_STATE, until=until, agent=agent, limit=VISITS_READ)
        return Question((asked,), lambda answers, first: lines([kept.fact for kept in answers[0]], agent, reveal, most))
    kinds, counts = OF_AGENTS[explained.number]
    asked = Asked(since=floor.day_at, until=until, kinds=kinds, agent=agent, limit=VISITS_READ)
    return Question((asked,), lambda answers, first: lines([kept.fact for kept in answers[0] if counts(kept.fact)], agent, reveal, most))


def with_facts(explained: Explanation, behind: Behind, named: Named) -> Explanation:
    """The newest of them, and how many more there are: of visits by the explanation's own inputs."""
    whole = count_of(explained) if named.agent is None and named.call is None else behind.found
    return replace(explained, facts=behind.lines, more=max(0, whole - len(behind.lines)), source="history")


def count_of(explained: Explanation) -> int:
    """How many visits an explanation of visits speaks of."""
    inputs = {each.name: each.value for each in explained.inputs}
    names = COUNTED[explained.number].inputs
    if not names:
        return int(explained.value or 0)
    return sum(int(inputs[name.lstrip("-")] or 0) * (-1 if name.startswith("-") else 1) for name in names)


# ------------------------------------------------------------------ visits


def start_of(floor: Floor) -> Start:
    """The floor as it is now, as far as facts of before the window said it."""
    members: dict[tuple[str, str], str] = {
        (name, each.interface): each.phone for name, queue in floor.queues.items() for each in queue.members.values()
    }
    return Start(
        day=floor.day,
        day_at=floor.day_at,
        rules=floor.rules,
        targets={name: target_of(floor, queue) for name, queue in floor.queues.items()},
        members=members,
        seats={name: phone.agent for name, phone in floor.phones.items()},
    )


def merged(answers: Sequence[list[Kept]], limits: Sequence[int]) -> tuple[list[Fact], bool]:
    """All answers in the order of the log, from where each of them is whole; and whether that is the whole span."""
    cut = [answer[0].place for answer, limit in zip(answers, limits, strict=True) if len(answer) >= limit]
    begin = max(cut, default=0)
    kept = sorted((each for answer in answers for each in answer if each.place >= begin), key=lambda each: each.place)
    return [each.fact for each in kept], not cut


def visits_of(listed: list[Fact], whole: bool, start: Start, first: Micros) -> list[Seen]:
    turns = any(isinstance(fact, facts.DayBegan) and fact.day == start.day for fact in listed)
    if turns or (whole and not start.day):
        # Where the log begins with this day, what was told before its DayBegan belongs to it, too.
        start = start._replace(day="" if first >= start.day_at else "before", day_at=0)
    return list(Ledger(start).take_all(listed).visits.values())


def visit_line(seen: Seen, counted: Counted, start: Start, reveal: Reveal) -> Evidence:
    detail: dict[str, Value] = {"caller": shown} if seen.caller is not None and (shown := reveal(seen.caller)) is not None else {}
    if seen.departure is not None:
        detail |= {"departure": seen.departure, "wait_s": seconds(seen.left - seen.joined)}
        detail |= {"how": seen.how} if seen.how else {}
    if seen.departure in ("answered", "abandoned"):
        detail |= {"in_target": seen.in_target, "target_s": start.targets.get(seen.queue)}
    if seen.completed:
        detail["talk_s"] = seconds(seen.completed - seen.connected)
    return Evidence(seconds(counted.moment(seen)), counted.said_by(seen), seen.agent, seen.queue, seen.call, detail)


# ------------------------------------------------------------------ single facts

DETAILS = (
    "departure", "how", "position", "wait_s", "talk_s", "by", "outcome", "ring_ms", "state", "reason", "paused", "penalty", "cause",
    "kind", "result", "space", "why", "direction", "strategy", "target_s", "reachable", "asterisk", "caller", "callee",
)  # fmt: skip
"""Fields of facts that are told, under their own names; all others name channels and phones."""


def lines(told: list[Fact], agent: str | None, reveal: Reveal, most: int) -> Behind:
    newest = [fact for _, fact in sorted(enumerate(told), key=lambda each: (-each[1].at, -each[0]))[:most]]
    return Behind([line(fact, agent, reveal) for fact in newest], len(told))


def line(fact: Fact, agent: str | None, reveal: Reveal) -> Evidence:
    fields: dict[str, Any] = {name: getattr(fact, name) for name in DETAILS if getattr(fact, name, None) not in (None, "")}
    detail = {name: reveal(value) if isinstance(value, Sealed) else value for name, value in fields.items()}
    queue = getattr(fact, "queue", None)
    return Evidence(
        at=seconds(fact.at),
        kind=type(fact).__name__,
        agent=getattr(fact, "agent", None) or agent,
        queue=key(fact.node, queue) if queue else None,
        call=getattr(fact, "call", None),
        detail={name: plain(value) for name, value in detail.items() if value is not None},
    )


def plain(value: Any) -> Value:
    """States are words of an enum."""
    return str(value) if isinstance(value, str) else value
