"""A child for the tests of the supervisor: behaves as told, and writes what happens to it into a journal.

`python toy.py JOURNAL NAME BEHAVIOUR`. Each line of the journal is `NAME WORD PID`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from andon import lifeline
from andon.keeper import READY

DEATHS = 3


class Toy:
    def __init__(self, journal: Path, name: str) -> None:
        self.journal = journal
        self.name = name
        self.stop = threading.Event()

    def note(self, word: str, pid: int | None = None) -> None:
        with self.journal.open("a") as file:
            file.write(f"{self.name} {word} {pid or os.getpid()}\n")

    def serve(self, ready: bool = True) -> int:
        signal.signal(signal.SIGTERM, lambda *_: self.stop.set())
        lifeline.watch(self.stop.set, grace_s=0.2)
        if ready:
            sys.stdout.write(f"{READY}{self.name} serves\n")
            sys.stdout.flush()
        self.note("serves")
        self.stop.wait()
        self.note("ends")
        return 0

    def dies_often(self) -> int:
        self.note("dies")
        if self.journal.read_text().count(f"{self.name} dies") > DEATHS:
            return self.serve()
        sys.stderr.write("something is wrong\n")
        return 1

    def stubborn(self) -> int:
        """Neither listens to SIGTERM nor ends with its lifeline by itself: its main thread is busy for ever."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        lifeline.watch(lambda: None, grace_s=0.2)
        self.note("serves")
        sys.stdout.write(READY + "\n")
        sys.stdout.flush()
        while True:
            signal.pause()

    def leaves_one_behind(self) -> int:
        left = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        self.note("left", left.pid)
        os.kill(os.getpid(), signal.SIGKILL)
        return 1

    def talks(self) -> int:
        sys.stdout.buffer.write(b"half a ")
        sys.stdout.buffer.flush()
        sys.stdout.buffer.write("line 中\n".encode() + b"\xff\x1b[2J\n" + b"x" * 100_000 + b"\nlast without end")
        sys.stdout.buffer.flush()
        return 0 if self.journal.exists() and "talks" in self.journal.read_text() else self.serve(ready=False)


BEHAVIOURS = {
    "serve": Toy.serve,
    "dies_often": Toy.dies_often,
    "stubborn": Toy.stubborn,
    "wrong": lambda toy: 2,
    "leaves_one_behind": Toy.leaves_one_behind,
    "talks": Toy.talks,
}

if __name__ == "__main__":
    sys.exit(BEHAVIOURS[sys.argv[3]](Toy(Path(sys.argv[1]), sys.argv[2])))
