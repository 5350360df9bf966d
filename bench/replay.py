"""A tiny PBX for the ingest bench: lets anybody log in, then sends a recording as fast as it is read.

Not the simulated PBX (`agi/simulator/`), which lives and obeys. A process of its own, so that its work costs the
contenders nothing but the loopback.
"""

from __future__ import annotations

import multiprocessing
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

BANNER = b"Asterisk Call Manager/11.0.0\r\n"


@contextmanager
def replaying(stream: bytes) -> Iterator[int]:
    """The port on which every client gets the whole stream after its login."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(stream, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _serve(stream: bytes, pipe: Connection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        pipe.send(server.getsockname()[1])
        while True:
            client, _ = server.accept()
            with client:
                _play(client, stream)


def _play(client: socket.socket, stream: bytes) -> None:
    try:
        client.sendall(BANNER)
        answered = False
        for action in _actions(client):
            action_id = re.search(rb"(?i)^ActionID: *(.*?)\r?$", action, re.MULTILINE)
            echo = b"ActionID: %s\r\n" % action_id[1] if action_id else b""
            client.sendall(b"Response: Success\r\n" + echo + b"Message: Authentication accepted\r\nPing: Pong\r\n\r\n")
            if not answered:
                answered = True
                client.sendall(stream)
    except ConnectionError:
        return  # the contender has what it wanted


def _actions(client: socket.socket) -> Iterator[bytes]:
    read = b""
    while data := client.recv(65_536):
        *actions, read = (read + data).split(b"\r\n\r\n")
        yield from actions
