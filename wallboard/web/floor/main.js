/* The floor page, put together: signals in, one drawing a frame out. What a click, a key or an answer does is acts.js. */

import { batch, effect } from "../vendor/signals-core.mjs";
import { knownZone } from "../format.js";
import { asOf, asOfAll, health } from "../health.js";
import { agentLevel, ACT, WARN } from "../urgency.js";
import { speaker } from "../words.js";
import { FLOOR } from "../words/floor.js";
import { CONTROL } from "../words/control.js";
import { ORDERS } from "../words/orders.js";
import { WHY } from "../words/why.js";
import { html, render } from "../draw/html.js";
import { listen } from "./acts.js";
import { desk, memory, tidy } from "./console.js";
import { dialogClosed, paletteFound } from "./console_acts.js";
import { allowed } from "./deeds.js";
import { local } from "./feed.js";
import { countAlerts } from "../alerting.js";
import { pressOf, wentWrong } from "./asked.js";
import { textIn } from "./told.js";
import { agentOrder, agentsBut, callOrder, callsBut, countStates, ofState, teamsOf, writeFragment } from "./filters.js";
import { reloadOnce } from "./memory.js";
import { Page } from "./page.js";
import { aboutOf } from "./presses.js";
import { settle } from "./places.js";
import { kept } from "./selection.js";
import { breachesOf, digestOf, newOnes, DIGEST_S, NAMED } from "./said.js";
import { feed, load, state, touch } from "./state.js";
import { fadeIn } from "./steady.js";
import { paintTimers } from "./timer.js";

/* A new build waits until nobody has touched the page for so long. */
const RELOAD_AFTER_S = 60;

const spoken = { turn: null, digest: "", breach: "", breaches: null, pressed: "" };
const chips = { agents: [], calls: [] };
let shownAge = null;
let shownAgeAt = -Infinity;
let context = null;

/* ---------------------------------------------------------------- words */

const PARTS = [FLOOR, ORDERS, CONTROL, WHY];
const wordsOf = (lang) => Object.assign({}, ...PARTS.map((part) => part[lang]));
const WORDS = { en: wordsOf("en"), zh: wordsOf("zh") };

/* One object as long as nothing in it differs, so that rows are not drawn anew. */
function contextOf({ lang, zone: asked }, timezone) {
  const wanted = asked || timezone || "";
  if (context && context.lang === lang && context.asked === wanted) return context;
  const say = speaker(lang, WORDS);
  const { compare } = new Intl.Collator(lang === "zh" ? "zh-CN" : lang, { numeric: true });
  const word = (table, key) => (say.knows(`${table}.${key}`) ? say(`${table}.${key}`) : key);
  const agentName = (id) => state.floor.value?.agents.get(id)?.name || id;
  context = { say, lang, word, agentName, compare, asked: wanted, zone: wanted && knownZone(wanted) ? wanted : undefined };
  return context;
}

/* ---------------------------------------------------------------- which rows, and where */

function listOf(floor, filters, compare) {
  const { tab } = filters;
  const others = tab === "agents" ? agentsBut(floor, filters) : callsBut(floor, filters);
  const fitting = ofState(others, filters.state);
  const order = tab === "agents" ? agentOrder(filters.by, compare) : callOrder(filters.by, compare, floor.agents);
  const sorted = fitting.sort(order).map((row) => row.id);
  const { tab: _, ...asked } = filters;
  const before = state.places[tab];
  const places = settle(before, {
    sorted,
    anchors: anchorsOf(tab),
    key: JSON.stringify(asked) + context.lang,
    now: local(),
    touched: state.touched,
  });
  state.places[tab] = places;
  return { all: floor[tab].size, ids: places.ids, fits: new Set(sorted), states: chipsOf(tab, others, filters.state), held: places.held,
    moved: places.ids !== before.ids && before.key === places.key };
}

/* What must not move under somebody's hand: the row pointed at, the one with the focus, and those selected. */
function anchorsOf(tab) {
  const focused = document.activeElement?.closest?.("[data-row]");
  const own = focused && focused.closest(`[data-grid=${tab}]`) ? [focused.dataset.row] : [];
  return new Set([...own, ...(state.pointed ? [state.pointed] : []), ...(tab === "agents" ? state.selection.value.ids : [])]);
}

