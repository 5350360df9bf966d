"""`andon recordings redact` from outside: said first, proposed by one, approved by another, carried out; the new one is found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from andon import command
from andon.archive import disposing, keeping, redacting
from andon.archive.redacting import NoSpans, spans_of
from andon.say import Exit
from realtime.words import SECOND
from recordings.calls.linking import Link
from recordings.catalogue.catalogue import sqlite_url
from recordings.crypt.stores import FolderStore, KeyStores
from recordings.proof.signer import Signer
from recordings.recording import CallCard
from recordings.retention import certificate
from recordings.vault.folder import FolderVault
from tests.andon.archive.test_keeping import folder, state
from tests.recordings.archives import AT, NODE, Archive
from tests.recordings.sounds import leave, tone, wav

Said = pytest.CaptureFixture[str]
__all__ = ["folder"]


def run(*words: str) -> int:
    return command.main(["recordings", *words])


@pytest.fixture
def sealed(folder: Path) -> str:
    """A recording of ten seconds, where `andon` keeps its own."""
    return asyncio.run(_seal(folder))


async def _seal(folder: Path) -> str:
    data = folder / "data"
    (data / "archive").mkdir(parents=True)
    archive = Archive(folder, sqlite_url(data / "archive"))
    archive.vaults[:] = [FolderVault(data / "archive" / "vault", 0)]
    stores = KeyStores([FolderStore(data / "keys" / "archive")])
    archive.stores = archive.sealing._stores = stores
    archive.sealing._copies._vaults = tuple(archive.vaults)
    Signer(data / "keys", "main").make()
    await archive.catalogue.open()
    leave(archive.spool / "1795000000.1.wav", wav(tone(10.0)))
    more = {"agent": "1023", "agents": ("1023",)}
    card = CallCard(node=NODE, call="1795000000.1", began=AT, answered=AT, ended=AT + 10 * SECOND, **more)
    (line,) = await archive.take(Link(card, "1795000000.1", "named"))
    await archive.catalogue.close()
    return str(line.id)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def is_(name: str) -> None:
        for module in (keeping, disposing, redacting):
            monkeypatch.setattr(module, "this_person", lambda: f"local:{name}")

    return is_


def test_moments_are_seconds_or_minutes_and_seconds() -> None:
    assert spans_of("1:02-1:15.5, 80-95,0.25-0:01") == ((62_000, 75_500), (80_000, 95_000), (250, 1_000))


@pytest.mark.parametrize("text", ["", "5", "a-b", "5-", "-5", "1:2:3-9", "1e3-5", "nan-5", "+1-5", "５-９"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(NoSpans):
        spans_of(text)


def test_proposed_by_one_approved_by_another_carried_out_and_found(
    folder: Path, sealed: str, capsys: Said, person: Callable[[str], None]
) -> None:
    person("li")
    assert run("redact", sealed, "--spans", "2-3.5") == Exit.DONE
    out = capsys.readouterr().out
    assert "Silenced for good on both sides: 2 to 3.5 s" in out
    assert "Nothing was changed" in out
    assert run("redact", sealed, "--spans", "2-3.5", "--yes") == Exit.WRONG
    assert run("redact", sealed, "--spans", "soon", "--reason", "x", "--yes") == Exit.WRONG
    assert run("redact", sealed, "--spans", "2-30", "--reason", "x", "--yes") == Exit.FAILED
    assert "lies within the recording, which is 10 s long" in capsys.readouterr().err
    assert not state(folder, sealed)["restricted"]
    assert run("redact", sealed, "--spans", "2-3.5", "--reason", "ticket 7", "--yes") == Exit.DONE
    id_ = capsys.readouterr().out.splitlines()[-1].split()[-2]
    assert state(folder, sealed)["restricted"]
    assert run("dispose", "approve", id_, "--yes") == Exit.FAILED
    assert "another person" in capsys.readouterr().err
    person("wang (root)")
    assert run("dispose", "approve", id_, "--yes") == Exit.DONE
    assert run("dispose", "run", "--yes") == Exit.DONE
    assert f"{id_}: 1 recordings are gone, 0 stay." in capsys.readouterr().out
    assert run("dispose", "show", id_) == Exit.DONE
    said = next(line for line in capsys.readouterr().out.splitlines() if "took its place" in line)
    new = said.split("; ")[1].split()[0]
    assert said.startswith(f"{sealed}: silent from 2 to 3.5 s")
    assert (state(folder, sealed)["state"], state(folder, new)["state"], state(folder, new)["agent"]) == ("disposed", "kept", "1023")
    assert run("dispose", "certificate", id_, "--out", "c.json") == Exit.DONE
    case = certificate.read((folder / "c.json").read_bytes(), [Signer(folder / "data" / "keys", "main").key().verifier])
    assert (case.complete, case.case.kind, case.case.approvers) == (True, "redaction", ("local:li", "local:wang (root)"))
    capsys.readouterr()
    assert run("find", "--agent", "1023") == Exit.DONE
    assert new in capsys.readouterr().out
    assert run("prove", sealed, "--out", "old.zip") == Exit.DONE
    assert f"{sealed} was redacted; its successor is {new}" in capsys.readouterr().out
    assert run("prove", sealed, new, "--out", "both.zip") == Exit.DONE
    assert "successor" not in capsys.readouterr().out
    for verb in (("export", "--out", "old.wav", "--reason", "court"), ("hold",), ("redact", "--spans", "1-2")):
        assert run(verb[0], sealed, *verb[1:]) == Exit.FAILED
        assert f"{sealed} was redacted; its successor is {new}" in capsys.readouterr().err
    assert b"propose a redaction" in b"".join(path.read_bytes() for path in (folder / "data" / "audit").iterdir())
