"""A hundred calls of a real Asterisk 22, recorded by our dialplan, under a whole `andon up`: sealed, found, heard, burned, let go.

What is asserted of a recording is held against who made the calls and what each side said, never against what Andon says of itself.
"""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile  # type: ignore[import-untyped]
from playwright.async_api import Page, async_playwright, expect

from realtime.keys import Keys
from realtime.plan.dialling import DialRules
from realtime.words import SECOND
from recordings.catalogue.schema import accesses, calls, captures, keys, log, recordings
from recordings.crypt.container import Opened
from recordings.crypt.ring import part_key, unwrap
from recordings.numbers import spellings
from recordings.vault.port import name_of
from tests.lab import need
from tests.line.recorded import CUSTOMERS, PATIENCE_S, RATE, Sound, Told, Voices, hundred_calls
from tests.line.recordings_house import LISTENER, ONE, OTHER, House, house, until
from tests.wallboard.controlled import PASSWORD
from tests.wallboard.web.browsers import PATIENCE_MS, WHOLE, launch

pytestmark = [
    pytest.mark.asterisk,
    pytest.mark.browser,
    pytest.mark.skipif(WHOLE is None, reason="no chromium here: it plays one"),
    pytest.mark.skipif(shutil.which("osirrox") is None, reason="no xorriso here: it reads the disc as anybody would"),
]

SEALED_S = 60.0
Sides = tuple[list[str], list[str]]
"""Who is heard on the left, and who on the right."""


async def test_a_hundred_calls_are_kept_found_proven_and_forgotten(tmp_path: Path) -> None:
    need.tree("sid")
    async with house(tmp_path) as there:
        voices = Voices(CUSTOMERS)
        voices.write(there.hall.pair.world.home / "spool/tmp")
        await made(there)
        rows = await sealed(there)
        linked = await of_the_right_calls(there, rows)
        await audible_on_the_right_side(there, voices, linked)
        image = await burned(there, folder_of(tmp_path / "disc"))
        gone, held = await let_go(there, linked)
        await played(there, linked)
        await certified(there, gone, tmp_path / "elsewhere")
        await forgotten(there, image, gone, held)
        assert " fit; root " in await there.says("verify")


# -------------------------------------------------------------------- made, sealed, linked, audible


async def made(there: House) -> None:
    began = time.monotonic()
    async with there.person(ONE) as manager:

        async def card(call: str, pause: bool) -> None:
            since = there.hall.ami.mark
            answer = await manager.post(f"/api/calls/{call}/card", json={"pause": pause})
            assert answer.is_success, answer.text
            await there.hall.ami.event("MixMonitorMute", PATIENCE_S, since, Linkedid=call, State="1" if pause else "0")

        await hundred_calls(there.hall, card)
    sys.stdout.write(f"a hundred calls in {time.monotonic() - began:.0f} s\n")
    assert len(there.hall.calls) == 100


async def sealed(there: House) -> list[dict[str, Any]]:
    """All of them within the minute, each once, and nothing is left in the spool or open in the ledger."""
    began, spool = time.monotonic(), there.hall.pair.spool

    async def kept() -> list[dict[str, Any]]:
        rows = await there.rows(recordings)
        return rows if len(rows) >= 100 and {row["state"] for row in rows} == {"kept"} else []

    rows = await until(kept, f"not all are kept: {there.andon.log()[-3000:]}", 2 * PATIENCE_S)
    sys.stdout.write(f"the last one is kept {time.monotonic() - began:.1f} s after the last call\n")
    assert len(rows) == 100
    assert {row["trouble"] for row in rows} <= {"", "one_sided"}

    async def ledger() -> list[dict[str, Any]]:
        lines = await there.rows(calls)
        return lines if len(lines) >= 100 and all(line["standing"] != "open" for line in lines) else []

    lines = await until(ledger, "calls are open in the ledger", 3 * PATIENCE_S)
    expected = [line for line in lines if line["expected"]]
    assert {line["standing"] for line in expected} == {"matched"}, [line for line in lines if line["standing"] != "matched"]
    assert sorted((line["call"], line["recordings"]) for line in expected) == sorted((call.linkedid, 1) for call in there.hall.calls)
    ended = {line["call"]: line["ended"] for line in lines}
    assert max(row["sealed_at"] - ended[row["call"]] for row in rows) < SEALED_S * SECOND
    async with there.person(ONE) as manager:
        missing = (await manager.get("/api/recordings/missing")).json()
        assert not any(missing[part] for part in missing if isinstance(missing[part], list)), missing

    async def empty() -> bool:
        return not [path for path in spool.rglob("*") if path.is_file()] and not await there.rows(captures)

    await until(empty, "something is left in the spool")
    return list(rows)


