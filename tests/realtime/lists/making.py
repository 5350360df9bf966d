"""Lists for tests: written as an import writes them, and announced as the engine announces them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from realtime.lists.files import ENDING
from realtime.lists.packing import Meta
from realtime.lists.writing import ListWriter, Written
from realtime.outbound import ListAnnounced
from realtime.words import Node


def write(folder: Path, numbers: Iterable[int], name: str = "dnc", blocks: Iterable[str] = (), **said: Any) -> Written:
    with ListWriter(folder, name) as writer:
        writer.add(array("Q", numbers), blocks)
        return writer.finish(Meta(name=name, **said))


def announced(written: Written, **other: Any) -> ListAnnounced:
    meta = written.meta
    said = {
        "list": meta.name,
        "kind": meta.kind,
        "version": written.version,
        "file": f"{written.version}{ENDING}",
        "numbers": written.numbers,
        "as_of": meta.as_of,
    }
    return ListAnnounced(1, 1, Node(""), "test", 1, **{**said, **other})
