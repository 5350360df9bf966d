"""A recording as a file for somebody outside: WAV of what was captured, with a watermark that names who took it, when and why.

Not the log of it (`listening.py`: an export is an access) and not who may. The mark is in the file's metadata and not in the sound, so the
sound stays evidence; `andon recordings prove` has the hash of the bytes as captured.
"""

from __future__ import annotations

from datetime import UTC, datetime

from realtime.words import SECOND, Micros
from recordings.sealing_sound import frames_of_original
from recordings.sound.frames import Stored
from recordings.sound.wave import WavView


def mark_of(floor: str, recording: str, who: str, why: str, sha256: bytes, entry: int, now: Micros) -> str:
    """One line. `sha256`: of the bytes as captured; `entry`: of this export in the log."""
    at = datetime.fromtimestamp(now / SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"Andon {floor}; recording {recording}; sha256 {sha256.hex()}; exported {at} by {who}; log entry {entry}; {why}"


def as_wav(original: Stored, format_: str, mark: str) -> WavView:
    """Raises UnreadableSound, TooLong."""
    return WavView(frames_of_original(original, format_), mark=mark)
