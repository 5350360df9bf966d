/* What this browser remembers of how its reader wants the page. Storage may be forbidden or full; then it only forgets. */

import { LANGUAGES, THEMES } from "../settings.js";

const STORED = "andon.office";
const PHONE = "andon.phone";

/* The address is stronger than what was chosen here, and that is stronger than the browser. The office starts as the system
has it: light, unless somebody said dark. */
export function readSettings() {
  const asked = new URLSearchParams(location.search);
  const stored = readStored();
  const wish = (name, choices, usual) => [asked.get(name), stored[name]].find((each) => choices.includes(each)) || usual;
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => LANGUAGES.includes(tag));
  return { lang: wish("lang", LANGUAGES, spoken || "en"), theme: wish("theme", THEMES, "auto"), zone: asked.get("zone") || "" };
}

export function keepSettings({ lang, theme }) {
  try {
    localStorage.setItem(STORED, JSON.stringify({ lang, theme }));
  } catch {
    // as said above
  }
}

/* The phone at this desk, for listening and for logging in. */
export function readPhone() {
  try {
    return localStorage.getItem(PHONE) || "";
  } catch {
    return "";
  }
}

export function keepPhone(phone) {
  try {
    localStorage.setItem(PHONE, phone);
  } catch {
    // as said above
  }
}

/* Whether somebody has chosen a language here. */
export function hasChosen() {
  return LANGUAGES.includes(readStored().lang);
}

function readStored() {
  try {
    return JSON.parse(localStorage.getItem(STORED)) || {};
  } catch {
    return {};
  }
}

/* A page that is older than its board loads itself anew, once for each build. */
export function reloadOnce(build) {
  try {
    if (sessionStorage.getItem("andon.reloaded") === build) return;
    sessionStorage.setItem("andon.reloaded", build);
  } catch {
    return; // without a memory it could go round in circles
  }
  location.reload();
}
