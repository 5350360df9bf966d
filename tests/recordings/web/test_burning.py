"""Discs over HTTP on a running board: gathered, steps noted and carried out, two signatures, pages that print in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from realtime.plan.archive import ArchiveRules, DiscRules, RetentionClass
from realtime.words import SECOND
from recordings.crypt import container, ring
from recordings.discs import register, store
from recordings.discs.burner import FileBurner
from recordings.discs.proving import proving
from recordings.discs.tables import discs
from recordings.discs.workroom import Works
from recordings.discs.works import carry_out
from recordings.proof.signer import Signer
from recordings.vault.folder import FolderVault
from recordings.vault.port import name_of
from tests.recordings.discs.desk import IN_MAY, Faulty, flip
from tests.recordings.web.archive_house import ArchiveHouse, archive_house, planned
from wallboard.authorise import Role

CHINESE = re.compile(r"[一-鿿]")
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
        assert [(one["step"], one["state"]) for one in said["steps"]] == [("verify", "done"), ("burn", "done"), ("image", "done")]
        listed = await house.get("/api/discs?state=signed", boss)
        assert [one["id"] for one in listed["discs"]] == [disc]
        assert listed["destroy"] == []
        assert (await house.post(f"/api/discs/{disc}/destroy", {}, boss, 409))["error"] == "disc_needed"
        await pages(house, disc, boss)


async def test_what_went_wrong_is_said_in_both_languages(tmp_path: Path) -> None:
    """Stored by the archivist, which knows nobody's language: a burn that failed, one that failed for good, a disc that is damaged, each
    at the disc and at the step."""
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        boss, root = await house.signed_in("boss", Role.MANAGER), await house.signed_in("root", Role.ADMIN)
        burner = Faulty(tmp_path / "burned")
        works = replace(works_of(house, tmp_path), burner=burner)
        await put(house, "aaa")
        (made,) = (await house.post("/api/discs", SET, boss, 201))["sets"]
        first, second = f"{made['set']}-1A", f"{made['set']}-1A2"
        await house.post(f"/api/disc-sets/{made['set']}/image", {}, boss, 202)
        assert await carry_out(works) == 1
        burner.faults = [("refuse", 0), ("refuse", 0)]
        said, step = await tried(house, works, "burn", first, boss)
        assert said["rule"] == "burn.not_burned"
        assert said["en"] == f"Disc {first} was not burned: xorriso failed (the medium is worn). Put in an empty medium."
        assert said["zh"] == f"光盘{first}未刻成：xorriso失败（the medium is worn）。请放入空白盘。"
        assert (step["en"], step["zh"]) == (f"{said['en']} Try once more.", f"{said['zh']}请再试一次。")
        _, step = await tried(house, works, "burn", first, boss)
        assert f"throw this medium away, and burn {second} on" in step["en"]
        assert f"请丢弃此盘，并用另一批次的空白盘刻录{second}。" in step["zh"]
        assert (await house.get(f"/api/discs/{second}", boss))["disc"]["said"] is None
        for name in ("burn", "verify"):
            said, step = await tried(house, works, name, second, boss)
            assert (said, CHINESE.search(step["zh"]) is not None, step["en"].isascii()) == (None, True, True)
        for who in (boss, root):
            await house.post(f"/api/discs/{second}/sign", {}, who)
        async with house.catalogue.reading() as connection:
            files = await store.expected_of(connection, made["set"], 1)
        flip(burner.path(second), next(each.offset for each in files if each.recording) + 9_000)
        said, step = await tried(house, works, "check", second, boss)
        assert said["rule"] == "work.damage"
        assert "files of it are not as they were burned" in said["en"]
        assert "个文件与刻录时不同，含1条录音（aaa" in said["zh"]
        assert step["zh"].startswith(f"光盘{second}已损坏：{said['zh']}请刻录{second[:-1]}3代替")
        assert [each["said"] for each in (await house.get("/api/discs?state=damaged", boss))["discs"]] == [said]


async def gathered(house: ArchiveHouse) -> list[str]:
    """Sets of all that may be burned."""
    return [id for id, _ in await register.gather(house.catalogue, RULES, "Asia/Shanghai", "user:boss", house.now)]


async def tried(house: ArchiveHouse, works: Works, step: str, disc: str, headers: dict[str, str]) -> tuple[Any, Any]:
    """What is said of the disc, and of the step."""
    await house.post(f"/api/discs/{disc}/{step}", {}, headers, 202)
    assert await carry_out(works) == 1
    told = await house.get(f"/api/discs/{disc}", headers)
    return told["disc"]["said"], told["steps"][0]["said"]


async def test_what_cannot_be_decoded_is_shown_as_it_is(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        boss = await house.signed_in("boss", Role.MANAGER)
        await put(house, "aaa")
        (made,) = (await house.post("/api/discs", SET, boss, 201))["sets"]
        disc = f"{made['set']}-1A"
        for text in ("Written by hand.", '{"rule":"work.of_tomorrow","values":{"a":1}}'):
            async with house.catalogue.change() as change:
                await change.connection.execute(update(discs).values(said=text))
            assert (await house.get(f"/api/discs/{disc}", boss))["disc"]["said"] == {"rule": "", "en": text, "zh": text}


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
