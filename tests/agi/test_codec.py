"""AMI's wire format: any split, any byte, and what is refused in either direction."""

from __future__ import annotations

import gzip
import itertools
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agi.codec import Action, Decoder, Limits, Message, encode
from agi.errors import ActionTooLong, HeaderInjection, ProtocolViolation

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
FLOOR = Path(__file__).parent.parent / "data" / "floor-a.ami.gz"
WANTED = frozenset({"Newchannel", "Hangup", "QueueCallerJoin", "QueueMemberPause", "AgentConnect"})

# Two blank lines after TestEvent, a repeated key, UTF-8 and GBK, an unwanted name inside and outside of a list.
AWKWARD = (
    BANNER
    + b"Event: TestEvent\r\nState: A\r\nState: B\r\n\r\n\r\n"
    + b"Event: Hangup\r\nUniqueid: 1.1\r\nCallerIDName: \xe5\xbc\xa0\xe4\xbc\x9f \xf0\x9f\x93\x9e\r\n\r\n"
    + b"Response: Success\r\nActionID: a-1\r\nEventList: start\r\n\r\n"
    + b"Event: CoreShowChannel\r\nActionID: a-1\r\nUniqueid: 1.2\r\n\r\n"
    + b"Event: VarSet\r\nPrivilege: dialplan,all\r\nVariable: X\r\n\r\n"
    + b"Event: CoreShowChannelsComplete\r\nActionID: a-1\r\nEventList: Complete\r\n\r\n"
    + b"Event: CoreShowChannel\r\nActionID: a-1\r\nUniqueid: late\r\n\r\n"
    + b"\r\nEvent: QueueMemberPause\r\nPausedReason: \xd0\xa1\xd0\xdd\r\n\r\n"
    + b"Event: Hold"
)


@pytest.fixture(scope="module")
def excerpt() -> bytes:
    with gzip.open(FLOOR) as file:
        return file.read(200_000)


def decode(data: bytes, wanted: frozenset[str] | None = None, cuts: tuple[int, ...] = ()) -> tuple[Decoder, list[Message]]:
    decoder = Decoder(wanted)
    edges = [0, *sorted(cuts), len(data)]
    return decoder, [message for begin, end in itertools.pairwise(edges) for message in decoder.feed(data[begin:end])]


def plainly(data: bytes) -> list[dict[str, list[str]]]:
    """The same by other means: the whole stream, line by line."""
    messages: list[dict[str, list[str]]] = [{}]
    for line in data.decode("utf-8", "surrogateescape").split("\r\n")[1:]:
        if line:
            key, _, value = line.partition(": ")
            messages[-1].setdefault(key, []).append(value)
        else:
            messages.append({})
    return [message for message in messages[:-1] if message]


class TestSplits:
    @pytest.mark.parametrize("wanted", [None, WANTED, frozenset()])
    def test_byte_by_byte(self, wanted: frozenset[str] | None) -> None:
        whole, messages = decode(AWKWARD, wanted)
        slow, same = decode(AWKWARD, wanted, tuple(range(1, len(AWKWARD))))
        assert same == messages
        assert (slow.skipped, slow.strange, slow.banner) == (whole.skipped, whole.strange, whole.banner)

    @pytest.mark.parametrize("wanted", [None, WANTED])
    def test_each_single_cut_of_the_awkward(self, wanted: frozenset[str] | None) -> None:
        whole, messages = decode(AWKWARD, wanted)
        for cut in range(1, len(AWKWARD)):
            other, same = decode(AWKWARD, wanted, (cut,))
            assert same == messages, AWKWARD[:cut][-40:]
            assert (other.skipped, other.strange) == (whole.skipped, whole.strange)

    @given(st.lists(st.integers(0, len(AWKWARD)), max_size=6))
    def test_any_split_of_the_awkward(self, cuts: list[int]) -> None:
        assert decode(AWKWARD, WANTED, tuple(cuts))[1] == decode(AWKWARD, WANTED)[1]

    @settings(max_examples=25, deadline=None)
    @given(cuts=st.lists(st.integers(0, 200_000), max_size=40))
    def test_any_split_of_a_real_stream(self, cuts: list[int], excerpt: bytes) -> None:
        assert decode(excerpt, WANTED, tuple(cuts))[1] == decode(excerpt, WANTED)[1]

    @given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=4))
    def test_any_bytes_at_all(self, data: bytes, cuts: list[int]) -> None:
        """Rubbish is dropped and counted; it never raises and never depends on the split."""
        whole, messages = decode(BANNER + data)
        again, same = decode(BANNER + data, None, tuple(cuts))
        assert same == messages
        assert again.strange == whole.strange

    @given(st.text(alphabet="EventResponse: \r\nAHold", max_size=200))
    def test_almost_right_bytes(self, text: str) -> None:
        data = BANNER + text.encode()
        assert decode(data, WANTED)[1] == decode(data, WANTED, tuple(range(1, len(data))))[1]


