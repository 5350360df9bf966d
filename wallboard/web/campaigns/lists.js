/* Lists that are in force, and one number: who must not call it, who may, what is to be kept of it. */

import { html } from "../draw/html.js";
import { momentText } from "./times.js";

export function Lists({ context, told, answers, may }) {
  const { say, word } = context;
  const rows = told.lists.data.lists;
  return html`<h1>${say("lists.heading")}</h1>
    ${rows.length ? html`<div class="sheet whole panel" tabindex="0" role="region" aria-label=${say("lists.heading")}><table>
      <thead><tr>${["name", "kind", "numbers", "bad", "as_of", "age", "source", "version"].map((key) =>
        html`<th key=${key} scope="col">${say(`lists.${key}`)}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${row.name}><th scope="row" class="who">${row.name}</th>
        <td>${word("list_kind", row.kind)}</td><td>${row.numbers.toLocaleString("en-US")}</td><td>${row.bad}</td>
        <td>${momentText(row.as_of, context)}</td><td>${say("lists.days", { n: Math.floor(row.age_days) })}</td>
        <td class="cut">${row.source}</td><td><code>${row.version}</code></td></tr>`)}</tbody>
    </table></div>` : html`<p class="quiet">${say("lists.none")}</p>`}
    <h2>${say("number.heading")}</h2>
    <p class="quiet">${say("number.about")}</p>
    <form class="panel line-form" data-form="look" autocomplete="off">
      <label>${say("gate.number")} <input name="number" required maxlength="40" inputmode="tel" /></label>
      <button class="plain">${say("number.look")}</button>
    </form>
    <${Found} ...${{ context, answer: answers.look }} />
    ${may("numbers.manage") ? html`<${Keep} ...${{ context }} />` : null}
    ${may("campaigns.manage") ? html`<${Unblock} ...${{ context }} />` : null}`;
}

function Found({ context, answer }) {
  const { say, word } = context;
  if (!answer) return null;
  if (answer.message) return html`<p class="wrong" role="alert">${answer.message}</p>`;
  const { number, blocked, consents, lists } = answer.data;
  return html`<section class="panel number-said"><h2>${number}</h2>
    ${blocked.map((each, at) => html`<p key="b${at}" class="blocked">✕ ${say("number.blocked", { about: each.about,
      scope: word("scope", each.scope), time: momentText(each.at, context), source: word("source", each.source) })}</p>`)}
    ${lists.map((name) => html`<p key=${name} class="blocked">✕ ${say("number.listed", { list: name })}</p>`)}
    ${consents.map((each) => html`<p key=${each.id}>✓ ${say("number.consent", { client: each.client, basis: word("basis", each.basis),
      time: momentText(each.given, context) })} <code>${each.id}</code></p>`)}
    ${blocked.length + consents.length + lists.length ? null : html`<p class="quiet">${say("number.nothing")}</p>`}
  </section>`;
}

function Scope({ context: { say, word } }) {
  return html`<label>${say("number.scope")} <select name="scope">${["client", "campaign", "global"].map((each) =>
    html`<option key=${each} value=${each}>${word("scope", each)}</option>`)}</select></label>
    <label>${say("number.about_id")} <input name="about" maxlength="64" /></label>`;
}

function Keep({ context }) {
  const { say, word } = context;
  return html`<form class="panel line-form" data-form="block" autocomplete="off"><h3>${say("number.block")}</h3>
      <label>${say("gate.number")} <input name="number" required maxlength="40" inputmode="tel" /></label>
      <${Scope} ...${{ context }} />
      <label>${say("number.source")} <select name="source">${["complaint", "regulator", "api"].map((each) =>
        html`<option key=${each} value=${each}>${word("source", each)}</option>`)}</select></label>
      <label class="grow">${say("life.evidence")} <input name="evidence" maxlength="400" /></label>
      <button class="plain">${say("number.block")}</button></form>
    <form class="panel line-form" data-form="consent" autocomplete="off"><h3>${say("number.keep_consent")}</h3>
      <label>${say("gate.number")} <input name="number" required maxlength="40" inputmode="tel" /></label>
      <label>${say("number.client")} <input name="client" required maxlength="64" /></label>
      <label>${say("number.method")} <input name="method" maxlength="64" /></label>
      <label class="grow">${say("life.evidence")} <input name="evidence" required maxlength="400" /></label>
      <label><input type="checkbox" name="written" value="1" /> ${say("number.written")}</label>
      <button class="plain">${say("life.keep")}</button></form>`;
}

function Unblock({ context }) {
  const { say } = context;
  return html`<form class="panel line-form" data-form="unblock" autocomplete="off">
    <h3>${say("number.unblock")} <small>${say("campaigns.two")}</small></h3>
    <label>${say("gate.number")} <input name="number" required maxlength="40" inputmode="tel" /></label>
    <${Scope} ...${{ context }} />
    <label>${say("number.consent_id")} <input name="consent" required maxlength="64" /></label>
    <label class="grow">${say("life.reason")} <input name="reason" maxlength="400" /></label>
    <button class="plain">${say("number.unblock")}</button></form>`;
}
