"""Requests not to be called, consents, and lists that are announced."""

from __future__ import annotations

from typing import Any

from realtime.control.ruling import Moment, Ruling
from realtime.decision import deny
from realtime.floor import Floor
from realtime.requests import Request


def block(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def unblock(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def keep_consent(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def revoke(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))


def announce(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))
