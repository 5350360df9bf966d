/* One campaign: what it does now, how fast it may, what was refused and why, its life, what may be done next. */

import { html } from "../draw/html.js";
import { whoText } from "../floor/told.js";
import { count, duration, shareUp } from "../format.js";
import { Figure, limitText } from "./board.js";
import { Chart, runningRates } from "./chart.js";
import { nameOf, Reasons, secondsText, State } from "./said.js";
import { momentText } from "./times.js";

export function One({ context, told, may }) {
  const { say, lang } = context;
  const one = told.one.data;
  const pace = told.pace?.data;
  const row = told.campaigns?.data?.campaigns.find(({ id }) => id === one.id);
  return html`
    <h1><span dir="auto">${nameOf(lang, one)}</span> <small>${one.id} · ${one.client}</small></h1>
    <p><${State} ...${{ context, state: one.state }} /> <small>${one.since ? momentText(one.since, context) : ""}</small>${" "}
      · <button type="button" class="link" data-act="statement" data-value=${one.id}>${say("campaigns.statement")}</button></p>
    <${Stop} ...${{ say, stop: one.stop, state: one.state }} />
    ${row ? html`<dl class="figures wide panel">
      <${Figure} name=${say("figure.dials")} value=${count(row.dials)} of=${row.dials_cap} say=${say} />
      <${Figure} name=${say("figure.connected")} value=${count(row.connected)} say=${say} />
      <${Figure} name=${say("figure.live")} value=${count(row.live)} of=${row.contacts_cap} say=${say} />
      <${Figure} name=${say("figure.abandoned")} value=${shareUp(row.abandon_rate)} say=${say}
        note=${limitText(say, row)} />
      <${Figure} name=${say("figure.talk")} value=${duration(row.talk_s)} say=${say} />
      <${Figure} name=${say("figure.results")} value=${resultsText(one)} say=${say} />
    </dl>` : null}
    ${pace ? html`<${Pace} ...${{ context, pace }} />` : null}
    <${Curves} ...${{ context, one, row }} />
    <${Refused} ...${{ context, refused: one.refused }} />
    <${Life} ...${{ context, one, may }} />`;
}

function resultsText({ results }) {
  return Object.entries(results).map(([code, n]) => `${code} ${n}`).join(" · ") || "–";
}

function Stop({ say, stop, state }) {
  if (stop.stopping) return html`<p class="panel stop-panel" role="status">■ ${say("stop.ringing")}</p>`;
  if (stop.took_s === null || state !== "stopped") return null;
  const took = say("stop.took", { seconds: secondsText(stop.took_s), n: stop.rang });
  return html`<p class="panel stop-panel" role="status" data-stop-took>■ ${took}</p>`;
}

function Pace({ context, pace }) {
  const { say, word } = context;
  return html`<section class="pace">
    <h2>${say("pace.heading")}</h2>
    <p><b>${word("method", pace.method)}</b> · ${pace.lines ? say("pace.lines", { n: pace.lines, flying: pace.in_flight })
      : say("pace.reserved")} · ${say("pace.ready", { n: pace.ready })}</p>
    <${Reasons} ...${{ context, reasons: pace.reasons }} />
  </section>`;
}

function Refused({ context, refused }) {
  const { say, lang } = context;
  return html`<section>
    <h2>${say("campaigns.refused_today")}</h2>
    ${refused.length ? refused.map((by) => html`<details key=${by.rule} class="panel refused-by" data-rule=${by.rule}>
      <summary><b>${by.times}</b> ${by.text[lang]}${" "}
        <code>${by.rule}</code></summary>
      <ul>${by.examples.map((example) => html`<li key=${example.dial}>
        <p><b>${example.shown}</b> ${momentText(example.at, context)}${example.agent ? ` · ${example.agent}` : ""}${" "}
          <small>${example.dial}</small></p>
        <${Reasons} ...${{ context, reasons: example.reasons }} /></li>`)}</ul>
    </details>`) : html`<p class="quiet">${say("campaigns.nothing_refused")}</p>`}
  </section>`;
}

/* ---------------------------------------------------------------- its life */

const MENDS = ["stopped", "rectifying"];