async def of_the_right_calls(there: House, rows: list[dict[str, Any]]) -> list[tuple[Told, dict[str, Any]]]:
    digest = Keys(there.andon.data / "keys", make=False).sealer().digest
    by_call = {row["call"]: row for row in rows}
    linked = [(told, by_call[told.linkedid]) for told in there.hall.calls]
    for told, row in linked:
        outbound = told.kind == "outbound"
        assert row["number"] in {digest(each) for each in spellings(told.customer, DialRules())}, told
        assert row["direction"] == ("outbound" if outbound else "inbound"), told
        assert (row["campaign"], row["client"]) == (("care", "acme") if outbound else ("", "")), told
        assert row["queue"].rpartition("/")[2] == ("hall" if told.kind == "queue" else ""), told
        if told.desks:
            assert row["agents"].split(",") == list(told.desks), (told, row["agents"])
        kinds = {each["kind"] for each in json.loads(row["spans"] or "[]")}
        assert ("hold" in kinds) >= (told.kind == "hold"), (told, kinds)
        assert ("paused" in kinds) == (told.kind == "card"), (told, kinds)
        assert ("transfer" in kinds) >= (told.kind in ("blind", "attended")), (told, kinds)
    return linked


async def audible_on_the_right_side(there: House, voices: Voices, linked: list[tuple[Told, dict[str, Any]]]) -> None:
    """Left the recorded channel, right the other: in what was captured, and in what is listened to.

    Asterisk 22.10 on a busy machine sometimes writes nothing but zeros of what a caller hears after music or ringing, though the caller
    does hear it. Such a side has nobody to be heard; the archive keeps what was captured, and says so where all of it is silent."""
    lost = 0
    for told, row in linked:
        agents = row["agents"].split(",")
        sides = ([told.customer], agents) if told.kind != "outbound" else (agents, [told.customer])
        captured, listened = captured_of(await there.part(row, "sound")), listened_of(await there.part(row, "opus", vault=1))
        zeros = not captured[1][-2 * RATE :].any()
        lost += zeros
        assert zeros or row["trouble"] == "", told
        expected = (sides[0], sides[1][:-1] if zeros else sides[1])
        for what, heard in (("captured", captured), ("listened", listened)):
            await asyncio.to_thread(_heard_apart, voices, heard, expected, sides, (told, what))
    sys.stdout.write(f"of {lost} calls Asterisk wrote zeros for what the caller heard at last\n")
    assert lost < len(linked) * 2 / 3, "nearly none has two voices: is it still the PBX?"


def _heard_apart(voices: Voices, sides: Sequence[Sound], expected: Sides, who: Sides, about: object) -> None:
    for side in (0, 1):
        for each in expected[side]:
            assert voices.seconds(sides[side], each) >= 2, (about, side, each)
        for each in who[1 - side]:
            assert voices.seconds(sides[side], each) == 0, (about, side, each)


def captured_of(content: bytes) -> list[Sound]:
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        files = {member.name.rpartition("-")[2]: tar.extractfile(member) for member in tar.getmembers()}
        legs = [file.read() for name in ("rx.wav", "tx.wav") if (file := files[name]) is not None]
    return [soundfile.read(io.BytesIO(leg), dtype="int16")[0].astype(np.float64) for leg in legs]


