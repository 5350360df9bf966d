"""`andon recordings`: which verbs there are and which function answers each. Not the answers (`finding.py`, `proving.py`, ...)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, get_args

from andon.command_form import Command, Option, Said, number, option, whole
from andon.say import Exit, complain
from andon.settings import Settings
from realtime.words import Direction
from recordings.words import State, Trouble

LENGTH_MOST_S: Final = 1e6
"""As the API has it; no call is as long as eleven days."""


class Verb(NamedTuple):
    """`where`: module of this package and function, loaded when it is asked for: libraries of sound and SQL are large."""

    what: str
    where: str


VERBS: Final[dict[str, Verb]] = {
    "find": Verb("list recordings by who, where, when, how long, what came of it", "finding.find"),
    "prove": Verb("write a bundle that anybody can verify about one recording", "proving.prove"),
    "verify": Verb("check the log and its checkpoints, or recordings with their copies; accept a cut", "proving.verify"),
    "due": Verb("say for each recording until when it is kept and by which rule, or that it may go", "keeping.due_"),
    "hold": Verb("place a legal hold on what a query finds", "keeping.hold"),
    "release": Verb("release a hold: two people", "keeping.release"),
    "dispose": Verb("propose, approve and carry out a disposal", "disposing.dispose"),
    "lost": Verb("list recordings in quarantine, or give them up: two people", "losing.lost"),
    "erase": Verb("decide a person's wish to be erased", "keeping.erase"),
    "redact": Verb("silence card data that was found in one recording, for good", "redacting.redact"),
    "clock": Verb("say when a contract, product or activity ended, a dispute began or closed", "keeping.clock"),
    "burn": Verb("gather, image, burn, verify and sign discs", "burning.burn"),
    "export": Verb("write one recording to a file, with a watermark", "exporting.export"),
    "trained": Verb("say who is due for training by missed KPIs, record that it was given, or withdraw that", "training.trained_"),
    "keys": Verb("show the keys, or exchange one of keys or that of the log", "proving.keys"),
}

FIND_ALONE: Sequence[Option] = (
    option("--client", default="", metavar="NAME", help="of find: whose campaign"),
    option("--direction", choices=get_args(Direction), default="", help="of find"),
    option("--outcome", default="", metavar="CODE", help="of find: result code"),
    option("--shortest", type=number(0, LENGTH_MOST_S), default=0.0, metavar="SECONDS", help="of find: so long at least"),
    option("--longest", type=number(0, LENGTH_MOST_S), default=0.0, metavar="SECONDS", help="of find: so long at most"),
    option("--tag", default="", metavar="TAG", help="of find"),
    option("--score-from", type=number(0, 100), metavar="POINTS", help="of find: scored, so many points at least"),
    option("--score-to", type=number(0, 100), metavar="POINTS", help="of find: scored, so many points at most"),
    option("--trouble", choices=("any", *Trouble), default="", help="of find: what is odd about it"),
    option("--state", choices=tuple(State), default="", help="of find; without it nothing that was disposed of or lost"),
    option("--held", action="store_true", help="of find: only what a legal hold keeps"),
)
"""A verb that took no notice of one of them would hold or list more than was asked for, so each is refused elsewhere."""

OPTIONS: Sequence[Option] = (
    option("verb", choices=tuple(VERBS), help="; ".join(f"{name}: {verb.what}" for name, verb in VERBS.items())),
    option("what", nargs="*", metavar="ID", help="of which recording, hold, disposal, set or disc; or a step of the verb"),
    option("--agent", default="", metavar="ID", help="staff number"),
    option("--campaign", default="", metavar="ID"),
    option("--queue", default="", metavar="NAME"),
    option("--call", default="", metavar="LINKEDID"),
    option("--since", default="", metavar="WHEN", help='"2026-11-28" or "2026-11-28 14:00" by the floor\'s clock'),
    option("--until", default="", metavar="WHEN"),
    option("--class", dest="class_", default="", metavar="ID", help="retention class"),
    *FIND_ALONE,
    option("--matter", default="", metavar="TEXT", help="of a hold: the case it is for"),
    option("--custodian", default="", metavar="NAME", help="of a hold: who answers for it"),
    option("--reason", default="", metavar="TEXT"),
    option("--out", default="", metavar="FILE", help="where to write"),
    option("--spans", default="", metavar="FROM-TO,...", help="of redact: seconds, or minutes:seconds, of the recording"),
    option("--on", default="", metavar="YYYY-MM-DD", help="of trained: the day of the training"),
    option("--trainer", default="", metavar="NAME", help="of trained: who held it"),
    option("--month", default="", metavar="YYYY-MM", help="of disposal"),
    option("--private", action="store_true", help="of prove: also who, why and whose call"),
    option("--older", default="", metavar="NOTE", help="of prove: a checkpoint that the log has to go on from"),
    option("--limit", type=whole(1, 100_000), default=100, metavar="N"),
    option("--yes", action="store_true", help="carry it out; without it, what would be done is said and nothing is changed"),
    option("--language", choices=("en", "zh"), default="en"),
    option("--json", action="store_true", help="everything, for programs"),
)


def do(said: Said, settings: Settings) -> Exit:
    for (name, *_), more in FIND_ALONE if said.verb != "find" else ():
        usual = more.get("default", False if more.get("action") else None)
        if getattr(said, name[2:].replace("-", "_")) != usual:
            complain(f"{name} is for andon recordings find alone; {said.verb} takes no notice of it, so leave it out.")
            return Exit.WRONG
    module, function = VERBS[said.verb].where.split(".")
    answer: Callable[[Said, Settings], Exit] = getattr(importlib.import_module(f"andon.archive.{module}"), function)
    return answer(said, settings)


def command(run: Callable[[Said], Exit]) -> Command:
    return Command(
        "find, prove, keep, hold, dispose of and burn recordings",
        "andon recordings find --agent 1023 --since 2026-11-01",
        run,
        OPTIONS,
    )
