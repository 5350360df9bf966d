"""Alerts: raised once however often it is looked, over only past `clear`, unknown never good; and who may take one on."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from realtime import sentences
from realtime.decision import Decision
from realtime.owned import Alert, Lease
from realtime.plan.model import AlertRule, Person, Plan, Team
from realtime.plan.numbers import NUMBERS
from realtime.recording_facts import ArchiveSeen
from realtime.requests import Actor, AlertTake
from realtime.rules import alerts
from realtime.rules.readings import SILENT, Readings
from realtime.rulings import AlertRaised, BreakBegan, BreakOverran, MeetingBegan, PauseUnauthorised
from realtime.saying import Saying
from realtime.words import SECOND, AgentId
from tests.realtime.rules.floors import BOSS, Ruled
from tests.realtime.story import NODE, Telling, abandoned, heard, joined, left, linked, lost, works

LEADER = AgentId("9001")
TEAM = Team(id="a", name="Sales 1", name_zh="销售一组", leaders=(LEADER,))
PEOPLE = (Person(id=AgentId("1001"), name="Wang Fang", team="a"), Person(id=AgentId("1002"), name="Li Qiang", team="b"))


def ruled(*rules: AlertRule, people: tuple[str, ...] = ("1001", "1002")) -> Ruled:
    floor = Ruled(*people, by=Plan(people=PEOPLE, teams=(TEAM, Team(id="b")), alerts=rules))
    return floor.after(linked())


def look(floor: Ruled, seconds: float = 0.0) -> list[Saying]:
    """As the engine's next look; the PBX is heard meanwhile. A second look at once finds nothing more."""
    floor.after(seconds, heard())
    said = floor.tell(alerts.due(floor.floor, floor.now))
    assert alerts.due(floor.floor, floor.now) == [], "what is said once is not due any more"
    return said


def kinds(said: list[Saying]) -> list[str]:
    return [each.kind.__name__ for each in said]


def archive(**fields: Any) -> Telling:
    return Telling(ArchiveSeen, fields, node="")


def only_alert(floor: Ruled) -> Alert:
    (alert,) = floor.floor.owned.alerts.values()
    return alert


# ------------------------------------------------------------------ thresholds


def test_an_alert_is_raised_once_and_is_over_only_past_clear() -> None:
    floor = ruled(AlertRule(id="many", number="waiting", above=2, clear=0, severity="act", name="Many wait", name_zh="排队过多"))
    floor.after(joined("a", "sales"), joined("b", "sales"))
    assert look(floor) == []
    floor.after(joined("c", "sales"))
    (raised,) = look(floor)
    assert raised.kind is AlertRaised
    assert only_alert(floor).id == "many:queue:pbx:sales"
    assert only_alert(floor).text["en"] == "Many wait: sales, callers waiting 3, at most 2."
    assert only_alert(floor).text["zh"] == "排队过多：sales，排队人数3，上限2。"
    assert [look(floor, 1) for _ in range(5)] == [[]] * 5
    floor.after(abandoned("a", "sales"), abandoned("b", "sales"))
    assert look(floor) == [], "one is left: below the threshold, and not yet back to `clear`"
    floor.after(abandoned("c", "sales"))
    assert kinds(look(floor)) == ["AlertCleared"]
    assert look(floor, 1) == []


def test_it_has_to_last() -> None:
    floor = ruled(AlertRule(id="many", number="waiting", above=0, for_s=30))
    floor.after(joined("a", "sales"))
    assert kinds(look(floor)) == ["AlertBrewing"]
    assert look(floor, 29) == []
    assert kinds(look(floor, 1)) == ["AlertRaised"]
    assert floor.floor.owned.brewing == {}
    floor.after(abandoned("a", "sales"))
    assert kinds(look(floor)) == ["AlertCleared"]
    floor.after(joined("b", "sales"))
    assert kinds(look(floor)) == ["AlertBrewing"]
    floor.after(5, abandoned("b", "sales"))
    assert kinds(look(floor)) == ["AlertBrewing"], "it is good again, and was no alert"
    assert floor.floor.owned.brewing == {}


