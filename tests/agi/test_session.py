"""The session as transcripts: `<<` what the PBX said, `>>` what we sent, then what the caller was told."""

from __future__ import annotations

import re
from hashlib import md5

import pytest

from agi.codec import Action, Limits, Message
from agi.errors import (
    AmiError,
    BannerMissing,
    Closed,
    Dismissed,
    HeaderInjection,
    IllegalMove,
    LoginRefused,
    LoginUnanswered,
    NotAmi,
    PongMissing,
    ProtocolViolation,
    TooManyPending,
)
from agi.exchange import Credentials, Linked, Lost, Output, Ponged, Received, Reply, Send
from agi.session import LAST_EVENTS, MAX_PENDING, TRANSITIONS, Move, Session, State
from realtime.words import SECOND

BANNER = "<< Asterisk Call Manager/11.0.0"
PLAIN = Credentials("andon", "s3cret", "plain")
MD5 = Credentials("andon", "s3cret")
WANTED = frozenset({"Hangup", "DeviceStateChange", "OriginateResponse"})

LOGIN = """
<< Asterisk Call Manager/11.0.0
>> Action: Login | ActionID: t-1 | Username: andon | Secret: s3cret | Events: on
<< Response: Success | ActionID: t-1 | Message: Authentication accepted
linked Asterisk Call Manager/11.0.0
"""


class Transcript:
    """Plays a session line by line, in virtual time."""

    def __init__(self, credentials: Credentials = PLAIN, wanted: frozenset[str] | None = WANTED, **options: object) -> None:
        self.now = 0
        self.session = Session(credentials, "t", self.now, wanted=wanted, **options)  # type: ignore[arg-type]
        self.said: list[str] = []
        self.replies: list[Reply] = []
        self.error: AmiError | None = None

    def play(self, text: str) -> Transcript:
        """Each `<<` and `at` is an input; every other line is what must have come out by then, in order."""
        for line in filter(None, map(str.strip, text.splitlines())):
            command, _, rest = line.partition(" ")
            if command == "<<":
                self._settle(line)
                self.hear(rest)
            elif command == "at":
                self._settle(line)
                self.at(float(rest))
            else:
                assert self.said, f"expected {line!r}, but nothing more was said"
                assert self.said.pop(0) == line
        self._settle("the end")
        return self

    def _settle(self, before: str) -> None:
        assert self.said == [], f"said before {before!r}"

    def hear(self, line: str) -> None:
        end = "\r\n" if line.startswith("Asterisk") else "\r\n\r\n"
        self.note(self.session.receive((line.replace(" | ", "\r\n") + end).encode(), self.now))

    def at(self, seconds: float) -> None:
        self.now = int(seconds * SECOND)
        self.note(self.session.tick(self.now))

    def ask(self, name: str, timeout_s: float = 5.0) -> str:
        action_id, send = self.session.send(Action(name, (), timeout_s), self.now)
        self.note([send])
        return action_id

    def note(self, outputs: list[Output]) -> None:
        for output in outputs:
            match output:
                case Send(data):
                    self.said.append(">> " + data.decode().strip().replace("\r\n", " | "))
                case Linked(banner):
                    self.said.append(f"linked {banner}")
                case Ponged(timestamp):
                    self.said.append(f"ponged {timestamp}")
                case Lost(error):
                    self.error = error
                    self.said.append(f"lost {type(error).__name__}")
                case Received(items):
                    self.said += map(self.tell, items)

    def tell(self, item: Message | Reply) -> str:
        if isinstance(item, Message):
            return f"event {item.name}"
        self.replies.append(item)
        return f"reply {item.action_id} {item.outcome} {len(item.items)}"


@pytest.fixture
def live() -> Transcript:
    return Transcript().play(LOGIN)


