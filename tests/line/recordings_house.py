"""The floor of `test_recordings_22.py`: a real Asterisk 22, a whole `andon up` that archives its calls, and that archive on the disk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Table, select

from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.crypt.container import Opened
from recordings.crypt.keeping import key_of
from recordings.crypt.ring import Part, part_key
from recordings.crypt.stores import FolderStore, KeyStores
from recordings.vault.folder import FolderVault
from recordings.vault.port import name_of
from tests.lab.pair import Pair
from tests.lab.people import World
from tests.line import recorded
from tests.line.floor import READY_S, Andon, command, free_port, live
from tests.line.recorded import DESKS, PATIENCE_S, PBX, QUEUE, SHIPPED, WORLD, Hall
from tests.plain_http import PLAIN_HTTP
from tests.wallboard.controlled import HASH, PASSWORD
from wallboard.authorise import Role
from wallboard.cookies import CSRF_HEADER
from wallboard.people import People

SETTINGS = """\
[floor]
name = "line"
timezone = "UTC"
[[pbx]]
node = "north1"
ami = "127.0.0.1:{ami}"
username = "facts"
secret_file = "pbx.secret"
control_username = "control"
control_secret_file = "pbx.secret"
spool = "{spool}"
trunks = ["PJSIP/carrier"]
[board]
listen = "127.0.0.1:{board}"
[agi]
listen = "127.0.0.1:{agi}"
[data]
dir = "data"
[archive]
second = "vault2"
second_keys = "keys2"
"""
PEOPLE = "".join(f'[[person]]\nid = "{number}"\nname = "Agent {number}"\nteam = "A"\nphone = "PJSIP/{number}"\n' for number in DESKS)
TEAMS = '[[team]]\nid = "A"\n'
CAMPAIGNS = """\
[[campaign]]
id = "care"
client = "acme"
purpose = "service"
caller_ids = ["+861088880000"]
teams = ["A"]
[campaign.contract]
retention = "sold"
[[campaign.hours]]
id = "always"
every_day = ["00:00-24:00"]
[[campaign.way]]
id = "recorded"
record = true
"""
DIALLING = '[dialling]\nmanual = "care"\n'
RETENTION = """\
[retention]
default = "sold"
missing_after_s = 30
[[class]]
id = "sold"
burn = true
[[class.rule]]
id = "after-the-product"
clock = "product_end"
least = "1 day"
[[expect]]
id = "all"
directions = ["inbound", "outbound"]
[discs]
media = "cd"
"""
PLAN = {"people": PEOPLE, "teams": TEAMS, "campaigns": CAMPAIGNS, "dialling": DIALLING, "retention": RETENTION}
LISTENER, ONE, OTHER = "mei", "boss", "wu"
"""Who hears, and the two who decide."""


@dataclass
class House:
    """The floor that runs, and its archive as it lies on the disk."""

    andon: Andon
    hall: Hall
    catalogue: Catalogue

    @property
    def stores(self) -> tuple[FolderStore, ...]:
        return (FolderStore(self.andon.data / "keys/archive"), FolderStore(self.andon.folder / "keys2"))

    def vaults(self) -> list[FolderVault]:
        folders = (self.andon.data / "archive/vault", self.andon.folder / "vault2")
        return [FolderVault(folder, number, fresh=False) for number, folder in enumerate(folders)]

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        async with self.catalogue.reading() as connection:
            return [dict(row) for row in (await connection.execute(select(table))).mappings()]

    async def key(self, row: dict[str, Any]) -> bytes | None:
        return await key_of(self.catalogue, row["place"], KeyStores(list(self.stores)))

    async def part(self, row: dict[str, Any], part: Part, vault: int = 0) -> bytes:
        """As it is in the vault, opened."""
        key, name, there = await self.key(row), name_of(row["id"], row["began"], part), self.vaults()[vault]
        assert key is not None
        opened = Opened(lambda at, length: there.read_at(name, at, length), part_key(key, part))
        return opened.read(0, opened.size)

    @asynccontextmanager
    async def person(self, name: str) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(
            base_url=self.andon.url, timeout=PATIENCE_S, headers={"Origin": self.andon.url}, verify=PLAIN_HTTP
        ) as browser:
            answer = await browser.post("/api/session", json={"user": name, "password": PASSWORD})
            assert answer.is_success, answer.text
            browser.headers[CSRF_HEADER] = answer.json()["csrf"]
            yield browser

    async def says(self, *words: str) -> str:
        """`andon recordings WORDS`, which is done."""
        said = await command(self.andon.folder, "recordings", *words)
        assert said.code == 0, (words, said)
        return said.out


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    agi, board = free_port(), free_port()
    extra_pbx = {"extensions.conf": PBX.format(port=agi) + SHIPPED, "queues.conf": QUEUE, "musiconhold.conf": recorded.linear_music()}
    async with Pair.open("sid", node="north1", extra_pbx=extra_pbx, extra_world={"extensions.conf": WORLD}) as pair:
        await pair.cli(f"dialplan set global ANDON_SPOOL {pair.pbx.site.home}/spool/monitor")
        await pair.world.cli(f"dialplan set global SOUNDS {pair.world.site.home}/spool/tmp")
        (folder / "plan").mkdir()
        for name, text in PLAN.items():
            (folder / f"plan/{name}.toml").write_text(text)
        (folder / "pbx.secret").touch(0o600)
        (folder / "pbx.secret").write_text(pair.secret)
        for name, role in ((LISTENER, Role.QA), (ONE, Role.MANAGER), (OTHER, Role.MANAGER)):
            (folder / "data").mkdir(exist_ok=True, mode=0o700)
            People(folder / "data").add(name, HASH, role, time.time_ns() // 1_000)
        settings = SETTINGS.format(ami=pair.ami_port, spool=pair.spool, board=board, agi=agi)
        async with Andon.started(folder, settings, board) as andon:
            await andon.until(lambda floor: live(floor, pair.node), READY_S)
            world, ami = await World.enter(pair), await pair.pbx.ami("watch")
            catalogue = Catalogue(sqlite_url(andon.data / "archive"))
            try:
                there = House(andon, Hall(pair, world, ami), catalogue)
                await in_trial(there)
                yield there
            finally:
                await catalogue.close()
                await ami.close()
                await world.leave()


async def in_trial(there: House) -> None:
    """The campaign, so that it dials."""
    async with there.person(ONE) as manager:

        async def moved() -> bool:
            answer = await manager.post("/api/campaigns/care/step", json={"to": "trial", "reason": "the client's plan of today"})
            return answer.is_success

        await until(moved, "the campaign does not begin its trial")


async def until(holds: Any, what: str, seconds: float = PATIENCE_S) -> Any:
    """What it gives, as soon as that is something."""
    end = time.monotonic() + seconds
    while not (found := await holds()):
        assert time.monotonic() < end, what
        await asyncio.sleep(0.2)
    return found
