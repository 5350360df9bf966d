"""Discs over HTTP on a running board: gathered, steps noted and carried out, two signatures, pages that print in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from realtime.plan.archive import ArchiveRules, DiscRules, RetentionClass
from realtime.words import SECOND
from recordings.crypt import container, ring
from recordings.discs.burner import FileBurner
from recordings.discs.proving import proving
from recordings.discs.workroom import Works
from recordings.discs.works import carry_out
from recordings.proof.signer import Signer
from recordings.vault.folder import FolderVault
from recordings.vault.port import name_of
from tests.recordings.discs.desk import IN_MAY
from tests.recordings.web.archive_house import ArchiveHouse, archive_house, planned
from wallboard.authorise import Role

NASTY = "<script>alert(1)</script>"
RULES = ArchiveRules(
    classes=(RetentionClass(id="usual", name="Usual", name_zh="一般", burn=True),), discs=DiscRules(media="cd", copies=("A",))
)
SET = {"class": "usual"}


async def put(house: ArchiveHouse, name: str) -> str:
    """With a container in the vault."""
    parts: list[bytes] = []
    sound = iter([b"sound " * 3000, b""])
    sealed = container.seal(lambda _size: next(sound), parts.append, ring.new_key(), b"")
    began = house.now - 3600 * SECOND
    id = await house.put(
        name, keep_until=IN_MAY, client=NASTY, began=began, container=sealed.sha256_container, container_bytes=sealed.container_size
    )
    vault = FolderVault(house.desk.settings.vaults[0], 0)
    vault.store(name_of(id, began, "sound"), parts, sealed.sha256_container)
    return id


def works_of(house: ArchiveHouse, path: Path) -> Works:
    signer = Signer(path / "signer", "main")
    signer.path.parent.mkdir(exist_ok=True)
    proofs = proving(house.catalogue, signer, path / "checkpoints", lambda: house.now)
    vaults = [FolderVault(folder, number) for number, folder in enumerate(house.desk.settings.vaults)]
    return Works(
        house.catalogue, vaults, house.desk.stores, proofs, path / "discs", FileBurner(path / "burned"), lambda: RULES, "main",
        "Asia/Shanghai", lambda: house.now,
    )  # fmt: skip


async def test_a_set_from_the_proposal_to_the_label(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        boss, root = await house.signed_in("boss", Role.MANAGER), await house.signed_in("root", Role.ADMIN)
        works = works_of(house, tmp_path)
        await put(house, "aaa")
        dry = await house.post("/api/discs", SET | {"dry": True}, boss)
        assert [(one["set"], one["recordings"], one["month"]) for one in dry["sets"]] == [("", 1, "2027-05")]
        (made,) = (await house.post("/api/discs", SET, boss, 201))["sets"]
        assert (await house.post("/api/discs", SET, boss))["sets"] == []
        set_id, disc = made["set"], f"{made['set']}-1A"
        await house.post(f"/api/discs/{disc}/burn", {}, boss, 409)
        for step, of in (("image", f"disc-sets/{set_id}"), ("burn", f"discs/{disc}"), ("verify", f"discs/{disc}")):
            assert (await house.post(f"/api/{of}/{step}", {}, boss, 202))["step"] == step
            assert await carry_out(works) == 1
        assert (await house.post(f"/api/discs/{disc}/sign", {}, boss))["state"] == "verified"
        assert (await house.post(f"/api/discs/{disc}/sign", {}, boss, 409))["error"] == "signed_already"
        assert (await house.post(f"/api/discs/{disc}/sign", {}, root))["state"] == "signed"
        said = await house.get(f"/api/discs/{disc}", boss)
        assert [one["who"] for one in said["signatures"]] == ["user:boss", "user:root"]
        assert [(one["kind"], one["good"], one["told"]["whole"]) for one in said["checks"]] == [("new", True, True)]
        assert said["recordings"] == {"kept": 1}
        assert [one["state"] for one in said["steps"]] == ["done", "done"]
        listed = await house.get("/api/discs?state=signed", boss)
        assert [one["id"] for one in listed["discs"]] == [disc]
        assert listed["destroy"] == []
        assert (await house.post(f"/api/discs/{disc}/destroy", {}, boss, 409))["error"] == "disc_needed"
        await pages(house, disc, boss)


async def pages(house: ArchiveHouse, disc: str, headers: dict[str, str]) -> None:
    for path, words in ((f"/api/discs/{disc}/label", ("CONFIDENTIAL", "机密")), ("/api/discs/register", ("Register of discs", "登记簿"))):
        for language, word in zip(("en", "zh"), words, strict=True):
            page = (await house.get(f"{path}?language={language}", headers)).decode()
            assert word in page
            assert disc in page
            assert "<script" not in page
            assert "&lt;script&gt;" in page


async def test_what_is_not_there_and_who_may_not(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        boss = await house.signed_in("boss", Role.MANAGER)
        for path in ("/api/discs/NONE-1A", "/api/discs/NONE-1A/label"):
            assert (await house.get(path, boss, 404))["error"] == "disc_unknown"
        assert (await house.post("/api/discs/NONE-1A/sign", {}, boss, 404))["error"] == "disc_unknown"
        assert (await house.post("/api/disc-sets/NONE/image", {}, boss, 409))["error"] == "set_state"
        assert (await house.post("/api/disc-sets/NONE/withdraw", {}, boss, 409))["error"] == "set_burned"
        assert (await house.get("/api/discs", boss))["discs"] == []
        await refused(house, await house.signed_in("qa", Role.QA))


async def refused(house: ArchiveHouse, headers: dict[str, str]) -> Any:
    await house.get("/api/discs", headers, 403)
    await house.post("/api/discs", SET, headers, 403)


@pytest.mark.parametrize("body", [{"month": "2027-13"}, {"until": -1}, {"client": "x" * 200}, {"more": 1}])
async def test_a_wrong_wish_is_refused(tmp_path: Path, body: dict[str, Any]) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        boss = await house.signed_in("boss", Role.MANAGER)
        assert (await house.post("/api/discs", body, boss, 400))["error"] == "body_invalid"
