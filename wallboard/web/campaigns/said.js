/* What came of the last press, and the shapes of a campaign's states. Pure drawing. */

import { html } from "../draw/html.js";

export function Said({ said }) {
  if (!said.message) return null;
  return html`<p class=${said.good ? "told" : "wrong"} role="alert" data-said=${said.kind}>${said.message}</p>`;
}

const SHAPES = { draft: "○", trial: "◐", review: "◇", formal: "●", stopped: "■", rectifying: "▣", settling: "▤", closed: "·" };

/* Shape, then word, then colour. */
export function State({ context: { word }, state }) {
  return html`<span class="campaign-state" data-state=${state}><span aria-hidden="true">${SHAPES[state] || "○"}</span>${" "}
    ${word("campaign_state", state)}</span>`;
}

/* A finding of the gate: what holds back first, then what let pass. */
export function Reasons({ context: { lang }, reasons }) {
  return html`<ul class="reasons">${reasons.map((each, at) => html`<li key=${at} data-verdict=${each.verdict}>
    <span aria-hidden="true">${each.verdict === "allow" ? "✓" : each.verdict === "defer" ? "◷" : "✕"}</span>${" "}
    ${each.text[lang] || each.rule} <code>${each.rule}</code></li>`)}</ul>`;
}

/* dial.hours.closed is about hours, ledger.rebuilding about the gate itself: what a card has room for. */
export function familyOf(rule) {
  const [first, second] = rule.split(".");
  return first === "dial" && second ? second : "gate";
}

/* {rule: n} as [[family, n], …], the most first. */
export function byFamily(denied) {
  const sums = new Map();
  for (const [rule, n] of Object.entries(denied)) sums.set(familyOf(rule), (sums.get(familyOf(rule)) || 0) + n);
  return [...sums].sort((one, other) => other[1] - one[1]);
}

export function nameOf(lang, row) {
  return (lang === "zh" && row.name_zh) || row.name || row.id;
}

/* The difference of two moments, as a person measures a stop. */
export function secondsText(seconds) {
  return seconds === null || seconds === undefined ? "–" : seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0);
}
