"""Words for breaks: admission, the waiting list, quotas, overruns."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {}
