"""A redaction that is refused between its two steps: what the first one wrote is removed, killed wherever it may be."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from recordings.proof import publishing
from recordings.proof.published import Published
from recordings.retention import carrying, disposal, holds, unmade
from recordings.retention.choosing import Choice
from recordings.retention.disposal import DisposalRefused
from recordings.retention.restored import set_back
from recordings.retention.tables import redactions
from recordings.sealing import Line
from recordings.vault import rounds
from tests.recordings.retention.hall import LI, WANG
from tests.recordings.retention.house import MATTER, House
from tests.recordings.retention.mortal import Killed, Mortal


async def astray(house: House) -> int:
    return (await rounds.strays(house.catalogue, house.vaults)).total


def containers(house: House, line: Line) -> int:
    """Of other recordings than this one, in all vaults."""
    return sum(1 for vault in house.vaults for name in vault.names() if f"/{line.id}." not in name)


async def written(house: House, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], Awaitable[Any]]) -> None:
    """The first step is done; before the second something happens."""
    made, loop = carrying.redacting._make, asyncio.get_running_loop()

    def slow(*arguments: Any) -> Any:
        found = made(*arguments)
        asyncio.run_coroutine_threadsafe(_awaited(meanwhile()), loop).result(30)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(carrying.redacting, "_make", slow)
        await carrying.carry_out(house.tools, "archivist")


async def _awaited(wish: Awaitable[Any]) -> None:
    await wish


async def test_what_was_written_before_it_was_refused_is_removed(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    line = await house.call()
    await house.propose(line)
    await house.approve()
    await written(house, monkeypatch, lambda: holds.place(house.catalogue, "h-1", Choice(ids=(line.id,)), MATTER, LI, house.now, 90))
    assert (containers(house, line), await astray(house)) == (6, 0), "it goes on when the hold is released"
    await disposal.refuse(house.catalogue, "r-1", WANG, "the hold stays", house.now)
    assert await astray(house) == 0, "somebody knows of it"
    (tmp_path / "vault1").rename(tmp_path / "elsewhere")
    assert await carrying.carry_out(house.tools, "archivist") == []
    (tmp_path / "elsewhere").rename(tmp_path / "vault1")
    for _ in range(2):
        assert await carrying.carry_out(house.tools, "archivist") == []
        assert (containers(house, line), house.files(line.id)) == (0, 6)
        house.now += unmade.WRITING
    assert [row["id"] for row in await house.rows(redactions)] == [""], "nobody looks for it any more"
    assert await house.original(line)


async def test_refused_while_it_is_written_it_leaves_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    line = await house.call()
    await house.propose(line)
    await house.approve()
    await written(house, monkeypatch, lambda: disposal.refuse(house.catalogue, "r-1", WANG, "no card was said", house.now))
    assert (containers(house, line), house.files(line.id)) == (0, 6)
    await house.propose(line, "r-2")
    await house.approve("r-2")
    assert await house.carry_out() == ("r-2", 1, 0, "")
    assert (containers(house, line), house.files(line.id)) == (6, 0)


async def test_nothing_of_it_is_removed_while_the_catalogue_is_one_of_before(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    line = await house.call()
    await house.propose(line)
    await house.approve()
    await written(house, monkeypatch, lambda: holds.place(house.catalogue, "h-1", Choice(ids=(line.id,)), MATTER, LI, house.now, 90))
    await disposal.refuse(house.catalogue, "r-1", WANG, "the hold stays", house.now)
    Published(house.folder / "published").mark_restored("2026-11-24T00:00:00Z")
    await carrying.carry_out(house.tools, "archivist")
    assert containers(house, line) == 6


async def test_what_may_be_of_a_newer_catalogue_is_named_and_stays(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Since the backup it may have taken its place: then that catalogue, if it is found, has its key."""
    line = await house.call()
    await house.propose(line)
    await house.approve()
    await written(house, monkeypatch, lambda: holds.place(house.catalogue, "h-1", Choice(ids=(line.id,)), MATTER, LI, house.now, 90))
    folder = house.folder / "published"
    Published(folder).mark_restored("2026-11-24T00:00:00Z")
    assert await publishing.accept(house.catalogue, house.signer, folder, house.now, LI, "the disk died", set_back) == (0, 1)
    await disposal.refuse(house.catalogue, "r-1", WANG, "no card was said", house.now)
    await carrying.carry_out(house.tools, "archivist")
    assert (containers(house, line), await astray(house)) == (6, 6)


@pytest.mark.parametrize("after", [False, True])
async def test_killed_at_any_transaction_and_refused_it_leaves_nothing_but_the_original(house: House, url: str, after: bool) -> None:
    """Also killed once more while what it left is removed."""
    mortal = Mortal(url, writes=True)
    mortal.after = after
    refused = 0
    for number in range(1, 40):
        line, id_ = await house.call(), f"r-{number}"
        await house.propose(line, id_)
        await house.approve(id_)
        mortal.lives = number
        with contextlib.suppress(Killed):
            await carrying.carry_out(house.tools._replace(catalogue=mortal), "archivist")
        try:
            await disposal.refuse(house.catalogue, id_, WANG, "no card was said", house.now)
        except DisposalRefused:
            break  # past its second step
        refused += 1
        house.now += unmade.WRITING
        mortal.lives = 1
        with contextlib.suppress(Killed):
            await carrying.carry_out(house.tools._replace(catalogue=mortal), "archivist")
        assert await carrying.carry_out(house.tools, "archivist") == []
        assert (house.files(line.id), await astray(house)) == (6, 0)
        assert sum(1 for vault in house.vaults for _ in vault.names()) == 6 * number, "of each call the original"
        assert await house.original(line)
    await mortal.close()
    assert refused >= (2 if after else 3), "before, between and behind what it writes"
