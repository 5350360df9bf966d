"""Settings that are wrong: `andon check` and `andon up` say file, line, key and what was probably meant, and start nothing.

What each single setting must be is in `tests/andon/test_settings.py`; here is what a person sees who starts the program.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.line.floor import command, free_port

GOOD = """\
[floor]
name = "main"
[[pbx]]
node = "hall7"
ami = "127.0.0.1:5038"
username = "andon"
secret = "s3cret"
[board]
listen = "127.0.0.1:{board}"
"""
CASES = {
    "a misspelt key": (
        GOOD.replace("listen", "lisen"),
        'andon.toml:9: board.lisen: there is no such key; did you mean "listen"?',
    ),
    "a misspelt table": (
        GOOD.replace("[board]", "[bord]"),
        'andon.toml:8: bord: there is no table "bord"; did you mean "board"?',
    ),
    "no secret file": (
        GOOD.replace('secret = "s3cret"', 'secret_file = "hall7.secret"'),
        'andon.toml:7: pbx.hall7.secret_file: "{folder}/hall7.secret" cannot be read (there is no such file); '
        "make it, owned by Andon's user, with the secret in it.",
    ),
    "no port": (
        GOOD.replace("127.0.0.1:5038", "127.0.0.1"),
        'andon.toml:5: pbx.hall7.ami: "127.0.0.1" is no HOST:PORT; write it as "127.0.0.1:5038".',
    ),
    "no TOML": (
        GOOD.replace('"main"', "main"),
        "andon.toml:2: this is not TOML at column 8 (Invalid value); correct the line, texts need quotes.",
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_check_and_up_say_where_and_what_and_start_nothing(tmp_path: Path, case: str) -> None:
    text, expected = CASES[case]
    (tmp_path / "andon.toml").write_text(text.replace("{board}", str(free_port())))
    expected = expected.replace("{folder}", str(tmp_path))
    checked, started = await command(tmp_path, "check"), await command(tmp_path, "up")
    assert (checked.code, started.code) == (1, 2)
    assert checked.err.splitlines() == [expected, "1 error in the settings; correct them and run andon check again."]
    assert started.err.splitlines() == [
        expected,
        "andon.toml has errors, so nothing was started; correct them, andon check shows them again.",
    ]
    assert os.listdir(tmp_path) == ["andon.toml"]


async def test_no_settings_at_all(tmp_path: Path) -> None:
    said = await command(tmp_path, "up")
    assert said.code == 2
    assert said.err.splitlines()[0] == (
        f"andon.toml: there is no such file in {tmp_path}; copy examples/andon.toml there, or name one with --config."
    )
