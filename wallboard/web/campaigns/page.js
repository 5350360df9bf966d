/* The page of campaigns as it is drawn: the top with the stop key, then what the place says. */

import { html } from "../draw/html.js";
import { Top } from "../office/top.js";
import { Board } from "./board.js";
import { Gate } from "./gate.js";
import { Lists } from "./lists.js";
import { One } from "./one.js";
import { Statement } from "./statement.js";
import { TABS } from "./places.js";
import { Said } from "./said.js";

export function Page({ context, place, told, said, answers, session, settings }) {
  const may = (action) => Boolean(session?.actions.includes(action));
  const parts = { context, place, told, said, answers, may };
  return html`<div class="page">
    <${Top} ...${{ context, session, settings, here: "campaigns", tabs: tabs(context.say, place), printed: place.tab === "statement" }}>
      ${may("dialling.stop") ? html`<${StopKey} ...${{ say: context.say, place, all: told.campaigns?.data }} />` : null}
    <//>
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

function tabs(say, place) {
  const here = TABS.includes(place.tab) ? place.tab : "board";
  return TABS.map((name) => html`<button type="button" class="tab" key=${name} data-act="tab" data-value=${name}
    aria-current=${here === name ? "page" : null}>${say(`campaigns.tab.${name}`)}</button>`);
}

/* Always there, always the same key; on one campaign's page it stops that one. */
function StopKey({ say, place, all }) {
  const one = place.tab === "one";
  if (!one && all?.stopped) return html`<span class="stopped-sign" role="status">■ ${say("campaigns.all_stopped")}</span>`;
  return html`<button type="button" class="stop-key" data-act=${one ? "stop" : "stop_all"} data-value=${place.id}
    aria-keyshortcuts="Shift+S">■ ${say(one ? "campaigns.stop_one" : "campaigns.stop_all")} <kbd>⇧S</kbd></button>`;
}
