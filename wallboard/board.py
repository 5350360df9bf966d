"""The board: the parts that its handlers share, put together once. Not their work; `server.py` makes it run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from realtime import view
from realtime.dial.would import Dialling
from realtime.floor import Floor
from realtime.history.port import History
from realtime.owned import Answer
from realtime.requests import Actor, AnyAsk
from realtime.view import Reveal
from realtime.words import Micros
from wallboard.audit_log import AuditLog
from wallboard.boards import Boards
from wallboard.clients import Clients
from wallboard.door import Door
from wallboard.feed import Feed, Follower, Renderer
from wallboard.me_feed import MeFeed
from wallboard.pages import Pages
from wallboard.people import People
from wallboard.rates import Rates
from wallboard.recorder import Recorder
from wallboard.screens import Screens
from wallboard.sessions import Sessions
from wallboard.settings import BoardSettings
from wallboard.signing import HOUR, MINUTE, Lives, SigningIn
from wallboard.tokens import TokenStore

WEB = Path(__file__).parent / "web"


class Asker(Protocol):
    """`realtime.asker.Asker`, as far as a board needs it. `ask` raises its NotAnswered; `look` is told of every step of the floor."""

    async def ask(self, actor: Actor, ask: AnyAsk, key: str = "") -> Answer: ...
    def look(self, floor: Floor) -> None: ...


@dataclass(frozen=True)
class Board:
    settings: BoardSettings
    tokens: TokenStore
    people: People
    sessions: Sessions
    door: Door
    signing: SigningIn
    recorder: Recorder
    clients: Clients
    boards: Boards
    screens: Screens
    feed: Feed
    own: MeFeed
    pages: Pages
    clock: Callable[[], Micros]
    mask: Reveal
    history: History | None = None
    asker: Asker | None = None
    dialling: Dialling | None = None
    rates: Rates = field(default_factory=Rates)
    more: tuple[Any, ...] = ()
    """Rows (`row.Row`) that another part of Andon offers, behind the same door; a row knows boards, so its type is not named here."""


def make_board(
    settings: BoardSettings,
    follower: Follower,
    mask: Reveal,
    clock: Callable[[], Micros],
    *,
    renderer: Renderer = view,
    history: History | None = None,
    asker: Asker | None = None,
    dialling: Dialling | None = None,
    more: tuple[Any, ...] = (),
    pages: Pages | None = None,
) -> Board:
    """Reads the pages, unless somebody has; opens no socket and starts no task."""
    tokens, people, sessions = TokenStore(settings.data_dir), People(settings.data_dir), Sessions(settings.data_dir)
    door = Door(tokens, people, sessions, clock, settings.public_role)
    signing = SigningIn(door, people, sessions, Lives(settings.session_hours * HOUR, settings.session_idle_minutes * MINUTE), clock)
    clients, pages_of_agents = (Clients(settings.max_clients, settings.max_clients_per_address) for _ in range(2))
    feed = Feed(settings.floor, follower, renderer, mask, clients, boards := Boards(), clock, (pages := pages or Pages(WEB)).build)
    board = Board(
        settings=settings,
        tokens=tokens,
        people=people,
        sessions=sessions,
        door=door,
        signing=signing,
        recorder=Recorder(AuditLog(settings.data_dir), clock),
        clients=clients,
        boards=boards,
        screens=Screens(settings.data_dir),
        feed=feed,
        own=MeFeed(feed, pages_of_agents, clock, pages.build),
        pages=pages,
        clock=clock,
        mask=mask,
        history=history,
        asker=asker,
        dialling=dialling,
        more=more,
    )
    return joined_up(board, asker)


def joined_up(board: Board, asker: Asker | None) -> Board:
    """What one part hears of another."""
    metrics = board.feed.metrics
    metrics.audit_fault = lambda: bool(board.recorder.trail.fault)
    metrics.pages, board.own.clients.counts = board.own.clients, board.clients.counts
    if asker is not None:
        board.feed.folded = asker.look
    return board
