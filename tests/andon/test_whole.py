"""Everything together, as a person starts it: the demo shows a floor, a second `up` is refused, nothing is left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from andon.lock import locked
from tests.plain_http import PLAIN_HTTP

ANDON = [sys.executable, "-m", "andon"]
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("ANDON_")}


def test_the_demo_shows_a_floor_and_leaves_nothing(tmp_path: Path) -> None:
    words = [*ANDON, "demo", "--agents", "12", "--port", "0", "--for", "60"]
    environment = {**PLAIN, "TMPDIR": str(tmp_path)}
    demo = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert demo.stdout is not None
    try:
        said = []
        for line in demo.stdout:
            said.append(line)
            if found := re.search(r"The wall is at (http://127\.0\.0\.1:\d+)/wall", line):
                break
        assert found is not None, said
        agents: list[object] = []
        for _ in range(100):
            answer = httpx.get(f"{found[1]}/api/floor", verify=PLAIN_HTTP)
            agents = answer.json()["agents"] if answer.status_code == 200 else []
            if len(agents) == 12:
                break
            time.sleep(0.1)
        assert len(agents) == 12
        settings = next(tmp_path.glob("andon-demo-*/andon.toml"))
        floor = subprocess.run([*ANDON, "--config", str(settings), "floor"], env=PLAIN, capture_output=True, text=True, timeout=20)
        assert floor.returncode == 0, floor.stderr
        assert "demo1 live" in floor.stdout
    finally:
        demo.send_signal(signal.SIGINT)
        rest, _ = demo.communicate(timeout=40)
    assert demo.returncode == 0, rest
    assert "nothing of it is left" in rest
    assert list(tmp_path.iterdir()) == []


def test_a_second_up_on_one_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "andon.toml").write_text('[[pbx]]\nnode = "n"\nusername = "u"\nsecret = "s"\n')
    with locked(tmp_path / "data"):
        answer = subprocess.run([*ANDON, "up"], cwd=tmp_path, env=PLAIN, capture_output=True, text=True, timeout=20)
    assert answer.returncode == 1
    assert f"Another andon up (process {os.getpid()}) runs on {tmp_path / 'data'}; stop it" in answer.stderr
    assert "Traceback" not in answer.stderr
