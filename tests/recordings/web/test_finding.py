"""Recordings found and looked at over HTTP on a running board: whose, by what, masked, and what is written of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from realtime.history.port import HistoryAway
from realtime.plan.archive import ArchiveRules, KeepRule, RetentionClass, Term
from realtime.words import SECOND
from recordings.calls.ledger_rows import Gap, put_gap
from recordings.catalogue.catalogue import Change
from recordings.catalogue.schema import accesses, calls, captures, comments, health, recordings
from recordings.refusals import Remark
from recordings.refusals.stored import written
from recordings.vault.rounds import FILLED
from recordings.web.searches import KEPT, SAME, Searches
from recordings.words import Kind
from tests.recordings.web.archive_house import ArchiveHouse, archive_house, planned
from wallboard.authorise import Role

MOBILE = "13900000148"


def ids(answer: dict[str, object]) -> list[str]:
    found = answer["recordings"]
    assert isinstance(found, list)
    return [row["id"].rstrip("0") for row in found]


async def three(house: ArchiveHouse) -> None:
    """One of each team, and one that no agent talked in."""
    await house.put("a", agent="1001", number=MOBILE, outcome="sold")
    await house.put("b", agent="1003", number="+8613900000148", campaign="renewals", queue="")
    await house.put("c", agent="", call="", trouble="orphan")


async def test_a_page_and_the_next_one(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        for name in "abcde":
            await house.put(name)
        qa = await house.signed_in("qa", Role.QA)
        first = await house.get("/api/recordings?limit=2", qa)
        assert ids(first) == ["e", "d"]
        second = await house.get(f"/api/recordings?limit=2&after={first['next']}", qa)
        third = await house.get(f"/api/recordings?limit=2&after={second['next']}", qa)
        assert (ids(second), ids(third), third["next"]) == (["c", "b"], ["a"], "")


async def test_everybody_finds_within_their_reach(tmp_path: Path) -> None:
    async with archive_house(tmp_path, plan=planned(ArchiveRules(hear_own=True))) as house:
        await three(house)
        await house.put("d", agent="1001", restricted=True)
        assert ids(await house.get("/api/recordings", await house.signed_in("qa", Role.QA))) == ["c", "b", "a"]
        assert ids(await house.get("/api/recordings", await house.signed_in("boss", Role.MANAGER))) == ["d", "c", "b", "a"]
        chen = await house.signed_in("chen", Role.LEADER)
        assert ids(await house.get("/api/recordings", chen)) == ["a"]
        assert ids(await house.get("/api/recordings?agent=1003", chen)) == []
        assert ids(await house.get("/api/recordings", await house.signed_in("nobody", Role.LEADER))) == []
        wang = await house.signed_in("wang", Role.AGENT)
        own = await house.get("/api/me/recordings", wang)
        assert ids(own) == ["a"]
        assert own["recordings"][0]["number"] == ""
        await house.get("/api/recordings", wang, 403)
        b = (await house.line("b")).id
        for path, who in ((f"/api/recordings/{b}", chen), (f"/api/me/recordings/{b}", wang)):
            assert (await house.get(path, who, 404))["error"] == "no_such_recording"
        await house.post(f"/api/recordings/{b}/tags", {"add": ["x"]}, chen, 404)


async def test_agents_see_nothing_where_the_plan_lets_them_hear_nothing(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        assert (await house.get("/api/me/recordings", await house.signed_in("wang", Role.AGENT), 403))["error"] == "own_not_heard"


@pytest.mark.parametrize("said", ["139 0000 0148", "+86 139-0000-0148", "008613900000148", "8613900000148"])
async def test_a_number_is_found_however_it_was_written(tmp_path: Path, said: str) -> None:
    """By the trunk's spelling and by the gate's; shown masked; written to the log as a digest, with who asked."""
    async with archive_house(tmp_path) as house:
        await three(house)
        qa = await house.signed_in("qa", Role.QA)
        found = await house.post("/api/recordings/find", {"number": said, "why": "case 7"}, qa)
        assert ids(found) == ["b", "a"]
        assert {row["number"] for row in found["recordings"]} == {"139•••0148", "+86•••0148"}
        (entry,) = await house.entries(Kind.ACCESS)
        private = json.loads(entry.private)
        assert (private["who"], private["why"], private["found"]) == ("user:qa", "case 7", 2)
        assert house.sealer.digest(MOBILE) in private["numbers"]
        assert MOBILE[-8:] not in entry.leaf + entry.private  # a short tail is in a digest or a clock by chance


async def test_a_search_by_agent_is_written_and_a_plain_page_is_not(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        await three(house)
        qa = await house.signed_in("qa", Role.QA)
        await house.get("/api/recordings?campaign=renewals", qa)
        assert await house.entries(Kind.ACCESS) == []
        await house.get("/api/recordings?agent=1001", qa)
        (entry,) = await house.entries(Kind.ACCESS)
        assert json.loads(entry.private)["agent"] == "1001"
        assert json.loads(entry.leaf)["public"] == {"what": "search"}


async def test_a_page_that_asks_the_same_again_is_one_search_and_a_person_who_comes_back_another(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        await three(house)
        qa, boss = await house.signed_in("qa", Role.QA), await house.signed_in("boss", Role.MANAGER)
        for _ in range(3):
            await house.get("/api/recordings?agent=1001", qa)
            await house.post("/api/recordings/find", {"number": "13900000148", "why": "case 7"}, qa)
        assert len(await house.entries(Kind.ACCESS)) == 2
        await house.get("/api/recordings?agent=1001", boss)
        await house.post("/api/recordings/find", {"number": "13900000148", "why": "case 8"}, qa)
        assert len(await house.entries(Kind.ACCESS)) == 4
        later = house.now + SAME
        house.desk.clock = lambda: later
        await house.get("/api/recordings?agent=1001", qa)
        assert len(await house.entries(Kind.ACCESS)) == 5


async def test_a_search_that_could_not_be_written_is_no_search_that_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked once more when the database is there again, it is answered and written: not answered as one that was written a moment ago."""

    @asynccontextmanager
    async def away(*_: object) -> AsyncIterator[Change]:
        raise HistoryAway("The archive's database does not answer.")
        yield

    async with archive_house(tmp_path) as house:
        await three(house)
        qa = await house.signed_in("qa", Role.QA)
        with monkeypatch.context() as moment:
            moment.setattr(house.desk.catalogue, "change", away)
            await house.get("/api/recordings?agent=1001", qa, 503)
        assert ids(await house.get("/api/recordings?agent=1001", qa)) == ["a"]
        assert len(await house.entries(Kind.ACCESS)) == 1


