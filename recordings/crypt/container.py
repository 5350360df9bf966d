"""The container: how one file lies encrypted in a vault or on a disc, so that any stretch of it is read without the rest. Pure.

Not where keys come from (`ring.py`) and not where containers lie (`vault/`). `docs/recordings-format.md` says the format byte by byte.

A header in clear, then chunks of 64 KiB, each sealed by AES-256-GCM. Key and nonce prefix come from the file's key, a random salt and
the header (HKDF), so whoever changes a byte of the header has changed the key. Each nonce holds the chunk's index and whether it is the
last: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar: Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance, 2015). So chunks that are cut off, appended, exchanged, doubled or from another file do not open. Opening looks at
the last chunk first, so that the size is proven before anything is read.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from recordings.refusals import Worded

MAGIC: Final = b"ANDONREC"
VERSION: Final = 1
CHUNK: Final = 65_536
"""Four seconds of 16-bit mono at 8 kHz: a seek reads little, and 16 bytes of tag are nothing."""
TAG: Final = 16
SALT: Final = 32
PREFIX: Final = 7
KEY: Final = 32
HEAD: Final = struct.Struct(">8sBI32sI")
"""Magic, version, chunk size, salt, bytes of `about`."""
ABOUT_MOST: Final = 65_536
"""Bytes of `about`: it is a seal of some hundred bytes."""
CHUNKS_MOST: Final = 2**32
"""As many as the nonce can count, and the bound of GCM for one key (NIST SP 800-38D, 8.3); 256 TiB."""
CHUNK_LEAST, CHUNK_MOST = 16, 1 << 24
"""What a reader accepts: a header may not ask for more memory than that."""
BLOCK: Final = 16
"""Chunks worked on at a time: 1 MiB, so that hashing lets other threads go on and the loop costs nothing."""


class ContainerBad(Worded):
    """It does not open."""


class NotContainer(ContainerBad):
    """Its header is none, or of a version that is not known here."""


class Damaged(ContainerBad):
    """Some of its bytes are not those that were sealed, or the key is another one's: AES-GCM cannot tell which."""


class Sealed(NamedTuple):
    """`size`: of the plain bytes; `container_size`: of the container."""

    size: int
    sha256_plain: bytes
    sha256_container: bytes
    container_size: int


def seal(
    read: Callable[[int], bytes],
    write: Callable[[bytes], object],
    key: bytes,
    about: bytes,
    *,
    salt: bytes | None = None,
    chunk: int = CHUNK,
) -> Sealed:
    """Reads to the end and writes the container, in constant memory. `about` is public and authenticated.

    `salt`: 32 random bytes, fresh for each sealing: the same bytes under the same key would be one nonce twice. Left out, they are drawn.
    """
    header = _header(chunk, salt or AESGCM.generate_key(SALT * 8), about)
    cipher, prefix = _derive(key, header)
    plain, container = hashlib.sha256(), hashlib.sha256(header)
    write(header)
    size, index, written = 0, 0, len(header)
    block = _filled(read, chunk * BLOCK)
    while True:
        following = _filled(read, chunk * BLOCK) if len(block) == chunk * BLOCK else b""
        out = _sealed(cipher, prefix, block, index, chunk, not following)
        plain.update(block)
        container.update(out)
        write(out)
        size, index, written = size + len(block), index + BLOCK, written + len(out)
        if not following:
            return Sealed(size, plain.digest(), container.digest(), written)
        if index >= CHUNKS_MOST - BLOCK:
            raise ValueError("The file is larger than a container may be.")
        block = following


