"""Settings from this machine: the file, the environment, and the files that the file names, and what a command says of wrong ones.

The shell of `reading.py`. Every command and every role reads it, so it is light; `andon check` looks at more (`check.py`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from andon.findings import Finding, Seen
from andon.reading import Reading, read
from andon.say import complain
from andon.settings import Settings

FILE = "andon.toml"
READ_MAX = 1_048_576
"""Bytes of andon.toml; a settings file of a thousand queues has a tenth of that."""
LOOK_MAX = 65_536
"""Bytes of a file that a key names: a secret, the beginning of a certificate or of a queue_log."""


def settings_path(given: str | None, environment: Mapping[str, str] = os.environ) -> Path:
    """What `--config` says, else ANDON_CONFIG, else andon.toml here; absolute."""
    return Path(given or environment.get("ANDON_CONFIG") or FILE).absolute()


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Reading:
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        with path.open("rb") as file:
            text = file.read(READ_MAX + 1).decode("utf-8")
    except FileNotFoundError:
        return _failed(path, f"there is no such file in {path.parent}; copy examples/andon.toml there, or name one with --config.")
    except OSError as error:
        return _failed(path, f"it cannot be read ({_why(error)}); give Andon's user the right to.")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return _failed(path, f"line {line} is not UTF-8; save the file in that encoding.")
    if len(text) > READ_MAX:
        return _failed(path, f"it is larger than {READ_MAX:,} bytes; this cannot be a settings file.")
    return read(text, str(path), environment, look)


def tell(findings: tuple[Finding, ...]) -> None:
    """Errors first: they are what keeps Andon from running."""
    for finding in sorted(findings, key=lambda finding: not finding.error):
        complain(str(finding))


def settings_or_complaint(path: Path) -> Settings | None:
    """For commands that need them: None after everything wrong has been said."""
    reading = load(path)
    if reading.settings is None:
        tell(reading.findings)
        complain(f"{path.name} has errors; correct them, andon check shows them again.")
    return reading.settings


def look(path: str) -> Seen:
    try:
        with open(path, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            return Seen(file.read(LOOK_MAX).decode("utf-8", "replace"), "", mode)
    except (OSError, ValueError) as error:
        return Seen(fault=_why(error))


def _why(error: OSError | ValueError) -> str:
    known: dict[type[Exception], str] = {
        FileNotFoundError: "there is no such file",
        PermissionError: "no permission",
        IsADirectoryError: "it is a folder",
    }
    return known.get(type(error)) or (error.strerror if isinstance(error, OSError) and error.strerror else "not a path")


def _failed(path: Path, text: str) -> Reading:
    return Reading(None, (Finding(path.name, "", text),))
