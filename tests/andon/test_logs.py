"""Logs: both forms, nothing of a person and no secret in either, and a hostile name does no harm."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from andon import logs
from andon.settings import Secret


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def said(as_json: bool) -> str:
    stream = io.StringIO()
    logs.set_up("board", as_json, stream)
    log = structlog.get_logger()
    log.warning("link lost", node="hall7\x1b[2J\n", caller="13912340148", more={"number": "13912340148"}, given=Secret("hunter22"))
    logging.getLogger("library").warning("said %s", "something")
    try:
        number = "13912340148"
        raise ValueError(f"{len(number)} digits")
    except ValueError:
        log.exception("bug")
    return stream.getvalue()


@pytest.mark.parametrize("as_json", [True, False])
def test_no_person_and_no_secret(as_json: bool) -> None:
    text = said(as_json)
    assert "13912340148" not in text
    assert "hunter22" not in text
    assert "\x1b" not in text
    assert "ValueError: 11 digits" in text


def test_json_is_one_object_a_line() -> None:
    lines = [json.loads(line) for line in said(as_json=True).splitlines()]
    assert [line["event"] for line in lines] == ["link lost", "said something", "bug"]
    assert {line["role"] for line in lines} == {"board"}


def test_who_decides_the_form() -> None:
    nobody = io.StringIO()
    assert [logs.wants_json({"ANDON_LOG": said}, nobody) for said in ("json", "plain", "", "x")] == [True, False, True, True]
