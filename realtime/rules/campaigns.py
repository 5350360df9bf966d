"""A campaign's steps, stops, items and statements: who may, with what evidence, and the second person."""

from __future__ import annotations

from typing import Any

from realtime.control.ruling import Moment, Ruling
from realtime.decision import deny
from realtime.floor import Floor
from realtime.requests import Request
from realtime.saying import Ids, Saying
from realtime.words import Micros


def step(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def stop(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def resume(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def withdraw(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def keep_item(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def keep_complaint(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def confirm(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def due(floor: Floor, now: Micros, ids: Ids) -> list[Saying]:
    return []
