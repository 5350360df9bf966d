/* The tab of quality: results, samples, calibrations, appeals, scores. One part at a time, chosen by the address (#quality&part=samples).

The call itself is heard and scored on the first tab; every recording here leads there. */

import { html } from "../draw/html.js";
import { dateText, momentText } from "../campaigns/times.js";
import { whoText } from "../floor/told.js";
import { Basis } from "./drawn.js";
import { monthBefore } from "./model.js";
import { agentText, wordsOf } from "./names.js";
import { Waiting } from "./page.js";
import { Agents, Compared, Operation, Raters } from "./results.js";
import { points } from "./score.js";
import { TRAINING_FORMS, Training } from "./training.js";

const PARTS = ["results", "samples", "calibrations", "appeals", "training", "scores"];
const partOf = (words) => (PARTS.includes(words.part) ? words.part : "results");

export function paths(words) {
  const asked = new URLSearchParams(["period", "campaign"].filter((name) => words[name]).map((name) => [name, words[name]]));
  const id = words.id && encodeURIComponent(words.id);
  return {
    results: { results: `/api/quality/results?${asked}` },
    samples: { samples: "/api/quality/samples", ...(id ? { sample: `/api/quality/samples/${id}` } : {}) },
    calibrations: { calibrations: "/api/quality/calibrations", forms: "/api/quality/forms",
      ...(id ? { calibration: `/api/quality/calibrations/${id}` } : {}) },
    appeals: { appeals: "/api/quality/appeals", forms: "/api/quality/forms" },
    training: { training: "/api/quality/training" },
    scores: { scores: "/api/quality/scores?mine=true" },
  }[partOf(words)];
}

export function View({ context, words, told, may }) {
  const { say } = context;
  const part = partOf(words);
  const Whole = { results: ResultsPart, samples: Samples, calibrations: Calibrations, appeals: Appeals, training: Training,
    scores: Scores }[part];
  return html`
    <nav class="parts" aria-label=${say("quality.parts")}>${PARTS.map((name) => html`<button type="button" class="plain" key=${name}
      data-act="part" data-value=${name} aria-current=${name === part ? "true" : null}>${say(`quality.part.${name}`)}</button>`)}</nav>
    ${told[part]?.data ? html`<${Whole} ...${{ context, words, told, may }} />` :
      html`<${Waiting} ...${{ context, asked: told[part] }} />`}`;
}

/* ---------------------------------------------------------------- parts */

/* By its id; the plan's are proposed. Without a value it keeps what is typed into it. */
function Campaign({ context: { say, names, named }, value }) {
  const ids = Object.keys(names?.campaigns || {});
  return html`<label>${say("find.campaign")} <input name="campaign" value=${value} maxlength="64" autocomplete="off"
      list=${ids.length ? "campaigns" : null} />
    ${ids.length ? html`<datalist id="campaigns">${ids.map((id) => html`<option key=${id} value=${id}
      label=${named("campaigns", id)} />`)}</datalist>` : null}</label>`;
}

function ResultsPart({ context, words, told, may }) {
  const { say } = context;
  const found = told.results.data;
  return html`<form class="panel line-form" data-form="period">
      <label>${say("quality.month")} <input type="month" name="period" value=${words.period || found.period} /></label>
      <${Campaign} ...${{ context, value: words.campaign || "" }} />
      <button class="plain primary">${say("find.do")}</button></form>
    <${Operation} ...${{ context, operation: found.operation, period: found.period, limited: found.limited, may }} />
    <${Agents} ...${{ context, agents: found.agents, least: found.rank_least }} />
    <${Raters} ...${{ context, raters: found.raters }} />`;
}

function Samples({ context, told, may }) {
  const { say } = context;
  return html`
    ${may("quality.manage") ? html`<form class="panel line-form" data-form="draw">
      <label>${say("samples.kind")} <select name="kind"><option value="estimate">${say("samples.estimate")}</option>
        <option value="coaching">${say("samples.coaching")}</option></select></label>
      <label>${say("quality.month")} <input type="month" name="period" required
        defaultValue=${monthBefore(dateText(Date.now() / 1000, context.zone))} /></label>
      <${Campaign} context=${context} />
      <button class="plain primary">${say("samples.draw")}</button><small class="quiet">${say("samples.once")}</small></form>` : null}
    <section class="panel listed"><h2>${say("quality.part.samples")}</h2>
      ${told.samples.data.samples.length ? html`<ul class="rows">${told.samples.data.samples.map((each) => html`<li key=${each.id}>
        <button type="button" class="link" data-act="open" data-value=${each.id}>${each.period} ${say(`samples.${each.kind}`)}
          ${each.campaign}</button> ${say("samples.scored", { n: each.scored, all: each.size - each.left_out })}
        <small class="quiet">
          ${each.candidates === null ? say("samples.yours") : say("samples.of", { n: each.candidates })} ·
          ${" "}${say("samples.seed", { size: each.checkpoint })} <code>${each.root.slice(0, 12)}…</code>
          ${" "}· ${whoText(each.by)}</small></li>`)}</ul>` : html`<p class="quiet">${say("samples.none")}</p>`}
    </section>
    ${told.sample?.data ? html`<${Sample} ...${{ context, sample: told.sample.data, may }} />` : null}`;
}

