"""Screens that ask to be let in: the code on each, kept in `DATA/screens.json` until somebody approves it or it expires.

Not the screens that are in (those are tokens of the role screen, `tokens.py`), not the routes (`screen_handlers.py`). The code
is public, it hangs on a wall; what fetches the cookie is a secret that only the asking page knows. So whoever approves a
code lets in the very screen that shows it, and the file, which holds hashes, lets nobody in.
"""

from __future__ import annotations

import secrets
from collections import Counter
from pathlib import Path
from typing import Final

import msgspec

from realtime.words import SECOND, Micros
from wallboard.authorise import Role
from wallboard.boards import WHOLE
from wallboard.private_file import PrivateFile
from wallboard.proxies import place_of
from wallboard.secret_text import hashed, new_secret
from wallboard.tokens import Token

LIVES: Final[Micros] = 600 * SECOND
"""Time to walk from the screen to a desk; the page asks for another code by itself."""
WAITING_MAX: Final = 200
"""A hall that is hung with screens in one morning; more is somebody who plays."""
WAITING_EACH: Final = 40
"""Of one address: the screens of a hall behind one router."""
SIGNS: Final = "ACDEFGHJKMNPQRTUVWXY34679"
"""No two of them look alike from afar or sound alike on the telephone: without 0 and O, 1 and I, 2 and Z, 5 and S, 8 and B."""
CODE_LENGTH: Final = 6
"""25 to the 6th: with 200 waiting, a mistyped code is somebody else's once in a million times."""
LABEL_MAX: Final = 100


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One page that shows its code. `board` is empty until somebody approves it."""

    code: str
    hash: str
    address: str
    created: Micros
    expires: Micros
    board: str = ""
    label: str = ""
    by: str = ""


class TooMany(Exception):
    """So many wait already that another one would only hide them."""


class Screens:
    """Every method raises Unreadable, and OSError where it writes; those that write block on the disk."""

    def __init__(self, data_dir: Path) -> None:
        self._file = PrivateFile(data_dir / "screens.json", Waiting, WAITING_MAX, "remove it: screens show new codes by themselves")

    def ask(self, address: str, now: Micros) -> tuple[str, Waiting]:
        """The secret, which only the page keeps, and what is kept of it. Raises TooMany."""
        secret, place = new_secret(), place_of(address)
        waiting = Waiting(code="", hash=hashed(secret), address=address, created=now, expires=now + LIVES)

        def add(rows: list[Waiting]) -> list[Waiting]:
            nonlocal waiting
            good = _good(rows, now)
            if len(good) >= WAITING_MAX or Counter(place_of(row.address) for row in good)[place] >= WAITING_EACH:
                raise TooMany
            waiting = msgspec.structs.replace(waiting, code=_new_code({row.code for row in good}))
            return [*good, waiting]

        self._file.change(add)
        return secret, waiting

    def approve(self, code: str, board: str, label: str, by: str, now: Micros) -> Waiting | None:
        """None when no page shows this code now."""
        wanted, found = plain(code), None

        def mark(rows: list[Waiting]) -> list[Waiting]:
            nonlocal found
            good = _good(rows, now)
            for place, row in enumerate(good):
                if row.code == wanted:
                    found = good[place] = msgspec.structs.replace(row, board=board or WHOLE, label=label[:LABEL_MAX], by=by)
            return good

        self._file.change(mark)
        return found

    def look(self, secret: str, now: Micros) -> Waiting | None:
        """What became of the page that has this secret; None when its code is not good any more."""
        digest = hashed(secret)
        return next((row for row in _good(self._file.rows(), now) if row.hash == digest), None)

    def take(self, secret: str, now: Micros) -> Waiting | None:
        """The approved one, once: of two that come at the same moment only one gets it."""
        taken: Waiting | None = None
        digest = hashed(secret)

        def remove(rows: list[Waiting]) -> list[Waiting]:
            nonlocal taken
            good = _good(rows, now)
            taken = next((row for row in good if row.hash == digest and row.board), None)
            return [row for row in good if row is not taken]

        self._file.change(remove)
        return taken

    def dismiss(self, code: str, now: Micros) -> bool:
        """Its page asks for another code; who is not wanted does so in vain."""
        wanted = plain(code)
        here = any(row.code == wanted for row in self.waiting(now))
        if here:
            self._file.change(lambda rows: [row for row in _good(rows, now) if row.code != wanted])
        return here

    def all(self) -> list[Waiting]:
        """The expired, too."""
        return self._file.rows()

    def waiting(self, now: Micros) -> list[Waiting]:
        """Those that nobody has approved yet, oldest first."""
        return [row for row in _good(self._file.rows(), now) if not row.board]


def is_paired(token: Token) -> bool:
    """Tokens of the role screen that somebody made by hand are bound to no board."""
    return token.role is Role.SCREEN and bool(token.board)


def plain(code: str) -> str:
    """As people type it: `abc-234`, `ABC 234`."""
    return "".join(sign for sign in code.upper() if sign not in " -.\t")[: CODE_LENGTH + 1]


def spaced(code: str) -> str:
    """As it stands on the screen: `ABC 234`."""
    return f"{code[:3]} {code[3:]}"


def _good(rows: list[Waiting], now: Micros) -> list[Waiting]:
    return [row for row in rows if now < row.expires]


def _new_code(taken: set[str]) -> str:
    while (code := "".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH))) in taken:
        pass  # 200 of 244 million
    return code
