"""Runs that are carried out where something about them is odd: no key of the log, more of them than one turn takes, nothing to destroy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from recordings.catalogue.schema import keys, recordings
from recordings.proof import note, publishing
from recordings.proof.published import said_in
from recordings.retention import carrying, certificate, disposal, holds, losing, redaction
from recordings.retention.choosing import Choice
from recordings.retention.tables import disposals
from tests.recordings.retention.hall import LI, WANG, ZONE, Hall
from tests.recordings.retention.test_letting_go import MATTER, approved, run_of


async def test_without_the_logs_key_too_a_catalogue_of_before_destroys_nothing(hall: Hall) -> None:
    """Whoever moves to another machine may forget the key and have an older database: published keys are enough to see that."""
    place = await hall.add()
    await approved(hall)
    folder = hall.work / "checkpoints"
    made = await publishing.publish(hall.catalogue, hall.signer, folder, hall.now)
    assert isinstance(made, publishing.Published)
    was = said_in(made.note)
    later = note.Checkpoint(was.origin, was.size + 5, bytes(32))  # what was signed after the backup
    made.file.write_text(note.sign(later, hall.signer.key()))
    hall.signer.path.unlink()
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert (done.gone, "nothing is destroyed" in done.trouble) == (0, True)
    assert await hall.can_be_read(place)


async def test_runs_that_wait_for_a_hold_keep_no_other_from_its_turn(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a hold is placed on a campaign in which card data was found again and again."""
    monkeypatch.setattr(carrying, "RUNS_MOST", 2)
    for number in range(5):
        held = (await hall.row(await hall.add(days_ago=5)))["id"]
        wish = redaction.Wish(held, [(0, 1_000)], "ticket 7")
        await redaction.propose(hall.catalogue, f"r{number}", wish, LI, ZONE, hall.now)
        await disposal.approve(hall.catalogue, f"r{number}", WANG, hall.now)
        await holds.place(hall.catalogue, f"h{number}", Choice(ids=(held,)), MATTER, LI, hall.now, 90)
    hall.now += 1
    place = await hall.add()
    await approved(hall)
    done = await carrying.carry_out(hall.tools, "archivist")
    assert [each.id for each in done] == ["r0", "r1", "r2", "r3", "r4", "d1"]
    assert [bool(each.trouble) for each in done] == [True] * 5 + [False]
    assert not await hall.can_be_read(place)


async def test_a_certificate_of_what_was_lost_before_it_was_encrypted_is_complete(hall: Hall) -> None:
    """There is no key to be destroyed, and nothing else is left of it either."""
    place = await hall.add()
    gone = {"state": "lost", "stored_at": 0, "container": None, "derived": ""}
    async with hall.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.place == place).values(**gone))
        await change.connection.execute(delete(keys).where(keys.c.recording == place))
    for vault in hall.vaults:
        for name in list(vault.names()):
            vault.remove(name)
    await approved(hall)
    assert await carrying.carry_out(hall.tools, "archivist") == [("d1", 1, 0, "")]
    read = certificate.read((await run_of(hall))["certificate"], [hall.signer.key().verifier])
    assert (read.complete, read.case.keys, read.case.unkeyed) == (True, (), 1)


@pytest.mark.parametrize(("kind", "every"), [("redaction", disposal.every), ("loss", losing.every)])
async def test_what_waits_for_people_is_not_behind_what_is_over(hall: Hall, kind: str, every: Callable[..., Any]) -> None:
    """A page shows the first of them: one that was proposed long ago would never be decided."""
    line = {"kind": kind, "items": 1, "sha256": bytes(32), "by": LI}
    standings = ["proposed", "done", "refused", "done"]
    rows = [{"id": f"r{number}", "standing": standing, "at": number, **line} for number, standing in enumerate(standings)]
    async with hall.catalogue.change() as change:
        await change.connection.execute(insert(disposals), rows)
        found = await every(change.connection, limit=2)
    assert [row["id"] for row in found] == ["r0", "r3"]
