/* What the pages that are read at a desk share below their drawing: language, theme, who is signed in, and the keys of their top.

Not what a page asks for and shows: that is its own main.js. These two alone know window, document and the address. */

import { effect, signal } from "../vendor/signals-core.mjs";
import { ask } from "../floor/ask.js";
import { keepSettings, readSettings } from "../floor/memory.js";
import { LANGUAGES, THEMES, nextOf } from "../settings.js";

export const settings = signal(readSettings());
export const session = signal(null);

const wantsDark = matchMedia("(prefers-color-scheme: dark)");

export const TOP_ACTS = {
  print: () => print(),
  language: () => change({ lang: nextOf(LANGUAGES, settings.value.lang) }),
  theme: () => change({ theme: nextOf(THEMES, settings.value.theme) }),
  sign_out: async () => {
    await ask("/api/session", { method: "DELETE", csrf: session.value?.csrf });
    location.assign("/login");
  },
};

function change(wish) {
  settings.value = { ...settings.value, ...wish };
  keepSettings(settings.value);
}

/* And back to the same place afterwards. */
export function toLogin() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.hash)}`);
}

/* What is pressed, by its data-act. `acts`: the page's own. */
export function pressed(acts) {
  addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) (TOP_ACTS[button.dataset.act] || acts[button.dataset.act])(button.dataset);
  });
}

/* Draws now, and anew when a signal that `draw(lang)` reads has another value. */
export function drawn(draw) {
  const dress = () => {
    const { lang, theme } = settings.value;
    const root = document.documentElement;
    root.lang = lang === "zh" ? "zh-CN" : lang;
    root.dataset.theme = theme === "auto" ? (wantsDark.matches ? "dark" : "light") : theme;
    draw(lang);
  };
  wantsDark.addEventListener("change", dress);
  effect(dress);
}

export async function askWho() {
  const { ok, data } = await ask("/api/session");
  session.value = ok ? data : null;
}
