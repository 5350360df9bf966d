/* Which rows stand where, and until when: steady rows, and pages instead of scrolling. Pure.

An order is made when a round of pages begins and kept until it ends, so that nobody jumps and nobody is skipped. Who
needs somebody is pinned: on every page, on top. Who leaves in between leaves an empty place. */

/* At most this part of a page is pinned, or a bad day would show nothing else. */
const PINNED_SHARE = 0.5;

export const BEGIN = Object.freeze({ places: [], page: 0, turned: null, shown: [], count: 1 });

/* The next state of the pages. sorted: ids in the order of now; pinned: those of them that stay in sight; capacity: of one
page; others: pages of what turns along with these; every: seconds a page; held: while somebody points at it. */
export function advance(state, { sorted, pinned, capacity, others, now, every, held }) {
  const began = state.turned === null;
  const due = !began && !held && now - state.turned >= every;
  const staying = arrange(state.places, sorted);
  const before = Math.max(pages(staying, pinned, capacity).length, others);
  const endsRound = due && state.page + 1 >= before;
  const places = endsRound ? sorted : staying;
  const all = pages(places, pinned, capacity);
  const count = Math.max(all.length, others);
  const page = (due ? state.page + 1 : state.page) % (due ? before : count);
  return { places, page: Math.min(page, count - 1), turned: began || due ? now : state.turned, shown: all[page % all.length], count };
}

/* By hand, forwards or back. */
export function leaf(state, now, by) {
  return { ...state, page: (state.page + by + state.count) % state.count, turned: now };
}

/* ids in their places: the ones that stand stay, new ones come last. */
export function arrange(places, sorted) {
  const standing = new Set(places);
  const added = sorted.filter((id) => !standing.has(id));
  return added.length ? [...places, ...added] : places;
}

/* Pages of ids; every one begins with the pinned. There is always at least one. */
export function pages(places, pinned, capacity) {
  const top = pinned.slice(0, Math.max(1, Math.floor(capacity * PINNED_SHARE)));
  const onEvery = new Set(top);
  const rest = places.filter((id) => !onEvery.has(id));
  const room = Math.max(1, capacity - top.length);
  const count = Math.max(1, Math.ceil(rest.length / room));
  return Array.from({ length: count }, (_, number) => [...top, ...rest.slice(number * room, (number + 1) * room)]);
}

/* One page of a short list that turns along. */
export function pageOf(rows, capacity, page) {
  const count = Math.max(1, Math.ceil(rows.length / capacity));
  const number = page % count;
  return rows.slice(number * capacity, (number + 1) * capacity);
}
