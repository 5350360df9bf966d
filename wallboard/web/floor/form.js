/* The sheet in which an order gets what it has to be told: kind, minutes, reason, phone, queues, text; whom it is about, what will
happen to them, and what was answered when it was refused. What its buttons do is console.js. */

import { html } from "../draw/html.js";
import { PlainShape } from "../draw/shapes.js";
import { DEEDS, GRANT_KINDS, PAUSE_KINDS } from "./deeds.js";
import { textIn } from "./told.js";

/* As wallboard's own limits (realtime/requests.py TEXT_MAX). */
const TEXT_MAX = 500;
const NAMED = 3;

/* What is typed stays the browser's: `defaultValue`, since a drawing would set `value` anew. form: {name, whom: [ids], asking,
refused: {message, reasons} or null, preview, values}. */
export function DeedForm({ context, floor, form, phone }) {
  const { say } = context;
  const { name, whom, asking } = form;
  const deed = DEEDS[name];
  const about = namesOf(context, floor, whom);
  const fields = [...deed.fields, ...(deed.phone ? ["phone"] : []), ...(name === "message" ? ["to"] : [])];
  return html`<form class="dialog-body deed" data-form=${name} autocomplete="off">
    <h2>${titleOf(context, floor, form)}</h2>
    ${deed.sure ? html`<p class="sure-text"><${PlainShape} shape="warn" /> ${say(`deed.${name}_sure`, { whom: about })}</p>` : null}
    ${fields.includes("to") ? html`<${To} ...${{ context, floor, form }} />` : null}
    ${fields.includes("kind") ? html`<${Kinds} ...${{ context, kinds: name === "grant" ? GRANT_KINDS : PAUSE_KINDS,
      kind: form.values.kind }} />` : null}
    ${fields.includes("queues") ? html`<${Queues} ...${{ context, floor, whom }} />` : null}
    ${fields.includes("minutes") ? html`<label class="field"><span>${say("form.minutes")}</span>
      <input name="minutes" type="number" min="1" max="240" inputmode="numeric" placeholder=${say("form.as_planned")} /></label>` : null}
    ${fields.includes("text") ? html`<label class="field"><span>${say("form.text")}</span>
      <textarea name="text" rows="3" maxlength=${TEXT_MAX} required data-focus="dialog"></textarea></label>` : null}
    ${fields.includes("shown") ? html`<label class="field"><span>${say("form.shown")}</span>
      <input name="shown" type="number" min="1" max="480" inputmode="numeric" defaultValue="15" /></label>` : null}
    ${fields.includes("phone") ? html`<label class="field"><span>${say("form.phone")}</span>
      <input name="phone" required maxlength="64" data-focus=${deed.sure ? null : "dialog"} defaultValue=${phone}
        placeholder="PJSIP/2001" spellcheck=${false} />
      <small>${say("form.phone_kept")}</small></label>` : null}
    ${fields.includes("reason") ? html`<label class="field"><span>${say("form.reason")}</span>
      <input name="reason" maxlength=${TEXT_MAX} placeholder=${say("form.optional")} /></label>` : null}
    ${fields.includes("why") ? html`<label class="field"><span>${say("form.why")}</span>
      <input name="why" maxlength=${TEXT_MAX} required /><small>${say("form.why_kept")}</small></label>` : null}
    ${whom.length > 1 ? html`<${Preview} ...${{ context, form }} />` : null}
    <${Refused} ...${{ context, refused: form.refused }} />
    <p class="buttons">
      <button type="button" class="plain" data-act="close_dialog" data-focus=${deed.sure ? "dialog" : null}>${say("form.cancel")}</button>
      <button type="submit" class="plain main ${deed.sure ? "sure" : ""}" disabled=${Boolean(asking) || nobodyIn(form)}>
        ${say(asking ? "form.asking" : `deed.${name}_do`)}</button>
    </p>
  </form>`;
}

/* "Pause 王芳": what the sheet is about. */
export function titleOf(context, floor, { name, whom }) {
  return context.say(`deed.${name}_whom`, { whom: namesOf(context, floor, whom) || context.say("form.all") });
}

