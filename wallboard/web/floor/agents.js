/* The agents, a line each: shape, name, state, timer, queues, call, answered. */

import { html } from "../draw/html.js";
import { LevelShape, PlainShape, StateShape } from "../draw/shapes.js";
import { count } from "../format.js";
import { agentLevel } from "../urgency.js";
import { Grid, rowProps } from "./grid.js";
import { fadeIn, Steady } from "./steady.js";
import { Timer } from "./timer.js";

const COLUMNS = ["shape", "name", "state", "timer", "queues", "call", "answered", "menu"];

const WORDLESS = new Set(["shape", "menu"]);

/* ids: in their places; fits: the ids that fit the filters now; cursor: the row that has the tab stop; may: whether there
is anything to order. */
export function Agents({ context, floor, ids, fits, cursor, chosen, selected, isStale, may }) {
  const { say } = context;
  const columns = COLUMNS.map((name) => ({ name, word: WORDLESS.has(name) ? "" : say(`column.${name}`) }));
  return html`<${Grid} table="agents" label=${say("tab.agents")} columns=${columns} many=${true}>
    ${ids.map((id) => {
      const agent = floor.agents.get(id);
      const call = agent ? floor.calls.get(agent.call) : undefined;
      const marks = { cursor: id === cursor, chosen: id === chosen, selected: selected.has(id), faded: !fits.has(id) };
      return html`<${AgentRow} key=${id} ...${{ context, id, agent, call, may, stale: Boolean(agent && isStale(agent.node)),
        ...marks }} />`;
    })}
  <//>`;
}

class AgentRow extends Steady {
  componentDidUpdate(before) {
    if (this.props.agent && before.agent && this.props.agent.state !== before.agent.state) fadeIn(this.element?.querySelector(".c-state"));
  }

  render({ context, id, agent, call, may, ...marks }) {
    if (!agent) return html`<div ...${rowProps("agents", "agent", id, { ...marks, faded: true })} />`; // has left; the others stay
    const { say, word } = context;
    const level = agentLevel(agent);
    return html`<div ...${rowProps("agents", "agent", id, { ...marks, level })} ref=${this.keep}>
      <span class="c-shape" role="gridcell">
        ${level ? html`<${LevelShape} level=${level} label=${say(`level.${level}`)} />` : html`<${StateShape} state=${agent.state} />`}
      </span>
      <span class="c-name cut" role="gridcell"><span class="name" dir="auto">${agent.name || agent.id}</span>${" "}<small>${agent.id}
        </small></span>
      <span class="c-state cut" role="gridcell">${word("state", agent.state)}${marksOf(agent).map((mark) => html`<small key=${mark}
        title=${say(`mark.${mark}`)}>${" "}${say(`mark.${mark}_short`)}</small>`)}</span>
      <span class="c-timer" role="gridcell">
        <${Timer} since=${agent.since} limit=${level && agent.break ? agent.break.until : null} node=${agent.node} />
      </span>
      <span class="c-queues cut" role="gridcell">${agent.team ? html`<b>${agent.team}</b>${" "}` : null}${agent.queues.join(", ")}</span>
      <span class="c-call cut" role="gridcell">${call ? html`<${CallInHand} ...${{ context, call }} />` : null}</span>
      <span class="c-answered" role="gridcell">
        <span class="figure" tabindex="-1" data-act="why" data-number="answered" data-kind="agent" data-id=${id}>${count(agent.answered)}
          </span>
      </span>
      <span class="c-menu" role="gridcell">${may ? html`<button type="button" class="icon" tabindex="-1" data-stop data-act="row_menu"
        data-id=${id} aria-haspopup="menu" aria-label=${say("console.menu_of", { name: agent.name || id })}>⋯</button>` : null}</span>
    </div>`;
  }
}

/* What the state alone does not say: paused though nobody granted it, logs out after the call, has a break to take. */
function marksOf(agent) {
  const { stray, leaving } = agent;
  const phase = agent.break?.phase;
  return [...(stray ? ["stray"] : []), ...(leaving ? ["leaving"] : []), ...(phase === "waiting" || phase === "granted" ? [phase] : [])];
}

/* The other side's number as this reader may see it, and the queue that it came by. */
function CallInHand({ context, call }) {
  const number = call.direction === "inbound" ? call.caller : call.callee || call.caller;
  return html`<span class="inhand" title=${context.say(`direction.${call.direction}`)}>
    <${PlainShape} shape=${call.direction} /><span class="cut"><span class="phone">${number || ""}</span>
      ${call.queue ? html`${" "}<small>${call.queue}</small>` : null}</span>
  </span>`;
}