def test_it_comes_back_as_the_same_alert() -> None:
    floor = ruled(AlertRule(id="many", number="waiting", above=0))
    for caller in "ab":
        floor.after(joined(caller, "sales"))
        assert kinds(look(floor, 1)) == ["AlertRaised"]
        floor.after(abandoned(caller, "sales"))
        assert kinds(look(floor, 1)) == ["AlertCleared"]
    assert only_alert(floor).times == 2


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_number_does_it_is_on_between_the_thresholds_as_it_was(seed: int) -> None:
    """Law: on after it was above, over after it was at or below `clear`, in between as before; each change said once."""
    chance = random.Random(seed)
    floor = ruled(AlertRule(id="many", number="waiting", above=3, clear=1))
    waiting: list[str] = []
    on = False
    for number in range(120):
        if waiting and chance.random() < 0.5:
            floor.after(abandoned(waiting.pop(), "sales"))
        else:
            waiting.append(f"x{number}")
            floor.after(joined(waiting[-1], "sales"))
        wanted = len(waiting) > 3 or (on and len(waiting) > 1)
        said = kinds(look(floor, 1))
        assert said == ([] if wanted == on else ["AlertRaised" if wanted else "AlertCleared"])
        on = wanted


# ------------------------------------------------------------------ what nobody knows


def test_a_server_that_is_not_heard_is_bad_and_clears_nothing() -> None:
    floor = ruled(AlertRule(id="many", number="waiting", above=0))
    floor.after(joined("a", "sales"))
    look(floor)
    floor.after(lost())
    (raised,) = floor.tell(alerts.due(floor.floor, floor.now))
    assert raised.fields["alert"] == f"facts.missing:node:{NODE}"
    assert raised.fields["severity"] == "act"
    floor.after(abandoned("a", "sales"))
    assert alerts.due(floor.floor, floor.now) == [], "what came since is not known: no alert of its queue is over"
    floor.after(linked(), heard())
    assert kinds(floor.tell(alerts.due(floor.floor, floor.now))) == ["AlertCleared"] * 2


@pytest.mark.parametrize("of", sorted(NUMBERS))
def test_unknown_is_never_good_and_never_zero(of: str) -> None:
    """Law, for every number there is: of a server that is silent, nothing is read but that it is silent."""
    floor = ruled()
    floor.after(joined("a", "sales"), SILENT / SECOND + 1)
    readings = Readings(floor.floor, floor.now)
    for number in NUMBERS[of]:
        for reading in readings.of(AlertRule(id="x", number=number, of=of, above=0)):
            assert reading.value is None or of == "node", (number, reading)


@pytest.mark.parametrize("of", sorted(NUMBERS))
def test_every_number_that_a_plan_may_name_is_read(of: str) -> None:
    floor = ruled()
    floor.after(joined("a", "sales"), 5, left("a", "left_otherwise", how="key"), joined("b", "sales"), 5, abandoned("b", "sales"), heard())
    floor.after(archive())
    readings = Readings(floor.floor, floor.now)
    for number in NUMBERS[of]:
        found = list(readings.of(AlertRule(id="x", number=number, of=of)))
        assert found or of == "agent", number
        if number not in ("asa_s", "aht_s", "service_level"):  # nobody was answered
            assert all(reading.value is not None for reading in found), number


def test_a_quiet_queue_is_neither_good_nor_bad() -> None:
    """No call came, so there is no service level: that is no alarm, and no end of one."""
    floor = ruled(AlertRule(id="low", number="service_level", below=0.8))
    assert look(floor) == []


# ------------------------------------------------------------------ agents, and troubles without a threshold


