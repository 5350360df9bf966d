/* How this screen wants its page: from the address, then from what was chosen here before, then from the browser. Pure.

?lang=zh|en &theme=dark|light|auto &distance=1..8 (metres) &turn=10..3600 (seconds a page) &zone=Asia/Shanghai */

export const LANGUAGES = ["en", "zh"];
export const THEMES = ["dark", "light", "auto"];

/* On a 55-inch screen; other sizes read well at a distance that grows with them. */
const DISTANCE = { least: 1, usual: 3, most: 8 };
const TURN_S = { least: 10, usual: 20, most: 3600 };

/* What a key changes, and so what is remembered. */
export const REMEMBERED = ["lang", "theme", "distance"];

export function readSettings(search, stored, browserLanguages) {
  const asked = new URLSearchParams(search);
  const wish = (name) => asked.get(name) || stored[name];
  return {
    lang: LANGUAGES.includes(wish("lang")) ? wish("lang") : firstLanguage(browserLanguages),
    theme: THEMES.includes(wish("theme")) ? wish("theme") : "dark",
    distance: within(wish("distance"), DISTANCE),
    turn: within(asked.get("turn"), TURN_S),
    zone: asked.get("zone") || undefined,
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
