"""Card data found in an archived recording, on real databases, vaults, keys: silenced by two people's word, and nothing else changes."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from sqlalchemy import insert, select

from realtime.plan.archive import ArchiveRules, RetentionClass
from realtime.words import SECOND
from recordings.calls.ledger_rows import recordings_of
from recordings.catalogue import search
from recordings.catalogue.asked import Query
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import checkpoints, comments, log, recordings, tags
from recordings.crypt.container import ContainerBad, Opened
from recordings.crypt.ring import PARTS, part_key
from recordings.discs import store as discs
from recordings.discs.sets import may_burn
from recordings.proof import note, verify_bundle, verifying
from recordings.proof.bundle import Signed, gather, pack
from recordings.proof.forgotten import lawful
from recordings.proof.published import Published
from recordings.proof.publishing import daily
from recordings.quality.tables import calibrations, scores
from recordings.retention import carrying, certificate, certificate_page, disposal, erasure, events, holds, redaction
from recordings.retention.choosing import Choice
from recordings.retention.events import ClockSaid
from recordings.retention.judging import judged
from recordings.retention.people import NotAPerson, SamePerson
from recordings.retention.redaction import RedactionRefused, Wish, checked
from recordings.sealing_sound import frames_of_original
from recordings.words import Kind, State
from tests.recordings.archives import NODE
from tests.recordings.retention.hall import CHEN, LI, WANG
from tests.recordings.retention.house import ALL, DISPUTES, FIVE, MATTER, POLICY, SPANS, House
from tests.recordings.retention.mortal import Killed, Mortal
from tests.recordings.sounds import tone, wav


def samples(data: bytes, format_: str = "wav") -> Any:
    class Bytes:
        size = len(data)

        def read(self, offset: int, length: int) -> bytes:
            return data[offset : offset + length]

    frames = frames_of_original(Bytes(), format_)
    return frames.read(0, frames.frames)


# ---------------------------------------------------------------- which stretches


NOT_SPANS = [[], [(5, 5)], [(6, 5)], [(-1, 5)], [(0, 10_001)], [(0, 10_000)], [(0, 5_000), (5_000, 10_000)]]
NOT_SPANS.append([(number * 9, number * 9 + 1) for number in range(21)])


@pytest.mark.parametrize("spans", NOT_SPANS)
def test_stretches_that_cannot_be_are_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(RedactionRefused):
        checked(spans, 10_000)


def test_a_stretch_that_is_too_long_is_refused() -> None:
    assert checked([(0, 600_000)], 3_600_000) == ((0, 600_000),)
    for spans in ([(0, 600_001)], [(0, 400_000), (300_000, 700_000)]):
        with pytest.raises(RedactionRefused):
            checked(spans, 3_600_000)


def test_stretches_that_touch_are_one() -> None:
    assert checked([(3_000, 4_000), (1_000, 2_000), (2_000, 2_500), (3_500, 3_600)], 10_000) == ((1_000, 2_500), (3_000, 4_000))


# ---------------------------------------------------------------- the whole way

LEGS = {"-in.wav": wav(tone(5.0, 300.0)), "-out.wav": wav(tone(4.0, 500.0))}
ULAW = {".ulaw": bytes(index % 251 for index in range(40_000))}


@pytest.mark.parametrize("files", [None, LEGS, ULAW], ids=["mixed", "legs", "ulaw"])
async def test_it_is_silent_there_and_the_same_everywhere_else(house: House, files: dict[str, bytes] | None) -> None:
    line = await house.call(files)
    before = samples(await house.original(line), line.format)
    await house.propose(line)
    assert await house.approve() == "approved"
    assert await house.carry_out() == ("r-1", 1, 0, "")
    new = await house.into()
    expected = before.copy()
    for since, until in SPANS:
        assert expected[since * 8 : until * 8].any(), "there was something to silence"
        expected[since * 8 : until * 8] = 0
    for vault in (0, 1):
        assert np.array_equal(samples(await house.original(new, vault=vault)), expected)
        assert (await house.original(new, "opus", vault=vault))[:4] == b"OggS"
        assert (await house.original(new, "peaks", vault=vault))[:4] == b"APK1"
    opus = frames_of_opus(await house.original(new, "opus"))
    assert np.abs(opus[1_300 * 48 : 1_700 * 48]).max() < 50, "nor is anything of it left in what is heard"
    assert np.abs(opus[2_000 * 48 : 2_500 * 48]).max() > 1_000


def frames_of_opus(data: bytes) -> Any:

    heard, rate = soundfile.read(io.BytesIO(data), dtype="int16", always_2d=True)
    return np.repeat(heard, 48_000 // rate, axis=0) if rate != 48_000 else heard


async def test_the_original_is_gone_for_good_and_its_line_says_by_what_it_was_replaced(house: House) -> None:
    line, other = await house.call(), await house.call()
    disc = [(vault, name, b"".join(vault.pieces(name))) for vault in house.vaults for name in vault.names() if line.id in name]
    await house.propose(line)
    await house.approve()
    await house.carry_out()
    new = await house.into()
    assert [house.files(each.id) for each in (line, new, other)] == [0, 6, 6]
    row, made = await house.row(line.id), await house.row(new.id)
    assert (row["state"], row["number"], row["disposed_at"]) == ("disposed", "", house.now)
    assert (made["state"], made["class"], made["number"], made["call"]) == ("kept", "five", "digest-a", "1795000000.1")
    assert (made["keep_until"], made["kept_by"], made["began"]) == (line.keep_until, row["kept_by"], line.began)
    assert {"kind": "paused", "since": 1_000, "until": 1_750} in json.loads(made["spans"])
    assert not made["restricted"]
    assert len(disc) == 6
    keks = [key for name in house.stores.names() if (key := house.stores.get(name)) is not None]
    assert keks
    for vault, name, data in disc:  # as a disc would still bear it
        vault.store(name, [data], hashlib.sha256(data).digest())
        for kek in keks:
            for key in (kek, *(part_key(kek, part) for part in PARTS)):
                with pytest.raises(ContainerBad):
                    Opened(lambda at, length, of=vault, at_=name: of.read_at(at_, at, length), key, vault.size(name))
    assert await house.original(other), "what shared its key of keys stays readable"


async def test_its_certificate_is_verified_by_plain_python(house: House, tmp_path: Path) -> None:
    line = await house.call()
    said = await house.propose(line)
    await house.approve()
    await house.carry_out()
    new, run = await house.into(), await house.run()
    read = certificate.read(run["certificate"], [house.signer.key().verifier])
    assert (read.complete, read.case.kind, read.case.items, read.case.approvers) == (True, "redaction", (line.id,), (LI, WANG))
    assert read.case.redacted == (certificate.Redacted(line.id, new.id, new.sha256.hex(), said.spans),)
    assert run["sha256"].hex() == said.sha256
    for language, title in (("en", "Certificate of redaction"), ("zh", "敏感片段抹除证明")):
        page = certificate_page.page(read, language, certificate.digest(run["certificate"]))
        assert (title in page, new.id in page, "1–1.75, 3–3.2" in page) == (True, True, True)
    verifier = str(house.signer.key().verifier)
    code, said_of_it = await asyncio.to_thread(stranger, tmp_path, run["certificate"], verifier)
    assert (code, "redaction r-1, 1 recordings, complete" in said_of_it) == (0, True)
    changed = run["certificate"].replace(b"[1000,1750]", b"[1000,1751]")
    assert changed != run["certificate"]
    assert (await asyncio.to_thread(stranger, tmp_path, changed, verifier))[0] == 1


def stranger(folder: Path, file: bytes, verifier: str) -> tuple[int, str]:
    """Who has plain Python, the verifier and the certificate."""
    (folder / "certificate.json").write_bytes(file)
    shutil.copy(verify_bundle.__file__, folder)
    command = [sys.executable, "-I", "-S", "verify_bundle.py", "certificate.json", "--vkey", verifier]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, timeout=60, encoding="utf-8")
    return done.returncode, done.stdout


async def test_the_log_has_the_incident_the_seal_and_what_it_was_made_of(house: House) -> None:
    line = await house.call()
    await house.propose(line)
    assert [(each["subject"], each["public"]["step"]) for each in await house.entries(Kind.INCIDENT)] == [(line.id, "found")]
    async with house.catalogue.reading() as connection:
        assert await redaction.waiting(connection) == 1
    await house.approve()
    await house.carry_out()
    new = await house.into()
    assert [each["public"]["step"] for each in await house.entries(Kind.INCIDENT)] == ["found", "answered"]
    seal = next(each["public"] for each in await house.entries(Kind.SEAL) if each["subject"] == new.id)
    assert (seal["derived_from"], seal["derived_sha256"]) == (line.id, line.sha256.hex())
    assert (seal["redacted"], seal["run"], seal["sha256"]) == ([list(each) for each in SPANS], "r-1", new.sha256.hex())
    leaves = [row["leaf"] for row in await house.rows(log)]
    assert not any("digest-a" in leaf or "ticket 7" in leaf or "user:li" in leaf for leaf in leaves)
    async with house.catalogue.reading() as connection:
        assert await redaction.waiting(connection) == 0


async def test_the_call_has_its_one_recording_and_searches_find_it(house: House) -> None:
    line = await house.call()
    await house.propose(line)
    await house.approve()
    await house.carry_out()
    new = await house.into()
    async with house.catalogue.reading() as connection:
        known = await recordings_of(connection, [(NODE, "1795000000.1")])
        assert [(each.place, each.known.state) for each in known[NODE, "1795000000.1"]] == [(new.place, State.KEPT)]
        for query in (Query(numbers=("digest-a",)), Query(agent="1024"), Query(queue="sales"), Query(call="1795000000.1")):
            found = (await search.find(connection, query, ALL)).rows
            assert [row.id for row in found if row.state == "kept"] == [new.id]
        assert await redaction.kin_of(connection, new.place) == (line.id, "")
        assert await redaction.kin_of(connection, line.place) == ("", new.id)


async def test_what_people_wrote_goes_on_with_it(house: House) -> None:
    line = await house.call()
    async with house.catalogue.change() as change:
        said = {"recording": line.place, "since_ms": 1, "until_ms": 2, "text": "good", "who": LI, "at": 1}
        await change.connection.execute(insert(comments).values(**said))
        await change.connection.execute(insert(tags).values(tag="sold", recording=line.place, by=LI, at=1))
        score = {"recording": line.place, "form": "f", "rater": LI, "kind": "usual", "standing": "done", "began_at": 1}
        await change.connection.execute(insert(scores).values(**score))
        listed = {"name": "n", "form": "f", "recordings": json.dumps([line.place, 10 * line.place]), "raters": "[]", "by": LI, "at": 1}
        await change.connection.execute(insert(calibrations).values(**listed))
        dispute = ClockSaid(clock="dispute", scope="recording", subject=line.id, moment=house.now, reference="court 7")
        await events.say(change, dispute, POLICY.campaigns, LI, house.now)
    await house.propose(line)
    await house.approve()
    await house.carry_out()
    new = await house.into()
    for table in (comments, tags, scores):
        assert [row["recording"] for row in await house.rows(table)] == [new.place]
    assert [json.loads(row["recordings"]) for row in await house.rows(calibrations)] == [[new.place, 10 * line.place]]
    async with house.catalogue.reading() as connection:
        (row,) = (await connection.execute(select(recordings).where(recordings.c.id == new.id))).mappings().all()
        (each,) = await judged(connection, [row], DISPUTES, house.now)
    assert "keep.dispute" in [reason.code for reason in each.keeping.why]


# ---------------------------------------------------------------- who


async def test_it_takes_two_people(house: House) -> None:
    line = await house.call()
    with pytest.raises(NotAPerson):
        await house.propose(line, who="token:robot")
    await house.propose(line)
    assert (await house.row(line.id))["restricted"], "from now on"
    for who in (LI, "local:li (root)"):
        with pytest.raises(SamePerson):
            await house.approve(who=who)
    assert await carrying.carry_out(house.tools, "archivist") == []
    assert await house.original(line)
    with pytest.raises(RedactionRefused, match="waits already"):
        await house.propose(line, "r-2", CHEN)


async def test_one_that_is_refused_leaves_everything_as_it_was(house: House) -> None:
    line = await house.call()
    await house.propose(line)
    await disposal.refuse(house.catalogue, "r-1", WANG, "no card was said", house.now)
    assert await carrying.carry_out(house.tools, "archivist") == []
    row = await house.row(line.id)
    assert (row["state"], row["restricted"]) == ("kept", False)
    await house.propose(line, "r-2")


async def test_what_is_gone_or_cannot_be_heard_is_refused(house: House) -> None:
    line, silent = await house.call(), await house.call({".wav": b"RIFFnothing"})
    with pytest.raises(RedactionRefused, match="cannot be read"):
        await redaction.propose(house.catalogue, "r-0", Wish(silent.id, [(0, 1)], "x"), LI, "UTC", house.now)
    with pytest.raises(RedactionRefused, match="no recording"):
        await redaction.propose(house.catalogue, "r-0", Wish("z" * 20, SPANS, "x"), LI, "UTC", house.now)
    await house.propose(line)
    await house.approve()
    await house.carry_out()
    with pytest.raises(RedactionRefused, match="was redacted; its successor is"):
        await house.propose(line, "r-2")


# ---------------------------------------------------------------- holds, wishes, disposals


@pytest.mark.parametrize("when", ["before", "proposed", "approved"])
async def test_a_hold_goes_before_it_until_two_people_release_it(house: House, when: str) -> None:
    line = await house.call()
    hold = lambda: holds.place(house.catalogue, "h-1", Choice(call="1795000000.1"), MATTER, LI, house.now, 90)  # noqa: E731
    if when == "before":
        await hold()
    assert (await house.propose(line)).held == (when == "before")
    if when == "proposed":
        await hold()
    await house.approve()
    if when == "approved":
        await hold()
    done = await house.carry_out()
    assert (done.gone, "A legal hold is on it" in done.trouble) == (0, True)
    row = await house.row(line.id)
    assert (row["state"], row["restricted"], len(await house.rows(recordings))) == ("kept", True, 1)
    assert await house.original(line)
    for who in (LI, WANG):
        await holds.release(house.catalogue, "h-1", who, "they agreed", house.now)
    assert await house.carry_out() == ("r-1", 1, 0, "")
    assert (await house.run())["trouble"] == ""


async def test_a_hold_in_the_last_moment_wins(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    line = await house.call()
    await house.propose(line)
    await house.approve()
    made = carrying.redacting._make

    def slow(*arguments: Any) -> Any:
        """While files are written somebody places a hold."""
        import asyncio

        found = made(*arguments)
        asyncio.run_coroutine_threadsafe(
            holds.place(house.catalogue, "h-1", Choice(call="1795000000.1"), MATTER, LI, house.now, 90), loop
        ).result(30)
        return found

    import asyncio

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(carrying.redacting, "_make", slow)
    assert "A legal hold is on it" in (await house.carry_out()).trouble
    assert (await house.original(line), len(await house.rows(recordings))) != (b"", 2)
    assert (await house.row(line.id))["state"] == "kept"


async def test_a_wish_to_be_erased_goes_on_with_it_and_forgets_all_of_them(house: House) -> None:
    line = await house.call()
    await erasure.ask(house.catalogue, "e-1", POLICY, ["digest-a"], "letter", LI, house.now)
    await disposal.approve(house.catalogue, "e-1", WANG, house.now)
    await house.carry_out()
    await house.propose(line)
    await house.approve()
    await house.carry_out()
    new = await house.into()
    assert (await house.row(new.id))["restricted"], "a duty keeps it, and a wish stands against it, as before"
    assert any("digest-a" in (row["private"] or "") for row in await house.rows(log) if row["subject"] == line.id)
    house.now += 6 * 366 * 86_400 * SECOND
    assert await erasure.wake(house.catalogue, POLICY, house.now, lambda: "e-2") == ["e-2"]
    assert (await house.carry_out())[:2] == ("e-2", 1)
    assert [(await house.row(each.id))["state"] for each in (line, new)] == ["disposed", "disposed"]
    of_both = [row for row in await house.rows(log) if row["subject"] in (line.id, new.id)]
    assert [row["private"] for row in of_both if row["kind"] == "seal"] == [None, None]
    gone = {row["index"]: row["subject"] for row in await house.rows(log) if row["private"] is None}
    async with house.catalogue.reading() as connection:
        assert await lawful(connection, gone) == set(gone), "the log says of each why it is gone"


async def test_one_that_was_destroyed_meanwhile_is_not_redacted(house: House) -> None:
    line = await house.call()
    async with house.catalogue.change() as change:
        await change.connection.execute(recordings.update().values(class_="consent"))
    await house.propose(line)
    await erasure.ask(house.catalogue, "e-1", POLICY, ["digest-a"], "letter", LI, house.now)
    await disposal.approve(house.catalogue, "e-1", WANG, house.now)
    assert (await house.carry_out())[:2] == ("e-1", 1)
    await house.approve()
    assert await house.carry_out() == ("r-1", 0, 1, "")
    assert ((await house.run())["standing"], (await house.run())["certificate"]) == ("done", None)
    assert len(await house.rows(recordings)) == 1


async def test_what_waits_to_be_redacted_is_not_burned_and_what_takes_its_place_is(house: House) -> None:
    burned = ArchiveRules(classes=(RetentionClass(id="five", rules=FIVE.rules, burn=True),))

    async def may() -> list[str]:
        async with house.catalogue.reading() as connection:
            found = await discs.candidates(connection, "Asia/Shanghai", ["five"])
        assert all(may_burn(each, burned) for each in found), "as the database has it, as it is judged"
        return [each.id for each in found]

    line, other = await house.call(), await house.call()
    assert await may() == [line.id, other.id]
    await house.propose(line)
    assert await may() == [other.id]
    await house.approve()
    await house.carry_out()
    assert sorted(await may()) == sorted([other.id, (await house.into()).id])


async def test_the_log_and_both_bundles_verify(house: House, tmp_path: Path) -> None:
    line = await house.call()
    await house.propose(line)
    await house.approve()
    await house.carry_out()
    new, published = await house.into(), Published(tmp_path / "published")
    await daily(house.catalogue, house.signer, tmp_path / "published", house.now)
    looked = await verifying.look(house.catalogue, published, [house.signer.key().verifier], lambda at, of: None)
    assert (looked.bad, looked.size > 6) == (0, True)
    async with house.catalogue.reading() as connection:
        text = (await connection.execute(select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1))).scalar_one()
        signed = Signed(note.verify(text, [house.signer.key().verifier]), text, [house.signer.key().verifier])
        for each in (line, new):
            files = await gather(connection, [each.id], signed)
            assert ("certificate.json" in files) == (each is line)
            (tmp_path / f"{each.id}.zip").write_bytes(pack(files, house.now))
    (tmp_path / "heard.wav").write_bytes(await house.original(new))
    for each in (line, new):
        more = ["--file", "heard.wav"] if each is new else []
        assert await asyncio.to_thread(verified, tmp_path, f"{each.id}.zip", str(house.signer.key().verifier), *more) == 0


def verified(folder: Path, bundle: str, verifier: str, *more: str) -> int:
    shutil.copy(verify_bundle.__file__, folder)
    command = [sys.executable, "-I", "-S", "verify_bundle.py", bundle, "--vkey", verifier, *more]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, timeout=60).returncode


# ---------------------------------------------------------------- damage, faults, deaths


def spoil(house: House, id_: str, vault: int) -> None:
    (path,) = (house.folder / f"vault{vault}").rglob(f"{id_}.sound")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


async def test_a_spoiled_copy_is_not_what_the_redacted_one_is_made_of(house: House) -> None:
    line = await house.call()
    before = samples(await house.original(line))
    await house.propose(line)
    await house.approve()
    spoil(house, line.id, 0)
    assert (await house.carry_out()).trouble == ""
    after = samples(await house.original(await house.into()))
    assert np.array_equal(after[:8_000], before[:8_000])
    assert np.array_equal(after[26_000:], before[26_000:])


async def test_without_a_good_copy_nothing_is_destroyed(house: House) -> None:
    line = await house.call()
    await house.propose(line)
    await house.approve()
    spoil(house, line.id, 0)
    spoil(house, line.id, 1)
    done = await house.carry_out()
    assert (done.gone, "No vault gives back" in done.trouble) == (0, True)
    assert ((await house.row(line.id))["state"], house.files(line.id), len(await house.rows(recordings))) == ("kept", 6, 1)


async def test_a_vault_that_is_away_keeps_the_original(house: House, tmp_path: Path) -> None:
    line = await house.call()
    await house.propose(line)
    await house.approve()
    (tmp_path / "vault1").rename(tmp_path / "elsewhere")
    done = await house.carry_out()
    assert (done.gone, bool(done.trouble)) == (0, True)
    assert await house.original(line), "its key is never destroyed before every vault has what takes its place"
    (tmp_path / "elsewhere").rename(tmp_path / "vault1")
    assert await house.carry_out() == ("r-1", 1, 0, "")
    assert house.files((await house.into()).id) == 6


@pytest.mark.parametrize("after", [False, True])
async def test_killed_at_any_transaction_and_run_again_it_finishes(house: House, url: str, after: bool) -> None:
    mortal = Mortal(url, writes=True)
    mortal.after = after
    for number in range(1, 40):
        line, id_ = await house.call(), f"r-{number}"
        await house.propose(line, id_)
        await house.approve(id_)
        mortal.lives = number
        try:
            await carrying.carry_out(house.tools._replace(catalogue=mortal), "archivist")
            survived = True
        except Killed:
            survived = False
        rows = [row for row in await house.rows(recordings) if row["call"] == f"1795000000.{house.count}"]
        (there,) = [row for row in rows if row["state"] == "kept"]  # never both, never none
        kept = await house.sealing.line(there["id"])
        assert kept is not None
        assert await house.original(kept, vault=0) == await house.original(kept, vault=1) != b""
        await carrying.carry_out(house.tools, "archivist")
        run, new = await house.run(id_), await house.into(id_)
        assert (run["standing"], run["gone"], run["trouble"]) == ("done", 1, "")
        assert certificate.read(run["certificate"], [house.signer.key().verifier]).complete
        assert (house.files(line.id), house.files(new.id)) == (0, 6)
        assert len([row for row in await house.rows(recordings) if row["call"] == f"1795000000.{house.count}"]) == 2
        if survived:
            break
    await mortal.close()
    assert survived, "it has more steps than this test has lives"
    assert number > 5


async def test_two_who_carry_it_out_at_once_leave_one_that_can_be_heard(house: House, url: str) -> None:
    import asyncio

    line = await house.call()
    await house.propose(line)
    await house.approve()
    other = Catalogue(url, writes=True)
    tools = house.tools._replace(catalogue=other)
    await asyncio.gather(carrying.carry_out(house.tools, "archivist"), carrying.carry_out(tools, LI))
    await carrying.carry_out(house.tools, "archivist")
    await other.close()
    new = await house.into()
    for vault in (0, 1):
        for part in ("sound", "opus", "peaks"):
            assert await house.original(new, part, vault=vault)  # type: ignore[arg-type]
    assert ((await house.run())["standing"], len(await house.rows(recordings))) == ("done", 2)
