"""A program that keeps keys, as somebody might write it: `python keyprogram.py FOLDER get|make|destroy|list [NAME]`. For the tests."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path


def main(folder: Path, verb: str, name: str = "") -> int:
    key, tombstone = folder / name, folder / f"{name}.gone"
    match verb:
        case "list":
            for each in sorted(folder.iterdir()):
                sys.stdout.write(f"{each.stem} destroyed\n" if each.suffix == ".gone" else f"{each.name}\n")
        case _ if tombstone.exists() and verb != "destroy":
            return 4
        case "make":
            if not key.exists():
                key.write_text(secrets.token_hex(32))
            sys.stdout.write(key.read_text())
        case "get":
            if not key.exists():
                return 3
            sys.stdout.write(key.read_text())
        case "destroy":
            tombstone.touch()
            key.unlink(missing_ok=True)
        case _:
            return 64
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
