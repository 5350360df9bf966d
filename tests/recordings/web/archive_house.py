"""A board with an archive: the real server over HTTP on a floor with a plan, a catalogue in SQLite, recordings put in by hand.

async with archive_house(tmp_path) as house:
    await house.put("a", agent="1001", queue="sales")
    answer = await house.get("/api/recordings", await house.signed_in("chen", Role.LEADER))

People and teams are those of `tests/wallboard/controlled.py`. Nothing is sealed here: `put` writes a line and its entry in the log, so that
what is asked of the archive can be tested without sound, vaults or keys.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
from sqlalchemy import Select, select

from andon.archive.desk import desk_of
from andon.offers import rows_of
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.plan.archive import ArchiveRules
from realtime.plan.model import Plan
from realtime.sealing import Sealer, mask
from realtime.words import SECOND, Micros
from recordings.catalogue import lines
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.catalogue.schema import log, recordings
from recordings.proof.entries import Entry
from recordings.settings import ArchiveSettings
from recordings.web.desk import Desk
from recordings.words import Kind, State
from tests.wallboard.controlled import PLAN, Hall, controlled
from wallboard.authorise import Role

NODE = "hall7"


@dataclass
class ArchiveHouse:
    """`hall`: the board and its floor; `catalogue` and `desk` as the board has them; `sealer` makes numbers that the board can mask."""

    hall: Hall
    catalogue: Catalogue
    desk: Desk
    sealer: Sealer
    places: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> Micros:
        return self.hall.now

    async def signed_in(self, name: str, role: Role) -> dict[str, str]:
        """Headers of a browser; people of the plan: wang (agent 1001, team a), li.qiang (1002, a), zhao (1003, b), chen (leader of a)."""
        return await self.hall.signed_in(name, role)

    async def get(self, path: str, headers: dict[str, str], status: int = 200) -> Any:
        return _body(await self.hall.house.http.get(path, headers=headers), status)

    async def post(self, path: str, body: Any, headers: dict[str, str], status: int = 200) -> Any:
        return _body(await self.hall.house.http.post(path, headers=headers, json=body), status)

    async def put(self, name: str, *, number: str = "", private: dict[str, Any] | None = None, **columns: Any) -> str:
        """A recording that is kept; its id. `columns` by the names of the table; what is not said is that of an ordinary call."""
        sealed = self.sealer.seal(number, self.now) if number else None
        values = self._line(name) | _numbered(sealed) | columns
        values.setdefault("agents", values["agent"])
        async with self.catalogue.change() as change:
            entry = Entry(
                kind=Kind.SEAL,
                at=self.now,
                subject=values["id"],
                public={"sha256": values["sha256"].hex()},
                private=private or {"agent": values["agent"]},
            )
            values["sealed_entry"] = await change.append(entry)
            self.places[name] = await lines.keep(change.connection, values)
        return str(values["id"])

    async def line(self, name: str) -> Any:
        """What the table has of it now."""
        return (await self.rows(select(recordings).where(recordings.c.place == self.places[name])))[0]

    async def rows(self, asked: Select[Any]) -> list[Any]:
        async with self.catalogue.reading() as connection:
            return list((await connection.execute(asked)).all())

    async def entries(self, kind: Kind) -> list[Any]:
        """Of the log, in its order."""
        return await self.rows(select(log).where(log.c.kind == kind.value).order_by(log.c.index))

    def _line(self, name: str) -> dict[str, Any]:
        hash_ = hashlib.sha256(name.encode()).digest()
        began = self.now - 3600 * SECOND + len(self.places) * SECOND
        return {
            "id": f"{name:0<20}"[:20].lower(),
            "state": State.KEPT.value,
            "node": NODE,
            "call": f"{NODE}-{name}.1",
            "leg": f"{NODE}-{name}.2",
            "began": began,
            "length_ms": 90_000,
            "direction": "inbound",
            "agent": "1001",
            "queue": f"{NODE}/sales",
            "format": "wav",
            "sides": 2,
            "bytes": 1_440_044,
            "sha256": hash_,
            "container": hash_,
            "container_bytes": 1_440_400,
            "derived": "opus,peaks",
            "class_": "usual",
            "sealed_at": began + 95 * SECOND,
            "stored_at": began + 96 * SECOND,
        }


def _numbered(sealed: Sealed | None) -> dict[str, Any]:
    return {} if sealed is None else {"number": sealed.digest, "number_cipher": sealed.cipher, "number_month": sealed.month}


def _body(answer: httpx.Response, status: int) -> Any:
    assert answer.status_code == status, answer.text
    json = answer.headers.get("content-type", "").startswith("application/json")
    return answer.json() if json else answer.content


def planned(rules: ArchiveRules) -> Plan:
    """The plan of the hall, with these rules of the archive."""
    return msgspec.structs.replace(PLAN, archive=rules)


@contextlib.asynccontextmanager
async def archive_house(
    path: Path, *, plan: Plan = PLAN, url: str = "", made: bool = True, settings: ArchiveSettings | None = None
) -> AsyncIterator[ArchiveHouse]:
    """`url`: another database; `made`: whether its tables are there."""
    settings = settings or ArchiveSettings(
        floor="main", timezone="Asia/Shanghai", data_dir=path, vaults=(path / "vault",), keys=(path / "keys",)
    )
    catalogue = Catalogue(url or sqlite_url(settings.folder), writes=True)
    if made:
        await catalogue.open()
    sealer = Sealer(b"k" * 32, lambda month: b"m" * 64)
    halls: list[Hall] = []

    def masked(sealed: Sealed) -> str | None:
        number = sealer.open(sealed)
        return None if number is None else mask(number)

    def floor() -> Floor:
        followed = halls[0].house.board.feed.floor
        assert followed is not None, "no floor has been read yet"
        return followed

    desk = desk_of(settings, catalogue, lambda: halls[0].now, sealer.digest, masked, floor)
    try:
        async with controlled(path, plan, more=rows_of(desk)) as hall:
            halls.append(hall)
            yield ArchiveHouse(hall, catalogue, desk, sealer)
    finally:
        await catalogue.close()
