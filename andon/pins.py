"""PINs, by which an agent logs in at a phone: `DATA/pins.json`, an argon2 hash each; `andon pin`; and the checking, with its brakes.

Not the passwords of people who sign in at pages (`people.py`): a PIN is short and has digits only, so what keeps it is how often
somebody may try. Three things are counted as of passwords (`wallboard/signing.py`), by phone instead of address: what one phone
tries at all, and what all phones together try at one person; a phone at which that person has been right before counts for itself, so
nobody is locked out of his own desk by somebody else's guessing, and at a desk that many share guessing is no faster than elsewhere.
"""

from __future__ import annotations

import getpass
import itertools
import secrets
import sys
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import structlog

from agi.phone.script import Proof
from andon.acts import recorded
from andon.roles.work import now_us
from andon.say import Exit, complain, say
from andon.tokens import date_of, failed
from realtime.words import SECOND, Micros
from wallboard.passwords import Busy, PasswordDesk, hash_of
from wallboard.private_file import PrivateFile, Unreadable
from wallboard.throttle import Throttle

LEAST: Final = 4
MOST: Final = 12
RANDOM: Final = 6
"""Digits of one that is made by chance: at the pace below, guessing it takes five years."""
PINS_KEPT: Final = 20_000
AGENT_MAX: Final = 32

MINUTE: Final[Micros] = 60 * SECOND
FROM_ONE_PHONE: Final = (9, 5 * MINUTE)
"""Three calls with three tries each. A hot desk at the change of shifts has one mistake or two."""
AT_ONE_PERSON: Final = (10, 60 * MINUTE)
"""From all phones together, and again at each where this one was right: 240 a day, so half of all four-digit PINs take three weeks."""
KNOWN_KEPT: Final = 20_000

NOBODY_YET: Final = "Nobody has a PIN yet; give one with andon pin set AGENT."

log = structlog.get_logger()


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    agent: str
    pin: str
    made: Micros


class Pins:
    """Every method raises Unreadable; those that change something OSError and ValueError, too."""

    def __init__(self, data_dir: Path) -> None:
        self._file = PrivateFile(data_dir / "pins.json", Pin, PINS_KEPT, "remove it and give the PINs again")
        self._indexed: list[Pin] | None = None
        self._by_agent: dict[str, Pin] = {}

    def all(self) -> list[Pin]:
        return sorted(self._file.rows(), key=lambda pin: pin.agent)

    def get(self, agent: str) -> Pin | None:
        rows = self._file.rows()
        if rows is not self._indexed:
            self._by_agent = {pin.agent: pin for pin in rows}
            self._indexed = rows
        return self._by_agent.get(agent)

    def set(self, agent: str, hashed: str, now: Micros) -> None:
        fresh = Pin(agent=agent, pin=hashed, made=now)
        self._file.change(lambda pins: [*(pin for pin in pins if pin.agent != agent), fresh])

    def remove(self, agent: str) -> bool:
        found = self.get(agent) is not None
        if found:
            self._file.change(lambda pins: [pin for pin in pins if pin.agent != agent])
        return found


# ------------------------------------------------------------------ checking, for the gate


class PinDesk:
    """What a dialogue's `Prove` is carried out by. One a gate: what it counts is forgotten with its process."""

    def __init__(self, data_dir: Path, clock: Callable[[], Micros]) -> None:
        self._pins = Pins(data_dir)
        self._clock = clock
        self._desk = PasswordDesk()
        self._from_phone = Throttle(*FROM_ONE_PHONE, kept=PINS_KEPT)
        self._at_person = Throttle(*AT_ONE_PERSON, kept=PINS_KEPT)
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def prove(self, agent: str, pin: str, place: str) -> Proof:
        """Each try is counted when it begins, so that many at once gain nothing; who is stopped is not looked at, right or wrong."""
        now = self._clock()
        whom = agent[:AGENT_MAX]
        counted = [(self._from_phone, place), (self._at_person, f"{place} {whom}" if (agent, place) in self._known else whom)]
        if any(throttle.waits(key, now) for throttle, key in counted):
            log.warning("Too many wrong PINs: the next are not looked at for some minutes.", place=place, agent=whom)
            return Proof.STOPPED
        for throttle, key in counted:
            throttle.failed(key, now)
        try:
            kept = self._pins.get(agent)
            right = await self._desk.matches(kept.pin if kept is not None else None, pin[: MOST + 1])
        except (Unreadable, Busy) as fault:
            log.warning(str(fault) or "Very many PINs are looked at in this moment.")
            return Proof.AWAY
        if not right:
            return Proof.WRONG
        for throttle, key in counted:
            throttle.forgive(key)
        self._remember(agent, place)
        return Proof.RIGHT

    def close(self) -> None:
        self._desk.close()

    def _remember(self, agent: str, place: str) -> None:
        self._known.pop((agent, place), None)
        self._known[agent, place] = None
        if len(self._known) > KNOWN_KEPT:
            self._known.popitem(last=False)


