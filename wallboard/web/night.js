/* When a screen is darker than usual, and what hour is a quiet one. Pure: minutes of the day come in, by the board's own zone.

A board says it as {since, until, to} in minutes and as a part of full brightness, 0 for black (wallboard/boards.py); an address
as ?dim=0.4, ?dim=22:00-07:00, ?dim=22:00-07:00@0.3, ?dim=22:00-07:00@blank or ?dim=off. */

export const FULL = 1;

/* How bright a screen is on which something is red or that somebody touches, whatever the hour. */
export const LIT = 0.4;

const USUAL = 0.4;
const DARKEST = 0.1;
const DAY_MIN = 1440;

/* null: what the board says holds; {to: 1} never dims. */
export function readDim(text) {
  if (!text) return null;
  if (text === "off") return { since: 0, until: DAY_MIN, to: FULL };
  const part = /^\d(\.\d+)?$/.exec(text);
  if (part) return { since: 0, until: DAY_MIN, to: brightness(text) };
  const span = /^(\d\d):(\d\d)-(\d\d):(\d\d)(?:@(blank|\d(?:\.\d+)?))?$/.exec(text);
  if (!span) return null;
  const [, fromHour, fromMinute, toHour, toMinute, to] = span;
  return { since: fromHour * 60 + Number(fromMinute), until: toHour * 60 + Number(toMinute), to: brightness(to) };
}

function brightness(text) {
  if (text === undefined) return USUAL;
  return text === "blank" ? 0 : Math.min(FULL, Math.max(DARKEST, Number(text)));
}

/* Full, or a part of it. A black screen lights up for what is red. */
export function lightAt(dim, minute, { red, touched }) {
  if (!dim || !within(dim, minute)) return FULL;
  return red || touched ? Math.max(dim.to, LIT) : dim.to;
}

/* Over midnight, too. */
export function within({ since, until }, minute) {
  return since <= until ? minute >= since && minute < until : minute >= since || minute < until;
}

/* "23:05" as minutes. */
export function minuteOf(time) {
  const [hours, minutes] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
