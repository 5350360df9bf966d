/* The page of breaks, put together: today's ledger, who is not where the roster says, ways round the rules, and the rules
themselves; asked anew each half minute.

The only file of this page that knows window, the address and the clock. */

import { effect, signal } from "../vendor/signals-core.mjs";
import { html, render } from "../draw/html.js";
import { ask } from "../floor/ask.js";
import { keepSettings, readSettings } from "../floor/memory.js";
import { refusalText } from "../floor/told.js";
import { LANGUAGES, THEMES, nextOf } from "../settings.js";
import { speaker } from "../words.js";
import { LEDGER } from "../words/ledger.js";
import { Page } from "./page.js";

/* A ledger is read, not watched: the floor page has what happens now. */
const EVERY_MS = 30_000;

const settings = signal(readSettings());
const session = signal(null);
const told = signal({ ledger: null, loopholes: null, plan: null, adherence: null, message: "" });
const column = signal("");
const zone = new URLSearchParams(location.search).get("zone") || undefined;

async function load() {
  const paths = ["/api/breaks/ledger", "/api/breaks/loopholes", "/api/plan", "/api/adherence"];
  const [ledger, loopholes, plan, adherence] = await Promise.all(paths.map((path) => ask(path)));
  if (ledger.status === 401) {
    location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
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
  print: () => print(),
  language: () => dressed({ lang: nextOf(LANGUAGES, settings.value.lang) }),
  theme: () => dressed({ theme: nextOf(THEMES, settings.value.theme) }),
};

function dressed(wish) {
  settings.value = { ...settings.value, ...wish };
  keepSettings(settings.value);
}

addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) ACTS[button.dataset.act](button.dataset);
});

function draw() {
  const { lang, theme } = settings.value;
  const root = document.documentElement;
  root.lang = lang === "zh" ? "zh-CN" : lang;
  root.dataset.theme = theme === "auto" ? (wantsDark.matches ? "dark" : "light") : theme;
  const say = speaker(lang, LEDGER);
  const word = (table, key) => (say.knows(`${table}.${key}`) ? say(`${table}.${key}`) : key);
  document.title = say("ledger.page_title");
  render(html`<${Page} context=${{ say, word, lang, zone }} ...${{ ...told.value, column: column.value, session: session.value,
    settings: settings.value }} />`, document.body);
}

const wantsDark = matchMedia("(prefers-color-scheme: dark)");
wantsDark.addEventListener("change", draw);
effect(draw);
ask("/api/session").then(({ ok, data }) => (session.value = ok ? data : null));
load();
setInterval(() => document.hidden || load(), EVERY_MS);
