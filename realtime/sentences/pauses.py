"""Words for pauses: leases, and pauses that nobody granted."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {}
