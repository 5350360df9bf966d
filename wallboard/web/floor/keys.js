/* What a key asks for: one table, and chords of two (g q). Pure; main.js does what is asked. */

/* As many seconds may lie between the keys of a chord. */
export const CHORD_S = 1.5;

const KEYS = {
  j: "down", ArrowDown: "down", k: "up", ArrowUp: "up", ArrowLeft: "left", ArrowRight: "right",
  Home: "first", End: "last", PageDown: "page_down", PageUp: "page_up",
  Enter: "inspect", x: "select", "/": "search", "?": "explain", Escape: "back", i: "inspector", t: "theme",
  p: "pause", u: "ready", l: "listen", w: "whisper", b: "barge", m: "message", h: "hangup", z: "undo",
};
const SHIFTED = { L: "language", S: "stop_dialling", J: "extend_down", ArrowDown: "extend_down", K: "extend_up", ArrowUp: "extend_up" };
const CHORDS = { q: "go_queues", a: "go_agents", c: "go_calls", n: "go_nodes" };
const FIRST_OF_CHORD = "g";

export const NO_CHORD = Object.freeze({ began: -Infinity });

/* {act, chord}: act is a name or null; chord is to be given with the next key. */
export function asked(chord, { key, shift }, now) {
  if (now - chord.began < CHORD_S) return { act: CHORDS[key] || null, chord: NO_CHORD };
  if (key === FIRST_OF_CHORD) return { act: null, chord: { began: now } };
  return { act: (shift && SHIFTED[key]) || KEYS[key] || null, chord: NO_CHORD };
}
