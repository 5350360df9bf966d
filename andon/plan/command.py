"""`andon plan`: which deed answers what a person asked. Not the answers (`show.py`, `try_.py`)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from andon.plan import show, try_
from andon.say import Exit
from andon.settings import Settings

Said = argparse.Namespace


def _show(said: Said, settings: Settings) -> Exit:
    return show.show(settings, Path(said.plan) if said.plan else None, said.language, said.live)


def _try(said: Said, settings: Settings) -> Exit:
    folder = Path(said.plan) if said.plan else None
    return try_.try_plan(settings, folder, said.since, said.until, said.language, said.json)


def _presets(said: Said, _settings: Settings) -> Exit:
    return show.show_presets(said.language)


DEEDS: Final[dict[str, Callable[[Said, Settings], Exit]]] = {"show": _show, "try": _try, "presets": _presets}