function Sample({ context, sample, may }) {
  const { say } = context;
  return html`<section class="panel listed"
    data-sample=${sample.sample.id}><h2>${sample.sample.period} ${say(`samples.${sample.sample.kind}`)}</h2>
    <p class="quiet">${say("samples.next")}</p>
    <ul class="rows">${sample.items.map((item) => html`<li key=${item.recording} data-left=${item.left_out ? "" : null}>
      <a class="link" href=${`#find&one=${item.recording}`}>${momentText(item.began, context)}</a> ${agentText(context.named, item.agent)}
      <b>${points(item.score)}</b> <small class="quiet">${leftOut(say, item.left_out)}</small>
      ${may("quality.manage") && !item.left_out && item.score === null ? html`<form class="line-form" data-form="leave_out"
        data-id=${sample.sample.id} data-recording=${item.recording}><input name="why" required maxlength="200"
          aria-label=${say("samples.leave_out_why")} placeholder=${say("samples.leave_out_why")} />
        <button class="plain">${say("samples.leave_out")}</button></form>` : null}</li>`)}</ul>
    <${Basis} ...${{ context, sample: sample.sample, basis: sample.basis }} /></section>`;
}

/* Gone before the draw; a dash: why is forgotten, with the recording. */
function leftOut(say, why) {
  if (!why) return "";
  if (why === "gone") return say("samples.left_out_gone");
  return why === "-" ? say("samples.left_out_once") : say("samples.left_out", { why });
}

function Calibrations({ context, told, may }) {
  const { say, lang } = context;
  const forms = told.forms?.data?.forms || [];
  return html`
    ${may("quality.manage") ? html`<form class="panel line-form" data-form="calibrate">
      <label>${say("calibration.name")} <input name="name" required maxlength="100" /></label>
      <label>${say("score.form")} <select name="form">${forms.map((form) => html`<option key=${form.id} value=${form.id}>
        ${wordsOf(lang, form)}</option>`)}</select></label>
      <label class="grow">${say("calibration.recordings")} <input name="recordings" required autocomplete="off" /></label>
      <label class="grow">${say("calibration.raters")} <input name="raters" required autocomplete="off"
        placeholder="mei hong" /></label>
      <button class="plain primary">${say("calibration.make")}</button></form>` : null}
    <section class="panel listed"><h2>${say("quality.part.calibrations")}</h2>
      ${told.calibrations.data.calibrations.length ? html`<ul class="rows">${told.calibrations.data.calibrations.map((each) =>
        html`<li key=${each.id}><button type="button" class="link" data-act="open" data-value=${each.id}>${each.name}</button>
          ${each.closed ? say("calibration.closed") : say("calibration.open")}
          <small class="quiet">${each.raters.map(whoText).join(", ")}</small>
          ${each.open_items.map((recording, at) => html`<button type="button" class="plain primary" key=${recording} data-act="blind"
            data-value=${recording} data-calibration=${each.id}>${say("calibration.score")} ${at + 1}/${each.open_items.length}</button>`)}
          ${may("quality.manage") && !each.closed ? html`<button type="button" class="plain" data-act="close_calibration"
            data-value=${each.id}>${say("calibration.close")}</button>` : null}</li>`)}</ul>`
        : html`<p class="quiet">${say("calibration.none")}</p>`}
    </section>
    ${told.calibration?.data ? html`<${Compared} ...${{ context, said: told.calibration.data }} />` : null}`;
}

