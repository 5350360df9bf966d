"""The archivist killed at random moments under load: `python -m tests.recordings.killing FOLDER URL LOG KILLS SEED`.

A process of its own that imports everything once, and forks a life each time: so a kill costs a fraction of a second. It leaves files in
the spool meanwhile, as a PBX does, and tells their calls to the log at that address. It prints one line of JSON: the calls, with the
hashes of what it left of each.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

import msgspec

from tests.recordings.archives import Archive
from tests.recordings.killed_calls import Teller, Told, living
from tests.recordings.sounds import leave, tone, wav

VAULTS = 2
LIFE_S = 1.5
"""The longest life: long enough to open a database and to keep some recordings, on a slow machine too."""
CALLS_A_LIFE = 5
"""The last one of them leaves nothing in the spool."""


def kill_again_and_again(folder: Path, url: str, log_url: str, kills: int, seed: int) -> list[Told]:
    dice, told = random.Random(seed), list[Told]()
    teller = Teller(log_url, dice)
    for number in range(kills):
        life = born(folder, url, log_url)
        end = time.monotonic() + dice.uniform(0.05, LIFE_S)
        for each in range(CALLS_A_LIFE):
            call = teller.call(number * CALLS_A_LIFE + each)
            teller.before(call)
            if each < CALLS_A_LIFE - 1:
                leave_one(folder / "spool", call, dice)
            told.append(call)
            time.sleep(max(0.0, min((end - time.monotonic()) * dice.random(), LIFE_S)))
        time.sleep(max(0.0, end - time.monotonic()))
        os.kill(life, signal.SIGKILL)
        assert os.WTERMSIG(os.waitpid(life, 0)[1]) == signal.SIGKILL, "it died by itself"
    teller.rest()
    return told


def leave_one(spool: Path, call: Told, dice: random.Random) -> None:
    """One recording: mixed, or two legs with the marker that its post-process command leaves."""
    seconds, number = dice.choice((0.0, 0.4, 3.0)), int(call.call.partition(".")[2])
    if number % 3:
        names = {f"{call.base}.wav": wav(tone(seconds, seed=number))}
    else:
        names = {f"{call.base}-{side}.wav": wav(tone(seconds, seed=number + 10_000 * turn)) for turn, side in enumerate(("rx", "tx"))}
    for name, data in names.items():
        leave(spool / name, data)
    leave(spool / ".done" / call.base.rpartition("/")[2], b"")
    call.sha256, call.sounds = sorted(hashlib.sha256(data).hexdigest() for data in names.values()), seconds > 0


def born(folder: Path, url: str, log_url: str) -> int:
    """A life: the process id of a child that archives until it is killed."""
    life = os.fork()
    if life:
        return life
    try:
        asyncio.run(live(folder, url, log_url))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


async def live(folder: Path, url: str, log_url: str) -> None:
    async with living(Archive(folder, url, VAULTS), log_url):
        await asyncio.Event().wait()


if __name__ == "__main__":
    gc.freeze()
    said = kill_again_and_again(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
