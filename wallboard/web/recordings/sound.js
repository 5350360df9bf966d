/* One recording's sound in the browser: the audio element, its two sides, the waveform of its stored peaks.

The only file of this page that knows wavesurfer and Web Audio; what is drawn around it is player.js. The waveform is drawn from peaks that
the archivist made, so nothing of the sound is fetched before somebody plays or seeks, and then only the ranges that are needed. */

import WaveSurfer from "../vendor/wavesurfer.mjs";
import Regions from "../vendor/wavesurfer-regions.mjs";
import { drawnQuiet, heardMore, quietStretches, readPeaks, skipTo } from "./model.js";

const LANE_PX = 56;
/* How often what was heard is told: a tab that is closed in between loses less than this. */
const TELL_MS = 20_000;
/* Between two looks at where the playing is, a jump is what is longer than this. */
const JUMP_S = 1.5;
/* Shorter than this nobody would see that a mark is there. */
const SEEN_S = 0.2;

export class Sound {
  /* `tell(spans)` is called with what was heard since the last time; `changed()` whenever something to draw has changed. */
  constructor({ sound, peaks, spans, comments, colours, tell, changed }) {
    this.urls = { sound, peaks };
    this.marks = { spans, comments };
    this.colours = colours;
    this.tell = tell;
    this.changed = changed;
    this.state = { ready: false, failed: false, playing: false, at: 0, seconds: 0, speed: 1, skip: false, volume: [1, 1], sides: 1 };
    this.heard = [];
    this.last = null;
    this.quiet = [];
    this.element = new Audio();
    this.element.preload = "none";
    this.element.preservesPitch = true;
    this.timer = setInterval(() => this.tellHeard(), TELL_MS);
  }

  async open(container) {
    const answer = await fetch(this.urls.peaks).catch(() => null);
    const peaks = answer?.ok ? readPeaks(await answer.arrayBuffer()) : null;
    if (!peaks) return this.set({ failed: true });
    this.quiet = quietStretches(peaks);
    this.regions = Regions.create();
    this.surfer = WaveSurfer.create({
      container,
      media: this.element,
      peaks: peaks.sides,
      duration: peaks.seconds,
      height: LANE_PX,
      cursorWidth: 2,
      cursorColor: this.colours.cursor,
      normalize: false,
      plugins: [this.regions],
      splitChannels: peaks.sides.map((_, side) => this.lane(side)),
    });
    this.surfer.on("timeupdate", (at) => this.moved(at));
    this.surfer.on("play", () => this.set({ playing: true }));
    this.surfer.on("pause", () => this.set({ playing: false }));
    this.surfer.on("seeking", () => { this.last = null; this.set({ at: this.element.currentTime }); });
    this.element.addEventListener("error", () => this.set({ failed: true }));
    this.set({ seconds: peaks.seconds, sides: peaks.sides.length });
    // Before that it knows no length, so every mark would lie at 0; and it takes away a sound that came earlier, and with it the place.
    this.surfer.once("ready", () => this.opened());
  }

  opened() {
    this.set({ ready: true });
    this.mark(this.marks);
    if (this.wished !== undefined) this.seek(this.wished);
  }

  /* Spans of hold, transfer and card data; comments as flags. Milliseconds. */
  mark({ spans, comments }) {
    this.marks = { spans, comments };
    if (!this.state.ready) return;
    this.regions.clearRegions();
    this.stretched = null;
    for (const [from, to] of drawnQuiet(this.quiet, this.state.seconds)) this.region("quiet", from, to, "data-quiet", "");
    for (const span of spans) this.region(span.kind, span.since_ms / 1000, span.until_ms / 1000, "data-span", span.kind);
    for (const each of comments) {
      this.region("comment", each.since_ms / 1000, Math.max(each.since_ms, each.until_ms) / 1000, "data-comment", each.id, "⚑");
    }
    this.stretch(this.marked);
  }

  /* Its look is the style sheet's, by its part and its custom property: so it needs no new colours with another theme. */
  region(kind, start, end, name, value, content) {
    const region = this.regions.addRegion({ start, end, content, drag: false, resize: false, color: `var(--wave-${kind})` });
    region.element.part.add(kind);
    region.element.setAttribute(name, value);
    return region;
  }

  /* The stretch that somebody marks just now, [from, to] in either order; null: none. */
  stretch(marked) {
    this.marked = marked;
    this.stretched?.remove();
    this.stretched = null;
    if (!marked || !this.state.ready) return;
    const [from, to] = [...marked].sort((one, other) => one - other);
    this.stretched = this.region("marked", from, Math.max(to, from + SEEN_S), "data-marked", "");
  }

  /* The page has another theme now. */
  recolour(colours) {
    this.colours = colours;
    const splitChannels = Array.from({ length: this.state.sides }, (_, side) => this.lane(side));
    this.surfer?.setOptions({ cursorColor: colours.cursor, splitChannels });
  }

  lane(side) {
    return { waveColor: this.colours.sides[side], progressColor: this.colours.heard[side], height: LANE_PX };
  }

  moved(at) {
    if (this.state.playing) {
      if (this.last !== null && Math.abs(at - this.last) < JUMP_S * this.state.speed) this.heard = heardMore(this.heard, this.last, at);
      this.last = at;
      const onward = this.state.skip ? skipTo(this.quiet, at) : null;
      if (onward !== null) return this.seek(onward);
    }
    this.set({ at });
  }

  /* Nothing of the sound is fetched before somebody wants to hear it, or a place in it. */
  arm() {
    if (!this.element.src) this.element.src = this.urls.sound;
  }

  async toggle() {
    if (!this.state.ready) return;
    this.arm();
    this.route();
    await this.surfer.playPause().catch(() => this.set({ failed: true }));
  }

  seek(seconds) {
    const at = Math.min(Math.max(0, seconds), this.state.seconds || seconds);
    if (!this.state.ready) { this.wished = at; return; }
    this.arm();
    this.last = null;
    this.surfer.setTime(at);
    this.set({ at });
  }

  /* The default, too: an element takes that one when it gets its sound, which is not before somebody plays. */
  speed(speed) {
    this.element.defaultPlaybackRate = speed;
    this.element.playbackRate = speed;
    this.set({ speed });
  }

  skip(skip) { this.set({ skip }); }

  /* A side as loud as the listener wants it; through Web Audio, so only once somebody has pressed something. */
  volume(side, volume) {
    this.route();
    const all = this.state.volume.with(side, volume);
    this.gains[side].gain.value = volume;
    this.set({ volume: all });
  }

  route() {
    if (this.context) return void this.context.resume();
    this.context = new AudioContext();
    const split = this.context.createChannelSplitter(this.state.sides);
    const merge = this.context.createChannelMerger(this.state.sides);
    this.gains = Array.from({ length: this.state.sides }, (_, side) => {
      const gain = this.context.createGain();
      split.connect(gain, side);
      gain.connect(merge, 0, side);
      return gain;
    });
    this.context.createMediaElementSource(this.element).connect(split);
    merge.connect(this.context.destination);
    void this.context.resume();
  }

  tellHeard() {
    if (!this.heard.length) return;
    const spans = this.heard;
    this.heard = [];
    this.tell(spans);
  }

  close() {
    clearInterval(this.timer);
    this.tellHeard();
    this.element.pause();
    this.surfer?.destroy();
    void this.context?.close();
    this.element.removeAttribute("src");
  }

  set(wish) {
    this.state = { ...this.state, ...wish };
    this.changed();
  }
}
