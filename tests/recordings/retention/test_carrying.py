"""Runs that are carried out where something about them is odd: no key of the log, more of them than one turn takes, nothing to destroy."""

from __future__ import annotations

from recordings.proof import note, publishing
from recordings.proof.published import said_in
from recordings.retention import carrying
from tests.recordings.retention.hall import Hall
from tests.recordings.retention.test_letting_go import approved


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
