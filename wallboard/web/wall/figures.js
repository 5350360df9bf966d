/* The figures of a floor by name: value, hint, curve, target, level. Cards and the page of one number draw the same ones. */

import { count, duration, shareDown, shareUp, target as targetShare, timeOfDay, DASH } from "../format.js";
import { ACT, agentLevel, levels, longestWait } from "../urgency.js";

/* The five of the wall, in their order. */
export const CARDS = ["waiting", "longest", "service", "abandoned", "breaks"];

/* {name, value: text, of: what follows it smaller, ticking: it changes each second, hint, level, values, target, top: the least
that the full height of the curve stands for}. */
export function figureOf(name, context, floor, asOf) {
  const props = { context, floor, totals: floor.totals, targets: floor.totals.targets || {}, asOf };
  const curves = floor.totals.series || {};
  const told = { level: levels(floor.totals, asOf)[name] || null, values: null, target: null, top: 1 };
  return { name, ...told, ...FIGURES[name](props, curves) };
}

/* What a page shows that asks for somebody now, by names that stay the same as long as it does. */
export function reds(page, floor, asOf) {
  const totals = redOf("", floor.totals, asOf);
  if (page.layout === "breaks") return overdue(floor);
  if (page.layout === "number") return totals.filter((name) => name === ` ${page.number}`);
  const queues = [...floor.queues.values()].flatMap((queue) => redOf(queue.id, queue, asOf));
  return [...totals, ...queues, ...[...floor.agents.values()].filter((agent) => agentLevel(agent) === ACT).map((agent) => agent.id)];
}

function overdue(floor) {
  return [...floor.agents.values()].filter((agent) => agent.break && agentLevel(agent) === ACT).map((agent) => agent.id);
}

function redOf(whose, row, asOf) {
  return Object.entries(levels(row, asOf)).filter(([, level]) => level === ACT).map(([name]) => `${whose} ${name}`);
}

const FIGURES = {
  waiting({ context: { say }, totals, targets }, curves) {
    const hint = waitingHint(say, totals, targets);
    return { value: count(totals.waiting), hint, values: curves.waiting, target: targets.waiting, top: 5 };
  },
  longest({ context: { say }, totals, targets, asOf }, curves) {
    const seconds = longestWait(totals, asOf);
    const limit = known(targets.longest_wait_s) ? say("hint.target", { target: duration(targets.longest_wait_s) }) : "";
    const hint = seconds === null ? say("hint.nobody_waits") : limit;
    return { value: duration(seconds), ticking: true, hint, values: curves.longest_wait_s, target: targets.longest_wait_s, top: 30 };
  },
  service({ context: { say }, floor, totals, targets }, curves) {
    const hint = known(totals.service_level) ? serviceHint(say, floor, targets) : say("hint.none_ended");
    return { value: shareDown(totals.service_level), hint, values: curves.service_level, target: targets.service_level };
  },
  abandoned({ context: { say }, totals, targets }, curves) {
    const hint = known(totals.abandon_rate) ? abandonedHint(say, totals, targets) : say("hint.none_ended");
    return { value: shareUp(totals.abandon_rate), hint, values: curves.abandon_rate, target: targets.abandon_rate, top: 0.1 };
  },
  breaks({ context: { say, zone }, floor, totals }) {
    const { out, cap, next_place_at: next } = floor.breaks;
    if (known(next)) return { value: count(out), of: `/${cap}`, hint: say("hint.next_place", { time: timeOfDay(next, zone, false) }) };
    return { value: count(out), of: known(cap) ? `/${cap}` : "", hint: say("hint.of_agents", { n: present(totals) }) };
  },
  ready: inState("ready"),
  talking: inState("talking"),
  offered({ context: { say }, totals }) {
    return { value: count(totals.offered), hint: say("hint.answered", { n: totals.answered }) };
  },
};

function inState(state) {
  return ({ context: { say }, totals }) => {
    return { value: count(totals.agents[state] || 0), hint: say("hint.of_agents", { n: present(totals) }) };
  };
}

function present(totals) {
  return totals.agents_total - (totals.agents.logged_out || 0);
}

function waitingHint(say, totals, targets) {
  if (known(targets.waiting)) return say("hint.target", { target: targets.waiting });
  if (totals.connecting) return say("hint.connecting", { n: totals.connecting });
  return say("hint.offered", { n: totals.offered });
}

function serviceHint(say, floor, targets) {
  if (!known(targets.service_level)) return "";
  const target = targetShare(targets.service_level);
  const seconds = sameTarget(floor.queues);
  return seconds === null ? say("hint.target", { target }) : say("hint.target_in", { target, seconds });
}

/* The target in seconds that all queues share, or null when they differ. */
function sameTarget(queues) {
  const all = new Set([...queues.values()].map((queue) => queue.target_s));
  return all.size === 1 ? [...all][0] : null;
}

function abandonedHint(say, totals, targets) {
  const limit = known(targets.abandon_rate) ? [say("hint.limit", { target: targetShare(targets.abandon_rate) })] : [];
  const unseen = totals.unknown ? [say("hint.unknown", { n: totals.unknown })] : [];
  return [...limit, ...unseen].join(" · ");
}

function known(value) {
  return value !== null && value !== undefined;
}

/* For whoever looks at a figure: none is a dash, with its reason below. */
export function isUnknown(figure) {
  return figure.value === DASH;
}
