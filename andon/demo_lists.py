"""The demo's lists of numbers: written before it starts, announced and asked for by its crowd.

Not `andon lists import`, which reads other people's files and asks a running floor; the files are the same (`realtime/lists/`).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from andon.lists import FOLDER, announced_of
from andon.plan.demo_campaigns import CLIENTS, CONSENTS, LAWFUL, NO_CALLS, TRIAL, book, consenting, e164
from realtime.facts import Sealed
from realtime.lists.files import Mapped, path_of, versions
from realtime.lists.packing import Meta
from realtime.lists.writing import ListWriter
from realtime.outbound import ListAnnounced
from realtime.sealing import Sealer, mask
from realtime.words import SECOND, Micros

DAY: Final[Micros] = 86_400 * SECOND
NAMES: Final = (CONSENTS, NO_CALLS, *LAWFUL)


def write_lists(data: Path, seed: int, now: Micros) -> None:
    whom = book(seed)
    agreed = Meta(
        name=CONSENTS,
        kind="consent",
        as_of=now,
        source="the demo",
        client=CLIENTS[TRIAL],
        purpose="telemarketing",
        wording="Yes, call me about my insurance.",
        expires=now + 365 * DAY,
    )
    _write(data, agreed, consenting(whom))
    _write(data, Meta(name=NO_CALLS, as_of=now, source="the demo"), whom.listed)
    for name in LAWFUL:
        _write(data, Meta(name=name, as_of=now, source="the demo"), whom.listed[:5])


def _write(data: Path, meta: Meta, numbers: Sequence[str]) -> None:
    with ListWriter(data / FOLDER, meta.name) as writer:
        writer.add(array("Q", [int(e164(each)) for each in numbers]))
        writer.finish(meta)


def announced(data: Path) -> list[ListAnnounced]:
    """As the engine is to be asked to say; none where none were written."""
    folder = data / FOLDER
    newest = [(name, version) for name in NAMES for version in versions(folder, name)[:1]]
    return [announced_of(Mapped(path_of(folder, name, version), version)) for name, version in newest]


def asked(seed: int, sealer: Sealer, now: Micros) -> list[tuple[Sealed, str]]:
    """Who does not want to be called, sealed as every number is."""
    numbers = [e164(each) for each in book(seed).asked]
    return [(sealed, mask(each)) for each in numbers if (sealed := sealer.seal(each, now)) is not None]
