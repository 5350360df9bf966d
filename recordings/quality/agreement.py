"""How far raters agree about the same calls. Pure.

Cohen's kappa falls where nearly all calls pass, however well raters agree (the kappa paradox: p_o 0.85 with pass rates of 90 % and
85 % gives 0.32), so it is never shown alone: with p_o, with Gwet's AC1, which does not fall, and for rare errors with the share of
agreed ones.
Sources: Cohen 1960; Cohen 1968 (weights); Gwet 2008; Krippendorff 2004. Bands after Landis and Koch 1977.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import combinations
from typing import NamedTuple


class Agreement(NamedTuple):
    """`kappa` None: chance alone would agree always, so it says nothing. `positive`: of calls that either failed, the share both failed."""

    calls: int
    p_o: float | None
    kappa: float | None
    ac1: float | None
    positive: float | None


def of_two(pairs: Sequence[tuple[Hashable, Hashable]], failing: Hashable = 0) -> Agreement:
    """Each call with what the one and the other said of it."""
    n = len(pairs)
    if not n:
        return Agreement(0, None, None, None, None)
    p_o = sum(one == other for one, other in pairs) / n
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    words = ones.keys() | others.keys()
    p_e = sum(ones[word] * others[word] for word in words) / n**2
    both, either = sum(one == other == failing for one, other in pairs), sum(failing in pair for pair in pairs)
    shares = [(ones[word] + others[word]) / (2 * n) for word in words]
    p_g = sum(share * (1 - share) for share in shares) / (len(words) - 1) if len(words) > 1 else 0.0
    positive = 2 * both / (both + either) if either else None
    return Agreement(n, p_o, _beyond(p_o, p_e), _beyond(p_o, p_g), positive)


def weighted_kappa(pairs: Sequence[tuple[int, int]], most: int) -> float | None:
    """Of a scale from 0 to `most`, disagreement weighed by its square: one point off is little, four are much."""
    n = len(pairs)
    if not n or most < 1:
        return None
    observed = sum((one - other) ** 2 for one, other in pairs) / n
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(ones[one] * others[other] * (one - other) ** 2 for one in ones for other in others) / n**2
    return 1 - observed / chance if chance else None


def alpha(ratings: Sequence[Sequence[Hashable | None]]) -> float | None:
    """Krippendorff's, of words without order, for any number of raters; each call's ratings, None where somebody did not rate."""
    units = [[value for value in unit if value is not None] for unit in ratings]
    units = [unit for unit in units if len(unit) > 1]
    n = sum(map(len, units))
    if n < 2:
        return None
    observed = sum(2 * sum(one != other for one, other in combinations(unit, 2)) / (len(unit) - 1) for unit in units) / n
    counts = Counter(value for unit in units for value in unit)
    expected = 1 - sum(count * (count - 1) for count in counts.values()) / (n * (n - 1))
    return 1 - observed / expected if expected else None


def band(kappa: float | None) -> str:
    """slight, fair, moderate, substantial, almost_perfect; poor below 0, unknown where it says nothing."""
    if kappa is None:
        return "unknown"
    if kappa < 0:
        return "poor"
    return next((word for least, word in _BANDS if kappa > least), "slight")


_BANDS = ((0.80, "almost_perfect"), (0.60, "substantial"), (0.40, "moderate"), (0.20, "fair"))


def _beyond(observed: float, chance: float) -> float | None:
    return (observed - chance) / (1 - chance) if chance < 1 else None
