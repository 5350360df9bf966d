"""`andon init`: asks what it cannot know, tries it on the PBX at once, and writes andon.toml with the secret in a file of its own.

Not the judging of settings (`demands.py`): what it writes goes through the same reader before a person is told it is right.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import available_timezones

from andon.doctor import look_pbx
from andon.doctor.pbx_seen import PbxSeen
from andon.load import load
from andon.say import Exit, complain, say
from andon.settings import PbxTable, Secret, address_of
from wallboard.settings import is_loopback

QUEUE_LOG: Final = Path("/var/log/asterisk/queue_log")


class Given(NamedTuple):
    """What the command line said already; None is asked for."""

    floor: str | None = None
    timezone: str | None = None
    ami: str | None = None
    username: str | None = None
    secret_from: str | None = None
    node: str | None = None
    replace: bool = False


GIVEN: Final = Given._fields


class Unanswered(Exception):
    """Nobody is there to ask; the message names the option."""


def init(path: Path, given: Given, environment: Mapping[str, str]) -> Exit:
    if path.exists() and not given.replace and not _agreed(path):
        complain(f"{path} is there already and stays as it is; andon init --replace writes over it, --config FILE writes elsewhere.")
        return Exit.FAILED
    try:
        answers = _answers(given, environment)
        table = PbxTable(ami=answers["ami"], username=answers["username"], secret=Secret(answers["secret"]))
        say(f"Trying {table.ami} ...")
        seen = asyncio.run(look_pbx.look(table))
        if not seen.linked:
            complain(f"{seen.account.fault} Nothing was written; andon deploy show asterisk/manager.conf has the account it needs.")
            return Exit.FAILED
        node = given.node or seen.core.get("SystemName", "") or _ask("Name of this PBX (it has no systemname yet)", "pbx1", "--node")
    except Unanswered as error:
        complain(str(error))
        return Exit.WRONG
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}.")
        return Exit.WRONG
    return _write(path, answers, node, seen)


def _agreed(path: Path) -> bool:
    if not sys.stdin.isatty():
        return False
    return input(f"{path} is there already. Write over it? [y/N] ").strip().lower() in ("y", "yes")


def _answers(given: Given, environment: Mapping[str, str]) -> dict[str, str]:
    answers = {
        "floor": given.floor or _ask("Name of the floor", "main", "--floor"),
        "timezone": given.timezone or _ask("Time zone", guessed_zone(environment), "--timezone"),
        "ami": given.ami or _ask("Address of Asterisk's manager interface", "127.0.0.1:5038", "--ami"),
        "username": given.username or _ask("Its account for Andon", "andon", "--username"),
    }
    answers["secret"] = _secret(given.secret_from)
    if address_of(answers["ami"]) is None:
        raise Unanswered('The address is no HOST:PORT; write it as "127.0.0.1:5038".')
    if answers["timezone"] not in available_timezones():
        raise Unanswered("There is no such time zone; write it as Asia/Shanghai or Europe/Berlin.")
    return answers


def _ask(what: str, default: str, option: str) -> str:
    """Enter takes the default. Where nobody can answer, the default is taken too, if there is one."""
    if not sys.stdin.isatty():
        if default:
            return default
        raise Unanswered(f"{what} is not known; say it with {option}.")
    return input(f"{what} [{default}]: ").strip() or default


def _secret(source: str | None) -> str:
    if source == "-":
        return sys.stdin.readline().strip()
    if source:
        return Path(source).read_text(encoding="utf-8").strip()
    if not sys.stdin.isatty():
        raise Unanswered("The secret is not known; name a file that holds it with --secret-from, or - for standard input.")
    return getpass.getpass("Its secret (not shown): ").strip()


def guessed_zone(environment: Mapping[str, str], localtime: Path = Path("/etc/localtime"), timezone: Path = Path("/etc/timezone")) -> str:
    """TZ, Debian's file, the link that systemd sets, in this order; UTC where none of them is a zone."""
    guesses: list[Callable[[], str]] = [
        lambda: environment.get("TZ", "").lstrip(":"),
        lambda: timezone.read_text(encoding="utf-8").strip(),
        lambda: os.readlink(localtime).rpartition("zoneinfo/")[2],
    ]
    known = available_timezones()
    for guess in guesses:
        try:
            zone = guess()
        except (OSError, UnicodeDecodeError):
            continue
        if zone in known:
            return zone
    return "UTC"


def _write(path: Path, answers: Mapping[str, str], node: str, seen: PbxSeen) -> Exit:
    secret = path.with_name(f"{''.join(each if each.isalnum() else '-' for each in node)}.secret")
    path.parent.mkdir(parents=True, exist_ok=True)
    secret.unlink(missing_ok=True)
    with open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(answers["secret"] + "\n")
    path.write_text(settings_text(answers, node, secret.name, _queue_log(answers["ami"])), encoding="utf-8")
    if faults := [each for each in load(path).findings if each.error]:
        complain(f"Written, but not right yet: {faults[0]}")
        return Exit.FAILED
    say(f"{path} and {secret.name} are written: Asterisk {seen.core.get('AsteriskVersion', '')} let us in as {answers['username']}.")
    say("Next:")
    say("  andon doctor   # what else this PBX should be told")
    say("  andon up       # start")
    return Exit.DONE


def _queue_log(ami: str) -> str:
    """On the PBX's own machine, where it usually is."""
    host, _ = address_of(ami) or ("", 0)
    return str(QUEUE_LOG) if is_loopback(host) and os.access(QUEUE_LOG, os.R_OK) else ""


def settings_text(answers: Mapping[str, str], node: str, secret_file: str, queue_log: str) -> str:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    lines = [
        "# Every other key has a default: see docs/settings.md, and examples/andon.toml for the whole list.",
        "[floor]",
        f"name = {quoted(answers['floor'])}",
        f"timezone = {quoted(answers['timezone'])}",
        "",
        "[[pbx]]",
        f"node = {quoted(node)}",
        f"ami = {quoted(answers['ami'])}",
        f"username = {quoted(answers['username'])}",
        f"secret_file = {quoted(secret_file)}",
        *([f"queue_log = {quoted(queue_log)}"] if queue_log else []),
        "",
        "[data]",
        'dir = "data"',
    ]
    return "\n".join(lines) + "\n"
