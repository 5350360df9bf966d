"""Campaigns' states, steps and items, the stop of all, and the newest lists."""

from __future__ import annotations

from typing import Any

from realtime.changes import Changes
from realtime.floor import Floor


def nothing(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def list_announced(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def step_proposed(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def step_dropped(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def campaign_moved(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def dialling_stopped(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def stop_measured(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def item_kept(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def complaint_kept(floor: Floor, fact: Any, changes: Changes) -> None:
    return


def statement_confirmed(floor: Floor, fact: Any, changes: Changes) -> None:
    return
