"""Signed notes and checkpoints as C2SP writes them (signed-note, tlog-checkpoint), with Ed25519 (RFC 8032). Pure.

Not where the key lies (`signer.py`) and not when one is signed (`publishing.py`). A checkpoint says: origin, number of leaves, root.
A log that was cut and accepted as such (`gap`) is another log and has another origin: nobody may sign two histories under one name.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from recordings.proof.merkle import HASH
from recordings.refusals import Worded

ED25519 = b"\x01"
DASH = "\N{EM DASH} "
GAP = "/gap-"
SIGNATURES: Final = 16
"""At most so many lines: what signed-note asks every reader to bear."""
LONGEST: Final = 1 << 16
"""Characters of a note: three lines and 16 signatures have 4,000."""
SIZE_DIGITS: Final = 18  # fits the databases' whole numbers


class BadNote(Worded):
    """It is no note, not a checkpoint, or not signed by whom it should be."""


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


class VerifierKey(NamedTuple):
    """What anybody may have: enough to verify."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"


class SigningKey:
    """`seed`: the 32 bytes of RFC 8032 5.1.5."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, self._key.public_key().public_bytes_raw())

    def line(self, text: str) -> str:
        """The signature line of this text, without its newline."""
        signed = self.verifier.id + self._key.sign(text.encode())
        return f"{DASH}{self.verifier.name} {base64.b64encode(signed).decode()}"

    def note(self, text: str) -> str:
        """`text` ends with a newline."""
        return f"{text}\n{self.line(text)}\n"


def key_name(floor: str) -> str:
    """Which floor's. A name of a key has no white space and no plus; what a floor's name has of them is escaped."""
    return "andon/" + "".join(letter if letter.isalnum() or letter in "-_." else quote(letter, safe="") for letter in floor) + "/recordings"


def origin(floor: str, gap: bytes | None = None) -> str:
    """`gap`: hash of the newest entry by which people accepted that the log had been cut."""
    return key_name(floor) + (GAP + gap.hex()[:16] if gap else "")


def checkpoint_text(checkpoint: Checkpoint) -> str:
    return f"{checkpoint.origin}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode()}\n"


def sign(checkpoint: Checkpoint, key: SigningKey) -> str:
    return key.note(checkpoint_text(checkpoint))


def verify(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """A checkpoint that one of these keys signed. Raises BadNote."""
    return read_checkpoint(verified(note, keys))


def verified(note: str, keys: Iterable[VerifierKey]) -> str:
    """The text of a note that one of these keys signed. Raises BadNote."""
    text, lines = _parted(note)
    verify_lines(text, lines, keys)
    return text


def verify_lines(text: str, lines: Iterable[str], keys: Iterable[VerifierKey]) -> None:
    """One of these keys signed it; a line of one of them that is wrong spoils it. Raises BadNote."""
    known = {(key.name, key.id): key for key in keys}
    good = 0
    for line in lines:
        name, signed = _signature(line)
        key = known.get((name, signed[:4]))
        if key is None:
            continue  # somebody else's, as a witness's
        if not good_signature(key, text, signed[4:]):
            raise BadNote("note.other_text", name=name)
        good += 1
    if not good:
        raise BadNote("note.not_ours")


def good_signature(key: VerifierKey, text: str, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def read_checkpoint(text: str) -> Checkpoint:
    """Exactly three lines: of extension lines we write none. Raises BadNote."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise BadNote("note.no_checkpoint")
    size = lines[1]
    if not (size.isascii() and size.isdecimal()) or len(size) > SIZE_DIGITS or size != str(int(size)):
        raise BadNote("note.no_size")
    root = exact_base64(lines[2])
    if root is None or len(root) != HASH:
        raise BadNote("note.no_root")
    return Checkpoint(lines[0], int(size), root)


def read_vkey(text: str) -> VerifierKey:
    """Raises BadNote."""
    name, _, rest = text.strip("\n").partition("+")
    id_, _, coded = rest.partition("+")
    public = exact_base64(coded)
    if not name or any(letter.isspace() for letter in name) or public is None or len(public) != 33 or public[:1] != ED25519:
        raise BadNote("note.no_key")
    key = VerifierKey(name, public[1:])
    if key.id.hex() != id_:
        raise BadNote("note.key_id")
    return key


def exact_base64(text: str) -> bytes | None:
    """None unless it is written in the one way that there is: two texts of the same bytes would be a way to change something."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode() == text else None


def _parted(note: str) -> tuple[str, list[str]]:
    if not isinstance(note, str):
        raise BadNote("note.no_text")  # SQLite keeps in a column whatever somebody puts there
    body, blank, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if len(note) > LONGEST or not blank or not note.endswith("\n") or any(letter < " " and letter != "\n" for letter in note):
        raise BadNote("note.unsigned")
    if not 2 <= len(lines) <= SIGNATURES + 1:
        raise BadNote("note.signatures")
    return body + "\n", lines[:-1]


def _signature(line: str) -> tuple[str, bytes]:
    name, _, coded = line.removeprefix(DASH).partition(" ")
    signed = exact_base64(coded)
    if not line.startswith(DASH) or not name or "+" in name or signed is None or len(signed) < 5:
        raise BadNote("note.no_signature")
    return name, signed
