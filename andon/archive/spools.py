"""Whether an archivist has anything to do on this machine. Light, for the command line; not the archive itself (`opened.py`)."""

from __future__ import annotations

from pathlib import Path

from andon.settings import Settings


def archives(settings: Settings) -> bool:
    """Some spool is a folder here. One that is mounted later wants a restart."""
    return settings.archive.run and any(pbx.spool and Path(pbx.spool).is_dir() for pbx in settings.pbx)
