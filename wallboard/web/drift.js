/* Where the whole layout stands this minute, in pixels from its place: so that no edge burns into a screen. Pure.

A walk around its place, 2 to 3 pixels at a time, one step each 90 seconds; it comes home after twelve minutes. */

export const STEP_S = 90;

const WALK = [[0, 0], [2, 1], [3, 3], [1, 4], [-1, 3], [-3, 2], [-3, -1], [-1, -3]];

export function drift(now) {
  const [x, y] = WALK[Math.floor(now / STEP_S) % WALK.length];
  return { x, y };
}
