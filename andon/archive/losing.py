"""`andon recordings lost`: which recordings are in quarantine, and giving them up: one proposes with a reason, another confirms.

Not the deciding (`recordings/retention/losing.py`). Everything that changes something needs --yes, and is done by the account that typed
it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from andon.acts import this_person
from andon.archive.keeping import YES, asked, done_as
from andon.command_form import Said
from andon.roles.work import now_us
from andon.say import Exit, complain, say
from andon.settings import Settings
from recordings.catalogue.catalogue import Catalogue
from recordings.retention import disposal, losing
from recordings.retention.ids import new_id
from recordings.retention.losing import Listed, LossRefused
from recordings.retention.sentences import day
from recordings.vault.port import name_of

ALL: Final = "all"
SHOWN: Final = 1_000


def lost(said: Said, settings: Settings) -> Exit:
    step, what = (said.what[0], said.what[1:]) if said.what else ("", [])
    zone = settings.floor.timezone
    if not step:
        return asked(settings, lambda catalogue: _quarantined(catalogue, said.limit, zone))
    if step not in (*STEPS, "show") or not what or (step != "propose" and len(what) != 1):
        complain("Say andon recordings lost, or behind it propose ID ... (or propose all), show, confirm or refuse with a proposal's id.")
        return Exit.WRONG
    if step in ("propose", "refuse") and said.yes and not said.reason:
        complain("Say why: --reason with where a good copy was looked for, or why there may be one.")
        return Exit.WRONG
    if step == "show" or not said.yes:
        dry = _would if step == "propose" else _shown
        return asked(settings, lambda catalogue: dry(catalogue, what, said.yes or step == "show"))
    return done_as(settings, f"{step} a loss", " ".join(what)[:200], lambda catalogue: STEPS[step](catalogue, what, said.reason))


# ---------------------------------------------------------------- looked at


async def _quarantined(catalogue: Catalogue, limit: int, zone: str) -> Exit:
    async with catalogue.reading() as connection:
        rows = await losing.quarantined(connection, min(limit, SHOWN))
        runs = [row for row in await losing.every(connection, SHOWN) if row["standing"] == disposal.PROPOSED]
    for row in rows:
        proposed = f"  proposed in {row['proposal']}" if row["proposal"] else ""
        held = f"  {row['holds']} holds" if row["holds"] else ""
        say(f"{row['id']}  {day(row['began'], zone)}  {name_of(row['id'], row['began'], 'sound')}{held}{proposed}")
    for run in runs:
        say(f"{run['id']}  waits for a second person: {run['items']:,} recordings, by {run['by']}: {run['reason']}")
    if not rows:
        complain("No recording is in quarantine.")
    else:
        complain("Put a good copy into a vault under the name shown: it is released within the hour. Is there none: lost propose ID.")
    return Exit.DONE


async def _would(catalogue: Catalogue, what: list[str], _yes: bool) -> Exit:
    async with catalogue.reading() as connection:
        listed = await losing.would(connection, _ids(what))
    for id_ in listed.ids:
        say(id_)
    _named(listed)
    say(f"{len(listed.ids):,} recordings would be given up, once another person agrees. {YES}")
    return Exit.DONE


async def _shown(catalogue: Catalogue, what: list[str], yes: bool) -> Exit:
    async with catalogue.reading() as connection:
        run = await losing.one(connection, what[0])
        if run is None:
            raise LossRefused("command.no_proposal")
        listed = await losing.listed(connection, run["id"])
    for id_ in listed.ids:
        say(id_)
    _named(listed)
    say(f"{run['id']} is {run['standing']}: {run['items']:,} recordings were proposed by {run['by']}: {run['reason']}")
    say(f"SHA-256 of the list: {run['sha256'].hex()}.{'' if yes else f' {YES}'}")
    return Exit.DONE


def _named(listed: Listed) -> None:
    for hold in listed.holds:
        say(f"Hold {hold.id} is on {hold.items:,} of them ({hold.matter}; {hold.custodian}): tell its custodian.")
    for disc, number in listed.discs:
        say(f"Disc {disc} bears {number:,} of them: read it first, andon recordings burn check {disc}.")


# ---------------------------------------------------------------- done


async def _propose(catalogue: Catalogue, what: list[str], why: str) -> Exit:
    id_ = new_id("l")
    listed = await losing.propose(catalogue, id_, _ids(what), why, this_person(), now_us())
    _named(listed)
    say(f"{id_} is proposed: {len(listed.ids):,} recordings. Another person confirms: andon recordings lost confirm {id_} --yes")
    return Exit.DONE


async def _confirm(catalogue: Catalogue, what: list[str], _why: str) -> Exit:
    async with catalogue.reading() as connection:
        run = await losing.one(connection, what[0])
    sha256 = "" if run is None else run["sha256"].hex()
    done = await losing.confirm(catalogue, what[0], sha256, this_person(), now_us())
    _named(done.listed)
    say(f"{done.lost:,} recordings are lost, and the log says so; of {done.kept:,} a good copy was found in between.")
    return Exit.DONE


async def _refuse(catalogue: Catalogue, what: list[str], why: str) -> Exit:
    await losing.refuse(catalogue, what[0], this_person(), why, now_us())
    say("It is refused; its recordings stay in quarantine.")
    return Exit.DONE


def _ids(what: list[str]) -> list[str]:
    return [] if what == [ALL] else what


Step = Callable[[Catalogue, list[str], str], Awaitable[Exit]]
STEPS: Final[dict[str, Step]] = {"propose": _propose, "confirm": _confirm, "refuse": _refuse}
