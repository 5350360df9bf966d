"""The door of the AMI: who gets in, who does not, and what is said before."""

from __future__ import annotations

from hashlib import md5

import pytest

from agi.simulator.centre import Centre
from agi.simulator.manager import Manager
from agi.simulator.pbx import Pbx
from agi.simulator.session import Account
from tests.agi.simulator.reading import SECOND, START, act, events, login, manager, messages

PLAIN = b"Action: Login\r\nUsername: watch\r\nSecret: watch-demo\r\nActionID: 1\r\n\r\n"


def test_the_banner_is_one_line() -> None:
    session = manager().connect()
    assert session is not None
    assert session.take() == b"Asterisk Call Manager/11.0.0\r\n"


def test_a_plain_login_is_answered_and_fullybooted_follows() -> None:
    floor = manager()
    floor.advance(START + 60 * SECOND)
    session = floor.connect()
    assert session is not None
    session.receive(PLAIN)
    first, second, *_ = messages(session.take())
    assert first == [("Response", "Success"), ("ActionID", "1"), ("Message", "Authentication accepted")]
    assert dict(second) | {"Uptime": "60", "LastReload": "60"} == dict(second)
    assert [key for key, _ in second] == ["Event", "Privilege", "Uptime", "LastReload", "Status"]


def test_a_login_by_challenge() -> None:
    session = manager().connect()
    assert session is not None
    session.take()
    asked = dict(act(session, "Action: Challenge", "AuthType: MD5")[0])
    again = dict(act(session, "Action: Challenge", "AuthType: md5")[0])
    assert asked["Challenge"] == again["Challenge"]
    key = md5((asked["Challenge"] + "watch-demo").encode()).hexdigest()
    answer = act(session, "Action: Login", "AuthType: MD5", "Username: watch", f"Key: {key}")
    assert ("Message", "Authentication accepted") in answer[0]


@pytest.mark.parametrize(
    "headers",
    [
        ("Username: watch", "Secret: wrong"),
        ("Username: nobody", "Secret: watch-demo"),
        ("Username: watch",),
        ("Username: watch", "AuthType: MD5", "Key: 00"),
    ],
)
def test_a_failed_login_is_told_and_closed_a_second_later(headers: tuple[str, ...]) -> None:
    floor = manager()
    session = floor.connect()
    assert session is not None
    assert act(session, "Action: Login", *headers, "ActionID: x") == [
        [("Response", "Error"), ("ActionID", "x"), ("Message", "Authentication failed")]
    ]
    floor.advance(START + SECOND - 1)
    assert not session.closed
    floor.advance(START + SECOND)
    assert session.closed


def test_a_key_without_a_challenge_opens_nothing() -> None:
    session = manager().connect()
    assert session is not None
    key = md5(b"watch-demo").hexdigest()
    assert ("Message", "Authentication failed") in act(session, "Action: Login", "AuthType: MD5", "Username: watch", f"Key: {key}")[0]


@pytest.mark.parametrize("action", ["Ping", "QueueStatus", "Events", "Nonsense"])
def test_nothing_else_before_login(action: str) -> None:
    session = manager().connect()
    assert session is not None
    session.take()
    refusal = [("Response", "Error"), ("ActionID", "9"), ("Message", "Permission denied")]
    assert act(session, f"Action: {action}", "ActionID: 9") == [refusal]


def test_who_does_not_log_in_is_closed_after_half_a_minute() -> None:
    floor = manager()
    session = floor.connect()
    assert session is not None
    floor.advance(START + 31 * SECOND)
    assert session.closed


def test_an_account_gets_the_classes_it_may_read() -> None:
    floor = manager()
    every, some = login(floor), login(floor, "reader", "reader-demo")
    floor.advance(START + 120 * SECOND)
    classes = {event["Privilege"] for event in events(every.take())}
    assert {"agent,all", "call,all", "dialplan,all"} <= classes
    assert {event["Privilege"] for event in events(some.take())} <= {"agent,all", "call,all", "system,all"}


def test_a_mask_at_login_and_by_action_narrows_it() -> None:
    floor = manager()
    session = login(floor, extra="Events: agent\r\n")
    floor.advance(START + 60 * SECOND)
    assert {event["Privilege"] for event in events(session.take())} == {"agent,all"}
    assert ("Events", "Off") in act(session, "Action: Events", "EventMask: off")[0]
    floor.advance(START + 120 * SECOND)
    assert session.take() == b""
    assert ("Events", "On") in act(session, "Action: Events", "EventMask: call,dialplan")[0]
    floor.advance(START + 180 * SECOND)
    assert {event["Privilege"] for event in events(session.take())} == {"call,all", "dialplan,all"}


def test_a_filter_lets_named_events_through_and_answers_always() -> None:
    account = Account("narrow", "s", only=frozenset({"QueueCallerJoin", "QueueCallerLeave"}))
    floor = Manager(Pbx(Centre(), 1, START), [account])
    session = login(floor, "narrow", "s")
    floor.advance(START + 120 * SECOND)
    assert {event["Event"] for event in events(session.take())} == {"QueueCallerJoin", "QueueCallerLeave"}
    assert ("Ping", "Pong") in act(session, "Action: Ping")[0]


def test_any_split_of_what_a_client_sends_is_the_same() -> None:
    whole, pieces = manager().connect(), manager().connect()
    assert whole is not None
    assert pieces is not None
    sent = PLAIN + b"Action: Ping\nActionID: bare\n\n"
    whole.receive(sent)
    for byte in sent:
        pieces.receive(bytes([byte]))
    assert whole.take() == pieces.take()


def test_a_line_too_long_is_refused_and_the_session_lives() -> None:
    session = login(manager())
    answer = act(session, "Action: Ping", "X: " + "x" * 2000)
    assert answer == [[("Response", "Error"), ("Message", "Failed to parse message: line too long")]]
    assert ("Ping", "Pong") in act(session, "Action: Ping")[0]


def test_logoff_says_goodbye() -> None:
    session = login(manager())
    assert act(session, "Action: Logoff") == [[("Response", "Goodbye"), ("Message", "Thanks for all the fish.")]]
    assert session.closed
