/* Numbers as text: durations, shares, times of day. Pure, the same in every language; words are in words.js.

An unknown number is a dash, never 0. Hours are written 1h05, since 1:05 is a minute and five seconds on the same wall. */

export const DASH = "–";

export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return DASH;
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}h${two(minutes)}` : `${minutes}:${two(whole % 60)}`;
}

/* An age in seconds: with tenths while it is young. */
export function age(seconds) {
  if (seconds === null) return DASH;
  return seconds < 10 ? Math.max(0, seconds).toFixed(1) : String(Math.floor(seconds));
}

/* A share that should be high is rounded down and one that should be low is rounded up: a figure never shows its target
as reached when it is not. Below 10 % there is one decimal, for there it matters. */
export function shareDown(share) {
  return percent(share, Math.floor);
}

export function shareUp(share) {
  return percent(share, Math.ceil);
}

/* A target is what somebody wrote, so it is said as it was written. */
export function target(share) {
  return `${Number((share * 100).toFixed(1))}%`;
}

function percent(share, round) {
  if (share === null || share === undefined) return DASH;
  const steady = (value) => round(Math.round(value * 1e6) / 1e6); // 0.07 * 1000 is 70.00000000000001
  const tenths = steady(share * 1000);
  return tenths > 0 && tenths < 100 ? `${(tenths / 10).toFixed(1)}%` : `${steady(share * 100)}%`;
}

export function count(number) {
  return number === null || number === undefined ? DASH : String(number);
}

/* `zone` as "Asia/Shanghai", or undefined for the screen's own. */
export function timeOfDay(seconds, zone, withSeconds = true) {
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  if (withSeconds) parts.second = "2-digit";
  return formatter(parts).format(new Date(seconds * 1000));
}

export function knownZone(zone) {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/* Making a formatter costs more than using it a thousand times; there are two for each zone. */
const formatters = new Map();

function formatter(parts) {
  const key = `${parts.timeZone} ${parts.second}`;
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat("en-GB", parts));
  return formatters.get(key);
}

function two(number) {
  return String(number).padStart(2, "0");
}
