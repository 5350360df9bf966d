"""Keeping over HTTP on a running board: what is due, holds, two people who approve, a certificate that prints, erasures and clocks."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from realtime.plan.archive import ArchiveRules, KeepRule, RetentionClass, Term
from realtime.plan.dialling import Origin
from realtime.words import SECOND
from recordings.crypt import keeping as keyring
from recordings.crypt.ring import new_key, wrap
from recordings.proof.published import Published, folder_of
from recordings.proof.signer import Signer
from recordings.retention import carrying, certificate, disposal
from recordings.retention.judging import policy_of
from recordings.retention.recompute import recompute
from recordings.retention.tables import disposals
from recordings.retention.tools import Tools
from recordings.vault.folder import FolderVault
from recordings.words import Kind
from tests.recordings.heard import heard_house
from tests.recordings.web.archive_house import ArchiveHouse, archive_house, planned
from wallboard.authorise import Role

MOBILE = "13900000148"
DAY = 86_400 * SECOND
LAW = KeepRule(id="law", least=Term(years=1), origin=Origin(source=("a law",), grade="P"))
RULES = ArchiveRules(
    classes=(
        RetentionClass(id="usual", rules=(LAW,)),
        RetentionClass(id="consent", rules=(KeepRule(id="practice", least=Term(years=3), duty=False),)),
        RetentionClass(id="policy", rules=(KeepRule(id="sold", clock="product_end", least=Term(years=1)),)),
    ),
    default="usual",
)
MATTER = {"matter": "Li v. Bank X", "custodian": "Legal"}


async def old(house: ArchiveHouse, name: str, days: int = 400, **columns: Any) -> str:
    """One that is kept since so many days, with a key."""
    id_ = await house.put(name, began=house.now - days * DAY, **columns)
    kek = await keyring.current(house.catalogue, house.desk.stores, "usual", "open")
    async with house.catalogue.change() as change:
        await keyring.keep_key(change, house.places[name], kek.name, wrap(kek.key, new_key()))
    await night(house)
    return id_


async def night(house: ArchiveHouse) -> None:
    await recompute(house.catalogue, policy_of(house.desk.floor().owned.plan, house.desk.settings.timezone), house.now)


async def people(house: ArchiveHouse) -> tuple[dict[str, str], dict[str, str]]:
    return await house.signed_in("boss", Role.MANAGER), await house.signed_in("root", Role.ADMIN)


async def goes_on() -> None:
    """The log does, from what was signed before."""


async def carried_out(house: ArchiveHouse, path: Path) -> str:
    """What was approved, as the archivist does it; the key that verifies its certificate."""
    signer = Signer(path / "keys", "main")
    verifier = (await asyncio.to_thread(signer.make)).verifier
    await asyncio.to_thread(Published(folder_of(house.desk.settings.folder)).add_key, verifier)
    policy = policy_of(house.desk.floor().owned.plan, house.desk.settings.timezone)
    clock = lambda: house.now  # noqa: E731 - as the house's
    tools = Tools(house.catalogue, house.desk.stores, (), lambda: policy, signer.key, clock, "main", "Andon test", path, goes_on)
    (done,) = await carrying.carry_out(tools, "archivist")
    assert done.trouble == ""
    return verifier


async def approved(house: ArchiveHouse) -> str:
    """What may go, proposed and approved by two; its id."""
    policy = policy_of(house.desk.floor().owned.plan, house.desk.settings.timezone)
    (group,) = await disposal.groups(house.catalogue, policy, house.now)
    wish = disposal.Wish(group.class_, group.month, group.sha256, "monthly")
    await disposal.propose(house.catalogue, "d-1", policy, wish, "user:boss", house.now)
    for who in ("user:boss", "user:root"):
        await disposal.approve(house.catalogue, "d-1", who, house.now)
    return "d-1"


async def stopped(house: ArchiveHouse, path: Path, *, vault: bool = True) -> str:
    """Carried out as far as it goes where a vault, or the key of the log, is away; why it is not finished, in English."""
    policy = policy_of(house.desk.floor().owned.plan, house.desk.settings.timezone)
    vaults = [FolderVault(path / "nowhere", 1, fresh=False)] if vault else []
    signer, clock = Signer(path / "nowhere", "main"), lambda: house.now
    tools = Tools(house.catalogue, house.desk.stores, vaults, lambda: policy, signer.key, clock, "main", "Andon test", path, goes_on)
    (done,) = await carrying.carry_out(tools, "archivist")
    assert done.trouble
    return done.trouble


async def test_what_is_due_says_why_in_both_languages(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        await old(house, "a")
        await old(house, "b", days=10)
        await old(house, "c", class_="policy")
        boss, _ = await people(house)
        now = await house.get("/api/recordings/due", boss)
        assert now["counts"] == {"may_go": 1, "held": 0, "conflict": 0, "kept": 2, "busy": 0}
        said = {row["id"][0]: (row["verdict"], row["kept_by"], row["why"][0]["code"]) for row in now["recordings"]}
        assert said == {"a": ("may_go", "law", "keep.until"), "b": ("kept", "law", "keep.until"), "c": ("kept", "sold", "keep.clock")}
        assert "until the end of" in now["recordings"][0]["why"][0]["en"]
        assert "保存至" in now["recordings"][0]["why"][0]["zh"]
        later = await house.get(f"/api/recordings/due?at={(house.now + 400 * DAY) // SECOND}&only=may_go&limit=1", boss)
        assert (later["counts"]["may_go"], later["recordings"][0]["id"][0]) == (2, "a")
        more = await house.get(f"/api/recordings/due?at={(house.now + 400 * DAY) // SECOND}&only=may_go&after={later['next']}", boss)
        assert [row["id"][0] for row in more["recordings"]] == ["b"]
        await house.get("/api/recordings/due", await house.signed_in("chen", Role.LEADER), 403)


async def test_a_hold_is_dry_first_and_released_by_two(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        await old(house, "a", number=MOBILE)
        await old(house, "b")
        boss, root = await people(house)
        dry = await house.post("/api/holds", {**MATTER, "number": MOBILE, "dry": True}, boss)
        assert (dry["id"], dry["items"], await house.get("/api/holds", boss)) == ("", 1, {"holds": []})
        placed = await house.post("/api/holds", {**MATTER, "number": MOBILE}, boss, 201)
        assert (placed["items"], placed["sha256"]) == (1, dry["sha256"])
        (row,) = (await house.get("/api/holds", boss))["holds"]
        assert (row["placed_by"], row["matter"], row["overdue"]) == ("user:boss", "Li v. Bank X", False)
        assert (await house.get("/api/recordings/due?only=held", boss))["recordings"][0]["verdict"] == "held"
        refused = await house.post("/api/holds", MATTER, boss, 409)
        assert "everything there is" in refused["message"]
        release = f"/api/holds/{placed['id']}/release"
        assert (await house.post(release, {"why": "settled"}, boss))["standing"] == "releasing"
        assert (await house.post(release, {"why": "settled"}, boss, 409))["error"] == "same_person"
        assert (await house.post(release, {"why": "settled"}, root))["standing"] == "released"
        assert (await house.line("a")).holds == 0
        trail = str(await house.get("/api/audit", boss))
        assert "hold recordings" in trail
        assert MOBILE not in trail


async def test_what_a_hold_is_about_is_told_to_who_may_hold(tmp_path: Path) -> None:
    """A matter has the name of a customer in it."""
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        id_ = await old(house, "a")
        boss, _ = await people(house)
        hold = await house.post("/api/holds", {**MATTER, "ids": [id_]}, boss, 201)
        for who, matter in ((boss, "Li v. Bank X"), (await house.signed_in("sun", Role.QA), "")):
            (told,) = (await house.get(f"/api/recordings/{id_}", who))["holds"]
            assert (told["id"], told["matter"]) == (hold["id"], matter)


async def test_two_people_approve_and_the_certificate_prints(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        id_ = await old(house, "a")
        boss, root = await people(house)
        (group,) = (await house.get("/api/disposals/due", boss))["groups"]
        assert (group["class"], group["items"], group["first"][0]["id"]) == ("usual", 1, id_)
        wish = {"class": "usual", "month": group["month"], "sha256": group["sha256"], "why": "monthly"}
        assert "another one" in (await house.post("/api/disposals", {**wish, "sha256": "0" * 64}, boss, 409))["message"]
        made = (await house.post("/api/disposals", wish, boss, 201))["id"]
        approve, body = f"/api/disposals/{made}/approve", {"sha256": group["sha256"]}
        await house.post(approve, {"sha256": "0" * 64}, boss, 409)
        assert (await house.post(approve, body, boss))["standing"] == "proposed"
        assert (await house.post(approve, body, boss, 409))["error"] == "same_person"
        assert (await house.post(approve, body, root))["standing"] == "approved"
        await house.get(f"/api/certificates/{made}", boss, 404)
        verifier = await carried_out(house, tmp_path)
        said = await house.get(f"/api/disposals/{made}", boss)
        assert (said["disposal"]["approvers"], said["disposal"]["certificate"]) == (["user:boss", "user:root"], True)
        assert [(item["id"], item["standing"]) for item in said["items"]] == [(id_, "gone")]
        file = json.dumps(await house.get(f"/api/certificates/{made}", boss), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert certificate.read(file.encode() + b"\n", [verifier]).complete
        page = await house.hall.house.http.get(f"/api/certificates/{made}/page", headers=boss)
        assert (page.status_code, id_ in page.text, "销毁" in page.text) == (200, True, False)
        chinese = await house.hall.house.http.get(f"/api/certificates/{made}/page?language=zh", headers=boss)
        assert "销毁" in chinese.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize("away", ["a vault", "the key of the log"])
async def test_why_it_is_not_finished_is_said_in_both_languages(tmp_path: Path, away: str) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        await old(house, "a")
        boss, _ = await people(house)
        made = await approved(house)
        assert (await house.get(f"/api/disposals/{made}", boss))["disposal"]["trouble"] is None
        said = await stopped(house, tmp_path, vault=away == "a vault")
        trouble = (await house.get(f"/api/disposals/{made}", boss))["disposal"]["trouble"]
        rule, zh = {
            "a vault": ("vault.away", f"存储库1（{tmp_path / 'nowhere'}）无法使用（No such file or directory）"),
            "the key of the log": ("log.no_key", f"{tmp_path / 'nowhere' / 'archive-log.key'}不存在：请从备份放回"),
        }[away]
        assert (trouble["rule"], trouble["en"]) == (rule, said)
        assert trouble["zh"].startswith(zh)
        assert [each["trouble"] for each in (await house.get("/api/disposals", boss))["disposals"]] == [trouble]
        async with house.catalogue.change() as change:
            await change.connection.execute(update(disposals).values(trouble="Written by hand."))
        by_hand = (await house.get(f"/api/disposals/{made}", boss))["disposal"]["trouble"]
        assert by_hand == {"rule": "", "en": "Written by hand.", "zh": "Written by hand."}


async def test_an_erasure_is_dry_first_and_approved_by_another(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        free, duty = await old(house, "a", days=10, number=MOBILE, class_="consent"), await old(house, "b", days=10, number=MOBILE)
        boss, root = await people(house)
        wish = {"number": MOBILE, "why": "letter of 2026-11-20"}
        dry = await house.post("/api/erasures", {**wish, "dry": True}, boss)
        assert {answer["id"]: answer["standing"] for answer in dry["answers"]} == {free: "going", duty: "waiting"}
        assert not (await house.line("b")).restricted
        made = await house.post("/api/erasures", wish, boss, 201)
        assert made["answers"][1]["why"][0]["values"]["rule"] == "law"
        assert (await house.line("b")).restricted
        body = {"sha256": made["sha256"]}
        assert (await house.post(f"/api/disposals/{made['id']}/approve", body, boss, 409))["error"] == "same_person"
        assert (await house.post(f"/api/disposals/{made['id']}/approve", body, root))["standing"] == "approved"
        (row,) = (await house.get("/api/disposals?kind=erasure", boss))["disposals"]
        assert (row["standing"], row["needed"]) == ("approved", 1)
        await house.post("/api/erasures", {"number": "none", "why": "x"}, boss, 400)


async def test_a_clock_that_is_said_is_reckoned_with_at_once(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(RULES)) as house:
        id_ = await old(house, "a", class_="policy")
        await old(house, "b", campaign="gone")
        boss, _ = await people(house)
        said = {"clock": "product_end", "scope": "recording", "subject": id_, "moment": house.now // SECOND, "why": "policy 7 ended"}
        assert (await house.post("/api/clocks", said, boss, 201))["reckoned"] == 1
        assert (await house.line("a")).keep_until > house.now
        assert (await house.post("/api/clocks", {**said, "scope": "campaign", "subject": "gone"}, boss, 201))["reckoned"] is None
        await house.post("/api/clocks", {**said, "subject": ""}, boss, 400)
        await house.post("/api/clocks", {**said, "over": True}, boss, 409)
        entries = [entry for entry in await house.entries(Kind.RECLASS) if "product_end" in entry.leaf]
        assert len(entries) == 2
        assert "policy 7" not in entries[0].leaf


async def test_card_data_that_was_found_is_redacted_by_two_managers(tmp_path: Path) -> None:
    async with heard_house(tmp_path, RULES) as heard:
        house, id_ = heard.house, await heard.call(seed=1, seconds=20, agent="1001")
        boss, root = await people(house)
        judge = await house.signed_in("qian", Role.QA)
        path, wish = f"/api/recordings/{id_}/redact", {"spans": [[2000, 5000], [4000, 6000]], "why": "ticket 7"}
        await house.post(path, wish, judge, 403)
        assert (await house.get(f"/api/recordings/{id_}", judge))["row"]["id"] == id_
        dry = await house.post(path, {**wish, "dry": True}, boss)
        assert (dry["id"], dry["spans"], dry["held"]) == ("", [[2000, 6000]], False)
        assert "lies within" in (await house.post(path, {**wish, "spans": [[0, 99_000]]}, boss, 409))["message"]
        await house.post(path, {**wish, "spans": [[0, 1]] * 21}, boss, 400)
        await house.post("/api/recordings/nobody/redact", wish, boss, 404)
        made = await house.post(path, wish, boss, 201)
        assert made["sha256"] == dry["sha256"]
        await house.get(f"/api/recordings/{id_}", judge, 404)
        (row,) = (await house.get("/api/disposals?kind=redaction", boss))["disposals"]
        assert (row["standing"], row["needed"]) == ("proposed", 1)
        assert row["redaction"] == {"recording": id_, "spans": [[2000, 6000]], "into": ""}
        assert (await house.get(f"/api/recordings/{id_}", boss))["card_data"] == "proposed"
        approve, body = f"/api/disposals/{made['id']}/approve", {"sha256": made["sha256"]}
        await house.post(approve, {"sha256": "0" * 64}, root, 409)
        assert (await house.post(approve, body, boss, 409))["error"] == "same_person"
        assert (await house.post(approve, body, root))["standing"] == "approved"
        signer = Signer(tmp_path / "keys", "main")
        verifier = (await asyncio.to_thread(signer.make)).verifier
        await asyncio.to_thread(Published(folder_of(house.desk.settings.folder)).add_key, verifier)
        policy = policy_of(house.desk.floor().owned.plan, house.desk.settings.timezone)
        vaults, keep = heard.sealing._copies._vaults, lambda: policy
        tools = Tools(house.catalogue, house.desk.stores, vaults, keep, signer.key, lambda: house.now, "main", "Andon test", path, goes_on)
        (done,) = await carrying.carry_out(tools, "archivist")
        assert (done.gone, done.trouble) == (1, "")
        said = await house.get(f"/api/disposals/{made['id']}", boss)
        new = said["disposal"]["redaction"]["into"]
        assert (await house.get(f"/api/recordings/{id_}", boss))["redacted_as"] == new
        for path, wish in (("listen", {"why": "x"}), ("export", {"why": "x"})):
            refused = await house.post(f"/api/recordings/{id_}/{path}", wish, judge, 410)
            assert f"录音{id_}已作静音替换，替代录音为{new}" in refused["text"]["zh"]
        hold = {"matter": "case 7", "custodian": "Li Wei", "ids": [id_], "dry": True}
        assert f"its successor is {new}" in (await house.post("/api/holds", hold, boss, 409))["message"]
        told = await house.get(f"/api/recordings/{new}", judge)
        assert (told["derived_from"], told["row"]["agent"]) == (id_, "1001")
        assert {"kind": "paused", "since_ms": 2000, "until_ms": 6000, "who": ""} in told["spans"]
        page = await house.hall.house.http.get(f"/api/certificates/{made['id']}/page", headers=boss)
        assert (page.status_code, new in page.text, "2–6" in page.text) == (200, True, True)
