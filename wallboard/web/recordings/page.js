/* The page of recordings as it is drawn: the top with its tabs, what came of the last press, then the tab. */

import { html } from "../draw/html.js";
import { Top } from "../office/top.js";
import { TABS } from "./places.js";

/* Whoever may none of these does not see the tab: what the archive would refuse is not offered. */
const NEEDS = {
  find: ["recordings.find"],
  missing: ["recordings.find"],
  keeping: ["recordings.find"],
  discs: ["discs.manage"],
  quality: ["quality.score", "quality.manage"],
  own: ["quality.own"],
};

export function Page({ context, place, told, said, answers, session, may, settings, view: View }) {
  const { say } = context;
  const shown = TABS.filter((tab) => NEEDS[tab].some(may));
  const refused = session && !NEEDS[place.tab].some(may);
  return html`<div class="page">
    <${Top} ...${{ context, session, settings, here: "recordings", tabs: tabs(say, place, shown, told.floor?.data?.awaited) }} printed />
    <main class="report recordings-page">
      ${told.floor?.message ? html`<p class="wrong" role="alert">${told.floor.message}</p>` : null}
      ${said.kind ? html`<p class=${said.good ? "told" : "wrong"} role="alert" data-said=${said.kind}>
        ${said.message || say(said.word || (said.good ? "recordings.done" : "recordings.failed"), said.values)}</p>` : null}
      ${refused ? html`<p class="wrong" role="alert">${say("recordings.forbidden")}</p>`
        : html`<${View} ...${{ context, words: place.words, told, answers, may, session }} />`}
    </main>
  </div>`;
}

/* Of a disposal, an erasure, a redaction, a release: where it is decided. Kinds of the archive's `awaited`. */
export const AWAITED = {
  missing: { losses: "loss" },
  keeping: { disposals: "disposal", erasures: "erasure", redactions: "redaction", holds: "release" },
};

/* How much waits for another person; nothing where nothing does. */
export function Awaits({ say, n }) {
  return n ? html` <b class="awaits" role="img" aria-label=${say("keeping.awaits", { n })}
    title=${say("keeping.awaits", { n })}>▲ ${n}</b>` : null;
}

const onTab = (awaited, tab) => Object.values(AWAITED[tab] || {}).reduce((sum, kind) => sum + (awaited?.[kind] || 0), 0);

function tabs(say, place, shown, awaited) {
  return shown.map((tab) => html`<button type="button" class="tab" key=${tab} data-act="tab" data-value=${tab}
    aria-current=${place.tab === tab ? "page" : null}>${say(`recordings.tab.${tab}`)}<${Awaits}
    ...${{ say, n: onTab(awaited, tab) }} /></button>`);
}

/* What a tab draws while it has nothing to draw: asking, refused, or empty with a reason. */
export function Waiting({ context: { say }, asked }) {
  if (asked?.message && !asked.data) return html`<p class="wrong" role="alert">${asked.message}</p>`;
  return html`<p class="quiet" role="status">${say("recordings.asking")}</p>`;
}
