"""Chance from a seed: one stream for each kind of decision, so that they do not disturb each other.

Not cryptography: the same seed must give the same day, on every machine and Python version.
"""

from __future__ import annotations

from random import Random


def stream(seed: int, name: str) -> Random:
    """The stream of that name."""
    return Random(f"{seed}:{name}")  # noqa: S311 - repeatable on purpose
