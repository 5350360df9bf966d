/* What is on the stage: the recording that is heard and the score that is given, from the press that opens them to the one that closes.

Owns the Sound and the two signals that the page draws; not their drawing (player.js, score.js). */

import { signal } from "../vendor/signals-core.mjs";
import { speedBy } from "./model.js";
import { Sound } from "./sound.js";

const RECORDINGS = "/api/recordings";
const NOTHING = { id: "", base: RECORDINGS, listen: 0, urls: null, state: null, mark: null, stretch: null };

export const player = signal(NOTHING);
export const scoring = signal({ id: "", score: null });
let sound = null;

/* ---------------------------------------------------------------- hearing */

/* The board has written the listen down; the sound opens as soon as its place is drawn. `base`: where recordings are asked for. */
export function listened(id, answer, at, base = RECORDINGS) {
  closed();
  player.value = { ...NOTHING, id, base, listen: answer.listen, urls: answer, wished: at,
    state: { ready: false, failed: false, playing: false, at: 0, seconds: 0, speed: 1, skip: false, volume: [1, 1], sides: 1 } };
}

/* After each drawing: the waveform's element may be there now, or be another one. */
export function staged(means, one) {
  const { listen, urls, id, base } = player.value;
  const place = document.querySelector("[data-wave]");
  if (sound && place) recoloured(place);
  if (!listen || !place || sound || one?.row.id !== id) return;
  sound = new Sound({
    ...urls,
    spans: one.spans,
    comments: one.comments,
    colours: coloursOf(place),
    tell: (spans) => tellHeard(means, `${base}/${encodeURIComponent(id)}/heard`, listen, spans),
    changed: moved,
  });
  if (player.value.wished) sound.seek(player.value.wished);
  void sound.open(place);
}

export function remarked(one) {
  if (sound && one && one.row.id === player.value.id) sound.mark({ spans: one.spans, comments: one.comments });
}

export function closed() {
  sound?.close();
  sound = null;
  player.value = NOTHING;
}

export const toggle = () => sound?.toggle();
export const seek = (seconds) => sound?.seek(seconds);
export const by = (seconds) => sound?.seek(sound.state.at + seconds);
export const speed = (value) => sound?.speed(value);
export const faster = (steps) => sound?.speed(speedBy(sound.state.speed, steps));
export const skip = (value) => sound?.skip(value);
export const volume = (side, value) => sound?.volume(side, value);
export const now = () => sound?.state.at ?? 0;
export const leave = () => sound?.tellHeard();

export function mark() {
  if (!sound) return;
  player.value = { ...player.value, mark: player.value.mark === null ? ms(sound.state.at) : null, stretch: null };
  sound.stretch(marked());
}

/* What is marked is held fast, whatever plays on: it is what somebody says something about. */
export function stretched() {
  player.value = { ...player.value, stretch: marked()?.map(ms) || null };
}

export function unstretched() {
  player.value = { ...player.value, stretch: null };
}

const ms = (seconds) => Math.round(seconds * 1000);

/* Seconds, the earlier first; null: nothing is marked. */
function marked() {
  const { mark: since, stretch } = player.value;
  if (stretch) return stretch.map((at) => at / 1000);
  return since === null ? null : [since / 1000, sound.state.at].sort((one, other) => one - other);
}

function moved() {
  if (!sound) return;
  player.value = { ...player.value, state: sound.state };
  if (player.value.mark !== null) sound.stretch(marked());
}

/* It goes by fetch with keepalive, so that it arrives also when the page is left. */
function tellHeard({ session }, path, listen, spans) {
  const headers = { "Content-Type": "application/json", "X-Andon-CSRF": session.value?.csrf || "" };
  const body = JSON.stringify({ listen, spans });
  void fetch(path, { method: "POST", headers, body, keepalive: true }).catch(() => null);
}

const SIDES = { agent: ["agent", "customer"], customer: ["customer", "agent"] };
let theme = "";

function recoloured(place) {
  const now = document.documentElement.dataset.theme;
  if (now === theme) return;
  theme = now;
  sound.recolour(coloursOf(place));
}

/* A canvas knows no custom properties: they are read where it will stand. */
function coloursOf(place) {
  theme = document.documentElement.dataset.theme;
  const style = getComputedStyle(place);
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    cursor: of("--ink"),
    sides: SIDES[place.dataset.first].map((side) => of(`--wave-${side}`)),
    heard: SIDES[place.dataset.first].map((side) => of(`--wave-${side}-heard`)),
  };
}

/* ---------------------------------------------------------------- scoring */

export async function scoreOpened(means, number) {
  const { ok, data, message } = await means.ask(`/api/quality/scores/${number}`);
  if (ok) scoring.value = { id: data.recording, score: data };
  else means.said.value = { kind: "score", message, good: false };
}

export function scoreClosed() {
  scoring.value = { id: "", score: null };
}

/* An answer is shown at once and kept at once; what it comes to is what the board says. */
export async function answer(means, item, wish) {
  const { score } = scoring.value;
  if (!score || score.standing !== "open") return;
  const before = score.answers[item] || {};
  const said = { ...before, at_ms: Math.round(now() * 1000), ...wish };
  scoring.value = { ...scoring.value, score: { ...score, answers: { ...score.answers, [item]: said } } };
  const body = { answers: { [item]: said } };
  const kept = await means.ask(`/api/quality/scores/${score.id}`, { method: "POST", body, csrf: means.session.value?.csrf });
  const current = scoring.value.score;
  if (!current || current.id !== score.id) return;
  if (kept.ok) scoring.value = { ...scoring.value, score: { ...current, now: kept.data } };
  else means.said.value = { kind: "score", message: kept.message, good: false };
}
