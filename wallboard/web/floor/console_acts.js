/* Clicks, keys and forms of the console. The counterpart in the markup says data-act, data-form; what they do is console.js.

Not the floor's own acts (acts.js, which puts these beside them). */

import { batch } from "../vendor/signals-core.mjs";
import {
  again, askPlan, begin, close, desk, meetingPressed, pin, preview, sendForm, startMeeting, stopDialling, takeAlert, undo, undoLast,
} from "./console.js";
import { DEEDS, allowed, whomOf } from "./deeds.js";
import { closeDialog, openDialog, want, wantFocus } from "./dialogs.js";
import { entriesOf, matching, SHOWN } from "./palette.js";
import { state } from "./state.js";

/* Of the list in the middle, whether it has the focus or its menu is open. */
function whom() {
  const focused = document.activeElement?.closest?.("[data-grid=agents] [data-row]")?.dataset.row;
  return whomOf({ selection: state.selection.value, focused, at: state.at.value });
}

export function deed(name, ids, values = {}) {
  if (!ids.length || !allowed(state.session.value).includes(name)) return;
  closeMenu();
  if (begin(name, ids, values)) openDialog("deed");
}

export const CONSOLE_CLICKS = {
  deed: (data) => deed(data.deed, data.id ? [data.id] : whom(), data.value ? { kind: data.value } : {}),
  row_menu: ({ id }, element) => openMenu(id, element),
  undo: ({ id }) => undo(id),
  press_more: ({ id }) => pin(id),
  press_again: ({ id }) => again(id),
  press_close: ({ id }) => close(id),
  palette: () => openPalette(),
  stop_dialling: () => stopDialling(),
  palette_run: ({ place }, element, event) => runPalette(Number(place), event),
  message_all: () => {
    desk.form.value = { name: "message", whom: [], values: { to: "all" }, asking: false, refused: null, preview: null };
    openDialog("deed");
  },
  meeting: () => {
    desk.sheet.value = null;
    askPlan();
    openDialog("meeting");
  },
  meeting_stop: ({ id }) => meetingPressed(id, "stop"),
  meeting_now: ({ id, rule }) => meetingPressed(id, "start", rule),
};

/* ---------------------------------------------------------------- keys */

/* What a key of keys.js does here: an order of the table to whom it is about, or taking the last one back. */
export function consoleKey(name) {
  if (name === "undo") return undoLast;
  return () => {
    const ids = whom();
    if (ids.length === 1 || DEEDS[name].many) deed(name, ids);
  };
}

/* ---------------------------------------------------------------- the menu of a row */

/* Below its button, or above it where there is no room; in pixels of the window. */
const MENU_NEEDS = 340;

function openMenu(id, element) {
  const { top, bottom, right } = element.getBoundingClientRect();
  const up = bottom + MENU_NEEDS > innerHeight && top > MENU_NEEDS;
  const edge = up ? innerHeight - top : Math.min(bottom, Math.max(0, innerHeight - MENU_NEEDS));
  desk.menu.value = { id, up, edge, right: innerWidth - right };
  wantFocus("menu");
}

export function closeMenu(back = false) {
  const open = desk.menu.value;
  if (!open) return;
  desk.menu.value = null;
  if (back) want(`[data-grid=agents] [data-row="${CSS.escape(open.id)}"]`);
}

/* Arrows walk through the menu, Escape and Tab leave it. */
export function menuKey(event) {
  const items = [...document.querySelectorAll("[data-rowmenu] [role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items[(to + items.length) % items.length]?.focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu(true);
  else return false;
  return true;
}

/* ---------------------------------------------------------------- the palette */

export function openPalette() {
  if (!state.floor.value) return;
  paletteWhom = whom(); // before the focus goes into the sheet
  desk.palette.value = { text: "", place: 0 };
  openDialog("palette");
}

let paletteWhom = [];

export function paletteFound(context, floor) {
  const about = paletteWhom.map((id) => floor.agents.get(id)?.name || id).slice(0, 2).join(", ") + (paletteWhom.length > 2 ? " …" : "");
  entries = entriesOf({ say: context.say, floor, may: allowed(state.session.value), whom: paletteWhom, about, session:
    state.session.value });
  return found();
}

let entries = [];

/* By what is typed now, which may be more than what has been drawn. */
function found() {
  return matching(entries, desk.palette.value.text);
}

let run = () => {};

/* How an entry is done: acts.js knows all acts. */
export function runWith(does) {
  run = does;
}

function runPalette(place) {
  const entry = found()[place];
  if (!entry) return;
  closeDialog();
  if (entry.act === "deed") deed(entry.data.deed, paletteWhom);
  else run(entry.act, entry.data);
}

function paletteKey(event) {
  const { place } = desk.palette.value;
  const last = Math.min(found().length, SHOWN) - 1;
  const to = { ArrowDown: Math.min(last, place + 1), ArrowUp: Math.max(0, place - 1) }[event.key];
  if (to !== undefined) desk.palette.value = { ...desk.palette.value, place: to };
  else if (event.key === "Enter") runPalette(Math.min(place, Math.max(0, last)));
  else return;
  event.preventDefault();
}

/* A quick hand types before the palette is drawn: what it types is the palette's, never a deed on the row below. */
export function typeAhead(event) {
  if (state.dialog.value !== "palette") return;
  if (event.key.length === 1) desk.palette.value = { text: desk.palette.value.text + event.key, place: 0 };
  else if (event.key === "Enter") runPalette(0);
  else return;
  event.preventDefault();
}

/* ---------------------------------------------------------------- forms */

/* The fields of a form as text; what stands several times, as a list. */
function fieldsOf(form, submitter) {
  const data = new FormData(form, submitter?.name ? submitter : undefined);
  const queues = (wanted) => [...data].filter(([name, value]) => name.startsWith("queue:") && value === wanted).map(([name]) =>
    name.slice("queue:".length));
  const text = Object.fromEntries([...data].filter(([name]) => !name.includes(":")).map(([name, value]) => [name, value.trim()]));
  return { ...text, teams: data.getAll("teams"), into: queues("into"), out_of: queues("out_of") };
}

const FORMS = {
  meeting: async (values) => {
    if (await startMeeting(values)) closeDialog();
  },
  alert: (values, form, submitter) => takeAlert(form.dataset.id, submitter?.value || "acknowledge", values.text),
};

async function submit(event) {
  const form = event.target;
  if (!form.matches?.("[data-form]")) return;
  event.preventDefault();
  const values = fieldsOf(form, event.submitter);
  if (FORMS[form.dataset.form]) await FORMS[form.dataset.form](values, form, event.submitter);
  else if (await sendForm(values)) closeDialog();
}

/* A sheet that is closed is forgotten; what was pressed goes on. */
export function dialogClosed() {
  batch(() => {
    desk.form.value = null;
    desk.sheet.value = null;
  });
}

export function listenToConsole() {
  addEventListener("submit", submit);
  addEventListener("input", (event) => {
    if (event.target.matches?.("[data-palette]")) desk.palette.value = { text: event.target.value, place: 0 };
  });
  addEventListener("change", (event) => {
    const form = event.target.closest?.("[data-form]");
    if (form && desk.form.value && event.target.name !== "reason") preview(fieldsOf(form));
  });
  addEventListener("keydown", (event) => event.target.matches?.("[data-palette]") && paletteKey(event));
  for (const kind of ["focusin", "pointerover"]) {
    addEventListener(kind, (event) => {
      const wait = event.target.closest?.("[data-wait]");
      if (wait) desk.waitAt.value = wait.dataset.wait;
    });
  }
}
