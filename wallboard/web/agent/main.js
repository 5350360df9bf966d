/* The agent's page, put together: one row in, one thing to do out. What is pressed is asked of the board, and painted as done only
when the row says so.

The only file of this page beside link.js that knows window, the address and the clock. */

import { batch, effect, signal } from "../vendor/signals-core.mjs";
import { html, render } from "../draw/html.js";
import { answersOf } from "../floor/asked.js";
import { ask } from "../floor/ask.js";
import { hasChosen, keepPhone, keepSettings, readPhone, readSettings, reloadOnce } from "../floor/memory.js";
import { duration, knownZone } from "../format.js";
import { LANGUAGES, THEMES, nextOf } from "../settings.js";
import { speaker } from "../words.js";
import { AGENT } from "../words/agent.js";
import { callOf, momentOf, noMoreOf } from "./calling.js";
import { follow, local } from "./link.js";
import { countdown, isTimeToTell, sceneOf, signOf } from "./model.js";
import { Page } from "./page.js";
import { sayScene } from "./said.js";

/* The board is asked, and then has to show it: after so long without either the page says so. */
const PATIENCE_S = 10;

/* A new build waits until nobody has touched the page for so long. */
const RELOAD_AFTER_S = 60;

const { me, link, build, now, untilNextSecond, open, wake } = follow();
const settings = signal(readSettings());
const session = signal(null);
const second = signal(0);
const menu = signal(false);
const more = signal(false);
const kind = signal("");
const pressed = signal(null); // {deed, sign, at, answer}: what was asked, and how the row looked then
const refused = signal(null); // {message, reasons} of the last refusal
const seen = signal(new Set()); // messages whose button was pressed
const sheet = signal(null); // {dial, open}: of who opened or closed the sheet of that call
const step = signal(null); // {dial, what, code, at}: what the sheet asks before it is done
let toldAt = null;
let touched = -Infinity;
let coded = ""; // what was said of the last call
let spoken = { scene: "", text: "" };

/* ---------------------------------------------------------------- asking */

async function load() {
  const answer = await ask("/api/session");
  if (answer.ok) session.value = answer.data;
  else if (answer.status === 401) toLogin();
}

function toLogin() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
}

function post(path, body, key) {
  return ask(path, { method: "POST", body, csrf: session.value?.csrf, key });
}

function newKey() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

/* One at a time: what is under way has to be answered, and shown, before the next. */
async function press(deed, path, body) {
  if (pressed.value && !pressed.value.late) return;
  const mine = { deed, sign: me.value ? signOf(me.value, deed) : "", at: local(), answered: false, late: false };
  batch(() => {
    pressed.value = mine;
    refused.value = null;
  });
  const [item] = answersOf(await post(path, body, newKey()), [{ agent: "" }]);
  const good = item.verdict === "allow" || item.verdict === "queue";
  batch(() => {
    if (!good) refused.value = item;
    if (pressed.value === mine) pressed.value = good && shows(mine) ? { ...mine, answered: true } : null;
  });
}

/* Whether the row still looks as when it was pressed. */
function shows({ deed, sign }) {
  return Boolean(me.value) && signOf(me.value, deed) === sign;
}

/* Somebody touched the page or a key: the board is told now and then, so that an empty chair is known. */
function here() {
  touched = local();
  if (!session.value || link.value.phase !== "open" || !isTimeToTell(toldAt, local())) return;
  toldAt = local();
  post("/api/me/here", {}, newKey());
}

/* ---------------------------------------------------------------- acts */

const ACTS = {
  kind: ({ value }) => (kind.value = value),
  more: () => (more.value = !more.value),
  ask: ({ value }) => press("ask", "/api/me/break", { deed: "ask", kind: value }),
  withdraw: () => press("withdraw", "/api/me/break", { deed: "withdraw" }),
  take: () => press("take", "/api/me/break", { deed: "take" }),
  back: () => press("back", "/api/me/break", { deed: "back" }),
  card: () => press("card", "/api/me/card", { pause: true }),
  card_over: () => press("card", "/api/me/card", { pause: false }),
  logout: () => {
    menu.value = false;
    press("logout", "/api/me/logout", {});
  },
  seen: ({ id }) => {
    seen.value = new Set([...seen.value, id]);
    post(`/api/me/messages/${encodeURIComponent(id)}/seen`, {}, newKey());
  },
  sheet: ({ value }) => batch(() => {
    sheet.value = { dial: me.value.dial.dial, open: value === "open" };
    step.value = null;
  }),
  code: ({ value, means }) => means === "callback" ? askFirst("callback", value) : code(value),
  no_more: () => askFirst("no_more", ""),
  step: () => (step.value = null),
  block: () => {
    const { path, body } = noMoreOf(me.value);
    press("block", path, body);
  },
  dismiss: () => (refused.value = null),
  menu: () => (menu.value = !menu.value),
  language: () => dressed({ lang: nextOf(LANGUAGES, settings.value.lang) }),
  theme: () => dressed({ theme: nextOf(THEMES, settings.value.theme) }),
  sign_out: async () => {
    await ask("/api/session", { method: "DELETE", csrf: session.value?.csrf });
    toLogin();
  },
};

