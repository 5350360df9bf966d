"""The demo's PBX: a simulated one where the settings expect a real one, with the account that they log in with; its dialplan asks the
demo's gate, and its dialler dials for the demo's campaigns."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final, TextIO

from agi.simulator.centre import Centre
from agi.simulator.dialler import Dialler
from agi.simulator.gate import GateClient
from agi.simulator.manager import DEFAULT_ACCOUNTS, Manager
from agi.simulator.pbx import Pbx
from agi.simulator.server import serve
from andon.demo_recorder import DemoRecorder
from andon.plan.demo import phones_of_teams
from andon.plan.demo_campaigns import jobs
from andon.roles.work import Work, now_us, until
from andon.settings import PbxTable, address_of
from realtime.words import SECOND, Micros

WARM_UP: Final[Micros] = 2100 * SECOND
"""A demo's centre has been at work for longer than the wall's half hour when the first screen comes."""
OWN_PAUSES: Final = 0.35
"""Of the breaks that its people take; for the others the demo's crowd asks (`crowd.py`)."""
RATE: Final = 0.8
"""Of the calls in that so many people are there for: the same people dial for campaigns, too."""
WRITE_EVERY_S: Final = 0.5
"""Asterisk writes each line at once; a gap of the demo's is longer than this."""


async def run(work: Work) -> None:
    (table,) = work.settings.pbx
    address, gate_address = address_of(table.ami), address_of(work.settings.agi.listen)
    assert address is not None, "settings were checked"
    assert gate_address is not None, "a demo writes one"
    account = replace(DEFAULT_ACCOUNTS[0], username=table.username, secret=table.secret.reveal())
    start = now_us()
    agents, seed = int(work.options["agents"]), int(work.options["seed"])
    centre = Centre(agents=agents, node=table.node, rate=RATE, own_pauses=OWN_PAUSES)
    pbx = Pbx(centre, seed, start - WARM_UP)
    recorder = DemoRecorder(Path(table.spool), seed, start)
    pbx.exchange.listen_to(recorder)
    pbx.advance(start)
    with queue_log_of(table) as file:
        write(pbx, file)
        server = await serve(Manager(pbx, [account]), *address)
        gate = GateClient(*gate_address, table.node, server.happen)
        pbx.exchange.ask = gate.ask
        Dialler(pbx, jobs(seed, phones_of_teams(agents, seed))).begin()
        work.ready("")
        try:
            await until(work.stop, server.run(), writing(pbx, file))
        finally:
            recorder.close()
            await gate.close()
            await server.close()


def queue_log_of(table: PbxTable) -> TextIO:
    return Path(table.queue_log).open("a", encoding="utf-8")


async def writing(pbx: Pbx, file: TextIO) -> None:
    while True:
        await asyncio.sleep(WRITE_EVERY_S)
        write(pbx, file)


def write(pbx: Pbx, file: TextIO) -> None:
    """What the simulated PBX has to say in its queue_log since it last did: the lines are taken away from it."""
    file.writelines(f"{line}\n" for line in pbx.queue_log)
    pbx.queue_log.clear()
    file.flush()
