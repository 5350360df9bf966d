/* The list of recordings as it is drawn: what is asked for above it, a row each, older ones behind a key. */

import { html } from "../draw/html.js";
import { lastDayOf, momentText } from "../campaigns/times.js";
import { clockText } from "./model.js";
import { agentText, titleOf } from "./names.js";

/* What a field's ids are called by (names.js). */
const LISTED = { agent: "agents", campaign: "campaigns", class: "classes", outcome: "outcomes" };
const DIRECTIONS = ["inbound", "outbound", "internal"];
const TROUBLES = ["empty", "short", "silent", "orphan", "repaired", "one_sided", "unreadable", "doubled"];

export function Search({ context: { say, named }, words, counts, answers }) {
  const facets = counts?.facets || {};
  const field = (name, more = {}) => html`<label>${say(`find.${name}`)}
    <input name=${name} value=${words[name] || ""} maxlength="64" autocomplete="off"
      list=${facets[name] ? `list-${name}` : null} ...${more} />
    ${facets[name] ? html`<datalist id=${`list-${name}`}>${facets[name].map(([value]) => html`<option
      key=${value} value=${value} label=${named(LISTED[name], value)} />`)}</datalist>` : null}</label>`;
  const choice = (name, among, word) => html`<label>${say(`find.${name}`)}
    <select name=${name}><option value="">–</option>${among.map((each) => html`<option key=${each} value=${each}
      selected=${words[name] === each}>${say(`${word}.${each}`)}</option>`)}</select></label>`;
  return html`<section class="panel search-panel" aria-label=${say("find.heading")}>
    <form class="line-form" data-form="search">
      ${field("agent")}${field("queue")}${field("campaign")}
      ${field("since", { type: "datetime-local" })}${field("until", { type: "datetime-local" })}
      <details><summary>${say("find.more")}</summary><div class="line-form">
        ${field("shortest_s", { type: "number", min: 0 })}${field("longest_s", { type: "number", min: 0 })}
        ${field("outcome")}${field("class")}${field("tag")}
        ${field("score_from", { type: "number", min: 0, max: 100 })}${field("score_to", { type: "number", min: 0, max: 100 })}
        ${choice("trouble", TROUBLES, "trouble")}
        ${field("client")}${choice("direction", DIRECTIONS, "direction")}
        <label class="check"><input type="checkbox" name="held" value="true" checked=${words.held === "true"} /> ${say("find.held")}</label>
        ${field("call")}
      </div></details>
      <button class="plain primary">${say("find.do")}</button>
      <button type="button" class="plain" data-act="clear">${say("find.clear")}</button>
    </form>
    <details><summary>${say("find.number")}</summary><form class="line-form" data-form="number">
      <label>${say("find.number")} <input name="number" required maxlength="32" autocomplete="off" inputmode="tel" /></label>
      <label class="grow">${say("find.number_why")} <input name="why" required maxlength="200" autocomplete="off" /></label>
      <button class="plain">${say("find.do")}</button>
      <small class="quiet">${say("find.number_logged")}</small>
      ${answers.number?.message ? html`<p class="wrong" role="alert">${answers.number.message}</p>` : null}
    </form></details>
  </section>`;
}

/* A page looks back only so far; where it found nothing, the next one goes on from there by itself (find.js). */
function Nothing({ context, found }) {
  const { say } = context;
  if (found.next) return html`<p class="quiet panel found" role="status">${say("find.looking", {
    until: found.looked_back_to ? momentText(found.looked_back_to, context) : "" })}</p>`;
  return html`<div class="note panel"><h2>${say("find.none")}</h2><p>${say("find.none_why")}</p></div>`;
}

export function List({ context, words, found }) {
  const { say } = context;
  if (!found.recordings.length) return html`<${Nothing} ...${{ context, found }} />`;
  return html`<section class="panel found" aria-label=${say("find.list")}>
    <div class="scroll-x"><table class="found-table">
      <thead><tr>${["began", "agent", "queue", "length", "number", "outcome", "class", "kept", "listens", "score"].map((name) =>
        html`<th key=${name} scope="col">${say(`list.${name}`)}</th>`)}</tr></thead>
      <tbody>${found.recordings.map((row) => html`<${Row} key=${row.id} ...${{ context, row, chosen: words.one === row.id }} />`)}</tbody>
    </table></div>
    <p class="pages">
      ${words.after ? html`<button type="button" class="plain" data-act="newest">${say("find.newest")}</button>` : null}
      ${found.next ? html`<button type="button" class="plain" data-act="older" data-value=${found.next}>
        ${say("find.older")}</button>` : null}
    </p>
  </section>`;
}

function Row({ context, row, chosen }) {
  const { say, named } = context;
  return html`<tr aria-selected=${String(chosen)} data-id=${row.id}>
    <td><button type="button" class="link" data-act="one" data-value=${row.id}>${momentText(row.began, context)}</button></td>
    <td><span dir="auto">${agentText(named, row.agent) || "–"}</span></td>
    <td>${row.queue || (row.campaign ? "" : "–")}${" "}
      <small class="quiet" title=${row.campaign}>${named("campaigns", row.campaign)}</small></td>
    <td class="number">${clockText(row.length_ms / 1000)} ${row.trouble.map((trouble) =>
      html`<span key=${trouble} class="trouble-sign">▲ ${say(`trouble.${trouble}`)}</span>`)}</td>
    <td>${row.number || "–"}</td>
    <td class="cut named" title=${titleOf(named, "outcomes", row.outcome)}>${named("outcomes", row.outcome) || "–"}</td>
    <td class="cut named" title=${titleOf(named, "classes", row.class)}>${named("classes", row.class) || "–"}</td>
    <td>${row.keep_until ? lastDayOf(row.keep_until, context) : say("facts.no_end")}${row.holds
      ? html` <b class="hold-sign" title=${say("facts.held", { n: row.holds })}>▣</b>` : null}</td>
    <td class="number">${row.listens}</td>
    <td class="number">${row.score === null ? "–" : row.score.toFixed(1)}</td>
  </tr>`;
}
