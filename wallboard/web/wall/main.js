/* The wall, put together: the connection feeds the floor, the floor is drawn once a frame, keys change how.

The only file of the wall that knows window, storage, timers and the address; what it holds are signals, and drawing
reads them. */

import { effect, signal } from "../vendor/signals-core.mjs";
import { observe, serverNow, untilNextSecond, UNSET } from "../clock.js";
import { knownZone } from "../format.js";
import { BEGIN, advance, leaf } from "../paging.js";
import { LANGUAGES, REMEMBERED, THEMES, nextOf, readSettings, stepDistance } from "../settings.js";
import { makeSocket } from "../socket.js";
import { GAP, applyDelta, applySnapshot, beatFits } from "../store.js";
import { agentLevel, byUrgency, onTheWall } from "../urgency.js";
import { speaker, stateWord } from "../words.js";
import { capacityOf, ONE_PAGE } from "./capacity.js";
import { html, render } from "../draw/html.js";
import { Wall } from "./wall.js";

/* Rows and pages stand still this long after a pointer, a finger or a key was among them. */
const TOUCH_S = 3;
const STORED = "andon.wall";

const settings = signal(readSettings(location.search, stored(), navigator.languages));
const floor = signal(null);
const link = signal({ phase: "connecting", since: Date.now() / 1000, failures: 0, code: null, away: false });
const sign = signal({ asking: false, wrong: "" });
const second = signal(0);
const held = signal(false);
const help = signal(false);

let clock = UNSET;
let round = BEGIN;
let capacity = ONE_PAGE;
let touched = -Infinity;
let newBuild = null;
let drawnTurn = null;

/* ---------------------------------------------------------------- time */

function local() {
  return performance.now() / 1000;
}

function now() {
  return serverNow(clock, local()) ?? Date.now() / 1000;
}

function tick() {
  second.value += 1;
  document.body.classList.toggle("quiet", local() - touched > TOUCH_S);
  setTimeout(tick, untilNextSecond(clock, local()) * 1000);
}

/* ---------------------------------------------------------------- the feed */

