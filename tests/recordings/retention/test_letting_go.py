"""Disposals, holds, certificates on real databases, vaults, key stores: two people, a hold that beats them, a killed archivist."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from realtime.plan.archive import ArchiveRules, RetentionClass, Term
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import keys, recordings
from recordings.crypt.stores import FolderStore, KeyStores
from recordings.refusals.stored import english
from recordings.retention import carrying, certificate, certificate_page, disposal, holds
from recordings.retention.choosing import Choice
from recordings.retention.clocks import disposal_month
from recordings.retention.disposal import DisposalRefused, Wish
from recordings.retention.holds import HoldRefused, Matter
from recordings.retention.judging import Policy
from recordings.retention.people import NotAPerson, SamePerson, person
from recordings.retention.tables import disposals
from recordings.words import Kind, State
from tests.house.sources import ROOT
from tests.recordings.retention.hall import CHEN, CLASSES, LI, POLICY, WANG, Hall, rule
from tests.recordings.retention.mortal import Killed, Mortal

MATTER = Matter(name="Li v. Bank X", custodian="Legal, Ms Zhao")


async def proposed(hall: Hall, id_: str = "d1", who: str = LI) -> disposal.Group:
    (group,) = await dry(hall)
    return await disposal.propose(hall.catalogue, id_, hall.policy, wish(group), who, hall.now)


async def dry(hall: Hall) -> list[disposal.Group]:
    return await disposal.groups(hall.catalogue, hall.policy, hall.now)


def wish(group: disposal.Group) -> Wish:
    return Wish(group.class_, group.month, group.sha256, "monthly run")


async def approved(hall: Hall, id_: str = "d1") -> None:
    await proposed(hall, id_)
    await disposal.approve(hall.catalogue, id_, LI, hall.now)
    await disposal.approve(hall.catalogue, id_, WANG, hall.now)


async def run_of(hall: Hall, id_: str = "d1") -> Any:
    async with hall.catalogue.reading() as connection:
        return await disposal.one(connection, id_)


async def states(hall: Hall, *places: int) -> list[str]:
    return [(await hall.row(place))["state"] for place in places]


# ---------------------------------------------------------------- two people


def test_a_person_is_one_wherever_they_sign_in() -> None:
    assert person("user:Li") == person("local:li") == person("local:li (root)") == "li"
    for nobody in ("token:7f", "public", "user:", "", "li"):
        with pytest.raises(NotAPerson):
            person(nobody)


async def test_of_more_than_can_be_looked_at_full_lists_are_offered_first_and_then_the_others(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown is what is proposed, whichever list is looked for alone then; and nothing waits for ever behind a large class."""
    for name, number in {"PAGE": 2, "ITEMS_MOST": 3, "LOOKED_MOST": 6}.items():
        monkeypatch.setattr(disposal, name, number)
    for class_, days_ago, many in (("consent", 1200, 2), ("year", 400, 7)):
        for _ in range(many):
            await hall.add(days_ago, class_=class_)
    offered = []
    while found := await dry(hall):
        offered.append([(each.class_, len(each.items), each.more) for each in found])
        for each in found:
            await disposal.propose(hall.catalogue, f"d{len(offered)}-{each.class_}", hall.policy, wish(each), LI, hall.now)
    assert offered == [[("year", 3, True)], [("year", 3, True)], [("consent", 2, False), ("year", 1, False)]]


