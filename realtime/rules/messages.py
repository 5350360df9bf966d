"""Messages to an agent, a team, or all screens."""

from __future__ import annotations

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import deny
from realtime.floor import Floor
from realtime.requests import Request


def send(floor: Floor, request: Request, wish: requests.MessageSend, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))


def seen(floor: Floor, request: Request, wish: requests.MessageSeen, moment: Moment) -> Ruling:
    return Ruling(deny("not_yet"))
