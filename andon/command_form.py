"""What a command of the command line is made of, and how its values are read. Not the commands (`command.py`)."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from andon.say import Exit
from wallboard.authorise import Role

Said = argparse.Namespace


class Option(NamedTuple):
    names: Sequence[str]
    more: dict[str, object]


def option(*names: str, **more: object) -> Option:
    return Option(names, more)


class Command(NamedTuple):
    """`what` is the sentence of the list, `example` what a person would type. `usage`, `help`: of a command that has its own."""

    what: str
    example: str
    do: Callable[[Said], Exit]
    options: Sequence[Option] = ()
    usage: str | None = None
    help: type[argparse.Action] | None = None


# ---------------------------------------------------------------- values


def whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not least <= int(text[:12]) <= most:
            raise argparse.ArgumentTypeError(f"write a whole number from {least} to {most}")
        return int(text)

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"write a number from {least:g} to {most:g}")
        return value

    return read


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError("write a number of seconds above 0, at most 86400")
    return value


def moment(text: str) -> int:
    """Microseconds UTC."""
    from andon import audit

    since = audit.since(text, datetime.now(UTC))
    if since is None:
        raise argparse.ArgumentTypeError('write "2026-11-24", "2026-11-24 14:00", or how long ago: 90m, 12h, 7d')
    return since


def role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"write one of {', '.join(Role)}") from error
