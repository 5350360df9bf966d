/* The statement of a campaign (结算单): a row a day, the sum, who confirmed it. Prints on A4 in black and white. */

import { html } from "../draw/html.js";
import { whoText } from "../floor/told.js";
import { duration } from "../format.js";
import { nameOf } from "./said.js";

const COLUMNS = ["dials", "connected", "live", "abandoned", "machines", "talk_s", "denied", "deferred", "complaints", "recorded"];
const SIDES = ["ours", "client"];

function headOf(made) {
  return { campaign: made.campaign, client: made.client, contract: made.contract || "–", span: `${made.first} – ${made.last}` };
}

export function Statement({ context, told, may }) {
  const { say, lang } = context;
  const made = told.statement.data;
  const row = told.campaigns?.data?.campaigns.find(({ id }) => id === made.campaign) || { id: made.campaign };
  const cells = (each) => COLUMNS.map((key) => html`<td key=${key}>${key === "talk_s" ? duration(each[key]) : each[key]}</td>`);
  const codes = Object.entries(made.total.results);
  return html`<article class="statement">
    <h1>${say("statement.heading")} <small>${nameOf(lang, row)}</small></h1>
    <dl class="figures wide">
      ${Object.entries(headOf(made)).map(([key, text]) => html`<div key=${key}><dt>${say(`statement.${key}`)}</dt><dd>${text}</dd></div>`)}
    </dl>
    <div class="sheet whole panel" tabindex="0" role="region" aria-label=${say("statement.heading")}><table>
      <thead><tr><th scope="col" class="who">${say("statement.day")}</th>
        ${COLUMNS.map((key) => html`<th key=${key} scope="col">${say(`statement.${key}`)}</th>`)}</tr></thead>
      <tbody>${made.rows.map((each) => html`<tr key=${each.day}><th scope="row" class="who">${each.day}</th>${cells(each)}</tr>`)}</tbody>
      <tfoot><tr><th scope="row" class="who">${say("statement.sum")}</th>${cells(made.total)}</tr></tfoot>
    </table></div>
    ${codes.length ? html`<p>${say("statement.results")}: ${codes.map(([code, n]) => `${code} ${n}`).join(" · ")}</p>` : null}
    <p class="quiet">${say("statement.digest")} <code>${made.digest}</code></p>
    <ul class="sides">${SIDES.map((side) => html`<li key=${side} class="panel">
      <h2>${say(`statement.${side}`)}</h2>
      <p>${made.confirmed[side]
        ? `☑ ${say("statement.confirmed", { who: whoText(made.confirmed[side]) })}` : `☐ ${say("statement.open")}`}</p>
      <p class="sign">${say("statement.sign")}</p>
      ${!made.confirmed[side] && may("campaigns.manage") ? html`<form class="line-form" data-form="confirm" data-id=${made.campaign}>
        <input type="hidden" name="digest" value=${made.digest} /><input type="hidden" name="side" value=${side} />
        <label class="grow">${say("life.evidence")} <input name="evidence" maxlength="400" required=${side === "client"} /></label>
        <button class="plain">${say("statement.confirm")}</button></form>` : null}
    </li>`)}</ul>
    ${made.frozen ? html`<p role="status"><b>▤ ${say("statement.frozen")}</b></p>` : null}
  </article>`;
}
