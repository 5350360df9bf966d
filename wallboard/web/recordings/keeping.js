/* The tab of keeping: until when each recording stays and why, legal holds, disposals with their two approvals, erasure requests.

What would be done is shown first (a dry run), and what is approved is the list that was shown: its hash goes with the press. */

import { html } from "../draw/html.js";
import { lastDayOf, momentText } from "../campaigns/times.js";
import { momentOf } from "../campaigns/places.js";
import { whoText } from "../floor/told.js";
import { Disposals, One, Row, dateOf } from "./disposals.js";
import { AWAITED, Awaits, Waiting } from "./page.js";
import { Redactions, redacted, spansOf } from "./redactions.js";

const PARTS = ["due", "holds", "disposals", "erasures", "redactions"];
const HOLD = "recordings.hold";
const NEEDS = { due: HOLD, holds: HOLD, disposals: "recordings.dispose", erasures: HOLD, redactions: HOLD };
const VERDICTS = ["", "may_go", "held", "conflict", "kept", "busy"];
const partOf = (words) => (PARTS.includes(words.part) ? words.part : "due");

/* Reckoned anew each time it is asked for: when somebody comes or has pressed something, not by itself. */
export const HEAVY = ["groups"];

export function paths(words, may) {
  const part = partOf(words);
  if (!may(NEEDS[part])) return {};
  const due = new URLSearchParams(["only", "class", "campaign", "after"].filter((name) => words[name]).map((name) => [name, words[name]]));
  const id = words.id && encodeURIComponent(words.id);
  return {
    due: { due: `/api/recordings/due?${due}` },
    holds: { holds: "/api/holds?released=true" },
    disposals: { disposals: "/api/disposals", groups: "/api/disposals/due", ...(id ? { disposal: `/api/disposals/${id}` } : {}) },
    redactions: { redactions: "/api/disposals?kind=redaction" },
    erasures: { erasures: "/api/disposals?kind=erasure", ...(id ? { disposal: `/api/disposals/${id}` } : {}) },
  }[part];
}

export function View({ context, words, told, answers, may }) {
  const { say } = context;
  const shown = PARTS.filter((part) => may(NEEDS[part]));
  const part = partOf(words);
  if (!shown.length) return html`<p class="wrong" role="alert">${say("recordings.forbidden")}</p>`;
  const Whole = { due: Due, holds: Holds, disposals: Disposals, erasures: Erasures, redactions: Redactions }[part];
  return html`
    <nav class="parts" aria-label=${say("keeping.parts")}>${shown.map((name) => html`<button type="button" class="plain" key=${name}
      data-act="part" data-value=${name} aria-current=${name === part ? "true" : null}>${say(`keeping.part.${name}`)}<${Awaits}
      ...${{ say, n: told.floor?.data?.awaited?.[AWAITED.keeping[name]] }} /></button>`)}</nav>
    ${told[part]?.data ? html`<${Whole} ...${{ context, words, told, answers, may }} />` :
      html`<${Waiting} ...${{ context, asked: told[part] }} />`}`;
}

/* ---------------------------------------------------------------- due */

