"""The report of loopholes: patterns that go round the rules, each with its evidence and what it is compared with. Pure.

Never a verdict on a person. There are good reasons for each pattern (a broken phone, hard calls, an illness), so a row says what was
counted, when it was and what is usual in the team, and a person asks. The thresholds are bounds below which nobody need look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from realtime.decision import Finding, Value
from realtime.floor import Floor, Turn
from realtime.owned import AgentLedger
from realtime.plan.reach import team_of
from realtime.rules.meetings import KINDS as OF_THE_FLOOR
from realtime.words import SECOND, AgentState, Micros

RELOGIN_WITHIN: Micros = 600 * SECOND
"""Out for less than a short break is long: whoever goes home or to eat is out for longer."""
RELOGINS = 2
"""A day: one may be a phone that hung."""
HOP_WITHIN: Micros = 60 * SECOND
"""Between two breaks of different kinds without any work between: longer is a new break."""
HOPS = 3
"""A day: a meal after a meeting that ran late is one."""
SHORT_BREAK: Micros = 120 * SECOND
"""Nobody rests in less; leaving a queue so briefly moves somebody behind the others who are longest idle (peers.md 2)."""
SHORTS = 4
"""A day, comfort breaks not counted: they are nobody's business."""
UNAUTHORISED = 3
"""Pauses a day that nobody granted: one or two are a finger on a wrong key."""
HANDLED: Micros = 1800 * SECOND
"""Of calls, before a share of them says anything: some ten calls of three minutes."""
MUCH_MORE = 2.0
"""Times the team's median share: half of all agents are above the median, so that alone says nothing."""
HOLD_SHARE, WRAPUP_SHARE = 0.05, 0.10
"""Below these shares nobody is stretching anything, whatever the team's median."""
MATES = 3
"""With figures, for a median to be one."""
TIMES_KEPT = 20
PAUSED = (AgentState.ON_BREAK, AgentState.NOT_READY)


class Evidence(NamedTuple):
    """`value` and `usual` (the team's median, None with too few) are of the same unit: a count, or a share of 1."""

    pattern: str
    agent: str
    team: str
    value: float
    usual: float | None
    times: tuple[Micros, ...]
    finding: Finding


class Pattern(NamedTuple):
    """`times_of`: when it was seen of one agent. `least`: so often, and more often than is usual in the team."""

    name: str
    least: int
    times_of: Callable[[AgentLedger, Sequence[Turn]], list[Micros]]
    values: dict[str, int]


def loopholes(floor: Floor, turns: Mapping[str, Sequence[Turn]] | None = None) -> list[Evidence]:
    """Of this day. `turns` are history's, by agent, oldest first; without them only what the ledgers know is seen."""
    owned, of = floor.owned, turns or {}
    agents = sorted({*owned.ledgers, *floor.agents})
    teams: dict[str, list[str]] = {}
    for agent in agents:
        teams.setdefault(team_of(owned, agent), []).append(agent)
    found: list[Evidence] = []
    for team, members in sorted(teams.items()):
        for pattern in PATTERNS:
            seen = {agent: pattern.times_of(owned.ledgers.get(agent, AgentLedger()), of.get(agent, ())) for agent in members}
            found += counted(pattern, team, seen)
        for name, least, part, whole in SHARES:
            found += shared(floor, name, team, members, least, part, whole)
    return found


# ------------------------------------------------------------------ what is counted


def counted(pattern: Pattern, team: str, seen: Mapping[str, list[Micros]]) -> Iterator[Evidence]:
    counts = {agent: len(times) for agent, times in seen.items()}
    for agent, times in seen.items():
        if counts[agent] < pattern.least:
            continue
        usual = usual_of(counts, agent)
        if usual is not None and counts[agent] <= usual:
            continue
        values: dict[str, Value] = {"times": counts[agent], "team": "-" if usual is None else f"{usual:g}", **pattern.values}
        finding = Finding(f"loophole.{pattern.name}", values=values)
        yield Evidence(pattern.name, agent, team, counts[agent], usual, tuple(times[-TIMES_KEPT:]), finding)


