"""What a rater has heard, reckoned from what pages told and from the server's clock."""

from __future__ import annotations

import random

import pytest

from realtime.words import SECOND
from recordings.quality.hearing import FASTEST, Told, heard_ms, joined, length, needed_ms
from recordings.recording import Span

BEGAN = 1_000 * SECOND


def told(after_s: float, *spans: tuple[int, int], listen: int = 1) -> Told:
    return Told(listen, BEGAN + int(after_s * SECOND), [(since * 1_000, until * 1_000) for since, until in spans])


def test_what_is_told_counts_once_and_only_what_there_was_time_for() -> None:
    listens = {1: BEGAN}
    assert heard_ms(listens, [told(20, (0, 20)), told(40, (20, 40)), told(60, (10, 40))]) == 40_000, "heard again is not heard more"
    assert heard_ms(listens, [told(20, (0, 300))]) == 20_000 * FASTEST, "300 s within 20 s"
    assert heard_ms(listens, [told(20, (0, 300)), told(60, (40, 100))]) == 100_000, "what is heard after a boast counts"
    assert heard_ms(listens, [told(20, (0, 40))]) == 40_000, "at twice the speed"


def test_listens_at_the_same_time_have_that_time_once() -> None:
    many = dict.fromkeys(range(10), BEGAN)
    said = [told(20, (number * 30, number * 30 + 30), listen=number) for number in range(10)]
    assert heard_ms(many, said) == 20_000 * FASTEST
    later = {1: BEGAN, 2: BEGAN + 100 * SECOND}
    assert heard_ms(later, [told(20, (0, 40)), told(120, (40, 80), listen=2)]) == 80_000, "one after the other have both"


def test_a_word_of_a_listen_that_nobody_began_is_none() -> None:
    assert heard_ms({}, [told(20, (0, 20))]) == 0
    assert heard_ms({1: BEGAN}, [told(-1, (0, 20))]) == 0
    assert heard_ms({1: BEGAN}, []) == 0


@pytest.mark.parametrize("seed", range(20))
def test_never_more_than_the_time_and_never_more_than_was_told(seed: int) -> None:
    chance = random.Random(seed)
    listens = {number: BEGAN + chance.randrange(100) * SECOND for number in range(3)}
    said = []
    for _ in range(30):
        since = chance.randrange(300)
        said.append(told(chance.randrange(200), (since, since + chance.randrange(1, 60)), listen=chance.randrange(4)))
    heard = heard_ms(listens, said)
    assert 0 <= heard <= length(joined([span for each in said for span in each.spans]))
    assert heard <= 200_000 * FASTEST


def test_half_of_what_sounds_is_asked_for() -> None:
    spans = [Span("hold", 10_000, 40_000), Span("paused", 30_000, 50_000), Span("transfer", 60_000, 60_000)]
    assert needed_ms(100_000, spans, 0.5) == 30_000, "hold and card data are nothing to judge"
    assert needed_ms(100_000, [Span("hold", -5_000, 200_000)], 0.5) == 0
    assert needed_ms(100_000, spans, 0.0) == 0