function code(value, callback = 0) {
  press("result", "/api/me/result", { dial: me.value.dial.dial, code: value, callback });
}

/* One thing at a time: when to call back, or whether it is meant. */
function askFirst(what, value) {
  step.value = { dial: me.value.dial.dial, what, code: value, at: now() };
}

function dressed(wish) {
  settings.value = { ...settings.value, ...wish };
  keepSettings(settings.value);
}

function click(event) {
  const button = event.target.closest?.("[data-act]");
  if (menu.value && !event.target.closest("[data-menu]") && button?.dataset.act !== "menu") menu.value = false;
  if (button && !button.disabled) ACTS[button.dataset.act](button.dataset);
}

function submit(event) {
  event.preventDefault();
  if (event.target.dataset.form === "callback") callBack(new FormData(event.target));
  else logIn(new FormData(event.target));
}

function callBack(said) {
  const at = momentOf(said.get("day"), said.get("time"), zoneOf(me.value));
  if (at !== null && step.value) code(step.value.code, at);
}

function logIn(said) {
  const phone = said.get("phone").trim();
  if (!phone) return;
  keepPhone(phone);
  press("login", "/api/me/login", { phone });
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
  const row = me.value;
  const { lang, theme } = settings.value;
  const root = document.documentElement;
  root.lang = lang === "zh" ? "zh-CN" : lang;
  root.dataset.theme = theme === "auto" ? (wantsDark.matches ? "dark" : "light") : theme;
  const say = speaker(lang, AGENT);
  const word = (table, key) => (say.knows(`${table}.${key}`) ? say(`${table}.${key}`) : key);
  const context = { say, word, lang, zone: zoneOf(row) };
  const at = now();
  speak(context, row, at);
  document.title = titleOf(context, row, at);
  const parts = {
    context, me: row, link: link.value, now: at, session: session.value, settings: settings.value, menu: menu.value, more: more.value,
    kind: kind.value, pressed: pressed.value, refused: refused.value, seen: seen.value, spoken: spoken.text, sheet: sheet.value,
    step: step.value,
    phone: row?.phone || row?.desk || readPhone(),
  };
  render(html`<${Page} ...${parts} />`, document.body);
}

/* Of the address, else of the floor; undefined: the screen's own. */
function zoneOf(row) {
  const wanted = settings.value.zone || row?.timezone || "";
  return wanted && knownZone(wanted) ? wanted : undefined;
}

/* The tab says it, too: the page is often behind another one. */
function titleOf({ say, word }, row, at) {
  if (!row) return say("agent.title");
  const { left, over } = countdown(row, at);
  const clock = left === null ? "" : ` ${over ? "+" : ""}${duration(left)}`;
  return sceneOf(row) === "ready" ? `${word("state", row.state)} · Andon` : `${say(`scene.${sceneOf(row)}`)}${clock} · Andon`;
}

/* What a screen reader hears: a sentence when the one thing to do has changed, and near the end of a break. */
function speak(context, row, at) {
  const found = row ? sayScene(context, row, at) : { scene: "", text: "" };
  if (`${found.scene} ${context.lang}` === spoken.scene) return;
  const first = spoken.scene === "";
  spoken = { scene: `${found.scene} ${context.lang}`, text: found.text };
  if (!first && found.calls && navigator.vibrate) navigator.vibrate(200);
}

/* ---------------------------------------------------------------- begin */

const wantsDark = matchMedia("(prefers-color-scheme: dark)");
wantsDark.addEventListener("change", schedule);
const ownBuild = document.querySelector("meta[name=andon-build]").content;

function tick() {
  second.value += 1;
  const waits = pressed.value;
  if (waits && !waits.late && local() - waits.at > PATIENCE_S) pressed.value = { ...waits, late: true };
  if (build.value && build.value !== ownBuild && local() - touched > RELOAD_AFTER_S) reloadOnce(build.value);
  setTimeout(tick, untilNextSecond() * 1000);
}

/* What was asked is over when the row shows it. */
effect(() => {
  const row = me.value;
  const waits = pressed.peek();
  if (row && waits && signOf(row, waits.deed) !== waits.sign) pressed.value = null;
});
/* What came of a call is a fact: its sheet has done its work. */
effect(() => {
  const row = me.value;
  const sign = row && callOf(row, now()) ? signOf(row, "result") : "";
  if (sign === coded) return;
  coded = sign;
  sheet.value = step.value = null;
});
effect(() => {
  if (me.value?.language && !hasChosen() && LANGUAGES.includes(me.value.language) && settings.peek().lang !== me.value.language)
    settings.value = { ...settings.peek(), lang: me.value.language };
});
effect(() => {
  if (link.value.phase === "refused" && link.value.code === 4401) toLogin();
});
effect(() => {
  for (const part of [me, link, session, settings, second, menu, more, kind, pressed, refused, seen, sheet, step]) void part.value;
  schedule();
});
addEventListener("click", click);
addEventListener("submit", submit);
addEventListener("keydown", (event) => {
  here();
  if (event.key === "Escape") menu.value = false;
});
addEventListener("pointerdown", here, { passive: true });
addEventListener("online", wake);
document.addEventListener("visibilitychange", wake);
load();
open();
tick();
