/* What the player reckons with: peaks, quiet stretches, what was heard, speeds. Pure; times are seconds of the recording.

The counterpart of recordings/sound/peaks.py, which writes the bytes: "APK1", rate, frames of a window, frames, sides; a byte a window and
side, amplitude = (byte / 255)². */

const MAGIC = "APK1";
const HEAD = 24;

/* {sides: [Float32Array, …], seconds, perSecond}; null for what is no peaks. */
export function readPeaks(buffer) {
  if (buffer.byteLength < HEAD) return null;
  const view = new DataView(buffer);
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  const rate = view.getUint32(4, true);
  const window = view.getUint32(8, true);
  const frames = Number(view.getBigUint64(12, true));
  const many = view.getUint8(20);
  if (magic !== MAGIC || !rate || !window || many < 1 || many > 2) return null;
  const bytes = new Uint8Array(buffer, HEAD);
  const windows = Math.floor(bytes.length / many);
  const sides = Array.from({ length: many }, (_, side) =>
    Float32Array.from({ length: windows }, (_each, at) => (bytes[at * many + side] / 255) ** 2));
  return { sides, seconds: frames / rate, perSecond: rate / window };
}

/* Quieter than this is silence: -42 dB of full scale, what a line without a voice has. */
const QUIET = 0.008;
/* Shorter pauses belong to speech. */
const LEAST_S = 1.5;
/* Left of each stretch that is skipped, so that no word is cut. */
const KEEP_S = 0.3;

/* [[from, to], …] in which no side speaks. */
export function quietStretches({ sides, seconds, perSecond }) {
  const found = [];
  const windows = sides[0].length;
  let since = null;
  for (let at = 0; at <= windows; at++) {
    const quiet = at < windows && sides.every((side) => side[at] < QUIET);
    if (quiet && since === null) since = at;
    if (!quiet && since !== null) {
      const [from, to] = [since / perSecond, Math.min(seconds, at / perSecond)];
      if (to - from >= LEAST_S) found.push([from + KEEP_S, to - KEEP_S]);
      since = null;
    }
  }
  return found;
}

/* Narrower than two pixels of a wide screen nobody sees it; so no recording, however long, makes a page slow. */
const DRAWN_MOST = 500;

/* What is dimmed is what would be skipped. */
export function drawnQuiet(stretches, seconds) {
  return stretches.filter(([from, to]) => to - from >= seconds / DRAWN_MOST);
}

/* Where to go on when `at` lies in a stretch; null: it does not. */
export function skipTo(stretches, at) {
  const inside = stretches.find(([from, to]) => at >= from && at < to);
  return inside ? inside[1] : null;
}

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

export function speedBy(speed, steps) {
  const at = SPEEDS.indexOf(speed);
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (at < 0 ? SPEEDS.indexOf(1) : at) + steps))];
}

/* What was heard, as spans of milliseconds that do not touch. `last` is where the playing was a moment ago, null after a jump. */
export function heardMore(spans, last, now) {
  if (last === null || now <= last) return spans;
  const added = [...spans, [Math.round(last * 1000), Math.round(now * 1000)]].sort((one, other) => one[0] - other[0]);
  const merged = [];
  for (const [from, to] of added) {
    const before = merged.at(-1);
    if (before && from <= before[1] + 50) before[1] = Math.max(before[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/* The month before that of a day: 2026-01-07 gives 2025-12. */
export function monthBefore(day) {
  const [year, month] = day.split("-").map(Number);
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, "0")}`;
}

/* 83.4 as 1:23; an hour and more with its hours. */
export function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
