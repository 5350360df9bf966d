"""What time alone decides: said at its deadline, the same by whoever says it, and not twice."""

from __future__ import annotations

from realtime.deadlines import CLOCKS_APART, FloorSettings, due
from realtime.facts import DayBegan, FloorConfigured, QueueRules, WrapUpEnded
from realtime.floor import Floor
from realtime.saying import Saying
from realtime.saying import say as saying_of
from realtime.words import SECOND, Micros
from tests.realtime.story import START, Story, Telling, completed, connected, joined, leg, unseated, works

SETTINGS = FloorSettings(timezone="Asia/Shanghai", day_starts_min=360, queues={"sales": QueueRules(wrapup_s=30)})
MIDNIGHT: Micros = START - 9 * 3600 * SECOND
"""2026-11-24 00:00 UTC."""


def say(story: Story, settings: FloorSettings = SETTINGS) -> list[Saying]:
    """What is due, said: the facts have their deadlines."""
    said = due(story.floor, settings, story.now)
    for each in said:
        ago = (story.now - each.at) / SECOND
        story.after(Telling(each.kind, each.fields, node="", ago=ago))
    return said


def kinds(said: list[Saying]) -> list[type]:
    return [each.kind for each in said]


def test_an_empty_floor_is_configured_and_its_day_begins() -> None:
    story = Story()
    assert set(kinds(say(story))) == {FloorConfigured, DayBegan}
    assert story.floor.day == "2026-11-24"
    assert story.floor.day_at == MIDNIGHT - 2 * 3600 * SECOND  # six in Shanghai
    assert say(story) == []


def test_settings_are_said_again_when_they_changed() -> None:
    story = Story()
    say(story)
    assert kinds(say(story, SETTINGS._replace(pause_states={"fire": "training"}))) == [FloorConfigured]
    assert say(story, SETTINGS._replace(pause_states={"fire": "training"})) == []


def test_a_day_begins_at_its_first_moment_however_late_it_is_noticed() -> None:
    settings = FloorSettings()
    prompt, late = Story(now=MIDNIGHT - SECOND), Story(now=MIDNIGHT - SECOND)
    for story in (prompt, late):
        say(story, settings)
    said = say(prompt.after(1.2), settings)
    assert said == [saying_of(DayBegan, MIDNIGHT, day="2026-11-24")]
    assert say(late.after(3600), settings) == said


def test_before_midnight_nothing_is_due() -> None:
    story = Story(now=MIDNIGHT - 10 * SECOND)
    say(story, FloorSettings())
    assert say(story.after(9.999999), FloorSettings()) == []


def test_callers_who_wait_over_the_turn_are_the_new_days() -> None:
    story = Story(now=MIDNIGHT - 10 * SECOND)
    say(story, FloorSettings())
    story.after(joined("a"), 5, joined("b"), connected("b", "1001"))
    assert story.outcomes() == {"offered": 2, "waiting": 1, "answered": 1}
    story.after(6)
    say(story, FloorSettings())
    assert story.outcomes() == {"offered": 1, "waiting": 1}


def test_a_clock_that_is_behind_does_not_turn_the_day_back() -> None:
    story = Story(now=MIDNIGHT)
    say(story, FloorSettings())
    assert due(story.floor, FloorSettings(), MIDNIGHT - SECOND) == []
    wrong = due(story.floor, FloorSettings(), MIDNIGHT - CLOCKS_APART - SECOND)
    assert kinds(wrong) == [DayBegan]  # then it was the other one's clock


def wrapping(**more: int) -> Story:
    story = Story()
    say(story)
    talk = (joined("a"), connected("a", "1001"), leg("a", "1001", "talking"), 60, completed("a", "1001"))
    return story.after(works("1001", "sales", **more), *talk)


def test_wrapup_ends_by_the_members_own_seconds_before_the_settings() -> None:
    own, settings = wrapping(wrapup_s=10), wrapping()
    assert own.agent().wrapup_until == own.now + 10 * SECOND
    assert settings.agent().wrapup_until == settings.now + 30 * SECOND


def test_wrapup_ends_at_its_deadline_however_late_it_is_noticed() -> None:
    story = wrapping(wrapup_s=10)
    ends = story.agent().wrapup_until
    assert say(story.after(9.999999)) == []
    assert say(story.after(20)) == [saying_of(WrapUpEnded, ends, agent="1001", since=ends - 10 * SECOND)]
    assert story.day().wrapup == 10 * SECOND
    assert say(story) == []


def test_who_left_their_seat_has_nothing_due() -> None:
    assert say(wrapping(wrapup_s=10).after(unseated("1001"), 20)) == []


def test_what_is_due_comes_in_its_order() -> None:
    story = wrapping(wrapup_s=10).after(86_400)
    assert [each.at for each in due(story.floor, SETTINGS, story.now)] == sorted(each.at for each in due(story.floor, SETTINGS, story.now))
    assert kinds(say(story)) == [WrapUpEnded, DayBegan]


def test_nothing_is_asked_of_a_floor_but_to_be_read() -> None:
    floor = Floor()
    due(floor, SETTINGS, START)
    assert floor == Floor()
