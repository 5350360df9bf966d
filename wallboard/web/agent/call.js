/* The sheet of the last outbound call: what came of it by one press, when to call back, and that somebody wants no more calls. Or one
line, when there is something else to do first. Which of them is in calling.js. */

import { html } from "../draw/html.js";
import { duration, timeOfDay } from "../format.js";
import { CALLBACK_DAYS, codeName, codesOf, dayOf, suggested } from "./calling.js";

const DAY = 86_400;

export function CallSheet(parts) {
  const { me, step } = parts;
  const now = step?.dial === me.dial.dial ? step.what : "";
  const Part = { callback: Callback, no_more: NoMore }[now] || Codes;
  return html`<${Part} ...${parts} />`;
}

function Codes({ context, me, now, busy, off }) {
  const { say, lang } = context;
  const { dial } = me;
  const ended = dial.until === null ? now : dial.until;
  return html`<div>
      <h1>${say(dial.until === null ? "call.title_on" : "call.title", { shown: dial.shown })}</h1>
      <p class="quiet"><span dir="auto">${nameOf(dial, lang)}</span> · ${duration(ended - dial.since)}</p>
    </div>
    ${me.outcomes.length ? html`<div class="codes" role="group" aria-label=${say("call.codes")}>
      ${codesOf(me).map((row) => html`<button type="button" key=${row.code} data-act="code" data-value=${row.code} data-means=${row.means}
        aria-pressed=${String(row.code === dial.code)} disabled=${busy || off}><span dir="auto">${codeName(row, lang)}</span></button>`)}
    </div>` : null}
    ${dial.blocked ? html`<p>${say("call.blocked")}</p>` : html`<button type="button" class="second no-more" data-act="no_more"
      disabled=${busy || off}>${say("call.no_more")}</button>`}
    <button type="button" class="second" data-act="sheet" data-value="">${say("call.later")}</button>`;
}

function Callback({ context: { say, zone }, me, now, step, busy, off }) {
  const { day, time } = suggested(step.at, zone);
  return html`<form class="call-back" data-form="callback" autocomplete="off">
    <h1>${say("call.when", { shown: me.dial.shown })}</h1>
    <label class="field"><span>${say("call.day")}</span>
      <input type="date" name="day" defaultValue=${day} min=${dayOf(now, zone)} max=${dayOf(now + CALLBACK_DAYS * DAY, zone)}
        required /></label>
    <label class="field"><span>${say("call.time")}</span><input type="time" name="time" defaultValue=${time} required /></label>
    <button type="submit" class="big" disabled=${busy || off}>${say("call.call_back")}</button>
    <button type="button" class="second" data-act="step">${say("call.back")}</button>
  </form>`;
}

/* It cannot be undone here, so it asks once. */
function NoMore({ context: { say }, me, busy, off }) {
  return html`<h1>${say("call.sure", { shown: me.dial.shown })}</h1>
    <p>${say("call.sure_text")}</p>
    <button type="button" class="second no-more" data-act="block" disabled=${busy || off}>${say("call.yes")}</button>
    <button type="button" class="second" data-act="step">${say("call.back")}</button>`;
}

/* What stands of it below the one thing to do. */
export function CallLine({ context, me }) {
  const { say, lang, zone } = context;
  const { dial } = me;
  const row = me.outcomes.find(({ code }) => code === dial.code);
  const said = [dial.code ? codeName(row || { code: dial.code }, lang) : "", dial.callback ? momentText(dial.callback, zone) : "",
    dial.blocked ? say("call.blocked_short") : ""].filter(Boolean).join(" · ");
  return html`<section class="call-line panel" aria-label=${say("call.codes")}>
    <p><span class="label">${say("call.line")}</span> <b>${dial.shown}</b> <span dir="auto" data-said>${said || say("call.none")}</span></p>
    <button type="button" class="plain" data-act="sheet" data-value="open">${say(said ? "call.change" : "call.open")}</button>
  </section>`;
}

function nameOf(dial, lang) {
  return (lang === "zh" && dial.name_zh) || dial.name || dial.campaign;
}

function momentText(at, zone) {
  return `${dayOf(at, zone)} ${timeOfDay(at, zone, false)}`;
}
