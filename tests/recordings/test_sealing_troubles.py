"""What is said of a file beside its call, when it is sealed: too short for it, a second one of its leg; on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import update

from realtime.words import SECOND
from recordings.calls.linking import Link
from recordings.catalogue.schema import log, recordings
from recordings.recording import CallCard
from tests.recordings.archives import AT, NODE, Archive
from tests.recordings.migrated import Migrated
from tests.recordings.sounds import leave, tone, wav

LEG = "1795000000.1"
CARD = CallCard(node=NODE, call=LEG, began=AT, answered=AT + SECOND, ended=AT + 6 * SECOND, direction="inbound", legs=(LEG,))
"""Five seconds of talk; the plan of these archives lets a recording be two seconds shorter."""
QUIET = wav(tone(4.0, loud=0.0))
EMPTY = wav(b"")
GOOD = wav(tone(4.0))
NO_SOUND = b"this is a text, whatever its name says" * 99


@pytest.fixture(params=["sqlite", "postgres"])
async def archive(request: pytest.FixtureRequest, migrated: Migrated, tmp_path: Path) -> AsyncIterator[Archive]:
    url = migrated.sqlite(tmp_path) if request.param == "sqlite" else migrated.postgresql(request.getfixturevalue("postgres"))
    made = Archive(tmp_path, url)
    await made.catalogue.open()
    yield made
    await made.catalogue.close()


def of(card: CallCard = CARD, leg: str = LEG) -> Link:
    return Link(card, leg, "named")


async def sealed(archive: Archive, name: str, data: bytes, link: Link | None, node: str = NODE) -> set[str]:
    """What its line says of it, which must be what the log has of it for ever."""
    leave(archive.spool / name, data)
    [line] = await archive.take(link, node)
    row = next(row for row in await archive.rows(recordings) if row["id"] == line.id)
    leaf = next(entry["leaf"] for entry in await archive.rows(log) if entry["index"] == row["sealed_entry"])
    assert f'"trouble":"{row["trouble"]}"' in leaf
    return set(row["trouble"].split(",")) - {""}


# ------------------------------------------------------------------ short


@pytest.mark.parametrize(
    ("seconds", "card", "expected"),
    [
        (3.0, CARD, set()),
        (2.9, CARD, {"short"}),
        (0.5, CARD, {"short"}),
        (9.0, CARD, set()),
        (2.9, structs.replace(CARD, answered=0), set()),
        (2.9, structs.replace(CARD, ended=0), set()),
        (2.9, structs.replace(CARD, transfers=(AT + 3 * SECOND,)), set()),
        (0.5, structs.replace(CARD, began=AT - 60 * SECOND, ended=AT + 3 * SECOND), set()),
    ],
    ids=["two seconds shorter", "a bit more", "much", "longer", "not answered", "not over", "handed on", "it rang for long"],
)
async def test_a_recording_that_is_short_for_its_call(archive: Archive, seconds: float, card: CallCard, expected: set[str]) -> None:
    assert await sealed(archive, "a.wav", wav(tone(seconds)), of(card)) == expected


async def test_what_says_worse_is_not_called_short(archive: Archive) -> None:
    assert await sealed(archive, "a.wav", EMPTY, of()) == {"empty"}
    assert await sealed(archive, "b.txt", NO_SOUND, of(leg="other")) == {"unreadable"}
    assert await sealed(archive, "c.wav", wav(tone(2.0, loud=0.0)), of(leg="third")) == {"silent", "short"}
    assert await sealed(archive, "d.wav", wav(tone(0.5)), None) == {"orphan"}, "of no call nobody knows how long it was"


# ------------------------------------------------------------------ doubled


async def test_the_second_recording_of_a_leg_is_marked_and_the_first_is_not(archive: Archive) -> None:
    assert await sealed(archive, "a.wav", GOOD, of()) == set()
    assert await sealed(archive, "b.wav", wav(tone(4.0, seed=7)), of()) == {"doubled"}
    assert await sealed(archive, "c.wav", wav(tone(1.0)), of()) == {"doubled", "short"}
    assert [row["trouble"] for row in await archive.rows(recordings)] == ["", "doubled", "short,doubled"]


async def test_a_file_that_grew_after_it_was_sealed_is_doubled(archive: Archive) -> None:
    assert await sealed(archive, "a.wav", GOOD, of()) == set()
    assert await sealed(archive, "a.wav", wav(tone(5.0)), of()) == {"doubled"}
    assert await sealed(archive, "a.wav", GOOD, of()) == set(), "the first one found again is what it was"
    assert len(await archive.rows(recordings)) == 2


async def test_a_leg_of_a_call_that_was_merged_meanwhile_is_doubled(archive: Archive) -> None:
    assert await sealed(archive, "a.wav", GOOD, of()) == set()
    merged = structs.replace(CARD, call="1795000000.0", legs=("1795000000.0", LEG))
    assert await sealed(archive, "b.wav", wav(tone(5.0)), of(merged)) == {"doubled"}


async def test_other_legs_nodes_and_orphans_are_not_doubled(archive: Archive) -> None:
    assert await sealed(archive, "a.wav", GOOD, of()) == set()
    assert await sealed(archive, "b.wav", GOOD, of(leg="1795000000.2")) == set()
    assert await sealed(archive, "c.wav", GOOD, of(structs.replace(CARD, node="hall8")), node="hall8") == set()
    assert await sealed(archive, "d.wav", GOOD, None) == {"orphan"}
    assert await sealed(archive, "e.wav", GOOD, None) == {"orphan"}


@pytest.mark.parametrize(("name", "worthless", "said"), [("a.wav", EMPTY, "empty"), ("a.txt", NO_SOUND, "unreadable")])
async def test_beside_a_worthless_file_the_good_one_is_the_first(archive: Archive, name: str, worthless: bytes, said: str) -> None:
    assert await sealed(archive, name, worthless, of()) == {said}
    assert await sealed(archive, "b.wav", GOOD, of()) == set()
    assert await sealed(archive, "c.wav", EMPTY, of()) == {"empty", "doubled"}


async def test_a_silent_one_counts_and_a_lost_one_does_not(archive: Archive) -> None:
    assert await sealed(archive, "a.wav", QUIET, of()) == {"silent"}
    assert await sealed(archive, "b.wav", GOOD, of()) == {"doubled"}
    async with archive.catalogue.change() as change:
        await change.connection.execute(update(recordings).values(state="lost"))
    assert await sealed(archive, "c.wav", wav(tone(4.0, seed=3)), of()) == set()
