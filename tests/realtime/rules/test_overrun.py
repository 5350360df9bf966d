"""Too long: a ladder, each step once and with its own moment, and never back to ready by itself."""

from __future__ import annotations

from realtime.rulings import BreakEnded, BreakOverran
from tests.realtime.rules.floors import MINUTE, SECOND, START, Ruled

END = START + 10 * MINUTE


def steps(floor: Ruled) -> list[tuple[str, int]]:
    return [(each.fields["step"], (each.at - END) // SECOND) for each in floor.facts(BreakOverran)]


def out() -> Ruled:
    floor = Ruled("1001", "1002")
    floor.ask("1001")
    return floor


def test_the_ladder_by_its_deadlines() -> None:
    floor = out()
    floor.later(600 + 59)
    assert steps(floor) == []
    floor.later(3600)
    assert steps(floor) == [("prompt", 60), ("leader", 180), ("overrun", 300), ("welfare", 900)]
    assert floor.out() == ["1001"]
    assert floor.facts(BreakEnded) == []


def test_noticed_late_it_is_said_all_at_once_and_the_same() -> None:
    floor = out().after(3600)
    floor.due()
    assert steps(floor) == [("prompt", 60), ("leader", 180), ("overrun", 300), ("welfare", 900)]


def test_back_in_time_is_no_overrun() -> None:
    floor = out().after(600)
    floor.back("1001")
    floor.later(3600)
    assert steps(floor) == []
    assert floor.floor.owned.ledgers["1001"].over == 0


def test_it_is_counted_once_and_by_its_time() -> None:
    floor = out()
    floor.later(600 + 400)
    floor.back("1001")
    ledger = floor.floor.owned.ledgers["1001"]
    assert (ledger.overran, ledger.over) == (1, 400 * SECOND)


def test_the_next_break_has_a_ladder_of_its_own() -> None:
    floor = out()
    floor.later(700)
    floor.back("1001")
    floor.ask("1001")
    floor.later(700)
    assert [step for step, _ in steps(floor)] == ["prompt", "prompt"]


def test_of_a_comfort_break_no_leader_is_told_but_somebody_is_looked_after() -> None:
    floor = Ruled("1001")
    floor.ask("1001", "comfort")
    floor.later(3600)
    assert [each.fields["step"] for each in floor.facts(BreakOverran)] == ["prompt", "welfare"]
