"""`andon dial`: what can be said behind it, and which deed answers.

Not the answers (`dial_ask.py`, `dial_past.py`): each deed loads its own.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from andon.command_form import Command, Said, option
from andon.say import Exit, complain
from andon.settings import Settings
from realtime.plan.dialling import METHODS, PURPOSES
from realtime.words import SECOND, Micros

LATEST: Final[Micros] = 4_102_444_800 * SECOND
"""2100: later is a slip."""
WORD_MAX: Final = 64
NO_MOMENT: Final = 'A moment is written "2026-11-28 20:15", by the floor\'s clock, or with an offset as 2026-11-28T20:15:00+08:00.'


def _ask(said: Said, settings: Settings) -> Exit:
    from andon import dial_ask
    from andon.roles.work import now_us
    from realtime.dial.would import Asked

    if said.what is None or not said.campaign:
        complain("Say which number, and for which campaign: andon dial ask NUMBER --campaign ID.")
        return Exit.WRONG
    if (said.lists or said.trial) and not said.plan:
        complain("--lists and --trial belong to a plan that is tried: add --plan FOLDER, or leave them out.")
        return Exit.WRONG
    at = now_us() if not said.at else _moment(said.at, settings)
    if at is None:
        complain(NO_MOMENT)
        return Exit.WRONG
    try:
        number = dial_ask.number_from(said.what)
    except dial_ask.CannotAsk as fault:
        complain(str(fault))
        return Exit.WRONG
    asked = Asked(number, said.campaign, said.agent, said.method, said.purpose, said.zone)
    plan, lists = Path(said.plan) if said.plan else None, Path(said.lists) if said.lists else None
    return dial_ask.ask(settings, dial_ask.Question(asked, at, plan, lists, said.trial, said.language, said.json))


def _show(said: Said, settings: Settings) -> Exit:
    from andon import dial_past

    if said.what is None:
        complain("Say which: andon dial show DIAL; a campaign's page, its refusals and the log have the ids.")
        return Exit.WRONG
    return dial_past.show(settings, said.what, said.language, said.json)


def _verify(said: Said, settings: Settings) -> Exit:
    from andon import dial_past
    from andon.lists import moment

    if said.what is not None:
        complain("andon dial verify goes over all of them: name a day with --since, or a campaign with --campaign.")
        return Exit.WRONG
    since = moment(said.since, settings.floor.timezone) if said.since else 0
    if since is None:
        complain('A date is written 2026-11-28, or "2026-11-28 14:00" by the floor\'s clock.')
        return Exit.WRONG
    return dial_past.verify(settings, since, said.campaign, said.json)


DEEDS: Final[dict[str, Callable[[Said, Settings], Exit]]] = {"ask": _ask, "show": _show, "verify": _verify}


def do(said: Said, settings: Settings) -> Exit:
    return DEEDS[said.deed](said, settings)


def _moment(text: str, settings: Settings) -> Micros | None:
    """A date alone is none: hours are what is asked about."""
    from andon.lists import moment

    at = moment(text, settings.floor.timezone) if len(text.strip()) > len("2026-11-28") else None
    return at if at is not None and 0 < at < LATEST else None


def _word(text: str) -> str:
    if len(text) > WORD_MAX or not text.isprintable():
        raise argparse.ArgumentTypeError(f"at most {WORD_MAX} printing characters")
    return text


def command(run: Callable[[Said], Exit]) -> Command:
    return Command(
        "what the gate would say to a number and why, what it has said, and whether that was changed since",
        'andon dial ask +8613912345678 --campaign renewals --at "2026-11-28 20:15"',
        run,
        (
            option("deed", choices=tuple(DEEDS), help="ask about a number, show one decision, or verify the signatures of all"),
            option("what", nargs="?", metavar="NUMBER|DIAL", help="a number, or - to read it from standard input; of show: which decision"),
            option("--campaign", type=_word, default="", metavar="ID", help="for which it would be dialled; of verify: only its decisions"),
            option("--at", default="", metavar="WHEN", help='at another moment than now, as "2026-11-28 20:15" by the floor\'s clock'),
            option("--agent", type=_word, default="", metavar="ID", help="who would dial (default: a dialler that names nobody)"),
            option("--method", choices=METHODS, default="manual", help="how it would be dialled (default manual)"),
            option("--purpose", choices=("", *PURPOSES), default="", metavar="P", help="what for (default: the campaign's)"),
            option("--zone", type=_word, default="", metavar="ZONE", help="where the person called is, as Asia/Shanghai, if that is known"),
            option("--plan", default="", metavar="FOLDER", help="ask a plan before it is adopted, without any floor"),
            option("--lists", default="", metavar="FOLDER", help="with --plan: lists as andon lists import makes them (default: none)"),
            option("--trial", action="store_true", help="with --plan: as if the campaign were on trial (default: formal)"),
            option("--since", default="", metavar="WHEN", help="of verify: from then on (default: all that is kept)"),
            option("--language", choices=("en", "zh"), default="en", help="of the sentences"),
            option("--json", action="store_true", help="everything, for programs"),
        ),
    )
