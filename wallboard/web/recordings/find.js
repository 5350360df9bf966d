/* The tab of finding and hearing: what is asked for, the list, the player, the score form.

What is drawn is in list.js, player.js and score.js; what sounds in stage.js. */

import { html } from "../draw/html.js";
import { momentOf } from "../campaigns/places.js";
import { List, Search } from "./list.js";
import { Waiting } from "./page.js";
import { GONE, Player } from "./player.js";
import { PLAY_ACTS, playChange, playKey } from "./playing.js";
import { redacted } from "./redactions.js";
import { messageOf } from "./refused.js";
import { ScorePart } from "./score.js";
import * as stage from "./stage.js";

/* Of the address; anything else in it is not passed on. A number is never one of them. */
export const ASKED = ["agent", "queue", "campaign", "client", "call", "since", "until", "shortest_s", "longest_s", "outcome", "direction",
  "class", "tag", "score_from", "score_to", "trouble", "held", "after"];
const MOMENTS = ["since", "until"];

/* Moments are typed by the floor's clock, and asked for in seconds. */
export function paths(words, may, zone) {
  const asked = new URLSearchParams(ASKED.filter((name) => words[name]).map((name) =>
    [name, MOMENTS.includes(name) ? String(momentOf(words[name], zone)) : words[name]]));
  asked.set("counts", "true");
  const one = words.one && encodeURIComponent(words.one);
  return {
    found: `/api/recordings?${asked}`,
    ...(one ? { one: `/api/recordings/${one}` } : {}),
    ...(may("quality.score") ? { forms: "/api/quality/forms" } : {}),
    ...(one && may("quality.score") ? { scores: `/api/quality/scores?recording=${one}` } : {}),
  };
}

export function View({ context, words, told, answers, may, session }) {
  const found = answers.number?.data && words.by === "number" ? answers.number : told.found;
  // What was told of another one is not shown under this one's address.
  const one = words.one && told.one?.data?.row.id === words.one ? { ...told.one.data, scores: told.scores?.data?.scores } : null;
  const scoring = stage.scoring.value.id === words.one ? stage.scoring.value : { score: null };
  const parts = { context, one, may, answers, me: session ? `user:${session.name}` : "" };
  return html`
    <${Search} ...${{ context, words, counts: found?.data?.counts, answers }} />
    <div class="find-body" data-one=${words.one ? "" : null}>
      ${found?.data ? html`<${List} ...${{ context, words, found: found.data }} />` : html`<${Waiting} ...${{ context, asked: found }} />`}
      ${words.one ? html`<div class="stage">
        ${one ? html`<${Player} ...${{ ...parts, player: stage.player.value }} />
          ${GONE.includes(one.row.state) ? null : html`<${ScorePart} ...${{ ...parts, scoring, forms: told.forms?.data?.forms }} />`}`
          : html`<${Waiting} ...${{ context, asked: told.one }} />`}
      </div>` : null}
    </div>`;
}

/* ---------------------------------------------------------------- what is pressed */

function chosen(means) {
  return `/api/recordings/${encodeURIComponent(means.place.value.words.one)}`;
}

function words(means, wish) {
  return means.go("find", { ...means.place.value.words, ...wish });
}

function redactionLeft(means) {
  stage.unstretched();
  means.answers.value = { ...means.answers.value, redaction: undefined };
}

export const ACTS = {
  one: ({ value }, means) => {
    stage.closed();
    stage.scoreClosed();
    return words(means, { one: value, at: "", score: "" });
  },
  close_one: (_, means) => {
    stage.closed();
    stage.scoreClosed();
    return words(means, { one: "", at: "", score: "" });
  },
  clear: (_, means) => means.go("find", {}),
  older: ({ value }, means) => words(means, { after: value }),
  newest: (_, means) => words(means, { after: "" }),
  ...PLAY_ACTS,
  mark: (_, means) => {
    redactionLeft(means);
    stage.mark();
  },
  redact_ask: (_, means) => {
    redactionLeft(means);
    stage.stretched();
    document.querySelector(".marked [name=why]")?.focus();
  },
  redact_leave: (_, means) => redactionLeft(means),
  close_score: (_, means) => {
    stage.scoreClosed();
    return words(means, { score: "" });
  },
  uncomment: ({ value }, means) => means.press(`${chosen(means)}/comments/${value}`, undefined, "comment", { method: "DELETE" }),
  untag: ({ value }, means) => means.press(`${chosen(means)}/tags`, { remove: [value] }, "tag"),
  link: (_, means, event) => {
    event.preventDefault();
    return copyLink(means);
  },
};

