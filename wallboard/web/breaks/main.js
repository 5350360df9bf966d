/* The page of breaks, put together: today's ledger, who is not where the roster says, ways round the rules, and the rules
themselves; asked anew each half minute.

The only file of this page that knows window, the address and the clock. */

import { signal } from "../vendor/signals-core.mjs";
import { html, render } from "../draw/html.js";
import { ask } from "../floor/ask.js";
import { refusalText } from "../floor/told.js";
import { askWho, drawn, pressed, session, settings, toLogin } from "../office/shell.js";
import { speaker } from "../words.js";
import { LEDGER } from "../words/ledger.js";
import { OFFICE } from "../words/office.js";
import { Page } from "./page.js";

/* A ledger is read, not watched: the floor page has what happens now. */
const EVERY_MS = 30_000;

const told = signal({ ledger: null, loopholes: null, plan: null, adherence: null, message: "" });
const column = signal("");
const zone = new URLSearchParams(location.search).get("zone") || undefined;

async function load() {
  const paths = ["/api/breaks/ledger", "/api/breaks/loopholes", "/api/plan", "/api/adherence"];
  const [ledger, loopholes, plan, adherence] = await Promise.all(paths.map((path) => ask(path)));
  if (ledger.status === 401) {
    toLogin();
    return;
  }
  const before = told.value;
  const say = speaker(settings.value.lang, LEDGER);
  const failed = refusalText(ledger, say) || say("ledger.failed");
  told.value = {
    ledger: ledger.ok ? ledger.data : before.ledger,
    loopholes: loopholes.ok ? loopholes.data : before.loopholes,
    plan: plan.ok ? plan.data : before.plan,
    adherence: adherence.ok ? adherence.data : before.adherence,
    message: ledger.ok ? "" : failed,
  };
}

const ACTS = {
  column: ({ value }) => (column.value = column.value === value ? "" : value),
};

pressed(ACTS);

function draw(lang) {
  const say = speaker(lang, OFFICE, LEDGER);
  const word = (table, key) => (say.knows(`${table}.${key}`) ? say(`${table}.${key}`) : key);
  document.title = say("ledger.page_title");
  render(html`<${Page} context=${{ say, word, lang, zone }} ...${{ ...told.value, column: column.value, session: session.value,
    settings: settings.value }} />`, document.body);
}

drawn(draw);
askWho();
load();
setInterval(() => document.hidden || load(), EVERY_MS);
