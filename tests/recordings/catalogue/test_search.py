"""What is found is what a look at every line would find, page by page, however small the steps; and nobody finds beyond their reach."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, update

from recordings.catalogue import lines, search, ways
from recordings.catalogue.asked import ALL, Key, Query, Reach
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import recordings, tags

AGENTS = ("1001", "1002", "1003", "10")
NUMBERS = 90


def drawn(dice: random.Random, number: int) -> dict[str, Any]:
    """A line of anything; many of them began at the same moment."""
    several = dice.sample(AGENTS, dice.choice((0, 1, 1, 1, 2, 3)))
    return {
        "id": f"{number:020}",
        "state": dice.choice(("kept", "kept", "kept", "stored", "due", "disposed", "lost")),
        "node": "hall7",
        "call": f"c{number // 2}",
        "began": dice.randint(1, 60),
        "length_ms": dice.choice((500, 59_000, 60_000, 61_000, 600_000, 7_300_000)),
        "bytes": 44,
        "sha256": b"h" * 32,
        "agent": several[0] if several else "",
        "agents": ",".join(several),
        "queue": dice.choice(("", "hall7/sales", "hall7/help")),
        "campaign": dice.choice(("", "renewals", "arrears")),
        "client": dice.choice(("", "bank")),
        "outcome": dice.choice(("sold", "refused", "complaint")),
        "direction": dice.choice(("inbound", "outbound")),
        "number": dice.choice(("", "d1", "d2", "d3")),
        "trouble": dice.choice(("", "", "", "silent", "short,silent", "orphan")),
        "class_": dice.choice(("usual", "dispute")),
        "score": dice.choice((None, None, 4_000, 7_950, 10_000)),
        "holds": dice.choice((0, 0, 0, 1, 3)),
        "restricted": dice.random() < 0.1,
    }


@pytest.fixture
async def drawn_lines(catalogue: Catalogue) -> list[dict[str, Any]]:
    dice = random.Random(11)
    told = []
    async with catalogue.change() as change:
        for number in range(NUMBERS):
            line = drawn(dice, number)
            line["place"] = await lines.keep(change.connection, line)
            line["tags"] = {tag for tag in ("coaching", "praise") if dice.random() < 0.2}
            for tag in line["tags"]:
                await change.connection.execute(insert(tags).values(tag=tag, recording=line["place"], by="user:chen", at=1))
            told.append(line)
    return told


def fits(line: dict[str, Any], query: Query, reach: Reach) -> bool:
    """The meaning of a query, said once more and plainly."""
    talked, troubles = set(line["agents"].split(",")), set(line["trouble"].split(",")) - {""}
    score = line["score"]
    same = all(not getattr(query, name) or line[name] == getattr(query, name) for name in
               ("campaign", "client", "queue", "call", "outcome", "direction", "class_"))  # fmt: skip
    return (
        same
        and (line["state"] == query.state if query.state else line["state"] not in ("disposed", "lost"))
        and (not query.agent or query.agent in talked)
        and (not query.numbers or line["number"] in query.numbers)
        and (not query.since or line["began"] >= query.since)
        and (not query.until or line["began"] < query.until)
        and line["length_ms"] >= query.shortest_ms
        and (not query.longest_ms or line["length_ms"] <= query.longest_ms)
        and (query.score_from is None or (score is not None and score >= query.score_from))
        and (query.score_to is None or (score is not None and score <= query.score_to))
        and (not query.tag or query.tag in line["tags"])
        and (not query.trouble or bool(troubles if query.trouble == "any" else query.trouble in troubles))
        and (not query.held or line["holds"] > 0)
        and (reach.agents is None or bool(talked & reach.agents))
        and (reach.restricted or not line["restricted"])
    )


QUERIES = [
    Query(),
    Query(agent="1001"),
    Query(agent="10"),
    Query(agent="1002", outcome="complaint"),
    Query(queue="hall7/sales", campaign="renewals"),
    Query(campaign="arrears", since=10, until=40),
    Query(numbers=("d1", "d3")),
    Query(numbers=("d2",), agent="1001", direction="outbound"),
    Query(call="c7"),
    Query(shortest_ms=60_000, longest_ms=600_000),
    Query(shortest_ms=7_300_000),
    Query(score_from=5_000, score_to=9_000),
    Query(tag="coaching", class_="dispute"),
    Query(trouble="silent"),
    Query(trouble="any", client="bank"),
    Query(state="disposed"),
    Query(state="due"),
    Query(held=True, agent="1003"),
    Query(until=1),
]
REACHES = [ALL, Reach(frozenset({"1001", "10"})), Reach(frozenset())]


@pytest.mark.parametrize(("sweep", "few"), [(20_000, 5_000), (13, 4)])
async def test_pages_have_every_line_that_fits_once(
    catalogue: Catalogue, drawn_lines: list[dict[str, Any]], sweep: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (ways, search):
        monkeypatch.setattr(module, "SWEEP", sweep)
    monkeypatch.setattr(ways, "FEW", few)
    for query in QUERIES:
        for reach in REACHES:
            wanted = sorted(((line["began"], line["place"]) for line in drawn_lines if fits(line, query, reach)), reverse=True)
            assert await every_page(catalogue, query, reach) == wanted, (query, reach)


async def every_page(catalogue: Catalogue, query: Query, reach: Reach) -> list[Key]:
    got: list[Key] = []
    before: Key | None = None
    async with catalogue.reading() as connection:
        for _ in range(NUMBERS):
            found = await search.find(connection, query, reach, before, 11)
            assert len(found.rows) <= 11
            got += [Key(row.began, row.place) for row in found.rows]
            if (before := found.next) is None:
                return got
    raise AssertionError("there is no end of pages")


async def test_counts_are_those_of_the_lines_that_fit(catalogue: Catalogue, drawn_lines: list[dict[str, Any]]) -> None:
    async with catalogue.reading() as connection:
        counts = await search.count(connection, Query(agent="1001"), ALL)
    fitting = [line for line in drawn_lines if fits(line, Query(agent="1001"), ALL)]
    assert (counts.counted, counts.all_) == (len(fitting), True)
    assert dict(counts.facets["queue"])["hall7/sales"] == sum(line["queue"] == "hall7/sales" for line in fitting)
    assert dict(counts.facets["trouble"])["short"] == sum("short" in line["trouble"] for line in fitting)


async def test_counts_of_many_are_of_the_newest(
    catalogue: Catalogue, drawn_lines: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COUNTED", 40)
    async with catalogue.reading() as connection:
        counts = await search.count(connection, Query(), ALL)
    assert (counts.counted, counts.all_) == (40, False)


async def test_who_talked_later_is_kept_up(catalogue: Catalogue, drawn_lines: list[dict[str, Any]]) -> None:
    """A line whose agents change, as when an orphan finds its call."""
    line = next(line for line in drawn_lines if line["state"] == "kept" and line["agents"] == "")
    async with catalogue.change() as change:
        values = {"agent": "2001", "agents": "2001,2002"}
        await change.connection.execute(update(recordings).where(recordings.c.place == line["place"]).values(**values))
        await lines.keep_agents(change.connection, line["place"], line["began"], **values)
    async with catalogue.reading() as connection:
        for agent in ("2001", "2002"):
            found = await search.find(connection, Query(agent=agent), ALL)
            assert [row.place for row in found.rows] == [line["place"]]


async def test_small_and_capital_letters_are_two_agents(catalogue: Catalogue) -> None:
    """LIKE of SQLite knows no difference between them; a leader would find calls of another team."""
    dice = random.Random(11)
    async with catalogue.change() as change:
        for number, agents in enumerate(("A1,B2", "a1,b2")):
            line = drawn(dice, number) | {"agent": agents[:2], "agents": agents, "state": "kept", "restricted": False}
            await lines.keep(change.connection, line)
    for agents in ({"B2", "C3"}, {"B2"}):
        async with catalogue.reading() as connection:
            found = await search.find(connection, Query(), Reach(frozenset(agents), False), None, 11)
        assert [row.agents for row in found.rows] == ["A1,B2"]


def test_a_query_can_be_frozen() -> None:
    """Holds keep theirs as JSON."""
    query = Query(agent="1001", score_from=5_000)
    assert msgspec.json.decode(msgspec.json.encode(query), type=Query) == query
