/* The board of campaigns: a card each, with its state, today against its caps, abandonment against its limit, refusals by rule. */

import { html } from "../draw/html.js";
import { count, duration, shareDown, shareUp, target, timeOfDay } from "../format.js";
import { byFamily, nameOf, secondsText, State } from "./said.js";

/* Rules on a card; the campaign's own page has all of them. */
const RULES_SHOWN = 3;

export function Board({ context, told, may }) {
  const { say } = context;
  const all = told.campaigns.data;
  return html`
    <h1>${say("campaigns.heading")}</h1>
    ${all.stopped || all.stop_took_s !== null ? html`<${AllStopped} ...${{ context, all, may }} />` : null}
    ${all.campaigns.length ? html`<ul class="campaign-cards">${all.campaigns.map((row) => html`<${Card} key=${row.id}
      ...${{ context, row }} />`)}</ul>` : html`<div class="note panel">
      <h2>${say("campaigns.none")}</h2><p>${say("campaigns.none_why")}</p></div>`}`;
}

function AllStopped({ context: { say }, all, may }) {
  return html`<section class="panel stop-panel" aria-label=${say("campaigns.all_stopped")}>
    ${all.stopped ? html`<h2>■ ${say("campaigns.all_stopped")} <small>${all.stopped_by}</small></h2>` : null}
    <p role="status">${all.stopping ? say("stop.ringing") : all.stop_took_s !== null
      ? say("stop.took", { seconds: secondsText(all.stop_took_s), n: all.stop_rang }) : ""}</p>
    ${all.stopped && may("campaigns.manage") ? html`<form data-form="resume">
      <label>${say("campaigns.resume_why")} <input name="reason" required maxlength="200" /></label>
      <button class="plain">${say("campaigns.resume")}</button> <small>${say("campaigns.two")}</small>
    </form>` : null}
  </section>`;
}

function Card({ context, row }) {
  const { say, lang, zone } = context;
  const rules = byFamily(row.denied);
  return html`<li class="panel campaign-card" data-campaign=${row.id} data-state=${row.state}>
    <h2><button type="button" class="link" data-act="one" data-value=${row.id}><span dir="auto">${nameOf(lang, row)}</span></button>${" "}
      <small>${row.id} · ${row.client}</small></h2>
    <p><${State} ...${{ context, state: row.state }} />
      ${row.since ? html` <small>${say("campaigns.since", { time: timeOfDay(row.since, zone, false) })}</small>` : null}</p>
    <dl class="figures">
      <${Figure} name=${say("figure.dials")} value=${count(row.dials)} of=${row.dials_cap} say=${say} />
      <${Figure} name=${say("figure.connected")} value=${count(row.connected)} of=${null} say=${say}
        note=${row.dials ? shareDown(row.connect_rate) : ""} />
      <${Figure} name=${say("figure.abandoned")} value=${shareUp(row.abandon_rate)} say=${say} of=${null}
        note=${limitText(say, row)} warn=${row.abandon_rate !== null && row.abandon_rate > (row.abandon_target ?? 1)} />
      <${Figure} name=${say("figure.talk")} value=${duration(row.talk_s)} of=${null} say=${say} />
    </dl>
    ${rules.length ? html`<h3>${say("campaigns.refused_today")}</h3><ul class="refusals">${rules.slice(0, RULES_SHOWN).map(([rule, n]) =>
      html`<li key=${rule}><b>${n}</b> <span class="cut">${context.word("rule", rule)}</span></li>`)}
      ${rules.length > RULES_SHOWN ? html`<li class="quiet">${say("list.more", { n: rules.length - RULES_SHOWN })}</li>` : null}</ul>`
      : html`<p class="quiet">${say("campaigns.nothing_refused")}</p>`}
  </li>`;
}

export function limitText(say, { abandon_limit: limit }) {
  return limit === null || limit === undefined ? "" : say("figure.limit", { limit: target(limit) });
}

export function Figure({ name, value, of, note, warn, say }) {
  return html`<div data-warn=${warn ? "" : null}><dt>${name}</dt>
    <dd>${warn ? "▲ " : ""}${value}${of ? html` <small>${say("figure.of", { most: of })}</small>` : null}
      ${note ? html` <small>${note}</small>` : null}</dd>
  </div>`;
}
