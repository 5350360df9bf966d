/* Below the one thing to do: messages, what was used of each break, the next meeting, the shift, and who has listened. */

import { html } from "../draw/html.js";
import { duration, timeOfDay } from "../format.js";
import { heardOf, kindsOf, meetingsOf, messagesOf, quotasOf } from "./model.js";

export function Day(parts) {
  return html`<${Messages} ...${parts} /><${Quotas} ...${parts} /><${Coming} ...${parts} /><${Heard} ...${parts} />`;
}

function Messages({ context: { say, zone }, me, seen, off }) {
  const all = messagesOf(me);
  if (!all.length) return null;
  return html`<section class="messages" aria-label=${say("messages.title")}>
    ${all.map((message) => html`<article key=${message.id} class="message panel ${message.seen ? "read" : ""}" data-message=${message.id}>
      <p class="text" dir="auto">${message.text}</p>
      <p class="quiet"><span dir="auto">${message.who}</span> · ${timeOfDay(message.at, zone, false)}</p>
      ${message.seen ? null : html`<button type="button" class="second" data-act="seen" data-id=${message.id}
        disabled=${off || seen.has(message.id)}>${say(seen.has(message.id) ? "agent.asked" : "messages.seen")}</button>`}
    </article>`)}
  </section>`;
}

function Quotas({ context: { say, word }, me, now }) {
  const rows = quotasOf(kindsOf(me, now));
  if (!rows.length) return null;
  return html`<section class="quotas" aria-label=${say("quota.title")}>
    <h2>${say("quota.title")}</h2>
    ${rows.map((row) => html`<div class="quota" key=${row.kind} data-kind=${row.kind}>
      <span class="label">${word("kind", row.kind)}</span>
      <span class="value">${row.quota === null ? duration(row.used) : say("quota.minutes", { used: Math.floor(row.used / 60),
        of: Math.round(row.quota / 60) })}${row.times === null ? "" : ` · ${say("quota.times", { n: row.taken, of: row.times })}`}</span>
      ${row.quota === null ? null : html`<span class="bar ${row.spent ? "spent" : ""}" aria-hidden="true">
        <i style=${{ width: `${row.share * 100}%` }} /></span>`}
    </div>`)}
  </section>`;
}

function Coming({ context: { say, lang, zone }, me }) {
  const { next } = meetingsOf(me);
  const clock = (at) => timeOfDay(at, zone, false);
  if (!next && me.shift_begins === null) return null;
  return html`<section class="coming" aria-label=${say("coming.title")}>
    ${next ? html`<p><span class="label">${say("coming.next")}</span> <b dir="auto">${(lang === "zh" && next.name_zh) || next.name}</b>
      ${" "}${clock(next.begins)}</p>` : null}
    ${me.shift_begins === null ? null : html`<p><span class="label">${say("coming.shift")}</span>
      ${" "}${clock(me.shift_begins)} – ${clock(me.shift_ends)}</p>`}
    <p><span class="label">${say("coming.today")}</span> ${say("coming.answered", { n: me.answered })}</p>
  </section>`;
}

function Heard({ context: { say, word, zone }, me }) {
  const heard = heardOf(me);
  if (!heard.length) return null;
  return html`<section class="heard" aria-label=${say("heard.title")}>
    <h2>${say("heard.title")}</h2>
    <ul>${heard.map((each) => html`<li key=${each.at}>${timeOfDay(each.at, zone, false)} <span dir="auto">${each.who}</span> · ${
      word("heard", each.mode)}</li>`)}</ul>
  </section>`;
}
