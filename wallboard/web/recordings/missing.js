/* The tab of what is not as it should be: calls without recording, recordings in quarantine, odd files of the spools, odd recordings; and
how the archive is. */

import { html } from "../draw/html.js";
import { momentText } from "../campaigns/times.js";
import * as losses from "./losses.js";
import { clockText } from "./model.js";
import { agentText } from "./names.js";
import { Waiting } from "./page.js";

const PERCENT = 100;

export const { ACTS, FORMS } = losses;

export function paths(_words, may) {
  return { missing: "/api/recordings/missing", ...(may("recordings.dispose") ? { losses: losses.PATH } : {}) };
}

export function View({ context, told }) {
  const found = told.missing?.data;
  return html`
    ${told.floor?.data ? html`<${Health} ...${{ context, archive: told.floor.data }} />` : null}
    ${told.losses?.data ? html`<${losses.Losses} ...${{ context, found: told.losses.data }} />` : null}
    ${found ? html`
      <${Calls} ...${{ context, found }} />
      <${Files} ...${{ context, files: found.files }} />
      <${Troubled} ...${{ context, rows: found.troubled }} />` : html`<${Waiting} ...${{ context, asked: told.missing }} />`}`;
}

function Calls({ context, found }) {
  const { say, word, named } = context;
  const counts = Object.entries(found.counts).filter(([, n]) => n);
  return html`<section class="panel listed"><h2>${say("missing.calls")}</h2>
    <dl class="figures">${counts.map(([standing, n]) => html`<div key=${standing} data-warn=${standing === "missing" ? "" : null}>
      <dt>${word("standing", standing)}</dt>
      <dd>${standing === "missing" ? "▲ " : ""}${n}${n >= found.counted_most ? "+" : ""}</dd></div>`)}</dl>
    ${found.not_known.map(({ since, until }) => html`<p key=${since} data-not-known><b class="trouble-sign">▲ ${say("missing.not_known",
      { since: momentText(since, context), until: momentText(until, context) })}</b>
      ${" "}<small class="quiet">${say("missing.not_known_why")}</small></p>`)}
    ${found.calls.length ? html`<div class="scroll-x"><table
      class="found-table"><thead><tr>${["began", "agent", "queue", "call", "why"].map(
      (name) => html`<th key=${name} scope="col">${say(`missing.column.${name}`)}</th>`)}</tr></thead>
      <tbody>${found.calls.map((each) => html`<tr key=${`${each.node}/${each.call}`}>
        <td>${momentText(each.began, context)}</td><td>${agentText(named, each.agent) || "–"}</td>
        <td>${each.queue || "–"} <small class="quiet" title=${each.campaign}>${named("campaigns", each.campaign)}</small></td>
        <td><code>${each.call}</code></td>
        <td>${word("standing", each.standing)} <small
          class="quiet">${each.reason ? word("reason", each.reason) : say("missing.by", { rule: each.expected })}</small></td>
      </tr>`)}</tbody></table></div>` : found.not_known.length ? null : html`<p class="quiet">${say("missing.none")}</p>`}</section>`;
}

function Files({ context, files }) {
  const { say, word } = context;
  if (!files.length) return null;
  return html`<section class="panel listed"><h2>${say("missing.files")}</h2><ul class="rows">${files.map((file) => html`<li
    key=${file.name}>
    <code>${file.node}/${file.name}</code> ${file.trouble ? html`<span class="trouble-sign">▲ ${word("trouble", file.trouble)}</span>` : ""}
    <small class="quiet">${word("capture", file.standing)} · ${momentText(file.first_seen, context)} · ${file.size} B</small></li>`)}</ul>
  </section>`;
}

function Troubled({ context, rows }) {
  const { say, named } = context;
  if (!rows.length) return null;
  return html`<section class="panel listed"><h2>${say("missing.troubled")}</h2><ul class="rows">${rows.map((row) => html`<li key=${row.id}>
    <a class="link" href=${`#find&one=${row.id}`}>${momentText(row.began, context)}</a>
    <span>${agentText(named, row.agent) || "–"}</span> <span>${clockText(row.length_ms / 1000)}</span>
    ${row.trouble.map((trouble) => html`<span class="trouble-sign" key=${trouble}>▲ ${say(`trouble.${trouble}`)}</span>`)}</li>`)}</ul>
  </section>`;
}

function Health({ context, archive }) {
  const { say, word, lang } = context;
  return html`<section class="panel listed"><h2>${say("health.heading")}</h2><dl class="figures">
    ${archive.health.filter(({ name, value }) => name !== "checkpoint" || !value).map((each) => html`<div
      key=${each.name}><dt>${word("health", each.name.split(":")[0])}${" "}
      <small>${each.name.split(":").slice(1).join(":")}</small></dt><dd>${healthText(each)} <small
        class="quiet">${each.said ? each.said[lang] : each.text}</small></dd></div>`)}
    <div><dt>${say("health.log")}</dt><dd>${archive.log}</dd></div>
    <div><dt>${say("health.checkpoint")}</dt><dd>${archive.checkpoint === null ? say("health.unsigned")
      : `${archive.checkpoint} · ${momentText(archive.checkpoint_at, context)}`}</dd></div>
    <div><dt>${say("health.database")}</dt><dd>${archive.database}</dd></div>
  </dl></section>`;
}

/* Shares as per cent; everything else is a count or seconds. */
function healthText({ name, value }) {
  return name.startsWith("free") && value <= 1 ? `${Math.round(value * PERCENT)} %` : String(Math.round(value));
}
