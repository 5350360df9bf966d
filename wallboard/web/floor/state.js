/* What the floor page knows at this moment, and the questions that it asks the board by itself.

Signals for what is drawn; plain fields for what drawing only looks up. acts.js changes them, main.js draws them. */

import { computed, effect, signal, untracked } from "../vendor/signals-core.mjs";
import { ask } from "./ask.js";
import { follow, local } from "./feed.js";
import { readFragment } from "./filters.js";
import { readSettings } from "./memory.js";
import { BEGIN } from "./places.js";
import { NOTHING } from "./selection.js";

/* An answer to why is asked for again this often while it is open; a day not more often than this while calls change it. */
const WHY_EVERY_S = 5;
const DAY_EVERY_S = 5;
const RECORD_EVERY_S = 5;
const SCREENS_EVERY_S = 5;

export const feed = follow("floor");

const begun = readFragment(location.hash);
const signals = {
  settings: signal(readSettings()),
  floor: feed.floor,
  link: feed.link,
  session: signal(null),
  filters: signal(begun.filters),
  at: signal(begun.at),
  why: signal(null),
  day: signal(null),
  place: signal(-1),
  record: signal(null), // what was ordered, asked and decided of the agent in the details
  selection: signal(NOTHING),
  dialog: signal(""),
  menu: signal(false),
  screens: signal(null),
  second: signal(0),
  nudge: signal(0),
};

export const state = {
  ...signals,
  signals,
  places: { agents: BEGIN, calls: BEGIN },
  cursors: { agents: undefined, calls: undefined, queues: "" },
  drawn: null, // the rows as they stood in the last drawing
  touched: -Infinity,
  pointed: null, // the row that a pointer rests on
  tickedAt: 0,
  focus: null, // a selector of what gets the focus once it is drawn
  closing: false, // we closed a sheet, and it has not said yet that it is closed
};

/* Only among rows is a touch a reason to hold them. */
export function touch(event) {
  const row = event.target.closest?.("[data-row]");
  if (event.type === "pointermove") state.pointed = row ? row.dataset.row : null;
  if (event.target.closest?.("[data-grid]")) state.touched = local();
}

/* ---------------------------------------------------------------- the board's answers */

let knowWho;
/* The board has said who this is, or that it does not say: what is asked for by what somebody may waits for that. */
const whoIsKnown = new Promise((resolve) => (knowWho = resolve));

export async function load() {
  const answer = await ask("/api/session");
  if (answer.ok) state.session.value = answer.data;
  else if (answer.status === 401) toLogin();
  knowWho();
}

export function toLogin() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
}

/* A websocket that is refused for want of a session: nothing here can give one. */
effect(() => {
  if (feed.link.value.phase === "refused" && feed.link.value.code === 4401) toLogin();
});

export async function askWhy() {
  const wanted = state.why.value;
  if (!wanted) return;
  const about = new URLSearchParams({ number: wanted.name, ...(wanted.id ? { of: wanted.id } : {}) });
  const { ok, data, message } = await ask(`/api/why?${about}`);
  if (state.why.value?.key !== wanted.key) return; // another one is open by now
  const old = state.why.value.answer;
  state.why.value = { ...state.why.value, answer: ok ? data : old, message, failed: !ok };
}

async function askDay(id, day) {
  const { ok, data, message } = await ask(`/api/agents/${encodeURIComponent(id)}/day?${new URLSearchParams({ day })}`);
  if (state.at.value?.kind !== "agent" || state.at.value.id !== id) return;
  const before = state.day.value;
  state.day.value = { id, answer: ok ? data : before?.id === id ? before.answer : null, message };
}

/* What was asked and ordered of an agent; with their day, for the same reasons. */
async function askRecord(id) {
  await whoIsKnown;
  const may = state.session.value?.actions.includes("ledger.read");
  const parts = ["deeds", ...(may ? ["adherence"] : [])].map((part) => ask(`/api/agents/${encodeURIComponent(id)}/${part}`));
  const [{ ok, data, message }, adherence] = await Promise.all(parts);
  if (state.at.value?.kind !== "agent" || state.at.value.id !== id) return;
  const before = state.record.value?.id === id ? state.record.value : { answer: null, adherence: null };
  const kept = { answer: ok ? data : before.answer, adherence: adherence?.ok ? adherence.data : before.adherence };
  state.record.value = { id, ...kept, message };
}

export async function askScreens() {
  const [list, boards] = await Promise.all([ask("/api/screens"), ask("/api/boards")]);
  if (state.dialog.value !== "screens") return;
  const before = state.screens.value || {};
  state.screens.value = {
    ...before,
    data: list.ok ? list.data : before.data,
    boards: boards.ok ? boards.data.boards : before.boards,
    message: list.ok ? "" : list.message,
  };
}

/* ---------------------------------------------------------------- when to ask */

/* The agent whom the details are about, while there is one. */
function inspected() {
  const at = state.at.value;
  return at?.kind === "agent" ? state.floor.value?.agents.get(at.id) : null;
}

/* Asks about the inspected agent when `changing` says something else: at once about another agent, but not about those that
somebody only walks over; about the same one not more often than each `everyS`. */
function askWhenChanged(changing, everyS, work) {
  let timer = null;
  let asked = { id: null, at: -Infinity };
  const wanted = computed(() => {
    const agent = inspected();
    return agent ? `${agent.id} ${changing(agent)}` : null;
  });
  effect(() => {
    clearTimeout(timer);
    if (wanted.value === null) return;
    const { id } = state.at.peek();
    const rest = id === asked.id ? Math.max(0, asked.at + everyS - local()) : WALKED_OVER_S;
    timer = setTimeout(() => {
      asked = { id, at: local() };
      work(id);
    }, rest * 1000);
  });
}

const WALKED_OVER_S = 0.15;

/* The id of what was ordered last of an agent. */
function lastOrder(id) {
  return (state.floor.value.orders || []).findLast((order) => order.agent === id)?.id ?? "";
}

effect(() => {
  void state.at.value;
  untracked(() => (state.place.value = -1));
});
askWhenChanged((agent) => agent.since, DAY_EVERY_S, (id) => askDay(id, state.floor.value.day));
askWhenChanged((agent) => `${agent.break?.phase} ${agent.leaving} ${lastOrder(agent.id)}`, RECORD_EVERY_S, askRecord);

effect(() => {
  const ticks = state.second.value;
  untracked(() => {
    if (document.hidden) return;
    if (state.why.value && ticks % WHY_EVERY_S === 0) askWhy();
    if (state.dialog.value === "screens" && ticks % SCREENS_EVERY_S === 0) askScreens();
  });
});
