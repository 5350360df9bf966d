/* Recordings in quarantine as they are drawn and given up: one person proposes with a reason, another confirms the list that is shown. */

import { html } from "../draw/html.js";
import { momentText } from "../campaigns/times.js";
import { whoText } from "../floor/told.js";
import { dateOf } from "./disposals.js";
import { agentText } from "./names.js";

export const PATH = "/api/losses";

/* Nothing is drawn while nothing is in quarantine and nothing was ever given up. */
export function Losses({ context, found }) {
  const { say } = context;
  if (!found.quarantined && !found.proposals.length) return null;
  const free = found.recordings.filter((row) => !row.proposal && !row.discs.length).length;
  return html`<section class="panel listed" data-losses><h2>${say("losses.heading")}</h2>
    ${found.quarantined ? html`<dl class="figures"><div data-warn=""><dt>${say("health.quarantined")}</dt>
      <dd>▲ ${found.quarantined}${found.quarantined >= found.counted_most ? "+" : ""}</dd></div></dl>
      <p>${say("losses.back")}</p>` : null}
    <ul class="rows">${found.recordings.map((row) => html`<${Row} key=${row.id} ...${{ context, row }} />`)}
      ${free > 1 ? html`<li key="all"><form class="line-form" data-form="lose"><${Why} ...${{ say, name: "losses.why" }} />
        <button class="plain">${say("losses.propose_all")}</button></form></li>` : null}</ul>
    ${found.proposals.length ? html`<h3>${say("losses.proposals")}</h3>
      <ul class="rows">${found.proposals.map((each) => html`<${Proposal} key=${each.id} ...${{ context, each }} />`)}</ul>` : null}
  </section>`;
}

function Row({ context, row }) {
  const { say } = context;
  return html`<li data-lost=${row.id}>
    <a class="link" href=${`#find&one=${row.id}`}>${momentText(row.began, context)}</a>
    <span>${agentText(context.named, row.agent) || "–"}</span>
    <code>${row.where}</code>
    ${row.copies.map(({ vault, checked_at }) => html`<small class="quiet" key=${vault}>
      ${say("losses.copy", { vault, date: dateOf(checked_at, context) })}</small>`)}
    ${row.holds ? html`<span class="hold-sign">▣ ${say("losses.holds", { n: row.holds })}</span>` : null}
    ${row.discs.length ? html`<b>${say("losses.discs", { discs: row.discs.join(", ") })}</b>` : null}
    ${row.proposal ? html`<small class="quiet">${say("losses.listed", { id: row.proposal })}</small>` :
      html`<form class="line-form" data-form="lose" data-id=${row.id}><${Why} ...${{ say, name: "losses.why" }} />
        <button class="plain">${say("losses.propose")}</button></form>`}</li>`;
}

function Proposal({ context, each }) {
  const { say } = context;
  const waits = each.standing === "proposed";
  const n = { proposed: each.items.length, done: each.lost, refused: each.listed }[each.standing];
  return html`<li data-loss=${each.id} data-left=${waits ? null : ""}><code>${each.id}</code>
    <b>${say(`losses.${each.standing}`)}</b> ${say("hold.items", { n })}
    <small class="quiet">${momentText(each.at, context)} · ${whoText(each.by)} · ${each.reason}</small>
    ${each.holds.map((hold) => html`<span class="hold-sign" key=${hold.id}>▣ ${hold.matter}${" "}
      <small>${say("losses.tell", { who: hold.custodian })}</small></span>`)}
    ${each.discs.map((disc) => html`<b class="trouble-sign" key=${disc.id}>▲ ${say("losses.discs", { discs: disc.id })}</b>`)}
    ${waits ? html`
      <details><summary>${say("losses.which")}</summary>
        <ul>${each.items.map((id) => html`<li key=${id}><code>${id}</code></li>`)}</ul></details>
      <button type="button" class="plain primary" data-act="confirmLoss" data-value=${each.id} data-sha=${each.sha256}>
        ${say("losses.confirm", { n })}</button>
      <form class="line-form" data-form="keepLoss" data-id=${each.id}><${Why} ...${{ say, name: "losses.refuse_why" }} />
        <button class="plain">${say("disposal.refuse")}</button></form>` : null}</li>`;
}

function Why({ say, name }) {
  return html`<input name="why" required maxlength="500" aria-label=${say(name)} placeholder=${say(name)} autocomplete="off" />`;
}

/* ---------------------------------------------------------------- what is pressed */

const of = (id) => `${PATH}/${encodeURIComponent(id)}`;

export const ACTS = {
  confirmLoss: ({ value, sha }, means) => means.press(`${of(value)}/confirm`, { sha256: sha }, "loss"),
};

export const FORMS = {
  lose: ({ why }, { id }, means) => means.press(PATH, { why, ids: id ? [id] : [] }, "loss"),
  keepLoss: ({ why }, { id }, means) => means.press(`${of(id)}/refuse`, { why }, "loss"),
};
