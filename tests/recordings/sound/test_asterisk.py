"""What a real Asterisk writes: every format that is read here, both legs of it, and what its death leaves."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import numpy as np
import pytest

from andon import voices
from recordings.sound.frames import frames_of
from recordings.sound.header import Odd
from recordings.sound.look import Look, look
from recordings.words import Trouble
from tests.lab import need
from tests.lab.pair import Pair
from tests.recordings.sound.making import db, heard, joined, side_by_side

pytestmark = pytest.mark.asterisk

FORMATS = {"wav": "wav", "WAV": "wav49", "gsm": "gsm", "ulaw": "ulaw", "alaw": "alaw", "sln": "sln", "wav16": "wav", "sln16": "sln16"}
MODULES = "load => format_wav_gsm.so\n"
SECONDS = 5.0


def dialplan(home: str) -> str:
    monitors = "".join(f" same => n,MixMonitor(mixed.{suffix})\n" for suffix in FORMATS)
    return f"""
[voices]
exten => says,1,Answer()
 same => n,Playback({home}/customer)
 same => n,Wait(60)
exten => hears,1,Answer()
{monitors} same => n,MixMonitor(,r(leg-rx.wav)t(leg-tx.wav))
 same => n,Playback({home}/agent)
 same => n,Wait(0.5)
 same => n,Hangup()
exten => dies,1,Answer()
 same => n,MixMonitor(dead.wav)
 same => n,Playback({home}/agent)
 same => n,Wait(60)
"""


async def call(pair: Pair, extension: str) -> None:
    ami = await pair.pbx.ami()
    try:
        await ami.send("Originate", Channel="Local/says@voices/n", Context="voices", Exten=extension, Priority="1", Async="true")
    finally:
        await ami.close()


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else -1


async def until_still(paths: list[Path], least: int) -> None:
    """Until each file is there, is larger than `least`, and, being closed, no longer changes."""
    async with asyncio.timeout(60):
        before: list[int] = []
        while True:
            sizes = [size_of(path) for path in paths]
            if min(sizes) > least and sizes == before:
                return
            before = sizes
            await asyncio.sleep(1.0)  # a channel that still records grows by 50 frames in this time


async def until_talking(path: Path) -> None:
    """Asterisk writes 32 KiB at a time: two seconds of sound."""
    async with asyncio.timeout(60):
        while size_of(path) < 9_000:  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.05)


def looked(path: Path) -> Look:
    with path.open("rb") as file:
        return look(file, path.name)


async def test_what_a_real_asterisk_writes_and_leaves() -> None:
    need.tree("sid")
    rx, tx = voices.conversation(41, SECONDS)
    async with Pair.open("sid", extra_pbx={"modules.conf": MODULES, "extensions.conf": dialplan("/tmp/voices")}) as pair:
        plan = pair.pbx.home / "etc/extensions.conf"
        plan.write_text(plan.read_text().replace("/tmp/voices", f"{pair.pbx.site.home}/spool/tmp"))
        voices.write_leg(pair.pbx.home / "spool/tmp/customer.sln", rx)
        voices.write_leg(pair.pbx.home / "spool/tmp/agent.sln", tx)
        await pair.reload("pbx_config.so")
        await call(pair, "hears")
        mixed = {suffix: pair.spool / f"mixed.{suffix}" for suffix in FORMATS}
        legs = [pair.spool / "leg-rx.wav", pair.spool / "leg-tx.wav"]
        await until_still([*mixed.values(), *legs], 6_000)
        for suffix, path in mixed.items():
            _is_the_call(path, FORMATS[suffix])
        _legs_join(legs)
        await call(pair, "dies")
        dead = pair.spool / "dead.wav"
        await until_talking(dead)
        await pair.kill_pbx()
        found = looked(dead)
        assert found.odd >= {Odd.ZERO_SIZE}
        assert found.troubles == {Trouble.REPAIRED}
        assert found.sound.length_ms > 500


def _is_the_call(path: Path, format: str) -> None:
    found = looked(path)
    assert found.odd == frozenset(), path
    assert found.troubles == frozenset(), path
    assert found.sound.format == format
    assert found.sound.rate == (16_000 if path.suffix.endswith("16") else 8_000)
    assert found.sound.length_ms == pytest.approx(SECONDS * 1_000 + 500, abs=1_500)
    assert found.sound.peak_db > -20


def _legs_join(legs: list[Path]) -> None:
    rx, tx = ((path.read_bytes(), path.name) for path in legs)
    raw, frames = joined(rx, tx), side_by_side(rx, tx)
    lengths = [frames_of(io.BytesIO(data), name).frames for data, name in (rx, tx)]
    assert frames.frames - min(lengths) < 8_000
    both = heard(raw)
    turns = voices.turns(41, SECONDS)
    for turn in turns:
        there = slice(turn.begin + 3_000, turn.end - 1_000)
        if there.stop - there.start > 4_000:
            assert db(both[there, turn.who]) > db(both[there, 1 - turn.who]) + 20
    mono = frames_of(io.BytesIO(raw)).read(0, frames.frames)
    assert np.array_equal(mono, both)
