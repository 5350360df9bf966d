"""What stands on a disc: a bag (BagIt 1.0, RFC 8493) as paths, sizes, hashes and bytes. Pure: the same arguments, the same bag.

Not the writing (`bagging.py`), not the texts in it (`listing.py`) and not the checking of bags (`validating.py`). Containers are named
with the hashes that were sealed and are never read here; keys are nowhere on a disc. No `fetch.txt`: a disc is complete in itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from realtime.words import SECOND, Micros
from recordings.discs import listing
from recordings.discs.sets import Group, Item

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
BAGIT, INFO, MANIFEST, TAGS = "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"
VERIFY, VERIFIER, PROOF = "VERIFY.txt", "verify_bundle.py", "proof"
CATALOGUE, TABLE, PAGE = "data/catalogue.jsonl", "data/catalogue.csv", "data/index.html"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Which disc of which set. `at`: the bagging date, and the date of everything in the image."""

    floor: str
    timezone: str
    set_id: str
    number: int
    of: int
    group: Group
    at: Micros


class Piece(msgspec.Struct, frozen=True):
    """One file of the bag: its bytes, or the recording whose container it is."""

    path: str
    size: int
    sha256: bytes
    content: bytes | None = None
    item: Item | None = None


def build(
    items: Sequence[Item], about: About, name_of: Callable[[Item], str], proofs: Mapping[str, bytes], verifier: bytes
) -> tuple[Piece, ...]:
    """Sorted by path. `name_of`: of a recording's container in the vault; `proofs`: files under proof/, with the checkpoint."""
    ordered = sorted(items, key=lambda item: (item.began, item.id))
    files = {item.id: f"data/{name_of(item)}" for item in ordered}
    if len(set(files.values())) != len(ordered):
        raise ValueError("two recordings would have one name on the disc")
    payload = [Piece(files[item.id], item.container_bytes, item.container, item=item) for item in ordered]
    payload += [
        _piece(CATALOGUE, listing.json_lines(ordered, files, about.group)),
        _piece(TABLE, listing.table(ordered, files, about.timezone)),
        _piece(PAGE, listing.page(ordered, files, about)),
    ]
    tags = [
        _piece(BAGIT, DECLARATION),
        _piece(INFO, _info(payload, about)),
        _piece(MANIFEST, manifest(payload)),
        _piece(VERIFY, listing.verify_text(about, sorted(proofs))),
        _piece(VERIFIER, verifier),
        *(_piece(f"{PROOF}/{name}", content) for name, content in proofs.items()),
    ]
    pieces = [*payload, *tags, _piece(TAGS, manifest(tags))]
    return tuple(sorted(pieces, key=lambda piece: piece.path))


def manifest(pieces: Sequence[Piece]) -> bytes:
    """As `sha256sum -c` reads it, too: two spaces."""
    lines = (f"{piece.sha256.hex()}  {encoded(piece.path)}\n" for piece in sorted(pieces, key=lambda piece: piece.path))
    return "".join(lines).encode()


def encoded(path: str) -> str:
    """RFC 8493 2.1.3: CR, LF and the percent sign itself."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _piece(path: str, content: bytes) -> Piece:
    return Piece(path, len(content), hashlib.sha256(content).digest(), content)


def _info(payload: Sequence[Piece], about: About) -> bytes:
    """RFC 8493 2.2.2. No client and no person: a disc that is found says no more than it must."""
    day = datetime.fromtimestamp(about.at // SECOND, UTC).date().isoformat()
    lines = (
        ("Bag-Software-Agent", "Andon"),
        ("Bagging-Date", day),
        ("External-Description", f"Encrypted recordings of one class, to be disposed of together in {about.group.month}"),
        ("External-Identifier", f"{about.set_id}-{about.number}"),
        ("Bag-Group-Identifier", about.set_id),
        ("Bag-Count", f"{about.number} of {about.of}"),
        ("Payload-Oxum", f"{sum(piece.size for piece in payload)}.{len(payload)}"),
    )
    return "".join(f"{name}: {value}\n" for name, value in lines).encode()