function Due({ context, words, told }) {
  const { say, lang } = context;
  const found = told.due.data;
  return html`
    <form class="panel line-form" data-form="due">
      <label>${say("due.only")} <select name="only">${VERDICTS.map((verdict) => html`<option key=${verdict} value=${verdict}
        selected=${(words.only || "") === verdict}>${verdict ? say(`verdict.${verdict}`) : say("due.all")}</option>`)}</select></label>
      <label>${say("find.class")} <input name="class" value=${words.class || ""} maxlength="64" autocomplete="off" /></label>
      <label>${say("find.campaign")} <input name="campaign" value=${words.campaign || ""} maxlength="64" autocomplete="off" /></label>
      <button class="plain primary">${say("find.do")}</button></form>
    <section class="panel listed"><h2>${say("keeping.part.due")}</h2>
      <dl class="figures">${Object.entries(found.counts).filter(([, n]) => n).map(([verdict, n]) => html`<div key=${verdict}
        data-warn=${verdict === "conflict" ? "" : null}><dt>${say(`verdict.${verdict}`)}</dt><dd>${n}</dd></div>`)}</dl>
      <ul class="rows">${found.recordings.map((row) => html`<li key=${row.id}>
        <a class="link" href=${`#find&one=${row.id}`}>${momentText(row.began, context)}</a>
        <span title=${row.class}>${context.named("classes", row.class) || "–"}</span>
        <b>${say(`verdict.${row.verdict}`)}</b>
        ${row.keep_until ? `${say("facts.kept")} ${lastDayOf(row.keep_until, context)}` : say("facts.no_end")}
        <small class="quiet">${row.why.map((each) => each[lang]).join(" ")}</small></li>`)}</ul>
      ${found.next ? html`<button type="button" class="plain" data-act="older"
        data-value=${found.next}>${say("find.older")}</button>` : null}
    </section>`;
}

/* ---------------------------------------------------------------- holds */

function Holds({ context, told, answers }) {
  const { say } = context;
  const rows = told.holds.data.holds;
  return html`
    <form class="panel line-form" data-form="hold" data-looked="hold">
      <label>${say("hold.matter")} <input name="matter" required maxlength="200" /></label>
      <label>${say("hold.custodian")} <input name="custodian" required maxlength="100" /></label>
      ${["agent", "campaign", "queue", "call", "number"].map((name) => html`<label key=${name}>${say(`find.${name}`)}
        <input name=${name} maxlength="100" autocomplete="off" /></label>`)}
      <label>${say("find.since")} <input type="datetime-local" name="since" /></label>
      <label>${say("find.until")} <input type="datetime-local" name="until" /></label>
      <button class="plain" name="dry" value="1">${say("hold.look")}</button>
      ${answers.hold?.data ? html`<span role="status">${say("hold.would", { n: answers.hold.data.items })}
        <code>${answers.hold.data.sha256.slice(0, 12)}…</code></span>
        <button class="plain primary" name="dry" value="">${say("hold.place")}</button>` : null}
      ${answers.hold?.message ? html`<p class="wrong" role="alert">${answers.hold.message}</p>` : null}
    </form>
    <section class="panel listed"><h2>${say("keeping.part.holds")}</h2>
      ${rows.length ? html`<ul class="rows">${rows.map((each) => html`<li key=${each.id} data-left=${each.released_at ? "" : null}>
        <b class="hold-sign">▣ ${each.matter}</b> ${say("hold.items", { n: each.items })} <code>${each.id}</code>
        <small class="quiet">${each.custodian} · ${momentText(each.placed_at, context)} · ${whoText(each.placed_by)}</small>
        ${each.overdue ? html`<b class="trouble-sign">▲ ${say("hold.overdue", { date: dateOf(each.review_at, context) })}</b>` : null}
        ${each.released_at ? say("hold.released", { who: whoText(each.released_by) }) : html`
          ${each.release_by ? html`<span>${say("hold.proposed", { who: whoText(each.release_by) })} ${each.release_why}</span>` : null}
          <form class="line-form" data-form="release" data-id=${each.id}><input name="why" required maxlength="500"
            aria-label=${say("hold.why")} placeholder=${say("hold.why")} />
            <button class="plain">${say(each.release_by ? "hold.second" : "hold.release")}</button></form>
          <button type="button" class="plain" data-act="review" data-value=${each.id}>${say("hold.reviewed")}</button>`}
      </li>`)}</ul>` : html`<p class="quiet">${say("hold.none")}</p>`}</section>`;
}

/* ---------------------------------------------------------------- erasures */

