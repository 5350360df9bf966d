"""Sealing: MB/s of a day's recordings from the spool into a vault, beside what a shell script would do with the same files.

Ours, for each file and as `recordings/sealing.py` does it: SHA-256 of its bytes as captured; then in one go read, hashed again, sealed by
AES-256-GCM in chunks, the container hashed, written aside, synced, read back from the disk, hashed, compared, renamed, its folder synced.
`seal_vs_shell`: against `sha256sum`, `cp` and `openssl enc -aes-256-ctr` of all files, which promise nothing of what is on the disk.
`seal_vs_shell_kept`: against the same with what ours promises: `sync` of the results, dropped from memory, and `sha256sum` of them.
`seal_cpu_vs_shell`: MB for each second of CPU, kernel included, which hardly minds what else the machine does; against the first script.
`seal_side_by_side`: ours, two files at a time; against one at a time. `seal_small_vs_shell`: files of ten seconds.
All read their files from the system's memory; the two sides take turns, and the median of the rounds counts.
"""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from bench.results import Row
from recordings.crypt.container import seal
from recordings.crypt.ring import new_key, part_key
from recordings.vault.folder import FolderVault
from recordings.vault.port import name_of

SECOND_BYTES: Final = 8_000 * 2 * 2
"""16 bits, 8 kHz, two sides."""
FILES, SECONDS = 40, 120
SMALL_FILES, SMALL_SECONDS = 150, 10
ROUNDS = 3
PIECE: Final = 1 << 20
BEGAN: Final = 1_795_000_000_000_000
SIDE_BY_SIDE = 2


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="andon-seal-") as name:
        folder = Path(name)
        long = _files(folder / "long", FILES, SECONDS)
        small = _files(folder / "small", SMALL_FILES, SMALL_SECONDS)
        sides = {
            "ours": lambda: ours(folder, long, 1),
            "ours, two": lambda: ours(folder, long, SIDE_BY_SIDE),
            "shell": lambda: shell(folder, long),
            "shell, kept": lambda: shell(folder, long, kept=True),
            "ours, small": lambda: ours(folder, small, 1),
            "shell, small": lambda: shell(folder, small),
        }
        sizes = {side: sum(path.stat().st_size for path in (small if "small" in side else long)) for side in sides}
        took = _taking_turns(sides)
        rates = {side: sizes[side] / 1e6 / spent.seconds for side, spent in took.items()}
        by_cpu = {side: sizes[side] / 1e6 / spent.cpu_s for side, spent in took.items()}
    return [
        Row("seal_vs_shell", rates["ours"], "MB/s sealed, synced and read back; against sha256sum + cp + openssl enc", rates["shell"]),
        Row("seal_vs_shell_kept", rates["ours"], "MB/s, against the shell that syncs and reads back, too", rates["shell, kept"]),
        Row("seal_cpu_vs_shell", by_cpu["ours"], "MB for a second of CPU, against the shell", by_cpu["shell"]),
        Row("seal_side_by_side", rates["ours, two"], "MB/s, two files at a time, against one", rates["ours"]),
        Row("seal_small_vs_shell", rates["ours, small"], "MB/s in files of ten seconds, against the shell", rates["shell, small"]),
    ]


class Spent(NamedTuple):
    seconds: float
    cpu_s: float


def _files(folder: Path, count: int, seconds: int) -> list[Path]:
    folder.mkdir()
    chance = random.Random(6)
    paths = [folder / f"{number:020d}" for number in range(count)]
    for path in paths:
        path.write_bytes(chance.randbytes(seconds * SECOND_BYTES))
    return paths


def _taking_turns(sides: dict[str, Callable[[], object]]) -> dict[str, Spent]:
    took: dict[str, list[Spent]] = {side: [] for side in sides}
    for _ in range(ROUNDS):
        for side, do in sides.items():
            os.sync()  # what the other side left to be written is not this side's cost
            cpu_s, began = _cpu_s(), time.perf_counter()
            do()
            took[side].append(Spent(time.perf_counter() - began, _cpu_s() - cpu_s))
    return {side: Spent(*(statistics.median(each) for each in zip(*spent, strict=True))) for side, spent in took.items()}


def _cpu_s() -> float:
    """Of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


# ------------------------------------------------------------------ both sides


def ours(folder: Path, paths: list[Path], together: int) -> None:
    with _emptied(folder / "vault") as out, ThreadPoolExecutor(together) as pool:
        vault, key = FolderVault(out, 0), new_key()
        list(pool.map(lambda path: _sealed(vault, path, key), paths))


def _sealed(vault: FolderVault, path: Path, key: bytes) -> None:
    name = name_of(path.name, BEGAN, "sound")
    with path.open("rb", buffering=0) as file:
        sha256 = hashlib.file_digest(file, "sha256").digest()
        file.seek(0)
        taking = vault.take(name)
        try:
            sealed = seal(file.read, taking.write, part_key(key, "sound"), name.encode())
            assert sealed.sha256_plain == sha256
            taking.finish(sealed.sha256_container)
        finally:
            taking.give_up()


def shell(folder: Path, paths: list[Path], kept: bool = False) -> None:
    """One process of each for all files, but for `openssl enc`, which takes one."""
    with _emptied(folder / "shell") as out:
        script = out / "script.sh"
        script.write_text(KEPT if kept else PLAIN)
        words = ["sh", "-e", str(script), new_key().hex(), os.urandom(16).hex(), *(str(path) for path in paths)]
        subprocess.run(words, check=True, cwd=out, stdout=subprocess.DEVNULL)


PLAIN: Final = """key=$1 iv=$2; shift 2
sha256sum "$@" > sums
mkdir copies sealed
cp "$@" copies
for each in "$@"; do openssl enc -aes-256-ctr -K "$key" -iv "$iv" -in "$each" -out "sealed/${each##*/}"; done
"""
KEPT: Final = (
    PLAIN
    + """sync copies/* sealed/* copies sealed
for each in sealed/*; do dd if="$each" iflag=nocache count=0 status=none; done
sha256sum sealed/* > sealed.sums
"""
)


@contextmanager
def _emptied(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    from bench.results import show

    show(run())
