"""Words of a spool: a file as somebody saw it, why it is left alone, and the bounds of looking. Pure.

Not the looking (`sweep.py`) and not what is made of it (`waiting.py`). Names are paths under the spool as Python has them from the
system: bytes that are no UTF-8 are surrogates in them, so a name is never shown, logged or stored before `shown`.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from realtime.words import Micros
from recordings.words import Trouble

MARKERS: Final = ".done"
"""The folder under a spool where a post-process command leaves one empty file a recording: `extensions_andon.conf`, [andon-record]."""
DEPTH_MAX: Final = 8
"""Folders in folders: year, month, day, campaign and as many again. A tree that is deeper is no spool."""
FILES_MAX: Final = 200_000
"""Entries of one sweep: two days of 10 calls a second that nobody fetched. What is beyond comes with the next sweep, as files leave."""
NAME_MAX: Final = 1024
"""Bytes of a path under the spool: a quarter of what the system takes."""

SIZE_MAX: Final = 4 * 1024**3 - 1
"""RIFF counts with 32 bits, and Asterisk writes no file of sound that is larger; so something larger is none."""
LINEAR: Final = frozenset({"wav", "wav16", "raw", "sln"} | {f"sln{k}" for k in (12, 16, 24, 32, 44, 48, 96, 192)})
CODED: Final = frozenset({"wav49", "gsm", "ulaw", "ul", "mu", "ulw", "pcm", "alaw", "al", "alw", "g722", "au", "ogg", "opus", "g729"})
EXTENSIONS: Final = LINEAR | CODED
"""What MixMonitor may be asked to write (lower case; `WAV` is wav49). Files of other names are no recordings and are left alone."""

_DIGITS: Final = re.compile(r"\d{5,}")
SHOWN_MAX: Final = 200


class Found(NamedTuple):
    """A file. `trouble`: it is not opened, `why` says why in a few words."""

    name: str
    size: int = 0
    changed_ns: int = 0
    inode: int = 0
    device: int = 0
    trouble: Trouble | None = None
    why: str = ""

    @property
    def changed(self) -> Micros:
        return self.changed_ns // 1_000

    def same(self, other: Found) -> bool:
        """The same file, and nobody wrote into it in between."""
        return (self.inode, self.device, self.size, self.changed_ns) == (other.inode, other.device, other.size, other.changed_ns)


class Sweep(NamedTuple):
    """What one walk saw. `markers`: base names that a post-process command said are complete. `cut`: why it did not see all of it, as the
    end of a sentence."""

    files: list[Found]
    markers: frozenset[str]
    cut: str = ""


def shown(name: str) -> str:
    """For people: no long run of digits, which may be somebody's number, and nothing that a terminal or a database would choke on."""
    hidden = _DIGITS.sub(lambda run: f"{run[0][:2]}…", name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))
    clean = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in hidden)
    return clean if len(clean) <= SHOWN_MAX else f"{clean[:SHOWN_MAX]}…"


def base_of(name: str) -> str:
    """A path's last part without its ending."""
    last = name.rpartition("/")[2]
    stem, dot, _ = last.rpartition(".")
    return stem if dot else last


def extension_of(name: str) -> str:
    last = name.rpartition("/")[2]
    return last.rpartition(".")[2].lower() if "." in last else ""
