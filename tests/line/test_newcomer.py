"""A newcomer with a real Asterisk: the shipped manager.conf, `andon init`, `andon doctor`, `andon up`; then what people get wrong.

Everything is typed as a person types it; each broken set-up must be named by the doctor in its own sentence.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.house.test_manager_conf_live import SECRET, accounts
from tests.lab.pair import NoTree, Pair
from tests.line.floor import READY_S, Andon, command, free_port, live

pytestmark = pytest.mark.asterisk

USUAL = "\nload => func_config.so\n"
"""As every Asterisk that loads its modules by itself has it: the doctor reads options of manager.conf by it."""
READS = "read=system,call,agent,dialplan\n"
BROKEN = f"""
[deaf]
secret={SECRET}
read=system,call,dialplan
write=call,reporting
[mute]
secret={SECRET}
{READS}write=reporting
[blind]
secret={SECRET}
{READS}write=call
[strong]
secret={SECRET}
read=all
write=all
[unfiltered]
secret={SECRET}
{READS}write=call,reporting
[narrow]
secret={SECRET}
{READS}write=call,reporting
eventfilter=^Event: (FullyBooted|Newchannel|Hangup)[[:cntrl:]]
"""
SENTENCES = {
    "deaf": ("rights to read", "bad", "may not read agent"),
    "mute": ("rights to ask", "bad", "lacks the right to call"),
    "blind": ("version", "bad", "give it write = call,reporting"),
    "strong": ("rights to ask", "warn", "owns the PBX"),
    "unfiltered": ("filters", "warn", "everything travels"),
    "narrow": ("filters", "bad", "hold back"),
}


async def doctor(folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    said = await command(folder, "doctor", "--json")
    rows = json.loads(said.out)
    assert said.code == int(any(row["level"] == "bad" for row in rows)), said
    return {(row["about"], row["check"]): row for row in rows}


def settings(pair: Pair, username: str, node: str = "north1", secret: str = SECRET) -> str:
    return f'[[pbx]]\nnode = "{node}"\nami = "127.0.0.1:{pair.ami_port}"\nusername = "{username}"\nsecret = "{secret}"\n'


@pytest.mark.parametrize("release", ["sid", "bullseye"])
async def test_a_newcomer(release: str, tmp_path: Path) -> None:
    try:
        async with Pair.open(release, extra_pbx={"manager.conf": "\n" + accounts(release) + BROKEN, "modules.conf": USUAL}) as pair:
            await from_nothing_to_a_floor(pair, tmp_path)
            for username in SENTENCES:
                await one_mistake(pair, tmp_path, username)
            await other_mistakes(pair, tmp_path)
    except NoTree as reason:
        pytest.skip(str(reason))


async def from_nothing_to_a_floor(pair: Pair, folder: Path) -> None:
    (folder / "given.txt").write_text(SECRET + "\n")
    words = ("init", "--floor", "new", "--ami", f"127.0.0.1:{pair.ami_port}", "--username", "andon", "--secret-from")
    said = await command(folder, *words, "given.txt")
    assert said.code == 0, said
    assert "andon doctor" in said.out
    assert (folder / "north1.secret").stat().st_mode & 0o777 == 0o600
    assert SECRET not in (folder / "andon.toml").read_text() + said.out + said.err
    again = await command(folder, *words, "given.txt")
    assert (again.code, "stays as it is" in again.err) == (1, True)
    board = free_port()
    text = (folder / "andon.toml").read_text() + f'[board]\nlisten = "127.0.0.1:{board}"\n'
    (folder / "andon.toml").write_text(text)
    rows = await doctor(folder)
    wrong = {row["check"] for row in rows.values() if row["level"] == "bad" or (row["level"] == "warn" and row["about"] == "PBX north1")}
    assert wrong == {"members"}, "the lab has one member on purpose whose Local channel optimises itself away"
    assert rows["PBX north1", "fence"]["level"] == "ok"
    async with Andon.started(folder, text, board) as andon:
        await andon.until(lambda floor: live(floor, "north1"), READY_S)
        port = ""
        async with asyncio.timeout(READY_S):  # beside a board that is busy with its first screens it may say that the port is taken
            while not port.startswith("A board of Andon answers"):
                port = (await doctor(folder))["this machine", "port"]["text"]
        assert rows["this machine", "log"]["level"] == "ok"


async def one_mistake(pair: Pair, folder: Path, username: str) -> None:
    (folder / "andon.toml").write_text(settings(pair, username))
    check, level, words = SENTENCES[username]
    row = (await doctor(folder))["PBX north1", check]
    assert row["level"] == level, row
    assert words in row["text"], row
    assert row["todo"], "it says what to type"


async def other_mistakes(pair: Pair, folder: Path) -> None:
    (folder / "andon.toml").write_text(settings(pair, "andon", secret="wrong"))
    row = (await doctor(folder))["PBX north1", "log-in"]
    assert row["level"] == "bad"
    assert "refused the login" in row["text"]
    (folder / "andon.toml").write_text(settings(pair, "andon", node="south"))
    row = (await doctor(folder))["PBX south", "systemname"]
    assert (row["level"], row["todo"]) == ("bad", ['node = "north1"'])
    config = pair.pbx.home / "etc/manager.conf"
    config.write_text(
        config.read_text().replace("timestampevents=yes", "timestampevents=no").replace("[andon]", "[andon]\nallowmultiplelogin=no")
    )
    await pair.cli("manager reload")
    (folder / "andon.toml").write_text(settings(pair, "andon"))
    rows = await doctor(folder)
    assert rows["PBX north1", "timestampevents"]["todo"][0] == "timestampevents = yes"
    assert rows["PBX north1", "allowmultiplelogin"]["level"] == "warn"
    await pair.stop_pbx()
    row = (await doctor(folder))["PBX north1", "reachable"]
    assert (row["level"], "No connection" in row["text"]) == ("bad", True)
