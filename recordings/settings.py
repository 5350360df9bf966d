"""What the archive is given by whoever starts it.

Not the file of settings (`andon/settings.py`) and not the plan (`realtime/plan/archive.py`).
"""

from __future__ import annotations

from pathlib import Path

import msgspec


class Spool(msgspec.Struct, frozen=True):
    """The folder of one PBX's recordings, as this machine sees it."""

    node: str
    folder: Path


class ArchiveSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`vaults`: one or two folders; `keys`: one or two folders for keys of keys, `key_command` instead of them."""

    floor: str
    timezone: str
    data_dir: Path
    database: str = ""  # address; empty: SQLite under data_dir/archive
    spools: tuple[Spool, ...] = ()
    vaults: tuple[Path, ...] = ()
    keys: tuple[Path, ...] = ()
    key_command: str = ""
    settle_s: float = 10.0  # a file that nobody said anything of is complete when it has not changed for so long
    free_gb: float = 20.0  # less on the disk of a spool or vault: alarm
    free_share: float = 0.1
    discs: Path | None = None  # images and staging; empty: under data_dir/archive
    burner: str = ""  # a drive, as /dev/sr0; empty: images only

    @property
    def folder(self) -> Path:
        return self.data_dir / "archive"
