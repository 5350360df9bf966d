"""Takes pictures of every page, in both languages and themes, into screenshots/: to be looked at before a page is done.

    python -m tools.screenshots              all of them
    python -m tools.screenshots full zh      those whose name has all of these words

Not a test: nothing is compared. The floors are those of tests/wallboard/web/sample.py, so the pictures stay the same.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from realtime.me import MeRow
from realtime.rows import Snapshot
from tests.wallboard.web import desk, hall, sample
from tests.wallboard.web.browsers import launch
from tests.wallboard.web.site import Site, serving
from wallboard.boards import BoardPage, BoardPlan

OUT = Path(__file__).resolve().parents[1] / "screenshots"
SIZES = ((1920, 1080), (1366, 768))


class Scene(NamedTuple):
    """One state of the page: the floor, what is wrong, and what tells that it is drawn."""

    make: Callable[[float], Snapshot] | None
    drawn: str = ".agent"
    query: str = ""
    node_age: float = 0.0
    refuse: int = 0
    cut: bool = False
    plan: BoardPlan | None = None
    reason: str = ""
    at: str = "wall"
    fragment: str = ""
    press: str = ""
    """What is clicked before the picture is taken: selectors, a comma between."""
    zoomed: bool = False
    """As at a zoom of 200 %: half of the pixels each way, each twice as large."""
    own: Callable[[float], MeRow] | None = None
    """Of an agent's page: the row."""
    keys: str = ""
    """What is pressed after the clicks, a blank between."""
    said: tuple[tuple[str, object], ...] = ()
    """What the board answers besides what it always does."""


NUMBER = BoardPlan(id="lobby", name="Lobby", name_zh="大堂", pages=(BoardPage(layout="number", number="longest"), BoardPage()))
CALM = BoardPlan(id="lobby", name="Lobby", name_zh="大堂", pages=(BoardPage(layout="number", number="service"),))
SALES = BoardPlan(id="sales", name="Sales and VIP", name_zh="销售与贵宾", queues=("sales", "vip"), pages=(BoardPage(), BoardPage()))
BREAKS = BoardPlan(id="rest", name="Rest room", name_zh="休息室", pages=(BoardPage(layout="breaks"),))
CODE = {"code": "ACD347", "secret": "s", "expires_in_s": 600}


def subset(now: float) -> Snapshot:
    """What the server sends to a board of two queues."""
    floor = sample.floor(now, 14)
    floor.queues = [queue for queue in floor.queues if queue.name in SALES.queues]
    return floor


