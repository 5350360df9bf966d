/* The right column: all that is known of one agent, queue, call, server or alert, and what may be ordered of it.

Its numbers are buttons that open why.js. What comes from the server by itself (an agent's day) is asked for in main.js. */

import { html } from "../draw/html.js";
import { LevelShape, PlainShape, StateShape } from "../draw/shapes.js";
import { count, duration, timeOfDay, DASH } from "../format.js";
import { agentLevel, stateRank } from "../urgency.js";
import { ActsOn, BreakOf } from "./agent_acts.js";
import { AlertView } from "./alerts.js";
import { CallMarks } from "./calls.js";
import { isIn } from "./filters.js";
import { NumberTile } from "./number.js";
import { agentNumbers, queueNumbers } from "./numbers.js";
import { Record } from "./record.js";
import { Strip } from "./strip.js";
import { Timer } from "./timer.js";

const VIEWS = { agent: AgentView, queue: QueueView, call: CallView, node: NodeView, alert: AlertView };

export function Inspector({ context, floor, at, day, place, asOf, isStale, ages, deeds, console, record, takesAlerts }) {
  const { say } = context;
  const alerts = new Map((floor.alerts || []).map((alert) => [alert.id, alert]));
  const rows = { agent: floor.agents, queue: floor.queues, call: floor.calls, node: floor.nodes, alert: alerts };
  const row = at.kind === "queue" && at.id === "" ? floor.totals : rows[at.kind].get(at.id);
  const name = row ? titleOf(say, at, row) : at.id;
  return html`<section class="inspector ${row && isStale(row.node ?? null) ? "stale" : ""}" aria-label=${say("inspector.title")}
    data-inspects="${at.kind}:${at.id}">
    <header>
      <h2 class="cut" tabindex="-1" data-focus="inspector"><span class="name" dir="auto">${name}</span></h2>
      <button type="button" class="icon" data-act="close" aria-label=${say("floor.close")}><${PlainShape} shape="lost" /></button>
    </header>
    ${row ? html`<${VIEWS[at.kind]} ...${{ context, floor, row, id: at.id, day, place, asOf, ages, deeds, presses: console.presses, record,
      may: takesAlerts, asking: console.taking }} />` :
      html`<p class="quiet">${say("inspector.gone")}</p>`}
  </section>`;
}

function titleOf(say, at, row) {
  if (at.kind === "call") return say("inspector.call");
  if (at.kind === "alert") return say("alerts.title");
  return at.kind === "queue" && at.id === "" ? say("queues.all") : row.name || row.node || row.id;
}

/* Nobody is chosen yet: say what this place is for. */
export function NothingChosen({ context: { say } }) {
  return html`<section class="inspector nothing"><h2>${say("inspector.none_title")}</h2><p class="quiet">${say("inspector.none_text")}</p>
    </section>`;
}

/* ---------------------------------------------------------------- agent */

function AgentView({ context, floor, row: agent, id, day, place, asOf, deeds, presses, record }) {
  const { say, word, zone } = context;
  const level = agentLevel(agent);
  const call = floor.calls.get(agent.call);
  const tiles = agentNumbers(agent);
  return html`
    <p class="quiet cut">${[agent.id, agent.team && say("inspector.team", { team: agent.team }),
      agent.interface].filter(Boolean).join(" · ")}</p>
    <p class="now ${level || ""}">
      ${level ? html`<${LevelShape} level=${level} label=${say(`level.${level}`)} />` : html`<${StateShape} state=${agent.state} />`}
      <b>${word("state", agent.state)}</b>
      <${Timer} since=${agent.since} limit=${level && agent.break ? agent.break.until : null} node=${agent.node} />
      <span class="quiet">${say("inspector.since", { time: timeOfDay(agent.since, zone) })}</span>
    </p>
    ${agent.reason ? html`<p class="reason"><span class="quiet">${say("inspector.reason")}</span> <span class="name" dir="auto">
      ${word("kind", agent.reason)}</span></p>` : null}
    <${ActsOn} ...${{ context, floor, id, deeds, presses }} />
    <${BreakOf} ...${{ context, agent, now: asOf(agent.node) }} />
    <div class="tiles">
      <button type="button" class="number" data-act="why" data-number="state" data-kind="agent" data-id=${id}>
        <span class="label cut">${say("inspector.why_state")}</span><span class="value">${say("inspector.ask_why")}</span>
      </button>
      ${tiles.map((tile) => html`<${NumberTile} key=${tile.name} ...${{ context, ...tile, kind: "agent", id, node: agent.node }} />`)}
    </div>
    ${call ? html`<h3>${say("inspector.in_hand")}</h3><${CallLine} ...${{ context, call }} />` : null}
    <h3>${say("inspector.queues")}</h3>
    <p>${agent.queues.length ? agent.queues.join(", ") : html`<span class="quiet">${say("inspector.no_queue")}</span>`}</p>
    <h3>${say("day.title")}</h3>
    <${Strip} ...${{ context, day, place, now: asOf(agent.node), id }} />
    <${Record} ...${{ context, record, id }} />`;
}

/* ---------------------------------------------------------------- queue */

