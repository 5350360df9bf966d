"""`andon recordings`: which verbs there are and which function answers each. Not the answers (`finding.py`, `proving.py`, ...)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from andon.command_form import Command, Option, Said, option, whole
from andon.say import Exit
from andon.settings import Settings


class Verb(NamedTuple):
    """`where`: module of this package and function, loaded when it is asked for: libraries of sound and SQL are large."""

    what: str
    where: str


VERBS: Final[dict[str, Verb]] = {
    "find": Verb("list recordings by agent, campaign, queue, call, time", "finding.find"),
    "prove": Verb("write a bundle that anybody can verify about one recording", "proving.prove"),
    "verify": Verb("check the log and its checkpoints, or recordings with their copies; accept a cut", "proving.verify"),
    "due": Verb("say for each recording until when it is kept and by which rule, or that it may go", "keeping.due_"),
    "hold": Verb("place a legal hold on what a query finds", "keeping.hold"),
    "release": Verb("release a hold: two people", "keeping.release"),
    "dispose": Verb("propose, approve and carry out a disposal", "disposing.dispose"),
    "erase": Verb("decide a person's wish to be erased", "keeping.erase"),
    "clock": Verb("say when a contract, product or activity ended, a dispute began or closed", "keeping.clock"),
    "burn": Verb("gather, image, burn, verify and sign discs", "burning.burn"),
    "export": Verb("write one recording to a file, with a watermark", "exporting.export"),
    "keys": Verb("show the keys, or exchange one of keys or that of the log", "proving.keys"),
}

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
    option("--matter", default="", metavar="TEXT", help="of a hold: the case it is for"),
    option("--custodian", default="", metavar="NAME", help="of a hold: who answers for it"),
    option("--reason", default="", metavar="TEXT"),
    option("--out", default="", metavar="FILE", help="where to write"),
    option("--month", default="", metavar="YYYY-MM", help="of disposal"),
    option("--private", action="store_true", help="of prove: also who, why and whose call"),
    option("--older", default="", metavar="NOTE", help="of prove: a checkpoint that the log has to go on from"),
    option("--limit", type=whole(1, 100_000), default=100, metavar="N"),
    option("--yes", action="store_true", help="carry it out; without it, what would be done is said and nothing is changed"),
    option("--language", choices=("en", "zh"), default="en"),
    option("--json", action="store_true", help="everything, for programs"),
)


def do(said: Said, settings: Settings) -> Exit:
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
