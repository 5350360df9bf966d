"""The command line: what a person can ask, each with one sentence and an example.

Not the answers (`answers.py`, which loads a command's part when it is asked for): what this file imports, every command waits for.
Every command ends with an Exit code; what goes wrong is one sentence and a next step, never a traceback, unless it is a bug of ours.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import Final

from andon import answers, dial_command, list_command
from andon.archive import command as recordings
from andon.command_form import Command, moment, option, role, seconds, whole
from andon.say import Exit, complain, say
from andon.settings import BOARD_PORT
from wallboard.authorise import Role
from wallboard.boards import WHOLE
from wallboard.tokens import EXPIRES_AFTER_DAYS

AGENTS_MAX: Final = 2000
"""Of a demo: what one simulated PBX was meant for; a benchmark brings its own."""

ABOUT: Final = "Andon: real-time floor control for call centres on Asterisk."

ENDING: Final = """\
start here:
  andon demo                      a floor at work with a simulated PBX, nothing to set up
  andon check && andon up         your own floor, described in andon.toml

settings come from andon.toml in this folder, from --config FILE or from ANDON_CONFIG; each key also from a variable, as
ANDON_BOARD_LISTEN. `andon COMMAND --help` shows an example of each command.

exit codes:
  0  done
  1  it could not be done, or check found errors
  2  the command line or the settings are wrong"""


def main(arguments: Sequence[str] | None = None) -> int:
    said = parser().parse_args(arguments)
    try:
        return COMMANDS[said.command].do(said)
    except KeyboardInterrupt:
        complain("Stopped.")
        return Exit.FAILED
    except BrokenPipeError:  # whoever read our answer has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return Exit.DONE


class _Version(argparse.Action):
    """Looks up what is installed when somebody asks, and not before each command."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            say(f"andon {version('andon-floor')}")
        except PackageNotFoundError:  # run from a source tree that nobody installed
            say("andon (not installed)")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(prog="andon", description=ABOUT, epilog=ENDING, formatter_class=shape, allow_abbrev=False)
    top.add_argument("--config", metavar="FILE", help="the settings (default: ANDON_CONFIG, else andon.toml here)")
    top.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    for name, command in COMMANDS.items():
        made = commands.add_parser(
            name,
            usage=command.usage,
            add_help=command.help is None,
            help=command.what,
            description=command.what[0].upper() + command.what[1:] + ".",
            epilog=f"example:\n  {command.example}",
            formatter_class=shape,
            allow_abbrev=False,
        )
        if command.help is not None:
            made.add_argument("-h", "--help", action=command.help, nargs=0)
        # Also behind the command; there it must not undo what was said in front of it.
        made.add_argument("--config", metavar="FILE", default=argparse.SUPPRESS, help="the settings to use")
        for names, more in command.options:
            made.add_argument(*names, **more)  # type: ignore[arg-type]
    return top


