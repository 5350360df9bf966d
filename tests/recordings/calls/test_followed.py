"""What a sealed recording's line takes from its call's later cards, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from recordings.calls.followed import FOLLOWS, Line, followed
from recordings.catalogue.schema import recordings
from recordings.recording import CallCard

SEALED = Line("1001", "1001,1002", "d1", "")


def card(**more: Any) -> CallCard:
    return CallCard(node="pbx", call="a", **{"agent": "1001", "agents": ("1001", "1002"), "dial": "d1", **more})


def test_its_columns_are_those_of_the_table() -> None:
    assert Line._fields == FOLLOWS
    assert set(FOLLOWS) <= {column.key for column in recordings.c}


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        (SEALED, {"outcome": "sold"}, SEALED._replace(outcome="sold")),
        (SEALED._replace(outcome="sold"), {"outcome": "complaint"}, SEALED._replace(outcome="complaint")),
        (SEALED._replace(outcome="sold"), {}, SEALED._replace(outcome="sold")),
        (SEALED._replace(outcome="sold"), {"dial": "d2"}, SEALED._replace(outcome="sold")),
        (SEALED._replace(outcome="sold"), {"dial": "d2", "outcome": "busy"}, SEALED._replace(outcome="sold")),
        (SEALED._replace(dial=""), {"outcome": "sold"}, SEALED._replace(outcome="sold")),
        (Line("", "", "", ""), {"dial": ""}, Line("1001", "1001,1002", "", "")),
    ],
)
def test_the_result_is_the_last_one_of_its_own_dial(line: Line, more: dict[str, Any], wanted: Line) -> None:
    found = followed(line, card(**more))
    assert found == wanted
    assert followed(found, card(**more)) == found


@pytest.mark.parametrize(
    ("agents", "gap", "wanted"),
    [
        (("1003",), False, ("1003", "1003")),
        (("1001", "1002", "1003"), False, ("1001", "1001,1002,1003")),
        ((), False, ("1001", "1001,1002")),
        (("1003",), True, ("1001", "1001,1002,1003")),
    ],
)
def test_who_talked_is_what_the_call_says_and_nobody_is_lost_by_what_was_not_seen(
    agents: tuple[str, ...], gap: bool, wanted: tuple[str, str]
) -> None:
    assert followed(SEALED, card(agent=agents[0] if agents else "", agents=agents, gap=gap))[:2] == wanted
