/* Disposals as they are drawn: what may go together, what waits for approval, what went and its certificate. keeping.js has the presses. */

import { html } from "../draw/html.js";
import { dateText, momentText } from "../campaigns/times.js";
import { whoText } from "../floor/told.js";
import { spansText } from "./redactions.js";

export const dateOf = (seconds, { zone }) => dateText(seconds, zone);

export function Disposals({ context, told }) {
  const { say } = context;
  const rows = told.disposals.data.disposals;
  return html`
    <${Groups} ...${{ context, groups: told.groups?.data?.groups || [] }} />
    <section class="panel listed"><h2>${say("keeping.part.disposals")}</h2>
      ${rows.length ? html`<ul class="rows">${rows.map((each) => html`<${Row} key=${each.id} ...${{ context, each }} />`)}</ul>`
        : html`<p class="quiet">${say("disposal.none")}</p>`}</section>
    ${told.disposal?.data ? html`<${One} ...${{ context, one: told.disposal.data }} />` : null}`;
}

function Groups({ context, groups }) {
  const { say, named } = context;
  if (!groups.length) return html`<div class="note panel"><h2>${say("disposal.nothing")}</h2><p>${say("disposal.nothing_why")}</p></div>`;
  return html`<section class="panel listed"><h2>${say("disposal.may_go")}</h2><ul class="rows">${groups.map((each) =>
    html`<li key=${`${each.class}.${each.month}`}><b>${named("classes", each.class)} · ${each.month}</b>
      ${say("hold.items", { n: each.items })} ${each.more ? say("disposal.more") : null}
      <code>${each.sha256.slice(0, 12)}…</code>
      <form class="line-form" data-form="propose" data-value=${each.class} data-month=${each.month} data-sha=${each.sha256}>
        <input name="why" maxlength="500" aria-label=${say("life.reason")} placeholder=${say("life.reason")} />
        <button class="plain">${say("disposal.propose")}</button></form></li>`)}</ul></section>`;
}

/* A disposal or a wish to be erased: approved, refused and certified in the same way. */
export function Row({ context, each }) {
  const { say, lang } = context;
  return html`<li data-disposal=${each.id}>
    <button type="button" class="link" data-act="open" data-value=${each.id}>
      ${each.month ? `${context.named("classes", each.class)} · ${each.month}` : each.id}</button>
    ${each.redaction ? html`<b>${say("keeping.part.redactions")}</b> ${spansText(each.redaction.spans)}` : null}
    <b>${say(`disposal.${each.standing}`)}</b> ${say("hold.items", { n: each.items })}
    <small class="quiet">${momentText(each.at, context)} · ${whoText(each.by)} ${each.reason}</small>
    ${each.decide_by ? say("erase.by", { date: dateOf(each.decide_by, context) }) : null}
    ${each.trouble ? html`<span class="trouble-sign">▲ ${each.trouble[lang]}</span>` : null}
    ${each.standing === "proposed" ?
      html`${say("disposal.approved_by", { n: each.approvers.length, all: each.needed })} ${each.approvers.map(whoText).join(", ")}
      <button type="button" class="plain primary" data-act="approve" data-value=${each.id} data-sha=${each.sha256}>
        ${each.redaction ? say("redact.approve") : say("disposal.approve", { n: each.items })}</button>
      <form class="line-form" data-form="refuse" data-id=${each.id}><input name="why" required maxlength="500"
        aria-label=${say("disposal.refuse_why")} placeholder=${say("disposal.refuse_why")} />
        <button class="plain">${say("disposal.refuse")}</button></form>` : null}
    ${each.certificate ? html`<a class="link" href=${`/api/certificates/${each.id}/page?language=${lang}`} target="_blank">
      ${say("disposal.certificate")}</a>
      <a class="link" href=${`/api/certificates/${each.id}`} download=${`${each.id}.json`}>JSON</a>` : null}</li>`;
}

export function One({ context, one }) {
  const { say, lang } = context;
  return html`<section class="panel listed"><h2>${one.disposal.id}</h2>
    <dl class="figures">${Object.entries(one.counts).filter(([, n]) => n).map(([standing, n]) => html`<div key=${standing}>
      <dt>${say(`item.${standing}`)}</dt><dd>${n}</dd></div>`)}</dl>
    <ul class="rows">${one.items.map((item) => html`<li key=${item.id}><code>${item.id}</code> <b>${say(`item.${item.standing}`)}</b>
      <small class="quiet">${item.why.map((each) => each[lang]).join(" ")}</small></li>`)}</ul></section>`;
}
