"""Writes headers.json: which headers each event and list item of a real Asterisk has, in which order.

Run it by hand when the captures change: `python -m tests.agi.simulator.make_headers`. The table is small: a channel's
block of 14 headers is one token, the prefix with a star.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
TESTS = HERE.parents[1]
CAPTURES = (TESTS / "data" / "floor-a.ami.gz", *sorted((TESTS / "transcripts" / "asterisk-22").glob("*.ami*")))
BLOCK = (
    "Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName", "ConnectedLineNum", "ConnectedLineName", "Language",
    "AccountCode", "Context", "Exten", "Priority", "Uniqueid", "Linkedid",
)  # fmt: skip


def shape(names: Iterable[str]) -> str:
    """Header names as one line, channel blocks folded."""
    todo, folded = list(names), []
    while todo:
        prefix = todo[0].removesuffix("Channel")
        if todo[: len(BLOCK)] == [prefix + name for name in BLOCK]:
            folded.append(f"{prefix}*")
            del todo[: len(BLOCK)]
        else:
            folded.append(todo.pop(0))
    return " ".join(folded)


def kind(names: list[str], name: str) -> str:
    """An event has a Privilege; what has none is an item of a list."""
    return f"{'event' if 'Privilege' in names else 'item'} {name}"


def shapes(data: bytes) -> Iterator[tuple[str, str]]:
    """Each event's and item's kind and shape."""
    for block in data.decode("utf-8", "replace").split("\r\n\r\n"):
        lines = [line for line in block.split("\r\n") if line]
        if not lines or not lines[0].startswith("Event: "):
            continue
        names = [line.partition(":")[0] for line in lines]
        yield kind(names, lines[0][7:]), shape(names)


def table() -> dict[str, list[str]]:
    """All shapes of all captures."""
    found: dict[str, set[str]] = {}
    for path in CAPTURES:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for name, each in shapes(data):
            found.setdefault(name, set()).add(each)
    unwanted = ("event RTCP", "event TestEvent", "event DTMF", "event Cdr", "event CEL")
    return {name: sorted(found[name]) for name in sorted(found) if not name.startswith(unwanted)}


if __name__ == "__main__":
    (HERE / "headers.json").write_text(json.dumps(table(), indent=1) + "\n")
