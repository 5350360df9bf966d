"""Chromium as the tests and the screenshots start it: the system's own, quiet, without a network of its own."""

from __future__ import annotations

import shutil

from playwright.async_api import Browser, Playwright

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


async def launch(playwright: Playwright) -> Browser:
    assert CHROMIUM is not None, "install chromium: make test does"
    return await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
