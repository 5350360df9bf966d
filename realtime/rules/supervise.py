"""What supervisors order, and its undoing."""

from __future__ import annotations

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import deny
from realtime.floor import Floor
from realtime.requests import Request


def force_pause(floor: Floor, request: Request, wish: requests.PauseForce, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def force_ready(floor: Floor, request: Request, wish: requests.ReadyForce, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def force_logout(floor: Floor, request: Request, wish: requests.LogOutForce, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def hang_up(floor: Floor, request: Request, wish: requests.CallHangUp, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def spy(floor: Floor, request: Request, wish: requests.CallSpy, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def take_over(floor: Floor, request: Request, wish: requests.CallTakeOver, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def move(floor: Floor, request: Request, wish: requests.QueueMove, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def undo(floor: Floor, request: Request, wish: requests.Undo, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))