def usual_of(figures: Mapping[str, float], agent: str) -> float | None:
    """The median of the others in the team: one's own figure must not make itself usual."""
    others = [figure for name, figure in figures.items() if name != agent]
    return median(others) if len(others) >= MATES else None


def relogins(ledger: AgentLedger, turns: Sequence[Turn]) -> list[Micros]:
    """By the turns: out, and in again soon. Without them the log-ins of the day after the first, moves to another phone included."""
    if not turns:
        return list(ledger.logged_in[1:])
    inside = turns[1:]  # before the first login of a day nobody has gone out
    return [turn.until for turn in inside if turn.state is AgentState.LOGGED_OUT and turn.until - turn.since <= RELOGIN_WITHIN]


def hops(ledger: AgentLedger, turns: Sequence[Turn]) -> list[Micros]:
    """From one kind straight to another: by the turns every pause, without them the breaks that were ours."""
    if turns:
        steps = pairwise(turns)
        return [two.since for one, two in steps if one.state in PAUSED and two.state in PAUSED and one.reason != two.reason]
    own = [taken for taken in ledger.taken if taken.kind not in OF_THE_FLOOR]
    return [two.since for one, two in pairwise(own) if one.kind != two.kind and two.since - one.until <= HOP_WITHIN]


def shorts(ledger: AgentLedger, turns: Sequence[Turn]) -> list[Micros]:
    asked = [taken for taken in ledger.taken if taken.kind not in (*OF_THE_FLOOR, "comfort")]
    return [taken.since for taken in asked if taken.until - taken.since < SHORT_BREAK and taken.why not in ("call", "forced")]


def unauthorised(ledger: AgentLedger, turns: Sequence[Turn]) -> list[Micros]:
    return list(ledger.unauthorised_at)


PATTERNS = (
    Pattern("relogin", RELOGINS, relogins, {"within": RELOGIN_WITHIN // SECOND // 60}),
    Pattern("code_hopping", HOPS, hops, {}),
    Pattern("short_cycling", SHORTS, shorts, {"under": SHORT_BREAK // SECOND}),
    Pattern("unauthorised", UNAUTHORISED, unauthorised, {}),
)


# ------------------------------------------------------------------ what is a share


SHARES: tuple[tuple[str, float, tuple[AgentState, ...], tuple[AgentState, ...]], ...] = (
    ("hold", HOLD_SHARE, (AgentState.HOLD,), (AgentState.TALKING, AgentState.HOLD)),
    ("wrapup", WRAPUP_SHARE, (AgentState.WRAPUP,), (AgentState.TALKING, AgentState.HOLD, AgentState.WRAPUP)),
)


def shared(
    floor: Floor,
    name: str,
    team: str,
    members: Sequence[str],
    least: float,
    part: tuple[AgentState, ...],
    whole: tuple[AgentState, ...],
) -> Iterator[Evidence]:
    """By what the day's half-hours say was spent; half-hours are the evidence, where the share was above the usual."""
    handled = {agent: spent(floor, agent, whole) for agent in members}
    shares = {agent: spent(floor, agent, part) / handled[agent] for agent in members if handled[agent] >= HANDLED}
    for agent, share in shares.items():
        if share < least:
            continue
        usual = usual_of(shares, agent)
        if usual is None or share <= MUCH_MORE * usual:
            continue
        values = {"share": round(100 * share), "team": round(100 * usual), "minutes": handled[agent] // (60 * SECOND)}
        times = tuple(halves_above(floor, agent, part, whole, usual))[-TIMES_KEPT:]
        yield Evidence(name, agent, team, share, usual, times, Finding(f"loophole.{name}", values={**values}))


def spent(floor: Floor, agent: str, states: Sequence[AgentState]) -> Micros:
    known = floor.agents.get(agent)
    halves = known.halves.values() if known is not None else ()
    return sum(half.spent.get(state, 0) for half in halves for state in states)


def halves_above(floor: Floor, agent: str, part: Sequence[AgentState], whole: Sequence[AgentState], usual: float) -> Iterator[Micros]:
    for half, tally in sorted(floor.agents[agent].halves.items()):
        handled = sum(tally.spent.get(state, 0) for state in whole)
        if handled and sum(tally.spent.get(state, 0) for state in part) / handled > usual:
            yield half * SECOND
