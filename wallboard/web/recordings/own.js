/* An agent's own tab: the scores of the own calls, to read and to contest, and the own recordings where the plan lets them be heard.

Nothing of a colleague is asked for here. The player is the one of the first tab, and tells which seconds were heard as it does there. */

import { html } from "../draw/html.js";
import { momentText } from "../campaigns/times.js";
import { clockText } from "./model.js";
import { wordsOf } from "./names.js";
import { Waiting } from "./page.js";
import { Deck } from "./player.js";
import { PLAY_ACTS, playChange, playKey } from "./playing.js";
import { points } from "./score.js";
import * as stage from "./stage.js";

const OWN = "/api/me/recordings";

export function paths(words) {
  return { scores: "/api/me/scores", recordings: OWN,
    ...(words.one ? { one: `${OWN}/${encodeURIComponent(words.one)}` } : {}),
    ...(words.id ? { score: `/api/me/scores/${encodeURIComponent(words.id)}` } : {}) };
}

export function View({ context, words, told }) {
  const { say } = context;
  const found = told.scores?.data;
  if (!found) return html`<${Waiting} ...${{ context, asked: told.scores }} />`;
  return html`
    <section class="panel listed"><h2>${say("own.scores")}</h2>
      ${found.scores.length ? html`<ul class="rows">${found.scores.map((each) => html`<li key=${each.id}>
        <button type="button" class="link" data-act="open" data-value=${each.id}>${momentText(each.done, context)}</button>
        <b>${points(each.points)}</b> ${each.passed ? say("score.passed") : say("score.not_passed")}
        ${each.appeal ? html`<small>${say("own.appeal")}: ${say(`appeals.${each.appeal}`)}</small>` : null}</li>`)}</ul>`
        : html`<p class="quiet">${say("own.no_scores")}</p>`}</section>
    ${words.id && told.score?.data ? html`<${One} ...${{ context, score: told.score.data, found }} />` : null}
    <${Recordings} ...${{ context, asked: told.recordings, one: told.one?.data, player: stage.player.value }} />`;
}

function One({ context: { say, lang }, score, found }) {
  const row = found.scores.find(({ id }) => id === score.id);
  const text = (each) => wordsOf(lang, each);
  const items = score.form.sections.flatMap((section) => section.items);
  const value = ({ id, kind }) => {
    const answer = score.answers[id];
    if (!answer || answer.value === null || answer.value === undefined) return say("score.skip");
    return kind === "yes_no" ? say(answer.value ? "score.yes" : "score.no") : String(answer.value);
  };
  return html`<section class="panel listed"
    data-score=${score.id}><h2>${points(score.now.points)} <small>${wordsOf(lang, score.form)} v${score.form.version}</small></h2>
    <ul class="rows">${items.map((item) => html`<li key=${item.id}>${text(item)} <b>${value(item)}</b>
      ${score.answers[item.id]?.comment ? html`<small
        class="quiet" dir="auto">${score.answers[item.id].comment}</small>` : null}</li>`)}</ul>
    ${score.comment ? html`<p dir="auto">${score.comment}</p>` : null}
    ${score.counts && !row?.appeal ? html`<form class="line-form" data-form="appeal" data-id=${score.id}>
      <label>${say("own.item")} <select name="item"><option value="">${say("own.whole")}</option>${items.map((item) =>
        html`<option key=${item.id} value=${item.id}>${text(item)}</option>`)}</select></label>
      <label class="grow">${say("own.why")} <input name="reason" required maxlength="500" autocomplete="off" /></label>
      <button class="plain primary">${say("own.contest")}</button></form>` : null}
  </section>`;
}

function Recordings({ context, asked, one, player }) {
  const { say } = context;
  const rows = asked?.data?.recordings;
  if (!rows?.length) return html`<p class="quiet">${asked?.message || say("own.no_recordings")}</p>`;
  return html`<section class="panel listed"><h2>${say("own.recordings")}</h2><ul class="rows">${rows.map((row) => html`<li key=${row.id}>
    ${momentText(row.began, context)} ${row.queue || row.campaign || "–"} ${clockText(row.length_ms / 1000)}
    ${player.id === row.id ? html`<b role="status">${say("own.heard_now")}</b>` : html`<form class="line-form"
      data-form="hear" data-id=${row.id}>
      <input name="why" maxlength="200" autocomplete="off" aria-label=${say("player.why")} placeholder=${say("own.hear_why")} />
      <button class="plain">▶ ${say("player.listen")}</button></form>`}</li>`)}</ul>
    <p class="quiet">${say("player.logged")}</p>
    ${one && player.listen && player.id === one.row.id ? html`<div class="player"
      data-recording=${one.row.id}><${Deck} ...${{ context, one, player }} /></div>` : null}
  </section>`;
}

export const ACTS = {
  ...PLAY_ACTS,
  open: ({ value }, means) => means.go("own", { ...means.place.value.words, id: value }),
};

export const FORMS = {
  appeal: ({ reason, item }, { id }, means) => means.press(`/api/me/scores/${encodeURIComponent(id)}/appeal`, { reason, item }, "appeal"),
  hear: async ({ why }, { id }, means) => {
    const wish = { method: "POST", body: { why }, csrf: means.session.value?.csrf };
    const answer = await means.ask(`${OWN}/${encodeURIComponent(id)}/listen`, wish);
    if (!answer.ok) {
      means.said.value = { kind: "listen", message: answer.message, good: false };
      return answer;
    }
    await means.go("own", { ...means.place.value.words, one: id });
    stage.listened(id, answer.data, 0, OWN);
    return answer;
  },
};

/* ---------------------------------------------------------------- keys, changes of fields, drawing */

export const onKey = (event) => stage.player.value.listen && playKey(event);
export const onChange = (event) => playChange(event);
export const onDrawn = (means) => stage.staged(means, means.told.value.one?.data);
export const onLeave = () => stage.leave();

/* What sounds stands there. */
export function onGo(tab, asked) {
  if (tab !== "own" || stage.player.value.id !== asked.one) stage.closed();
}
