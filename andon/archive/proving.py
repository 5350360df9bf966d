"""`andon recordings prove`, `verify` and `keys`: bundles, the log looked through, keys shown and exchanged.

Not what is proven (`recordings/proof/`) and not the exchange itself (`recordings/crypt/keeping.py`).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from andon.acts import recorded, this_person
from andon.archive import proving_one
from andon.archive.opened import NoArchive, archive_of, with_catalogue
from andon.archive.proving_keys import exchange_kek, exchange_log_key, shown_keys
from andon.command_form import Said
from andon.roles.work import now_us
from andon.say import Exit, complain, say
from andon.settings import Settings
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.tree import LogDamaged
from recordings.crypt.ring import WrongKey, kek_parts
from recordings.crypt.store_faults import KeysDisagree, StoreAway
from recordings.proof import bundle, note, publishing, verifying
from recordings.proof.bundle import BATCH, NotInLog, Older, Signed
from recordings.proof.entries import Entry
from recordings.proof.note import BadNote
from recordings.proof.published import Published, folder_of, read
from recordings.proof.publishing import Withheld
from recordings.proof.signer import NoKey, Signer
from recordings.retention.restored import set_back
from recordings.retention.successor import successor_of
from recordings.settings import ArchiveSettings
from recordings.words import Kind

FAULTS: Final = (NoArchive, LogDamaged, NoKey, NotInLog, BadNote, StoreAway, KeysDisagree, WrongKey, OSError)
LOG: Final = "log"
"""`keys exchange log`: the key of checkpoints and certificates, beside those of recordings."""


class Place(NamedTuple):
    """Where everything is that proves."""

    archive: ArchiveSettings
    catalogue: Catalogue
    signer: Signer
    folder: Path

    @property
    def published(self) -> Published:
        return Published(self.folder)


def place_of(settings: Settings, catalogue: Catalogue) -> Place:
    archive = archive_of(settings)
    return Place(archive, catalogue, Signer(archive.data_dir / "keys", archive.floor), folder_of(archive.folder))


Work = Callable[[Place], Coroutine[Any, Any, Exit]]


def carried_out(settings: Settings, work: Work) -> Exit:
    """Faults of outside are a sentence."""
    try:
        return with_catalogue(settings, lambda catalogue: work(place_of(settings, catalogue)), writes=True)
    except FAULTS as error:
        complain(f"{error.filename}: {error.strerror}." if isinstance(error, OSError) and error.filename else str(error))
        return Exit.FAILED


# ---------------------------------------------------------------- prove


def prove(said: Said, settings: Settings) -> Exit:
    if not said.what or len(said.what) > BATCH:
        complain(f"Say which recording: andon recordings prove ID; at most {BATCH}.")
        return Exit.WRONG
    if said.private and not said.reason:
        complain("A bundle with --private says who heard the recording and whose call it was: say why it is made with --reason.")
        return Exit.WRONG
    out = Path(said.out or f"{said.what[0]}-proof.zip")
    if out.exists():
        complain(f"{out} is there already; choose another name with --out.")
        return Exit.FAILED
    return carried_out(settings, lambda place: _prove(place, said, out))


async def _prove(place: Place, said: Said, out: Path) -> Exit:
    now, ids = now_us(), list(dict.fromkeys(said.what))
    async with place.catalogue.reading() as connection:
        await proving_one.sealed(connection, ids)
    if said.private:
        async with place.catalogue.change() as change:
            for each in ids:
                private = {"who": this_person(), "why": said.reason, "what": "proof with private parts"}
                await change.append(Entry(kind=Kind.EXPORT, at=now, subject=each, private=private))
    made = await publishing.publish(place.catalogue, place.signer, place.folder, now)
    if isinstance(made, Withheld):
        complain(made.why)
        return Exit.FAILED
    keys = place.published.keys()
    older = None
    if said.older:
        text = read(Path(said.older))
        older = Older(note.verify(text, keys), text)
        if not older.checkpoint.size:
            raise NotInLog("proof.of_nothing", file=said.older)
        async with place.catalogue.reading() as connection:
            why = await publishing.misfit(connection, text, keys, made.checkpoint.size)
        if why is not None:
            raise NotInLog("proof.not_going_on", file=said.older, misfit=why)
    async with place.catalogue.reading() as connection:
        files = await bundle.gather(connection, ids, Signed(made.checkpoint, made.note, keys), private=said.private, older=older)
        redacted = {each: into for each in ids if (into := await successor_of(connection, each)) and into not in ids}
    _write(out, bundle.pack(files, now))
    entries = len(msgspec.json.decode(files[bundle.BUNDLE])["entries"])
    say(f"{out} proves {entries} entries of the log about {', '.join(ids)}, up to its checkpoint of {made.checkpoint.size} entries.")
    for each, into in redacted.items():
        say(f"{each} was redacted; its successor is {into}, which the bundle proves nothing about: andon recordings prove {each} {into}")
    say("To verify it takes only Python: python3 -I verify_bundle.py BUNDLE --vkey KEY; both languages of README.txt in it say how.")
    say(f"Give this key by another way than with the bundle: {keys[-1]}")
    return Exit.DONE


def _write(out: Path, content: bytes) -> None:
    with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


# ---------------------------------------------------------------- verify


def verify(said: Said, settings: Settings) -> Exit:
    if said.what == ["accept"]:
        return _accept(said, settings)
    if said.what:
        return carried_out(settings, lambda place: _verify_some(place, said.what))
    return carried_out(settings, lambda place: _verify_log(place, said.json))


async def _verify_log(place: Place, as_json: bool) -> Exit:
    keys = place.published.keys()
    looked = await verifying.look(place.catalogue, place.published, keys, lambda at, of: None)
    if as_json:
        say(msgspec.json.encode({**vars(looked), "root": looked.root.hex()}).decode())
        return Exit.FAILED if looked.bad else Exit.DONE
    for finding in looked.findings:
        say(f"NO {finding}")
    if looked.bad:
        more = f", {looked.bad - len(looked.findings)} of them not shown" if looked.bad > len(looked.findings) else ""
        complain(f"{looked.bad} findings{more}. Keep this database as it is and ask who has a copy of the checkpoints.")
        complain("If an old backup was put back: andon recordings verify accept --reason ... --yes.")
        return Exit.FAILED
    said = f"{looked.size} entries, {looked.stored} checkpoints and {looked.files} published files fit; root {looked.root.hex()}."
    say(f"{said} Private parts that were forgotten: {looked.forgotten}.")
    say("This machine says so of itself: compare a checkpoint that you keep elsewhere.")
    return Exit.DONE


async def _verify_some(place: Place, ids: Sequence[str]) -> Exit:
    bad = False
    for each in ids:
        async with place.catalogue.reading() as connection:
            lines = await proving_one.looked_at(connection, each)
            about = await proving_one.copies_of(connection, each)
        lines += await asyncio.to_thread(proving_one.compared, place.archive, about)
        for good, sentence in lines:
            say(f"{'ok' if good else 'NO'} {sentence}")
            bad = bad or not good
    return Exit.FAILED if bad else Exit.DONE


def _accept(said: Said, settings: Settings) -> Exit:
    if not said.reason or not said.yes:
        complain(
            "This says for ever that the log does not go on from checkpoints that were signed, and makes it another log; what stands "
            "approved then waits to be approved again, so first place the holds that a backup does not know of: "
            "andon recordings verify accept --reason WHY --yes."
        )
        return Exit.WRONG

    async def work(place: Place) -> Exit:
        done = await publishing.accept(place.catalogue, place.signer, place.folder, now_us(), this_person(), said.reason, set_back)
        if done is None:
            say("Nothing is to be accepted: the log goes on from every checkpoint.")
            return Exit.DONE
        if done.again:
            say(f"Approved before, and to be approved again: {done.again}; andon recordings dispose list names them.")
        made = await publishing.publish(place.catalogue, place.signer, place.folder, now_us())
        if isinstance(made, Withheld):
            complain(made.why)
            return Exit.FAILED
        names = f"{done.lost} checkpoints are given up, and the log has an entry that names them."
        say(f"{names if done.lost else 'The log has an entry that says so.'} From now on it is {made.checkpoint.origin}.")
        return Exit.DONE

    return recorded(Path(settings.data.dir), "recordings.gap.accept", said.reason[:200], lambda: carried_out(settings, work))


# ---------------------------------------------------------------- keys


def keys(said: Said, settings: Settings) -> Exit:
    match said.what:
        case [] | ["list"]:
            return carried_out(settings, lambda place: shown_keys(place.archive, place.catalogue, place.published.keys(), said.json))
        case ["exchange", name] if said.yes:
            return _exchange(name, settings)
        case ["exchange", name]:
            say(f"{name} would be exchanged for a new key and destroyed; every recording stays readable. Add --yes to do it.")
            return Exit.DONE
    complain("Say which key: andon recordings keys, or andon recordings keys exchange NAME --yes; NAME is log for that of checkpoints.")
    return Exit.WRONG


def _exchange(name: str, settings: Settings) -> Exit:
    if name == LOG:

        async def work(place: Place) -> Exit:
            return await exchange_log_key(place.catalogue, place.signer, place.folder, now_us())
    else:
        try:
            kek_parts(name)
        except ValueError:
            complain(f"{name!r} is no name of a key; andon recordings keys says which there are.")
            return Exit.WRONG

        async def work(place: Place) -> Exit:
            return await exchange_kek(place.archive, place.catalogue, name, now_us)

    return recorded(Path(settings.data.dir), "recordings.key.exchange", name, lambda: carried_out(settings, work))
