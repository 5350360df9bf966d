/* In the details of an agent: who asked and ordered what of them today, with the rules that were looked at, and who listened.

The board tells it (GET /api/agents/ID/deeds); state.js asks. */

import { html } from "../draw/html.js";
import { timeOfDay } from "../format.js";
import { textIn } from "./told.js";

export function Record({ context, record, id }) {
  const { say } = context;
  if (!record || record.id !== id) return null;
  const { answer, message } = record;
  return html`<h3>${say("record.title")}</h3>
    ${answer ? html`<${Deeds} ...${{ context, answer }} />` : html`<p class="quiet">${message || say("record.failed")}</p>`}`;
}

function Deeds({ context, answer }) {
  const { say, word, zone, lang } = context;
  const { deeds = [], listened = [] } = answer;
  return html`
    ${deeds.length ? null : html`<p class="quiet">${say("record.none")}</p>`}
    <ol class="record">${deeds.map((deed, place) => html`<li key=${place}>
      <time>${timeOfDay(deed.at, zone)}</time>
      <details><summary><b>${word("ask", deed.ask.replaceAll(".", "_"))}</b> <span class=${deed.verdict === "deny" ? "no" : ""}>
        ${say.knows(`verdict.${deed.verdict}`) ? say(`verdict.${deed.verdict}`) : deed.verdict}</span> · <span dir="auto">
        ${deed.who}</span></summary>
        <ul class="reasons">${(deed.reasons || []).map((reason) => html`<li key=${reason.rule}>${textIn(lang, reason.text)}</li>`)}</ul>
      </details>
    </li>`)}</ol>
    ${listened.length ? html`<h3>${say("record.listened")}</h3>
      <ul class="record">${listened.map((each, place) => html`<li key=${place}><time>${timeOfDay(each.at, zone)}</time><span><span dir="auto">
        ${each.who}</span> · ${word("heard", each.mode)}</span></li>`)}</ul>` : null}`;
}
