/* Which rows of the floor are shown and in what order: filters, search, orders, and how they stand in the address. Pure.

Not where a row stands on the screen at this moment (places.js). The address' fragment never reaches a server, and what is
searched for stays out of it: it may be a customer's number. */

import { agentLevel, byUrgency, stateRank } from "../urgency.js";

export const ORDERS = ["urgency", "name", "state", "time"];
export const TABS = ["agents", "calls"];

export const NONE = Object.freeze({ queue: "", state: "", team: "", level: "", find: "" });
export const START = Object.freeze({ tab: "agents", by: "urgency", ...NONE });

/* What the fragment keeps, and so a bookmark or a reload. */
const KEPT = ["tab", "queue", "state", "team", "level", "by"];

/* The rank of what a call does: who waits comes first. */
const CALL_STATES = ["waiting", "parked", "connecting", "hold", "ringing", "dialling", "menu", "talking"];
const KINDS = ["agent", "queue", "call", "node", "alert"];

/* {filters, at}: at is {kind, id} of what is inspected, or null. Whatever else stands there is passed over. */
export function readFragment(hash) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const filters = { ...START };
  for (const name of KEPT) if (said.get(name)) filters[name] = said.get(name);
  if (!TABS.includes(filters.tab)) filters.tab = START.tab;
  if (!ORDERS.includes(filters.by)) filters.by = START.by;
  const [kind, ...id] = (said.get("at") || "").split(":");
  return { filters, at: KINDS.includes(kind) && id.length ? { kind, id: id.join(":") } : null };
}

export function writeFragment(filters, at) {
  const said = new URLSearchParams();
  for (const name of KEPT) if (filters[name] !== START[name]) said.set(name, filters[name]);
  if (at) said.set("at", `${at.kind}:${at.id}`);
  return said.toString();
}

export function isFiltered(filters) {
  return Object.keys(NONE).some((name) => filters[name]);
}

/* Agents that fit all filters but the one of states: their counts by state stand in the header. */
export function agentsBut(floor, filters) {
  const queue = floor.queues.get(filters.queue);
  const wanted = needle(filters.find);
  return [...floor.agents.values()].filter(
    (agent) =>
      (!queue || isIn(agent, queue)) &&
      (!filters.team || agent.team === filters.team) &&
      (!filters.level || agentLevel(agent) === filters.level) &&
      (!wanted || agentSays(agent, floor.calls.get(agent.call), wanted)),
  );
}

export function callsBut(floor, filters) {
  const queue = floor.queues.get(filters.queue);
  const wanted = needle(filters.find);
  return [...floor.calls.values()].filter((call) => {
    const agent = floor.agents.get(call.agent);
    return (
      (!queue || (call.node === queue.node && call.queue === queue.name)) &&
      (!filters.team || (agent && agent.team === filters.team)) &&
      (!wanted || callSays(call, agent, wanted))
    );
  });
}

export function isIn(agent, queue) {
  return agent.node === queue.node && agent.queues.includes(queue.name);
}

/* [[state, how many]], in the order of urgency; a state that is chosen stays though nobody is in it. */
export function countStates(rows, chosen, kind) {
  const counts = new Map(chosen ? [[chosen, 0]] : []);
  for (const { state } of rows) counts.set(state, (counts.get(state) || 0) + 1);
  const rank = kind === "calls" ? callRank : stateRank;
  return [...counts].sort(([one], [other]) => rank(one) - rank(other));
}

export function ofState(rows, state) {
  return state ? rows.filter((row) => row.state === state) : rows;
}

/* collate(text, text): the order of names in the reader's language. Equals go by id, so that they keep their places. */
export function agentOrder(by, collate) {
  const orders = {
    urgency: byUrgency,
    name: (one, other) => collate(one.name || one.id, other.name || other.id) || byId(one, other),
    state: (one, other) => stateRank(one.state) - stateRank(other.state) || one.since - other.since || byId(one, other),
    time: (one, other) => one.since - other.since || byId(one, other),
  };
  return orders[by];
}

export function callOrder(by, collate, agents) {
  const name = (call) => agents.get(call.agent)?.name || call.agent || "";
  const bySince = (one, other) => one.since - other.since || byId(one, other);
  const orders = {
    urgency: (one, other) => callRank(one.state) - callRank(other.state) || bySince(one, other),
    name: (one, other) => collate(name(one), name(other)) || bySince(one, other),
    time: bySince,
  };
  return orders[by] || orders.urgency;
}

export function teamsOf(agents, collate) {
  return [...new Set([...agents.values()].map((agent) => agent.team).filter(Boolean))].sort(collate);
}

function callRank(state) {
  const rank = CALL_STATES.indexOf(state);
  return rank < 0 ? CALL_STATES.length : rank;
}

function byId(one, other) {
  return one.id < other.id ? -1 : Number(one.id > other.id);
}

/* ---------------------------------------------------------------- search */

function needle(find) {
  return find.trim().toLowerCase();
}

function agentSays(agent, call, wanted) {
  const texts = [agent.name, agent.id, agent.interface, agent.team, ...agent.queues];
  return texts.some((text) => text.toLowerCase().includes(wanted)) || (call ? numberSays(call, wanted) : false);
}

function callSays(call, agent, wanted) {
  const texts = [call.id, call.queue || "", call.agent || "", agent ? agent.name : "", agent ? agent.interface : ""];
  return texts.some((text) => text.toLowerCase().includes(wanted)) || numberSays(call, wanted);
}

function numberSays(call, wanted) {
  return [call.caller, call.callee].some((number) => number && maskFits(number, wanted));
}

/* Whether typed digits can be this number, of which only its ends are shown (139•••0148): a part of one end, or the
whole. Three digits at least, for each one alone is everywhere. */
export function maskFits(masked, typed) {
  const digits = typed.replace(/[\s()+-]/g, "");
  if (!/^\d{3,}$/.test(digits)) return false;
  const [front, back] = masked.replace(/^\+/, "").split(/[^\d]+/);
  if (back === undefined) return front.includes(digits);
  if (front.includes(digits) || back.includes(digits)) return true;
  return digits.length > front.length + back.length && digits.startsWith(front) && digits.endsWith(back);
}
