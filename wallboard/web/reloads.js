/* When a page that nobody looks after loads itself anew, and why. Pure; wall/healing.js does it.

A page is at least three minutes old before it does: whatever goes wrong, it cannot go round in circles. */

export const LEAST_AGE_S = 180;

/* A page that has come back by itself within half a day was loaded freshly enough. */
const NIGHTLY_AGE_S = 12 * 3600;

/* By the board's own clock, in minutes: when it is quietest on most floors. Each screen of a hall has its own moment in it. */
const QUIET = { since: 4 * 60, until: 5 * 60 };
const LAST_CALL_MIN = 10;

/* A red figure puts a new build off, but not for ever; and the screens of a hall do not all come in one moment. */
const PATIENCE_S = 1800;
const SPREAD_S = 30;

/* state: {age, stuck, failed, build: seconds since a newer one was heard of or null, calm, minute, dice}. Gives "stuck",
"error", "build", "night", or "" for no reason at all. */
export function reasonToReload({ age, stuck, failed, build, calm, minute, dice }) {
  if (age < LEAST_AGE_S) return "";
  if (stuck) return "stuck";
  if (failed) return "error";
  if (build !== null && (calm ? build > dice * SPREAD_S : build > PATIENCE_S)) return "build";
  return age > NIGHTLY_AGE_S && isNight(minute, calm, dice) ? "night" : "";
}

function isNight(minute, calm, dice) {
  const mine = QUIET.since + dice * (QUIET.until - QUIET.since - LAST_CALL_MIN);
  return minute >= mine && minute < QUIET.until && (calm || minute >= QUIET.until - LAST_CALL_MIN);
}
