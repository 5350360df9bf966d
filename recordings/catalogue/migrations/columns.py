"""Columns as migrations say them, in one word each. Not a migration; what is here keeps its meaning for ever."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def counted(name: str) -> sa.Column[Any]:
    """A key that the database counts by itself."""
    return sa.Column(name, BIG, autoincrement=True, nullable=False)


def place(name: str, null: bool = False) -> sa.Column[Any]:
    """What refers to a counted one, or is counted by us."""
    return sa.Column(name, BIG, autoincrement=False, nullable=null)


def number(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, autoincrement=False, nullable=null)


def whole(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, autoincrement=False, nullable=null)


def small(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.SmallInteger, autoincrement=False, nullable=null)


def real(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Float, nullable=null)


def flag(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=null)


def word(name: str, most: int | None = None, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(most), nullable=null)


def text(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=null)


def blob(name: str, most: int | None = None, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(most), nullable=null)


def key(*names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names)


def is_true(name: str) -> str:
    """Of a flag, as a query says it: an index of a part of the lines is used by a query that names the same part."""
    return name if op.get_context().dialect.name == "postgresql" else f"{name} = 1"


def is_false(name: str) -> str:
    return f"NOT {name}" if op.get_context().dialect.name == "postgresql" else f"{name} = 0"


def part(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    """An index of those lines alone."""
    said = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=said, postgresql_where=said)
