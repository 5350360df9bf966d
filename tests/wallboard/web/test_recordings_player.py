"""The player pressed in a real Chromium: what is measured is the sound that leaves it, and the places of what it draws.

Each side of the recording is a tone of its own loudness, with ten seconds of silence in between, so that what is heard can be told from
what should be. Not the log of what was heard (test_recordings_page.py), but for what is skipped.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from playwright.async_api import Page, expect

from andon.voices import RATE, Samples
from recordings.words import Kind
from tests.recordings.heard import Heard
from tests.wallboard.web.archive_pages import IN_BROWSER, listening, look

pytestmark = IN_BROWSER
SECONDS = 40
SILENT = (12, 22)
CUSTOMER, AGENT = 0.1, 0.2
"""How loud each side is, of full scale: the root of the mean square."""
BEFORE = """
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to === this.context.destination) {  // what goes to the ears goes to two meters, too
    const split = this.context.createChannelSplitter(2);
    connect.call(this, split);
    window.meters = [0, 1].map((side) => {
      const meter = this.context.createAnalyser();
      connect.call(split, meter, side);
      return meter;
    });
  }
  return connect.call(this, to, ...rest);
};
window.loudness = () => (window.meters || []).map((meter) => {
  const wave = new Float32Array(meter.fftSize);
  meter.getFloatTimeDomainData(wave);
  return Math.sqrt(wave.reduce((sum, each) => sum + each * each, 0) / wave.length);
});
window.positions = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (window.player !== this) this.addEventListener("timeupdate", () => window.positions.push(this.currentTime));
  window.player = this;
  return play.call(this);
};
"""
"""The sound is the board's own and unchanged; the meters only look at it."""


def tones() -> tuple[Samples, Samples]:
    at = np.arange(SECONDS * RATE) / RATE
    spoken = (at < SILENT[0]) | (at >= SILENT[1])

    def tone(hertz: float, loud: float) -> Samples:
        return (np.sin(2 * np.pi * hertz * at) * loud * np.sqrt(2) * 32_767 * spoken).astype(np.int16)

    return tone(440, CUSTOMER), tone(880, AGENT)


async def opened(page: Page, heard: Heard, seed: int, at: int = 0, **spans: Any) -> str:
    """A recording of tones on the stage; its id."""
    one = await heard.call(seed, SECONDS, legs=tones(), **spans)
    await look(page, heard.house, f"#find&one={one}&at={at}" if at else f"#find&one={one}")
    await listening(page)
    return one


async def sounds(page: Page, customer: float, agent: float) -> None:
    """Within the page's patience both sides are as loud as that, by a tenth and what Opus adds."""
    await page.wait_for_function(
        """([customer, agent]) => {
          const near = (is, wanted) => Math.abs(is - wanted) <= wanted * 0.1 + 0.002;
          const [left, right] = window.loudness();
          return near(left, customer) && near(right, agent);
        }""",
        arg=[customer, agent],
    )


