"""Which calls are scored: drawn by a seed that nobody can steer and everybody can draw again. Pure.

The seed is the root of a checkpoint of the log that was signed when the period was over, with the period: who would steer it would have to
change the log. A recording's turn is its keyed hash, so it does not hang on how many there are or in which order they were found. Kinds:
`estimate` for the operation (pooled, by strata, proportional with at least one of each) and `coaching` (so many of each agent). What was
chosen because of a complaint is in neither.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from realtime.plan.quality import SamplingRules
from realtime.words import SECOND, Micros

DAY: Micros = 86_400 * SECOND
BANDS_S = (60, 300)
"""Length bands: under a minute, under five, longer."""
PARTS = (12, 18)
"""Parts of the day by the floor's clock: morning, afternoon, evening."""


class Candidate(NamedTuple):
    """A recording that may be drawn. `hour` by the floor's clock; `tenure_days` since the agent's first call."""

    id: str
    agent: str
    campaign: str = ""
    hour: int = 12
    length_s: float = 60.0
    outcome: str = ""
    tenure_days: int = 0


class Drawn(NamedTuple):
    """`whole`: candidates of its stratum, so that an estimate can weigh it."""

    id: str
    stratum: str
    whole: int


def seed_of(root: bytes, period: str) -> bytes:
    return hashlib.sha256(root + b"\n" + period.encode()).digest()


def turn(seed: bytes, recording: str) -> bytes:
    """Who has the lowest turns is drawn."""
    return hmac.digest(seed, recording.encode(), "sha256")


def stratum_of(one: Candidate, rules: SamplingRules) -> str:
    part = sum(one.hour >= hour for hour in PARTS)
    band = sum(one.length_s >= edge for edge in BANDS_S)
    tenure = sum(one.tenure_days >= days for days in (rules.new_days, rules.young_days))
    return "|".join((one.campaign, f"day{part}", f"length{band}", one.outcome or "-", f"tenure{tenure}"))


def digest_of(candidates: Iterable[Candidate], rules: SamplingRules) -> str:
    """Of what a sample was drawn from: a result that was coded behind the draw, or behind its doubt, gives another one."""
    lines = sorted(f"{one.id} {stratum_of(one, rules)}\n" for one in candidates)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def ids_digest(ids: Iterable[str]) -> str:
    """As `sort ids.txt | sha256sum` says it."""
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(ids)).encode()).hexdigest()


def for_estimate(candidates: Sequence[Candidate], rules: SamplingRules, seed: bytes, size: int) -> list[Drawn]:
    """`size` of them, or all. Proportional to the strata, at least one of each as long as the size allows."""
    strata = _grouped(candidates, lambda one: stratum_of(one, rules), rules)
    whole = {name: len(group) for name, group in strata.items()}
    return _drawn(strata, shares(whole, size), seed)


def for_coaching(candidates: Sequence[Candidate], rules: SamplingRules, seed: bytes) -> list[Drawn]:
    """Of each agent as many as the tenure wants."""
    agents = _grouped(candidates, lambda one: one.agent, rules)
    return _drawn(agents, {agent: quota(max(one.tenure_days for one in group), rules) for agent, group in agents.items()}, seed)


def quota(tenure_days: int, rules: SamplingRules) -> int:
    return rules.new if tenure_days < rules.new_days else rules.young if tenure_days < rules.young_days else rules.steady


def shares(whole: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of each stratum: by the largest remainders, one of each first; where there are more strata than places, the largest."""
    total = sum(whole.values())
    if size >= total:
        return dict(whole)
    order = sorted(whole, key=lambda name: (-whole[name], name))
    given = dict.fromkeys(order[:size], 1)
    rest = size - len(given)
    wanted = {name: size * whole[name] / total for name in given}
    while rest > 0:
        short = [name for name in given if given[name] < whole[name]]
        best = max(short, key=lambda name: (wanted[name] - given[name], whole[name], name))
        given[best] += 1
        rest -= 1
    return given


def _grouped(candidates: Iterable[Candidate], by, rules: SamplingRules) -> dict[str, list[Candidate]]:  # type: ignore[no-untyped-def]
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        if one.length_s >= rules.shortest_s and one.agent:
            groups[by(one)].append(one)
    return dict(groups)


def _drawn(groups: Mapping[str, Sequence[Candidate]], many: Mapping[str, int], seed: bytes) -> list[Drawn]:
    found = []
    for name in sorted(groups):
        group = sorted(groups[name], key=lambda one: turn(seed, one.id))
        found += [Drawn(one.id, name, len(group)) for one in group[: many.get(name, 0)]]
    return found
