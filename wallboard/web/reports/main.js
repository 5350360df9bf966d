/* The page of reports, put together: what is asked stands in the address, so that it can be kept and sent; the answer is drawn.

The only file of this page that knows window, the address and the clock. */

import { signal } from "../vendor/signals-core.mjs";
import { html, render } from "../draw/html.js";
import { ask } from "../floor/ask.js";
import { refusalText } from "../floor/told.js";
import { askWho, drawn, pressed, session, settings, toLogin } from "../office/shell.js";
import { speaker } from "../words.js";
import { OFFICE } from "../words/office.js";
import { REPORTS } from "../words/reports.js";
import { WHY } from "../words/why.js";
import { Page } from "./page.js";
import { addressOf, readAsked, writeAsked, TOGETHER } from "./span.js";

const asked = signal(readAsked(location.hash));
const told = signal({ answer: null, message: "", asking: true });
const column = signal("");
let latest = 0;

/* ---------------------------------------------------------------- asking */

async function load() {
  const number = ++latest;
  told.value = { ...told.value, asking: true, message: "" };
  const found = await ask(addressOf(asked.value));
  if (number !== latest) return; // another one was asked for meanwhile
  if (found.status === 401) {
    toLogin();
    return;
  }
  const { ok, data } = found;
  const say = speaker(settings.value.lang, REPORTS);
  const failed = refusalText(found, say) || say("report.failed");
  told.value = { answer: ok ? { ...data, kind: asked.value.kind } : null, message: ok ? "" : failed, asking: false };
}

function choose(wish) {
  const fresh = wish.kind && wish.kind !== asked.value.kind ? { of: TOGETHER } : {};
  asked.value = { ...asked.value, ...fresh, ...wish };
  history.replaceState(null, "", `${location.pathname}${location.search}#${writeAsked(asked.value)}`);
  if (!("of" in wish)) load();
}

/* ---------------------------------------------------------------- acts */

const ACTS = {
  kind: ({ value }) => choose({ kind: value }),
  by: ({ value }) => choose({ by: value }),
  span: ({ from, to }) => choose({ from, to }),
  column: ({ value }) => (column.value = column.value === value ? "" : value),
};

pressed(ACTS);
addEventListener("change", (event) => {
  const { name, value } = event.target;
  if (name === "of") choose({ of: value });
  if ((name === "from" || name === "to") && value) choose(inOrder(name, value));
});
addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", () => {
  asked.value = readAsked(location.hash);
  load();
});

/* One end beyond the other takes the other with it. */
function inOrder(name, value) {
  const shown = told.value.answer;
  const span = { from: asked.value.from || shown?.from || value, to: asked.value.to || shown?.to || value, [name]: value };
  return span.from <= span.to ? span : { from: value, to: value };
}

/* ---------------------------------------------------------------- drawing */

function dateIn(zone, seconds) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(seconds * 1000);
}

function timeIn(zone, seconds) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(seconds * 1000);
}

/* A half-hour by its clock, with the day where there are several; a day by its date. */
function spanText(row, answer) {
  if (answer.by === "day") return row.day;
  const clock = `${timeIn(answer.timezone, row.begins)}–${timeIn(answer.timezone, row.ends)}`;
  return answer.from === answer.to ? clock : `${row.day.slice(5)} ${clock}`;
}

function draw(lang) {
  const say = speaker(lang, OFFICE, REPORTS, WHY);
  const { answer: last, message, asking } = told.value;
  const answer = last && last.kind === asked.value.kind ? last : null;
  const moment = (seconds, zone) => `${dateIn(zone, seconds)} ${timeIn(zone, seconds)}`;
  const today = dateIn(last?.timezone, last?.time ?? Date.now() / 1000);
  document.title = say("report.page_title");
  const chosen = { asked: asked.value, column: column.value, session: session.value, settings: settings.value };
  render(html`<${Page} context=${{ say, lang, moment, spanText }} ...${{ ...chosen, answer, message, asking, today }} />`, document.body);
}

drawn(draw);
askWho();
load();
