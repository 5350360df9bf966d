"""`andon dial show` and `verify`: what was decided, out of history: one dial with what came of it, or all of a span and their signatures.

Not the reading (`realtime/history/dials.py`) and not the words (`dial_lines.py`). Nothing of Andon need run.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from andon.dial_lines import dial_lines
from andon.roles.past import written_history
from andon.roles.work import RoleRefused, keys_of
from andon.say import Exit, complain, say
from andon.settings import Settings
from andon.table import clean
from realtime.dial import signing
from realtime.facts import Fact
from realtime.history.dials import decision, each, followed
from realtime.history.port import Asked, HistoryAway
from realtime.history.store import StoredHistory
from realtime.keys import GATE_KEY
from realtime.outbound import DialDecided
from realtime.view_dial import dial_said
from realtime.words import SECOND, Micros

BAD_SHOWN: Final = 20
NO_HISTORY: Final = "No history is kept: set history.keep_days to more than 0, and what is decided from then on is."
DAY: Final[Micros] = 86_400 * SECOND

T = TypeVar("T")
Good = Callable[[DialDecided], bool | None]


class Tally(msgspec.Struct):
    """How many decisions are as they were signed. `bad_dials`: the first of those that are not."""

    decisions: int = 0
    good: int = 0
    bad: int = 0
    unknown: int = 0
    bad_dials: list[str] = []
    unknown_keys: dict[str, int] = {}


def show(settings: Settings, dial: str, language: str, as_json: bool) -> Exit:
    found = _asked(settings, lambda history: _one(history, dial))
    if found is None:
        return Exit.FAILED
    fact, rest = found
    if fact is None:
        complain("There is no decision of this id in the days that are kept.")
        return Exit.FAILED
    said = dial_said(fact, rest, good_by(settings)(fact))
    if as_json:
        say(msgspec.json.encode(said).decode())
        return Exit.DONE
    for line in dial_lines(said, settings.floor.timezone, language):
        say(line)
    return Exit.DONE


async def _one(history: StoredHistory, dial: str) -> tuple[DialDecided | None, list[Fact]]:
    fact = await decision(history, dial)
    return fact, await followed(history, fact) if fact is not None else []


def verify(settings: Settings, since: Micros, campaign: str, as_json: bool) -> Exit:
    """`since` 0: all that is kept. Exit.FAILED when one was changed."""
    if not (Path(settings.data.dir) / "keys" / GATE_KEY).exists():
        complain(f"The key of the gate is not in {settings.data.dir}; verify on a machine that has it.")
        return Exit.FAILED
    tally = _asked(settings, lambda history: tallied(history, since, campaign, good_by(settings)))
    if tally is None:
        return Exit.FAILED
    if as_json:
        say(msgspec.json.encode(tally).decode())
        return Exit.FAILED if tally.bad else Exit.DONE
    say(f"{tally.decisions:,} decisions: {tally.good:,} good, {tally.bad:,} bad, {tally.unknown:,} signed by a key that is not here.")
    for key, count in sorted(tally.unknown_keys.items()):
        complain(f"{count:,} by {clean(key)}: whoever has that key can verify them, with it in {GATE_KEY}.")
    for dial in tally.bad_dials:
        complain(f"{clean(dial)} is not what the gate wrote down; see andon dial show {clean(dial)}")
    if tally.bad > len(tally.bad_dials):
        complain(f"and {tally.bad - len(tally.bad_dials):,} more.")
    return Exit.FAILED if tally.bad else Exit.DONE


async def tallied(history: StoredHistory, since: Micros, campaign: str, good: Good) -> Tally:
    """A page of decisions in memory at a time."""
    tally, keys = Tally(), Counter[str]()
    reach = await history.reach()
    if reach is None:
        return tally
    asked = Asked(since=max(since, reach.first - DAY), until=reach.last + DAY, kinds=(DialDecided,))
    async for kept in each(history, asked):
        fact = kept.fact
        if not isinstance(fact, DialDecided) or campaign not in ("", fact.campaign):
            continue
        tally.decisions += 1
        match good(fact):
            case True:
                tally.good += 1
            case None:
                tally.unknown += 1
                keys[fact.key[:64] if len(keys) < BAD_SHOWN or fact.key[:64] in keys else "others"] += 1
            case False:
                tally.bad += 1
                if len(tally.bad_dials) < BAD_SHOWN:
                    tally.bad_dials.append(fact.dial)
    tally.unknown_keys = dict(keys)
    return tally


def good_by(settings: Settings) -> Good:
    """None for every one where this machine has no key; it makes none."""
    if not (Path(settings.data.dir) / "keys" / GATE_KEY).exists():
        return lambda _: None
    name, key = keys_of(settings, make=False).signing()
    return lambda fact: signing.good(fact, name, key)


def _asked(settings: Settings, question: Callable[[StoredHistory], Coroutine[Any, Any, T]]) -> T | None:
    """None after it was said why not."""
    try:
        history = written_history(settings)
        if history is None:
            complain(NO_HISTORY)
            return None
        return asyncio.run(_closing(history, question))
    except (HistoryAway, RoleRefused) as error:
        complain(str(error))
        return None


async def _closing(history: StoredHistory, question: Callable[[StoredHistory], Coroutine[Any, Any, T]]) -> T:
    try:
        return await question(history)
    finally:
        await history.close()
