/* Training by missed KPIs, as it is drawn: who is due and for which months, what was given, and the forms that say so.

Not who is due: the board says it, by the rule of the plan. */

import { html } from "../draw/html.js";
import { whoText } from "../floor/told.js";
import { agentText } from "./names.js";

export function Training({ context: { say, named }, told, may }) {
  const { due, trained } = told.training.data;
  return html`
    <section class="panel listed" data-due><h2>${say("training.due")}</h2>
      ${due.length ? html`<p class="quiet">${say("training.why")}</p>
      <ul class="rows">${due.map((each) => html`<li key=${`${each.agent} ${each.kpi}`}>
        <b>${agentText(named, each.agent)}</b> <b class="trouble-sign">▲ ${each.kpi}: ${each.months.join(", ")}</b>
        ${may("quality.manage") ? html`<form class="line-form" data-form="trained" data-agent=${each.agent} data-kpi=${each.kpi}
          data-months=${each.months.join(",")}>
          <label>${say("training.day")} <input type="date" name="day" required /></label>
          <label>${say("training.trainer")} <input name="trainer" required maxlength="100" autocomplete="off" /></label>
          <label class="grow">${say("training.note")} <input name="note" maxlength="500" autocomplete="off" /></label>
          <button class="plain primary">${say("training.keep")}</button></form>` : null}</li>`)}</ul>`
        : html`<p class="quiet">${say("training.nobody")}</p>`}
    </section>
    <section class="panel listed" data-trained><h2>${say("training.given")}</h2>
      ${trained.length ? html`<ul class="rows">${trained.map((each) => html`<li key=${each.id}
        data-withdrawn=${each.withdrawn === null ? null : ""}>
        ${each.day} <b>${agentText(named, each.agent)}</b> ${each.kpi}: ${each.months.join(", ")} · <span dir="auto">${each.trainer}</span>
        <small class="quiet" dir="auto">${each.note} ${say("training.by", { who: whoText(each.by) })}</small>
        ${each.withdrawn !== null ? html`<b>${say("training.withdrawn", { who: whoText(each.withdrawn_by), why: each.withdrawn_why })}</b>`
          : may("quality.manage") ? html`<form class="line-form" data-form="withdraw" data-id=${each.id}><input name="why" required
            maxlength="500" aria-label=${say("training.withdraw_why")} placeholder=${say("training.withdraw_why")} />
            <button class="plain">${say("training.withdraw")}</button></form>` : null}</li>`)}</ul>`
        : html`<p class="quiet">${say("training.none")}</p>`}
    </section>`;
}

export const TRAINING_FORMS = {
  trained: ({ day, trainer, note }, { agent, kpi, months }, means) =>
    means.press("/api/quality/training", { agent, kpi, months: months.split(","), day, trainer, note }, "training"),
  withdraw: ({ why }, { id }, means) => means.press(`/api/quality/training/${id}/withdraw`, { why }, "training"),
};
