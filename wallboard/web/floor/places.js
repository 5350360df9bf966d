/* Where rows stand: in order when nobody is among them, and where they were while somebody is. Pure.

A row that no longer fits keeps its place until the next sorting, one that newly fits comes last; what a pointer rests on
or has been selected keeps its place even then. The wall has pages instead (../paging.js). */

import { arrange } from "../paging.js";

/* So long after the last pointer, finger or key nothing moves, and as long between two sortings. */
export const REST_S = 3;

export const BEGIN = Object.freeze({ ids: [], made: -Infinity, key: null, held: false });

/* The next places. sorted: ids that fit, in order; anchors: ids that must not move; key: changes when somebody asked for
another order or filter; now and touched (the last touch) in seconds. `held`: another order waits for rest. */
export function settle(before, { sorted, anchors, key, now, touched }) {
  if (key !== before.key) return { ids: sorted, made: now, key, held: false };
  const touching = now - touched < REST_S;
  if (touching || now - before.made < REST_S) {
    const ids = arrange(before.ids, sorted);
    return { ...before, ids, held: touching && !isSame(ids, sorted) };
  }
  const ids = anchored(sorted, before.ids, anchors);
  return { ids: isSame(ids, before.ids) ? before.ids : ids, made: now, key, held: false };
}

/* `sorted` with the anchors at the places that they had. */
export function anchored(sorted, before, anchors) {
  const here = new Set(sorted);
  const standing = before.map((id, place) => [id, place]).filter(([id]) => anchors.has(id) && here.has(id));
  const still = new Set(standing.map(([id]) => id));
  const ids = sorted.filter((id) => !still.has(id));
  for (const [id, place] of standing) ids.splice(Math.min(place, ids.length), 0, id);
  return ids;
}

function isSame(one, other) {
  return one.length === other.length && one.every((id, place) => id === other[place]);
}
