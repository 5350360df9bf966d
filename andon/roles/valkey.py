"""The embedded server, as the child of a child: it must write out and end even when the supervisor was killed."""

from __future__ import annotations

from pathlib import Path

import structlog

from andon.roles.work import Work, until
from realtime.valkey import EmbeddedValkey

log = structlog.get_logger()


async def run(work: Work) -> None:
    async with EmbeddedValkey(Path(work.settings.data.dir), told=log.warning) as server:
        work.ready("")
        await until(work.stop, _died(server))


async def _died(server: EmbeddedValkey) -> None:
    raise RuntimeError(f"the embedded Valkey ended with exit code {await server.wait()}")
