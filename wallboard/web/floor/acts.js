/* What a click, a key or a choice does: two tables of names. The markup says data-act="NAME"; keys.js says which key is
which name. What acts on the floor itself is console_acts.js. */

import { batch } from "../vendor/signals-core.mjs";
import { LANGUAGES, THEMES, nextOf } from "../settings.js";
import { isCleared, openAlerts } from "../alerting.js";
import { ask } from "./ask.js";
import { desk } from "./console.js";
import {
  CONSOLE_CLICKS, closeMenu, consoleKey, dialogClosed, listenToConsole, menuKey, openPalette, runWith, typeAhead,
} from "./console_acts.js";
import { segmentAt, segments, WIDTH } from "./day.js";
import { closeDialog, openDialog, want, wantFocus } from "./dialogs.js";
import { local } from "./feed.js";
import { NONE, START, isFiltered } from "./filters.js";
import { NO_CHORD, asked } from "./keys.js";
import { keepSettings } from "./memory.js";
import { approve, revoke } from "./pairing.js";
import { NOTHING, extend, toggle } from "./selection.js";
import { askScreens, askWhy, feed, state, toLogin } from "./state.js";

const NARROW = matchMedia("(max-width: 68em)"); // as floor.css

let chord = NO_CHORD;

/* Where the focus goes back to when what is open closes: the element, and the column it was in when it is drawn anew. */
let cameFrom = null;
let cameFromSide = "";

/* ---------------------------------------------------------------- clicks */

const CLICKS = {
  inspect: ({ kind, id }, element, event) => {
    if (element.dataset.row !== undefined) setCursor(element);
    if (kind === "agent" && element.dataset.row !== undefined && (event.shiftKey || event.ctrlKey || event.metaKey))
      select(id, event.shiftKey);
    else inspect({ kind, id }, element);
  },
  queue: ({ id }, element) => {
    const isOn = state.filters.value.queue === id;
    if (element.dataset.row !== undefined) setCursor(element);
    batch(() => {
      filter({ queue: isOn ? "" : id });
      if (!isOn || id === "") inspect({ kind: "queue", id }, element);
    });
  },
  why: ({ number, kind, id }, element) => openWhy(number, kind, id, element),
  state: ({ state: wanted }) => filter({ state: state.filters.value.state === wanted ? "" : wanted }),
  level: ({ level }, element) => {
    const isOn = state.filters.value.level === level;
    filter({ level: isOn ? "" : level, tab: "agents" });
    const alert = openAlerts(state.floor.value?.alerts).find((each) => each.severity === level && !isCleared(each) && !each.acknowledged);
    if (!isOn && alert) inspect({ kind: "alert", id: alert.id }, element);
  },
  tab: ({ tab }) => openTab(tab),
  clear: () => filter(NONE),
  unselect: () => (state.selection.value = NOTHING),
  close: () => closeSide(),
  close_why: () => closeWhy(),
  language: () => change({ lang: nextOf(LANGUAGES, state.settings.value.lang) }),
  theme: () => change({ theme: nextOf(THEMES, state.settings.value.theme) }),
  menu: () => (state.menu.value = !state.menu.value),
  keys: () => openDialog("keys"),
  screens: () => {
    state.screens.value = null;
    openDialog("screens");
    askScreens();
  },
  close_dialog: () => closeDialog(),
  approve: (_, element) => approve(element),
  revoke: ({ id }) => revoke(id),
  sign_out: async () => {
    await ask("/api/session", { method: "DELETE", csrf: state.session.value?.csrf });
    toLogin();
  },
  sign_in: () => toLogin(),
  ...CONSOLE_CLICKS,
};

function click(event) {
  const element = event.target.closest?.("[data-act]");
  if (state.menu.value && !event.target.closest("[data-menu]") && element?.dataset.act !== "menu") state.menu.value = false;
  if (desk.menu.value && !event.target.closest("[data-rowmenu]") && element?.dataset.act !== "row_menu") closeMenu();
  if (element?.dataset.act !== "meeting_stop") desk.sure.value = "";
  if (!element || element.disabled) return;
  if (element.closest("[data-menu]")) state.menu.value = false;
  CLICKS[element.dataset.act](element.dataset, element, event);
}

function filter(wish) {
  state.filters.value = { ...state.filters.value, ...wish };
}

function openTab(tab) {
  if (tab !== state.filters.value.tab) filter({ tab, state: "", level: "", by: START.by });
}

