"""Who answers each command of the command line: one function a command, which loads its part when it is asked for.

Not what can be asked (`command.py`) and not the answers themselves (`check.py`, `up.py`, `ask.py`, `tokens.py`, `demo.py`, ...).
An import at the top of this file is one that every command waits for, and the libraries of databases, passwords and countries take
longer to load than most commands to run; so each function begins with its own imports. It is loaded by every role's process, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from andon.say import Exit, complain
from wallboard.authorise import Role

if TYPE_CHECKING:
    from andon.command_form import Said
    from andon.settings import Settings

PLAN_DEEDS: Final = ("show", "try", "presets")
TOKEN_DEEDS: Final = ("list", "make", "revoke")
USER_DEEDS: Final = ("add", "list", "password", "role", "disable", "enable", "remove")
PIN_DEEDS: Final = ("set", "remove", "list")
SCREEN_DEEDS: Final = ("approve", "list", "revoke")
AUDIT_DEEDS: Final = ("show", "verify")


def _path(said: Said) -> Path:
    from andon.load import settings_path

    return settings_path(said.config)


def _with_settings(said: Said, do: Callable[[Settings], Exit]) -> Exit:
    from andon.load import settings_or_complaint

    settings = settings_or_complaint(_path(said))
    return Exit.WRONG if settings is None else do(settings)


def _with_data(said: Said, do: Callable[[Path], Exit]) -> Exit:
    """For what is done in the data folder alone."""
    return _with_settings(said, lambda settings: do(Path(settings.data.dir)))


# ---------------------------------------------------------------- a floor, and what it is made of


def demo(said: Said) -> Exit:
    from andon import demo

    return demo.demo(said.seed, said.agents, said.for_s, said.port, os.environ, said.meeting_s)


def check(said: Said) -> Exit:
    from andon import check

    return check.check(_path(said))


def init(said: Said) -> Exit:
    from andon import init

    return init.init(_path(said), init.Given(**{name: getattr(said, name) for name in init.GIVEN}), os.environ)


def doctor(said: Said) -> Exit:
    from andon.doctor import run

    return run.doctor(_path(said), said.json, said.watch_s)


def backup(said: Said) -> Exit:
    from andon import backup

    return _with_settings(said, lambda settings: backup.backup(settings, Path(said.file)))


def restore(said: Said) -> Exit:
    from andon import restore

    return restore.restore(Path(said.file), Path(said.into), frozenset(said.without_key))


def deploy(said: Said) -> Exit:
    from andon import deployed

    return deployed.deploy(said.deed, said.name)


def up(said: Said) -> Exit:
    from andon import up

    return up.up(_path(said), os.environ)


def role(said: Said) -> Exit:
    """The commands that run one role alone are named as their roles."""
    from andon import child

    return child.run(said.command, _path(said), getattr(said, "node", ""))


# ---------------------------------------------------------------- what is asked of a floor


def floor(said: Said) -> Exit:
    if said.at is None:
        from andon import ask

        return _with_settings(said, lambda settings: ask.show_floor(settings, said.json))
    from andon import then

    return _with_settings(said, lambda settings: then.show_floor_at(settings, said.at, said.json))


def plan(said: Said) -> Exit:
    from andon.plan import command as plan

    return _with_settings(said, lambda settings: plan.DEEDS[said.deed](said, settings))


def lists(said: Said) -> Exit:
    from andon import list_command

    return _with_settings(said, lambda settings: list_command.do(said, settings))


def dial(said: Said) -> Exit:
    from andon import dial_command

    return _with_settings(said, lambda settings: dial_command.do(said, settings))


def recordings(said: Said) -> Exit:
    from andon.archive import command as recordings

    return _with_settings(said, lambda settings: recordings.do(said, settings))


# ---------------------------------------------------------------- who may come in, and what they did


def token(said: Said) -> Exit:
    from andon import tokens
    from andon.roles.work import now_us

    deeds: dict[str, Callable[[Path], Exit]] = {
        "make": lambda data_dir: tokens.make(data_dir, said.role, said.label, said.days, now_us()),
        "list": lambda data_dir: tokens.show(data_dir, now_us()),
        "revoke": lambda data_dir: tokens.revoke(data_dir, said.id),
    }
    if said.deed == "make" and (said.role is None or said.id is not None):
        complain(f"Say for whom the token is: andon token --role ROLE, with one of {', '.join(Role)}.")
        return Exit.WRONG
    if said.deed == "revoke" and said.id is None:
        complain("Say which token: andon token revoke ID; andon token list shows the ids.")
        return Exit.WRONG
    return _with_data(said, deeds[said.deed])


def user(said: Said) -> Exit:
    from andon import people, tokens
    from wallboard.private_file import Unreadable

    deeds: dict[str, Callable[[Path], Exit]] = {
        "add": lambda data_dir: people.add(data_dir, said.name, said.role, said.language, said.password_stdin),
        "list": people.show,
        "password": lambda data_dir: people.set_password(data_dir, said.name, said.password_stdin),
        "role": lambda data_dir: people.set_role(data_dir, said.name, said.role),
        "disable": lambda data_dir: people.disable(data_dir, said.name),
        "enable": lambda data_dir: people.enable(data_dir, said.name),
        "remove": lambda data_dir: people.remove(data_dir, said.name),
    }
    if said.name is None and said.deed != "list":
        complain(f"Say who: andon user {said.deed} NAME.")
        return Exit.WRONG
    if said.role is None and said.deed in ("add", "role"):
        complain(f"Say as what: --role, with one of {', '.join(Role)}.")
        return Exit.WRONG
    try:
        return _with_data(said, deeds[said.deed])
    except Unreadable as error:
        return tokens.failed(error)


def pin(said: Said) -> Exit:
    from andon import pins

    deeds: dict[str, Callable[[Path], Exit]] = {
        "set": lambda data_dir: pins.set_pin(data_dir, said.agent, said.pin_stdin, said.random),
        "remove": lambda data_dir: pins.remove(data_dir, said.agent),
        "list": pins.show,
    }
    if said.agent is None and said.deed != "list":
        complain(f"Say whose: andon pin {said.deed} AGENT, with the staff number.")
        return Exit.WRONG
    return _with_data(said, deeds[said.deed])


def screen(said: Said) -> Exit:
    from andon import screens
    from andon.roles.work import now_us

    deeds: dict[str, Callable[[Settings], Exit]] = {
        "approve": lambda settings: screens.approve(settings, said.name, said.board, said.label, now_us()),
        "list": lambda settings: screens.show(settings, now_us()),
        "revoke": lambda settings: screens.revoke(settings, said.name, now_us()),
    }
    if said.deed != "list" and said.name is None:
        wanted = "CODE --board ID" if said.deed == "approve" else "ID"
        complain(f"Say which: andon screen {said.deed} {wanted}; andon screen list shows them.")
        return Exit.WRONG
    return _with_settings(said, deeds[said.deed])


def audit(said: Said) -> Exit:
    from andon import audit

    deeds: dict[str, Callable[[Path], Exit]] = {
        "show": lambda data_dir: audit.show(data_dir, said.since, said.who, said.json),
        "verify": lambda data_dir: audit.verify(data_dir, said.head),
    }
    return _with_data(said, deeds[said.deed])