/* "王芳", "王芳, 李强 and 3 more". */
export function namesOf(context, floor, whom) {
  const named = whom.slice(0, NAMED).map((id) => floor?.agents.get(id)?.name || id);
  const more = whom.length - named.length;
  const list = named.join(context.say("form.comma"));
  return more > 0 ? `${list} ${context.say("people.more", { n: more })}` : list;
}

function nobodyIn({ whom, preview }) {
  return whom.length > 1 && preview?.done && preview.will.length === 0;
}

function To({ context: { say }, floor, form }) {
  const teams = [...new Set([...floor.agents.values()].map((agent) => agent.team).filter(Boolean))].sort();
  const one = form.whom.length === 1 ? form.whom[0] : null;
  const name = one === null ? "" : floor.agents.get(one)?.name || one;
  const chosen = form.values.to || (one ? `agent:${one}` : form.whom.length ? "each" : "all");
  return html`<label class="field"><span>${say("form.to")}</span><select name="to">
    ${one === null ? null : html`<option value="agent:${one}" selected=${chosen === `agent:${one}`}>${name}</option>`}
    ${form.whom.length > 1 ? html`<option value="each" selected=${chosen === "each"}>${say("form.each", { n: form.whom.length })}</option>`
      : null}
    ${teams.map((team) => html`<option key=${team} value="team:${team}" selected=${chosen === `team:${team}`}>
      ${say("form.team", { team })}</option>`)}
    <option value="all" selected=${chosen === "all"}>${say("form.all")}</option>
  </select></label>`;
}

function Kinds({ context: { say, word }, kinds, kind }) {
  return html`<fieldset class="kinds"><legend>${say("form.kind")}</legend>
    ${kinds.map((each, place) => html`<label key=${each}><input type="radio" name="kind" value=${each} data-focus=${place ? null : "dialog"}
      defaultChecked=${kind ? kind === each : place === 0} /><span>${word("kind", each)}</span></label>`)}
  </fieldset>`;
}

/* Into which, out of which; what is not touched stays as it is. */
function Queues({ context: { say }, floor, whom }) {
  const names = [...new Set([...floor.queues.values()].map((queue) => queue.name))];
  const isIn = (queue) => whom.length === 1 && floor.agents.get(whom[0])?.queues.includes(queue);
  return html`<fieldset class="moves"><legend>${say("form.queues")}</legend>
    ${names.map((queue) => html`<label key=${queue} class="move"><span class="cut" dir="auto">${queue}</span>
      <select name="queue:${queue}" data-focus="dialog" aria-label=${say("form.queue", { queue })}>
        <option value="">${say(whom.length > 1 ? "form.as_is" : isIn(queue) ? "form.stays_in" : "form.stays_out")}</option>
        ${isIn(queue) ? null : html`<option value="into">${say("form.into")}</option>`}
        ${whom.length > 1 || isIn(queue) ? html`<option value="out_of">${say("form.out_of")}</option>` : null}
      </select></label>`)}
  </fieldset>`;
}

/* "14 selected, 11 will change, 3 skipped": and why these three. */
function Preview({ context, form }) {
  const { say, lang } = context;
  const { preview, whom } = form;
  if (!preview?.done) return html`<p class="preview quiet" role="status">${say("form.looking", { n: whom.length })}</p>`;
  const { will, skipped, grouped } = preview;
  const sentence = say("form.preview", { n: whom.length, will: will.length, skipped: skipped.length });
  return html`<div class="preview" role="status">
    <b>${sentence}</b>
    ${grouped.length ? html`<ul>${grouped.map(({ rule, items }) => html`<li key=${rule}>${items.length} ×${" "}
      ${textIn(lang, items[0].message) || say("console.no_answer")}</li>`)}</ul>` : null}
  </div>`;
}

/* One sentence, the board's or by `code` one of this page's; below it every rule that was looked at. */
export function Refused({ context: { say, lang }, refused }) {
  return html`<div class="refused" role="alert">
    ${refused ? html`<p class="wrong">${textIn(lang, refused.message) || say(refused.code || "console.no_answer")}</p>
      ${refused.reasons?.length > 1 ? html`<details><summary>${say("console.reasons", { n: refused.reasons.length })}</summary>
        <ul class="reasons">${refused.reasons.map((reason) => html`<li key=${reason.rule}>${textIn(lang, reason.text)}</li>`)}</ul>
      </details>` : null}` : null}
  </div>`;
}
