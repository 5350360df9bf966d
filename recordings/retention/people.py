"""Who decides: the person behind a name of the trail, and whether two of them are two. Pure.

Not who may (the board's door). The same person signs in at the board (`user:li`) and works on the machine (`local:li`, as another account
`local:li (root)`): that is one. A program with a token is nobody here.
"""

from __future__ import annotations

from typing import Final

from recordings.refusals import Refusal

_WAYS: Final = ("user:", "local:")


class NotAPerson(Refusal):
    """One sentence."""


class SamePerson(Refusal):
    """One sentence."""


def person(who: str) -> str:
    """Raises NotAPerson."""
    for way in _WAYS:
        if who.startswith(way) and (name := who.removeprefix(way).partition(" (")[0].strip()):
            return name.casefold()
    raise NotAPerson("people.not_a_person")


def second(who: str, first: str) -> str:
    """The second of two, after who proposed it. Raises SamePerson, NotAPerson."""
    name = person(who)
    if name == person(first):
        raise SamePerson("people.same_person.proposed")
    return name
