"""The embedded server, as the child of a child: it must write out and end even when the supervisor was killed."""

from __future__ import annotations

from pathlib import Path

import structlog

from andon.keeper import ended_how
from andon.roles.work import Work, until
from realtime.valkey import EmbeddedValkey, ValkeyRefused

log = structlog.get_logger()


async def run(work: Work) -> None:
    async with EmbeddedValkey(Path(work.settings.data.dir), told=log.warning) as server:
        work.ready("")
        await until(work.stop, _died(server))


async def _died(server: EmbeddedValkey) -> None:
    how = ended_how(await server.wait())
    raise ValkeyRefused(f"The embedded Valkey is gone ({how}) and is started again: see {server.log}, and whether memory was short.")
