"""`andon lists import` and `announce`: brings do-not-call lists and consents in, and has the engine say that they hold.

Not the rows (`realtime/lists/rows.py`), not the files (`realtime/lists/`), not the floor's part (`list_floor.py`), not the looking
(`list_show.py`). A list comes into force when the engine has said so (`ListAnnounced`), so a file alone changes nothing; every version
stays, for what was dialled rested on it.
"""

from __future__ import annotations

import csv
import gzip
import os
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, NamedTuple
from zoneinfo import ZoneInfo

from andon import list_floor
from andon.acts import recorded
from andon.list_floor import NoFloor
from andon.say import Exit, complain, say
from andon.settings import Settings
from andon.table import clean, cut
from realtime.lists.files import ENDING, Mapped, Refused, path_of, versions
from realtime.lists.packing import Kind, Malformed, Meta
from realtime.lists.rows import Bad, Batch, Rows, Unreadable, Why, chunks
from realtime.lists.writing import ListWriter, TooMany, Written, give_to_owner, private_folder
from realtime.outbound import ListAnnounced
from realtime.sentences import sentence
from realtime.words import SECOND, Micros, Node

FOLDER: Final = "lists"
BAD_KEPT: Final = 1_000
"""Bad rows written out: enough to see what is wrong with a file; all are counted."""
BAD_SHOWN: Final = 5
SAID_EVERY_S: Final = 2.0
GZIP: Final = b"\x1f\x8b"
DAY: Final[Micros] = 86_400 * SECOND

WHY: Final[dict[Why, str]] = {
    "too_long": "the line is too long",
    "no_column": "the line has no such column",
    "empty": "there is no number in the column",
    "exponent": "a spreadsheet has cut the number down to a power of ten",
    "two_numbers": "there is more than one number in the column",
    "not_a_number": "it is no number that anybody could have",
    "block_without_country": "a block needs its country code, as +86400*",
    "block_too_wide": "the block is a whole country",
}


class Given(NamedTuple):
    """What was said on the command line; from `client` on it is about consents."""

    name: str
    file: Path
    kind: Kind = "dnc"
    as_of: Micros = 0  # 0: of the file
    source: str = ""
    country: str = "CN"
    column: str = ""
    reason: str = ""
    client: str = ""
    purpose: str = ""
    basis: str = "consent"
    written: bool = False
    wording: str = ""
    expires: Micros = 0


def folder_of(settings: Settings) -> Path:
    return Path(settings.data.dir) / FOLDER


# ------------------------------------------------------------------ import


def bring_in(settings: Settings, given: Given) -> Exit:
    return recorded(Path(settings.data.dir), "import a list", f"{given.name} {given.file.name}", lambda: _bring_in(settings, given))


def _bring_in(settings: Settings, given: Given) -> Exit:
    folder = folder_of(settings)
    try:
        written = _write(folder, given)
    except (Unreadable, TooMany, Malformed) as fault:
        complain(f"{fault} Nothing was imported.")
        return Exit.FAILED
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        complain(f"{given.file} is no whole gzip file ({fault}); fetch it again. Nothing was imported.")
        return Exit.FAILED
    except OSError as fault:
        complain(f"{fault.filename or given.file}: {fault.strerror or fault}. Nothing was imported.")
        return Exit.FAILED
    if written is None:
        return Exit.FAILED
    _tell(written)
    if not written.numbers and not written.prefixes and not given.reason:
        complain(f"There is nothing in it, so it is not announced. If that is right: andon lists announce {given.name} --reason WHY")
        return Exit.FAILED
    return _announce(settings, written.path, given.name, written.version, given.reason)


def _write(folder: Path, given: Given) -> Written | None:
    """None after it was said why not."""
    with _opened(given.file) as (file, stamp), ListWriter(folder, given.name) as writer, _Bads(folder, given.name) as bads:
        rows, count, said = Rows(given.country, given.column), 0, time.monotonic()
        for chunk in chunks(file.read):
            batch = rows.take(chunk)
            writer.add(batch.numbers, batch.blocks)
            bads.take(batch)
            count += batch.rows
            if time.monotonic() - said >= SAID_EVERY_S:
                said = time.monotonic()
                say(f"{count:,} rows read, {bads.all:,} bad")
        if rows.header:
            say(f"The first line was taken for the header: {clean(cut(rows.header))}")
        bads.keep()
        if bads.all and bads.all == count:
            complain(f"Not one of {count:,} rows is a number ({bads.said()}). Nothing was imported.")
            return None
        say(f"{count:,} rows read; sorting and writing them")
        return writer.finish(_meta(given, given.as_of or stamp, count, bads.all))


