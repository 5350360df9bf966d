"""What a share of a few contacts says, and how many are needed. Pure.

Sources: Wilson 1927 for the interval of a share; Cochran, Sampling Techniques, for the size with the finite population and for strata.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from statistics import NormalDist
from typing import NamedTuple


class Interval(NamedTuple):
    share: float
    low: float
    high: float


class Stratum(NamedTuple):
    """`whole`: contacts in it; `drawn` of them scored, `passed` of those passed."""

    whole: int
    drawn: int
    passed: int


def z_of(confidence: float) -> float:
    """Two-sided: 0.95 gives 1.96."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(passed: int, drawn: int, confidence: float = 0.95) -> Interval | None:
    """None of nothing."""
    if drawn <= 0:
        return None
    z, p = z_of(confidence), passed / drawn
    middle = (p + z * z / (2 * drawn)) / (1 + z * z / drawn)
    half = z * sqrt(p * (1 - p) / drawn + z * z / (4 * drawn * drawn)) / (1 + z * z / drawn)
    return Interval(p, max(0.0, middle - half), min(1.0, middle + half))


def needed(confidence: float, margin: float, whole: int | None = None, share: float = 0.5) -> int:
    """Contacts to be scored; `whole` None: very many. A share of one half is the careful guess."""
    z = z_of(confidence)
    n0 = z * z * share * (1 - share) / (margin * margin)
    if whole is None:
        return ceil(n0)
    return min(whole, ceil(n0 / (1 + (n0 - 1) / whole))) if whole > 0 else 0


def covered(strata: Sequence[Stratum]) -> float | None:
    """Which part of the whole the strata with a scored contact are: what the estimate is of. None of nothing."""
    whole = sum(each.whole for each in strata)
    return sum(each.whole for each in strata if each.drawn > 0) / whole if whole else None


def estimate(strata: Sequence[Stratum], confidence: float = 0.95) -> Interval | None:
    """Of the whole operation: each stratum by its weight, so that one drawn more often does not count more. Strata without a scored
    contact say nothing, and the others stand for them. Where there is but one stratum it is Wilson's interval."""
    told = [each for each in strata if each.drawn > 0]
    whole = sum(each.whole for each in told)
    if not whole:
        return None
    if len(told) == 1:
        return wilson(told[0].passed, told[0].drawn, confidence)
    share = variance = 0.0
    for each in told:
        weight = each.whole / whole
        p = (each.passed + 1) / (each.drawn + 2)  # a stratum of two that passed is not certain (Agresti and Coull's remedy)
        share += weight * each.passed / each.drawn
        rest = 1 - each.drawn / each.whole if each.whole > each.drawn else 0.0
        variance += weight * weight * rest * p * (1 - p) / each.drawn
    half = z_of(confidence) * sqrt(variance)
    return Interval(share, max(0.0, share - half), min(1.0, share + half))
