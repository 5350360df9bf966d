/* The wall, put together: the link brings floor and board, pages take their turns, what is shown is drawn once a frame, keys
change how.

Knows window, timers and the address, as link.js, pairing.js and healing.js do; what they hold are signals, and drawing reads
them. */

import { computed, effect, signal } from "../vendor/signals-core.mjs";
import { html, render } from "../draw/html.js";
import { ask } from "../floor/ask.js";
import { knownZone, timeOfDay } from "../format.js";
import { asOfAll } from "../health.js";
import { FULL, lightAt, minuteOf } from "../night.js";
import { BEGIN, advance, leaf } from "../paging.js";
import { partOf } from "../part.js";
import { START, leafSeconds, step, turn } from "../rounds.js";
import { LANGUAGES, REMEMBERED, THEMES, nextOf, readSettings, stepDistance } from "../settings.js";
import { agentLevel, byUrgency, onTheWall } from "../urgency.js";
import { speaker, stateWord } from "../words.js";
import { ONE_PAGE, capacityOf } from "./capacity.js";
import { chime } from "./chime.js";
import { reds } from "./figures.js";
import { keepAlive } from "./healing.js";
import { NOT_LET_IN, follow, local, showAddress } from "./link.js";
import { remember, remembered } from "./memory.js";
import { makePairing } from "./pairing.js";
import { Wall } from "./wall.js";

/* Rows and pages stand still this long after a pointer, a finger or a key was among them; a dark screen is light for longer. */
const TOUCH_S = 3;
const LIT_S = 60;

/* All of the page is drawn anew this often, whatever changed: what went wrong in it does not stay. */
const REPAINT_S = 60;
const STILL_MS = 500;

const { floor, link, plan, build, now, lag, open, wake, untilNextSecond } = follow();
const wish = signal({});
const settings = computed(() => ({ ...readSettings(location.search, remembered(), navigator.languages, plan.value), ...wish.value }));
const sign = signal({ asking: false, wrong: "", form: false });
const pair = signal({ phase: "asking", code: "" });
const second = signal(0);
const held = signal(false);
const help = signal(false);
const healing = keepAlive();
const pairing = makePairing((said) => (pair.value = said), open);

let shown = START;
let leaves = [];
let capacity = ONE_PAGE;
let touched = -Infinity;
let repaintedAt = local();
let newer = null; // a build that is not this page's, and since when it is known
let known = new Set(); // what was red when it was last drawn

/* ---------------------------------------------------------------- time */

function tick() {
  second.value += 1;
  document.body.classList.toggle("quiet", settings.value.kiosk || local() - touched > TOUCH_S);
  setTimeout(tick, untilNextSecond() * 1000);
}

/* ---------------------------------------------------------------- getting in */

async function signIn(token) {
  sign.value = { ...sign.value, asking: true, wrong: "" };
  const answer = await ask("/api/session", { method: "POST", body: { token } });
  sign.value = { ...sign.value, asking: false, wrong: answer.ok ? "" : WRONG[answer.status] || "wrong" };
  if (answer.ok) open();
}

const WRONG = { 0: "unreachable", 429: "slow" };

/* A screen that is not let in, or was sent away, shows its code by itself, and no longer when it is in. */
function letIn() {
  if (link.value.phase === "refused" && link.value.code === NOT_LET_IN) pairing.begin();
  else pairing.end();
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
  const context = contextOf();
  const scenes = scenesOf(context.now);
  const scene = sceneOf(scenes, context.uptime);
  const red = scenes.some((each) => each.red);
  const all = new Set(scenes.flatMap((each) => each.reds));
  document.title = context.say("page.title");
  repaint();
  const parts = { context, floor: floor.value, link: link.value, plan: plan.value, scene, capacity, red };
  const doors = { sign: sign.value, pair: pair.value, signIn, toForm: (form) => (sign.value = { ...sign.value, form }) };
  render(html`<${Wall} ...${{ ...parts, ...doors, help: help.value }} />`, document.body);
  measure();
  ring(all, context);
  healing.drawn();
  const calm = !red && !sign.value.form;
  healing.consider({ newBuild: newer && newer.build, build: newer && local() - newer.since, calm, minute: context.minute });
}

function contextOf() {
  const { lang } = settings.value;
  const say = speaker(lang);
  const wanted = settings.value.zone || floor.value?.timezone;
  const zone = wanted && knownZone(wanted) ? wanted : undefined;
  const time = now();
  return {
    say, lang, zone, now: time, uptime: local(), lag: lag(), settings: settings.value, held: held.value, touched: local() - touched < LIT_S,
    minute: minuteOf(timeOfDay(time, zone, false)), stateWord: (state) => stateWord(say, lang, state),
  };
}

