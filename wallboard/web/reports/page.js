/* The page of reports as it is drawn: choices, chart, table, and what a column means. What a click does is main.js. */

import { html } from "../draw/html.js";
import { count, DASH, duration } from "../format.js";
import { Top } from "../office/top.js";
import { Chart, SERIES } from "./chart.js";
import { addressOf, chosen, EACH, FINENESS, KINDS, quickSpans, TOGETHER, written } from "./span.js";

const TEXT = { count, duration, dash: DASH };

export function Page({ context, asked, answer, message, asking, column, session, settings, today }) {
  return html`<div class="page">
    <${Top} ...${{ context, session, settings, here: "reports" }} />
    <main class="report">
      <${Choices} ...${{ context, asked, answer, today }} />
      ${message ? html`<p class="wrong" role="alert">${message}</p>` : null}
      ${answer ? html`<${Told} ...${{ context, asked, answer, column }} />` : null}
      ${asking && !answer ? html`<p class="quiet" role="status">${context.say("report.asking")}</p>` : null}
    </main>
  </div>`;
}

/* ---------------------------------------------------------------- what is asked */

function Choices({ context: { say, lang }, asked, answer, today }) {
  const from = asked.from || answer?.from || today;
  const to = asked.to || answer?.to || today;
  const file = (format) => addressOf({ ...asked, from, to }, { format, lang });
  return html`<form class="choices panel" data-form aria-label=${say("report.choices")}>
    <${Group} label=${say("report.of")}>
      ${KINDS.map((kind) => html`<${Choice} act="kind" value=${kind} on=${asked.kind === kind} word=${say(`report.${kind}`)} />`)}
    <//>
    <${Group} label=${say("report.days")}>
      ${quickSpans(today).map(([name, first, last]) => html`<${Choice}
        act="span" from=${first} to=${last} on=${first === from && last === to} word=${say(`report.${name}`)} />`)}
    <//>
    <label>${say("report.from")} <input type="date" name="from" value=${from} max=${today} /></label>
    <label>${say("report.to")} <input type="date" name="to" value=${to} max=${today} /></label>
    <${Group} label=${say("report.fineness")}>
      ${FINENESS.map((by) => html`<${Choice} act="by" value=${by} on=${asked.by === by} word=${say(`report.by_${by}`)} />`)}
    <//>
    <label>${say("report.show")} <${Whom} ...${{ say, asked, rows: answer ? answer.sums.filter((row) => row.of) : [] }} /></label>
    <span class="grow"></span>
    ${["csv", "xlsx"].map((format) => html`<a class="plain file" href=${file(format)} download>${format.toUpperCase()}</a>`)}
    <button type="button" class="plain" data-act="print">${say("report.print")}</button>
  </form>`;
}

function Group({ label, children }) {
  return html`<div role="group" aria-label=${label}>${children}</div>`;
}

function Choice({ act, value, from, to, on, word }) {
  const data = { "data-act": act, "data-value": value, "data-from": from, "data-to": to };
  return html`<button type="button" class="plain" ...${data} aria-pressed=${String(on)}>${word}</button>`;
}

function Whom({ say, asked, rows }) {
  const option = (value, word) => html`<option key=${value} value=${value} selected=${asked.of === value}>${word}</option>`;
  const called = (row) => (row.name === row.of ? row.of : `${row.name} (${row.of})`);
  return html`<select name="of">
    ${option(TOGETHER, say("report.together"))}
    ${option(EACH, say(`report.each_${asked.kind}`))}
    ${rows.map((row) => option(row.of, called(row)))}
  </select>`;
}

/* ---------------------------------------------------------------- what is told */

function Told({ context, asked, answer, column }) {
  const { say, moment } = context;
  const { rows, sums } = chosen(answer, asked.of);
  const span = answer.from === answer.to ? answer.from : `${answer.from} – ${answer.to}`;
  const title = `${say(`report.${asked.kind}`)}, ${span}`;
  const charted = asked.kind === "queues" && asked.of !== EACH && rows.length > 1;
  return html`
    <h1>${title}</h1>
    <p class="quiet">${say("report.as_of", { time: moment(answer.time, answer.timezone), zone: answer.timezone })}${" "}
      ${answer.began && answer.began > answer.from ? say("report.began", { day: answer.began }) : null}</p>
    ${charted ? html`<${Figure} ...${{ context, rows, answer, title }} />` : null}
    <p class="formula panel" role="status" data-formula>${column ? formula(say, column) : say("report.ask_column")}</p>
    ${rows.length
      ? html`<${Table} ...${{ context, asked, answer, rows, sums, column, title }} />`
      : html`<p class="quiet" role="status">${say("report.nothing")}</p>`}`;
}

function isStill(row) {
  return !Object.values(row.figures).some(Boolean);
}

function formula(say, column) {
  const key = column.startsWith("spent_") ? "spent" : column;
  return `${columnWord(say, column)}: ${say(`why.formula.${key}`)}`;
}

function columnWord(say, key) {
  return key.startsWith("spent_") ? say(`why.input.${key.slice(6, -2)}`) : say(`report.column.${key}`);
}

function Figure({ context: { say, spanText }, rows, answer, title }) {
  const told = (row, name) => `${say(`report.column.${name}`)} ${row.figures[name]}`;
  const titleOf = (row) => `${spanText(row, answer)}: ${SERIES.map((name) => told(row, name)).join(", ")}`;
  return html`<figure class="panel">
    <${Chart} rows=${rows} titleOf=${titleOf} label=${say("report.chart", { title })} />
    <figcaption>
      ${SERIES.map((name) => html`<span key=${name}>
        <i class=${`key-${name}`} aria-hidden="true"></i>${say(`report.column.${name}`)}
      </span>`)}
      <span class="grow"></span>
      <span class="quiet">${spanText(rows[0], answer)} … ${spanText(rows.at(-1), answer)}</span>
    </figcaption>
  </figure>`;
}

function Table({ context, asked, answer, rows, sums, column, title }) {
  const { say, spanText } = context;
  const names = asked.of !== TOGETHER;
  const head = ({ key }) => html`<th key=${key} scope="col">
    <button type="button" data-act="column" data-value=${key} aria-pressed=${String(column === key)}>${columnWord(say, key)}</button>
  </th>`;
  const cells = (row) => answer.columns.map(({ key, unit }) => html`<td key=${key}>${written(row.figures[key], unit, TEXT)}</td>`);
  const who = (row) => (names ? html`<td class="who cut" dir="auto">${row.of ? row.name || row.of : say("report.together")}</td>` : null);
  return html`<div class="sheet panel" tabindex="0" role="region" aria-label=${title}>
    <table>
      <thead><tr>
        <th scope="col">${say("report.time")}</th>
        ${names ? html`<th scope="col" class="who">${say(`report.one_${asked.kind}`)}</th>` : null}
        ${answer.columns.map(head)}
      </tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${`${row.day} ${row.begins} ${row.of}`} class=${isStill(row) ? "still" : ""}>
        <th scope="row">${spanText(row, answer)}</th>${who(row)}${cells(row)}
      </tr>`)}</tbody>
      <tfoot>${sums.map((row) => html`<tr key=${row.of}><th scope="row">${say("report.sum")}</th>${who(row)}${cells(row)}</tr>`)}</tfoot>
    </table>
  </div>`;
}