function inspect(at, from) {
  const again = state.at.value?.kind === at.kind && state.at.value.id === at.id && !state.why.value;
  comeFrom(from);
  batch(() => {
    state.at.value = at;
    state.why.value = null;
  });
  if (again || NARROW.matches) wantFocus("inspector");
}

function openWhy(name, kind, id, from) {
  const rows = { agent: state.floor.value.agents, queue: state.floor.value.queues };
  const about = kind === "queue" && id === "" ? state.floor.value.floor : rows[kind]?.get(id)?.name || id;
  comeFrom(from);
  state.why.value = { key: `${name} ${kind} ${id} ${local()}`, name, kind, id, about, answer: null, message: "" };
  wantFocus("why");
  askWhy();
}

function closeWhy() {
  state.why.value = null;
  goBack();
}

function closeSide() {
  state.at.value = null;
  goBack();
}

/* To the row or the number that opened what is closed now; it may have to be drawn again first. */
function goBack() {
  const { row, number, id } = cameFrom?.dataset || {};
  if (cameFrom?.isConnected) cameFrom.focus({ preventScroll: true });
  else if (number) want(`${cameFromSide}[data-number="${CSS.escape(number)}"][data-id="${CSS.escape(id)}"]`);
  else want(row === undefined ? `[data-grid=${state.filters.value.tab}] [tabindex="0"]` : `[data-row="${CSS.escape(row)}"]`);
}

function comeFrom(element) {
  cameFrom = element;
  cameFromSide = element.closest(".side-panel") ? ".side-panel " : "";
}

function change(wish) {
  state.settings.value = { ...state.settings.value, ...wish };
  keepSettings(state.settings.value);
}

function select(id, isRange) {
  const shown = state.places.agents.ids;
  state.selection.value = isRange ? extend(state.selection.value, shown, id) : toggle(state.selection.value, id);
}

/* ---------------------------------------------------------------- keys */

const KEYS = {
  down: () => step(1),
  up: () => step(-1),
  extend_down: () => step(1, true),
  extend_up: () => step(-1, true),
  page_down: () => step(rowsInSight()),
  page_up: () => step(-rowsInSight()),
  first: () => step(-Infinity),
  last: () => step(Infinity),
  right: () => stepCell(1),
  left: () => stepCell(-1),
  inspect: (target) => target.closest("[data-row], [data-act]")?.click(),
  select: (target) => {
    const row = target.closest("[data-grid=agents] [data-row]");
    if (row) select(row.dataset.row, false);
  },
  search: () => document.querySelector("[data-find]")?.focus(),
  explain: (target) => {
    const number = target.closest("[data-number]");
    if (number) number.click();
    else openDialog(state.dialog.value ? "" : "keys");
  },
  inspector: () => wantFocus(state.why.value ? "why" : "inspector"),
  language: () => CLICKS.language(),
  theme: () => CLICKS.theme(),
  stop_dialling: () => CLICKS.stop_dialling(),
  go_queues: () => focusGrid("queues"),
  go_agents: () => goTo("agents"),
  go_calls: () => goTo("calls"),
  go_nodes: () => document.querySelector(".nodes button")?.focus(),
  back: (target) => back(target),
};

function press(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === "k" && !state.dialog.value) {
    event.preventDefault(); // the browser's own would go to its search
    return void openPalette();
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  const { target, key } = event;
  if (target.closest("dialog")) return; // a dialog has its own: tab, Enter, Escape
  if (state.dialog.value && key !== "?") return void typeAhead(event); // no key may reach what lies under a sheet
  if (target.closest("[data-rowmenu]") && menuKey(event)) return void event.preventDefault();
  if (target.closest("[data-strip]") && walkStrip(target.closest("[data-strip]"), key)) return void event.preventDefault();
  const typing = target.closest("input, select, textarea");
  if (typing && key !== "Escape") return;
  if (key === "Enter" && target.closest("button, a, summary")) return; // the browser clicks it
  const found = asked(chord, { key, shift: event.shiftKey }, local());
  chord = found.chord;
  if (!found.act) return;
  event.preventDefault();
  (KEYS[found.act] || consoleKey(found.act))(target);
}

