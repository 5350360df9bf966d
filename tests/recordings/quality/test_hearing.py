"""What a rater has heard, reckoned from what pages told and from the server's clock."""

from __future__ import annotations

import random

import pytest

from realtime.words import SECOND
from recordings.quality.hearing import FASTEST, SHRED_MS, Begun, Told, heard_ms, joined, length, needed_ms
from recordings.recording import Span

BEGAN = 1_000 * SECOND


def told(after_s: float, *spans: tuple[int, int], listen: int = 1) -> Told:
    return Told(listen, BEGAN + int(after_s * SECOND), [(since * 1_000, until * 1_000) for since, until in spans])


def of(recording: int = 7, since_s: float = 0) -> Begun:
    return Begun(recording, BEGAN + int(since_s * SECOND))


def test_what_is_told_counts_once_and_only_what_there_was_time_for() -> None:
    listens = {1: of()}
    assert heard_ms(7, listens, [told(20, (0, 20)), told(40, (20, 40)), told(60, (10, 40))]) == 40_000, "heard again is not heard more"
    assert heard_ms(7, listens, [told(20, (0, 300))]) == 20_000 * FASTEST, "300 s within 20 s"
    assert heard_ms(7, listens, [told(20, (0, 300)), told(60, (40, 100))]) == 100_000, "what is heard after a boast counts"
    assert heard_ms(7, listens, [told(20, (0, 40))]) == 40_000, "at twice the speed"


def test_listens_at_the_same_time_have_that_time_once() -> None:
    many = dict.fromkeys(range(10), of())
    said = [told(20, (number * 30, number * 30 + 30), listen=number) for number in range(10)]
    assert heard_ms(7, many, said) == 20_000 * FASTEST
    later = {1: of(), 2: of(since_s=100)}
    assert heard_ms(7, later, [told(20, (0, 40)), told(120, (40, 80), listen=2)]) == 80_000, "one after the other have both"


def test_a_word_of_a_listen_that_nobody_began_is_none() -> None:
    assert heard_ms(7, {}, [told(20, (0, 20))]) == 0
    assert heard_ms(7, {1: of()}, [told(-1, (0, 20))]) == 0
    assert heard_ms(7, {1: of()}, []) == 0


def test_nobody_hears_two_recordings_in_the_same_minutes() -> None:
    listens = {1: of(7), 2: of(8), 3: of(9, since_s=60)}
    said = [told(60, (0, 100)), told(60, (0, 100), listen=2), told(120, (0, 100), listen=3)]
    assert [heard_ms(each, listens, said) for each in (7, 8, 9)] == [100_000, 20_000, 100_000], "what was told first has the time"
    honest = [told(20, (0, 20)), told(40, (0, 20), listen=2), told(60, (20, 40)), told(80, (20, 40), listen=2)]
    assert [heard_ms(each, listens, honest) for each in (7, 8)] == [40_000, 40_000], "by turns in two tabs"
    late = [told(100, (0, 80), listen=2), told(101, (0, 80), listen=3), told(102, (0, 60))]
    assert [heard_ms(each, listens, late) for each in (7, 8, 9)] == [44_000, 80_000, 80_000], "earliest time first"


def test_what_was_heard_stays_heard_whatever_is_claimed_later() -> None:
    listens = {1: of(7), 2: of(8)}
    before = [told(60, (0, 60))]
    assert heard_ms(7, listens, [*before, told(61, (0, 900), listen=2)]) == heard_ms(7, listens, before) == 60_000


@pytest.mark.parametrize("seed", range(20))
def test_all_that_one_person_hears_has_the_time_once(seed: int) -> None:
    """In every stretch: what was told of listens that lie within it is no more than twice as long as it is."""
    chance = random.Random(seed)
    listens = {number: of(number % 5, since_s=chance.randrange(150)) for number in range(10)}
    said = []
    for _ in range(40):
        since, listen = chance.randrange(300), chance.randrange(10)
        at = (listens[listen].at - BEGAN) / SECOND + chance.randrange(1, 60)
        said.append(told(at, (since, since + chance.randrange(1, 60)), listen=listen))
    for since in range(0, 200, 20):
        for until in range(since + 20, 240, 20):
            within = {number: each for number, each in listens.items() if each.at >= BEGAN + since * SECOND}
            known = [each for each in said if each.at <= BEGAN + until * SECOND]
            heard = sum(heard_ms(recording, within, known) for recording in range(5))
            assert heard <= (until - since) * 1_000 * FASTEST


@pytest.mark.parametrize("seed", range(20))
def test_whoever_hears_at_the_speed_of_speech_is_credited_all_of_it(seed: int) -> None:
    """By turns in three tabs, a report whenever it comes: as people work."""
    chance = random.Random(seed)
    at, places, heard, said, untold = 0.0, [0.0] * 3, [0.0] * 3, [], [[], [], []]
    for _ in range(60):
        tab, seconds, speed = chance.randrange(3), chance.randrange(1, 30), chance.choice((1, 1.5, 2))
        untold[tab].append((places[tab], places[tab] + seconds * speed))
        at, places[tab], heard[tab] = at + seconds, places[tab] + seconds * speed, heard[tab] + seconds * speed
        for each in range(3):
            if untold[each] and chance.random() < 0.4:
                spans = [(int(since * 1_000), int(until * 1_000)) for since, until in untold[each]]
                said.append(Told(each, BEGAN + int(at * SECOND), spans))
                untold[each] = []
    told_of = [sum(until - since for each in said if each.listen == tab for since, until in each.spans) for tab in range(3)]
    assert [heard_ms(tab, {each: of(each) for each in range(3)}, said) for tab in range(3)] == told_of


def test_a_program_that_tells_of_shreds_makes_nobody_wait() -> None:
    """Six thousand reports of fifty shreds each, of four hours: every second stretch, then all between them."""
    step = 2 * SHRED_MS
    listens = {1: of(7), 2: of(8)}
    shreds = [[(at, at + SHRED_MS) for at in range(begin * step, (begin + 50) * step, step)] for begin in range(0, 72_000, 50)]
    said = [Told(1 + number % 2, BEGAN + (20_000 + number) * SECOND, shreds[number % len(shreds)]) for number in range(6_000)]
    said += [Told(1, BEGAN + 30_000 * SECOND, [(0, 14_400_000)])] * 1_000
    assert heard_ms(7, listens, said) == 14_400_000
    assert heard_ms(7, listens, [told(20, *[(each / 1_000, each / 1_000 + 0.05) for each in range(50)])]) == 0, "shreds are no words"


@pytest.mark.parametrize("seed", range(20))
def test_never_more_than_the_time_and_never_more_than_was_told(seed: int) -> None:
    chance = random.Random(seed)
    listens = {number: of(since_s=chance.randrange(100)) for number in range(3)}
    said = []
    for _ in range(30):
        since = chance.randrange(300)
        said.append(told(chance.randrange(200), (since, since + chance.randrange(1, 60)), listen=chance.randrange(4)))
    heard = heard_ms(7, listens, said)
    assert 0 <= heard <= length(joined([span for each in said for span in each.spans]))
    assert heard <= 200_000 * FASTEST


def test_half_of_what_sounds_is_asked_for() -> None:
    spans = [Span("hold", 10_000, 40_000), Span("paused", 30_000, 50_000), Span("transfer", 60_000, 60_000)]
    assert needed_ms(100_000, spans, 0.5) == 30_000, "hold and card data are nothing to judge"
    assert needed_ms(100_000, [Span("hold", -5_000, 200_000)], 0.5) == 0
    assert needed_ms(100_000, spans, 0.0) == 0