async def sought(page: Page, seconds: int) -> None:
    """By the arrows alone, from the beginning."""
    for _ in range(seconds // 5):
        await page.keyboard.press("ArrowRight")
    for _ in range(seconds % 5):
        await page.keyboard.press("Shift+ArrowRight")
    await expect(page.locator(".clock")).to_contain_text(f"0:{seconds:02d} /")


async def places(page: Page, which: str) -> list[tuple[float, float]]:
    """Of these regions, in seconds of the recording, as they lie on the waveform."""
    found: list[tuple[float, float]] = await page.locator(f"[data-wave] {which}").evaluate_all(
        """(drawn, seconds) => drawn.map((each) => {
          const [own, whole] = [each.getBoundingClientRect(), each.parentElement.getBoundingClientRect()];
          const of = (x) => Math.round((x - whole.left) / whole.width * seconds * 10) / 10;
          return [of(own.left), of(own.right)];
        })""",
        SECONDS,
    )
    return sorted((since, until) for since, until in found)


# ------------------------------------------------------------------ what is heard


async def test_each_side_is_as_loud_as_its_slider_says(page: Page, heard: Heard) -> None:
    await opened(page, heard, 1)
    await page.keyboard.press("Space")
    await sounds(page, CUSTOMER, AGENT)
    customer, agent = page.locator("[data-volume='0']"), page.locator("[data-volume='1']")
    await expect(customer).to_have_attribute("aria-label", "Volume of Customer")
    await customer.fill("0")
    await sounds(page, 0, AGENT)
    await agent.fill("0.5")
    await sounds(page, 0, AGENT / 2)
    await customer.fill("2")
    await sounds(page, CUSTOMER * 2, AGENT / 2)


async def test_a_mixed_recording_can_be_made_louder(page: Page, heard: Heard) -> None:
    customer, _ = tones()
    one = await heard.call(12, SECONDS, legs=(customer,))
    await look(page, heard.house, f"#find&one={one}")
    await listening(page)
    both = page.locator("[data-volume]")
    await expect(both).to_have_attribute("aria-label", "Volume of Both sides")
    await both.fill("2")
    await both.blur()
    await page.keyboard.press("Space")
    await sounds(page, CUSTOMER * 2, 0)  # one side is all there is


async def test_a_speed_that_is_chosen_before_the_first_sound_stays(page: Page, heard: Heard) -> None:
    await opened(page, heard, 2)
    speed = page.locator("[data-speed]")
    await speed.select_option("2")
    await page.keyboard.press("Space")
    await page.wait_for_function("() => window.positions.some((at) => at > 1)")
    assert await page.evaluate("window.player.playbackRate") == 2
    await speed.blur()
    await page.keyboard.press("ArrowDown")
    await expect(speed).to_have_value("1.5")
    assert await page.evaluate("window.player.playbackRate") == 1.5
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(speed).to_have_value("3")


async def test_a_silent_stretch_is_skipped_and_not_told_as_heard(page: Page, heard: Heard) -> None:
    await opened(page, heard, 3)
    await page.locator("[data-skip]").check()
    await page.locator("[data-skip]").blur()
    await sought(page, 10)
    await page.keyboard.press("Space")
    await page.wait_for_function(f"() => window.positions.some((at) => at > {SILENT[1]} + 0.5)")
    inside = [at for at in await page.evaluate("window.positions") if SILENT[0] + 1 < at < SILENT[1] - 1]
    assert inside == [], "the clock jumps"
    async with page.expect_response(lambda answer: answer.url.endswith("/heard")):
        await page.keyboard.press("Escape")
    told = [json.loads(entry.private) for entry in await heard.house.entries(Kind.ACCESS)]
    spans = [span for each in told for span in each.get("spans", [])]
    assert len(spans) > 1, "before the silence, and behind it"
    assert [span for span in spans if span[0] < (SILENT[0] + 1) * 1000 and span[1] > (SILENT[1] - 1) * 1000] == [], "not what was skipped"


async def test_arrows_go_five_seconds_and_one_with_shift(page: Page, heard: Heard) -> None:
    await opened(page, heard, 4)
    await sought(page, 13)
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator(".clock")).to_contain_text("0:08 /")
    await page.keyboard.press("Shift+ArrowLeft")
    await expect(page.locator(".clock")).to_contain_text("0:07 /")
    for _ in range(2):
        await page.keyboard.press("ArrowLeft")
    await expect(page.locator(".clock")).to_contain_text("0:00 /")


# ------------------------------------------------------------------ what is drawn