def test_an_agent_is_only_read_for_what_they_do() -> None:
    floor = ruled(AlertRule(id="idle", number="state_s", of="agent", above=60, only=("1001",)))
    assert look(floor, 59) == []
    (raised,) = look(floor, 2)
    assert raised.fields["subject"] == "agent:1001"
    assert raised.fields["owner"] == LEADER, "the leader of the team"
    assert raised.fields["text"]["en"] == "Wang Fang: time in this state 1:01, at most 1:00."


def test_the_ladder_of_an_overrun_gets_worse_as_one_alert() -> None:
    floor = ruled()
    floor.after(Telling(BreakBegan, {"agent": "1001", "kind": "short", "until": floor.now}, node=""))
    seen = []
    for step in ("prompt", "leader", "overrun", "welfare"):
        floor.after(Telling(BreakOverran, {"agent": "1001", "step": step, "until": floor.now}, node=""))
        seen.append(kinds(look(floor)))
    assert seen == [[], ["AlertRaised"], ["AlertRaised"], ["AlertRaised"]]
    alert = only_alert(floor)
    assert (alert.severity, alert.times, alert.owner) == ("act", 1, LEADER)
    assert alert.text["zh"] == "Wang Fang小休已超时15:00以上：请确认本人是否安好。"
    floor.floor.owned.leases.clear()
    assert kinds(look(floor)) == ["AlertCleared"]


def test_a_pause_that_nobody_granted_is_an_alert_while_it_lasts() -> None:
    floor = ruled()
    floor.after(Telling(PauseUnauthorised, {"agent": "1001", "reason": "lunch", "treated": "warn"}, node=""))
    floor.after(Telling(PauseUnauthorised, {"agent": "1002", "treated": "observe"}, node=""))
    (raised,) = look(floor)
    assert raised.fields["text"]["en"] == "Wang Fang is paused (lunch), and nobody granted it."
    del floor.floor.owned.strays["1001"]
    assert kinds(look(floor)) == ["AlertCleared"]


def test_one_that_is_being_undone_gets_ten_seconds() -> None:
    floor = ruled()
    floor.after(Telling(PauseUnauthorised, {"agent": "1001", "treated": "undo"}, node=""))
    assert kinds(look(floor)) == ["AlertBrewing"]
    assert kinds(look(floor, 10)) == ["AlertRaised"]


def test_a_meeting_names_who_is_missing() -> None:
    floor = ruled()
    meeting = {"meeting": "m1", "name": "Morning", "name_zh": "早会", "teams": ("a",), "expected": ("1001", "1002"), "until": floor.now}
    floor.after(Telling(MeetingBegan, meeting, node=""))
    assert look(floor, 60) == []
    (raised,) = look(floor, 61)
    assert raised.fields["text"]["zh"] == "早会：应到2人，缺2人：Wang Fang, Li Qiang。"
    floor.after(Telling(BreakBegan, {"agent": "1001", "kind": "meeting", "why": "meeting:m1"}, node=""))
    assert [each.fields["value"] for each in look(floor)] == [1.0], "somebody came"
    floor.after(Telling(BreakBegan, {"agent": "1002", "kind": "meeting", "why": "meeting:m1"}, node=""))
    assert kinds(look(floor)) == ["AlertCleared"]


@pytest.mark.parametrize("name", ["plan.bad", "plan.shorter"])
def test_an_alert_of_somebody_else_is_left_alone(name: str) -> None:
    floor = ruled()
    floor.after(Telling(AlertRaised, {"alert": name, "rule": name, "subject": "floor"}, node=""))
    assert look(floor) == []


# ------------------------------------------------------------------ taking one on


def take(floor: Ruled, deed: str, text: str = "", actor: Actor = BOSS, alert: str = "many:queue:pbx:sales") -> Decision:
    return floor.request(AlertTake(alert, deed, text), actor)  # type: ignore[arg-type]


@pytest.fixture
def many() -> Ruled:
    floor = ruled(AlertRule(id="many", number="waiting", above=0))
    floor.after(joined("a", "sales"))
    look(floor)
    return floor


