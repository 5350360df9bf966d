"""What a file of sound says of itself, and what is true: RIFF/WAVE by its bytes, raw formats by the file's suffix. Pure.

Not the decoding (`frames.py`). No length in a file is believed: each is held against the bytes that are there, since Asterisk writes
the lengths of a WAV header when it closes the file, so that a crash leaves zeros or the lengths of before
(`formats/format_wav.c`, `format_wav_gsm.c`: `update_header`). Reading is bounded, whatever the file claims.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple

from recordings.refusals import Remark

ReadAt = Callable[[int, int], bytes]
"""Offset and length to bytes; fewer only where the file ends."""

CHUNKS: Final = 64
"""Chunks looked at before and after the sound: Asterisk writes two, editors of broadcast files a dozen."""
FMT_BYTES: Final = 40
"""The longest format chunk there is: the extensible one."""
RATES: Final = range(4_000, 192_001)
"""Samples a second. Asterisk knows 8,000 to 192,000."""
TOP: Final = 0xFFFF_FFFF
"""What 32 bits can say. A longer sound is written with it, as a stream without an end; players then read on to the end of the file."""

PCM, ALAW_TAG, ULAW_TAG, GSM_TAG, EXTENSIBLE = 1, 6, 7, 0x31, 0xFFFE


class Coding(StrEnum):
    PCM16 = "pcm16"  # little-endian
    ULAW = "ulaw"
    ALAW = "alaw"
    GSM = "gsm"  # 33 bytes for 160 samples
    GSM_WAV = "gsm_wav"  # Microsoft's packing: 65 bytes for 320 samples


class Odd(StrEnum):
    """How a header disagrees with its file."""

    ZERO_SIZE = "zero_size"  # says that there is no sound, and there is: a crash
    SHORT_FILE = "short_file"  # says more than there is: cut off, or written as a stream
    STALE_SIZE = "stale_size"  # says less than there is: a crash of what appended, or more than 32 bits can say
    RIFF_SIZE = "riff_size"  # only the length of the whole is wrong
    PART_BLOCK = "part_block"  # the last block is not whole; its bytes are kept and not heard


GSM_MARK: Final = 0xD
"""The first four bits of each raw block; Microsoft's packing has none."""
BLOCKS: Final = {Coding.PCM16: (2, 1), Coding.ULAW: (1, 1), Coding.ALAW: (1, 1), Coding.GSM: (33, 160), Coding.GSM_WAV: (65, 320)}
"""Bytes and samples of a block, of one side."""

RAW: Final[dict[str, tuple[str, Coding, int]]] = {
    **dict.fromkeys(("ulaw", "ul", "mu", "ulw", "pcm"), ("ulaw", Coding.ULAW, 8000)),
    **dict.fromkeys(("alaw", "al", "alw"), ("alaw", Coding.ALAW, 8000)),
    **dict.fromkeys(("sln", "raw"), ("sln", Coding.PCM16, 8000)),
    **{f"sln{k}": (f"sln{k}", Coding.PCM16, k * 1_000) for k in (12, 16, 24, 32, 48, 96, 192)},
    "sln44": ("sln44", Coding.PCM16, 44_100),
    "gsm": ("gsm", Coding.GSM, 8_000),
}
"""By suffix, as Asterisk's `formats/format_*.c` name them: the word, the coding, the rate."""

TAGS: Final = {
    (PCM, 16): ("wav", Coding.PCM16),
    (ALAW_TAG, 8): ("wav-alaw", Coding.ALAW),
    (ULAW_TAG, 8): ("wav-ulaw", Coding.ULAW),
    (GSM_TAG, 0): ("wav49", Coding.GSM_WAV),
}


class Header(NamedTuple):
    """`data_bytes` are the bytes of sound that are there, in whole blocks; `claimed`, what the header says, None for a raw file."""

    format: str
    coding: Coding
    rate: int
    sides: int
    data_at: int
    data_bytes: int
    claimed: int | None = None
    odd: frozenset[Odd] = frozenset()

    @property
    def block(self) -> tuple[int, int]:
        """Bytes and frames of one block of all sides."""
        size, samples = BLOCKS[self.coding]
        return size * self.sides, samples

    @property
    def frames(self) -> int:
        """Samples of each side."""
        size, samples = self.block
        return self.data_bytes // size * samples

    @property
    def broken(self) -> bool:
        """A player that believes the header would hear too little, too much or nothing."""
        return bool(self.odd - {Odd.PART_BLOCK})


class Unreadable(NamedTuple):
    """No format that we know."""

    reason: Remark


def read_header(read: ReadAt, size: int, name: str) -> Header | Unreadable:
    """`size`: bytes of the file. A RIFF file is known by its bytes, whatever its name; everything else by its suffix."""
    start = read(0, 12)
    if len(start) == 12 and start[:4] == b"RIFF" and start[8:] == b"WAVE":
        return _wave(read, size, struct.unpack_from("<I", start, 4)[0])
    suffix = name.rpartition(".")[2].lower()
    if suffix in RAW:
        word, coding, rate = RAW[suffix]
        if coding is Coding.GSM and start and start[0] >> 4 != GSM_MARK:
            return Unreadable(Remark("sound.no_gsm"))
        return _whole(Header(word, coding, rate, 1, 0, size))
    if suffix in ("wav", "wav16", "wav49"):
        return Unreadable(Remark("sound.no_wav"))
    return Unreadable(Remark("sound.no_format"))


