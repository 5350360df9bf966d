"""Keys of the archive for a terminal: which there are and what they wrap, one exchanged; the key of the log, too.

Not how a key is exchanged (`recordings/crypt/keeping.py`, `recordings/proof/signer.py`). No key is ever shown, only names.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import func, select

from andon.acts import this_person
from andon.say import Exit, complain, say
from realtime.words import Micros
from recordings.catalogue import schema
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt import keeping
from recordings.crypt.ring import is_kek_name, kek_parts
from recordings.crypt.stores import stores_of
from recordings.crypt.tables import retired
from recordings.proof.entries import Entry
from recordings.proof.note import VerifierKey
from recordings.proof.published import Published
from recordings.proof.publishing import ABOUT_LOG, Withheld, publish
from recordings.proof.signer import Signer
from recordings.refusals.stored import english
from recordings.settings import ArchiveSettings
from recordings.words import Kind


async def shown_keys(archive: ArchiveSettings, catalogue: Catalogue, log_keys: Sequence[VerifierKey], as_json: bool) -> Exit:
    """Raises StoreAway."""
    stores = stores_of(archive)
    there = await asyncio.to_thread(stores.names)
    async with catalogue.reading() as connection:
        counted = await connection.execute(select(schema.keys.c.kek, func.count()).group_by(schema.keys.c.kek))
        wrapped = {kek: int(count) for kek, count in counted}
        gone = (await connection.execute(select(retired.c.kek, retired.c.destroyed_at))).all()
    await asyncio.to_thread(lambda: [stores.get(name) for name in wrapped.keys() - there])  # one that is away has lost nothing, and says so
    waiting = sorted(row.kek for row in gone if not row.destroyed_at)
    rows = [{"key": name, "recordings": wrapped.get(name, 0), "there": name in there} for name in sorted(there | set(wrapped))]
    if as_json:
        answer = {"keys": rows, "destroyed": len(gone) - len(waiting), "to_be_destroyed": waiting, "log": [str(key) for key in log_keys]}
        say(msgspec.json.encode(answer).decode())
    else:
        for row in rows:
            said = kek_parts(str(row["key"]))
            about = f"class {said.class_ or 'none'}, month {said.month}, {row['recordings']} recordings"
            say(f"{row['key']}: {about}" + ("" if row["there"] else "; NO key store has it: restore the key stores from their backup"))
        say(f"Key stores: {', '.join(stores.names_of_stores)}. Keys that were destroyed: {len(gone) - len(waiting)}.")
        for name in waiting:
            say(f"{name} is to be destroyed, and a key store still has it.")
        for number, key in enumerate(reversed(log_keys)):
            say(f"{'The log is signed with' if not number else 'Before that with'} {key}")
    return Exit.DONE if all(row["there"] for row in rows) else Exit.FAILED


async def exchange_kek(archive: ArchiveSettings, catalogue: Catalogue, name: str, clock: Callable[[], Micros]) -> Exit:
    """Raises StoreAway."""
    stores = stores_of(archive)
    if not is_kek_name(name) or await asyncio.to_thread(stores.get, name) is None:
        complain(f"No key store has {name}; andon recordings keys says which keys there are.")
        return Exit.FAILED
    done = await keeping.exchange(catalogue, stores, name, clock)
    for each in done.stores:
        if not each.gone:
            complain(f"{each.store} still has {name} ({english(each.reason)}); the archivist tries again until it is gone.")
    if not done.at:
        return Exit.FAILED
    wraps = f"{done.kept} recordings are wrapped with {done.successor} instead." if done.kept else "It wrapped no recording."
    say(f"{name} is destroyed in every key store. {wraps}")
    return Exit.DONE


async def exchange_log_key(catalogue: Catalogue, signer: Signer, folder: Path, now: Micros) -> Exit:
    """Who signs from now on is in the log, and signed with the new key; what the old one signed stays good with the old one."""
    published = Published(folder)
    if signer.path.exists():
        published.add_key(signer.key().verifier)
    key = signer.exchange()
    entry = Entry(
        kind=Kind.RECLASS, at=now, subject=ABOUT_LOG, public={"what": "key", "key": str(key.verifier)}, private={"who": this_person()}
    )
    async with catalogue.change() as change:
        await change.append(entry)
    made = await publish(catalogue, signer, folder, now)
    if isinstance(made, Withheld):
        complain(made.why)
        return Exit.FAILED
    say(f"The log is signed with a new key from now on. Give it to everybody who had the old one: {key.verifier}")
    return Exit.DONE
