/* The live calls, a line each: what it does, since when, by which queue, with whom, from and to, recorded, listened to. */

import { html } from "../draw/html.js";
import { PlainShape, StateShape } from "../draw/shapes.js";
import { DASH } from "../format.js";
import { Grid, rowProps } from "./grid.js";
import { fadeIn, Steady } from "./steady.js";
import { Timer } from "./timer.js";

const COLUMNS = ["shape", "state", "timer", "queue", "agent", "from", "to", "marks"];

export function Calls({ context, floor, ids, fits, cursor, chosen, isStale }) {
  const { say } = context;
  const columns = COLUMNS.map((name) => ({ name, word: name === "shape" ? "" : say(`column.${name}`) }));
  return html`<${Grid} table="calls" label=${say("tab.calls")} columns=${columns}>
    ${ids.map((id) => {
      const call = floor.calls.get(id);
      const agent = call ? floor.agents.get(call.agent) : undefined;
      const marks = { cursor: id === cursor, chosen: id === chosen, faded: !fits.has(id) };
      return html`<${CallRow} key=${id} ...${{ context, id, call, agent, stale: Boolean(call && isStale(call.node)), ...marks }} />`;
    })}
  <//>`;
}

class CallRow extends Steady {
  componentDidUpdate(before) {
    if (this.props.call && before.call && this.props.call.state !== before.call.state) fadeIn(this.element?.querySelector(".c-state"));
  }

  render({ context, id, call, agent, ...marks }) {
    if (!call) return html`<div ...${rowProps("calls", "call", id, { ...marks, faded: true })} />`; // has ended; the others stay
    const { word } = context;
    return html`<div ...${rowProps("calls", "call", id, marks)} ref=${this.keep}>
      <span class="c-shape" role="gridcell"><${StateShape} state=${call.state} /></span>
      <span class="c-state cut" role="gridcell">${word("state", call.state)}</span>
      <span class="c-timer" role="gridcell"><${Timer} since=${call.since} node=${call.node} /></span>
      <span class="c-queue cut" role="gridcell">${call.queue || DASH}</span>
      <span class="c-agent cut" role="gridcell"><span class="name" dir="auto">${agent ? agent.name || agent.id : call.agent || DASH}
        </span></span>
      <span class="c-from cut" role="gridcell">
        <span class="inhand" title=${word("direction", call.direction)}><${PlainShape} shape=${call.direction} /><span class="phone cut">
          ${call.caller || DASH}</span></span>
      </span>
      <span class="c-to phone cut" role="gridcell">${call.callee || DASH}</span>
      <span class="c-marks" role="gridcell"><${CallMarks} ...${{ context, call }} /></span>
    </div>`;
  }
}

/* A shape each, with its word for whoever does not see it. */
export function CallMarks({ context: { say }, call }) {
  return [call.silent ? "silent" : call.recorded ? "recorded" : "", call.spied ? "spied" : ""]
    .filter(Boolean)
    .map((mark) => html`<span key=${mark} class="mark" title=${say(`mark.${mark}`)}><${PlainShape} shape=${mark} /><span class="unseen">
      ${say(`mark.${mark}`)}</span></span>`);
}
