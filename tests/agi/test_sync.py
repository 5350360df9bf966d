"""The syncing machine: when it asks, when it is over, and that a list that did not come ends nothing."""

from __future__ import annotations

from agi.codec import Action, Message
from agi.exchange import Outcome, Reply
from agi.sync import (
    AFTER_REFUSAL,
    COMPARE_EVERY,
    FENCE,
    LIST_WAIT,
    LOOK_AGAIN,
    Ask,
    Began,
    Effect,
    Fenced,
    Listed,
    Overdue,
    Refused,
    Stage,
    Sync,
)

BOOTED = Message("FullyBooted", "Event: FullyBooted\r\nUptime: 5")


def answer(name: str, error: str | None = None) -> Reply:
    return Reply(Action(name), "1", None, [], error, Outcome.ANSWERED if error is None else Outcome.REFUSED)


def fence(number: int) -> Message:
    return Message("VarSet", f"Event: VarSet\r\nVariable: {FENCE}\r\nValue: {number}")


def asked(effects: list[Effect]) -> list[str]:
    return [effect.action.name for effect in effects if isinstance(effect, Ask)]


def listing() -> Sync:
    """Linked, booted, and both lists asked for."""
    sync = Sync()
    sync.linked(0)
    sync.reply(answer("Ping"), 0)
    effects = sync.event(BOOTED, 0)
    assert isinstance(effects[0], Began)
    assert {"CoreShowChannels", "QueueStatus"} <= set(asked(effects))
    return sync


def live() -> Sync:
    sync = listing()
    sync.reply(answer("CoreShowChannels"), 1)
    assert asked(sync.reply(answer("QueueStatus"), 1)) == ["Setvar"]
    assert sync.event(fence(1), 2) == [Fenced()]
    sync.filled(2)
    assert sync.stage is Stage.LIVE
    return sync


def test_a_server_that_does_not_say_that_it_has_booted_is_asked_anyway() -> None:
    sync = Sync()
    sync.linked(0)
    assert sync.tick(1) == []
    assert asked(sync.tick(20_000_000))


def test_only_its_own_fence_ends_a_snapshot() -> None:
    sync = listing()
    sync.reply(answer("CoreShowChannels"), 1)
    sync.reply(answer("QueueStatus"), 1)
    assert sync.event(fence(7), 2) == []
    assert sync.event(fence(1), 2) == [Fenced()]


def test_a_list_that_was_refused_ends_nothing_and_is_asked_for_again() -> None:
    sync = listing()
    assert sync.reply(answer("CoreShowChannels", "Permission denied"), 1) == [Refused("CoreShowChannels", "Permission denied")]
    assert [type(effect) for effect in sync.reply(answer("QueueStatus"), 1)] == [Listed]
    assert sync.stage is Stage.LISTING
    assert sync.tick(2) == []
    assert {"CoreShowChannels", "QueueStatus"} <= set(asked(sync.tick(1 + AFTER_REFUSAL)))
    sync.reply(answer("CoreShowChannels"), 3)
    assert asked(sync.reply(answer("QueueStatus"), 3)) == ["Setvar"]


def test_without_the_right_to_set_the_fence_it_waits_a_moment() -> None:
    sync = listing()
    sync.reply(answer("CoreShowChannels"), 1)
    sync.reply(answer("QueueStatus"), 1)
    sync.reply(answer("Setvar", "Permission denied"), 1)
    assert sync.tick(2) == []
    assert sync.tick(2_000_000) == [Fenced()]


def test_a_gap_that_is_not_filled_in_time_stays_open() -> None:
    sync = listing()
    sync.reply(answer("CoreShowChannels"), 1)
    sync.reply(answer("QueueStatus"), 1)
    sync.event(fence(1), 2)
    assert sync.tick(3) == []
    assert sync.tick(3 + LIST_WAIT) == [Overdue()]


def test_two_mismatches_in_a_row_and_a_snapshot_is_taken() -> None:
    sync = live()
    now = 2 + COMPARE_EVERY
    assert asked(sync.tick(now)) == ["QueueSummary"]
    item = Message("QueueSummary", "Event: QueueSummary\r\nQueue: sales\r\nCallers: 2")
    reply = Reply(Action("QueueSummary"), "1", None, [item], None, Outcome.ANSWERED)
    assert sync.summary(reply, {"sales": 1}, now) == []
    assert sync.summary(reply, {"sales": 2}, now) == []
    assert sync.summary(reply, {"sales": 1}, now) == []
    assert isinstance(sync.summary(reply, {"sales": 1}, now)[0], Began)


def test_now_and_then_a_snapshot_is_taken_anyway() -> None:
    sync, now = live(), 2
    asks = []
    for _ in range(LOOK_AGAIN):
        now += COMPARE_EVERY
        asks = asked(sync.tick(now))
    assert "QueueStatus" in asks
