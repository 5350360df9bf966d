/* The score form beside the player, as it is drawn: sections, items, comments, what it comes to, what is missing.

Not the points: the board says what the answers come to, so that page and result cannot differ. */

import { html } from "../draw/html.js";
import { whoText } from "../floor/told.js";

const textOf = (lang, item, name) => (lang === "zh" ? item[`${name}_zh`] || item[name] : item[name] || item[`${name}_zh`]) || "";

/* Which calls a form is for, as the board has it (`ScoreForm.is_for`). */
export const isFor = ({ campaigns = [], queues = [] }, { campaign, queue }) =>
  !(campaigns.length || queues.length) || campaigns.includes(campaign) || queues.includes(queue);

export function ScorePart({ context, one, scoring, forms, may }) {
  const { say, lang } = context;
  if (!may("quality.score")) return null;
  const fitting = forms?.filter((form) => isFor(form, one.row));
  if (!scoring.score) return html`<section class="panel score-start" aria-label=${say("score.heading")}>
    <h2>${say("score.heading")}</h2>
    ${one.scores?.length ? html`<ul class="rows">${one.scores.map((each) => html`<li key=${each.id}><b>${points(each.points)}</b>
      <span>${each.passed === false ? say("score.not_passed") : each.passed ? say("score.passed") : say("score.open")}</span>
      <small class="quiet">${whoText(each.rater)} · ${say(`score.kind.${each.kind}`)}</small></li>`)}</ul>`
      : html`<p class="quiet">${say("score.none")}</p>`}
    ${fitting?.length ? html`<form class="line-form" data-form="score" data-id=${one.row.id}>
      <label>${say("score.form")} <select name="form">${fitting.map((form) => html`<option key=${form.id} value=${form.id}>
        ${textOf(lang, form, "name") || form.id}</option>`)}</select></label>
      <label class="check"><input type="checkbox" name="target" value="1" /> ${say("score.target")}</label>
      <button class="plain primary">${say("score.begin")}</button></form>` : html`<p class="quiet">${say("score.no_form")}</p>`}
  </section>`;
  return html`<${Form} ...${{ context, scoring }} />`;
}

function Form({ context, scoring }) {
  const { say, lang } = context;
  const { score } = scoring;
  const open = score.standing === "open";
  const lacking = new Map(score.now.missing.map(({ item, lack }) => [item, lack]));
  return html`<section class="panel score-form" aria-label=${say("score.heading")} data-score=${score.id}>
    <header><h2>${textOf(lang, score.form, "name") || score.form.id} <small>v${score.form.version}</small></h2>
      <button type="button" class="plain" data-act="close_score" aria-label=${say("player.close")}>✕</button></header>
    <p class="total" role="status"><b>${points(score.now.points)}</b> ${say("score.of", { passing: score.form.passing })}
      ${score.now.failed.map((family) => html`<b class="failed" key=${family}>✕ ${say(`critical.${family}`)}</b>`)}</p>
    ${score.form.sections.map((section) => html`<fieldset key=${section.id} disabled=${!open}>
      <legend>${textOf(lang, section, "name") || section.id} <small>${section.weight ? `${section.weight} · ` : ""}${
        points(score.now.sections[section.id] ?? null)}</small></legend>
      ${section.items.map((item) => html`<${Item} key=${item.id} ...${{ context, item, open, lack: lacking.get(item.id),
        answer: score.answers[item.id] }} />`)}
    </fieldset>`)}
    ${open ? html`<form class="line-form" data-form="finish"><p class="quiet grow">${score.now.missing.length
      ? say("score.missing", { n: score.now.missing.length }) : say("score.complete")}</p>
      <button class="plain primary" disabled=${!score.now.complete}>${say("score.finish")}</button></form>`
      : html`<p class="quiet">${say("score.stays")}</p>`}
  </section>`;
}

function Item({ context: { say, lang }, item, open, answer, lack }) {
  const values = item.kind === "yes_no" ? [1, 0] : Array.from({ length: item.most + 1 }, (_, value) => value);
  const chosen = answer ? (answer.value === undefined ? null : answer.value) : undefined;
  const choice = (value, text) => html`<label key=${text}><input type="radio" name=${`item-${item.id}`} data-item=${item.id}
    value=${value === null ? "" : String(value)} checked=${answer !== undefined && chosen === value} disabled=${!open} /> ${text}</label>`;
  return html`<div class="score-item" data-lack=${lack || null}>
    <p id=${`text-${item.id}`}>${textOf(lang, item, "text") || item.id}
      ${item.critical ? html` <b class="critical" title=${say("critical.why")}>◆ ${say(`critical.${item.critical}`)}</b>` : null}
      ${textOf(lang, item, "help") ? html` <small class="quiet">${textOf(lang, item, "help")}</small>` : null}</p>
    <div class="choices-of" role="radiogroup" aria-labelledby=${`text-${item.id}`}>
      ${values.map((value) => choice(value, item.kind === "yes_no" ? say(value ? "score.yes" : "score.no") : String(value)))}
      ${item.may_skip !== false ? choice(null, say("score.skip")) : null}
    </div>
    <input class="item-comment" data-item-comment=${item.id} value=${answer?.comment || ""} maxlength="500" disabled=${!open}
      placeholder=${lack === "comment" ? say("score.comment_needed") : say("score.comment")} aria-label=${say("score.comment")} />
  </div>`;
}

/* Hundredths of a point, as a person reads them. */
export function points(hundredths) {
  return hundredths === null || hundredths === undefined ? "–" : (hundredths / 100).toFixed(1);
}
