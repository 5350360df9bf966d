/* Alerts in the left column, and one of them in the details: what is so, since when, who looks after it, what came of it. */

import { html } from "../draw/html.js";
import { LevelShape } from "../draw/shapes.js";
import { count, DASH, duration, timeOfDay } from "../format.js";
import { isCleared, openAlerts } from "../alerting.js";
import { Timer } from "./timer.js";
import { textIn, whoText } from "./told.js";

/* More than so many are one trouble with many names; the rest is counted, and opens. */
const SHOWN = 5;

export function Alerts({ context, floor, at }) {
  const { say } = context;
  const open = openAlerts(floor.alerts);
  if (!open.length) return null;
  return html`<section class="panel alerts" aria-label=${say("alerts.title")}>
    <h2>${say("alerts.title")}</h2>
    ${open.slice(0, SHOWN).map((alert) => html`<${Line} key=${alert.id} ...${{ context, alert, at }} />`)}
    ${open.length > SHOWN ? html`<details class="rest">
      <summary class="quiet place">${say("list.more", { n: open.length - SHOWN })}</summary>
      ${open.slice(SHOWN).map((alert) => html`<${Line} key=${alert.id} ...${{ context, alert, at }} />`)}</details>` : null}
  </section>`;
}

function Line({ context: { say, lang }, alert, at }) {
  return html`<button type="button" class="line ${isCleared(alert) ? "quiet" : ""}" data-act="inspect" data-kind="alert" data-id=${alert.id}
    aria-pressed=${String(at?.kind === "alert" && at.id === alert.id)} title=${textIn(lang, alert.text)}>
    ${isCleared(alert) ? html`<span class="shape" />` : html`<${LevelShape} level=${alert.severity}
      label=${say(`level.${alert.severity}`)} />`}
    <span class="grow cut" dir="auto">${textIn(lang, alert.text) || alert.subject}</span>
    <small>${alert.acknowledged ? say("alerts.taken") : ""}</small>
  </button>`;
}

/* In the details; `may`: whether this reader may take it. */
export function AlertView({ context, row: alert, may, asking }) {
  const { say, lang, zone, agentName } = context;
  const clock = (at) => (at === null || at === undefined ? DASH : timeOfDay(at, zone));
  const lines = [
    ...(alert.value === null ? [] : [["value", count(Math.round(alert.value * 100) / 100)]]),
    ["since", clock(alert.since)],
    ["cleared", isCleared(alert) ? clock(alert.cleared) : say("alerts.still")],
    ["times", count(alert.times)],
    ["acknowledged", whoText(alert.acknowledged) || DASH],
    ["owner", alert.owner ? agentName(whoText(alert.owner)) : DASH],
    ["outcome", alert.outcome || DASH],
  ];
  const open = alert.closed === null || alert.closed === undefined;
  return html`
    <p class="now ${isCleared(alert) ? "" : alert.severity}">
      <${LevelShape} level=${alert.severity} label=${say(`level.${alert.severity}`)} />
      <b>${textIn(lang, alert.text)}</b> ${isCleared(alert)
        ? html`<span class="timer">${duration(alert.cleared - alert.since)}</span>`
        : html`<${Timer} since=${alert.since} limit=${null} node=${null} />`}</p>
    <dl class="facts">${lines.map(([name, value]) => html`<dt key=${name}>${say(`alerts.${name}`)}</dt><dd>${value}</dd>`)}</dl>
    ${alert.evidence?.length ? html`<h3>${say("alerts.evidence")}</h3><ul class="reasons">${alert.evidence.map((each) => html`<li
      key=${each} dir="auto">${agentName(each)}</li>`)}</ul>` : null}
    ${may && open ? html`<form class="take" data-form="alert" data-id=${alert.id}>
      <p class="buttons">
        <button type="submit" class="plain" value="acknowledge" disabled=${asking || Boolean(alert.acknowledged)}>
          ${say("alerts.acknowledge")}</button>
        <button type="submit" class="plain" value="own" disabled=${asking}>${say("alerts.own")}</button>
      </p>
      <label class="field"><span>${say("alerts.outcome_ask")}</span><input name="text" maxlength="500" /></label>
      <p class="buttons"><button type="submit" class="plain" value="close" disabled=${asking}>${say("alerts.close")}</button></p>
    </form>` : null}`;
}
