"""Where the ways of letting go meet: a recording that is lost, redacted, held, wished to be erased, due, one after the other.

Each walks through the whole on real databases, vaults and keys, and ends with what `andon recordings verify` and a stranger's plain Python
say of it.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from realtime.words import SECOND
from recordings.catalogue.schema import captures, checkpoints, copies, log, nodes, recordings
from recordings.crypt.ring import PARTS
from recordings.proof import publishing
from recordings.proof.entries import Entry
from recordings.proof.published import Published
from recordings.refusals.stored import english
from recordings.retention import (
    carrying,
    certificate,
    certificate_page,
    disposal,
    due,
    erasure,
    holds,
    losing,
    people,
    recompute,
    restored,
)
from recordings.retention.choosing import Choice
from recordings.retention.disposal import DisposalRefused, Wish
from recordings.retention.holds import HoldRefused
from recordings.sealing import Line
from recordings.vault import rounds
from recordings.vault.port import name_of
from recordings.web import keeping_rows
from recordings.words import Kind
from tests.recordings.retention.hall import LI, WANG
from tests.recordings.retention.house import MATTER, POLICY, House
from tests.recordings.retention.mortal import Killed, Mortal

YEAR = 366 * 86_400 * SECOND


async def lose(house: House, line: Line, id_: str = "l-1") -> None:
    """Its copies were found bad, as fixity leaves it, and two people say that no good one is left."""
    async with house.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.id == line.id).values(state="quarantined"))
    listed = await losing.propose(house.catalogue, id_, [line.id], "the disk died", LI, house.now)
    assert (await losing.confirm(house.catalogue, id_, listed.sha256, WANG, house.now)).lost == 1


async def consent(house: House, *lines: Line) -> None:
    async with house.catalogue.change() as change:
        here = recordings.c.id.in_([line.id for line in lines])
        await change.connection.execute(update(recordings).where(here).values(class_="consent"))


async def group(house: House, class_: str = "") -> disposal.Group:
    (found,) = await disposal.groups(house.catalogue, POLICY, house.now, class_)
    return found


async def listed(house: House, id_: str = "d-1", *, approve: bool = True, class_: str = "") -> disposal.Group:
    """Everything that may go, proposed and approved by two."""
    found = await group(house, class_)
    wish = Wish(found.class_, found.month, found.sha256, "monthly")
    await disposal.propose(house.catalogue, id_, POLICY, wish, LI, house.now)
    for who in (LI, WANG) if approve else ():
        await disposal.approve(house.catalogue, id_, who, house.now)
    return found


async def wished(house: House, id_: str = "e-1") -> list[str]:
    """By the customer of every call here, approved; how it was answered."""
    asked = await erasure.ask(house.catalogue, id_, POLICY, ["digest-a"], "letter", LI, house.now)
    await disposal.approve(house.catalogue, id_, WANG, house.now)
    return sorted(each.decided.standing for each in asked.answers)


async def searched(house: House) -> None:
    private: dict[str, Any] = {"who": LI, "why": "complaint", "numbers": ["digest-a"]}
    async with house.catalogue.change() as change:
        await change.append(Entry(kind=Kind.ACCESS, at=house.now, subject="search", private=private))


async def state(house: House, line: Line) -> str:
    return str((await house.row(line.id))["state"])


async def naming(house: House) -> set[str]:
    """Subjects of entries that name the customer, but for seals."""
    rows = [row for row in await house.rows(log) if row["kind"] != "seal"]
    return {row["subject"] for row in rows if "digest-a" in (row["private"] or "")}


async def paper(house: House, id_: str) -> certificate.Certificate:
    return certificate.read((await house.run(id_))["certificate"], [house.signer.key().verifier])


async def whole(house: House, *lines: Line) -> None:
    """Nothing is found wrong by who has the database, nor by who has a bundle."""
    assert await house.findings() == []
    for line in lines:
        said = await house.proven(line.id)
        assert not said.startswith("NO"), said


# ---------------------------------------------------------------- lost


async def test_what_is_left_of_a_lost_one_goes_when_its_clock_runs_out(house: House) -> None:
    line, other = await house.call(), await house.call()
    await lose(house, line)
    assert await disposal.groups(house.catalogue, POLICY, house.now) == []
    house.now += 6 * YEAR
    assert sorted(each.id for each in (await listed(house)).items) == sorted([line.id, other.id])
    assert (await state(house, line), await state(house, other)) == ("lost", "due")
    assert await disposal.groups(house.catalogue, POLICY, house.now) == [], "it is in one list, as others are"
    assert await house.carry_out() == ("d-1", 2, 0, "")
    assert (await state(house, line), house.files(line.id), (await house.row(line.id))["number"]) == ("disposed", 0, "")
    found = await paper(house, "d-1")
    assert (found.complete, found.case.items) == (True, tuple(sorted([line.id, other.id])))
    gone = {entry["subject"]: entry["public"].get("was") for entry in await house.entries(Kind.DISPOSAL) if "kek" in entry["public"]}
    assert gone == {line.id: "lost", other.id: None}
    await whole(house, line, other)


async def test_a_certificate_claims_no_file_of_what_was_lost_before_a_vault_had_it(house: House) -> None:
    line = await house.call()
    for vault in house.vaults:
        for part in PARTS:
            vault.remove(name_of(line.id, line.began, part))
    gone = {"state": "lost", "stored_at": 0, "container": None, "derived": ""}
    async with house.catalogue.change() as change:  # its spool file went before
        await change.connection.execute(update(recordings).values(**gone))
    house.now += 6 * YEAR
    await listed(house)
    assert await house.carry_out() == ("d-1", 1, 0, "")
    found = await paper(house, "d-1")
    assert (found.complete, {each.files for each in found.case.copies}) == (True, {0})
    await whole(house, line)


async def test_a_disposal_that_is_refused_leaves_a_lost_one_lost_and_it_may_be_listed_again(house: House) -> None:
    line = await house.call()
    await lose(house, line)
    house.now += 6 * YEAR
    await listed(house, approve=False)
    await disposal.refuse(house.catalogue, "d-1", WANG, "not yet", house.now)
    assert await state(house, line) == "lost"
    assert [each.id for each in (await listed(house, "d-2")).items] == [line.id]


async def test_a_hold_pins_what_is_left_of_a_lost_one(house: House) -> None:
    """A court may want what can still be heard of it; neither a wish nor the end of its term destroys that."""
    line = await house.call()
    await consent(house, line)
    await lose(house, line)
    try:
        await holds.place(house.catalogue, "h-1", Choice(ids=(line.id,)), MATTER, LI, house.now, 90)
    except HoldRefused as refused:
        pytest.fail(str(refused))
    assert await wished(house) == ["waiting"]
    await house.carry_out()
    house.now += 6 * YEAR
    assert await disposal.groups(house.catalogue, POLICY, house.now) == []
    assert (await state(house, line), house.files(line.id)) == ("lost", 6)
    for who in (LI, WANG):
        await holds.release(house.catalogue, "h-1", who, "over", house.now)
    assert await erasure.wake(house.catalogue, POLICY, house.now, lambda: "e-2") == ["e-2"]
    assert await house.carry_out() == ("e-2", 1, 0, "")
    assert (await state(house, line), house.files(line.id)) == ("disposed", 0)
    await whole(house, line)


async def test_a_hold_takes_a_lost_one_out_of_the_list_that_was_approved(house: House) -> None:
    line = await house.call()
    await lose(house, line)
    house.now += 6 * YEAR
    await listed(house)
    await holds.place(house.catalogue, "h-1", Choice(ids=(line.id,)), MATTER, LI, house.now, 90)
    assert await house.carry_out() == ("d-1", 0, 1, "")
    assert (await state(house, line), house.files(line.id)) == ("lost", 6)


async def test_a_number_is_not_forgotten_while_a_duty_keeps_what_is_lost_of_it(house: House) -> None:
    lost, free = await house.call(), await house.call()
    await consent(house, free)
    await lose(house, lost)
    await searched(house)
    assert await wished(house) == ["going", "waiting"]
    assert await house.carry_out() == ("e-1", 1, 1, "")
    assert "search" in await naming(house), "who looked for it is still answered for"
    assert (await house.run("e-1"))["numbers"] == "digest-a"
    house.now += 6 * YEAR
    assert await erasure.wake(house.catalogue, POLICY, house.now, lambda: "e-2") == ["e-2"]
    assert await house.carry_out() == ("e-2", 1, 0, "")
    assert await naming(house) == set()
    await whole(house, lost, free)


async def test_what_is_lost_is_kept_by_its_rules_and_is_said_to_be(house: House) -> None:
    line = await house.call()
    await lose(house, line)
    async with house.catalogue.change() as change:
        await change.connection.execute(update(recordings).values(keep_until=0))
    assert (await recompute.recompute(house.catalogue, POLICY, house.now)).changed == 1
    async with house.catalogue.reading() as connection:
        for years, verdict in ((0, "kept"), (6, "may_go")):
            found = await due.due(connection, POLICY, house.now + years * YEAR, Choice(), verdict)
            assert [each.row["id"] for each in found.lines] == [line.id]
            assert found.counts[verdict] == 1


async def test_what_is_left_of_a_lost_one_is_not_astray(house: House) -> None:
    """It is named in no round for somebody to remove it by hand."""
    line = await house.call()
    await lose(house, line)
    assert await rounds.strays(house.catalogue, house.vaults) == (0, ())


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("way", ["disposal", "redaction"])
async def test_killed_at_any_transaction_a_lost_one_still_goes_with_its_certificate(house: House, url: str, way: str, after: bool) -> None:
    mortal = Mortal(url, writes=True)
    mortal.after = after
    survived = False
    for number in range(1, 30):
        line, id_, before = await house.call(), f"d-{number}", house.now
        await lose(house, line, f"l-{number}")
        if way == "disposal":
            house.now += 6 * YEAR
            await listed(house, id_)
        else:
            await house.propose(line, id_)
            await house.approve(id_)
        mortal.lives = number
        try:
            await carrying.carry_out(house.tools._replace(catalogue=mortal), "archivist")
            survived = True
        except Killed:
            await carrying.carry_out(house.tools, "archivist")
        assert (await state(house, line), house.files(line.id)) == ("disposed", 0)
        assert (await paper(house, id_)).complete
        house.now = before
        if survived:
            break
    await mortal.close()
    assert survived, "it has more steps than this test has lives"
    assert number > 4
    assert await house.findings() == []


# ---------------------------------------------------------------- card data


@pytest.mark.parametrize("when", ["quarantined", "before", "after"])
async def test_card_data_in_what_is_lost_is_destroyed_and_nothing_takes_its_place(house: House, when: str) -> None:
    """There is a key, and copies of which most can be heard: of card data neither may be kept (PCI DSS 3.3.1)."""
    line = await house.call()
    if when == "before":
        await house.propose(line)
    if when == "quarantined":
        async with house.catalogue.change() as change:
            await change.connection.execute(update(recordings).values(state="quarantined"))
        await house.propose(line)
        assert (await house.row(line.id))["restricted"]
    await lose(house, line)
    if when == "after":
        await house.propose(line)
    await house.approve()
    assert await house.carry_out() == ("r-1", 1, 0, "")
    assert (await state(house, line), house.files(line.id), len(await house.rows(recordings))) == ("disposed", 0, 1)
    found = await paper(house, "r-1")
    assert (found.complete, found.case.items, found.case.redacted) == (True, (line.id,), ())
    assert "none could be made" in certificate_page.page(found, "en", "0" * 64)
    assert [entry["public"]["step"] for entry in await house.entries(Kind.INCIDENT)] == ["found", "answered"]
    await whole(house, line)


async def test_a_hold_goes_before_the_card_data_in_what_is_lost(house: House) -> None:
    line = await house.call()
    await house.propose(line)
    await lose(house, line)
    await house.approve()
    await holds.place(house.catalogue, "h-1", Choice(ids=(line.id,)), MATTER, LI, house.now, 90)
    assert "A legal hold is on it" in (await house.carry_out()).trouble
    assert (await state(house, line), house.files(line.id)) == ("lost", 6)


async def test_the_original_that_is_lost_while_the_redacted_one_waits_for_a_hold_is_erased_by_the_wish(house: House) -> None:
    """Redacted, lost, wished: three ways at one recording end with one certificate, and nothing of any of them is left."""
    line = await house.call()
    await house.propose(line)
    await house.approve()
    await house.carry_out()
    new = await house.into()
    await consent(house, new)
    await lose(house, new)
    await searched(house)
    assert await wished(house) == ["going"]
    assert await house.carry_out() == ("e-1", 1, 0, "")
    assert [await state(house, each) for each in (line, new)] == ["disposed", "disposed"]
    assert (house.files(line.id), house.files(new.id), await naming(house)) == (0, 0, set())
    assert (await paper(house, "e-1")).case.items == (new.id,)
    await whole(house, line, new)


# ---------------------------------------------------------------- lists that meet


async def test_a_wish_that_is_refused_takes_nothing_off_the_list_of_a_disposal(house: House) -> None:
    line = await house.call()
    await consent(house, line)
    house.now += 6 * YEAR
    await listed(house)
    await erasure.ask(house.catalogue, "e-1", POLICY, ["digest-a"], "letter", LI, house.now)
    await disposal.refuse(house.catalogue, "e-1", WANG, "it goes anyway", house.now)
    assert await state(house, line) == "due"
    assert await house.carry_out() == ("d-1", 1, 0, "")
    await whole(house, line)


async def test_a_disposal_approved_before_the_redaction_goes_first_and_the_redaction_finds_nothing(house: House) -> None:
    line = await house.call()
    await house.propose(line)
    house.now += 6 * YEAR
    await listed(house)
    await house.approve()
    done = {each.id: each for each in await carrying.carry_out(house.tools, "archivist")}
    assert done["d-1"] == ("d-1", 1, 0, "")
    for each in await carrying.carry_out(house.tools, "archivist"):
        assert each == ("r-1", 0, 1, "")
    assert ((await house.run("r-1"))["standing"], await state(house, line)) == ("done", "disposed")
    assert len(await house.rows(recordings)) == 1
    await whole(house, line)


async def test_a_redaction_done_before_a_disposal_leaves_its_list_and_the_redacted_one_is_due_by_itself(house: House) -> None:
    line = await house.call()
    await house.propose(line)
    await house.approve()
    await house.carry_out()
    new = await house.into()
    await searched(house)
    house.now += 6 * YEAR
    assert [each.id for each in (await listed(house)).items] == [new.id]
    assert await house.carry_out() == ("d-1", 1, 0, "")
    assert [await state(house, each) for each in (line, new)] == ["disposed", "disposed"]
    await whole(house, line, new)


async def test_two_who_propose_the_same_at_the_same_moment_make_one_list(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a refusal of the one list silently empties the other."""
    line = await house.call()
    house.now += 6 * YEAR
    found = await disposal.groups(house.catalogue, POLICY, house.now)

    async def as_it_was(*_: Any) -> list[disposal.Group]:
        return found

    await listed(house)
    monkeypatch.setattr(disposal, "groups", as_it_was)
    with pytest.raises(DisposalRefused, match="another one by now"):
        await disposal.propose(
            house.catalogue, "d-2", POLICY, Wish(found[0].class_, found[0].month, found[0].sha256, "again"), WANG, house.now
        )
    assert await house.carry_out() == ("d-1", 1, 0, "")
    assert await state(house, line) == "disposed"


