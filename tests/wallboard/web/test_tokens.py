"""tokens.css by computation: everything that is read stands out from what it stands on, and no other file names a colour."""

from __future__ import annotations

import re

import pytest

from tests.house.sources import ROOT, say

WEB = ROOT / "wallboard" / "web"
TOKENS = (WEB / "tokens.css").read_text("utf-8")
STYLES = [path for path in WEB.glob("*.css") if path.name != "tokens.css"]
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")

GROUNDS = ("ground", "panel")
NOT_READ = {"ground", "panel", "line", "bar", "on-warn", "on-act", "on-accent"}
"""Surfaces, rules and bars (3:1 on their panel, below), and the text on a filled banner."""
READ = 4.5
SEEN = 3.0
FIGURES = 7.0


def themes() -> dict[str, dict[str, str]]:
    blocks = [(selector.strip(), dict(COLOUR.findall(body))) for selector, body in BLOCK.findall(COMMENT.sub("", TOKENS))]
    dark = next(colours for selector, colours in blocks if selector == ":root" and "ground" in colours)
    light = next(colours for selector, colours in blocks if 'data-theme="light"' in selector)
    return {"dark": dark, "light": light}


THEMES = themes()


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_read_can_be_read(theme: str) -> None:
    colours = THEMES[theme]
    pairs = [(name, ground, READ) for name in colours.keys() - NOT_READ for ground in GROUNDS]
    pairs += [("ink", ground, FIGURES) for ground in GROUNDS] + [("bar", "panel", SEEN if theme == "light" else 2.5)]
    pairs += [("on-warn", "warn", READ), ("on-act", "act", READ), ("on-accent", "accent", READ)]
    measured = [(f"{theme}: {front} on {back}", contrast(colours[front], colours[back]), least) for front, back, least in pairs]
    say([f"{pair} has {ratio:.2f}, needs {least}" for pair, ratio, least in measured if ratio < least])


def test_both_themes_have_the_same_colours() -> None:
    assert THEMES["dark"].keys() == THEMES["light"].keys()
    assert len(THEMES["dark"]) > 20


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_no_other_file_names_a_colour_or_a_size(style: object) -> None:
    text = COMMENT.sub("", (WEB / str(style)).read_text("utf-8"))
    colours = re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text)
    sizes = re.findall(r"\b\d*\.?\d+(?:px|rem|vh|vw|pt|ms|s)\b", text)
    assert not colours + sizes


def test_every_token_that_is_used_is_named() -> None:
    named = set(re.findall(r"(--[\w-]+):", TOKENS)) | {"--items", "--drift-x", "--drift-y", "--dark", "--long"}  # pages count these
    for style in [*STYLES, WEB / "tokens.css"]:
        used = set(re.findall(r"var\((--[\w-]+)\)", style.read_text("utf-8")))
        assert not used - named, style.name
