"""Rows of the ledger: calls as they stand, the files that were said of them, and what their recordings' lines take from them; each written
again without harm.

Not when (`ledger.py`), not the judging (`reconcile.py`), not which columns follow (`followed.py`). All of it is found by node and call,
which both tables have an index for: what a result costs does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.archive import ArchiveRules
from realtime.words import SECOND, Micros
from recordings.calls.followed import ENTRY as FOLLOWED
from recordings.calls.followed import FOLLOWS, Line, followed
from recordings.calls.reconcile import Known, standing
from recordings.catalogue.batches import by
from recordings.catalogue.catalogue import Change
from recordings.catalogue.lines import keep_agents
from recordings.catalogue.schema import UNUSUAL, call_files, calls, checkpoints, health, recordings
from recordings.proof.entries import Entry, Json
from recordings.recording import CallCard
from recordings.retention.losing import LOST as GIVEN_UP
from recordings.retention.tables import disposal_items, redactions
from recordings.words import Kind, State, Trouble

Key = tuple[str, str]
"""Node and call."""
AT_ONCE: Final = 100
"""Calls asked for in one question."""


GAP_OF_CALLS: Final = "calls"
"""Subject of such an entry in the log."""
UNFOLLOWED: Final = "unfollowed"
"""In the archive's health: the last gap."""


