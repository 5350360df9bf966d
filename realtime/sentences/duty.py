"""Words for duty: logging in and out, shifts, queues."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {}