/* Chips keep their places: a state that nobody is in any more stays with a nought. */
function chipsOf(tab, rows, chosen) {
  const counts = new Map(countStates(rows, chosen, tab));
  const seen = countStates([...chips[tab], ...counts.keys()].map((each) => ({ state: each })), "", tab).map(([each]) => each);
  chips[tab] = seen;
  return seen.map((each) => [each, counts.get(each) || 0]);
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
  const floor = state.floor.value;
  const settings = state.settings.value;
  const words = contextOf(settings, floor?.timezone);
  document.title = words.say("floor.title");
  const common = {
    context: words, floor, settings, link: state.link.value, session: state.session.value, dialog: state.dialog.value,
    screens: state.screens.value, spoken, filters: state.filters.value, at: state.at.value, why: state.why.value, menu: state.menu.value,
  };
  const focused = document.activeElement;
  const list = floor ? { ...common, ...floorParts(floor, words) } : common;
  render(html`<${Page} ...${list} />`, document.body);
  if (list.list?.moved) fadeMoved(list.list.ids);
  showDialog(); // before the focus: what stands in a closed sheet takes none
  keepFocus(focused);
}

function floorParts(floor, words) {
  tidy();
  const now = feed.now();
  const found = health(floor, state.link.value, now);
  const isStale = (node) => state.link.value.phase !== "open" || (node === null ? found.level !== "live" : found.stale.has(node));
  const at = (node) => (node === null ? asOfAll(floor, now) : asOf(floor, node, now));
  state.selection.value = kept(state.selection.peek(), floor.agents);
  const levels = [...floor.agents.values()].map(agentLevel);
  speak(words, floor, at(null));
  const list = listOf(floor, state.filters.value, words.compare);
  state.cursors = cursorsOf(floor, list.ids, state.filters.value.tab);
  return {
    found, isStale, asOf: at, list, console: consoleParts(floor, words),
    ages: new Map([...floor.nodes.values()].map((node) => [node.node, node.heard > 0 ? Math.max(0, state.tickedAt - node.heard) : null])),
    counts: countsOf(levels, countAlerts(floor.alerts)),
    cursors: state.cursors,
    teams: teamsOf(floor.agents, words.compare),
    selection: state.selection.value,
    now,
    deeds: allowed(state.session.value),
    runsMeetings: Boolean(state.session.value?.actions.includes("meetings.manage")),
    takesAlerts: Boolean(state.session.value?.actions.includes("alerts.manage")),
    record: state.record.value,
    sure: desk.sure.value,
    waitAt: desk.waitAt.value,
    day: state.day.value,
    place: state.place.value,
    shownAge: steadyAge(found.age),
    lag: feed.lag(),
  };
}

/* Agents, and alerts that nobody has said that they look at. */
function countsOf(levels, alerts) {
  const number = (level) => levels.filter((each) => each === level).length + alerts[level];
  return { [ACT]: number(ACT), [WARN]: number(WARN) };
}

function consoleParts(floor, words) {
  const { presses, form, menu, palette, sheet, plan, taking } = desk;
  return {
    presses: presses.value, form: form.value, menu: menu.value, palette: palette.value, sheet: sheet.value, plan: plan.value,
    taking: taking.value, phone: memory.phone || state.session.value?.phone || "",
    found: state.dialog.value === "palette" ? paletteFound(words, floor) : [],
  };
}

/* The age is said once a second: a figure that flickers is no figure. */
function steadyAge(age) {
  if (local() - shownAgeAt >= 1 || shownAge === null || age === null) [shownAge, shownAgeAt] = [age, local()];
  return shownAge;
}

/* The row that the tab key leads to: where the keyboard was last, else the first. */
function cursorsOf(floor, ids, tab) {
  const { queues } = state.cursors;
  const own = state.cursors[tab];
  return { ...state.cursors, queues: floor.queues.has(queues) ? queues : "", [tab]: ids.includes(own) ? own : ids[0] };
}

/* Moving an element takes the focus from it. */
function keepFocus(focused) {
  if (focused && focused !== document.activeElement && focused !== document.body && focused.isConnected)
    focused.focus({ preventScroll: true });
  const wanted = state.focus && document.querySelector(state.focus);
  if (wanted) wanted.focus({ preventScroll: true });
  state.focus = null; // what is not there now is not waited for
}

