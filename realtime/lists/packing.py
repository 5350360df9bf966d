"""The form of a list's file: sorted numbers by the million in some two bytes each, looked up where they lie. Pure.

Not the file (`files.py` maps it, `writing.py` makes it). E.164 digits are a whole number below 10^15. It is split into its high bits, which
name a bucket, and its low 16 bits, which stand in that bucket: ten million mobile numbers of China fill 107,000 buckets of some
ninety, and cost 2 bytes each and 8 a bucket. That is what roaring bitmaps need, too; here the bytes are used as they are mapped, so
that loading copies nothing and all processes of a machine share one copy.

    head (128 bytes: magic, kind, counts, offsets) | lows u16 | buckets u64, one more | prefixes, a line each | Meta as JSON

A bucket is its high bits and where its lows begin, in one word, so that the words ascend; the one more has the highest bits there are
and the end of the lows. All little-endian, every section at a multiple of 8. The SHA-256 of the whole is the list's version; it is no
part of the file.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from realtime.words import Micros

Kind = Literal["dnc", "consent"]
KINDS: Final[tuple[Kind, ...]] = ("dnc", "consent")
MAGIC: Final = b"andon numbers 1\n"
HEAD: Final = struct.Struct("<16s8Q")
HEAD_SIZE: Final = 128
LOW_BITS: Final = 16
LOW: Final = (1 << LOW_BITS) - 1
START_BITS: Final = 29
START: Final = (1 << START_BITS) - 1
LAST: Final = (1 << 64 - START_BITS) - 1
"""High bits that no number has: they need 34 of the 35 that there are."""
DIGITS_MAX: Final = 15
"""Of E.164, without its plus."""
NUMBERS_MAX: Final = 500_000_000
"""Twice the largest national register there is (United States, some 250 million), and within START."""
PREFIXES_MAX: Final = 100_000
"""Blocks of numbers: far more than any country has, and still a set in memory of some ten megabytes."""
META_MAX: Final = 65_536
AT_ONCE: Final = 1 << 19
"""Numbers in hand while runs are merged: less than what sorting a run took, whatever the list's size."""


