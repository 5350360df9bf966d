/* The middle: which list, its filters with their counts, the list, and the foot that counts what is selected. */

import { html } from "../draw/html.js";
import { PlainShape, StateShape } from "../draw/shapes.js";
import { stateRank } from "../urgency.js";
import { Agents } from "./agents.js";
import { Calls } from "./calls.js";
import { DEEDS } from "./deeds.js";
import { ORDERS, TABS, isFiltered } from "./filters.js";

/* list: {all, ids, fits, states, held} of the tab that is open. */
export function Middle({ context, floor, filters, list, teams, cursor, at, selection, isStale, deeds }) {
  const { say } = context;
  const grids = { agents: Agents, calls: Calls };
  const chosen = at && `${at.kind}s` === filters.tab ? at.id : null;
  const nothing = list.ids.length === 0;
  return html`<main class="middle panel">
    <${Choices} ...${{ context, floor, filters, teams }} />
    <${StateChips} ...${{ context, filters, states: list.states, stale: isStale(null) }} />
    ${nothing ? html`<${NoRows} ...${{ context, floor, filters }} />` :
      html`<${grids[filters.tab]} ...${{ context, floor, ids: list.ids, fits: list.fits, cursor, chosen, selected: selection.ids, isStale,
        may: deeds.length > 0 }} />`}
    <${Foot} ...${{ context, floor, filters, list, selection, deeds }} />
  </main>`;
}

function Choices({ context, floor, filters, teams }) {
  const { say } = context;
  const counts = { agents: floor.agents.size, calls: floor.calls.size };
  const queue = floor.queues.get(filters.queue);
  return html`<div class="choices">
    <div class="tabs" role="group" aria-label=${say("floor.lists")}>
      ${TABS.map((tab) => html`<button type="button" key=${tab} data-act="tab" data-tab=${tab}
        aria-pressed=${String(filters.tab === tab)}>${say(`tab.${tab}`)} <b>${counts[tab]}</b></button>`)}
    </div>
    ${queue || filters.queue ? html`<button type="button" class="tag" data-act="queue" data-id=${filters.queue}
      aria-label=${say("floor.drop", { name: queue ? queue.name : filters.queue })}><span class="cut" dir="auto">
        ${queue ? queue.name : filters.queue}</span><${PlainShape} shape="lost" /></button>` : null}
    ${filters.level ? html`<button type="button" class="tag" data-act="level" data-level=${filters.level}
      aria-label=${say("floor.drop", { name: say(`level.${filters.level}`) })}>${say(`level.${filters.level}`)}
        <${PlainShape} shape="lost" /></button>` : null}
    <span class="grow" />
    ${teams.length
      ? html`<label><span class="unseen">${say("floor.team")}</span><select data-choice="team" value=${filters.team}>
          <option value="" selected=${filters.team === ""}>${say("floor.all_teams")}</option>
          ${teams.map((team) => html`<option key=${team} value=${team} selected=${filters.team === team}>${team}</option>`)}
        </select></label>`
      : null}
    <label><span class="by">${say("floor.by")}</span><select data-choice="by" value=${filters.by}>
      ${ORDERS.filter((by) => filters.tab === "agents" || by !==
        "state").map((by) => html`<option key=${by} value=${by} selected=${filters.by === by}>${say(`by.${by}`)}</option>`)}
    </select></label>
    <button type="button" class="plain clear" data-act="clear" disabled=${!isFiltered(filters)}>${say("floor.clear")}</button>
  </div>`;
}

/* states: [[state, number]] in places that stay: a state that nobody is in any more keeps its chip with a nought. */
function StateChips({ context: { say, word }, filters, states, stale }) {
  return html`<div class="chips ${stale ? "stale" : ""}" role="group" aria-label=${say("floor.states")}>
    ${states.map(([state, number]) => html`<button type="button" key=${state} class="chip ${number ? "" : "zero"}" data-act="state"
      data-state=${state} aria-pressed=${String(filters.state === state)}>
      <${StateShape} state=${state} /><b>${number}</b><span class="cut">${word("state", state)}</span></button>`)}
  </div>`;
}

/* Nobody fits, or nobody is there at all: not the same. */
function NoRows({ context: { say }, floor, filters }) {
  const filtered = isFiltered(filters) && (filters.tab === "calls" || floor.agents.size > 0);
  const about = filtered ? "none_fit" : `no_${filters.tab}`;
  return html`<div class="norows" data-note=${about}>
    <p>${say(`floor.${about}`)}</p>
    ${filtered ? html`<button type="button" class="plain" data-act="clear">${say("floor.clear_all")} <kbd>Esc</kbd></button>` : null}
  </div>`;
}

function Foot({ context, floor, filters, list, selection, deeds }) {
  const { say, word } = context;
  const rows = [...selection.ids].map((id) => floor.agents.get(id)).filter(Boolean);
  if (!rows.length || filters.tab !== "agents") {
    return html`<footer class="foot quiet">
      <span>${say("floor.shown", { shown: list.fits.size, all: list.all })}</span>
      <span class="hold">${list.held ? say("floor.held") : ""}</span>
    </footer>`;
  }
  const states = [...new Set(rows.map((agent) => agent.state))].sort((one, other) => stateRank(one) - stateRank(other));
  const number = (state) => rows.filter((agent) => agent.state === state).length;
  return html`<footer class="foot selection" role="status">
    <b>${say("floor.selected", { n: rows.length })}</b>
    <span class="grow states cut">${states.map((state) => html`<span key=${state}><${StateShape} state=${state} />
      ${number(state)} ${word("state", state)}</span>`)}</span>
    ${deeds.filter((deed) => DEEDS[deed].many).map((deed) => html`<button type="button" class="plain" key=${deed} data-act="deed"
      data-deed=${deed}>${say(`deed.${deed}`)}</button>`)}
    <button type="button" class="plain" data-act="unselect">${say("floor.unselect")}</button>
  </footer>`;
}
