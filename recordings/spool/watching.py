"""Hearing of files in a spool that were closed or moved into place, where the system tells (inotify, Linux).

Not what that means (`waiting.py`), and nothing that must be heard: a sweep finds whatever was missed, later. Names come from the watched
folders themselves; whether a name is harmless is seen when it is looked at.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recordings.spool.found import DEPTH_MAX, MARKERS

if TYPE_CHECKING:
    from asyncinotify import Inotify

FOLDERS_MAX: Final = 2_000
"""Folders watched: five years of days. Beyond it, and where the system gives fewer watches, the sweep alone finds files."""


def can_watch() -> bool:
    return sys.platform == "linux"


class Watching:
    """`run()` it in a task, until cancelled. `closed` is told names under the spool, `marked` base names that are complete."""

    def __init__(self, root: Path, closed: Callable[[str], None], marked: Callable[[str], None]) -> None:
        self._root = os.fspath(root)
        self._closed = closed
        self._marked = marked
        self._watched = 0

    async def run(self) -> None:
        """Raises OSError where the system gives no inotify at all."""
        from asyncinotify import Inotify, Mask  # of Linux alone

        with Inotify() as inotify:
            self._watch(inotify, self._root, 0)
            async for event in inotify:
                if event.mask & Mask.IGNORED:
                    self._watched -= 1
                elif event.path is not None:
                    path = os.fspath(event.path)
                    name = path.removeprefix(self._root).lstrip("/")
                    if event.mask & Mask.ISDIR:
                        self._watch(inotify, path, name.count("/") + 1)
                    elif event.mask & (Mask.CLOSE_WRITE | Mask.MOVED_TO):
                        self._tell(name)

    def _watch(self, inotify: Inotify, folder: str, depth: int) -> None:
        """The folder and those in it; files that are there already are the sweep's."""
        from asyncinotify import Mask

        if depth > DEPTH_MAX or self._watched >= FOLDERS_MAX:
            return
        mask = Mask.CLOSE_WRITE | Mask.MOVED_TO | Mask.CREATE | Mask.ONLYDIR
        try:
            inotify.add_watch(folder, mask | Mask.DONT_FOLLOW if depth else mask)
            self._watched += 1
            with os.scandir(folder) as entries:
                inner = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:  # gone again, or the system's own bound of watches
            return
        for each in inner:
            self._watch(inotify, f"{folder}/{each}", depth + 1)

    def _tell(self, name: str) -> None:
        folder, _, base = name.rpartition("/")
        if folder == MARKERS:
            self._marked(base)
        else:
            self._closed(name)
