/* What the page makes of the last outbound call: whether its sheet is the one thing to do, its codes, when to call back. Pure.

Not what is drawn (call.js). The row is realtime/me_dial.py; times are epoch seconds, wall times those of the floor's zone. */

import { timeOfDay } from "../format.js";

/* As long as the board knows whose call it was (realtime/owned_outbound.py, DIALS_KEPT). */
export const KEPT_S = 120;

/* So far ahead a callback may be asked for (realtime/rules/results.py, CALLBACK_MOST). */
export const CALLBACK_DAYS = 60;

/* Scenes that ask for nothing themselves: there the sheet comes by itself. */
const IDLE = new Set(["ready", "unruled"]);

const HOUR = 3600;

/* The call that may be coded now, or null. */
export function callOf(me, now) {
  const { dial } = me;
  return dial && (dial.until === null || now - dial.until < KEPT_S) ? dial : null;
}

export function needsResult(me, now) {
  const dial = callOf(me, now);
  return Boolean(dial && !dial.code && !dial.blocked && me.outcomes.length);
}

/* "sheet": it is the one thing to do; "line": it stands below; null. wish: {dial, open} of who opened or closed it, or null. */
export function sheetOf(me, now, scene, wish) {
  const dial = callOf(me, now);
  if (!dial || scene === "login") return null;
  if (wish?.dial === dial.dial) return wish.open ? "sheet" : "line";
  return IDLE.has(scene) && needsResult(me, now) ? "sheet" : "line";
}

/* The codes to press. One that means "no more calls" is the button that asks once. */
export function codesOf(me) {
  return me.outcomes.filter(({ means }) => means !== "blocked");
}

/* Which post that button is: by the plan's own code, unless the call has a code that should stay. */
export function noMoreOf(me) {
  const coded = me.dial.code ? null : me.outcomes.find(({ means }) => means === "blocked");
  return coded ? { path: "/api/me/result", body: { dial: me.dial.dial, code: coded.code } }
    : { path: "/api/me/do-not-call", body: { dial: me.dial.dial } };
}

export function codeName(row, lang) {
  return (lang === "zh" && row.name_zh) || row.name || row.code;
}

/* ---------------------------------------------------------------- when to call back */

export function dayOf(seconds, zone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(seconds * 1000);
}

/* What stands there before anybody has chosen: the next full hour that is an hour away or more. */
export function suggested(now, zone) {
  const at = Math.ceil((now + HOUR) / HOUR) * HOUR;
  return { day: dayOf(at, zone), time: timeOfDay(at, zone, false) };
}

/* The moment of a wall time in that zone; null for what is none. Twice, for the offset on the other side of a change of the clocks. */
export function momentOf(day, time, zone) {
  const wall = Date.parse(`${day}T${time}Z`) / 1000;
  if (Number.isNaN(wall)) return null;
  let at = wall;
  for (let round = 0; round < 2; round += 1) at = wall - offsetOf(at, zone);
  return at;
}

function offsetOf(at, zone) {
  return Date.parse(`${dayOf(at, zone)}T${timeOfDay(at, zone)}Z`) / 1000 - at;
}
