/* What a report is asked for: which days, how fine, of whom; read from the address and written back to it. Pure.

The counterpart of wallboard/report_handlers.py. Days are ISO dates; `today` is the floor's. */

export const KINDS = ["queues", "agents"];
export const FINENESS = ["half", "day"];
/* All together, or each by itself; anything else is the id of one. */
export const TOGETHER = "";
export const EACH = "each";

const ISO = /^\d{4}-\d{2}-\d{2}$/;

export function readAsked(fragment) {
  const said = new URLSearchParams(fragment.replace(/^#/, ""));
  const one = (name, choices) => (choices.includes(said.get(name)) ? said.get(name) : choices[0]);
  const date = (name) => (ISO.test(said.get(name) || "") ? said.get(name) : "");
  return { kind: one("kind", KINDS), by: one("by", FINENESS), from: date("from"), to: date("to"), of: said.get("of") || TOGETHER };
}

export function writeAsked(asked) {
  return new URLSearchParams(Object.entries(asked).filter(([, value]) => value)).toString();
}

/* The address of a report; `format` and `lang` for one that is taken as a file. */
export function addressOf({ kind, by, from, to, of }, more = {}) {
  const one = more.format && of && of !== EACH ? { [kind === "queues" ? "queue" : "agent"]: of } : {};
  const said = { by, ...(from ? { from } : {}), ...(to ? { to } : {}), ...one, ...more };
  return `/api/reports/${kind}?${new URLSearchParams(said)}`;
}

/* The days that are asked for most: [name, from, to]. A week begins on Monday. */
export function quickSpans(today) {
  const back = (days) => shifted(today, -days);
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
  return [
    ["today", today, today],
    ["yesterday", back(1), back(1)],
    ["week", back(weekday), today],
    ["last_week", back(weekday + 7), back(weekday + 1)],
    ["month", `${today.slice(0, 8)}01`, today],
  ];
}

function shifted(day, by) {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + by);
  return at.toISOString().slice(0, 10);
}

/* The rows that are shown, and what they come to. */
export function chosen(answer, of) {
  const alone = answer.by === "day" && answer.from === answer.to; // then each sum would only repeat its row
  if (of === EACH) return { rows: answer.rows, sums: answer.sums.filter((row) => !alone || row.of === TOGETHER) };
  if (of === TOGETHER) return { rows: answer.together, sums: answer.sums.filter((row) => row.of === TOGETHER) };
  return { rows: answer.rows.filter((row) => row.of === of), sums: answer.sums.filter((row) => row.of === of) };
}

/* A figure as text by its unit; null is unknown. */
export function written(figure, unit, { count, duration, dash }) {
  if (figure === null || figure === undefined) return dash;
  if (unit === "share") return `${(figure * 100).toFixed(1)}%`;
  return unit === "s" ? duration(figure) : count(figure);
}
