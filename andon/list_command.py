"""`andon lists`: what can be said behind it, and which deed answers.

Not the answers (`lists.py`, `list_show.py`): each deed loads its own.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final, get_args

from andon.command_form import Command, Said, option
from andon.say import Exit, complain
from andon.settings import Settings
from realtime.lists.packing import KINDS
from realtime.lists.writing import NAME
from realtime.plan.dialling import Purpose

BASES: Final = ("consent", "contract", "transaction", "inquiry")
TEXT_MAX: Final = 500


def _import(said: Said, settings: Settings) -> Exit:
    from andon import lists

    zone = settings.floor.timezone
    as_of = lists.moment(said.as_of, zone) if said.as_of else 0
    expires = lists.moment(said.expires, zone, ends=True) if said.expires else 0
    if why := _wrong(said, as_of, expires):
        complain(why)
        return Exit.WRONG
    assert as_of is not None
    assert expires is not None
    consent = {name: getattr(said, name) for name in ("client", "purpose", "basis", "written", "wording")}
    plain = {name: getattr(said, name) for name in ("kind", "source", "column", "reason")}
    given = lists.Given(said.name, Path(said.file), as_of=as_of, country=said.country.upper(), expires=expires, **plain, **consent)
    return lists.bring_in(settings, given)


def _wrong(said: Said, as_of: int | None, expires: int | None) -> str:
    from andon.roles.work import now_us
    from realtime.lists.rows import known_country

    if said.name is None or said.file is None:
        return "Say what to import: andon lists import NAME FILE."
    if as_of is None or expires is None:
        return 'A date is written 2026-11-28, or "2026-11-28 14:00" by the floor\'s clock.'
    if as_of > now_us():
        return "A list cannot be of a moment that is still to come; correct --as-of."
    if not known_country(said.country.upper()):
        return f"{said.country!r} is no country; write two letters, as CN or US."
    if said.kind == "consent" and not (said.client and said.purpose and said.wording):
        return "A list of consents says to whom and for what: --client, --purpose and --wording (its version, or what they agreed to)."
    if said.kind == "dnc" and (said.client or said.purpose or said.wording or said.expires or said.written):
        return "--client, --purpose, --wording, --written and --expires belong to consents: add --kind consent, or leave them out."
    long = [name for name in ("source", "wording", "client", "reason") if len(getattr(said, name)) > TEXT_MAX]
    return f"--{long[0]} is longer than {TEXT_MAX} characters." if long else ""


def _announce(said: Said, settings: Settings) -> Exit:
    from andon import lists

    if said.name is None:
        complain("Say which list: andon lists announce NAME.")
        return Exit.WRONG
    return lists.announce(settings, said.name, (said.file or "").lower(), said.reason)


def _show(said: Said, settings: Settings) -> Exit:
    from andon import list_show
    from andon.roles.work import now_us

    return list_show.show(settings, said.name or "", now_us())


def _verify(said: Said, settings: Settings) -> Exit:
    from andon import list_show

    return list_show.verify(settings, said.name or "")


DEEDS: Final[dict[str, Callable[[Said, Settings], Exit]]] = {"import": _import, "announce": _announce, "show": _show, "verify": _verify}


def do(said: Said, settings: Settings) -> Exit:
    return DEEDS[said.deed](said, settings)


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("a list is named with small letters, digits, dots and dashes, as dnc-national")
    return text


def command(run: Callable[[Said], Exit]) -> Command:
    return Command(
        "bring in do-not-call lists and consents, announce them, show and check what there is",
        "andon lists import dnc-national numbers.csv.gz --column phone --as-of 2026-11-27",
        run,
        (
            option("deed", choices=tuple(DEEDS), help="import FILE, announce a version again, show all, or verify every byte"),
            option("name", nargs="?", type=_name, metavar="NAME", help="of the list, as campaigns and presets name it"),
            option("file", nargs="?", metavar="FILE|VERSION", help="CSV or a number a line, also gzip; of announce: which version"),
            option("--kind", choices=KINDS, default="dnc", help="do not call (default), or consents"),
            option("--as-of", default="", metavar="DATE", help="the moment it speaks of (default: when the file was written)"),
            option("--source", default="", metavar="TEXT", help="where it is from (default: the file's name)"),
            option("--country", default="CN", metavar="CC", help="of numbers without a country code (default CN)"),
            option("--column", default="", metavar="N|NAME", help="which column has the numbers, by place from 1 or by its name"),
            option("--reason", default="", metavar="TEXT", help="why an older, an empty or a much smaller version is right"),
            option("--client", default="", metavar="ID", help="of consents: to whom they were given"),
            option("--purpose", choices=("", *get_args(Purpose)), default="", metavar="P", help="of consents: for which purpose"),
            option("--basis", choices=BASES, default="consent", help="of consents: what stands for one"),
            option("--written", action="store_true", help="of consents: each was given in writing"),
            option("--wording", default="", metavar="TEXT", help="of consents: which text they agreed to, its version or hash"),
            option("--expires", default="", metavar="DATE", help="of consents: the last day they are good"),
        ),
    )
