"""A store of keys that is somebody else's program: asked `get NAME`, `make NAME`, `destroy NAME` or `list`, a process a question.

Not a protocol of a key server: whoever has one writes ten lines of script. It prints 64 hexadecimal digits for `get` and `make`; for `list`
a line a name, a destroyed one with ` destroyed` behind it. Exit 0: done; 3 of `get`: there is none; 4: it was destroyed; anything else:
it cannot be asked just now, and the first line of what it says on its error output goes to whoever waits. No shell is in between.
"""

from __future__ import annotations

import os
import re
import selectors
import shlex
import signal
import subprocess
import time
from contextlib import suppress
from typing import Final, NamedTuple

from recordings.crypt.moves import Moves
from recordings.crypt.ring import is_kek_name
from recordings.crypt.store_faults import KeyDestroyed, StoreAway

PATIENCE_S: Final = 20.0
"""For one question: a key server behind a network answers within seconds or not at all."""
OUTPUT_MOST: Final = 4 << 20
"""Bytes read of an answer: 20,000 names."""
SAID_MOST: Final = 200
"""Characters of an error that are passed on."""
NONE, DESTROYED = 3, 4
HEX: Final = re.compile(r"[0-9a-fA-F]{64}")


class Answer(NamedTuple):
    code: int
    output: str
    error: str


class CommandStore:
    def __init__(self, command: str, patience_s: float = PATIENCE_S) -> None:
        """`command`: words as a shell would split them. Raises ValueError."""
        self._words = shlex.split(command)
        if not self._words:
            raise ValueError("The command for keys is empty.")
        self.name = self._words[0]
        self._patience_s = patience_s

    def there(self) -> bool:
        return True

    def prepare(self) -> None:
        """Whoever wrote the program did."""

    def get(self, name: str) -> bytes | None:
        answer = self._ask("get", name)
        return None if answer.code in (NONE, DESTROYED) else self._key(answer)

    def make(self, name: str, proposed: bytes) -> bytes:
        """The program makes its own; a proposed one never leaves this process."""
        answer = self._ask("make", name)
        if answer.code == DESTROYED:
            raise KeyDestroyed("keys.destroyed.store", name=name, store=self.name)
        return self._key(answer)

    def destroy(self, name: str) -> None:
        answer = self._ask("destroy", name)
        if answer.code not in (0, NONE, DESTROYED):
            raise self._away(answer)

    def destroyed(self, name: str) -> bool:
        answer = self._ask("get", name)
        if answer.code not in (0, NONE, DESTROYED):
            raise self._away(answer)
        return answer.code == DESTROYED

    def note(self, name: str, moves: Moves) -> None:
        """A program has no verb for it: after a disposal only a newer backup of the catalogue opens what stayed."""

    def notes(self, name: str) -> Moves:
        return {}

    def names(self) -> set[str]:
        return {name for name, word in self._list() if not word}

    def tombstones(self) -> set[str]:
        return {name for name, word in self._list() if word == "destroyed"}

    def _list(self) -> list[tuple[str, str]]:
        answer = self._ask("list")
        if answer.code:
            raise self._away(answer)
        lines = (line.partition(" ") for line in answer.output.splitlines())
        return [(name, word.strip()) for name, _, word in lines if is_kek_name(name)]

    def _key(self, answer: Answer) -> bytes:
        if answer.code:
            raise self._away(answer)
        said = answer.output.strip()
        if HEX.fullmatch(said) is None:
            raise StoreAway("keys.not_hex", store=self.name)
        return bytes.fromhex(said)

    def _away(self, answer: Answer) -> StoreAway:
        line = answer.error.strip().splitlines()[:1]
        said = "".join(each for each in (line[0] if line else "") if each.isprintable())[:SAID_MOST]
        if not said:
            return StoreAway("keys.ended.silent", store=self.name, status=answer.code)
        return StoreAway("keys.ended", store=self.name, status=answer.code, why=said)

    def _ask(self, verb: str, *names: str) -> Answer:
        if not all(is_kek_name(name) for name in names):
            raise ValueError("This is no name of a key.")
        pipe = subprocess.PIPE
        try:
            process = subprocess.Popen(  # noqa: S603 - the program that the settings name, and no shell
                [*self._words, verb, *names], stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, start_new_session=True
            )
        except OSError as fault:
            raise StoreAway("keys.not_started", store=self.name, why=fault.strerror) from fault
        try:
            output, error = self._heard(process)
            return Answer(process.returncode, output.decode("utf-8", "replace"), error.decode("utf-8", "replace"))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # and whatever it started
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def _heard(self, process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
        """All that it says, until both its ends are closed and it has ended."""
        deadline = time.monotonic() + self._patience_s
        said: dict[object, bytearray] = {process.stdout: bytearray(), process.stderr: bytearray()}
        with selectors.DefaultSelector() as selector:
            for stream in (process.stdout, process.stderr):
                assert stream is not None
                selector.register(stream, selectors.EVENT_READ)
            while selector.get_map():
                ready = selector.select(max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise self._slow()
                for key, _ in ready:
                    if not (piece := os.read(key.fd, 65_536)):
                        selector.unregister(key.fileobj)
                    said[key.fileobj] += piece
                    if len(said[key.fileobj]) > OUTPUT_MOST:
                        raise StoreAway("keys.too_long", store=self.name, most=OUTPUT_MOST >> 20)
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise self._slow() from None
        return bytes(said[process.stdout]), bytes(said[process.stderr])

    def _slow(self) -> StoreAway:
        return StoreAway("keys.slow", store=self.name, seconds=self._patience_s)