# ---------------------------------------------------------------- the spool


async def test_what_lies_in_the_spool_still_is_not_certified_as_gone(house: House) -> None:
    """Andon may not remove it there: the file as it was captured is the recording, in clear."""
    line = await house.call()
    await consent(house, line)
    row = {"node": "hall7", "name": "n1", "shown": "a.wav", "size": 1, "changed": 1, "standing": "taken", "recording": line.id}
    async with house.catalogue.change() as change:
        await change.connection.execute(insert(captures).values(**row, trouble="", first_seen=1))
    await wished(house)
    done = await house.carry_out()
    assert (done.gone, "in the spool" in done.trouble) == (1, True)
    assert ((await house.run("e-1"))["standing"], (await house.run("e-1"))["certificate"]) == ("carrying", None)
    async with house.catalogue.change() as change:
        await change.connection.execute(delete(captures))
    assert await house.carry_out() == ("e-1", 1, 0, "")
    assert (await paper(house, "e-1")).complete


# ---------------------------------------------------------------- a catalogue of before


async def test_a_catalogue_of_before_a_redaction_ends_with_an_answer(house: House) -> None:
    """The original's key and copies are gone, and the line says that it is kept. It is not told to restore what nobody has."""
    line = await house.call()
    await house.propose(line)
    await house.approve()
    async with house.catalogue.change() as change:  # as a restore finds it: the key of keys destroyed, the files gone
        for name in sorted(house.stores.names()):
            house.stores.destroy(name)
        await change.connection.execute(update(copies).values(good=False))
    done = await house.carry_out()
    assert (done.gone, "of before its destruction" in done.trouble) == (0, True)
    await lose(house, line)
    assert await house.carry_out() == ("r-1", 1, 0, "")
    assert (await paper(house, "r-1")).complete
    assert json.loads((await house.rows(log))[-1]["leaf"])["public"]["step"] == "answered"
    await whole(house, line)


