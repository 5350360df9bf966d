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

/* As the trail names somebody: user:LOGIN, or a program by its own name. */
function whoText(who) {
  return who.startsWith("user:") ? who.slice("user:".length) : who;
}

function Deeds({ context, answer }) {
  const { say, word, zone, lang } = context;
  const { answers, listened, trail, away } = answer;
  return html`
    ${answers.length || trail.length ? null : html`<p class="quiet">${say("record.none")}</p>`}
    <ol class="record">${answers.map((deed) => html`<li key=${deed.request} class=${deed.undone ? "quiet" : ""}>
      <time>${timeOfDay(deed.at, zone)}</time>
      <details><summary><b>${word("ask", deed.ask.replaceAll(".", "_"))}</b>${" "}<span class=${deed.verdict === "deny" ? "no" : ""}>
        ${say(`verdict.${deed.verdict}`)}</span> · <span dir="auto">${whoText(deed.who)}</span>
        ${deed.undone ? ` · ${say("record.undone")}` : ""}</summary>
        <ul class="reasons">${deed.reasons.map((reason) => html`<li key=${reason.rule}>${textIn(lang, reason.text)}</li>`)}</ul>
      </details>
    </li>`)}</ol>
    ${listened.length ? html`<h3>${say("record.listened")}</h3>
      <ul class="record">${listened.map((each) => html`<li key=${each.at}><time>${timeOfDay(each.at, zone)}</time><span><span dir="auto">
        ${each.who}</span> · ${word("heard", each.mode)}</span></li>`)}</ul>` : null}
    ${trail.length || away ? html`<details class="table"><summary>${say("record.trail", { n: trail.length })}</summary>
      ${away ? html`<p class="quiet">${away}</p>` : null}
      <table><tbody>${trail.map((entry) => html`<tr key=${entry.seq}><td>${moment(context, entry.at)}</td>
        <td dir="auto">${whoText(entry.who)}</td><td>${entry.action} ${entry.target}</td><td>${entry.outcome}</td></tr>`)}</tbody></table>
      </details>` : null}`;
}

/* The trail goes back for days. */
function moment({ lang, zone }, at) {
  return new Intl.DateTimeFormat(lang, { dateStyle: "short", timeStyle: "short", timeZone: zone }).format(at * 1000);
}
