/* The floor as a page holds it: a snapshot, and deltas applied to it. Pure; the counterpart of realtime/rows.py.

Not the connection (socket.js) and not what the figures mean (urgency.js). A floor is never changed: a delta makes a new
one that shares every table the delta does not name, so a view may compare by identity. */

export const GAP = Symbol("gap");

/* Tables that are sent by rows, and the key of a row in each. */
const TABLES = { queues: "id", agents: "id", calls: "id", nodes: "node" };

/* What stands for itself as a whole. */
const WHOLE = ["day", "breaks", "campaigns", "meetings", "messages", "alerts", "orders"];

export function applySnapshot(message) {
  const { floor } = message;
  const tables = Object.entries(TABLES).map(([name, key]) => [name, new Map((floor[name] || []).map((row) => [row[key], row]))]);
  return { ...floor, ...Object.fromEntries(tables), position: message.position };
}

/* The next floor, or GAP when the delta does not begin where this floor ends: only a snapshot helps then. */
export function applyDelta(floor, message) {
  if (message.from !== floor.position) return GAP;
  const next = { ...floor, position: message.to, time: message.time };
  for (const [name, key] of Object.entries(TABLES)) {
    const gone = (message.gone && message.gone[name]) || [];
    const rows = message[name] || [];
    if (rows.length || gone.length) next[name] = patched(floor[name], rows, key, gone);
  }
  for (const name of WHOLE) if (message[name] !== undefined) next[name] = message[name];
  if (message.totals) next.totals = withSeries(message.totals, floor.totals);
  if (message.parts) next.parts = withParts(message.parts, floor.parts || {});
  return next;
}

/* A heartbeat that names another position means that a delta was lost on the way. */
export function beatFits(floor, message) {
  return message.position === floor.position;
}

function patched(table, rows, key, gone) {
  const next = new Map(table);
  for (const row of rows) next.set(row[key], withSeries(row, table.get(row[key])));
  for (const name of gone) next.delete(name);
  return next;
}

/* Totals of single pages of a board, by their number. */
function withParts(parts, before) {
  return { ...before, ...Object.fromEntries(Object.entries(parts).map(([name, row]) => [name, withSeries(row, before[name])])) };
}

/* The curves come once a minute; in between, null means that the ones we have still hold. */
function withSeries(row, before) {
  return row.series === null && before && before.series ? { ...row, series: before.series } : row;
}
