/* What the console does: orders go to the board, their answers and three states are kept, one is taken back or tried again.

Asks the board and holds signals; what is asked is deeds.js, what became of it asked.js. acts.js calls it for clicks and keys. */

import { signal } from "../vendor/signals-core.mjs";
import { ask } from "./ask.js";
import { answersOf, failedOf, kept, undoLeft } from "./asked.js";
import { DEEDS, requestOf } from "./deeds.js";
import { meetingName } from "./meetings.js";
import { readPhone, keepPhone } from "./memory.js";
import { feed, state } from "./state.js";
import { textIn } from "./told.js";

/* So many are remembered; the oldest that are over go first. */
const MOST = 50;
const PREVIEW_MS = 250;

export const desk = {
  presses: signal([]),
  form: signal(null),
  menu: signal(null),
  palette: signal({ text: "", place: 0 }),
  sheet: signal(null), // of the meeting that is being started
  plan: signal(null),
  sure: signal(""), // the meeting that a second press ends
  waitAt: signal(""),
  taking: signal(false),
};

export const memory = { phone: readPhone() };

const csrf = () => state.session.value?.csrf;

/* The same press sent again must be known as the same: one key a press, made here. */
function newKey() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

/* ---------------------------------------------------------------- presses */

function change(id, wish) {
  desk.presses.value = desk.presses.value.map((press) => (press.id === id ? { ...press, ...wish } : press));
}

function add(press) {
  desk.presses.value = [...desk.presses.value, press].slice(-MOST);
}

function press(name, agents, more = {}) {
  const items = (agents.length ? agents : [""]).map((agent) => ({ agent, verdict: "", orders: [], request: "", message: "", reasons: [] }));
  return { id: newKey(), name, asked: feed.now(), items, undo: false, over: null, answered: null, pinned: false, ...more };
}

/* Sends one press and keeps what was answered, an item an agent. Gives the answer. */
async function send(made, { path, body }) {
  add(made);
  const answer = await ask(path, { method: "POST", body, csrf: csrf(), key: made.id });
  const items = answersOf(answer, made.items);
  change(made.id, { items, answered: feed.now() });
  return { ...answer, items };
}

/* An order of the table to some agents. */
export async function give(name, agents, values = {}) {
  const request = requestOf(name, agents, values);
  const made = press(name, agents, { undo: Boolean(DEEDS[name].undo), values, again: true });
  return send(made, request);
}

export function tidy() {
  const next = kept(desk.presses.value, state.floor.value?.orders || [], feed.now());
  if (next !== desk.presses.value) desk.presses.value = next;
}

export async function undo(id) {
  const made = desk.presses.value.find((each) => each.id === id);
  if (!made || made.undone) return;
  change(id, { undone: true });
  const requests = [...new Set(made.items.map((item) => item.request).filter(Boolean))];
  const taken = press("undo", made.items.map((item) => item.agent), { about: made.name });
  add(taken);
  const answers = await Promise.all(requests.map((request, place) => ask("/api/undo", { method: "POST", body: { request }, csrf: csrf(),
    key: `${taken.id}-${place}` })));
  const items = taken.items.map((item, place) => {
    const mine = answers[requests.indexOf(made.items[place].request)] || answers[0];
    return mine ? answersOf(mine, [item])[0] : item;
  });
  change(taken.id, { items, answered: feed.now() });
  if (!answers.some((answer) => answer.ok)) change(id, { undone: false, undo: false });
}

/* The last one that still can be. */
export function undoLast() {
  const rows = state.floor.value?.orders || [];
  const last = [...desk.presses.value].reverse().find((made) => undoLeft(made, rows, feed.now()) > 0);
  if (last) undo(last.id);
}

export function again(id) {
  const made = desk.presses.value.find((each) => each.id === id);
  if (!made) return;
  const failed = failedOf(made, state.floor.value?.orders || []);
  close(id);
  if (failed.length) give(made.name, failed, made.values);
}

export function pin(id) {
  const made = desk.presses.value.find((each) => each.id === id);
  if (made) change(id, { pinned: !made.pinned });
}

export function close(id) {
  desk.presses.value = desk.presses.value.filter((made) => made.id !== id);
}

/* ---------------------------------------------------------------- a sheet, or at once */

/* What needs no word goes at once; what does, what several are about, and what cannot be undone, opens its sheet. */
export function begin(name, whom, values = {}) {
  const deed = DEEDS[name];
  const needsPhone = deed.phone && !memory.phone;
  if (whom.length > 1 && !deed.many) return false;
  if (!deed.fields.length && !deed.sure && !needsPhone && whom.length === 1) {
    give(name, whom, deed.phone ? { phone: memory.phone } : {});
    return false;
  }
  desk.form.value = { name, whom, values, asking: false, refused: null, preview: null };
  if (whom.length > 1 && name !== "message") preview(values);
  return true;
}

let previewTimer = null;

/* What it would do to each, asked without doing it; again when a choice changes. */
export function preview(values) {
  clearTimeout(previewTimer);
  const form = desk.form.value;
  if (!form || form.whom.length < 2 || form.name === "message") return;
  previewTimer = setTimeout(async () => {
    const { path, body } = requestOf(form.name, form.whom, values);
    const answer = await ask(path, { method: "POST", body: { ...body, preview: true }, csrf: csrf(), key: newKey() });
    if (desk.form.value?.name !== form.name || desk.form.value.whom !== form.whom) return;
    desk.form.value = { ...desk.form.value, preview: sorted(answersOf(answer, form.whom.map((agent) => ({ agent })))) };
  }, PREVIEW_MS);
}

