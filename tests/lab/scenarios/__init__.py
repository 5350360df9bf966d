"""Small scenes played on a pair, one trap each; `capture.py` keeps what AMI said of them.

A scene is a coroutine that takes a `Stage`. It waits for events, never for time, except where a person's own time is
the point (a second on hold). Its docstring is its entry in tests/transcripts/README.md.
"""

from __future__ import annotations

from tests.lab.scenarios import calls, desks, people, queues, transfers
from tests.lab.scenarios.stage import SCENES, Scene, Stage

__all__ = ["SCENES", "Scene", "Stage", "calls", "desks", "people", "queues", "transfers"]
