"""Thresholds on numbers."""

from __future__ import annotations

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import deny
from realtime.floor import Floor
from realtime.requests import Request
from realtime.saying import Saying
from realtime.words import Micros


def take(floor: Floor, request: Request, wish: requests.AlertTake, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def due(floor: Floor, now: Micros) -> list[Saying]:
    return []
