/* How a sample was drawn, for whoever doubts it: its checkpoint, the rules of then, digests to compare, how many of each kind of call. */

import { html } from "../draw/html.js";
import { momentText } from "../campaigns/times.js";
import { agentText } from "./names.js";

const percent = (share) => `${Math.round(share * 1000) / 10} %`;

/* Nothing for a sample whose entry of the log does not say it. */
export function Basis({ context, sample, basis }) {
  const { say } = context;
  if (!basis) return null;
  const { rules } = basis;
  const facts = [
    ["checkpoint", say("basis.entries", { n: sample.checkpoint, at: momentText(basis.signed, context) })],
    ["rules", sample.kind === "estimate" ? say("basis.rules.estimate", { confidence: percent(rules.confidence),
      margin: percent(rules.margin), s: rules.shortest_s }) : say("basis.rules.coaching", { ...rules, s: rules.shortest_s })],
    ["rules_of", basis.rules_entry < 0 ? say("basis.of_draw") : say("basis.of_log", { n: basis.rules_entry })],
    ["plan", basis.plan, "code"],
    ["undone", basis.undone ? say("basis.calls", { n: basis.undone }) : ""],
    ["drawn_from", basis.drawn_from, "code"],
    ["drawn", basis.drawn, "code"],
    ["entry", String(basis.entry)],
  ].filter(([, text]) => text);
  return html`<details class="basis" data-basis><summary>${say("basis.how")}</summary>
    <div class="facts"><dl>${facts.map(([name, text, code]) => html`<div key=${name}><dt>${say(`basis.${name}`)}</dt>
      <dd>${code ? html`<code>${text}</code>` : text}</dd></div>`)}</dl></div>
    ${basis.strata.length ? html`<div class="scroll-x"><table class="found-table"><thead><tr>
      ${["stratum", "whole", "taken"].map((name) => html`<th key=${name} scope="col">${say(`basis.column.${name}`)}</th>`)}</tr></thead>
      <tbody>${basis.strata.map((each) => html`<tr key=${each.name}><td>${stratumText(context, sample.kind, each.name, rules)}</td>
        <td class="number">${each.whole}</td><td class="number">${each.drawn}</td></tr>`)}</tbody></table></div>` : null}</details>`;
}

/* campaign|day0|length1|result|tenure2, as `quality/sampling.py` writes it; of coaching it is the agent. */
export function stratumText({ say, named }, kind, name, rules) {
  if (kind === "coaching") return agentText(named, name);
  const parts = name.split("|");
  if (parts.length !== 5) return name;
  const [campaign, day, length, outcome, tenure] = parts;
  return [campaign ? named("campaigns", campaign) : say("basis.no_campaign"), say(`basis.${day}`), say(`basis.${length}`),
    outcome === "-" ? say("basis.no_result") : named("outcomes", outcome),
    say(`basis.${tenure}`, { n: rules.new_days, m: rules.young_days })].join(" · ");
}