async def test_a_number_is_looked_for_with_a_reason_and_not_by_the_thousand(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        await three(house)
        qa = await house.signed_in("qa", Role.QA)
        for why in ("", "  "):
            assert (await house.post("/api/recordings/find", {"number": "13900000148", "why": why}, qa, 409))["error"] == "reason_missing"
        asked = [{"number": f"1390000{last:04}", "why": "x"} for last in range(60)]
        said = [(await house.hall.house.http.post("/api/recordings/find", headers=qa, json=each)).status_code for each in asked]
        assert 429 in said


def test_only_so_many_searches_are_remembered() -> None:
    searches = Searches()
    for number in range(KEPT + 1):
        assert searches.is_new(number, 0)
        searches.written(number, 0)
    assert (searches.is_new(0, 1), searches.is_new(KEPT, 1), searches.is_new(KEPT, SAME)) == (True, False, True)


async def test_what_cannot_be_asked_is_said(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        qa = await house.signed_in("qa", Role.QA)
        assert (await house.post("/api/recordings/find", {"number": "nobody", "why": "x"}, qa, 409))["error"] == "number_invalid"
        for query in ("number=139", "limit=201", "after=x", "since=-1", "since=nan", "score_from=101", f"agent={'x' * 129}"):
            assert (await house.get(f"/api/recordings?{query}", qa, 400))["error"] == "query_invalid", query


async def test_counts_beside_a_page(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        await three(house)
        counts = (await house.get("/api/recordings?counts=true", await house.signed_in("qa", Role.QA)))["counts"]
        assert (counts["counted"], counts["all"]) == (3, True)
        assert dict(map(tuple, counts["facets"]["campaign"])) == {"": 2, "renewals": 1}


async def test_all_that_is_known_of_one(tmp_path: Path) -> None:
    rule = KeepRule(id="five", least=Term(years=5))
    rules = ArchiveRules(classes=(RetentionClass(id="usual", rules=(rule,)),))
    async with archive_house(tmp_path, plan=planned(rules)) as house:
        spans = '[{"kind":"hold","since":1000,"until":2000},{"kind":"paused","since":5000,"until":9000,"who":"1001"}]'
        id_ = await house.put("a", number=MOBILE, spans=spans, score=8_250, trouble="short,silent")
        async with house.catalogue.change() as change:
            line = {
                "entry": 7,
                "recording": house.places["a"],
                "at": house.now,
                "who": "user:qa",
                "role": "qa",
                "what": "listen",
                "why": "case",
            }
            await change.connection.execute(insert(accesses).values(**line))
        said = await house.get(f"/api/recordings/{id_}", await house.signed_in("qa", Role.QA))
        assert (said["row"]["score"], said["row"]["trouble"], said["row"]["class"]) == (82.5, ["short", "silent"], "usual")
        assert [span["kind"] for span in said["spans"]] == ["hold", "paused"]
        assert said["sha256"] == (await house.line("a")).sha256.hex()
        assert said["sealed_entry"] == 0
        assert (said["accesses"], said["heard_by"][0]["who"]) == (1, "user:qa")
        assert all(why["en"] and why["zh"] for why in said["why"])
        assert said["why"]


async def test_comments_are_written_in_order_and_taken_back_by_who_wrote_them(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        id_ = await house.put("a")
        qa, chen = await house.signed_in("qa", Role.QA), await house.signed_in("chen", Role.LEADER)
        path = f"/api/recordings/{id_}/comments"
        await house.post(path, {"text": "late", "since_ms": 60_000, "until_ms": 99_999_999, "side": 1}, qa)
        told = (await house.post(path, {"text": "early"}, chen))["comments"]
        assert [(each["text"], each["until_ms"]) for each in told] == [("early", 0), ("late", 90_000)]
        late = next(each["id"] for each in told if each["text"] == "late")
        http = house.hall.house.http
        assert (await http.delete(f"{path}/{late}", headers=chen)).json()["error"] == "not_yours"
        assert [each["text"] for each in (await http.delete(f"{path}/{late}", headers=qa)).json()["comments"]] == ["early"]
        assert (await http.delete(f"{path}/{late}", headers=qa)).status_code == 404
        assert (await http.delete(f"{path}/x", headers=qa)).status_code == 404
        await house.post(path, {"text": "  "}, qa, 409)
        assert len(await house.rows(select(comments))) == 2


async def test_nobody_writes_about_what_was_disposed_of(tmp_path: Path) -> None:
    """What was written before was forgotten with it, and no disposal comes that would forget this."""
    async with archive_house(tmp_path) as house:
        gone = await house.put("a", state="disposed")
        qa = await house.signed_in("qa", Role.QA)
        wish = {"since_ms": 0, "until_ms": 0, "text": f"{MOBILE} called again"}
        assert (await house.post(f"/api/recordings/{gone}/comments", wish, qa, 410))["rule"] == "listen.gone.disposed"
        await house.post(f"/api/recordings/{gone}/tags", {"add": ["x"], "remove": []}, qa, 410)


async def test_tags_are_added_found_and_taken_away(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        id_ = await house.put("a")
        await house.put("b")
        qa = await house.signed_in("qa", Role.QA)
        path = f"/api/recordings/{id_}/tags"
        assert (await house.post(path, {"add": ["培训", "praise"]}, qa))["tags"] == ["praise", "培训"]
        found = await house.get("/api/recordings?tag=培训", qa)
        assert ids(found) == ["a"]
        assert found["recordings"][0]["tags"] == ["praise", "培训"]
        assert (await house.post(path, {"add": ["praise"], "remove": ["培训"]}, qa))["tags"] == ["praise"]
        for wrong in ("a,b", " a", "", "x" * 41, "a\n"):
            await house.post(path, {"add": [wrong]}, qa, 400)
        assert (await house.post(path, {"add": [f"t{n}" for n in range(20)]}, qa, 409))["error"] == "tags_full"


async def test_what_is_missing(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        await house.put("a", trouble="silent")
        async with house.catalogue.change() as change:
            for number, (standing, agent) in enumerate(
                (("missing", "1001"), ("missing", "1003"), ("excused", "1001"), ("matched", "1001"))
            ):
                line = {"node": "hall7", "call": f"c{number}", "began": house.now - number * SECOND, "agent": agent, "card": "{}"}
                await change.connection.execute(insert(calls).values(standing=standing, expected="all", **line))
            file = {"node": "hall7", "name": "d", "shown": "…0148.wav", "size": 0, "changed": 1, "first_seen": 1}
            await change.connection.execute(insert(captures).values(standing="refused", trouble="empty", **file))
        said = await house.get("/api/recordings/missing", await house.signed_in("qa", Role.QA))
        assert said["counts"] == {"missing": 2, "unknown": 0, "excused": 1, "open": 0}
        assert [call["call"] for call in said["calls"]] == ["c0", "c1"]
        assert [(file["name"], file["trouble"]) for file in said["files"]] == [("…0148.wav", "empty")]
        assert [row["trouble"] for row in said["troubled"]] == [["silent"]]
        assert said["not_known"] == []
        async with house.catalogue.change() as change:
            now = house.now // SECOND
            await put_gap(change, Gap((now - 7200) * SECOND, (now - 3600) * SECOND), house.now)
        own = await house.get("/api/recordings/missing", await house.signed_in("chen", Role.LEADER))
        assert own["not_known"] == [{"since": now - 7200, "until": now - 3600}]
        later = await house.get(f"/api/recordings/missing?since={now - 60}", await house.signed_in("chen", Role.LEADER))
        assert later["not_known"] == []
        assert ([call["call"] for call in own["calls"]], own["files"], own["counts"]["missing"]) == (["c0"], [], 1)


async def test_how_the_archive_is(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        await house.put("a")
        async with house.catalogue.change() as change:
            for name in ("backlog", f"{FILLED}0"):
                await change.connection.execute(insert(health).values(name=name, value=3.0, text="", at=house.now))
        said = await house.get("/api/archive", await house.signed_in("qa", Role.QA))
        assert (said["log"], said["checkpoint"], said["database"]) == (1, None, "SQLite")
        assert [(each["name"], each["text"], each["said"]) for each in said["health"]] == [("backlog", "", None)]
        async with house.catalogue.change() as change:
            tight = written(Remark("room.tight", folder="/srv/a", free="4.9"))
            for name, text in (("free:/srv/a", tight), ("strays", "a.sound b.sound")):
                await change.connection.execute(insert(health).values(name=name, value=0.1, text=text, at=house.now))
        said = await house.get("/api/archive", await house.signed_in("qa", Role.QA))
        _, free, strays = said["health"]
        assert (strays["text"], strays["said"]) == ("a.sound b.sound", None)
        assert (free["text"], free["said"]["en"][:38]) == ("", "The disk of /srv/a is nearly full: 4.9")
        assert free["said"]["zh"].startswith("/srv/a所在磁盘将满：剩余4.9 GB")


async def test_ids_are_told_with_the_names_that_the_plan_gives_them(tmp_path: Path) -> None:
    named = ArchiveRules(classes=(RetentionClass(id="bank", name="Bank", name_zh="银行"), RetentionClass(id="bare")))
    async with archive_house(tmp_path, plan=planned(named)) as house:
        names = (await house.get("/api/archive", await house.signed_in("qa", Role.QA)))["names"]
        assert names["classes"] == {"bank": {"name": "Bank", "name_zh": "银行"}}
        assert (sorted(names), names["outcomes"]) == (["agents", "campaigns", "classes", "outcomes"], {})


async def test_a_number_whose_key_is_gone_is_not_shown(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        await house.put("a", number=MOBILE)
        async with house.catalogue.change() as change:
            await change.connection.execute(update(recordings).values(number_cipher=b"x" * 27))
        assert (await house.get("/api/recordings", await house.signed_in("qa", Role.QA)))["recordings"][0]["number"] == ""


async def test_a_board_without_an_archive_serves_its_floor_and_says_so(tmp_path: Path) -> None:
    async with archive_house(tmp_path, made=False) as house:
        chen = await house.signed_in("chen", Role.LEADER)
        assert (await house.get("/api/floor", chen))["agents"]
        for path in ("/api/recordings", "/api/recordings/missing", "/api/archive", "/api/recordings/abc"):
            refused = await house.get(path, chen, 503)
            assert refused["error"] == "archive_away"
            assert "andon archivist" in refused["message"]
