"""FastAGI's wire format: any split, any byte, hostile values, and what is refused on the way out."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agi.errors import ActionTooLong, HeaderInjection, ProtocolViolation
from agi.fastagi import commands
from agi.fastagi.codec import (
    ARGUMENTS_MAX,
    COMMAND_MAX,
    LINE_MAX,
    USAGE_MAX,
    VALUE_MAX,
    Lines,
    Replies,
    Reply,
    encode,
    environment,
)

ASKED = (
    "agi_network: yes",
    "agi_network_script: break?kind=short&node=north1",
    "agi_request: agi://127.0.0.1:4573/break?kind=short&node=north1",
    "agi_channel: PJSIP/1001-0000002a",
    "agi_language: en",
    "agi_type: PJSIP",
    "agi_uniqueid: north1-1764300000.42",
    "agi_version: 22.10.1",
    "agi_callerid: 1001",
    "agi_calleridname: Wang: 1001",
    "agi_extension: *73",
    "agi_enhanced: 0.0",
    "agi_arg_1: one",
    "agi_arg_2: two",
)


def read(*lines: str) -> list[Reply | None]:
    replies = Replies()
    return [replies.take(line) for line in lines]


class TestLines:
    @given(some.binary(max_size=200), some.lists(some.integers(0, 200), max_size=5))
    def test_any_split_of_any_bytes(self, data: bytes, cuts: list[int]) -> None:
        whole, pieces = Lines(), Lines()
        edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
        split = [line for begin, end in itertools.pairwise(edges) for line in pieces.feed(data[begin:end])]
        assert split == whole.feed(data)

    def test_an_endless_line_ends_it_and_what_came_before_counts(self) -> None:
        data = b"one\n" + b"x" * (LINE_MAX + 1) + b"\ntwo\n"
        whole, slow = Lines(), Lines()
        assert whole.feed(data) == ["one"]
        assert [line for byte in data for line in slow.feed(bytes([byte]))] == ["one"]
        assert isinstance(whole.failure, ProtocolViolation)
        assert isinstance(slow.failure, ProtocolViolation)

    def test_a_line_of_the_limit_is_taken(self) -> None:
        lines = Lines()
        assert lines.feed(b"x" * LINE_MAX + b"\n") == ["x" * LINE_MAX]
        assert lines.failure is None


class TestEnvironment:
    def test_what_asterisk_says(self) -> None:
        said = environment(ASKED)
        assert (said.path, dict(said.query)) == ("break", {"kind": "short", "node": "north1"})
        assert (said.channel, said.uniqueid) == ("PJSIP/1001-0000002a", "north1-1764300000.42")
        assert said.values["calleridname"] == "Wang: 1001"
        assert said.arguments == ("one", "two")

    @pytest.mark.parametrize("value", ["\x1b[2J", "a\x00b", "x" * 9_000, "\u2028", "%0aagi_uniqueid: 1.1", "\udcff\udcfe", "\x85"])
    def test_a_hostile_caller_id_is_cut_and_cleaned(self, value: str) -> None:
        said = environment(["agi_uniqueid: 7.7", f"agi_callerid: {value}", f"agi_uniqueid: {value}"])
        assert said.uniqueid == "7.7", "the first word counts"
        assert len(said.values["callerid"]) <= VALUE_MAX
        assert re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", said.values["callerid"]) is None

    @pytest.mark.parametrize(
        ("script", "path", "query"),
        [
            ("login", "login", {}),
            ("/login/", "login", {}),
            ("break?kind=short?node=n1", "break", {"kind": "short", "node": "n1"}),
            ("break?kind=%E5%B0%8F%E4%BC%91", "break", {"kind": "小休"}),
            ("break?kind=a&kind=b", "break", {"kind": "a"}),
            ("?", "", {}),
            ("x?" + "&".join(f"k{number}=1" for number in range(200)), "x", {f"k{number}": "1" for number in range(16)}),
        ],
    )
    def test_the_path_and_its_query(self, script: str, path: str, query: dict[str, str]) -> None:
        said = environment([f"agi_network_script: {script}"])
        assert (said.path, dict(said.query)) == (path, query)

    def test_arguments_are_bounded_and_in_order(self) -> None:
        said = environment([f"agi_arg_{number}: {number}" for number in (3, 1, 0, ARGUMENTS_MAX + 1, 999, 2)])
        assert said.arguments == ("1", "2", "3")

    @given(some.lists(some.text(max_size=40), max_size=8))
    def test_any_lines_at_all(self, lines: list[str]) -> None:
        said = environment(lines)
        assert all(len(value) <= VALUE_MAX and "\n" not in value for value in said.values.values())


class TestReplies:
    @pytest.mark.parametrize(
        ("line", "reply"),
        [
            ("200 result=0", Reply(200, "0", text="result=0")),
            ("200 result=1 (a (b) c)", Reply(200, "1", "a (b) c", text="result=1 (a (b) c)")),
            ("200 result=52 endpos=3200", Reply(200, "52", "", 3200, "result=52 endpos=3200")),
            ("200 result= (timeout)", Reply(200, "", "timeout", text="result= (timeout)")),
            ("200 result=", Reply(200, text="result=")),
            ("200 result=-1", Reply(200, "-1", text="result=-1")),
            ("510 Invalid or unknown command", Reply(510, text="Invalid or unknown command")),
            (
                "511 Command Not Permitted on a dead channel or intercept routine",
                Reply(511, text="Command Not Permitted on a dead channel or intercept routine"),
            ),
        ],
    )
    def test_one_line(self, line: str, reply: Reply) -> None:
        assert read(line) == [reply]
        assert reply.done == (reply.code == 200 and reply.result != "-1")

    def test_a_usage_of_many_lines_is_one_reply(self) -> None:
        said = read("520-Invalid command syntax.  Proper usage follows:", "Usage: GET DATA", "200 result=0", "520 End of proper usage.")
        assert said[:3] == [None, None, None]
        assert said[3] is not None
        assert said[3].code == 520
        assert "GET DATA" in said[3].text

    def test_a_hang_up_may_come_inside_a_usage(self) -> None:
        replies = Replies()
        assert [replies.take(line) for line in ("520-Invalid", "HANGUP", "520 End")][:2] == [None, None]
        assert replies.hung_up

    def test_trying_is_no_reply(self) -> None:
        assert read("100 Trying...", "200 result=0")[0] is None

    def test_what_never_ends_is_a_violation(self) -> None:
        with pytest.raises(ProtocolViolation):
            read("520-x", *["more"] * (USAGE_MAX + 1))
        with pytest.raises(ProtocolViolation):
            read(*["rubbish"] * (USAGE_MAX + 1))

    @pytest.mark.parametrize(
        ("result", "digit"), [("52", "4"), ("35", "#"), ("42", "*"), ("0", ""), ("-1", ""), ("", ""), ("9999", ""), ("²", "")]
    )
    def test_the_key_that_ended_a_sound(self, result: str, digit: str) -> None:
        assert Reply(200, result).digit == digit

    @given(some.lists(some.text(max_size=30), max_size=USAGE_MAX))
    def test_any_lines_at_all(self, lines: list[str]) -> None:
        read(*lines)


def parsed(line: str) -> list[str]:
    """As parse_args() of res_agi.c reads a line: blanks part, quotes hold together, a backslash makes plain."""
    words, word, quoted, escaped, begun = [], "", False, False, False
    for each in line:
        if escaped:
            word, escaped, begun = word + each, False, True
        elif each == "\\":
            escaped = True
        elif each == '"':
            quoted, begun = not quoted, True
        elif each == " " and not quoted:
            words += [word] if begun else []
            word, begun = "", False
        else:
            word, begun = word + each, True
    return [*words, word] if begun else words


class TestCommands:
    @given(some.text(some.characters(blacklist_characters="\r\n\0", blacklist_categories=["Cs"]), max_size=100))
    def test_a_value_comes_out_as_it_went_in(self, value: str) -> None:
        line = encode("SET VARIABLE", "ANDON_REASON", value)
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        assert parsed(line[:-1].decode()) == ["SET", "VARIABLE", "ANDON_REASON", value]

    @pytest.mark.parametrize("value", ["a\nHANGUP", "a\r", "\0", "\ud800"])
    def test_a_line_end_is_refused(self, value: str) -> None:
        with pytest.raises(HeaderInjection) as refused:
            encode("SET VARIABLE", "X", value)
        assert value not in str(refused.value)

    def test_too_long_is_refused(self) -> None:
        with pytest.raises(ActionTooLong):
            encode("SET VARIABLE", "X", "y" * COMMAND_MAX)
        with pytest.raises(ActionTooLong):
            encode("EXEC", *["x"] * ARGUMENTS_MAX)

    def test_the_commands_that_we_use(self) -> None:
        assert commands.get_data("agent-pass", 12, 6).bytes() == b'GET DATA "agent-pass" "6000" "12"\n'
        assert commands.say_time(1_764_300_000_000_000, "Asia/Shanghai").bytes() == b'SAY DATETIME "1764300000" "" "IMp" "Asia/Shanghai"\n'
        assert commands.play("beep").bytes() == b'STREAM FILE "beep" ""\n'
        assert commands.hang_up_after(30).bytes() == b'SET AUTOHANGUP "30"\n'
