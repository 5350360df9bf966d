"""Words for alerts and messages."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {}