class Malformed(ValueError):
    """These bytes are no list, or not one that can be looked up here: one sentence."""


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a list says of itself. The version is a hash over this, too: what is announced cannot be dated anew."""

    name: str
    kind: Kind = "dnc"
    as_of: Micros = 0
    source: str = ""
    rows: int = 0  # that were read
    bad: int = 0  # of them no number
    duplicates: int = 0
    client: str = ""  # of consents, as what follows
    purpose: str = ""
    basis: str = "consent"
    written: bool = False
    wording: str = ""
    expires: Micros = 0


class Head(NamedTuple):
    """Counts, and where each section begins."""

    kind: int
    numbers: int
    buckets: int
    words: int
    prefixes: int
    meta: int
    end: int
    spare: int = 0

    def pack(self) -> bytes:
        return HEAD.pack(MAGIC, *self).ljust(HEAD_SIZE, b"\0")


def head_of(kind: Kind, numbers: int, buckets: int, prefixes: int, meta: int) -> Head:
    """`prefixes` and `meta`: how many bytes they have."""
    index = padded(HEAD_SIZE + 2 * numbers)
    text = index + 8 * (buckets + 1)
    return Head(KINDS.index(kind), numbers, buckets, index, text, padded(text + prefixes), padded(text + prefixes) + meta)


def padded(size: int) -> int:
    return -(-size // 8) * 8


# ------------------------------------------------------------------ looking up


class Packed:
    """A list over bytes that somebody holds: looked up, never copied. Raises Malformed."""

    __slots__ = ("_index", "_lows", "_prefix_lengths", "_prefixes", "head", "meta")

    def __init__(self, view: memoryview) -> None:
        if sys.byteorder != "little":
            raise Malformed("lists of numbers are little-endian, and this machine is not")
        self.head = head = read_head(view)
        self._lows: Sequence[int] = view[HEAD_SIZE : HEAD_SIZE + 2 * head.numbers].cast("H")
        self._index: Sequence[int] = view[head.words : head.words + 8 * (head.buckets + 1)].cast("Q")
        if self._index[head.buckets] != LAST << START_BITS | head.numbers:
            raise Malformed("its buckets do not hold its numbers")
        try:
            self._prefixes = frozenset(bytes(view[head.prefixes : head.meta]).rstrip(b"\0").decode("ascii").split())
            self.meta = msgspec.json.decode(view[head.meta : head.end], type=Meta)
        except (UnicodeDecodeError, msgspec.MsgspecError) as fault:
            raise Malformed(f"what it says of itself cannot be read: {fault}") from fault
        if self.meta.kind != KINDS[head.kind]:
            raise Malformed("it says two things about its kind")
        self._prefix_lengths = tuple(sorted({len(each) for each in self._prefixes}))

    def __len__(self) -> int:
        return self.head.numbers

    @property
    def prefixes(self) -> frozenset[str]:
        return self._prefixes

    def find(self, e164: str) -> bool:
        """With its plus. What is no E.164 is on no list: nobody can be called by it."""
        number = as_int(e164)
        return number is not None and (self.holds(number) or self.in_block(e164[1:]))

    def holds(self, number: int) -> bool:
        high, low = number >> LOW_BITS, number & LOW
        bucket = bisect_left(self._index, high << START_BITS)
        found = self._index[bucket]
        if found >> START_BITS != high:
            return False
        end = self._index[bucket + 1] & START
        place = bisect_left(self._lows, low, found & START, end)
        return place < end and self._lows[place] == low

    def in_block(self, digits: str) -> bool:
        return any(digits[:length] in self._prefixes for length in self._prefix_lengths)

    def numbers(self) -> Iterator[int]:
        """All of them, ascending: for who counts or compares, not for who looks one up."""
        for bucket in range(self.head.buckets):
            high, (begin, end) = self._index[bucket] >> START_BITS, self._bounds(bucket)
            yield from (high << LOW_BITS | self._lows[place] for place in range(begin, end))

    def in_order(self) -> bool:
        """Whether what is looked up by halving can be found at all: a look at every number, seconds for ten million."""
        highs = [each >> START_BITS for each in self._index]
        bounds = [self._bounds(bucket) for bucket in range(self.head.buckets)]
        whole = not bounds or bounds[0][0] == 0
        filled = all(begin < end for begin, end in bounds)
        return whole and filled and ascending(highs) and all(ascending(list(self._lows[begin:end])) for begin, end in bounds)

    def _bounds(self, bucket: int) -> tuple[int, int]:
        return self._index[bucket] & START, self._index[bucket + 1] & START


def ascending(numbers: list[int]) -> bool:
    return numbers == sorted(set(numbers))


def as_int(e164: str) -> int | None:
    """None for what is not E.164 in form."""
    digits = e164[1:]
    right = e164[:1] == "+" and 0 < len(digits) <= DIGITS_MAX and digits.isascii() and digits.isdecimal() and digits[0] != "0"
    return int(digits) if right else None


def read_head(view: memoryview) -> Head:
    if len(view) < HEAD_SIZE:
        raise Malformed("it is too short to be a list of numbers")
    magic, *fields = HEAD.unpack_from(view)
    if magic != MAGIC:
        raise Malformed("it is no list of numbers of this version")
    head = Head(*fields)
    if head.kind >= len(KINDS) or head.end != len(view) or head.numbers > NUMBERS_MAX or head.end - head.meta > META_MAX:
        raise Malformed("its head does not fit its size: it was cut off, or written by something else")
    if head != head_of(KINDS[head.kind], head.numbers, head.buckets, head.meta - head.prefixes, head.end - head.meta):
        raise Malformed("its sections are not where they must be")
    return head


# ------------------------------------------------------------------ packing


class Piece(NamedTuple):
    """What some more numbers add to each section."""

    lows: bytes
    words: bytes


class Packer:
    """Takes ascending numbers, a part at a time; each part becomes a piece of every section, so that no list need be in memory."""

    def __init__(self) -> None:
        self.numbers = 0
        self.buckets = 0
        self._last = -1

    def take(self, numbers: array[int]) -> Piece:
        """Ascending, each once, all above those before. Raises ValueError."""
        if not numbers:
            return Piece(b"", b"")
        if numbers[0] <= self._last:
            raise ValueError("numbers must ascend")
        index = array("Q")
        place, high = 0, numbers[0] >> LOW_BITS
        if self._last >= 0 and high == self._last >> LOW_BITS:  # goes on with the bucket of before
            place = bisect_left(numbers, (high + 1) << LOW_BITS)
        while place < len(numbers):
            high = numbers[place] >> LOW_BITS
            index.append(high << START_BITS | self.numbers + place)
            place = bisect_left(numbers, (high + 1) << LOW_BITS, place)
        self.numbers += len(numbers)
        self.buckets += len(index)
        self._last = numbers[-1]
        return Piece(_lows(numbers), index.tobytes())

    def close(self) -> bytes:
        """The one more of the index: where the numbers end."""
        return (LAST << START_BITS | self.numbers).to_bytes(8, "little")


def _lows(numbers: array[int]) -> bytes:
    """Every fourth 16-bit word of little-endian 64: done by the array, not number by number."""
    return array("H", numbers.tobytes())[::4].tobytes()


def whole(numbers: Iterable[int], meta: Meta, prefixes: Iterable[str] = ()) -> bytes:
    """A whole file in memory: for small lists and for tests."""
    packer = Packer()
    piece = packer.take(array("Q", sorted(set(numbers))))
    text, said = prefix_text(prefixes), msgspec.json.encode(meta)
    head = head_of(meta.kind, packer.numbers, packer.buckets, len(text), len(said))
    lows = piece.lows.ljust(head.words - HEAD_SIZE, b"\0")
    return b"".join((head.pack(), lows, piece.words, packer.close(), text.ljust(head.meta - head.prefixes, b"\0"), said))


def prefix_text(prefixes: Iterable[str]) -> bytes:
    """Digits without the plus."""
    return "\n".join(sorted(prefixes)).encode("ascii")


# ------------------------------------------------------------------ merging

Read = Callable[[int, int, int], "array[int]"]
"""Run, first, how many: numbers of a sorted run that lies elsewhere."""


def merged(lengths: Sequence[int], read: Read, at_once: int = AT_ONCE) -> Iterator[array[int]]:
    """The numbers of many sorted runs, ascending, each once. No more than some `at_once` are in memory."""
    piece = max(2, at_once // max(1, len(lengths)))
    held = [array("Q") for _ in lengths]
    taken = [0] * len(lengths)
    last = -1
    while True:
        for run, length in enumerate(lengths):  # filled up at half, so that every round gets far in every run
            if len(held[run]) < piece // 2 + 1 and taken[run] < length:
                count = min(piece, length - taken[run])
                held[run] += read(run, taken[run], count)
                taken[run] += count
        # What is not above this is in hand, whichever run it stands in.
        bound = min((held[run][-1] for run, length in enumerate(lengths) if taken[run] < length), default=10**DIGITS_MAX)
        chosen: list[int] = []
        for run, numbers in enumerate(held):
            cut = bisect_right(numbers, bound)
            chosen += numbers[:cut]
            held[run] = numbers[cut:]
        if not chosen:
            return
        chosen.sort()  # sorted stretches: merged, not sorted anew
        ordered = array("Q", dict.fromkeys(chosen))
        yield ordered[1:] if ordered[0] == last else ordered  # the bound itself may come again, from what was not in hand
        last = ordered[-1]