class TestContent:
    def test_real_stream_equals_a_plain_reading(self, excerpt: bytes) -> None:
        _, messages = decode(excerpt)
        expected = plainly(excerpt[: excerpt.rindex(b"\r\n\r\n") + 4])
        assert len(messages) > 300
        for message, headers in zip(messages, expected, strict=True):
            assert message.name == headers.get("Event", [""])[0]
            for key, values in headers.items():
                assert message.get(key) == values[0]
                assert message.all(key) == values
            assert sum(map(len, headers.values())) == len(message.items())

    def test_wanted_names_are_exactly_the_filtered_ones(self, excerpt: bytes) -> None:
        _, everything = decode(excerpt)
        decoder, messages = decode(excerpt, WANTED)
        items = {"QueueParams", "QueueMember", "QueueEntry", "QueueStatusComplete", "CoreShowChannel", "CoreShowChannelsComplete"}
        assert messages == [m for m in everything if not m.name or m.name in WANTED or m.name in items]
        assert decoder.skipped == len(everything) - len(messages)

    def test_list_items_pass_only_while_their_list_is_open(self) -> None:
        decoder, messages = decode(AWKWARD, WANTED)
        assert [m.name for m in messages] == ["Hangup", "", "CoreShowChannel", "CoreShowChannelsComplete", "QueueMemberPause"]
        assert decoder.skipped == 3  # TestEvent, VarSet in the list, the late item

    def test_invalid_utf8_is_kept(self) -> None:
        _, messages = decode(AWKWARD, WANTED)
        reason = messages[-1].get("PausedReason")
        assert reason.encode("utf-8", "surrogateescape").decode("gbk") == "小休"
        assert messages[0].get("CallerIDName") == "张伟 📞"

    def test_headers(self) -> None:
        message = Message(
            "UserEvent", "Event: UserEvent\r\nuniqueID: 1.2\r\nEmpty: \r\nBare:x\r\nVariable: a=1\r\nVariable: b=2\r\nName: <script>: y"
        )
        assert message.get("Event") == "UserEvent"
        assert message.get("Uniqueid") == "1.2"
        assert message.get("Empty", "none") == ""
        assert message.get("Bare") == "x"
        assert message.get("Missing", "none") == "none"
        assert message.get("Name") == "<script>: y"
        assert message.all("variable") == ["a=1", "b=2"]
        assert message.all("Missing") == []

    def test_a_key_is_not_found_inside_a_value(self) -> None:
        message = Message("X", "Event: X\r\nAppData: Queue: sales\r\nReason: Uniqueid: 9")
        assert message.get("Queue") == ""
        assert message.get("Uniqueid") == ""

    def test_letters_that_change_length_when_lowered(self) -> None:
        message = Message("X", "Event: X\r\nCallerIDName: İİİ\r\nUNIQUEID: 1.1\r\nTail: t")
        assert message.get("Uniqueid") == "1.1"

    def test_command_output(self) -> None:
        text = b"Response: Success\r\nActionID: c\r\nMessage: Command output follows\r\nOutput: one\r\nOutput: \r\nOutput: two\r\n\r\n"
        _, messages = decode(BANNER + text, WANTED)
        assert messages[0].all("Output") == ["one", "", "two"]

    def test_an_event_with_a_response_header_is_an_event(self) -> None:
        data = BANNER + b"Event: OriginateResponse\r\nActionID: o\r\nResponse: Failure\r\n\r\n"
        assert decode(data)[1][0].name == "OriginateResponse"
        assert decode(data, WANTED)[1] == []

    def test_only_the_wanted_variables(self, excerpt: bytes) -> None:
        wanted, variables = frozenset({"VarSet", "Hangup"}), frozenset({"QUEUESTATUS", "MIXMONITOR_FILENAME", "小休"})
        tricky = (
            b"Event: VarSet\r\nVariable: \xe5\xb0\x8f\xe4\xbc\x91\r\nValue: Variable: X\r\n\r\n\r\nEvent: VarSet\r\nVariable: Y\r\n\r\n"
        )
        odd = b"Event: VarSet\r\nVariable: QUEUESTATUS\r\n\r\nEvent: VarSet\r\n\r\n"
        whole, cut = Decoder(wanted, variables=variables), Decoder(wanted, variables=variables)
        data = excerpt[: excerpt.rindex(b"\r\n\r\n") + 4] + tricky + odd
        messages = whole.feed(data)
        assert messages == [message for start in range(0, len(data), 777) for message in cut.feed(data[start : start + 777])]
        everything = [m for m in Decoder(wanted).feed(data) if m.name != "VarSet" or m.get("Variable") in variables]
        assert messages == everything
        assert [m.get("Variable") for m in messages[-2:]] == ["小休", "QUEUESTATUS"]

    def test_a_name_that_only_begins_like_a_wanted_one(self) -> None:
        assert decode(BANNER + b"Event: Hangup2\r\nA: b\r\n\r\nEvent: Hangup2\r\n\r\nEvent: Hangup\r\n\r\n", WANTED)[1] == [
            Message("Hangup", "Event: Hangup")
        ]


