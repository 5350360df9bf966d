"""Steps of discs that take long, as somebody asked for them: noted here, carried out by the archivist or the command line (`works.py`).

Not the steps that are done at once (`register.py`: gathering, signing, destroying).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import insert, update

from realtime.words import Micros
from recordings.catalogue.catalogue import Change
from recordings.discs import store
from recordings.discs.register import DiscRefused, changing, must
from recordings.discs.states import DiscState
from recordings.discs.tables import wishes
from recordings.refusals import Remark
from recordings.refusals.stored import written

MOST_WISHES: Final = 200
"""Steps that wait at a time: whoever asks for more is told to wait."""
STEPS: Final[dict[str, Collection[DiscState]]] = {
    "image": (DiscState.GATHERED,),
    "burn": (DiscState.IMAGED,),
    "verify": (DiscState.BURNED,),
    "check": (DiscState.VERIFIED, DiscState.SIGNED),
    "prove": (DiscState.SIGNED, DiscState.DAMAGED, DiscState.DISCARDED),
}
"""Steps that take long, and where a disc must be for them; `image` is of a set."""


@changing
async def wish(change: Change, step: str, subject: str, who: str, now: Micros) -> int:
    """Its number. The same wish that still waits is that one."""
    connection = change.connection
    if step == "image":
        found = await store.discs_of(connection, subject)
        if not any(disc.state in STEPS[step] for disc in found):
            raise DiscRefused("disc.set_state", set=subject[:8])
    else:
        await must(connection, subject, *STEPS[step])
    waiting = await store.wishes_in(connection, "wanted", limit=MOST_WISHES)
    same = [each.id for each in waiting if (each.step, each.subject) == (step, subject)]
    if same:
        return same[0]
    if len(waiting) >= MOST_WISHES:
        raise DiscRefused("disc.discs_busy.wishes", most=MOST_WISHES)
    values = {"step": step, "subject": subject, "who": who, "at": now, "state": "wanted"}
    return int((await connection.execute(insert(wishes).values(**values).returning(wishes.c.id))).scalar_one())


@changing
async def answered(change: Change, wish_id: int, done: bool, said: Remark, now: Micros) -> None:
    """No entry: what was done has its own."""
    values = {"state": "done" if done else "failed", "said": written(said), "ended_at": now}
    await change.connection.execute(update(wishes).where(wishes.c.id == wish_id).values(**values))