COMMANDS: Final[dict[str, Command]] = {
    "demo": Command(
        "show a lively floor with a simulated PBX, and remove it at the end",
        "andon demo --seed 7 --agents 120",
        answers.demo,
        (
            option("--seed", type=whole(0, 2**31), default=1, metavar="N", help="whose floor: names, calls, moods (default 1)"),
            option("--agents", type=whole(1, AGENTS_MAX), default=60, metavar="N", help="how many agents work (default 60)"),
            option("--for", dest="for_s", type=seconds, metavar="SECONDS", help="end by itself after so long"),
            option("--port", type=whole(0, 65535), metavar="N", help=f"where the wall is (default {BOARD_PORT}, or a free one)"),
            option(
                "--meeting",
                dest="meeting_s",
                type=seconds,
                metavar="SECONDS",
                help="call the first team together so soon (it meets anyway)",
            ),
        ),
    ),
    "check": Command(
        "say everything that is wrong with the settings, or what would run",
        "andon --config /etc/andon/andon.toml check",
        answers.check,
    ),
    "plan": Command(
        "say the rules of the plan in plain words, or what another plan would have changed about a day that was",
        "andon plan try --plan new-plan --from 2026-11-27",
        answers.plan,
        (
            option("deed", choices=answers.PLAN_DEEDS, help="show the rules, try a plan on recorded facts, or list what it may extend"),
            option("--plan", metavar="FOLDER", help="which plan (default: the one in the settings)"),
            option("--language", choices=("en", "zh"), default="en", help="of the sentences"),
            option("--live", action="store_true", help="what the running floor has adopted: when, by whom, what it changed"),
            option("--from", dest="since", default="", metavar="WHEN", help='a date, or "2026-11-27 14:00", by the floor\'s clock'),
            option("--to", dest="until", default="", metavar="WHEN", help="until then (default: the end of that day)"),
            option("--json", action="store_true", help="everything that was found, for programs"),
        ),
    ),
    "lists": list_command.command(answers.lists),
    "dial": dial_command.command(answers.dial),
    "recordings": recordings.command(answers.recordings),
    "init": Command(
        "write andon.toml: asks five things, and tries them on the PBX at once",
        "andon init --ami 127.0.0.1:5038 --username andon --secret-from hall7.txt",
        answers.init,
        (
            option("--floor", metavar="NAME", help="what the centre is called"),
            option("--timezone", metavar="ZONE", help="as Asia/Shanghai (default: this machine's)"),
            option("--ami", metavar="HOST:PORT", help="where Asterisk's manager interface listens"),
            option("--username", metavar="NAME", help="the account in manager.conf"),
            option("--secret-from", metavar="FILE", help="a file with the secret, or - for standard input"),
            option("--node", metavar="NAME", help="what the PBX is called (default: it is asked for its systemname)"),
            option("--replace", action="store_true", help="write over settings that are there"),
        ),
    ),
    "doctor": Command(
        "say what works between this machine, its PBXs and its servers, and what to type where it does not",
        "andon doctor --watch 60",
        answers.doctor,
        (
            option("--json", action="store_true", help="as a list, for programs"),
            option(
                "--watch", dest="watch_s", type=seconds, default=0.0, metavar="SECONDS", help="also listen for so long, while calls come"
            ),
        ),
    ),
    "backup": Command(
        "write settings, keys, people, log and history into one file that only you can read, also while Andon runs",
        "andon backup /var/backups/andon-2026-11-24.tar.gz",
        answers.backup,
        (option("file", metavar="FILE", help="what to write; must not be there yet"),),
    ),
    "restore": Command(
        "unpack a backup into an empty folder, every file checked",
        "andon restore /var/backups/andon-2026-11-24.tar.gz --into /srv/andon",
        answers.restore,
        (
            option("file", metavar="FILE", help="what andon backup wrote"),
            option("--into", required=True, metavar="FOLDER", help="an empty folder, or one that is not there yet"),
            option(
                "--without-key", action="append", default=[], metavar="MONTH", help="a month, as 2026-10, whose key was destroyed since"
            ),
        ),
    ),
    "deploy": Command(
        "show the files that go onto a PBX or a server",
        "andon deploy show asterisk/manager.conf",
        answers.deploy,
        (
            option("deed", choices=("list", "show"), help="list them, or show one"),
            option("name", nargs="?", default="", metavar="NAME", help="which one"),
        ),
    ),
    "up": Command(
        "run everything on this machine, until Ctrl-C",
        "andon up",
        answers.up,
    ),
    "adapter": Command(
        "run the reader of one PBX alone, where roles are on many machines",
        "andon adapter --node hall7",
        answers.role,
        (option("--node", default="", metavar="NODE", help="which [[pbx]]; not needed when there is one"),),
    ),
    "engine": Command(
        "run the engine alone: business days, deadlines, checkpoints; one a floor works, others wait",
        "andon engine",
        answers.role,
    ),
    "board": Command(
        "run the server of the screens alone",
        "andon board",
        answers.role,
    ),
    "archivist": Command(
        "take recordings from the PBXs' spools into the archive, alone; one a floor works, others wait",
        "andon archivist",
        answers.role,
    ),
    "gate": Command(
        "answer dialplans alone: agents who log in and take breaks by phone",
        "andon gate",
        answers.role,
    ),
    "mqtt": Command(
        "publish the floor on an MQTT broker, alone; one a floor speaks, others wait",
        "andon mqtt",
        answers.role,
    ),
    "floor": Command(
        "show the floor as it is now, or as it was, in this terminal",
        'andon floor --at "2026-11-24 14:30"',
        answers.floor,
        (
            option("--json", action="store_true", help="the whole snapshot, as GET /api/floor gives it"),
            option("--at", metavar="WHEN", help="an earlier moment by the floor's clock, from history; nothing need run"),
        ),
    ),
    "token": Command(
        "make, list or revoke what screens and programs show to be let in",
        'andon token --role screen --label "wall, hall 7"',
        answers.token,
        (
            option("deed", nargs="?", choices=answers.TOKEN_DEEDS, default="make", help="list, or revoke ID; nothing makes one"),
            option("id", nargs="?", metavar="ID", help="the token to revoke"),
            option("--role", type=role, metavar="ROLE", help=f"one of {', '.join(Role)}"),
            option("--label", default="", metavar="TEXT", help="what it is for, so that you find it again"),
            option("--days", type=whole(1, 3650), default=EXPIRES_AFTER_DAYS, metavar="N", help="how long it is good (default 90)"),
        ),
    ),
    "user": Command(
        "add, list and change the people who sign in by name",
        "andon user add li.wei --role supervisor",
        answers.user,
        (
            option("deed", choices=answers.USER_DEEDS, help="what to do; a new password, role or disabling ends that person's sessions"),
            option("name", nargs="?", metavar="NAME", help="who"),
            option("--role", type=role, metavar="ROLE", help=f"one of {', '.join(Role)}"),
            option("--language", choices=("zh", "en"), default="", help="of that person's pages"),
            option("--password-stdin", action="store_true", help="read the password from standard input, one line, instead of asking"),
        ),
    ),
    "pin": Command(
        "give, list and take away the PINs by which agents log in at a phone",
        "andon pin set 1031 --random",
        answers.pin,
        (
            option("deed", choices=answers.PIN_DEEDS, help="what to do"),
            option("agent", nargs="?", metavar="AGENT", help="whose, by staff number"),
            option("--random", action="store_true", help="make one of six digits and show it, once"),
            option("--pin-stdin", action="store_true", help="read it from standard input, one line, instead of asking"),
        ),
    ),
    "screen": Command(
        "let in the screen that shows a code, list screens, send one away",
        'andon screen approve "ACD 347" --board sales --label "by the door"',
        answers.screen,
        (
            option("deed", choices=answers.SCREEN_DEEDS, help="what to do"),
            option("name", nargs="?", metavar="CODE|ID", help="the code on the screen, or the id from the list"),
            option("--board", default=WHOLE, metavar="ID", help="which board of boards.toml it shows (default: the whole floor)"),
            option("--label", default="", metavar="TEXT", help="where it hangs, so that you find it again"),
        ),
    ),
    "audit": Command(
        "show who did what, or check that nothing in the trail was changed",
        "andon audit show --since 7d --who user:li.wei",
        answers.audit,
        (
            option("deed", choices=answers.AUDIT_DEEDS, help="show, or verify the whole chain"),
            option("--since", type=moment, default=0, metavar="TIME", help="2026-11-24, or 12h or 7d ago (default: the last 200)"),
            option("--who", default="", metavar="WHO", help="user:NAME, token:ID or local:NAME"),
            option("--json", action="store_true", help="each entry as it is kept"),
            option("--head", default="", metavar="SEQ:HASH", help="what an earlier verify said: it must still be in the trail"),
        ),
    ),
}