function QueueView({ context, floor, row: queue, id, asOf }) {
  const { say } = context;
  const now = asOf(queue.node ?? null);
  const tiles = queueNumbers(queue, now);
  const isAll = id === "";
  const callers = [...floor.calls.values()].filter((call) => WAITS.has(call.state) &&
    (isAll || (call.node === queue.node && call.queue === queue.name)));
  const agents = [...floor.agents.values()].filter((agent) => isAll || isIn(agent, queue));
  return html`
    <div class="tiles">${tiles.map((tile) => html`<${NumberTile} key=${tile.name}
      ...${{ context, ...tile, kind: "queue", id, node: queue.node ?? null }} />`)}</div>
    <h3>${say("inspector.callers", { n: callers.length })}</h3>
    ${callers.length ? null : html`<p class="quiet">${say("hint.nobody_waits")}</p>`}
    <ul class="lines">${callers.sort((one, other) => one.since - other.since).slice(0,
      CALLERS_SHOWN).map((call) => html`<li key=${call.id}><${CallLine} ...${{ context, call }} /></li>`)}</ul>
    ${callers.length > CALLERS_SHOWN ? html`<p class="quiet">${say("list.more", { n: callers.length - CALLERS_SHOWN })}</p>` : null}
    <h3>${say("inspector.agents", { n: agents.length })}</h3>
    <${States} ...${{ context, rows: agents, id }} />`;
}

const WAITS = new Set(["waiting", "connecting"]);

/* A queue that has more has another problem than the names of its callers. */
const CALLERS_SHOWN = 20;

/* How many are in each state: shape, number, word; each answers why. */
function States({ context: { word }, rows, id }) {
  const counts = new Map();
  for (const { state } of rows) counts.set(state, (counts.get(state) || 0) + 1);
  const sorted = [...counts].sort(([one], [other]) => stateRank(one) - stateRank(other));
  return html`<ul class="states">
    ${sorted.map(([state, n]) => html`<li key=${state}>
      <button type="button" class="count" data-act="why" data-number="agents.${state}" data-kind="queue" data-id=${id}>
      <${StateShape} state=${state} /><b>${n}</b>${" "}${word("state", state)}</button></li>`)}
  </ul>`;
}

/* ---------------------------------------------------------------- call and server */

function CallLine({ context, call }) {
  const { word } = context;
  const number = call.direction === "inbound" ? call.caller : call.callee || call.caller;
  return html`<button type="button" class="line" data-act="inspect" data-kind="call" data-id=${call.id}>
    <${StateShape} state=${call.state} /><span class="grow cut">${word("state", call.state)} <span class="phone">${number || ""}</span>
      </span>
    <${CallMarks} ...${{ context, call }} /><${Timer} since=${call.since} node=${call.node} />
  </button>`;
}

function CallView({ context, floor, row: call, id }) {
  const { say, word, zone } = context;
  const agent = floor.agents.get(call.agent);
  const person = agent ? html`<button type="button" class="link" data-act="inspect" data-kind="agent" data-id=${agent.id}>
    <span class="name" dir="auto">${agent.name || agent.id}</span></button>` : DASH;
  const lines = [
    ["direction", word("direction", call.direction)],
    ["queue", call.queue || DASH],
    ["agent", person],
    ["from", html`<span class="phone">${call.caller || DASH}</span>`],
    ["to", html`<span class="phone">${call.callee || DASH}</span>`],
    ["began", timeOfDay(call.began, zone)],
    ["node", call.node],
    ["id", html`<code>${id}</code>`],
  ];
  return html`
    <p class="now"><${StateShape} state=${call.state} /><b>${word("state", call.state)}</b>
      <${Timer} since=${call.since} node=${call.node} />
      <span class="quiet">${say("inspector.since", { time: timeOfDay(call.since, zone) })}</span></p>
    <p class="marks"><${CallMarks} ...${{ context, call }} />
      ${say(call.silent ? "mark.silent" : call.recorded ? "mark.recorded" : "mark.not_recorded")}
      ${call.spied ? ` · ${say("mark.spied")}` : ""}</p>
    <dl class="facts">${lines.map(([name, value]) => html`<dt>${say(`call.${name}`)}</dt><dd class="cut">${value}</dd>`)}</dl>`;
}

function NodeView({ context, row: node, ages }) {
  const { say, word, zone } = context;
  const seconds = ages.get(node.node);
  const lines = [
    ["link", word("link", node.link)],
    ["since", timeOfDay(node.since, zone)],
    ["heard", seconds === null ? DASH : say("node.ago", { duration: duration(seconds) })],
    ["asterisk", node.asterisk || DASH],
    ["anomalies", count(node.anomalies)],
  ];
  return html`
    <p class="now"><${StateShape} state=${node.link} /><b>${word("link", node.link)}</b><${Timer} since=${node.since} node=${null} /></p>
    ${node.reason ? html`<p class="reason">${node.reason}</p>` : null}
    <dl class="facts">${lines.map(([name, value]) => html`<dt>${say(`node.${name}`)}</dt><dd>${value}</dd>`)}</dl>
    <p class="quiet">${say("node.explained")}</p>`;
}