async def test_two_people_approve_and_then_it_is_carried_out(hall: Hall, tmp_path: Path) -> None:
    go, stay = [await hall.add() for _ in range(3)], await hall.add(days_ago=10)
    assert hall.files() == 4 * 2 * 3
    group = await proposed(hall)
    assert len(group.items) == 3
    assert await states(hall, *go, stay) == ["due", "due", "due", "kept"]
    assert await carrying.carry_out(hall.tools, "archivist") == [], "nobody has approved"
    assert await disposal.approve(hall.catalogue, "d1", LI, hall.now) == "proposed"
    with pytest.raises(SamePerson):
        await disposal.approve(hall.catalogue, "d1", "local:li (root)", hall.now)
    with pytest.raises(NotAPerson):
        await disposal.approve(hall.catalogue, "d1", "token:7f", hall.now)
    assert await carrying.carry_out(hall.tools, "archivist") == []
    assert await disposal.approve(hall.catalogue, "d1", WANG, hall.now) == "approved"
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert done == ("d1", 3, 0, "")
    assert await states(hall, *go, stay) == ["disposed", "disposed", "disposed", "kept"]
    assert [await hall.can_be_read(place) for place in (*go, stay)] == [False, False, False, True]
    assert hall.files() == 2 * 3
    run = await run_of(hall)
    assert (run["standing"], run["gone"]) == ("done", 3)
    case = certificate.read(run["certificate"], [hall.signer.key().verifier])
    assert case.complete
    assert sorted(case.case.items) == group.ids
    assert case.case.approvers == (LI, WANG)
    assert case.case.basis == ("year: a law",)
    assert {each.vault: each.files for each in case.case.copies} == {0: 9, 1: 9}
    assert {each.what for each in case.case.checks} == set(certificate.CHECKS)
    for language, words in (("en", "key year"), ("zh", "中的密钥year")):
        shown = certificate_page.page(case, language, "ab")
        assert words in shown
        assert not [code for code in certificate.CHECKS if f"<th>{code}</th>" in shown], "not as codes"
    assert await carrying.carry_out(hall.tools, "archivist") == [], "once"
    path = tmp_path / "certificate.json"
    path.write_bytes(run["certificate"])
    script = ROOT / "recordings" / "proof" / "verify_bundle.py"
    command = [sys.executable, "-I", str(script), str(path)]
    said = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


async def test_approved_is_a_word_and_two_people_are_looked_for_again(hall: Hall) -> None:
    place = await hall.add()
    await proposed(hall)
    await disposal.approve(hall.catalogue, "d1", LI, hall.now)
    async with hall.catalogue.change() as change:
        await change.connection.execute(update(disposals).values(standing="approved"))
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert done.gone == 0
    assert await hall.can_be_read(place)


async def test_what_is_personal_is_forgotten_and_what_proves_it_stays(hall: Hall) -> None:
    place = await hall.add()
    before = await hall.row(place)
    await approved(hall)
    await carrying.carry_out(hall.tools, "archivist")
    row = await hall.row(place)
    assert (row["number"], row["number_cipher"], row["number_month"]) == ("", None, "")
    assert (row["id"], row["sha256"], row["keep_until"]) == (before["id"], before["sha256"], before["keep_until"])
    (seal,) = [each for each in await hall.entries(Kind.SEAL) if each.subject == before["id"]]
    assert seal.private is None
    assert "digest-a" not in seal.leaf
    (gone, of_run) = await hall.entries(Kind.DISPOSAL)
    assert json.loads(gone.leaf)["public"]["kek"] == "year." + disposal_month_of(before) + ".1"
    assert json.loads(of_run.leaf)["public"]["gone"] == 1


def disposal_month_of(row: Any) -> str:
    return disposal_month(row["keep_until"], POLICY.timezone)


async def test_the_list_is_the_one_that_was_looked_at(hall: Hall) -> None:
    await hall.add()
    (group,) = await dry(hall)
    await hall.add()
    with pytest.raises(DisposalRefused, match="another one by now"):
        await disposal.propose(hall.catalogue, "d1", hall.policy, wish(group), LI, hall.now)
    with pytest.raises(DisposalRefused, match="Nothing of this class"):
        await disposal.propose(hall.catalogue, "d1", hall.policy, Wish("product", "open", "", ""), LI, hall.now)


async def test_one_person_refuses_and_everything_rests_again(hall: Hall) -> None:
    places = [await hall.add(), await hall.add()]
    await approved(hall)
    await disposal.refuse(hall.catalogue, "d1", LI, "a complaint came in", hall.now)
    assert await states(hall, *places) == ["kept", "kept"]
    assert await carrying.carry_out(hall.tools, "archivist") == []
    with pytest.raises(DisposalRefused):
        await disposal.approve(hall.catalogue, "d1", CHEN, hall.now)


@pytest.mark.parametrize("rules", [ArchiveRules(), ArchiveRules(default="year")])
async def test_a_plan_without_its_file_lets_nothing_go_and_takes_nothing_off_the_list(hall: Hall, rules: ArchiveRules) -> None:
    places = [await hall.add(), await hall.add()]
    await approved(hall)
    hall.policy = Policy(rules, {}, POLICY.timezone)
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert "no classes" in done.trouble
    assert [await hall.can_be_read(place) for place in places] == [True, True]
    assert await states(hall, *places) == ["due", "due"]
    await disposal.refuse(hall.catalogue, "d1", LI, "the plan is gone", hall.now)
    assert await states(hall, *places) == ["kept", "kept"]


