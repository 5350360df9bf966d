"""`andon up` and its gate: a port that is taken keeps nothing else from working, and is taken up as soon as it is free."""

from __future__ import annotations

import asyncio
import socket
import time
from pathlib import Path

from tests.line.floor import READY_S, Andon, free_port, live
from tests.line.simulated import SECRET, USERNAME, simulated


async def test_a_taken_port_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    board = free_port()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        async with simulated("hall7") as pbx:
            text = (
                f'[[pbx]]\nnode = "hall7"\nami = "127.0.0.1:{pbx.port}"\nusername = "{USERNAME}"\nsecret = "{SECRET}"\n'
                f'[board]\nlisten = "127.0.0.1:{board}"\n[agi]\nlisten = "127.0.0.1:{port}"\n'
            )
            async with Andon.started(tmp_path, text, board) as andon:
                await andon.until(lambda floor: live(floor, "hall7"), READY_S)
                await said(andon, f"The gate cannot listen on 127.0.0.1:{port} (Address already in use)")
                assert andon.process.returncode is None
                other.close()
                await said(andon, f"Dialplans ask at 127.0.0.1:{port}")
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                metrics = await metric(andon, "andon_gate_listening")
                assert 'role="gate"' in metrics
                assert metrics.endswith(" 1.0")


async def said(andon: Andon, text: str) -> None:
    end = time.monotonic() + READY_S
    while text not in andon.log():
        assert time.monotonic() < end, andon.log()[-3000:]
        await asyncio.sleep(0.1)


async def metric(andon: Andon, name: str) -> str:
    """Its line, once it is not 0 any more."""
    end = time.monotonic() + READY_S
    while True:
        answer = await andon.get("/metrics")
        lines = [line for line in answer.text.splitlines() if line.startswith(f"{name}{{")] if answer is not None else []
        if lines and not lines[0].endswith((" 0", " 0.0")):
            return lines[0]
        assert time.monotonic() < end, lines
        await asyncio.sleep(0.2)
