"""The tables: migrations lead to what the metadata says, once and under a lock, beside the history's in one database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from realtime.history import migrate as history
from realtime.history.database import BadDatabase, Database
from realtime.history.store import open_history
from recordings.catalogue import migrate
from recordings.catalogue.all_tables import metadata
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from tests.postgres import Cluster


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def keys_of(connection: Connection) -> dict[str, list[str]]:
    """What Alembic does not compare."""
    seen = inspect(connection)
    return {name: seen.get_pk_constraint(name)["constrained_columns"] for name in seen.get_table_names() if name != "alembic_version"}


def parts_of(connection: Connection) -> set[str]:
    """Indexes of a part of the lines."""
    seen, found = inspect(connection), set()
    for index in (index for table in seen.get_table_names() for index in seen.get_indexes(table)):
        options = index.get("dialect_options", {})
        if options.get("postgresql_where", options.get("sqlite_where")) is not None:
            found.add(str(index["name"]))
    return found


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")  # SQLite's; PostgreSQL's are compared
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
async def test_migrations_lead_to_the_metadata(empty: str) -> None:
    one, other = Catalogue(empty, writes=True), Catalogue(empty, writes=True)
    await asyncio.gather(one.open(), other.open())
    async with one.change() as change:
        assert await change.connection.run_sync(differences) == []
        made = await change.connection.run_sync(keys_of)
        parts = await change.connection.run_sync(parts_of)
    assert made == {name: [column.name for column in table.primary_key] for name, table in metadata.tables.items()}
    kind = "sqlite" if one.sqlite else "postgresql"
    indexes = [index for table in metadata.tables.values() for index in table.indexes]
    assert parts == {index.name for index in indexes if index.dialect_options[kind].get("where") is not None}
    await one.close()
    await other.close()


async def test_it_lies_beside_history_in_one_database(postgres: Cluster) -> None:
    """PostgreSQL's alone: SQLite has a file for each."""
    url = postgres.database()
    catalogue, old = Catalogue(url, writes=True), Database(url, writes=True)
    for _ in range(2):
        await history.migrate(old)
        await catalogue.open()
    reader = open_history(url)
    assert await reader.reach() is None
    for each in (reader, old, catalogue):
        await each.close()


async def test_one_that_is_at_this_version_is_only_asked_for_it(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalogue(empty, writes=True)
    await catalogue.open()
    monkeypatch.setattr(history, "_upgraded", lambda *_: pytest.fail("Alembic was asked"))
    await catalogue.open()
    await catalogue.close()


@pytest.mark.parametrize("folder", [history.FOLDER, migrate.FOLDER], ids=["history", "archive"])
def test_the_newest_version_is_the_one_that_alembic_goes_to(folder: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    assert history.newest(folder) == ScriptDirectory.from_config(config).get_current_head()


def test_of_several_versions_the_newest_is_the_one_that_none_follows(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    for name, before in (("first", "None"), ("third", '"second"'), ("second", '"first"')):
        (tmp_path / "versions" / f"{name}.py").write_text(f'revision = "{name}"\ndown_revision = {before}\n')
    assert history.newest(tmp_path) == "third"


async def test_a_database_of_a_newer_version_is_left_alone(empty: str) -> None:
    catalogue = Catalogue(empty, writes=True)
    await catalogue.open()
    async with catalogue.change() as change:
        await change.connection.execute(text("UPDATE alembic_version SET version_num = 'of_tomorrow'"))
    with pytest.raises(BadDatabase, match=r"archive's database .* newer Andon"):
        await catalogue.open()
    await catalogue.close()


async def test_a_commit_is_on_the_disk_and_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    """SQLite's alone: PostgreSQL is set up by whoever runs it."""
    catalogue = Catalogue(sqlite_url(tmp_path / "archive"), writes=True)
    await catalogue.open()
    async with catalogue.change() as change:
        names = ("synchronous", "secure_delete", "journal_mode")
        said = [(await change.connection.execute(text(f"PRAGMA {name}"))).scalar() for name in names]
    await catalogue.close()
    assert said == [2, 1, "wal"]
