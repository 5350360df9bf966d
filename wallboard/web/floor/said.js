/* What a screen reader hears without asking: a digest now and then, and at once what has newly become urgent. Pure. */

import { isCleared, openAlerts } from "../alerting.js";
import { agentLevel, levels, ACT, WARN } from "../urgency.js";

/* The digest changes this often; the grids themselves are no live region (WCAG 4.1.3 asks for status, not for noise). */
export const DIGEST_S = 15;

/* A breach is said together with others of the same moment; more than so many are counted. */
export const NAMED = 3;

/* {waiting, act, warn, shown}: what the digest says. */
export function digestOf(floor, now) {
  const raised = [...floor.queues.values()].flatMap((queue) => Object.values(levels(queue, now)));
  const all = [...raised, ...[...floor.agents.values()].map(agentLevel)];
  const number = (level) => all.filter((each) => each === level).length;
  return { waiting: floor.totals.waiting, act: number(ACT), warn: number(WARN) };
}

/* key -> {what, name, state} of all that asks for somebody now. */
export function breachesOf(floor, now) {
  const found = new Map();
  for (const agent of floor.agents.values()) {
    if (agentLevel(agent) === ACT) found.set(`agent ${agent.id}`, { what: "agent", name: agent.name || agent.id, state: agent.state });
  }
  for (const queue of floor.queues.values()) {
    const level = levels(queue, now);
    if (level.waiting === ACT || level.longest === ACT) found.set(`queue ${queue.id}`, { what: "queue", name: queue.name });
  }
  for (const alert of openAlerts(floor.alerts).filter((each) => each.severity === ACT && !isCleared(each)))
    found.set(`alert ${alert.id}`, { what: "alert", name: alert.subject, text: alert.text });
  return found;
}

/* Those of `found` that were not there before. */
export function newOnes(found, before) {
  return [...found].filter(([key]) => !before.has(key)).map(([, breach]) => breach);
}
