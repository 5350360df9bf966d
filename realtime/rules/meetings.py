"""Meetings."""

from __future__ import annotations

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import deny
from realtime.floor import Floor
from realtime.requests import Request
from realtime.saying import Ids, Saying
from realtime.words import Micros


def start(floor: Floor, request: Request, wish: requests.MeetingStart, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def stop(floor: Floor, request: Request, wish: requests.MeetingStop, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def due(floor: Floor, now: Micros, ids: Ids) -> list[Saying]:
    return []
