"""A demo as a process: started with options of its own, its people signed in as the terminal says. For tests."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.plain_http import PLAIN_HTTP

PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("ANDON_")}


class Demo(NamedTuple):
    url: str
    people: dict[str, tuple[str, str]]
    """Page -> name and password, as the terminal says them; the manager's is the one for campaigns, too."""
    said: list[str]

    @contextmanager
    def signed_in(self, page: str) -> Iterator[httpx.Client]:
        user, password = self.people["/reports" if page == "/campaigns" else page]
        with httpx.Client(base_url=self.url, headers={"Origin": self.url}, timeout=60, verify=PLAIN_HTTP) as client:
            answer = client.post("/api/session", json={"user": user, "password": password})
            assert answer.status_code == 200, answer.text
            client.headers["X-Andon-CSRF"] = answer.json()["csrf"]
            yield client


def running(folder: Path, *options: str) -> Iterator[Demo]:
    """Until the fixture that yields from it ends."""
    words = [sys.executable, "-m", "andon", "demo", "--port", "0", *options]
    environment = {**PLAIN, "TMPDIR": str(folder)}
    process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    people, said = {}, []
    try:
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"login\?next=(/\w+) as (\S+) with the password (\S+)", line):
                people[found[1]] = (found[2], found[3])
            if found := re.search(r"The wall is at (http://127\.0\.0\.1:\d+)/wall", line):
                yield Demo(found[1], people, said)
                break
        else:
            pytest.fail("".join(said))
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest, rest
    assert "no tables of Andon" not in "".join(said) + rest, "a first start is told of nothing that it is about to make"