def test_seen_taken_on_and_closed_with_an_outcome(many: Ruled) -> None:
    assert take(many, "acknowledge").verdict == "allow"
    assert only_alert(many).acknowledged == "li"
    assert take(many, "own").verdict == "allow"
    assert only_alert(many).owner == "li"
    assert take(many, "close", "  ").verdict == "deny", "say what came of it"
    assert take(many, "close", "two more came").verdict == "allow"
    assert (only_alert(many).outcome, bool(only_alert(many).closed)) == ("two more came", True)
    assert take(many, "own").verdict == "deny"


def test_a_closed_one_comes_back_only_after_it_was_well(many: Ruled) -> None:
    take(many, "close", "known")
    assert look(many, 5) == [], "still so, and somebody has said what came of it"
    many.after(abandoned("a", "sales"))
    look(many)
    many.after(joined("b", "sales"))
    assert kinds(look(many)) == ["AlertRaised"]
    assert (only_alert(many).closed, only_alert(many).times) == (0, 1), "a new one"


def test_a_leader_takes_those_of_the_own_team_and_those_that_are_theirs() -> None:
    floor = ruled(
        AlertRule(id="idle", number="state_s", of="agent", above=10),
        AlertRule(id="mine", number="waiting", above=0, owner=LEADER),
        AlertRule(id="other", number="waiting", above=0),
    )
    floor.after(joined("a", "sales"))
    look(floor, 11)
    leader = Actor("user:lead", "leader", LEADER, "console")
    verdicts = {name: take(floor, "own", actor=leader, alert=name).verdict for name in list(floor.floor.owned.alerts)}
    assert verdicts == {
        "idle:agent:1001": "allow",
        "idle:agent:1002": "deny",
        "mine:queue:pbx:sales": "allow",
        "other:queue:pbx:sales": "deny",
    }
    assert take(floor, "own", alert="nothing").verdict == "deny"


def test_all_that_can_be_said_has_words() -> None:
    for text in sentences.alerts.WORDS.values():
        assert len(text) == len(sentences.LANGUAGES)
        assert all(text)


# ------------------------------------------------------------------ cost


def test_a_look_at_a_thousand_agents_costs_about_a_millisecond() -> None:
    """Only agents in the state that a rule is about are looked at one by one."""
    people = tuple(Person(id=AgentId(str(number)), team="a") for number in range(2000, 3000))
    rules = (
        AlertRule(id="idle", number="not_ready_s", of="agent", above=900),
        AlertRule(id="talk", number="talk_s", of="agent", above=900),
        AlertRule(id="few", number="ready", of="team", below=1),
        AlertRule(id="low", number="service_level", below=0.8, clear=0.82, for_s=120),
        AlertRule(id="long", number="longest_wait_s", above=60, clear=30),
    )
    floor = Ruled(by=Plan(people=people, teams=(TEAM,), alerts=rules))
    floor.after(linked(), *(works(person.id, f"q{int(person.id) % 20}") for person in people), heard())
    floor.floor.owned.leases = {person.id: Lease(person.id, "short", "r", floor.now, floor.now + SECOND, "asked") for person in people[:80]}
    took = []
    for _ in range(20):
        began = time.perf_counter()
        alerts.due(floor.floor, floor.now)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.004, f"{min(took) * 1000:.2f} ms"


# ------------------------------------------------------------------ the archive


def test_without_an_archive_nothing_is_said_of_one() -> None:
    floor = ruled(
        AlertRule(id="gone", number="recordings_missing", of="floor", above=0),
        AlertRule(id="full", number="archive_free_share", of="floor", below=0.1),
    )
    assert look(floor, 600) == []


def test_missing_recordings_raise_an_alert_and_found_ones_end_it() -> None:
    floor = ruled(AlertRule(id="gone", number="recordings_missing", of="floor", above=0, severity="act", name="Recordings are missing"))
    floor.after(archive(missing=2))
    assert kinds(look(floor)) == ["AlertRaised"]
    assert "2" in only_alert(floor).text["en"]
    floor.after(archive(missing=0))
    assert kinds(look(floor)) == ["AlertCleared"]


