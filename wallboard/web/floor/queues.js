/* The left column: whose floor, its queues, who is on a break, and the servers behind it all. */

import { html } from "../draw/html.js";
import { LevelShape, StateShape } from "../draw/shapes.js";
import { age, count, shareDown, DASH } from "../format.js";
import { ACT, WARN, levels } from "../urgency.js";
import { Alerts } from "./alerts.js";
import { Breaks } from "./breaks.js";
import { Grid, rowProps } from "./grid.js";
import { Meetings } from "./meetings.js";
import { Steady } from "./steady.js";
import { Timer } from "./timer.js";

const COLUMNS = ["name", "waiting", "longest", "service"];

export function Left({ context, floor, filters, at, cursor, asOf, isStale, ages, deeds, waitAt, runsMeetings, sure }) {
  return html`<nav class="left" aria-label=${context.say("floor.left")}>
    <${Queues} ...${{ context, floor, filters, at, cursor, asOf, isStale }} />
    <${Breaks} ...${{ context, floor, filters, stale: isStale(null), now: asOf(null), waitAt, mayGrant: deeds.includes("grant") }} />
    <${Alerts} ...${{ context, floor, at }} />
    <${Meetings} ...${{ context, floor, may: runsMeetings, sure }} />
    <${Nodes} ...${{ context, floor, at, isStale, ages }} />
  </nav>`;
}

function Queues({ context, floor, filters, at, cursor, asOf, isStale }) {
  const { say } = context;
  const queues = [...floor.queues.values()];
  const several = new Set(queues.map((queue) => queue.node)).size > 1;
  const columns = COLUMNS.map((name) => ({ name, word: say(`queues.${name}`) }));
  return html`<section class="panel">
    <${Grid} table="queues" label=${say("queues.title")} columns=${columns}>
      <${QueueRow} ...${{ context, id: "", name: say("queues.all"), row: floor.totals, node: null, cursor: cursor === "", chosen:
        at?.kind === "queue" && at.id === "" }}
        levels=${levelsText(floor.totals, asOf(null))} selected=${!filters.queue} stale=${isStale(null)} />
      ${queues.map((queue) => {
        const marks = { cursor: cursor === queue.id, chosen: at?.kind === "queue" && at.id === queue.id, selected: filters.queue ===
          queue.id };
        const of = { id: queue.id, name: several ? queue.id : queue.name, row: queue, node: queue.node, levels:
          levelsText(queue, asOf(queue.node)) };
        return html`<${QueueRow} key=${queue.id} ...${{ context, ...of, ...marks, stale: isStale(queue.node) }} />`;
      })}
    <//>
  </section>`;
}

/* Levels change with time, and a row is drawn again only when a property differs: so they go as one text. */
function levelsText(row, now) {
  const { waiting, longest, service } = levels(row, now);
  return [waiting, longest, service].map((level) => level || "").join(" ");
}

class QueueRow extends Steady {
  render({ context, id, name, row, node, levels: text, ...marks }) {
    const { say } = context;
    const [waiting, longest, service] = text.split(" ");
    const worst = [ACT, WARN].find((level) => [waiting, longest, service].includes(level));
    const cell = (number, level, content) => html`<span class="figure ${level}" tabindex="-1" data-act="why" data-number=${number}
      data-kind="queue" data-id=${id}>${content}</span>`;
    return html`<div ...${rowProps("queues", "queue", id, marks)}>
      <span class="c-name cut" role="gridcell">
        ${worst ? html`<${LevelShape} level=${worst} label=${say(`level.${worst}`)} />` : html`<span class="shape" />`}
          <span class="name cut" dir="auto">${name}</span>
      </span>
      <span class="c-waiting" role="gridcell">${cell("waiting", waiting, count(row.waiting))}</span>
      <span class="c-longest" role="gridcell">
        ${cell("longest_wait_s", longest, row.longest_wait_since === null ? DASH :
          html`<${Timer} since=${row.longest_wait_since} node=${node} />`)}</span>
      <span class="c-service" role="gridcell">${cell("service_level", service, shareDown(row.service_level))}</span>
    </div>`;
  }
}

function Nodes({ context, floor, at, isStale, ages }) {
  const { say, word } = context;
  return html`<section class="panel nodes">
    <h2>${say("nodes.title")}</h2>
    ${[...floor.nodes.values()].map((node) => {
      const chosen = at?.kind === "node" && at.id === node.node;
      const seconds = ages.get(node.node);
      return html`<button type="button" class="line" key=${node.node} data-act="inspect" data-kind="node" data-id=${node.node}
        aria-pressed=${String(chosen)}>
        <${StateShape} state=${node.link} /><span class="grow name cut" dir="auto">${node.node}</span>
        <span class=${isStale(node.node) ? "warn" : "quiet"}>
          ${word("link", node.link)} ${seconds === null ? DASH : say("head.age", { age: age(seconds) })}</span>
      </button>`;
    })}
  </section>`;
}