/* {done, will, skipped, grouped}: those it will change, those it will not, and these by the rule that says so. */
function sorted(items) {
  const will = items.filter((item) => item.verdict === "allow" || item.verdict === "queue");
  const skipped = items.filter((item) => !will.includes(item));
  const groups = new Map();
  for (const item of skipped) {
    const rule = (item.reasons || []).find((reason) => reason.verdict === item.verdict)?.rule || item.verdict;
    groups.set(rule, [...(groups.get(rule) || []), item]);
  }
  return { done: true, will, skipped, grouped: [...groups].map(([rule, grouped]) => ({ rule, items: grouped })) };
}

/* The sheet is sent: it closes when the board has said yes, and says why when it has not. True: it is to close. */
export async function sendForm(values) {
  const form = desk.form.value;
  if (!form || form.asking) return false;
  if (form.name === "move" && !values.into.length && !values.out_of.length) {
    desk.form.value = { ...form, refused: { code: "form.no_queue" } };
    return false;
  }
  if (values.phone) {
    memory.phone = values.phone;
    keepPhone(values.phone);
  }
  desk.form.value = { ...form, asking: true, refused: null };
  const whom = form.preview?.done ? form.preview.will.map((item) => item.agent) : form.whom;
  const done = form.name === "message" ? await sendMessage(whom, values) : await give(form.name, whom, values);
  const refused = done.items.length === 1 && (done.items[0].verdict === "deny" || done.items[0].verdict === "defer" ||
    done.items[0].verdict === "lost") ? done.items[0] : null;
  if (desk.form.value?.name !== form.name) return false;
  if (refused) close(desk.presses.value.at(-1).id); // it is said in the sheet
  desk.form.value = refused ? { ...form, asking: false, refused } : null;
  return !refused;
}

/* To one, to a team, to all screens; or to each of several, a message each. */
async function sendMessage(whom, { to, text, shown }) {
  const targets = to === "each" ? whom.map((id) => `agent:${id}`) : [to];
  const agents = to === "each" ? whom : to.startsWith("agent:") ? [to.slice("agent:".length)] : [];
  const made = press("message", agents, { about: to, values: { to, text, shown } });
  add(made);
  const answers = await Promise.all(targets.map((target, place) => {
    const { path, body } = requestOf("message", [], { to: target, text, shown });
    return ask(path, { method: "POST", body, csrf: csrf(), key: `${made.id}-${place}` });
  }));
  const items = made.items.map((item, place) => answersOf(answers[place] || answers[0], [item])[0]);
  change(made.id, { items, answered: feed.now() });
  return { ...answers[0], items };
}

/* ---------------------------------------------------------------- meetings and alerts */

export async function askPlan() {
  const { ok, data } = await ask("/api/plan");
  if (ok) desk.plan.value = data;
}

function nameOf(meeting) {
  return meetingName({ lang: state.settings.value.lang }, meeting);
}

export async function startMeeting({ meeting, name, minutes, teams }) {
  desk.sheet.value = { asking: true, refused: null };
  const body = { deed: "start", ...(meeting ? { meeting } : { name, minutes: Number(minutes) || 15, teams }) };
  const planned = (desk.plan.value?.meetings || []).find((each) => each.id === meeting);
  const about = planned ? nameOf(planned) : name || meeting;
  const done = await send(press("meeting", [], { about }), { path: "/api/meetings", body });
  const refused = done.ok ? null : done.items[0];
  if (refused) close(desk.presses.value.at(-1).id);
  desk.sheet.value = refused ? { asking: false, refused } : null;
  return done.ok;
}

/* Stopping sends people back to their queues: a second press on the same button does it. One of the plan begins by its rule. */
export async function meetingPressed(id, deed, rule) {
  if (deed === "stop" && desk.sure.value !== id) {
    desk.sure.value = id;
    return;
  }
  desk.sure.value = "";
  const meeting = (state.floor.value?.meetings || []).find((each) => each.id === id);
  await send(press(deed === "stop" ? "meeting_stop" : "meeting", [], { about: meeting ? nameOf(meeting) : id }),
    { path: "/api/meetings", body: { deed, meeting: deed === "stop" ? id : rule } });
}

/* Every campaign, at once, and nothing is asked first: what it prevents cannot be called back, and going on takes two people. */
export async function stopDialling() {
  if (!state.session.value?.actions.includes("dialling.stop")) return;
  await send(press("stop", []), { path: "/api/campaigns/stop", body: { pressed: Date.now() / 1000 } });
}

export async function takeAlert(id, deed, text) {
  desk.taking.value = true;
  const alert = (state.floor.value?.alerts || []).find((each) => each.id === id);
  const about = textIn(state.settings.value.lang, alert?.text) || id;
  await send(press(`alert_${deed}`, [], { about }), { path: `/api/alerts/${encodeURIComponent(id)}`, body: { deed, text } });
  desk.taking.value = false;
}
