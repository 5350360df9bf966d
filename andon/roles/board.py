"""The server of the screens: a follower of the log, and what each audience may see of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from andon.archive.desk import desk_of
from andon.archive.opened import archive_of, catalogue_of
from andon.lists import FOLDER as LISTS
from andon.offers import rows_of
from andon.roles.boards import hanging
from andon.roles.past import history_of
from andon.roles.work import RoleRefused, Work, keys_of, now_us, store_of
from andon.settings import Settings
from andon.watch import watching
from realtime.asker import Asker
from realtime.dial import signing
from realtime.dial.would import Dialling
from realtime.engine import new_id
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.history.database import BadDatabase
from realtime.lists.shelf import Shelf
from realtime.sealing import Sealer, mask
from recordings.catalogue.catalogue import Catalogue
from wallboard.authorise import Role
from wallboard.board import Board, make_board
from wallboard.server import BoardRefused, serve
from wallboard.settings import BoardSettings

log = structlog.get_logger()


async def run(work: Work) -> None:
    store = store_of(work.settings)
    follower = Follower(store.log, store.checkpoints, FloorFolding(), told=log.warning)
    settings = board_of(work.settings)
    history = history_of(work.settings)
    masked = _masked(keys_of(work.settings, make=False).sealer())
    shelf = Shelf(settings.data_dir / LISTS, told=log.warning)
    keys = keys_of(work.settings, make=True)
    name, key = keys.signing()
    dialling = Dialling(keys.sealer().seal, store.ledger, shelf, lambda fact: signing.good(fact, name, key))
    asker = Asker(store.requests, now_us, new_id)
    catalogue = _catalogue_of(work.settings)
    desk = desk_of(archive_of(work.settings), catalogue, now_us, keys.sealer().digest, masked, lambda: followed(board))
    more = rows_of(desk)
    board = make_board(settings, follower, masked, now_us, history=history, asker=asker, dialling=dialling, more=more)

    def folded(floor: Floor) -> None:
        asker.look(floor)
        shelf.take(floor.owned.outbound.lists)

    board.feed.folded = folded
    looking = asyncio.create_task(store.ledger.run())
    try:
        async with watching(work, follower.families) as watch:
            board.feed.metrics.outside = watch.outside
            async with hanging(board, Path(work.settings.floor.plan)):
                await serve(board, work.stop, lambda port: work.ready(f"The wall is at {wall_url(settings, port)}"))
    except* BoardRefused as refused:
        raise RoleRefused(_first(refused)) from refused
    finally:
        looking.cancel()
        shelf.close()
        await catalogue.close()
        if history is not None:
            await history.close()
        await store.close()


def followed(board: Board) -> Floor:
    """The floor that it shows; whoever asks has been let in by one (`andon/offers.py`)."""
    assert board.feed.floor is not None, "no floor has been read yet"
    return board.feed.floor


def _catalogue_of(settings: Settings) -> Catalogue:
    """The archivist makes its tables; until then, and whenever it is away, the archive's addresses say so and the floor is served."""
    try:
        return catalogue_of(settings, writes=True)
    except BadDatabase as error:
        raise RoleRefused(str(error)) from error


def _first(group: BaseExceptionGroup[BoardRefused]) -> str:
    """Groups lie in groups, one for each thing that ran around the server."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else str(first)


def board_of(settings: Settings) -> BoardSettings:
    table = settings.board
    return BoardSettings(
        data_dir=Path(settings.data.dir),
        floor=settings.floor.name,
        listen=table.listen,
        hosts=table.hosts,
        public_role=Role(table.public_role) if table.public_role else None,
        trusted_proxies=table.trusted_proxies,
        session_hours=table.session_hours,
        session_idle_minutes=table.session_idle_minutes,
        max_clients=table.max_clients,
        max_clients_per_address=min(BoardSettings.max_clients_per_address, table.max_clients),
    )


def wall_url(board: BoardSettings, port: int) -> str:
    """As a browser would write it: a name where the settings know one, else the address."""
    everywhere = board.address in ("0.0.0.0", "::", "")  # noqa: S104 - a comparison, nothing is bound
    host = board.hosts[0] if board.hosts else "127.0.0.1" if everywhere else board.address
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/wall"


KEYS_LAST_S: Final = 60.0
"""How long a destroyed key may still be used by a board that has read it."""


def _masked(sealer: Sealer, clock: Callable[[], float] = time.monotonic) -> Callable[[Sealed], str | None]:
    read = clock()

    def reveal(sealed: Sealed) -> str | None:
        nonlocal read
        if clock() - read > KEYS_LAST_S:
            read = clock()
            sealer.forget_keys()
        number = sealer.open(sealed)
        return None if number is None else mask(number)

    return reveal
