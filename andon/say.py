"""What the command line says to a person: one place that writes to the terminal. Logging is not here (`logs.py`)."""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import TextIO


class Exit(IntEnum):
    """The exit codes of every command, as `andon --help` lists them."""

    DONE = 0
    FAILED = 1
    """It could not be done, or `check` found errors."""
    WRONG = 2
    """The command line or the settings are wrong: trying again without a change is no use."""


def say(text: str = "") -> None:
    """A line of the answer."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """Why there is no answer: one sentence and a next step."""
    _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text + "\n")
    except UnicodeEncodeError:  # a terminal without Chinese still gets the rest
        stream.write(text.encode("ascii", "replace").decode() + "\n")
    stream.flush()
