"""Signing in: a token, or a name and a password, becomes a session. Who may try how often is said here.

Not the cookie (`cookies.py`) and not the route (`session_handlers.py`). Guessing passwords must be slow, and nobody may be
locked out by somebody else's guessing. So three things are counted: what one address tries at one name, what one address
tries at all, and what all addresses together try at one name. The last does not stop an address from which that name has
signed in before: an attack from elsewhere costs its victim nothing. Who is stopped is not even checked, right or wrong;
else a stopped guesser would still learn when he is right.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from realtime.words import SECOND, Micros
from wallboard.authorise import Role
from wallboard.door import Door, Visitor
from wallboard.passwords import Busy, PasswordDesk, is_outdated
from wallboard.people import NAME_MAX, People, Person, key_of
from wallboard.proxies import place_of
from wallboard.refusals import Refusal
from wallboard.sessions import Life, Sessions
from wallboard.throttle import Throttle

MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE
DAY: Micros = 24 * HOUR

KEYS_KEPT = 10_000
"""As many as there may be people."""
KNOWN_FOR: Micros = 30 * DAY
"""Longer than a holiday."""


WITHDRAWN = Refusal(401, "session_ended", "The right to sign in was withdrawn in this moment; ask your administrator.")


class Lives(NamedTuple):
    """How long a person's session is good (`[board] session_hours`, `session_idle_minutes`)."""

    longest: Micros
    idle: Micros


class Begun(NamedTuple):
    """A session that has begun: what the browser keeps, and whose it is."""

    secret: str
    visitor: Visitor


class SigningIn:
    def __init__(self, door: Door, people: People, sessions: Sessions, lives: Lives, clock: Callable[[], Micros]) -> None:
        self._door = door
        self._people = people
        self._sessions = sessions
        self._lives = lives
        self._clock = clock
        self._desk = PasswordDesk()
        self._guesses = Guesses()

    def check_token(self, secret: str, address: str) -> Visitor | Refusal:
        """Raises Unreadable."""
        return self._door.by_token(secret, address)

    async def check_password(self, name: str, password: str, address: str) -> Person | Refusal:
        """The same answer, after the same time, for a wrong name, a wrong password and one who may not come. Raises Unreadable."""
        if wait_s := self._guesses.begin(name, address, self._clock()):
            message = f"Too many wrong passwords; try again in {wait_s} seconds. A token signs in at any time."
            return Refusal(429, "too_many_attempts", message, retry_after_s=wait_s)
        person = self._people.get(name)
        try:
            right = await self._desk.matches(person.password if person else None, password)
        except Busy:
            return Refusal(503, "busy", "Very many people sign in at this moment; try again in some seconds.", retry_after_s=5)
        now = self._people.get(name)  # it may have changed while we hashed
        if not right or person is None or now is None or now.stamp != person.stamp or now.disabled:
            return Refusal(401, "sign_in_refused", "Name and password do not fit, or this person may not sign in; ask your administrator.")
        self._guesses.was_right(name, address, self._clock())
        return person

    async def begin_for_token(self, visitor: Visitor) -> Begun | Refusal:
        """A screen's lives as long as its token; a person's token is no reason for a longer session than a password."""
        now = self._clock()
        longest = visitor.expires if visitor.role is Role.SCREEN else min(visitor.expires, now + self._lives.longest)
        life = Life(longest, 0 if visitor.role is Role.SCREEN else self._lives.idle)
        return await self._begin(life, now, token=visitor.token or "")

    async def begin_for_person(self, person: Person, password: str) -> Begun | Refusal:
        now = self._clock()
        anew = await self._desk.hash_of(password) if is_outdated(person.password) else ""
        await asyncio.to_thread(self._people.signed_in, person, now, anew)
        life = Life(now + self._lives.longest, self._lives.idle)
        return await self._begin(life, now, user=person.name, stamp=person.stamp)

    async def end(self, session_id: str) -> None:
        await asyncio.to_thread(self._sessions.end, session_id)

    def close(self) -> None:
        self._desk.close()

    async def _begin(self, life: Life, now: Micros, *, token: str = "", user: str = "", stamp: str = "") -> Begun | Refusal:
        secret, _ = await asyncio.to_thread(lambda: self._sessions.begin(life, now, token=token, user=user, stamp=stamp))
        visitor = self._door.by_session(secret)
        return WITHDRAWN if visitor is None else Begun(secret, visitor)


class Guesses:
    """Counts passwords that were tried. Each is counted when it begins, so that many at once gain nothing."""

    def __init__(self) -> None:
        # Five typing errors are human.
        self._at_name_from_here = Throttle(5, 5 * MINUTE, KEYS_KEPT)
        # A whole shift behind one router mistypes a little.
        self._from_here = Throttle(60, 5 * MINUTE)
        # 80 an hour from the whole world: at that pace even the 100,000 commonest passwords take seven weeks.
        self._at_name = Throttle(20, 15 * MINUTE, KEYS_KEPT)
        self._known: OrderedDict[str, Micros] = OrderedDict()  # name and address, last right

    def begin(self, name: str, address: str, now: Micros) -> int:
        """Counts one; the seconds to wait instead when there were too many."""
        counted = self._counted(name, address, now)
        wait_s = max(throttle.waits(key, now) for throttle, key in counted)
        if not wait_s:
            for throttle, key in counted:
                throttle.failed(key, now)
        return wait_s

    def was_right(self, name: str, address: str, now: Micros) -> None:
        for throttle, key in self._counted(name, address, now):
            throttle.forgive(key)
        both = _both(name, address)
        self._known.pop(both, None)
        self._known[both] = now
        if len(self._known) > KEYS_KEPT:
            self._known.popitem(last=False)

    def _counted(self, name: str, address: str, now: Micros) -> list[tuple[Throttle, str]]:
        both = _both(name, address)
        counted = [(self._at_name_from_here, both), (self._from_here, place_of(address))]
        last_right = self._known.get(both)
        if last_right is None or now - last_right > KNOWN_FOR:
            counted.append((self._at_name, key_of(name[:NAME_MAX])))
        return counted


def _both(name: str, address: str) -> str:
    return f"{place_of(address)} {key_of(name[:NAME_MAX])}"