async def test_a_catalogue_of_before_a_disposal_holds_up_nobody_elses_erasure(house: House) -> None:
    """Two were disposed of, and a backup of before was restored: both lines say kept, and the key of keys that they share is destroyed. One
    has to stay by a duty, the other is wished to be erased."""
    one, other = await house.call(), await house.call()
    await consent(house, one)
    for name in sorted(house.stores.names()):
        house.stores.destroy(name)
    await lose(house, one)
    assert await wished(house) == ["going", "waiting"]
    assert await house.carry_out() == ("e-1", 1, 1, "")
    assert (await state(house, one), await state(house, other)) == ("disposed", "kept")
    assert (await paper(house, "e-1")).complete
    new = await house.call()
    assert await house.original(new), "what is sealed from now on has a key of keys of its own"
    await whole(house, one)


async def test_a_wish_waits_for_nothing_that_a_disposal_has_let_go(house: House) -> None:
    line = await house.call()
    assert await wished(house) == ["waiting"]
    await house.carry_out()
    house.now += 6 * YEAR
    await listed(house)
    assert await house.carry_out() == ("d-1", 1, 0, "")
    assert await erasure.wake(house.catalogue, POLICY, house.now, lambda: "e-2") == []
    async with house.catalogue.reading() as connection:
        (item,) = await disposal.items_of(connection, "e-1", 10)
    assert (item["standing"], "erase.gone" in item["why"]) == ("kept", True)
    await whole(house, line)


