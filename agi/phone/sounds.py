"""What is heard, as commands: only sounds of Asterisk's core set (every release from 16 on has them, in each of its languages).

A tone first, because it is understood at once and in every language: rising, it is done; falling, it is refused; one beep, you
wait; the low one, something is wrong with Andon. Then the words that there are. Not when they are said (`dialogues.py`). A sound
that a PBX lacks is passed over by Asterisk (it plays nothing), and the tone before it has said the most.
"""

from __future__ import annotations

from typing import Final

from agi.fastagi.commands import Command, play, say_number, say_time
from agi.phone.codes import number_of
from realtime.decision import Finding
from realtime.words import SECOND, Micros

DONE: Final = "ascending-2tone"
REFUSED: Final = "descending-2tone"
WAITS: Final = "beep"
FAULT: Final = "beeperr"
ASK_NUMBER: Final = "agent-user"  # Agent login. Please enter your agent number followed by the pound key.
ASK_AGAIN: Final = "agent-incorrect"  # Login incorrect. Please enter your agent number ...
ASK_PIN: Final = "agent-pass"  # Please enter your password followed by the pound key.
ASK_PIN_AGAIN: Final = "auth-incorrect"  # Password incorrect. Please enter your password ...
LOGGED_IN: Final = "agent-loginok"
LOGGED_OUT: Final = "agent-loggedoff"
MOMENT: Final = "one-moment-please"
CANCELLED: Final = "cancelled"
THANKS: Final = "auth-thankyou"
SORRY: Final = "im-sorry"
TRY_AGAIN: Final = "please-try-again"
GOODBYE: Final = "vm-goodbye"
NUMBER: Final = "number"
PRESS: Final = "vm-press"
ONE: Final = "digits/1"
AT: Final = "digits/at"
MINUTES: Final = "minutes"
MINUTE: Final = "minute"
USED: Final = (
    DONE, REFUSED, WAITS, FAULT, ASK_NUMBER, ASK_AGAIN, ASK_PIN, ASK_PIN_AGAIN, LOGGED_IN, LOGGED_OUT, MOMENT, CANCELLED, THANKS,
    SORRY, TRY_AGAIN, GOODBYE, NUMBER, AT, MINUTES, MINUTE,
    PRESS, ONE,
)  # fmt: skip
"""All of them: a test holds these against what a real Asterisk has."""
DAY: Final[Micros] = 24 * 3600 * SECOND


def minutes(length: Micros) -> list[Command]:
    """Whole ones, the nearest: a break of fifteen began a moment ago. Nothing for less than half of one."""
    whole = (length + 30 * SECOND) // (60 * SECOND)
    return [say_number(whole), play(MINUTE if whole == 1 else MINUTES)] if whole > 0 else []


def clock(moment: Micros, now: Micros, zone: str) -> list[Command]:
    """`at two forty p m`; nothing where nobody can say, or only for another day."""
    return [play(AT), say_time(moment, zone)] if now < moment < now + DAY else []


def begun(length: Micros, paused: bool) -> list[Command]:
    """It has begun: rising tones, fifteen minutes. Not paused on the PBX yet, so a call may still ring: one moment please."""
    return [play(DONE), *([] if paused else [play(MOMENT)]), *minutes(length)]


def after_the_call(length: Micros) -> list[Command]:
    """It begins when call and wrap-up are over: rising tones, one moment please, fifteen minutes."""
    return [play(DONE), play(MOMENT), *minutes(length)]


def waits(place: int, eta: Micros, now: Micros, zone: str) -> list[Command]:
    """On the waiting list: a beep, number three, at two forty p m."""
    at = clock(eta, now, zone)
    return [play(WAITS), *([play(NUMBER), say_number(place)] if place > 0 else []), *at]


def silenced(length: Micros, silent: bool) -> list[Command]:
    """Nothing is recorded now: rising tones, three minutes. Not silent yet: one beep, one moment please, and the page says when."""
    return [play(DONE), *minutes(length)] if silent else [play(WAITS), play(MOMENT)]


def refused(reason: Finding, now: Micros, zone: str) -> list[Command]:
    """Falling tones, I'm sorry, number three (docs/phone.md says what that is), at two forty p m where it would be yes by then."""
    return [play(REFUSED), play(SORRY), play(NUMBER), say_number(number_of(reason)), *clock(reason.until, now, zone)]


def fault() -> list[Command]:
    """Andon cannot answer now: the low tone, please try again."""
    return [play(FAULT), play(TRY_AGAIN)]
