/* The server's time on this screen, from the times that its messages carry. Pure; the page says what its own clock shows.

A message is old by its way here, so a sample never says too much: the largest difference of a window is the nearest to
the truth. Two windows, so that a clock that was set back is believed after a minute. The local clock should be a
monotonic one (performance.now), which nobody sets. */

export const WINDOW_S = 30;

export const UNSET = Object.freeze({ offset: null, best: null, before: null, began: 0 });

/* `server` and `local` in seconds. */
export function observe(clock, server, local) {
  const sample = server - local;
  if (clock.best === null) return { offset: sample, best: sample, before: sample, began: local };
  const turned = local - clock.began >= WINDOW_S;
  const best = turned ? sample : Math.max(clock.best, sample);
  const before = turned ? clock.best : clock.before;
  const began = turned ? local : clock.began;
  return { offset: Math.max(best, before), best, before, began };
}

export function serverNow(clock, local) {
  return clock.offset === null ? null : local + clock.offset;
}

/* How long until the server's next full second: then every timer on the page moves together. */
export function untilNextSecond(clock, local) {
  const now = clock.offset === null ? local : local + clock.offset;
  return Math.max(0.02, Math.ceil(now + 0.001) - now);
}