class TestLogin:
    def test_plain(self) -> None:
        assert Transcript().play(LOGIN).session.state is State.LIVE

    def test_md5_keeps_the_secret_off_the_wire(self) -> None:
        key = md5(b"840415273s3cret").hexdigest()
        transcript = Transcript(MD5).play(f"""
            {BANNER}
            >> Action: Challenge | ActionID: t-1 | AuthType: MD5
            << Response: Success | ActionID: t-1 | Challenge: 840415273
            >> Action: Login | ActionID: t-2 | Username: andon | AuthType: MD5 | Key: {key} | Events: on
            << Response: Success | ActionID: t-2 | Message: Authentication accepted
            linked Asterisk Call Manager/11.0.0
        """)
        assert not transcript.session.booted
        assert "s3cret" not in repr(MD5)

    def test_events_mask_and_boot(self) -> None:
        transcript = Transcript(events="system,call").play(
            LOGIN.replace("Events: on", "Events: system,call")
            + "<< Event: FullyBooted | Privilege: system,all | Status: Fully Booted\nevent FullyBooted"
        )
        assert transcript.session.booted

    @pytest.mark.parametrize("reason", ["Authentication failed", "Login Already In Use", ""])
    def test_refused(self, reason: str) -> None:
        transcript = Transcript().play(f"""
            {BANNER}
            >> Action: Login | ActionID: t-1 | Username: andon | Secret: s3cret | Events: on
            << Response: Error | ActionID: t-1 | Message: {reason}
            lost LoginRefused
        """)
        assert isinstance(transcript.error, LoginRefused)
        assert reason in str(transcript.error)
        assert "s3cret" not in str(transcript.error)

    def test_md5_not_offered(self) -> None:
        assert isinstance(
            Transcript(MD5)
            .play(f"""
            {BANNER}
            >> Action: Challenge | ActionID: t-1 | AuthType: MD5
            << Response: Error | ActionID: t-1 | Message: Must specify AuthType
            lost LoginRefused
        """)
            .error,
            LoginRefused,
        )

    def test_nothing_but_the_answer_counts_before_it(self) -> None:
        Transcript().play(f"""
            {BANNER}
            >> Action: Login | ActionID: t-1 | Username: andon | Secret: s3cret | Events: on
            << Event: Hangup | Privilege: call,all
            << Response: Success | ActionID: somebody-else
            << Response: Success | ActionID: t-1
            linked Asterisk Call Manager/11.0.0
        """)

    def test_answer_and_first_events_in_one_read(self) -> None:
        transcript = Transcript()
        transcript.hear("Asterisk Call Manager/11.0.0")
        transcript.said.clear()
        text = "Response: Success\r\nActionID: t-1\r\n\r\nEvent: FullyBooted\r\nA: b\r\n\r\nEvent: Hangup\r\n\r\n"
        transcript.note(transcript.session.receive(text.encode(), 0))
        assert transcript.said == ["linked Asterisk Call Manager/11.0.0", "event FullyBooted", "event Hangup"]


class TestNoAmi:
    @pytest.mark.parametrize("greeting", ["SSH-2.0-OpenSSH_9.6", "HTTP/1.1 400 Bad Request", "220 mail ESMTP", "A" * 300])
    def test_other_services(self, greeting: str) -> None:
        transcript = Transcript()
        transcript.note(transcript.session.receive(f"{greeting}\r\n".encode(), 0))
        assert transcript.said == ["lost NotAmi"]
        assert isinstance(transcript.error, NotAmi)

    def test_silence(self) -> None:
        transcript = Transcript().play("at 4.9\nat 5.1\nlost BannerMissing")
        assert isinstance(transcript.error, BannerMissing)

    def test_greeting_without_an_answer(self) -> None:
        transcript = Transcript(MD5).play(
            f"{BANNER}\n>> Action: Challenge | ActionID: t-1 | AuthType: MD5\nat 9.9\nat 10.1\nlost LoginUnanswered"
        )
        assert isinstance(transcript.error, LoginUnanswered)

    @pytest.mark.parametrize(("heard", "error"), [([], BannerMissing), (["Asterisk Call Manager/11.0.0"], LoginUnanswered)])
    def test_closed_early(self, heard: list[str], error: type[AmiError]) -> None:
        transcript = Transcript()
        for line in heard:
            transcript.hear(line)
        transcript.note(transcript.session.closed_by_peer())
        assert isinstance(transcript.error, error)

    def test_limits(self) -> None:
        transcript = Transcript(limits=Limits(message=500)).play(LOGIN)
        transcript.note(transcript.session.receive(b"Event: Hangup\r\n\r\nEvent: Hangup\r\nA: " + b"x" * 600, 0))
        assert transcript.said == ["event Hangup", "lost ProtocolViolation"]
        assert isinstance(transcript.error, ProtocolViolation)
        assert transcript.session.receive(b"more", 0) == []


