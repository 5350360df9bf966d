/* What an agent's page shows of one row (realtime/me.py): which one thing is to be done now, and what is reckoned from it. Pure.

Not the words (words/agent.js) and not the deciding: a rule's sentence comes from the board. Times are epoch seconds. */

/* Kinds of a pause that the plan begins and ends, not the agent. */
const PLANNED = new Set(["meeting", "training", "coaching"]);

/* The three at hand; others stand behind "more". */
const AT_HAND = ["short", "meal", "comfort"];

/* From here on a break's end is near: gentle, no alarm. */
export const SOON_S = 60;

/* The page tells the board that somebody is there no more often than this (the plan counts a key within a minute). */
export const HERE_EVERY_S = 20;

/* Listened to long ago is no news. */
const HEARD_SHOWN = 3;

/* "login", "waiting", "granted", "pending", "on", "planned", "stray", "leaving", "ready" (may ask), or "unruled" (nothing to ask). */
export function sceneOf(me) {
  const phase = me.break?.phase;
  if (!me.on_duty && (me.state === "logged_out" || me.since === null)) return "login";
  if (phase === "on") return PLANNED.has(me.break.kind) ? "planned" : "on";
  if (phase === "granted" || phase === "pending") return phase;
  if (me.wait) return "waiting";
  if (me.stray) return "stray";
  return me.ruled && me.kinds.length ? "ready" : "unruled";
}

/* What was asked about the last call: it shows there. */
const OF_THE_CALL = new Set(["result", "block"]);

/* What changes when the board has done what was asked: as long as it is the same, the page says that it was asked. */
export function signOf(me, deed) {
  if (OF_THE_CALL.has(deed)) return [me.dial?.dial, me.dial?.code, me.dial?.callback, me.dial?.blocked].join(" ");
  if (deed === "card") return String(me.card?.until);
  return [sceneOf(me), me.break?.kind, me.break?.phase, me.wait?.since, me.on_duty, me.leaving, me.phone].join(" ");
}

/* Of a break that is on: {left, over, level}; left null when it has no end. level: null, "warn" (its last minute), "act" (over). */
export function countdown(me, now) {
  const until = me.break?.until;
  if (until === null || until === undefined) return { left: null, over: false, level: null };
  const left = until - now;
  return { left: Math.abs(left), over: left < 0, level: left < 0 ? "act" : left <= SOON_S ? "warn" : null };
}

/* Kinds that may be asked for, each with what is left of it: [{kind, minutes, used, quota, share, taken, times, spent}]. */
export function kindsOf(me, now) {
  return me.kinds.map((row) => {
    const running = me.break?.phase === "on" && me.break.kind === row.kind ? Math.max(0, now - me.break.since) : 0;
    const used = row.used_s + running;
    const share = row.quota_s ? Math.min(1, used / row.quota_s) : 0;
    const spent = (row.quota_s !== null && used >= row.quota_s) || (row.times !== null && row.taken >= row.times);
    return { kind: row.kind, minutes: row.minutes, used, quota: row.quota_s, share, taken: row.taken, times: row.times, spent };
  });
}

export function atHand(kinds) {
  return kinds.filter(({ kind }) => AT_HAND.includes(kind));
}

export function behindMore(kinds) {
  return kinds.filter(({ kind }) => !AT_HAND.includes(kind));
}

/* The bars: kinds that have a quota or a number of times, or of which something was used. */
export function quotasOf(kinds) {
  return kinds.filter(({ quota, times, used }) => quota !== null || times !== null || used > 0);
}

/* The next meeting that is not on yet, and the one that is. */
export function meetingsOf(me) {
  const coming = me.meetings.filter(({ phase }) => phase === "coming").sort((one, other) => one.begins - other.begins);
  return { on: me.meetings.find(({ phase }) => phase === "on") || null, next: coming[0] || null };
}

/* Not yet seen ones first, then the newest. */
export function messagesOf(me) {
  return [...me.messages].sort((one, other) => Number(one.seen) - Number(other.seen) || other.at - one.at);
}

export function heardOf(me) {
  return me.listened.slice(0, HEARD_SHOWN);
}

/* Whether to tell the board that somebody is here. last: when it was told; null: not yet. */
export function isTimeToTell(last, now) {
  return last === null || now - last >= HERE_EVERY_S;
}

/* "1st", "2nd": the ending of a place by the language's own rules; other languages write the number alone. */
const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };

export function ordinal(lang, place) {
  if (lang !== "en") return String(place);
  return `${place}${ENDINGS[new Intl.PluralRules("en", { type: "ordinal" }).select(place)]}`;
}
