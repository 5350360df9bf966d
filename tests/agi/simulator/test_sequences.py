"""Whole calls: the events that a real Asterisk 22 raised for one call, found again among the simulated calls.

The transcripts were filtered as the shipped manager.conf filters, so what a filter drops is left out on both sides;
device and member states belong to no call. `same order` is exact; `same events` allows what Asterisk leaves open
(which of two hang-ups comes first, how the legs of a ring-all interleave).
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.agi.simulator.reading import SECOND, events, login, manager

TRANSCRIPTS = Path(__file__).parents[2] / "transcripts" / "asterisk-22"
OF_NO_CALL = {"VarSet", "DeviceStateChange", "QueueMemberStatus", "QueueMemberPause", "DTMFBegin", "DTMFEnd", "SuccessfulAuth"}
FILTERED = {"Newexten", "NewCallerid", "TestEvent", "RTCPSent", "RTCPReceived", "HangupHandlerPush", "HangupHandlerRun", "Cdr", "CEL"}
Calls = dict[str, tuple[str, ...]]


def calls(said: Iterable[dict[str, str]]) -> Calls:
    """The names of each call's events, by linkedid."""
    found: dict[str, list[str]] = {}
    for event in said:
        if event["Event"] in OF_NO_CALL | FILTERED:
            continue
        linked = (event.get(f"{prefix}Linkedid") for prefix in ("", "Dest", "LocalTwo", "Parkee", "Transferee"))
        call = next((each for each in linked if each), None)
        if call:
            found.setdefault(call, []).append(event["Event"])
    return {call: tuple(names) for call, names in found.items()}


@pytest.fixture(scope="module")
def simulated() -> set[tuple[str, ...]]:
    floor = manager(7)
    session = login(floor)
    floor.advance(floor.pbx.now + 7200 * SECOND)
    floor.pbx.close()
    floor.advance(floor.pbx.now + 7200 * SECOND)
    return set(calls(events(session.take())).values())


def real(name: str, place: int) -> tuple[str, ...]:
    """One call of a transcript."""
    path = next(TRANSCRIPTS.glob(f"{name}.ami*"))
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(calls(events(data)).values())[place]


@pytest.mark.parametrize(("name", "place"), [("answered", 0), ("outbound", 0), ("direct-inbound", 0)])
def test_same_order(simulated: set[tuple[str, ...]], name: str, place: int) -> None:
    assert real(name, place) in simulated


@pytest.mark.parametrize(("name", "place"), [("answered", 1), ("ring-all", 1), ("outbound", 1), ("outbound", 2)])
def test_same_events(simulated: set[tuple[str, ...]], name: str, place: int) -> None:
    assert sorted(real(name, place)) in [sorted(each) for each in simulated]