def _wave(read: ReadAt, size: int, riff_claimed: int) -> Header | Unreadable:
    at, form = 12, b""
    for _ in range(CHUNKS):
        head = read(at, 8)
        if len(head) < 8:
            return Unreadable(Remark("sound.no_data"))
        name, claimed = struct.unpack("<4sI", head)
        if name == b"data":
            return _form(read, form, at + 8, claimed, size, riff_claimed)
        if name == b"fmt ":
            form = read(at + 8, min(claimed, FMT_BYTES))
        at += 8 + claimed + claimed % 2
        if at >= size:
            return Unreadable(Remark("sound.no_data"))
    return Unreadable(Remark("sound.many_parts", most=CHUNKS))


def _form(read: ReadAt, form: bytes, data_at: int, claimed: int, size: int, riff_claimed: int) -> Header | Unreadable:
    if len(form) < 16:
        return Unreadable(Remark("sound.no_form"))
    tag, sides, rate, _, _, bits = struct.unpack_from("<HHIIHH", form)
    if tag == EXTENSIBLE and len(form) >= 26:
        tag = struct.unpack_from("<H", form, 24)[0]
    known = TAGS.get((tag, 0 if tag == GSM_TAG else bits))
    if known is None:
        return Unreadable(Remark("sound.coding", coding=f"{tag:#06x}", bits=bits))
    if sides not in (1, 2) or (sides == 2 and tag == GSM_TAG) or rate not in RATES:
        return Unreadable(Remark("sound.sides", sides=sides, rate=rate))
    word, coding = known
    there, odd = _length(read, data_at, claimed, size)
    header = Header(word, coding, rate, sides, data_at, there, claimed, odd)
    if not odd and abs(riff_claimed - (size - 8)) > 1:
        header = header._replace(odd=frozenset({Odd.RIFF_SIZE}))
    return _whole(header)


def _length(read: ReadAt, data_at: int, claimed: int, size: int) -> tuple[int, frozenset[Odd]]:
    """The bytes of sound that are there. One byte more or less is the padding to an even length, which writers count or do not."""
    there = max(size - data_at, 0)
    if abs(there - claimed) <= 1:
        return min(there, claimed), frozenset()
    if claimed > there:
        return there, frozenset({Odd.SHORT_FILE}) if there else frozenset({Odd.RIFF_SIZE})
    if _only_chunks(read, data_at + claimed + claimed % 2, size):
        return claimed, frozenset()
    return there, frozenset({Odd.STALE_SIZE if claimed else Odd.ZERO_SIZE})


def _only_chunks(read: ReadAt, at: int, size: int) -> bool:
    """Whether from here to the end there are parts of a RIFF file and nothing else, as an editor leaves after the sound."""
    for _ in range(CHUNKS):
        if size - at in (-1, 0, 1):
            return True
        head = read(at, 8)
        if len(head) < 8 or not all(32 <= byte < 127 for byte in head[:4]):
            return False
        at += 8 + struct.unpack_from("<I", head, 4)[0]
        if at > size:
            return False
        at += at % 2
    return False


def _whole(header: Header) -> Header:
    over = header.data_bytes % header.block[0]
    odd = header.odd
    if over and not (header.coding is Coding.GSM_WAV and over == 1):  # its blocks are odd, so a lone byte is padding
        odd |= {Odd.PART_BLOCK}
    return header._replace(data_bytes=header.data_bytes - over, odd=odd)


def repaired(header: Header, file_size: int) -> bytes:
    """The header that is right: followed by the file's bytes from `data_at`, `data_bytes` of them, it is a WAV file that tells the truth.

    Made for raw mu-law, a-law and linear files, too. Empty for raw GSM, whose packing WAV does not know.
    """
    if header.coding is Coding.GSM:
        return b""
    size = header.block[0]
    there = max(min(header.data_bytes, file_size - header.data_at), 0) // size * size
    return wave_header(header.coding, header.rate, header.sides, there)


def wave_header(coding: Coding, rate: int, sides: int, data_bytes: int, extra: bytes = b"") -> bytes:
    """`extra`: whole chunks, of even length, put in front of the sound."""
    size, samples = BLOCKS[coding]
    block = size * sides
    tag, bits = {word_coding: key for key, (_, word_coding) in TAGS.items()}[coding]
    form = struct.pack("<HHIIHH", tag, sides, rate, rate * block // samples, block, bits)
    if coding is Coding.GSM_WAV:
        form += struct.pack("<HH", 2, samples)
    elif coding is not Coding.PCM16:
        form += struct.pack("<H", 0)
    chunks = struct.pack("<4sI", b"fmt ", len(form)) + form
    if coding is not Coding.PCM16:
        chunks += struct.pack("<4sII", b"fact", 4, min(data_bytes // block * samples, TOP))
    chunks += extra
    whole = 4 + len(chunks) + 8 + data_bytes + data_bytes % 2
    return struct.pack("<4sI4s", b"RIFF", min(whole, TOP), b"WAVE") + chunks + struct.pack("<4sI", b"data", min(data_bytes, TOP))
