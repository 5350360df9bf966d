"""What the gate is held against: three FastAGI servers that decide nothing and say the same commands, each in a process of its own.

    python -m bench.gate_rivals (echo | panoramisk | pyst2)       prints its port, and serves until it is killed

`echo`: asyncio streams and nothing else. `panoramisk`: its `fast_agi.Application`; its table of routes knows no query, so it is given one
that finds every script. `pyst2`: its `asterisk.agi.AGI` under the standard library's threading server; it sets a signal handler for each
call, which only a main thread may, so it gets one that does nothing; what it tells stderr of each line goes nowhere.
"""

from __future__ import annotations

import asyncio
import os
import socketserver
import sys
from collections.abc import Callable
from typing import Any

from bench.gate_calls import refused
from realtime.decision import Finding
from realtime.sentences import sentence

BACKLOG = 1_024
"""As the gate's."""
ALLOWED = (
    "EXEC",
    "MSet",
    '"ANDON_DIAL={number},ANDON_RING_MIN=15,ANDON_DIAL_ID=0123456789abcdef,ANDON_SHOW=+861088880000,ANDON_DECISION=allow:{leg}:{number}"',
)
REFUSED = ("EXEC", "MSet", '"ANDON_REASON=dial.cap,ANDON_UNTIL=1795484400"')
SENTENCE = ("SET VARIABLE", "ANDON_SENTENCE", '"' + sentence(Finding("dial.number.blocked", "deny", {"prefix": "+86139"}), "en") + '"')


def commands(number: str, leg: str) -> list[tuple[str, ...]]:
    """As many as the gate's, and as long."""
    if refused(number):
        return [REFUSED, SENTENCE]
    return [(*ALLOWED[:2], ALLOWED[2].format(number=number, leg=leg))]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    said: dict[str, str] = {}
    try:
        while (line := (await reader.readline()).decode().rstrip("\n")) != "":
            name, _, value = line.partition(": ")
            said[name] = value
        for words in commands(said["agi_extension"], said["agi_uniqueid"]):
            writer.write((" ".join(words) + "\n").encode())
            await reader.readline()
    except (ConnectionError, KeyError):
        pass  # whoever asked has gone
    writer.close()


def panoramisk() -> Callable[..., Any]:
    from panoramisk import fast_agi

    class Any_(dict[str, Any]):
        def get(self, script: str, default: Any = None) -> Any:
            return answer

    async def answer(request: Any) -> None:
        for words in commands(request.headers["agi_extension"], request.headers["agi_uniqueid"]):
            await request.send_command(" ".join(words))

    application = fast_agi.Application()
    application._route = Any_()
    handler: Callable[..., Any] = application.handler
    return handler


async def serve(handler: Callable[..., Any]) -> None:
    server = await asyncio.start_server(handler, "127.0.0.1", 0, backlog=BACKLOG)
    told(server.sockets[0].getsockname()[1])
    await server.serve_forever()


class Threads(socketserver.ThreadingTCPServer):
    request_queue_size = BACKLOG
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # whoever asked has gone


def pyst2() -> None:
    from asterisk import agi

    class Signals:
        SIGHUP = 1

        @staticmethod
        def signal(number: int, handler: object) -> None:
            pass

    agi.signal = Signals
    nowhere = open(os.devnull, "w")  # noqa: SIM115 - as long as the process

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            out = self.request.makefile("w", encoding="utf-8")
            asked = agi.AGI(self.rfile, out, nowhere)
            for words in commands(asked.env["agi_extension"], asked.env["agi_uniqueid"]):
                asked.execute(*words)
            out.close()

    with Threads(("127.0.0.1", 0), Handler) as server:
        told(server.server_address[1])
        server.serve_forever()


def told(port: object) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def main() -> None:
    match sys.argv[1]:
        case "echo":
            asyncio.run(serve(echo))
        case "panoramisk":

            async def start() -> None:
                await serve(panoramisk())

            asyncio.run(start())
        case _:
            pyst2()


if __name__ == "__main__":
    main()
