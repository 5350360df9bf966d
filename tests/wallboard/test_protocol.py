"""Frames and headers by law: what we frame, a websocket library reads; whose origin is ours."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.uri import parse_uri

from wallboard.authorise import Role
from wallboard.headers import authority, host_allowed, same_origin
from wallboard.protocol import delta_message, heartbeat_message, snapshot_message, text_frame


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 200_000])
def test_a_frame_is_read_by_others(size: int) -> None:
    reader = ClientProtocol(parse_uri("ws://localhost/"), state=OPEN, max_size=None)
    reader.receive_data(text_frame(b"x" * size) + text_frame(b"next"))
    first, second = reader.events_received()
    assert isinstance(first, Frame)
    assert isinstance(second, Frame)
    assert (first.opcode, first.fin, bytes(first.data)) == (Opcode.TEXT, True, b"x" * size)
    assert bytes(second.data) == b"next"


@given(st.text(), st.text(), st.dictionaries(st.text(), st.text()))
def test_what_is_spliced_is_json_whatever_the_words(start: str, end: str, rows: dict[str, str]) -> None:
    body = {"time": 1.0} | {f"_{name}": value for name, value in rows.items()}
    encoded = json.dumps(body).encode()
    assert json.loads(delta_message(encoded, start, end)) == {"type": "delta", "from": start, "to": end} | body
    snapshot = json.loads(snapshot_message(encoded, start, end, Role.QA, 2.5))
    assert snapshot == {"type": "snapshot", "position": start, "build": end, "role": "qa", "time": 2.5, "floor": body}
    assert json.loads(heartbeat_message(1.5, start, False)) == {"type": "heartbeat", "time": 1.5, "position": start}


@pytest.mark.parametrize(
    ("origin", "host", "secure", "ours"),
    [
        ("http://wall:8800", "wall:8800", False, True),
        ("http://WALL:8800", "wall:8800", False, True),
        ("http://wall", "wall:80", False, True),
        ("https://wall", "wall", True, True),
        ("https://wall", "wall", False, True),  # TLS ends at a proxy
        ("http://wall", "wall", True, False),
        ("http://wall:8801", "wall:8800", False, False),
        ("http://wall.evil:8800", "wall:8800", False, False),
        ("null", "null", False, False),
        ("", "wall", False, False),
        ("ftp://wall", "wall", False, False),
        ("http://wall@evil", "evil", False, False),
        ("http://[::1]:80", "[::1]", False, True),
    ],
)
def test_whose_origin_is_ours(origin: str, host: str, secure: bool, ours: bool) -> None:
    assert same_origin(origin, host, secure) is ours


@given(st.text())
def test_any_host_header_has_an_answer(text: str) -> None:
    found = authority(text)
    assert host_allowed(text, {"localhost"}, "10.0.0.7") is (found is not None and found.host in ("localhost", "10.0.0.7"))