function Appeals({ context, told, may }) {
  const { say, lang } = context;
  const rows = told.appeals.data.appeals;
  const items = new Map((told.forms?.data?.forms || []).flatMap((form) => form.sections.flatMap((section) => section.items))
    .map((item) => [item.id, wordsOf(lang, item)]));
  if (!rows.length) return html`<div class="note panel"><h2>${say("appeals.none")}</h2><p>${say("appeals.none_why")}</p></div>`;
  return html`<section class="panel listed"><h2>${say("quality.part.appeals")}</h2><ul class="rows">${rows.map((each) => html`<li
    key=${each.id}>
    <a class="link" href=${`#find&one=${each.recording}`}>${momentText(each.at, context)}</a> ${agentText(context.named, each.agent)}
    <b>${say(`appeals.${each.standing}`)}</b> <span>${each.item ? items.get(each.item) || each.item : say("own.whole")}</span>
    <span dir="auto">${each.reason}</span> <small class="quiet">${whoText(each.rater)}
      ${each.decided ? ` · ${momentText(each.decided, context)}` : ""}</small>
    ${each.standing === "open" || each.standing === "taken" ? html`<button type="button" class="plain primary" data-act="take"
      data-value=${each.id}>${say("appeals.take")}</button>` : null}
    ${each.standing === "taken" ? html`<button type="button" class="plain" data-act="decide" data-value=${each.id}>
      ${say("appeals.decide")}</button>
      ${may("quality.manage") ? html`<button type="button" class="plain" data-act="give_back" data-value=${each.id}>
        ${say("appeals.give_back")}</button>` : null}` : null}</li>`)}</ul></section>`;
}

function Scores({ context, told }) {
  const { say } = context;
  const rows = told.scores.data.scores;
  if (!rows.length) return html`<div class="note panel"><h2>${say("scores.none")}</h2><p>${say("scores.none_why")}</p></div>`;
  return html`<section class="panel listed"><h2>${say("quality.part.scores")}</h2><ul class="rows">${rows.map((each) => html`<li
    key=${each.id}>
    <a class="link" href=${`#find&one=${each.recording}&score=${each.id}`} title=${each.recording}>
      ${each.done ? momentText(each.done, context) : each.recording}</a>
    ${agentText(context.named, each.agent)} <b>${points(each.points)}</b>
    ${each.standing === "open" ? say("score.open") : each.passed ? say("score.passed") : say("score.not_passed")}
    <small class="quiet">${say(`score.kind.${each.kind}`)}</small></li>`)}</ul></section>`;
}

/* ---------------------------------------------------------------- what is pressed */

const go = (means, wish) => means.go("quality", { ...means.place.value.words, ...wish });
/* The score stands beside its call on the first tab. */
const toScore = (means, recording, score) => means.go("find", { one: recording, score: String(score) });

export const ACTS = {
  part: ({ value }, means) => means.go("quality", { part: value }),
  open: ({ value }, means) => go(means, { id: value }),
  blind: async ({ value, calibration }, means) => {
    const answer = await means.press("/api/quality/scores", { recording: value, calibration: Number(calibration) }, "score");
    if (answer.ok) await toScore(means, value, answer.data.score);
  },
  close_calibration: async ({ value }, means) => {
    await means.press(`/api/quality/calibrations/${value}/close`, {}, "calibration");
    await go(means, { id: value });
  },
  take: async ({ value }, means) => {
    const answer = await means.press(`/api/quality/appeals/${value}/take`, {}, "appeal");
    if (answer.ok) await toScore(means, answer.data.recording, answer.data.score);
  },
  give_back: async ({ value }, means) => {
    const answer = await means.press(`/api/quality/appeals/${value}/give-back`, {}, "appeal");
    if (answer.ok) means.said.value = { kind: "appeal", message: "", word: "appeals.given_back", good: true };
  },
  decide: ({ value }, means) => means.press(`/api/quality/appeals/${value}/decide`, {}, "appeal"),
};

const split = (text) => text.split(/[\s,;，；、]+/).filter(Boolean);
/* A recording's id, or a link to it as the player copies it; a rater as the trail writes people, or as they sign in. */
const recordingOf = (text) => new URLSearchParams(text.split("#")[1] || "").get("one") || text;
const raterOf = (text) => (text.includes(":") ? text : `user:${text}`);

export const FORMS = {
  ...TRAINING_FORMS,
  period: (fields, _, means) => {
    go(means, fields);
    return null;
  },
  draw: async (fields, _, means) => {
    const answer = await means.press("/api/quality/samples", fields, "sample");
    if (answer.ok) await go(means, { id: String(answer.data.sample.id) });
    return answer;
  },
  leave_out: ({ why }, { id, recording }, means) => means.press(`/api/quality/samples/${id}/leave-out`, { recording, why }, "sample"),
  calibrate: ({ name, form, recordings, raters }, _, means) => {
    const wish = { name, form, recordings: split(recordings).map(recordingOf), raters: split(raters).map(raterOf) };
    return means.press("/api/quality/calibrations", wish, "calibration");
  },
};
