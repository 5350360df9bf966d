/* Queues, and campaigns when there are any: a line each, figures to the right. */

import { count, duration, shareDown, shareUp, DASH } from "../format.js";
import { levels, longestWait } from "../urgency.js";
import { html } from "../draw/html.js";
import { LevelShape, PlainShape } from "../draw/shapes.js";

/* Of a campaign's states. Only what somebody stopped is red: the rest goes its way. */
const STAGES = {
  draft: "not_ready", trial: "wrapup", review: "dialling", formal: "ready", stopped: "talking", rectifying: "meeting", settling: "menu",
  closed: "logged_out",
};

/* States that dial: to these the stop of all is the news. */
const DIALS = new Set(["trial", "formal"]);

export function Tables({ context, floor, queues, campaigns, asOf, isStale }) {
  const several = new Set([...floor.queues.values()].map((queue) => queue.node)).size > 1;
  return html`<section class="panel tables">
    <div class="room queues">
      <${Board} name="queue" columns=${["waiting", "longest", "service", "ready", "talking"]} ...${{ context }}>
        ${queues.map((queue) => html`<${Queue} key=${queue.id} ...${{ context, queue, several, asOf, isStale }} />`)}
      <//>
    </div>
    ${floor.campaigns.length
      ? html`<div class="room campaigns">
          <${Board} name="campaign" columns=${["state", "dials", "connect", "abandon", "denied"]} ...${{ context }}>
            ${campaigns.map((campaign) => html`<${Campaign} key=${campaign.id} ...${{ context, campaign }} />`)}
          <//>
        </div>`
      : null}
  </section>`;
}

function Board({ context, name, columns, children }) {
  const { say } = context;
  return html`<table class="board" data-board=${name}>
    <thead>
      <tr>
        <th class="cut">${say(`${name}.name`)}</th>
        ${columns.map((column) => html`<th class="cut" key=${column}>${say(`${name}.${column}`)}</th>`)}
      </tr>
    </thead>
    <tbody>${children}</tbody>
  </table>`;
}

/* A queue is named with its server only where names alone may be ambiguous. */
function Queue({ context, queue, several, asOf, isStale }) {
  const now = asOf(queue.node);
  const level = levels(queue, now);
  return html`<tr class=${isStale(queue.node) ? "stale" : ""} data-queue=${queue.id}>
    <td><span class="name cut" dir="auto">${several ? queue.id : queue.name}</span></td>
    <${Cell} ...${{ context, text: count(queue.waiting), level: level.waiting, fade: true }} />
    <${Cell} ...${{ context, text: duration(longestWait(queue, now)), level: level.longest }} />
    <${Cell} ...${{ context, text: shareDown(queue.service_level), level: level.service, fade: true }} />
    <${Cell} ...${{ context, text: count(queue.agents.ready || 0), fade: true }} />
    <${Cell} ...${{ context, text: count(queue.agents.talking || 0), fade: true }} />
  </tr>`;
}

function Campaign({ context: { say, lang }, campaign }) {
  const state = campaign.stopped && DIALS.has(campaign.state) ? "stopped" : campaign.state;
  const word = say.knows(`stage.${state}`) ? say(`stage.${state}`) : state;
  const denied = Object.values(campaign.denied || {}).reduce((sum, number) => sum + number, 0);
  const connect = campaign.dials ? campaign.connected / campaign.dials : null;
  return html`<tr data-campaign=${campaign.id} data-state=${state}>
    <td><span class="name cut" dir="auto">${(lang === "zh" && campaign.name_zh) || campaign.name || campaign.id}</span></td>
    <td class=${state === "stopped" ? "act" : ""}>
      <span class="cell stage"><${PlainShape} shape=${STAGES[state] || "not_ready"} /><span class="cut">${word}</span></span></td>
    <${Cell} text=${count(campaign.dials)} />
    <${Cell} text=${shareDown(connect)} />
    <${Cell} text=${shareUp(campaign.abandon_rate)} />
    <${Cell} text=${count(denied)} />
  </tr>`;
}

function Cell({ context, text, level, fade }) {
  const quiet = text === "0" || text === DASH ? "zero" : "";
  return html`<td class="${quiet} ${level || ""}">
    <span class="cell ${fade ? "fade" : ""}" key=${fade ? text : "ticking"}>
      ${level ? html`<${LevelShape} level=${level} label=${context.say(`level.${level}`)} />` : null}${text}
    </span>
  </td>`;
}
