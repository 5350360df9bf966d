/* The page of campaigns as it is drawn: the top with the stop key, then what the place says. */

import { html } from "../draw/html.js";
import { Board } from "./board.js";
import { Gate } from "./gate.js";
import { Lists } from "./lists.js";
import { One } from "./one.js";
import { Statement } from "./statement.js";
import { TABS } from "./places.js";
import { Said } from "./said.js";

const THEME_SIGNS = { light: "☀", dark: "☾", auto: "◐" };
const OTHER_LANGUAGE = { en: "中文", zh: "EN" };

export function Page({ context, place, told, said, answers, session, settings }) {
  const may = (action) => Boolean(session?.actions.includes(action));
  const parts = { context, place, told, said, answers, may };
  return html`<div class="page">
    <${Top} ...${{ context, place, told, session, settings, may }} />
    <main class="report campaigns-page">
      ${told.campaigns?.message ? html`<p class="wrong" role="alert">${told.campaigns.message}</p>` : null}
      <${Said} ...${{ context, said }} />
      <${Part} ...${parts} />
    </main>
  </div>`;
}

function Part(parts) {
  const { place, told, context } = parts;
  const whole = { one: One, statement: Statement, gate: Gate, lists: Lists }[place.tab] || Board;
  const waits = told[["one", "statement", "lists"].includes(place.tab) ? place.tab : "campaigns"];
  if (waits?.message && !waits.data) return html`<p class="wrong" role="alert">${waits.message}</p>`;
  if (!waits?.data) return html`<p class="quiet" role="status">${context.say("campaigns.asking")}</p>`;
  return html`<${whole} ...${parts} />`;
}

function Top({ context: { say }, place, told, session, settings, may }) {
  const here = TABS.includes(place.tab) ? place.tab : "board";
  const tab = (name) => html`<button type="button" class="tab" data-act="tab" data-value=${name}
    aria-current=${here === name ? "page" : null}>${say(`campaigns.tab.${name}`)}</button>`;
  return html`<header class="top">
    <a class="brand" href="/floor">Andon</a>
    <nav aria-label=${say("campaigns.pages")}>
      <a class="tab" href="/floor">${say("campaigns.floor")}</a>
      ${may("ledger.read") ? html`<a class="tab" href="/breaks">${say("campaigns.breaks")}</a>` : null}
      ${TABS.map(tab)}
      ${may("recordings.find") ? html`<a class="tab" href="/recordings">${say("campaigns.recordings")}</a>` : null}
      ${may("reports.read") ? html`<a class="tab" href="/reports">${say("campaigns.reports")}</a>` : null}
    </nav>
    <div class="right">
      <span class="quiet cut name" dir="auto">${session?.name || ""}</span>
      ${place.tab === "statement" ? html`<button type="button" class="plain" data-act="print">${say("campaigns.print")}</button>` : null}
      <button type="button" class="plain" data-act="language" lang=${settings.lang === "en" ? "zh" : "en"} title=${say("keys.language")}>
        ${OTHER_LANGUAGE[settings.lang]}</button>
      <button type="button" class="plain" data-act="theme" title=${say("keys.theme")} aria-label=${say("keys.theme")}>
        ${THEME_SIGNS[settings.theme]}</button>
      ${may("dialling.stop") ? html`<${StopKey} ...${{ say, place, all: told.campaigns?.data }} />` : null}
    </div>
  </header>`;
}

/* Always there, always the same key; on one campaign's page it stops that one. */
function StopKey({ say, place, all }) {
  const one = place.tab === "one";
  if (!one && all?.stopped) return html`<span class="stopped-sign" role="status">■ ${say("campaigns.all_stopped")}</span>`;
  return html`<button type="button" class="stop-key" data-act=${one ? "stop" : "stop_all"} data-value=${place.id}
    aria-keyshortcuts="Shift+S">■ ${say(one ? "campaigns.stop_one" : "campaigns.stop_all")} <kbd>⇧S</kbd></button>`;
}