function Life({ context, one, may }) {
  const { say } = context;
  return html`
    ${one.steps.length ? html`<${Proposed} ...${{ context, one, may }} />` : null}
    ${may("campaigns.manage") ? html`<${Next} ...${{ context, one }} />` : null}
    ${one.items.length || MENDS.includes(one.state) ? html`<${Items} ...${{ context, one, may }} />` : null}
    ${may("results.keep") ? html`<form class="panel line-form" data-form="complaint" data-id=${one.id}>
      <label class="grow">${say("life.complaint")} <input name="text" maxlength="400" required /></label>
      <button class="plain">${say("life.keep")}</button></form>` : null}
    <section><h2>${say("life.heading")}</h2><ol class="moves">${one.moves.map((move, at) => html`<li key=${at}>
      ${momentText(move.at, context)} · <${State} ...${{ context, state: move.before }} /> → <${State} ...${{ context, state: move.to }} />
      · ${whoText(move.who)}${move.second ? ` + ${whoText(move.second)}` : ""} ${move.why ? html`<code>${move.why}</code>` : null}
      ${move.reason} ${move.evidence}</li>`)}
    </ol></section>`;
}

function Proposed({ context, one, may }) {
  const { say } = context;
  return html`<section class="panel steps"><h2>${say("life.waiting")}</h2><ul>${one.steps.map((step) => html`<li key=${step.id}>
    <${State} ...${{ context, state: step.to }} /> ${say("life.proposed", { who: whoText(step.who) })} · ${step.reason} ${step.evidence}
    ${may("campaigns.manage") ? html` <button type="button" class="plain" data-act="withdraw" data-value=${step.id}>
      ${say("life.withdraw")}</button>` : null}
  </li>`)}</ul></section>`;
}

function Curves({ context: { say }, one, row }) {
  const lines = { limit: row?.abandon_limit ?? null, aim: row?.abandon_target ?? null, say };
  return html`<section class="curves">
    <${Chart} ...${{ ...lines, points: runningRates(one.minutes), label: say("chart.hour") }} />
    <${Chart} ...${{ ...lines, points: one.days, label: say("chart.days") }} />
  </section>`;
}

function Next({ context, one }) {
  const { say, word } = context;
  const steps = one.next.filter(({ to }) => to !== "stopped");
  if (!steps.length) return null;
  return html`<form class="panel line-form" data-form="step" data-id=${one.id}>
    <label>${say("life.next")} <select name="to" required>${steps.map(({ to, two }) => html`<option key=${to} value=${to}>
      ${word("campaign_state", to)}${two ? ` (${say("campaigns.two")})` : ""}</option>`)}</select></label>
    <label class="grow">${say("life.reason")} <input name="reason" maxlength="400" /></label>
    <label class="grow">${say("life.evidence")} <input name="evidence" maxlength="400" /></label>
    <button class="plain">${say("life.do")}</button>
  </form>`;
}

function Items({ context, one, may }) {
  const { say } = context;
  return html`<section class="panel items"><h2>${say("items.heading")}</h2>
    <ul>${one.items.map((item) => html`<li key=${item.id} data-done=${item.done ? "" : null}>
      <p>${item.done ? "☑" : "☐"} <span dir="auto">${item.text}</span> · ${item.owner} · ${item.due} ${item.evidence}</p>
      ${!item.done && may("campaigns.manage") ? html`<form class="line-form" data-form="item" data-id=${one.id}>
        <input type="hidden" name="item" value=${item.id} /><input type="hidden" name="done" value="1" />
        <label class="grow">${say("items.evidence")} <input name="evidence" required maxlength="400" /></label>
        <button class="plain">${say("items.done")}</button></form>` : null}</li>`)}</ul>
    ${may("campaigns.manage") ? html`<form class="line-form" data-form="item" data-id=${one.id}>
      <label class="grow">${say("items.text")} <input name="text" required maxlength="400" /></label>
      <label>${say("items.owner")} <input name="owner" required maxlength="64" /></label>
      <label>${say("items.due")} <input name="due" type="date" required /></label>
      <button class="plain">${say("items.add")}</button></form>` : null}
  </section>`;
}
