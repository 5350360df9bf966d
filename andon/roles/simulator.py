"""The demo's PBX: a simulated one where the settings expect a real one, with the account that they log in with."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agi.simulator.centre import Centre
from agi.simulator.manager import DEFAULT_ACCOUNTS, Manager
from agi.simulator.pbx import Pbx
from agi.simulator.server import serve
from andon.roles.work import Work, now_us, until
from andon.settings import address_of
from realtime.words import SECOND, Micros

WARM_UP: Final[Micros] = 600 * SECOND
"""A demo's centre has been at work for ten minutes when the first screen comes."""


async def run(work: Work) -> None:
    (table,) = work.settings.pbx
    address = address_of(table.ami)
    assert address is not None, "settings were checked"
    account = replace(DEFAULT_ACCOUNTS[0], username=table.username, secret=table.secret.reveal())
    start = now_us()
    centre = Centre(agents=int(work.options["agents"]), node=table.node)
    pbx = Pbx(centre, int(work.options["seed"]), start - WARM_UP)
    pbx.advance(start)
    server = await serve(Manager(pbx, [account]), *address)
    work.ready("")
    try:
        await until(work.stop, server.run())
    finally:
        await server.close()
