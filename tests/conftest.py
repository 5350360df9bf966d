"""For all tests: nothing is skipped in continuous integration, and files that wait take turns with files that reckon.

Fixtures belong beside the tests that use them, not here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import postgres
from tests.skips import pytest_make_collect_report, pytest_runtest_makereport
from tests.valkeys import valkey

__all__ = ["postgres", "pytest_make_collect_report", "pytest_runtest_makereport", "valkey"]

# httpcore asks for it with each connection, and what is not there is looked for on the whole path each time.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

# To the disk for good is what a power cut asks for, and no test cuts the power; processes that tests start and kill do wait for it.
os.fsync = lambda fd: None

# How long an example takes is the machine's doing: with tests side by side it says nothing of what is tested.
settings.register_profile("side by side", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("side by side")


LONG = ("test_recordings_22", "test_line_16", "test_line_22", "test_phone_22", "test_dial_22")
"""Files that take a minute and more, of which each worker takes one whole: they must not come last."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With real Asterisks a test mostly waits, others mostly reckon: so files take turns."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = sorted((path for path in files if _waits(files[path][0])), key=lambda path: path.stem not in LONG)
    working = sorted((path for path in files if path not in waiting), key=lambda path: not _draws(files[path][0]))
    items[:] = [item for path in in_turn(waiting, working) for item in files[path]]


def in_turn(some: Sequence[Path], others: Sequence[Path]) -> list[Path]:
    """Both in their order, evenly mixed, however many there are of each."""
    placed = [(at / len(each), path) for each in (some, others) for at, path in enumerate(each)]
    return [path for _, path in sorted(placed, key=lambda pair: pair[0])]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A PBX keeps real time: what has none gives way to it (nice(1)). Only root takes that back, and only root has real Asterisks."""
    if os.geteuid() == 0:
        os.setpriority(os.PRIO_PROCESS, 0, 0 if _waits(item) else 5)
    return (yield)


def _waits(item: pytest.Item) -> bool:
    return item.get_closest_marker("asterisk") is not None


def _draws(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None
