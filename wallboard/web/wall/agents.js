/* The agents by urgency: shape, name, state, timer. As many as fit; paging.js says who. */

import { duration } from "../format.js";
import { agentLevel, onTheWall } from "../urgency.js";
import { html } from "../draw/html.js";
import { LevelShape, StateShape } from "../draw/shapes.js";

/* The timer counts the state, or with a plus what is over its limit.

asOf(node): the moment that rows of a node stand for; isStale(node): whether that is too long ago. */
export function Agents({ context, floor, shown, asOf, isStale }) {
  const { say } = context;
  const all = [...floor.agents.values()];
  const here = all.filter(onTheWall).length;
  return html`<section class="panel">
    <div class="title">
      <h2>${say("agents.title")}</h2>
      <span>${say("agents.count", { n: here })}</span>
      ${here < all.length ? html`<span>${say("agents.off", { n: all.length - here })}</span>` : null}
    </div>
    ${here ? null : html`<p class="nobody">${say("agents.none")}</p>`}
    <ul class="agents">
      ${shown.map((id) => html`<${Agent} key=${id} ...${{ context, agent: floor.agents.get(id), asOf, isStale }} />`)}
    </ul>
  </section>`;
}

function Agent({ context, agent, asOf, isStale }) {
  if (!agent) return html`<li class="agent" />`; // has left; the others keep their places
  const { say, stateWord } = context;
  const level = agentLevel(agent);
  const limit = level && agent.break ? agent.break.until : null;
  const over = limit !== null && limit !== undefined && asOf(agent.node) > limit;
  return html`<li class="agent ${level || ""} ${isStale(agent.node) ? "stale" : ""}" data-agent=${agent.id}>
    ${level ? html`<${LevelShape} level=${level} label=${say(`level.${level}`)} />` : html`<${StateShape} state=${agent.state} />`}
    <span class="name cut" dir="auto">${agent.name || agent.id}</span>
    <span class="word cut fade" key=${agent.state}>${stateWord(agent.state)}</span>
    <span class="timer">${over ? "+" : ""}${duration(asOf(agent.node) - (over ? limit : agent.since))}</span>
  </li>`;
}
