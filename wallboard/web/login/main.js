/* The page to sign in, put together. The counterpart of wallboard/session_handlers.py.

Neither token nor password stays anywhere in the browser: the board answers with a session that no script can read. Knows
window and the address. */

import { effect, signal } from "../vendor/signals-core.mjs";
import { homeOf, ownPath, refusalOf } from "../after.js";
import { html, render } from "../draw/html.js";
import { ask } from "../floor/ask.js";
import { hasChosen, keepSettings, readSettings } from "../floor/memory.js";
import { LANGUAGES, THEMES, nextOf } from "../settings.js";
import { speaker } from "../words.js";
import { LOGIN } from "../words/login.js";
import { Page } from "./page.js";

const settings = signal(readSettings());
const shown = signal({ byToken: false, asking: false, wrong: "", caps: false, session: null, home: "" });
const wantsLight = matchMedia("(prefers-color-scheme: light)");

function show(changes) {
  shown.value = { ...shown.value, ...changes };
}

function choose(changes) {
  settings.value = { ...settings.value, ...changes };
  keepSettings(settings.value);
}

/* Where the page that sent us here wants us back, else the page of the role. */
function wanted(session) {
  return homeOf(session) && (ownPath(new URLSearchParams(location.search).get("next"), location.origin) || homeOf(session));
}

/* ---------------------------------------------------------------- acts */

async function submit(event) {
  event.preventDefault();
  if (shown.value.asking) return;
  const { byToken } = shown.value;
  const said = new FormData(event.target);
  const body = byToken ? { token: said.get("token").trim() } : { user: said.get("user").trim(), password: said.get("password") };
  show({ asking: true, wrong: "" });
  const answer = await ask("/api/session", { method: "POST", body });
  show({ asking: false, wrong: answer.ok ? "" : refusalOf(answer, byToken) });
  if (answer.ok) enter(answer.data);
  else focusOn("input[type=password]");
}

/* By replacing, so that going back does not lead to a form that is done with. */
function enter(session) {
  if (session.language && !hasChosen()) choose({ lang: session.language });
  const to = wanted(session);
  if (to) location.replace(to);
  else show({ session, home: "" });
}

async function signOut() {
  const answer = await ask("/api/session", { method: "DELETE", csrf: shown.value.session.csrf });
  if (answer.ok || answer.status === 401) show({ session: null, wrong: "" });
  else show({ wrong: answer.status === 0 ? "unreachable" : "failed" });
  focusOn("input");
}

const acts = {
  submit,
  signOut,
  goOn: () => location.replace(shown.value.home),
  other: () => {
    show({ byToken: !shown.value.byToken, wrong: "" });
    focusOn("input");
  },
  key: (event) => {
    const caps = Boolean(event.getModifierState && event.getModifierState("CapsLock"));
    if (caps !== shown.value.caps) show({ caps });
  },
  language: () => choose({ lang: nextOf(LANGUAGES, settings.value.lang) }),
  theme: () => choose({ theme: nextOf(THEMES, settings.value.theme) }),
};

/* ---------------------------------------------------------------- drawing */

function focusOn(selector) {
  const field = document.querySelector(selector);
  if (!field) return;
  field.focus();
  field.select();
}

function dress() {
  const { lang, theme } = settings.value;
  const root = document.documentElement;
  root.lang = lang === "zh" ? "zh-CN" : lang;
  root.dataset.theme = theme === "auto" ? (wantsLight.matches ? "light" : "dark") : theme;
}

effect(() => {
  dress();
  const say = speaker(settings.value.lang, LOGIN);
  document.title = say("login.title");
  render(html`<${Page} ...${{ say, settings: settings.value, shown: shown.value, acts }} />`, document.body);
});
wantsLight.addEventListener("change", dress);
focusOn("input");

const known = await ask("/api/session");
if (known.ok) show({ session: known.data, home: wanted(known.data) });