class Gap(NamedTuple):
    """A span of the floor's log that nobody read: calls of it are in no ledger."""

    since: Micros
    until: Micros

    def __str__(self) -> str:
        since, until = (datetime.fromtimestamp(at // SECOND, UTC) for at in self)
        return f"{since:%Y-%m-%d %H:%M:%S} - {until:%Y-%m-%d %H:%M:%S} UTC"


class Recorded(NamedTuple):
    """A recording of a call: its line as far as the ledger reads it."""

    place: int
    began: Micros
    known: Known
    line: Line


async def put(change: Change, cards: Sequence[CallCard], rules: ArchiveRules, now: Micros) -> None:
    """These calls as they stand by the recordings that there are, and what those take from them."""
    connection = change.connection
    recorded = await recordings_of(connection, [(card.node, card.call) for card in cards])
    rows = [_row(card, [each.known for each in recorded.get((card.node, card.call), [])], rules, now) for card in cards]
    await _follow(change, [(card, each) for card in cards for each in recorded.get((card.node, card.call), [])], now)
    for some in by(AT_ONCE, [(card.node, card.call) for card in cards]):
        await connection.execute(delete(calls).where(_among(calls.c.node, calls.c.call, some)))
    if rows:
        await connection.execute(insert(calls), rows)


async def put_files(connection: AsyncConnection, cards: Sequence[CallCard]) -> None:
    """Which files Asterisk said to be of these calls."""
    rows = {(card.node, name, card.call): leg for card in cards for name, leg in card.files.items()}
    line = tuple_(call_files.c.node, call_files.c.name, call_files.c.call)
    for some in by(AT_ONCE, list(rows)):
        await connection.execute(delete(call_files).where(line.in_(some)))
    if rows:
        said = [{"node": node, "name": name, "call": call, "leg": leg, "at": 0} for (node, name, call), leg in rows.items()]
        await connection.execute(insert(call_files), said)


async def put_gap(change: Change, gap: Gap, now: Micros) -> None:
    """For whoever looks at the archive, and for good."""
    await change.append(Entry(kind=Kind.GAP, at=now, subject=GAP_OF_CALLS, public={"since": gap.since, "until": gap.until}))
    await change.connection.execute(delete(health).where(health.c.name == UNFOLLOWED))
    seconds = (gap.until - gap.since) / SECOND
    await change.connection.execute(insert(health).values(name=UNFOLLOWED, value=seconds, text=str(gap), at=now))


async def recordings_of(connection: AsyncConnection, which: Sequence[Key]) -> dict[Key, list[Recorded]]:
    """One that was redacted is its redacted one; of one that two people gave up that is so also when what was left of it has gone."""
    lost = exists().where(disposal_items.c.recording == recordings.c.place, disposal_items.c.standing == GIVEN_UP).label("given_up")
    redacted = exists().where(redactions.c.original == recordings.c.place, redactions.c.made > 0)
    names = ("node", "call", "place", "began", "leg", "trouble", "state", "stored_at", *FOLLOWS)
    columns = [recordings.c[name] for name in names]
    found: dict[Key, list[Recorded]] = {}
    for some in by(AT_ONCE, which):
        here = _among(recordings.c.node, recordings.c.call, some)
        for row in await connection.execute(select(*columns, lost).where(here, ~redacted)):
            troubles = frozenset(Trouble(word) for word in row.trouble.split(",") if word)
            state = State(row.state)
            known = Known(row.leg, troubles, state, given_up=bool(row.given_up))
            line = Line(row.agent, row.agents, row.dial, row.outcome)
            found.setdefault((row.node, row.call), []).append(Recorded(row.place, row.began, known, line))
    return found


async def _follow(change: Change, recorded: Sequence[tuple[CallCard, Recorded]], now: Micros) -> None:
    """What was disposed of stays as its certificate found it."""
    connection = change.connection
    lines = [(each, followed(each.line, card)) for card, each in recorded if each.known.state is not State.DISPOSED]
    changed = [(each, line) for each, line in lines if line != each.line]
    if changed:
        one = update(recordings).where(recordings.c.place == bindparam("here")).values({name: bindparam(f"now_{name}") for name in FOLLOWS})
        values = [{"here": each.place, **{f"now_{name}": value for name, value in line._asdict().items()}} for each, line in changed]
        await connection.execute(one, values)
    for each, line in changed:
        if (line.agent, line.agents) != (each.line.agent, each.line.agents):
            await keep_agents(connection, each.place, each.began, line.agent, line.agents)
    await _say_before(change, changed, now)


async def _say_before(change: Change, changed: Sequence[tuple[Recorded, Line]], now: Micros) -> None:
    """Of calls that a checkpoint has closed over: a sample is drawn from them as they were then (`quality/frame.py`), or a result that is
    coded with the seed in hand would choose the stratum. Most results come within the hour, and need no entry."""
    moved = [each for each, line in changed if (line.agent, line.outcome) != (each.line.agent, each.line.outcome)]
    if not moved:
        return
    closed = (await change.connection.execute(select(func.max(checkpoints.c.at)))).scalar_one() or 0
    before: list[Json] = [[each.place, each.line.agent, each.line.outcome] for each in moved if each.began < closed]
    if before:
        entry = Entry(kind=Kind.RECLASS, at=now, subject=FOLLOWED, public={"recordings": len(before)}, private={"before": before})
        await change.append(entry)


def _row(card: CallCard, known: Sequence[Known], rules: ArchiveRules, now: Micros) -> dict[str, Any]:
    found = standing(card, known, rules, now)
    if any(each.state is State.DISPOSED for each in known):
        card = msgspec.structs.replace(card, number=None)  # forgotten with it; the book may still know it
    return {
        "node": card.node,
        "call": card.call,
        "began": card.began,
        "answered": card.answered,
        "ended": card.ended,
        "agent": card.agent,
        "queue": card.queue,
        "campaign": card.campaign,
        "expected": found.rule,
        "standing": found.word,
        "reason": found.reason,
        "recordings": len(known),
        "dial": card.dial,
        "card": msgspec.json.encode(card).decode(),
    }


async def cards_of(connection: AsyncConnection, which: Sequence[Key]) -> list[CallCard]:
    """Of calls that are written down."""
    rows = await connection.execute(select(calls.c.card).where(_among(calls.c.node, calls.c.call, which)))
    return [msgspec.json.decode(card, type=CallCard) for card in rows.scalars()]


_OTHER: Final = recordings.alias()
_HAS_ANOTHER: Final = exists().where(
    _OTHER.c.call == recordings.c.call, _OTHER.c.node == recordings.c.node, _OTHER.c.state != State.LOST.value
)
_IS_MATCHED: Final = exists().where(calls.c.node == recordings.c.node, calls.c.call == recordings.c.call, calls.c.standing == "matched")
_GIVEN_UP: Final = select(recordings.c.node, recordings.c.call).where(
    recordings.c.state == State.LOST.value, UNUSUAL, _IS_MATCHED, ~_HAS_ANOTHER
)
"""From what is lost, which is little, to the calls."""


async def given_up(connection: AsyncConnection, most: int) -> set[Key]:
    """Calls that the ledger holds for recorded, and their only recording was lost since."""
    return {(row.node, row.call) for row in await connection.execute(_GIVEN_UP.limit(most))}


async def cards_named(connection: AsyncConnection, node: str, keys: Sequence[str], ids: Sequence[str]) -> list[CallCard]:
    """By what Asterisk said of a file, or by the call's own id. Of a name that is used again and again the last calls: an id begins with
    the second in which the call began, and only the last file of that name is there."""
    said = select(call_files.c.call).where(call_files.c.node == node, call_files.c.name.in_(keys))
    named = (await connection.execute(said.order_by(call_files.c.call.desc()).limit(AT_ONCE))).scalars()
    wanted = sorted({*ids, *named})
    return await cards_of(connection, [(node, call) for call in wanted]) if wanted else []


def _among(node: ColumnElement[str], call: ColumnElement[str], which: Sequence[Key]) -> ColumnElement[bool]:
    by_node: dict[str, list[str]] = {}
    for each, name in which:
        by_node.setdefault(each, []).append(name)
    return or_(*(and_(node == each, call.in_(found)) for each, found in by_node.items()))
