"""Whether a bag is complete and valid (RFC 8493 3), as a reader would look at it who trusts nobody who wrote it. Pure.

Not the writing of bags. `names` are the files that are there, `read` gives the bytes of one: of a folder or of an image. Paths in
manifests are text of strangers: what could leave the bag, name a device or break a line is refused before anything is opened.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final, NamedTuple

from recordings.discs.bag import BAGIT, DECLARATION, INFO, MANIFEST, TAGS

Read = Callable[[str], Iterable[bytes]]
MOST_TEXT: Final = 256 << 20
"""Bytes of one manifest: two million lines."""
_LINE = re.compile(r"([0-9a-fA-F]{64})[ \t]+(.+)")
_DRIVE = re.compile(r"[A-Za-z]:")
_OXUM = re.compile(r"Payload-Oxum: ([0-9]{1,18})\.([0-9]{1,9})")


class Complaint(NamedTuple):
    """`code`: unsafe, missing, extra, changed, malformed."""

    code: str
    path: str
    what: str


def unsafe(path: str) -> str:
    """Why a path of a manifest is not followed, or nothing. It stands there as it is written, before its percent signs are read."""
    if re.search(r"%0[AaDd]", path):
        return "a line break is hidden in it"
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in path) or "\\" in path:
        return "it has control characters or backslashes"
    if path.startswith(("/", "~")) or _DRIVE.match(path):
        return "it is not relative to the bag"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "it leaves the bag, or does not say plainly where it is"
    return ""


def validate(names: Collection[str], read: Read) -> tuple[Complaint, ...]:
    """Empty: complete and valid."""
    there = set(names)
    complaints = [Complaint("missing", name, "every bag has it") for name in (BAGIT, MANIFEST, TAGS) if name not in there]
    if complaints:
        return tuple(complaints)
    if b"".join(read(BAGIT)) != DECLARATION:
        complaints.append(Complaint("malformed", BAGIT, "it is not BagIt 1.0 in UTF-8"))
    if "fetch.txt" in there:
        complaints.append(Complaint("unsafe", "fetch.txt", "a disc is complete in itself and fetches nothing"))
    payload = {name for name in there if name.startswith("data/")}
    sums: dict[str, tuple[str, int]] = {}
    complaints += _against(MANIFEST, payload, there, read, sums)
    complaints += _against(TAGS, there - payload - {TAGS, "fetch.txt"}, there, read, sums)
    complaints += _oxum(there, payload, read, sums)
    return tuple(complaints)


def _against(manifest: str, wanted: set[str], there: set[str], read: Read, sums: dict[str, tuple[str, int]]) -> Iterator[Complaint]:
    listed: set[str] = set()
    inside = manifest == MANIFEST
    for number, line in enumerate(_lines(read, manifest), 1):
        found = _LINE.fullmatch(line)
        if found is None:
            yield Complaint("malformed", manifest, f"line {number} is no hash and path")
            continue
        sha256, path = found[1].lower(), found[2].removeprefix("*")
        if why := unsafe(path):
            yield Complaint("unsafe", path, why)
            continue
        path = path.replace("%25", "%")
        if path in listed or path.startswith("data/") != inside:
            yield Complaint("malformed", path, f"it has no place in {manifest}, or stands there twice")
            continue
        listed.add(path)
        if path not in there:
            yield Complaint("missing", path, f"{manifest} lists it")
            continue
        sums[path] = _sum(read(path))
        if sums[path][0] != sha256:
            yield Complaint("changed", path, "its bytes are not those that were listed")
    for path in sorted(wanted - listed):
        yield Complaint("extra", path, f"{manifest} does not list it")


def _lines(read: Read, name: str) -> list[str]:
    text = b""
    for chunk in read(name):
        text += chunk
        if len(text) > MOST_TEXT:
            return ["too long"]
    return [line for line in text.decode("utf-8", "replace").split("\n") if line.strip("\r")]


def _sum(chunks: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _oxum(there: set[str], payload: set[str], read: Read, sums: dict[str, tuple[str, int]]) -> Iterator[Complaint]:
    """Bytes and number of what is under data/, where bag-info says them."""
    said = [_OXUM.fullmatch(line) for line in _lines(read, INFO)] if INFO in there else []
    for found in filter(None, said):
        octets = sum(sums[path][1] for path in payload if path in sums)
        if payload <= set(sums) and (octets, len(payload)) != (int(found[1]), int(found[2])):
            yield Complaint("changed", INFO, "Payload-Oxum says another size or number of files")
