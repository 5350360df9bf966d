"""A year of recordings, drawn: as many as wanted, spread over 500 agents, 40 queues, 30 campaigns that come and go, and rare outcomes.

Not sealed: no sound, no keys. The same seed gives the same year.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any, Final

from realtime.words import SECOND
from recordings.catalogue.schema import recordings

YEAR: Final = 365 * 86_400 * SECOND
FIRST: Final = 1_764_547_200 * SECOND
"""2025-12-01, UTC."""
AGENTS: Final = [str(1000 + number) for number in range(500)]
QUEUES: Final = [f"hall7/q{number}" for number in range(40)]
CAMPAIGNS: Final = [f"campaign-{number}" for number in range(30)]
OUTCOMES: Final = ["no_interest", "callback", "sold", "refused", "wrong_person", "voicemail", "complaint", "lawyer"]
OUTCOME_SHARES: Final = list(itertools.accumulate([40, 25, 12, 12, 6, 4.9, 0.099, 0.001]))
CLASSES: Final = ["sales", "service", "insurance", "dispute"]
CLASS_SHARES: Final = list(itertools.accumulate([50, 40, 9.99, 0.01]))
CUSTOMERS: Final = 3_000_000
BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"

COLUMNS: Final = [column.name for column in recordings.columns]
KEYS: Final = [column.key for column in recordings.columns]


def drawn(count: int, seed: int = 6) -> Iterator[tuple[Any, ...]]:
    """Lines in the order of the table's columns, oldest first."""
    dice = random.Random(seed)
    usual = {column.key: _default(column) for column in recordings.columns}
    for place in range(1, count + 1):
        began = FIRST + place * (YEAR // count) + dice.randrange(SECOND)
        yield tuple((usual | _line(dice, place, count, began)).values())


def further(count: int, seed: int = 6) -> Iterator[tuple[str, int, int]]:
    """Of `further_agents`: one call in twenty was handed over."""
    for line in drawn(count, seed):
        if line[0] % 20 == 0:
            agents = line[AGENTS_AT].split(",")
            yield agents[1], line[BEGAN_AT], line[0]


AGENTS_AT, BEGAN_AT = KEYS.index("agents"), KEYS.index("began")


def tagged(count: int, seed: int = 7) -> Iterator[tuple[str, int, str, int]]:
    dice = random.Random(seed)
    for place in range(1, count + 1, 200):
        yield "coaching", place, "user:chen", FIRST
        if dice.random() < 0.01:
            yield "training-2026", place, "user:chen", FIRST


def _default(column: Any) -> Any:
    return column.default.arg if column.default is not None else None


def _line(dice: random.Random, place: int, count: int, began: int) -> dict[str, Any]:
    chance = dice.random()
    random_ = dice.getrandbits(100)
    length = int(dice.expovariate(1 / 150_000)) + 800
    return {
        "place": place,
        "began": began,
        "length_ms": length,
        "bytes": length * 32 + 44,
        "container_bytes": length * 32 + 600,
        "keep_until": began + 5 * YEAR,
        "sealed_at": began + length * 1000 + 20 * SECOND,
        "sealed_entry": 2 * place,
        "stored_at": began + length * 1000 + 25 * SECOND,
        "holds": int(place % 9_000 == 0),
        "score": dice.randrange(4_000, 10_000) if place % 50 == 0 else None,
        "sides": 2,
        "silent": 100,
        "peak_db": -12,
        "id": "".join(BASE32[random_ >> shift & 31] for shift in range(0, 100, 5)),
        "state": "kept" if place % 20_000 else "stored",
        "trouble": "silent" if chance < 0.001 else "short" if chance < 0.004 else "",
        "node": "hall7",
        "call": f"{began // SECOND}.{place}",
        "leg": f"{began // SECOND}.{place + 1}",
        **_call(dice, place, count, chance < 0.7),
        "outcome": dice.choices(OUTCOMES, cum_weights=OUTCOME_SHARES)[0],
        "dial": f"{began:x}-{place:x}" if chance < 0.7 else "",
        "number": f"{(dice.randrange(CUSTOMERS) * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128):032x}",
        "number_cipher": random_.to_bytes(13, "big") * 2,
        "number_month": "2026-03",
        "format": "wav",
        "sha256": random_.to_bytes(16, "big") * 2,
        "container": random_.to_bytes(16, "little") * 2,
        "derived": "opus,peaks",
        "class_": dice.choices(CLASSES, cum_weights=CLASS_SHARES)[0],
        "kept_by": "tsr-5y",
    }


def _call(dice: random.Random, place: int, count: int, outbound: bool) -> dict[str, Any]:
    """Who, where: a campaign is called for six weeks; one call in twenty is handed over."""
    agent = AGENTS[int(500 * dice.random() ** 1.3)]
    return {
        "direction": "outbound" if outbound else "inbound",
        "agent": agent,
        "agents": f"{agent},{AGENTS[dice.randrange(500)]}" if place % 20 == 0 else agent,
        "queue": "" if outbound else QUEUES[int(40 * dice.random() ** 2)],
        "campaign": CAMPAIGNS[(place * 30 // count + dice.randrange(3)) % 30] if outbound else "",
        "client": "bank" if outbound else "",
    }
