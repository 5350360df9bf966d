"""Recordings in quarantine over HTTP on a running board: what is shown of them, proposed dry first, confirmed by another, refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import insert

from realtime.words import SECOND
from recordings.catalogue.schema import copies
from recordings.words import Kind
from tests.recordings.web.archive_house import ArchiveHouse, archive_house
from wallboard.authorise import Role

WHY = {"why": "The disk died, and its backup has other bytes."}
CHECKED = 1_795_800_000
MATTER = {"matter": "Li v. Bank X", "custodian": "Legal"}


async def quarantined(house: ArchiveHouse, name: str, **columns: Any) -> str:
    id_ = await house.put(name, state="quarantined", **columns)
    async with house.catalogue.change() as change:
        line = {"recording": house.places[name], "vault": 0, "checked_at": CHECKED * SECOND, "good": False}
        await change.connection.execute(insert(copies).values(line))
    return id_


async def people(house: ArchiveHouse) -> tuple[dict[str, str], dict[str, str]]:
    return await house.signed_in("boss", Role.MANAGER), await house.signed_in("root", Role.ADMIN)


async def test_they_are_listed_with_where_a_good_copy_belongs(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        id_ = await quarantined(house, "a")
        await house.put("b")
        boss, _ = await people(house)
        told = await house.get("/api/losses", boss)
        assert (told["quarantined"], told["proposals"]) == (1, [])
        (row,) = told["recordings"]
        assert (row["id"], row["agent"], row["proposal"], row["discs"]) == (id_, "1001", "", [])
        assert row["where"].endswith(f"/{id_}.sound")
        assert row["copies"] == [{"vault": 0, "checked_at": CHECKED}]
        for role in (Role.LEADER, Role.SUPERVISOR, Role.QA, Role.AGENT):
            await house.get("/api/losses", await house.signed_in("wang", role), 403)


async def test_one_proposes_and_another_confirms(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        id_, other = await quarantined(house, "a"), await quarantined(house, "b")
        boss, root = await people(house)
        hold = await house.post("/api/holds", {**MATTER, "ids": [id_]}, boss, 201)
        dry = await house.post("/api/losses", {**WHY, "ids": [id_], "dry": True}, boss)
        assert (dry["id"], dry["items"], [each["id"] for each in dry["holds"]]) == ("", [id_], [hold["id"]])
        assert (await house.get("/api/losses", boss))["proposals"] == []
        await house.post("/api/losses", {"why": "", "ids": [id_]}, boss, 400)
        made = await house.post("/api/losses", {**WHY, "ids": [id_]}, boss, 201)
        (row,) = (await house.get("/api/losses", root))["proposals"]
        assert (row["standing"], row["by"], row["reason"], row["items"]) == ("proposed", "user:boss", WHY["why"], [id_])
        assert row["holds"] == [{"id": hold["id"], "matter": "Li v. Bank X", "custodian": "Legal", "items": 1}]
        confirm, body = f"/api/losses/{made['id']}/confirm", {"sha256": made["sha256"]}
        assert (await house.post(confirm, body, boss, 409))["error"] == "same_person"
        assert (await house.post(confirm, {"sha256": "0" * 64}, root, 409))["error"] == "refused"
        done = await house.post(confirm, body, root)
        assert (done["lost"], done["kept"], [each["custodian"] for each in done["holds"]]) == (1, 0, ["Legal"])
        assert [(await house.line(name)).state for name in "ab"] == ["lost", "quarantined"]
        told = await house.get("/api/losses", boss)
        assert [each["id"] for each in told["recordings"]] == [other]
        assert [(each["standing"], each["lost"], each["items"]) for each in told["proposals"]] == [("done", 1, [])]
        assert [entry.subject for entry in await house.entries(Kind.GAP)] == [id_]
        trail = str(await house.get("/api/audit", boss))
        assert "propose that recordings are lost" in trail
        assert "confirm that recordings are lost" in trail
        assert (await house.get("/api/disposals", boss))["disposals"] == []
        await house.get(f"/api/disposals/{made['id']}", boss, 404)


async def test_all_of_them_at_once_and_refused(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        ids = sorted([await quarantined(house, "a"), await quarantined(house, "b")])
        boss, root = await people(house)
        made = await house.post("/api/losses", WHY, boss, 201)
        assert made["items"] == ids
        assert {row["proposal"] for row in (await house.get("/api/losses", boss))["recordings"]} == {made["id"]}
        refuse = f"/api/losses/{made['id']}/refuse"
        assert (await house.post(refuse, {"why": "The disc of 2025 was not read."}, root))["standing"] == "refused"
        assert {(await house.line(name)).state for name in "ab"} == {"quarantined"}
        assert (await house.post(refuse, {"why": "again"}, root, 409))["error"] == "refused"
        assert (await house.post("/api/losses", WHY, root, 201))["items"] == ids
