"""Passwords: what a good one is, how one is kept (argon2id), and checking one without stopping the screens.

Not who has which (`people.py`) and not how often somebody may try (`signing.py`). Hashing is slow on purpose, so it runs in
two threads of its own: the screens' loop goes on, and a crowd at the door takes two cores at most. A name that nobody has
costs the same time as one with a wrong password.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_CHARACTERS: Final = 10
MOST_CHARACTERS: Final = 200
"""A sentence fits; more would only be work for the hash."""

AT_A_TIME: Final = 2
"""Checks at a time, each 32 MiB and about 70 ms: a shift of 300 is in within 15 s."""
WAITING_MAX: Final = 100
"""Who comes after so many is told to come again: about four seconds' work."""

_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
"""Above OWASP's least (19 MiB, 2 passes), and one lane, so that one sign-in takes one core."""
NOBODYS: Final = "$argon2id$v=19$m=32768,t=3,p=1$Ckz93Yuh5ViMyTPxcpbNxg$GA6FZibut8V2nDIARZxwYPp9pNbE+rI0xVDDE0MJs6o"
"""Of random bytes that were thrown away, with the parameters above. Written down, so that no process makes one when it starts, nor at
the first unknown name, which would then take longer than a known one."""


def problem_with(password: str, name: str) -> str:
    """Why this is no password for this person, in a sentence; empty when it is good."""
    if len(password) < LEAST_CHARACTERS:
        return f"A password has at least {LEAST_CHARACTERS} characters; three or four words make a good one."
    if len(password) > MOST_CHARACTERS:
        return f"A password has at most {MOST_CHARACTERS} characters; take a shorter one."
    if password.casefold() == name.casefold():
        return "The password is the name; take another one."
    if len(set(password)) < 4:
        return "The password repeats very few characters; take another one."
    return ""


def hash_of(password: str) -> str:
    """Takes about 70 ms and 32 MiB."""
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """As slow for nobody (None) as for somebody."""
    try:
        return _HASHER.verify(kept or NOBODYS, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """It was made with weaker parameters than today's; a right password is the moment to make it anew."""
    return _HASHER.check_needs_rehash(kept)


class Busy(Exception):
    """Too many people sign in at this moment."""


class PasswordDesk:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_A_TIME, "andon-password")
        self._waiting = 0

    async def matches(self, kept: str | None, password: str) -> bool:
        """Raises Busy."""
        if self._waiting >= WAITING_MAX:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, matches, kept, password[: MOST_CHARACTERS + 1])
        finally:
            self._waiting -= 1

    async def hash_of(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, hash_of, password)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
