"""One FastAGI connection as a state machine: any split gives the same outputs, a hang-up may come anywhere, nothing follows the end."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agi.errors import IllegalMove, ProtocolViolation
from agi.fastagi import commands
from agi.fastagi.codec import LINE_MAX, LINES_MAX
from agi.fastagi.session import Asked, Ended, HungUp, Output, Replied, Session, State

ASKED = (
    b"agi_network: yes\nagi_network_script: login?node=n1\nagi_channel: PJSIP/1001-00000001\nagi_uniqueid: 1.1\n"
    b"agi_calleridname: \xe5\xbc\xa0\xe4\xbc\x9f \xff\nagi_arg_1: x\n\n"
)
ANSWERS = (
    b"200 result=0\n100 Trying...\n200 result=1031 (timeout)\nHANGUP\n520-Invalid command syntax.\nUsage: X\n520 End of proper usage.\n"
    b"511 Command Not Permitted on a dead channel or intercept routine\n"
)


def dialogue(pieces: list[bytes]) -> list[Output]:
    """Asks something whenever it may, as a handler would."""
    session, outputs = Session(), []
    for piece in pieces:
        for byte in piece:
            outputs += session.receive(bytes([byte]))
            if session.state is State.OURS:
                session.ask(commands.answer())
    return outputs


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cuts), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(edges)]


class TestOrder:
    def test_byte_by_byte(self) -> None:
        said = dialogue([ASKED, ANSWERS])
        assert isinstance(said[0], Asked)
        assert said[0].environment.path == "login"
        assert [type(each) for each in said[1:]] == [Replied, Replied, HungUp, Replied, Replied]
        assert [each.reply.code for each in said if isinstance(each, Replied)] == [200, 200, 520, 511]

    @given(some.lists(some.integers(0, len(ASKED)), max_size=6))
    def test_any_split_of_an_environment(self, cuts: list[int]) -> None:
        session, whole = Session(), Session()
        assert [output for piece in cut(ASKED, cuts) for output in session.receive(piece)] == whole.receive(ASKED)

    def test_a_hang_up_between_a_command_and_its_reply(self) -> None:
        session = Session()
        session.receive(ASKED)
        session.ask(commands.play("beep"))
        assert [type(each) for each in session.receive(b"HANGUP\n200 result=-1 endpos=0\nHANGUP\n")] == [HungUp, Replied]
        assert session.hung_up

    def test_a_hang_up_before_anything(self) -> None:
        assert [type(each) for each in Session().receive(b"HANGUP\n" + ASKED)] == [HungUp, Asked]

    def test_one_command_at_a_time(self) -> None:
        session = Session()
        with pytest.raises(IllegalMove):
            session.ask(commands.answer())
        session.receive(ASKED)
        session.ask(commands.answer())
        with pytest.raises(IllegalMove):
            session.ask(commands.answer())
        session.receive(b"200 result=0\n")
        session.ask(commands.answer())

    def test_a_reply_to_nothing_answers_nothing(self) -> None:
        session = Session()
        session.receive(ASKED)
        assert session.receive(b"200 result=0\n") == []
        session.ask(commands.answer())
        assert [type(each) for each in session.receive(b"200 result=0\n200 result=0\n")] == [Replied]

    def test_nothing_follows_the_end(self) -> None:
        session = Session()
        session.receive(ASKED)
        assert session.end() == [Ended(None)]
        assert session.end() == []
        assert session.receive(ASKED) == []
        with pytest.raises(IllegalMove):
            session.ask(commands.answer())


class TestHostile:
    @pytest.mark.parametrize(
        "data",
        [
            b"x" * (LINE_MAX + 1),
            b"agi_x: y\n" * (LINES_MAX + 1),
            ASKED + b"rubbish\n" * 65,
            ASKED + b"520-x\n" + b"more\n" * 65,
        ],
    )
    def test_what_has_no_end_ends_it(self, data: bytes) -> None:
        whole, slow = Session(), Session()
        last = whole.receive(data)[-1]
        assert isinstance(last, Ended)
        assert isinstance(last.error, ProtocolViolation)
        assert [type(output) for byte in data for output in slow.receive(bytes([byte]))][-1] is Ended

    @given(some.binary(max_size=600), some.lists(some.integers(0, 600), max_size=5))
    def test_any_bytes_at_all(self, data: bytes, cuts: list[int]) -> None:
        whole, pieces = Session(), Session()
        split = [output for piece in cut(data, [min(each, len(data)) for each in cuts]) for output in pieces.receive(piece)]
        assert [type(each) for each in split] == [type(each) for each in whole.receive(data)]
