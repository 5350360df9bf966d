"""`andon recordings export`: the sound that was captured, a watermark, an access in the log; nothing over an old file."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import soundfile
from sqlalchemy import select

from andon.archive.exporting import export
from andon.command_form import Said
from andon.say import Exit
from andon.settings import ArchiveTable, DataTable, Settings, Url
from andon.voices import conversation
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.catalogue.schema import log
from recordings.words import Kind
from tests.recordings.heard import heard_house


async def test_an_export_from_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    async with heard_house(data) as heard:
        one = await heard.call(1, 3)
    settings = Settings(
        data=DataTable(dir=str(data), archive=Url(f"file://{data / 'vault'}")), archive=ArchiveTable(keys=str(data / "keys"))
    )
    out = tmp_path / "one.wav"

    def said(**more: object) -> Said:
        return Said(**({"what": [one], "reason": "court 17", "out": str(out)} | more))

    assert await asyncio.to_thread(export, said(reason=""), settings) is Exit.WRONG
    assert await asyncio.to_thread(export, said(what=["none"]), settings) is Exit.FAILED
    assert await asyncio.to_thread(export, said(), settings) is Exit.DONE
    assert await asyncio.to_thread(export, said(), settings) is Exit.FAILED, "it writes over nothing"
    link = tmp_path / "two.wav"
    link.symlink_to(tmp_path / "a disk that is not mounted")
    assert await asyncio.to_thread(export, said(out=str(link)), settings) is Exit.FAILED
    assert link.is_symlink(), "nor does it remove what it did not write"
    with soundfile.SoundFile(str(out)) as file:
        sound = file.read(dtype="int16")
        assert "court 17" in f"{file.comment} {file.copyright}"
    assert (sound[:, 0] == conversation(1, 3)[0]).all()
    assert out.stat().st_mode & 0o077 == 0
    catalogue = Catalogue(sqlite_url(data / "archive"))
    async with catalogue.reading() as connection:
        private = [json.loads(row.private) for row in await connection.execute(select(log).where(log.c.kind == Kind.ACCESS.value))]
    await catalogue.close()
    assert [(each["what"], each["why"]) for each in private] == [("export", "court 17")] * 2
    assert "one.wav has" in capsys.readouterr().out
