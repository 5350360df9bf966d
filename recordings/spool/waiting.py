"""When a file of a spool is complete: said by MixMonitor's post-process command, by its having been closed, or by its rest. Pure.

Never by MixMonitorStop or a hang-up: on a hang-up no stop is sent, and the thread may still write. A file that nobody said anything of
(Andon was down, the spool is mounted, the PBX crashed) is complete when it has rested: for `settle_s` when its own header says that it was
closed (Asterisk patches the lengths of a WAV at its end only) or its call is over, else for `leftover_s`, since MixMonitor with option b
writes nothing while a caller waits. Nothing is lost by a wrong guess: a file that grew is another recording, and is not removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from realtime.words import SECOND, Micros
from recordings.spool.found import Found
from recordings.spool.pairing import Group, groups

LEFTOVER_S: Final = 3600.0
"""Longer than anybody waits unbridged with a recording begun; a crash's leftover can wait so long."""
HEADER: Final = 60
"""Bytes of the longest header that Asterisk writes (WAV/GSM); a file that is no longer has no sound."""


class Hint(NamedTuple):
    """What else is known of a file that nobody said anything of."""

    closed: bool = False  # its header says so
    over: bool = False  # its call is


class Ready(NamedTuple):
    """A group of files that are all complete. `since`: when the last of them became so."""

    group: Group
    files: dict[str, Found]
    since: Micros

    @property
    def oldest(self) -> int:
        return min(found.changed_ns for found in self.files.values())


@dataclass(slots=True)
class _Known:
    found: Found
    since: Micros  # as it is now
    told: Micros = 0  # complete, somebody said


@dataclass(slots=True)
class Waiting:
    """The files of one spool that are not in the archive. `settle_s` and `leftover_s` as above."""

    settle_s: float
    leftover_s: float = LEFTOVER_S
    _files: dict[str, _Known] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._files)

    def all(self, files: Iterable[Found], markers: Iterable[str], now: Micros, *, whole: bool = True) -> None:
        """What a sweep saw. `whole`: what it did not see is gone."""
        seen = set()
        for found in files:
            self.one(found, now)
            seen.add(found.name)
        if whole:
            for name in [name for name in self._files if name not in seen]:
                del self._files[name]
        marked = frozenset(markers)
        if marked:
            for group in groups(self._files):
                if group.base in marked:
                    self.told(group.files.values(), now)

    def one(self, found: Found, now: Micros) -> None:
        known = self._files.get(found.name)
        if known is None or not known.found.same(found):
            self._files[found.name] = _Known(found, now)

    def told(self, names: Iterable[str], now: Micros) -> None:
        for name in names:
            known = self._files.get(name)
            if known is not None and not known.told:
                known.told = now

    def gone(self, names: Iterable[str]) -> None:
        for name in names:
            self._files.pop(name, None)

    def ready(self, now: Micros, hint: Callable[[Found], Hint], busy: frozenset[str] = frozenset()) -> list[Ready]:
        """Oldest first. `hint` is asked of files alone that have rested and that nobody spoke of; `busy`: keys of groups at work."""
        made = []
        for group in groups(self._files):
            if group.key in busy:
                continue
            since = [self._complete(self._files[name], now, hint) for name in group.files.values()]
            if group.lonely and all(since) and not self._rested(next(iter(group.files.values())), now):
                continue  # the other leg may come
            if all(since):
                made.append(Ready(group, {name: self._files[name].found for name in group.files.values()}, max(since)))
        return sorted(made, key=lambda ready: ready.oldest)

    def oldest(self, now: Micros) -> float:
        """Seconds since the oldest file that waits was last written; 0 when none does."""
        return max((max(0, now - known.found.changed) / SECOND for known in self._files.values()), default=0.0)

    def _rested(self, name: str, now: Micros) -> bool:
        return self._rest(self._files[name], now) >= self.settle_s

    def _complete(self, known: _Known, now: Micros, hint: Callable[[Found], Hint]) -> Micros:
        """Since when; 0: it is not."""
        if known.told:
            return known.told
        rest = self._rest(known, now)
        if rest < self.settle_s:
            return 0
        if rest >= self.leftover_s:
            return known.since
        said = hint(known.found)
        return known.since if said.over or said.closed else 0

    def _rest(self, known: _Known, now: Micros) -> float:
        """Seconds without a change, by the file's own time or, where its clock is ahead of ours, since we see it so."""
        return max(now - known.found.changed, now - known.since, 0) / SECOND


def says_closed(head: bytes, size: int) -> bool:
    """The header of a WAV counts what the file has. One that is being written, or was when the PBX died, counts none."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE" or size <= HEADER:
        return False
    counted = int.from_bytes(head[4:8], "little") + 8
    return counted in (size, size - 1)  # an odd length has a byte more
