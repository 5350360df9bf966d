"""`andon recordings`: the form of its command line, a help of each verb, and which function answers. Not the verbs (`verbs.py`)."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Sequence
from typing import Final, get_args

from andon.archive.verbs import VERBS
from andon.command_form import Command, Option, Said, number, option, whole
from andon.say import Exit, complain, say
from andon.settings import Settings
from realtime.words import Direction
from recordings.words import State, Trouble

LENGTH_MOST_S: Final = 1e6
"""As the API has it; no call is as long as eleven days."""
ABOUT: Final = "find, prove, keep, hold, dispose of and burn recordings"
EXAMPLE: Final = "andon recordings find --agent 1023 --since 2026-11-01"
USAGE: Final = "andon recordings VERB [WHICH ...] [OPTION ...]; andon recordings VERB --help says more of each"

OPTIONS: Sequence[Option] = (
    option("--agent", default="", metavar="ID", help="staff number of who talked in it"),
    option("--campaign", default="", metavar="ID", help="as the plan calls it"),
    option("--queue", default="", metavar="NAME", help="as find shows it"),
    option("--call", default="", metavar="LINKEDID", help="of one call"),
    option("--since", default="", metavar="WHEN", help='"2026-11-28" or "2026-11-28 14:00" by the floor\'s clock'),
    option("--until", default="", metavar="WHEN", help="until then; a date means its end"),
    option("--class", dest="class_", default="", metavar="ID", help="retention class"),
    option("--client", default="", metavar="NAME", help="whose campaign"),
    option("--direction", choices=get_args(Direction), default="", help="how the call began"),
    option("--outcome", default="", metavar="CODE", help="result code"),
    option("--shortest", type=number(0, LENGTH_MOST_S), default=0.0, metavar="SECONDS", help="so long at least"),
    option("--longest", type=number(0, LENGTH_MOST_S), default=0.0, metavar="SECONDS", help="so long at most"),
    option("--tag", default="", metavar="TAG", help="that somebody gave it"),
    option("--score-from", type=number(0, 100), metavar="POINTS", help="scored, so many points at least"),
    option("--score-to", type=number(0, 100), metavar="POINTS", help="scored, so many points at most"),
    option("--trouble", choices=("any", *Trouble), default="", help="what is odd about it"),
    option("--state", choices=tuple(State), default="", help="without it nothing that was disposed of or lost"),
    option("--held", action="store_true", help="only what a legal hold keeps"),
    option("--matter", default="", metavar="TEXT", help="the case"),
    option("--custodian", default="", metavar="NAME", help="who answers for it"),
    option("--reason", default="", metavar="TEXT", help="why"),
    option("--out", default="", metavar="FILE", help="where to write"),
    option("--spans", default="", metavar="FROM-TO,...", help="seconds, or minutes:seconds, of the recording"),
    option("--on", default="", metavar="YYYY-MM-DD", help="the day of the training"),
    option("--trainer", default="", metavar="NAME", help="who held it"),
    option("--month", default="", metavar="YYYY-MM", help="of disposal"),
    option("--private", action="store_true", help="also who, why and whose call"),
    option("--older", default="", metavar="NOTE", help="a checkpoint that the log has to go on from"),
    option("--limit", type=whole(1, 100_000), default=100, metavar="N", help="at most so many (default 100)"),
    option("--yes", action="store_true", help="carry it out; without it, what would be done is said and nothing is changed"),
    option("--language", choices=("en", "zh"), default="en", help="of the sentences"),
    option("--json", action="store_true", help="everything, for programs"),
)
"""Of all verbs. One that took no notice of an option would hold or list more than was asked for, so each is refused elsewhere."""


def do(said: Said, settings: Settings) -> Exit:
    verb = VERBS[said.verb]
    for (name, *_), more in OPTIONS:
        usual = more.get("default", False if more.get("action") else None)
        if name not in verb.takes and getattr(said, str(more.get("dest", name[2:].replace("-", "_")))) != usual:
            others = [each for each in VERBS if name in VERBS[each].takes]
            complain(f"{name} is for andon recordings {', '.join(others)} alone; {said.verb} takes no notice of it, so leave it out.")
            return Exit.WRONG
    module, function = verb.where.split(".")
    answer: Callable[[Said, Settings], Exit] = getattr(importlib.import_module(f"andon.archive.{module}"), function)
    return answer(said, settings)


# ---------------------------------------------------------------- help


class Help(argparse.Action):
    """Of the verb in front of it; else of all of them. Made when it is asked for, and not before each command."""

    def __call__(self, parser: argparse.ArgumentParser, said: Said, *_: object) -> None:
        verb: str | None = getattr(said, "verb", None)
        say((_of(verb) if verb else _of_all()).format_help().rstrip())
        parser.exit()


def _form(prog: str, usage: str, what: str, ending: str) -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    about = what[0].upper() + what[1:] + "."
    made = argparse.ArgumentParser(prog=prog, usage=usage, description=about, epilog=ending, formatter_class=shape, add_help=False)
    made.add_argument("-h", "--help", action="store_true", help="show this help message and exit")
    made.add_argument("--config", metavar="FILE", help="the settings to use")
    return made


def _of_all() -> argparse.ArgumentParser:
    widest = max(map(len, VERBS))
    verbs = "\n".join(f"  {name:{widest}}  {verb.what}" for name, verb in VERBS.items())
    more = "`andon recordings VERB --help` says what may stand behind a verb, which options it takes, and an example."
    return _form(
        "andon recordings", "andon recordings VERB [WHICH ...] [OPTION ...]", ABOUT, f"verbs:\n{verbs}\n\n{more}\n\nexample:\n  {EXAMPLE}"
    )


def _of(name: str) -> argparse.ArgumentParser:
    verb = VERBS[name]
    usage = " ".join(filter(None, ("andon recordings", name, verb.words, "[OPTION ...]")))
    widest = max((len(words) for words, _ in verb.steps), default=0)
    steps = "\n".join(f"  {words:{widest}}  {does}" for words, does in verb.steps)
    ending = f"example:\n  {verb.example}"
    made = _form(f"andon recordings {name}", usage, verb.what, f"behind {name}:\n{steps}\n\n{ending}" if steps else ending)
    for names, more in OPTIONS:
        if names[0] in verb.takes:
            made.add_argument(*names, **{**more, "help": verb.takes[names[0]] or more["help"]})  # type: ignore[arg-type]
    return made


def command(run: Callable[[Said], Exit]) -> Command:
    verb = option("verb", choices=tuple(VERBS), metavar="VERB")
    which = option("what", nargs="*", metavar="WHICH")
    return Command(ABOUT, EXAMPLE, run, (verb, which, *OPTIONS), USAGE, Help)
