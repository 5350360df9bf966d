/* The page of recordings, put together: find and hear, what is missing, what is kept until when, discs, quality.

The only file of this page that knows window, the address and the clock. A tab is a module with `paths(place)`, `View`, `ACTS` and `FORMS`:
what it asks for, how it is drawn, what its buttons (data-act) and forms (data-form) do. What is shown stands in the address. */

import { signal } from "../vendor/signals-core.mjs";
import { html, render } from "../draw/html.js";
import { ask as asked } from "../floor/ask.js";
import { askWho, drawn, session, settings, toLogin, TOP_ACTS } from "../office/shell.js";
import { LANGUAGES } from "../settings.js";
import { speaker } from "../words.js";
import { OFFICE } from "../words/office.js";
import { RECORDINGS } from "../words/recordings.js";
import * as discs from "./discs.js";
import * as find from "./find.js";
import * as keeping from "./keeping.js";
import * as missing from "./missing.js";
import * as own from "./own.js";
import { namer } from "./names.js";
import { Page } from "./page.js";
import { readPlace, writePlace } from "./places.js";
import * as quality from "./quality.js";
import { allWorded, messageOf, worded } from "./refused.js";

const TABS = { find, missing, keeping, discs, quality, own };
/* Nothing on this page moves by itself within seconds; what others do is there when it is looked at again. */
const EVERY_MS = 15_000;
/* Fields that say why, and change nothing of what would be done. */
const ONLY_SAID = ["why", "matter", "custodian"];
/* Nothing was answered at all. */
const FAILED = Object.fromEntries(LANGUAGES.map((lang) => [lang, speaker(lang, RECORDINGS)("recordings.failed")]));

const place = signal(readPlace(location.hash));
const told = signal({});
/* Messages are kept as they came, by language or as a code, and worded when they are drawn: the page may have another language then. */
const said = signal({ kind: "", message: "", good: false });
const answers = signal({});
const chosenZone = new URLSearchParams(location.search).get("zone") || undefined;
/* The floor's clock, wherever the browser is. */
const zoneOf = () => chosenZone || told.value.floor?.data?.timezone || told.value.scores?.data?.timezone;
let latest = 0;

/* ---------------------------------------------------------------- asking */

async function ask(path, wish) {
  const answer = await asked(path, wish);
  return { ...answer, message: answer.ok ? "" : messageOf(answer) };
}

/* `again`: by itself, every few seconds. */
async function load(again = false) {
  const number = ++latest;
  const may = mayOf(session.value);
  const tab = TABS[place.value.tab];
  const heavy = again ? (tab.HEAVY || []).filter((name) => told.value[name]?.data) : [];
  const stays = Object.fromEntries(heavy.map((name) => [name, told.value[name]]));
  const wanted = { ...(may("recordings.find") ? { floor: "/api/archive" } : {}), ...tab.paths(place.value.words, may, zoneOf()) };
  const paths = Object.fromEntries(Object.entries(wanted).filter(([name]) => !(name in stays)));
  const found = await Promise.all(Object.values(paths).map((path) => ask(path)));
  if (number !== latest) return; // the place has changed meanwhile
  if (found.some(({ status }) => status === 401)) {
    toLogin();
    return;
  }
  told.value = { ...stays, ...Object.fromEntries(Object.keys(paths).map((name, at) => {
    const { ok, data, message } = found[at];
    return [name, { data: ok ? data : told.value[name]?.data || null, message: ok ? "" : message || FAILED }];
  })) };
}

function mayOf(who) {
  return (action) => Boolean(who?.actions.includes(action));
}

/* To another tab, or to other words of this one; what was told of another tab is not shown under this one. */
function go(tab, words = {}) {
  TABS[place.value.tab].onGo?.(tab, words, MEANS);
  if (tab !== place.value.tab) {
    told.value = { floor: told.value.floor };
    answers.value = {};
  }
  place.value = { tab, words };
  said.value = { kind: "", message: "", good: false };
  history.replaceState(null, "", `${location.pathname}${location.search}#${writePlace(place.value)}`);
  return load();
}

/* One key a press: the same press that is sent again, because no answer came, is done once. */
async function press(path, body, kind, { method = "POST" } = {}) {
  const answer = await ask(path, { method, body, csrf: session.value?.csrf, key: crypto.randomUUID() });
  said.value = { kind, message: answer.ok ? answer.data?.message : answer.message, good: answer.ok };
  load();
  return answer;
}

/* An answer that is shown beside its form and changes nothing: a search by number, a simulation. */
async function question(path, body, kind) {
  const answer = await ask(path, { method: "POST", body, csrf: session.value?.csrf });
  answers.value = { ...answers.value, [kind]: answer.ok ? { data: answer.data } : { message: answer.message || FAILED } };
  return answer;
}

const MEANS = { go, press, question, load, place, told, answers, said, session, settings, ask, draw };

const ACTS = {
  ...TOP_ACTS,
  tab: ({ value }) => go(value),
};

addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  const act = ACTS[button.dataset.act] || TABS[place.value.tab].ACTS?.[button.dataset.act];
  act?.(button.dataset, MEANS, event);
});
addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-form]");
  if (!form) return;
  event.preventDefault();
  const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
  const answer = await TABS[place.value.tab].FORMS[form.dataset.form](fields, form.dataset, MEANS, event);
  if (answer?.ok) form.reset();
});
/* What a form has shown of its wish (data-looked: by which name) was shown of these fields: with others it is looked at again. */
addEventListener("input", ({ target }) => {
  const kind = target.form?.dataset.looked;
  if (kind && answers.value[kind] && !ONLY_SAID.includes(target.name)) answers.value = { ...answers.value, [kind]: undefined };
});
addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  TABS[place.value.tab].onKey?.(event, MEANS);
});
addEventListener("change", (event) => TABS[place.value.tab].onChange?.(event, MEANS));
addEventListener("hashchange", () => {
  const { tab, words } = readPlace(location.hash);
  go(tab, words);
});
addEventListener("pagehide", () => TABS[place.value.tab].onLeave?.(MEANS));

/* ---------------------------------------------------------------- drawing */

function draw(lang) {
  const say = speaker(lang, OFFICE, RECORDINGS);
  const word = (table, key) => (say.knows(`${table}.${key}`) ? say(`${table}.${key}`) : key);
  document.title = say("recordings.page_title");
  const named = namer(told.value.floor?.data?.names, lang);
  const context = { say, word, named, lang, zone: zoneOf(), names: told.value.floor?.data?.names };
  const now = { told: allWorded(told.value, say, lang), answers: allWorded(answers.value, say, lang) };
  const last = { ...said.value, message: worded(said.value.message, say, lang) };
  const shown = { ...now, place: place.value, said: last, session: session.value };
  const whole = { context, ...shown, may: mayOf(session.value), settings: settings.value, view: TABS[place.value.tab].View };
  render(html`<${Page} ...${whole} />`, document.body);
  TABS[place.value.tab].onDrawn?.(MEANS);
}

drawn(draw);
askWho().then(() => {
  // An agent has only the own tab, wherever the address leads.
  if (session.value && !mayOf(session.value)("recordings.find")) place.value = { ...place.value, tab: "own" };
  load();
});
setInterval(() => document.hidden || load(true), EVERY_MS);
