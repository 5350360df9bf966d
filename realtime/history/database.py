"""One database, of history or of the archive: its address, its connections, and what its faults are called.

Not its tables (`schema.py`) and not what is asked of it (`store.py`, `writer.py`). SQLite and PostgreSQL differ here and
nowhere else. SQLite: a write-ahead log, so that readers and the one writer do not wait for each other; history's is synced when it
is folded in and not at each commit, since the log still has what a power cut takes. What nothing else has is synced at each commit
(`Owner.durable`).
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from copy import copy
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, event, make_url
from sqlalchemy import exc as fault
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from realtime.history.port import HistoryAway

FILE = "history.db"
PATIENCE_S = 10.0
"""For a connection and for each statement: a database that needs longer is taken for away."""
BUSY_S = 5
"""How long SQLite waits for another writer, as a migration or a restore."""
TRIES = 50
"""In that time, of what SQLite does not wait for by itself: a tenth of a second apart."""
CONNECTIONS = 4
"""Of a reader: a person's pages ask for a few things at once."""


class Owner(NamedTuple):
    """Whose tables these are. `maker`: who makes them. `schema`: of PostgreSQL, so that two may share a database; empty: the usual one.
    `durable`: synced at each commit, and what is deleted is overwritten."""

    name: str = "history"
    maker: str = "andon engine"
    schema: str = ""
    durable: bool = False


HISTORY = Owner()


class BadDatabase(Exception):
    """The address cannot be one, or the database is somebody else's: one sentence, what to change."""


def sqlite_url(folder: Path) -> str:
    """Where history is when the settings name no database."""
    return URL.create("sqlite+aiosqlite", database=str((folder / FILE).absolute())).render_as_string()


P = ParamSpec("P")
T = TypeVar("T")


def whole(transaction: Callable[P, Coroutine[None, None, T]]) -> Callable[P, Coroutine[None, None, T]]:
    """It is done to its end also when who asked is cancelled: aiosqlite's thread, given up in the middle, may keep SQLite's lock."""

    @wraps(transaction)
    async def done(*arguments: P.args, **more: P.kwargs) -> T:
        task = asyncio.ensure_future(transaction(*arguments, **more))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])  # bounded by its own patience
            if not task.cancelled():
                task.exception()  # nobody asks for it any more
            raise

    return done


class Database:
    """Connections are made when first used. `writes`: the one writer; everybody else cannot change anything. `makes`: a writer whose
    file is made where there is none. `patience_s`: for each statement; what is asked for more must have a database of its own."""

    def __init__(
        self, url: str, *, writes: bool = False, makes: bool = True, owner: Owner = HISTORY, patience_s: float = PATIENCE_S
    ) -> None:
        self._url = _read(url)
        self._patience_s = patience_s
        self.owner = owner
        self.where = _without_secrets(self._url)
        self._writes, self._makes = writes, writes and makes
        self._engine: AsyncEngine | None = None

    def patient(self, patience_s: float) -> Database:
        """The same database, with this patience for each statement; to be closed by itself."""
        other = copy(self)
        other._patience_s, other._engine = patience_s, None
        return other

    @property
    def sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @property
    def called(self) -> str:
        """How a sentence about it begins."""
        return f"The {self.owner.name}'s database {self.where}"

    @property
    def engine(self) -> AsyncEngine:
        if self._engine is None:
            self._engine = self._made()
        return self._engine

    @asynccontextmanager
    async def connection(self, patience_s: float | None = PATIENCE_S) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, rolled back by whatever is raised inside. Only within what is `whole`.

        Raises HistoryAway. SQLite is not given up in the middle: its own patience (BUSY_S) bounds what it waits for.
        """
        with self.faults():
            async with asyncio.timeout(None if self.sqlite else patience_s), self.engine.begin() as connection:
                yield connection

    @contextmanager
    def faults(self) -> Iterator[None]:
        """What is raised inside of the database's faults is HistoryAway, with a sentence."""
        try:
            yield
        except (fault.DBAPIError, fault.TimeoutError, OSError, TimeoutError) as error:
            if (sentence := self._sentence(error)) is None:
                raise
            raise HistoryAway(sentence) from error

    async def close(self) -> None:
        if self._engine is not None:
            await self._engine.dispose()

    def _made(self) -> AsyncEngine:
        if not self.sqlite:
            timeouts: dict[str, Any] = {"timeout": PATIENCE_S, "command_timeout": self._patience_s}
            if self.owner.schema:
                # What is rare decides which index is walked; a plan made for any value reads the whole table for the one that nobody has.
                timeouts["server_settings"] = {"search_path": self.owner.schema, "plan_cache_mode": "force_custom_plan"}
            size = 1 if self._writes else CONNECTIONS
            engine = create_async_engine(self._url, connect_args=timeouts, pool_size=size, pool_timeout=PATIENCE_S, pool_pre_ping=True)
            if not self._writes:
                event.listen(engine.sync_engine, "begin", _read_only)
            return engine
        mode = "rwc" if self._makes else "rw"
        if self._makes:
            _make(Path(str(self._url.database)))
        url = self._url.set(database=f"file:{quote(str(self._url.database))}", query={"mode": mode, "uri": "true"})
        engine = create_async_engine(url, connect_args={"timeout": BUSY_S}, pool_size=1 if self._writes else CONNECTIONS)
        prepare = _prepare_durable if self.owner.durable else _prepare_writing
        event.listen(engine.sync_engine, "connect", prepare if self._writes else _prepare_reading)
        event.listen(engine.sync_engine, "begin", _begin_writing if self._writes else _begin_reading)
        return engine

    def _sentence(self, error: BaseException) -> str | None:
        """What happened and what to do; None for what is a bug of ours and no fault of the database."""
        if isinstance(error, fault.DBAPIError):
            said = " ".join(str(error.orig).split()).rstrip(".")
            said = said.rpartition(">: ")[2]  # asyncpg's class in front of its words
            for word, sentence in SENTENCES:
                if word in said:
                    return f"{self.called} {sentence.format(error=said, maker=self.owner.maker, name=self.owner.name)}"
            if isinstance(error, fault.IntegrityError | fault.ProgrammingError | fault.DataError) and not error.connection_invalidated:
                return None
            return f"{self.called} does not serve ({said}): look whether it runs and has room."
        if isinstance(error, OSError) and not isinstance(error, TimeoutError):
            return f"{self.called} cannot be reached ({error.strerror or error}): is it running?"
        return f"{self.called} does not answer: is it stopped, overloaded or behind a broken network?"


