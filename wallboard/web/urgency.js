/* What needs somebody, and how much: the order of agents and the level of each figure. Pure.

The only place where a figure becomes amber ("warn": will matter in minutes) or red ("act": act now, and somebody can).
Nothing is raised for being off, old or zero. For an agent the server decides (`over`); a page has no rules of its own. */

export const ACT = "act";
export const WARN = "warn";

/* Twice its target is where a wait asks for somebody at once. */
const ACT_FACTOR = 2;

/* A share of fewer calls swings with each of them, so it raises nothing. */
const CALLS_FOR_A_SHARE = 10;

/* Who could take calls and does not comes first, then who will be free soon, then who works, then who is away by plan. */
const STATES = [
  "no_answer", "not_ready", "break_pending", "on_break", "wrapup", "hold", "ringing", "dialling", "connecting", "talking",
  "ready", "meeting", "training", "coaching", "unreachable", "logged_out",
];
const RANK = new Map(STATES.map((state, rank) => [state, rank]));
const LEVEL_RANK = { [ACT]: 0, [WARN]: 1 };

/* By level, then state, then the longest first; the id last, so that equals keep their places. */
export function byUrgency(one, other) {
  return (
    levelRank(one) - levelRank(other) ||
    stateRank(one.state) - stateRank(other.state) ||
    one.since - other.since ||
    (one.id < other.id ? -1 : Number(one.id > other.id))
  );
}

export function agentLevel(agent) {
  return agent.over === ACT || agent.over === WARN ? agent.over : null;
}

/* An agent who is not here today takes no place on the wall; the digest still counts them. */
export function onTheWall(agent) {
  return agent.state !== "logged_out";
}

/* A state that a newer server knows and this page does not stands behind the ones it knows. */
export function stateRank(state) {
  return RANK.has(state) ? RANK.get(state) : STATES.length;
}

function levelRank(agent) {
  const level = agentLevel(agent);
  return level ? LEVEL_RANK[level] : 2;
}

/* The levels of a row of counts (a queue or the whole floor) at a time. A share of the whole day is never "act": nobody
can mend the morning. */
export function levels(row, now) {
  const targets = row.targets || {};
  const ended = row.answered + row.abandoned;
  return {
    waiting: above(row.waiting, targets.waiting),
    longest: above(longestWait(row, now), targets.longest_wait_s),
    service: ended >= CALLS_FOR_A_SHARE && isBelow(row.service_level, targets.service_level) ? WARN : null,
    abandoned: ended >= CALLS_FOR_A_SHARE && isBelow(targets.abandon_rate, row.abandon_rate) ? WARN : null,
  };
}

/* Seconds, or null when nobody waits. */
export function longestWait(row, now) {
  return known(row.longest_wait_since) && known(now) ? Math.max(0, now - row.longest_wait_since) : null;
}

function above(value, target) {
  if (!known(value) || !known(target) || value <= target) return null;
  return value > ACT_FACTOR * target ? ACT : WARN;
}

function isBelow(value, target) {
  return known(value) && known(target) && value < target;
}

function known(value) {
  return value !== null && value !== undefined;
}
