"""`andon recordings burn`: disc sets and discs, step by step, at once and on this machine; without a step, how they all stand.

Not the steps (`recordings/discs/`). What the board asks for is carried out by the archivist; what is asked for here is done here, and the
two wait for each other. Who signs is the account on this machine, so the second signature is another account's, or the board's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from andon.acts import this_person
from andon.archive.finding import WrongMoment, edge
from andon.archive.keeping import YES, asked, done_as, plan_of
from andon.archive.opened import archive_of
from andon.command_form import Said
from andon.roles.work import now_us
from andon.say import Exit, complain, say
from andon.settings import Settings
from andon.table import DASH, clean, width
from recordings.catalogue.catalogue import Catalogue
from recordings.discs import label, register, store, works
from recordings.discs.opening import works_of
from recordings.discs.register import DiscRefused
from recordings.discs.rows import DiscRow
from recordings.discs.schedule import to_check
from recordings.discs.sets import Planned
from recordings.refusals.stored import english

HEAD: Final = ("DISC", "STATE", "CLASS", "MONTH", "RECORDINGS", "IMAGE", "CLIENT", "SAID")
WIDEST: Final = 60


class Step(NamedTuple):
    """`of`: what it is a step of. `sure`: it uses up a medium or cannot be taken back, so that it needs --yes."""

    of: str
    sure: bool
    do: Callable[[Asked], Awaitable[Exit]]


class Asked(NamedTuple):
    settings: Settings
    said: Said
    catalogue: Catalogue
    step: str
    id: str


def burn(said: Said, settings: Settings) -> Exit:
    step, more = (said.what[0], said.what[1:]) if said.what else ("list", [])
    found = STEPS.get(step)
    if found is None:
        complain(f"Say which step: {', '.join(STEPS)}; as andon recordings burn gather.")
        return Exit.WRONG
    if bool(found.of) != (len(more) == 1) or len(more) > 1:
        needs = f"the id of a {found.of}, as andon recordings burn {step} ID" if found.of else "no id"
        complain(f"The step {step} takes {needs}.")
        return Exit.WRONG
    looks = found.sure and not said.yes and step != "gather"

    async def ask(catalogue: Catalogue) -> Exit:
        try:
            wish = Asked(settings, said, catalogue, step, more[0].upper() if more else "")
            return await (_would(wish) if looks else found.do(wish))
        except (*works.FAULTS, WrongMoment) as refused:
            complain(str(refused))
            return Exit.FAILED

    quiet = step in LOOKING or (found.sure and not said.yes)
    return asked(settings, ask) if quiet else done_as(settings, f"discs.{step}", more[0] if more else "", ask)


# ---------------------------------------------------------------- to look at


async def _list(ask: Asked) -> Exit:
    async with ask.catalogue.reading() as connection:
        found = await store.all_discs(connection, limit=ask.said.limit)
        due = to_check(*await store.shelf(connection), plan_of(ask.settings).archive.discs, now_us())
        gone = await store.for_destruction(connection)
    if ask.said.json:
        shown = [msgspec.structs.replace(disc, said=english(disc.said)) for disc in found]
        say(msgspec.json.encode({"discs": shown, "check": due, "destroy": gone}).decode())
        return Exit.DONE
    for line in lines([HEAD, *map(_cells, found)]) if found else ["No discs yet: andon recordings burn gather says what may be burned."]:
        say(line)
    for each in due:
        say(f"To be read again: {each.disc} ({label.WORDS[each.why][ask.said.language == 'zh']}); andon recordings burn check {each.disc}")
    for disc in gone:
        say(f"To be destroyed: {disc}; every recording on it is disposed of. First: andon recordings burn prove {disc}")
    return Exit.DONE


def _cells(disc: DiscRow) -> tuple[str, ...]:
    said = clean(english(disc.said))[:WIDEST] or DASH
    return (disc.id, disc.state, disc.class_, disc.month, str(disc.recordings), disc.image[:16] or DASH, clean(disc.client) or DASH, said)


def lines(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(width(row[at]) for row in rows) for at in range(len(HEAD))]
    return ["  ".join(cell + " " * (widest - width(cell)) for cell, widest in zip(row, widths, strict=True)).rstrip() for row in rows]


async def _would(ask: Asked) -> Exit:
    """What needs --yes, without it: of which disc, and in which state it is; whether that is the right one the step itself says."""
    async with ask.catalogue.reading() as connection:
        disc = await store.disc_of(connection, ask.id)
    if disc is None and STEPS[ask.step].of == "disc":
        raise DiscRefused("disc.disc_unknown", disc=ask.id)
    say(f"{ask.step} {ask.id}{f', which is {disc.state}' if disc is not None else ''}: {YES}")
    return Exit.DONE


async def _label(ask: Asked) -> Exit:
    async with ask.catalogue.reading() as connection:
        disc = await store.disc_of(connection, ask.id)
    if disc is None:
        raise DiscRefused("disc.disc_unknown", disc=ask.id)
    zh = ask.said.language == "zh"
    names = {each.id: each.name_zh if zh else each.name for each in plan_of(ask.settings).archive.classes}
    page = label.label(disc, names.get(disc.class_, ""), ask.settings.floor.timezone, ask.said.language)
    return _written(ask.said.out or f"{disc.id}.html", page)


async def _register(ask: Asked) -> Exit:
    now = now_us()
    async with ask.catalogue.reading() as connection:
        found = await store.all_discs(connection)
        signed = await store.all_signatures(connection, [disc.id for disc in found])
        due = to_check(*await store.shelf(connection), plan_of(ask.settings).archive.discs, now)
    page = label.register_page(found, signed, due, now, ask.settings.floor.timezone, ask.said.language)
    return _written(ask.said.out or "discs.html", page)


def _written(out: str, page: str) -> Exit:
    handle = os.open(Path(out), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(page)
    say(f"{out} is ready to print.")
    return Exit.DONE


# ---------------------------------------------------------------- to do


async def _gather(ask: Asked) -> Exit:
    said, zone = ask.said, ask.settings.floor.timezone
    told = await register.gather(
        ask.catalogue, plan_of(ask.settings).archive, zone, this_person(), now_us(), class_=said.class_, month=said.month,
        until=edge(said.until, zone, "--until", end=True), carry_out=said.yes,
    )  # fmt: skip
    if said.json:
        say(json.dumps([_told(id, planned) for id, planned in told], ensure_ascii=False))
        return Exit.DONE
    for id, planned in told:
        one = _told(id, planned)
        say(f"{id or 'A set'}: {one['recordings']} recordings on {one['discs']} discs, class {one['class']}, to go in {one['month']}.")
        for item in planned.too_large[:10]:
            complain(f"Recording {item.id} is larger than a {planned.medium}; name a larger medium in the plan.")
        if planned.left:
            complain(f"{planned.left} recordings of this class and month need another set; gather again afterwards.")
    if not told:
        say("Nothing may be burned: no class of the plan that is burned has recordings that are kept, free of holds and on no disc.")
    elif not said.yes:
        say(YES)
    else:
        say(f"Next: andon recordings burn image {told[0][0]}")
    return Exit.DONE


def _told(id: str, planned: Planned) -> dict[str, str | int]:
    count = sum(len(disc) for disc in planned.discs)
    group = {"client": planned.group.client, "class": planned.group.class_, "month": planned.group.month, "medium": planned.medium}
    return {"set": id, **group, "discs": len(planned.discs), "recordings": count, "left": planned.left}


async def _work(ask: Asked) -> Exit:
    rules = plan_of(ask.settings).archive
    room = works_of(archive_of(ask.settings), ask.catalogue, lambda: rules, now_us)
    say(str(await works.do(room, ask.step, ask.id, this_person())))
    return Exit.DONE


async def _sign(ask: Asked) -> Exit:
    deed = register.sign if ask.step == "sign" else register.destroy
    state = await deed(ask.catalogue, ask.id, this_person(), now_us())
    wanted = "signed" if ask.step == "sign" else "destroyed"
    say(f"Disc {ask.id} is {state}." if state == wanted else f"Noted; disc {ask.id} is {wanted} when a second person has said so, too.")
    return Exit.DONE


async def _withdraw(ask: Asked) -> Exit:
    await register.withdraw(ask.catalogue, ask.id, 0, this_person(), now_us())
    say(f"{ask.id} is given up; what is now on no good disc may be gathered anew.")
    return Exit.DONE


LOOKING: Final = ("list", "label", "register")
STEPS: Final[dict[str, Step]] = {
    "list": Step("", False, _list),
    "gather": Step("", True, _gather),
    "image": Step("set", False, _work),
    "burn": Step("disc", True, _work),
    "verify": Step("disc", False, _work),
    "sign": Step("disc", True, _sign),
    "label": Step("disc", False, _label),
    "register": Step("", False, _register),
    "check": Step("disc", False, _work),
    "prove": Step("disc", False, _work),
    "destroy": Step("disc", True, _sign),
    "withdraw": Step("set or disc", True, _withdraw),
}
