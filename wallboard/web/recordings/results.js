/* What scores say in sum, as it is drawn: always with its interval, and nobody in an order that too few contacts bear. */

import { html } from "../draw/html.js";
import { whoText } from "../floor/told.js";
import { agentText, wordsOf } from "./names.js";
import { points } from "./score.js";

const percent = (share) => `${Math.round(share * 100)} %`;

/* 86 % (72–94): a share without its interval is a guess that looks like knowledge. */
export function Share({ share }) {
  if (!share) return html`–`;
  return html`<b>${percent(share.share)}</b> <small class="quiet">${Math.round(share.low * 100)}–${Math.round(share.high * 100)}</small>`;
}

export function Operation({ context: { say }, operation, period, limited, may }) {
  if (limited) return html`<p class="quiet panel listed" data-limited>${say("results.limited")}</p>`;
  if (!operation) return html`<div
    class="note panel"><h2>${say("results.no_sample", { period })}</h2><p>${say("results.no_sample_why")}</p>
    ${may("quality.manage") ? html`<button type="button" class="plain primary" data-act="part"
      data-value="samples">${say("quality.part.samples")}</button>` : null}</div>`;
  return html`<section class="panel listed"><h2>${say("results.operation")} <small>${operation.period}</small></h2>
    <dl class="figures">
      <div><dt>${say("results.passed")}</dt><dd><${Share} share=${operation.passed} /></dd></div>
      ${Object.entries(operation.accuracy).map(([family, share]) => html`<div key=${family}><dt>${say(`results.accuracy.${family}`)}</dt>
        <dd><${Share} share=${share} /></dd></div>`)}
      <div><dt>${say("results.scored")}</dt><dd>${operation.scored} / ${operation.drawn}</dd></div>
      ${operation.covered === null || operation.covered === 1 ? null : html`<div data-warn="" data-covered>
        <dt>${say("results.covered")}</dt><dd>▲ ${percent(operation.covered)}</dd></div>`}
    </dl></section>`;
}

export function Agents({ context: { say, named }, agents, least }) {
  if (!agents.length) return html`<p class="quiet">${say("results.nobody")}</p>`;
  return html`<section class="panel listed"><h2>${say("results.agents")}</h2>
    <p class="quiet">${say("results.rank_why", { n: least })}</p>
    <div class="scroll-x"><table
      class="found-table"><thead><tr>${["rank", "agent", "contacts", "points", "passed", "training"].map((name) =>
      html`<th key=${name} scope="col">${say(`results.column.${name}`)}</th>`)}</tr></thead>
    <tbody>${agents.map((each) => html`<tr key=${each.agent}>
      <td class="number">${each.rank ?? "–"}</td><td>${agentText(named, each.agent)}</td><td class="number">${each.contacts}
        ${each.drawn < each.contacts ? html`<small class="quiet">${say("results.drawn", { n: each.drawn })}</small>` : null}</td>
      <td class="number">${points(each.points)}</td><td><${Share} share=${each.passed} /></td>
      <td>${Object.entries(each.training).map(([kpi, months]) => html`<b class="trouble-sign"
        key=${kpi}>▲ ${kpi}: ${months.join(", ")}</b>`)}</td>
    </tr>`)}</tbody></table></div></section>`;
}

export function Raters({ context: { say }, raters }) {
  if (!raters.length) return null;
  return html`<section class="panel listed"><h2>${say("results.raters")}</h2><ul class="rows">${raters.map((each) => html`<li
    key=${each.rater}>
    ${whoText(each.rater)} ${say("results.overturned", { n: each.overturned, all: each.decided })}
    ${each.calibrate ? html`<b class="trouble-sign">▲ ${say("results.calibrate")}</b>` : null}</li>`)}</ul></section>`;
}

const figure = (value) => (value === null || value === undefined ? "–" : value.toFixed(2));

/* What was answered by nobody else is neither good nor bad. */
const signOf = ({ p_o, passes }) => (p_o === null || p_o === undefined ? "" : passes ? "✓ " : "▲ ");

export function Compared({ context: { say, lang }, said }) {
  const { calibration, compared } = said;
  if (!compared) return html`<p class="quiet panel listed">${say("calibration.blind")}</p>`;
  return html`<section class="panel listed" data-calibration=${calibration.id}><h2>${calibration.name}${" "}
      ${compared.passes === null ? "" : compared.passes ? `✓ ${say("calibration.agree")}` : `▲ ${say("calibration.disagree")}`}</h2>
    ${compared.passes === false ? html`<p>${say("calibration.next")}</p>` : null}
    ${compared.missing.length ? html`<p class="quiet">
      ${say("calibration.missing", { who: compared.missing.map(whoText).join(", ") })}</p>` : null}
    <div class="scroll-x"><table class="found-table"><thead><tr>${["item", "p_o", "kappa", "gwet", "positive", "alpha"].map((name) =>
      html`<th key=${name} scope="col">${say(`calibration.column.${name}`)}</th>`)}</tr></thead>
    <tbody>${compared.items.map((item) => html`<tr key=${item.item}><td>${signOf(item)}${wordsOf(lang, { id: item.item, ...item })}</td>
      <td class="number">${figure(item.p_o)}</td><td class="number">${figure(item.weighted ?? item.kappa)}${" "}
        <small class="quiet">${say(`band.${item.band}`)}</small></td>
      <td class="number">${figure(item.ac1)}</td><td class="number">${figure(item.positive)}</td><td
        class="number">${figure(item.alpha)}</td>
    </tr>`)}</tbody></table></div>
    <p class="quiet">${say("calibration.paradox")}</p></section>`;
}
