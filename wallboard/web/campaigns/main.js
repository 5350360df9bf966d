/* The page of campaigns, put together: the board, one campaign, the statement, the question to the gate, lists and numbers.

The only file of this page that knows window, the address and the clock. What is shown stands in the address (#one=B-112), so that it can be
kept and sent; a number that somebody typed never does. */

import { signal } from "../vendor/signals-core.mjs";
import { html, render } from "../draw/html.js";
import { ask } from "../floor/ask.js";
import { refusalText } from "../floor/told.js";
import { askWho, drawn, pressed, session, settings, toLogin } from "../office/shell.js";
import { speaker } from "../words.js";
import { CAMPAIGNS } from "../words/campaigns.js";
import { OFFICE } from "../words/office.js";
import { fieldsOf, pathsOf, readPlace, writePlace } from "./places.js";
import { Page } from "./page.js";

/* A stop must be seen to work: its figures come each second. */
const EVERY_MS = 1_000;

const place = signal(readPlace(location.hash));
const told = signal({});
const said = signal({ kind: "", message: "", good: false });
const answers = signal({});
const chosenZone = new URLSearchParams(location.search).get("zone") || undefined;
/* The floor's clock, wherever the browser is. */
const zoneOf = () => chosenZone || told.value.campaigns?.data?.timezone;
let latest = 0;

/* ---------------------------------------------------------------- asking */

async function load() {
  const number = ++latest;
  const paths = pathsOf(place.value);
  const found = await Promise.all(Object.values(paths).map((path) => ask(path)));
  if (number !== latest) return; // the place has changed meanwhile
  if (found.some(({ status }) => status === 401)) {
    toLogin();
    return;
  }
  const fresh = Object.fromEntries(Object.keys(paths).map((name, at) => [name, found[at]]));
  told.value = Object.fromEntries(Object.entries(fresh).map(([name, answer]) => [name, {
    data: answer.ok ? answer.data : told.value[name]?.data || null,
    message: answer.ok ? "" : refusalText(answer, sayHere()) || failed() }]));
}

function sayHere() {
  return speaker(settings.value.lang, CAMPAIGNS);
}

function failed() {
  return sayHere()("campaigns.failed");
}

function go(wish) {
  place.value = { ...place.value, ...wish };
  answers.value = {};
  said.value = { kind: "", message: "", good: false };
  history.replaceState(null, "", `${location.pathname}${location.search}#${writePlace(place.value)}`);
  told.value = { campaigns: told.value.campaigns };
  load();
}

/* One key a press: the same press that is sent again, because no answer came, is done once. */
async function press(path, body, kind) {
  const answer = await ask(path, { method: "POST", body, csrf: session.value?.csrf, key: crypto.randomUUID() });
  said.value = { kind, message: answer.data?.message || answer.message || failed(), good: answer.ok };
  load();
  return answer;
}

/* ---------------------------------------------------------------- acts */

/* Stopping asks nothing: what it prevents cannot be called back, and going on takes two people. */
function stop(campaign) {
  const path = campaign ? `/api/campaigns/${encodeURIComponent(campaign)}/stop` : "/api/campaigns/stop";
  return press(path, { pressed: Date.now() / 1000 }, "stop");
}

const ACTS = {
  tab: ({ value }) => go({ tab: value, id: "" }),
  one: ({ value }) => go({ tab: "one", id: value }),
  statement: ({ value }) => go({ tab: "statement", id: value }),
  stop_all: () => stop(""),
  stop: ({ value }) => stop(value),
  withdraw: ({ value }) => press("/api/campaigns/withdraw", { step: value }, "step"),
};

const FORMS = {
  resume: (fields) => press("/api/campaigns/resume", fields, "stop"),
  step: (fields, id) => press(`/api/campaigns/${encodeURIComponent(id)}/step`, fields, "step"),
  item: (fields, id) => press(`/api/campaigns/${encodeURIComponent(id)}/items`, fields, "item"),
  complaint: (fields, id) => press(`/api/campaigns/${encodeURIComponent(id)}/complaints`, fields, "complaint"),
  confirm: (fields, id) => press(`/api/campaigns/${encodeURIComponent(id)}/statement`, fields, "confirm"),
  gate: (fields) => question("/api/gate/ask", fields, "gate"),
  look: (fields) => question("/api/do-not-call/look", fields, "look"),
  block: (fields) => press("/api/do-not-call", fields, "number"),
  unblock: (fields) => press("/api/do-not-call/unblock", fields, "number"),
  consent: (fields) => press("/api/consents", fields, "number"),
};

async function question(path, fields, kind) {
  const answer = await ask(path, { method: "POST", body: fields, csrf: session.value?.csrf });
  answers.value = { ...answers.value, [kind]: answer.ok ? { data: answer.data } : { message: answer.message || failed() } };
}

pressed(ACTS);
addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-form]");
  if (!form) return;
  event.preventDefault();
  const fields = fieldsOf(new FormData(form), form.dataset.form, Date.now() / 1000, zoneOf());
  const answer = await FORMS[form.dataset.form](fields, form.dataset.id);
  if (answer?.ok) form.reset();
});
addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key !== "S" || event.repeat) return; // shift and s: no word begins with it, and a key that is held stops once
  event.preventDefault();
  stop(place.value.tab === "one" ? place.value.id : "");
});
addEventListener("hashchange", () => go(readPlace(location.hash)));

/* ---------------------------------------------------------------- drawing */

function draw(lang) {
  const say = speaker(lang, OFFICE, CAMPAIGNS);
  const word = (table, key) => (say.knows(`${table}.${key}`) ? say(`${table}.${key}`) : key);
  document.title = say("campaigns.page_title");
  const shown = { place: place.value, told: told.value, said: said.value, answers: answers.value, session: session.value };
  render(html`<${Page} context=${{ say, word, lang, zone: zoneOf() }} ...${{ ...shown, settings: settings.value }} />`, document.body);
}

drawn(draw);
askWho();
load();
setInterval(() => document.hidden || load(), EVERY_MS);
