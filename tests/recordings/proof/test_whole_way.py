"""From a file in a spool to a certificate, with real parts all the way: sealed, kept, heard, let go; and what a stranger can verify of it.

The stranger is another machine's plain Python as far as one machine can be another: isolated, no packages, no environment, a folder that
holds only what was handed over.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from realtime.words import SECOND
from recordings.calls.linking import Link
from recordings.catalogue.catalogue import sqlite_url
from recordings.proof import bundle, publishing, verify_bundle
from recordings.proof.bundle import Older, Signed
from recordings.proof.published import Published
from recordings.proof.signer import Signer
from recordings.recording import CallCard
from recordings.retention import carrying, certificate, disposal
from recordings.retention.disposal import Wish
from recordings.retention.judging import Policy
from recordings.retention.tools import Tools
from tests.recordings.archives import AT, NODE, RULES, Archive
from tests.recordings.sounds import leave, tone, wav

YEAR = 366 * 86_400 * SECOND
LATER = AT + 6 * YEAR
LI, WANG = "user:li", "user:wang"
SOUND = wav(tone(1.0, seed=3))


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    made = Archive(tmp_path, sqlite_url(tmp_path / "archive"), vaults=2)
    await made.catalogue.open()
    yield made
    await made.catalogue.close()


def stranger(folder: Path, *arguments: str, expect: int = 0) -> str:
    shutil.copy(verify_bundle.__file__, folder)
    command = [sys.executable, "-I", "-S", "verify_bundle.py", *arguments]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, timeout=60, encoding="utf-8")
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout


async def let_go(archive: Archive, signer: Signer) -> None:
    policy = Policy(RULES, {}, "Asia/Shanghai")
    (group,) = await disposal.groups(archive.catalogue, policy, LATER)
    wish = Wish(group.class_, group.month, group.sha256, "monthly run")
    await disposal.propose(archive.catalogue, "d1", policy, wish, LI, LATER)
    for who in (LI, WANG):
        await disposal.approve(archive.catalogue, "d1", who, LATER)
    keep = lambda: policy  # noqa: E731
    cut = lambda: publishing.cut(archive.catalogue, signer, signer.path.parent.parent / "checkpoints")  # noqa: E731
    tools = Tools(
        archive.catalogue, archive.stores, archive.vaults, keep, signer.key, lambda: LATER, "main", "Andon test", archive.spool, cut
    )
    (done,) = await carrying.carry_out(tools, "archivist")
    assert (done.id, done.trouble) == ("d1", "")


async def test_what_was_let_go_is_proven_by_its_certificate(archive: Archive, tmp_path: Path) -> None:
    leave(archive.spool / "1795000000.1.wav", SOUND)
    leave(archive.spool / "1795000000.2.wav", wav(tone(1.0, seed=4)))
    card = CallCard(node=NODE, call="1795000000.1", began=AT, answered=AT, ended=AT + SECOND, agent="1023", agents=("1023",))
    one, _ = sorted(await archive.take(Link(card, "1795000000.1", "named")), key=lambda line: line.place)
    signer, folder, away = Signer(tmp_path / "keys", "main"), tmp_path / "checkpoints", tmp_path / "away"
    away.mkdir()
    before = await publishing.publish(archive.catalogue, signer, folder, AT)
    assert isinstance(before, publishing.Published)
    (away / "kept.note").write_text(before.note)
    vkey = str(signer.key().verifier)

    await let_go(archive, signer)
    after = await publishing.publish(archive.catalogue, signer, folder, LATER)
    assert isinstance(after, publishing.Published)
    signed, older = Signed(after.checkpoint, after.note, Published(folder).keys()), Older(before.checkpoint, before.note)
    async with archive.catalogue.reading() as connection:
        files = await bundle.gather(connection, [one.id], signed, older=older)
    (away / "proof.zip").write_bytes(bundle.pack(files, LATER))
    (away / "certificate.json").write_bytes(files[bundle.CERTIFICATE])
    (away / "sound.wav").write_bytes(SOUND)

    said = stranger(away, "proof.zip", "--vkey", vkey, "--older", "kept.note", "--file", "sound.wav")
    assert "ok certificate: disposal d1, 2 recordings, complete" in said
    assert " disposal at 20" in said, "the entry of the log that names the certificate"
    assert "ok older checkpoint" in said
    assert "ok file sound.wav" in said, "whoever was given it before can still show that it is the one"
    assert "ok certificate: disposal d1" in stranger(away, "certificate.json", "--vkey", vkey)
    paper = certificate.read(files[bundle.CERTIFICATE], [signer.key().verifier])
    assert paper.complete
    assert paper.case.checkpoint == before.note

    other = certificate.make(paper.case, signer.key()).replace(b'"d1"', b'"d2"')
    (away / "certificate.json").write_bytes(other)
    assert "NO certificate.json: certificate: it is not what this key signed" in stranger(
        away, "certificate.json", "--vkey", vkey, expect=1
    )
