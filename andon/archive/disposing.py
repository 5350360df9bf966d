"""`andon recordings dispose`: what may go, proposed as it was looked at, approved by two, refused by one, carried out; certificates.

Not the deciding and destroying (`recordings/retention/`). Without a step it is the dry run. Everything that changes something needs --yes,
and is done by the account that typed it.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from andon.acts import this_person
from andon.archive.finding import edge
from andon.archive.keeping import YES, asked, done_as, plan_of
from andon.archive.opened import archive_of, tool
from andon.command_form import Said
from andon.roles.work import now_us
from andon.say import Exit, complain, say
from andon.settings import Settings
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt.stores import stores_of
from recordings.proof import publishing
from recordings.proof.published import folder_of
from recordings.proof.signer import Signer
from recordings.refusals.stored import english
from recordings.retention import carrying, disposal, redaction
from recordings.retention.disposal import DisposalRefused, Wish
from recordings.retention.ids import new_id
from recordings.retention.judging import policy_of
from recordings.retention.sentences import day
from recordings.retention.tools import Tools
from recordings.vault.folder import FolderVault

STEPS: Final = ("list", "propose", "approve", "refuse", "show", "run", "certificate")
HASH_LEAST: Final = 12
"""Characters of a list's hash that name it: nobody types 64."""
SHOWN: Final = 1_000


def dispose(said: Said, settings: Settings) -> Exit:
    step, what = (said.what[0], said.what[1:]) if said.what else ("", [])
    if not step:
        return asked(settings, lambda catalogue: _dry(catalogue, said, settings))
    if step not in STEPS or (step not in ("list", "run") and len(what) != 1):
        complain(f"Say andon recordings dispose, or one of {', '.join(STEPS)} behind it; all but list and run of one list or disposal.")
        return Exit.WRONG
    if step in READS:
        return asked(settings, lambda catalogue: READS[step](catalogue, said, settings))
    if step == "refuse" and not said.reason:
        complain("Say why it is refused: --reason TEXT.")
        return Exit.WRONG
    if not said.yes:
        say(YES)
        return Exit.DONE
    return done_as(settings, f"{step} a disposal", " ".join(what), lambda catalogue: CHANGES[step](catalogue, said, settings))


async def _dry(catalogue: Catalogue, said: Said, settings: Settings) -> Exit:
    zone = settings.floor.timezone
    at = edge(said.until, zone, "--until", end=True) or now_us()
    found = await disposal.groups(catalogue, policy_of(plan_of(settings), zone), at, said.class_, said.month)
    for each in found:
        more = " and more, for the next list" if each.more else ""
        say(f"{each.class_}, {each.month}: {len(each.items):,} recordings{more}; list {each.sha256}")
        for item in each.first[: said.limit]:
            last = day(item.keeping.keep_until - 1, zone)
            say(f"    {item.row['id']}  {day(item.row['began'], zone)}  kept by {item.keeping.kept_by} until {last}")
    if not found:
        complain("Nothing may go; andon recordings due says why each is kept.")
    return Exit.DONE


async def _propose(catalogue: Catalogue, said: Said, settings: Settings) -> Exit:
    policy, begins, now = policy_of(plan_of(settings), settings.floor.timezone), said.what[1].lower(), now_us()
    found = await disposal.groups(catalogue, policy, now)
    lists = [each for each in found if each.sha256.startswith(begins)] if len(begins) >= HASH_LEAST else []
    if len(lists) != 1:
        raise DisposalRefused("command.no_list")
    wish, id_ = Wish(lists[0].class_, lists[0].month, lists[0].sha256, said.reason), new_id("d")
    await disposal.propose(catalogue, id_, policy, wish, this_person(), now)
    say(f"{id_} is proposed: {len(lists[0].items):,} recordings. Two people approve: andon recordings dispose approve {id_} --yes")
    return Exit.DONE


async def _approve(catalogue: Catalogue, said: Said, _settings: Settings) -> Exit:
    standing = await disposal.approve(catalogue, said.what[1], this_person(), now_us())
    say("It is approved; the archivist carries it out." if standing == disposal.APPROVED else "You approved; another person has to, too.")
    return Exit.DONE


