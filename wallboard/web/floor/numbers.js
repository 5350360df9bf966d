/* Which numbers a queue, an agent and the whole floor have, and how each is written. Pure; their words are `number.NAME`.

NAME is also what GET /api/why is asked for. `kind`: of what a target or a level is known; `series`: which curve belongs. */

import { count, duration, shareDown, shareUp, target as targetShare } from "../format.js";
import { levels } from "../urgency.js";

/* ticking: the moment that a timer counts from, instead of a text. */
const QUEUE = [
  { name: "waiting", text: (row) => count(row.waiting), level: "waiting", series: "waiting", top: 5 },
  { name: "longest_wait_s", ticking: (row) => row.longest_wait_since, level: "longest", series: "longest_wait_s", top: 30 },
  { name: "service_level", text: (row) => shareDown(row.service_level), level: "service", series: "service_level", top: 1 },
  { name: "abandon_rate", text: (row) => shareUp(row.abandon_rate), level: "abandoned", series: "abandon_rate", top: 0.1 },
  { name: "asa_s", text: (row) => duration(row.asa_s) },
  { name: "aht_s", text: (row) => duration(row.aht_s) },
  { name: "offered", text: (row) => count(row.offered) },
  { name: "answered", text: (row) => count(row.answered) },
  { name: "abandoned", text: (row) => count(row.abandoned) },
  { name: "connecting", text: (row) => count(row.connecting) },
  { name: "left_otherwise", text: (row) => count(row.left_otherwise) },
  { name: "unknown", text: (row) => count(row.unknown) },
];

/* [{name, text, since, level, target, values, top}] of a row of counts: a queue, or the whole floor. */
export function queueNumbers(row, now) {
  const level = levels(row, now);
  const targets = row.targets || {};
  return QUEUE.map(({ name, text, ticking, level: kind, series, top }) => ({
    name,
    text: text ? text(row) : null,
    since: ticking ? ticking(row) : undefined,
    level: kind ? level[kind] : null,
    target: series ? targets[series] ?? null : null,
    values: (series && row.series && row.series[series]) || null,
    top,
  }));
}

/* A target as it is written, by the number that it belongs to. */
export function targetText(name, target) {
  if (name === "longest_wait_s") return duration(target);
  return name === "waiting" ? count(target) : targetShare(target);
}

export function agentNumbers(agent) {
  return [
    { name: "answered", text: count(agent.answered) },
    { name: "talk_s", text: duration(agent.talk_s) },
    { name: "talk_each_s", text: duration(agent.answered ? agent.talk_s / agent.answered : null) },
    { name: "rings_missed", text: count(agent.rings_missed) },
  ];
}
