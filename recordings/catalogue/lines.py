"""A recording's line written: the one place that keeps `recordings` and `further_agents` the same; and whether its leg has one already.

Not its entry in the log (`sealing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue.schema import further_agents, recordings
from recordings.recording import CallCard
from recordings.words import WORTHLESS, State


async def keep(connection: AsyncConnection, values: Mapping[str, Any]) -> int:
    """A new line; its place. `values` by the names of the columns, `class_` for the class."""
    place = (await connection.execute(insert(recordings).values(**values).returning(recordings.c.place))).scalar_one()
    await keep_agents(connection, place, values["began"], values.get("agent", ""), values.get("agents", ""))
    return int(place)


async def keep_agents(connection: AsyncConnection, place: int, began: int, agent: str, agents: str) -> None:
    """After `agent` and `agents` of a line were written, or changed."""
    await connection.execute(delete(further_agents).where(further_agents.c.recording == place, further_agents.c.began == began))
    rows = [{"agent": each, "began": began, "recording": place} for each in sorted(set(agents.split(",")) - {"", agent})]
    if rows:
        await connection.execute(insert(further_agents), rows)


async def is_doubled(connection: AsyncConnection, card: CallCard, leg: str, but: int = 0) -> bool:
    """Another good recording of the same leg. `but`: the place of the one that is asked about, where it has one. Looked for among those of
    its call, for which there is an index, and of the calls that are merged in it, which are among its legs."""
    line = recordings.c
    of_call = line.call.in_(sorted({card.call, *card.legs})) & (line.node == card.node)
    other = of_call & (line.leg == leg) & (line.place != but) & (line.state != State.LOST.value)
    for trouble in sorted(WORTHLESS):
        other &= ~line.trouble.like(f"%{trouble.value}%")
    return (await connection.execute(select(line.place).where(other).limit(1))).first() is not None
