/* The page of breaks as it is drawn: teams and agents of today's ledger, what looks like a way round the rules with its evidence, and
the rules in plain words. A row is a question to talk about, never a verdict. */

import { html } from "../draw/html.js";
import { timeOfDay } from "../format.js";
import { textIn } from "../floor/told.js";
import { Top } from "../office/top.js";
import { COLUMNS, evenText, kindsOf, sortedBy, usedText, valueText } from "./ledger.js";

/* Moments of one row; the rest is counted. */
const TIMES_SHOWN = 8;

export function Page({ context, ledger, loopholes, plan, adherence, message, column, session, settings }) {
  const { say } = context;
  return html`<div class="page">
    <${Top} ...${{ context, session, settings, here: "breaks", printed: true }} />
    <main class="report breaks-report">
      ${message ? html`<p class="wrong" role="alert">${message}</p>` : null}
      ${ledger ? html`<${Told} ...${{ context, ledger, loopholes, plan, adherence, column }} />` : html`<p class="quiet" role="status">
        ${message ? "" : say("ledger.asking")}</p>`}
    </main>
  </div>`;
}

function Told({ context, ledger, loopholes, plan, adherence, column }) {
  const { say, lang } = context;
  return html`
    <h1>${say("ledger.heading", { day: ledger.day })}</h1>
    ${ledger.findings.length ? html`<ul class="findings panel">${ledger.findings.map((finding, place) => html`<li key=${place}>
      ${textIn(lang, finding.text)}</li>`)}</ul>` : null}
    <h2>${say("ledger.teams")}</h2>
    <${Table} ...${{ context, rows: ledger.teams, teams: true, column: "", label: say("ledger.teams") }} />
    <h2>${say("ledger.agents")}</h2>
    <${Table} ...${{ context, rows: sortedBy(ledger.agents, column), teams: false, column, label: say("ledger.agents") }} />
    ${adherence ? html`<${Adherence} ...${{ context, adherence }} />` : null}
    <h2>${say("loophole.heading")}</h2>
    <p class="quiet">${say("loophole.about")}</p>
    <${Loopholes} ...${{ context, found: loopholes?.found || [] }} />
    ${plan?.version ? html`<${Rules} ...${{ context, plan }} />` : null}`;
}

function Table({ context, rows, teams, column, label }) {
  const { say, word } = context;
  if (!rows.length) return html`<p class="quiet">${say("ledger.nobody")}</p>`;
  const kinds = kindsOf(rows);
  const head = (key) => (teams ? say(`ledger.column.${key}`) : html`<button type="button" data-act="column" data-value=${key}
    aria-pressed=${String(column === key)}>${say(`ledger.column.${key}`)}</button>`);
  return html`<div class="sheet whole panel" tabindex="0" role="region" aria-label=${label}>
    <table>
      <thead><tr>
        <th scope="col" class="who">${say(teams ? "ledger.team" : "ledger.agent")}</th>
        ${COLUMNS.map(({ key }) => html`<th key=${key} scope="col">${head(key)}</th>`)}
        ${kinds.map((kind) => html`<th key=${kind} scope="col">${say("ledger.used", { kind: word("kind", kind) })}</th>`)}
        ${teams ? html`<th scope="col">${say("ledger.column.even")}</th>` : null}
      </tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${row.agent || row.team}>
        <th scope="row" class="who cut" dir="auto">${teams ? row.team || say("ledger.no_team") : html`<span class="named"
          title=${row.name || row.agent}><span class="cut">${row.name || row.agent}</span>${" "}
          <small>${row.agent} ${row.team}</small></span>`}</th>
        ${COLUMNS.map(({ key, text }) => html`<td key=${key}>${text(row)}</td>`)}
        ${kinds.map((kind) => html`<td key=${kind}>${usedText(row, kind)}</td>`)}
        ${teams ? html`<td>${evenText(row)}</td>` : null}
      </tr>`)}</tbody>
    </table>
  </div>`;
}

/* Who does now what was not scheduled, with the excuse where there is one. Of whom nobody sees nothing is said: only how many they are. */
function Adherence({ context: { say, lang, zone }, adherence }) {
  const seen = adherence.agents.filter(({ now }) => now.judged !== "unseen");
  const odd = seen.filter(({ now }) => now.judged !== "right");
  const unseen = adherence.agents.length - seen.length;
  return html`<h2>${say("adherence.heading")}</h2>
    <p class="quiet">${say("adherence.right", { n: seen.length - odd.length, all: seen.length })}${unseen
      ? ` · ${say("adherence.unseen", { n: unseen })}` : ""}</p>
    ${odd.length ? html`<ul class="loopholes">${odd.map(({ agent, name, team, now }) => html`<li class="panel" key=${agent}
      data-judged=${now.judged}>
      <p><b>${say(`adherence.${now.judged}`)}</b> · <span dir="auto">${name || agent}</span> <small>${agent} ${team}</small></p>
      <p>${textIn(lang, now.text)}</p><p class="quiet">${say("adherence.since", { time: timeOfDay(now.begins, zone, false) })}</p>
    </li>`)}</ul>` : null}`;
}

function Loopholes({ context, found }) {
  const { say, word, lang, zone } = context;
  if (!found.length) return html`<p role="status">${say("loophole.none")}</p>`;
  return html`<ul class="loopholes">${found.map((row) => html`<li class="panel" key="${row.pattern} ${row.agent}"
    data-pattern=${row.pattern}>
    <p><b>${word("loophole", row.pattern)}</b> · <span dir="auto">${row.name || row.agent}</span>${" "}
      <small>${row.agent} ${row.team}</small></p>
    <p>${textIn(lang, row.text)}</p>
    <p class="quiet">${say("loophole.value", { value: valueText(row.value), usual: valueText(row.usual) })}
      ${row.times.length ? ` · ${row.times.slice(-TIMES_SHOWN).map((at) => timeOfDay(at, zone, false)).join(", ")}` : ""}
      ${row.times.length > TIMES_SHOWN ? ` ${say("list.more", { n: row.times.length - TIMES_SHOWN })}` : ""}</p>
  </li>`)}</ul>`;
}

function Rules({ context: { say, lang }, plan }) {
  return html`<details class="rules">
    <summary>${say("ledger.rules", { version: plan.version.slice(0, 8), by: plan.by })}</summary>
    <ul>${(plan.rules[lang] || []).map((line, place) => html`<li key=${place}>${line}</li>`)}</ul>
  </details>`;
}
