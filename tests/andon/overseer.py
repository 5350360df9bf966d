"""A supervisor of three toys as a process of its own, so that a test can kill it. `python overseer.py JOURNAL`."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from andon.keeper import Role
from andon.supervise import Console, Supervisor, obey_signals

TOY = Path(__file__).with_name("toy.py")


async def main(journal: str) -> int:
    def role(name: str, behaviour: str) -> Role:
        return Role(name, [sys.executable, str(TOY), journal, name, behaviour], dict(os.environ))

    stages = [[role("first", "serve")], [role("second", "serve"), role("third", "stubborn")]]
    supervisor = Supervisor(stages, Console(sys.stdout, sys.stderr, as_json=False), end_s=1.0)
    obey_signals(supervisor)
    return await supervisor.run()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])))
