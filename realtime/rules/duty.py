"""Logging in and out."""

from __future__ import annotations

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import deny
from realtime.floor import Floor
from realtime.requests import Request
from realtime.saying import Ids, Saying
from realtime.words import Micros


def log_in(floor: Floor, request: Request, wish: requests.LogIn, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def log_out(floor: Floor, request: Request, wish: requests.LogOut, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def allow_login(floor: Floor, request: Request, wish: requests.LogInAllow, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def here(floor: Floor, request: Request, wish: requests.Here, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def due(floor: Floor, now: Micros, ids: Ids) -> list[Saying]:
    return []
