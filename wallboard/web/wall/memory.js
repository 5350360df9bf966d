/* What a key chose on this screen. Storage may be forbidden (even to name it throws) or full; the page then only forgets. */

const STORED = "andon.wall";

export function remembered() {
  try {
    return JSON.parse(localStorage.getItem(STORED)) || {};
  } catch {
    return {};
  }
}

export function remember(choices) {
  try {
    localStorage.setItem(STORED, JSON.stringify(choices));
  } catch {
    // as said above
  }
}
