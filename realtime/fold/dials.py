"""Dials in flight and what campaigns' meters count of them."""

from __future__ import annotations

from typing import Any

from realtime.changes import Changes
from realtime.floor import Floor


def dial_decided(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def dial_abandoned(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def dial_ended(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def result_coded(floor: Floor, fact: Any, changes: Changes) -> None:
    return
