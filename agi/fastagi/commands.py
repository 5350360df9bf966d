"""The commands to a channel that we use, each as its bytes will be. Pure; the counterpart of `codec.Reply`.

Not which of them are said when (`agi/phone/`). A command that waits for a person says how long it may take, so that the shell
knows silence from patience.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from agi.fastagi.codec import encode
from realtime.words import SECOND, Micros

ANY_KEY: Final = "0123456789*#"


class Command(NamedTuple):
    """`words`: the command and its values, quoted on their way out."""

    words: tuple[str, ...]

    def bytes(self) -> bytes:
        """Raises LocalError for what Asterisk would misread."""
        return encode(*self.words)


def answer() -> Command:
    return Command(("ANSWER",))


def hang_up_after(seconds: int) -> Command:
    """From now on; 0: never. The dialplan's TIMEOUT(absolute), set anew by a gate that is alive."""
    return Command(("SET AUTOHANGUP", str(seconds)))


def set_variable(name: str, value: str) -> Command:
    return Command(("SET VARIABLE", name, value))


def play(sound: str, ended_by: str = "") -> Command:
    """A sound of the channel's language. Its reply's `digit` is the key that ended it."""
    return Command(("STREAM FILE", sound, ended_by))


def say_number(number: int, ended_by: str = "") -> Command:
    return Command(("SAY NUMBER", str(number), ended_by))


def say_time(moment: Micros, zone: str, ended_by: str = "") -> Command:
    """Hour and minute by the clock of `zone`; empty: the PBX's own."""
    return Command(("SAY DATETIME", str(moment // SECOND), ended_by, "IMp", *([zone] if zone else [])))


def get_data(sound: str, digits: int, patience_s: int) -> Command:
    """Plays the sound and takes keys until # or so many; its reply's `result` is what was typed."""
    return Command(("GET DATA", sound, str(patience_s * 1000), str(digits)))