class TestAnswers:
    def test_simple_between_events(self, live: Transcript) -> None:
        action_id = live.ask("QueuePause")
        live.play(f"""
            >> Action: QueuePause | ActionID: {action_id}
            << Event: Hangup | Privilege: call,all
            event Hangup
            << Response: Success | ActionID: {action_id} | Message: Interface paused successfully
            reply {action_id} answered 0
        """)
        assert live.replies[0].error is None
        assert live.replies[0].response is not None

    def test_order_within_one_read(self, live: Transcript) -> None:
        first, second = live.ask("QueuePause"), live.ask("QueueStatus")
        live.said.clear()
        text = (
            f"Event: Hangup\r\nPrivilege: c\r\n\r\nResponse: Success\r\nActionID: {first}\r\n\r\n"
            "Event: DeviceStateChange\r\nPrivilege: c\r\n\r\n"
            f"Response: Success\r\nActionID: {second}\r\nEventList: start\r\n\r\nEvent: QueueParams\r\nActionID: {second}\r\n\r\n"
            f"Event: QueueStatusComplete\r\nActionID: {second}\r\nEventList: Complete\r\n\r\nEvent: Hangup\r\nPrivilege: c\r\n\r\n"
        )
        for byte in text.encode():
            live.note(live.session.receive(bytes([byte]), 0))
        assert live.said == [
            "event Hangup",
            f"reply {first} answered 0",
            "event DeviceStateChange",
            f"reply {second} answered 1",
            "event Hangup",
        ]

    def test_list_items_are_told_from_events_of_the_same_name(self, live: Transcript) -> None:
        action_id = live.ask("DeviceStateList")
        live.play(f"""
            >> Action: DeviceStateList | ActionID: {action_id}
            << Response: Success | ActionID: {action_id} | EventList: start
            << Event: DeviceStateChange | ActionID: {action_id} | Device: PJSIP/1
            << Event: DeviceStateChange | Privilege: call,all | Device: PJSIP/2
            event DeviceStateChange
            << Event: DeviceStateListComplete | ActionID: {action_id} | EventList: Complete | ListItems: 1
            reply {action_id} answered 1
            << Event: DeviceStateChange | Privilege: call,all | Device: PJSIP/3
            event DeviceStateChange
        """)
        assert live.replies[0].items[0].get("Device") == "PJSIP/1"

    @pytest.mark.parametrize(("action", "last"), sorted(LAST_EVENTS.items()))
    def test_lists_that_do_not_say_so(self, live: Transcript, action: str, last: str) -> None:
        action_id = live.ask(action)
        live.play(f"""
            >> Action: {action} | ActionID: {action_id}
            << Response: Success | ActionID: {action_id}
            << Event: Item | ActionID: {action_id}
            << Event: {last} | ActionID: {action_id}
            reply {action_id} answered 1
        """)

    def test_refused(self, live: Transcript) -> None:
        action_id = live.ask("QueueStatus")
        live.play(f"""
            >> Action: QueueStatus | ActionID: {action_id}
            << Response: Error | ActionID: {action_id} | Message: Permission denied
            reply {action_id} refused 0
        """)
        assert live.replies[0].error == "The PBX refused QueueStatus: Permission denied"

    def test_originate_response_is_a_live_event(self, live: Transcript) -> None:
        action_id = live.ask("Originate")
        live.play(f"""
            >> Action: Originate | ActionID: {action_id}
            << Event: OriginateResponse | Privilege: call,all | ActionID: {action_id} | Response: Failure
            event OriginateResponse
            << Response: Success | ActionID: {action_id} | Message: Originate successfully queued
            reply {action_id} answered 0
            << Event: OriginateResponse | Privilege: call,all | ActionID: {action_id} | Response: Success
            event OriginateResponse
        """)

    def test_time_out_and_the_late_answer(self, live: Transcript) -> None:
        action_id = live.ask("DeviceStateList", timeout_s=0.5)
        live.play(f"""
            >> Action: DeviceStateList | ActionID: {action_id}
            << Response: Success | ActionID: {action_id} | EventList: start
            at 0.4
            at 0.6
            reply {action_id} timed_out 0
            << Event: DeviceStateChange | ActionID: {action_id} | Device: PJSIP/1
            << Event: DeviceStateListComplete | ActionID: {action_id} | EventList: Complete
            << Response: Success | ActionID: {action_id}
        """)
        assert "within 0.5 s" in str(live.replies[0].error)

    def test_the_list_too_long_to_hold(self, live: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("agi.session.MAX_ITEMS", 2)
        action_id = live.ask("QueueStatus")
        live.said.clear()
        item = f"<< Event: QueueMember | ActionID: {action_id}\n"
        live.play(
            f"<< Response: Success | ActionID: {action_id} | EventList: start\n" + item * 3 + f"reply {action_id} too_long 2\n" + item
        )

    def test_lost_link_answers_everybody_first(self, live: Transcript) -> None:
        ids = [live.ask("QueueStatus"), live.ask("QueuePause")]
        live.said.clear()
        live.note(live.session.closed_by_peer())
        assert live.said == [f"reply {ids[0]} link_lost 0", f"reply {ids[1]} link_lost 0", "lost Dismissed"]
        assert isinstance(live.error, Dismissed)
        assert live.session.closed_by_peer() == []

    def test_action_ids_are_unique_and_refused_actions_take_none(self, live: Transcript) -> None:
        first = live.ask("Events")
        with pytest.raises(HeaderInjection):
            live.session.send(Action("Hangup", (("Channel", "PJSIP/1\r\nAction: Originate"),)), 0)
        assert (first, live.ask("Events")) == ("t-2", "t-3")

    def test_too_many(self, live: Transcript) -> None:
        for _ in range(MAX_PENDING):
            live.ask("Events", timeout_s=60)
        with pytest.raises(TooManyPending):
            live.ask("Events")
        live.said.clear()
        live.at(30)
        assert live.said == []  # no ping without room for its answer


class TestPing:
    def test_every_second(self, live: Transcript) -> None:
        live.play("""
            at 0.9
            at 1.0
            >> Action: Ping | ActionID: t-2
            at 1.9
            << Response: Success | ActionID: t-2 | Ping: Pong | Timestamp: 1795484331.5
            ponged 1795484331.5
            at 2.0
            >> Action: Ping | ActionID: t-3
        """)

    def test_silence_ends_it(self, live: Transcript) -> None:
        live.play("at 1\n>> Action: Ping | ActionID: t-2\nat 10.9\nat 11\nlost PongMissing")
        assert isinstance(live.error, PongMissing)

    def test_events_are_a_sign_of_life_but_not_for_ever(self, live: Transcript) -> None:
        live.play("at 1\n>> Action: Ping | ActionID: t-2")
        for second in range(2, 61):
            live.play(f"at {second}\n<< Event: Hangup | Privilege: call,all\nevent Hangup")
        live.play("at 61\nlost PongMissing")

    def test_pong_between_events_keeps_the_order(self, live: Transcript) -> None:
        live.play("at 1\n>> Action: Ping | ActionID: t-2")
        event, pong = "Event: Hangup\r\nPrivilege: c\r\n\r\n", "Response: Success\r\nActionID: t-2\r\nTimestamp: 5\r\n\r\n"
        live.note(live.session.receive((event + pong + event).encode(), live.now))
        assert live.said == ["event Hangup", "ponged 5", "event Hangup"]


class TestMoves:
    def test_good_bye(self, live: Transcript) -> None:
        live.note(live.session.leave(0))
        live.play("""
            >> Action: Logoff | ActionID: t-2
            << Event: Hangup | Privilege: call,all
            << Response: Goodbye | ActionID: t-2 | Message: Thanks for all the fish.
            lost Closed
        """)
        assert isinstance(live.error, Closed)

    def test_good_bye_unanswered(self, live: Transcript) -> None:
        live.note(live.session.leave(0))
        live.play(">> Action: Logoff | ActionID: t-2\nat 1.9\nat 2\nlost Closed")

    def test_leaving_before_login_just_ends(self) -> None:
        transcript = Transcript()
        transcript.note(transcript.session.leave(0))
        assert transcript.said == ["lost Closed"]

    @pytest.mark.parametrize("state", [state for state in State if (state, Move.ASK) not in TRANSITIONS])
    def test_asking_in_the_wrong_state_changes_nothing(self, state: State) -> None:
        session = Session(PLAIN, "t", 0)
        session.state = state
        with pytest.raises(IllegalMove, match=re.escape(f"A session that is {state} cannot ask.")):
            session.send(Action("Ping"), 0)
        assert session.state is state

    def test_every_state_is_reached_and_left(self) -> None:
        """A state nobody enters, or that never ends, is a mistake in the table."""
        assert {to for _, to in TRANSITIONS.items()} | {State.GREETING} == set(State)
        assert {state for state, move in TRANSITIONS if move is Move.END} == set(State) - {State.CLOSED}
        assert not [state for state, _ in TRANSITIONS if state is State.CLOSED]
