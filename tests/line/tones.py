"""Who hears whom: each leg of the world hums a tone of its own and keeps what it hears; a tone is found by Goertzel's filter.

The extensions are added to the world's `act` context: `hum440` answers, hums and records what comes from the PBX.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

from tests.lab.pair import Pair
from tests.lab.people import Leg, World
from tests.realtime.backends import until

CUSTOMER, AGENT, SUPERVISOR = 440, 700, 1100
"""Hz; none a multiple of another, so no harmonic is taken for somebody."""
RATE = 8_000
HEARD_S = 1.0
"""So much is listened to, after a first piece in which things change."""
SKIPPED_S = 0.4
LOUD = 0.01
"""Of the whole energy: a tone that is one of three has a third of it, one that is not there a ten-thousandth."""

EXTENSIONS = "[act](+)\n" + "".join(
    f"exten => hum{tone},1,Answer()\n"
    f" same => n,MixMonitor(${{TAKE}}-{tone}.wav,r(${{TAKE}}-heard-{tone}.wav))\n"
    f" same => n,Playtones({tone})\n"
    " same => n,Wait(600)\n"
    for tone in (CUSTOMER, AGENT, SUPERVISOR)
)


async def hum(world: World, take: str, legs: dict[int, Leg]) -> None:
    """All of them from now on, into files of this take."""
    await world.send("Setvar", Variable="TAKE", Value=take)
    for tone, leg in legs.items():
        await world.send("Redirect", Channel=leg.channel, Context="act", Exten=f"hum{tone}", Priority="1")


async def heard(pair: Pair, take: str, listener: int) -> set[int]:
    """The tones in what this one has heard, once there is enough of it."""
    file = pair.world.spool / f"{take}-heard-{listener}.wav"
    wanted = 44 + 2 * int(RATE * (SKIPPED_S + HEARD_S))
    try:
        await until(lambda: file.exists() and file.stat().st_size >= wanted, 20)
    except TimeoutError:
        there = {each.name: each.stat().st_size for each in pair.world.spool.iterdir()}
        raise AssertionError(f"{listener} heard too little of take {take}: {there}") from None
    samples = samples_of(file)
    return {tone for tone in (CUSTOMER, AGENT, SUPERVISOR) if share(samples, tone) > LOUD}


def samples_of(file: Path) -> list[int]:
    """The last second of what is there by now; its header is written when it ends."""
    data = file.read_bytes()[44:]
    data = data[: len(data) // 2 * 2][-2 * int(RATE * HEARD_S) :]
    return list(struct.unpack(f"<{len(data) // 2}h", data))


def share(samples: list[int], tone: int) -> float:
    """How much of the energy is at this frequency (Goertzel), 0 to 1."""
    energy = sum(sample * sample for sample in samples)
    if not energy:
        return 0.0
    factor = 2 * math.cos(2 * math.pi * tone / RATE)
    one = two = 0.0
    for sample in samples:
        one, two = sample + factor * one - two, one
    power = one * one + two * two - factor * one * two
    return power / (energy * len(samples) / 2)
