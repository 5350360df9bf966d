"""What a screen may say, and what of it is believed: one small message, now and then; everything else is dropped."""

from __future__ import annotations

import json
import re

import pytest

from realtime.words import SECOND
from tests.wallboard.house import House, hear, until
from wallboard import drawn
from wallboard.drawn import MESSAGE_MAX, drawn_of
from wallboard.live import FRAMES_HEARD_PER_MINUTE
from wallboard.protocol import CloseCode


def test_one_message_is_understood() -> None:
    assert drawn_of('{"type":"drawn","heard":1764000000.123456}') == 1764000000.123456
    assert drawn_of('{"type":"drawn","heard":1764000000}') == 1764000000.0


@pytest.mark.parametrize(
    "text",
    [
        None, "", "x", "[]", "{}", '{"type":"drawn"}', '{"heard":1}', '{"type":"drawn","heard":"1"}', '{"type":"drawn","heard":null}',
        '{"type":"drawn","heard":NaN}', '{"type":"drawn","heard":1,"more":2}', '{"type":"order","heard":1}', '"\ud800"',
        json.dumps({"type": "drawn", "heard": 1, "x": "y" * MESSAGE_MAX}),
    ],
)  # fmt: skip
def test_nothing_else_is(text: str | None) -> None:
    assert drawn_of(text) is None


def measured(house: House) -> tuple[int, int]:
    """Believed, and not."""
    text = house.board.feed.metrics.text().decode()
    names = ('andon_wire_to_pixel_seconds_count{view="floor"}', "andon_board_unbelieved_screens_total")
    found = [re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE) for name in names]
    believed, unbelieved = (int(float(each[1])) for each in found if each is not None)
    return believed, unbelieved


@pytest.mark.parametrize(("ago_s", "counts"), [(0.1, (1, 0)), (-5.0, (0, 1)), (drawn.WITHIN_S + 1, (0, 1)), (1e300, (0, 1))])
async def test_what_cannot_be_is_counted_apart(house: House, ago_s: float, counts: tuple[int, int]) -> None:
    async with house.live() as screen:
        await hear(screen, "snapshot")
        await screen.send(json.dumps({"type": "drawn", "heard": house.clock() / SECOND - ago_s}))
        await until(lambda: sum(measured(house)) == 1)
        assert measured(house) == counts


async def test_one_screen_cannot_fill_the_histogram(house: House) -> None:
    async with house.live() as screen:
        await hear(screen, "snapshot")
        for _ in range(FRAMES_HEARD_PER_MINUTE):
            await screen.send(json.dumps({"type": "drawn", "heard": house.clock() / SECOND}))
        await screen.send("one too many")
        await until(lambda: house.board.clients.counts.closed[CloseCode.TALKS_TOO_MUCH] == 1)
    assert measured(house) == (1, 0)
