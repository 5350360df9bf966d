"""`andon demo`: a floor at work on this machine, with a simulated PBX, in a folder of its own that is gone afterwards.

Only PBX and people are not real: the demo writes an andon.toml and a plan, runs what `andon up` would run, and lets a crowd ask for
breaks as phones and pages would (`roles/crowd.py`), so it shows no more than the product does. Everybody on this machine may look
(`public_role`), nobody else can (loopback).
"""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from agi.simulator.centre import Centre
from andon.demo_lists import write_lists
from andon.environment import ALLOWED, PREFIX
from andon.load import load, tell
from andon.plan.demo import LEADERS, SUPERVISOR, demo_plan
from andon.plan.demo_campaigns import FORMAL, TRIAL
from andon.roles.work import now_us
from andon.say import Exit, say
from andon.settings import BOARD_PORT
from andon.up import child, run
from wallboard.authorise import Role
from wallboard.passwords import hash_of
from wallboard.people import People

HOST: Final = "127.0.0.1"
MANAGER: Final = "manager"
RATER: Final = "qa"
TIMEZONE: Final = "Asia/Shanghai"

SETTINGS: Final = """\
# Written by andon demo for one run; the commands of this floor want --config with this file.
[floor]
name = "demo"
timezone = "{timezone}"
[[pbx]]
node = "demo1"
ami = "{host}:{ami}"
username = "andon"
secret = "{secret}"
queue_log = "queue_log"
spool = "spool"
[agi]
listen = "{host}:{agi}"
[board]
listen = "{host}:{port}"
public_role = "screen"
[data]
dir = "data"
[archive]
free_gb = 1
free_share = 0.02
"""


BOARDS: Final = """\
# Two boards beside the whole floor at /wall; they change as you save this file. docs/boards.md says what can stand here.
[[board]]
id = "sales"
name = "Sales"
name_zh = "销售"
queues = ["sales", "vip"]
[[board]]
id = "lobby"
name = "Lobby"
name_zh = "大堂"
[[board.page]]
layout = "number"
number = "longest"
seconds = 20
[[board.page]]
layout = "wall"
seconds = 40
[[board.page]]
layout = "number"
number = "service"
seconds = 20
"""


def demo(
    seed: int, agents: int, for_s: float | None, port: int | None, environment: Mapping[str, str], meeting_s: float | None = None
) -> Exit:
    """`port` None: the usual one, or a free one where that is taken. `meeting_s`: a team is called together so soon, beside the plan's."""
    with tempfile.TemporaryDirectory(prefix="andon-demo-") as name:
        path = Path(name) / "andon.toml"
        chosen = port or _free_port(BOARD_PORT if port is None else 0)
        path.touch(0o600)
        (Path(name) / "queue_log").touch()
        (Path(name) / "spool").mkdir(mode=0o700)
        plan = _plan(Path(name) / "plan", seed, agents)
        ports = {"ami": _free_port(), "agi": _free_port(), "port": chosen}
        path.write_text(SETTINGS.format(host=HOST, timezone=TIMEZONE, secret=secrets.token_urlsafe(24), **ports))
        own = _without_settings(environment)
        reading = load(path, own)
        tell(reading.findings)
        if reading.settings is None:
            return Exit.WRONG
        say(f"A simulated floor of {agents} agents starts (seed {seed}). Ctrl-C ends it. Links answer once it says where the wall is.")
        andon = f"{typed(sys.argv[0], Path.cwd())} --config {path}"
        say(f"In another terminal: {andon} floor")
        say(f"The rules of this floor are in {plan}, and taken up as you save them; {andon} plan show says them in words")
        say(f"More walls: http://{HOST}:{chosen}/b/sales and /b/lobby, as {plan / 'boards.toml'} says")
        data, login = Path(reading.settings.data.dir), f"http://{HOST}:{chosen}/login"
        say(f"For supervisors: {login}?next=/floor as {SUPERVISOR} with the password {_person(data, SUPERVISOR, Role.SUPERVISOR)}")
        say(f"To listen, say PJSIP/{LEADERS[0][0]} as your phone: a simulated one that answers")
        manager = _person(data, MANAGER, Role.MANAGER)
        say(f"For a manager: {login}?next=/reports as {MANAGER} with the password {manager}")
        say(f"Calls out: {login}?next=/campaigns as {MANAGER}: {TRIAL} is on trial, {FORMAL} near its limit of abandoned calls; stop them")
        say(_of_recordings(login, data, andon))
        say(f"Who did what, the managers' to read: {andon} audit show, or GET /api/audit once signed in as {MANAGER}")
        write_lists(data, seed, now_us())
        agent = Centre(agents=agents).people(seed)[-1].number
        say(f"For an agent: {login}?next=/agent as {agent} with the password {_person(data, agent, Role.AGENT)}")
        options = {"seed": str(seed), "agents": str(agents)}
        simulator = child("simulator", str(path), own, options=options, first=True)
        crowd = child("crowd", str(path), own, options={"seed": str(seed), "but": agent, "meeting_s": str(meeting_s or 0)})
        raters = child("raters", str(path), own, options=options)
        code = run(reading.settings, own, before=[[simulator]], for_s=for_s, beside=[[crowd], [raters]])
    say("The demo has ended; nothing of it is left on this machine.")
    return code


def _of_recordings(login: str, data: Path, andon: str) -> str:
    rater = f"{RATER} with the password {_person(data, RATER, Role.QA)}"
    return f"Recordings, heard, scored, kept, let go: {login}?next=/recordings as {rater} or as {MANAGER}; {andon} recordings find"


def typed(program: str, folder: Path) -> str:
    """What a person types in this folder to start the program that runs: its name where that is enough, else its shorter path."""
    path = Path(program)
    if path.name == "__main__.py":
        return f"{shlex.quote(_shorter(sys.executable, folder))} -m andon"
    found = shutil.which(path.name)
    if found is not None and path.exists() and Path(found).samefile(path):
        return path.name
    return shlex.quote(_shorter(program, folder))


def _shorter(program: str, folder: Path) -> str:
    """Not resolved: the Python of a .venv is a link, and what it leads to knows nothing of Andon."""
    whole = os.path.abspath(program)
    return min(os.path.relpath(whole, folder), whole, key=len)


def _plan(folder: Path, seed: int, agents: int) -> Path:
    folder.mkdir()
    for name, text in {**demo_plan(agents, now_us(), TIMEZONE, seed), "boards.toml": BOARDS}.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def _person(data_dir: Path, name: str, role: Role) -> str:
    """Somebody who may see more than a wall. The password is of this run, and said on this terminal alone."""
    password = secrets.token_urlsafe(9)
    People(data_dir).add(name, hash_of(password), role, now_us())
    return password


def _without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Those of a real floor are not meant for a demo."""
    return {name: value for name, value in environment.items() if not name.startswith(PREFIX) or name in ALLOWED}


def _free_port(wished: int = 0) -> int:
    """The wished one, or another that is free just now."""
    for port in (wished, 0):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            number: int = probe.getsockname()[1]
            return number
    raise AssertionError("a system without a free port runs nothing at all")