async def test_a_class_that_the_plan_has_lost_lets_nothing_go_however_it_was_approved(hall: Hall) -> None:
    places = [await hall.add(), await hall.add()]
    await approved(hall)
    hall.policy = POLICY._replace(rules=ArchiveRules(classes=CLASSES[1:]))
    assert await dry(hall) == []
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert (done.gone, done.kept) == (0, 2)
    assert await states(hall, *places) == ["kept", "kept"]
    assert [await hall.can_be_read(place) for place in places] == [True, True]
    run = await run_of(hall)
    assert (run["standing"], run["certificate"]) == ("done", None)
    async with hall.catalogue.reading() as connection:
        (first, _) = await disposal.items_of(connection, "d1", 10)
    assert [each.code for each in disposal.why_of(first["why"])] == ["go.kept", "keep.no_class"]


async def test_a_conflict_is_never_in_a_list(hall: Hall) -> None:
    place = await hall.add(class_="both")
    assert (await hall.row(place))["conflict"]
    assert await dry(hall) == []


# ---------------------------------------------------------------- a hold beats a disposal


async def test_a_hold_takes_out_of_the_list_what_was_approved(hall: Hall) -> None:
    held, other = await hall.add(number="digest-b"), await hall.add()
    await approved(hall)
    placed = await holds.place(hall.catalogue, "h1", Choice(numbers=("digest-b",)), MATTER, CHEN, hall.now, 90)
    assert (placed.items, placed.withdrawn) == (1, 1)
    assert await states(hall, held, other) == ["kept", "due"]
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert (done.gone, done.kept) == (1, 1)
    assert [await hall.can_be_read(place) for place in (held, other)] == [True, False]
    assert await dry(hall) == []
    case = certificate.read((await run_of(hall))["certificate"], [hall.signer.key().verifier]).case
    assert case.holds == 1
    assert case.items == ((await hall.row(other))["id"],)


async def test_a_hold_is_frozen_and_two_people_release_it(hall: Hall) -> None:
    places = [await hall.add() for _ in range(3)]
    placed = await holds.place(hall.catalogue, "h1", Choice(agent="1024"), MATTER, LI, hall.now, 90)
    ids = [(await hall.row(place))["id"] for place in places]
    assert (placed.items, placed.sha256.hex()) == (3, certificate.items_sha256(ids))
    await hall.add()
    await holds.place(hall.catalogue, "h2", Choice(ids=(ids[0],)), MATTER, LI, hall.now, 90)
    assert [(await hall.row(place))["holds"] for place in places] == [2, 1, 1]
    assert await holds.release(hall.catalogue, "h1", LI, "settled", hall.now) == "releasing"
    with pytest.raises(SamePerson):
        await holds.release(hall.catalogue, "h1", "local:li", "settled", hall.now)
    assert [(await hall.row(place))["holds"] for place in places] == [2, 1, 1], "one person releases nothing"
    assert await holds.release(hall.catalogue, "h1", WANG, "settled", hall.now) == "released"
    assert [(await hall.row(place))["holds"] for place in places] == [1, 0, 0]
    with pytest.raises(HoldRefused):
        await holds.release(hall.catalogue, "h1", CHEN, "", hall.now)
    (hold, _) = await hall.entries(Kind.HOLD)
    assert "Li v. Bank X" not in hold.leaf
    assert json.loads(hold.private)["matter"] == "Li v. Bank X"
    assert len(await hall.entries(Kind.RELEASE)) == 2


async def test_what_waits_for_a_second_person_is_the_first_of_all_holds(hall: Hall) -> None:
    await hall.add()
    for number in range(3):
        await holds.place(hall.catalogue, f"h{number}", Choice(agent="1023"), MATTER, LI, hall.now + number, 90)
    for who in (LI, WANG):
        await holds.release(hall.catalogue, "h0", who, "settled", hall.now)
    await holds.release(hall.catalogue, "h2", LI, "settled", hall.now)
    async with hall.catalogue.reading() as connection:
        assert [row["id"] for row in await holds.every(connection, True, 10)] == ["h2", "h1", "h0"]
        assert [row["id"] for row in await holds.every(connection, False, 1)] == ["h2"]


async def test_a_hold_needs_a_choice_and_something_to_hold(hall: Hall) -> None:
    await hall.add()
    for choice in (Choice(), Choice(agent="9999")):
        with pytest.raises(HoldRefused):
            await holds.place(hall.catalogue, "h1", choice, MATTER, LI, hall.now, 90)