SCENES = {
    "full": Scene(sample.floor),
    "western": Scene(lambda now: sample.floor(now, western=True)),
    "campaigns": Scene(sample.with_campaigns),
    "morning": Scene(sample.morning),
    "agents300": Scene(lambda now: sample.floor(now, 300)),
    "longnames": Scene(sample.long_names),
    "far": Scene(sample.floor, query="&distance=5"),
    "empty": Scene(sample.empty, drawn="[data-note=empty]"),
    "stale": Scene(sample.floor, drawn=".age-now", node_age=12),
    "lost": Scene(sample.floor, drawn=".banner", node_age=95),
    "cutoff": Scene(sample.floor, drawn=".banner", cut=True),
    "loading": Scene(None, drawn="[data-note=loading]"),
    "reason": Scene(sample.floor, drawn=".banner", node_age=95, reason="The PBX refuses the account; see username and secret of [[pbx]]."),
    "pairing": Scene(None, drawn=".code", refuse=4401),
    "forbidden": Scene(None, drawn="[data-note=forbidden]", refuse=4403),
    "number": Scene(sample.floor, drawn="[data-number]", plan=NUMBER),
    "number-calm": Scene(sample.floor, drawn="[data-number]", plan=CALM),
    "number-unknown": Scene(sample.morning, drawn="[data-number]", plan=CALM),
    "number-stale": Scene(sample.floor, drawn=".age-now", node_age=12, plan=CALM),
    "breaks": Scene(hall.floor, drawn=".line-up li", plan=BREAKS),
    "breaks-far": Scene(hall.floor, drawn=".line-up li", plan=BREAKS, query="&distance=7"),
    "ruled": Scene(hall.floor),
    "subset": Scene(subset, plan=SALES),
    "dimmed": Scene(sample.morning, query="&dim=0.4"),
}
ROWS = "[data-grid=agents] [data-row]"
FLOOR_SCENES = {
    "full": Scene(desk.floor, ROWS),
    "agent": Scene(desk.floor, "[data-strip] rect", fragment="#at=agent:1009"),
    "queue": Scene(desk.floor, ".tiles", fragment="#at=queue:hall7/sales&queue=hall7/sales"),
    "why": Scene(desk.floor, ".told-facts", press="[data-row='hall7/sales'] [data-number=service_level]"),
    "calls": Scene(desk.floor, "[data-grid=calls] [data-row]", fragment="#tab=calls"),
    "agents300": Scene(lambda now: desk.floor(now, 300), ROWS),
    "longnames": Scene(desk.full_of_names, ROWS, fragment="#at=agent:1004"),
    "zoomed": Scene(desk.full_of_names, ROWS, zoomed=True),
    "screens": Scene(desk.floor, "[data-code]", press="[data-act=screens]"),
    "keys": Scene(desk.floor, "dialog[open] dl", press="[data-act=menu], [data-act=keys]"),
    "nofit": Scene(desk.floor, "[data-note=none_fit]", fragment="#state=coaching"),
    "empty": Scene(sample.empty, "[data-note=empty]"),
    "stale": Scene(desk.floor, ".fresh.trouble", node_age=12),
    "lost": Scene(desk.floor, ".banner", node_age=95, reason="The PBX refuses the account; see username and secret of [[pbx]]."),
    "cutoff": Scene(desk.floor, ".banner", cut=True),
    "loading": Scene(None, "[data-note=loading]"),
    "forbidden": Scene(None, "[data-note=forbidden]", refuse=4403),
}
BULK = hall.allowed() | {
    "preview": True, "answers": [hall.allowed("1004"), hall.allowed("1008"), hall.refused("1055", "supervise.on_call", {
        "en": "高伟 has a call in hand; it is paused when that is over.", "zh": "高伟正在通话，通话结束后才能示忙。"})],
}  # fmt: skip
CONSOLE_SCENES = {
    "console": Scene(hall.floor, ".acts-on", fragment="#at=agent:1004"),
    "console-menu": Scene(hall.floor, "[data-rowmenu]", press="[data-row='1001'] [data-act=row_menu]"),
    "console-pause": Scene(hall.floor, "dialog[open] form", fragment="#at=agent:1009", keys="p"),
    "console-hangup": Scene(hall.floor, "dialog[open] form", fragment="#at=agent:1009", keys="h"),
    "console-move": Scene(hall.floor, "dialog[open] form", press="[data-row='1001'] [data-act=row_menu], [data-rowmenu] [data-deed=move]"),
    "console-bulk": Scene(hall.floor, ".preview b", keys="j x j x j x p", said=(("POST /api/orders", BULK),)),
    "console-refused": Scene(
        hall.floor,
        ".press.wrong",
        fragment="#at=agent:1009",
        keys="u",
        said=(("POST /api/orders", hall.answers(409, hall.refused("1009"))),),
    ),
    "console-done": Scene(hall.floor, ".press", fragment="#at=agent:1009", keys="u", said=(("POST /api/orders", hall.allowed("1009")),)),
    "console-palette": Scene(hall.floor, "dialog[open] [role=option]", fragment="#at=agent:1009", keys="Control+k"),
    "console-meeting": Scene(hall.floor, "dialog[open] form", press="[data-act=meeting]"),
    "console-alert": Scene(hall.floor, ".take", fragment="#at=alert:a1"),
    "console-zoomed": Scene(hall.floor, ROWS, zoomed=True),
}
AGENT_SCENES = {
    "ready": hall.me, "waiting": hall.waiting, "granted": hall.granted, "pending": hall.pending, "on": hall.on_break,
    "soon": lambda now: hall.on_break(now, 42), "over": lambda now: hall.on_break(now, -130), "meeting": hall.in_meeting,
    "login": hall.logged_out, "busy": hall.busy_day, "stray": hall.stray,
}  # fmt: skip
AGENT_SIZES = ((390, 844), (340, 480))
ALL = (
    {f"wall-{name}": scene for name, scene in SCENES.items()}
    | {f"floor-{name}": scene._replace(at="floor") for name, scene in (FLOOR_SCENES | CONSOLE_SCENES).items()}
    | {f"agent-{name}": Scene(None, "[data-scene]", own=own, at="agent") for name, own in AGENT_SCENES.items()}
)
ALL["agent-refused"] = ALL["agent-ready"]._replace(
    press=".big", drawn=".refusal", said=(("POST /api/me/break", hall.answers(409, hall.refused())),)
)
ALL["agent-cutoff"] = ALL["agent-ready"]._replace(cut=True, drawn=".banner")
ALL["agent-zoomed"] = ALL["agent-busy"]._replace(zoomed=True)


