"""The lists that are in force in this process: opens what is announced, checks it, exchanges it while numbers are looked up.

    shelf = Shelf(data / "lists", told=log.warning)
    shelf.take(floor.owned.outbound.lists)      # after each folded step; costs nothing while nothing is new
    shelf.seen(names, "+8613912345678")         # for the gate: which version, of when, and whether the number is on it
    shelf.consents(names, "+8613912345678")

A thread of its own opens and hashes; who looks up reads one reference and meets either the old lists or the new ones, whole. A version
that is not there or not what it must be leaves the one before in force, with its own date, and is said; without one before the list has
no version, and the gate does not dial. Not the judging: how old a list may be is the rules' word.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from realtime.dial.model import Consent, ListSeen
from realtime.lists.files import VERSION, Mapped, Refused, path_of
from realtime.lists.writing import NAME
from realtime.outbound import ListAnnounced

AGAIN_S: Final = 5.0
"""A file that is not there yet is being copied by somebody; one that was refused may be put right."""


class State(NamedTuple):
    """Of one list: the version looked up in, and what keeps the announced one from being that; empty where nothing does."""

    version: str
    announced: str
    numbers: int = 0
    trouble: str = ""


class Shelf:
    """One a process. `take`, `seen`, `consents` and `states` may be called from any thread and never wait for a disk or a lock that is
    held over one."""

    def __init__(
        self,
        folder: Path,
        told: Callable[[str], None] = lambda _: None,
        again_s: float = AGAIN_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._told = told
        self._again_s = again_s
        self._clock = clock
        self._open: Mapping[str, Mapped] = {}
        """Replaced as a whole, never changed."""
        self._trouble: dict[str, str] = {}
        self._wanted: dict[str, ListAnnounced] = {}
        self._due = 0.0
        """When what did not go is tried again."""
        self._news = threading.Condition()
        self._busy = False
        self._closed = False
        self._thread: threading.Thread | None = None

    # ------------------------------------------------------------------ what is announced

    def take(self, lists: Mapping[str, ListAnnounced]) -> None:
        """What is on the floor now. A list that is not announced any more is not looked up any more."""
        again = bool(self._trouble) and self._clock() >= self._due
        if not again and self._same(lists):
            return
        with self._news:
            if self._closed:
                return
            self._wanted = dict(lists)
            self._due = self._clock() + self._again_s
            self._busy = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="lists", daemon=True)
                self._thread.start()
            self._news.notify_all()

    def _same(self, lists: Mapping[str, ListAnnounced]) -> bool:
        """By what they are, not by what they say: facts are never changed."""
        wanted = self._wanted
        return len(lists) == len(wanted) and all(wanted.get(name) is each or wanted.get(name) == each for name, each in lists.items())

    def settled(self, timeout_s: float) -> bool:
        """Waits until what was taken is open or refused. For who starts, and for tests: never in a loop of calls."""
        with self._news:
            return self._news.wait_for(lambda: not self._busy, timeout_s)

    def close(self) -> None:
        with self._news:
            self._closed = True
            self._news.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()

    # ------------------------------------------------------------------ looking up

    def seen(self, names: Iterable[str], e164: str) -> dict[str, ListSeen]:
        """Each of the names. `version` empty: this list is not there."""
        opened = self._open
        return {name: _seen(name, opened.get(name), e164) for name in names}

    def consents(self, names: Iterable[str], e164: str) -> tuple[Consent, ...]:
        """Of the lists of consents among the names that have this number. Whether one is over is the rules' word."""
        opened = self._open
        return tuple(
            consent_of(name, mapped)
            for name in names
            if (mapped := opened.get(name)) is not None and mapped.meta.kind == "consent" and mapped.find(e164)
        )

    def states(self) -> dict[str, State]:
        """For screens: each list that is announced."""
        opened, trouble = self._open, dict(self._trouble)
        return {name: _state(opened.get(name), each.version, trouble.get(name, "")) for name, each in self._wanted.items()}

    # ------------------------------------------------------------------ the thread

    def _work(self) -> None:
        done: dict[str, ListAnnounced] | None = None
        while True:
            with self._news:
                if done is self._wanted or not self._busy:
                    self._busy = False
                    self._news.notify_all()
                    self._news.wait_for(lambda: self._busy or self._closed)
                if self._closed:
                    return
                wanted = self._wanted
            self._exchange(wanted)
            done = wanted

    def _exchange(self, wanted: Mapping[str, ListAnnounced]) -> None:
        """One after the other: a large list keeps no small one waiting for longer than its own check."""
        self._open = {name: mapped for name, mapped in self._open.items() if name in wanted}
        self._trouble = {name: why for name, why in self._trouble.items() if name in wanted}
        for name, announced in sorted(wanted.items(), key=lambda each: each[1].numbers):
            if self._closed:
                return
            before = self._open.get(name)
            if before is not None and before.version == announced.version:
                self._trouble.pop(name, None)
                continue
            try:
                self._open = {**self._open, name: opened(self._folder, name, announced)}
                self._trouble.pop(name, None)
            except (OSError, Refused) as fault:
                self._refused(name, before, fault)
        self._due = self._clock() + self._again_s

    def _refused(self, name: str, before: Mapped | None, fault: OSError | Refused) -> None:
        why = f"{fault.filename}: {fault.strerror}" if isinstance(fault, OSError) else str(fault)
        if self._trouble.get(name) != why:
            kept = (
                f"its version {before.version[:12]} stays in force"
                if before is not None
                else "it has no version, so nothing is dialled by it"
            )
            self._told(f"The newest version of the list {name} cannot be used ({why}): {kept}.")
        self._trouble = {**self._trouble, name: why}


def opened(folder: Path, name: str, announced: ListAnnounced) -> Mapped:
    """The very file that was announced, checked. Raises OSError and Refused."""
    if not NAME.fullmatch(name) or not VERSION.fullmatch(announced.version):
        raise Refused(f"what was announced of {name!r} names no version of a list")
    mapped = Mapped(path_of(folder, name, announced.version), announced.version)
    meta = mapped.meta
    if (meta.kind, meta.as_of, len(mapped)) != (announced.kind, announced.as_of, announced.numbers):
        raise Refused(f"{mapped.path} is of another kind, date or size than was announced")
    return mapped


def consent_of(name: str, mapped: Mapped) -> Consent:
    meta = mapped.meta
    return Consent(
        id=f"{name}@{mapped.version[:12]}",
        client=meta.client,
        purpose=meta.purpose,
        basis=meta.basis,
        written=meta.written,
        given=meta.as_of,
        expires=meta.expires,
        list=name,
    )


def _seen(name: str, mapped: Mapped | None, e164: str) -> ListSeen:
    return ListSeen(name) if mapped is None else ListSeen(name, mapped.version, mapped.meta.as_of, mapped.find(e164), mapped.meta.kind)


def _state(mapped: Mapped | None, announced: str, trouble: str) -> State:
    return State("", announced, 0, trouble) if mapped is None else State(mapped.version, announced, len(mapped), trouble)
