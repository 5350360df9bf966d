"""Breaks: asking, taking, coming back, and what time makes of them."""

from __future__ import annotations

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import deny
from realtime.floor import Floor
from realtime.requests import Request
from realtime.saying import Saying
from realtime.words import Micros


def ask(floor: Floor, request: Request, wish: requests.BreakAsk, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def withdraw(floor: Floor, request: Request, wish: requests.BreakWithdraw, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def take(floor: Floor, request: Request, wish: requests.BreakTake, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def back(floor: Floor, request: Request, wish: requests.BreakBack, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def grant(floor: Floor, request: Request, wish: requests.BreakGrant, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def due(floor: Floor, now: Micros) -> list[Saying]:
    return []