def listened_of(content: bytes) -> list[Sound]:
    both, rate = soundfile.read(io.BytesIO(content), dtype="float64", always_2d=True)
    by = rate // RATE
    both = both[: len(both) // by * by].reshape(-1, by, both.shape[1]).mean(1) * 32_768
    return [both[:, 0], both[:, 1]]


# -------------------------------------------------------------------- burned


async def burned(there: House, out: Path) -> Path:
    """The set of the calls that belong to no client, on a disc that plain tools verify; gives the folder of what is on it."""
    gathered = json.loads(await there.says("burn", "gather", "--yes", "--json"))
    assert sorted((each["client"], each["recordings"], each["discs"]) for each in gathered) == [("", 80, 1), ("acme", 20, 1)]
    (set_id,) = [each["set"] for each in gathered if not each["client"]]
    disc = f"{set_id}-1A"
    await there.says("burn", "image", set_id)
    await there.says("burn", "burn", disc, "--yes")
    await there.says("burn", "verify", disc)
    (file,) = [path for path in (there.andon.data / "archive/discs/burned").iterdir() if disc in path.name and path.is_file()]
    plain(out.parent, "osirrox", "-indev", str(file), "-extract", "/", str(out))
    plain(out, "sha256sum", "--check", "--strict", "--quiet", "manifest-sha256.txt")
    plain(out, "sha256sum", "--check", "--strict", "--quiet", "tagmanifest-sha256.txt")
    script = (out / "verify_bundle.py").read_bytes()
    for bundle in sorted(path for path in (out / "proof").iterdir() if path.is_dir()):
        verified(out.parent / f"bundle-{bundle.name}", script, {"bundle.json": (bundle / "bundle.json").read_bytes()}, ".")
    assert len(list((out / "data").rglob("*.sound"))) == 80
    return out


def folder_of(path: Path) -> Path:
    path.mkdir()
    return path


def plain(folder: Path, *words: str) -> str:
    done = subprocess.run(words, cwd=folder, capture_output=True, timeout=120, check=False, encoding="utf-8", errors="replace")
    assert done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


def verified(folder: Path, script: bytes, files: dict[str, bytes], *arguments: str) -> str:
    """By plain Python in a folder where nothing else is, and nothing in its environment."""
    folder.mkdir()
    for name, content in {"verify_bundle.py": script, **files}.items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-I", "-S", "verify_bundle.py", *arguments]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, timeout=120, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


# -------------------------------------------------------------------- let go


async def let_go(there: House, linked: list[tuple[Told, dict[str, Any]]]) -> tuple[Gone, dict[str, Any]]:
    """Two whose product ended long ago; for one of them a court asks when half of the approvals are there."""
    first, second = [row for told, row in linked if told.kind == "queue"][:2]
    async with there.person(ONE) as one, there.person(OTHER) as other:
        for row in (first, second):
            wish = {"clock": "product_end", "scope": "recording", "subject": row["id"], "moment": 1_735_689_600, "why": "policy 7"}
            await _posted(one, "/api/clocks", wish)
        due = (await one.get("/api/disposals/due")).json()
        (group,) = due["groups"]
        assert sorted(each["id"] for each in group["first"]) == sorted((first["id"], second["id"]))
        wish = {"class": group["class"], "month": group["month"], "sha256": group["sha256"], "why": "monthly"}
        run = (await _posted(one, "/api/disposals", wish))["id"]
        look = {"sha256": (await one.get(f"/api/disposals/{run}")).json()["disposal"]["sha256"]}
        assert (await _posted(one, f"/api/disposals/{run}/approve", look))["standing"] == "proposed"
        again = await one.post(f"/api/disposals/{run}/approve", json=look)
        assert again.status_code == 409, again.text
        hold = {"ids": [second["id"]], "matter": "court 1", "custodian": "Legal"}
        assert (await _posted(other, "/api/holds", hold))["items"] == 1
        assert (await _posted(other, f"/api/disposals/{run}/approve", look))["standing"] == "approved"
    return Gone(first, run), second


@dataclass
class Gone:
    row: dict[str, Any]
    run: str


async def _posted(browser: httpx.AsyncClient, path: str, wish: dict[str, Any]) -> dict[str, Any]:
    answer = await browser.post(path, json=wish)
    assert answer.is_success, (path, answer.text)
    return dict(answer.json())


async def certified(there: House, gone: Gone, folder: Path) -> None:
    """The archivist has carried it out, and somebody else verifies what it signed."""
    async with there.person(ONE) as one:

        async def done() -> bool:
            said = (await one.get(f"/api/disposals/{gone.run}")).json()
            assert not said["disposal"].get("trouble"), said
            return bool(said["disposal"]["standing"] == "done")

        await until(done, "the archivist has not carried it out", 2 * PATIENCE_S)
        answer = await one.get(f"/api/certificates/{gone.run}")
        assert answer.is_success, answer.text
        page = await one.get(f"/api/certificates/{gone.run}/page")
        assert page.is_success, page.text
    certificate = json.loads(answer.content)
    assert certificate["items"] == [gone.row["id"]], "a hold beats two approvals"
    script = (Path(__file__).parents[2] / "recordings/proof/verify_bundle.py").read_bytes()
    key = (there.andon.data / "archive/checkpoints/log.vkey").read_text().split()[-1]
    said = verified(folder, script, {"certificate.json": answer.content}, "certificate.json", "--vkey", key)
    assert said.splitlines()[-1] == f"ok certificate: disposal {gone.run}, 1 recordings, complete"


async def forgotten(there: House, disc: Path, gone: Gone, held: dict[str, Any]) -> None:
    """Neither heard nor opened, here or on the disc; the one beside it is."""
    row = gone.row
    async with there.person(LISTENER) as listener:
        answers = [await listener.post(f"/api/recordings/{each['id']}/listen", json={"why": "complaint"}) for each in (row, held)]
        assert [answer.status_code for answer in answers] == [410, 200], answers
        assert (await listener.get(f"/api/recordings/{row['id']}/sound?listen=1")).status_code == 410
    for vault in there.vaults():
        assert not [name for name in vault.names() if row["id"] in str(name)]
    wrapped = await there.rows(keys)
    assert row["place"] not in {each["recording"] for each in wrapped}
    (leaf,) = [json.loads(each["leaf"]) for each in await there.rows(log) if each["kind"] == "disposal" and each["subject"] == row["id"]]
    kek = leaf["public"]["kek"]
    assert kek
    for store in there.stores:
        assert store.destroyed(kek)
        assert store.get(kek) is None
    kept = await there.key(held)
    assert kept is not None
    on_disc = {each["id"]: (disc / "data" / name_of(each["id"], each["began"], "sound")).read_bytes() for each in (row, held)}
    assert _opens(on_disc[held["id"]], kept), "the key of what is kept opens it on the disc, too"
    for store in there.stores:
        for each in wrapped:
            if (key := store.get(each["kek"])) is not None:
                assert not _opens(on_disc[row["id"]], unwrap(key, each["wrapped"]))
        for name in store.names():
            assert not _opens(on_disc[row["id"]], store.get(name) or b"")


def _opens(container: bytes, key: bytes) -> bool:
    try:
        return Opened(lambda at, length: container[at : at + length], part_key(key, "sound")).size > 0
    except Exception:
        return False


# -------------------------------------------------------------------- played


async def played(there: House, linked: list[tuple[Told, dict[str, Any]]]) -> None:
    """In a real browser: found by who talked, drawn, heard; and the log has who, why and which seconds."""
    told, row = next((told, row) for told, row in linked if told.kind == "attended")
    agent = told.desks[1]
    mine = [each for each in linked if agent in each[1]["agents"].split(",")]
    async with async_playwright() as playwright:
        browser = await launch(playwright, WHOLE)
        try:
            context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-GB")
            answer = await context.request.post(
                f"{there.andon.url}/api/session", data={"user": LISTENER, "password": PASSWORD}, headers={"Origin": there.andon.url}
            )
            assert answer.ok, await answer.text()
            page = await context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            await _found_and_heard(page, there.andon.url, agent, len(mine), row["id"])
        finally:
            await browser.close()

    async def told_to_the_log() -> list[dict[str, Any]]:
        return [each for each in await there.rows(accesses) if each["what"] == "heard" and each["recording"] == row["place"]]

    heard = await until(told_to_the_log, "what was heard was never told")
    assert max(each["until_ms"] for each in heard) > 1_000
    assert {each["who"] for each in heard} == {f"user:{LISTENER}"}


async def _found_and_heard(page: Page, url: str, agent: str, many: int, id_: str) -> None:
    await page.goto(f"{url}/recordings#find&agent={agent}")
    await expect(page.locator("tbody tr[data-id]")).to_have_count(many)
    await page.locator(f"tr[data-id='{id_}'] [data-act=one]").click()
    await page.locator("[data-form=listen] [name=why]").fill("complaint 1042")
    await page.locator("[data-form=listen] button").click()
    await expect(page.locator("[data-act=toggle]")).to_be_enabled()
    await expect(page.locator("[data-wave] canvas").first).to_be_attached()
    await page.keyboard.press("Space")
    await page.wait_for_function("() => parseInt(document.querySelector('.clock').textContent.split(':')[1]) >= 2")
    await page.keyboard.press("Space")
    await page.keyboard.press("Escape")
    await expect(page.locator(".player")).to_have_count(0)
