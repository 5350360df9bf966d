/* An agent's day as a strip: which part of it each turn takes, and what is said of a turn. Pure.

The turns are those of GET /api/agents/ID/day. Heights tell states apart in greyscale: work stands high, readiness low,
absence hangs from the top. */

/* Width of the strip in its own units; a turn is never thinner than one of them, or nobody could point at it. */
export const WIDTH = 1000;
export const HEIGHT = 40;

/* A time of day takes about the rest. */
const LAST_MARK = 0.87 * WIDTH;

const BANDS = {
  talking: [0, 1], hold: [0, 0.85], dialling: [0, 0.7], connecting: [0, 0.7], ringing: [0, 0.6], wrapup: [0, 0.75], ready: [0, 0.3],
  on_break: [0.6, 1], break_pending: [0.6, 1], meeting: [0.45, 1], training: [0.45, 1], coaching: [0.45, 1],
  not_ready: [0.75, 1], no_answer: [0.4, 0.6], unreachable: [0.45, 0.55],
};

/* Being logged out is an empty stretch. */
const EMPTY = new Set(["logged_out"]);

/* [{x, y, width, height, turn, from, to}] in units of the strip; `now` ends what has no end yet. */
export function segments(day, now) {
  const { begins, ends } = spanOf(day, now);
  const scale = WIDTH / Math.max(1, ends - begins);
  return day.turns.map((turn) => {
    const [from, to] = [Math.max(begins, turn.since), Math.min(ends, turn.until ?? ends)];
    const [low, high] = EMPTY.has(turn.state) ? [0, 0] : BANDS[turn.state] || [0.3, 0.5];
    const width = Math.max(1, (to - from) * scale);
    return { x: (from - begins) * scale, width, y: (1 - high) * HEIGHT, height: (high - low) * HEIGHT, turn, from, to };
  });
}

/* The strip begins with the first thing that happened, so that a late shift is not squeezed into the right end. */
export function spanOf(day, now) {
  const present = day.turns.find((turn) => !EMPTY.has(turn.state));
  const begins = present ? Math.max(day.begins, present.since) : day.begins;
  return { begins, ends: Math.max(begins + 1, Math.min(day.ends ?? now, now)) };
}

/* Full hours in the span with their place, at most so many; none so near the end that its text would be cut. */
export function hourMarks({ begins, ends }, most) {
  const hours = (ends - begins) / 3600;
  const step = 3600 * Math.max(1, Math.ceil(hours / most));
  const first = Math.ceil(begins / step) * step;
  const count = Math.max(0, Math.floor((ends - first) / step) + 1);
  return Array.from({ length: count }, (_, number) => first + number * step)
    .map((at) => ({ at, x: ((at - begins) / (ends - begins)) * WIDTH }))
    .filter(({ x }) => x <= LAST_MARK);
}

/* The segment at a place of the strip, and the one that a key leads to. */
export function segmentAt(all, x) {
  return all.findIndex((segment) => x >= segment.x && x < segment.x + segment.width);
}

/* How long each state lasted, the longest first; the one that lasts goes on to `now`. */
export function spent(day, now) {
  const sums = new Map();
  for (const turn of day.turns) {
    const until = Math.min(turn.until ?? now, day.ends ?? now);
    sums.set(turn.state, (sums.get(turn.state) || 0) + Math.max(0, until - Math.max(day.begins, turn.since)));
  }
  return [...sums].filter(([state, s]) => s >= 1 && !EMPTY.has(state)).sort((one, other) => other[1] - one[1]);
}
