"""Files as MixMonitor leaves them, for tests: WAV of 16 bits at 8 kHz with a tone, raw mu-law, legs; whole or as a crash leaves them."""

from __future__ import annotations

import math
import struct
from pathlib import Path

RATE = 8000


def tone(seconds: float, pitch: float = 440.0, loud: float = 0.3, seed: int = 0) -> bytes:
    """16-bit samples. `seed`: so that no two files have the same bytes."""
    one = [int(32_767 * loud * math.sin(2 * math.pi * pitch * index / RATE)) for index in range(RATE // 10)]
    samples = (one * (int(seconds * 10) + 1))[: int(seconds * RATE)]
    if samples:
        samples[0] = seed % 30_000
    return struct.pack(f"<{len(samples)}h", *samples)


def wav(samples: bytes, *, open_: bool = False) -> bytes:
    """`open_`: as it is while it is written, or after a crash: no lengths."""
    size = 0 if open_ else len(samples)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16, b"data", size)
    return head + samples


def leave(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
