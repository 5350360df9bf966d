"""What goes under proof/ of a disc: a signed checkpoint of the log, and bundles that show each seal on the disc to be in it.

Not the bundle (`proof/bundle.py`; `verify_bundle.py` reads it and goes onto the disc, too). Private parts of entries stay away: a disc
cannot forget them; so do all entries but the seals, which are what a disc is held against.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select

from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import checkpoints
from recordings.discs.register import DiscRefused
from recordings.discs.sets import Item
from recordings.discs.workroom import Proofs, Proving
from recordings.proof import note
from recordings.proof.bundle import BUNDLE, NotInLog, Signed, gather, verifier
from recordings.proof.published import Published
from recordings.proof.publishing import Withheld, publish
from recordings.proof.signer import NoKey, Signer
from recordings.words import Kind

IN_A_BUNDLE: Final = 250
"""Recordings: some hundred milliseconds of one reading of the catalogue, and as much of the verifier's patience."""


def proving(catalogue: Catalogue, signer: Signer, folder: Path, clock: Callable[[], Micros]) -> Proving:
    """`folder`: of published checkpoints."""

    async def proofs_of(items: Sequence[Item], checkpoint: int) -> Proofs:
        try:
            size = checkpoint or await _fresh(catalogue, signer, folder, clock())
            keys = Published(folder).keys()
        except (OSError, NoKey, note.BadNote) as error:
            raise DiscRefused("disc.no_checkpoint", why=error) from error
        async with catalogue.reading() as connection:
            text = (await connection.execute(select(checkpoints.c.note).where(checkpoints.c.size == size))).scalar()
        if text is None:
            raise DiscRefused("disc.no_checkpoint.size", size=size)
        signed = _signed(text, keys)
        files = {"checkpoint.txt": text.encode(), "log.vkey": f"{signed.keys[0]}\n".encode()}
        ordered = sorted(items, key=lambda item: (item.began, item.id))
        for number, start in enumerate(range(0, len(ordered), IN_A_BUNDLE), 1):
            async with catalogue.reading() as connection:
                some = [item.id for item in ordered[start : start + IN_A_BUNDLE]]
                try:
                    bundle = await gather(connection, some, signed, kinds=(Kind.SEAL,))
                except NotInLog as error:
                    raise DiscRefused("disc.no_proof", why=error) from error
            files[f"{number:04}/{BUNDLE}"] = bundle[BUNDLE]
        return Proofs(size, files, verifier())

    return proofs_of


async def _fresh(catalogue: Catalogue, signer: Signer, folder: Path, now: Micros) -> int:
    made = await publish(catalogue, signer, folder, now)
    if isinstance(made, Withheld):
        raise DiscRefused("disc.no_checkpoint", why=made.remark)
    return made.checkpoint.size


def _signed(text: str, keys: Sequence[note.VerifierKey]) -> Signed:
    """With the one key that signed it: those of later would make another image of the same disc."""
    for key in reversed(keys):
        try:
            return Signed(note.verify(text, [key]), text, (key,))
        except note.BadNote:
            continue
    raise DiscRefused("disc.no_checkpoint.key")
