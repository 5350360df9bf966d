/* The ledger of breaks as rows and texts: which columns there are, in what order, and how each figure is written. Pure.

The counterpart of LedgerRow and EvidenceRow in wallboard/plan_handlers.py. An unknown figure is a dash. */

import { count, DASH, duration } from "../format.js";

/* {key, text}: of a row of the board. */
export const COLUMNS = [
  { key: "asked", text: (row) => count(row.asked) },
  { key: "granted", text: (row) => count(row.granted) },
  { key: "refused", text: (row) => count(row.refused) },
  { key: "waited_mean_s", text: (row) => duration(row.waited_mean_s) },
  { key: "waited_longest_s", text: (row) => (row.granted ? duration(row.waited_longest_s) : DASH) },
  { key: "expired", text: (row) => count(row.expired) },
  { key: "overruled", text: (row) => count(row.overruled) },
  { key: "overran", text: (row) => count(row.overran) },
  { key: "over_s", text: (row) => (row.overran ? duration(row.over_s) : DASH) },
];

/* Kinds that anybody used or that have a quota, so that each row has the same columns. */
export function kindsOf(rows) {
  return [...new Set(rows.flatMap((row) => [...Object.keys(row.used_min), ...Object.keys(row.quota_min)]))].sort();
}

/* "12/30": minutes used of the quota. */
export function usedText(row, kind) {
  const used = row.used_min[kind];
  const quota = row.quota_min[kind];
  if (used === undefined && quota === undefined) return DASH;
  return `${Math.round(used || 0)}${quota === undefined ? "" : `/${quota}`}`;
}

/* Jain's index as a share: 1 is the same for all. */
export function evenText(row) {
  return row.even === null ? DASH : row.even.toFixed(2);
}

/* A count as it is; a share of 1 in percent. */
export function valueText(value) {
  if (value === null) return DASH;
  return Number.isInteger(value) ? count(value) : `${Math.round(value * 100)}%`;
}

/* By the column, the largest first; equals by name, so that nothing jumps between two answers. */
export function sortedBy(rows, key) {
  const of = (row) => row[key] ?? -1;
  return key ? [...rows].sort((one, other) => of(other) - of(one) || (one.agent < other.agent ? -1 : 1)) : rows;
}