/* Each page of the board with the part of the floor it shows. */
function scenesOf(at) {
  if (floor.value === null) return [];
  return plan.value.pages.map((page, place) => {
    const part = partOf(floor.value, page, place, plan.value);
    const found = reds(page, part, asOfAll(part, at));
    return { page, place, floor: part, seconds: page.seconds, reds: found, red: found.length > 0 };
  });
}

/* The one that is shown now, with its rows; null while there is nothing to show. Pages turn by this screen's own steady clock:
a server's may be set. */
function sceneOf(scenes, at) {
  if (!scenes.length) return null;
  const still = held.value || local() - touched < TOUCH_S;
  shown = turn(shown, scenes, at, still);
  const scene = scenes[shown.page];
  const listed = scene.page.layout === "wall";
  const round = listed ? nextRound(scene, leaves[shown.page] || BEGIN, at, still, scenes.length < 2) : BEGIN;
  leaves[shown.page] = round;
  return { ...scene, round, count: scenes.length, since: shown.since };
}

function nextRound({ page, floor: part }, round, at, still, alone) {
  const agents = [...part.agents.values()].filter(onTheWall).sort(page.order === "name" ? byName : byUrgency);
  return advance(round, {
    sorted: agents.map((agent) => agent.id),
    pinned: page.order === "name" ? [] : agents.filter(agentLevel).map((agent) => agent.id),
    capacity: capacity.agents,
    others: Math.ceil(Math.max(part.queues.size / capacity.queues, part.campaigns.length / capacity.campaigns)),
    now: at,
    every: leafSeconds(page.seconds, settings.value.turn, alone),
    held: still,
  });
}

const names = new Intl.Collator();

function byName(one, other) {
  return names.compare(one.name || one.id, other.name || other.id);
}

/* Not while somebody types: a field would lose what stands in it. */
function repaint() {
  if (local() - repaintedAt < REPAINT_S || floor.value === null || link.value.phase === "refused") return;
  repaintedAt = local();
  document.documentElement.classList.add("still"); // nothing has changed, so nothing fades
  setTimeout(() => document.documentElement.classList.remove("still"), STILL_MS);
  render(null, document.body);
}

/* What fits is known only when it stands there; a page that does not fit is drawn once more. */
function measure() {
  const found = capacityOf(document.body);
  if (found === null || Object.keys(found).every((part) => found[part] === capacity[part])) return;
  capacity = found;
  schedule();
}

function ring(all, { settings: { sound, dim }, minute }) {
  const isNew = [...all].some((name) => !known.has(name));
  if (isNew && sound && lightAt(dim, minute, {}) === FULL) chime(local());
  known = all;
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
  touch();
  const act = KEYS[event.key.toLowerCase()];
  if (!act || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, button")) return;
  event.preventDefault();
  act();
}

/* Through the rows of a page, then on to the next page. */
function turnBy(by) {
  const round = leaves[shown.page];
  if (!round) return;
  const next = round.page + by;
  const pages = plan.value.pages;
  if (pages.length > 1 && (next < 0 || next >= round.count)) shown = step(shown, pages, local(), by);
  else leaves[shown.page] = leaf(round, local(), by);
  schedule();
}

function change(chosen) {
  wish.value = { ...wish.value, ...chosen };
  const kept = Object.fromEntries(REMEMBERED.filter((name) => name in wish.value).map((name) => [name, wish.value[name]]));
  remember({ ...remembered(), ...kept });
}

function touch() {
  touched = local();
  document.body.classList.remove("quiet");
}

/* ---------------------------------------------------------------- begin */

const wantsLight = matchMedia("(prefers-color-scheme: light)");
const ownBuild = document.querySelector("meta[name=andon-build]").content;

function dress() {
  const { theme, lang, distance } = settings.value;
  const root = document.documentElement;
  root.lang = lang === "zh" ? "zh-CN" : lang;
  root.dataset.theme = theme === "auto" ? (wantsLight.matches ? "light" : "dark") : theme;
  root.style.setProperty("--distance", distance);
}

effect(dress);
effect(letIn);
effect(() => showAddress(plan.value.id));
effect(() => {
  const other = build.value !== null && build.value !== ownBuild;
  newer = other ? { build: build.value, since: newer ? newer.since : local() } : null;
});
effect(() => {
  for (const part of [settings, floor, link, plan, sign, pair, second, held, help]) void part.value;
  schedule();
});
wantsLight.addEventListener("change", dress);
addEventListener("resize", schedule);
addEventListener("keydown", press);
for (const kind of ["pointermove", "pointerdown", "wheel"]) addEventListener(kind, touch, { passive: true });
for (const kind of ["online", "focus", "pageshow"]) addEventListener(kind, wake);
document.addEventListener("visibilitychange", wake);
open();
tick();
