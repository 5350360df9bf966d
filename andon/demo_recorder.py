"""What the demo's PBX records becomes files in its spool: two synthetic voices, as long as the call, and now and then what goes wrong.

Not which calls are recorded and how they are named (`agi/simulator/taping.py`). Files are made by a thread of its own, one after the other;
the PBX only puts a recording into its queue. Voices (and numpy) are loaded by that thread when the first recording ends.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Full, Queue
from random import Random
from types import ModuleType
from typing import Any, Final, cast

from agi.simulator.taping import Tape
from realtime.words import SECOND, Micros

LONGEST_S: Final = 240.0
"""A call that is longer has a recording that ends too soon: two files of 3 MB are enough."""
SHORTEST_S: Final = 1.0
WAITING_MOST: Final = 40
"""Recordings that ended and are not written yet: more than a second's work each minute would be a PBX that is too large to listen to."""
BETWEEN: Final[Micros] = 5 * SECOND
"""So often a recording begins that the gate did not ask for: with those that it asks for some 25 MB a minute."""
MOST_BYTES: Final = 2_000_000_000
"""Of a whole demo, of files that were written; then it records no more. The archive takes as much."""
RATE: Final = 8_000
TWO_TURNS_S: Final = 14.0
FIRST: Final = {2: "missing", 4: "empty", 6: "silent", 8: "short", 10: "crashed"}
"""Soon one of each, for who looks at a demo does not wait for chance."""
AMISS: Final = (("", 92), ("missing", 2), ("empty", 2), ("silent", 2), ("short", 1), ("crashed", 1))


class DemoRecorder:
    """`spool`: the PBX's; `since`: recordings that ended before are of a time when nobody listened."""

    def __init__(self, spool: Path, seed: int, since: Micros) -> None:
        self._spool, self._seed, self._since = spool, seed, since
        self._chance = Random(f"{seed}:recorder")  # noqa: S311 - repeatable on purpose
        self._queue: Queue[tuple[int, str, Tape] | None] = Queue(WAITING_MOST)
        self._last: Micros = 0
        self._over = self._bytes = 0
        self._thread = threading.Thread(target=self._write_all, name="recorder", daemon=True)
        self._thread.start()

    def wants(self, now: Micros, asked: bool) -> bool:
        if self._bytes > MOST_BYTES or (not asked and now - self._last < BETWEEN):
            return False
        self._last = now
        return True

    def over(self, tape: Tape) -> None:
        """The PBX does not wait: what the thread cannot keep up with is never written, and so is missing."""
        if tape.ended < self._since:
            return
        self._over += 1
        words, weights = zip(*AMISS, strict=True)
        amiss = FIRST.get(self._over) or self._chance.choices(words, weights)[0]
        try:
            self._queue.put_nowait((self._over, amiss, tape))
        except Full:
            return

    def close(self) -> None:
        """No more; who reads the spool is ended with it."""
        try:
            self._queue.put_nowait(None)
        except Full:
            return

    # ---------------------------------------------------------------- in the thread

    def _write_all(self) -> None:
        while (job := self._queue.get()) is not None:
            number, amiss, tape = job
            try:
                self._write(number, amiss, tape)
            except OSError:
                continue  # the folder is gone, since the demo ends, or the disk is full: the recording is missing

    def _write(self, number: int, amiss: str, tape: Tape) -> None:
        if amiss == "missing":
            return
        from andon import voices  # numpy and soundfile take their time, which a demo has after its first call

        length_s = min(max((tape.ended - tape.began) / SECOND, SHORTEST_S), LONGEST_S)
        if amiss == "short":
            length_s = max(SHORTEST_S, length_s / 4)
        legs = _spoken(voices, self._seed * 10_000 + number, length_s)
        if tape.by_agent:
            legs = legs[::-1]
        for since, until in _muted(tape, len(legs[0])):
            for leg in legs:
                leg[since:until] = 0
        if amiss == "silent":
            legs = (legs[0] // 400, legs[1] // 400)
        for side, leg in zip(("rx", "tx"), legs, strict=True):
            path = self._spool / f"{tape.stem}-{side}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            if amiss == "empty":
                voices.write_empty(path)
            elif amiss == "crashed":
                voices.write_crashed(path, leg)
            else:
                voices.write_wav(path, leg)
            self._bytes += path.stat().st_size
        if amiss != "crashed":
            marker = self._spool / ".done" / tape.uniqueid
            marker.parent.mkdir(exist_ok=True)
            marker.touch()


def _spoken(voices: ModuleType, seed: int, length_s: float) -> tuple[Any, Any]:
    """Both sides are heard also in a call that is shorter than a turn: it is cut around the first change of who speaks."""
    if length_s >= TWO_TURNS_S:
        return cast(tuple[Any, Any], voices.conversation(seed, length_s))
    samples = round(length_s * RATE)
    begin = max(0, voices.turns(seed, 2 * TWO_TURNS_S)[0].end - samples // 2)
    rx, tx = voices.conversation(seed, 2 * TWO_TURNS_S)
    return rx[begin : begin + samples], tx[begin : begin + samples]


def _muted(tape: Tape, samples: int) -> Iterator[tuple[int, int]]:
    """In samples of the recording."""
    for since, until in tape.silences:
        yield tuple(min(max(0, at - tape.began) * RATE // SECOND, samples) for at in (since, until))  # type: ignore[misc]
