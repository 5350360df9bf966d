"""`andon deploy`: the files for a PBX or a server that this package carries. Prints them; putting them somewhere is a person's act."""

from __future__ import annotations

from pathlib import Path

from andon.findings import suggestion
from andon.say import Exit, complain, say

FOLDER = Path(__file__).parent / "deploy"
"""A link in a checkout, a folder in a wheel."""


def deploy(deed: str, name: str) -> Exit:
    there = names()
    if deed == "list":
        for each in there:
            say(each)
        return Exit.DONE
    if name not in there:
        complain(f"There is no such file; {suggestion(name, there)}")
        return Exit.WRONG
    say((FOLDER / name).read_text(encoding="utf-8").rstrip("\n"))
    return Exit.DONE


def names() -> list[str]:
    return sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
