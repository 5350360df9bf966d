"""Where each file of an image lies, so that a damaged one is told file by file even where its directories cannot be read any more.

Not the files' contents. Noted when the image is made, kept in the catalogue (`tables.items`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pycdlib

from recordings.discs.media import SECTOR


class Extent(NamedTuple):
    path: str
    offset: int
    size: int


def extents_of(image: Path) -> tuple[Extent, ...]:
    """By the Rock Ridge names, sorted by where they lie."""
    iso = pycdlib.PyCdlib()
    iso.open(str(image))
    try:
        return tuple(sorted(_below(iso, ""), key=lambda extent: (extent.offset, extent.path)))
    finally:
        iso.close()


def _below(iso: Any, folder: str) -> Iterator[Extent]:
    for record in iso.list_children(rr_path=folder or "/"):
        if record is None or record.is_dot() or record.is_dotdot():
            continue
        path = f"{folder}/{record.rock_ridge.name().decode()}"
        if record.is_dir():
            yield from _below(iso, path)
        else:
            yield Extent(path[1:], record.extent_location() * SECTOR, record.get_data_length())
