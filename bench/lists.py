"""Lists of numbers: what ten million mobile numbers cost on the disk and in memory, to load, to import and to look up.

`dnc_bytes_per_number`: of the mapped file, which is all there is of it in memory, once for all processes; against a Python set of the
same whole numbers, reckoned from a million. `dnc_load_10m_s`: map, hash every byte, ready to look up; against making that set.
`dnc_import_10m_s`: from CSV into force but for the announcement; against the seconds that only reading its lines takes. `dnc_hit_us` and
`dnc_miss_us`: one look-up by E.164 text; against the set's. Where pyroaring is installed (it is no dependency), `..._vs_roaring` hold
bytes, loading and a hit against its 64-bit bitmap, serialised and read back.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from bench.results import Row
from realtime.lists.files import Mapped
from realtime.lists.packing import Meta
from realtime.lists.rows import Rows, chunks
from realtime.lists.writing import ListWriter, Written

COUNT = 10_000_000
SAMPLE = 1_000_000
"""For what is only reckoned: a set of ten million takes a gigabyte."""
LOOKED = 200_000
FIRST: Final = 8_613_000_000_000
SPAN: Final = 7 * 10**9
"""Mobile numbers of China, 13 to 19."""


def run() -> list[Row]:
    chance = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        numbers = array("Q", (FIRST + chance.randrange(SPAN) for _ in range(COUNT)))
        source = Path(folder) / "numbers.csv"
        _write(source, numbers)
        import_s, written = timed(lambda: bring_in(source, Path(folder)))
        load_s, mapped = best(lambda: Mapped(written.path, written.version))
        hits = [f"+{numbers[chance.randrange(COUNT)]}" for _ in range(LOOKED)]
        misses = [f"+{FIRST + chance.randrange(SPAN)}" for _ in range(LOOKED)]
        set_bytes, set_s, known = as_set(numbers)
        rows = [
            Row("dnc_bytes_per_number", mapped.size / len(mapped), "bytes a number, 10 M, against a set", set_bytes),
            Row("dnc_load_10m_s", load_s, "s to map and verify 10 M, against a set", set_s * COUNT / SAMPLE),
            Row("dnc_import_10m_s", import_s, "s from CSV, 10 M, against reading its lines", reading_s(source)),
            Row("dnc_hit_us", each_us(mapped.find, hits), "us a look-up that hits, against a set", each_us(known.__contains__, hits)),
            Row(
                "dnc_miss_us", each_us(mapped.find, misses), "us a look-up that misses, against a set", each_us(known.__contains__, misses)
            ),
        ]
        return [*rows, *beside_roaring(numbers, mapped, load_s, hits, Path(folder))]


def _write(source: Path, numbers: array[int]) -> None:
    with source.open("w") as file:
        for begin in range(0, len(numbers), 100_000):
            file.write("".join(f"+{number}\n" for number in numbers[begin : begin + 100_000]))


def bring_in(source: Path, folder: Path) -> Written:
    """As `andon lists import` does it."""
    rows = Rows("CN")
    with source.open("rb") as file, ListWriter(folder / "lists", "dnc") as writer:
        for chunk in chunks(file.read):
            writer.add(rows.take(chunk).numbers)
        return writer.finish(Meta(name="dnc", rows=COUNT))


def as_set(numbers: array[int]) -> tuple[float, float, set[str]]:
    """Bytes a number, seconds for a million, and a set of text to look up in."""
    some = numbers[:SAMPLE]
    took, known = timed(lambda: set(some))
    return sys.getsizeof(known) / len(known) + sys.getsizeof(FIRST), took, {f"+{number}" for number in some}


def reading_s(source: Path) -> float:
    def read() -> int:
        with source.open("rb") as file:
            return sum(1 for _ in file)

    return timed(read)[0]


def beside_roaring(numbers: array[int], mapped: Mapped, load_s: float, hits: list[str], folder: Path) -> list[Row]:
    try:
        from pyroaring import BitMap64  # only to compare with: no dependency of ours
    except ImportError:
        return []
    path = folder / "roaring"
    path.write_bytes(BitMap64(numbers).serialize())
    theirs_s, bitmap = best(lambda: BitMap64.deserialize(path.read_bytes()))
    asked = [int(each[1:]) for each in hits]
    return [
        Row("dnc_bytes_vs_roaring", mapped.size / len(mapped), "bytes a number, 10 M", path.stat().st_size / len(bitmap)),
        Row("dnc_load_vs_roaring_s", load_s, "s to load 10 M, ours verified", theirs_s),
        Row("dnc_hit_vs_roaring_us", each_us(mapped.find, hits), "us a look-up that hits", each_us(bitmap.__contains__, asked)),
    ]


# ------------------------------------------------------------------ the clock


def timed(do: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    made = do()
    return time.perf_counter() - began, made


def best(do: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """The file is in the system's memory, as it is where any other process uses it."""
    return min((timed(do) for _ in range(times)), key=lambda each: each[0])


def each_us(find: Callable[[Any], Any], asked: Iterable[Any]) -> float:
    asked = list(asked)
    began = time.perf_counter()
    for each in asked:
        find(each)
    return (time.perf_counter() - began) / len(asked) * 1e6


if __name__ == "__main__":
    from bench.results import show

    show(run())
