"""The archivist killed at random moments under load: `python -m tests.recordings.killing FOLDER URL KILLS SEED`.

A process of its own that imports everything once, and forks a life each time: so a kill costs a fraction of a second. It leaves files in
the spool meanwhile, as a PBX does. It prints one line of JSON: what it left, by recording's key, with the bytes' hashes.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from tests.recordings.archives import Archive
from tests.recordings.archivists import running
from tests.recordings.sounds import leave, tone, wav

VAULTS = 2
LIFE_S = 1.5
"""The longest life: long enough to open a database and to keep some recordings, on a slow machine too."""
FILES_A_LIFE = 4


def kill_again_and_again(folder: Path, url: str, kills: int, seed: int) -> dict[str, list[str]]:
    dice, left = random.Random(seed), dict[str, list[str]]()
    spool = folder / "spool"
    for number in range(kills):
        life = born(folder, url)
        end = time.monotonic() + dice.uniform(0.05, LIFE_S)
        for each in range(FILES_A_LIFE):
            left |= leave_one(spool, number * FILES_A_LIFE + each, dice)
            time.sleep(max(0.0, min((end - time.monotonic()) * dice.random(), LIFE_S)))
        time.sleep(max(0.0, end - time.monotonic()))
        os.kill(life, signal.SIGKILL)
        os.waitpid(life, 0)
    return left


def leave_one(spool: Path, number: int, dice: random.Random) -> dict[str, list[str]]:
    """One recording: mixed, or two legs with the marker that its post-process command leaves."""
    base = f"2026/11/{number % 28 + 1:02}/{1_795_000_000 + number}.{number}"
    seconds = dice.choice((0.0, 0.4, 3.0))
    if number % 3:
        names = {f"{base}.wav": wav(tone(seconds, seed=number))}
    else:
        names = {f"{base}-{side}.wav": wav(tone(seconds, seed=number + 10_000 * turn)) for turn, side in enumerate(("rx", "tx"))}
    for name, data in names.items():
        leave(spool / name, data)
    leave(spool / ".done" / base.rpartition("/")[2], b"")
    return {base: sorted(hashlib.sha256(data).hexdigest() for data in names.values())}


def born(folder: Path, url: str) -> int:
    """A life: the process id of a child that archives until it is killed."""
    life = os.fork()
    if life:
        return life
    try:
        asyncio.run(live(folder, url))
    finally:
        os._exit(1)


async def live(folder: Path, url: str) -> None:
    async with running(Archive(folder, url, VAULTS)):
        await asyncio.Event().wait()


if __name__ == "__main__":
    gc.freeze()
    said = kill_again_and_again(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    sys.stdout.write(json.dumps(said) + "\n")
