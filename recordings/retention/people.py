"""Who decides: the person behind a name of the trail, and whether two of them are two. Pure.

Not who may (the board's door). The same person signs in at the board (`user:li`) and works on the machine (`local:li`, behind sudo
`local:li (root)`): that is one. A program with a token is nobody here.
"""

from __future__ import annotations

from typing import Final

_WAYS: Final = ("user:", "local:")


class NotAPerson(Exception):
    """One sentence."""


class SamePerson(Exception):
    """One sentence."""


def person(who: str) -> str:
    """Raises NotAPerson."""
    for way in _WAYS:
        if who.startswith(way) and (name := who.removeprefix(way).partition(" (")[0].strip()):
            return name.casefold()
    raise NotAPerson("Only a person who is signed in decides this; sign in with your own name, not with a token.")


def second(who: str, first: str, what: str) -> str:
    """The second of two. Raises SamePerson, NotAPerson."""
    name = person(who)
    if name == person(first):
        raise SamePerson(f"You have {what} already; another person has to do it, too.")
    return name