SENTENCES: tuple[tuple[str, str], ...] = (
    ("unable to open database file", "is not there yet or may not be opened: {maker} makes it; check data.dir and its rights."),
    ("no such table", "has no tables of Andon yet: {maker} makes them when it starts."),
    ("does not exist", "is not ready ({error}): make the database; {maker} makes its tables when it starts."),
    ("password authentication failed", "refuses the password: check user and password in data.database."),
    ("no password supplied", "wants a password: write it into data.database, or into ANDON_DATA_DATABASE."),
    ("permission denied", "does not permit it ({error}): give Andon's user all rights on its own database."),
    ("disk is full", "has no room: free some on its disk; the {name} goes on by itself."),
    ("No space left", "has no room: free some on its disk; the {name} goes on by itself."),
    ("malformed", "is damaged: stop Andon and put its backup in place, or move the file away to begin anew."),
    ("is not a database", "is no SQLite file: stop Andon and put its backup in place, or move the file away to begin anew."),
)
"""By words of the message, the first that fits: drivers know no classes for most of these."""


def _read(url: str) -> URL:
    try:
        read = make_url(url)
    except fault.ArgumentError as error:
        raise BadDatabase("data.database is no address of a database: write postgresql+asyncpg://USER@HOST/NAME.") from error
    if read.drivername not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        raise BadDatabase(f"data.database names {read.drivername}: write postgresql+asyncpg://USER@HOST/NAME, or leave it empty.")
    return read


def _without_secrets(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.host or url.query.get('host', 'here')}{f':{url.port}' if url.port else ''}/{url.database or ''}"


def _make(path: Path) -> None:
    """Readable by its owner alone, and so what SQLite puts beside it. What cannot be made is told when it is opened."""
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _prepare_writing(connection: Any, _record: object) -> None:
    _to_wal(connection)
    _run(connection, "PRAGMA synchronous = NORMAL", "PRAGMA journal_size_limit = 67108864")
    connection.isolation_level = None  # transactions begin where we say so


def _to_wal(connection: Any) -> None:
    """Of two that make a new file at once one is told "locked" on the spot: SQLite does not wait for this lock (measured with 3.40: one in
    160 openings, four at a time)."""
    for left in reversed(range(TRIES)):
        try:
            return _run(connection, "PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not left:
                raise
        await_only(asyncio.sleep(BUSY_S / TRIES))


def _prepare_durable(connection: Any, record: object) -> None:
    _prepare_writing(connection, record)
    _run(connection, "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON")


def _prepare_reading(connection: Any, _record: object) -> None:
    _run(connection, "PRAGMA query_only = ON")
    connection.isolation_level = None


def _run(connection: Any, *statements: str) -> None:
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()


def _begin_writing(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _read_only(connection: Any) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