class TestLimits:
    def test_a_hundred_megabyte_line_takes_no_memory(self) -> None:
        decoder = Decoder(WANTED)
        decoder.feed(BANNER + b"Event: Hangup\r\nCause: ")
        block = b"x" * 65_536
        tracemalloc.start()
        for _ in range(1_600):
            decoder.feed(block)
            if decoder.failure:
                break
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert "no end within 1,048,576 bytes" in str(decoder.failure)
        assert peak < 4_000_000
        with pytest.raises(ProtocolViolation):
            decoder.feed(b"\r\n\r\n")

    @pytest.mark.parametrize(
        ("block", "words"),
        [
            (b"Event: Hangup\r\nCause: " + b"x" * 70_000, "longer than 65,536"),
            (b"Response: Success\r\n" + b"A:\r\n" * 17_000, "more than 16,384 headers"),
            (b"Event: VarSet\r\nValue: " + b"x" * 1_048_576, "within 1,048,576"),
        ],
    )
    @pytest.mark.parametrize("size", [1_000, 65_536, 10_000_000])
    def test_limits_hold_at_any_split_and_what_came_before_is_kept(self, block: bytes, words: str, size: int) -> None:
        good = b"Event: Hangup\r\nUniqueid: 1\r\n\r\n"
        data = BANNER + good + block + b"\r\n\r\n" + good
        decoder = Decoder(WANTED)
        messages: list[Message] = []
        for start in range(0, len(data), size):
            messages += decoder.feed(data[start : start + size])
            if decoder.failure:
                break
        assert words in str(decoder.failure)
        assert len(messages) == 1

    def test_a_message_of_exactly_the_limit_passes_at_any_split(self) -> None:
        block = b"Event: Hangup\r\nA: ".ljust(64, b"x")
        for step in range(1, 70):
            decoder = Decoder(None, limits=Limits(message=64))
            data = BANNER + block + b"\r\n\r\n"
            got = [m for i in range(0, len(data), step) for m in decoder.feed(data[i : i + step])]
            assert (len(got), decoder.failure) == (1, None)

    @pytest.mark.parametrize(
        "greeting", [b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"Asterisk Call", b"\x15\x03\x01", b"A" * 5000]
    )
    def test_other_services(self, greeting: bytes) -> None:
        whole, drop_by_drop = Decoder(), Decoder()
        whole.feed(greeting)
        for byte in greeting:
            if drop_by_drop.failure is None:
                drop_by_drop.feed(bytes([byte]))
        assert (whole.failure is None) == (drop_by_drop.failure is None) == (greeting == b"Asterisk Call")

    def test_lists_that_never_end(self) -> None:
        decoder = Decoder(WANTED, limits=Limits(lists=3))
        decoder.feed(BANNER + b"".join(b"Response: Success\r\nActionID: %d\r\nEventList: start\r\n\r\n" % n for n in range(4)))
        assert "list answers" in str(decoder.failure)


class TestEncode:
    def test_bytes(self) -> None:
        action = Action("QueuePause", (("Interface", "Local/1001@desk/n"), ("Reason", "小休 📞"), ("Variable", "a=1"), ("Variable", "b=2")))
        head = "Action: QueuePause\r\nActionID: x-1\r\nInterface: Local/1001@desk/n\r\n"
        expected = head + "Reason: 小休 📞\r\nVariable: a=1\r\nVariable: b=2\r\n\r\n"
        assert encode(action, "x-1") == expected.encode()

    @pytest.mark.parametrize("mark", ["\r", "\n", "\0", "\r\nAction: Originate"])
    def test_injection_is_refused_everywhere(self, mark: str) -> None:
        for action, action_id in [
            (Action("Ping" + mark), ""),
            (Action("Ping", (("Key", f"a{mark}b"),)), ""),
            (Action("Ping", ((f"Ke{mark}y", "a"),)), ""),
            (Action("Ping"), f"id{mark}"),
        ]:
            with pytest.raises(HeaderInjection) as refusal:
                encode(action, action_id)
            assert "a\r" not in str(refusal.value)

    @pytest.mark.parametrize("key", ["", "A: b", "A:"])
    def test_keys(self, key: str) -> None:
        with pytest.raises(HeaderInjection):
            encode(Action("Ping", ((key, "v"),)))

    def test_sizes(self) -> None:
        encode(Action("Ping", (("Key", "x" * 1_019),)), "i" * 64)
        encode(Action("Ping", (("Key", "x"),) * 127))
        for action, action_id in [
            (Action("Ping", (("Key", "x" * 1_020),)), ""),
            (Action("Ping", (("Key", "张" * 340),)), ""),
            (Action("Ping", (("Key", "x"),) * 128), ""),
            (Action("Ping"), "i" * 65),
        ]:
            with pytest.raises(ActionTooLong):
                encode(action, action_id)

    @given(st.lists(st.tuples(st.from_regex(r"[A-Za-z]{1,20}", fullmatch=True), st.text(max_size=50)), max_size=20))
    def test_what_is_sent_reads_back_or_is_refused(self, headers: list[tuple[str, str]]) -> None:
        try:
            data = encode(Action("Event", tuple(headers)))
        except HeaderInjection:
            return
        body = data[: -len("\r\n\r\n")].decode("utf-8", "surrogateescape")
        assert Message("", body).items() == [("Action", "Event"), *headers]
