"""`make soak`: the demo's floor at work for a while, watched from outside, and then a thousand shifts and outbound days in virtual time.

Of the demo: memory a process, anomalies, the law of counts; it finds what only time shows, and is no test of numbers against
Asterisk (`tests/line`). `--minutes` says how long, 0 leaves it out. Of the shifts (`tests/simulation/shift.py`): that no rule is ever
broken, whatever goes wrong; `--shifts` says how many, 0 leaves them out, and `--seed` where they begin. Of outbound days
(`tests/simulation/dialling.py`) the same, `--dialling` says how many. Of the archivist (`tests/recordings/killed.py`): that nothing is
lost or doubled when it is killed at random moments under load, `--kills` says how often. Ends with exit code 1 when a process grew by
more than a fifth after the first third, something did not add up, or a shift, a day or a kill broke a law: its seed is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import Any

LOOK_S = 5.0
PROCESSES = os.cpu_count() or 1
GROWTH = 1.2
"""Caches fill in the first third; a fifth more after that is a leak, or something to be explained."""
OUTCOMES = ("answered", "abandoned", "left_otherwise", "unknown", "waiting", "connecting")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--agents", type=int, default=300)
    parser.add_argument("--shifts", type=int, default=1000)
    parser.add_argument("--dialling", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    wrong = at_work(asked.minutes, asked.agents) if asked.minutes else 0
    wrong = max(wrong, simulated("--shifts", asked.seed, asked.shifts) if asked.shifts else 0)
    wrong = max(wrong, simulated("--dialling", asked.seed, asked.dialling) if asked.dialling else 0)
    return max(wrong, killed(asked.kills, asked.seed) if asked.kills else 0)


def killed(kills: int, seed: int) -> int:
    return subprocess.run([sys.executable, "-m", "tests.recordings.killed", str(kills), str(seed)], check=False).returncode


def simulated(what: str, first: int, count: int) -> int:
    """Side by side, one process a core; what is wrong is said as it is found."""
    share = -(-count // PROCESSES)
    parts = [(seed, min(share, first + count - seed)) for seed in range(first, first + count, share)]
    words = [sys.executable, "-m", "tests.simulation", what]
    running = [subprocess.Popen([*words, str(seed), "--days", str(size)]) for seed, size in parts]
    return max(process.wait() for process in running)


def at_work(minutes: float, agents: int) -> int:
    words = ["demo", "--agents", str(agents), "--port", "0", "--for", str(int(minutes * 60) + 20)]
    demo = subprocess.Popen([sys.executable, "-m", "andon", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        memory, faults = watch(demo, minutes * 60)
    finally:
        demo.terminate()
        demo.communicate(timeout=60)
    faults += [f"{role} grew from {first:.0f} to {last:.0f} MB" for role, first, last in grown(memory)]
    for role, sizes in sorted(memory.items()):
        sys.stdout.write(f"{role:12} {sizes[0]:6.1f} MB at first, {max(sizes):6.1f} at most, {sizes[-1]:6.1f} at last\n")
    sys.stdout.write("".join(f"{fault}\n" for fault in faults) or "nothing to complain of\n")
    return 1 if faults else 0


def watch(demo: subprocess.Popen[str], seconds: float) -> tuple[dict[str, list[float]], list[str]]:
    """Memory by role in MB, and what did not add up."""
    assert demo.stdout is not None
    url = next(found[1] for line in demo.stdout if (found := re.search(r"(http://\S+)/wall", line)))
    memory: dict[str, list[float]] = defaultdict(list)
    faults: list[str] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(LOOK_S)
        for role, size in sizes_of(demo.pid):
            memory[role].append(size)
        faults += [fault for fault in complaints(url) if fault not in faults]
    return memory, faults


def complaints(url: str) -> list[str]:
    with urllib.request.urlopen(f"{url}/api/floor", timeout=10) as answer:
        floor: dict[str, Any] = json.load(answer)
    wrong = [queue["name"] for queue in floor["queues"] if queue["offered"] != sum(queue[outcome] for outcome in OUTCOMES)]
    odd = [node["node"] for node in floor["nodes"] if node["anomalies"] or node["link"] != "live"]
    return [f"the counts of {name} do not add up" for name in wrong] + [f"{name} has anomalies or no link" for name in odd]


def sizes_of(pid: int) -> list[tuple[str, float]]:
    """(role, resident MB) of every process below."""
    found = []
    for child in children(pid):
        words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        role = words[words.index("andon.child") + 1] if "andon.child" in words else Path(words[0]).name
        pages = int(Path(f"/proc/{child}/statm").read_text().split()[1])
        found.append((role, pages * 4096 / 1e6))
    return found


def children(pid: int) -> list[int]:
    own = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    return own + [below for child in own for below in children(child)]


def grown(memory: dict[str, list[float]]) -> list[tuple[str, float, float]]:
    thirds = {role: (sizes[len(sizes) // 3], sizes[-1]) for role, sizes in memory.items()}
    return [(role, first, last) for role, (first, last) in thirds.items() if last > first * GROWTH]


if __name__ == "__main__":
    sys.exit(main())