async def main(words: list[str]) -> None:
    OUT.mkdir(exist_ok=True)
    async with async_playwright() as playwright, serving() as site:
        browser = await launch(playwright)
        for name, scene in ALL.items():
            for lang in ("zh", "en"):
                for theme in ("dark", "light"):
                    for width, height in AGENT_SIZES if scene.at == "agent" else SIZES:
                        picture = f"{name}-{lang}-{theme}-{width}"
                        if all(word in picture for word in words):
                            await take(browser, site, scene, f"lang={lang}&theme={theme}{scene.query}", (width, height), picture)
        await browser.close()


async def take(browser: Browser, site: Site, scene: Scene, query: str, size: tuple[int, int], picture: str) -> None:
    site.make, site.refuse, site.fresh, site.plan = aged(scene), scene.refuse, scene.node_age == 0, scene.plan
    site.answers = {"POST /api/screens": CODE, "POST /api/screens/claim": {"state": "waiting", "board": "", "expires_in_s": 600}}
    site.own = scene.own
    if scene.at == "floor":
        desk.answer_all(site, time.time)
    if scene.at == "agent" or scene.make is hall.floor:
        hall.answer_all(site)
    site.answers |= dict(scene.said)
    part = 2 if scene.zoomed else 1
    sight = ViewportSize(width=size[0] // part, height=size[1] // part)
    page = await browser.new_page(viewport=sight, device_scale_factor=part, reduced_motion="reduce")
    await page.goto(f"{site.url}/{scene.at}?{query}&zone=Asia/Shanghai{scene.fragment}")
    if scene.cut:
        await page.wait_for_selector({"wall": ".agent", "agent": "[data-scene]"}.get(scene.at, ROWS))
        site.refuse = 1013
        await site.drop()
    for pressed in filter(None, scene.press.split(", ")):
        await page.click(pressed)
    if scene.keys:
        await page.wait_for_selector(ROWS)
        await page.wait_for_selector(".presses")
    for pressed in scene.keys.split():
        await page.keyboard.press(pressed)
    await page.wait_for_selector(scene.drawn)
    await settle(page)
    await page.screenshot(path=OUT / f"{picture}.png")
    await page.close()


def aged(scene: Scene) -> Callable[[float], Snapshot] | None:
    """The scene's floor with its server heard so long ago."""
    if scene.make is None or not scene.node_age:
        return scene.make
    make = scene.make

    def old(now: float) -> Snapshot:
        snapshot = make(now)
        for node in snapshot.nodes:
            node.heard = now - scene.node_age
            if scene.node_age > 30:
                node.link, node.since, node.reason = "lost", node.heard, scene.reason
        return snapshot

    return old


async def settle(page: Page) -> None:
    """Two frames: the first one measures what fits."""
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