/* Escape takes back one thing at a time, the latest first. */
function back(target) {
  const { filters, menu, why, at, selection } = state;
  if (menu.value) menu.value = false;
  else if (desk.menu.value) closeMenu(true);
  else if (target.matches("[data-find]")) leaveSearch(target);
  else if (why.value) closeWhy();
  else if (selection.value.ids.size) selection.value = NOTHING;
  else if (isFiltered(filters.value)) filter(NONE);
  else if (at.value) closeSide();
}

function leaveSearch(field) {
  filter({ find: "" });
  field.value = "";
  field.blur();
  want(`[data-grid=${state.filters.value.tab}] [tabindex="0"]`);
}

/* ---------------------------------------------------------------- rows by keyboard */

function gridOf(table) {
  return document.querySelector(`[data-grid=${table}]`);
}

/* The grid that has the focus, else the list in the middle. */
function currentGrid() {
  return document.activeElement?.closest?.("[data-grid]") || gridOf(state.filters.value.tab);
}

function focusGrid(table) {
  const grid = gridOf(table);
  const row = grid?.querySelector("[data-row][tabindex='0']") || grid?.querySelector("[data-row]");
  if (row) focusRow(row);
}

function goTo(tab) {
  openTab(tab);
  want(`[data-grid=${tab}] [tabindex="0"]`);
}

function step(by, selecting = false) {
  const grid = currentGrid();
  if (!grid) return;
  const rows = [...grid.querySelectorAll("[data-row]")];
  const focused = document.activeElement.closest("[data-row]");
  const from = rows.indexOf(focused);
  const to = Math.max(0, Math.min(rows.length - 1, from < 0 ? Math.max(0, rows.findIndex((row) => row.tabIndex === 0)) : from + by));
  if (!rows[to]) return;
  if (selecting && grid.dataset.grid === "agents") {
    if (focused && !state.selection.value.ids.size) select(focused.dataset.row, false);
    select(rows[to].dataset.row, true);
  }
  focusRow(rows[to]);
}

function focusRow(row) {
  setCursor(row);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function setCursor(row) {
  const table = row.closest("[data-grid]").dataset.grid;
  state.cursors = { ...state.cursors, [table]: row.dataset.row };
  state.nudge.value += 1;
}

/* From the row to its numbers, and back. */
function stepCell(by) {
  const row = document.activeElement.closest("[data-row]");
  if (!row) return;
  const stops = [row, ...row.querySelectorAll("[data-number], [data-stop]")];
  const next = stops[stops.indexOf(document.activeElement) + by];
  if (next) next.focus({ preventScroll: true });
}

function rowsInSight() {
  const rows = currentGrid()?.querySelector(".rows");
  return rows ? Math.max(1, Math.floor(rows.clientHeight / (rows.firstElementChild?.offsetHeight || 1)) - 1) : 1;
}

/* ---------------------------------------------------------------- the strip of a day */

function walkStrip(strip, key) {
  const count = state.day.value?.answer?.turns.length || 0;
  const place = state.place.value < 0 ? count - 1 : state.place.value;
  const steps = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: count - 1 };
  if (!(key in steps) || !count) return false;
  state.place.value = Math.max(0, Math.min(count - 1, steps[key]));
  return true;
}

function pointAtStrip(event) {
  const strip = event.target.closest?.("[data-strip]");
  const answer = state.day.value?.answer;
  if (!strip || !answer) return;
  const box = strip.getBoundingClientRect();
  const place = segmentAt(segments(answer, feed.now()), ((event.clientX - box.left) / box.width) * WIDTH);
  if (place >= 0) state.place.value = place;
}

/* ---------------------------------------------------------------- begin */

export function listen() {
  addEventListener("click", click);
  addEventListener("keydown", press);
  addEventListener("pointermove", pointAtStrip, { passive: true });
  addEventListener("input", (event) => event.target.matches?.("[data-find]") && filter({ find: event.target.value }));
  addEventListener("change", (event) => {
    const choice = event.target.dataset?.choice;
    if (choice) filter({ [choice]: event.target.value });
  });
  addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (row && event.target === row && row.tabIndex !== 0) setCursor(row);
  });
  // a dialog that Escape closed says so itself; it does not bubble. Of one that we closed it comes late: the next may be wanted by then
  addEventListener("close", (event) => {
    if (!event.target.matches?.("dialog")) return;
    if (state.closing) return void (state.closing = false);
    closeDialog();
    dialogClosed();
  }, true);
  runWith((act, data) => CLICKS[act](data, document.body, new Event("click")));
  listenToConsole();
}