@pytest.mark.parametrize("marked", [True, False])
async def test_what_was_approved_before_a_backup_is_not_carried_out_when_it_is_put_back(house: House, marked: bool) -> None:
    """Since the backup somebody may have placed a hold, or refused it: this catalogue knows of neither. Whether `andon restore` left its
    mark, or the database alone was put back and the published checkpoint speaks of more than there is."""
    line = await house.call()
    house.now += 6 * YEAR
    await listed(house)
    assert await house.findings() == []
    folder = house.folder / "published"
    if marked:
        Published(folder).mark_restored("2026-11-24T00:00:00Z")
    else:
        await forget_the_last(house)
    done = await house.carry_out()
    assert (done.gone, "nothing is destroyed" in done.trouble) == (0, True)
    assert english((await house.run("d-1"))["trouble"]) == done.trouble
    assert (await state(house, line), house.files(line.id)) == ("due", 6)
    await holds.place(house.catalogue, "h-1", Choice(ids=(line.id,)), MATTER, LI, house.now, 90)
    assert await accepted(house) == 1
    for who in (LI, WANG):
        assert await carrying.carry_out(house.tools, "archivist") == [], "whoever approved it knew nothing of what came since"
        await disposal.approve(house.catalogue, "d-1", who, house.now)
    assert await house.carry_out() == ("d-1", 0, 1, "")
    assert (await state(house, line), house.files(line.id)) == ("kept", 6)


