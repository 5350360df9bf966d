"""The table of events: handlers take the headers that it names, and both ways of reading them give the same."""

from __future__ import annotations

import inspect
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from agi.codec import Message
from agi.translate import EVENTS, LAYOUTS
from agi.translate.headers import VALUE_MAX, Layout
from tests.agi.replay import capture, messages
from tests.agi.test_transcripts import scenes, streams

SELDOM = {"AttendedTransfer", "AgentComplete", "DialBegin", "DialEnd", "FullyBooted", "VarSet"}
"""Events of which a half, or the time, is often missing."""


@cache
def heard() -> tuple[Message, ...]:
    """All events of the capture and of the transcripts of both releases."""
    told = [message for scene in scenes() for stream in streams(*scene) for message in stream]
    return tuple(message for message in (*messages(capture()), *told) if message.name in EVENTS)


@pytest.mark.parametrize("name", EVENTS)
def test_a_handler_takes_the_headers_that_the_table_names(name: str) -> None:
    parameters = [parameter.replace("_", "") for parameter in inspect.signature(EVENTS[name][0]).parameters]
    assert parameters == ["tracker", "at", *map(str.lower, LAYOUTS[name].keys)]


def test_what_is_read_in_one_pass_is_what_stands_there() -> None:
    for message in heard():
        layout = LAYOUTS[message.name]
        found = layout.match(message.text)
        if found is not None:
            assert list(found.groups()[2:]) == [message.get(key)[:VALUE_MAX] for key in layout.keys] == layout.search(message.text)
            assert ".".join(found.groups()[:2]) == message.get("Timestamp")


def test_asterisk_writes_events_as_the_table_says() -> None:
    """Else they are read all the same, but slowly, and nobody would notice."""
    otherwise = {message.name for message in heard() if not LAYOUTS[message.name].match(message.text)}
    assert otherwise <= SELDOM
    live = [message for message in heard() if message.get("Timestamp")]
    assert sum(not LAYOUTS[message.name].match(message.text) for message in live) < len(live) / 50


LAYOUT = Layout("A (B) C … E F D?")


@given(some.lists(some.sampled_from(["A", "B", "C", "D", "E", "F", "G"]), unique=True), some.booleans())
@settings(max_examples=300, deadline=None)
def test_in_any_order_nothing_is_read_that_does_not_stand_there(keys: list[str], timed: bool) -> None:
    assume("D" not in keys[:-1])  # what the layout has at the end stands there or nowhere
    lines = ["Event: X", "Privilege: call,all", *(["Timestamp: 1795484331.736273"] if timed else []), *[f"{key}: {key}1" for key in keys]]
    text = "\r\n".join(lines)
    expected = [f"{key}1" if key in keys else "" for key in LAYOUT.keys]
    assert LAYOUT.search(text) == expected
    found = LAYOUT.match(text)
    assert found is None or list(found.groups()[2:]) == expected


def test_a_hostile_text_costs_no_more_than_its_length() -> None:
    """Half a megabyte that nearly matches at each line; tried from each of them it would take hours."""
    text = "Event: DialEnd\r\nPrivilege: x\r\nTimestamp: 1795484331.736273" + "\r\nUniqueid: 1\r\nLinkedid: 1" * 20_000
    assert LAYOUTS["DialEnd"].match(text) is None
