/* Moments as text where the day matters: today's by the clock, others with their date. Pure. */

import { timeOfDay } from "../format.js";

export function momentText(seconds, { zone }) {
  return `${dateText(seconds, zone)} ${timeOfDay(seconds, zone, false)}`;
}

/* Of a term: the last day on which something stays, for `until` is the moment at which that day is over. */
export function lastDayOf(until, { zone }) {
  return dateText(until - 1, zone);
}

export function dateText(seconds, zone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(seconds * 1000);
}
