"""What starts often starts light: the command line and the small roles load no library that only others need.

By names, not by time: a machine that is busy fails nobody. The pattern that keeps it is in `andon/answers.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

DATABASE = ("sqlalchemy", "alembic", "aiosqlite", "asyncpg")
SOUND = ("numpy", "soundfile", "pycdlib")
PAGES = ("starlette", "uvicorn", "xlsxwriter", "prometheus_client")
COUNTRIES = ("phonenumbers", "holidays")
SERVERS = ("asyncio", "redis", "structlog", "cryptography", "argon2")

STARTED = """
import importlib, sys
from andon.command import main
try:
    main(sys.argv[1].split())
except SystemExit:
    pass
if sys.argv[2]:
    importlib.import_module(sys.argv[2])
sys.stdout.write("\\n" + " ".join(sys.modules))
"""


@pytest.mark.parametrize(
    ("words", "role", "unwanted"),
    [
        ("--help", "", (*DATABASE, *SOUND, *PAGES, *COUNTRIES, *SERVERS)),
        ("recordings --help", "", (*DATABASE, *SOUND, *PAGES, *COUNTRIES, *SERVERS)),
        ("recordings dispose --help", "", (*DATABASE, *SOUND, *PAGES, *COUNTRIES, *SERVERS)),
        ("deploy list", "", (*DATABASE, *SOUND, *PAGES, *COUNTRIES, *SERVERS)),
        ("adapter", "andon.roles.adapter", (*DATABASE, *SOUND, *PAGES, *COUNTRIES, "argon2", "andon.plan")),
        ("gate", "andon.roles.gate", (*DATABASE, *SOUND, *PAGES)),
        ("mqtt", "andon.roles.mqtt", (*DATABASE, *SOUND, *PAGES, "argon2", "andon.plan")),
        ("engine", "andon.roles.engine", (*SOUND, *PAGES, "argon2")),
        ("archivist", "andon.roles.archivist", (*PAGES, *COUNTRIES, "argon2", "andon.plan.folder")),
    ],
)
def test_it_loads_nothing_that_it_has_no_use_for(words: str, role: str, unwanted: tuple[str, ...]) -> None:
    """A role's command ends at once here, for there are no settings; what the role then loads is asked for by its name."""
    environment = {**os.environ, "ANDON_CONFIG": os.devnull}
    answer = subprocess.run(
        [sys.executable, "-c", STARTED, words, role], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    loaded = answer.stdout.rsplit("\n", 1)[-1].split()
    assert "andon.command" in loaded
    assert [name for name in unwanted if name in loaded] == []
