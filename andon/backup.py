"""`andon backup`: everything that makes this floor, in one file that only its owner can read, also while Andon runs.

Its counterpart is `restore.py`. What is copied while it changes is copied by its owner's own means: the log key by key
(`log_dump.py`), SQLite by its backup interface; JSON files are replaced whole by those who write them. The log is taken before
the history, because the engine trims the log only behind what the history has: so nothing can fall between the two.

Not in it: sessions and leases (they would let somebody in, or lock somebody out), the token of `andon floor` (made at each
start), a Redis or PostgreSQL of one's own (they have their own backups, and docs/operate.md says which). Nor the archive's vaults and
disc images, which are large and have a second copy of their own, nor its keys of keys: what is disposed of must not come back from here.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import msgspec

from andon import log_dump
from andon.archive.opened import archive_of
from andon.say import Exit, complain, say
from andon.settings import Settings
from realtime import valkey
from realtime.log import LogAway

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
LOG: Final = "log.dump"
HISTORY: Final = "history.db"
CATALOGUE: Final = "archive/catalogue.db"
LEFT_OUT: Final = ("cli.token", "cli.token.new", "sessions.json", "screens.json")
"""Of the data folder: what lets somebody in for the moment only."""


class Entry(msgspec.Struct, frozen=True):
    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """First in the file: what is in it, and by which Andon."""

    format: int
    andon: str
    made: str
    floor: str
    data: str
    """The data folder, seen from the settings; absolute where it lies elsewhere."""
    files: list[Entry]


class Incomplete(Exception):
    """Something that belongs into a backup cannot be read: one sentence."""


def backup(settings: Settings, file: Path) -> Exit:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        complain(f"{file} is there already; a backup writes over nothing, so choose another name.")
        return Exit.FAILED
    except OSError as error:
        complain(f"{file} cannot be written ({error.strerror}); choose another folder.")
        return Exit.FAILED
    try:
        with os.fdopen(handle, "wb") as out, tempfile.TemporaryDirectory(prefix=".andon-backup-", dir=file.parent) as aside:
            number = _write(settings, out, Path(aside))
    except (Incomplete, LogAway, valkey.ValkeyRefused, OSError, sqlite3.Error) as error:
        file.unlink(missing_ok=True)
        complain(f"No backup was made: {str(error).rstrip('.')}.")
        return Exit.FAILED
    say(f"{file} has {number} files of the floor {settings.floor.name}. It holds keys and secrets: keep it as you keep those.")
    for line in not_in_it(settings):
        say(line)
    return Exit.DONE


def not_in_it(settings: Settings) -> list[str]:
    return [
        *([f"The log is not in it: back up {settings.data.redis} by its own means."] if settings.data.redis else []),
        *([f"The history and the archive's catalogue are not in it: pg_dump {settings.data.database}."] if settings.data.database else []),
        *(
            ["Recordings and their keys of keys are not in it: a second vault and a second key store are their backup."]
            if _archived(settings)
            else []
        ),
    ]


def _archived(settings: Settings) -> bool:
    return any(folder.exists() for folder in archive_of(settings).vaults)


def _apart(settings: Settings) -> list[Path]:
    """Folders under the data folder that are in no backup."""
    archive = archive_of(settings)
    return [folder.resolve() for folder in (*archive.vaults, *archive.keys, *([archive.discs] if archive.discs else []))]


def _write(settings: Settings, out: object, aside: Path) -> int:
    found = dict(_settings_files(Path(settings.path)))
    data = Path(settings.data.dir)
    if not settings.data.redis and valkey.folder(data).exists():
        asyncio.run(log_dump.dump(data, settings.floor.name, aside / LOG))
        found[LOG] = aside / LOG
    found |= {f"data/{name}": path for name, path in _data_files(data, _apart(settings))}
    for name in (HISTORY, CATALOGUE):
        if (data / name).exists() and not settings.data.database:
            copy = aside / Path(name).name
            copy_sqlite(data / name, copy)
            found[f"data/{name}"] = copy
    return _pack(settings, out, aside, found)


def _settings_files(path: Path) -> Iterator[tuple[str, Path]]:
    """andon.toml, and what lies beside it: secrets that it names, the plan."""
    folder = path.parent
    yield f"settings/{path.name}", path
    for each in sorted(folder.iterdir()):
        if each.suffix == ".secret" and each.is_file():
            yield f"settings/{each.name}", each
    for each in sorted((folder / "plan").rglob("*")):
        if each.is_file():
            yield f"settings/{each.relative_to(folder).as_posix()}", each


def _data_files(data: Path, apart: list[Path]) -> Iterator[tuple[str, Path]]:
    """All but locks, sockets, the server's own files and SQLite's: those are copied by other means."""
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data)
        ours = (
            name.parts[0] != "valkey"
            and name.suffix not in (".lock", ".new")
            and not name.name.startswith((HISTORY, Path(CATALOGUE).name, "."))
        )
        if (
            ours
            and not any(path.resolve().is_relative_to(folder) for folder in apart)
            and path.is_file()
            and not path.is_symlink()
            and name.name not in LEFT_OUT
        ):
            yield name.as_posix(), path


def copy_sqlite(source: Path, copy: Path) -> None:
    """A whole database as of one moment, while others write it."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as ours, closing(sqlite3.connect(copy)) as theirs:
        ours.backup(theirs)


def _pack(settings: Settings, out: object, aside: Path, found: dict[str, Path]) -> int:
    """Each file is copied first: what is hashed is what is packed, whoever writes to it meanwhile."""
    entries = []
    for number, (name, path) in enumerate(found.items()):
        copy = aside / f"{number}.part"
        content = path.read_bytes() if path.parent != aside else None
        if content is not None:
            copy.touch(0o600)
            copy.write_bytes(content)
        found[name] = path if content is None else copy
        entries.append(Entry(name, found[name].stat().st_size, digest(found[name])))
    manifest = Manifest(FORMAT, _version(), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", settings.floor.name, _data_name(settings), entries)
    (aside / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as packed:  # type: ignore[call-overload]
        for name, path in {MANIFEST: aside / MANIFEST, **found}.items():
            packed.add(path, name, recursive=False, filter=_owner_only)
    return len(entries)


def _owner_only(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mode, member.uid, member.gid, member.uname, member.gname = 0o600, 0, 0, "", ""
    return member


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _data_name(settings: Settings) -> str:
    data, folder = Path(settings.data.dir), Path(settings.path).parent
    return data.relative_to(folder).as_posix() if data.is_relative_to(folder) else str(data)


def _version() -> str:
    try:
        return version("andon-floor")
    except PackageNotFoundError:
        return "unknown"
