"""A simulated PBX on a port, for looking at by hand: `python -m agi.simulator --port 5038`.

Not the demo: `andon demo` starts the simulation itself.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from agi.simulator.centre import Centre
from agi.simulator.manager import DEFAULT_ACCOUNTS, Manager
from agi.simulator.pbx import Pbx
from agi.simulator.server import serve, wall_clock

WARM_UP_S = 600
"""The centre has been at work for ten minutes when the first client comes."""


async def _run(port: int, seed: int, agents: int, speed: float) -> None:
    now = wall_clock()
    pbx = Pbx(Centre(agents=agents), seed, now - WARM_UP_S * 1_000_000)
    pbx.advance(now)
    server = await serve(Manager(pbx), port=port, speed=speed)
    account = DEFAULT_ACCOUNTS[0]
    sys.stdout.write(f"Simulated PBX {pbx.node} on 127.0.0.1:{server.port}, user {account.username}, secret {account.secret}\n")
    sys.stdout.flush()
    await server.run()


def main() -> None:
    """Read the options and run until interrupted."""
    options = argparse.ArgumentParser(prog="python -m agi.simulator", description="A simulated Asterisk that speaks AMI.")
    options.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    options.add_argument("--seed", type=int, default=1, help="the same seed gives the same day")
    options.add_argument("--agents", type=int, default=60, help="how many agents work here")
    options.add_argument("--speed", type=float, default=1.0, help="virtual seconds a second")
    chosen = options.parse_args()
    try:
        asyncio.run(_run(chosen.port, chosen.seed, chosen.agents, chosen.speed))
    except KeyboardInterrupt:
        sys.stdout.write("Stopped.\n")


if __name__ == "__main__":
    main()
