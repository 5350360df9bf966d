/* Which page of a board is shown, and until when. Pure. Not the pages of a long list inside one (paging.js).

While something is red, only pages that show it take their turn: a red figure is never turned away from, and one on a page
that is not shown comes into sight soon. */

export const START = Object.freeze({ page: 0, since: null });

/* A page that somebody has just begun to read stays at least this long, also when another one calls. */
const READ_S = 5;

/* pages: [{seconds, red}]; held: while somebody points at it or has stopped it. */
export function turn(state, pages, now, held) {
  if (state.since === null || state.page >= pages.length) return { page: 0, since: now };
  const red = pages.map((page, number) => (page.red ? number : -1)).filter((number) => number >= 0);
  if (held || pages.length < 2) return state;
  if (red.length && !pages[state.page].red && now - state.since >= READ_S) return { page: red[0], since: now };
  if (now - state.since < pages[state.page].seconds) return state;
  const turns = red.length ? red : pages.map((_, number) => number);
  return { page: turns.find((number) => number > state.page) ?? turns[0], since: now };
}

/* By hand, forwards or back. */
export function step(state, pages, now, by) {
  return { page: (state.page + by + pages.length) % pages.length, since: now };
}

/* How long each page of a long list stays, so that whole ones fit into the time of the board's page. */
export function leafSeconds(seconds, wish, alone) {
  return alone ? wish : seconds / Math.max(1, Math.round(seconds / wish));
}