def test_a_full_disk_is_told_in_percent() -> None:
    floor = ruled(AlertRule(id="full", number="archive_free_share", of="floor", below=0.1, clear=0.15))
    floor.after(archive(free_share=0.07))
    look(floor)
    assert "7 %" in only_alert(floor).text["en"]
    floor.after(archive(free_share=0.12))
    assert look(floor) == [], "not yet past clear"


def test_a_silent_archivist_is_an_alert_and_what_it_last_said_is_not_believed() -> None:
    floor = ruled(AlertRule(id="gone", number="recordings_missing", of="floor", above=0))
    floor.after(archive(missing=1))
    look(floor)
    floor.after(archive(missing=0))
    assert kinds(look(floor)) == ["AlertCleared"]
    (said,) = look(floor, 181)
    assert (said.kind, said.fields["rule"]) == (AlertRaised, "archive.silent")
    assert all(
        reading.value is None for reading in Readings(floor.floor, floor.now).of(AlertRule(id="x", number="recordings_missing", of="floor"))
    )
    floor.after(archive())
    assert kinds(look(floor)) == ["AlertCleared"]


def test_a_plan_that_watches_its_silence_has_its_own_word() -> None:
    floor = ruled(AlertRule(id="archive-silent", number="archive_silent_s", of="floor", above=180))
    floor.after(archive())
    (said,) = look(floor, 181)
    assert said.fields["rule"] == "archive-silent"


def test_what_the_archive_lacks_is_told_in_its_own_words() -> None:
    floor = ruled()
    floor.after(archive(away="The vault /srv/recordings cannot be written."))
    look(floor)
    assert "The vault /srv/recordings" in only_alert(floor).text["en"]
    floor.after(archive())
    assert kinds(look(floor)) == ["AlertCleared"]


def test_a_disk_that_is_nearly_full_is_an_alert_without_a_threshold() -> None:
    floor = ruled()
    floor.after(archive(tight="/srv/spool", free_share=0.2))
    (said,) = look(floor)
    assert (said.kind, said.fields["rule"], said.fields["severity"]) == (AlertRaised, "archive.room", "act")
    assert "/srv/spool" in only_alert(floor).text["en"]
    assert "/srv/spool" in only_alert(floor).text["zh"]
    assert look(floor, 5) == [], "once"
    assert [each.fields["rule"] for each in look(floor, 180)] == ["archive.silent"], "whether there is room by now nobody knows"
    floor.after(archive())
    assert kinds(look(floor)) == ["AlertCleared", "AlertCleared"]


def test_a_threshold_of_the_plan_that_says_it_already_is_enough() -> None:
    floor = ruled(AlertRule(id="full", number="archive_free_share", of="floor", below=0.1, clear=0.15))
    floor.after(archive(tight="/srv/spool", free_share=0.2))
    assert [each.fields["rule"] for each in look(floor)] == ["archive.room"], "200 GB may be little, though they are a fifth"
    floor.after(archive(tight="/srv/spool", free_share=0.05))
    assert [(each.kind.__name__, each.fields.get("rule")) for each in look(floor)] == [("AlertRaised", "full"), ("AlertCleared", None)]
    floor.after(archive(tight="/srv/spool", free_share=0.12))
    assert look(floor) == [], "the plan's is still on"
    floor.after(archive(free_share=0.2))
    assert kinds(look(floor)) == ["AlertCleared"]


def test_recordings_whose_rules_contradict_each_other_raise_an_alert_and_decided_ones_end_it() -> None:
    floor = ruled(AlertRule(id="conflict", number="recordings_conflict", of="floor", above=0))
    floor.after(archive(conflicts=2))
    (said,) = look(floor)
    assert (said.fields["rule"], said.fields["severity"], said.fields["value"]) == ("conflict", "warn", 2)
    floor.after(archive())
    assert kinds(look(floor)) == ["AlertCleared"]