async def accepted(house: House) -> int:
    """How many wait for people again."""
    folder = house.folder / "published"
    done = await publishing.accept(house.catalogue, house.signer, folder, house.now, LI, "the disk died", restored.set_back)
    assert done is not None
    house.now += SECOND
    return done.again


async def put_back(house: House) -> int:
    """As `andon restore` leaves it, and accepted; how many wait for people again."""
    assert await house.findings() == []
    Published(house.folder / "published").mark_restored("2026-11-24T00:00:00Z")
    return await accepted(house)


async def test_what_was_approved_before_a_restore_waits_for_people_again_whatever_it_is(house: House) -> None:
    """A hold of the time in between is lost: only people can know of it, so nothing of it may go on by itself."""
    free, card, due_ = await house.call(), await house.call(), await house.call()
    await consent(house, free, due_)
    await house.propose(card)
    await house.approve()
    async with house.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.id == due_.id).values(number="digest-b"))
    assert await wished(house) == ["going", "waiting"]
    house.now += 6 * YEAR
    await listed(house, class_="consent")
    assert await put_back(house) == 3
    assert await carrying.carry_out(house.tools, "archivist") == []
    for id_, needed in (("d-1", 2), ("e-1", 1), ("r-1", 1)):
        run = await house.run(id_)
        assert (run["standing"], run["decided_at"], run["trouble"]) == ("proposed", 0, restored.AGAIN)
        told = keeping_rows.disposal_row(run, {}).trouble
        assert told is not None
        assert "恢复备份" in told.zh
        (said,) = [entry for entry in await house.entries(Kind.APPROVAL) if entry["subject"] == id_ and "withdrawn" in entry["public"]]
        assert said["public"]["withdrawn"] == needed
        if needed == 1:
            with pytest.raises(people.SamePerson):
                await disposal.approve(house.catalogue, id_, LI, house.now)
        else:
            assert await disposal.approve(house.catalogue, id_, LI, house.now) == "proposed"
        assert await disposal.approve(house.catalogue, id_, WANG, house.now) == "approved"
        assert (await house.run(id_))["trouble"] == ""
    done = {each.id: each.gone for each in await carrying.carry_out(house.tools, "archivist")}
    assert (done["r-1"], sum(done.values())) == (1, 3)
    await whole(house, free, card, due_)


