"""What an agent's phone is told, without any socket: each dialogue against each answer, and what the dialplan gets to know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agi.fastagi.codec import Reply
from agi.fastagi.commands import Command
from agi.phone import sounds
from agi.phone.codes import GATE_AWAY, GATE_UNKNOWN, NUMBERS, SENTENCES, number_of
from agi.phone.dialogues import DIALOGUES, KIND_MAX, TRIES, stranger
from agi.phone.script import Look, Proof, Prove, Put, Scene, Script, Standing
from realtime.asks_outbound import NumberBlock, ResultKeep
from realtime.decision import Decision, Finding, allow, deny
from realtime.requests import AnyAsk, BreakAsk, BreakBack, BreakTake, BreakWithdraw, CardPause, CardResume, Here, LogIn, LogOut
from realtime.sentences import WORDS as SAID
from realtime.words import SECOND, AgentId, Device, Node
from tests.house.sources import ROOT

NOW = 1_764_300_000 * SECOND
MINUTE = 60 * SECOND
NOTHING = Standing()


def scene(word: str, agent: str = "1031", resident: str = "", language: str = "", query: dict[str, str] | None = None) -> Scene:
    return Scene(
        word=word,
        uniqueid="n1-7.7",
        node=Node("n1"),
        device=Device("PJSIP/1001"),
        agent=AgentId(agent),
        resident=AgentId(resident),
        query=query or {},
        now=NOW,
        zone="Asia/Shanghai",
        language_of=lambda agent: language,
        named=AgentId,
    )


@dataclass
class Person:
    """Who is at the phone, and what the engine and the floor would say."""

    types: list[str] = field(default_factory=list)
    pins: dict[str, str] = field(default_factory=dict)
    proof: Proof | None = None
    decision: Decision | None = None
    before: Standing = NOTHING
    after: Standing = NOTHING
    heard: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    asked: list[AnyAsk] = field(default_factory=list)
    tried: list[tuple[str, str]] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)

    def listens(self, script: Script) -> Person:
        try:
            step = next(script)
            while True:
                match step:
                    case Command(words):
                        said: object = self._hears(words)
                    case Put(_, ask):
                        self.asked.append(ask)
                        said = self.decision
                    case Look():
                        said = self.after if self.asked else self.before
                    case Prove(agent, pin):
                        self.tried.append((agent, pin))
                        said = self.proof or (Proof.RIGHT if self.pins.get(agent) == pin else Proof.WRONG)
                step = script.send(said)
        except StopIteration:
            return self

    def _hears(self, words: tuple[str, ...]) -> Reply:
        match words:
            case ("SET VARIABLE", name, value):
                self.variables[name] = value
            case ("SET AUTOHANGUP", seconds):
                self.limits.append(int(seconds))
            case ("STREAM FILE", sound, _):
                self.heard.append(sound)
            case ("SAY NUMBER", number, _):
                self.heard.append(number)
            case ("SAY DATETIME", moment, _, _, zone):
                self.heard.append(f"{int(moment) - NOW // SECOND:+}s {zone}")
            case ("GET DATA", sound, _, _):
                self.heard.append(sound)
                return Reply(200, self.types.pop(0) if self.types else "", "timeout")
            case ("ANSWER",):
                pass
            case _:
                raise AssertionError(words)
        return Reply(200, "0")

    @property
    def allowed(self) -> bool:
        return "ANDON_DECISION" in self.variables


def play(word: str, person: Person, where: Scene | None = None) -> Person:
    return person.listens(DIALOGUES[word](where or scene(word)))


class TestLogin:
    def test_number_and_pin(self) -> None:
        person = play("login", Person(["1031", "4711"], {"1031": "4711"}, decision=allow("login.ok")))
        assert person.heard == ["agent-user", "agent-pass", "agent-loginok"]
        assert person.asked == [LogIn(AgentId("1031"), Node("n1"), Device("PJSIP/1001"))]
        assert person.variables["ANDON_DECISION"] == "allow:n1-7.7:login"
        assert person.variables["ANDON_REASON"] == "login.ok"

    def test_three_wrong_pins_are_all(self) -> None:
        person = play("login", Person(["1031", "1", "1031", "2", "1031", "3", "1031", "4711"], {"1031": "4711"}, decision=allow("x")))
        assert len(person.tried) == TRIES
        assert not person.asked
        assert not person.allowed
        assert person.variables["ANDON_REASON"] == "gate.pin"
        assert person.heard[:4] == ["agent-user", "agent-pass", "agent-incorrect", "agent-pass"]
        assert person.heard[-5:] == ["descending-2tone", "im-sorry", "number", "8", "vm-goodbye"]

    def test_the_second_try_may_be_right(self) -> None:
        person = play("login", Person(["1031", "1", "1031", "4711"], {"1031": "4711"}, decision=allow("x")))
        assert person.allowed

    def test_a_number_that_the_dialplan_says_is_not_asked_for(self) -> None:
        person = play("login", Person(["1", "4711"], {"1031": "4711"}, decision=allow("x")), scene("login", "", query={"agent": "1031"}))
        assert person.heard == ["agent-pass", "auth-incorrect", "agent-loginok"]

    def test_only_the_pound_key_means_whose_desk_it_is(self) -> None:
        person = play("login", Person(["", "4711"], {"1031": "4711"}, decision=allow("x")), scene("login", "", "1031"))
        assert person.tried == [("1031", "4711")]
        assert person.allowed

    def test_silence_asks_nobody(self) -> None:
        person = play("login", Person([], {"": ""}, decision=allow("x")), scene("login", ""))
        assert not person.tried
        assert not person.asked

    def test_too_many_tries_end_it_at_once(self) -> None:
        person = play("login", Person(["1031", "4711"], proof=Proof.STOPPED))
        assert len(person.tried) == 1
        assert person.variables["ANDON_REASON"] == "gate.stopped"

    def test_pins_that_cannot_be_read_are_a_fault_not_a_wrong_pin(self) -> None:
        person = play("login", Person(["1031", "4711"], proof=Proof.AWAY))
        assert person.heard[-2:] == ["beeperr", "please-try-again"]
        assert person.variables["ANDON_REASON"] == "gate.away"

    def test_it_gets_the_time_that_it_takes(self) -> None:
        assert play("login", Person()).limits == [90, 0]
        assert play("back", Person()).limits == [30, 0], "and leaves none behind"


class TestBreaks:
    def test_at_once(self) -> None:
        person = play("break", Person(decision=allow("break.granted"), after=Standing(on=True, until=NOW + 15 * MINUTE)))
        assert person.asked == [BreakAsk(AgentId("1031"), "short")]
        assert person.heard == ["ascending-2tone", "15", "minutes"]
        assert person.variables["ANDON_DECISION"] == "allow:n1-7.7:break"

    def test_an_open_one_has_no_minutes(self) -> None:
        person = play("break", Person(decision=allow("x"), after=Standing(on=True)))
        assert person.heard == ["ascending-2tone"]

    def test_after_the_call(self) -> None:
        person = play("break", Person(decision=allow("x"), after=Standing(granted=True, length_s=60)))
        assert person.heard == ["ascending-2tone", "one-moment-please", "1", "minute"]

    def test_on_the_list(self) -> None:
        held = Decision("queue", (Finding("break.cap", "queue"),))
        person = play("break", Person(decision=held, after=Standing(waits=True, place=3, eta=NOW + 600 * SECOND)))
        assert person.heard == ["beep", "number", "3", "digits/at", "+600s Asia/Shanghai"]
        assert not person.allowed, "a place on the list is no break"
        assert person.variables["ANDON_REASON"] == "break.cap"

    def test_on_the_list_with_nothing_known(self) -> None:
        person = play("break", Person(decision=Decision("queue", (Finding("x", "queue"),)), after=Standing(waits=True)))
        assert person.heard == ["beep"]

    def test_refused_until(self) -> None:
        person = play("break", Person(decision=deny("some.rule", until=NOW + 300 * SECOND)))
        assert person.heard == ["descending-2tone", "im-sorry", "number", "9", "digits/at", "+300s Asia/Shanghai", "vm-goodbye"]
        assert not person.allowed

    def test_a_refusal_until_tomorrow_says_no_clock(self) -> None:
        person = play("break", Person(decision=deny("some.rule", until=NOW + 25 * 3600 * SECOND)))
        assert "digits/at" not in person.heard

    def test_a_held_one_is_taken_by_the_same_code(self) -> None:
        held = Standing(granted=True, takes_until=NOW + MINUTE, length_s=900)
        person = play("break", Person(decision=allow("x"), before=held, after=Standing(on=True, until=NOW + 15 * MINUTE)))
        assert person.asked == [BreakTake(AgentId("1031"))]

    def test_one_that_waits_for_the_call_is_not_taken(self) -> None:
        person = play("break", Person(decision=deny("x"), before=Standing(granted=True)))
        assert person.asked == [BreakAsk(AgentId("1031"), "short")]

    @pytest.mark.parametrize(("said", "minutes"), [("10", 10), ("", 0), ("-5", 0), ("9999", 0), ("999", 600), ("²", 0), ("1e3", 0)])
    def test_minutes_of_the_dialplan(self, said: str, minutes: int) -> None:
        person = play("break", Person(decision=deny("x")), scene("break", query={"kind": "meal", "minutes": said}))
        assert person.asked == [BreakAsk(AgentId("1031"), "meal", minutes)]

    def test_a_kind_without_end_is_cut(self) -> None:
        person = play("break", Person(decision=deny("x")), scene("break", query={"kind": "x" * 1000}))
        assert person.asked == [BreakAsk(AgentId("1031"), "x" * KIND_MAX)]


class TestBack:
    @pytest.mark.parametrize(
        ("before", "ask"),
        [
            (Standing(on=True), BreakBack(AgentId("1031"))),
            (Standing(), BreakBack(AgentId("1031"))),
            (Standing(waits=True), BreakWithdraw(AgentId("1031"))),
            (Standing(granted=True), BreakWithdraw(AgentId("1031"))),
            (Standing(on=True, waits=True), BreakBack(AgentId("1031"))),
        ],
    )
    def test_what_is_given_back(self, before: Standing, ask: AnyAsk) -> None:
        person = play("back", Person(decision=allow("x"), before=before))
        assert person.asked == [ask]
        assert person.allowed


class TestOthers:
    def test_logging_out_at_once(self) -> None:
        person = play("logout", Person(decision=allow("x")))
        assert person.asked == [LogOut(AgentId("1031"))]
        assert person.heard == ["agent-loggedoff"]

    def test_logging_out_after_the_call(self) -> None:
        person = play("logout", Person(decision=allow("x"), after=Standing(on_duty=True)))
        assert person.heard == ["ascending-2tone", "one-moment-please"]

    def test_here(self) -> None:
        person = play("here", Person(decision=allow("x")))
        assert person.asked == [Here(AgentId("1031"))]
        assert person.heard == ["ascending-2tone", "auth-thankyou"]

    @pytest.mark.parametrize("word", ["logout", "break", "back", "here", "result", "block"])
    def test_nobody_at_this_phone(self, word: str) -> None:
        person = play(word, Person(decision=allow("x")), scene(word, ""))
        assert not person.asked
        assert not person.allowed
        assert person.heard == ["descending-2tone", "im-sorry", "number", "6", "vm-goodbye"]

    @pytest.mark.parametrize("word", ["logout", "break", "back", "here", "result", "block"])
    def test_an_engine_that_does_not_answer(self, word: str) -> None:
        person = play(word, Person(["1"], decision=None))
        assert not person.allowed
        assert person.heard[-2:] == ["beeperr", "please-try-again"]
        assert person.variables["ANDON_REASON"] == "gate.away"

    @pytest.mark.parametrize(("reason", "first"), [(GATE_UNKNOWN, "descending-2tone"), (GATE_AWAY, "beeperr")])
    def test_a_stranger_asks_nobody(self, reason: Finding, first: str) -> None:
        person = Person(decision=allow("x")).listens(stranger(scene("break", ""), reason))
        assert person.heard[0] == first
        assert not person.asked
        assert not person.allowed

    @pytest.mark.parametrize(("language", "spoken"), [("zh", "zh"), ("pt_BR", "pt_BR"), ("", None), ("../../x", None), ('zh"', None)])
    def test_the_language_of_the_person(self, language: str, spoken: str | None) -> None:
        person = play("here", Person(decision=allow("x")), scene("here", language=language))
        assert person.variables.get("CHANNEL(language)") == spoken


def after_call(word: str, query: dict[str, str] | None = None) -> Scene:
    """The plan has S1 in its first place and a code 12; the last outbound call is d1."""
    codes = {"1": "S1", "S1": "S1", "12": "12"}
    return scene(word, query=query)._replace(coded=lambda typed: codes.get(typed, ""), last=lambda agent: f"d1 of {agent}")


class TestAfterACall:
    @pytest.mark.parametrize("dialled", ["1", "S1"])
    def test_a_code_that_was_dialled_is_not_asked_for(self, dialled: str) -> None:
        person = play("result", Person(decision=allow("result.code")), after_call("result", {"code": dialled}))
        assert person.heard == ["ascending-2tone", "auth-thankyou"]
        assert person.asked == [ResultKeep(AgentId("1031"), "S1", "d1 of 1031")]
        assert person.variables["ANDON_DECISION"] == "allow:n1-7.7:result"

    @pytest.mark.parametrize("dialled", ["", "99"])
    def test_else_it_is_typed_and_one_that_is_none_is_asked_for_again(self, dialled: str) -> None:
        person = play("result", Person(["98", "", "12"], decision=allow("x")), after_call("result", {"code": dialled}))
        assert person.heard == ["number", "number", "number", "ascending-2tone", "auth-thankyou"]
        assert person.asked == [ResultKeep(AgentId("1031"), "12", "d1 of 1031")]

    def test_three_that_are_none_are_all(self) -> None:
        person = play("result", Person(["98", "97", "96", "1"], decision=allow("x")), after_call("result"))
        assert person.heard[TRIES:] == ["descending-2tone", "im-sorry", "number", "8", "vm-goodbye"]
        assert not person.asked

    def test_no_more_calls_is_asked_once(self) -> None:
        person = play("block", Person(["1"], decision=allow("dnc.blocked")), after_call("block"))
        assert person.heard == ["vm-press", "digits/1", "ascending-2tone", "auth-thankyou"]
        assert person.asked == [NumberBlock(source="phone", agent=AgentId("1031"), dial="d1 of 1031")]

    @pytest.mark.parametrize("typed", ["", "2"])
    def test_anything_but_one_blocks_nobody(self, typed: str) -> None:
        person = play("block", Person([typed], decision=allow("x")), after_call("block"))
        assert person.heard[2:] == ["descending-2tone", "cancelled"]
        assert not person.asked
        assert not person.allowed
        assert person.variables["ANDON_REASON"] == "gate.unsure"

    def test_where_nobody_was_called(self) -> None:
        person = play("block", Person(["1"], decision=deny("dnc.no_dial", dial="")), scene("block"))
        assert person.heard[2:] == ["descending-2tone", "im-sorry", "number", "5", "vm-goodbye"]


class TestCardData:
    def test_silence_is_told_when_the_pbx_has_said_it(self) -> None:
        after = Standing(silent=True, silent_until=NOW + 180 * SECOND)
        person = play("card", Person(decision=allow("card.recorded"), after=after), scene("card"))
        assert person.heard == ["ascending-2tone", "3", "minutes"]
        assert person.asked == [CardPause(AgentId("1031"))]
        assert person.variables["ANDON_DECISION"] == "allow:n1-7.7:card"

    def test_what_is_not_silent_yet_is_no_go_ahead(self) -> None:
        person = play("card", Person(decision=allow("card.recorded"), after=Standing(silent_until=NOW + 180 * SECOND)), scene("card"))
        assert person.heard == ["beep", "one-moment-please"]

    def test_its_end(self) -> None:
        person = play("card_over", Person(decision=allow("card.resumed")), scene("card_over"))
        assert person.heard == ["ascending-2tone", "auth-thankyou"]
        assert person.asked == [CardResume(AgentId("1031"))]

    @pytest.mark.parametrize(
        ("rule", "number"), [("card.not_recorded", "5"), ("card.no_call", "5"), ("card.unknown", "9"), ("supervise.node_away", "0")]
    )
    def test_why_not(self, rule: str, number: str) -> None:
        person = play("card", Person(decision=deny(rule, agent="1031", node="n1")), scene("card"))
        assert person.heard == ["descending-2tone", "im-sorry", "number", number, "vm-goodbye"]
        assert not person.allowed


@given(
    some.sampled_from(sorted(DIALOGUES)),
    some.text(max_size=80),
    some.dictionaries(some.text(max_size=8), some.text(max_size=20), max_size=4),
)
def test_nothing_hostile_comes_into_the_dialplan(word: str, rule: str, query: dict[str, str]) -> None:
    """Whatever a rule is called and a dialplan says: no quote, no expression, no line end in a variable, and only sounds we know."""
    person = play(word, Person(["1031", "1"], {"1031": "1"}, decision=deny(rule, name=rule)), scene(word, query=query))
    assert set(person.variables) <= {"ANDON_DECISION", "ANDON_REASON", "ANDON_SENTENCE"}
    assert not person.allowed
    assert not set("".join(person.variables.values())) & set('"\\${}\n\r')
    assert set(person.heard) <= {*sounds.USED, *map(str, range(10))}


def commands_of(heard: Iterable[Command]) -> list[str]:
    return [" ".join(command.words[:2]) for command in heard]


def test_minutes_are_whole() -> None:
    assert commands_of(sounds.minutes(MINUTE)) == ["SAY NUMBER 1", "STREAM FILE minute"]
    assert commands_of(sounds.minutes(2 * MINUTE - SECOND)) == ["SAY NUMBER 2", "STREAM FILE minutes"]
    assert commands_of(sounds.minutes(MINUTE + SECOND)) == ["SAY NUMBER 1", "STREAM FILE minute"]
    assert commands_of(sounds.minutes(20 * SECOND)) == []


class TestNumbers:
    @pytest.mark.parametrize(
        ("rule", "number"),
        [("break.quota", 1), ("break.quota_half.last", 1), ("break.cool_down", 2), ("request.stale", 0), ("break.team_cap", 9), ("", 9)],
    )
    def test_one_digit_a_kind_of_reason(self, rule: str, number: int) -> None:
        assert number_of(Finding(rule, "deny")) == number

    def test_every_row_is_a_rule_that_can_say_no(self) -> None:
        assert {rule for rule in NUMBERS if rule not in SAID and rule not in SENTENCES} == {"request"}

    def test_the_page_for_people_has_every_number(self) -> None:
        rows = re.findall(r"^\| (\d) \| ", (ROOT / "docs/phone.md").read_text(), re.MULTILINE)
        assert [int(row) for row in rows] == sorted({*NUMBERS.values(), 9})
