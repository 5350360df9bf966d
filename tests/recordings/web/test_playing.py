"""A recording heard over HTTP: only what was begun with a reason, by ranges, and each of it in the log; taken out with a watermark."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import soundfile

from andon.voices import conversation
from realtime.plan.archive import ArchiveRules
from recordings.crypt.stores import FolderStore
from recordings.sound.peaks import read_peaks
from recordings.vault.folder import MARKER, FolderVault
from recordings.words import Kind
from tests.recordings.heard import CLASS, Heard, heard_house
from wallboard.authorise import Role

RULES = ArchiveRules(classes=(CLASS,), default=CLASS.id, hear_own=True)
SECONDS = 12


@pytest.fixture
async def heard(tmp_path: Path) -> AsyncIterator[Heard]:
    async with heard_house(tmp_path, RULES) as running:
        yield running


async def test_nothing_sounds_before_a_listen_was_begun_with_its_reason(heard: Heard) -> None:
    one, house = await heard.call(1, SECONDS), heard.house
    qa, other = await house.signed_in("mei", Role.QA), await house.signed_in("hong", Role.QA)
    await house.get(f"/api/recordings/{one}/sound", qa, 400)
    assert (await house.get(f"/api/recordings/{one}/sound?listen=0", qa, 403))["error"] == "listen_over"
    assert (await house.post(f"/api/recordings/{one}/listen", {"why": " "}, qa, 409))["error"] == "reason_missing"
    listen = await house.post(f"/api/recordings/{one}/listen", {"why": "complaint"}, qa)
    sound, rate = soundfile.read(io.BytesIO(await house.get(listen["sound"], qa)))
    assert (sound.shape[1], rate) == (2, 8_000)
    assert abs(len(sound) / rate - SECONDS) < 0.1
    assert read_peaks(await house.get(listen["peaks"], qa)).length_ms == SECONDS * 1_000
    assert (await house.get(listen["sound"], other, 403))["error"] == "listen_over", "it is nobody else's"
    (entry,) = await house.entries(Kind.ACCESS)
    assert ("mei" in entry.leaf, json.loads(entry.private)["why"]) == (False, "complaint")
    assert (await house.get(f"/api/recordings/{one}", qa))["row"]["listens"] == 1


async def test_what_one_copy_does_not_give_whole_is_heard_and_exported_from_the_next(heard: Heard, tmp_path: Path) -> None:
    """A bit that flipped in the middle of it, which opening it does not look at: fixity may come by in three months, and nobody looks after
    what is made for listening."""
    one, house = await heard.call(3, 40), heard.house
    qa = await house.signed_in("mei", Role.QA)
    address = (await house.post(f"/api/recordings/{one}/listen", {"why": "score"}, qa))["sound"]
    export, why = f"/api/recordings/{one}/export", {"why": "score"}
    whole, taken = await house.get(address, qa), await house.post(export, why, qa)
    (first,) = house.desk.settings.vaults
    shutil.copytree(first, tmp_path / "second")
    (tmp_path / "second" / MARKER).write_text("andon vault 1\n")
    for path in first.rglob(f"{one}.*"):
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 1
        path.write_bytes(content)
    house.desk.vaults = (FolderVault(first, 0), FolderVault(tmp_path / "second", 1))
    assert await house.get(address, qa) == whole
    assert len(await house.post(export, why, qa)) == len(taken)


async def test_any_range_is_the_same_bytes(heard: Heard) -> None:
    one, house = await heard.call(2, SECONDS), heard.house
    qa = await house.signed_in("mei", Role.QA)
    address = (await house.post(f"/api/recordings/{one}/listen", {"why": "score"}, qa))["sound"]
    whole = await house.get(address, qa)
    http = house.hall.house.http
    for asked, since, until in (("0-0", 0, 1), ("100-4099", 100, 4_100), ("-7", len(whole) - 7, len(whole)), ("9-", 9, len(whole))):
        answer = await http.get(address, headers={**qa, "Range": f"bytes={asked}"})
        assert (answer.status_code, answer.content) == (206, whole[since:until])
        assert answer.headers["content-range"] == f"bytes {since}-{until - 1}/{len(whole)}"
    assert (await http.get(address, headers={**qa, "Range": f"bytes={len(whole)}-"})).status_code == 416


async def test_an_agent_hears_own_calls_alone(heard: Heard) -> None:
    mine, others, house = await heard.call(3, 3, agent="1001"), await heard.call(4, 3, agent="1003"), heard.house
    wang = await house.signed_in("wang", Role.AGENT)
    listen = await house.post(f"/api/me/recordings/{mine}/listen", {}, wang)
    assert (await house.get(listen["sound"], wang))[:4] == b"OggS"
    assert (await house.post(f"/api/me/recordings/{others}/listen", {}, wang, 403))["error"] == "not_yours"
    await house.post(f"/api/recordings/{mine}/listen", {"why": "x"}, wang, 403)


async def test_a_leader_hears_the_own_team_and_an_admin_nobody(heard: Heard) -> None:
    ours, theirs, house = await heard.call(5, 3, agent="1001"), await heard.call(6, 3, agent="1003"), heard.house
    chen, admin = await house.signed_in("chen", Role.LEADER), await house.signed_in("root", Role.ADMIN)
    await house.post(f"/api/recordings/{ours}/listen", {"why": "coaching"}, chen)
    await house.post(f"/api/recordings/{theirs}/listen", {"why": "coaching"}, chen, 403)
    await house.post(f"/api/recordings/{ours}/listen", {"why": "x"}, admin, 403)


async def test_a_recording_that_no_agent_is_known_of_is_no_leaders(heard: Heard) -> None:
    one, house = await heard.call(9, 3, agent=""), heard.house
    chen, li = await house.signed_in("chen", Role.LEADER), await house.signed_in("li", Role.SUPERVISOR)
    await house.post(f"/api/recordings/{one}/listen", {"why": "coaching"}, chen, 403)
    await house.post(f"/api/recordings/{one}/listen", {"why": "complaint"}, li)


async def test_what_was_heard_is_told_in_bounds(heard: Heard) -> None:
    one, house = await heard.call(7, SECONDS), heard.house
    qa = await house.signed_in("mei", Role.QA)
    listen = (await house.post(f"/api/recordings/{one}/listen", {"why": "score"}, qa))["listen"]
    spans = [[0, 2_000], [9_000, 99_000], [5, 5]]
    await house.post(f"/api/recordings/{one}/heard", {"listen": listen, "spans": spans}, qa, 204)
    told = json.loads((await house.entries(Kind.ACCESS))[-1].private)
    assert (told["listen"], told["spans"]) == (listen, [[0, 2_000], [9_000, SECONDS * 1_000]])


async def test_an_export_is_the_sound_that_was_captured_and_says_who_took_it(heard: Heard) -> None:
    one, house = await heard.call(8, SECONDS), heard.house
    qa, supervisor = await house.signed_in("mei", Role.QA), await house.signed_in("li", Role.SUPERVISOR)
    await house.post(f"/api/recordings/{one}/export", {"why": "court"}, supervisor, 403)
    assert (await house.post(f"/api/recordings/{one}/export", {}, qa, 409))["error"] == "reason_missing"
    content = await house.post(f"/api/recordings/{one}/export", {"why": "court 17"}, qa)
    with soundfile.SoundFile(io.BytesIO(content)) as file:
        sound = file.read(dtype="int16")
        mark = f"{file.comment} {file.copyright}"
    rx, tx = conversation(8, SECONDS)
    assert (sound[:, 0] == rx).all(), "left is what the recorded channel said, sample for sample"
    assert (sound[:, 1] == tx).all()
    assert all(word in mark for word in ("user:mei", "court 17", one))
    assert json.loads((await house.entries(Kind.ACCESS))[-1].private)["what"] == "export"


@pytest.mark.parametrize("fault", ["away", "other", "gone"])
async def test_a_key_store_that_does_not_give_the_key_is_said_and_only_here(heard: Heard, fault: str) -> None:
    one, house = await heard.call(9, 2), heard.house
    qa = await house.signed_in("mei", Role.QA)
    sound = (await house.post(f"/api/recordings/{one}/listen", {"why": "score"}, qa))["sound"]
    (folder,) = house.desk.settings.keys
    (file,) = folder.iterdir()
    if fault == "away":
        folder.rename(folder.with_name("unmounted"))
    else:
        file.unlink()
    if fault == "other":
        FolderStore(folder).make(file.stem, bytes(32))
    status, error = (409, "key_gone") if fault == "gone" else (503, "keys_away")
    for refused in (
        await house.get(sound, qa, status),
        await house.post(f"/api/recordings/{one}/export", {"why": "court 17"}, qa, status),
    ):
        assert refused["error"] == error
        assert refused["message"].endswith(".")
    assert (await house.get(f"/api/recordings/{one}", qa))["row"]["id"] == one, "what needs no key goes on"
