/* How this screen wants its page: from the address, then from what was chosen here before, then from the board, then from the
browser. Pure.

?lang=zh|en &theme=dark|light|auto &distance=1..10 (metres) &turn=10..3600 (seconds a page) &zone=Asia/Shanghai
&dim=22:00-07:00@0.4 (night.js) &sound=1 &kiosk=1 */

import { readDim } from "./night.js";

export const LANGUAGES = ["en", "zh"];
export const THEMES = ["dark", "light", "auto"];

/* On a 55-inch screen; other sizes read well at a distance that grows with them. */
const DISTANCE = { least: 1, usual: 3, most: 10 };
const TURN_S = { least: 10, usual: 20, most: 3600 };

/* What a key changes, and so what is remembered. */
export const REMEMBERED = ["lang", "theme", "distance"];

/* plan: the board, as wallboard/boards.py says it; null before it is known. */
export function readSettings(search, stored, browserLanguages, plan) {
  const asked = new URLSearchParams(search);
  const planned = plan ? { lang: plan.language, theme: plan.theme, distance: plan.distance, zone: plan.zone } : {};
  const wish = (name) => asked.get(name) || stored[name] || planned[name];
  return {
    lang: LANGUAGES.includes(wish("lang")) ? wish("lang") : firstLanguage(browserLanguages),
    theme: THEMES.includes(wish("theme")) ? wish("theme") : "dark",
    distance: within(wish("distance"), DISTANCE),
    turn: within(asked.get("turn"), TURN_S),
    zone: asked.get("zone") || planned.zone || undefined,
    dim: readDim(asked.get("dim")) || (plan && plan.dim) || null,
    sound: asked.has("sound") ? asked.get("sound") === "1" : Boolean(plan && plan.sound),
    kiosk: asked.get("kiosk") === "1",
  };
}

export function nextOf(choices, current) {
  return choices[(choices.indexOf(current) + 1) % choices.length];
}

export function stepDistance(distance, by) {
  return within(distance + by, DISTANCE);
}

function firstLanguage(wanted) {
  const known = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => LANGUAGES.includes(tag));
  return known || "en";
}

function within(wish, { least, usual, most }) {
  const number = Number(wish);
  return wish && Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : usual;
}
