"""What the PBX says of itself: booted, reloaded, going down.

Not the syncing that follows (`agi/sync.py`); here it is only noted that one is needed.
"""

from __future__ import annotations

from agi.translate.tracker import Tracker
from realtime.words import Micros

QUEUE_MODULES = ("app_queue", "all", "")
"""A reload of these changes members without any event (asterisk.md 2.2)."""


def reload(tracker: Tracker, at: Micros, module: str) -> None:
    if module.lower().removesuffix(".so") in QUEUE_MODULES:
        tracker.resync_wanted = "reloaded"


def fully_booted(tracker: Tracker, at: Micros) -> None:
    """Says nothing of the floor: the syncing waits for it (`agi/sync.py`)."""


def shutdown(tracker: Tracker, at: Micros) -> None:
    """Nothing to do: the link goes, and the next snapshot shows another start."""