def _meta(given: Given, as_of: Micros, rows: int, bad: int) -> Meta:
    return Meta(
        name=given.name,
        kind=given.kind,
        as_of=as_of,
        source=given.source or given.file.name,
        rows=rows,
        bad=bad,
        client=given.client,
        purpose=given.purpose,
        basis=given.basis,
        written=given.written,
        wording=given.wording,
        expires=given.expires,
    )


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], Micros]]:
    """Unpacked where it is gzip, by its first bytes; and when it was last written to."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
        file.seek(0)
        stamp = os.fstat(file.fileno()).st_mtime_ns // 1_000
        yield (gzip.GzipFile(fileobj=file) if packed else file), stamp  # type: ignore[misc]


class _Bads:
    """Counts bad rows, and writes the first of them into NAME.bad.csv. They hold numbers: only the owner may read it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = private_folder(folder) / f"{name}.bad.csv"
        self.all = 0
        self._whys: Counter[Why] = Counter()
        self._first: list[Bad] = []

    def __enter__(self) -> _Bads:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def take(self, batch: Batch) -> None:
        self.all += len(batch.bad)
        self._whys.update(each.why for each in batch.bad)
        self._first += batch.bad[: BAD_KEPT - len(self._first)]

    def keep(self) -> None:
        """Also says so. The file of an import before is gone where this one has none."""
        if not self.all:
            self.path.unlink(missing_ok=True)
            return
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(handle, "w", encoding="utf-8-sig", newline="") as file:
            give_to_owner(file.fileno(), self.path.parent)
            table = csv.writer(file)
            table.writerow(("line", "why", "row"))
            table.writerows((each.line, WHY[each.why], _plain(each.said)) for each in self._first)
        fresh.replace(self.path)
        complain(f"{self.all:,} rows were not taken: {self.said()}.")
        for each in self._first[:BAD_SHOWN]:
            complain(f"  line {each.line:,}: {WHY[each.why]}")
        kept = "all of them are" if self.all <= BAD_KEPT else f"the first {BAD_KEPT:,} are"
        complain(f"  {kept} in {self.path}")

    def said(self) -> str:
        return ", ".join(f"{count:,} because {WHY[why]}" for why, count in self._whys.most_common())


def _plain(text: str) -> str:
    """A spreadsheet must not take a row of somebody else's for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _tell(written: Written) -> None:
    meta = written.meta
    blocks = f", {written.prefixes:,} {'block' if written.prefixes == 1 else 'blocks'}" if written.prefixes else ""
    again = "" if written.new else " (the very same version was there already)"
    say(f"{meta.name}: {written.numbers:,} numbers{blocks}; {meta.duplicates:,} came more than once, {meta.bad:,} rows were bad.")
    say(f"Version {written.version[:12]} as of {date_of(meta.as_of)}{again}: {written.path}")


# ------------------------------------------------------------------ announce


def announce(settings: Settings, name: str, version: str, reason: str) -> Exit:
    """`version`: its first letters; empty: the newest file."""
    there = [each for each in versions(folder_of(settings), name) if each.startswith(version)]
    if not there or (version and len(there) > 1):
        complain(f"There is no {'such ' if version else ''}version of {name}, or more than one; andon lists show has them.")
        return Exit.FAILED
    path = path_of(folder_of(settings), name, there[0])
    target = f"{name}@{there[0][:12]} {reason}".rstrip()
    return recorded(Path(settings.data.dir), "announce a list", target, lambda: _announce(settings, path, name, there[0], reason))


def _announce(settings: Settings, path: Path, name: str, version: str, reason: str) -> Exit:
    try:
        announced = announced_of(Mapped(path, version))
    except (OSError, Refused) as fault:
        complain(f"It cannot be announced: {fault}")
        return Exit.FAILED
    try:
        answer = list_floor.announce(settings, announced, reason)
    except NoFloor as fault:
        complain(f"It is not in force yet: {fault} The file stays; when the floor runs: andon lists announce {name} {version[:12]}")
        return Exit.FAILED
    if answer.decision.verdict != "allow":
        reasons = " ".join(sentence(each, "en") for each in answer.decision.findings if each.verdict != "allow")
        complain(
            f"The engine refused it: {reasons} The file stays. If it is right: andon lists announce {name} {version[:12]} --reason WHY"
        )
        return Exit.FAILED
    say(f"{name}@{version[:12]} is in force.")
    return Exit.DONE


def announced_of(mapped: Mapped) -> ListAnnounced:
    """What the engine is asked to say; who said it and when is the engine's part."""
    meta = mapped.meta
    return ListAnnounced(
        0,
        0,
        Node(""),
        "",
        0,
        list=meta.name,
        kind=meta.kind,
        version=mapped.version,
        file=f"{mapped.version}{ENDING}",
        numbers=len(mapped),
        bad=meta.bad,
        as_of=meta.as_of,
        source=meta.source,
        client=meta.client,
        purpose=meta.purpose,
        wording=meta.wording,
        expires=meta.expires,
    )


# ------------------------------------------------------------------ dates


def moment(text: str, timezone: str, ends: bool = False) -> Micros | None:
    """A date, or a date with a time, by the floor's clock. `ends`: a date is over when the day is. None: neither."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(timezone))
    whole_day = len(text.strip()) <= len("2026-11-28")
    return int(at.timestamp() * SECOND) + (DAY if ends and whole_day else 0)


def date_of(at: Micros) -> str:
    return f"{datetime.fromtimestamp(at / SECOND, UTC):%Y-%m-%d %H:%M}Z"