@pytest.mark.parametrize("sign", ["%", "_", ",", "1023,1024", "102"])
async def test_an_agent_is_no_pattern(hall: Hall, sign: str) -> None:
    await hall.add()
    with pytest.raises(HoldRefused):
        await holds.place(hall.catalogue, "h1", Choice(agent=sign), MATTER, LI, hall.now, 90)


@pytest.mark.parametrize("slip", ["aaaaaaaaaaaaaaaaaaaa", "gone"])
async def test_a_hold_on_a_list_is_on_all_of_it_or_refused(hall: Hall, slip: str) -> None:
    """An id that was copied wrongly, or of what was disposed of: who ordered the hold would believe that it is held."""
    there, gone = [(await hall.row(await hall.add()))["id"] for _ in range(2)]
    async with hall.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.id == gone).values(state="disposed"))
    missing = gone if slip == "gone" else slip
    with pytest.raises(HoldRefused) as refused:
        await holds.place(hall.catalogue, "h1", Choice(ids=(there, missing)), MATTER, LI, hall.now, 90)
    assert (refused.value.rule, refused.value.values) == ("hold.no_recording", {"recording": missing})
    assert (await holds.place(hall.catalogue, "h1", Choice(ids=(there,)), MATTER, LI, hall.now, 90)).items == 1


async def test_a_hold_is_of_this_agent_and_of_nobody_who_is_written_alike(hall: Hall) -> None:
    await hall.add(agent="A1", agents="A1,B2")
    await hall.add(agent="a1", agents="a1,b2")
    assert (await holds.place(hall.catalogue, "h1", Choice(agent="B2"), MATTER, LI, hall.now, 90)).items == 1


