/* The page of recordings as it is drawn: the top with its tabs, what came of the last press, then the tab. */

import { html } from "../draw/html.js";
import { TABS } from "./places.js";

const THEME_SIGNS = { light: "☀", dark: "☾", auto: "◐" };
const OTHER_LANGUAGE = { en: "中文", zh: "EN" };
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
    <${Top} ...${{ context, place, session, settings, may, shown, awaited: told.floor?.data?.awaited }} />
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

function Top({ context: { say }, place, session, settings, may, shown, awaited }) {
  return html`<header class="top">
    <a class="brand" href="/floor">Andon</a>
    <nav aria-label=${say("recordings.pages")}>
      <a class="tab" href=${may("floor.read") ? "/floor" : "/agent"}>${say(may("floor.read") ? "recordings.floor" : "recordings.agent")}</a>
      ${may("ledger.read") ? html`<a class="tab" href="/breaks">${say("recordings.breaks")}</a>` : null}
      ${shown.map((tab) => html`<button type="button" class="tab" key=${tab} data-act="tab" data-value=${tab}
        aria-current=${place.tab === tab ? "page" : null}>${say(`recordings.tab.${tab}`)}<${Awaits}
        ...${{ say, n: onTab(awaited, tab) }} /></button>`)}
      ${may("campaigns.read") ? html`<a class="tab" href="/campaigns">${say("recordings.campaigns")}</a>` : null}
      ${may("reports.read") ? html`<a class="tab" href="/reports">${say("recordings.reports")}</a>` : null}
    </nav>
    <div class="right">
      <span class="quiet cut name" dir="auto">${session?.name || ""}</span>
      <button type="button" class="plain" data-act="print">${say("recordings.print")}</button>
      <button type="button" class="plain" data-act="language" lang=${settings.lang === "en" ? "zh" : "en"} title=${say("keys.language")}>
        ${OTHER_LANGUAGE[settings.lang]}</button>
      <button type="button" class="plain" data-act="theme" title=${say("keys.theme")} aria-label=${say("keys.theme")}>
        ${THEME_SIGNS[settings.theme]}</button>
    </div>
  </header>`;
}

/* What a tab draws while it has nothing to draw: asking, refused, or empty with a reason. */
export function Waiting({ context: { say }, asked }) {
  if (asked?.message && !asked.data) return html`<p class="wrong" role="alert">${asked.message}</p>`;
  return html`<p class="quiet" role="status">${say("recordings.asking")}</p>`;
}