const tools = {
  WebSocket,
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (timer) => clearTimeout(timer),
  random: Math.random,
};
const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/live?view=wall`;
const socket = makeSocket(address, tools, { message: take, phase: took });

/* One message; false when it does not lead on from what we have. A kind that a newer board knows is passed over. */
function take(message) {
  const takers = { snapshot: takeSnapshot, delta: takeDelta, heartbeat: takeHeartbeat };
  return message.type in takers ? takers[message.type](message) : true;
}

function takeSnapshot(message) {
  clock = observe(clock, message.time ?? message.floor.time, local());
  floor.value = applySnapshot(message);
  newBuild = message.build === document.querySelector("meta[name=andon-build]").content ? null : message.build;
  return true;
}

function takeDelta(message) {
  clock = observe(clock, message.time, local());
  const next = floor.value === null ? GAP : applyDelta(floor.value, message);
  if (next === GAP) return false;
  floor.value = next;
  setAway(false);
  return true;
}

function takeHeartbeat(message) {
  clock = observe(clock, message.time, local());
  setAway(Boolean(message.away));
  return floor.value === null || beatFits(floor.value, message);
}

function setAway(away) {
  if (away !== link.value.away) link.value = { ...link.value, away, since: now() };
}

/* `since` is when the way to the board was lost; trying again is no news. */
function took({ phase, code }) {
  const before = link.value;
  const since = (before.phase === "open") === (phase === "open") ? before.since : now();
  const failures = phase === "open" ? 0 : before.failures + Number(phase === "waiting");
  link.value = { phase, since, failures, code: code ?? null, away: false };
}

async function signIn(token) {
  sign.value = { asking: true, wrong: "" };
  const wrong = await refusalOf(token);
  sign.value = { asking: false, wrong };
  if (!wrong) socket.open();
}

/* Why the board would not take it, as a word of the catalogue; "" when it did. */
async function refusalOf(token) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/api/session", { method: "POST", headers, body: JSON.stringify({ token }) });
    if (answer.ok) return "";
    return answer.status === 429 ? "slow" : "wrong";
  } catch {
    return "unreachable";
  }
}

/* ---------------------------------------------------------------- drawing */

let due = false;

function schedule() {
  if (due) return;
  due = true;
  requestAnimationFrame(draw);
}

function draw() {
  due = false;
  const { lang } = settings.value;
  const zone = settings.value.zone || floor.value?.timezone;
  const say = speaker(lang);
  const context = {
    say, lang, now: now(), settings: settings.value, held: held.value,
    zone: zone && knownZone(zone) ? zone : undefined,
    stateWord: (state) => stateWord(say, lang, state),
  };
  document.title = say("page.title");
  round = nextRound(context.now);
  if (newBuild !== null && drawnTurn !== null && round.turned !== drawnTurn) reloadFor(newBuild);
  drawnTurn = round.turned;
  const parts = { context, floor: floor.value, link: link.value, round, capacity, sign: sign.value, signIn, help: help.value };
  render(html`<${Wall} ...${parts} />`, document.body);
  measure();
}

function nextRound(at) {
  if (floor.value === null) return BEGIN;
  const agents = [...floor.value.agents.values()].filter(onTheWall).sort(byUrgency);
  return advance(round, {
    sorted: agents.map((agent) => agent.id),
    pinned: agents.filter(agentLevel).map((agent) => agent.id),
    capacity: capacity.agents,
    others: Math.ceil(Math.max(floor.value.queues.size / capacity.queues, floor.value.campaigns.length / capacity.campaigns)),
    now: at,
    every: settings.value.turn,
    held: held.value || local() - touched < TOUCH_S,
  });
}

/* What fits is known only when it stands there; a page that does not fit is drawn once more. */
function measure() {
  const found = capacityOf(document.body);
  if (found === null || Object.keys(found).every((part) => found[part] === capacity[part])) return;
  capacity = found;
  schedule();
}

/* A page that is older than its board loads itself anew, once for each build, when it would turn anyway. */
function reloadFor(build) {
  newBuild = null;
  if (remembered("sessionStorage", "andon.reloaded") === build) return;
  remember("sessionStorage", "andon.reloaded", build);
  location.reload();
}

/* ---------------------------------------------------------------- keys and settings */

const KEYS = {
  l: () => change({ lang: nextOf(LANGUAGES, settings.value.lang) }),
  t: () => change({ theme: nextOf(THEMES, settings.value.theme) }),
  "+": () => change({ distance: stepDistance(settings.value.distance, 0.5) }),
  "=": () => change({ distance: stepDistance(settings.value.distance, 0.5) }),
  "-": () => change({ distance: stepDistance(settings.value.distance, -0.5) }),
  arrowright: () => turnBy(1),
  arrowleft: () => turnBy(-1),
  " ": () => (held.value = !held.value),
  "?": () => (help.value = !help.value),
  escape: () => (help.value = false),
};

function press(event) {
  const act = KEYS[event.key.toLowerCase()];
  if (!act || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, button")) return;
  event.preventDefault();
  act();
}

function turnBy(by) {
  round = leaf(round, now(), by);
  schedule();
}

function change(wish) {
  settings.value = { ...settings.value, ...wish };
  const kept = Object.fromEntries(REMEMBERED.map((name) => [name, settings.value[name]]));
  remember("localStorage", STORED, JSON.stringify(kept));
}

function stored() {
  try {
    return JSON.parse(remembered("localStorage", STORED)) || {};
  } catch {
    return {};
  }
}

/* Storage may be forbidden (even to name it throws) or full; the page then only forgets. */
function remembered(storage, name) {
  try {
    return window[storage].getItem(name);
  } catch {
    return null;
  }
}

function remember(storage, name, value) {
  try {
    window[storage].setItem(name, value);
  } catch {
    // as said above
  }
}

/* ---------------------------------------------------------------- begin */

const wantsLight = matchMedia("(prefers-color-scheme: light)");

function dress() {
  const { theme, lang, distance } = settings.value;
  const root = document.documentElement;
  root.lang = lang === "zh" ? "zh-CN" : lang;
  root.dataset.theme = theme === "auto" ? (wantsLight.matches ? "light" : "dark") : theme;
  root.style.setProperty("--distance", distance);
}

function touch() {
  touched = local();
  document.body.classList.remove("quiet");
}

/* A network or a screen that comes back need not wait for the next try. */
function wake() {
  if (link.value.phase === "waiting") socket.open();
}

effect(dress);
wantsLight.addEventListener("change", dress);
effect(() => {
  for (const part of [settings, floor, link, sign, second, held, help]) void part.value;
  schedule();
});
addEventListener("resize", schedule);
addEventListener("keydown", press);
for (const kind of ["pointermove", "pointerdown", "wheel"]) addEventListener(kind, touch, { passive: true });
addEventListener("online", wake);
document.addEventListener("visibilitychange", wake);
socket.open();
tick();