class Opened:
    """A container that is read from: `read_at(offset, length)` gives its bytes, fewer only at its end; `length` is all of them.

    Without `length` the end is looked for, in some thirty reads. Raises NotContainer or Damaged, at once or from whatever reads.
    """

    def __init__(self, read_at: Callable[[int, int], bytes], key: bytes, length: int | None = None) -> None:
        self._read_at = read_at
        header, self._chunk, self.about = _read_header(read_at)
        self._cipher, self._prefix = _derive(key, header)
        self._begin = len(header)
        body = (_end(read_at) if length is None else length) - self._begin
        self._last, rest = divmod(max(body - 1, 0), self._chunk + TAG)
        if body < TAG or rest + 1 < TAG + bool(self._last) or self._last >= CHUNKS_MOST:
            raise Damaged("container.cut")
        self.size = body - (self._last + 1) * TAG
        self._recent: tuple[int, bytes] = (-1, b"")
        self._open(self._last, self._last)  # so that the size is true

    def read(self, offset: int, length: int) -> bytes:
        """These plain bytes, fewer at the end; each chunk that is touched is verified, no other is read."""
        end = min(offset + length, self.size)
        if offset < 0 or end <= offset:
            return b""
        first, last = offset // self._chunk, (end - 1) // self._chunk
        plain = self._recent[1] if first == last == self._recent[0] else self._open(first, last)
        return plain[offset - first * self._chunk : end - first * self._chunk]

    def pieces(self, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The same, piece by piece, in constant memory."""
        end = self.size if length is None else min(offset + length, self.size)
        piece = self._chunk * BLOCK
        while offset < end:
            until = min(end, (offset // piece + 1) * piece)
            yield self.read(offset, until - offset)
            offset = until

    def _open(self, first: int, last: int) -> bytes:
        step = self._chunk + TAG
        end = self.size + (self._last + 1) * TAG if last == self._last else (last + 1) * step
        sealed = memoryview(_exactly(self._read_at, self._begin + first * step, end - first * step))
        found = []
        for index in range(first, last + 1):
            begin = (index - first) * step
            try:
                nonce = _nonce(self._prefix, index, index == self._last)
                found.append(self._cipher.decrypt(nonce, sealed[begin : begin + step], None))
            except InvalidTag:
                raise Damaged("container.changed", chunk=index) from None
        self._recent = (last, found[-1])
        return b"".join(found)


# ------------------------------------------------------------------ the pieces of both


def _header(chunk: int, salt: bytes, about: bytes) -> bytes:
    if len(about) > ABOUT_MOST or len(salt) != SALT or not CHUNK_LEAST <= chunk <= CHUNK_MOST:
        raise ValueError("A container's salt has 32 bytes, its `about` at most 65,536.")
    return HEAD.pack(MAGIC, VERSION, chunk, salt, len(about)) + about


def _read_header(read_at: Callable[[int, int], bytes]) -> tuple[bytes, int, bytes]:
    """All of it, the chunk size and `about`."""
    try:
        head = _exactly(read_at, 0, HEAD.size)
    except Damaged:
        head = b""
    if not head.startswith(MAGIC):
        raise NotContainer("container.none")
    _, version, chunk, _, length = HEAD.unpack(head)
    if version != VERSION:
        raise NotContainer("container.newer", version=version)
    if not CHUNK_LEAST <= chunk <= CHUNK_MOST or length > ABOUT_MOST:
        raise NotContainer("container.header")
    about = _exactly(read_at, HEAD.size, length)
    return head + about, chunk, about


def _derive(key: bytes, header: bytes) -> tuple[AESGCM, bytes]:
    """The cipher and the nonce's prefix of this one container (RFC 5869); every byte of the header takes part."""
    if len(key) != KEY:
        raise ValueError("A key has 32 bytes.")
    salt = header[HEAD.size - 4 - SALT : HEAD.size - 4]
    info = b"andon container" + hashlib.sha256(header).digest()
    made = HKDF(algorithm=SHA256(), length=KEY + PREFIX, salt=salt, info=info).derive(key)
    return AESGCM(made[:KEY]), made[KEY:]


def _nonce(prefix: bytes, index: int, last: bool) -> bytes:
    return prefix + index.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _sealed(cipher: AESGCM, prefix: bytes, block: bytes, index: int, chunk: int, last: bool) -> bytes:
    """A file without bytes is one chunk without bytes."""
    view = memoryview(block)
    count = max(1, -(-len(block) // chunk))
    return b"".join(
        cipher.encrypt(_nonce(prefix, index + each, last and each == count - 1), view[each * chunk : (each + 1) * chunk], None)
        for each in range(count)
    )


def _filled(read: Callable[[int], bytes], length: int) -> bytes:
    """As many bytes, fewer only at the end: a raw file may give fewer at a time."""
    found = read(length)
    if len(found) == length or not found:
        return found
    parts = [found]
    missing = length - len(found)
    while missing and (found := read(missing)):
        parts.append(found)
        missing -= len(found)
    return b"".join(parts)


def _exactly(read_at: Callable[[int, int], bytes], offset: int, length: int) -> bytes:
    found = read_at(offset, length)
    while len(found) < length:
        more = read_at(offset + len(found), length - len(found))
        if not more:
            raise Damaged("container.cut")
        found += more
    return found


def _end(read_at: Callable[[int, int], bytes]) -> int:
    """How long it is: twice as far until there is nothing, then by halves."""
    known, beyond = 0, CHUNK
    while read_at(beyond - 1, 1):
        known, beyond = beyond, beyond * 2
    while known < beyond - 1:
        middle = (known + beyond) // 2
        known, beyond = (middle, beyond) if read_at(middle - 1, 1) else (known, middle)
    return known
