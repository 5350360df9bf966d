"""What a dialplan asks: read, bounded, and told apart by who asks; nothing that somebody else wrote becomes more than a value."""

from __future__ import annotations

from typing import Any

import pytest

from agi.dial import asking
from agi.dial.asking import Asked, Way
from agi.fastagi.codec import environment
from agi.phone.caller import Caller
from realtime.dial.model import Dialled
from realtime.plan.dialling import Campaign
from realtime.words import SECOND, AgentId, Device

NUMBER = "13800000001"


def lines(query: str = "node=n1", *arguments: str, **values: str) -> list[str]:
    said = {"network_script": f"dial?{query}", "channel": "Local/1@andon-dial-00000001;2", "uniqueid": "n1-1.2", "extension": NUMBER}
    said |= values
    given = [f"agi_arg_{number}: {each}" for number, each in enumerate(arguments or (NUMBER, "n1-1.1"), 1)]
    return [*(f"agi_{name}: {value}" for name, value in said.items()), *given]


def read(query: str = "node=n1", *arguments: str, **values: str) -> Asked | None:
    return asking.read(environment(lines(query, *arguments, **values)), ("n1", "n2"))


def asked(**values: Any) -> Asked:
    return Asked("n1", "Local/1@x-1;2", "n1-1.2", "n1-1.1", NUMBER, **{"local": True, **values})  # type: ignore[arg-type]


def test_everything_that_is_said() -> None:
    found = read(
        "node=n2&campaign=c1&purpose=collection&method=preview&agent=1008&person=%E7%8E%8B%20%26&debt=d&subject=s&zone=Asia/Urumqi"
        "&callback=1764300000&reserved=1&cli=%2B861012345678",
        callingpres="35",
        callerid="1008",
    )
    assert found == Asked(
        "n2",  # type: ignore[arg-type]
        "Local/1@andon-dial-00000001;2",
        "n1-1.2",
        "n1-1.1",
        NUMBER,
        True,
        True,
        "1008",
        "c1",
        "collection",
        "preview",
        "1008",
        "王 &",
        "d",
        "s",
        "Asia/Urumqi",
        "+861012345678",
        1764300000 * SECOND,
        "1",
    )
    assert asking.token(found) == f"allow:n1-1.2:{NUMBER}"


@pytest.mark.parametrize(
    ("query", "arguments", "values"),
    [
        ("node=n3", (), {}),
        ("", (), {}),
        ("node=n1", ("", ""), {"extension": "s"}),
        ("node=n1", ("138;rm",), {}),
        ("node=n1", ("1" * 41,), {}),
        ("node=n1", (), {"uniqueid": ""}),
        ("node=n1", (), {"uniqueid": 'x" y'}),
    ],
)
def test_what_no_dialplan_of_ours_asks(query: str, arguments: tuple[str, ...], values: dict[str, str]) -> None:
    assert read(query, *arguments, **values) is None


def test_values_are_bounded_and_odd_ones_are_not_said() -> None:
    found = read(f"node=n1&campaign={'x' * 500}&callback=99999999999&cli=abc", NUMBER, 'l" i', callingpres="x", callerid="<unknown>")
    assert found is not None
    assert len(found.campaign) == asking.WORD_MAX
    assert (found.callback, found.cli, found.shows, found.withheld) == (0, "", "", False)
    assert found.linkedid == found.uniqueid, "a linkedid that is none"


def test_long_words_of_another_script_push_none_of_the_others_out() -> None:
    """Sixty-four characters are nine times as many on the wire, in each word of a dial."""
    long = "%E7%8E%8B" * asking.WORD_MAX
    words = "&".join(f"{word}={long}" for word in ("campaign", "person", "debt", "subject"))
    found = read(f"node=n1&{words}&zone=Asia/Urumqi&callback=1764300000&cli=95112345")
    assert found is not None
    assert found.person == "王" * asking.WORD_MAX
    assert (found.zone, found.callback, found.cli) == ("Asia/Urumqi", 1764300000 * SECOND, "95112345")


@pytest.mark.parametrize("presentation", ["0", "1", "3", "67", "", "1999", "-32"])
def test_a_number_that_is_shown_or_unknown_is_not_withheld(presentation: str) -> None:
    found = read(callingpres=presentation)
    assert found is not None
    assert not found.withheld


@pytest.mark.parametrize(
    ("said", "caller", "way"),
    [
        ({}, None, Way("predictive", False, False, AgentId(""))),
        ({"method": "nonsense"}, None, Way("predictive", False, False, AgentId(""))),
        ({"method": "progressive", "agent": "1008"}, None, Way("progressive", True, False, AgentId("1008"))),
        ({"method": "progressive", "reserved": "0"}, None, Way("progressive", False, False, AgentId(""))),
        ({"reserved": "yes"}, None, Way("predictive", True, False, AgentId(""))),
        ({"local": False, "method": "predictive", "agent": "9"}, None, Way("manual", True, False, AgentId(""))),
        (
            {"local": False, "method": "predictive", "agent": "9"},
            Caller(Device("PJSIP/1"), AgentId("1008")),
            Way("manual", True, True, AgentId("1008")),
        ),
    ],
)
def test_who_asks_decides_how_it_is_dialled(said: dict[str, Any], caller: Caller | None, way: Way) -> None:
    assert asking.way_of(asked(**said), caller) == way


@pytest.mark.parametrize(
    ("said", "own", "shown"),
    [
        ({"cli": "95012"}, ("951",), ("95012", "95012")),
        ({"shows": "1008"}, ("95112345", "95112346"), ("95112345", "95112345")),
        ({"shows": "95112346"}, ("95112345", "95112346"), ("95112346", "")),
        ({"shows": "1008"}, (), ("1008", "")),
        ({}, (), ("", "")),
    ],
)
def test_what_is_shown(said: dict[str, str], own: tuple[str, ...], shown: tuple[str, str]) -> None:
    assert asking.shown_of(asked(**said), Campaign(id="c", caller_ids=own)) == shown


def test_persons_and_debts_are_hashed_before_anything_else_sees_them() -> None:
    said = asked(person="李 1", debt="77", agent="1008", method="preview", callback=5)
    ask = asking.ask_of(said, asking.way_of(said, None), Dialled(said=NUMBER), "digest", "c1", "951", lambda text: f"#{len(text)}")
    assert ask.scopes == {"person": "#10", "debt": "#7"}
    assert "李" not in repr(ask)
    assert (ask.campaign, ask.agent, ask.caller_id, ask.callback, ask.by_hand) == ("c1", "1008", "951", 5, False)