function showDialog() {
  const dialog = document.querySelector("dialog");
  if (state.dialog.value && !dialog.open) dialog.showModal();
  if (state.dialog.value || !dialog.open) return;
  state.closing = true;
  dialog.close();
  dialogClosed();
}

/* Rows that stand elsewhere now come in softly, where anybody sees them. */
function fadeMoved(ids) {
  const before = state.drawn;
  state.drawn = ids;
  const rows = document.querySelector(`[data-grid=${state.filters.value.tab}] .rows`);
  if (!rows || !before) return;
  const first = Math.floor(rows.scrollTop / (rows.firstElementChild?.offsetHeight || 1));
  const inSight = [...rows.children].slice(first, first + ROWS_FADED);
  for (const row of inSight) if (before[ids.indexOf(row.dataset.row)] !== row.dataset.row) fadeIn(row);
}

/* More rows than a large screen shows. */
const ROWS_FADED = 60;

/* ---------------------------------------------------------------- what is said */

function speak(words, floor, now) {
  const { say, lang, word } = words;
  spoken.pressed = pressedText(words, floor);
  const turn = `${lang} ${Math.floor(now / DIGEST_S)}`;
  if (turn !== spoken.turn) {
    spoken.turn = turn;
    spoken.digest = say("foot.digest", digestOf(floor, now));
  }
  const found = breachesOf(floor, now);
  const fresh = spoken.breaches === null ? [] : newOnes(found, spoken.breaches);
  spoken.breaches = found;
  if (!fresh.length) return;
  const sentences = fresh.slice(0, NAMED).map((breach) => say(`breach.${breach.what}`,
    { name: breach.text ? textIn(lang, breach.text) : breach.name, state: word("state", breach.state) }));
  const more = fresh.length - sentences.length;
  spoken.breach = [...sentences, ...(more ? [say("list.more", { n: more })] : [])].join(" ");
}

/* The last press and how far it is: it changes three times a press at most. */
function pressedText(words, floor) {
  const press = desk.presses.value.at(-1);
  if (!press) return "";
  const { stage, said } = pressOf(press, floor.orders || []);
  const why = wentWrong(stage) && said ? ` · ${textIn(words.lang, said)}` : "";
  return `${aboutOf(words, floor, press)} · ${words.say(`stage.${stage}`)}${why}`;
}

/* ---------------------------------------------------------------- time */

function count() {
  const floor = state.floor.value;
  const now = feed.now();
  state.tickedAt = now;
  paintTimers((node) => (floor ? (node === null ? asOfAll(floor, now) : asOf(floor, node, now)) : null));
}

function tick() {
  count();
  state.second.value += 1;
  if (feed.build.value && feed.build.value !== ownBuild && local() - state.touched > RELOAD_AFTER_S) reloadOnce(feed.build.value);
  setTimeout(tick, feed.untilNextSecond() * 1000);
}

const ownBuild = document.querySelector("meta[name=andon-build]").content;

/* ---------------------------------------------------------------- begin */

const wantsDark = matchMedia("(prefers-color-scheme: dark)");

function dress() {
  const { theme, lang } = state.settings.value;
  const root = document.documentElement;
  root.lang = lang === "zh" ? "zh-CN" : lang;
  root.dataset.theme = theme === "auto" ? (wantsDark.matches ? "dark" : "light") : theme;
}

effect(dress);
wantsDark.addEventListener("change", dress);
effect(() => {
  for (const part of [...Object.values(state.signals), ...Object.values(desk)]) void part.value;
  schedule();
});
effect(() => {
  const fragment = writeFragment(state.filters.value, state.at.value);
  history.replaceState(null, "", location.pathname + location.search + (fragment ? `#${fragment}` : ""));
});
let counted = false;
effect(() => { // the first floor has its times at once, not with the next second
  if (!state.floor.value || counted) return;
  counted = true;
  count();
});
addEventListener("resize", schedule);
addEventListener("online", feed.wake);
document.addEventListener("visibilitychange", feed.wake);
for (const kind of ["pointermove", "pointerdown", "wheel", "keydown", "touchmove"]) addEventListener(kind, touch, { passive: true });
listen();
batch(load);
feed.open();
tick();