async def _refuse(catalogue: Catalogue, said: Said, _settings: Settings) -> Exit:
    await disposal.refuse(catalogue, said.what[1], this_person(), said.reason, now_us())
    say("It is refused; its recordings stay.")
    return Exit.DONE


async def _run(catalogue: Catalogue, said: Said, settings: Settings) -> Exit:
    done = await carrying.carry_out(tools_of(catalogue, settings), this_person(), said.what[1] if len(said.what) > 1 else "")
    for each in done:
        say(f"{each.id}: {each.gone:,} recordings are gone, {each.kept:,} stay." if not each.trouble else f"{each.id}: {each.trouble}")
    if not done:
        complain("Nothing is approved and waits to be carried out.")
    return Exit.FAILED if any(each.trouble for each in done) else Exit.DONE


def tools_of(catalogue: Catalogue, settings: Settings) -> Tools:
    archive = archive_of(settings)
    signer = Signer(archive.data_dir / "keys", archive.floor)
    return Tools(
        catalogue,
        stores_of(archive),
        [FolderVault(folder, number, fresh=False) for number, folder in enumerate(archive.vaults)],
        lambda: policy_of(plan_of(settings), archive.timezone),
        signer.key,
        now_us,
        archive.floor,
        tool(),
        archive.folder,
        lambda: publishing.cut(catalogue, signer, folder_of(archive.folder)),
    )


async def _list(catalogue: Catalogue, said: Said, settings: Settings) -> Exit:
    zone = settings.floor.timezone
    async with catalogue.reading() as connection:
        found = await disposal.every(connection, "", said.limit)
        good = {row["id"]: await disposal.approvers(connection, row["id"]) for row in found}
    for row in found:
        by = f"by {row['by']} on {day(row['at'], zone)}, approved by {', '.join(good[row['id']].values()) or 'nobody yet'}"
        what = f"{row['class_']} {row['month']}" if row["kind"] == "disposal" else row["kind"]
        trouble = english(row["trouble"])
        say(f"{row['id']}  {row['standing']}  {what}  {row['items']:,} recordings, {row['gone']:,} gone; {by}. {trouble}".rstrip())
    if not found:
        complain("There are no disposals.")
    return Exit.DONE


async def _show(catalogue: Catalogue, said: Said, _settings: Settings) -> Exit:
    async with catalogue.reading() as connection:
        run = await disposal.one(connection, said.what[1])
        if run is None:
            raise DisposalRefused("command.no_disposal")
        after = ""
        say(f"{run['id']}  {run['standing']}; SHA-256 of the list: {run['sha256'].hex()}")
        for told in (await redaction.told_of(connection, [run["id"]])).values():
            spans = ", ".join(f"{since / 1_000:g} to {until / 1_000:g} s" for since, until in told.spans)
            say(f"{told.recording}: silent from {spans}{f'; {told.into} took its place' if told.into else ''}")
        while items := await disposal.items_of(connection, run["id"], SHOWN, after):
            for item in items:
                say(f"{item['id']}  {item['standing']}")
            after = items[-1]["id"]
    return Exit.DONE


async def _certificate(catalogue: Catalogue, said: Said, _settings: Settings) -> Exit:
    async with catalogue.reading() as connection:
        run = await disposal.one(connection, said.what[1])
    if run is None or not run["certificate"]:
        raise DisposalRefused("command.no_certificate")
    out = Path(said.out or f"andon-certificate-{run['id']}.json")
    _write(out, run["certificate"])
    say(f"{out} is the signed certificate; with plain Python: python3 -I verify_bundle.py {out}")
    return Exit.DONE


def _write(out: Path, content: bytes) -> None:
    """Raises DisposalRefused."""
    try:
        with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise DisposalRefused("command.not_written", out=out, fault=error.strerror) from error


Step = Callable[[Catalogue, Said, Settings], Awaitable[Exit]]
READS: Final[dict[str, Step]] = {"list": _list, "show": _show, "certificate": _certificate}
CHANGES: Final[dict[str, Step]] = {"propose": _propose, "approve": _approve, "refuse": _refuse, "run": _run}