@pytest.mark.parametrize("turns", range(4))
async def test_a_hold_and_a_disposal_at_the_same_time_never_both_win(
    hall: Hall, url: str, turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either the hold came first and its key is there, or it came too late and does not claim to hold it."""
    monkeypatch.setattr(carrying, "BATCH", 1)
    places = [await hall.add() for _ in range(4)]
    await approved(hall)
    board = Catalogue(url, writes=True)

    async def hold() -> holds.Hold | None:
        await asyncio.sleep(0.02 * turns)
        try:
            return await holds.place(board, "h1", Choice(agent="1023"), MATTER, CHEN, hall.now, 90)
        except HoldRefused:
            return None

    (_, placed) = await asyncio.gather(carrying.carry_out(hall.tools, "archivist"), hold())
    await board.close()
    rows = [await hall.row(place) for place in places]
    assert [bool(row["holds"]) for row in rows] == [row["state"] == State.KEPT.value for row in rows]
    assert [await hall.can_be_read(place) for place in places] == [row["state"] == State.KEPT.value for row in rows]
    assert sum(bool(row["holds"]) for row in rows) == (placed.items if placed else 0)
    run = await run_of(hall)
    assert run["standing"] == "done"
    assert run["gone"] == sum(row["state"] == State.DISPOSED.value for row in rows)


# ---------------------------------------------------------------- killed, and away


@pytest.mark.parametrize("after", [False, True])
async def test_killed_at_any_transaction_and_run_again_it_finishes(
    hall: Hall, url: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "BATCH", 1)
    mortal = Mortal(url, writes=True)
    mortal.after = after
    for number in range(1, 40):
        places = [await hall.add() for _ in range(2)]
        id_ = f"d{number}"
        await approved(hall, id_)
        mortal.lives = number
        tools = hall.tools._replace(catalogue=mortal)
        try:
            await carrying.carry_out(tools, "archivist")
            survived = True
        except Killed:
            survived = False
        for place in places:  # the key goes in the very change that says so
            assert await hall.can_be_read(place) == ((await hall.row(place))["state"] != State.DISPOSED.value)
        await carrying.carry_out(hall.tools, "archivist")
        run = await run_of(hall, id_)
        assert (run["standing"], run["gone"]) == ("done", 2)
        assert certificate.read(run["certificate"], [hall.signer.key().verifier]).complete
        assert await states(hall, *places) == ["disposed"] * 2
        if survived:
            break
    await mortal.close()
    assert survived, "it has more steps than this test has lives"
    assert number > 5
    assert (hall.files(), await hall.wrapped()) == (0, 0)


async def test_a_key_store_that_is_away_leaves_it_unfinished_and_without_a_certificate(hall: Hall, tmp_path: Path) -> None:
    place = await hall.add()
    await approved(hall)
    (tmp_path / "keys2").rename(tmp_path / "elsewhere")
    (tmp_path / "keys2").write_text("not a folder")
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert done.trouble
    run = await run_of(hall)
    assert (run["standing"], run["certificate"], english(run["trouble"])) == ("carrying", None, done.trouble)
    (tmp_path / "keys2").unlink()
    (tmp_path / "elsewhere").rename(tmp_path / "keys2")
    hall.stores = KeyStores([FolderStore(tmp_path / "keys1"), FolderStore(tmp_path / "keys2")])
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert done == ("d1", 1, 0, "")
    assert certificate.read((await run_of(hall))["certificate"], [hall.signer.key().verifier]).complete
    assert not await hall.can_be_read(place)


async def test_a_vault_that_is_away_leaves_it_unfinished(hall: Hall, tmp_path: Path) -> None:
    await hall.add()
    await approved(hall)
    (tmp_path / "vault1").rename(tmp_path / "elsewhere")
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert done.trouble
    assert (await run_of(hall))["certificate"] is None
    (tmp_path / "elsewhere").rename(tmp_path / "vault1")
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert done.trouble == ""
    assert hall.files() == 0


async def test_a_key_of_the_log_that_is_away_leaves_it_unfinished(hall: Hall) -> None:
    await hall.add()
    await approved(hall)
    away = hall.signer.path.rename(hall.signer.path.with_suffix(".away"))
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert "put it back" in done.trouble
    away.rename(hall.signer.path)
    (done,) = await carrying.carry_out(hall.tools, "archivist")
    assert done.trouble == ""


async def test_a_later_hold_on_the_same_month_stays_readable(hall: Hall) -> None:
    """Their keys are wrapped with the same key of keys: what stays is wrapped anew."""
    held, gone = await hall.add(number="digest-b"), await hall.add()
    await holds.place(hall.catalogue, "h1", Choice(numbers=("digest-b",)), MATTER, CHEN, hall.now, 90)
    await approved(hall)
    await carrying.carry_out(hall.tools, "archivist")
    assert [await hall.can_be_read(place) for place in (held, gone)] == [True, False]
    case = certificate.read((await run_of(hall))["certificate"], [hall.signer.key().verifier]).case
    assert [key.exchanged for key in case.keys] == [1]


# ---------------------------------------------------------------- several runs in one call


async def two_runs(hall: Hall) -> tuple[int, int]:
    """Of two months, both approved, the later one to be carried out first."""
    later, earlier = await hall.add(days_ago=400), await hall.add(days_ago=800)
    for number, group in enumerate(sorted(await dry(hall), key=lambda each: each.month, reverse=True)):
        await disposal.propose(hall.catalogue, f"d{number}", hall.policy, wish(group), LI, hall.now + number)
        for who in (LI, WANG):
            await disposal.approve(hall.catalogue, f"d{number}", who, hall.now + number)
    return later, earlier


async def test_each_run_is_judged_by_the_plan_of_its_moment(hall: Hall) -> None:
    later, earlier = await two_runs(hall)
    longer = Policy(ArchiveRules(classes=(RetentionClass(id="year", rules=(rule(least=Term(years=10)),)),)), {}, POLICY.timezone)
    plans = iter([hall.policy])
    tools = hall.tools._replace(policy=lambda: next(plans, longer))  # a person changes it during the first
    assert [done.gone for done in await carrying.carry_out(tools, "archivist")] == [1, 0]
    assert [await hall.can_be_read(place) for place in (later, earlier)] == [False, True]


async def test_a_key_that_does_not_open_stops_its_own_run_and_is_named(hall: Hall) -> None:
    beside = await hall.add(days_ago=400, call="17958.held")
    await holds.place(hall.catalogue, "h1", Choice(call="17958.held"), MATTER, CHEN, hall.now, 90)
    _, earlier = await two_runs(hall)
    async with hall.catalogue.change() as change:
        await change.connection.execute(update(keys).where(keys.c.recording == beside).values(wrapped=b"\0" * 40))
    first, second = await carrying.carry_out(hall.tools, "archivist")
    assert "does not open" in first.trouble
    assert english((await run_of(hall, "d0"))["trouble"]) == first.trouble
    assert (second.gone, second.trouble) == (1, "")
    assert not await hall.can_be_read(earlier)
