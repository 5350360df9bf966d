"""How much is logged: what repeats itself is said a few times and summed up, the last word always passes, telephone numbers never."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from andon import logs
from andon.log_limit import ALL_MAX, KINDS_MAX, SAME_MAX, WINDOW_S, Counts, Limit
from andon.supervise import Console


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def record(event: str, level: int = logging.WARNING) -> logging.LogRecord:
    return logging.LogRecord("andon", level, "", 0, {"event": event}, None, None)


def test_the_same_is_said_a_few_times_and_then_counted() -> None:
    time, counts = Time(), Counts()
    limit = Limit(counts, time)
    passed = [limit.filter(record(f"the link broke after {number} s")) for number in range(100)]
    assert passed == [True] * SAME_MAX + [False] * (100 - SAME_MAX)
    assert (counts.lines["warning"], counts.withheld) == (SAME_MAX, 95)
    assert list(limit.over()) == []
    time.now = WINDOW_S
    assert [(each.event, each.withheld) for each in limit.over()] == [("the link broke after 0 s", 95)]
    assert limit.filter(record("the link broke after 7 s")), "a new window"


def test_ever_new_lines_are_bounded_and_the_last_word_passes() -> None:
    time = Time()
    limit = Limit(Counts(), time)
    letters = [chr(0x4E00 + number) for number in range(3 * KINDS_MAX)]
    assert sum(limit.filter(record(letter)) for letter in letters) == ALL_MAX
    assert limit.filter(record("it cannot go on", logging.CRITICAL))
    time.now = WINDOW_S
    assert limit.filter(record("another minute"))


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level, ours = root.handlers[:], root.level, logging.getLogger("andon").level
    made = io.StringIO()
    logs.set_up("adapter", as_json=True, stream=made, level=logging.DEBUG, node="hall7")
    yield made
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("andon").setLevel(ours)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_what_was_withheld_is_summed_up_at_the_end(stream: io.StringIO) -> None:
    for _ in range(20):
        structlog.get_logger("andon").warning("the same again")
        logging.getLogger("library").warning("from %s", "outside")
    logs.settle(everything=True)
    said = lines(stream)
    assert len(said) == 2 * SAME_MAX + 2
    assert [(line["event"], line["withheld"]) for line in said[-2:]] == [("the same again", 15), ("from %s", 15)]
    assert {(line["role"], line["node"]) for line in said} == {("adapter", "hall7")}


def test_libraries_never_speak_at_their_debug_level(stream: io.StringIO) -> None:
    logging.getLogger("aiosqlite").debug("INSERT ... 13912340148")
    structlog.get_logger("andon").debug("ours")
    assert [line["event"] for line in lines(stream)] == ["ours"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KeyError: '13912340148'", "KeyError: '•••'"),
        ("+8613912340148 rang PJSIP/13912340148-0000000c", "••• rang PJSIP/•••-•••c"),
        ("a checkpoint at 3-1795510800123-0", "a checkpoint at 3-1795510800123-0"),
        ("call 1795510800.42 at 2026-11-24T07:41:51.123456", "call 1795510800.42 at 2026-11-24T07:41:51.123456"),
        ("127.0.0.1:5038, process 41943, 123456 bytes", "127.0.0.1:5038, process 41943, 123456 bytes"),
    ],
)
def test_telephone_numbers_are_masked_and_ours_are_not(text: str, expected: str) -> None:
    assert logs.masked(text) == expected


def test_a_bug_that_quotes_a_caller_is_logged_without_him(stream: io.StringIO) -> None:
    try:
        raise ValueError("no such caller: 13912340148")
    except ValueError as bug:
        structlog.get_logger("andon").critical("it cannot go on", exc_info=bug, queue="sales", about=["13912340148"], waiting=13912340148)
    (line,) = lines(stream)
    assert "ValueError: no such caller: •••" in str(line["exception"])
    assert (line["about"], line["queue"], line["waiting"]) == (["•••"], "sales", 13912340148)


def test_the_supervisor_s_own_lines_are_json_too() -> None:
    out, log = io.StringIO(), io.StringIO()
    console = Console(out, log, as_json=True)
    console.line("adapter hall7", '{"event":"x"}')
    console.line("adapter hall7", "Traceback: 13912340148")
    console.news("board", "it was ended by SIGKILL")
    first, second, third = map(json.loads, log.getvalue().splitlines())
    assert first == {"event": "x"}
    assert (second["event"], second["role"], second["node"]) == ("Traceback: •••", "adapter", "hall7")
    assert (third["event"], third["role"]) == ("board: it was ended by SIGKILL", "andon")