function Erasures({ context, told, answers }) {
  const { say, lang } = context;
  const rows = told.erasures.data.disposals;
  const dry = answers.erasure?.data;
  return html`
    <form class="panel line-form" data-form="erase" data-looked="erasure">
      <label>${say("find.number")} <input name="number" required maxlength="64" inputmode="tel" autocomplete="off" /></label>
      <label class="grow">${say("erase.why")} <input name="why" required maxlength="500" autocomplete="off" /></label>
      <button class="plain" name="dry" value="1">${say("hold.look")}</button>
      ${dry ? html`<button class="plain primary" name="dry" value="">${say("erase.keep", { n: dry.answers.length })}</button>` : null}
      ${answers.erasure?.message ? html`<p class="wrong" role="alert">${answers.erasure.message}</p>` : null}
    </form>
    ${dry ? html`<section class="panel listed"><h2>${say("erase.would")}</h2><ul class="rows">${dry.answers.map((each) => html`<li
      key=${each.id}>
      <a class="link" href=${`#find&one=${each.id}`}>${each.id}</a> <b>${say(`item.${each.standing}`)}</b>
      <small class="quiet">${each.why.map((why) => why[lang]).join(" ")}</small></li>`)}</ul></section>` : null}
    <section class="panel listed"><h2>${say("keeping.part.erasures")}</h2>
      ${rows.length ? html`<ul class="rows">${rows.map((each) => html`<${Row} key=${each.id} ...${{ context, each }} />`)}</ul>`
        : html`<p class="quiet">${say("erase.none")}</p>`}</section>
    ${told.disposal?.data ? html`<${One} ...${{ context, one: told.disposal.data }} />` : null}`;
}

/* ---------------------------------------------------------------- what is pressed */

const go = (means, wish) => means.go("keeping", { ...means.place.value.words, ...wish });

export const ACTS = {
  part: ({ value }, means) => means.go("keeping", { part: value }),
  older: ({ value }, means) => go(means, { after: value }),
  open: ({ value }, means) => go(means, { id: value }),
  review: ({ value }, means) => means.press(`/api/holds/${encodeURIComponent(value)}/review`, {}, "hold"),
  approve: ({ value, sha }, means) => means.press(`/api/disposals/${encodeURIComponent(value)}/approve`, { sha256: sha }, "disposal"),
};

/* Only what was said; moments by the floor's clock. */
function said(fields, means) {
  const zone = means.told.value.floor?.data?.timezone;
  const wish = Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== "" && name !== "dry"));
  for (const name of ["since", "until"]) if (wish[name]) wish[name] = momentOf(wish[name], zone);
  return wish;
}

/* Looked at first; what is done then is the same wish without `dry`. */
async function dryOrDone(path, kind, fields, means, event) {
  const wish = said(fields, means);
  if (event.submitter?.value === "1") {
    await means.question(path, { ...wish, dry: true }, kind);
    return null; // its fields stay for the second press
  }
  const answer = await means.press(path, wish, kind);
  if (answer.ok) means.answers.value = {};
  return answer;
}

function redact({ recording, spans, why }, means, event) {
  const found = spansOf(spans);
  if (found) return redacted(recording.trim(), { spans: found, why }, means, event.submitter?.value === "1");
  means.answers.value = { redaction: { bad: true } };
  return null;
}

export const FORMS = {
  due: (fields, _, means) => {
    means.go("keeping", { part: "due", ...fields });
    return null;
  },
  hold: (fields, _, means, event) => dryOrDone("/api/holds", "hold", fields, means, event),
  erase: (fields, _, means, event) => dryOrDone("/api/erasures", "erasure", fields, means, event),
  redact: (fields, _, means, event) => redact(fields, means, event),
  release: ({ why }, { id }, means) => means.press(`/api/holds/${encodeURIComponent(id)}/release`, { why }, "hold"),
  propose: ({ why }, { value, month, sha }, means) => means.press("/api/disposals", { class: value, month, sha256: sha, why }, "disposal"),
  refuse: ({ why }, { id }, means) => means.press(`/api/disposals/${encodeURIComponent(id)}/refuse`, { why }, "disposal"),
};
