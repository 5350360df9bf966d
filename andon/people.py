"""`andon user`: the people who sign in by name. Not the command line's shape (`command.py`) and not the file (`wallboard/people.py`).

A password is never an argument, because every user of a machine can see the arguments of every process.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from andon.acts import recorded
from andon.roles.work import now_us
from andon.say import Exit, complain, say
from andon.table import width
from andon.tokens import date_of, failed
from wallboard.authorise import Role
from wallboard.passwords import MOST_CHARACTERS, hash_of, problem_with
from wallboard.people import NotPossible, People, Person, name_problem
from wallboard.private_file import Unreadable

NOBODY_YET: Final = "There is nobody yet; add somebody with andon user add NAME --role supervisor."


def add(data_dir: Path, name: str, role: Role, language: str, from_stdin: bool) -> Exit:
    if problem := name_problem(name):
        complain(problem)
        return Exit.WRONG
    if People(data_dir).get(name) is not None:
        complain(f"There is a person named {name} already; andon user password {name} gives a new password.")
        return Exit.FAILED
    hashed = _new_hash(name, from_stdin)
    if hashed is None:
        return Exit.FAILED
    said = f"{name} signs in at /login as {role}."
    return _recorded(data_dir, "add", name, lambda people: people.add(name, hashed, role, now_us(), language), said, f"role={role}")


def show(data_dir: Path) -> Exit:
    people = People(data_dir).all()
    if not people:
        say(NOBODY_YET)
    for person in people:
        say(_line(person))
    return Exit.DONE


def set_password(data_dir: Path, name: str, from_stdin: bool) -> Exit:
    person = _named(data_dir, name)
    hashed = _new_hash(name, from_stdin) if person else None
    if person is None or hashed is None:
        return Exit.FAILED
    said = f"{name} has a new password; whoever was signed in as {name} is signed out."
    return _recorded(data_dir, "password", person.name, lambda people: people.set_password(name, hashed), said)


def set_role(data_dir: Path, name: str, role: Role) -> Exit:
    said = f"{name} is {role} from the next sign-in on; sessions with the old role have ended."
    return _change(data_dir, "role", name, lambda people: people.set_role(name, role), said, f"role={role}")


def disable(data_dir: Path, name: str) -> Exit:
    said = f"{name} may not sign in any more, and is signed out; andon user enable {name} undoes this."
    return _change(data_dir, "disable", name, lambda people: people.set_disabled(name, True), said)


def enable(data_dir: Path, name: str) -> Exit:
    return _change(data_dir, "enable", name, lambda people: people.set_disabled(name, False), f"{name} may sign in again.")


def remove(data_dir: Path, name: str) -> Exit:
    return _change(data_dir, "remove", name, lambda people: people.remove(name), f"{name} is removed, and signed out.")


def _change(data_dir: Path, deed: str, name: str, change: Callable[[People], object], said: str, more: str = "") -> Exit:
    """Asked for somebody who is not there, it ends before anything is recorded."""
    person = _named(data_dir, name)
    return Exit.FAILED if person is None else _recorded(data_dir, deed, person.name, change, said, more)


def _recorded(data_dir: Path, deed: str, name: str, change: Callable[[People], object], said: str, more: str = "") -> Exit:
    def do() -> Exit:
        try:
            change(People(data_dir))
        except (Unreadable, NotPossible, ValueError, OSError) as error:
            return failed(error)
        return Exit.DONE

    ended = recorded(data_dir, f"user {deed}", f"user:{name} {more}".rstrip(), do)
    if ended is Exit.DONE:
        say(said)
    return ended


def _named(data_dir: Path, name: str) -> Person | None:
    person = People(data_dir).get(name)
    if person is None:
        complain(f"There is nobody named {name}; andon user list shows who there is.")
    return person


def _new_hash(name: str, from_stdin: bool) -> str | None:
    """None when there is no good password; why is said."""
    password = _piped() if from_stdin else _typed(name)
    if password is None:
        return None
    if problem := problem_with(password, name):
        complain(problem)
        return None
    return hash_of(password)


def _piped() -> str:
    return sys.stdin.readline(MOST_CHARACTERS + 2).rstrip("\r\n")


def _typed(name: str) -> str | None:
    if not sys.stdin.isatty():
        complain("There is no terminal to type a password at; pipe one line in, with --password-stdin.")
        return None
    password = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("Again: ") != password:
        complain("The two are not the same; nothing was changed, run the command again.")
        return None
    return password


def _line(person: Person) -> str:
    seen = f"last seen {date_of(person.seen)}" if person.seen else "never signed in"
    state = "disabled" if person.disabled else "may sign in"
    name = person.name + " " * (20 - width(person.name))
    return f"{name}  {person.role:<10}  {state:<11}  {seen}  {person.language}".rstrip()