export const FORMS = {
  search: (fields, _, means) => {
    means.go("find", Object.fromEntries(ASKED.filter((name) => fields[name]).map((name) => [name, fields[name]])));
    return null; // what was asked for stays in its fields
  },
  number: async (fields, _, means) => {
    const answer = await means.question("/api/recordings/find", { number: fields.number, why: fields.why }, "number");
    if (answer.ok) await means.go("find", { by: "number" });
    return null; // the number stays in its field until somebody clears it
  },
  listen: async ({ why }, { id }, means) => {
    const wish = { method: "POST", body: { why }, csrf: means.session.value?.csrf };
    const answer = await means.ask(`/api/recordings/${encodeURIComponent(id)}/listen`, wish);
    if (answer.ok) stage.listened(id, answer.data, Number(means.place.value.words.at) || 0);
    else means.said.value = { kind: "listen", message: answer.message, good: false };
    return answer;
  },
  comment: async ({ text, since_ms, until_ms }, { id }, means) => {
    const span = [Number(since_ms), Number(until_ms)].sort((one, other) => one - other);
    const answer = await means.press(`/api/recordings/${id}/comments`, { text, since_ms: span[0], until_ms: span[1] }, "comment");
    if (answer.ok && stage.player.value.mark !== null) stage.mark();
    return answer;
  },
  redact: async ({ why }, { id, since, until }, means, event) => {
    const answer = await redacted(id, { spans: [[Number(since), Number(until)]], why }, means, event.submitter?.value === "1");
    if (answer?.ok) stage.mark();
    return answer;
  },
  tag: ({ tag }, { id }, means) => means.press(`/api/recordings/${id}/tags`, { add: [tag] }, "tag"),
  export: ({ why }, { id }, means) => exported(id, why, means),
  score: async ({ form, target }, { id }, means) => {
    const answer = await means.press("/api/quality/scores", { recording: id, form, target: Boolean(target) }, "score");
    if (answer.ok) await stage.scoreOpened(means, answer.data.score);
    return answer;
  },
  finish: async (_, __, means) => {
    const number = stage.scoring.value.score.id;
    const answer = await means.press(`/api/quality/scores/${number}/done`, {}, "score");
    if (answer.ok) await stage.scoreOpened(means, number);
    return answer;
  },
};

/* A file by the browser's own way, under the name that the board gives it. */
async function exported(id, why, means) {
  const headers = { "Content-Type": "application/json", "X-Andon-CSRF": means.session.value?.csrf || "" };
  const wish = { method: "POST", headers, body: JSON.stringify({ why }) };
  const answer = await fetch(`/api/recordings/${encodeURIComponent(id)}/export`, wish).catch(() => null);
  if (!answer?.ok) {
    const said = await answer?.json().catch(() => null);
    means.said.value = { kind: "export", message: messageOf({ data: said, message: said?.message || "" }), good: false };
    return { ok: false };
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `${id}.wav`;
  link.click();
  URL.revokeObjectURL(link.href);
  means.said.value = { kind: "export", message: "", word: "export.done", values: { file: link.download }, good: true };
  return { ok: true };
}

/* The address with the moment in it, for a message to a colleague. */
async function copyLink(means) {
  const at = Math.floor(stage.now());
  await words(means, { at: at ? String(at) : "" });
  // Browsers let pages copy over https and on the own machine alone.
  const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  means.said.value = { kind: "link", message: "", word: copied ? "player.link_copied" : "player.link_above", good: Boolean(copied) };
}

/* ---------------------------------------------------------------- keys, changes of fields, drawing */

const KEYS = {
  m: (_, means) => ACTS.mark({}, means),
  c: () => document.querySelector("[data-comment-text]")?.focus(),
  Escape: (_, means) => ACTS.close_one({}, means),
};

export function onKey(event, means) {
  const digit = /^[0-9]$/.test(event.key);
  if (digit && stage.scoring.value.score) return void scoreByKey(Number(event.key), means, event);
  if (!means.place.value.words.one || playKey(event)) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act(event, means);
}

/* The first item without an answer: 1 yes and 0 no, or that many points. */
function scoreByKey(value, means, event) {
  const { score } = stage.scoring.value;
  const items = score.form.sections.flatMap((section) => section.items);
  const next = items.find((item) => score.answers[item.id] === undefined);
  if (!next || value > (next.kind === "scale" ? next.most ?? 5 : 1)) return;
  event.preventDefault();
  void stage.answer(means, next.id, { value });
}

export function onChange(event, means) {
  if (playChange(event)) return;
  const { dataset, value } = event.target;
  if (dataset.item) void stage.answer(means, dataset.item, { value: value === "" ? null : Number(value) });
  else if (dataset.itemComment) void stage.answer(means, dataset.itemComment, { comment: value });
}

export function onDrawn(means) {
  const found = means.told.value.found?.data;
  if (found && !found.recordings.length && found.next && found !== goneOn) {
    goneOn = found;
    void words(means, { after: found.next });
  }
  const one = means.told.value.one?.data;
  const { score } = means.place.value.words;
  if (one && score && scoreOpened !== score) {
    scoreOpened = score;
    void stage.scoreOpened(means, score);
  }
  stage.staged(means, one);
  if (one && remarkedOf !== one) {
    remarkedOf = one;
    stage.remarked(one);
  }
}

/* What sounds stands there: nothing is heard under another recording's name, or behind another tab. */
export function onGo(tab, asked) {
  const one = tab === "find" ? asked.one : "";
  if (stage.player.value.id !== one) stage.closed();
  if (stage.scoring.value.id !== one) stage.scoreClosed();
  if (asked.score !== scoreOpened) scoreOpened = "";
}

let remarkedOf = null;
let goneOn = null;
let scoreOpened = "";

export const onLeave = () => stage.leave();