async def test_one_approval_of_before_a_restore_is_none(house: House) -> None:
    await house.call()
    house.now += 6 * YEAR
    await listed(house, approve=False)
    await disposal.approve(house.catalogue, "d-1", LI, house.now)
    assert await put_back(house) == 1
    assert await disposal.approve(house.catalogue, "d-1", WANG, house.now) == "proposed"


async def killed_behind_the_first_key(house: House, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "BATCH", 1)
    mortal = Mortal(url, writes=True)
    mortal.lives, mortal.after = 2, True
    with pytest.raises(Killed):
        await carrying.carry_out(house.tools._replace(catalogue=mortal), "archivist")
    await mortal.close()


async def test_what_was_begun_before_a_restore_is_finished_and_takes_no_more(
    house: House, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one the key is deleted already, so its certificate is owed; the other can be kept."""
    lines = [await house.call(), await house.call()]
    house.now += 6 * YEAR
    await listed(house)
    await killed_behind_the_first_key(house, url, monkeypatch)
    assert sorted([await state(house, line) for line in lines]) == ["disposed", "due"]
    assert await put_back(house) == 0
    assert await house.carry_out() == ("d-1", 1, 1, "")
    assert sorted([await state(house, line) for line in lines]) == ["disposed", "kept"]
    assert len((await group(house)).items) == 1, "it may be proposed anew"
    await whole(house, *lines)


async def test_a_wish_that_was_begun_before_a_restore_goes_on_when_somebody_approves_the_rest(
    house: House, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [await house.call(), await house.call()]
    await consent(house, *lines)
    assert await wished(house) == ["going", "going"]
    await killed_behind_the_first_key(house, url, monkeypatch)
    assert await put_back(house) == 0
    assert await house.carry_out() == ("e-1", 1, 1, "")
    assert {(row["state"], row["restricted"]) for row in await house.rows(recordings)} >= {("kept", True)}
    assert await erasure.wake(house.catalogue, POLICY, house.now, lambda: "e-2") == ["e-2"]
    assert await carrying.carry_out(house.tools, "archivist") == []
    await disposal.approve(house.catalogue, "e-2", WANG, house.now)
    assert await house.carry_out() == ("e-2", 1, 0, "")
    await whole(house, *lines)


async def test_a_duty_that_ends_after_a_restore_lets_a_wish_of_before_go_only_when_it_is_approved_again(house: House) -> None:
    line = await house.call()
    assert await wished(house) == ["waiting"]
    await house.carry_out()
    assert await put_back(house) == 0
    house.now += 6 * YEAR
    assert await erasure.wake(house.catalogue, POLICY, house.now, lambda: "e-2") == ["e-2"]
    assert await carrying.carry_out(house.tools, "archivist") == []
    assert ((await house.run("e-2"))["standing"], await state(house, line)) == ("proposed", "kept")
    with pytest.raises(people.SamePerson):
        await disposal.approve(house.catalogue, "e-2", LI, house.now)
    await disposal.approve(house.catalogue, "e-2", WANG, house.now)
    assert await house.carry_out() == ("e-2", 1, 0, "")
    await whole(house, line)


async def forget_the_last(house: House) -> None:
    """As a database of before has it: the last entry and its checkpoint are not in it yet."""
    last = max(row["index"] for row in await house.rows(log))
    async with house.catalogue.change() as change:
        await change.connection.execute(delete(log).where(log.c.index == last))
        await change.connection.execute(delete(checkpoints))
        for row in (await change.connection.execute(select(nodes))).all():
            if (row.index + 1) << row.level > last:
                await change.connection.execute(delete(nodes).where(nodes.c.level == row.level, nodes.c.index == row.index))