async def test_hold_transfer_and_card_data_lie_at_their_places(page: Page, heard: Heard) -> None:
    await opened(page, heard, 5, holds=((24, 30),), transfers=(32,), paused=((34, 36),))
    await expect(page.locator("[data-span]")).to_have_count(3)
    assert await places(page, "[data-span=hold]") == [(24, 30)]
    ((since, until),) = await places(page, "[data-span=transfer]")
    assert (since, until - since < 0.5) == (32, True), "a moment, as a line"
    assert await places(page, "[data-span=paused]") == [(34, 36)]
    ((since, until),) = await places(page, "[data-quiet]")
    assert abs(since - SILENT[0] - 0.3) < 0.2, "silence that would be skipped is dimmed"
    assert abs(until - SILENT[1] + 0.3) < 0.2
    background = "(each) => getComputedStyle(each).backgroundImage"
    assert "repeating-linear-gradient" in await page.locator("[data-span=hold]").evaluate(background), "hatched, not shaded"
    assert await page.locator("[data-span=transfer]").evaluate("(each) => getComputedStyle(each).borderLeftWidth") == "2px"
    words = page.locator(".spans li")
    await expect(words).to_have_text(["0:24–0:30 on hold", "0:32 transferred", "0:34–0:36 card data: not recorded"])
    await words.nth(1).locator("button").click()
    await expect(page.locator(".clock")).to_contain_text("0:32 /")
    wave = await page.locator("[data-wave]").bounding_box()
    assert wave is not None
    await page.mouse.click(wave["x"] + wave["width"] * 27.5 / SECONDS, wave["y"] + wave["height"] / 2)
    await expect(page.locator(".clock")).to_contain_text("0:27 /")


async def test_comments_are_flags_at_their_moments_and_spans(page: Page, heard: Heard) -> None:
    await opened(page, heard, 6)
    await sought(page, 8)
    await page.keyboard.press("c")
    await page.keyboard.type("greets late")
    await page.keyboard.press("Enter")
    await expect(page.locator(".comments li")).to_have_count(1)
    await page.locator(".comments [name=text]").blur()
    await page.keyboard.press("m")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("c")
    await page.keyboard.type("talks over the customer")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-wave] [data-comment]")).to_have_count(2)
    moment, span = await places(page, "[data-comment]")
    assert (moment[0], span) == (8, (8, 13))
    await page.locator(".comments li button.link").first.click()
    await expect(page.locator(".clock")).to_contain_text("0:08 /")


# ------------------------------------------------------------------ a moment told to somebody else


async def test_a_link_is_copied_and_opens_at_its_moment(page: Page, heard: Heard) -> None:
    await opened(page, heard, 7)
    await sought(page, 7)
    await page.locator("[data-act=link]").click()
    await expect(page.locator("[data-said=link]")).to_contain_text("copied")
    link = await page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("&at=7")
    await expect(page.locator(".clock")).to_contain_text("0:07 /")
    other = await page.context.new_page()
    await other.goto(link)
    await listening(other)
    await expect(other.locator(".clock")).to_contain_text("0:07 /")
    await other.keyboard.press("Space")
    await other.wait_for_function("() => window.positions.length > 1")
    assert min(await other.evaluate("window.positions")) >= 6.9, "it sounds from there, not from the beginning"


async def test_where_nothing_may_be_copied_the_address_has_the_moment(page: Page, heard: Heard) -> None:
    await page.context.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });")
    await opened(page, heard, 8)
    await sought(page, 6)
    await page.locator("[data-act=link]").click()
    await expect(page.locator("[data-said=link]")).to_contain_text("address")
    assert page.url.endswith("&at=6")


async def test_another_recording_by_its_link_is_not_heard_under_the_first_ones_sound(page: Page, heard: Heard) -> None:
    await opened(page, heard, 9)
    await page.keyboard.press("Space")
    await page.wait_for_function("() => window.positions.some((at) => at > 0.5)")
    other = await heard.call(10, 20, ago_s=300)
    await page.evaluate("(one) => { location.hash = `#find&one=${one}`; }", other)
    await expect(page.locator(f".player[data-recording='{other}'] [data-form=listen]")).to_be_visible()
    assert await page.evaluate("window.player.paused"), "nobody hears what no longer stands there"
    await listening(page)
    await expect(page.locator(".clock")).to_contain_text("0:00 / 0:20")


async def test_going_to_another_tab_ends_the_listen(page: Page, heard: Heard) -> None:
    one = await opened(page, heard, 11)
    await page.keyboard.press("Space")
    await page.wait_for_function("() => window.positions.some((at) => at > 0.5)")
    async with page.expect_response(lambda answer: answer.url.endswith("/heard")):
        await page.locator("nav [data-value=quality]").click()
    assert await page.evaluate("window.player.paused")
    await page.evaluate("(one) => { location.hash = `#find&one=${one}`; }", one)
    await expect(page.locator("[data-form=listen]")).to_be_visible()
