"""The queueing models: how a queue with so many agents does, and how many it can spare. Pure arithmetic, stable, without factorials.

Not where the numbers come from (`load.py`). Erlang C lets nobody hang up, so it is the careful one; Erlang A (M/M/n+M) knows how
long callers are patient. Sources: A. K. Erlang's B and C by the recursions of Angus, *An introduction to Erlang B and Erlang C*
(2001); Palm (1957) and Garnett, Mandelbaum and Reiman, *Designing a call center with impatient customers* (2002) for A. Held
against published tables and an event simulation in `tests/realtime/rules/test_erlang.py`. Both suppose calls that come by chance,
agents who are alike, and a steady state, which is reached within minutes; of who waits at this moment they know nothing.

Rates are calls a second, times are seconds. What is asked again and again is kept (`KEPT`): the same numbers give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import repeat
from math import exp, expm1, log
from typing import NamedTuple

KEPT = 8192
"""Answers that are kept: a floor of 100 queues asks some ten a queue, whenever its rounded numbers move."""
NOTHING, PLENTY = 1e-18, 1e250
"""Below what a sum can feel, and above what a ratio of two states can mean: then nobody ever waits."""
SCALE = 1e200
"""A state of an overloaded queue may be likelier than the full one by more than a float holds; all of them are scaled down then."""
CLOSE = 1e-13
"""The part of the queue's states that may be left out."""


class Service(NamedTuple):
    """How it goes, as parts of all calls that come. What is answered and given up in time is by the target seconds."""

    waits: float = 0.0
    abandons: float = 0.0
    answered_in: float = 1.0
    abandoned_in: float = 0.0
    late: float = 0.0  # still waiting at the target
    queue: float = 0.0  # callers waiting, on average
    occupancy: float = 0.0

    @property
    def level(self) -> float:
        """`sl_excl_ab_in_t`, the variant that the wall shows: who gave up in time counts neither way."""
        return self.answered_in / (1 - self.abandoned_in) if self.abandoned_in < 1 else 0.0


NO_CALLS = Service()


def erlang_b(agents: int, load: float) -> float:
    """The part of calls that find nobody free and go. `load` is in erlangs: rate by handling time."""
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def erlang_c(agents: int, load: float) -> float:
    """The part of calls that wait, where nobody ever goes."""
    if load <= 0:
        return 0.0
    if agents <= load:
        return 1.0
    blocked = erlang_b(agents, load)
    return agents * blocked / (agents - load * (1 - blocked))


def asa_c(rate: float, handling: float, agents: int) -> float:
    """Average speed of answer by Erlang C; without end where more comes than is handled."""
    load = rate * handling
    return erlang_c(agents, load) * handling / (agents - load) if agents > load else float("inf")


@lru_cache(KEPT)
def patient(rate: float, handling: float, agents: int, target: float) -> Service:
    """By Erlang C. With no more agents than erlangs the queue grows without end: none is answered in time."""
    load = rate * handling
    if load <= 0:
        return NO_CALLS
    if agents <= load:
        return Service(waits=1.0, answered_in=0.0, late=1.0, queue=float("inf"), occupancy=1.0)
    waits = erlang_c(agents, load)
    late = waits * exp(-(agents - load) * target / handling)
    return Service(waits, 0.0, 1 - late, 0.0, late, waits * load / (agents - load), load / agents)


@lru_cache(KEPT)
def impatient(rate: float, handling: float, patience: float, agents: int, target: float) -> Service:
    """By Erlang A: who waits gives up at the rate 1/patience.

    The states are walked from the full one, p(n) = 1: down, where somebody is free, and up, where j callers wait. Who comes
    and finds j waiting would wait a sum of j + 1 exponential times; with c = agents * patience / handling and
    x = e^(-target/patience) that is longer than the target with the probability I_x(c, j+1), the regularised incomplete beta.
    """
    if rate <= 0:
        return NO_CALLS
    if agents <= 0:
        stay = exp(-target / patience)
        return Service(1.0, 1.0, 0.0, 1 - stay, stay, rate * patience, 0.0)
    load, c = rate * handling, agents * patience / handling
    free = free_states(agents, load)
    if free > PLENTY:
        return NO_CALLS._replace(occupancy=load / agents)
    stay = exp(-target / patience)
    longer, longer_served = beta(-target / patience, c), beta(-target / patience, c + 1)
    state, full, waiting, answered, lost, late, ahead = 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0
    while True:
        served = c / (c + ahead + 1)  # the chance that this one stays until it is answered
        full += state
        waiting += state * ahead
        answered += state * served * (1 - next(longer_served))
        lost += state * (1 - served)
        late += state * stay * next(longer)
        ahead += 1
        ratio = rate / (agents / handling + ahead / patience)
        state *= ratio
        if ratio < 1 and state < CLOSE * full * (1 - ratio):
            break
        if state > SCALE:
            state, full, waiting, answered, lost, late, free = (each / SCALE for each in (state, full, waiting, answered, lost, late, free))
    whole = free + full
    answered_in, after, gone = (free + answered) / whole, late / whole, lost / whole
    abandoned_in = max(0.0, 1 - after - answered_in)
    return Service(full / whole, gone, answered_in, abandoned_in, after, waiting / whole, load * (1 - gone) / agents)


def free_states(agents: int, load: float) -> float:
    """How likely it is that somebody is free, against the state in which all talk and nobody waits."""
    state, total = 1.0, 0.0
    for talking in range(agents, 0, -1):
        state *= talking / load
        total += state
        if state < NOTHING * total or state > PLENTY:
            break
    return total


def beta(log_x: float, c: float) -> Iterator[float]:
    """I_x(c, 1), I_x(c, 2), ...: sums of t(0) = x^c, t(k+1) = t(k) (1-x) (c+k) / (k+1), all positive; kept as logarithms."""
    if log_x >= 0:
        yield from repeat(1.0)
    term, more, total, number = c * log_x, log(-expm1(log_x)), 0.0, 0
    while True:
        total += exp(term)
        yield min(1.0, total)
        term += more + log((c + number) / (number + 1))
        number += 1


def served(rate: float, handling: float, patience: float, agents: int, target: float) -> Service:
    """By Erlang A where patience is known, else (0) by Erlang C."""
    return impatient(rate, handling, patience, agents, target) if patience > 0 else patient(rate, handling, agents, target)


class Wanted(NamedTuple):
    """What must hold with whoever is left."""

    level: float = 0.8
    occupancy: float = 0.88
    least: int = 1

    def by(self, service: Service, agents: int) -> bool:
        return agents >= self.least and service.level >= self.level and service.occupancy <= self.occupancy


@lru_cache(KEPT)
def spare(rate: float, handling: float, patience: float, agents: int, target: float, wanted: Wanted) -> int:
    """K(n): how many of these agents may go so that the rest keep what is wanted. More agents never do worse, so it is bisected."""
    if agents < 1 or not wanted.by(served(rate, handling, patience, agents, target), agents):
        return 0
    too_few, enough = max(0, wanted.least - 1), agents
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if wanted.by(served(rate, handling, patience, middle, target), middle):
            enough = middle
        else:
            too_few = middle
    return agents - enough
