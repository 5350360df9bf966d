/* In the details of an agent: who asked and ordered what of them today, with the rules that were looked at, and who listened.

The board tells it (GET /api/agents/ID/deeds); state.js asks. */

import { html } from "../draw/html.js";
import { shareDown, timeOfDay } from "../format.js";
import { textIn, whoText } from "./told.js";

export function Record({ context, record, id }) {
  const { say } = context;
  if (!record || record.id !== id) return null;
  const { answer, adherence, message } = record;
  return html`${adherence?.segments?.length ? html`<${Adherence} ...${{ context, adherence }} />` : null}<h3>${say("record.title")}</h3>
    ${answer ? html`<${Deeds} ...${{ context, answer }} />` : html`<p class="quiet">${message || say("record.failed")}</p>`}`;
}

/* How the shift has gone so far: two shares, and what was not as scheduled, with its excuse where there is one. */
function Adherence({ context: { say, word, lang, zone }, adherence }) {
  const odd = adherence.segments.filter(({ judged }) => judged !== "right").slice(-ODD_SHOWN);
  return html`<h3>${say("adherence.title")}</h3>
    <dl class="facts">
      <dt>${say("adherence.adherence")}</dt><dd>${shareDown(adherence.adherence)}</dd>
      <dt>${say("adherence.conformance")}</dt><dd>${shareDown(adherence.conformance)}</dd>
    </dl>
    ${odd.length ? html`<ul class="record">${odd.map((segment) => html`<li key=${segment.begins}>
      <time>${timeOfDay(segment.begins, zone, false)}</time><span><b class=${segment.judged === "wrong" ? "no" : ""}>
        ${word("adherence", segment.judged)}</b> ${textIn(lang, segment.text)}</span></li>`)}</ul>` : null}
    ${adherence.away ? html`<p class="quiet">${adherence.away}</p>` : null}`;
}

/* The latest; all of a bad day would push the rest out of sight. */
const ODD_SHOWN = 6;

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
