/* Ask the gate: what it would say to a number, now or later, and every rule that it looked at. Nothing is dialled or counted by it. */

import { html } from "../draw/html.js";
import { nameOf, Reasons } from "./said.js";
import { momentText } from "./times.js";

const METHODS = ["manual", "preview", "progressive", "predictive"];

export function Gate({ context, told, answers }) {
  const { say, word, lang } = context;
  const all = told.campaigns.data.campaigns;
  return html`<h1>${say("gate.heading")}</h1>
    <p class="quiet">${say("gate.about")}</p>
    <form class="panel line-form" data-form="gate" autocomplete="off">
      <label>${say("gate.number")} <input name="number" required maxlength="40" inputmode="tel" pattern="[0-9+*#\\(\\) .\\/\\-]+" /></label>
      <label>${say("gate.campaign")} <select name="campaign" required>${all.map((row) => html`<option key=${row.id} value=${row.id}>
        ${nameOf(lang, row)} (${row.id})</option>`)}</select></label>
      <label>${say("gate.method")} <select name="method">${METHODS.map((each) => html`<option key=${each} value=${each}>
        ${word("method", each)}</option>`)}</select></label>
      <label>${say("gate.at")} <input name="at" type="datetime-local" /></label>
      <label>${say("gate.agent")} <input name="agent" maxlength="64" /></label>
      <button class="plain">${say("gate.ask")}</button>
    </form>
    <${Answer} ...${{ context, answer: answers.gate }} />`;
}

function Answer({ context, answer }) {
  if (!answer) return null;
  if (answer.message) return html`<p class="wrong" role="alert">${answer.message}</p>`;
  const { say, word } = context;
  const said = answer.data;
  return html`<section class="panel gate-said" data-verdict=${said.verdict} aria-live="polite">
    <h2>${word("verdict", said.verdict)} <small>${said.number}</small></h2>
    ${said.ready ? html`<p class="wrong">${say("gate.not_ready", { why: said.ready })}</p>` : null}
    ${said.until ? html`<p>${say("gate.until", { time: momentText(said.until, context) })}</p>` : null}
    <dl class="figures wide">
      <div><dt>${say("gate.kind")}</dt><dd>${word("number_kind", said.kind)} ${said.country} ${said.regions.join(", ")}</dd></div>
      <div><dt>${say("gate.local")}</dt><dd>${localText(said)}</dd></div>
      <div><dt>${say("gate.presets")}</dt><dd>${said.presets.join(", ") || "–"}</dd></div>
      ${said.ring_s ? html`<div><dt>${say("gate.ring")}</dt><dd>${said.ring_s} s</dd></div>` : null}
    </dl>
    <${Reasons} ...${{ context, reasons: said.reasons }} />
  </section>`;
}

/* A toll-free number may be in forty zones: a few, and how many more. */
const ZONES_SHOWN = 3;

function localText({ local, zones }) {
  const shown = local.slice(0, ZONES_SHOWN).map((each, at) => `${each.replace("T", " ").slice(0, 16)} (${zones[at]})`);
  return shown.join(", ") + (local.length > ZONES_SHOWN ? ` +${local.length - ZONES_SHOWN}` : "") || "–";
}