# ------------------------------------------------------------------ andon pin


def problem_with(pin: str, agent: str) -> str:
    """Why this is no PIN for this person, in a sentence; empty when it is good."""
    if not pin.isascii() or not pin.isdigit() or not LEAST <= len(pin) <= MOST:
        return f"A PIN has {LEAST} to {MOST} digits and nothing else; a phone has no other keys."
    steps = {int(after) - int(before) for before, after in itertools.pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, -1}:
        return "The PIN repeats one digit or counts; take another one."
    if pin == agent:
        return "The PIN is the staff number; take another one."
    return ""


def agent_problem(agent: str) -> str:
    if not agent.isprintable() or not 1 <= len(agent) <= AGENT_MAX or agent != agent.strip():
        return f"A staff number has 1 to {AGENT_MAX} characters and no blanks around it."
    return ""


def set_pin(data_dir: Path, agent: str, from_stdin: bool, by_chance: bool) -> Exit:
    """A PIN is never an argument: every user of a machine can see the arguments of every process."""
    if problem := agent_problem(agent):
        complain(problem)
        return Exit.WRONG
    pin = _random(agent) if by_chance else _piped() if from_stdin else _typed(agent)
    if pin is None:
        return Exit.FAILED
    if problem := problem_with(pin, agent):
        complain(problem)
        return Exit.FAILED
    hashed = hash_of(pin)
    ended = _recorded(data_dir, "set", agent, lambda pins: pins.set(agent, hashed, now_us()))
    if ended is Exit.DONE:
        if by_chance:
            say(pin)
        complain(f"{agent} logs in by phone with this PIN from now on.")
    return ended


def remove(data_dir: Path, agent: str) -> Exit:
    try:
        if Pins(data_dir).get(agent) is None:
            complain(f"{agent} has no PIN; andon pin list shows who has one.")
            return Exit.FAILED
    except Unreadable as error:
        return failed(error)
    ended = _recorded(data_dir, "remove", agent, lambda pins: pins.remove(agent))
    if ended is Exit.DONE:
        say(f"{agent} cannot log in by phone any more; who is logged in stays so.")
    return ended


def show(data_dir: Path) -> Exit:
    try:
        pins = Pins(data_dir).all()
    except (Unreadable, OSError) as error:
        return failed(error)
    if not pins:
        say(NOBODY_YET)
    for pin in pins:
        say(f"{pin.agent:<12}  since {date_of(pin.made)}")
    return Exit.DONE


def _recorded(data_dir: Path, deed: str, agent: str, change: Callable[[Pins], object]) -> Exit:
    def do() -> Exit:
        try:
            change(Pins(data_dir))
        except (Unreadable, ValueError, OSError) as error:
            return failed(error)
        return Exit.DONE

    return recorded(data_dir, f"pin {deed}", f"agent:{agent}", do)


def _random(agent: str) -> str:
    while problem_with(pin := f"{secrets.randbelow(10**RANDOM):0{RANDOM}}", agent):
        pass
    return pin


def _piped() -> str:
    return sys.stdin.readline(MOST + 2).rstrip("\r\n")


def _typed(agent: str) -> str | None:
    if not sys.stdin.isatty():
        complain("There is no terminal to type a PIN at; pipe one line in with --pin-stdin, or take --random.")
        return None
    pin = getpass.getpass(f"PIN for {agent}: ")
    if getpass.getpass("Again: ") != pin:
        complain("The two are not the same; nothing was changed, run the command again.")
        return None
    return pin
