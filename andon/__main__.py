"""`andon` and `python -m andon`: the command line. Everything is in `command.py`."""

from __future__ import annotations

import sys

from andon import command


def main() -> None:
    sys.exit(command.main())


if __name__ == "__main__":
    main()
