"""Recordings found: pages of them, by number in a body, an agent's own; and all addresses of finding in one table.

Not the search (`catalogue/search.py`), not one recording (`looking.py`), not what is missing (`missing.py`). A search by a number or by an
agent is about a person and is written to the log with who asked; a page of the newest, of a queue or of a campaign is work and is not.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from recordings.catalogue import search
from recordings.catalogue.asked import Key, Query
from recordings.numbers import spellings
from recordings.proof.entries import Entry
from recordings.quality import blind
from recordings.web import finding_shapes as shapes
from recordings.web import looking, missing
from recordings.web.desk import Desk
from recordings.web.offer import Offer, Refused, Who
from recordings.web.reaching import own_reach, reach_of
from recordings.web.reading import answered, body_of, query_of
from recordings.web.rows import Eyes, micros, moment, rows_of
from recordings.words import Kind

MS: Final = 1_000
SEARCH: Final = "search"
"""Subject of the log's entries about searches."""


async def find(desk: Desk, request: Request, who: Who) -> Response:
    return await _found(desk, query_of(request, shapes.FindQuery), who, ())


async def find_by_number(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.FindWish)
    digests: tuple[str, ...] = ()
    if wish.number:
        if not wish.why.strip():
            raise Refused(409, "find.reason_missing")
        digests = tuple(desk.digest(each) for each in spellings(wish.number, desk.floor().owned.plan.dialling))
        if not digests:
            raise Refused(409, "find.number_invalid")
    return await _found(desk, wish, who, digests, wish.why)


async def find_own(desk: Desk, request: Request, who: Who) -> Response:
    query, reach = query_of(request, shapes.OwnQuery), own_reach(desk, who)
    asked = Query(since=micros(query.since), until=micros(query.until))
    async with desk.catalogue.reading() as connection:
        found = await search.find(connection, asked, reach, key_of(query.after), query.limit)
        rows = await rows_of(desk, connection, found.rows, Eyes(own=who.agent))
    return answered(_list(rows, found.next, None))


async def _found(desk: Desk, wish: shapes.FindQuery, who: Who, digests: tuple[str, ...], why: str = "") -> Response:
    reach = reach_of(desk, who)
    async with desk.catalogue.reading() as connection:
        hidden = await blind.places(connection, who.name)
        query = query_said(wish, digests, hidden)
        found = await search.find(connection, query, reach, key_of(wish.after), wish.limit)
        rows = await rows_of(desk, connection, found.rows, Eyes(hidden))
        counts = await search.count(connection, query, reach) if wish.counts else None
    question, now = (who.name, query.agent, query.numbers, why), desk.clock()
    if (query.agent or query.numbers) and desk.searches.is_new(question, now):
        await _logged(desk, query, who, why, len(rows))
        desk.searches.written(question, now)
    return answered(_list(rows, found.next, counts))


async def _logged(desk: Desk, query: Query, who: Who, why: str, found: int) -> None:
    """Who looked for whom. In the private part, so that it can be forgotten with the person."""
    asked: dict[str, Any] = {"agent": query.agent, "numbers": list(query.numbers), "found": found}
    private = {"who": who.name, "role": who.role, "what": SEARCH, "why": why, **asked}
    async with desk.catalogue.change() as change:
        await change.append(Entry(kind=Kind.ACCESS, at=desk.clock(), subject=SEARCH, public={"what": SEARCH}, private=private))


# ------------------------------------------------------------------ from and to what is said


def query_said(wish: shapes.FindQuery, digests: tuple[str, ...], hidden: blind.Places) -> Query:
    return Query(
        agent=wish.agent,
        campaign=wish.campaign,
        client=wish.client,
        queue=wish.queue,
        numbers=digests,
        call=wish.call,
        since=micros(wish.since),
        until=micros(wish.until),
        shortest_ms=round(wish.shortest_s * MS),
        longest_ms=round(wish.longest_s * MS),
        outcome=wish.outcome,
        direction=wish.direction,
        class_=wish.class_,
        tag=wish.tag,
        score_from=None if wish.score_from is None else round(wish.score_from * 100),
        score_to=None if wish.score_to is None else round(wish.score_to * 100),
        trouble=wish.trouble,
        state=wish.state,
        held=wish.held,
        blind=tuple(sorted(hidden)),
    )


def key_of(after: str) -> Key | None:
    began, _, place = after.partition("-")
    return Key(int(began), int(place)) if after else None


def _list(rows: list[shapes.RecordingRow], after: Key | None, counts: search.Counts | None) -> shapes.RecordingList:
    facets = {} if counts is None else {name.rstrip("_"): words for name, words in counts.facets.items()}  # `class`, as it is asked for
    said = None if counts is None else shapes.RecordingCounts(counted=counts.counted, all=counts.all_, facets=facets)
    following = "" if after is None else f"{after.began}-{after.place}"
    return shapes.RecordingList(recordings=rows, next=following, looked_back_to=moment(after.began) if after else None, counts=said)


FIND, OWN = "recordings.find", "recordings.own"
OFFERS: tuple[Offer, ...] = (
    Offer("GET", "/api/recordings", FIND, find, "Recordings, newest first.", query=shapes.FindQuery, gives=shapes.RecordingList),
    Offer(
        "POST",
        "/api/recordings/find",
        FIND,
        find_by_number,
        "Recordings by number, which stands in no address; the search is in the log.",
        body=shapes.FindWish,
        gives=shapes.RecordingList,
        quiet=True,  # written by the handler
        cost="heavy",  # and slow enough that nobody learns the masked digits of a number by asking for each
    ),
    Offer("GET", "/api/me/recordings", OWN, find_own, "My own calls.", query=shapes.OwnQuery, gives=shapes.RecordingList),
    *looking.OFFERS,
    *missing.OFFERS,
)
