"""When a file of a spool is complete: said by MixMonitor's post-process command, by its having been closed, or by its rest. Pure.

Never by MixMonitorStop or a hang-up: on a hang-up no stop is sent, and the thread may still write. A file that nobody said anything of
(Andon was down, the spool is mounted, the PBX crashed) is asked after when it has rested for `settle_s`: does its own header say that
it was closed (Asterisk patches the lengths of a WAV at its end only), is its call over? Else it waits for `leftover_s`, since
MixMonitor with option b writes nothing while a caller waits. Nothing is lost by a wrong guess: a file that grew is another recording,
and is not removed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from realtime.words import SECOND, Micros
from recordings.spool.found import Found
from recordings.spool.pairing import SIDES, Group, Side, place

LEFTOVER_S: Final = 3600.0
"""Longer than anybody waits unbridged with a recording begun; a crash's leftover can wait so long."""
HEADER: Final = 60
"""Bytes of the longest header that Asterisk writes (WAV/GSM); a file that is no longer has no sound."""


class Ready(NamedTuple):
    """A group of files that are all complete. `since`: when the last of them was known to be."""

    group: Group
    files: dict[str, Found]
    since: Micros

    @property
    def oldest_ns(self) -> int:
        return min(found.changed_ns for found in self.files.values())

    @property
    def newest(self) -> Micros:
        return max(found.changed for found in self.files.values())

    @property
    def size(self) -> int:
        return sum(found.size for found in self.files.values())


@dataclass(slots=True)
class _Known:
    found: Found
    key: str  # of its group
    side: Side
    since: Micros  # as it is now
    told: Micros = 0  # complete, somebody said


@dataclass(slots=True)
class Waiting:
    """The files of one spool that are not in the archive."""

    settle_s: float
    leftover_s: float = LEFTOVER_S
    _files: dict[str, _Known] = field(default_factory=dict)
    _groups: dict[str, dict[Side, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Recordings, not files."""
        return len(self._groups)

    def all(self, files: Iterable[Found], markers: Collection[str], now: Micros, *, whole: bool = True) -> None:
        """What a sweep saw. `whole`: what it did not see is gone."""
        seen = set()
        for found in files:
            self.one(found, now)
            seen.add(found.name)
        if whole:
            self.gone([name for name in self._files if name not in seen])
        if markers:
            for group in self._each():
                if group.base in markers:
                    self.told(group.files.values(), now)

    def one(self, found: Found, now: Micros) -> None:
        known = self._files.get(found.name)
        if known is None:
            key, side = place(found.name, self._groups)
            self._groups.setdefault(key, {})[side] = found.name
            self._files[found.name] = _Known(found, key, side, now)
        elif not known.found.same(found):
            known.found, known.since, known.told = found, now, 0

    def told(self, names: Iterable[str], now: Micros) -> None:
        for name in names:
            known = self._files.get(name)
            if known is not None and not known.told:
                known.told = now

    def marked(self, base: str, now: Micros) -> list[str]:
        """The names that a marker speaks for."""
        names = [name for group in self._each() if group.base == base for name in group.files.values()]
        self.told(names, now)
        return names

    def gone(self, names: Iterable[str]) -> None:
        for name in names:
            known = self._files.pop(name, None)
            if known is not None:
                files = self._groups[known.key]
                del files[known.side]
                if not files:
                    del self._groups[known.key]

    def names(self) -> list[str]:
        return list(self._files)

    def bases(self) -> set[str]:
        """What markers may speak of."""
        return {group.base for group in self._each()}

    def rested(self, now: Micros) -> list[Found]:
        """Of which nobody said anything, and that nobody writes any more as it seems; oldest first."""
        quiet = [known.found for known in self._files.values() if not known.told and self._rest(known, now) >= self.settle_s]
        return sorted(quiet, key=lambda found: found.changed_ns)

    def late(self, now: Micros, after_s: float, most: int, busy: Collection[str] = ()) -> list[Found]:
        """What has been waiting for long: people may want to know. `busy` as in `ready`: what is at work does not wait."""
        old = [known.found for known in self._files.values() if now - known.since > after_s * SECOND and known.key not in busy]
        return sorted(old, key=lambda found: found.changed_ns)[:most]

    def ready(self, now: Micros, busy: Collection[str] = ()) -> list[Ready]:
        """Oldest first. `busy`: keys of groups at work."""
        made = []
        for group in self._each():
            if group.key in busy:
                continue
            known = [self._files[name] for name in group.files.values()]
            since = [self._complete(each, now) for each in known]
            if not all(since) or (group.lonely and self._rest(known[0], now) < self.settle_s):
                continue  # the other leg of a lonely one may come
            made.append(Ready(group, {each.found.name: each.found for each in known}, max(since)))
        return sorted(made, key=lambda ready: ready.oldest_ns)

    def oldest_s(self, now: Micros) -> float:
        """Since when the oldest complete one waits; 0: none does."""
        return max(((now - known.told) / SECOND for known in self._files.values() if known.told), default=0.0)

    def _each(self) -> Iterable[Group]:
        return [Group(key, {side: files[side] for side in SIDES if side in files}) for key, files in self._groups.items()]

    def _complete(self, known: _Known, now: Micros) -> Micros:
        """Since when; 0: it is not."""
        return known.told or (known.since if self._rest(known, now) >= self.leftover_s else 0)

    def _rest(self, known: _Known, now: Micros) -> float:
        """Seconds without a change, by the file's own time or, where its clock is ahead of ours, since we see it so."""
        return max(now - known.found.changed, now - known.since, 0) / SECOND


def says_closed(head: bytes, size: int) -> bool:
    """The header of a WAV counts what the file has. One that is being written, or was when the PBX died, counts none."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE" or size <= HEADER:
        return False
    counted = int.from_bytes(head[4:8], "little") + 8
    return counted in (size, size - 1)  # an odd length has a byte more
