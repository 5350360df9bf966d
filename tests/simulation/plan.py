"""What goes wrong on one day: parameters, drawn from the seed or written down by a test."""

from __future__ import annotations

from dataclasses import dataclass, fields
from random import Random


@dataclass(frozen=True, slots=True)
class Plan:
    """All zero: a good day. Rates are by the hour, shares are of events."""

    seed: int = 0
    minutes: int = 40
    agents: int = 12
    rate: float = 1.0
    cuts: float = 0
    stalls: float = 0
    restarts: float = 0
    kills: float = 0
    """Of the PBX: a clean restart says good-bye, a killed one says nothing."""
    adapter_kills: float = 0
    log_outages: float = 0
    log_restarts: float = 0
    """After each, the adapter appends its last seconds again."""
    room: int = 100_000
    """Facts that the outbox holds while the log is away."""
    duplicated: float = 0
    swapped: float = 0
    lag_s: float = 0
    """Bytes may be read this late."""
    skew_s: float = 0
    """Our clock before the PBX's (behind it when negative)."""
    queue_log: bool = True
    stamped: bool = True
    """timestampevents in manager.conf."""

    @property
    def faultless(self) -> bool:
        return not (self.link_faults or self.duplicated or self.swapped or self.lag_s or self.skew_s or not self.stamped)

    @property
    def link_faults(self) -> bool:
        """Something may go unseen."""
        unseen = self.cuts or self.stalls or self.restarts or self.kills or self.adapter_kills
        return bool(unseen or (self.log_outages and self.room < 50_000))

    @property
    def pbx_faults(self) -> bool:
        return bool(self.restarts or self.kills)

    def __str__(self) -> str:
        plain = Plan()
        said = [f"{each.name}={getattr(self, each.name)!r}" for each in fields(self)]
        return ", ".join(text for text in said if text not in [f"{each.name}={getattr(plain, each.name)!r}" for each in fields(self)])


def plan_of(seed: int) -> Plan:
    """Most faults are absent on most days, or no day would show one of them alone."""
    chance = Random(f"{seed} plan")

    def maybe(share: float, *values: float) -> float:
        return chance.choice(values) if chance.random() < share else 0

    lag_s = maybe(0.3, 0.3, 2.0)
    return Plan(
        seed=seed,
        minutes=chance.choice((20, 40, 60)),
        agents=chance.choice((6, 12, 20)),
        rate=chance.choice((0.7, 1.0, 1.5)),
        cuts=maybe(0.4, 3, 12, 60),
        stalls=maybe(0.2, 3, 12),
        restarts=maybe(0.2, 2, 6),
        kills=maybe(0.2, 2, 6),
        adapter_kills=maybe(0.3, 3, 12),
        log_outages=maybe(0.3, 3, 12),
        log_restarts=maybe(0.3, 6),
        room=chance.choice((100_000, 100_000, 1_000, 300)),
        duplicated=maybe(0.3, 0.01, 0.2),
        swapped=maybe(0.3, 0.01, 0.2),
        lag_s=lag_s,
        skew_s=maybe(0.2, -7200, -5, 0.7, 5, 7200),
        queue_log=chance.random() < 0.6,
        stamped=chance.random() < 0.85 or bool(lag_s),  # what is dated by its reading must be read at once
    )
