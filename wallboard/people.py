"""The people who may sign in by name: `DATA/users.json`, with an argon2 hash each.

Not the hashing (`passwords.py`), not what a role may do (`authorise.py`), not the agents of the floor: those are staff
numbers on a PBX and need no account. `andon user` writes the file, the board reads it again whenever it has changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import msgspec

from realtime.words import SECOND, Micros
from wallboard.authorise import Role
from wallboard.private_file import PrivateFile
from wallboard.secret_text import new_id

PEOPLE_KEPT = 10_000
"""More than work in a large centre."""
SEEN_STEP: Micros = 3_600 * SECOND
"""The last sign-in is told to the hour, as of tokens."""
NAME_MAX = 64
_NAME = re.compile(rf"[\w.@+-]{{1,{NAME_MAX}}}")


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a person. Sessions carry `stamp`; a new one ends them all."""

    name: str
    password: str
    role: Role
    stamp: str
    created: Micros
    language: str = ""
    disabled: bool = False
    seen: Micros = 0


class NotPossible(Exception):
    """What was asked of the list of people cannot be done; the message says why and what to do."""


def name_problem(name: str) -> str:
    """Why nobody can be called so, in a sentence; empty when it is a good name."""
    if not _NAME.fullmatch(name):
        return "A name has 1 to 64 letters, digits or . @ + - _ and no space."
    return ""


def key_of(name: str) -> str:
    """Li.Wei and li.wei are one person, however the keyboard composes the letters."""
    return unicodedata.normalize("NFKC", name).casefold()


class People:
    """Every method raises Unreadable; those that change something also OSError and NotPossible."""

    def __init__(self, data_dir: Path) -> None:
        self._file = PrivateFile(data_dir / "users.json", Person, PEOPLE_KEPT, "remove it and add the people again")
        self._indexed: list[Person] | None = None
        self._by_key: dict[str, Person] = {}

    def all(self) -> list[Person]:
        return sorted(self._file.rows(), key=lambda person: key_of(person.name))

    def get(self, name: str) -> Person | None:
        rows = self._file.rows()
        if rows is not self._indexed:
            self._by_key = {key_of(person.name): person for person in rows}
            self._indexed = rows
        return self._by_key.get(key_of(name))

    def add(self, name: str, password: str, role: Role, now: Micros, language: str = "") -> Person:
        """`password` is a hash already."""
        person = Person(name=name, password=password, role=role, stamp=new_id(), created=now, language=language)

        def change(people: list[Person]) -> list[Person]:
            if any(key_of(each.name) == key_of(name) for each in people):
                raise NotPossible(f"There is a person named {name} already; choose another name, or remove that one first.")
            return [*people, person]

        self._file.change(change)
        return person

    def set_password(self, name: str, password: str) -> None:
        """Ends the sessions of this person."""
        self._replace(name, lambda person: msgspec.structs.replace(person, password=password, stamp=new_id()))

    def set_role(self, name: str, role: Role) -> None:
        """Ends the sessions, too: an open page shows what the old role might see."""
        self._replace(name, lambda person: msgspec.structs.replace(person, role=role, stamp=new_id()))

    def set_disabled(self, name: str, disabled: bool) -> None:
        self._replace(name, lambda person: msgspec.structs.replace(person, disabled=disabled, stamp=new_id()))

    def remove(self, name: str) -> None:
        def change(people: list[Person]) -> list[Person]:
            self._named(people, name)
            return [each for each in people if key_of(each.name) != key_of(name)]

        self._file.change(change)

    def signed_in(self, person: Person, now: Micros, password: str = "") -> None:
        """Notes the hour; and the password hashed anew where the old hash was outdated, if it still is that password."""

        def change(people: list[Person]) -> list[Person]:
            return [_seen(each, now, password) if each.stamp == person.stamp else each for each in people]

        if password or now - person.seen >= SEEN_STEP:
            self._file.change(change)

    def _replace(self, name: str, change: Callable[[Person], Person]) -> None:
        def change_all(people: list[Person]) -> list[Person]:
            wanted = self._named(people, name)
            return [change(each) if each is wanted else each for each in people]

        self._file.change(change_all)

    @staticmethod
    def _named(people: list[Person], name: str) -> Person:
        for person in people:
            if key_of(person.name) == key_of(name):
                return person
        raise NotPossible(f"There is nobody named {name}; andon user list shows who there is.")


def _seen(person: Person, now: Micros, password: str) -> Person:
    return msgspec.structs.replace(person, seen=now - now % SEEN_STEP, password=password or person.password)
