"""The board: the parts that its handlers share, put together once. Not their work; `server.py` makes it run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from realtime import view
from realtime.view import Reveal
from realtime.words import Micros
from wallboard.clients import Clients
from wallboard.door import Door
from wallboard.feed import Feed, Follower, Renderer
from wallboard.pages import Pages
from wallboard.settings import BoardSettings
from wallboard.tokens import TokenStore

WEB = Path(__file__).parent / "web"


@dataclass(frozen=True)
class Board:
    settings: BoardSettings
    tokens: TokenStore
    door: Door
    clients: Clients
    feed: Feed
    pages: Pages
    clock: Callable[[], Micros]


def make_board(
    settings: BoardSettings,
    follower: Follower,
    mask: Reveal,
    clock: Callable[[], Micros],
    *,
    renderer: Renderer = view,
    web: Path = WEB,
) -> Board:
    """Reads the pages; opens no socket and starts no task."""
    tokens = TokenStore(settings.data_dir)
    clients = Clients(settings.max_clients, settings.max_clients_per_address)
    pages = Pages(web)
    return Board(
        settings=settings,
        tokens=tokens,
        door=Door(tokens, clock, settings.public_role),
        clients=clients,
        feed=Feed(settings.floor, follower, renderer, mask, clients, clock, pages.build),
        pages=pages,
        clock=clock,
    )
