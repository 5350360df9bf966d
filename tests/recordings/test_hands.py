"""What spools share: hands for files, one large file at a time, and rests while something outside is away."""

from __future__ import annotations

import asyncio

from recordings.archivist_hands import LARGE, Hands, Outside
from recordings.vault.port import VaultAway


async def test_large_files_never_take_all_hands() -> None:
    hands = Hands(2)
    assert await hands.take(LARGE + 1)
    assert not await hands.take(LARGE + 1)
    assert await hands.take(1)
    waiting = asyncio.ensure_future(hands.take(1))
    await asyncio.sleep(0)
    assert not waiting.done()
    hands.give_back(LARGE + 1)
    assert await waiting
    hands.give_back(1)
    assert await hands.take(LARGE + 1)


async def test_a_hand_that_is_not_waited_for_any_more_frees_the_large_one() -> None:
    hands = Hands(1)
    assert await hands.take(1)
    waiting = asyncio.ensure_future(hands.take(LARGE + 1))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    hands.give_back(1)
    assert await hands.take(LARGE + 1)


async def test_trouble_is_said_once_and_rests_grow_until_it_is_over() -> None:
    told: list[str] = []
    outside = Outside(lambda: 0.0, told.append)
    outside.happened(VaultAway("vault.none"))
    outside.happened(VaultAway("vault.none"))
    assert outside.resting()
    await outside.over()
    assert not outside.resting()
    outside.answered()
    assert outside.said, "of the catalogue nobody spoke"
    outside.fine()
    outside.fine()
    assert told == ["There is no vault. Recordings stay in the spool until then.", "Recordings are taken in again."]
